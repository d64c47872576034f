/* SPDX-License-Identifier: ISC */
#include "darkbook/tick_sizes.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/number.h"

static const char *const names[SW_TICK_COLUMNS] = {"security_code", "price", "tick"};

/* ---- opening ---- */

static bool open_file(struct sw_tick_sizes *ticks, const struct sw_column *security,
                      struct sw_error *error)
{
    if (!sw_reader_open(&ticks->reader, &ticks->path, 1, error)) return false;
    const struct sw_schema *schema = &ticks->reader.schema;
    const char *file = ticks->reader.first_name;
    for (int i = 0; i < SW_TICK_COLUMNS; i++) {
        int column = ticks->columns[i] = sw_schema_find(schema, names[i]);
        if (column < 0) return sw_fail(error, SW_DATA, "%s: no column '%s'", file, names[i]);
        const struct sw_column *is = &schema->columns[column];
        bool number = is->type == SW_INT || is->type == SW_UINT || is->type == SW_DECIMAL;
        if (i == SW_TICK_SECURITY ? is->type != security->type || is->scale != security->scale
                                  : !number)
            return sw_fail(error, SW_DATA, "%s: column '%s' is of type %s", file, names[i],
                           sw_type_name(is->type));
    }
    ticks->by_column = sw_alloc(schema->column_count, sizeof *ticks->by_column, error);
    return ticks->by_column && sw_sort_keys_need(schema, names, 2, file, ticks->keys, error) &&
           sw_sorted_open(&ticks->sorted, schema, ticks->keys, 2, file, error);
}

bool sw_tick_sizes_open(struct sw_tick_sizes *ticks, const char *path,
                        const struct sw_column *security, int scale, struct sw_error *error)
{
    ticks->path = path;
    ticks->scale = scale;
    return !path || open_file(ticks, security, error);
}

void sw_tick_sizes_free(struct sw_tick_sizes *ticks)
{
    free(ticks->seen);
    free(ticks->steps);
    free(ticks->by_column);
    sw_sorted_free(&ticks->sorted);
    if (ticks->path) sw_reader_close(&ticks->reader);
}

/* ---- prices ---- */

void sw_tick_sizes_see(struct sw_tick_sizes *ticks, sw_int128 price)
{
    sw_int128 *divisor = &ticks->divisor, other = price < 0 ? -price : price;
    if (*divisor != 0 && other % *divisor == 0) return;
    while (other != 0) {
        sw_int128 rest = *divisor % other;
        *divisor = other;
        other = rest;
    }
}

bool sw_tick_sizes_keep(struct sw_tick_sizes *ticks, struct sw_error *error)
{
    if (!sw_grow(&ticks->seen, &ticks->seen_capacity, ticks->seen_count + 1, sizeof *ticks->seen,
                 error))
        return false;
    ticks->seen[ticks->seen_count++] = ticks->divisor;
    ticks->divisor = 0;
    return true;
}

void sw_tick_sizes_forget(struct sw_tick_sizes *ticks)
{
    ticks->divisor = 0;
}

/* ---- the file ---- */

static enum sw_step reach_row(struct sw_tick_sizes *ticks, struct sw_error *error)
{
    if (ticks->at < ticks->rows) return SW_ROWS;
    ticks->rows = ticks->at = 0;
    enum sw_step step = sw_reader_next(&ticks->reader, error);
    if (step != SW_ROWS) return step;
    ticks->rows = ticks->reader.rows;
    for (int i = 0; i < SW_TICK_COLUMNS; i++) {
        ticks->vectors[i] = sw_reader_vector(&ticks->reader, ticks->columns[i], error);
        if (!ticks->vectors[i]) return SW_FAILED;
        ticks->by_column[ticks->columns[i]] = ticks->vectors[i];
    }
    return sw_sorted_check(&ticks->sorted, ticks->by_column, ticks->rows, error) ? SW_ROWS
                                                                                 : SW_FAILED;
}

/* A value of the current row, in the prices' scale. False: finer than that, or out of range. */
static bool scaled(const struct sw_tick_sizes *ticks, int column, sw_int128 *value)
{
    const struct sw_vector *vector = ticks->vectors[column];
    *value = sw_is_null(vector, ticks->at) ? 0 : sw_value(vector, ticks->at);
    if (vector->scale <= ticks->scale)
        return !__builtin_mul_overflow(*value, sw_power_of_ten(ticks->scale - vector->scale),
                                       value);
    sw_int128 divisor = sw_power_of_ten(vector->scale - ticks->scale);
    bool whole = *value % divisor == 0;
    *value /= divisor;
    return whole;
}

static bool add_step(struct sw_tick_sizes *ticks, struct sw_error *error)
{
    struct sw_tick_step step;
    if (!scaled(ticks, SW_TICK_PRICE, &step.from) || !scaled(ticks, SW_TICK_SIZE, &step.tick) ||
        step.tick <= 0)
        return sw_fail(
            error, SW_DATA, "%s: row %" PRIu64 ": tick: not above 0, or finer than the prices",
            ticks->reader.first_name, ticks->reader.total_rows - ticks->rows + ticks->at + 1);
    if (!sw_grow(&ticks->steps, &ticks->step_capacity, ticks->step_count + 1, sizeof *ticks->steps,
                 error))
        return false;
    ticks->steps[ticks->step_count++] = step;
    return true;
}

bool sw_tick_sizes_turn(struct sw_tick_sizes *ticks, const struct sw_vector *security, size_t row,
                        struct sw_error *error)
{
    sw_int128 seen = ticks->turn < ticks->seen_count ? ticks->seen[ticks->turn++] : 0;
    enum sw_step step = SW_END;
    ticks->step_count = 0;
    for (; ticks->path && (step = reach_row(ticks, error)) == SW_ROWS; ticks->at++) {
        int side = sw_value_compare(ticks->vectors[SW_TICK_SECURITY], ticks->at, security, row);
        if (side > 0) break;
        if (side == 0 && !add_step(ticks, error)) return false;
    }
    if (step == SW_FAILED) return false;
    if (ticks->step_count > 0 || seen == 0) return true;
    ticks->unsaid++;
    if (!sw_grow(&ticks->steps, &ticks->step_capacity, 1, sizeof *ticks->steps, error))
        return false;
    ticks->steps[ticks->step_count++] =
        (struct sw_tick_step){.from = SW_TICK_FROM_ALL, .tick = seen};
    return true;
}

sw_int128 sw_tick_at(const struct sw_tick_sizes *ticks, sw_int128 price)
{
    sw_int128 tick = 0;
    for (size_t i = 0; i < ticks->step_count && ticks->steps[i].from <= price; i++)
        tick = ticks->steps[i].tick;
    return tick;
}
