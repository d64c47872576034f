/* SPDX-License-Identifier: ISC
 *
 * One column of a block as bytes, and back: constant, frame of reference in whole bytes, dictionary; each optionally
 * a zlib stream. Layouts are in man 5 sw-record.
 */
#ifndef SW_RECORD_ENCODE_H
#define SW_RECORD_ENCODE_H

#include "record/format.h"
#include "record/vector.h"

/* Bytes readable behind any buffer that is decoded, since values are fetched eight bytes at a time. */
enum { SW_DECODE_SLACK = 8 };

/* Appends the first `rows` (at least 1) values of a vector to out, its length a multiple of 8 before and after, and fills the entry.
 * level: zlib's, 0 for none; a column that zlib does not make smaller is stored plain. scratch is used in between. */
bool sw_encode_column(struct sw_buffer *out, const struct sw_vector *vector, size_t rows, int level,
                      struct sw_buffer *scratch, struct sw_entry *entry,
                      struct sw_error *error) SW_CHECKED;

/* Arrays that decoded values go to; the caller owns them and sizes them with the two functions below. */
struct sw_decoded {
    uint64_t *valid;            /* (rows + 63) / 64 words */
    void *values;               /* rows × sw_decoded_width bytes */
    struct sw_text *dictionary; /* entry.dictionary_size texts, pointing into the bytes */
};

/* Bytes of a value in memory: 8, or 16 when the entry's bounds need it, or 4 for text's codes. */
size_t sw_decoded_width(const struct sw_entry *entry, enum sw_type type);

/* Decodes raw (decompressed, verified) bytes with SW_DECODE_SLACK behind them into the arrays and points *vector at them. False (no error set)
 * when the bytes contradict the entry. */
bool sw_decode_column(const unsigned char *raw, const struct sw_entry *entry, enum sw_type type,
                      int scale, size_t rows, const struct sw_decoded *to,
                      struct sw_vector *vector) SW_CHECKED;

/* Decompresses stored bytes to exactly raw_length bytes. False (no error set) when they are not a zlib stream of that length. */
bool sw_decompress(const unsigned char *stored, size_t stored_length, unsigned char *raw,
                   size_t raw_length) SW_CHECKED;

#endif
