/* SPDX-License-Identifier: ISC
 *
 * Folds sorted order events to orders, one at a time: first state, last state, completion
 * (sw-analysis(7)). An order may go on over any number of blocks and files; memory is that of one block and two
 * held events.
 *
 *     if (!sw_fold_open(&fold, NULL, paths, count, error)) …
 *     while ((step = sw_fold_block(&fold, error)) == SW_ROWS)
 *         while ((step = sw_fold_order(&fold, &order, error)) == SW_ROWS) … order.first, order.last
 * … sw_fold_free(&fold);
 *
 *     block │ a a a b b c c │ c c d … │
 *             └─────┴───┴── folded from the block      c is held over: its first and its last event
 * so far
 */
#ifndef SW_MARKET_CLASSIFY_EVENTS_H
#define SW_MARKET_CLASSIFY_EVENTS_H

#include "states/held_event.h"

/* What all events of an order come to. */
struct sw_order_life {
    struct sw_row first, last; /* states; views of the current block or of what is held, until the
                                  next sw_fold_block */
    int64_t first_ns, last_ns; /* their timestamps */
    bool completed;            /* there was an event with leavesquantity 0 … */
    int64_t completion_ns;     /* … the latest at this time; else last_ns */
};

/* Where the rows of a file begin among all that were read. */
struct sw_event_file {
    const char *name;
    uint64_t rows_before;
};

struct sw_event_fold {
    struct sw_reader reader;
    struct sw_event_file *files; /* those that were begun */
    size_t file_count;
    const struct sw_schema *schema; /* of the events */
    int columns[SW_EVENT_COLUMNS];
    int sequence; /* -1: events of one timestamp count in the order they come in */
    struct sw_sort_key keys[SW_EVENT_COLUMNS];
    struct sw_sorted sorted;
    struct sw_sort_key *ties;
    size_t tie_count;
    bool *held_columns;               /* per column */
    const struct sw_vector **vectors; /* of the current block; NULL where not read yet */
    size_t rows, at;                  /* of the current block; where the next order begins */
    uint64_t folded;                  /* events that went into orders so far */
    uint32_t *begins;                 /* rows of the block where orders begin */
    size_t begin_count;
    bool open;                 /* an order of earlier blocks may go on */
    bool ended;                /* no blocks are left */
    struct sw_order_life life; /* of the open order; its states are held */
    struct sw_held_event first, last;
};

/* Opens the streams (none: standard input), or an input that is open already, the fold's from here on, where that is not NULL.
 * SW_DATA: a column that is needed is missing. Free the fold in any case; zero-initialize before. */
bool sw_fold_open(struct sw_event_fold *fold, const struct sw_input *input,
                  const char *const *paths, size_t count, struct sw_error *error) SW_CHECKED;

/* Goes to the next block, or after the last one, where the last order is still to be had. SW_END
 * after that. What was got of the last block is gone. SW_DATA with file and row: not sorted by
 * security_code, order_id, timestamp, sequence. */
enum sw_step sw_fold_block(struct sw_event_fold *fold, struct sw_error *error) SW_CHECKED;

/* The next order whose end is known. SW_END: go to the next block. SW_DATA with file, row and
 * order: an event without an order, a security or a timestamp, a side or a participant that
 * changes. */
enum sw_step sw_fold_order(struct sw_event_fold *fold, struct sw_order_life *life,
                           struct sw_error *error) SW_CHECKED;

/* The number of a row of the current block among all that were read, counted from 1. */
static inline uint64_t sw_fold_row_number(const struct sw_event_fold *fold, size_t row)
{
    return fold->reader.total_rows - fold->rows + row + 1;
}

void sw_fold_free(struct sw_event_fold *fold);

#endif
