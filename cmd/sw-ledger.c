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
    const char *events, *quotes;
} set;

static const struct sw_option options[] = {
    SW_OPTION(0, "events", "FILE", set.events,
              "rows: what was read and kept of each part, where rows were folded"),
    SW_OPTION(0, "quotes", "CROSSED,ONE_SIDED", set.quotes,
              "rows: of an analysis, of whose quotes so many were left out"),
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

static bool print(const struct sw_ledger *ledger, struct sw_buffer *text, struct sw_error *error)
{
    struct sw_buffer by_security = {0}, others = {0};
    if (!set.quotes) return sw_ledger_print(ledger, text, error);
    bool good = path_of(ledger->work, "ledger_by_security.csv", &by_security, error) &&
                path_of(ledger->work, "securities/other_trades", &others, error) &&
                sw_ledger_analysis(ledger, (const char *)by_security.bytes,
                                   (const char *)others.bytes, set.quotes, text, error);
    sw_buffer_free(&by_security);
    sw_buffer_free(&others);
    return good;
}

static bool rows(const char *work, const char *stage, struct sw_error *error)
{
    struct sw_ledger ledger = {0};
    struct sw_buffer text = {0};
    bool good = sw_ledger_open(&ledger, work, stage, "-", set.events, error) &&
                sw_ledger_add(&ledger, error) && sw_ledger_check(&ledger, error) &&
                print(&ledger, &text, error) &&
                sw_output_file(NULL, text.bytes, text.length, error);
    sw_buffer_free(&text);
    sw_ledger_free(&ledger);
    return good;
}

static bool run(const struct sw_command_line *line, struct sw_error *error)
{
    const char *what = line->operand_count ? line->operands[0] : "";
    bool of_rows = strcmp(what, "rows") == 0, picture = strcmp(what, "matrix") == 0;
    if (!of_rows && !picture && strcmp(what, "securities") != 0)
        return sw_fail(error, SW_USAGE, "not rows, securities or matrix: '%s'", what);
    if (line->operand_count != (of_rows ? 3 : 2))
        return sw_fail(error, SW_USAGE,
                       of_rows ? "%s: needs a folder and a stage" : "%s: needs one folder", what);
    if ((set.events || set.quotes) && !of_rows)
        return sw_fail(error, SW_USAGE, "--events and --quotes: only with rows");
    return of_rows ? rows(line->operands[1], line->operands[2], error)
                   : securities(line->operands[1], picture, error);
}

int main(int argc, char **argv)
{
    static const struct sw_program program = {"sw-ledger", "what a run has found and counted",
                                              "securities RUN\nmatrix RUN\nrows [--events FILE] "
                                              "[--quotes CROSSED,ONE_SIDED] RUN STAGE <INPUTS\n",
                                              options, run};
    return sw_main(&program, argc, argv);
}
