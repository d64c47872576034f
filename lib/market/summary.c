/* SPDX-License-Identifier: ISC */
#include "market/summary.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/civil.h"
#include "base/wide.h"
#include "program/tally.h"

/* ---- adding ---- */

/* What of a simulated order goes into a scenario's line. */
struct facts {
    struct sw_amount values[SW_TOTALS];
    struct sw_amount side, simulated_price, initial_price; /* prices of one scale */
    struct sw_amount quote_age_ns;
    bool amended, comparable;
};

/* A buyer pays more than the order allows, or a seller gets less. */
static bool is_beyond_limit(const struct facts *facts)
{
    if (!facts->side.known || !facts->simulated_price.known || !facts->initial_price.known)
        return false;
    sw_int128 price = facts->simulated_price.value, limit = facts->initial_price.value;
    return facts->side.value == 1 ? price > limit : facts->side.value == 2 && price < limit;
}

static void count_order(struct sw_summary_row *row, const struct facts *facts)
{
    struct sw_amount age = facts->quote_age_ns;
    row->simulated++;
    row->amended += facts->amended;
    row->unequal += !facts->amended && !facts->comparable;
    row->without_quote += !facts->values[SW_TOTAL_MIDPRICE].known;
    row->beyond_limit += is_beyond_limit(facts);
    if (!age.known) return;
    row->old_quotes += age.value > SW_OLD_QUOTE_S * (sw_int128)SW_NS_PER_SECOND;
    if (!row->any_older || age.value > row->oldest_ns) row->oldest_ns = age.value;
    row->any_older = true;
}

static void add_order(struct sw_summary *summary, enum sw_scenario scenario,
                      const struct facts *facts)
{
    struct sw_summary_row *row = &summary->rows[scenario];
    if (!summary->chosen[scenario]) return;
    count_order(row, facts);
    if (!sw_is_included(summary->inclusion, facts->amended, facts->comparable)) return;
    row->orders++;
    row->midprices += facts->values[SW_TOTAL_MIDPRICE].known;
    for (int i = 0; i < SW_TOTALS; i++)
        if (facts->values[i].known) sw_sum_add(&row->totals[i], facts->values[i].value);
}

void sw_summary_add(struct sw_summary *summary, const struct sw_simulate *simulate)
{
    const struct sw_term_rows *orders = &simulate->orders;
    const struct sw_midprice *quote = &simulate->quote;
    struct facts facts = {
        .values = {[SW_TOTAL_QUANTITY] =
                       sw_term_amount(orders, SW_TERM_INITIAL_QUANTITY, simulate->row),
                   [SW_TOTAL_ACTUAL_QUANTITY] =
                       sw_term_amount(orders, SW_TERM_ACTUAL_QUANTITY, simulate->row)},
        .side = sw_term_amount(orders, SW_TERM_SIDE, simulate->row),
        .quote_age_ns = {quote->is_older, quote->age_ns},
        .amended = simulate->amended,
        .comparable = simulate->comparable,
    };
    summary->quantity_scale = sw_term(orders, SW_TERM_INITIAL_QUANTITY)->scale;
    summary->actual_scale = sw_term(orders, SW_TERM_ACTUAL_QUANTITY)->scale;
    for (int i = 0; i < SW_SCENARIOS; i++) {
        const struct sw_amount *figures = simulate->figures[i];
        if (!summary->chosen[i]) continue;
        facts.values[SW_TOTAL_ACTUAL_COST] = figures[SW_ACTUAL_COST];
        facts.values[SW_TOTAL_SIMULATED_COST] = figures[SW_SIMULATED_COST];
        facts.values[SW_TOTAL_COST_DIFFERENCE] = figures[SW_COST_DIFFERENCE];
        facts.values[SW_TOTAL_SAVINGS] = figures[SW_SAVINGS];
        facts.values[SW_TOTAL_MIDPRICE] = figures[SW_MIDPRICE];
        facts.simulated_price = figures[SW_SIMULATED_PRICE];
        facts.initial_price = figures[SW_INITIAL_PRICE];
        add_order(summary, i, &facts);
    }
}

/* ---- a stream of rows ---- */

enum {
    SCENARIO = SW_TOTALS,
    SIDE,
    SIMULATED_PRICE,
    ROW_INITIAL_PRICE,
    QUOTE_AGE,
    AMENDED,
    COMPARABLE,
    COLUMNS
};

