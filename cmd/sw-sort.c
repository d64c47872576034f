/* SPDX-License-Identifier: ISC
 *
 * sw-sort: puts the rows of record streams in order, stably and within a bound of memory, with runs
 * on disk where it is used up; -m merges streams that are in order already.
 */
#include <inttypes.h>

#include "base/number.h"
#include "program/program.h"
#include "sort/block_keys.h"
#include "sort/merge_files.h"
#include "expr/selector_files.h"
#include "expr/value.h"
#include "sort/sorter.h"
#include "view/view_options.h"

static struct {
    struct sw_sort_input_settings input;
    const char *block_keys, *folder, *tally, *output;
    int64_t block_rows;
    bool merge, index;
    struct sw_size memory;
} set = {.input = {.view = {.definer = &sw_value_definer, .say = sw_say_once}}};

static const struct sw_option options[] = {
    SW_OPTION('k', "keys", "COL[:desc],…", set.input.keys,
              "sort by these columns, stored, derived or NAME=EXPRESSION, ascending unless said "
              "otherwise"),
    SW_OPTION('m', "merge", NULL, set.merge, "merge: every input is in order already"),
    SW_OPTION(0, "last-resort", NULL, set.input.last_resort,
              "order rows with equal keys by all the other columns instead of leaving them"),
    SW_OPTION('s', "securities", "CODES", set.input.selectors.securities,
              "only rows of these securities: 110621,85603 or @FILE"),
    SW_OPTION_UNRECORDED(
        0, "range", "OFFSET:LENGTH", set.input.range,
        "only the rows of the blocks that begin in this range of the file (sw-info --plan)"),
    SW_OPTION_UNRECORDED(0, "block-keys", "COL,…", set.block_keys,
                         "end a block where one of these columns changes"),
    SW_OPTION_UNRECORDED(0, "index", NULL, set.index, "end the stream with an index of its blocks"),
    SW_OPTION_UNRECORDED('S', "memory", "SIZE", set.memory,
                         "hold about this much, 256M by default"),
    SW_OPTION_UNRECORDED('T', "temporary-directory", "DIR", set.folder,
                         "keep temporary files there instead of $TMPDIR or /tmp"),
    SW_VIEW_OPTIONS(set.input.view),
    SW_OPTION_UNRECORDED(0, "block-rows", "N", set.block_rows,
                         "at most N rows in a block, up to 65536"),
    SW_OPTION_UNRECORDED(
        0, "tally", "FILE", set.tally,
        "write the numbers of rows read, kept, rejected and bad to FILE, tab-separated"),
    SW_OPTION_UNRECORDED('o', "output", "FILE", set.output,
                         "write to FILE instead of standard output"),
    SW_OPTIONS_END,
};

/* What is sorted or merged, and where it goes. */
struct sorting {
    uint64_t memory_bytes;
    const char *folder;
    struct sw_sort_input input;
    struct sw_sorter sorter;
    struct sw_merge_files files;
    struct sw_schema schema; /* of the output */
    struct sw_block_keys block_keys;
    struct sw_selector_files lists; /* of -s, which every file that is merged asks for */
    struct sw_output output;
    struct sw_writer writer;
    struct sw_tally tally;
};

/* ---- output ---- */

static bool name_output(struct sorting *work, struct sw_error *error)
{
    struct sw_buffer line = {0};
    bool good = sw_program_provenance(&line, error) &&
                sw_schema_made_by(&work->schema, (const char *)line.bytes, line.length, error) &&
                sw_block_keys_open(&work->block_keys, &work->schema, set.block_keys, error);
    sw_buffer_free(&line);
    return good;
}

static bool open_writer(struct sorting *work, struct sw_error *error)
{
    if (!sw_output_refuse_terminal(&work->output, error) ||
        !sw_writer_prepare(&work->writer, &work->output, &work->schema, (size_t)set.block_rows,
                           error))
        return false;
    work->writer.index = set.index;
    return sw_writer_begin(&work->writer, error);
}

static bool write_rows(struct sorting *work, const struct sw_vector *const *vectors, size_t rows,
                       struct sw_error *error)
{
    return sw_block_keys_write(&work->block_keys, &work->writer, vectors, rows, error);
}

/* ---- sorting ---- */

static bool collect(struct sorting *work, struct sw_error *error)
{
    enum sw_step step;
    while ((step = sw_sort_input_next(&work->input, error)) == SW_ROWS)
        if (!sw_sorter_add(&work->sorter, work->input.vectors, NULL, work->input.rows, error))
            return false;
    return step == SW_END && sw_sorter_finish(&work->sorter, error);
}

