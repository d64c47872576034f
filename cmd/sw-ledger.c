/* SPDX-License-Identifier: ISC
 *
 * sw-ledger: what a run has found and counted, put together out of what its jobs left: for the pipelines.
 */
#include <string.h>

#include "files/output.h"
#include "ledger/analysis.h"
#include "ledger/rows.h"
#include "ledger/securities.h"
#include "program/program.h"

static struct {
    const char *events;
    bool tables;
} set;

static const struct sw_option options[] = {
    SW_OPTION(0, "events", "FILE", set.events,
              "rows: what was read and kept of each part, where rows were folded"),
    SW_OPTION(0, "tables", NULL, set.tables, "rows: the table of each file in front, sorted"),
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
                (set.tables ? sw_ledger_print_tables : sw_ledger_print)(&ledger, &text, error) &&
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

static bool analysis(const char *work, const char *stage, const char *const *paths, size_t count,
                     struct sw_error *error)
{
    struct sw_ledger ledger = {0};
    struct sw_tallies tallies = {0};
    struct sw_buffer path = {0}, text = {0};
    bool good = path_of(work, "securities/list", &path, error) &&
                sw_tallies_read(&tallies, (const char *)path.bytes, paths, count, error) &&
                write_tallies(&tallies, work, error) &&
                sw_ledger_open(&ledger, work, stage, "-", NULL, error) &&
                sw_ledger_add(&ledger, error) && sw_ledger_check(&ledger, error) &&
                path_of(work, "securities/other_trades", &path, error) &&
                sw_ledger_analysis(&ledger, &tallies, (const char *)path.bytes, &text, error) &&
                write_text(work, "ledger.csv", &text, error);
    sw_buffer_free(&path);
    sw_buffer_free(&text);
    sw_tallies_free(&tallies);
    sw_ledger_free(&ledger);
    return good;
}

static bool run(const struct sw_command_line *line, struct sw_error *error)
{
    const char *const *words = line->operands;
    size_t count = line->operand_count;
    const char *what = count ? words[0] : "";
    bool of_rows = strcmp(what, "rows") == 0, of_analysis = strcmp(what, "analysis") == 0;
    bool picture = strcmp(what, "matrix") == 0;
    if (!of_rows && !of_analysis && !picture && strcmp(what, "securities") != 0)
        return sw_fail(error, SW_USAGE, "not rows, analysis, securities or matrix: '%s'", what);
    if (of_analysis ? count < 3 : count != (of_rows ? 3 : 2))
        return sw_fail(error, SW_USAGE,
                       of_rows || of_analysis ? "%s: needs a folder and a stage"
                                              : "%s: needs one folder",
                       what);
    if ((set.events || set.tables) && !of_rows)
        return sw_fail(error, SW_USAGE, "--events and --tables: only with rows");
    if (of_analysis) return analysis(words[1], words[2], words + 3, count - 3, error);
    return of_rows ? rows(words[1], words[2], error) : securities(words[1], picture, error);
}

int main(int argc, char **argv)
{
    static const struct sw_program program = {
        "sw-ledger", "what a run has found and counted",
        "securities RUN\nmatrix RUN\nrows [--events FILE] [--tables] RUN STAGE <INPUTS\n"
        "analysis RUN STAGE TALLY… <INPUTS\n",
        options, run};
    return sw_main(&program, argc, argv);
}
