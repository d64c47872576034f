/* SPDX-License-Identifier: ISC
 *
 * The values of one column of a row group of a Parquet file, page by page, in order.
 *
 *     dictionary page?  data page, data page, …        each: header, levels (which are null), values
 *
 *     sw_parquet_chunk_begin(&chunk, &input, kind, part, rows);
 *     for each row: if (!sw_parquet_chunk_next(&chunk, &value, error)) …
 *     sw_parquet_chunk_free(&chunk);
 */
#ifndef SW_PARQUET_CHUNK_H
#define SW_PARQUET_CHUNK_H

#include "parquet/description.h"
#include "parquet/encodings.h"
#include "parquet/page.h"

enum {
    SW_PARQUET_PAGE_BYTES = 128 << 20, /* of a page at most, packed or not */
    SW_PARQUET_PAGE_VALUES = 1 << 22,
};

/* One of the two, by the column's type; or neither. */
struct sw_parquet_value {
    bool null;
    int64_t number;              /* of whole numbers and truths */
    struct sw_parquet_text text; /* of bytes; within the page */
};

/* Values as they were read of a page. */
struct sw_parquet_values {
    int64_t *numbers;
    struct sw_parquet_text *texts; /* one of the two */
    size_t count, capacity;
    struct sw_buffer bytes, whole; /* what the texts lie in */
};

/* Zero-initialize; between two row groups its memory stays. */
struct sw_parquet_chunk {
    struct sw_input *input;                    /* not owned */
    const struct sw_parquet_column_kind *kind; /* not owned */
    struct sw_parquet_part part;
    uint64_t at, left; /* of the pages: where the next one begins, values that have not come yet */
    struct sw_parquet_values dictionary, page;
    bool has_dictionary;
    uint32_t *levels, *codes; /* of the page at hand: room for each of its rows */
    int64_t *lengths, *shared;
    size_t room, texts_room;
    bool by_code;
    size_t rows, row, value; /* of the page: how many rows, the next one, and its value's place */
    struct sw_buffer packed;
};

/* The column of a row group of so many rows. SW_DATA: the column has another number of values, or
 * is packed in a way that is not read. */
bool sw_parquet_chunk_begin(struct sw_parquet_chunk *chunk, struct sw_input *input,
                            const struct sw_parquet_column_kind *kind,
                            const struct sw_parquet_part *part, uint64_t rows,
                            struct sw_error *error) SW_CHECKED;

/* The next row's value, until there were as many as the row group has rows. SW_DATA: what is there
 * is damaged, or in a way that is not read, which the message names; SW_SYSTEM: reading failed, no
 * memory. Messages lack their place. */
bool sw_parquet_chunk_next(struct sw_parquet_chunk *chunk, struct sw_parquet_value *value,
                           struct sw_error *error) SW_CHECKED;

void sw_parquet_chunk_free(struct sw_parquet_chunk *chunk);

#endif
