/* SPDX-License-Identifier: ISC
 *
 * Conditions on rows (man 7 sw-expression): `side == 1 && exchangeordertype in (64, 2048)`. A text
 * is compiled once, against the columns of a view, so that an unknown column or a clash of types is
 * found before the first row; then it is asked once a block. Comparisons with null are unknown, and
 * ! && || follow Kleene; a row is selected when the whole is true. Arithmetic is exact in 128 bits.
 *
 *     text ─▶ parse.c ─▶ tree ─▶ bind.c (types, constants) ─▶ prune.c (skip a block?) ─▶ evaluate.c (rows)
 *
 *     if (!sw_expression_compile(&expression, &view, "hour >= 10", share, error)) … sw_expression_point …
 *     for every block, after sw_view_begin: sw_expression_select(&expression, &view, selected, &count, error)
 */
#ifndef SW_EXPR_EXPRESSION_H
#define SW_EXPR_EXPRESSION_H

#include "view/view.h"

enum {
    SW_EXPRESSION_LENGTH = 1 << 20, /* bytes of text, at most */
    /* Operators or parentheses in one another, at most; && and || join any number. */
    SW_EXPRESSION_DEPTH = 200,
    SW_CARET_LENGTH = 160,
};

struct sw_node;
struct sw_level;

struct sw_expression {
    char *text;             /* a copy; NULL where selectors alone made the expression */
    struct sw_node *root;   /* NULL: every row */
    struct sw_node **nodes; /* all of them, to be freed */
    size_t node_count, node_capacity;
    struct sw_level **levels; /* scratch of the evaluator, one per depth */
    size_t level_count, level_capacity;
    uint64_t block; /* number of the block under evaluation */
    uint64_t rows;  /* rows of the blocks before it */
    bool has_place; /* the last failure lies at a byte of text */
    size_t error_at;
};

/* Compiles text. SW_USAGE: a syntax error, a name that is no column, types that clash, a limit
 * above; the line begins with "expression:N:", N the place in characters from 1. share_directory
 * holds sets/ (NULL: named sets are not found). On failure only sw_expression_point may be called
 * before sw_expression_free. */
bool sw_expression_compile(struct sw_expression *expression, struct sw_view *view, const char *text,
                           const char *share_directory, struct sw_error *error) SW_CHECKED;

/* Rows of the view's current block for which the expression is true: their numbers, ascending, in
 * selected (room for all rows of the block). SW_DATA: a number in it does not fit 128 bits, in a
 * row whose number (from 1, over the blocks seen) the line names. Every row of the block counts,
 * also one that another part of the condition rejects: so the outcome does not depend on blocks. */
bool sw_expression_select(struct sw_expression *expression, struct sw_view *view,
                          uint32_t *selected, size_t *count, struct sw_error *error) SW_CHECKED;

enum sw_match {
    SW_MATCH_NONE, /* no row of the block can be selected */
    SW_MATCH_SOME,
    SW_MATCH_ALL, /* every row of the block is selected */
};

/* What the directory of the reader's current block says, without a column being read. The view's
 * supplier is the reader. Where the answer is not SW_MATCH_SOME, sw_expression_select need not be
 * called. */
enum sw_match sw_expression_match(const struct sw_expression *expression, struct sw_view *view,
                                  const struct sw_reader *reader);

/* What is known of a block of rows before any column of it is read; columns are those of the view's
 * supplier. */
struct sw_known_block {
    void *owner;
    uint64_t rows;
    /* The least and the greatest value, which are there unless all are null, and the number of
     * nulls; false: not known, or a column of text. */
    bool (*bounds)(void *owner, int column, sw_int128 *minimum, sw_int128 *maximum,
                   uint64_t *nulls);
    /* All values there are, each once; valid until the next call; NULL: not known. May be NULL. */
    const int64_t *(*values)(void *owner, int column, size_t *count);
};

/* The same of rows that need not be a reader's. */
enum sw_match sw_expression_match_known(const struct sw_expression *expression,
                                        struct sw_view *view, const struct sw_known_block *block);

/* Lets the reader stop only at blocks that can hold rows for which the expression is true, as far as its ranges and lists of
 * stored numbers say; the others may be skipped unseen. Before the first block. SW_SYSTEM: memory. */
bool sw_expression_restrict(const struct sw_expression *expression, const struct sw_view *view,
                            struct sw_reader *reader, struct sw_error *error) SW_CHECKED;

/* The part of the text around the last failure, and a caret for the line below it. */
struct sw_caret {
    char text[SW_CARET_LENGTH], mark[SW_CARET_LENGTH];
};

/* False when the last failure has no place in the text. */
bool sw_expression_point(const struct sw_expression *expression, struct sw_caret *caret);

/* Harmless on a zero-initialized one. */
void sw_expression_free(struct sw_expression *expression);

#endif
