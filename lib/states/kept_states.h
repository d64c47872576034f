/* SPDX-License-Identifier: ISC
 *
 * States of orders, any number of each, kept compactly as far as a bound of memory goes; then folded
 * to the last one of each order (sw-analysis(7)). For that they are divided by hash into buckets that fit
 * into caches, and each is folded as a block of events is. States can be folded again as events are:
 * the fold of folds is the fold of all.
 *
 *     blocks' selected rows ─▶ kept ─▶ buckets ─▶ fold ─▶ states
 *
 *     if (!sw_kept_open(&kept, &schema, file, memory_bytes, error)) …
 *     for every block: sw_kept_add(&kept, &block, rows, count, events, before, &taken, error)
 *     sw_kept_fold(&kept, 0, SW_KEPT_TAG_MAXIMUM, error) … kept.states[0..kept.state_count)
 *     sw_kept_reset(&kept, error) …
 *     sw_kept_free(&kept);
 */
#ifndef SW_STATES_KEPT_STATES_H
#define SW_STATES_KEPT_STATES_H

#include "states/event_block.h"
#include "sort/sort_run.h"

enum {
    SW_KEPT_BUCKETS = 256,      /* at most */
    SW_KEPT_BUCKET_ROWS = 1024, /* of one, at least, where there are several */
    SW_KEPT_TAG_SHIFT = 32,     /* a tag is what is above of a hash */
};

#define SW_KEPT_TAG_MAXIMUM UINT32_MAX

/* Columns of what is kept, after those of the events. */
enum sw_kept_extra {
    SW_KEPT_EVENTS, /* that went into the row */
    SW_KEPT_ROW,    /* its number among all that were read, from 0 */
    SW_KEPT_EXTRAS,
};

struct sw_kept_states {
    size_t columns; /* of the events */
    uint64_t memory_bytes;
    struct sw_schema schema; /* of what is kept */
    struct sw_sort_run run;
    uint32_t *tags; /* by row of the run */
    bool tracked;   /* set after opening: owner is wanted */
    /* Of the last fold: */
    uint32_t *states; /* rows of the run */
    uint64_t *events; /* that went into each of them */
    size_t state_count;
    size_t ends[SW_KEPT_BUCKETS]; /* by bucket, where its states end */
    size_t bucket_count;
    /* By row of the run: a later row of its order, or itself where it is the state. */
    uint32_t *owner;
    uint32_t failed; /* row of the run that SW_DATA is about */
    /* The rest is the module's own. */
    struct sw_event_block bucket;
    struct sw_sort_run_block keys, all; /* of some rows the columns that tell orders, and all */
    struct sw_vector extra[SW_KEPT_EXTRAS];
    const struct sw_vector **vectors;
    uint32_t *places, *rows, *spare_rows, *spare_tags;
    int64_t *weights;
    size_t place_capacity, tag_capacity, spare_tag_capacity, state_capacity, event_capacity,
        owner_capacity;
};

/* Zero-initialize before; free in any case. `file` is for messages. Outcomes as
 * sw_event_block_open. */
bool sw_kept_open(struct sw_kept_states *kept, const struct sw_schema *events, const char *file,
                  uint64_t memory_bytes, struct sw_error *error) SW_CHECKED;
void sw_kept_free(struct sw_kept_states *kept);

/* Keeps rows of a block that has their hashes. events[row] says how many events went into a row;
 * before: how many rows were read ahead of the block. *taken is false, and nothing was added, where
 * the memory does not reach for them, which it does for one block, however large it is. */
bool sw_kept_add(struct sw_kept_states *kept, const struct sw_event_block *block,
                 const uint32_t *rows, size_t count, const int64_t *events, uint64_t before,
                 bool *taken, struct sw_error *error) SW_CHECKED;

/* Folds all that is kept, whose tags lie from low to high. SW_DATA: a side or a participant that
 * changes, the message begins with the order; SW_SYSTEM: memory. */
bool sw_kept_fold(struct sw_kept_states *kept, uint32_t low, uint32_t high,
                  struct sw_error *error) SW_CHECKED;

/* A number that is kept with a row of the run. */
static inline uint64_t sw_kept_extra_of(const struct sw_kept_states *kept, enum sw_kept_extra extra,
                                        size_t row)
{
    const struct sw_sort_run_column *column = &kept->run.columns[kept->columns + extra];
    return (uint64_t)column->low + (uint64_t)sw_sort_run_distance(column, row);
}

/* The row that is the state of a row's order. */
static inline uint32_t sw_kept_state_of(const struct sw_kept_states *kept, uint32_t row)
{
    while (kept->owner[row] != row) row = kept->owner[row];
    return row;
}

/* Forgets all rows. SW_SYSTEM: memory. */
bool sw_kept_reset(struct sw_kept_states *kept, struct sw_error *error) SW_CHECKED;

#endif
