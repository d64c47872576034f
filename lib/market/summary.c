/* SPDX-License-Identifier: ISC */
#include "market/summary.h"

#include <inttypes.h>
#include <string.h>

#include "program/tally.h"
#include "base/wide.h"

static const char *const total_names[SW_TOTALS] = {
    "simulated_quantity", "actual_quantity", "actual_cost", "simulated_cost",
    "cost_difference",    "savings",         "midprice",
};

/* ---- adding ---- */

static void add_order(struct sw_summary *summary, enum sw_scenario scenario, bool amended,
                      const struct sw_amount values[SW_TOTALS])
{
    struct sw_summary_row *row = &summary->rows[scenario];
    if (!summary->chosen[scenario]) return;
    row->amended += amended;
    if (amended && !summary->amended_too) return;
    row->orders++;
    row->midprices += values[SW_TOTAL_MIDPRICE].known;
    for (int i = 0; i < SW_TOTALS; i++)
        if (values[i].known) sw_sum_add(&row->totals[i], values[i].value);
}

void sw_summary_add(struct sw_summary *summary, const struct sw_simulate *simulate)
{
    const struct sw_term_rows *orders = &simulate->orders;
    bool amended = sw_term_is_amended(orders, simulate->row);
    for (int i = 0; i < SW_SCENARIOS; i++) {
        const struct sw_amount *figures = simulate->figures[i];
        const struct sw_amount values[SW_TOTALS] = {
            [SW_TOTAL_QUANTITY] = sw_term_amount(orders, SW_TERM_INITIAL_QUANTITY, simulate->row),
            [SW_TOTAL_ACTUAL_QUANTITY] =
                sw_term_amount(orders, SW_TERM_ACTUAL_QUANTITY, simulate->row),
            [SW_TOTAL_ACTUAL_COST] = figures[SW_ACTUAL_COST],
            [SW_TOTAL_SIMULATED_COST] = figures[SW_SIMULATED_COST],
            [SW_TOTAL_COST_DIFFERENCE] = figures[SW_COST_DIFFERENCE],
            [SW_TOTAL_SAVINGS] = figures[SW_SAVINGS],
            [SW_TOTAL_MIDPRICE] = figures[SW_MIDPRICE],
        };
        add_order(summary, i, amended, values);
    }
}

/* ---- a stream of rows ---- */

enum { SCENARIO = SW_TOTALS, AMENDED, COLUMNS };

struct rows {
    struct sw_reader *reader;
    int columns[COLUMNS];
    const struct sw_vector *vectors[COLUMNS];
};

static const char *name_of(int column)
{
    if (column == SCENARIO) return "scenario";
    return column == AMENDED ? "amended" : total_names[column];
}

static bool is_fit(const struct sw_column *column, int index)
{
    if (index == SCENARIO) return column->type == SW_TEXT;
    if (index >= SW_TOTAL_ACTUAL_COST && index < SW_TOTALS)
        return column->type == SW_DECIMAL && column->scale == SW_FIGURE_SCALE;
    return column->type == SW_INT || column->type == SW_UINT;
}

static bool find_columns(struct rows *rows, struct sw_error *error)
{
    const struct sw_schema *schema = &rows->reader->schema;
    const char *file = rows->reader->first_name;
    for (int i = 0; i < COLUMNS; i++) {
        rows->columns[i] = sw_schema_find(schema, name_of(i));
        if (rows->columns[i] < 0)
            return sw_fail(error, SW_DATA, "%s: no such column: '%s'", file, name_of(i));
        if (!is_fit(&schema->columns[rows->columns[i]], i))
            return sw_fail(error, SW_DATA, "%s: %s: not of the type that sw-simulate writes", file,
                           name_of(i));
    }
    return true;
}

static bool fetch(struct rows *rows, struct sw_error *error)
{
    for (int i = 0; i < COLUMNS; i++) {
        rows->vectors[i] = sw_reader_vector(rows->reader, rows->columns[i], error);
        if (!rows->vectors[i]) return false;
    }
    return true;
}

static bool scenario_at(const struct rows *rows, size_t row, enum sw_scenario *scenario,
                        struct sw_error *error)
{
    const struct sw_vector *names = rows->vectors[SCENARIO];
    const struct sw_text none = {"", 0};
    const struct sw_text *name =
        sw_is_null(names, row) ? &none : &names->dictionary[names->codes[row]];
    *scenario = sw_scenario_find(name->bytes, name->length);
    if (*scenario != SW_SCENARIOS) return true;
    return sw_fail(error, SW_DATA, "%s: row %" PRIu64 ": scenario: unknown: '%.*s'",
                   rows->reader->first_name,
                   rows->reader->total_rows - rows->reader->rows + row + 1,
                   (int)(name->length < 100 ? name->length : 100), name->bytes);
}

