/* SPDX-License-Identifier: ISC
 *
 * sw-ledger: what a run has found and counted, put together out of what its jobs left: for the pipelines.
 */
#include <inttypes.h>
#include <string.h>

#include "base/number.h"
#include "files/output.h"
#include "ledger/analysis.h"
#include "ledger/parts.h"
#include "ledger/results.h"
#include "ledger/rows.h"
#include "ledger/securities.h"
#include "ledger/shares.h"
#include "program/program.h"

static struct {
    const char *events, *made_by, *streams, *ending;
    int64_t ranges;
    bool elsewhere;
} set;

static const struct sw_option options[] = {
    SW_OPTION(0, "events", "FILE", set.events,
              "rows: what was read and kept of each part, where rows were folded"),
    SW_OPTION(0, "made-by", "TEXT", set.made_by,
              "plan, shares: what all results depend on beside their parts"),
    SW_OPTION(0, "streams", "NAME,…", set.streams, "plan: the streams that results have"),
    SW_OPTION(0, "ranges", "N", set.ranges,
              "plan: a job is a security, above N of them a range of securities"),
    SW_OPTION(0, "ending", "NAME", set.ending, "chunks: what the name of a part's file ends in"),
    SW_OPTION(0, "elsewhere", NULL, set.elsewhere,
              "chunks: other machines make the parts, which get files whole or in ranges of bytes"),
    SW_OPTIONS_END,
};

static bool path_of(const char *work, const char *name, struct sw_buffer *path,
                    struct sw_error *error)
{
    path->length = 0;
    return sw_buffer_format(path, error, "%s/%s", work, name) && sw_buffer_add(path, "", 1, error);
}

static bool write_one(const struct sw_securities *securities, const char *work, const char *name,
                      bool (*make)(const struct sw_securities *securities, struct sw_buffer *out,
                                   struct sw_error *error),
                      struct sw_error *error)
{
    struct sw_buffer path = {0}, text = {0};
    bool good =
        make(securities, &text, error) && (!name || path_of(work, name, &path, error)) &&
        sw_output_file(name ? (const char *)path.bytes : NULL, text.bytes, text.length, error);
    sw_buffer_free(&path);
    sw_buffer_free(&text);
    return good;
}

static bool list(const struct sw_securities *securities, const char *work, struct sw_error *error)
{
    return write_one(securities, work, "matrix.csv", sw_securities_matrix, error) &&
           write_one(securities, work, "securities/other_trades", sw_securities_other_trades,
                     error) &&
           write_one(securities, work, "securities/found", sw_securities_found, error);
}

static bool securities(const char *work, bool picture, struct sw_error *error)
{
    struct sw_securities found = {0};
    struct sw_buffer all = {0};
    bool good = path_of(work, "chunks/all", &all, error) &&
                sw_securities_read(&found, work, (const char *)all.bytes, error) &&
                (picture ? write_one(&found, work, NULL, sw_securities_picture, error)
                         : list(&found, work, error));
    sw_securities_free(&found);
    sw_buffer_free(&all);
    return good;
}

static bool rows(const char *work, const char *stage, struct sw_error *error)
{
    struct sw_ledger ledger = {0};
    struct sw_buffer text = {0};
    bool good = sw_ledger_open(&ledger, work, stage, "-", set.events, error) &&
                sw_ledger_add(&ledger, error) && sw_ledger_check(&ledger, error) &&
                sw_ledger_print(&ledger, &text, error) &&
                sw_output_file(NULL, text.bytes, text.length, error);
    sw_buffer_free(&text);
    sw_ledger_free(&ledger);
    return good;
}

static bool write_text(const char *work, const char *name, const struct sw_buffer *text,
                       struct sw_error *error)
{
    struct sw_buffer path = {0};
    bool good = path_of(work, name, &path, error) &&
                sw_output_file((const char *)path.bytes, text->bytes, text->length, error);
    sw_buffer_free(&path);
    return good;
}

static bool write_tallies(const struct sw_tallies *tallies, const char *work,
                          struct sw_error *error)
{
    struct sw_buffer all = {0}, by_security = {0};
    bool good = sw_tallies_print(tallies, &all, error) &&
                write_text(work, "securities/tally", &all, error) &&
                sw_tallies_by_security(tallies, &by_security, error) &&
                write_text(work, "ledger_by_security.csv", &by_security, error);
    sw_buffer_free(&all);
    sw_buffer_free(&by_security);
    return good;
}

