/* SPDX-License-Identifier: ISC */
#include "darkbook/order_events.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "states/event_block.h"

/* ---- columns ---- */

static const struct {
    const char *name;
    enum { ANYTHING, A_TIME, A_NUMBER, A_WHOLE_NUMBER } need;
    bool may_be_missing;
} needed[SW_ORDER_COLUMNS] = {
    [SW_ORDER_SECURITY] = {"security_code", ANYTHING, false},
    [SW_ORDER_ID] = {"order_id", ANYTHING, false},
    [SW_ORDER_TIMESTAMP] = {"timestamp", A_TIME, false},
    [SW_ORDER_SIDE] = {"side", A_WHOLE_NUMBER, false},
    [SW_ORDER_KIND] = {"exchangeordertype", A_WHOLE_NUMBER, false},
    [SW_ORDER_PRICE] = {"price", A_NUMBER, false},
    [SW_ORDER_QUANTITY] = {"quantity", A_NUMBER, false},
    [SW_ORDER_LEAVES] = {"leavesquantity", A_NUMBER, false},
    [SW_ORDER_MATCHED] = {"totalmatchedquantity", A_NUMBER, false},
    [SW_ORDER_PARTICIPANT] = {"participantid", ANYTHING, true},
    [SW_ORDER_SEQUENCE] = {"sequence", A_WHOLE_NUMBER, true},
    [SW_ORDER_STATUS] = {"orderstatus", A_WHOLE_NUMBER, true},
    [SW_ORDER_MIDTICK] = {"midtick", A_NUMBER, true},
    [SW_ORDER_MINIMUM] = {"minimumquantity", A_NUMBER, true},
    [SW_ORDER_SINGLE_MINIMUM] = {"singlefillminimumquantity", A_NUMBER, true},
    [SW_ORDER_KEY] = {"crossingkey", A_WHOLE_NUMBER, true},
};

static bool is_fit(const struct sw_column *column, enum sw_order_column index)
{
    const bool whole = column->type == SW_INT || column->type == SW_UINT;
    switch (needed[index].need) {
    case A_TIME:
        return column->type == SW_TIME;
    case A_NUMBER:
        return whole || column->type == SW_DECIMAL;
    case A_WHOLE_NUMBER:
        return whole;
    case ANYTHING:
        break;
    }
    return true;
}

static bool find_columns(struct sw_order_events *events, struct sw_error *error)
{
    const struct sw_schema *schema = &events->reader.schema;
    const char *file = events->reader.first_name;
    for (int i = 0; i < SW_ORDER_COLUMNS; i++) {
        int column = events->columns[i] = sw_schema_find(schema, needed[i].name);
        if (column < 0 && needed[i].may_be_missing) continue;
        if (column < 0) return sw_fail(error, SW_DATA, "%s: no column '%s'", file, needed[i].name);
        if (!is_fit(&schema->columns[column], i))
            return sw_fail(error, SW_DATA, "%s: column '%s' is of type %s", file, needed[i].name,
                           sw_type_name(schema->columns[column].type));
    }
    return true;
}

static bool check_scales(struct sw_order_events *events, struct sw_error *error)
{
    static const enum sw_order_column quantities[] = {SW_ORDER_LEAVES, SW_ORDER_MATCHED,
                                                      SW_ORDER_MINIMUM, SW_ORDER_SINGLE_MINIMUM};
    const struct sw_column *columns = events->reader.schema.columns;
    events->price_scale = columns[events->columns[SW_ORDER_PRICE]].scale;
    events->quantity_scale = columns[events->columns[SW_ORDER_QUANTITY]].scale;
    for (size_t i = 0; i < sizeof quantities / sizeof *quantities; i++) {
        int column = events->columns[quantities[i]];
        if (column >= 0 && columns[column].scale != events->quantity_scale)
            return sw_fail(error, SW_DATA, "%s: quantity and %s have different scales",
                           events->reader.first_name, needed[quantities[i]].name);
    }
    return true;
}

/* ---- opening ---- */

static bool open_classes(struct sw_order_events *events,
                         const struct sw_order_events_settings *settings, struct sw_error *error)
{
    static const char *const texts[SW_EVENT_CLASSES] = {
        [SW_EVENT_CENTRE_POINT] = "exchangeordertype in centre_point",
        [SW_EVENT_SWEEPS] = "exchangeordertype in sweep",
        [SW_EVENT_PLAIN_SWEEP] = "exchangeordertype == 2048",
    };
    if (!sw_view_open(&events->view, sw_supplier_of_reader(&events->reader), &settings->view,
                      error))
        return false;
    events->viewed = true;
    for (int i = 0; i < SW_EVENT_CLASSES; i++) {
        struct sw_condition *condition = events->classes[i] = sw_condition_new(error);
        if (!condition || !sw_condition_compile(condition, &events->view, texts[i],
                                                settings->share_directory, error))
            return false;
    }
    events->selecting = settings->selectors && sw_selectors_given(settings->selectors);
    return !events->selecting ||
           sw_selectors_compile(&events->selectors, &events->view, settings->selectors,
                                settings->share_directory, error);
}

