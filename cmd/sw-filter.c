/* SPDX-License-Identifier: ISC
 *
 * sw-filter: selects rows and columns of record streams. Kept and rejected rows are together the
 * rows read.
 */
#include <inttypes.h>
#include <stdio.h>

#include "expr/value.h"
#include "program/program.h"
#include "input/filter_rows.h"
#include "input/unseen.h"
#include "expr/selector_files.h"
#include "expr/selector_options.h"
#include "view/view_options.h"

static struct {
    struct sw_selectors selectors;
    struct sw_view_settings view;
    const char *columns, *range, *reject, *tally, *output;
    int64_t block_rows;
    bool count;
} set = {.view = {.definer = &sw_value_definer, .say = sw_say_once}};

static const struct sw_option options[] = {
    SW_SELECTOR_OPTIONS(set.selectors),
    SW_OPTION('c', "columns", "COL,…", set.columns,
              "keep only these columns, stored or derived, in this order"),
    SW_OPTION_UNRECORDED(
        0, "range", "OFFSET:LENGTH", set.range,
        "only the rows of the blocks that begin in this range of the file (sw-info --plan)"),
    SW_OPTION_UNRECORDED(0, "reject", "FILE", set.reject,
                         "write the other rows, with all columns, to FILE"),
    SW_OPTION(0, "count", NULL, set.count, "print the number of rows selected instead of the rows"),
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

struct filtering {
    struct sw_reader reader;
    struct sw_view view;
    struct sw_filter filter;
    struct sw_output kept, rejected;
};

/* ---- outputs ---- */

static bool print_count(struct filtering *work, struct sw_error *error)
{
    char line[32];
    int length = snprintf(line, sizeof line, "%" PRIu64 "\n", work->filter.kept_rows);
    return !set.count || sw_output_write(&work->kept, line, (size_t)length, error);
}

static bool write_rows(struct filtering *work, struct sw_error *error)
{
    return sw_filter_rows(&work->filter, set.count ? NULL : &work->kept,
                          set.reject ? &work->rejected : NULL, error) &&
           print_count(work, error);
}

static bool with_rejected(struct filtering *work, struct sw_error *error)
{
    struct sw_output *kept = &work->kept, *rejected = &work->rejected;
    if (!set.reject) return write_rows(work, error) && sw_output_close(kept, error);
    if (!sw_output_open(rejected, set.reject, error)) return false;
    struct sw_output *const both[] = {kept, rejected};
    bool good = write_rows(work, error) && sw_output_finish(kept, error) &&
                sw_output_finish(rejected, error) && sw_output_publish(both, 2, error);
    if (!good) sw_output_abandon(rejected);
    return good;
}

static bool write_files(struct filtering *work, struct sw_error *error)
{
    if (!sw_output_open(&work->kept, set.output, error)) return false;
    bool good = with_rejected(work, error);
    if (!good) sw_output_abandon(&work->kept);
    return good;
}

static bool write_tally(const struct filtering *work, struct sw_error *error)
{
    struct sw_tally tally = sw_filter_tally(&work->filter);
    return !set.tally || sw_tally_write(&tally, set.tally, error);
}

/* ---- the program ---- */

static bool check(const struct sw_command_line *line, struct sw_error *error)
{
    const char *outputs[] = {set.output, set.reject, set.tally};
    const char *lists[SW_SELECTOR_LISTS + 1] = {NULL};
    if (!sw_block_rows_check(set.block_rows, error)) return false;
    sw_selectors_files(set.selectors, lists);
    return sw_output_refuse_clash(outputs, 3, line->operands, line->operand_count, lists, error);
}

/* Where nothing was selected. Who has the rows counted, or reads a range, knows more than this run. */
static void explain(const struct filtering *work, const struct sw_command_line *line)
{
    const struct sw_tally tally = sw_filter_tally(&work->filter);
    struct sw_error no_share = {0};
    if (tally.kept || !tally.read || set.tally || set.range) return;
    if (!set.count) sw_say_to_eyes("0 of %" PRIu64 " rows selected", tally.read);
    if (!line->operand_count) return;
    const struct sw_unseen_settings settings = {
        .selectors = &set.selectors,
        .view = set.view,
        .share_directory = set.selectors.expression ? sw_share_directory(&no_share) : NULL,
        .say = sw_say};
    sw_unseen_say(&settings, line->operands, line->operand_count);
}

static bool filter_all(struct filtering *work, const struct sw_command_line *line,
                       const char *made_by, struct sw_error *error)
{
    struct sw_error no_share = {0};
    const struct sw_filter_settings settings = {
        .selectors = &set.selectors,
        .share_directory = set.selectors.expression ? sw_share_directory(&no_share) : NULL,
        .columns = set.columns,
        .made_by = made_by,
        .block_rows = (size_t)set.block_rows,
        .rejected = set.reject != NULL};
    struct sw_caret caret;
    bool good = sw_view_open(&work->view, sw_supplier_of_reader(&work->reader), &set.view, error) &&
                sw_filter_open(&work->filter, &work->reader, &work->view, &settings, error) &&
                write_files(work, error) && write_tally(work, error);
    if (!good && sw_expression_point(&work->filter.expression, &caret))
        sw_say_place(caret.text, caret.mark);
    if (good) explain(work, line);
    sw_filter_free(&work->filter);
    sw_view_free(&work->view);
    return good;
}

static bool run(const struct sw_command_line *line, struct sw_error *error)
{
    struct filtering work = {0};
    struct sw_buffer made_by = {0};
    if (!check(line, error) ||
        !sw_reader_open_part(&work.reader, line->operands, line->operand_count, set.range, error))
        return false;
    bool good = sw_program_provenance(&made_by, error) && sw_buffer_add(&made_by, "", 1, error) &&
                filter_all(&work, line, (const char *)made_by.bytes, error);
    sw_buffer_free(&made_by);
    sw_reader_close(&work.reader);
    return good;
}

static const struct sw_program program = {
    "sw-filter",
    "select rows and columns of a record stream",
    "[OPTION]… [FILE…]\n--range OFFSET:LENGTH [OPTION]… FILE\n",
    options,
    run,
};

int main(int argc, char **argv)
{
    return sw_main(&program, argc, argv);
}
