/* SPDX-License-Identifier: ISC
 *
 * sw-classify: order events and trades, both sorted by security and order, to one record per
 * executed order: its first and last state, what it traded, its group. What became of every event
 * and every trade goes into a tally. Without trades: order events, in any order, to the last state
 * of every order; in one go, or in parts that are merged.
 */
#include <string.h>

#include "program/program.h"
#include "base/number.h"
#include "expr/selector_files.h"
#include "expr/selector_options.h"
#include "market/classify.h"
#include "states/fold_orders.h"
#include "view/view_options.h"

static struct {
    const char *trades, *trades_in, *share, *columns, *ledger, *tally, *folder, *output;
    struct sw_selectors selectors;
    struct sw_view_settings view;
    bool all, partial, merge, apart;
    struct sw_size memory;
} set = {.view = {.say = sw_say_once}};

static const struct sw_option options[] = {
    SW_OPTION_UNRECORDED(
        0, "trades", "FILE", set.trades,
        "the trades, a record stream sorted by security_code, order_id, timestamp"),
    SW_OPTION_WITH("--trades", 0, "trades-in", "SET", set.trades_in,
                   "what is a trade: a set of dealsource, or its values; market by default"),
    SW_OPTION_WITH("--trades", 0, "all", NULL, set.all, "orders without trades too"),
    SW_OPTION(0, "partial", NULL, set.partial,
              "without trades: write a part, the fold of these events alone, for --merge"),
    SW_OPTION_ROW("--partial", true, 0, "apart", NULL, set.apart,
                  "partial: make a part of each stream of the input, one behind the other"),
    SW_OPTION(
        0, "merge", NULL, set.merge,
        "fold parts, files in the order of their events, to the states that selectors let through"),
    SW_OPTION_ROW("--merge", true, 0, "share", "K/N", set.share,
                  "merge: the orders of the Kth of N shares, K from 1"),
    SW_OPTION_WITH("--merge", 'c', "columns", "COL,…", set.columns,
                   "merge: only these columns, in this order"),
    SW_OPTION_ROW(
        "--merge", true, 0, "ledger", "FILE", set.ledger,
        "merge: write the events read and those of selected orders to FILE, a line a part"),
    SW_SELECTOR_OPTIONS(set.selectors),
    SW_OPTION_UNRECORDED(
        'S', "memory", "SIZE", set.memory,
        "without trades: hold about this much, 128M by default, 8M with --partial"),
    SW_VIEW_OPTIONS(set.view),
    SW_OPTION_UNRECORDED(
        0, "tally", "FILE", set.tally,
        "write the numbers of events, orders and trades to FILE, each with its name; without "
        "trades those of rows read, kept, rejected and bad"),
    SW_OPTION_UNRECORDED('T', "temporary-directory", "DIR", set.folder,
                         "where temporary files go, instead of $TMPDIR or /tmp"),
    SW_OPTION_UNRECORDED('o', "output", "FILE", set.output,
                         "write to FILE instead of standard output"),
    SW_OPTIONS_END,
};

static bool check_trades(const struct sw_command_line *line, struct sw_error *error)
{
    const char *outputs[] = {set.output, set.tally}, *more[] = {set.trades, NULL};
    return sw_input_refuse_sharing(line->operands, line->operand_count, more, 1, error) &&
           sw_output_refuse_clash(outputs, 2, line->operands, line->operand_count, more, error);
}

static bool reads_standard_input(const struct sw_command_line *line)
{
    bool reads = line->operand_count == 0;
    for (size_t i = 0; i < line->operand_count; i++)
        reads = reads || strcmp(line->operands[i], "-") == 0;
    return reads;
}

/* What goes with --trades, with --merge and with neither. */
static bool check(const struct sw_command_line *line, struct sw_error *error)
{
    if (set.trades && (set.partial || set.merge || set.memory.bytes))
        return sw_fail(error, SW_USAGE, "--trades: not with --partial, --merge or --memory");
    if (set.partial && set.merge) return sw_fail(error, SW_USAGE, "--partial: not with --merge");
    if (!set.merge && sw_selectors_given(&set.selectors))
        return sw_fail(error, SW_USAGE, "selectors are for --merge");
    if (set.merge && reads_standard_input(line))
        return sw_fail(error, SW_USAGE, "--merge: needs files");
    if (set.trades) return check_trades(line, error);
    const char *outputs[] = {set.output, set.tally, set.ledger};
    const char *lists[SW_SELECTOR_LISTS + 1] = {NULL};
    sw_selectors_files(set.selectors, lists);
    return sw_output_refuse_clash(outputs, 3, line->operands, line->operand_count, lists, error);
}