static bool open_order_check(struct sw_order_events *events, struct sw_error *error)
{
    size_t count = 0;
    for (; count <= SW_ORDER_TIMESTAMP; count++)
        events->keys[count].column = events->columns[count];
    if (events->columns[SW_ORDER_SEQUENCE] >= 0)
        events->keys[count++].column = events->columns[SW_ORDER_SEQUENCE];
    return sw_sorted_open(&events->sorted, &events->reader.schema, events->keys, count,
                          events->reader.first_name, error);
}

/* What never changes in an order's life. */
static const enum sw_order_column fixed_columns[] = {SW_ORDER_SIDE, SW_ORDER_PARTICIPANT};

enum { FIXED = sizeof fixed_columns / sizeof *fixed_columns };

static bool open_ties(struct sw_order_events *events, struct sw_error *error)
{
    const struct sw_schema *schema = &events->reader.schema;
    events->held_columns = sw_alloc(schema->column_count, sizeof *events->held_columns, error);
    if (!events->held_columns || !sw_state_ties(schema, events->columns[SW_ORDER_SEQUENCE],
                                                &events->ties, &events->tie_count, error))
        return false;
    for (size_t i = 0; i < events->tie_count; i++)
        events->held_columns[events->ties[i].column] = true;
    for (size_t i = 0; i < FIXED; i++) {
        const int column = events->columns[fixed_columns[i]];
        if (column >= 0) events->held_columns[column] = true;
    }
    return sw_held_event_open(&events->held, schema, events->held_columns, error);
}

static bool open_held(struct sw_order_events *events, struct sw_error *error)
{
    const struct sw_column *columns = events->reader.schema.columns;
    const struct sw_column *security = &columns[events->columns[SW_ORDER_SECURITY]];
    const struct sw_column *id = &columns[events->columns[SW_ORDER_ID]];
    const int participant = events->columns[SW_ORDER_PARTICIPANT];
    const bool text = participant >= 0 && columns[participant].type == SW_TEXT;
    events->by_column =
        sw_alloc(events->reader.schema.column_count, sizeof *events->by_column, error);
    events->selected = sw_alloc(SW_BLOCK_ROWS_MAXIMUM, sizeof *events->selected, error);
    events->class_bits = sw_alloc(SW_BLOCK_ROWS_MAXIMUM, sizeof *events->class_bits, error);
    return events->by_column && events->selected && events->class_bits &&
           sw_builder_init(&events->security, security->type, security->scale, 1, error) &&
           sw_builder_init(&events->id, id->type, id->scale, 1, error) &&
           sw_intern_init(&events->ids, true, error) &&
           sw_intern_init(&events->participants, text, error);
}

bool sw_order_events_open(struct sw_order_events *events,
                          const struct sw_order_events_settings *settings, struct sw_error *error)
{
    return sw_reader_open(&events->reader, settings->paths, settings->path_count, error) &&
           find_columns(events, error) && check_scales(events, error) && open_held(events, error) &&
           open_ties(events, error) && open_order_check(events, error) &&
           open_classes(events, settings, error);
}

void sw_order_events_free(struct sw_order_events *events)
{
    for (int i = 0; i < SW_EVENT_CLASSES; i++) sw_condition_free(events->classes[i]);
    sw_expression_free(&events->selectors);
    if (events->viewed) sw_view_free(&events->view);
    sw_builder_free(&events->security);
    sw_builder_free(&events->id);
    sw_intern_free(&events->ids);
    sw_intern_free(&events->participants);
    sw_sorted_free(&events->sorted);
    sw_held_event_free(&events->held);
    free(events->ties);
    free(events->held_columns);
    free(events->by_column);
    free(events->selected);
    free(events->class_bits);
    free(events->list);
    sw_reader_close(&events->reader);
}

/* ---- blocks ---- */

static bool classify_rows(struct sw_order_events *events, struct sw_error *error)
{
    memset(events->class_bits, 0, events->rows);
    sw_view_begin(&events->view, events->rows);
    for (int i = 0; i < SW_EVENT_CLASSES; i++) {
        struct sw_condition *class = events->classes[i];
        if (!sw_condition_take(class, &events->view, error)) return false;
        for (size_t k = 0; k < class->count; k++)
            events->class_bits[class->selected[k]] |= (unsigned char)(1 << i);
    }
    size_t count = events->rows;
    if (events->selecting &&
        !sw_expression_select(&events->selectors, &events->view, events->selected, &count, error))
        return false;
    for (size_t k = 0; k < count; k++)
        events->class_bits[events->selecting ? events->selected[k] : k] |= 1 << SW_EVENT_SELECTED;
    return true;
}

