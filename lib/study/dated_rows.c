/* SPDX-License-Identifier: ISC */
#include "study/dated_rows.h"

#include <stdlib.h>

#include "base/memory.h"

enum {
    BATCH_ROWS = 8192,          /* of small securities that are put in order together */
    PIECE_ROWS = 16384,         /* at most */
    PIECE_TEXT_BYTES = 4 << 20, /* likewise, but for one row */
    HELD_PART = 2,              /* of the memory: what is held, while it goes into the sorter */
};

/* ---- opening ---- */

static size_t find_or_append(int *columns, size_t *count, int column)
{
    for (size_t i = 0; i < *count; i++)
        if (columns[i] == column) return i;
    columns[(*count)++] = column;
    return *count - 1;
}

static bool choose_columns(struct sw_dated_rows *dated, const struct sw_schema *schema,
                           struct sw_error *error)
{
    size_t count = dated->settings.column_count;
    int security = sw_schema_find(schema, "security_code"), date = sw_schema_find(schema, "date");
    if (security < 0 || date < 0)
        return sw_fail(error, SW_DATA, "%s: no security_code or no date", schema->table);
    dated->columns = sw_alloc(count + 2, sizeof *dated->columns, error);
    if (!dated->columns) return false;
    if (count) memcpy(dated->columns, dated->settings.columns, count * sizeof *dated->columns);
    dated->security = find_or_append(dated->columns, &count, security);
    dated->date = find_or_append(dated->columns, &count, date);
    dated->keys[0].column = (int)dated->security;
    dated->keys[1].column = (int)dated->date;
    return sw_schema_copy(&dated->schema, schema, dated->columns, count, error);
}

static bool open_builder(const struct sw_dated_rows *dated, struct sw_builder *builder,
                         size_t column, struct sw_error *error)
{
    const struct sw_column *about = &dated->schema.columns[column];
    return sw_builder_init(builder, about->type, about->scale, 1, error);
}

bool sw_dated_rows_open(struct sw_dated_rows *dated, const struct sw_schema *schema,
                        const struct sw_dated_settings *settings, struct sw_error *error)
{
    dated->settings = *settings;
    if (!choose_columns(dated, schema, error)) return false;
    dated->vectors = sw_alloc(dated->schema.column_count, sizeof *dated->vectors, error);
    dated->numbers = sw_alloc(SW_BLOCK_ROWS_MAXIMUM, sizeof *dated->numbers, error);
    if (!dated->vectors || !dated->numbers) return false;
    for (uint32_t i = 0; i < SW_BLOCK_ROWS_MAXIMUM; i++) dated->numbers[i] = i;
    return open_builder(dated, &dated->newest, dated->security, error) &&
           open_builder(dated, &dated->last[0], dated->security, error) &&
           open_builder(dated, &dated->last[1], dated->date, error) &&
           sw_sort_run_init(&dated->run, &dated->schema, error) &&
           sw_sort_run_block_init(&dated->block, &dated->run, PIECE_ROWS, error);
}

void sw_dated_rows_free(struct sw_dated_rows *dated)
{
    sw_sorter_free(&dated->sorter);
    sw_sort_run_block_free(&dated->block);
    sw_sort_run_order_free(&dated->order);
    sw_sort_run_free(&dated->run);
    sw_builder_free(&dated->newest);
    sw_builder_free(&dated->last[0]);
    sw_builder_free(&dated->last[1]);
    sw_schema_free(&dated->schema);
    free(dated->columns);
    free(dated->vectors);
    free(dated->numbers);
    *dated = (struct sw_dated_rows){0};
}

/* ---- giving out what is held ---- */

static bool same_value(const struct sw_sort_run_column *column, uint32_t a, uint32_t b)
{
    const bool null = sw_sort_run_is_null(column, a);
    if (null || sw_sort_run_is_null(column, b)) return null && sw_sort_run_is_null(column, b);
    return sw_sort_run_distance(column, a) == sw_sort_run_distance(column, b);
}

