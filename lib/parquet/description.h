/* SPDX-License-Identifier: ISC
 *
 * What the end of a Parquet file says of it: its columns, its row groups, and where each column of
 * each row group lies. Checked before use; the bytes may be anybody's. Source: the Apache Parquet
 * project's parquet-format, README.md, LogicalTypes.md, parquet.thrift.
 *
 *     if (!sw_parquet_describe(&description, &input, error)) return false;
 *     … description.columns, description.groups …
 *     sw_parquet_description_free(&description);
 */
#ifndef SW_PARQUET_DESCRIPTION_H
#define SW_PARQUET_DESCRIPTION_H

#include "base/bytes.h"
#include "files/input.h"

enum {
    SW_PARQUET_FOOTER_MAXIMUM = 256 << 20, /* bytes of a description */
    SW_PARQUET_COLUMNS_MAXIMUM = 4096,
};

/* How values lie in the file; the numbers are those of parquet.thrift. */
enum sw_parquet_type {
    SW_TYPE_BOOLEAN = 0,
    SW_TYPE_INT32 = 1,
    SW_TYPE_INT64 = 2,
    SW_TYPE_INT96 = 3,
    SW_TYPE_FLOAT = 4,
    SW_TYPE_DOUBLE = 5,
    SW_TYPE_BYTES = 6,
    SW_TYPE_FIXED = 7,
};

/* What they mean. */
enum sw_parquet_kind {
    SW_KIND_UNREADABLE, /* for the reason that stands with it */
    SW_KIND_BOOLEAN,
    SW_KIND_INTEGER,
    SW_KIND_UNSIGNED,
    SW_KIND_DECIMAL,
    SW_KIND_DATE,
    SW_KIND_TIME,      /* of a day */
    SW_KIND_TIMESTAMP, /* an instant */
    SW_KIND_LOCAL,     /* a timestamp of a clock of nobody knows where */
    SW_KIND_TEXT,
    SW_KIND_UUID,
};

struct sw_parquet_column_kind {
    char *name;
    size_t leaf; /* its place among the columns of a row group */
    enum sw_parquet_type type;
    enum sw_parquet_kind kind;
    const char *reason; /* of what is unreadable; static */
    size_t width;       /* bytes of a value of SW_TYPE_FIXED */
    int scale;          /* of decimals */
    int64_t unit_ns;    /* of times and timestamps */
    bool optional;      /* there may be nulls */
};

/* A column of a row group. */
struct sw_parquet_part {
    int codec;
    uint64_t values, offset, bytes; /* of its pages, as they lie in the file */
};

struct sw_parquet_group {
    uint64_t rows;
    uint64_t offset;   /* of its first byte */
    size_t first_part; /* its columns are leaf_count parts from here on */
};

struct sw_parquet_description {
    struct sw_parquet_column_kind *columns; /* those of the table: what is nested is one of them */
    size_t column_count, column_capacity;
    size_t leaf_count;
    struct sw_parquet_group *groups;
    size_t group_count, group_capacity;
    struct sw_parquet_part *parts;
    size_t part_count, part_capacity;
    uint64_t rows;
};

/* Reads the description of a seekable input. SW_DATA, "FILE: Parquet: reason": it is truncated,
 * damaged, encrypted, of another shape than it says. SW_USAGE: the input cannot be sought in.
 * SW_SYSTEM: reading failed, no memory. Nothing is to be freed after a failure. */
bool sw_parquet_describe(struct sw_parquet_description *description, struct sw_input *input,
                         struct sw_error *error) SW_CHECKED;

void sw_parquet_description_free(struct sw_parquet_description *description);

#endif
