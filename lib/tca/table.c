/* SPDX-License-Identifier: ISC */
#include "tca/table.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum {
    ROWS_AT_ONCE = 4096,
    WAITING_ROWS = 32, /* of which a column after the other is put */
};

/* Where a column comes from. */
enum source {
    KEPT,   /* as it is in the order */
    NUMBER, /* a measure, or one of those below */
    ARRIVAL_FROM,
};

/* What there is of an order's numbers: its measures, and then these. */
enum {
    ARRIVAL = SW_TCA_MEASURES,
    QUOTE_AGE,
    TRADES,
    TRADED_QUANTITY,
    TRADED_VALUE,
    CROSSED,
    ARRIVAL_KIND, /* an enum sw_arrival_from */
    NUMBERS,
};

static const struct column {
    const char *name;
    enum source source;
    int index; /* an enum sw_kept_column, or of the numbers */
} columns[] = {
    {"security_code", KEPT, SW_KEPT_SECURITY},
    {"arrival", NUMBER, ARRIVAL},
    {"side", KEPT, SW_KEPT_SIDE},
    {"exchangeordertype", KEPT, SW_KEPT_TYPE},
    {"order_quantity", KEPT, SW_KEPT_QUANTITY},
    {"fill_ratio", NUMBER, SW_TCA_FILL_RATIO},
    {"vwap", NUMBER, SW_TCA_VWAP},
    {"arrival_cost_bps", NUMBER, SW_TCA_ARRIVAL_COST_BPS},
    {"cost_bps", NUMBER, SW_TCA_COST_BPS},
    {"passive_share", NUMBER, SW_TCA_SHARE_OF_KIND + SW_FILL_PASSIVE},
    {"dark_share", NUMBER, SW_TCA_SHARE_OF_KIND + SW_FILL_DARK},
    {"realized_spread_60s_bps", NUMBER, SW_TCA_REALIZED_SPREAD_BPS + 3},
    {"impact_60s_bps", NUMBER, SW_TCA_IMPACT_BPS + 3},
    {"order_id", KEPT, SW_KEPT_ORDER},
    {"date", KEPT, SW_KEPT_DATE},
    {"participantid", KEPT, SW_KEPT_PARTICIPANT},
    {"group", KEPT, SW_KEPT_GROUP},
    {"arrival_from", ARRIVAL_FROM, ARRIVAL_KIND},
    {"arrival_midprice", NUMBER, SW_TCA_ARRIVAL_MIDPRICE},
    {"quote_age", NUMBER, QUOTE_AGE},
    {"trades", NUMBER, TRADES},
    {"traded_quantity", NUMBER, TRADED_QUANTITY},
    {"traded_value", NUMBER, TRADED_VALUE},
    {"effective_spread_bps", NUMBER, SW_TCA_EFFECTIVE_SPREAD_BPS},
    {"realized_spread_50ms_bps", NUMBER, SW_TCA_REALIZED_SPREAD_BPS},
    {"realized_spread_1s_bps", NUMBER, SW_TCA_REALIZED_SPREAD_BPS + 1},
    {"realized_spread_15s_bps", NUMBER, SW_TCA_REALIZED_SPREAD_BPS + 2},
    {"realized_spread_300s_bps", NUMBER, SW_TCA_REALIZED_SPREAD_BPS + 4},
    {"impact_50ms_bps", NUMBER, SW_TCA_IMPACT_BPS},
    {"impact_1s_bps", NUMBER, SW_TCA_IMPACT_BPS + 1},
    {"impact_15s_bps", NUMBER, SW_TCA_IMPACT_BPS + 2},
    {"impact_300s_bps", NUMBER, SW_TCA_IMPACT_BPS + 4},
    {"effective_over_quoted_pct", NUMBER, SW_TCA_EFFECTIVE_OVER_QUOTED_PCT},
    {"cost_bps_passive", NUMBER, SW_TCA_COST_BPS_OF_KIND + SW_FILL_PASSIVE},
    {"cost_bps_aggressive", NUMBER, SW_TCA_COST_BPS_OF_KIND + SW_FILL_AGGRESSIVE},
    {"cost_bps_dark", NUMBER, SW_TCA_COST_BPS_OF_KIND + SW_FILL_DARK},
    {"cost_bps_auction", NUMBER, SW_TCA_COST_BPS_OF_KIND + SW_FILL_AUCTION},
    {"aggressive_share", NUMBER, SW_TCA_SHARE_OF_KIND + SW_FILL_AGGRESSIVE},
    {"auction_share", NUMBER, SW_TCA_SHARE_OF_KIND + SW_FILL_AUCTION},
    {"booked_share", NUMBER, SW_TCA_BOOKED_SHARE},
    {"shortfall_bps", NUMBER, SW_TCA_SHORTFALL_BPS},
    {"shortfall_execution_bps", NUMBER, SW_TCA_SHORTFALL_EXECUTION_BPS},
    {"shortfall_opportunity_bps", NUMBER, SW_TCA_SHORTFALL_OPPORTUNITY_BPS},
    {"vwap_cost_bps", NUMBER, SW_TCA_VWAP_COST_BPS},
    {"participation", NUMBER, SW_TCA_PARTICIPATION},
    {"limit_improvement", NUMBER, SW_TCA_LIMIT_IMPROVEMENT},
    {"time_to_first_fill", NUMBER, SW_TCA_TIME_TO_FIRST_FILL},
    {"time_first_to_last", NUMBER, SW_TCA_TIME_FIRST_TO_LAST},
    {"time_volume_weighted", NUMBER, SW_TCA_TIME_VOLUME_WEIGHTED},
    {"crossed", NUMBER, CROSSED},
};

