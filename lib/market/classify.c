/* SPDX-License-Identifier: ISC */
#include "market/classify.h"

#include <inttypes.h>
#include <stdio.h>

#include "program/tally.h"

bool sw_classify_open(struct sw_classify *classify, const struct sw_classify_settings *settings,
                      struct sw_error *error)
{
    struct sw_event_fold *fold = &classify->fold;
    *classify = (struct sw_classify){.settings = *settings};
    if (!sw_fold_open(fold, settings->input, settings->events, settings->event_count, error))
        return false;
    const char *zone = settings->zone ? settings->zone : sw_schema_zone(fold->schema);
    if (!sw_zone_open(&classify->zone, zone, error) ||
        !sw_trades_open(&classify->trades, &settings->trades, fold->schema, fold->columns, error))
        return false;
    classify->trades.watch = settings->watch;
    classify->trades.watcher = settings->watcher;
    return sw_classified_schema(&classify->schema, fold->schema, fold->columns,
                                classify->trades.rows.schema, classify->trades.columns, error);
}

void sw_classify_free(struct sw_classify *classify)
{
    sw_classified_free(&classify->writer);
    sw_trades_free(&classify->trades);
    sw_fold_free(&classify->fold);
    sw_schema_free(&classify->schema);
}

/* ---- the join ---- */

static bool fail_order(const struct sw_classify *classify, const struct sw_row *last,
                       const char *what, struct sw_error *error)
{
    char id[SW_DESCRIBED_LENGTH];
    sw_value_describe(last->vectors[classify->fold.columns[SW_EVENT_ORDER]], last->row, id);
    sw_fail(error, SW_DATA, "%s: order %s: %s", classify->fold.reader.input.name, id, what);
    return sw_fail_about(error, id);
}

/* Neither a buy nor a sell has no cost; an order without a side is one that the file knows no more of. */
static bool check_side(const struct sw_classify *classify, const struct sw_row *last,
                       struct sw_error *error)
{
    char what[100];
    const struct sw_vector *sides = last->vectors[classify->fold.columns[SW_EVENT_SIDE]];
    if (sw_is_null(sides, last->row)) return true;
    sw_int128 side = sw_value(sides, last->row);
    if (side == 1 || side == 2) return true;
    snprintf(what, sizeof what, "side: neither 1, a buy, nor 2, a sell: '%lld'", (long long)side);
    return fail_order(classify, last, what, error);
}

static bool take_order(struct sw_classify *classify, struct sw_classified *order,
                       struct sw_error *error)
{
    const struct sw_order_life *life = &order->life;
    if (!sw_trades_take(&classify->trades, life->last, life->first_ns, life->completion_ns,
                        &order->traded, error))
        return false;
    const struct sw_traded *traded = &order->traded;
    bool executed = traded->trades > 0;
    if (!sw_classified_complete(order, classify->fold.columns, classify->trades.quantity_scale))
        return fail_order(classify, &life->last, "its quantities do not fit 128 bits", error);
    if (!check_side(classify, &life->last, error)) return false;
    classify->counts.orders++;
    classify->counts.executed += executed;
    classify->counts.only_booked += !executed && traded->bookings > 0;
    bool mismatched = order->matched != traded->quantity + traded->booked_quantity;
    classify->counts.mismatched += mismatched;
    if (classify->settings.watch)
        classify->settings.watch->order(
            classify->settings.watcher,
            life->last.vectors[classify->fold.columns[SW_EVENT_SECURITY]], life->last.row, traded,
            mismatched);
    if (!executed && !classify->settings.all) return true;
    return sw_classified_add(&classify->writer, order, error);
}

static bool take_block(struct sw_classify *classify, struct sw_error *error)
{
    struct sw_classified order;
    enum sw_step step;
    while ((step = sw_fold_order(&classify->fold, &order.life, error)) == SW_ROWS)
        if (!take_order(classify, &order, error)) return false;
    return step == SW_END && sw_classified_flush(&classify->writer, error);
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
    counts->trades = classify->trades.rows.reader.total_rows;
    counts->of = classify->trades.counts;
}

