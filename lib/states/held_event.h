/* SPDX-License-Identifier: ISC
 *
 * The state of an order that is read event by event, block after block, sorted by security, order and
 * timestamp: which of two events of one moment is the later one (sw-analysis(7)), and a copy of an
 * event that outlives its block. What goes through sorted events has its last states from here:
 * classifying, and the dark book; what folds unsorted ones asks sw_event_is_later
 * (states/event_block.h), as this does.
 *
 *     if (!sw_held_event_open(&held, schema, columns, error)) …
 *     state = {vectors, row}; for later rows of the same time: sw_event_prefer(…, &state, row, error)
 *     before the next block: sw_held_event_keep(&held, &state, error)
 *     sw_held_event_free(&held);
 */
#ifndef SW_STATES_HELD_EVENT_H
#define SW_STATES_HELD_EVENT_H

#include "states/state_columns.h"
#include "stream/reader.h"

/* Columns of one event. */
struct sw_held_event {
    size_t column_count;
    struct sw_builder *builders;      /* per column; without memory where it is not held */
    const struct sw_vector **vectors; /* NULL where not held */
};

/* Holds the columns that are marked, one per column of the schema. SW_SYSTEM: memory.
 * Zero-initialize before; free in any case. */
bool sw_held_event_open(struct sw_held_event *held, const struct sw_schema *schema,
                        const bool *columns, struct sw_error *error) SW_CHECKED;
void sw_held_event_free(struct sw_held_event *held);

/* Copies the row, unless it is the copy already, and makes *state that copy. SW_SYSTEM: memory. */
bool sw_held_event_keep(struct sw_held_event *held, struct sw_row *state,
                        struct sw_error *error) SW_CHECKED;

/* Reads the columns of the ties that the block's vectors lack. Outcomes as sw_reader_vector. */
bool sw_event_load_ties(struct sw_reader *reader, const struct sw_vector **vectors,
                        const struct sw_sort_key *ties, size_t tie_count,
                        struct sw_error *error) SW_CHECKED;

/* Of an event and a row of the block at hand, of one order and timestamp, the event ahead of the row
 * in the stream: makes *state the later one. The ties are those of sw_state_ties; but for the first,
 * which is the sequence and was read, their columns are read only where it does not tell. Outcomes
 * as sw_reader_vector. */
bool sw_event_prefer(struct sw_reader *reader, const struct sw_vector **vectors,
                     const struct sw_sort_key *ties, size_t tie_count, struct sw_row *state,
                     size_t row, struct sw_error *error) SW_CHECKED;

#endif
