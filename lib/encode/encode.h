/* SPDX-License-Identifier: ISC
 *
 * One column of a block as bytes, and back: constant, frame of reference in whole bytes,
 * dictionary, and, where asked for, the small encodings of encode/sequence.h; each optionally a
 * zlib stream. Layouts are in man 5 sw-record.
 */
#ifndef SW_ENCODE_ENCODE_H
#define SW_ENCODE_ENCODE_H

#include "record/format.h"
#include "encode/column_prediction.h"
#include "encode/sequence.h"
#include "record/vector.h"

/* Bytes readable after any buffer that is decoded, since values are fetched eight bytes at a time.
 */
enum { SW_DECODE_SLACK = 8 };

/* How columns are encoded, and what that needs in between. Zero-initialized it writes what
 * version 1.0 knows, uncompressed. Free with sw_encoder_free. */
struct sw_encoder {
    bool small; /* the smallest that there is, of version 1.1 too */
    int level;  /* zlib's, 0 for none; 1 is for texts only, packed numbers hardly shrink */
    struct sw_buffer candidate, compressed;
    struct sw_sequencer sequencer;
    struct sw_relations relations;
    /* Per column: of its numbers, and of corrections to what is predicted from others. */
    struct sw_cached_plan *cached_plans;
    size_t cached_plan_count;
    uint64_t *offsets;
    size_t offset_capacity;
    const struct sw_vector *const *vectors; /* of the block */
};

/* Before the columns of a block, if they may be told from each other: `vectors`, one per column,
 * stay until the last of them is encoded. SW_SYSTEM: memory. */
bool sw_encoder_begin(struct sw_encoder *encoder, const struct sw_vector *const *vectors,
                      size_t column_count, size_t rows, struct sw_error *error) SW_CHECKED;

/* Appends, for the column of this index, the first `rows` (at least 1) values of a vector to out,
 * its length a multiple of 8 before and after, and fills the entry but for its checksum. Where zlib
 * saves less than an eighth the column stays as it is. SW_DATA: too many bytes; SW_SYSTEM: memory.
 */
bool sw_encode_column(struct sw_encoder *encoder, struct sw_buffer *out, size_t index,
                      const struct sw_vector *vector, size_t rows, struct sw_entry *entry,
                      struct sw_error *error) SW_CHECKED;

/* Gives back buffers of more than keep_bytes. */
void sw_encoder_trim(struct sw_encoder *encoder, size_t keep_bytes);
void sw_encoder_free(struct sw_encoder *encoder);

/* Arrays that decoded values go to; the caller owns them and sizes them with the functions below.
 */
struct sw_decoded {
    uint64_t *valid;            /* (rows + 63) / 64 words */
    void *values;               /* (rows + 1) × sw_decoded_width bytes */
    struct sw_text *dictionary; /* entry.dictionary_size texts, pointing into the bytes */
    uint64_t *scratch;          /* sw_decoded_scratch words, free again afterwards */
};

/* Bytes of a value in memory: 8, or 16 when the entry's bounds need it, or 4 for text's codes. */
size_t sw_decoded_width(const struct sw_entry *entry, enum sw_type type);

/* What a column of a block unfolds to: its bytes before compression, 16 for each entry of its dictionary, the above for each row. Of
 * all columns of a block it is SW_BLOCK_MAXIMUM bytes at most; readers ask this before they make room. */
uint64_t sw_decoded_memory(const struct sw_entry *entry, enum sw_type type, size_t rows);

/* Words of scratch that decoding `rows` rows needs; 0 for what version 1.0 knows. */
size_t sw_decoded_scratch(const struct sw_entry *entry, size_t rows);

/* Decodes raw (decompressed, verified) bytes with SW_DECODE_SLACK after them into the arrays and
 * points *vector at them. False (no error set) when the bytes contradict the entry. */
bool sw_decode_column(const unsigned char *raw, const struct sw_entry *entry, enum sw_type type,
                      int scale, size_t rows, const struct sw_decoded *to,
                      struct sw_vector *vector) SW_CHECKED;

/* Whether sw_decode_rows can do it: numbers, all of which fit 64 bits. */
bool sw_decodes_rows(const struct sw_entry *entry, enum sw_type type);

/* The same as sw_decode_column for some of the block's `rows` rows, as a vector of `count` ≥ 1:
 * places are ascending. The arrays of `to` are for count rows, scratch holds sw_decode_rows_scratch words. The
 * others are passed over where that is possible, and so not checked. */
bool sw_decode_rows(const unsigned char *raw, const struct sw_entry *entry, enum sw_type type,
                    int scale, size_t rows, const uint32_t *places, size_t count,
                    const struct sw_decoded *to, struct sw_vector *vector) SW_CHECKED;
size_t sw_decode_rows_scratch(size_t rows, size_t count);

/* A text as a directory's bound: its first 16 bytes, filled up with zeros. */
sw_int128 sw_text_prefix(const struct sw_text *text);

/* Decompresses stored bytes to exactly raw_length bytes. False (no error set) when they are not a
 * zlib stream of that length. */
bool sw_decompress(const unsigned char *stored, size_t stored_length, unsigned char *raw,
                   size_t raw_length) SW_CHECKED;

#endif
