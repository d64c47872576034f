/* SPDX-License-Identifier: ISC
 *
 * sw-filter: selects rows and columns of record streams. Kept and rejected rows are together the
 * rows read. Blocks of which no row can be selected are stepped over without their columns being
 * read.
 */
#include <inttypes.h>
#include <stdio.h>

#include "base/memory.h"
#include "base/program.h"
#include "base/tally.h"
#include "query/columns.h"
#include "query/pick_rows.h"
#include "query/select_options.h"
#include "record/writer.h"

static struct {
    struct sw_selectors selectors;
    struct sw_view_settings view;
    const char *columns, *range, *reject, *tally, *output;
    int64_t block_rows;
    bool count;
} set;

static const struct sw_option options[] = {
    SW_SELECTOR_OPTIONS(set.selectors),
    SW_OPTION('c', "columns", "COL,…", set.columns,
              "keep only these columns, stored or derived, in this order"),
    SW_OPTION(0, "range", "OFFSET:LENGTH", set.range,
              "only the rows of the blocks that begin in this range of the file (sw-info --plan)"),
    SW_OPTION(0, "reject", "FILE", set.reject, "write the other rows, with all columns, to FILE"),
    SW_OPTION(0, "count", NULL, set.count, "print the number of rows selected instead of the rows"),
    SW_OPTION(0, "tz", "ZONE", set.view.zone, "local time: an offset or a name, +10:00 by default"),
    SW_OPTION(0, "sizes", "BOUNDS", set.view.sizes,
              "the upper bounds of the order sizes, 1000,5000,10000,50000 by default"),
    SW_OPTION(0, "block-rows", "N", set.block_rows, "at most N rows in a block, up to 65536"),
    SW_OPTION(0, "tally", "FILE", set.tally,
              "write the numbers of rows read, kept, rejected and bad to FILE, tab-separated"),
    SW_OPTION('o', "output", "FILE", set.output, "write to FILE instead of standard output"),
    SW_OPTIONS_END,
};

/* A stream that some of the rows go to, with some of the columns. */
struct side {
    bool wanted;
    struct sw_columns columns;
    struct sw_output output;
    struct sw_writer writer;
};

struct filter {
    struct sw_reader reader;
    struct sw_view view;
    struct sw_expression expression;
    struct side kept, rejected;
    uint64_t kept_rows;
    uint32_t *selected, *others;
};

/* ---- a side ---- */

static bool name_columns(struct side *side, struct sw_view *view, const char *list,
                         struct sw_error *error)
{
    struct sw_buffer line = {0};
    bool good =
        sw_columns_open(&side->columns, view, list, error) &&
        sw_columns_inherit(&side->columns, view, error) &&
        sw_program_provenance(NULL, &line, error) &&
        sw_schema_made_by(&side->columns.schema, (const char *)line.bytes, line.length, error);
    sw_buffer_free(&line);
    return good;
}

static bool put(struct side *side, struct sw_view *view, const uint32_t *rows, size_t count,
                struct sw_error *error)
{
    if (!side->wanted || count == 0) return true;
    return sw_columns_fetch(&side->columns, view, error) &&
           sw_writer_gather(&side->writer, side->columns.vectors, count == view->rows ? NULL : rows,
                            count, error);
}

static bool finish(struct side *side, struct sw_error *error)
{
    return !side->wanted || sw_writer_close(&side->writer, error);
}

static void free_side(struct side *side)
{
    sw_writer_free(&side->writer);
    sw_columns_free(&side->columns);
}

/* ---- rows ---- */

/* The rows of the block that are not among `count` selected ones. */
static size_t find_others(struct filter *filter, size_t count)
{
    size_t found = 0, next = 0;
    for (uint32_t row = 0; row < filter->reader.rows; row++) {
        bool selected = next < count && filter->selected[next] == row;
        next += selected;
        filter->others[found] = row;
        found += !selected;
    }
    return found;
}

/* Rejected rows need the whole block. */
static bool select_rows(struct filter *filter, size_t *count, struct sw_error *error)
{
    return filter->rejected.wanted
               ? sw_expression_select(&filter->expression, &filter->view, filter->selected, count,
                                      error)
               : sw_expression_pick(&filter->expression, &filter->view, filter->selected, count,
                                    error);
}

static bool split_block(struct filter *filter, struct sw_error *error)
{
    size_t rows = filter->reader.rows, count = 0;
    enum sw_match match = sw_expression_match(&filter->expression, &filter->view, &filter->reader);
    if (match == SW_MATCH_ALL)
        count = rows;
    else if (match == SW_MATCH_SOME && !select_rows(filter, &count, error))
        return false;
    filter->kept_rows += count;
    if (!put(&filter->kept, &filter->view, filter->selected, count, error)) return false;
    if (!filter->rejected.wanted || count == rows) return true;
    return put(&filter->rejected, &filter->view, filter->others, find_others(filter, count), error);
}

static bool split_blocks(struct filter *filter, struct sw_error *error)
{
    enum sw_step step;
    while ((step = sw_reader_next(&filter->reader, error)) == SW_ROWS) {
        sw_view_begin(&filter->view, filter->reader.rows);
        if (!split_block(filter, error)) return false;
    }
    return step == SW_END && finish(&filter->kept, error) && finish(&filter->rejected, error);
}

/* ---- outputs ---- */