/* What is said at the end: rows of orders read, orders, those of them that are selected; and what is doubtful. */
static bool write_totals(const struct sw_ledger *ledger, const struct sw_tallies *tallies,
                         const char *work, struct sw_error *error)
{
    struct sw_buffer text = {0};
    bool good =
        sw_buffer_format(&text, error, "%" PRIu64 " %" PRIu64 " %" PRIu64 "\n",
                         sw_ledger_rows_read(ledger, "orders"), sw_tallies_sum(tallies, "orders"),
                         sw_tallies_sum(tallies, "selected")) &&
        write_text(work, "securities/totals", &text, error);
    sw_buffer_free(&text);
    return good;
}

static bool write_ledger(const struct sw_ledger *ledger, const struct sw_tallies *tallies,
                         const char *work, struct sw_error *error)
{
    struct sw_buffer path = {0}, text = {0}, doubts = {0};
    bool good = path_of(work, "securities/other_trades", &path, error);
    const char *other_trades = (const char *)path.bytes;
    good = good && sw_ledger_analysis(ledger, tallies, other_trades, &text, error) &&
           write_text(work, "ledger.csv", &text, error) &&
           sw_ledger_doubts(tallies, other_trades, &doubts, error) &&
           write_text(work, "securities/doubts", &doubts, error);
    sw_buffer_free(&path);
    sw_buffer_free(&text);
    sw_buffer_free(&doubts);
    return good;
}

/* Of a run of match: what it counts of securities is its own business. */
static bool write_match(const struct sw_ledger *ledger, const struct sw_tallies *tallies,
                        const char *work, struct sw_error *error)
{
    struct sw_buffer by_security = {0}, text = {0};
    bool good = sw_tallies_whole(tallies, &by_security, error) &&
                write_text(work, "ledger_by_security.csv", &by_security, error) &&
                sw_ledger_print_tables(ledger, &text, error) &&
                write_text(work, "ledger.csv", &text, error);
    sw_buffer_free(&by_security);
    sw_buffer_free(&text);
    return good;
}

static bool of_securities(const char *const *words, size_t count, bool match,
                          struct sw_error *error)
{
    const char *work = words[0], *stage = words[1];
    struct sw_ledger ledger = {0};
    struct sw_tallies tallies = {0};
    struct sw_buffer list = {0};
    bool good = path_of(work, "securities/list", &list, error) &&
                sw_tallies_read(&tallies, (const char *)list.bytes, words + 2, count - 2, error) &&
                (match || write_tallies(&tallies, work, error)) &&
                sw_ledger_open(&ledger, work, stage, "-", NULL, error) &&
                sw_ledger_add(&ledger, error) && sw_ledger_check(&ledger, error) &&
                (match ? write_match : write_ledger)(&ledger, &tallies, work, error) &&
                write_totals(&ledger, &tallies, work, error);
    sw_buffer_free(&list);
    sw_tallies_free(&tallies);
    sw_ledger_free(&ledger);
    return good;
}

/* ---- the words ---- */

static bool run_securities(const char *const *words, size_t count, struct sw_error *error)
{
    (void)count;
    return securities(words[0], false, error);
}

static bool run_matrix(const char *const *words, size_t count, struct sw_error *error)
{
    (void)count;
    return securities(words[0], true, error);
}

static bool run_rows(const char *const *words, size_t count, struct sw_error *error)
{
    (void)count;
    return rows(words[0], words[1], error);
}

static bool run_analysis(const char *const *words, size_t count, struct sw_error *error)
{
    return of_securities(words, count, false, error);
}

static bool run_match(const char *const *words, size_t count, struct sw_error *error)
{
    return of_securities(words, count, true, error);
}

/* Prints how many securities there are to make. */
static bool run_plan(const char *const *words, size_t count, struct sw_error *error)
{
    const struct sw_results results = {words[0], words[1], set.made_by ? set.made_by : "",
                                       set.streams ? set.streams : "", (uint64_t)set.ranges};
    struct sw_buffer text = {0};
    uint64_t wanted = 0;
    (void)count;
    bool good = sw_results_plan(&results, &wanted, error) &&
                sw_buffer_format(&text, error, "%" PRIu64 "\n", wanted) &&
                sw_output_file(NULL, text.bytes, text.length, error);
    sw_buffer_free(&text);
    return good;
}

/* Prints the names of files that are not what they were. */
static bool run_chunks(const char *const *words, size_t count, struct sw_error *error)
{
    const struct sw_parts parts = {words[0], words[1], set.ending, set.elsewhere};
    struct sw_buffer damaged = {0};
    (void)count;
    if (!set.ending) return sw_fail(error, SW_USAGE, "chunks: needs --ending");
    bool good = sw_parts_plan(&parts, NULL, &damaged, error) &&
                sw_output_file(NULL, damaged.bytes, damaged.length, error);
    sw_buffer_free(&damaged);
    return good;
}

static bool count_shares(const char *word, uint64_t *shares, struct sw_error *error)
{
    return (sw_parse_count(word, shares) && *shares > 0) ||
           sw_fail(error, SW_USAGE, "shares: not how many there are: '%s'", word);
}

