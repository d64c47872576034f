/* SPDX-License-Identifier: ISC */
#include "market/simulate.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/number.h"
#include "program/tally.h"

bool sw_inclusion_parse(const char *option, const char *word, bool *included,
                        struct sw_error *error)
{
    *included = word != NULL;
    return !word || strcmp(word, "include") == 0 ||
           sw_fail(error, SW_USAGE, "%s: 'include' is all it knows, not '%s'", option, word);
}

/* ---- opening ---- */

static bool choose_columns(struct sw_simulate *simulate, struct sw_error *error)
{
    const struct sw_schema *from = &simulate->reader->schema;
    int terms[SW_TERM_COLUMNS];
    size_t count = simulate->settings->whole_orders ? from->column_count : SW_TERM_COLUMNS;
    if (!sw_term_columns(from, simulate->reader->first_name, terms, error)) return false;
    simulate->kept_columns = sw_alloc(count, sizeof *simulate->kept_columns, error);
    simulate->vectors = sw_alloc(count, sizeof *simulate->vectors, error);
    simulate->filled_rows =
        sw_alloc_unset(SW_BLOCK_ROWS_MAXIMUM, sizeof *simulate->filled_rows, error);
    if (!simulate->kept_columns || !simulate->vectors || !simulate->filled_rows) return false;
    for (size_t i = 0; i < count; i++)
        simulate->kept_columns[i] = simulate->settings->whole_orders ? (int)i : terms[i];
    if (!sw_schema_copy(&simulate->schema, from, simulate->kept_columns, count, error))
        return false;
    /* Each of several files may be sorted as it says; together they need not be. */
    if (simulate->reader->path_count > 1) simulate->schema.sort_count = 0;
    return sw_term_columns(&simulate->schema, simulate->reader->first_name,
                           simulate->orders.columns, error);
}

/* Securities of the two streams can only be the same where their types are. */
static bool compare_securities(const struct sw_simulate *simulate, struct sw_error *error)
{
    const struct sw_reader *orders = simulate->reader, *quotes = &simulate->quotes->reader;
    const struct sw_column *ours =
        &simulate->schema.columns[simulate->orders.columns[SW_TERM_SECURITY]];
    const struct sw_column *theirs = &quotes->schema.columns[sw_quotes_security(simulate->quotes)];
    if (ours->type == theirs->type && ours->scale == theirs->scale) return true;
    return sw_fail(error, SW_DATA, "security_code is %s in %s and %s in %s",
                   sw_type_name(ours->type), orders->first_name, sw_type_name(theirs->type),
                   quotes->first_name);
}

bool sw_simulate_open(struct sw_simulate *simulate, const struct sw_simulate_settings *settings,
                      struct sw_reader *orders, struct sw_quotes *quotes, struct sw_error *error)
{
    simulate->settings = settings;
    simulate->reader = orders;
    simulate->quotes = quotes;
    if (!choose_columns(simulate, error) || !compare_securities(simulate, error)) return false;
    const struct sw_column *security =
        &simulate->schema.columns[simulate->orders.columns[SW_TERM_SECURITY]];
    const struct sw_sort_settings in_order = {.memory_bytes = settings->memory_bytes,
                                              .folder = settings->folder};
    return sw_midprices_open(&simulate->midprices, security, settings->quote_age_ns,
                             settings->memory_bytes, settings->folder, error) &&
           sw_sorter_open(&simulate->kept, &simulate->schema, &in_order, error);
}

void sw_simulate_free(struct sw_simulate *simulate)
{
    sw_midprices_free(&simulate->midprices);
    sw_sorter_free(&simulate->kept);
    sw_schema_free(&simulate->schema);
    free(simulate->kept_columns);
    free(simulate->vectors);
    free(simulate->filled_rows);
}

/* ---- the first two passes ---- */

static bool fetch_vectors(struct sw_simulate *simulate, struct sw_error *error)
{
    for (size_t i = 0; i < simulate->schema.column_count; i++) {
        simulate->vectors[i] = sw_reader_vector(simulate->reader, simulate->kept_columns[i], error);
        if (!simulate->vectors[i]) return false;
    }
    simulate->orders.vectors = simulate->vectors;
    return true;
}

static bool add_window(struct sw_simulate *simulate, size_t row, struct sw_error *error)
{
    const struct sw_term_rows *orders = &simulate->orders;
    const struct sw_vector *security = sw_term(orders, SW_TERM_SECURITY);
    struct sw_amount from = sw_term_amount(orders, SW_TERM_FIRST_TIMESTAMP, row);
    struct sw_amount to = sw_term_amount(orders, SW_TERM_COMPLETION_TIMESTAMP, row);
    if (sw_is_null(security, row) || !from.known || !to.known) {
        sw_midprices_skip(&simulate->midprices);
        return true;
    }
    return sw_midprices_add(&simulate->midprices, security, row, (int64_t)from.value,
                            (int64_t)to.value, error);
}