static bool print_count(struct filter *filter, struct sw_error *error)
{
    char line[32];
    int length = snprintf(line, sizeof line, "%" PRIu64 "\n", filter->kept_rows);
    return !set.count || sw_output_write(&filter->kept.output, line, (size_t)length, error);
}

static bool start(struct side *side, struct sw_error *error)
{
    return !side->wanted || sw_writer_open(&side->writer, &side->output, &side->columns.schema,
                                           (size_t)set.block_rows, error);
}

static bool write_rejected(struct filter *filter, struct sw_error *error)
{
    return start(&filter->kept, error) && start(&filter->rejected, error) &&
           split_blocks(filter, error) && print_count(filter, error);
}

static bool with_rejected(struct filter *filter, struct sw_error *error)
{
    struct sw_output *kept = &filter->kept.output, *rejected = &filter->rejected.output;
    if (!set.reject) return write_rejected(filter, error) && sw_output_close(kept, error);
    if (!sw_output_open(rejected, set.reject, error)) return false;
    bool good = sw_output_refuse_same(kept, rejected, error) && write_rejected(filter, error) &&
                sw_output_close(rejected, error) && sw_output_close(kept, error);
    if (!good) sw_output_abandon(rejected);
    return good;
}

static bool write_sides(struct filter *filter, struct sw_error *error)
{
    if (!sw_output_open(&filter->kept.output, set.output, error)) return false;
    bool good = with_rejected(filter, error);
    if (!good) sw_output_abandon(&filter->kept.output);
    return good;
}

/* ---- the program ---- */

static bool compile(struct filter *filter, struct sw_error *error)
{
    struct sw_error no_share = {0};
    const char *share = set.selectors.expression ? sw_share_directory(&no_share) : NULL;
    return sw_selectors_compile(&filter->expression, &filter->view, &set.selectors, share, error);
}

/* Shows where in the expression a failure lies; the line with the reason follows. */
static void point(const struct sw_expression *expression)
{
    struct sw_caret caret;
    if (!sw_expression_point(expression, &caret)) return;
    sw_say("%s", caret.text);
    sw_say("%s", caret.mark);
}

static bool write_tally(const struct filter *filter, struct sw_error *error)
{
    struct sw_tally tally = {.read = filter->reader.total_rows,
                             .kept = filter->kept_rows,
                             .rejected = filter->reader.total_rows - filter->kept_rows};
    return sw_tally_write(&tally, set.tally, error);
}

/* Blocks that cannot hold a selected row need not be seen, unless their rows are wanted as rejected ones. */
static bool restrict_reader(struct filter *filter, struct sw_error *error)
{
    return set.reject || sw_expression_restrict(&filter->expression, &filter->view,
                                                &filter->reader, error);
}

static bool prepare(struct filter *filter, struct sw_error *error)
{
    filter->kept.wanted = !set.count;
    filter->rejected.wanted = set.reject != NULL;
    filter->selected = sw_alloc(SW_BLOCK_ROWS_MAXIMUM, sizeof *filter->selected, error);
    filter->others = sw_alloc(SW_BLOCK_ROWS_MAXIMUM, sizeof *filter->others, error);
    return filter->selected && filter->others &&
           sw_view_open(&filter->view, sw_supplier_of_reader(&filter->reader), &set.view, error) &&
           compile(filter, error) && restrict_reader(filter, error) &&
           name_columns(&filter->kept, &filter->view, set.columns, error) &&
           name_columns(&filter->rejected, &filter->view, NULL, error);
}

static bool check(const struct sw_command_line *line, struct sw_error *error)
{
    if (set.block_rows > SW_BLOCK_ROWS_MAXIMUM)
        return sw_fail(error, SW_USAGE, "--block-rows: more than %d: '%" PRId64 "'",
                       SW_BLOCK_ROWS_MAXIMUM, set.block_rows);
    const char *outputs[] = {set.output, set.reject, set.tally}, *lists[5];
    const struct sw_selectors *of = &set.selectors;
    const char *given[] = {of->securities, of->dates, of->participants, of->quantities};
    size_t count = 0;
    for (size_t i = 0; i < 4; i++)
        if (given[i] && given[i][0] == '@') lists[count++] = given[i] + 1;
    lists[count] = NULL;
    return sw_output_refuse_clash(outputs, 3, line->operands, line->operand_count, lists, error);
}

static bool run(const struct sw_command_line *line, struct sw_error *error)
{
    struct filter filter = {0};
    if (!check(line, error) || !sw_reader_open_part(&filter.reader, line->operands,
                                                    line->operand_count, set.range, error))
        return false;
    bool good = prepare(&filter, error) && write_sides(&filter, error) &&
                (!set.tally || write_tally(&filter, error));
    if (!good) point(&filter.expression);
    free_side(&filter.kept);
    free_side(&filter.rejected);
    sw_expression_free(&filter.expression);
    sw_view_free(&filter.view);
    sw_reader_close(&filter.reader);
    free(filter.selected);
    free(filter.others);
    return good;
}

static const struct sw_program program = {
    "sw-filter", "select rows and columns of a record stream", "[OPTION]… [FILE…]\n--range OFFSET:LENGTH [OPTION]… FILE\n", options, run,
};

int main(int argc, char **argv)
{
    return sw_main(&program, argc, argv);
}
