/* SPDX-License-Identifier: ISC
 *
 * The text of a CSV, plain or packed (files/unpack.h), or what a Parquet file has as one
 * (parquet/text.h), in a
 * buffer that keeps what is not used up: a row that is cut by the end of the buffer is whole after
 * the next sw_source_fill. Knows lines only so far as it gives the last one the newline it may
 * lack.
 *
 *     base │ 128 spare │ used up │ text: start … end │ 128 spare │
 *
 *     while (… no whole row between start and end …)
 *         if (source.ended || !sw_source_fill(&source, error)) …
 */
#ifndef SW_CSV_SOURCE_H
#define SW_CSV_SOURCE_H

#include <stdint.h>

#include "files/unpack.h"
#include "parquet/text.h"

enum {
    SW_SOURCE_SPARE = 128, /* readable bytes before and after the text */
    SW_ROW_MAXIMUM = 16 << 20,
};

struct sw_source {
    struct sw_input input;
    char *base;
    size_t start, end; /* the text, as indices into base; the owner moves start on */
    size_t capacity;
    uint64_t origin; /* the offset in the text of base[0], modulo 2^64 */
    bool ended;      /* there is no more than what is in the buffer */
    bool completed;  /* the last line lacked its newline, and was given one */
    enum sw_packing packing;
    struct sw_unpack *unpack;          /* NULL: plain */
    struct sw_parquet_reader *parquet; /* NULL: none */
    uint64_t middle; /* not 0: offsets in the text are counted from that of this block of a gzip
                               * (files/gzip_text.h) */
    bool middle_known;
    uint64_t middle_text; /* then, where that lies in the whole text */
};

/* Opens path (NULL, "-": standard input). SW_DATA where the first bytes say that it is a record
 * stream. A UTF-8 byte order mark is stepped over by the first fill. */
bool sw_source_open(struct sw_source *source, const char *path, struct sw_error *error) SW_CHECKED;

/* The same for one input that is open already; it is the source's from here on, closed in any case. */
bool sw_source_open_input(struct sw_source *source, const struct sw_input *input,
                          struct sw_error *error) SW_CHECKED;

/* Reads more text after `end`; afterwards there is more, or `ended` is set. Indices change,
 * text[start..end) does not. A last line without a newline gets one. SW_SYSTEM: reading failed, no
 * memory; SW_DATA: the text begins like a file of another kind (files/foreign.h), what is packed is
 * truncated, damaged or followed by something else, or text[start..end) already has SW_ROW_MAXIMUM
 * bytes. */
bool sw_source_fill(struct sw_source *source, struct sw_error *error) SW_CHECKED;

/* Goes to an offset of a plain, seekable source; the buffer is empty then. */
bool sw_source_seek(struct sw_source *source, uint64_t offset, struct sw_error *error) SW_CHECKED;

/* Goes to a block of a gzip, whose text begins at `text`; with a middle, so counted. */
bool sw_source_seek_block(struct sw_source *source, uint64_t block, uint64_t text, uint64_t middle,
                          struct sw_error *error) SW_CHECKED;

/* The offset in the text (decompressed, for a gzip) of base[index]. */
static inline uint64_t sw_source_offset(const struct sw_source *source, size_t index)
{
    return source->origin + index;
}

/* Makes an offset one in the whole text, where it is counted from the middle of a gzip: goes through all blocks
 * before, so it is for messages. */
bool sw_source_place(struct sw_source *source, uint64_t *offset, struct sw_error *error) SW_CHECKED;

/* Whether places in the text are none in the file: it is packed, or a Parquet file. */
static inline bool sw_source_packed(const struct sw_source *source)
{
    return source->unpack || source->parquet;
}

/* The rows of some row groups of a Parquet file, with some columns: as sw_parquet_text_begin. */
bool sw_source_begin_groups(struct sw_source *source, size_t from, size_t to, const bool *wanted,
                            struct sw_error *error) SW_CHECKED;

void sw_source_close(struct sw_source *source);

#endif
