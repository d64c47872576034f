/* SPDX-License-Identifier: ISC */
#include "study/study_tally.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "files/output.h"

/* ---- securities ---- */

/* Rows from `from` on that are of one security. */
static size_t end_of_security(const struct sw_vector *vector, size_t from, size_t rows)
{
    size_t end = from + 1;
    while (end < rows && sw_value_compare(vector, from, vector, end) == 0) end++;
    return end;
}

static bool add_security(struct sw_study_tally *tally, const struct sw_vector *vector, size_t row,
                         struct sw_error *error)
{
    if (tally->count > 0 &&
        sw_kept_value_compare(&tally->securities[tally->count - 1].name, vector, row) > 0)
        return sw_fail(error, SW_DATA, "orders: not sorted by security_code");
    if (!sw_grow(&tally->securities, &tally->capacity, tally->count + 1, sizeof *tally->securities,
                 error))
        return false;
    struct sw_study_security *security = &tally->securities[tally->count];
    *security = (struct sw_study_security){0};
    if (!sw_kept_value_set(&security->name, vector, row, error)) return false;
    memcpy(security->counts.summary.chosen, tally->chosen, sizeof tally->chosen);
    security->counts.summary.inclusion = tally->inclusion;
    tally->count++;
    return true;
}

bool sw_study_tally_events(struct sw_study_tally *tally, const struct sw_vector *vector,
                           size_t rows, struct sw_error *error)
{
    for (size_t row = 0, end; row < rows; row = end) {
        end = end_of_security(vector, row, rows);
        if (sw_is_null(vector, row))
            return sw_fail(error, SW_DATA, "orders: an event without a security_code");
        bool known =
            tally->count > 0 &&
            sw_kept_value_compare(&tally->securities[tally->count - 1].name, vector, row) == 0;
        if (!known && !add_security(tally, vector, row, error)) return false;
        tally->securities[tally->count - 1].counts.classified.events += end - row;
    }
    return true;
}

/* The counts of a row's security, NULL where it has no events; *at goes along. */
static struct sw_study_counts *find(struct sw_study_tally *tally, size_t *at,
                                    const struct sw_vector *vector, size_t row)
{
    if (sw_is_null(vector, row)) return NULL;
    for (; *at < tally->count; ++*at) {
        int order = sw_kept_value_compare(&tally->securities[*at].name, vector, row);
        if (order >= 0) return order == 0 ? &tally->securities[*at].counts : NULL;
    }
    return NULL;
}

/* ---- rows that go by ---- */

static void count_trades(void *owner, const struct sw_vector *security, const unsigned char *kinds,
                         size_t rows)
{
    struct sw_study_tally *tally = owner;
    for (size_t row = 0, end; row < rows; row = end) {
        struct sw_study_counts *counts = find(tally, &tally->trade_at, security, row);
        end = end_of_security(security, row, rows);
        for (size_t i = row; counts && i < end; i++) counts->classified.of.rows[kinds[i]]++;
    }
}

static void count_order(void *owner, const struct sw_vector *security, size_t row,
                        const struct sw_traded *traded, bool mismatched)
{
    struct sw_study_tally *tally = owner;
    struct sw_study_counts *all = find(tally, &tally->order_at, security, row);
    if (!all) return;
    struct sw_classify_counts *counts = &all->classified;
    counts->orders++;
    counts->executed += traded->trades > 0;
    counts->only_booked += traded->trades == 0 && traded->bookings > 0;
    counts->mismatched += mismatched;
    for (size_t i = 0; i < SW_TRADE_KINDS; i++) counts->of.matched[i] += traded->rows[i];
}

const struct sw_classify_watch sw_study_classify_watch = {.order = count_order,
                                                          .trades = count_trades};

void sw_study_tally_quote(void *owner, const struct sw_vector *security, size_t row, bool crossed)
{
    struct sw_study_tally *tally = owner;
    struct sw_study_counts *counts = find(tally, &tally->quote_at, security, row);
    if (counts) ++*(crossed ? &counts->crossed : &counts->one_sided);
}