/* The number of a row of the current block in its file, from 1. */
static uint64_t row_of_file(const struct sw_order_events *events, size_t row)
{
    return events->reader.total_rows - events->rows_before - events->rows + row + 1;
}

static bool check_nulls(const struct sw_order_events *events, struct sw_error *error)
{
    for (int i = 0; i <= SW_ORDER_TIMESTAMP; i++) {
        const struct sw_vector *vector = events->vectors[i];
        for (size_t row = 0; vector->nulls && row < events->rows; row++)
            if (sw_is_null(vector, row))
                return sw_fail(error, SW_DATA, "%s: row %" PRIu64 ": an event without %s",
                               events->reader.input.name, row_of_file(events, row), needed[i].name);
    }
    return true;
}

/* The last event goes on to the next block with what tells it from others of its moment. */
static bool hold_last(struct sw_order_events *events, struct sw_error *error)
{
    return events->count == 0 || (sw_event_load_ties(&events->reader, events->by_column,
                                                     events->ties, events->tie_count, error) &&
                                  sw_held_event_keep(&events->held, &events->last, error));
}

static enum sw_step load_block(struct sw_order_events *events, struct sw_error *error)
{
    struct sw_reader *reader = &events->reader;
    if (!hold_last(events, error)) return SW_FAILED;
    enum sw_step step = sw_reader_next(reader, error);
    events->at = events->rows = 0;
    if (step != SW_ROWS) return step;
    events->rows = reader->rows;
    if (events->file != reader->input.name) {
        events->file = reader->input.name;
        events->rows_before = reader->total_rows - reader->rows;
    }
    for (size_t i = 0; i < reader->schema.column_count; i++) events->by_column[i] = NULL;
    for (int i = 0; i < SW_ORDER_COLUMNS; i++) {
        const int column = events->columns[i];
        events->vectors[i] = NULL;
        if (column < 0) continue;
        events->vectors[i] = sw_reader_vector(reader, column, error);
        if (!events->vectors[i]) return SW_FAILED;
        events->by_column[column] = events->vectors[i];
    }
    return check_nulls(events, error) &&
                   sw_sorted_check(&events->sorted, events->by_column, events->rows, error) &&
                   classify_rows(events, error)
               ? SW_ROWS
               : SW_FAILED;
}

/* ---- events ---- */

/* False, and 0: the column or the value is not there. */
static bool value_at(const struct sw_order_events *events, enum sw_order_column column, size_t row,
                     sw_int128 *value)
{
    const struct sw_vector *vector = events->vectors[column];
    *value = 0;
    if (!vector || sw_is_null(vector, row)) return false;
    *value = sw_value(vector, row);
    return true;
}

/* Of a number that counts something: whole ones of a decimal column, too. */
static sw_int128 whole_at(const struct sw_order_events *events, enum sw_order_column column,
                          size_t row)
{
    sw_int128 value;
    if (!value_at(events, column, row, &value)) return 0;
    return value / sw_power_of_ten(events->vectors[column]->scale);
}

static void read_event(const struct sw_order_events *events, size_t row,
                       struct sw_order_event *event)
{
    sw_int128 status;
    *event = (struct sw_order_event){.classes = events->class_bits[row]};
    event->time_ns = (int64_t)sw_value(events->vectors[SW_ORDER_TIMESTAMP], row);
    if (!value_at(events, SW_ORDER_SEQUENCE, row, &event->sequence) &&
        !events->vectors[SW_ORDER_SEQUENCE])
        event->sequence = events->reader.total_rows - events->rows + row;
    event->priced = value_at(events, SW_ORDER_PRICE, row, &event->price);
    event->has_quantity = value_at(events, SW_ORDER_QUANTITY, row, &event->quantity);
    event->has_leaves = value_at(events, SW_ORDER_LEAVES, row, &event->leaves);
    event->has_matched = value_at(events, SW_ORDER_MATCHED, row, &event->matched);
    event->on_book = !events->vectors[SW_ORDER_STATUS] ||
                     (value_at(events, SW_ORDER_STATUS, row, &status) && status == 1);
    event->midtick = whole_at(events, SW_ORDER_MIDTICK, row);
    event->key = whole_at(events, SW_ORDER_KEY, row);
    (void)!value_at(events, SW_ORDER_MINIMUM, row, &event->minimum);
    (void)!value_at(events, SW_ORDER_SINGLE_MINIMUM, row, &event->single);
}