/* Where the rows of a security and date end that begin here. */
static size_t end_of_date(const struct sw_dated_rows *dated, size_t begin)
{
    const struct sw_sort_run_column *security = &dated->run.columns[dated->security],
                                    *date = &dated->run.columns[dated->date];
    const uint32_t *rows = dated->order.rows;
    size_t end = begin + 1;
    while (end < dated->run.rows && same_value(date, rows[end - 1], rows[end]) &&
           same_value(security, rows[end - 1], rows[end]))
        end++;
    return end;
}

static bool give_date(struct sw_dated_rows *dated, size_t begin, size_t end, struct sw_error *error)
{
    const uint32_t *rows = dated->order.rows;
    for (size_t from = begin, count; from < end; from += count) {
        count = end - from < PIECE_ROWS ? end - from : PIECE_ROWS;
        count = sw_sort_run_fit(&dated->run, rows + from, count, PIECE_TEXT_BYTES);
        if (!sw_sort_run_gather(&dated->block, &dated->run, rows + from, count, error))
            return false;
        const struct sw_dated_piece piece = {.vectors = dated->block.vectors,
                                             .end = count,
                                             .begins = from == begin,
                                             .whole = count == end - begin};
        if (!dated->settings.take(dated->settings.owner, &piece, error)) return false;
    }
    return true;
}

static bool give_held(struct sw_dated_rows *dated, struct sw_error *error)
{
    if (dated->run.rows == 0) return true;
    if (!sw_sort_run_order_find(&dated->order, &dated->run, dated->keys, 2, error)) return false;
    for (size_t begin = 0, end; begin < dated->run.rows; begin = end) {
        end = end_of_date(dated, begin);
        if (!give_date(dated, begin, end, error)) return false;
    }
    return sw_sort_run_reset(&dated->run, error);
}

/* ---- a security that takes more memory ---- */

static bool add_to_sorter(struct sw_dated_rows *dated, struct sw_error *error)
{
    const uint32_t *numbers = dated->numbers;
    for (size_t from = 0, count; from < dated->run.rows; from += count) {
        uint32_t rows[1024];
        count = dated->run.rows - from < 1024 ? dated->run.rows - from : 1024;
        for (size_t i = 0; i < count; i++) rows[i] = (uint32_t)(from + i);
        count = sw_sort_run_fit(&dated->run, rows, count, PIECE_TEXT_BYTES);
        if (!sw_sort_run_gather(&dated->block, &dated->run, rows, count, error) ||
            !sw_sorter_add(&dated->sorter, dated->block.vectors, numbers, count, error))
            return false;
    }
    return true;
}

/* Its rows that are held go there first. */
static bool begin_sorting(struct sw_dated_rows *dated, struct sw_error *error)
{
    const struct sw_sort_settings how = {.keys = dated->keys,
                                         .key_count = 2,
                                         .memory_bytes = dated->settings.memory_bytes,
                                         .folder = dated->settings.folder};
    dated->sorting = true;
    if (!sw_sorter_open(&dated->sorter, &dated->schema, &how, error) ||
        !add_to_sorter(dated, error))
        return false;
    sw_sort_run_free(&dated->run); /* what it took is the sorter's now */
    return sw_sort_run_init(&dated->run, &dated->schema, error);
}

static bool is_as_last(const struct sw_dated_rows *dated, size_t row)
{
    const struct sw_vector *const *vectors = dated->sorter.vectors;
    return dated->last[0].vector.rows &&
           sw_value_compare(vectors[dated->date], row, &dated->last[1].vector, 0) == 0 &&
           sw_value_compare(vectors[dated->security], row, &dated->last[0].vector, 0) == 0;
}

static bool keep_value(struct sw_builder *kept, const struct sw_vector *vector, size_t row,
                       struct sw_error *error)
{
    const uint32_t rows[1] = {(uint32_t)row};
    sw_builder_reset(kept);
    return sw_builder_gather(kept, vector, rows, 1, error);
}

