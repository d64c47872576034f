/* SPDX-License-Identifier: ISC */
#include "tca/table.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { ROWS_AT_ONCE = 4096 };

/* Where a column comes from. */
enum source {
    KEPT,    /* as it is in the order */
    MEASURE, /* worked out */
    ARRIVAL,
    ARRIVAL_FROM,
    QUOTE_AGE,
    TRADES,
    TRADED_QUANTITY,
    TRADED_VALUE,
    CROSSED,
};

static const struct column {
    const char *name;
    enum source source;
    int index; /* an enum sw_kept_column or enum sw_tca_measure */
} columns[] = {
    {"security_code", KEPT, SW_KEPT_SECURITY},
    {"arrival", ARRIVAL, 0},
    {"side", KEPT, SW_KEPT_SIDE},
    {"exchangeordertype", KEPT, SW_KEPT_TYPE},
    {"order_quantity", KEPT, SW_KEPT_QUANTITY},
    {"fill_ratio", MEASURE, SW_TCA_FILL_RATIO},
    {"vwap", MEASURE, SW_TCA_VWAP},
    {"arrival_cost_bps", MEASURE, SW_TCA_ARRIVAL_COST_BPS},
    {"cost_bps", MEASURE, SW_TCA_COST_BPS},
    {"passive_share", MEASURE, SW_TCA_SHARE_OF_KIND + SW_FILL_PASSIVE},
    {"dark_share", MEASURE, SW_TCA_SHARE_OF_KIND + SW_FILL_DARK},
    {"realized_spread_60s_bps", MEASURE, SW_TCA_REALIZED_SPREAD_BPS + 3},
    {"impact_60s_bps", MEASURE, SW_TCA_IMPACT_BPS + 3},
    {"order_id", KEPT, SW_KEPT_ORDER},
    {"date", KEPT, SW_KEPT_DATE},
    {"participantid", KEPT, SW_KEPT_PARTICIPANT},
    {"group", KEPT, SW_KEPT_GROUP},
    {"arrival_from", ARRIVAL_FROM, 0},
    {"arrival_midprice", MEASURE, SW_TCA_ARRIVAL_MIDPRICE},
    {"quote_age", QUOTE_AGE, 0},
    {"trades", TRADES, 0},
    {"traded_quantity", TRADED_QUANTITY, 0},
    {"traded_value", TRADED_VALUE, 0},
    {"effective_spread_bps", MEASURE, SW_TCA_EFFECTIVE_SPREAD_BPS},
    {"realized_spread_50ms_bps", MEASURE, SW_TCA_REALIZED_SPREAD_BPS},
    {"realized_spread_1s_bps", MEASURE, SW_TCA_REALIZED_SPREAD_BPS + 1},
    {"realized_spread_15s_bps", MEASURE, SW_TCA_REALIZED_SPREAD_BPS + 2},
    {"realized_spread_300s_bps", MEASURE, SW_TCA_REALIZED_SPREAD_BPS + 4},
    {"impact_50ms_bps", MEASURE, SW_TCA_IMPACT_BPS},
    {"impact_1s_bps", MEASURE, SW_TCA_IMPACT_BPS + 1},
    {"impact_15s_bps", MEASURE, SW_TCA_IMPACT_BPS + 2},
    {"impact_300s_bps", MEASURE, SW_TCA_IMPACT_BPS + 4},
    {"effective_over_quoted_pct", MEASURE, SW_TCA_EFFECTIVE_OVER_QUOTED_PCT},
    {"cost_bps_passive", MEASURE, SW_TCA_COST_BPS_OF_KIND + SW_FILL_PASSIVE},
    {"cost_bps_aggressive", MEASURE, SW_TCA_COST_BPS_OF_KIND + SW_FILL_AGGRESSIVE},
    {"cost_bps_dark", MEASURE, SW_TCA_COST_BPS_OF_KIND + SW_FILL_DARK},
    {"cost_bps_auction", MEASURE, SW_TCA_COST_BPS_OF_KIND + SW_FILL_AUCTION},
    {"aggressive_share", MEASURE, SW_TCA_SHARE_OF_KIND + SW_FILL_AGGRESSIVE},
    {"auction_share", MEASURE, SW_TCA_SHARE_OF_KIND + SW_FILL_AUCTION},
    {"booked_share", MEASURE, SW_TCA_BOOKED_SHARE},
    {"shortfall_bps", MEASURE, SW_TCA_SHORTFALL_BPS},
    {"shortfall_execution_bps", MEASURE, SW_TCA_SHORTFALL_EXECUTION_BPS},
    {"shortfall_opportunity_bps", MEASURE, SW_TCA_SHORTFALL_OPPORTUNITY_BPS},
    {"vwap_cost_bps", MEASURE, SW_TCA_VWAP_COST_BPS},
    {"participation", MEASURE, SW_TCA_PARTICIPATION},
    {"limit_improvement", MEASURE, SW_TCA_LIMIT_IMPROVEMENT},
    {"time_to_first_fill", MEASURE, SW_TCA_TIME_TO_FIRST_FILL},
    {"time_first_to_last", MEASURE, SW_TCA_TIME_FIRST_TO_LAST},
    {"time_volume_weighted", MEASURE, SW_TCA_TIME_VOLUME_WEIGHTED},
    {"crossed", CROSSED, 0},
};

