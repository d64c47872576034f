/* SPDX-License-Identifier: ISC */
#include "tca/event_rows.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/number.h"

enum { RELOAD = 30 }; /* a changereason: an order of an earlier day comes back */

/* ---- opening ---- */

static bool fits(enum sw_event_cell cell, enum sw_type type)
{
    if (cell == SW_CELL_SECURITY || cell == SW_CELL_ORDER) return true;
    if (cell == SW_CELL_TIME) return type == SW_TIME;
    return type == SW_INT || type == SW_UINT || type == SW_DECIMAL;
}

static bool find_columns(struct sw_event_rows *events, struct sw_error *error)
{
    static const char *const names[SW_EVENT_CELLS] = {
        "security_code", "order_id",     "timestamp",    "sequence",
        "price",         "changereason", "national_bid", "national_offer"};
    const struct sw_schema *schema = &events->reader.schema;
    const char *file = events->reader.first_name;
    for (int i = 0; i < SW_EVENT_CELLS; i++) {
        int column = events->columns[i] = sw_schema_find(schema, names[i]);
        if (column < 0 && i >= SW_CELL_SEQUENCE && i != SW_CELL_PRICE) continue;
        if (column < 0) return sw_fail(error, SW_DATA, "%s: no column '%s'", file, names[i]);
        if (!fits(i, schema->columns[column].type))
            return sw_fail(error, SW_DATA, "%s: column '%s' is of type %s", file, names[i],
                           sw_type_name(schema->columns[column].type));
    }
    return true;
}

static bool open_order(struct sw_event_rows *events, struct sw_error *error)
{
    const struct sw_schema *schema = &events->reader.schema;
    for (int i = 0; i < 2; i++) {
        const struct sw_column *column = &schema->columns[events->columns[i]];
        if (!sw_builder_init(&events->order[i], column->type, column->scale, 1, error))
            return false;
    }
    return true;
}

bool sw_event_rows_open(struct sw_event_rows *events, const char *const *paths, size_t count,
                        const struct sw_input *input, struct sw_error *error)
{
    size_t keys = 3;
    events->paths = paths;
    if (input ? !sw_reader_open_input(&events->reader, input, error)
              : !sw_reader_open(&events->reader, paths, count, error))
        return false;
    events->open = true;
    const struct sw_schema *schema = &events->reader.schema;
    events->vectors = sw_alloc(schema->column_count, sizeof *events->vectors, error);
    if (!events->vectors || !find_columns(events, error) || !open_order(events, error))
        return false;
    for (int i = 0; i <= SW_CELL_SEQUENCE; i++) events->keys[i].column = events->columns[i];
    keys += events->columns[SW_CELL_SEQUENCE] >= 0;
    return sw_sorted_open(&events->sorted, schema, events->keys, keys, events->reader.first_name,
                          error);
}

void sw_event_rows_close(struct sw_event_rows *events)
{
    sw_sorted_free(&events->sorted);
    sw_builder_free(&events->order[0]);
    sw_builder_free(&events->order[1]);
    free(events->vectors);
    if (events->open) sw_reader_close(&events->reader);
    *events = (struct sw_event_rows){0};
}

int sw_event_rows_scale(const struct sw_event_rows *events)
{
    static const enum sw_event_cell priced[] = {SW_CELL_PRICE, SW_CELL_BID, SW_CELL_OFFER};
    int scale = 0;
    for (size_t i = 0; i < sizeof priced / sizeof *priced; i++) {
        int column = events->columns[priced[i]];
        if (column >= 0 && events->reader.schema.columns[column].scale > scale)
            scale = events->reader.schema.columns[column].scale;
    }
    return scale;
}

/* ---- rows ---- */

static const struct sw_vector *cell(const struct sw_event_rows *events, enum sw_event_cell which)
{
    return events->columns[which] < 0 ? NULL : events->vectors[events->columns[which]];
}

static bool add_quotes(struct sw_event_rows *events, struct sw_error *error)
{
    for (size_t row = 0; events->quotes && row < events->rows; row++)
        if (!sw_moments_add(events->quotes, cell(events, SW_CELL_SECURITY),
                            cell(events, SW_CELL_TIME), cell(events, SW_CELL_SEQUENCE),
                            cell(events, SW_CELL_BID), cell(events, SW_CELL_OFFER), row, error))
            return false;
    return true;
}

