/* SPDX-License-Identifier: ISC */
#include "query/select_csv.h"

#include "base/memory.h"
#include "csv/index.h"

static const struct sw_vector *supply(void *owner, int column, struct sw_error *error)
{
    const struct sw_csv_select *select = owner;
    (void)error;
    return sw_table_filter_vector(select->table, column);
}

static bool select_rows(void *owner, size_t rows, uint32_t *selected, size_t *count,
                        struct sw_error *error)
{
    struct sw_csv_select *select = owner;
    sw_view_begin(&select->view, rows);
    return sw_expression_select(&select->expression, &select->view, selected, count, error) ||
           sw_fail_at(error, select->csv->source.input.name);
}

bool sw_csv_select_open(struct sw_csv_select *select, struct sw_csv *csv,
                        const struct sw_selectors *selectors,
                        const struct sw_view_settings *settings, const char *share_directory,
                        struct sw_error *error)
{
    *select = (struct sw_csv_select){.csv = csv};
    struct sw_supplier supplier = {&csv->schema, select, supply};
    select->needed = sw_alloc(csv->schema.column_count, sizeof *select->needed, error);
    if (!select->needed || !sw_view_open(&select->view, supplier, settings, error) ||
        !sw_selectors_compile(&select->expression, &select->view, selectors, share_directory,
                              error))
        return false;
    sw_view_needed(&select->view, select->needed);
    sw_expression_implied(&select->expression, &select->view, &select->needles);
    select->filter =
        (struct sw_table_filter){select, select->needed, &select->needles, select_rows};
    return true;
}

static bool bounds_of_segment(void *owner, int column, sw_int128 *minimum, sw_int128 *maximum,
                              uint64_t *nulls)
{
    return sw_csv_index_bounds(owner, column, minimum, maximum, nulls);
}

static const int64_t *values_of_segment(void *owner, int column, size_t *count)
{
    return sw_csv_index_values(owner, column, count);
}

/* A bad row is told, whatever it holds, so its segment is read. */
static bool is_wanted(struct sw_csv_select *select, struct sw_csv_index *index)
{
    struct sw_known_block block = {index, index->segment.rows, bounds_of_segment,
                                   values_of_segment};
    return index->segment.bad > 0 ||
           sw_expression_match_known(&select->expression, &select->view, &block) != SW_MATCH_NONE;
}

bool sw_csv_select_segments(struct sw_csv_select *select, const char *index_path,
                            struct sw_segments *segments, struct sw_error *error)
{
    struct sw_csv_index index;
    enum sw_step step;
    if (!sw_csv_index_open(&index, index_path, select->csv, error)) return false;
    while ((step = sw_csv_index_next(&index, error)) == SW_ROWS) {
        index.segment.wanted = is_wanted(select, &index);
        if (!sw_segments_add(segments, &index.segment, error)) break;
    }
    sw_csv_index_close(&index);
    return step == SW_END;
}

void sw_csv_select_free(struct sw_csv_select *select)
{
    sw_expression_free(&select->expression);
    sw_view_free(&select->view);
    free(select->needed);
    *select = (struct sw_csv_select){0};
}
