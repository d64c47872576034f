/* SPDX-License-Identifier: ISC */
#include "market/summary_sums.h"

#include <inttypes.h>
#include <string.h>

#include "program/tally.h"

const char sw_summary_sums_table[] = "simulation_sums";

enum column {
    SECURITY,
    SCENARIO,
    AMENDED_INCLUDED,
    UNEQUAL_INCLUDED,
    COUNT, /* the first of the counts */
    OLDEST = COUNT + 8,
    LOW,                    /* the first of the totals' lower 128 bits */
    HIGH = LOW + SW_TOTALS, /* of what is above them */
    COLUMNS = HIGH + SW_TOTALS,
};

static const char *const names[COLUMNS] = {
    [SECURITY] = "security_code",
    [SCENARIO] = "scenario",
    [AMENDED_INCLUDED] = "amended_included",
    [UNEQUAL_INCLUDED] = "unequal_included",
    [COUNT] = "orders",
    "simulated",
    "amended",
    "unequal",
    "without_quote",
    "old_quotes",
    "beyond_limit",
    "midprices",
    [OLDEST] = "oldest_quote_age",
    [LOW] = "quantity",
    "actual_quantity",
    "actual_cost",
    "simulated_cost",
    "cost_difference",
    "savings",
    "midprice",
    [HIGH] = "quantity_high",
    "actual_quantity_high",
    "actual_cost_high",
    "simulated_cost_high",
    "cost_difference_high",
    "savings_high",
    "midprice_high",
};

enum { COUNTS = OLDEST - COUNT };

static void point_at_counts(struct sw_summary_row *row, uint64_t *counts[COUNTS])
{
    uint64_t *const all[COUNTS] = {&row->orders,       &row->simulated,     &row->amended,
                                   &row->unequal,      &row->without_quote, &row->old_quotes,
                                   &row->beyond_limit, &row->midprices};
    memcpy(counts, all, sizeof all);
}

/* ---- writing ---- */

static bool add_column(struct sw_schema *schema, const struct sw_simulate *simulate, int column,
                       struct sw_error *error)
{
    const struct sw_schema *orders = &simulate->schema;
    const int *terms = simulate->orders.columns;
    const struct sw_column *security = &orders->columns[terms[SW_TERM_SECURITY]];
    int scale = SW_FIGURE_SCALE;
    if (column == SECURITY)
        return sw_schema_add(schema, names[column], security->type, security->scale, error);
    if (column == SCENARIO) return sw_schema_add(schema, names[column], SW_TEXT, 0, error);
    if (column < LOW || column >= HIGH)
        return sw_schema_add(schema, names[column], SW_INT, 0, error);
    if (column == LOW + SW_TOTAL_QUANTITY)
        scale = orders->columns[terms[SW_TERM_INITIAL_QUANTITY]].scale;
    if (column == LOW + SW_TOTAL_ACTUAL_QUANTITY)
        scale = orders->columns[terms[SW_TERM_ACTUAL_QUANTITY]].scale;
    return sw_schema_add(schema, names[column], SW_DECIMAL, scale, error);
}

bool sw_summary_sums_open(struct sw_summary_sums *sums, const struct sw_simulate *simulate,
                          const char *made_by, size_t length, struct sw_output *output,
                          struct sw_error *error)
{
    struct sw_schema *schema = &sums->schema;
    if (!sw_schema_init(schema, sw_summary_sums_table, error)) return false;
    for (int i = 0; i < COLUMNS; i++)
        if (!add_column(schema, simulate, i, error)) return false;
    return sw_schema_inherit(schema, &simulate->schema, false, error) &&
           sw_schema_made_by(schema, made_by, length, error) &&
           sw_writer_open(&sums->writer, output, schema, 0, error);
}

static bool put_sums(struct sw_builder *builders, const struct sw_summary_row *row,
                     struct sw_error *error)
{
    for (int i = 0; i < SW_TOTALS; i++)
        if (!sw_builder_add_value(&builders[LOW + i], row->totals[i].low, error) ||
            !sw_builder_add_value(&builders[HIGH + i], row->totals[i].high, error))
            return false;
    if (row->any_older) return sw_builder_add_value(&builders[OLDEST], row->oldest_ns, error);
    sw_builder_add_null(&builders[OLDEST]);
    return true;
}

static bool put_row(struct sw_builder *builders, struct sw_inclusion inclusion,
                    struct sw_summary_row row, struct sw_error *error)
{
    uint64_t *counts[COUNTS];
    point_at_counts(&row, counts);
    for (int i = 0; i < COUNTS; i++)
        if (!sw_builder_add_value(&builders[COUNT + i], *counts[i], error)) return false;
    return sw_builder_add_value(&builders[AMENDED_INCLUDED], inclusion.amended, error) &&
           sw_builder_add_value(&builders[UNEQUAL_INCLUDED], inclusion.unequal, error) &&
           put_sums(builders, &row, error);
}

static bool put_security(struct sw_builder *builder, const struct sw_kept_value *security,
                         struct sw_error *error)
{
    return security->text ? sw_builder_add_text(builder, security->text, security->length, error)
                          : sw_builder_add_value(builder, security->number, error);
}