static bool read_row(struct sw_summary *summary, const struct rows *rows, size_t row,
                     struct sw_error *error)
{
    struct sw_amount values[COLUMNS] = {{0}};
    enum sw_scenario scenario;
    if (!scenario_at(rows, row, &scenario, error)) return false;
    for (int i = 0; i < COLUMNS; i++)
        if (i != SCENARIO && !sw_is_null(rows->vectors[i], row))
            values[i] = (struct sw_amount){true, sw_value(rows->vectors[i], row)};
    add_order(summary, scenario, values[AMENDED].known && values[AMENDED].value == 1, values);
    return true;
}

bool sw_summary_read(struct sw_summary *summary, struct sw_reader *reader, struct sw_error *error)
{
    struct rows rows = {.reader = reader};
    struct sw_tally tally = {0};
    enum sw_step step;
    if (!find_columns(&rows, error)) return false;
    while ((step = sw_reader_next(reader, error)) == SW_ROWS) {
        if (!fetch(&rows, error)) return false;
        for (size_t row = 0; row < reader->rows; row++, tally.kept++)
            if (!read_row(summary, &rows, row, error)) return false;
    }
    tally.read = reader->total_rows;
    return step == SW_END && sw_tally_check(&tally, reader->first_name, error);
}

/* ---- writing ---- */

enum result_column {
    RESULT_SCENARIO,
    RESULT_ORDERS,
    RESULT_AMENDED,
    RESULT_QUANTITY,
    RESULT_ACTUAL_COST,
    RESULT_SIMULATED_COST,
    RESULT_COST_DIFFERENCE,
    RESULT_SAVINGS,
    RESULT_COST_IMPROVEMENT_PCT,
    RESULT_AVG_ACTUAL_PRICE,
    RESULT_AVG_SIMULATED_PRICE,
    RESULT_AVG_MIDPRICE,
    RESULTS,
};

static const struct {
    const char *name;
    enum sw_type type;
    int scale;
} results[RESULTS] = {
    [RESULT_SCENARIO] = {"scenario", SW_TEXT, 0},
    [RESULT_ORDERS] = {"orders", SW_INT, 0},
    [RESULT_AMENDED] = {"amended", SW_INT, 0},
    [RESULT_QUANTITY] = {"quantity", SW_DECIMAL, 0},
    [RESULT_ACTUAL_COST] = {"actual_cost", SW_DECIMAL, SW_FIGURE_SCALE},
    [RESULT_SIMULATED_COST] = {"simulated_cost", SW_DECIMAL, SW_FIGURE_SCALE},
    [RESULT_COST_DIFFERENCE] = {"cost_difference", SW_DECIMAL, SW_FIGURE_SCALE},
    [RESULT_SAVINGS] = {"savings", SW_DECIMAL, SW_FIGURE_SCALE},
    [RESULT_COST_IMPROVEMENT_PCT] = {"cost_improvement_pct", SW_DECIMAL, SW_FIGURE_SCALE},
    [RESULT_AVG_ACTUAL_PRICE] = {"avg_actual_price", SW_DECIMAL, SW_FIGURE_SCALE},
    [RESULT_AVG_SIMULATED_PRICE] = {"avg_simulated_price", SW_DECIMAL, SW_FIGURE_SCALE},
    [RESULT_AVG_MIDPRICE] = {"avg_midprice", SW_DECIMAL, SW_FIGURE_SCALE},
};

/* The totals in the columns from RESULT_QUANTITY to RESULT_SAVINGS. */
static const enum sw_total sums[] = {SW_TOTAL_QUANTITY, SW_TOTAL_ACTUAL_COST,
                                     SW_TOTAL_SIMULATED_COST, SW_TOTAL_COST_DIFFERENCE,
                                     SW_TOTAL_SAVINGS};

/* above × 10^shift ÷ below; empty where there is nothing to divide by. */
static bool put_ratio(struct sw_builder *builders, enum result_column column,
                      const struct sw_sum *above, const struct sw_sum *below, int shift,
                      struct sw_error *error)
{
    sw_int128 ratio;
    if (sw_sum_is_zero(below)) {
        sw_builder_add_null(&builders[column]);
        return true;
    }
    if (!sw_sum_ratio(above, below, shift, &ratio))
        return sw_fail(error, SW_DATA, "%s: out of range", results[column].name);
    return sw_builder_add_value(&builders[column], ratio, error);
}

