/* SPDX-License-Identifier: ISC
 *
 * sw-join: the rows of a record stream that have a partner with the same key in another one, or
 * that have none; with columns of the partner after their own. Both streams are sorted by the
 * keys, so that one pass over each is enough.
 */
#include <string.h>

#include "expr/value.h"
#include "program/program.h"
#include "sort/merge_join.h"
#include "view/view_options.h"

static struct {
    struct sw_join_settings join;
    struct sw_view_settings view;
    const char *with, *tally, *output;
    int64_t block_rows;
    bool unmatched, all;
} set = {.view = {.definer = &sw_value_definer, .say = sw_say_once}};

static const struct sw_option options[] = {
    SW_OPTION('k', "keys", "COL,…", set.join.keys,
              "the columns in which partners agree and by which both streams are sorted; COL:desc "
              "where that is descending"),
    SW_OPTION(0, "with", "FILE", set.with,
              "the stream in which partners are looked for; each key stands there once"),
    SW_OPTION('c', "columns", "COL,…", set.join.columns,
              "add these columns of the partner, stored or derived, behind the row's own"),
    SW_OPTION(0, "unmatched", NULL, set.unmatched, "the rows without a partner instead"),
    SW_OPTION(0, "all", NULL, set.all, "all rows; where there is no partner its columns are null"),
    SW_VIEW_OPTIONS(set.view),
    SW_OPTION(0, "block-rows", "N", set.block_rows, "at most N rows in a block, up to 65536"),
    SW_OPTION(0, "tally", "FILE", set.tally,
              "write the numbers of rows read, kept, rejected and bad to FILE, tab-separated"),
    SW_OPTION('o', "output", "FILE", set.output, "write to FILE instead of standard output"),
    SW_OPTIONS_END,
};

struct joining {
    struct sw_reader left, right;
    struct sw_view view; /* of the right */
    struct sw_join join;
};

static bool name_maker(struct sw_join *join, struct sw_error *error)
{
    static const char *const but[] = {"with", NULL};
    struct sw_buffer line = {0};
    bool good = sw_program_provenance(but, &line, error) &&
                sw_schema_made_by(&join->schema, (const char *)line.bytes, line.length, error);
    sw_buffer_free(&line);
    return good;
}

static bool write_rows(struct sw_join *join, struct sw_output *output, struct sw_error *error)
{
    struct sw_writer writer = {0};
    bool good = sw_writer_open(&writer, output, &join->schema, (size_t)set.block_rows, error) &&
                sw_join_rows(join, &writer, error) && sw_writer_close(&writer, error);
    sw_writer_free(&writer);
    return good;
}

static bool write_tally(const struct sw_join *join, struct sw_error *error)
{
    struct sw_tally tally = sw_join_tally(join);
    return !set.tally || sw_tally_write(&tally, set.tally, error);
}

static bool write_file(struct sw_join *join, struct sw_error *error)
{
    struct sw_output output;
    if (!sw_output_open(&output, set.output, error)) return false;
    return sw_output_end(&output, write_rows(join, &output, error), error);
}

static bool join_both(struct joining *work, struct sw_error *error)
{
    bool good =
        sw_view_open(&work->view, sw_supplier_of_reader(&work->right), &set.view, error) &&
        sw_join_open(&work->join, &work->left, &work->right, &work->view, &set.join, error) &&
        name_maker(&work->join, error) && write_file(&work->join, error) &&
        write_tally(&work->join, error);
    sw_join_free(&work->join);
    sw_view_free(&work->view);
    return good;
}

static bool is_standard(const char *path)
{
    return strcmp(path, "-") == 0;
}

static bool check(const struct sw_command_line *line, struct sw_error *error)
{
    if (!set.join.keys || !set.with) return sw_fail(error, SW_USAGE, "needs --keys and --with");
    if (set.unmatched && (set.all || set.join.columns))
        return sw_fail(error, SW_USAGE, "--unmatched: not with --all or --columns");
    if (set.block_rows > SW_BLOCK_ROWS_MAXIMUM)
        return sw_fail(error, SW_USAGE, "--block-rows: more than %d", SW_BLOCK_ROWS_MAXIMUM);
    bool twice = line->operand_count == 0;
    for (size_t i = 0; i < line->operand_count; i++) twice |= is_standard(line->operands[i]);
    if (twice && is_standard(set.with))
        return sw_fail(error, SW_USAGE, "--with: standard input is the rows already");
    set.join.kind = set.unmatched ? SW_JOIN_UNMATCHED : set.all ? SW_JOIN_ALL : SW_JOIN_MATCHED;
    const char *outputs[] = {set.output, set.tally}, *more[] = {set.with, NULL};
    return sw_output_refuse_clash(outputs, 2, line->operands, line->operand_count, more, error);
}

static bool run(const struct sw_command_line *line, struct sw_error *error)
{
    struct joining work = {0};
    const char *with = set.with;
    if (!check(line, error) ||
        !sw_reader_open(&work.left, line->operands, line->operand_count, error))
        return false;
    bool good = sw_reader_open(&work.right, &with, 1, error);
    if (good) {
        good = join_both(&work, error);
        sw_reader_close(&work.right);
    }
    sw_reader_close(&work.left);
    return good;
}

static const struct sw_program program = {
    "sw-join",
    "rows with a partner in another stream",
    "-k COL,… --with FILE [OPTION]… [FILE…]\n",
    options,
    run,
};

int main(int argc, char **argv)
{
    return sw_main(&program, argc, argv);
}
