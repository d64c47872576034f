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
 *     for every block: sw_order_states_add(&states, vectors, selected, count, &taken, error)
 *     … states.orders[0..states.order_count), sw_order_states_gather …
 *     sw_order_states_free(&states);
 */
#ifndef SW_MARKET_ORDER_STATES_H
#define SW_MARKET_ORDER_STATES_H

#include "base/pages.h"
#include "sort/sort_run.h"
#include "sort/sort_keys.h"

enum { SW_STATE_PIECE_ROWS = 4096 }; /* of one sw_order_states_add, at most */

/* An order, and where its last state is. */
struct sw_order_state {
    uint64_t hash;     /* of security and order, the same in every process */
    uint64_t order;    /* the order_id, or what stands for one that is no whole number */
    int64_t time_ns;   /* of the state */
    uint64_t sequence; /* its rank as far as 64 bits tell it */
    uint32_t row;      /* of the state among those kept */
    uint32_t rows;     /* that the order has among those kept */
};

/* Columns that the fold looks at; -1: not there, but for the first three. */
struct sw_state_columns {
    int security, order, timestamp, side, participant, sequence;
};

struct sw_order_states {
    const struct sw_schema *schema; /* of the rows; not owned */
    struct sw_state_columns columns;
    struct sw_sort_key *ties; /* after the timestamp: what tells which of two states is the last */
    size_t tie_count;
    uint64_t memory_bytes;
    struct sw_sort_run run;
    struct sw_order_state *orders; /* in the order in which they were first seen */
    size_t order_count;
    bool tracked;       /* set after opening: which order each row is of is wanted */
    uint32_t *order_of; /* by row kept: its order, where that is wanted */
    struct sw_pages order_pages, row_pages, slot_pages;
    size_t slot_count;
    struct sw_state_piece *piece; /* scratch */
    struct sw_state_clash {       /* two rows of an order that cannot both be */
        bool found;
        int column;
        size_t before, row; /* rows kept */
    } clash;
};

/* The columns of a schema. SW_DATA naming file and column: security_code, order_id or timestamp is
 * not there, or no time. */
bool sw_state_columns_find(const struct sw_schema *schema, const char *file,
                           struct sw_state_columns *columns, struct sw_error *error) SW_CHECKED;

/* What tells which of two states of one order and timestamp is the last: the sequence, then the
 * ties of DESIGN 5, then all else; nothing where there is no sequence, and the row that comes later
 * is the last. *keys is allocated, the caller frees it. SW_SYSTEM: memory. */
bool sw_state_ties(const struct sw_schema *schema, int sequence, struct sw_sort_key **keys,
                   size_t *count, struct sw_error *error) SW_CHECKED;

/* The hash of security and order, the same in every process, for each of the first rows of vectors,
 * one per column. */
void sw_state_hashes(const struct sw_state_columns *columns, const struct sw_vector *const *vectors,
                     size_t rows, uint64_t *hashes);

/* Zero-initialize before; free in any case. The schema stays while the states are used. Outcomes as
 * the first two above. */
bool sw_order_states_open(struct sw_order_states *states, const struct sw_schema *schema,
                          const char *file, uint64_t memory_bytes,
                          struct sw_error *error) SW_CHECKED;

/* Adds rows of vectors, one per column: those in selected[0..count), or count from row `from` on for
 * NULL; hashes are theirs, by row of the vectors. *taken is false, and nothing was added, where the
 * memory does not reach for them. SW_DATA: a null where none may be, or a side or participant that
 * changes: the message begins with the order, and *place is the row of the vectors. */
bool sw_order_states_add(struct sw_order_states *states, const struct sw_vector *const *vectors,
                         const uint64_t *hashes, const uint32_t *selected, size_t from,
                         size_t count, bool *taken, size_t *place,
                         struct sw_error *error) SW_CHECKED;

/* Forgets all rows. SW_SYSTEM: memory. */
bool sw_order_states_reset(struct sw_order_states *states, struct sw_error *error) SW_CHECKED;

void sw_order_states_free(struct sw_order_states *states);

#endif