enum { COLUMNS = sizeof columns / sizeof *columns, ARRIVAL_COLUMN = 1 };

/* ---- the schema ---- */

bool sw_tca_column_is_reported(size_t number)
{
    const struct column *column = &columns[number];
    static const enum sw_kept_column kept[] = {SW_KEPT_SECURITY, SW_KEPT_DATE, SW_KEPT_PARTICIPANT,
                                               SW_KEPT_QUANTITY};
    if (column->source == NUMBER && column->index < SW_TCA_MEASURES)
        return sw_tca_is_reported(column->index);
    for (size_t i = 0; column->source == KEPT && i < sizeof kept / sizeof *kept; i++)
        if (column->index == (int)kept[i]) return true;
    return column->source == NUMBER &&
           (column->index == ARRIVAL || column->index == TRADED_QUANTITY ||
            column->index == TRADED_VALUE);
}

static bool choose_columns(struct sw_tca_table *table, bool reported_only, struct sw_error *error)
{
    table->columns = sw_alloc(COLUMNS, sizeof *table->columns, error);
    for (int i = 0; table->columns && i < COLUMNS; i++)
        if (!reported_only || sw_tca_column_is_reported((size_t)i))
            table->columns[table->column_count++] = i;
    return table->columns != NULL;
}

static struct sw_column type_of_number(int number, const struct sw_tca_orders *orders)
{
    switch (number) {
    case ARRIVAL:
        return (struct sw_column){.type = SW_TIME};
    case TRADED_QUANTITY:
        return (struct sw_column){.type = orders->quantity_scale ? SW_DECIMAL : SW_INT,
                                  .scale = orders->quantity_scale};
    case TRADED_VALUE:
        return (struct sw_column){.type = SW_DECIMAL,
                                  .scale = orders->price_scale + orders->quantity_scale};
    case SW_TCA_FILL_RATIO:
        return (struct sw_column){.type = SW_DECIMAL, .scale = SW_TCA_FILL_RATIO_SCALE};
    default:
        if (number < SW_TCA_TIME_TO_FIRST_FILL)
            return (struct sw_column){.type = SW_DECIMAL, .scale = SW_TCA_SCALE};
        return (struct sw_column){.type = SW_INT};
    }
}

static struct sw_column type_of(const struct column *column, const struct sw_tca *tca)
{
    const struct sw_tca_orders *orders = &tca->orders;
    if (column->source == KEPT)
        return orders->reader.schema.columns[orders->columns[column->index]];
    if (column->source == ARRIVAL_FROM) return (struct sw_column){.type = SW_TEXT};
    return type_of_number(column->index, orders);
}

