/* SPDX-License-Identifier: ISC */
#include "market/classify_write.h"

#include <stdlib.h>
#include <string.h>

#include "base/civil.h"
#include "base/memory.h"

enum { QUEUE = 1024 };

bool sw_classified_open(struct sw_classified_writer *writer, struct sw_output *output,
                        const struct sw_schema *schema, const int columns[SW_EVENT_COLUMNS],
                        struct sw_zone *zone, struct sw_error *error)
{
    *writer = (struct sw_classified_writer){.schema = schema, .columns = columns, .zone = zone};
    writer->queue = sw_alloc(QUEUE, sizeof *writer->queue, error);
    writer->first_rows = sw_alloc(QUEUE, sizeof *writer->first_rows, error);
    writer->last_rows = sw_alloc(QUEUE, sizeof *writer->last_rows, error);
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

/* As view/derive_order.c says it of `fill`: a cancelled order has nothing left and nothing
 * matched. */
static bool put_group(const struct sw_classified_writer *writer, const struct sw_classified *order,
                      struct sw_builder *builder, struct sw_error *error)
{
    const struct sw_row *last = &order->life.last;
    const struct sw_vector *matched = state_of(writer, last, SW_EVENT_MATCHED),
                           *leaves = state_of(writer, last, SW_EVENT_LEAVES);
    bool some = sw_value(matched, last->row) != 0;
    if (sw_is_null(matched, last->row) || (some && sw_is_null(leaves, last->row))) {
        sw_builder_add_null(builder);
        return true;
    }
    const char *filled = sw_value(leaves, last->row) == 0 ? "FULLY_FILLED" : "PARTIALLY_FILLED";
    const char *group = some ? filled : "NOT_EXECUTED";
    return sw_builder_add_text(builder, group, strlen(group), error);
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

static bool put_computed(struct sw_classified_writer *writer, const struct sw_classified *order,
                         enum sw_classified_source source, struct sw_builder *builder,
                         struct sw_error *error)
{
    const struct sw_order_life *life = &order->life;
    sw_int128 value = 0;
    switch (source) {
    case SW_FROM_GROUP:
        return put_group(writer, order, builder, error);
    case SW_FROM_DATE:
        value = local_date(writer->zone, life->last_ns);
        break;
    case SW_FROM_COMPLETION:
        value = life->completion_ns;
        break;
    case SW_FROM_TRADES:
        value = order->traded.trades;
        break;
    case SW_FROM_TRADED_QUANTITY:
        value = order->traded.quantity;
        break;
    case SW_FROM_TRADED_VALUE:
        value = order->traded.value;
        break;
    case SW_FROM_ACTUAL_QUANTITY:
        value = order->traded.actual_quantity;
        break;
    case SW_FROM_ACTUAL_COST:
        value = order->traded.actual_value;
        break;
    case SW_FROM_AMENDED:
        value = is_amended(writer, life);
        break;
    case SW_FROM_FIRST:
    case SW_FROM_LAST:
        break;
    }
    return sw_builder_add_value(builder, value, error);
}

/* ---- columns ---- */

/* Of the orders from..from + count of the queue. */
static bool put_column(struct sw_classified_writer *writer, size_t index, size_t from, size_t count,
                       struct sw_error *error)
{
    const struct sw_classified_column *column = &sw_classified_columns[index];
    const struct sw_order_life *life = &writer->queue[0].life;
    struct sw_builder *builder = &writer->writer.builders[index];
    if (column->source == SW_FROM_FIRST)
        return sw_builder_gather(builder, state_of(writer, &life->first, column->event),
                                 writer->first_rows + from, count, error);
    if (column->source == SW_FROM_LAST)
        return sw_builder_gather(builder, state_of(writer, &life->last, column->event),
                                 writer->last_rows + from, count, error);
    for (size_t i = from; i < from + count; i++)
        if (!put_computed(writer, &writer->queue[i], column->source, builder, error)) return false;
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
