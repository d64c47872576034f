/* SPDX-License-Identifier: ISC
 *
 * A join with a table that is held in memory: the rows of the left, in their order, that have a partner with the same key there, or
 * that have none, or all of them; with columns of the partner after their own. Neither side is sorted by anything. A key stands once
 * in the table, and as often as it likes in the left. A key with a null in it has no partner, as in SQL. What sort/merge_join.h does
 * in constant memory for streams that are sorted alike, this does for any rows, in memory that grows with the table.
 *
 *     left   ─▶ key ─▶ place in the table ─▶ rows of both ─▶ writer
 *
 *     if (!sw_lookup_open(&lookup, &left, &right, &settings, error)) …   // then rows may begin to be read
 *     if (!sw_writer_open(&writer, &output, &lookup.schema, 0, error)) …
 *     good = sw_lookup_rows(&lookup, &writer, error) && sw_writer_close(&writer, error);
 *     sw_lookup_free(&lookup);
 */
#ifndef SW_SORT_LOOKUP_JOIN_H
#define SW_SORT_LOOKUP_JOIN_H

#include "sort/merge_join.h"

/* A side: its rows block by block, through a view that sees them. */
struct sw_join_side {
    struct sw_view *view;
    enum sw_step (*next)(void *owner, size_t *rows, struct sw_error *error);
    void *owner;
    const char *file;         /* for messages */
    struct sw_reader *reader; /* where the rows are records; else NULL */
};

/* Rows of the table: the added columns and the keys of a block of the right. */
struct sw_join_piece {
    struct sw_builder *builders;
    const struct sw_vector **vectors; /* the keys, then the added columns */
    size_t text_bytes;
};

struct sw_lookup {
    enum sw_join_kind kind;
    struct sw_join_side left, right; /* what they point to is not owned */
    struct sw_schema schema;         /* of the result: the left's columns, then the added ones */
    uint64_t read, kept, rejected;   /* rows of the left so far */
    struct sw_columns left_columns, left_keys, right_keys, added;
    struct sw_join_piece *pieces;
    size_t piece_count, piece_capacity;
    size_t text_bytes; /* of the piece that has most */
    uint64_t *slots;   /* open addressing: the place of a row, + 1; 0: none */
    size_t slot_count;
    uint64_t held, read_right; /* rows in the table, and all of the right */
    uint64_t *partners;        /* of the current block's rows: places + 1; 0: none */
    uint32_t *chosen;
};

/* What a key, "NAME=EXPRESSION" or a column, is called on a side with this schema: NAME alone where the side has such a column. In
 * `space`, of SW_VALUE_NAME and more bytes, which is as long as the list. */
void sw_join_key_of(const struct sw_schema *schema, const char *key, size_t length, char *space);

/* Asks both views for what is needed of them. Keys: "COL,…", where COL may be "NAME=EXPRESSION" and ":asc" or ":desc" after it says
 * nothing. Outcomes as sw_join_open. Zero-initialize before; free in any case. */
bool sw_lookup_open(struct sw_lookup *lookup, const struct sw_join_side *left,
                    const struct sw_join_side *right, const struct sw_join_settings *settings,
                    struct sw_error *error) SW_CHECKED;

/* Reads the right to its end, then the left, and writes the result; the caller closes the writer. SW_DATA where a key stands twice in
 * the right, naming file, row and key. */
bool sw_lookup_rows(struct sw_lookup *lookup, struct sw_writer *writer,
                    struct sw_error *error) SW_CHECKED;

/* What became of the left's rows. */
struct sw_tally sw_lookup_tally(const struct sw_lookup *lookup);

void sw_lookup_free(struct sw_lookup *lookup);

#endif
