/* SPDX-License-Identifier: ISC */
#include "market/simulation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* Where a column comes from. */
enum source {
    TERM,   /* as it is in the order */
    NUMBER, /* a figure, or one of those below */
    SCENARIO,
};

/* The numbers of an order in a scenario: its figures, and then what they rest on. */
enum {
    QUOTES = SW_FIGURES,
    QUOTE_AGE,
    COMPARABLE,
    SCENARIO_OF_ROW, /* an enum sw_scenario */
    NUMBERS,
};

enum { WAITING_ROWS = 48 }; /* of which a column after the other is put */

static const struct column {
    const char *name;
    enum source source;
    int index; /* an enum sw_term_column, or of the numbers */
} columns[SW_SIMULATION_COLUMNS] = {
    {"order_id", TERM, SW_TERM_ORDER},
    {"scenario", SCENARIO, SCENARIO_OF_ROW},
    {"security_code", TERM, SW_TERM_SECURITY},
    {"date", TERM, SW_TERM_DATE},
    {"side", TERM, SW_TERM_SIDE},
    {"simulated_quantity", TERM, SW_TERM_INITIAL_QUANTITY},
    {"simulated_price", NUMBER, SW_SIMULATED_PRICE},
    {"simulated_cost", NUMBER, SW_SIMULATED_COST},
    {"simulated_fill_ratio", NUMBER, SW_SIMULATED_FILL_RATIO},
    {"cost_difference", NUMBER, SW_COST_DIFFERENCE},
    {"savings", NUMBER, SW_SAVINGS},
    {"cost_improvement_pct", NUMBER, SW_COST_IMPROVEMENT_PCT},
    {"first_timestamp", TERM, SW_TERM_FIRST_TIMESTAMP},
    {"completion_timestamp", TERM, SW_TERM_COMPLETION_TIMESTAMP},
    {"initial_quantity", TERM, SW_TERM_INITIAL_QUANTITY},
    {"initial_price", NUMBER, SW_INITIAL_PRICE},
    {"actual_quantity", TERM, SW_TERM_ACTUAL_QUANTITY},
    {"actual_price", NUMBER, SW_ACTUAL_PRICE},
    {"actual_cost", NUMBER, SW_ACTUAL_COST},
    {"midprice", NUMBER, SW_MIDPRICE},
    {"amended", TERM, SW_TERM_AMENDED},
    {"quotes", NUMBER, QUOTES},
    {"quote_age", NUMBER, QUOTE_AGE},
    {"comparable", NUMBER, COMPARABLE},
};

enum { COMPLETION = 13 }; /* the table's time */

/* ---- the schema ---- */

static bool add_column(struct sw_schema *schema, const struct column *column,
                       const struct sw_simulate *simulate, struct sw_error *error)
{
    if (column->source == SCENARIO) return sw_schema_add(schema, column->name, SW_TEXT, 0, error);
    if (column->source == NUMBER && column->index >= SW_FIGURES)
        return sw_schema_add(schema, column->name, SW_INT, 0, error);
    if (column->source == NUMBER)
        return sw_schema_add(schema, column->name, SW_DECIMAL, SW_FIGURE_SCALE, error);
    const struct sw_column *from =
        &simulate->schema.columns[simulate->orders.columns[column->index]];
    return sw_schema_add(schema, column->name, from->type, from->scale, error);
}

/* The column that holds a column of the orders, as it is there; -1: none. */
static int find_copy(const char *name)
{
    for (int i = 0; i < SW_SIMULATION_COLUMNS; i++)
        if (columns[i].source == TERM && strcmp(columns[i].name, name) == 0) return i;
    return -1;
}

static bool inherit_order(struct sw_schema *schema, const struct sw_schema *from,
                          struct sw_error *error)
{
    struct sw_sort_key keys[SW_SORT_KEYS_MAXIMUM];
    size_t count = 0;
    for (; count < from->sort_count && count < SW_SORT_KEYS_MAXIMUM; count++) {
        keys[count] = from->sort_keys[count];
        keys[count].column = find_copy(from->columns[keys[count].column].name);
        if (keys[count].column < 0) break;
    }
    return count == 0 || sw_schema_sorted_by(schema, keys, count, error);
}

static bool make_schema(struct sw_simulation *simulation, const struct sw_simulate *simulate,
                        struct sw_error *error)
{
    struct sw_schema *schema = &simulation->schema;
    const struct sw_schema *orders = &simulate->schema;
    if (!sw_schema_init(schema, "simulation", error)) return false;
    for (int i = 0; i < SW_SIMULATION_COLUMNS; i++)
        if (!add_column(schema, &columns[i], simulate, error)) return false;
    schema->time_column = COMPLETION;
    return sw_schema_inherit(schema, orders, false, error) && inherit_order(schema, orders, error);
}