static bool give_sorted(struct sw_dated_rows *dated, struct sw_error *error)
{
    const struct sw_vector *const *vectors = dated->sorter.vectors;
    for (size_t row = 0, from; row < dated->sorter.rows;) {
        const bool begins = !is_as_last(dated, row);
        if (begins && (!keep_value(&dated->last[0], vectors[dated->security], row, error) ||
                       !keep_value(&dated->last[1], vectors[dated->date], row, error)))
            return false;
        for (from = row++; row < dated->sorter.rows && is_as_last(dated, row);) row++;
        const struct sw_dated_piece piece = {
            .vectors = vectors, .from = from, .end = row, .begins = begins};
        if (!dated->settings.take(dated->settings.owner, &piece, error)) return false;
    }
    return true;
}

static bool end_sorting(struct sw_dated_rows *dated, struct sw_error *error)
{
    enum sw_step step;
    if (!sw_sorter_finish(&dated->sorter, error)) return false;
    sw_builder_reset(&dated->last[0]);
    while ((step = sw_sorter_next(&dated->sorter, error)) == SW_ROWS)
        if (!give_sorted(dated, error)) return false;
    sw_sorter_free(&dated->sorter);
    dated->sorting = false;
    return step == SW_END;
}

/* ---- taking rows ---- */

/* Rows of one security, from..end of the vectors. */
static bool hold(struct sw_dated_rows *dated, size_t from, size_t end, struct sw_error *error)
{
    bool taken = false;
    if (!dated->sorting && !sw_sort_run_offer(&dated->run, dated->vectors, NULL, from, end - from,
                                              dated->settings.memory_bytes / HELD_PART,
                                              SW_ORDER_ROW_BYTES, &taken, error))
        return false;
    if (taken) return true;
    return (dated->sorting || begin_sorting(dated, error)) &&
           sw_sorter_add(&dated->sorter, dated->vectors, dated->numbers + from, end - from, error);
}

/* Gives out what is held of the securities before it, where that is worth it or has to be. */
static bool begin_security(struct sw_dated_rows *dated, size_t row, struct sw_error *error)
{
    const struct sw_vector *security = dated->vectors[dated->security];
    const struct sw_vector *newest = &dated->newest.vector;
    if (newest->rows && sw_value_compare(newest, 0, security, row) > 0)
        return sw_fail(error, SW_DATA, "%s: rows are not in the order of their securities",
                       dated->schema.table);
    if (!keep_value(&dated->newest, security, row, error)) return false;
    if (dated->sorting) return end_sorting(dated, error);
    return dated->run.rows < BATCH_ROWS || give_held(dated, error);
}

/* Where the rows of the newest security end, from this row on. */
static size_t end_of_security(const struct sw_dated_rows *dated, size_t from, size_t count)
{
    const struct sw_vector *security = dated->vectors[dated->security];
    const struct sw_vector *newest = &dated->newest.vector;
    size_t end = from;
    if (!newest->rows || sw_value_compare(newest, 0, security, from) != 0) return from;
    if (security->nulls || (security->type != SW_TEXT && security->wide))
        while (end < count && sw_value_compare(newest, 0, security, end) == 0) end++;
    else if (security->type == SW_TEXT)
        while (end < count && security->codes[end] == security->codes[from]) end++;
    else
        while (end < count && security->narrow[end] == security->narrow[from]) end++;
    return end;
}

bool sw_dated_rows_add(struct sw_dated_rows *dated, const struct sw_vector *const *vectors,
                       size_t count, struct sw_error *error)
{
    for (size_t i = 0; i < dated->schema.column_count; i++)
        dated->vectors[i] = vectors[dated->columns[i]];
    for (size_t from = 0, end; from < count; from = end) {
        end = end_of_security(dated, from, count);
        if (end > from && !hold(dated, from, end, error)) return false;
        if (end < count && !begin_security(dated, end, error)) return false;
    }
    return true;
}

bool sw_dated_rows_finish(struct sw_dated_rows *dated, struct sw_error *error)
{
    return dated->sorting ? end_sorting(dated, error) : give_held(dated, error);
}
