/* SPDX-License-Identifier: ISC
 *
 * The last state of every order among events that come in any order (DESIGN 5), as far as a bound
 * of memory goes. Rows are kept as compactly as a sort keeps them, and a table finds the order of
 * each; where the memory is used up the caller puts the states elsewhere and begins anew. States
 * can be folded again as events are: the fold of folds is the fold of all.
 *
 *     events ─▶ rows kept ─▶ table by security and order ─▶ of each order the row that is last
 *
 *     if (!sw_order_states_open(&states, &schema, file, memory_bytes, error)) …
 *     for every block: sw_event_block_begin(&states.block, …)
 *                      sw_order_states_add(&states, selected, events, from, count, &taken, …)
 *     … states.orders[0..states.order_count), sw_order_states_gather …
 *     sw_order_states_free(&states);
 */
#ifndef SW_MARKET_ORDER_STATES_H
#define SW_MARKET_ORDER_STATES_H

#include "base/pages.h"
#include "market/event_block.h"
#include "sort/sort_run.h"

enum { SW_STATE_PIECE_ROWS = 16384 }; /* of one sw_order_states_add, at most */

/* An order, and where its last state is. */
struct sw_order_state {
    uint64_t hash;   /* of security and order, the same in every process */
    uint64_t order;  /* the order_id, or what stands for one that is no whole number */
    int64_t time_ns; /* of the state */
    uint64_t fixed;  /* side and participant as one number, or SW_STATE_NOT_FIXED */
    uint64_t events; /* that the order has */
    uint32_t row;    /* of the state among those kept */
};

#define SW_STATE_NOT_FIXED UINT64_MAX

struct sw_order_states {
    const struct sw_schema *schema; /* of the rows; not owned */
    struct sw_event_block block;    /* on its way in */
    uint64_t memory_bytes;
    struct sw_sort_run run;
    struct sw_order_state *orders; /* in the order in which they were first seen */
    size_t order_count;
    bool tracked;       /* set after opening: which order each row is of is wanted */
    uint32_t *order_of; /* by row kept: its order, where that is wanted */
    struct sw_pages order_pages, row_pages, slot_pages;
    size_t slot_count;
    struct sw_state_clash { /* two rows of an order that cannot both be */
        int column;
        size_t before; /* row kept */
    } clash;
};

/* Zero-initialize before; free in any case. The schema stays while the states are used. Outcomes as
 * sw_event_block_open. */
bool sw_order_states_open(struct sw_order_states *states, const struct sw_schema *schema,
                          const char *file, uint64_t memory_bytes,
                          struct sw_error *error) SW_CHECKED;

/* Adds rows of the block that was begun: those in selected[0..count), or count from row `from` on for
 * NULL; events[i] says of how many events the i-th is the last, NULL: of one. *taken is false, and
 * nothing was added, where the memory does not reach for them. SW_DATA: a side or participant that
 * changes: the message begins with the order, and *place is the row of the block. */
bool sw_order_states_add(struct sw_order_states *states, const uint32_t *selected,
                         const uint64_t *events, size_t from, size_t count, bool *taken,
                         size_t *place, struct sw_error *error) SW_CHECKED;

/* Forgets all rows. SW_SYSTEM: memory. */
bool sw_order_states_reset(struct sw_order_states *states, struct sw_error *error) SW_CHECKED;

void sw_order_states_free(struct sw_order_states *states);

#endif
