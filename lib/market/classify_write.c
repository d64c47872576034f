/* SPDX-License-Identifier: ISC */
#include "market/classify_write.h"

#include <stdlib.h>
#include <string.h>

#include "base/civil.h"
#include "base/memory.h"
#include "base/number.h"

enum { QUEUE = 1024 };

bool sw_classified_open(struct sw_classified_writer *writer, struct sw_output *output,
                        const struct sw_schema *schema, const int columns[SW_EVENT_COLUMNS],
                        struct sw_zone *zone, struct sw_error *error)
{
    *writer = (struct sw_classified_writer){.schema = schema, .columns = columns, .zone = zone};
    writer->queue = sw_alloc(QUEUE, sizeof *writer->queue, error);
    writer->first_rows = sw_alloc_unset(QUEUE, sizeof *writer->first_rows, error);
    writer->last_rows = sw_alloc_unset(QUEUE, sizeof *writer->last_rows, error);
    return writer->queue && writer->first_rows && writer->last_rows &&
           sw_writer_open(&writer->writer, output, schema, 0, error);
}

void sw_classified_free(struct sw_classified_writer *writer)
{
    if (writer->schema) sw_writer_free(&writer->writer);
    free(writer->queue);
    free(writer->first_rows);
    free(writer->last_rows);
    *writer = (struct sw_classified_writer){0};
}

/* ---- one value ---- */

static const struct sw_vector *state_of(const struct sw_classified_writer *writer,
                                        const struct sw_row *state, enum sw_event_column column)
{
    return state->vectors[writer->columns[column]];
}

struct quantity {
    bool known;
    sw_int128 value;
};

/* A quantity of the last state at the scale; not known: the column or the value is not there. */
static bool quantity_in(const struct sw_row *state, int column, int scale,
                        struct quantity *quantity)
{
    const struct sw_vector *vector = column < 0 ? NULL : state->vectors[column];
    *quantity = (struct quantity){0};
    if (!vector || sw_is_null(vector, state->row)) return true;
    quantity->known = true;
    return !__builtin_mul_overflow(sw_value(vector, state->row),
                                   sw_power_of_ten(scale - vector->scale), &quantity->value);
}

bool sw_classified_complete(struct sw_classified *order, const int columns[SW_EVENT_COLUMNS],
                            int scale)
{
    const struct sw_row *last = &order->life.last;
    struct quantity matched, leaves, quantity;
    if (!quantity_in(last, columns[SW_EVENT_MATCHED], scale, &matched) ||
        !quantity_in(last, columns[SW_EVENT_LEAVES], scale, &leaves) ||
        !quantity_in(last, columns[SW_EVENT_QUANTITY], scale, &quantity))
        return false;
    if (!matched.known && __builtin_add_overflow(order->traded.quantity,
                                                 order->traded.booked_quantity, &matched.value))
        return false;
    order->matched = order->order_quantity = matched.value;
    if (leaves.known && leaves.value > 0 &&
        __builtin_add_overflow(matched.value, leaves.value, &order->order_quantity))
        return false;
    if (quantity.known && quantity.value > order->order_quantity)
        order->order_quantity = quantity.value;
    return true;
}

/* Filled is what was matched, asked what was ordered, each without what was booked. */
static bool put_group(const struct sw_classified *order, struct sw_builder *builder,
                      struct sw_error *error)
{
    bool some = order->matched != order->traded.booked_quantity;
    bool all = order->matched == order->order_quantity;
    const char *group = sw_order_group_names[!some ? SW_GROUP_NOT_EXECUTED
                                             : all ? SW_GROUP_FULLY_FILLED
                                                   : SW_GROUP_PARTIALLY_FILLED];
    return sw_builder_add_text(builder, group, strlen(group), error);
}

/* What was worked out and must fit the column's type. */
static bool put_quantity(const struct sw_classified_writer *writer,
                         const struct sw_classified *order, size_t column, sw_int128 value,
                         struct sw_builder *builder, struct sw_error *error)
{
    char id[SW_DESCRIBED_LENGTH];
    const struct sw_row *last = &order->life.last;
    enum sw_type type = writer->schema->columns[column].type;
    bool is_unsigned = type == SW_UINT;
    if (type == SW_DECIMAL) return sw_builder_add_value(builder, value, error);
    if (is_unsigned ? value >= 0 && value <= UINT64_MAX : value >= INT64_MIN && value <= INT64_MAX)
        return sw_builder_add_value(builder, value, error);
    sw_value_describe(state_of(writer, last, SW_EVENT_ORDER), last->row, id);
    sw_fail(error, SW_DATA, "order %s: %s: does not fit 64 bits", id,
            writer->schema->columns[column].name);
    return sw_fail_about(error, id);
}

