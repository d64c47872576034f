/* SPDX-License-Identifier: ISC
 *
 * The metadata of the messages in Arrow IPC, and the footer of a file (format/File.fbs). The dictionary of a column of text has the
 * column's index for its id. Source: the Apache Arrow project's format/Message.fbs and
 * format/Schema.fbs.
 */
#ifndef SW_OUTPUT_ARROW_MESSAGE_H
#define SW_OUTPUT_ARROW_MESSAGE_H

#include "base/bytes.h"
#include "output/export_values.h"
#include "record/schema.h"

/* What a record batch says of itself. */
struct sw_arrow_batch {
    int64_t rows;
    const int64_t (*nodes)[2]; /* per column: rows, nulls */
    size_t node_count;
    const int64_t (*places)[2]; /* per run of bytes in the body: where it stands, its length */
    size_t place_count;
    int64_t body_length;
};

/* Where a record batch is in a file. */
struct sw_arrow_block {
    int64_t offset, metadata_length,
        body_length; /* of its metadata, with the eight bytes before it */
};

/* Each makes `metadata` the FlatBuffer of a message, its length a multiple of eight. SW_SYSTEM:
 * memory. */
bool sw_arrow_put_schema(struct sw_buffer *metadata, const struct sw_schema *schema,
                         const enum sw_written *written, bool coded,
                         struct sw_error *error) SW_CHECKED; /* coded: texts by dictionaries */
bool sw_arrow_put_footer(struct sw_buffer *footer, const struct sw_schema *schema,
                         const enum sw_written *written, const struct sw_arrow_block *blocks,
                         size_t count, struct sw_error *error) SW_CHECKED;
bool sw_arrow_put_batch(struct sw_buffer *metadata, const struct sw_arrow_batch *batch,
                        struct sw_error *error) SW_CHECKED;
bool sw_arrow_put_dictionary(struct sw_buffer *metadata, size_t column,
                             const struct sw_arrow_batch *batch, struct sw_error *error) SW_CHECKED;

#endif