enum { COLUMNS = sizeof columns / sizeof *columns, ARRIVAL_COLUMN = 1 };

/* ---- the schema ---- */

static bool is_reported(const struct column *column)
{
    static const enum sw_kept_column kept[] = {SW_KEPT_SECURITY, SW_KEPT_DATE, SW_KEPT_PARTICIPANT,
                                               SW_KEPT_QUANTITY};
    if (column->source == MEASURE) return sw_tca_is_reported(column->index);
    for (size_t i = 0; column->source == KEPT && i < sizeof kept / sizeof *kept; i++)
        if (column->index == (int)kept[i]) return true;
    return column->source == ARRIVAL || column->source == TRADED_QUANTITY ||
           column->source == TRADED_VALUE;
}

static bool choose_columns(struct sw_tca_table *table, bool reported_only, struct sw_error *error)
{
    table->columns = sw_alloc(COLUMNS, sizeof *table->columns, error);
    for (int i = 0; table->columns && i < COLUMNS; i++)
        if (!reported_only || is_reported(&columns[i])) table->columns[table->column_count++] = i;
    return table->columns != NULL;
}

static bool is_whole(int measure)
{
    return measure >= SW_TCA_TIME_TO_FIRST_FILL;
}

static struct sw_column type_of(const struct column *column, const struct sw_tca *tca)
{
    const struct sw_tca_orders *orders = &tca->orders;
    switch (column->source) {
    case KEPT:
        return orders->reader.schema.columns[orders->columns[column->index]];
    case MEASURE:
        if (is_whole(column->index)) break;
        return (struct sw_column){
            .type = SW_DECIMAL,
            .scale = column->index == SW_TCA_FILL_RATIO ? SW_TCA_FILL_RATIO_SCALE : SW_TCA_SCALE};
    case ARRIVAL:
        return (struct sw_column){.type = SW_TIME};
    case ARRIVAL_FROM:
        return (struct sw_column){.type = SW_TEXT};
    case TRADED_QUANTITY:
        if (orders->quantity_scale == 0) break;
        return (struct sw_column){.type = SW_DECIMAL, .scale = orders->quantity_scale};
    case TRADED_VALUE:
        return (struct sw_column){.type = SW_DECIMAL,
                                  .scale = orders->price_scale + orders->quantity_scale};
    case QUOTE_AGE:
    case TRADES:
    case CROSSED:
        break;
    }
    return (struct sw_column){.type = SW_INT};
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
    const bool records = form->records;
    table->records = records;
    table->nulls = sw_alloc(COLUMNS, sizeof *table->nulls, error);
    if (!table->nulls || !choose_columns(table, tca->orders.reported_only, error) ||
        !make_schema(table, tca, made_by, length, error))
        return false;
    if (!records)
        return open_builders(table, error) &&
               sw_printer_open(&table->printer, output, &table->schema, &how, error);
    if (!sw_writer_open(&table->writer, output, &table->schema, 0, error)) return false;
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
    sw_printer_free(&table->printer);
    sw_writer_free(&table->writer);
    sw_schema_free(&table->schema);
    *table = (struct sw_tca_table){0};
}

