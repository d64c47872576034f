/* SPDX-License-Identifier: ISC
 *
 * A merge join of two record streams that are sorted by the same keys, in constant memory: the rows
 * of the left one, in their order, that have a partner with the same key in the right one, or that
 * have none, or all of them; with columns of the partner after their own. A key stands once in the
 * right stream, and as often as it likes in the left. A key with a null in it has no partner, as in
 * SQL.
 *
 *     left   ─▶ key runs ─┐
 *                         ├─▶ rows of the left and, where columns are added, rows of the right ─▶ writer
 *     right  ─▶ key runs ─┘
 *
 *     if (!sw_join_open(&join, &left, &right_view, &settings, error)) …
 *     if (!sw_writer_open(&writer, &output, &join.schema, 0, error)) …
 *     good = sw_join_rows(&join, &writer, error) && sw_writer_close(&writer, error);
 *     sw_join_free(&join);
 */
#ifndef SW_SORT_MERGE_JOIN_H
#define SW_SORT_MERGE_JOIN_H

#include "program/tally.h"
#include "view/projection.h"
#include "sort/key_runs.h"
#include "stream/writer.h"

enum sw_join_kind {
    SW_JOIN_MATCHED,   /* the rows with a partner */
    SW_JOIN_UNMATCHED, /* those without */
    SW_JOIN_ALL,       /* all, the columns of a partner that is not there null */
};

struct sw_join_settings {
    enum sw_join_kind kind;
    const char *keys;    /* "COL[:desc],…", stored columns of both */
    const char *columns; /* of the right to add, stored or derived; NULL: none */
};

struct sw_join {
    enum sw_join_kind kind;
    struct sw_reader *left_reader, *right_reader; /* not owned */
    struct sw_view *right_view;                   /* over right_reader; not owned */
    struct sw_schema schema; /* of the result: the left's columns, then the added ones */
    uint64_t kept, rejected; /* rows of the left that were written, or passed over, so far */
    struct sw_key_runs left, right;
    struct sw_columns added;
    /* All columns of the left's block, once one of its rows is wanted. */
    const struct sw_vector **left_vectors;
    bool fetched;     /* whether they are there */
    size_t right_row; /* the first one not after the left's key */
    bool right_ended;
    uint32_t *left_rows, *right_rows; /* chosen rows that are not written yet, and their partners */
    size_t chosen;
    bool chosen_matched; /* whether those have partners */
};

/* SW_DATA where keys that stand beside each other in two schemas have other types, naming both files. */
bool sw_join_same_types(const struct sw_schema *left_keys, const char *left_file,
                        const struct sw_schema *right_keys, const char *right_file,
                        struct sw_error *error) SW_CHECKED;

/* The schema of a result: the left's columns as they are, and what is added to them. SW_USAGE where the left has a column of that
 * name. *schema is initialized by this. */
bool sw_join_schema(struct sw_schema *schema, const struct sw_schema *left, const char *left_file,
                    const struct sw_schema *added, struct sw_error *error) SW_CHECKED;

/* right is a view over right_reader; both readers were just opened. SW_USAGE for a key that one of
 * them lacks or a column to add that the left has already, naming it; SW_DATA where a key has
 * another type in the right. Zero-initialize before; free in any case. */
bool sw_join_open(struct sw_join *join, struct sw_reader *left, struct sw_reader *right_reader,
                  struct sw_view *right, const struct sw_join_settings *settings,
                  struct sw_error *error) SW_CHECKED;

/* Reads both streams to their ends and writes the result; the caller closes the writer. SW_DATA
 * where one is out of order or a key stands twice in the right, naming file, row and key. */
bool sw_join_rows(struct sw_join *join, struct sw_writer *writer,
                  struct sw_error *error) SW_CHECKED;

/* What became of the left's rows. */
struct sw_tally sw_join_tally(const struct sw_join *join);

void sw_join_free(struct sw_join *join);

#endif
