/* SPDX-License-Identifier: ISC
 *
 * One column of a block as bytes, before anything is compressed: its bounds, and the encoding that fits it.
 */
#ifndef SW_ENCODE_COLUMN_WRITE_H
#define SW_ENCODE_COLUMN_WRITE_H

#include "encode/encode.h"

struct sw_outgoing_column {
    const struct sw_vector *vector;
    size_t rows;
    unsigned granularity;               /* of its sequences */
    struct sw_cached_plan *cached_plan; /* of two, NULL: none */
    struct sw_relation relation;
};

/* Appends the column's bytes, a multiple of 8 of them, and fills the entry but for its checksum. SW_DATA: too many bytes;
 * SW_SYSTEM: memory. */
bool sw_column_write(struct sw_encoder *encoder, struct sw_buffer *out,
                     const struct sw_outgoing_column *column, struct sw_entry *entry,
                     struct sw_error *error) SW_CHECKED;

#endif
