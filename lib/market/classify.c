/* SPDX-License-Identifier: ISC */
#include "market/classify.h"

#include <inttypes.h>

#include "program/tally.h"

bool sw_classify_open(struct sw_classify *classify, const struct sw_classify_settings *settings,
                      struct sw_error *error)
{
    struct sw_event_fold *fold = &classify->fold;
    const char *zone = settings->zone ? settings->zone : SW_ZONE_DEFAULT;
    *classify = (struct sw_classify){.settings = *settings};
    return sw_zone_open(&classify->zone, zone, error) &&
           sw_fold_open(fold, settings->events, settings->event_count, error) &&
           sw_trades_open(&classify->trades, settings->trades, fold->schema, fold->columns,
                          error) &&
           sw_identity_open(&classify->identity, fold, settings->folder, error) &&
           sw_classified_schema(&classify->schema, fold->schema, fold->columns,
                                classify->trades.schema, classify->trades.columns, error);
}

void sw_classify_free(struct sw_classify *classify)
{
    sw_classified_free(&classify->writer);
    sw_identity_free(&classify->identity);
    sw_trades_free(&classify->trades);
    sw_fold_free(&classify->fold);
    sw_schema_free(&classify->schema);
}

/* ---- the join ---- */

static bool agrees(const struct sw_classify *classify, const struct sw_classified *order)
{
    const struct sw_row *last = &order->life.last;
    const struct sw_vector *matched = last->vectors[classify->fold.columns[SW_EVENT_MATCHED]];
    sw_int128 said = sw_is_null(matched, last->row) ? 0 : sw_value(matched, last->row);
    return said == order->traded.quantity;
}

static bool take_order(struct sw_classify *classify, struct sw_classified *order,
                       struct sw_error *error)
{
    const struct sw_order_life *life = &order->life;
    if (!sw_trades_take(&classify->trades, life->last, life->first_ns, life->completion_ns,
                        &order->traded, error))
        return false;
    bool executed = order->traded.trades > 0;
    classify->counts.orders++;
    classify->counts.executed += executed;
    classify->counts.mismatched += !agrees(classify, order);
    if (!executed && !classify->settings.all) return true;
    return sw_classified_add(&classify->writer, order, error);
}

static bool take_block(struct sw_classify *classify, struct sw_error *error)
{
    struct sw_classified order;
    enum sw_step step;
    while ((step = sw_fold_order(&classify->fold, &order.life, error)) == SW_ROWS)
        if (!take_order(classify, &order, error)) return false;
    return step == SW_END && sw_identity_add(&classify->identity, &classify->fold, error) &&
           sw_classified_flush(&classify->writer, error);
}

static bool take_blocks(struct sw_classify *classify, struct sw_error *error)
{
    enum sw_step step;
    while ((step = sw_fold_block(&classify->fold, error)) == SW_ROWS)
        if (!take_block(classify, error)) return false;
    return step == SW_END;
}

static void count_rows(struct sw_classify *classify)
{
    struct sw_classify_counts *counts = &classify->counts;
    counts->events = classify->fold.reader.total_rows;
    counts->trades = classify->trades.reader.total_rows;
    counts->matched = classify->trades.matched;
    counts->unmatched = classify->trades.unmatched;
}

/* Every event went into an order, and every trade has one or has none. */
static bool adds_up(const struct sw_classify *classify, struct sw_error *error)
{
    const struct sw_classify_counts *counts = &classify->counts;
    struct sw_tally events = {.read = counts->events, .kept = classify->fold.folded};
    struct sw_tally trades = {
        .read = counts->trades, .kept = counts->matched, .rejected = counts->unmatched};
    return sw_tally_check(&events, classify->fold.reader.first_name, error) &&
           sw_tally_check(&trades, classify->trades.reader.first_name, error);
}

bool sw_classify_run(struct sw_classify *classify, struct sw_output *output, struct sw_error *error)
{
    bool good = sw_classified_open(&classify->writer, output, &classify->schema,
                                   classify->fold.columns, &classify->zone, error) &&
                take_blocks(classify, error) && sw_trades_drain(&classify->trades, error) &&
                sw_identity_check(&classify->identity, &classify->fold, error);
    count_rows(classify);
    return good && adds_up(classify, error) && sw_classified_close(&classify->writer, error);
}

/* ---- the counts ---- */

bool sw_classify_tally(const struct sw_classify_counts *counts, const char *path,
                       struct sw_error *error)
{
    const struct {
        const char *name;
        uint64_t value;
    } lines[] = {{"events", counts->events},        {"orders", counts->orders},
                 {"executed", counts->executed},    {"trades", counts->trades},
                 {"matched", counts->matched},      {"unmatched", counts->unmatched},
                 {"mismatched", counts->mismatched}};
    struct sw_buffer text = {0};
    bool good = true;
    for (size_t i = 0; good && i < sizeof lines / sizeof *lines; i++)
        good = sw_buffer_format(&text, error, "%s\t%" PRIu64 "\n", lines[i].name, lines[i].value);
    good = good && sw_output_file(path, text.bytes, text.length, error);
    sw_buffer_free(&text);
    return good;
}