void sw_study_tally_order(struct sw_study_tally *tally, const struct sw_simulate *simulate)
{
    const struct sw_term_rows *orders = &simulate->orders;
    struct sw_study_counts *counts =
        find(tally, &tally->simulated_at, sw_term(orders, SW_TERM_SECURITY), simulate->row);
    if (!counts) return;
    counts->selected++;
    if (!simulate->filled) return;
    sw_summary_add(&counts->summary, simulate);
    bool quantity = sw_term_amount(orders, SW_TERM_INITIAL_QUANTITY, simulate->row).known;
    for (int i = 0; i < SW_SCENARIOS; i++) {
        if (!tally->chosen[i]) continue;
        counts->missing_quantities += !quantity;
        for (int k = 0; k < SW_FIGURES; k++) counts->missing[k] += !simulate->figures[i][k].known;
    }
}

/* ---- the file ---- */

/* A line under construction: the names of its values, or the values. */
struct line {
    bool names;
    struct sw_buffer *to;
    struct sw_error *error;
    bool good;
};

static void put(struct line *line, const char *before, const char *name, uint64_t value)
{
    if (line->good)
        line->good = line->names ? sw_buffer_format(line->to, line->error, "\t%s%s", before, name)
                                 : sw_buffer_format(line->to, line->error, "\t%" PRIu64, value);
}

static void put_classified(struct line *line, const struct sw_classify_counts *counts)
{
    uint64_t rows = 0, matched = sw_classify_matched(counts);
    for (size_t i = 0; i < SW_TRADE_KINDS; i++) rows += counts->of.rows[i];
    put(line, "", "events", counts->events);
    put(line, "", "orders", counts->orders);
    put(line, "", "executed", counts->executed);
    put(line, "", "only_booked", counts->only_booked);
    put(line, "", "mismatched", counts->mismatched);
    put(line, "", "trades", rows);
    put(line, "", "matched", matched);
    put(line, "", "unmatched", rows - matched);
    for (enum sw_trade_kind kind = 0; kind < SW_TRADE_KINDS; kind++) {
        const char *name = sw_trade_kind_name(kind);
        put(line, "", name, counts->of.rows[kind]);
        put(line, "unmatched_", name, counts->of.rows[kind] - counts->of.matched[kind]);
    }
}

static void put_simulated(struct line *line, const struct sw_study_counts *counts)
{
    char before[64];
    put(line, "", "selected", counts->selected);
    put(line, "", "crossed", counts->crossed);
    put(line, "", "one_sided", counts->one_sided);
    for (int i = 0; i < SW_SCENARIOS; i++) {
        const struct sw_summary_row *row = &counts->summary.rows[i];
        if (!counts->summary.chosen[i]) continue;
        snprintf(before, sizeof before, "%s_", sw_scenario_name(i));
        put(line, before, "simulated", row->simulated);
        put(line, before, "amended", row->amended);
        put(line, before, "unequal", row->unequal);
        put(line, before, "without_quote", row->without_quote);
        put(line, before, "old_quotes", row->old_quotes);
        put(line, before, "oldest_quote_age", (uint64_t)row->oldest_ns);
        put(line, before, "beyond_limit", row->beyond_limit);
    }
    put(line, "missing_", "simulated_quantity", counts->missing_quantities);
    for (int i = 0; i < SW_FIGURES; i++)
        put(line, "missing_", sw_figure_name(i), counts->missing[i]);
}

static bool put_line(const struct sw_study_counts *counts, bool names, struct sw_buffer *to,
                     struct sw_error *error)
{
    struct line line = {names, to, error, true};
    put_classified(&line, &counts->classified);
    put_simulated(&line, counts);
    return line.good && sw_buffer_text(to, "\n", error);
}

static bool put_security(const struct sw_study_security *security, struct sw_buffer *to,
                         struct sw_error *error)
{
    return sw_kept_value_put(&security->name, to, error) &&
           put_line(&security->counts, false, to, error);
}

bool sw_study_tally_write(const struct sw_study_tally *tally, const char *path,
                          struct sw_error *error)
{
    struct sw_study_counts none = {.summary = {.inclusion = tally->inclusion}};
    struct sw_buffer text = {0};
    memcpy(none.summary.chosen, tally->chosen, sizeof tally->chosen);
    bool good =
        sw_buffer_text(&text, "security_code", error) && put_line(&none, true, &text, error);
    for (size_t i = 0; good && i < tally->count; i++)
        good = put_security(&tally->securities[i], &text, error);
    good = good && sw_output_file(path, text.bytes, text.length, error);
    sw_buffer_free(&text);
    return good;
}

void sw_study_tally_free(struct sw_study_tally *tally)
{
    for (size_t i = 0; i < tally->count; i++) sw_kept_value_free(&tally->securities[i].name);
    free(tally->securities);
    *tally = (struct sw_study_tally){0};
}