static const struct {
    const char *name;
    enum { A_TEXT, WHOLE, QUANTITY, MILLIONTHS } kind;
} columns[COLUMNS] = {
    [SW_TOTAL_QUANTITY] = {"simulated_quantity", QUANTITY},
    [SW_TOTAL_ACTUAL_QUANTITY] = {"actual_quantity", QUANTITY},
    [SW_TOTAL_ACTUAL_COST] = {"actual_cost", MILLIONTHS},
    [SW_TOTAL_SIMULATED_COST] = {"simulated_cost", MILLIONTHS},
    [SW_TOTAL_COST_DIFFERENCE] = {"cost_difference", MILLIONTHS},
    [SW_TOTAL_SAVINGS] = {"savings", MILLIONTHS},
    [SW_TOTAL_MIDPRICE] = {"midprice", MILLIONTHS},
    [SCENARIO] = {"scenario", A_TEXT},
    [SIDE] = {"side", WHOLE},
    [SIMULATED_PRICE] = {"simulated_price", MILLIONTHS},
    [ROW_INITIAL_PRICE] = {"initial_price", MILLIONTHS},
    [QUOTE_AGE] = {"quote_age", WHOLE},
    [AMENDED] = {"amended", WHOLE},
    [COMPARABLE] = {"comparable", WHOLE},
};

struct rows {
    struct sw_reader *reader;
    int columns[COLUMNS];
    const struct sw_vector *vectors[COLUMNS];
};

static bool is_fit(const struct sw_column *column, int index)
{
    if (columns[index].kind == A_TEXT) return column->type == SW_TEXT;
    if (columns[index].kind == MILLIONTHS)
        return column->type == SW_DECIMAL && column->scale == SW_FIGURE_SCALE;
    if (columns[index].kind == QUANTITY && column->type == SW_DECIMAL) return true;
    return column->type == SW_INT || column->type == SW_UINT;
}

static bool find_columns(struct rows *rows, struct sw_error *error)
{
    const struct sw_schema *schema = &rows->reader->schema;
    const char *file = rows->reader->first_name;
    for (int i = 0; i < COLUMNS; i++) {
        rows->columns[i] = sw_schema_find(schema, columns[i].name);
        if (rows->columns[i] < 0)
            return sw_fail(error, SW_DATA, "%s: no such column: '%s'", file, columns[i].name);
        if (!is_fit(&schema->columns[rows->columns[i]], i))
            return sw_fail(error, SW_DATA, "%s: %s: not of the type that sw-simulate writes", file,
                           columns[i].name);
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

static bool is_one(struct sw_amount amount)
{
    return amount.known && amount.value == 1;
}

static bool read_row(struct sw_summary *summary, const struct rows *rows, size_t row,
                     struct sw_error *error)
{
    struct sw_amount values[COLUMNS] = {{0}};
    struct facts facts = {0};
    enum sw_scenario scenario;
    if (!scenario_at(rows, row, &scenario, error)) return false;
    for (int i = 0; i < COLUMNS; i++)
        if (i != SCENARIO && !sw_is_null(rows->vectors[i], row))
            values[i] = (struct sw_amount){true, sw_value(rows->vectors[i], row)};
    memcpy(facts.values, values, sizeof facts.values);
    facts.side = values[SIDE];
    facts.simulated_price = values[SIMULATED_PRICE];
    facts.initial_price = values[ROW_INITIAL_PRICE];
    facts.quote_age_ns = values[QUOTE_AGE];
    facts.amended = is_one(values[AMENDED]);
    facts.comparable = is_one(values[COMPARABLE]);
    add_order(summary, scenario, &facts);
    return true;
}

bool sw_summary_read(struct sw_summary *summary, struct sw_reader *reader, struct sw_error *error)
{
    struct rows rows = {.reader = reader};
    struct sw_tally tally = {0};
    enum sw_step step;
    if (!find_columns(&rows, error)) return false;
    summary->quantity_scale = reader->schema.columns[rows.columns[SW_TOTAL_QUANTITY]].scale;
    summary->actual_scale = reader->schema.columns[rows.columns[SW_TOTAL_ACTUAL_QUANTITY]].scale;
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
    RESULT_UNEQUAL,
    RESULT_QUANTITY,
    RESULT_ACTUAL_COST,
    RESULT_SIMULATED_COST,
    RESULT_COST_DIFFERENCE,
    RESULT_SAVINGS,
    RESULT_COST_IMPROVEMENT_PCT,
    RESULT_AVG_ACTUAL_PRICE,
    RESULT_AVG_SIMULATED_PRICE,
    RESULT_AVG_MIDPRICE,
    RESULT_SAVINGS_BPS,
    RESULT_WITHOUT_QUOTE,
    RESULT_OLD_QUOTES,
    RESULT_OLDEST_QUOTE_AGE,
    RESULT_BEYOND_LIMIT,
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
    [RESULT_UNEQUAL] = {"unequal", SW_INT, 0},
    [RESULT_QUANTITY] = {"quantity", SW_DECIMAL, 0},
    [RESULT_ACTUAL_COST] = {"actual_cost", SW_DECIMAL, SW_FIGURE_SCALE},
    [RESULT_SIMULATED_COST] = {"simulated_cost", SW_DECIMAL, SW_FIGURE_SCALE},
    [RESULT_COST_DIFFERENCE] = {"cost_difference", SW_DECIMAL, SW_FIGURE_SCALE},
    [RESULT_SAVINGS] = {"savings", SW_DECIMAL, SW_FIGURE_SCALE},
    [RESULT_COST_IMPROVEMENT_PCT] = {"cost_improvement_pct", SW_DECIMAL, SW_FIGURE_SCALE},
    [RESULT_AVG_ACTUAL_PRICE] = {"avg_actual_price", SW_DECIMAL, SW_FIGURE_SCALE},
    [RESULT_AVG_SIMULATED_PRICE] = {"avg_simulated_price", SW_DECIMAL, SW_FIGURE_SCALE},
    [RESULT_AVG_MIDPRICE] = {"avg_midprice", SW_DECIMAL, SW_FIGURE_SCALE},
    [RESULT_SAVINGS_BPS] = {"savings_bps", SW_DECIMAL, SW_FIGURE_SCALE},
    [RESULT_WITHOUT_QUOTE] = {"without_quote", SW_INT, 0},
    [RESULT_OLD_QUOTES] = {"old_quotes", SW_INT, 0},
    [RESULT_OLDEST_QUOTE_AGE] = {"oldest_quote_age", SW_INT, 0},
    [RESULT_BEYOND_LIMIT] = {"beyond_limit", SW_INT, 0},
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
                           sw_scenario_name(scenario), columns[sums[i]].name);
        if (!sw_builder_add_value(&builders[RESULT_QUANTITY + i], value, error)) return false;
    }
    return true;
}

