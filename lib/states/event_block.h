/* SPDX-License-Identifier: ISC
 *
 * A block of order events as every fold sees it (sw-analysis(7)): what tells one order from another and
 * one state of it from the next, by row; which of two events of an order is the later one; and the
 * block's own fold, the last event that it has of each order. Most events of a file in the order of
 * time stand in one block with the next of their order, so that most rows go no further than here.
 *
 *     block │ a b a c a b │ ─▶ selected: c a b, events: 1 3 2
 *
 *     if (!sw_event_block_open(&block, &schema, file, error)) …
 *     for every block: sw_event_block_begin(&block, vectors, rows, &place, error)
 *                      sw_event_block_fold(&block, &place, error) … block.selected, block.events
 *                      or sw_event_block_hash(&block) … block.hashes
 *     sw_event_block_free(&block);
 */
#ifndef SW_STATES_EVENT_BLOCK_H
#define SW_STATES_EVENT_BLOCK_H

#include "sort/sort_keys.h"

/* Columns that a fold looks at; -1: not there, but for the first three. */
struct sw_state_columns {
    int security, order, timestamp, side, participant, sequence;
};

/* What tells which of two states of one order and timestamp is the last: the sequence, then the
 * ties of sw-analysis(7), then all else; nothing where there is no sequence, and the row that comes later
 * is the last. *keys is allocated, the caller frees it. SW_SYSTEM: memory. */
bool sw_state_ties(const struct sw_schema *schema, int sequence, struct sw_sort_key **keys,
                   size_t *count, struct sw_error *error) SW_CHECKED;

struct sw_event_block {
    const struct sw_schema *schema; /* not owned */
    struct sw_state_columns columns;
    struct sw_sort_key *ties; /* of sw_state_ties */
    size_t tie_count;
    bool exact; /* hash and order together tell an order, whatever its security is */
    /* Of the block at hand: */
    const struct sw_vector *const *vectors; /* one per column */
    size_t rows;
    /* Of security and order, the same in every process; of selected or of all rows. */
    uint64_t *hashes;
    const uint64_t *orders; /* the order_id, or what stands for one that is no whole number */
    const int64_t *times;
    const int64_t *sequences; /* NULL where these are no plain numbers */
    const uint64_t *fixed;    /* side and participant as one number; NULL where they are none */
    /* Of its fold: */
    /* The last rows of the block's orders, ascending where the rows ascend in time. */
    uint32_t *selected;
    uint64_t *events; /* what went into each */
    size_t selected_count;
    bool tracked;                 /* set after opening: order_of is wanted */
    uint32_t *order_of;           /* by row, which of the selected rows is its order's */
    struct sw_event_space *space; /* arrays of the above where they are none of the vectors */
};

/* Zero-initialize before; free in any case. The schema stays while the block is used. SW_DATA
 * naming file and column: security_code, order_id or timestamp is not there, or no time; the rows are
 * no events of orders. SW_SYSTEM: memory. */
bool sw_event_block_open(struct sw_event_block *block, const struct sw_schema *schema,
                         const char *file, struct sw_error *error) SW_CHECKED;
void sw_event_block_free(struct sw_event_block *block);

/* Goes to a block; vectors, one per column of the schema, live until the next. SW_DATA: an event
 * without order, security or time; the message begins with the order, and *place is its row. */
bool sw_event_block_begin(struct sw_event_block *block, const struct sw_vector *const *vectors,
                          size_t rows, size_t *place, struct sw_error *error) SW_CHECKED;

/* Fills hashes, for every row, or for the selected ones at least. */
void sw_event_block_hash(struct sw_event_block *block);
void sw_event_block_hash_selected(struct sw_event_block *block);

/* Fills selected and events; weights says how many events each row
 * stands for, NULL: one. SW_DATA as above: a side or a participant that changes. */
bool sw_event_block_fold(struct sw_event_block *block, const int64_t *weights, size_t *place,
                         struct sw_error *error) SW_CHECKED;

/* The same of events that come in their order, where numbers tell all that is asked: it looks at the
 * columns of sw_state_columns alone. False: they are none, or something is wrong with them, and only
 * the above can tell. */
bool sw_event_block_fold_in_order(struct sw_event_block *block, const int64_t *weights) SW_CHECKED;

/* "order ID: COLUMN changes from VALUE to VALUE": SW_DATA. The order's id is in the later row. */
bool sw_event_fail_change(const char *column, const struct sw_vector *order_id,
                          const struct sw_vector *before, size_t row_before,
                          const struct sw_vector *after, size_t row_after,
                          struct sw_error *error) SW_CHECKED;

/* Of two events of one order and timestamp, whether the second, which comes after the first in the
 * data, is the later one. */
bool sw_event_is_later(const struct sw_sort_key *ties, size_t tie_count,
                       const struct sw_vector *const *before, size_t row_before,
                       const struct sw_vector *const *after, size_t row_after);

#endif