uint64_t sw_classify_matched(const struct sw_classify_counts *counts)
{
    uint64_t matched = 0;
    for (size_t i = 0; i < SW_TRADE_KINDS; i++) matched += counts->of.matched[i];
    return matched;
}

/* Every event went into an order, and every row of the trades was counted once as what it is. */
static bool adds_up(const struct sw_classify *classify, struct sw_error *error)
{
    const struct sw_classify_counts *counts = &classify->counts;
    struct sw_tally events = {.read = counts->events, .kept = classify->fold.folded};
    struct sw_tally trades = {.read = counts->trades};
    for (size_t i = 0; i < SW_TRADE_KINDS; i++) {
        trades.kept += counts->of.matched[i];
        trades.rejected += counts->of.rows[i] - counts->of.matched[i];
    }
    return sw_tally_check(&events, classify->fold.reader.first_name, error) &&
           sw_tally_check(&trades, classify->trades.rows.reader.first_name, error);
}

bool sw_classify_run(struct sw_classify *classify, struct sw_output *output, struct sw_error *error)
{
    bool good = sw_classified_open(&classify->writer, output, &classify->schema,
                                   classify->fold.columns, &classify->zone, error) &&
                take_blocks(classify, error) && sw_trades_drain(&classify->trades, error);
    count_rows(classify);
    return good && adds_up(classify, error) && sw_classified_close(&classify->writer, error);
}

/* ---- the counts ---- */

bool sw_classify_tally(const struct sw_classify_counts *counts, const char *path,
                       struct sw_error *error)
{
    const uint64_t matched = sw_classify_matched(counts);
    const struct {
        const char *name;
        uint64_t value;
    } lines[] = {{"events", counts->events},
                 {"orders", counts->orders},
                 {"executed", counts->executed},
                 {"only_booked", counts->only_booked},
                 {"mismatched", counts->mismatched},
                 {"trades", counts->trades},
                 {"matched", matched},
                 {"unmatched", counts->trades - matched}};
    struct sw_buffer text = {0};
    bool good = true;
    for (size_t i = 0; good && i < sizeof lines / sizeof *lines; i++)
        good = sw_buffer_format(&text, error, "%s\t%" PRIu64 "\n", lines[i].name, lines[i].value);
    for (enum sw_trade_kind kind = 0; good && kind < SW_TRADE_KINDS; kind++)
        good = sw_buffer_format(&text, error, "%s\t%" PRIu64 "\nunmatched_%s\t%" PRIu64 "\n",
                                sw_trade_kind_name(kind), counts->of.rows[kind],
                                sw_trade_kind_name(kind),
                                counts->of.rows[kind] - counts->of.matched[kind]);
    good = good && sw_output_file(path, text.bytes, text.length, error);
    sw_buffer_free(&text);
    return good;
}

/* A report's order id is no order, so that one without an order is as it should be. */
void sw_classify_say(const struct sw_classify_counts *counts, void (*say)(const char *format, ...))
{
    const struct sw_trade_counts *of = &counts->of;
    uint64_t alone = of->rows[SW_TRADE_MARKET] - of->matched[SW_TRADE_MARKET];
    uint64_t bookings_alone = of->rows[SW_TRADE_BOOKED] - of->matched[SW_TRADE_BOOKED];
    if (alone > 0)
        say("%" PRIu64 " of %" PRIu64 " trades without an order", alone, of->rows[SW_TRADE_MARKET]);
    if (bookings_alone > 0)
        say("%" PRIu64 " of %" PRIu64 " bookings without an order", bookings_alone,
            of->rows[SW_TRADE_BOOKED]);
    if (of->rows[SW_TRADE_OTHER] > 0)
        say("%" PRIu64 " of %" PRIu64 " rows of the trades file are of another dealsource, and "
            "taken for no trades",
            of->rows[SW_TRADE_OTHER], counts->trades);
    if (counts->only_booked > 0)
        say("%" PRIu64 " of %" PRIu64 " orders have bookings and no trade", counts->only_booked,
            counts->orders);
    if (counts->mismatched > 0)
        say("%" PRIu64 " of %" PRIu64 " orders whose trades and bookings are not their "
            "totalmatchedquantity",
            counts->mismatched, counts->orders);
}