static bool make_schema(struct sw_tca_table *table, const struct sw_tca *tca, const char *made_by,
                        size_t length, struct sw_error *error)
{
    struct sw_schema *schema = &table->schema;
    if (!sw_schema_init(schema, "tca", error)) return false;
    for (size_t i = 0; i < table->column_count; i++) {
        const struct column *column = &columns[table->columns[i]];
        const struct sw_column type = type_of(column, tca);
        if (!sw_schema_add(schema, column->name, type.type, type.scale, error)) return false;
    }
    const struct sw_sort_key keys[] = {{.column = sw_schema_find(schema, "security_code")},
                                       {.column = sw_schema_find(schema, "order_id")}};
    schema->time_column = ARRIVAL_COLUMN;
    return sw_schema_inherit(schema, &tca->orders.reader.schema, true, error) &&
           sw_schema_sorted_by(schema, keys, keys[1].column < 0 ? 1 : 2, error) &&
           sw_schema_made_by(schema, made_by, length, error);
}

/* ---- opening ---- */

bool sw_tca_table_format(const char *name, bool *records, enum sw_print_format *format,
                         struct sw_error *error)
{
    struct sw_error unknown = {0};
    *records = strcmp(name, "swr") == 0;
    return *records || sw_print_format(name, format, &unknown) ||
           sw_fail(error, SW_USAGE, "--format: not swr, csv, tsv, jsonl or table: '%s'", name);
}

static bool open_builders(struct sw_tca_table *table, struct sw_error *error)
{
    table->own_builders = sw_alloc(COLUMNS, sizeof *table->own_builders, error);
    table->vectors = sw_alloc(COLUMNS, sizeof *table->vectors, error);
    if (!table->own_builders || !table->vectors) return false;
    for (size_t i = 0; i < table->column_count; i++) {
        const struct sw_column *column = &table->schema.columns[i];
        table->vectors[i] = &table->own_builders[i].vector;
        if (!sw_builder_init(&table->own_builders[i], column->type, column->scale, ROWS_AT_ONCE,
                             error))
            return false;
    }
    table->builders = table->own_builders;
    return true;
}

bool sw_tca_table_open(struct sw_tca_table *table, const struct sw_tca *tca,
                       const struct sw_tca_form *form, const char *made_by, size_t length,
                       struct sw_output *output, struct sw_error *error)
{
    struct sw_zone *zone = tca->orders.days.zone;
    const struct sw_print_options how = {
        .format = form->format, .table_time = zone, .iso_time = form->iso_time ? zone : NULL};
    const bool records = form->records || form->taker;
    table->records = records;
    table->nulls = sw_alloc(COLUMNS, sizeof *table->nulls, error);
    table->waiting = sw_alloc_unset(WAITING_ROWS * NUMBERS, sizeof *table->waiting, error);
    if (!table->nulls || !table->waiting ||
        !choose_columns(table, tca->orders.reported_only, error) ||
        !make_schema(table, tca, made_by, length, error))
        return false;
    if (!records)
        return open_builders(table, error) &&
               sw_printer_open(&table->printer, output, &table->schema, &how, error);
    if (form->taker ? !sw_writer_hand_over(&table->writer, &table->schema, *form->taker, error)
                    : !sw_writer_open(&table->writer, output, &table->schema, 0, error))
        return false;
    table->builders = table->writer.builders;
    return true;
}

void sw_tca_table_free(struct sw_tca_table *table)
{
    for (size_t i = 0; table->own_builders && i < table->column_count; i++)
        sw_builder_free(&table->own_builders[i]);
    free(table->columns);
    free(table->own_builders);
    free(table->vectors);
    free(table->nulls);
    free(table->waiting);
    sw_printer_free(&table->printer);
    sw_writer_free(&table->writer);
    sw_schema_free(&table->schema);
    *table = (struct sw_tca_table){0};
}

/* ---- rows ---- */