/* Events of one moment may stand in any order; the one that counts becomes the last. */
static bool add_event(struct sw_order_events *events, size_t row, struct sw_error *error)
{
    struct sw_order_event event;
    bool last = true;
    read_event(events, row, &event);
    if (!sw_grow(&events->list, &events->capacity, events->count + 1, sizeof event, error))
        return false;
    struct sw_order_event *end = &events->list[events->count++];
    if (end > events->list && end[-1].time_ns == event.time_ns &&
        end[-1].sequence == event.sequence) {
        if (!sw_event_prefer(&events->reader, events->by_column, events->ties, events->tie_count,
                             &events->last, row, error))
            return false;
        last = events->last.vectors == events->by_column && events->last.row == row;
    }
    if (!last) {
        end[0] = end[-1];
        end[-1] = event;
        return true;
    }
    *end = event;
    events->last = (struct sw_row){events->by_column, row};
    return true;
}

/* ---- orders ---- */

bool sw_intern_at(struct sw_intern *intern, const struct sw_vector *vector, size_t row,
                  uint32_t *id, struct sw_error *error)
{
    *id = SW_NULL_ID;
    if (!vector || sw_is_null(vector, row)) return true;
    return vector->type == SW_TEXT
               ? sw_intern_text(intern, vector->dictionary[vector->codes[row]], id, error)
               : sw_intern_number(intern, sw_value(vector, row), id, error);
}

static bool is_equal(const struct sw_vector *a, size_t row_a, const struct sw_vector *b,
                     size_t row_b)
{
    const bool plain = !a->valid && !b->valid && !a->wide && !b->wide && a->type != SW_TEXT;
    return plain ? a->narrow[row_a] == b->narrow[row_b] : sw_value_compare(a, row_a, b, row_b) == 0;
}

/* The row is of the order that the last event is of. */
static bool check_unchanged(struct sw_order_events *events, size_t row, struct sw_error *error)
{
    const struct sw_row *last = &events->last;
    char place[sizeof error->message];
    for (size_t i = 0; i < FIXED; i++) {
        const int column = events->columns[fixed_columns[i]];
        const struct sw_vector *now = column < 0 ? NULL : events->by_column[column];
        if (!now || is_equal(last->vectors[column], last->row, now, row)) continue;
        snprintf(place, sizeof place, "%s: row %" PRIu64, events->reader.input.name,
                 row_of_file(events, row));
        return sw_event_fail_change(needed[fixed_columns[i]].name, events->vectors[SW_ORDER_ID],
                                    last->vectors[column], last->row, now, row, error) ||
               sw_fail_at(error, place);
    }
    return true;
}

static bool begin_order(struct sw_order_events *events, size_t row, struct sw_error *error)
{
    const uint32_t rows[1] = {(uint32_t)row};
    const struct sw_vector *ids = events->vectors[SW_ORDER_ID];
    uint32_t id = 0;
    events->count = 0;
    sw_builder_reset(&events->security);
    sw_builder_reset(&events->id);
    (void)!value_at(events, SW_ORDER_SIDE, row, &events->side);
    if (ids->type == SW_TEXT && !sw_intern_at(&events->ids, ids, row, &id, error)) return false;
    events->order = ids->type == SW_TEXT ? id : sw_value(ids, row);
    return sw_intern_at(&events->participants, events->vectors[SW_ORDER_PARTICIPANT], row,
                        &events->participant, error) &&
           sw_builder_gather(&events->security, events->vectors[SW_ORDER_SECURITY], rows, 1,
                             error) &&
           sw_builder_gather(&events->id, ids, rows, 1, error);
}

static bool is_same_order(const struct sw_order_events *events, size_t row)
{
    return is_equal(events->vectors[SW_ORDER_ID], row, &events->id.vector, 0) &&
           is_equal(events->vectors[SW_ORDER_SECURITY], row, &events->security.vector, 0);
}

enum sw_step sw_order_events_next(struct sw_order_events *events, struct sw_error *error)
{
    bool begun = false;
    for (;;) {
        for (; events->at < events->rows; events->at++) {
            if (begun && !is_same_order(events, events->at)) return SW_ROWS;
            if (!(begun ? check_unchanged : begin_order)(events, events->at, error) ||
                !add_event(events, events->at, error))
                return SW_FAILED;
            begun = true;
        }
        enum sw_step step = load_block(events, error);
        if (step == SW_FAILED) return SW_FAILED;
        if (step == SW_END) return begun ? SW_ROWS : SW_END;
    }
}
