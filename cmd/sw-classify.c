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
    const char *trades, *zone, *tally, *folder, *output;
    bool all;
} set;

static const struct sw_option options[] = {
    SW_OPTION(0, "trades", "FILE", set.trades,
              "the trades, a record stream sorted by security_code, order_id, timestamp"),
    SW_OPTION(0, "all", NULL, set.all, "orders without trades too"),
    SW_OPTION(0, "tz", "ZONE", set.zone,
              "the dates' local time: an offset or a name, +10:00 by default"),
    SW_OPTION(0, "tally", "FILE", set.tally,
              "write the numbers of events, orders and trades to FILE, each with its name"),
    SW_OPTION('T', "temporary-directory", "DIR", set.folder,
              "where temporary files go, instead of $TMPDIR or /tmp"),
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

static void report(const struct sw_classify_counts *counts)
{
    if (counts->unmatched == 0 && counts->mismatched == 0) return;
    sw_say("%" PRIu64 " of %" PRIu64 " trades without an order; %" PRIu64 " of %" PRIu64
           " orders whose trades are not their totalmatchedquantity",
           counts->unmatched, counts->trades, counts->mismatched, counts->orders);
}

static bool run(const struct sw_command_line *line, struct sw_error *error)
{
    struct sw_classify classify = {0};
    if (!check(line, error)) return false;
    const struct sw_classify_settings settings = {.events = line->operands,
                                                  .event_count = line->operand_count,
                                                  .trades = set.trades,
                                                  .zone = set.zone,
                                                  .folder = sw_temporary_directory(set.folder),
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