static void keep_numbers(const struct sw_tca *tca, struct sw_amount numbers[NUMBERS])
{
    const struct sw_order_fills *fills = &tca->fills;
    memcpy(numbers, tca->measures, sizeof tca->measures);
    numbers[ARRIVAL] = (struct sw_amount){true, fills->arrival_ns};
    numbers[QUOTE_AGE] = (struct sw_amount){tca->arrival != SW_ARRIVAL_NONE, tca->quote_age_ns};
    numbers[TRADES] = (struct sw_amount){true, fills->trades};
    numbers[TRADED_QUANTITY] = (struct sw_amount){true, fills->quantity};
    numbers[TRADED_VALUE] = (struct sw_amount){true, fills->value};
    numbers[CROSSED] = (struct sw_amount){true, tca->crossed};
    numbers[ARRIVAL_KIND] = (struct sw_amount){true, tca->arrival};
}

static bool put_arrival_from(struct sw_builder *builder, const struct sw_amount *arrival,
                             size_t count, struct sw_error *error)
{
    for (size_t i = 0; i < count; i++, arrival += NUMBERS) {
        const char *word = arrival->value == SW_ARRIVAL_ENTRY ? "entry" : "session";
        if (arrival->value == SW_ARRIVAL_NONE)
            sw_builder_add_null(builder);
        else if (!sw_builder_add_text(builder, word, strlen(word), error))
            return false;
    }
    return true;
}

/* A column of the orders that wait, the last of which is the current one. */
static bool put_column(struct sw_builder *builder, const struct column *column,
                       const struct sw_tca_table *table, const struct sw_tca *tca,
                       struct sw_error *error)
{
    const struct sw_row_sorter *kept = &tca->orders.kept;
    const size_t count = table->waiting_count;
    const struct sw_amount *numbers = table->waiting + column->index;
    uint32_t rows[WAITING_ROWS];
    switch (column->source) {
    case ARRIVAL_FROM:
        return put_arrival_from(builder, numbers, count, error);
    case NUMBER:
        return sw_builder_add_amounts(builder, numbers, NUMBERS, count, error);
    case KEPT:
        break;
    }
    for (size_t i = 0; i < count; i++) rows[i] = (uint32_t)(kept->row + 1 - count + i);
    return sw_builder_gather(builder, kept->sorter.vectors[column->index], rows, count, error);
}

static bool print_rows(struct sw_tca_table *table, struct sw_error *error)
{
    size_t rows = table->vectors[0]->rows;
    bool good = rows == 0 || sw_printer_rows(&table->printer, table->vectors, NULL, rows, error);
    for (size_t i = 0; i < table->column_count; i++) sw_builder_reset(&table->own_builders[i]);
    return good;
}

static bool put_waiting(struct sw_tca_table *table, const struct sw_tca *tca,
                        struct sw_error *error)
{
    const size_t count = table->waiting_count;
    for (size_t i = 0; i < table->column_count; i++) {
        struct sw_builder *builder = &table->builders[i];
        const size_t nulls = builder->vector.nulls;
        if (!put_column(builder, &columns[table->columns[i]], table, tca, error)) return false;
        table->nulls[i] += builder->vector.nulls - nulls;
    }
    table->waiting_count = 0;
    if (table->records) return sw_writer_added(&table->writer, count, error);
    return table->vectors[0]->rows + WAITING_ROWS <= ROWS_AT_ONCE || print_rows(table, error);
}

bool sw_tca_table_put(struct sw_tca_table *table, const struct sw_tca *tca, struct sw_error *error)
{
    const size_t room = table->records ? sw_writer_room(&table->writer) : WAITING_ROWS;
    keep_numbers(tca, table->waiting + table->waiting_count++ * NUMBERS);
    table->rows++;
    return (table->waiting_count < WAITING_ROWS && table->waiting_count < room &&
            !sw_row_sorter_ends_block(&tca->orders.kept)) ||
           put_waiting(table, tca, error);
}

bool sw_tca_table_close(struct sw_tca_table *table, struct sw_error *error)
{
    if (table->records) return sw_writer_close(&table->writer, error);
    return print_rows(table, error) && sw_printer_end(&table->printer, error);
}