static enum sw_step reach(struct sw_event_rows *events, struct sw_error *error)
{
    if (events->at < events->rows) return SW_ROWS;
    events->rows = events->at = 0;
    enum sw_step step = sw_reader_next(&events->reader, error);
    if (step != SW_ROWS) return step;
    events->rows = events->reader.rows;
    for (int i = 0; i < SW_EVENT_CELLS; i++) {
        int column = events->columns[i];
        if (column < 0) continue;
        events->vectors[column] = sw_reader_vector(&events->reader, column, error);
        if (!events->vectors[column]) return SW_FAILED;
    }
    return sw_sorted_check(&events->sorted, events->vectors, events->rows, error) &&
                   add_quotes(events, error)
               ? SW_ROWS
               : SW_FAILED;
}

/* Below 0, 0, above 0: the current event's order stands before the current order, is it, stands
 * behind it. */
static int compare(const struct sw_event_rows *events)
{
    int security =
        sw_value_compare(cell(events, SW_CELL_SECURITY), events->at, &events->order[0].vector, 0);
    if (security) return security;
    return sw_value_compare(cell(events, SW_CELL_ORDER), events->at, &events->order[1].vector, 0);
}

static bool fail_price(const struct sw_event_rows *events, struct sw_error *error)
{
    return sw_fail(error, SW_DATA, "%s: row %" PRIu64 ": price: out of range",
                   events->reader.first_name,
                   events->reader.total_rows - events->rows + events->at + 1);
}

/* ---- an order ---- */

static void take_first(const struct sw_event_rows *events, struct sw_first_event *first)
{
    const size_t at = events->at;
    const struct sw_vector *reason = cell(events, SW_CELL_REASON);
    first->known = true;
    first->reload_told = reason != NULL;
    first->reload = reason && !sw_is_null(reason, at) &&
                    sw_compare_scaled(sw_value(reason, at), reason->scale, RELOAD, 0) == 0;
    bool sided =
        sw_moment_price(cell(events, SW_CELL_BID), at, events->price_scale, &first->bid) &&
        sw_moment_price(cell(events, SW_CELL_OFFER), at, events->price_scale, &first->offer);
    first->crossed = sided && first->bid > first->offer;
    first->valid = sided && !first->crossed;
}

bool sw_event_rows_begin(struct sw_event_rows *events, const struct sw_vector *security,
                         const struct sw_vector *order, size_t row, struct sw_first_event *first,
                         struct sw_error *error)
{
    const uint32_t rows[1] = {(uint32_t)row};
    enum sw_step step;
    *first = (struct sw_first_event){0};
    events->limit = (struct sw_amount){0};
    sw_builder_reset(&events->order[0]);
    sw_builder_reset(&events->order[1]);
    if (!sw_builder_gather(&events->order[0], security, rows, 1, error) ||
        !sw_builder_gather(&events->order[1], order, rows, 1, error))
        return false;
    for (; (step = reach(events, error)) == SW_ROWS; events->at++) {
        int order_of = compare(events);
        if (order_of == 0) take_first(events, first);
        if (order_of >= 0) break;
    }
    return step != SW_FAILED;
}

bool sw_event_rows_limit(struct sw_event_rows *events, int64_t time_ns, struct sw_error *error)
{
    enum sw_step step;
    for (; (step = reach(events, error)) == SW_ROWS; events->at++) {
        const struct sw_vector *time = cell(events, SW_CELL_TIME),
                               *price = cell(events, SW_CELL_PRICE);
        if (compare(events) != 0) return true;
        if (!sw_is_null(time, events->at) && sw_value(time, events->at) > time_ns) return true;
        events->limit.known = !sw_is_null(price, events->at);
        if (events->limit.known &&
            !sw_scaled_value(price, events->at, events->price_scale, &events->limit.value))
            return fail_price(events, error);
    }
    return step != SW_FAILED;
}

bool sw_event_rows_drain(struct sw_event_rows *events, struct sw_error *error)
{
    enum sw_step step;
    while ((step = reach(events, error)) == SW_ROWS) events->at = events->rows;
    return step == SW_END;
}