/* ---- rows ---- */

static void keep_numbers(const struct sw_simulate *simulate, enum sw_scenario scenario,
                         struct sw_amount numbers[NUMBERS])
{
    const struct sw_midprice *quote = &simulate->quote;
    memcpy(numbers, simulate->figures[scenario], sizeof simulate->figures[scenario]);
    numbers[QUOTES] = (struct sw_amount){true, quote->quotes};
    numbers[QUOTE_AGE] = (struct sw_amount){quote->is_older, quote->age_ns};
    numbers[COMPARABLE] = (struct sw_amount){true, simulate->comparable};
    numbers[SCENARIO_OF_ROW] = (struct sw_amount){true, scenario};
}

static bool put_scenarios(struct sw_builder *builder, const struct sw_amount *scenarios,
                          size_t count, struct sw_error *error)
{
    for (size_t i = 0; i < count; i++, scenarios += NUMBERS) {
        const char *name = sw_scenario_name((enum sw_scenario)scenarios->value);
        if (!sw_builder_add_text(builder, name, strlen(name), error)) return false;
    }
    return true;
}

static bool put_column(struct sw_builder *builder, const struct column *column,
                       const struct sw_simulation *simulation, const struct sw_simulate *simulate,
                       struct sw_error *error)
{
    const struct sw_amount *numbers = simulation->waiting + column->index;
    const size_t count = simulation->waiting_count;
    switch (column->source) {
    case SCENARIO:
        return put_scenarios(builder, numbers, count, error);
    case NUMBER:
        return sw_builder_add_amounts(builder, numbers, NUMBERS, count, error);
    case TERM:
        break;
    }
    return sw_builder_gather(builder, sw_term(&simulate->orders, column->index),
                             simulation->waiting_rows, count, error);
}

static bool put_waiting(struct sw_simulation *simulation, const struct sw_simulate *simulate,
                        struct sw_error *error)
{
    const size_t count = simulation->waiting_count;
    for (int i = 0; count > 0 && i < SW_SIMULATION_COLUMNS; i++)
        if (!put_column(&simulation->writer.builders[i], &columns[i], simulation, simulate, error))
            return false;
    simulation->waiting_count = 0;
    return sw_writer_added(&simulation->writer, count, error);
}

bool sw_simulation_open(struct sw_simulation *simulation, const struct sw_simulate *simulate,
                        const char *made_by, size_t length, struct sw_error *error)
{
    simulation->waiting =
        sw_alloc_unset(WAITING_ROWS * NUMBERS, sizeof *simulation->waiting, error);
    simulation->waiting_rows =
        sw_alloc_unset(WAITING_ROWS, sizeof *simulation->waiting_rows, error);
    return simulation->waiting && simulation->waiting_rows &&
           make_schema(simulation, simulate, error) &&
           sw_schema_made_by(&simulation->schema, made_by, length, error);
}

bool sw_simulation_put(struct sw_simulation *simulation, const struct sw_simulate *simulate,
                       struct sw_error *error)
{
    for (enum sw_scenario i = 0; simulate->filled && i < SW_SCENARIOS; i++) {
        if (!simulate->settings->chosen[i]) continue;
        const size_t at = simulation->waiting_count++;
        simulation->waiting_rows[at] = (uint32_t)simulate->row;
        keep_numbers(simulate, i, simulation->waiting + at * NUMBERS);
        const size_t room = sw_writer_room(&simulation->writer);
        if ((at + 1 == WAITING_ROWS || at + 1 == room) && !put_waiting(simulation, simulate, error))
            return false;
    }
    return !sw_simulate_ends_block(simulate) || put_waiting(simulation, simulate, error);
}

bool sw_simulation_close(struct sw_simulation *simulation, struct sw_error *error)
{
    return sw_writer_close(&simulation->writer, error);
}

void sw_simulation_free(struct sw_simulation *simulation)
{
    free(simulation->waiting);
    free(simulation->waiting_rows);
    sw_writer_free(&simulation->writer);
    sw_schema_free(&simulation->schema);
}

/* ---- the orders themselves ---- */

enum { ADDED = 3 }; /* columns of a scenario */

static const char *const added_names[ADDED] = {"simulated_cost", "savings", "savings_pct"};
enum { SW_PERCENT_SCALE = 18 };
static const int added_scales[ADDED] = {SW_FIGURE_SCALE, SW_FIGURE_SCALE, SW_PERCENT_SCALE};

