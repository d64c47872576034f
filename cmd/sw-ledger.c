/* SPDX-License-Identifier: ISC
 *
 * sw-ledger: what a run has found and counted, put together out of what its jobs left: for the pipelines.
 */
#include <inttypes.h>
#include <string.h>

#include "base/number.h"
#include "files/folders.h"
#include "files/output.h"
#include "files/whole.h"
#include "ledger/deliver.h"
#include "ledger/made.h"
#include "ledger/parts.h"
#include "ledger/results.h"
#include "ledger/run_files.h"
#include "ledger/shares.h"
#include "program/program.h"

enum { KEY_MOST = 256 << 20 };

static struct {
    const char *made_by, *streams, *ending, *count, *forget;
    struct sw_delivery delivery;
    int64_t ranges, workers, folded;
    bool elsewhere, remove, write, counted;
} set;

static const struct sw_option options[] = {
    SW_OPTION_WITH("rows", 0, "folded", "N", set.folded,
                   "rows: of orders folded in N shares, how many of which go in front"),
    SW_OPTION_WITH("plan shares", 0, "made-by", "TEXT", set.made_by,
                   "plan, shares: what all results depend on beside their parts"),
    SW_OPTION_WITH("plan", 0, "streams", "NAME,…", set.streams,
                   "plan: the streams that results have"),
    SW_OPTION_WITH("plan", 0, "ranges", "N", set.ranges,
                   "plan: a job is a security, above N of them a range of securities"),
    SW_OPTION_WITH("shares", 0, "workers", "N", set.workers,
                   "shares: as many as are good for N workers; how many goes to standard output"),
    SW_OPTION_WITH("chunks", 0, "ending", "NAME", set.ending,
                   "chunks: what the name of a part's file ends in"),
    SW_OPTION_WITH(
        "chunks", 0, "elsewhere", NULL, set.elsewhere,
        "chunks: other machines make the parts, which get files whole or in ranges of bytes"),
    SW_OPTION_WITH("deliver", 0, "rows", "FILE", set.delivery.rows,
                   "deliver: the rows of all parts, in order"),
    SW_OPTION_WITH("deliver", 0, "header", "FILE", set.delivery.header,
                   "deliver: what goes in front of the rows"),
    SW_OPTION_WITH("deliver", 0, "bad-rows", "FILE", set.delivery.bad_rows,
                   "deliver: the bad rows of all parts"),
    SW_OPTION_WITH("deliver", 0, "ledger", "FILE", set.delivery.ledger, "deliver: the ledger"),
    SW_OPTION_WITH("deliver", 0, "metrics", "FILE", set.delivery.metrics,
                   "deliver: the account of the run"),
    SW_OPTION_WITH("deliver", 0, "count", "FILE", set.count,
                   "deliver: count the rows first; what they are in all goes to FILE"),
    SW_OPTION_WITH("made", 0, "write", NULL, set.write, "made: that they are, is to be known"),
    SW_OPTION_WITH("--write", 0, "counted", NULL, set.counted,
                   "with --write: the ledger is what was counted last"),
    SW_OPTION_WITH("--write", 0, "forget", "FOLDER", set.forget,
                   "with --write: remove what they were made of, in the end"),
    SW_OPTION_WITH("--count", 0, "remove", NULL, set.remove,
                   "with --count: remove the run's folder in the end"),
    SW_OPTIONS_END,
};

/* ---- the words ---- */

/* What a word prints goes to `out`. */

static bool run_securities(const char *const *words, size_t count, struct sw_buffer *out,
                           struct sw_error *error)
{
    (void)count, (void)out;
    return sw_ledger_securities(words[0], false, error);
}

static bool run_matrix(const char *const *words, size_t count, struct sw_buffer *out,
                       struct sw_error *error)
{
    (void)count, (void)out;
    return sw_ledger_securities(words[0], true, error);
}

static bool run_rows(const char *const *words, size_t count, struct sw_buffer *out,
                     struct sw_error *error)
{
    struct sw_ledger_counts all;
    (void)count;
    if (!set.folded) return sw_ledger_count(words[0], words[1], "-", NULL, out, &all, error);
    struct sw_buffer events = {0};
    uint64_t orders;
    bool good =
        sw_shares_count(words[0], (uint64_t)set.folded, &orders, error) &&
        sw_buffer_format(out, error, "%" PRIu64 "\n", orders) &&
        sw_buffer_format(&events, error, "%s/orders/made/events", words[0]) &&
        sw_buffer_add(&events, "", 1, error) &&
        sw_ledger_count(words[0], words[1], "-", (const char *)events.bytes, out, &all, error);
    sw_buffer_free(&events);
    return good;
}

