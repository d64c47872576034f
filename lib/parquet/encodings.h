/* SPDX-License-Identifier: ISC
 *
 * The values of a page of a Parquet file, from bytes that anybody may have written: runs, packed
 * bits, differences, lengths and prefixes. A function that returns false has found bytes that are
 * not enough, or are none of its encoding; nothing is read past the end. Source: the Apache Parquet
 * project's parquet-format, Encodings.md.
 */
#ifndef SW_PARQUET_ENCODINGS_H
#define SW_PARQUET_ENCODINGS_H

#include "base/bytes.h"

/* Bytes that are read, from `at` on. */
struct sw_parquet_bytes {
    const unsigned char *at, *end;
};

/* A value of a column of bytes; not owned. */
struct sw_parquet_text {
    const unsigned char *bytes;
    uint32_t length;
};

static inline size_t sw_parquet_left(const struct sw_parquet_bytes *bytes)
{
    return (size_t)(bytes->end - bytes->at);
}

/* Runs and packed bits (RLE, 3) of `width` bits, 0 to 32: writes `count` values. */
bool sw_runs_read(struct sw_parquet_bytes *bytes, unsigned width, uint32_t *values,
                  size_t count) SW_CHECKED;

/* Differences (DELTA_BINARY_PACKED, 5): writes `count` values, of `bits` 32 or 64, for these are
 * added up without a regard to overflow. There are to be as many, not more. */
bool sw_differences_read(struct sw_parquet_bytes *bytes, int bits, int64_t *values,
                         size_t count) SW_CHECKED;

/* Plain whole numbers of 4 or 8 bytes. */
bool sw_plain_numbers_read(struct sw_parquet_bytes *bytes, size_t width, int64_t *values,
                           size_t count) SW_CHECKED;

/* Plain bytes, each with its length before it; or, with a width, without. They stay where they
 * are. */
bool sw_plain_texts_read(struct sw_parquet_bytes *bytes, size_t width,
                         struct sw_parquet_text *texts, size_t count) SW_CHECKED;

/* Lengths as differences, then the bytes (DELTA_LENGTH_BYTE_ARRAY, 6). lengths: room for `count`. */
bool sw_texts_by_length_read(struct sw_parquet_bytes *bytes, int64_t *lengths,
                             struct sw_parquet_text *texts, size_t count) SW_CHECKED;

/* What each shares with the one before it, then the rest (DELTA_BYTE_ARRAY, 7): they are put
 * together in `whole`, at most `most` bytes. shared, lengths: room for `count`. SW_SYSTEM: no
 * memory; false without an error: as above. */
bool sw_texts_by_prefix_read(struct sw_parquet_bytes *bytes, int64_t *shared, int64_t *lengths,
                             struct sw_parquet_text *texts, size_t count, struct sw_buffer *whole,
                             size_t most, struct sw_error *error) SW_CHECKED;

/* Numbers of 4 or 8 bytes, or values of `width` bytes, whose first bytes come all together, then all their second ones, and so on
 * (BYTE_STREAM_SPLIT, 9). Values are put together in `whole`. SW_SYSTEM: no memory; false without an error: as above. */
bool sw_split_numbers_read(struct sw_parquet_bytes *bytes, size_t width, int64_t *values,
                           size_t count) SW_CHECKED;
bool sw_split_texts_read(struct sw_parquet_bytes *bytes, size_t width,
                         struct sw_parquet_text *texts, size_t count, struct sw_buffer *whole,
                         struct sw_error *error) SW_CHECKED;

#endif
