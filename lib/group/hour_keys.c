/* SPDX-License-Identifier: ISC */
#include "group/hour_keys.h"

#include <stdlib.h>

#include "base/civil.h"
#include "base/memory.h"
#include "kernels/lookup.h"

void sw_hours_bind(struct sw_hours *hours, struct sw_grouping *grouping, const struct sw_view *view)
{
    hours->grouping = grouping;
    hours->on = true;
    for (size_t i = 0; i < SW_HOUR_KEYS; i++) {
        hours->dimensions[i] = grouping->keys[i];
        int handle = grouping->dimensions->items[grouping->keys[i]].handle;
        hours->on = hours->on && sw_view_stored(view, handle) < 0;
    }
}

void sw_hours_free(struct sw_hours *hours)
{
    for (size_t i = 0; i < SW_HOUR_KEYS; i++) free(hours->entries[i]);
    free(hours->cells);
    *hours = (struct sw_hours){0};
}

bool sw_hours_has(const struct sw_hours *hours, int dimension)
{
    for (size_t i = 0; hours->on && i < SW_HOUR_KEYS; i++)
        if (hours->dimensions[i] == dimension) return true;
    return false;
}

static struct sw_dimension *dimension_of(const struct sw_hours *hours, enum sw_hour_key key)
{
    return &hours->grouping->dimensions->items[hours->dimensions[key]];
}

static bool intern_entry(struct sw_hours *hours, size_t entry, int64_t local_hour,
                         struct sw_error *error)
{
    const struct sw_text text = hours->vector->dictionary[entry];
    const int64_t date = sw_floor_divide(local_hour, 24);
    return sw_intern_text(&dimension_of(hours, SW_HOUR_START)->intern, text,
                          &hours->entries[SW_HOUR_START][entry], error) &&
           sw_intern_number(&dimension_of(hours, SW_HOUR_DATE)->intern, date,
                            &hours->entries[SW_HOUR_DATE][entry], error) &&
           sw_intern_number(&dimension_of(hours, SW_HOUR_OF_DAY)->intern, local_hour - date * 24,
                            &hours->entries[SW_HOUR_OF_DAY][entry], error);
}

static bool intern_entries(struct sw_hours *hours, const int64_t *local_hours,
                           struct sw_error *error)
{
    size_t count = hours->vector->dictionary_size;
    for (size_t i = 0; i < SW_HOUR_KEYS; i++) {
        if (!sw_grow(&hours->entries[i], &hours->capacities[i], count + 1, sizeof **hours->entries,
                     error))
            return false;
        hours->entries[i][count] = SW_NULL_ID;
    }
    for (size_t entry = 0; entry < count; entry++)
        if (!intern_entry(hours, entry, local_hours[entry], error)) return false;
    return true;
}

/* The value of each row's entry. */
static void spread(const struct sw_hours *hours, const uint32_t *of_entry, size_t rows,
                   uint32_t *of_row)
{
    const struct sw_vector *vector = hours->vector;
    if (vector->dictionary_size == 1)
        sw_lookup_same(of_entry[0], rows, of_row);
    else
        sw_lookup_values(of_entry, vector->codes, rows, of_row);
    for (size_t row = 0; vector->nulls && row < rows; row++)
        if (sw_is_null(vector, row)) of_row[row] = of_entry[vector->dictionary_size];
}

bool sw_hours_load(struct sw_hours *hours, struct sw_view *view, struct sw_error *error)
{
    struct sw_dimension *date = dimension_of(hours, SW_HOUR_DATE);
    hours->vector = sw_view_vector(view, dimension_of(hours, SW_HOUR_START)->handle, error);
    if (!hours->vector || !intern_entries(hours, view->local_hours, error) ||
        !sw_grow(&date->ids, &date->id_capacity, view->rows, sizeof *date->ids, error))
        return false;
    spread(hours, hours->entries[SW_HOUR_DATE], view->rows, date->ids);
    return true;
}

bool sw_hours_find(struct sw_hours *hours, size_t rows, struct sw_error *error)
{
    struct sw_grouping *grouping = hours->grouping;
    size_t count = hours->vector->dictionary_size + (hours->vector->nulls != 0);
    if (!sw_grow(&hours->cells, &hours->cell_capacity, hours->vector->dictionary_size + 1,
                 sizeof *hours->cells, error) ||
        !sw_grow(&grouping->cells, &grouping->cell_capacity, rows, sizeof *grouping->cells, error))
        return false;
    const uint32_t *const ids[SW_HOUR_KEYS] = {hours->entries[0], hours->entries[1],
                                               hours->entries[2]};
    if (!sw_grouping_prefix(grouping, ids, SW_HOUR_KEYS, count, hours->cells, error)) return false;
    spread(hours, hours->cells, rows, grouping->cells);
    return sw_grouping_behind(grouping, SW_HOUR_KEYS, rows, error);
}