/* What the sums rest on. */
static bool put_counts(const struct sw_summary_row *row, struct sw_builder *builders,
                       struct sw_error *error)
{
    const struct {
        enum result_column column;
        uint64_t count;
    } counts[] = {{RESULT_ORDERS, row->orders},         {RESULT_AMENDED, row->amended},
                  {RESULT_UNEQUAL, row->unequal},       {RESULT_WITHOUT_QUOTE, row->without_quote},
                  {RESULT_OLD_QUOTES, row->old_quotes}, {RESULT_BEYOND_LIMIT, row->beyond_limit}};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        if (!sw_builder_add_value(&builders[counts[i].column], counts[i].count, error))
            return false;
    if (row->any_older)
        return sw_builder_add_value(&builders[RESULT_OLDEST_QUOTE_AGE], row->oldest_ns, error);
    sw_builder_add_null(&builders[RESULT_OLDEST_QUOTE_AGE]);
    return true;
}

static bool put_row(const struct sw_summary *summary, enum sw_scenario scenario,
                    struct sw_builder *builders, struct sw_error *error)
{
    enum { PERCENT = 2, BASIS_POINTS = 4 }; /* × 10^2, × 10^4 */
    const struct sw_summary_row *row = &summary->rows[scenario];
    const struct sw_sum *totals = row->totals, midprices = sw_sum_of(row->midprices);
    const char *name = sw_scenario_name(scenario);
    return sw_builder_add_text(&builders[RESULT_SCENARIO], name, strlen(name), error) &&
           put_counts(row, builders, error) && put_sums(row, scenario, builders, error) &&
           put_ratio(builders, RESULT_SAVINGS_BPS, &totals[SW_TOTAL_SAVINGS],
                     &totals[SW_TOTAL_ACTUAL_COST], SW_FIGURE_SCALE + BASIS_POINTS, error) &&
           put_ratio(builders, RESULT_COST_IMPROVEMENT_PCT, &totals[SW_TOTAL_COST_DIFFERENCE],
                     &totals[SW_TOTAL_ACTUAL_COST], SW_FIGURE_SCALE + PERCENT, error) &&
           put_ratio(builders, RESULT_AVG_ACTUAL_PRICE, &totals[SW_TOTAL_ACTUAL_COST],
                     &totals[SW_TOTAL_ACTUAL_QUANTITY], summary->actual_scale, error) &&
           put_ratio(builders, RESULT_AVG_SIMULATED_PRICE, &totals[SW_TOTAL_SIMULATED_COST],
                     &totals[SW_TOTAL_QUANTITY], summary->quantity_scale, error) &&
           put_ratio(builders, RESULT_AVG_MIDPRICE, &totals[SW_TOTAL_MIDPRICE], &midprices, 0,
                     error);
}

