/* SPDX-License-Identifier: ISC */
#include "states/held_event.h"

#include <stdlib.h>

#include "base/memory.h"
#include "states/event_block.h"

bool sw_held_event_open(struct sw_held_event *held, const struct sw_schema *schema,
                        const bool *columns, struct sw_error *error)
{
    held->column_count = schema->column_count;
    held->builders = sw_alloc(schema->column_count, sizeof *held->builders, error);
    held->vectors = sw_alloc(schema->column_count, sizeof *held->vectors, error);
    if (!held->builders || !held->vectors) return false;
    for (size_t i = 0; i < schema->column_count; i++) {
        const struct sw_column *column = &schema->columns[i];
        if (!columns[i]) continue;
        if (!sw_builder_init(&held->builders[i], column->type, column->scale, 1, error))
            return false;
        held->vectors[i] = &held->builders[i].vector;
    }
    return true;
}

void sw_held_event_free(struct sw_held_event *held)
{
    for (size_t i = 0; held->builders && i < held->column_count; i++)
        sw_builder_free(&held->builders[i]);
    free(held->builders);
    free(held->vectors);
    *held = (struct sw_held_event){0};
}

bool sw_held_event_keep(struct sw_held_event *held, struct sw_row *state, struct sw_error *error)
{
    const uint32_t row = (uint32_t)state->row;
    if (state->vectors == held->vectors) return true;
    for (size_t i = 0; i < held->column_count; i++) {
        if (!held->vectors[i]) continue;
        sw_builder_reset(&held->builders[i]);
        if (!sw_builder_gather(&held->builders[i], state->vectors[i], &row, 1, error)) return false;
    }
    *state = (struct sw_row){held->vectors, 0};
    return true;
}

bool sw_event_load_ties(struct sw_reader *reader, const struct sw_vector **vectors,
                        const struct sw_sort_key *ties, size_t tie_count, struct sw_error *error)
{
    for (size_t i = 0; i < tie_count; i++) {
        const int column = ties[i].column;
        if (!vectors[column]) vectors[column] = sw_reader_vector(reader, column, error);
        if (!vectors[column]) return false;
    }
    return true;
}

bool sw_event_prefer(struct sw_reader *reader, const struct sw_vector **vectors,
                     const struct sw_sort_key *ties, size_t tie_count, struct sw_row *state,
                     size_t row, struct sw_error *error)
{
    size_t looked_at = tie_count ? 1 : 0;
    if (looked_at && sw_rows_compare(state->vectors, state->row, vectors, row, ties, 1) == 0) {
        if (!sw_event_load_ties(reader, vectors, ties, tie_count, error)) return false;
        looked_at = tie_count;
    }
    if (sw_event_is_later(ties, looked_at, state->vectors, state->row, vectors, row))
        *state = (struct sw_row){vectors, row};
    return true;
}