static bool run_analysis(const char *const *words, size_t count, struct sw_buffer *out,
                         struct sw_error *error)
{
    (void)out;
    return sw_ledger_of_securities(words[0], words[1], words + 2, count - 2, false, error);
}

static bool run_match(const char *const *words, size_t count, struct sw_buffer *out,
                      struct sw_error *error)
{
    (void)out;
    return sw_ledger_of_securities(words[0], words[1], words + 2, count - 2, true, error);
}

/* How many securities there are to make. */
static bool run_plan(const char *const *words, size_t count, struct sw_buffer *out,
                     struct sw_error *error)
{
    const struct sw_results results = {words[0], words[1], set.made_by ? set.made_by : "",
                                       set.streams ? set.streams : "", (uint64_t)set.ranges};
    uint64_t wanted = 0;
    (void)count;
    return sw_results_plan(&results, &wanted, error) &&
           sw_buffer_format(out, error, "%" PRIu64 "\n", wanted);
}

/* The names of files that are not what they were. */
static bool run_chunks(const char *const *words, size_t count, struct sw_buffer *out,
                       struct sw_error *error)
{
    const struct sw_parts parts = {words[0], words[1], set.ending, set.elsewhere};
    (void)count;
    if (!set.ending) return sw_fail(error, SW_USAGE, "chunks: needs --ending");
    return sw_parts_plan(&parts, NULL, out, error);
}

/* The rows that were read, kept and bad, and the lines of bad rows, go where --count says. */
static bool deliver_counted(struct sw_error *error)
{
    struct sw_delivered delivered;
    struct sw_buffer line = {0};
    bool good = sw_deliver_counted(&set.delivery, set.remove, &delivered, error) &&
                sw_delivered_put(&delivered, &line, error) &&
                sw_output_file(set.count, line.bytes, line.length, error);
    sw_buffer_free(&line);
    return good;
}

static bool run_deliver(const char *const *words, size_t count, struct sw_buffer *out,
                        struct sw_error *error)
{
    uint64_t bad_lines;
    (void)count, (void)out;
    set.delivery.work = words[0];
    set.delivery.stage = words[1];
    return set.count ? deliver_counted(error) : sw_deliver(&set.delivery, &bad_lines, error);
}

static bool count_shares(const char *word, uint64_t *shares, struct sw_error *error)
{
    return (sw_parse_count(word, shares) && *shares > 0) ||
           sw_fail(error, SW_USAGE, "shares: not how many there are: '%s'", word);
}

/* How many there are, where that was not said. */
static bool run_shares(const char *const *words, size_t count, struct sw_buffer *out,
                       struct sw_error *error)
{
    uint64_t shares = 0;
    if ((count == 2) == (set.workers > 0))
        return sw_fail(error, SW_USAGE, "shares: needs how many there are, or --workers");
    return (count < 2 || count_shares(words[1], &shares, error)) &&
           sw_shares_plan(words[0], (uint64_t)set.workers, &shares, set.made_by ? set.made_by : "",
                          error) &&
           (count == 2 || sw_buffer_format(out, error, "%" PRIu64 "\n", shares));
}

/* How many orders the shares kept. */
static bool run_folded(const char *const *words, size_t count, struct sw_buffer *out,
                       struct sw_error *error)
{
    uint64_t shares, orders;
    (void)count;
    return count_shares(words[1], &shares, error) &&
           sw_shares_count(words[0], shares, &orders, error) &&
           sw_buffer_format(out, error, "%" PRIu64 "\n", orders);
}

/* The events and the selected orders of the results. */
static bool run_seal(const char *const *words, size_t count, struct sw_buffer *out,
                     struct sw_error *error)
{
    struct sw_sealed sealed = {0};
    uint64_t job;
    (void)count;
    if (!sw_parse_count(words[1], &job))
        return sw_fail(error, SW_USAGE, "seal: not the number of a job: '%s'", words[1]);
    return sw_results_seal(words[0], job, &sealed, error) &&
           sw_buffer_format(out, error, "%" PRIu64 " %" PRIu64 "\n", sealed.events,
                            sealed.selected);
}

