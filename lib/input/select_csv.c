/* SPDX-License-Identifier: ISC */
#include "input/select_csv.h"

#include <unistd.h>

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

/* What must stand in a field is not to be told from what it means, where that may be written in
 * other ways. */
static void drop_rewritten(struct sw_literals *literals, const struct sw_csv *csv)
{
    size_t kept = 0;
    for (size_t i = 0; i < literals->count; i++) {
        const struct sw_literal_set *set = &literals->sets[i];
        bool rewritten = false;
        for (size_t k = 0; k < set->count; k++) {
            size_t column = set->items[k].column;
            rewritten = rewritten || column >= csv->field_count ||
                        !sw_field_is_literal(&csv->parsers[column]);
        }
        if (!rewritten) literals->sets[kept++] = *set;
    }
    literals->count = kept;
}

bool sw_csv_select_open(struct sw_csv_select *select, struct sw_csv *csv,
                        const struct sw_selectors *selectors,
                        const struct sw_view_settings *settings, const char *share_directory,
                        struct sw_error *error)
{
    *select = (struct sw_csv_select){.csv = csv};
    struct sw_supplier supplier = {&csv->schema, select, supply, NULL};
    select->needed = sw_alloc(csv->schema.column_count, sizeof *select->needed, error);
    if (!select->needed || !sw_view_open(&select->view, supplier, settings, error) ||
        !sw_selectors_compile(&select->expression, &select->view, selectors, share_directory,
                              error))
        return false;
    sw_view_needed(&select->view, select->needed);
    sw_expression_implied(&select->expression, &select->view, &select->literals);
    drop_rewritten(&select->literals, csv);
    select->filter =
        (struct sw_table_filter){select, select->needed, &select->literals, select_rows};
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

static bool find_segments(struct sw_csv_select *select, const char *index_path,
                          struct sw_error *error)
{
    struct sw_csv_index index;
    enum sw_step step;
    if (!sw_csv_index_open(&index, index_path, select->csv, error)) return false;
    while ((step = sw_csv_index_next(&index, error)) == SW_ROWS) {
        index.segment.wanted = is_wanted(select, &index);
        if (!sw_segments_add(&select->segments, &index.segment, error)) break;
    }
    sw_csv_index_close(&index);
    return step == SW_END;
}

bool sw_csv_select_by_index(struct sw_csv_select *select, const char *const *outputs,
                            size_t output_count, struct sw_error *unused, struct sw_error *error)
{
    const struct sw_source *source = &select->csv->source;
    struct sw_buffer path = {0};
    if (!source->input.seekable || sw_source_packed(source) || source->input.fd == STDIN_FILENO)
        return true;
    if (!sw_csv_index_path(source->input.name, &path, error)) return false;
    const char *name = (const char *)path.bytes;
    bool there = sw_csv_index_is_there(name);
    bool good = !there || sw_output_refuse_clash(outputs, output_count, &name, 1, NULL, error);
    if (good && there) select->indexed = find_segments(select, name, unused);
    if (!select->indexed) sw_segments_free(&select->segments);
    sw_buffer_free(&path);
    return good;
}

/* Goes to the next run of wanted segments; false without an error: there is none. */
static bool enter_run(struct sw_csv_select *select, struct sw_table *table, struct sw_error *error)
{
    struct sw_segment run;
    select->in_segments =
        sw_segments_run(&select->segments, &select->segment_next, UINT64_MAX, &run);
    if (!select->in_segments ||
        !sw_csv_extent(select->csv, run.offset, run.length, run.line, error))
        return false;
    sw_table_resume(table);
    return true;
}

enum sw_step sw_csv_select_next(struct sw_csv_select *select, struct sw_table *table,
                                struct sw_error *error)
{
    select->table = table;
    if (!select->indexed) return sw_table_next(table, error);
    for (;;) {
        enum sw_step step = select->in_segments ? sw_table_next(table, error) : SW_END;
        if (step != SW_END) return step;
        if (!enter_run(select, table, error)) return select->in_segments ? SW_FAILED : SW_END;
    }
}

void sw_csv_select_free(struct sw_csv_select *select)
{
    sw_expression_free(&select->expression);
    sw_view_free(&select->view);
    sw_segments_free(&select->segments);
    free(select->needed);
    *select = (struct sw_csv_select){0};
}
