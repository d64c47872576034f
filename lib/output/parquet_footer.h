/* SPDX-License-Identifier: ISC
 *
 * The metadata of a Parquet file: what its columns are, where a row group's columns stand and what
 * bounds them, and the footer that says it all. Source: the Apache Parquet project's
 * parquet-format, LogicalTypes.md and parquet.thrift (FileMetaData).
 */
#ifndef SW_OUTPUT_PARQUET_FOOTER_H
#define SW_OUTPUT_PARQUET_FOOTER_H

#include "output/parquet_column.h"

/* Where a column of a row group stands in the file. */
struct sw_parquet_place {
    uint64_t offset;            /* of its first page */
    uint64_t dictionary_length; /* of the dictionary page that it begins with; 0: none */
    uint64_t length;            /* of all pages */
    uint64_t raw_length;        /* the same before compression */
};

/* Appends a RowGroup of `rows` rows. SW_SYSTEM: memory. */
bool sw_parquet_put_group(struct sw_buffer *out, const struct sw_schema *schema,
                          const struct sw_parquet_column *columns,
                          const struct sw_parquet_place *places, uint64_t rows,
                          struct sw_error *error) SW_CHECKED;

/* What all files of the same columns have in common: the FileMetaData but for its rows and row groups. */
struct sw_parquet_footer {
    struct sw_buffer head, tail;
};

/* SW_SYSTEM: memory. Zero-initialize before; free with sw_parquet_footer_free, also after a failure. */
bool sw_parquet_footer_open(struct sw_parquet_footer *footer, const struct sw_schema *schema,
                            const enum sw_written *written, struct sw_error *error) SW_CHECKED;
void sw_parquet_footer_free(struct sw_parquet_footer *footer);

/* Appends the FileMetaData around `group_count` RowGroups that stand in groups. SW_SYSTEM: memory.
 */
bool sw_parquet_put_footer(struct sw_buffer *out, const struct sw_parquet_footer *footer,
                           uint64_t rows, const struct sw_buffer *groups, size_t group_count,
                           struct sw_error *error) SW_CHECKED;

#endif