/* ---- rows ---- */

static struct sw_tca_value value_of(const struct column *column, const struct sw_tca *tca)
{
    const struct sw_order_fills *fills = &tca->fills;
    switch (column->source) {
    case MEASURE:
        return tca->measures[column->index];
    case ARRIVAL:
        return (struct sw_tca_value){true, fills->arrival_ns};
    case QUOTE_AGE:
        return (struct sw_tca_value){tca->arrival != SW_ARRIVAL_NONE, tca->quote_age_ns};
    case TRADES:
        return (struct sw_tca_value){true, fills->trades};
    case TRADED_QUANTITY:
        return (struct sw_tca_value){true, fills->quantity};
    case TRADED_VALUE:
        return (struct sw_tca_value){true, fills->value};
    case CROSSED:
        return (struct sw_tca_value){true, tca->crossed};
    case KEPT:
    case ARRIVAL_FROM:
        break;
    }
    return (struct sw_tca_value){0};
}

static bool put_arrival_from(struct sw_builder *builder, enum sw_arrival_from arrival,
                             struct sw_error *error)
{
    const char *word = arrival == SW_ARRIVAL_ENTRY ? "entry" : "session";
    if (arrival != SW_ARRIVAL_NONE) return sw_builder_add_text(builder, word, strlen(word), error);
    sw_builder_add_null(builder);
    return true;
}

static bool put_cell(struct sw_builder *builder, const struct column *column,
                     const struct sw_tca *tca, struct sw_error *error)
{
    const struct sw_row_sorter *kept = &tca->orders.kept;
    const uint32_t rows[1] = {(uint32_t)kept->row};
    if (column->source == KEPT)
        return sw_builder_gather(builder, kept->sorter.vectors[column->index], rows, 1, error);
    if (column->source == ARRIVAL_FROM) return put_arrival_from(builder, tca->arrival, error);
    struct sw_tca_value value = value_of(column, tca);
    if (value.known) return sw_builder_add_value(builder, value.value, error);
    sw_builder_add_null(builder);
    return true;
}

static bool print_rows(struct sw_tca_table *table, struct sw_error *error)
{
    size_t rows = table->vectors[0]->rows;
    bool good = rows == 0 || sw_printer_rows(&table->printer, table->vectors, NULL, rows, error);
    for (size_t i = 0; i < table->column_count; i++) sw_builder_reset(&table->own_builders[i]);
    return good;
}

bool sw_tca_table_put(struct sw_tca_table *table, const struct sw_tca *tca, struct sw_error *error)
{
    for (size_t i = 0; i < table->column_count; i++) {
        struct sw_builder *builder = &table->builders[i];
        if (!put_cell(builder, &columns[table->columns[i]], tca, error)) return false;
        table->nulls[i] += sw_is_null(&builder->vector, builder->vector.rows - 1);
    }
    table->rows++;
    if (table->records) return sw_writer_added(&table->writer, 1, error);
    return table->vectors[0]->rows < ROWS_AT_ONCE || print_rows(table, error);
}

bool sw_tca_table_close(struct sw_tca_table *table, struct sw_error *error)
{
    if (table->records) return sw_writer_close(&table->writer, error);
    return print_rows(table, error) && sw_printer_end(&table->printer, error);
}