/* "yes", where the results are there. */
static bool run_made(const char *const *words, size_t count, struct sw_buffer *out,
                     struct sw_error *error)
{
    struct sw_buffer key = {0};
    const struct sw_made made = {words[0], words[1], &key};
    bool is = false;
    (void)count;
    bool good =
        sw_read_whole(NULL, "a key", KEY_MOST, &key, error) &&
        (set.write ? sw_mark_made(&made, set.counted, error) : sw_is_made(&made, &is, error)) &&
        (!is || sw_buffer_text(out, "yes\n", error));
    sw_buffer_free(&key);
    return good && (!set.forget || sw_remove_tree(set.forget, error));
}

static const struct word {
    const char *name;
    size_t least, most; /* operands after it */
    const char *needs;
    bool (*run)(const char *const *words, size_t count, struct sw_buffer *out,
                struct sw_error *error);
} words[] = {
    {"chunks", 2, 2, "a folder and a stage", run_chunks},
    {"deliver", 2, 2, "a folder and a stage", run_deliver},
    {"shares", 1, 2, "a folder", run_shares},
    {"folded", 2, 2, "a folder and how many there are", run_folded},
    {"rows", 2, 2, "a folder and a stage", run_rows},
    {"analysis", 2, SIZE_MAX, "a folder and a stage", run_analysis},
    {"match", 2, SIZE_MAX, "a folder and a stage", run_match},
    {"made", 2, 2, "a folder and where the results go", run_made},
    {"securities", 1, 1, "one folder", run_securities},
    {"matrix", 1, 1, "one folder", run_matrix},
    {"plan", 2, 2, "a folder and where the results go", run_plan},
    {"seal", 2, 2, "a stage and the name of a job", run_seal},
};

enum { WORDS = sizeof words / sizeof *words };

static bool refuse(const char *name, struct sw_error *error)
{
    struct sw_buffer known = {0};
    bool good = true;
    for (size_t i = 0; good && i < WORDS; i++)
        good = sw_buffer_format(&known, error, "%s%s",
                                i == 0           ? ""
                                : i == WORDS - 1 ? " or "
                                                 : ", ",
                                words[i].name);
    if (good)
        good = sw_fail(error, SW_USAGE, "not %.*s: '%s'", (int)known.length, (char *)known.bytes,
                       name);
    sw_buffer_free(&known);
    return good;
}

static bool run(const struct sw_command_line *line, struct sw_error *error)
{
    const char *name = line->operand_count ? line->operands[0] : "";
    size_t count = line->operand_count ? line->operand_count - 1 : 0, i = 0;
    struct sw_buffer out = {0};
    while (i < WORDS && strcmp(words[i].name, name) != 0) i++;
    if (i == WORDS) return refuse(name, error);
    if (count < words[i].least || count > words[i].most)
        return sw_fail(error, SW_USAGE, "%s: needs %s", name, words[i].needs);
    bool good = words[i].run(line->operands + 1, count, &out, error) &&
                (out.length == 0 || sw_output_file(NULL, out.bytes, out.length, error));
    sw_buffer_free(&out);
    return good;
}

int main(int argc, char **argv)
{
    static const struct sw_program program = {
        "sw-ledger", "what a run has found and counted",
        "chunks --ending NAME [--elsewhere] RUN STAGE <SURVEY\nshares --made-by TEXT RUN N\n"
        "shares --made-by TEXT --workers N RUN\n"
        "folded RUN N\n"
        "deliver [--rows FILE [--header FILE]] [--bad-rows FILE] [--ledger FILE] [--metrics FILE] "
        "[--count FILE [--remove]] RUN STAGE\n"
        "securities RUN\nmatrix RUN\nrows [--folded N] RUN STAGE <INPUTS\n"
        "analysis RUN STAGE TALLY… <INPUTS\nmatch RUN STAGE TALLY… <INPUTS\n"
        "made [--write [--counted] [--forget FOLDER]] RUN OUT <KEY\n"
        "plan [--ranges N] --made-by TEXT --streams NAME,… RUN OUT\nseal STAGE JOB\n",
        options, run};
    return sw_main(&program, argc, argv);
}
