/* SPDX-License-Identifier: ISC */
#include "input/filter_rows.h"

#include <stdlib.h>

#include "base/memory.h"
#include "expr/select_rows.h"

/* ---- a side ---- */

static bool name_columns(struct sw_filter_side *side, struct sw_view *view, const char *list,
                         const char *made_by, struct sw_error *error)
{
    return sw_columns_open(&side->columns, view, list, error) &&
           sw_columns_inherit(&side->columns, view, error) &&
           sw_schema_made_by(&side->columns.schema, made_by, strlen(made_by), error);
}

static bool start(struct sw_filter_side *side, struct sw_output *output, size_t block_rows,
                  struct sw_error *error)
{
    side->wanted = output != NULL;
    return !output ||
           sw_writer_open(&side->writer, output, &side->columns.schema, block_rows, error);
}

static bool put(struct sw_filter_side *side, struct sw_view *view, uint64_t stream,
                const uint32_t *rows, size_t count, struct sw_error *error)
{
    if (!side->wanted || count == 0) return true;
    return sw_columns_fetch(&side->columns, view, error) &&
           sw_writer_follow(&side->writer, stream, error) &&
           sw_writer_gather(&side->writer, side->columns.vectors, count == view->rows ? NULL : rows,
                            count, error);
}

static bool finish(struct sw_filter_side *side, struct sw_error *error)
{
    return !side->wanted || sw_writer_close(&side->writer, error);
}

static void free_side(struct sw_filter_side *side)
{
    sw_writer_free(&side->writer);
    sw_columns_free(&side->columns);
}

/* ---- rows ---- */

/* The rows of the block that are not among `count` selected ones. */
static size_t find_others(struct sw_filter *filter, size_t count)
{
    size_t found = 0, next = 0;
    for (uint32_t row = 0; row < filter->reader->rows; row++) {
        bool selected = next < count && filter->selected[next] == row;
        next += selected;
        filter->others[found] = row;
        found += !selected;
    }
    return found;
}

/* Rejected rows need the whole block. */
static bool select_rows(struct sw_filter *filter, size_t *count, struct sw_error *error)
{
    return filter->rejected.wanted ? sw_expression_select(&filter->expression, filter->view,
                                                          filter->selected, count, error)
                                   : sw_expression_pick(&filter->expression, filter->view,
                                                        filter->selected, count, error);
}

static bool split_block(struct sw_filter *filter, struct sw_error *error)
{
    size_t rows = filter->reader->rows, count = 0;
    uint64_t stream = filter->reader->streams;
    enum sw_match match = sw_expression_match(&filter->expression, filter->view, filter->reader);
    if (match == SW_MATCH_ALL)
        count = rows;
    else if (match == SW_MATCH_SOME && !select_rows(filter, &count, error))
        return false;
    filter->kept_rows += count;
    filter->rejected_rows += rows - count;
    if (!put(&filter->kept, filter->view, stream, filter->selected, count, error)) return false;
    if (!filter->rejected.wanted || count == rows) return true;
    return put(&filter->rejected, filter->view, stream, filter->others, find_others(filter, count),
               error);
}

struct sw_tally sw_filter_tally(const struct sw_filter *filter)
{
    const struct sw_filter_side *kept = &filter->kept;
    return (struct sw_tally){.read = filter->reader->total_rows,
                             .kept =
                                 kept->wanted ? sw_writer_rows(&kept->writer) : filter->kept_rows,
                             .rejected = filter->rejected_rows + filter->reader->passed_rows};
}

static bool adds_up(const struct sw_filter *filter, struct sw_error *error)
{
    const struct sw_filter_side *rejected = &filter->rejected;
    struct sw_tally tally = sw_filter_tally(filter);
    if (rejected->wanted) tally.rejected = sw_writer_rows(&rejected->writer);
    return sw_tally_check(&tally, filter->reader->first_name, error);
}

static bool split_blocks(struct sw_filter *filter, struct sw_error *error)
{
    enum sw_step step;
    while ((step = sw_reader_next(filter->reader, error)) == SW_ROWS) {
        sw_view_begin(filter->view, filter->reader->rows);
        if (!split_block(filter, error)) return false;
    }
    return step == SW_END && adds_up(filter, error) && finish(&filter->kept, error) &&
           finish(&filter->rejected, error);
}

bool sw_filter_rows(struct sw_filter *filter, struct sw_output *kept, struct sw_output *rejected,
                    struct sw_error *error)
{
    size_t block_rows = filter->settings->block_rows;
    return start(&filter->kept, kept, block_rows, error) &&
           start(&filter->rejected, rejected, block_rows, error) && split_blocks(filter, error);
}

/* ---- opening ---- */

/* Blocks that cannot hold a selected row need not be seen, unless their rows are wanted as rejected
 * ones. */
static bool restrict_reader(struct sw_filter *filter, struct sw_error *error)
{
    return filter->settings->rejected ||
           sw_expression_restrict(&filter->expression, filter->view, filter->reader, error);
}

bool sw_filter_open(struct sw_filter *filter, struct sw_reader *reader, struct sw_view *view,
                    const struct sw_filter_settings *settings, struct sw_error *error)
{
    filter->reader = reader;
    filter->view = view;
    filter->settings = settings;
    filter->selected = sw_alloc(SW_BLOCK_ROWS_MAXIMUM, sizeof *filter->selected, error);
    filter->others = sw_alloc(SW_BLOCK_ROWS_MAXIMUM, sizeof *filter->others, error);
    return filter->selected && filter->others &&
           sw_selectors_compile(&filter->expression, view, settings->selectors,
                                settings->share_directory, error) &&
           restrict_reader(filter, error) &&
           name_columns(&filter->kept, view, settings->columns, settings->made_by, error) &&
           name_columns(&filter->rejected, view, NULL, settings->made_by, error);
}

void sw_filter_free(struct sw_filter *filter)
{
    free_side(&filter->kept);
    free_side(&filter->rejected);
    sw_expression_free(&filter->expression);
    free(filter->selected);
    free(filter->others);
}
