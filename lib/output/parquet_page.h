/* SPDX-License-Identifier: ISC
 *
 * Pages of a Parquet file: a header in Thrift, then the bytes, as a gzip member where that makes
 * them smaller. Source: the Apache Parquet project's parquet-format, README.md, Compression.md,
 * parquet.thrift (PageHeader; data pages are V2).
 */
#ifndef SW_OUTPUT_PARQUET_PAGE_H
#define SW_OUTPUT_PARQUET_PAGE_H

#include <zlib.h>

#include "base/bytes.h"

/* Numbers of parquet.thrift. */
enum sw_parquet_encoding {
    SW_PARQUET_PLAIN = 0,
    SW_PARQUET_RLE = 3,
    SW_PARQUET_DELTA = 5,
    SW_PARQUET_DICTIONARY = 8,
};

/* Compresses one run of bytes after another. */
struct sw_page_gzip {
    int level; /* zlib's; 0: nothing is compressed */
    bool open;
    z_stream stream;
    struct sw_buffer out;
};

/* SW_SYSTEM: memory. Free with sw_page_gzip_close, also after a failure; zero-initialize before. */
bool sw_page_gzip_open(struct sw_page_gzip *gzip, int level, struct sw_error *error) SW_CHECKED;
void sw_page_gzip_close(struct sw_page_gzip *gzip);

/* Bytes that are not owned. */
struct sw_span {
    const unsigned char *bytes;
    size_t length;
};

struct sw_page {
    enum sw_parquet_encoding encoding; /* of the values */
    size_t rows, nulls;
    struct sw_span levels, values;
};

/* Append a data page, and a dictionary page of `entries` plain values, and add to *raw_bytes their
 * size before compression, header too. A data page is compressed where `compress` and it loses at
 * least an eighth, which *pays then tells; a dictionary page always, unless the level is 0.
 * SW_SYSTEM: memory. */
bool sw_page_add(struct sw_buffer *out, const struct sw_page *page, struct sw_page_gzip *gzip,
                 bool compress, bool *pays, uint64_t *raw_bytes, struct sw_error *error) SW_CHECKED;
bool sw_page_add_dictionary(struct sw_buffer *out, struct sw_span values, size_t entries,
                            struct sw_page_gzip *gzip, uint64_t *raw_bytes,
                            struct sw_error *error) SW_CHECKED;

#endif
