/* SPDX-License-Identifier: ISC
 *
 * sw-ledger: what a run has found and counted, put together out of what its jobs left: for the pipelines.
 */
#include <string.h>

#include "files/output.h"
#include "ledger/securities.h"
#include "program/program.h"

static const struct sw_option options[] = {
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

static bool run(const struct sw_command_line *line, struct sw_error *error)
{
    struct sw_securities securities = {0};
    struct sw_buffer all = {0};
    const char *what = line->operand_count ? line->operands[0] : "";
    bool picture = strcmp(what, "matrix") == 0;
    if (!picture && strcmp(what, "securities") != 0)
        return sw_fail(error, SW_USAGE, "not securities or matrix: '%s'", what);
    if (line->operand_count != 2) return sw_fail(error, SW_USAGE, "%s: needs one folder", what);
    const char *work = line->operands[1];
    bool good = path_of(work, "chunks/all", &all, error) &&
                sw_securities_read(&securities, work, (const char *)all.bytes, error) &&
                (picture ? write_one(&securities, work, NULL, sw_securities_picture, error)
                         : list(&securities, work, error));
    sw_securities_free(&securities);
    sw_buffer_free(&all);
    return good;
}

int main(int argc, char **argv)
{
    static const struct sw_program program = {"sw-ledger", "what a run has found and counted",
                                              "securities RUN\nmatrix RUN\n", options, run};
    return sw_main(&program, argc, argv);
}