static bool is_amended(const struct sw_classified_writer *writer, const struct sw_order_life *life)
{
    return sw_value_compare(state_of(writer, &life->first, SW_EVENT_QUANTITY), life->first.row,
                            state_of(writer, &life->last, SW_EVENT_QUANTITY), life->last.row) != 0;
}

static int64_t local_date(struct sw_zone *zone, int64_t time_ns)
{
    int64_t second = sw_floor_divide(time_ns, SW_NS_PER_SECOND);
    return sw_floor_divide(second + sw_zone_offset(zone, time_ns), 24 * 60 * 60);
}

/* What its trades and bookings come to. */
static sw_int128 of_trades(const struct sw_traded *traded, enum sw_classified_source source)
{
    switch (source) {
    case SW_FROM_TRADES:
        return traded->trades;
    case SW_FROM_TRADED_QUANTITY:
        return traded->quantity;
    case SW_FROM_TRADED_VALUE:
        return traded->value;
    case SW_FROM_ACTUAL_QUANTITY:
        return traded->actual_quantity;
    case SW_FROM_ACTUAL_COST:
        return traded->actual_value;
    case SW_FROM_BOOKED_QUANTITY:
        return traded->booked_quantity;
    default:
        return 0;
    }
}

static bool put_computed(struct sw_classified_writer *writer, const struct sw_classified *order,
                         size_t column, struct sw_builder *builder, struct sw_error *error)
{
    const struct sw_order_life *life = &order->life;
    sw_int128 value = 0;
    switch (sw_classified_columns[column].source) {
    case SW_FROM_GROUP:
        return put_group(order, builder, error);
    case SW_FROM_MATCHED:
        return put_quantity(writer, order, column, order->matched, builder, error);
    case SW_FROM_ORDER_QUANTITY:
        return put_quantity(writer, order, column, order->order_quantity, builder, error);
    case SW_FROM_DATE:
        value = local_date(writer->zone, life->last_ns);
        break;
    case SW_FROM_COMPLETION:
        value = life->completion_ns;
        break;
    case SW_FROM_AMENDED:
        value = is_amended(writer, life);
        break;
    default:
        value = of_trades(&order->traded, sw_classified_columns[column].source);
    }
    return sw_builder_add_value(builder, value, error);
}

/* ---- columns ---- */

static bool put_state(struct sw_classified_writer *writer, struct sw_builder *builder,
                      const struct sw_row *state, enum sw_event_column column, const uint32_t *rows,
                      size_t count, struct sw_error *error)
{
    if (writer->columns[column] >= 0)
        return sw_builder_gather(builder, state_of(writer, state, column), rows, count, error);
    for (size_t i = 0; i < count; i++) sw_builder_add_null(builder);
    return true;
}

/* Of the orders from..from + count of the queue. */
static bool put_column(struct sw_classified_writer *writer, size_t index, size_t from, size_t count,
                       struct sw_error *error)
{
    const struct sw_classified_column *column = &sw_classified_columns[index];
    const struct sw_order_life *life = &writer->queue[0].life;
    struct sw_builder *builder = &writer->writer.builders[index];
    if (column->source == SW_FROM_FIRST)
        return put_state(writer, builder, &life->first, column->event, writer->first_rows + from,
                         count, error);
    if (column->source == SW_FROM_LAST)
        return put_state(writer, builder, &life->last, column->event, writer->last_rows + from,
                         count, error);
    for (size_t i = from; i < from + count; i++)
        if (!put_computed(writer, &writer->queue[i], index, builder, error)) return false;
    return true;
}

bool sw_classified_flush(struct sw_classified_writer *writer, struct sw_error *error)
{
    for (size_t from = 0, count; from < writer->queued; from += count) {
        count = writer->queued - from;
        size_t room = sw_writer_room(&writer->writer);
        if (count > room) count = room;
        for (size_t i = 0; i < SW_CLASSIFIED_COLUMNS; i++)
            if (!put_column(writer, i, from, count, error)) return false;
        if (!sw_writer_added(&writer->writer, count, error)) return false;
    }
    writer->queued = 0;
    return true;
}

bool sw_classified_add(struct sw_classified_writer *writer, const struct sw_classified *order,
                       struct sw_error *error)
{
    const struct sw_order_life *life = &order->life, *queued = &writer->queue[0].life;
    bool same =
        life->first.vectors == queued->first.vectors && life->last.vectors == queued->last.vectors;
    if ((!same || writer->queued == QUEUE) && !sw_classified_flush(writer, error)) return false;
    writer->first_rows[writer->queued] = (uint32_t)life->first.row;
    writer->last_rows[writer->queued] = (uint32_t)life->last.row;
    writer->queue[writer->queued++] = *order;
    return true;
}

bool sw_classified_close(struct sw_classified_writer *writer, struct sw_error *error)
{
    return sw_classified_flush(writer, error) && sw_writer_close(&writer->writer, error);
}
