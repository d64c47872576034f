/* SPDX-License-Identifier: ISC
 *
 * Pages of a Parquet file: a header in Thrift, then the bytes, as a gzip member where that makes
 * them smaller. Source: the Apache Parquet project's parquet-format, README.md, Compression.md,
 * parquet.thrift (PageHeader; data pages are V2).
 */
#ifndef SW_OUTPUT_PARQUET_PAGE_H
#define SW_OUTPUT_PARQUET_PAGE_H

#include "files/gzip_member.h"

/* Numbers of parquet.thrift. */
enum sw_parquet_encoding {
    SW_PARQUET_PLAIN = 0,
    SW_PARQUET_RLE = 3,
    SW_PARQUET_DELTA = 5,
    SW_PARQUET_DICTIONARY = 8,
};

/* Bytes that are not owned. */
struct sw_span {
    const unsigned char *bytes;
    size_t length;
};

struct sw_parquet_page {
    enum sw_parquet_encoding encoding; /* of the values */
    size_t rows, nulls;
    struct sw_span levels, values;
};

/* Whether deflate is worth to be tried on so many bytes: codes and differences are packed, and it makes little of them. */
bool sw_page_is_worth_trying(enum sw_parquet_encoding encoding, size_t length);

/* Appends a data page, and adds to *raw_bytes its size before compression, header too. It is compressed where `compress`, the
 * level of gzip is not 0, and it loses at least an eighth, which *pays then tells. SW_SYSTEM: memory. */
bool sw_page_add(struct sw_buffer *out, const struct sw_parquet_page *page,
                 struct sw_gzip_member *gzip, bool compress, bool *pays, uint64_t *raw_bytes,
                 struct sw_error *error) SW_CHECKED;

/* Appends a dictionary page of `entries` plain values; gzip NULL: as they are. */
bool sw_page_add_dictionary(struct sw_buffer *out, struct sw_span values, size_t entries,
                            struct sw_gzip_member *gzip, uint64_t *raw_bytes,
                            struct sw_error *error) SW_CHECKED;

#endif
