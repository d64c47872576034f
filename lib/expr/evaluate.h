/* SPDX-License-Identifier: ISC
 *
 * What the two halves of the evaluator share: evaluate.c works out mask, arithmetic.c the numbers
 * that are compared. A block is taken in slices that fit the CPU's cache, whatever its size; each
 * depth of the tree has its scratch.
 */
#ifndef SW_EXPR_EVALUATE_H
#define SW_EXPR_EVALUATE_H

#include "expr/tree.h"

enum { SW_SLICE_ROWS = 2048 };

struct sw_level {
    sw_int128 numbers[SW_SLICE_ROWS];
    unsigned char nulls[SW_SLICE_ROWS]; /* 1: there is no number */
    unsigned char mask[SW_SLICE_ROWS];
};

struct sw_slice {
    struct sw_expression *expression;
    struct sw_view *view;
    size_t start, count; /* rows of the block */
    bool counted;        /* expression->rows is the number of rows before the block, for messages */
    /* The mask of a condition inside a value, with levels from `depth` on. */
    bool (*condition)(struct sw_slice *slice, struct sw_node *node, int depth, unsigned char *mask);
    struct sw_error *error;
};

/* The scratch of a depth; NULL with SW_SYSTEM: no memory. */
struct sw_level *sw_level_at(struct sw_slice *slice, int depth) SW_CHECKED;

/* The mask of a bound condition for the rows of the slice. SW_DATA where a number in it does not
 * fit 128 bits. */
bool sw_slice_mask(struct sw_slice *slice, struct sw_node *node, unsigned char *mask) SW_CHECKED;

/* Of a condition that sw_is_of_numbers: the mask of `count` numbers, none of which is null. */
void sw_numbers_mask(const struct sw_node *node, const int64_t *numbers, size_t count,
                     unsigned char *mask);

/* Whether a condition asks for nothing but the number of one column, which is *column then. */
bool sw_is_of_numbers(const struct sw_node *node, int *column);

/* Makes a slice able to work out values: sets its condition. */
void sw_slice_prepare(struct sw_slice *slice);

/* Works out a bound value of numbers, times or dates for the rows of the slice, into the level of
 * this depth; deeper levels are used on the way. SW_DATA where a result does not fit 128 bits. */
struct sw_level *sw_slice_numbers(struct sw_slice *slice, const struct sw_node *node,
                                  int depth) SW_CHECKED;

#endif
