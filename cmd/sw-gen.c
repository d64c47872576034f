/* SPDX-License-Identifier: ISC
 *
 * sw-gen makes synthetic orders, trades and quotes that agree with each other, from a seed: data of
 * any size to try the suite with, in the exchange's own columns. The making is in
 * market/generate.h.
 */
#include "program/program.h"
#include "generate/generate.h"

static struct {
    int64_t rows, securities, days, participants, seed, planted;
    struct sw_size size;
    const char *table, *directory;
    bool full;
} set = {.rows = -1, .securities = 150, .days = 5, .participants = 100, .seed = 1, .planted = -1};

static const struct sw_option options[] = {
    SW_OPTION(0, "rows", "N", set.rows, "order events, exactly; 1000000 unless told"),
    SW_OPTION(0, "size", "SIZE", set.size, "make orders about this large instead"),
    SW_OPTION(0, "securities", "N", set.securities, "securities, 1 to 10000; 150 unless told"),
    SW_OPTION(0, "days", "N", set.days, "weekdays from 2024-09-02 on, 1 to 10000; 5 unless told"),
    SW_OPTION(0, "participants", "N", set.participants,
              "participants, 1 to 1000000; 100 unless told"),
    SW_OPTION(0, "seed", "N", set.seed, "where chance begins; 1 unless told"),
    SW_OPTION(0, "full", NULL, set.full, "give orders the full header of 30 columns"),
    SW_OPTION(0, "planted", "N", set.planted,
              "N situations of sweeps with known matches in the place of a market"),
    SW_OPTION(0, "stdout", "TABLE", set.table,
              "write this table alone, orders, trades, nbbo or expected, to standard output"),
    SW_OPTION('o', "output", "DIR", set.directory,
              "write the files here, making the directory; the current one unless told"),
    SW_OPTIONS_END,
};

static bool consistent(const struct sw_command_line *line, struct sw_error *error)
{
    if (line->operand_count)
        return sw_fail(error, SW_USAGE, "reads no file: '%s'", line->operands[0]);
    if (set.rows >= 0 && set.size.bytes)
        return sw_fail(error, SW_USAGE, "--rows and --size: give one of them");
    if (set.planted >= 0 && (set.rows >= 0 || set.size.bytes))
        return sw_fail(error, SW_USAGE, "--planted: not with --rows and --size");
    if (set.planted == 0) return sw_fail(error, SW_USAGE, "--planted: not from 1: 0");
    if (set.table && set.directory)
        return sw_fail(error, SW_USAGE, "--stdout and --output: give one of them");
    return true;
}

static bool run(const struct sw_command_line *line, struct sw_error *error)
{
    struct sw_generate_settings settings = {.rows = set.rows >= 0 ? set.rows : 1000000,
                                            .securities = set.securities,
                                            .days = set.days,
                                            .participants = set.participants,
                                            .seed = set.seed,
                                            .full = set.full,
                                            .planted = set.planted > 0 ? set.planted : 0};
    enum sw_gen_table table = SW_GEN_ORDERS;
    if (!consistent(line, error) || !sw_generate_check(&settings, error)) return false;
    if (set.table && !sw_generate_table_named(set.table, &table, error)) return false;
    if (table == SW_GEN_EXPECTED && !settings.planted)
        return sw_fail(error, SW_USAGE, "--stdout expected: of no use without --planted");
    if (set.size.bytes &&
        !sw_generate_rows_of_size(&settings, set.size.bytes, &settings.rows, error))
        return false;
    if (set.table) return sw_generate_standard(&settings, table, error);
    return sw_generate_files(&settings, set.directory ? set.directory : ".", error);
}

static const struct sw_program program = {
    "sw-gen", "make synthetic orders, trades and quotes that agree with each other",
    "[--rows N | --size SIZE | --planted N] [--securities N] [--days N] [--participants N] [--seed "
    "N] "
    "[--full] [--stdout orders|trades|nbbo|expected | -o DIR]\n",
    options, run};

int main(int argc, char **argv)
{
    return sw_main(&program, argc, argv);
}
