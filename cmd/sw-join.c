/* SPDX-License-Identifier: ISC
 *
 * sw-join: the rows of a file, CSV or records, that have a partner with the same key in another one, or
 * that have none; with columns of the partner after their own.
 */
#include <string.h>

#include "expr/value.h"
#include "input/join_tables.h"
#include "program/program.h"
#include "view/view_options.h"

static struct {
    struct sw_join_settings join;
    struct sw_view_settings view;
    const char *schema, *with, *tally, *output;
    int64_t block_rows;
    bool unmatched, all;
} set = {.view = {.definer = &sw_value_definer, .say = sw_say_once}};

static const struct sw_option options[] = {
    SW_OPTION(
        'k', "keys", "COL,…", set.join.keys,
        "the columns in which partners agree, stored, derived or NAME=EXPRESSION of a file that "
        "has no column NAME; COL:desc where sorted streams are descending"),
    SW_OPTION_UNRECORDED(
        0, "with", "FILE", set.with,
        "where partners are looked for, CSV or records; each key stands there once"),
    SW_OPTION('c', "columns", "COL,…", set.join.columns,
              "add these columns of the partner, stored, derived or NAME=EXPRESSION, behind the "
              "row's own"),
    SW_OPTION(0, "unmatched", NULL, set.unmatched, "the rows without a partner instead"),
    SW_OPTION(0, "all", NULL, set.all, "all rows; where there is no partner its columns are null"),
    SW_OPTION(
        't', "schema", "SCHEMA", set.schema,
        "of rows that are CSV: a schema's name or FILE.schema, instead of finding it from the "
        "header"),
    SW_VIEW_OPTIONS(set.view),
    SW_OPTION_UNRECORDED(0, "block-rows", "N", set.block_rows,
                         "at most N rows in a block, up to 65536"),
    SW_OPTION_UNRECORDED(
        0, "tally", "FILE", set.tally,
        "write the numbers of rows read, kept, rejected and bad to FILE, tab-separated"),
    SW_OPTION_UNRECORDED('o', "output", "FILE", set.output,
                         "write to FILE instead of standard output"),
    SW_OPTIONS_END,
};

static bool name_maker(struct sw_schema *schema, struct sw_error *error)
{
    struct sw_buffer line = {0};
    bool good = sw_program_provenance(&line, error) &&
                sw_schema_made_by(schema, (const char *)line.bytes, line.length, error);
    sw_buffer_free(&line);
    return good;
}

static bool write_rows(struct sw_join_tables *tables, struct sw_output *output,
                       struct sw_error *error)
{
    struct sw_writer writer = {0};
    bool good = sw_writer_open(&writer, output, tables->schema, (size_t)set.block_rows, error) &&
                sw_join_tables_rows(tables, &writer, error) && sw_writer_close(&writer, error);
    sw_writer_free(&writer);
    return good;
}

static bool write_file(struct sw_join_tables *tables, struct sw_error *error)
{
    struct sw_output output;
    if (!sw_output_open(&output, set.output, error)) return false;
    return sw_output_end(&output, write_rows(tables, &output, error), error);
}

static bool write_tally(const struct sw_join_tables *tables, struct sw_error *error)
{
    struct sw_tally tally = sw_join_tables_tally(tables);
    return !set.tally || sw_tally_write(&tally, set.tally, error);
}

static bool check(const struct sw_command_line *line, struct sw_error *error)
{
    if (!set.join.keys || !set.with) return sw_fail(error, SW_USAGE, "needs --keys and --with");
    if (set.unmatched && (set.all || set.join.columns))
        return sw_fail(error, SW_USAGE, "--unmatched: not with --all or --columns");
    if (!sw_block_rows_check(set.block_rows, error)) return false;
    set.join.kind = set.unmatched ? SW_JOIN_UNMATCHED : set.all ? SW_JOIN_ALL : SW_JOIN_MATCHED;
    const char *outputs[] = {set.output, set.tally}, *more[] = {set.with, NULL};
    return sw_input_refuse_sharing(line->operands, line->operand_count, more, 1, error) &&
           sw_output_refuse_clash(outputs, 2, line->operands, line->operand_count, more, error);
}

static bool run(const struct sw_command_line *line, struct sw_error *error)
{
    struct sw_join_tables tables = {.settings = {.view = set.view, .choice = set.schema}};
    if (!check(line, error)) return false;
    tables.settings.join = set.join;
    tables.settings.share_directory = sw_share_directory(error);
    if (!tables.settings.share_directory) return false;
    bool good =
        sw_join_tables_open(&tables, line->operands, line->operand_count, set.with, error) &&
        name_maker(tables.schema, error) && write_file(&tables, error) &&
        write_tally(&tables, error);
    sw_join_tables_close(&tables);
    return good;
}

static const struct sw_program program = {
    "sw-join",
    "rows with or without a partner in another file",
    "-k COL,… --with FILE [OPTION]… [FILE…]\n",
    options,
    run,
};

int main(int argc, char **argv)
{
    return sw_main(&program, argc, argv);
}
