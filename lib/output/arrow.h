/* SPDX-License-Identifier: ISC
 *
 * Writes Arrow IPC in one pass, as a stream or as a file. A stream: the schema, then for each row
 * group of rows the dictionaries of its texts and a record batch, then the end mark. A dictionary
 * replaces the one before it, so that memory does not grow with the stream.
 *
 *     schema, { { dictionary batch } record batch }, FF FF FF FF 00 00 00 00
 *     each: FF FF FF FF, length of the metadata in 4 bytes, metadata (a FlatBuffer), body
 *
 * A file may not replace a dictionary, so its texts are written out. After the end mark it says where
 * each batch is, which takes 24 bytes of memory a batch:
 *
 *     "ARROW1" 00 00, schema, { record batch }, FF FF FF FF 00 00 00 00, footer, its length in 4 bytes, "ARROW1"
 *
 * Where a batch ends depends on the rows alone, so the same rows make the same bytes.
 * Source: the Apache Arrow project's docs/source/format/Columnar.rst, format/Message.fbs,
 * format/Schema.fbs.
 *
 *     good = sw_arrow_open(&arrow, &output, &schema, error) &&
 *            … sw_arrow_rows(&arrow, vectors, rows, error) … && sw_arrow_close(&arrow, error);
 *     sw_arrow_free(&arrow);
 */
#ifndef SW_OUTPUT_ARROW_H
#define SW_OUTPUT_ARROW_H

#include "files/output.h"
#include "output/arrow_message.h"
#include "output/row_group.h"

/* Bytes that are not owned. */
struct sw_arrow_span {
    const void *bytes;
    size_t length;
};

struct sw_arrow {
    struct sw_output *output;       /* not owned */
    const struct sw_schema *schema; /* not owned */
    const enum sw_written *written; /* one per column, not owned */
    struct sw_row_group row_group;  /* the batch under construction */
    uint64_t rows;                  /* in the batches written */
    struct sw_buffer metadata;
    /* One per column: its values, where they are not what a vector holds. */
    struct sw_buffer *converted;
    struct sw_arrow_span *spans;   /* two per column: which rows have values, and the values */
    int64_t (*nodes)[2];           /* one per column: rows, nulls */
    int64_t (*places)[2];          /* one per span: where it stands in the body, and its length */
    size_t span_count;             /* of a record batch */
    bool file;                     /* not a stream */
    struct sw_arrow_block *blocks; /* of a file: where its batches are */
    size_t block_count, block_capacity;
};

/* Writes the schema, of a file or a stream. The output, the schema and `written` (one per column) stay while the writer is used. SW_DATA when a
 * column's name is not UTF-8; SW_USAGE: a terminal; SW_SYSTEM: memory, writing. Free with
 * sw_arrow_free, also after a failure; zero-initialize before. */
bool sw_arrow_open(struct sw_arrow *arrow, struct sw_output *output, const struct sw_schema *schema,
                   const enum sw_written *written, bool file, struct sw_error *error) SW_CHECKED;

/* After sw_arrow_close, and of none that failed: begins another file, or stream, of the same columns, in the output, which has been
 * opened anew. */
bool sw_arrow_again(struct sw_arrow *arrow, struct sw_error *error) SW_CHECKED;

/* Adds the rows from..end of vectors, one per column. SW_DATA, "row N: COLUMN: …", where a value
 * does not fit its type (output/row_group.h). */
bool sw_arrow_rows(struct sw_arrow *arrow, const struct sw_vector *const *vectors, size_t from,
                   size_t end, struct sw_error *error) SW_CHECKED;

/* The last batch and the end mark, of a file the footer too. Does not close the output. */
bool sw_arrow_close(struct sw_arrow *arrow, struct sw_error *error) SW_CHECKED;

void sw_arrow_free(struct sw_arrow *arrow);

#endif
