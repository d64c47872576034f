/* SPDX-License-Identifier: ISC
 *
 * Writes a record stream: header, blocks, end mark (man 5 sw-record). Rows are collected in one builder per
 * column and leave as a block when `block_rows` are there, so memory does not grow with the stream.
 *
 *     if (!sw_writer_open(&writer, &output, &schema, 0, error)) return false;
 *     … sw_writer_gather(&writer, vectors, selected, count, error) …
 *     good = sw_writer_close(&writer, error) && sw_output_close(&output, error);
 *     sw_writer_free(&writer);
 */
#ifndef SW_STREAM_WRITER_H
#define SW_STREAM_WRITER_H

#include "files/output.h"
#include "encode/encode.h"
#include "stream/index.h"

/* Takes blocks in place of a stream: rows of vectors, one per column, which are there until it returns. */
struct sw_block_taker {
    bool (*take)(void *owner, const struct sw_vector *const *vectors, size_t rows,
                 struct sw_error *error);
    void *owner;
};

struct sw_writer {
    struct sw_output *output; /* not owned; NULL: the blocks are handed over to … */
    struct sw_block_taker taker;
    const struct sw_schema *schema; /* not owned; stays while the writer is used */
    size_t block_rows;
    /* A block ends early once it has so much text; set by prepare, may be lowered. */
    size_t text_limit_bytes;
    /* Its `small` and `level` are set between prepare and begin, if at all. */
    struct sw_encoder encoder;
    /* Set between prepare and begin: an index of the blocks stands in the end mark (man 5
     * sw-record, INDEX). */
    bool index;
    struct sw_builder *builders;       /* one per column */
    size_t rows;                       /* in the builders now */
    uint64_t total_rows, total_blocks; /* of the blocks so far */
    uint64_t all_rows;                 /* of the blocks of all streams that it wrote */
    uint64_t owed_rows;                /* taken in, and in no block yet */
    uint64_t *column_bytes;            /* per column: bytes written so far */
    struct sw_buffer block;            /* the encoded block */
    struct sw_buffer scratch;
    struct sw_index_writer indexed; /* where index is set: the blocks so far */
    uint64_t stream_bytes;          /* since the header, that included */
    uint64_t input_stream;          /* what sw_writer_follow was told last */
};

/* Writes the header. block_rows 0: a default that keeps a block's cells below 2^20. SW_SYSTEM on failure. A terminal is refused (SW_USAGE). */
bool sw_writer_open(struct sw_writer *writer, struct sw_output *output,
                    const struct sw_schema *schema, size_t block_rows,
                    struct sw_error *error) SW_CHECKED;

/* The same in two steps, for a stream that is written in several goes: prepare allocates and writes nothing; begin writes the header,
 * where a stream that was begun before is taken up again by setting total_rows and total_blocks to what it has. Between
 * goes, cut the block and point output at another one. */
bool sw_writer_prepare(struct sw_writer *writer, struct sw_output *output,
                       const struct sw_schema *schema, size_t block_rows,
                       struct sw_error *error) SW_CHECKED;
bool sw_writer_begin(struct sw_writer *writer, struct sw_error *error) SW_CHECKED;

/* The same without a stream: blocks are handed over as they are, the last one by sw_writer_close. SW_SYSTEM: memory. */
bool sw_writer_hand_over(struct sw_writer *writer, const struct sw_schema *schema,
                         struct sw_block_taker taker, struct sw_error *error) SW_CHECKED;

/* Rows that fit before a block is written; at least 1. */
size_t sw_writer_room(const struct sw_writer *writer);

/* After `count` (≤ room) rows were put at the end of every builder (vector.rows advanced): counts them and writes the
 * block when it is full or holds much text. */
bool sw_writer_added(struct sw_writer *writer, size_t count, struct sw_error *error) SW_CHECKED;

/* Appends rows of vectors, one per column in the schema's order: those in selected[0..count), or the first
 * `count` for NULL. Any count. */
bool sw_writer_gather(struct sw_writer *writer, const struct sw_vector *const *vectors,
                      const uint32_t *selected, size_t count, struct sw_error *error) SW_CHECKED;

/* Before rows that come from the input's stream of this number (sw_reader.streams): what a header says of the order holds in each
 * stream alone, so where this one says any, rows of several go into as many streams, one after the
 * other. */
bool sw_writer_follow(struct sw_writer *writer, uint64_t input_stream,
                      struct sw_error *error) SW_CHECKED;

/* Ends the stream, with rows or without, and begins another of the same kind after it. */
bool sw_writer_next(struct sw_writer *writer, struct sw_error *error) SW_CHECKED;

/* Ends the block under construction, if it has rows. */
bool sw_writer_cut(struct sw_writer *writer, struct sw_error *error) SW_CHECKED;

/* Gives back what encoding a large block left allocated, where that is more than keep_bytes a buffer; for many writers
 * side by side. */
void sw_writer_trim(struct sw_writer *writer, size_t keep_bytes);

/* The rows that stand in blocks, of all streams that it wrote, and in the one under construction. */
static inline uint64_t sw_writer_rows(const struct sw_writer *writer)
{
    return writer->all_rows + writer->rows;
}

/* The last block and the end mark. Does not close the output. SW_SYSTEM also where a row that was taken in has come into no block. */
bool sw_writer_close(struct sw_writer *writer, struct sw_error *error) SW_CHECKED;

void sw_writer_free(struct sw_writer *writer);

/* Whether blocks may have as many rows as --block-rows says. SW_USAGE: too many. */
bool sw_block_rows_check(int64_t rows, struct sw_error *error) SW_CHECKED;

#endif