bool sw_summary_sums_put(struct sw_summary_sums *sums, const struct sw_kept_value *security,
                         const struct sw_summary *summary, struct sw_error *error)
{
    struct sw_builder *builders = sums->writer.builders;
    for (int i = 0; i < SW_SCENARIOS; i++) {
        const char *name = sw_scenario_name(i);
        if (!summary->chosen[i] || summary->rows[i].simulated == 0) continue;
        bool good = put_security(&builders[SECURITY], security, error);
        if (!good || !sw_builder_add_text(&builders[SCENARIO], name, strlen(name), error) ||
            !put_row(builders, summary->inclusion, summary->rows[i], error) ||
            !sw_writer_added(&sums->writer, 1, error))
            return false;
    }
    return true;
}

bool sw_summary_sums_close(struct sw_summary_sums *sums, struct sw_error *error)
{
    return sw_writer_close(&sums->writer, error);
}

void sw_summary_sums_free(struct sw_summary_sums *sums)
{
    sw_writer_free(&sums->writer);
    sw_schema_free(&sums->schema);
}

/* ---- reading ---- */

struct rows {
    struct sw_reader *reader;
    int columns[COLUMNS];
    const struct sw_vector *vectors[COLUMNS];
};

static bool find_columns(struct rows *rows, struct sw_error *error)
{
    const struct sw_schema *schema = &rows->reader->schema;
    for (int i = 0; i < COLUMNS; i++) {
        rows->columns[i] = sw_schema_find(schema, names[i]);
        if (rows->columns[i] < 0)
            return sw_fail(error, SW_DATA, "%s: no such column: '%s'", rows->reader->first_name,
                           names[i]);
        const enum sw_type type = schema->columns[rows->columns[i]].type;
        if (i != SECURITY && (i == SCENARIO) != (type == SW_TEXT))
            return sw_fail(error, SW_DATA, "%s: %s: not of the type that sw-study writes",
                           rows->reader->first_name, names[i]);
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

static bool fail_row(const struct rows *rows, size_t row, enum sw_status status, const char *what,
                     struct sw_error *error)
{
    return sw_fail(error, status, "%s: row %" PRIu64 ": %s", rows->reader->first_name,
                   rows->reader->total_rows - rows->reader->rows + row + 1, what);
}

static void add_row(struct sw_summary_row *to, const struct rows *rows, size_t row)
{
    const struct sw_vector *const *vectors = rows->vectors;
    uint64_t *counts[COUNTS];
    point_at_counts(to, counts);
    for (int i = 0; i < COUNTS; i++) *counts[i] += (uint64_t)sw_value(vectors[COUNT + i], row);
    for (int i = 0; i < SW_TOTALS; i++) {
        sw_sum_add(&to->totals[i], sw_value(vectors[LOW + i], row));
        to->totals[i].high += (int64_t)sw_value(vectors[HIGH + i], row);
    }
    if (sw_is_null(vectors[OLDEST], row)) return;
    sw_int128 oldest = sw_value(vectors[OLDEST], row);
    if (!to->any_older || oldest > to->oldest_ns) to->oldest_ns = oldest;
    to->any_older = true;
}

static bool read_row(struct sw_summary *summary, const struct rows *rows, size_t row,
                     struct sw_error *error)
{
    const struct sw_vector *scenarios = rows->vectors[SCENARIO];
    if (sw_is_null(scenarios, row)) return fail_row(rows, row, SW_DATA, "no scenario", error);
    const struct sw_text *name = &scenarios->dictionary[scenarios->codes[row]];
    const enum sw_scenario scenario = sw_scenario_find(name->bytes, name->length);
    if (scenario == SW_SCENARIOS) return fail_row(rows, row, SW_DATA, "unknown scenario", error);
    if (sw_value(rows->vectors[AMENDED_INCLUDED], row) != summary->inclusion.amended ||
        sw_value(rows->vectors[UNEQUAL_INCLUDED], row) != summary->inclusion.unequal)
        return fail_row(rows, row, SW_USAGE, "sums of another choice of --amended and --unequal",
                        error);
    if (summary->chosen[scenario]) add_row(&summary->rows[scenario], rows, row);
    return true;
}

bool sw_summary_sums_read(struct sw_summary *summary, struct sw_reader *reader,
                          struct sw_error *error)
{
    struct rows rows = {.reader = reader};
    struct sw_tally tally = {0};
    enum sw_step step;
    if (!find_columns(&rows, error)) return false;
    summary->quantity_scale = reader->schema.columns[rows.columns[LOW + SW_TOTAL_QUANTITY]].scale;
    summary->actual_scale =
        reader->schema.columns[rows.columns[LOW + SW_TOTAL_ACTUAL_QUANTITY]].scale;
    while ((step = sw_reader_next(reader, error)) == SW_ROWS) {
        if (!fetch(&rows, error)) return false;
        for (size_t row = 0; row < reader->rows; row++, tally.kept++)
            if (!read_row(summary, &rows, row, error)) return false;
    }
    tally.read = reader->total_rows;
    return step == SW_END && sw_tally_check(&tally, reader->first_name, error);
}