static bool add_provenance(struct sw_schema *schema, struct sw_error *error)
{
    struct sw_buffer text = {0};
    bool good = sw_program_provenance(&text, error) &&
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

static bool classify_orders(const struct sw_command_line *line, struct sw_error *error)
{
    struct sw_classify classify = {0};
    const char *share = sw_share_directory(error);
    if (!share) return false;
    const struct sw_classify_settings settings = {
        .events = line->operands,
        .event_count = line->operand_count,
        .trades = {.path = set.trades, .trades_in = set.trades_in, .share_directory = share},
        .zone = set.view.zone,
        .all = set.all};
    bool good = sw_classify_open(&classify, &settings, error);
    const char *note = good && !set.view.zone ? sw_schema_zone_note(&classify.schema) : NULL;
    if (note) sw_say_once(note);
    good = good && add_provenance(&classify.schema, error) && write_orders(&classify, error) &&
           (!set.tally || sw_classify_tally(&classify.counts, set.tally, error));
    if (good) sw_classify_say(&classify.counts, sw_say);
    sw_classify_free(&classify);
    return good;
}

/* ---- without trades ---- */

static bool merge_parts(const struct sw_fold_settings *settings, struct sw_output *output,
                        struct sw_tally *tally, struct sw_error *error)
{
    struct sw_caret caret;
    bool pointed, good = sw_fold_merge(settings, output, tally, &caret, &pointed, error);
    if (pointed) sw_say_place(caret.text, caret.mark);
    return good;
}

static bool write_states(const struct sw_fold_settings *settings, struct sw_error *error)
{
    struct sw_output output;
    struct sw_tally tally = {0};
    if (!sw_output_open(&output, set.output, error)) return false;
    bool good = set.merge     ? merge_parts(settings, &output, &tally, error)
                : set.partial ? sw_fold_partial(settings, &output, &tally, error)
                              : sw_fold_sorted(settings, &output, &tally, error);
    return sw_output_end(&output, good, error) &&
           (!set.tally || sw_tally_write(&tally, set.tally, error));
}

static bool fold_orders(const struct sw_command_line *line, struct sw_error *error)
{
    struct sw_buffer made_by = {0};
    struct sw_selector_files lists = {0};
    struct sw_error no_share = {0};
    struct sw_fold_settings settings = {.paths = line->operands,
                                        .path_count = line->operand_count,
                                        .folder = sw_temporary_directory(set.folder),
                                        .selectors = &set.selectors,
                                        .view = set.view,
                                        .columns = set.columns,
                                        .apart = set.apart,
                                        .ledger = set.ledger};
    if (set.selectors.expression) settings.share_directory = sw_share_directory(&no_share);
    bool good =
        sw_fold_share(set.share, &settings, error) &&
        sw_memory_of(set.memory, 0, SW_FOLD_MEMORY_MINIMUM, &settings.memory_bytes, error) &&
        sw_selectors_load(&set.selectors, &lists, error) &&
        sw_program_provenance(&made_by, error) && sw_buffer_add(&made_by, "", 1, error);
    settings.made_by = (const char *)made_by.bytes;
    good = good && write_states(&settings, error);
    sw_selector_files_free(&lists);
    sw_buffer_free(&made_by);
    return good;
}

static bool run(const struct sw_command_line *line, struct sw_error *error)
{
    return check(line, error) &&
           (set.trades ? classify_orders(line, error) : fold_orders(line, error));
}

static const struct sw_program program = {
    "sw-classify",
    "order events and trades to one record per executed order, or events to last states",
    "--trades FILE [--all] [OPTION]… [FILE…]\n[--partial] [OPTION]… [FILE…]\n--merge [--share K/N] "
    "[SELECTOR]… [OPTION]… FILE…\n",
    options,
    run,
};

int main(int argc, char **argv)
{
    return sw_main(&program, argc, argv);
}
