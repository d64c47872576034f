/* SPDX-License-Identifier: ISC
 *
 * sw-classify: order events and trades, both sorted by security and order, to one record per
 * executed order: its first and last state, what it traded, its group. What became of every event
 * and every trade goes into a tally.
 */
#include <inttypes.h>
#include <string.h>

#include "program/program.h"
#include "market/classify.h"

static struct {
    const char *trades, *trades_in, *zone, *tally, *output;
    bool all;
} set;

static const struct sw_option options[] = {
    SW_OPTION(0, "trades", "FILE", set.trades,
              "the trades, a record stream sorted by security_code, order_id, timestamp"),
    SW_OPTION(0, "trades-in", "SET", set.trades_in,
              "what is a trade: a set of dealsource, or its values; market by default"),
    SW_OPTION(0, "all", NULL, set.all, "orders without trades too"),
    SW_OPTION(0, "tz", "ZONE", set.zone,
              "the dates' local time: an offset or a name, +10:00 by default"),
    SW_OPTION(0, "tally", "FILE", set.tally,
              "write the numbers of events, orders and trades to FILE, each with its name"),
    SW_OPTION('o', "output", "FILE", set.output, "write to FILE instead of standard output"),
    SW_OPTIONS_END,
};

static bool is_standard_input(const char *path)
{
    return strcmp(path, "-") == 0;
}

static bool check(const struct sw_command_line *line, struct sw_error *error)
{
    if (!set.trades) return sw_fail(error, SW_USAGE, "needs --trades FILE");
    bool taken = line->operand_count == 0;
    for (size_t i = 0; i < line->operand_count; i++)
        taken = taken || is_standard_input(line->operands[i]);
    if (taken && is_standard_input(set.trades))
        return sw_fail(error, SW_USAGE, "--trades: events come from standard input already");
    const char *outputs[] = {set.output, set.tally}, *more[] = {set.trades, NULL};
    return sw_output_refuse_clash(outputs, 2, line->operands, line->operand_count, more, error);
}

static bool add_provenance(struct sw_schema *schema, struct sw_error *error)
{
    static const char *const but[] = {"trades", "tally", NULL};
    struct sw_buffer text = {0};
    bool good = sw_program_provenance(but, &text, error) &&
                sw_schema_made_by(schema, (const char *)text.bytes, text.length, error);
    sw_buffer_free(&text);
    return good;
}

static bool write_orders(struct sw_classify *classify, struct sw_error *error)
{
    struct sw_output output;
    if (!sw_output_open(&output, set.output, error)) return false;
    return sw_output_end(&output, sw_classify_run(classify, &output, error), error);
}

/* A report's order id is no order, so that one without an order is as it should be. */
static void report(const struct sw_classify_counts *counts)
{
    const struct sw_trade_counts *of = &counts->of;
    uint64_t alone = of->rows[SW_TRADE_MARKET] - of->matched[SW_TRADE_MARKET];
    uint64_t bookings_alone = of->rows[SW_TRADE_BOOKED] - of->matched[SW_TRADE_BOOKED];
    if (alone > 0)
        sw_say("%" PRIu64 " of %" PRIu64 " trades without an order", alone,
               of->rows[SW_TRADE_MARKET]);
    if (bookings_alone > 0)
        sw_say("%" PRIu64 " of %" PRIu64 " bookings without an order", bookings_alone,
               of->rows[SW_TRADE_BOOKED]);
    if (of->rows[SW_TRADE_OTHER] > 0)
        sw_say("%" PRIu64 " of %" PRIu64 " rows of the trades file are of another dealsource, and "
               "taken for no trades", of->rows[SW_TRADE_OTHER], counts->trades);
    if (counts->only_booked > 0)
        sw_say("%" PRIu64 " of %" PRIu64 " orders have bookings and no trade", counts->only_booked,
               counts->orders);
    if (counts->mismatched > 0)
        sw_say("%" PRIu64 " of %" PRIu64 " orders whose trades and bookings are not their "
               "totalmatchedquantity", counts->mismatched, counts->orders);
}

static bool run(const struct sw_command_line *line, struct sw_error *error)
{
    struct sw_classify classify = {0};
    const char *share = sw_share_directory(error);
    if (!share || !check(line, error)) return false;
    const struct sw_classify_settings settings = {
        .events = line->operands,
        .event_count = line->operand_count,
        .trades = {.path = set.trades, .trades_in = set.trades_in, .share_directory = share},
        .zone = set.zone,
        .all = set.all};
    bool good = sw_classify_open(&classify, &settings, error) &&
                add_provenance(&classify.schema, error) && write_orders(&classify, error) &&
                (!set.tally || sw_classify_tally(&classify.counts, set.tally, error));
    if (good) report(&classify.counts);
    sw_classify_free(&classify);
    return good;
}

static const struct sw_program program = {
    "sw-classify",
    "order events and trades to one record per executed order",
    "--trades FILE [--all] [OPTION]… [FILE…]\n",
    options,
    run,
};

int main(int argc, char **argv)
{
    return sw_main(&program, argc, argv);
}