static bool take_block(struct sw_simulate *simulate, struct sw_error *error)
{
    size_t rows = simulate->reader->rows, filled = 0;
    if (!fetch_vectors(simulate, error)) return false;
    for (uint32_t row = 0; row < rows; row++) {
        if (!sw_term_is_filled(&simulate->orders, row)) continue;
        simulate->filled_rows[filled++] = row;
        if (!add_window(simulate, row, error)) return false;
    }
    simulate->unfilled += rows - filled;
    if (simulate->settings->whole_orders)
        return sw_sorter_add(&simulate->kept, simulate->vectors, NULL, rows, error);
    return filled == 0 ||
           sw_sorter_add(&simulate->kept, simulate->vectors, simulate->filled_rows, filled, error);
}

bool sw_simulate_read(struct sw_simulate *simulate, struct sw_error *error)
{
    enum sw_step step;
    while ((step = sw_reader_next(simulate->reader, error)) == SW_ROWS) {
        if (simulate->reader->streams > 0)
            simulate->schema.sort_count = 0; /* nor need several streams of a file */
        if (!take_block(simulate, error)) return false;
    }
    return step == SW_END && sw_sorter_finish(&simulate->kept, error) &&
           sw_midprices_match(&simulate->midprices, simulate->quotes, error);
}

/* ---- the third ---- */

/* A value as it stands in a message; empty where null. */
static void show_value(const struct sw_vector *vector, size_t row, char to[64])
{
    size_t length = 0;
    if (sw_is_null(vector, row)) {
        /* nothing to show */
    } else if (vector->type == SW_TEXT) {
        const struct sw_text *text = &vector->dictionary[vector->codes[row]];
        length = text->length < 60 ? text->length : 60;
        memcpy(to, text->bytes, length);
    } else {
        length = sw_format_decimal(to, sw_value(vector, row), vector->scale);
    }
    to[length] = '\0';
}

/* Puts "order 7904794000132347948 of 110621" before a failure. */
static bool annotate_order(const struct sw_simulate *simulate, struct sw_error *error)
{
    char order[64], security[64], place[160];
    show_value(sw_term(&simulate->orders, SW_TERM_ORDER), simulate->row, order);
    show_value(sw_term(&simulate->orders, SW_TERM_SECURITY), simulate->row, security);
    snprintf(place, sizeof place, "order %s of %s", order, security);
    sw_fail_about(error, order);
    return sw_fail_at(error, place);
}

static void count_missing(struct sw_simulate *simulate, const struct sw_amount figures[SW_FIGURES])
{
    struct sw_amount quantity =
        sw_term_amount(&simulate->orders, SW_TERM_INITIAL_QUANTITY, simulate->row);
    simulate->missing_quantities += !quantity.known;
    for (int i = 0; i < SW_FIGURES; i++) simulate->missing_figures[i] += !figures[i].known;
}

static bool work_out(struct sw_simulate *simulate, struct sw_error *error)
{
    struct sw_order_terms terms = sw_order_terms_at(&simulate->orders, simulate->row);
    if (!sw_midprices_next(&simulate->midprices, &simulate->quote, error)) return false;
    terms.midprice = simulate->quote.price;
    simulate->amended = sw_term_is_amended(&simulate->orders, simulate->row);
    simulate->comparable = sw_term_is_comparable(&simulate->orders, simulate->row);
    const struct sw_simulate_settings *settings = simulate->settings;
    if (!sw_scenario_figures(settings->chosen, &terms, &settings->impact, simulate->figures, error))
        return annotate_order(simulate, error);
    for (int i = 0; i < SW_SCENARIOS; i++)
        if (settings->chosen[i]) count_missing(simulate, simulate->figures[i]);
    return true;
}

enum sw_step sw_simulate_next(struct sw_simulate *simulate, struct sw_error *error)
{
    if (simulate->next_row >= simulate->kept.rows) {
        enum sw_step step = sw_sorter_next(&simulate->kept, error);
        if (step != SW_ROWS) return step;
        simulate->orders.vectors = simulate->kept.vectors;
        simulate->next_row = 0;
    }
    simulate->row = simulate->next_row++;
    simulate->filled = sw_term_is_filled(&simulate->orders, simulate->row);
    simulate->given_filled += simulate->filled;
    return !simulate->filled || work_out(simulate, error) ? SW_ROWS : SW_FAILED;
}

bool sw_simulate_check(const struct sw_simulate *simulate, struct sw_error *error)
{
    struct sw_tally tally = {.read = simulate->reader->total_rows,
                             .kept = simulate->given_filled,
                             .rejected = simulate->unfilled};
    return sw_tally_check(&tally, simulate->reader->first_name, error);
}

static bool add_missing(struct sw_buffer *out, uint64_t count, const char *name,
                        struct sw_error *error)
{
    return count == 0 ||
           sw_buffer_format(out, error, "%s%" PRIu64 " %s", out->length ? ", " : "", count, name);
}

bool sw_simulate_missing(const struct sw_simulate *simulate, struct sw_buffer *out,
                         struct sw_error *error)
{
    bool good = add_missing(out, simulate->missing_quantities, "simulated_quantity", error);
    for (int i = 0; good && i < SW_FIGURES; i++)
        good = add_missing(out, simulate->missing_figures[i], sw_figure_name(i), error);
    return good;
}