static bool put_sums(const struct sw_summary_row *row, enum sw_scenario scenario,
                     struct sw_builder *builders, struct sw_error *error)
{
    sw_int128 value;
    for (size_t i = 0; i < sizeof sums / sizeof *sums; i++) {
        if (!sw_sum_narrow(&row->totals[sums[i]], &value))
            return sw_fail(error, SW_DATA, "%s: %s: the sum is out of range",
                           sw_scenario_name(scenario), total_names[sums[i]]);
        if (!sw_builder_add_value(&builders[RESULT_QUANTITY + i], value, error)) return false;
    }
    return true;
}

static bool put_row(const struct sw_summary_row *row, enum sw_scenario scenario,
                    struct sw_builder *builders, struct sw_error *error)
{
    enum { PERCENT = 2 }; /* × 10^2 */
    const struct sw_sum *totals = row->totals, midprices = sw_sum_of(row->midprices);
    const char *name = sw_scenario_name(scenario);
    bool good = sw_builder_add_text(&builders[RESULT_SCENARIO], name, strlen(name), error) &&
                sw_builder_add_value(&builders[RESULT_ORDERS], row->orders, error) &&
                sw_builder_add_value(&builders[RESULT_AMENDED], row->amended, error);
    return good && put_sums(row, scenario, builders, error) &&
           put_ratio(builders, RESULT_COST_IMPROVEMENT_PCT, &totals[SW_TOTAL_COST_DIFFERENCE],
                     &totals[SW_TOTAL_ACTUAL_COST], SW_FIGURE_SCALE + PERCENT, error) &&
           put_ratio(builders, RESULT_AVG_ACTUAL_PRICE, &totals[SW_TOTAL_ACTUAL_COST],
                     &totals[SW_TOTAL_ACTUAL_QUANTITY], 0, error) &&
           put_ratio(builders, RESULT_AVG_SIMULATED_PRICE, &totals[SW_TOTAL_SIMULATED_COST],
                     &totals[SW_TOTAL_QUANTITY], 0, error) &&
           put_ratio(builders, RESULT_AVG_MIDPRICE, &totals[SW_TOTAL_MIDPRICE], &midprices, 0,
                     error);
}

static bool make_columns(struct sw_schema *schema, struct sw_builder builders[RESULTS],
                         struct sw_error *error)
{
    if (!sw_schema_init(schema, "simulation_summary", error)) return false;
    for (int i = 0; i < RESULTS; i++)
        if (!sw_schema_add(schema, results[i].name, results[i].type, results[i].scale, error) ||
            !sw_builder_init(&builders[i], results[i].type, results[i].scale, SW_SCENARIOS, error))
            return false;
    return true;
}

static bool print_rows(const struct sw_schema *schema, const struct sw_builder builders[RESULTS],
                       enum sw_print_format format, struct sw_output *output,
                       struct sw_error *error)
{
    bool fixed[RESULTS], are_sums[RESULTS];
    const struct sw_vector *vectors[RESULTS];
    for (int i = 0; i < RESULTS; i++) {
        fixed[i] = i >= RESULT_COST_IMPROVEMENT_PCT;
        are_sums[i] = i >= RESULT_QUANTITY && i <= RESULT_SAVINGS;
        vectors[i] = &builders[i].vector;
    }
    struct sw_print_options how = {.format = format, .fixed = fixed, .sums = are_sums};
    struct sw_printer printer = {0};
    bool good = sw_printer_open(&printer, output, schema, &how, error) &&
                sw_printer_rows(&printer, vectors, NULL, vectors[0]->rows, error) &&
                sw_printer_end(&printer, error);
    sw_printer_free(&printer);
    return good;
}

bool sw_summary_write(const struct sw_summary *summary, enum sw_print_format format,
                      struct sw_output *output, struct sw_error *error)
{
    struct sw_schema schema = {0};
    struct sw_builder builders[RESULTS];
    memset(builders, 0, sizeof builders);
    bool good = make_columns(&schema, builders, error);
    for (int i = 0; good && i < SW_SCENARIOS; i++)
        if (summary->chosen[i]) good = put_row(&summary->rows[i], i, builders, error);
    good = good && print_rows(&schema, builders, format, output, error);
    for (int i = 0; i < RESULTS; i++) sw_builder_free(&builders[i]);
    sw_schema_free(&schema);
    return good;
}