static bool add_scenario_columns(struct sw_schema *schema, enum sw_scenario scenario,
                                 struct sw_error *error)
{
    char name[64];
    for (int i = 0; i < ADDED; i++) {
        snprintf(name, sizeof name, "%s_%s", sw_scenario_name(scenario), added_names[i]);
        if (!sw_schema_add(schema, name, SW_DECIMAL, added_scales[i], error)) return false;
    }
    return true;
}

/* 100 × savings ÷ actual cost, of the values as they are written. A mean over orders is taken of it, which is to be as if nothing had
 * been rounded before: hence its many places. */
static bool savings_pct(const struct sw_amount figures[SW_FIGURES], struct sw_amount *percent,
                        struct sw_error *error)
{
    struct sw_amount savings = figures[SW_SAVINGS], cost = figures[SW_ACTUAL_COST];
    sw_int128 hundredfold;
    *percent = (struct sw_amount){0};
    if (!savings.known || !cost.known || cost.value == 0) return true;
    percent->known = !__builtin_mul_overflow(savings.value, (sw_int128)100, &hundredfold) &&
                     sw_ratio(hundredfold, cost.value, SW_PERCENT_SCALE, &percent->value);
    return percent->known || sw_fail(error, SW_DATA, "savings in percent: out of range");
}

static bool put_amount(struct sw_builder *builder, struct sw_amount amount, struct sw_error *error)
{
    if (amount.known) return sw_builder_add_value(builder, amount.value, error);
    sw_builder_add_null(builder);
    return true;
}

static bool put_added(struct sw_builder *builders, const struct sw_simulate *simulate,
                      enum sw_scenario scenario, bool counts, struct sw_error *error)
{
    struct sw_amount added[ADDED] = {{0}};
    if (counts) {
        const struct sw_amount *figures = simulate->figures[scenario];
        added[0] = figures[SW_SIMULATED_COST];
        added[1] = figures[SW_SAVINGS];
        if (!savings_pct(figures, &added[2], error)) return false;
    }
    for (int i = 0; i < ADDED; i++)
        if (!put_amount(&builders[i], added[i], error)) return false;
    return true;
}

bool sw_per_order_open(struct sw_per_order *per_order, const struct sw_simulate *simulate,
                       struct sw_inclusion inclusion, const char *made_by, size_t length,
                       struct sw_output *output, struct sw_error *error)
{
    struct sw_schema *schema = &per_order->schema;
    per_order->inclusion = inclusion;
    if (!sw_schema_copy(schema, &simulate->schema, NULL, 0, error)) return false;
    for (int i = 0; i < SW_SCENARIOS; i++)
        if (simulate->settings->chosen[i] && !add_scenario_columns(schema, i, error)) return false;
    per_order->waiting = sw_alloc_unset(SW_BLOCK_ROWS_MAXIMUM, sizeof *per_order->waiting, error);
    return per_order->waiting && sw_schema_made_by(schema, made_by, length, error) &&
           sw_writer_open(&per_order->writer, output, schema, 0, error);
}

/* What the orders that wait have of their own, a column after the other. */
static bool put_waiting_orders(struct sw_per_order *per_order, const struct sw_simulate *simulate,
                               struct sw_error *error)
{
    const struct sw_term_rows *orders = &simulate->orders;
    const size_t count = per_order->waiting_count;
    per_order->waiting_count = 0;
    for (size_t i = 0; i < simulate->schema.column_count; i++)
        if (!sw_builder_gather(&per_order->writer.builders[i], orders->vectors[i],
                               per_order->waiting, count, error))
            return false;
    return sw_writer_added(&per_order->writer, count, error);
}

bool sw_per_order_put(struct sw_per_order *per_order, const struct sw_simulate *simulate,
                      struct sw_error *error)
{
    struct sw_builder *builder = per_order->writer.builders + simulate->schema.column_count;
    bool counts = simulate->filled &&
                  sw_is_included(per_order->inclusion, simulate->amended, simulate->comparable);
    for (int i = 0; i < SW_SCENARIOS; i++) {
        if (!simulate->settings->chosen[i]) continue;
        if (!put_added(builder, simulate, i, counts, error)) return false;
        builder += ADDED;
    }
    per_order->waiting[per_order->waiting_count++] = (uint32_t)simulate->row;
    return (per_order->waiting_count < sw_writer_room(&per_order->writer) &&
            !sw_simulate_ends_block(simulate)) ||
           put_waiting_orders(per_order, simulate, error);
}

bool sw_per_order_close(struct sw_per_order *per_order, struct sw_error *error)
{
    return sw_writer_close(&per_order->writer, error);
}

void sw_per_order_free(struct sw_per_order *per_order)
{
    free(per_order->waiting);
    sw_writer_free(&per_order->writer);
    sw_schema_free(&per_order->schema);
}