static bool sort_rows(struct sorting *work, struct sw_error *error)
{
    enum sw_step step;
    if (!open_writer(work, error) || !collect(work, error)) return false;
    while ((step = sw_sorter_next(&work->sorter, error)) == SW_ROWS)
        if (!write_rows(work, work->sorter.vectors, work->sorter.rows, error)) return false;
    return step == SW_END;
}

static bool prepare_sort(struct sorting *work, const struct sw_command_line *line,
                         struct sw_error *error)
{
    const struct sw_sort_columns *columns = &work->input.columns;
    if (!sw_sort_input_open(&work->input, line->operands, line->operand_count, &set.input, error))
        return false;
    struct sw_sort_settings settings = {.keys = columns->keys,
                                        .key_count = columns->key_count,
                                        .memory_bytes = work->memory_bytes,
                                        .folder = work->folder};
    return sw_sort_columns_output(columns, &work->schema, error) && name_output(work, error) &&
           sw_sorter_open(&work->sorter, &columns->schema, &settings, error);
}

/* ---- merging ---- */

static bool merge_rows(struct sorting *work, struct sw_error *error)
{
    enum sw_step step;
    if (!open_writer(work, error)) return false;
    while ((step = sw_merge_files_next(&work->files, error)) == SW_ROWS)
        if (!write_rows(work, work->files.vectors, work->files.rows, error)) return false;
    return step == SW_END;
}

static bool prepare_merge(struct sorting *work, const struct sw_command_line *line,
                          struct sw_error *error)
{
    set.input.sorted = true;
    return sw_selectors_load(&set.input.selectors, &work->lists, error) &&
           sw_merge_files_open(&work->files, line->operands, line->operand_count, &set.input,
                               work->memory_bytes, work->folder, error) &&
           sw_schema_copy(&work->schema, &work->files.output, NULL, 0, error) &&
           name_output(work, error);
}

/* ---- the program ---- */

/* What went out, against what came in. */
static bool adds_up(struct sorting *work, const struct sw_command_line *line,
                    struct sw_error *error)
{
    const char *first = line->operand_count ? line->operands[0] : "standard input";
    if (set.merge)
        work->tally = work->files.tally;
    else
        sw_sort_input_count(&work->input, &work->tally);
    work->tally.kept = sw_writer_rows(&work->writer);
    return sw_tally_check(&work->tally, first, error);
}

static bool write_output(struct sorting *work, const struct sw_command_line *line,
                         struct sw_error *error)
{
    if (!sw_output_open(&work->output, set.output, error)) return false;
    bool good = (set.merge ? merge_rows(work, error) : sort_rows(work, error)) &&
                adds_up(work, line, error) && sw_writer_close(&work->writer, error);
    return sw_output_end(&work->output, good, error) &&
           (!set.tally || sw_tally_write(&work->tally, set.tally, error));
}

static bool check(const struct sw_command_line *line, struct sw_error *error)
{
    const char *lists[2] = {NULL, NULL};
    if (!set.input.keys) return sw_fail(error, SW_USAGE, "needs --keys");
    if (set.merge && set.input.range) return sw_fail(error, SW_USAGE, "--range: not with --merge");
    if (!sw_block_rows_check(set.block_rows, error)) return false;
    if (set.input.selectors.securities && set.input.selectors.securities[0] == '@')
        lists[0] = set.input.selectors.securities + 1;
    const char *outputs[] = {set.output, set.tally};
    return sw_output_refuse_clash(outputs, 2, line->operands, line->operand_count, lists, error);
}

static bool run(const struct sw_command_line *line, struct sw_error *error)
{
    struct sorting work = {.folder = sw_temporary_directory(set.folder)};
    if (!sw_memory_of(set.memory, SW_SORT_MEMORY_DEFAULT, SW_SORT_MEMORY_MINIMUM,
                      &work.memory_bytes, error) ||
        !check(line, error))
        return false;
    bool good =
        (set.merge ? prepare_merge(&work, line, error) : prepare_sort(&work, line, error)) &&
        write_output(&work, line, error);
    sw_writer_free(&work.writer);
    sw_block_keys_free(&work.block_keys);
    sw_merge_files_free(&work.files);
    sw_sorter_free(&work.sorter);
    sw_sort_input_free(&work.input);
    sw_schema_free(&work.schema);
    sw_selector_files_free(&work.lists);
    return good;
}

static const struct sw_program program = {
    "sw-sort",
    "sort rows in bounded memory, or merge sorted streams",
    "-k COL[:desc],… [OPTION]… [FILE…]\n-m -k COL[:desc],… [OPTION]… [FILE…]\n",
    options,
    run,
};

int main(int argc, char **argv)
{
    return sw_main(&program, argc, argv);
}