static bool make_columns(struct sw_schema *schema, int quantity_scale,
                         struct sw_builder builders[RESULTS], struct sw_error *error)
{
    if (!sw_schema_init(schema, "simulation_summary", error)) return false;
    for (int i = 0; i < RESULTS; i++) {
        int scale = i == RESULT_QUANTITY ? quantity_scale : results[i].scale;
        if (!sw_schema_add(schema, results[i].name, results[i].type, scale, error) ||
            !sw_builder_init(&builders[i], results[i].type, scale, SW_SCENARIOS, error))
            return false;
    }
    return true;
}

static bool print_rows(const struct sw_schema *schema, const struct sw_builder builders[RESULTS],
                       enum sw_print_format format, struct sw_output *output,
                       struct sw_error *error)
{
    bool fixed[RESULTS], are_sums[RESULTS];
    const struct sw_vector *vectors[RESULTS];
    for (int i = 0; i < RESULTS; i++) {
        fixed[i] = i >= RESULT_COST_IMPROVEMENT_PCT && i <= RESULT_SAVINGS_BPS;
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
    bool good = make_columns(&schema, summary->quantity_scale, builders, error);
    for (int i = 0; good && i < SW_SCENARIOS; i++)
        if (summary->chosen[i]) good = put_row(summary, i, builders, error);
    good = good && print_rows(&schema, builders, format, output, error);
    for (int i = 0; i < RESULTS; i++) sw_builder_free(&builders[i]);
    sw_schema_free(&schema);
    return good;
}

/* ---- what is said ---- */

bool sw_summary_tally(const struct sw_summary *summary, struct sw_buffer *to,
                      struct sw_error *error)
{
    bool good = true;
    for (int i = 0; good && i < SW_SCENARIOS; i++) {
        const struct sw_summary_row *row = &summary->rows[i];
        const struct {
            const char *name;
            uint64_t count;
        } lines[] = {
            {"simulated", row->simulated},      {"amended", row->amended},
            {"unequal", row->unequal},          {"without_quote", row->without_quote},
            {"old_quotes", row->old_quotes},    {"oldest_quote_age", (uint64_t)row->oldest_ns},
            {"beyond_limit", row->beyond_limit}};
        for (size_t k = 0; good && summary->chosen[i] && k < sizeof lines / sizeof *lines; k++)
            good = sw_buffer_format(to, error, "%s_%s\t%" PRIu64 "\n", sw_scenario_name(i),
                                    lines[k].name, lines[k].count);
    }
    return good;
}

static bool say_count(struct sw_buffer *to, uint64_t count, const char *what, const char *more,
                      struct sw_error *error)
{
    return count == 0 || sw_buffer_format(to, error, "%s%" PRIu64 " %s%s", to->length ? ", " : "",
                                          count, what, more);
}

/* The same in every scenario, but for the limits. */
static const struct sw_summary_row *first_row(const struct sw_summary *summary)
{
    int first = 0;
    while (first < SW_SCENARIOS - 1 && !summary->chosen[first]) first++;
    return &summary->rows[first];
}

bool sw_summary_doubts(const struct sw_summary *summary, struct sw_buffer *to,
                       struct sw_error *error)
{
    const struct sw_summary_row *row = first_row(summary);
    char oldest[64];
    snprintf(oldest, sizeof oldest, " (the oldest %" PRIu64 " s)",
             (uint64_t)(row->oldest_ns / SW_NS_PER_SECOND));
    bool good = say_count(to, row->amended, "amended", "", error) &&
                say_count(to, row->unequal, "of unequal quantities", "", error) &&
                say_count(to, row->without_quote, "without a quote", "", error) &&
                say_count(to, row->old_quotes, "with a quote older than a minute", oldest, error);
    for (int i = 0; good && i < SW_SCENARIOS; i++)
        if (summary->chosen[i])
            good = say_count(to, summary->rows[i].beyond_limit, "beyond their own limit in ",
                             sw_scenario_name(i), error);
    return good;
}
