/* SPDX-License-Identifier: ISC
 *
 * One column of a row group of a Parquet file, under construction: its pages so far, its
 * dictionary, its bounds.
 *
 *     [dictionary page] data page, data page, …        a data page for each row group
 *
 * A page's values are codes into the dictionary as long as values repeat themselves; from the first
 * page on where half are new, or there are too many, they are differences (64-bit integers) or
 * stand there plain. Source: the Apache Parquet project's parquet-format, Encodings.md.
 */
#ifndef SW_OUTPUT_PARQUET_COLUMN_H
#define SW_OUTPUT_PARQUET_COLUMN_H

#include "output/export_numbers.h"
#include "output/export_values.h"
#include "output/parquet_page.h"
#include "record/vector.h"

/* How values stand in the file; the numbers are those of parquet.thrift. */
enum sw_parquet_physical {
    SW_PARQUET_INT32 = 1,
    SW_PARQUET_INT64 = 2,
    SW_PARQUET_DOUBLE = 5,
    SW_PARQUET_BYTE_ARRAY = 6,
    SW_PARQUET_FIXED = 7, /* SW_PARQUET_FIXED_BYTES, the highest first */
};

enum {
    SW_PARQUET_FIXED_BYTES = 16,
    SW_PARQUET_BOUND_BYTES = 64, /* longer texts are no bounds */
};

enum sw_parquet_physical sw_parquet_physical(enum sw_type type, enum sw_written written);

/* What the columns share while a page is made; between two calls it holds nothing. */
struct sw_parquet_work {
    size_t rows;
    uint32_t *codes, *translation; /* each of `rows` elements, as the next two */
    int64_t *narrow;
    sw_int128 *wide;
    struct sw_close_numbers *close;
    struct sw_buffer levels, values;
    struct sw_gzip_member gzip;
};

/* Room for pages of this many rows; level is of their compression, 0: none. SW_SYSTEM: memory. Free with
 * sw_parquet_work_free, also after a failure; zero-initialize before. */
bool sw_parquet_work_open(struct sw_parquet_work *work, size_t rows, int level,
                          struct sw_error *error) SW_CHECKED;
void sw_parquet_work_free(struct sw_parquet_work *work);

struct sw_parquet_column {
    enum sw_type type;
    enum sw_written written;
    struct sw_buffer pages;         /* the data pages, headers and all */
    uint64_t raw_bytes;             /* of them, before compression */
    bool plain, delta;              /* encodings that a page has */
    bool compressed;                /* a page is */
    bool dictionary_closed;         /* no further page has codes */
    bool incompressible;            /* no further page without codes need be tried */
    uint32_t dictionary_count;      /* entries that pages have codes for */
    struct sw_number_codes numbers; /* the dictionary, or */
    struct sw_builder texts;        /* the one in this */
    uint64_t rows, nulls;
    bool bounded;   /* minimum and maximum, or least and most, are set */
    bool unbounded; /* a text was too long for a bound */
    sw_int128 minimum, maximum;
    struct sw_buffer least, most;
};

/* SW_SYSTEM: memory. Free with sw_parquet_column_free, also after a failure; zero-initialize
 * before. */
bool sw_parquet_column_open(struct sw_parquet_column *column, enum sw_type type,
                            enum sw_written written, struct sw_error *error) SW_CHECKED;
void sw_parquet_column_free(struct sw_parquet_column *column);

/* Adds a page of the vector's rows, at least one, which fit their type (sw_row_group_check).
 * SW_SYSTEM: memory. */
bool sw_parquet_column_add(struct sw_parquet_column *column, const struct sw_vector *vector,
                           struct sw_parquet_work *work, struct sw_error *error) SW_CHECKED;

/* Appends the dictionary page, or nothing where no page needs one, and adds to *raw_bytes its size
 * before compression. Where others are compressed it has to be; alone it is where that pays. */
bool sw_parquet_column_dictionary(struct sw_parquet_column *column, struct sw_parquet_work *work,
                                  struct sw_buffer *out, uint64_t *raw_bytes,
                                  struct sw_error *error) SW_CHECKED;

/* A number as the file has it (plain encoding): writes at most 16 bytes, returns how many. */
size_t sw_parquet_plain(unsigned char *to, sw_int128 value, enum sw_type type);

/* Forgets all rows: the next row group begins. */
void sw_parquet_column_reset(struct sw_parquet_column *column);

#endif
