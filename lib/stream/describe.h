/* SPDX-License-Identifier: ISC
 *
 * What a stream holds, told from its headers and directories alone: columns, rows, blocks, stored bytes, bounds. Used by
 * sw-info. Reads no column.
 */
#ifndef SW_STREAM_DESCRIBE_H
#define SW_STREAM_DESCRIBE_H

#include "stream/reader.h"

struct sw_column_summary {
    uint64_t stored_bytes, raw_bytes, nulls, dictionary_entries;
    bool bounded; /* minimum and maximum are there: a column of numbers that is not all null */
    sw_int128 minimum, maximum;
};

struct sw_description {
    struct sw_column_summary *columns; /* one per column of the schema */
};

/* False with SW_SYSTEM: no memory. Free with sw_description_free. */
bool sw_description_init(struct sw_description *description, const struct sw_schema *schema,
                         struct sw_error *error) SW_CHECKED;
void sw_description_free(struct sw_description *description);

/* Adds the reader's current block. */
void sw_description_add(struct sw_description *description, const struct sw_reader *reader);

/* Append the whole as text for people, or as one JSON object (64-bit bounds and decimals as strings). The reader has reached its end. */
bool sw_description_text(const struct sw_description *description, const struct sw_reader *reader,
                         struct sw_buffer *out, struct sw_error *error) SW_CHECKED;
bool sw_description_json(const struct sw_description *description, const struct sw_reader *reader,
                         struct sw_buffer *out, struct sw_error *error) SW_CHECKED;

/* The same in parts, for who shows the columns as a table (output/text_table.h): the lines above them; from when to when the rows are,
 * in local time, which a narrow table has no room for (nothing where that is not known); the columns as lines of TSV, that with their
 * names first: column, type, nulls, minimum, maximum, bytes, times as local ones; the lines below, if any. */
bool sw_description_head(const struct sw_description *description, const struct sw_reader *reader,
                         struct sw_buffer *out, struct sw_error *error) SW_CHECKED;
bool sw_description_span(const struct sw_description *description, const struct sw_reader *reader,
                         struct sw_buffer *out, struct sw_error *error) SW_CHECKED;
bool sw_description_rows(const struct sw_description *description, const struct sw_reader *reader,
                         struct sw_buffer *out, struct sw_error *error) SW_CHECKED;
bool sw_description_tail(const struct sw_reader *reader, struct sw_buffer *out,
                         struct sw_error *error) SW_CHECKED;

/* The columns that sw_describe_block prints of every block, or sw_description_rows of every column, for a table of them. Free the schema.
 * SW_SYSTEM: memory. */
bool sw_describe_schema(struct sw_schema *schema, bool of_blocks,
                        struct sw_error *error) SW_CHECKED;

/* Append the line that heads, and the lines that list, the columns of each block, tab-separated: block, rows, column, encoding,
 * width, compressed, stored bytes, nulls, minimum, maximum (empty for text and where all is null). */
bool sw_describe_block_header(struct sw_buffer *out, struct sw_error *error) SW_CHECKED;
bool sw_describe_block(const struct sw_reader *reader, struct sw_buffer *out,
                       struct sw_error *error) SW_CHECKED;

#endif