static bool run_shares(const char *const *words, size_t count, struct sw_error *error)
{
    uint64_t shares;
    (void)count;
    return count_shares(words[1], &shares, error) &&
           sw_shares_plan(words[0], shares, set.made_by ? set.made_by : "", error);
}

/* Prints how many orders the shares kept. */
static bool run_folded(const char *const *words, size_t count, struct sw_error *error)
{
    struct sw_buffer text = {0};
    uint64_t shares, orders;
    (void)count;
    bool good = count_shares(words[1], &shares, error) &&
                sw_shares_count(words[0], shares, &orders, error) &&
                sw_buffer_format(&text, error, "%" PRIu64 "\n", orders) &&
                sw_output_file(NULL, text.bytes, text.length, error);
    sw_buffer_free(&text);
    return good;
}

/* Prints the events and the selected orders of the results. */
static bool run_seal(const char *const *words, size_t count, struct sw_error *error)
{
    struct sw_sealed sealed = {0};
    struct sw_buffer text = {0};
    uint64_t job;
    (void)count;
    if (!sw_parse_count(words[1], &job))
        return sw_fail(error, SW_USAGE, "seal: not the number of a job: '%s'", words[1]);
    bool good = sw_results_seal(words[0], job, &sealed, error) &&
                sw_buffer_format(&text, error, "%" PRIu64 " %" PRIu64 "\n", sealed.events,
                                 sealed.selected) &&
                sw_output_file(NULL, text.bytes, text.length, error);
    sw_buffer_free(&text);
    return good;
}

static const struct word {
    const char *name;
    size_t least, most; /* operands after it */
    const char *needs;
    bool (*run)(const char *const *words, size_t count, struct sw_error *error);
} words[] = {
    {"chunks", 2, 2, "a folder and a stage", run_chunks},
    {"shares", 2, 2, "a folder and how many there are", run_shares},
    {"folded", 2, 2, "a folder and how many there are", run_folded},
    {"rows", 2, 2, "a folder and a stage", run_rows},
    {"analysis", 2, SIZE_MAX, "a folder and a stage", run_analysis},
    {"match", 2, SIZE_MAX, "a folder and a stage", run_match},
    {"securities", 1, 1, "one folder", run_securities},
    {"matrix", 1, 1, "one folder", run_matrix},
    {"plan", 2, 2, "a folder and where the results go", run_plan},
    {"seal", 2, 2, "a stage and the name of a job", run_seal},
};

static bool check_options(const char *word, struct sw_error *error)
{
    if (set.events && strcmp(word, "rows") != 0)
        return sw_fail(error, SW_USAGE, "--events: only with rows");
    if ((set.streams || set.ranges) && strcmp(word, "plan") != 0)
        return sw_fail(error, SW_USAGE, "--streams and --ranges: only with plan");
    if (set.made_by && strcmp(word, "plan") != 0 && strcmp(word, "shares") != 0)
        return sw_fail(error, SW_USAGE, "--made-by: only with plan and shares");
    if ((set.ending || set.elsewhere) && strcmp(word, "chunks") != 0)
        return sw_fail(error, SW_USAGE, "--ending and --elsewhere: only with chunks");
    return true;
}

static bool run(const struct sw_command_line *line, struct sw_error *error)
{
    const char *name = line->operand_count ? line->operands[0] : "";
    size_t count = line->operand_count ? line->operand_count - 1 : 0, i = 0;
    while (i < sizeof words / sizeof *words && strcmp(words[i].name, name) != 0) i++;
    if (i == sizeof words / sizeof *words)
        return sw_fail(
            error, SW_USAGE,
            "not chunks, shares, folded, rows, analysis, match, securities, matrix, plan "
            "or seal: '%s'",
            name);
    if (count < words[i].least || count > words[i].most)
        return sw_fail(error, SW_USAGE, "%s: needs %s", name, words[i].needs);
    return check_options(name, error) && words[i].run(line->operands + 1, count, error);
}

int main(int argc, char **argv)
{
    static const struct sw_program program = {
        "sw-ledger", "what a run has found and counted",
        "chunks --ending NAME [--elsewhere] RUN STAGE <SURVEY\nshares --made-by TEXT RUN N\n"
        "folded RUN N\nsecurities RUN\nmatrix RUN\nrows [--events FILE] RUN STAGE <INPUTS\n"
        "analysis RUN STAGE TALLY… <INPUTS\nmatch RUN STAGE TALLY… <INPUTS\n"
        "plan [--ranges N] --made-by TEXT --streams NAME,… RUN OUT\nseal STAGE JOB\n",
        options, run};
    return sw_main(&program, argc, argv);
}
