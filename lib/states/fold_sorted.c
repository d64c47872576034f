/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "states/fold_orders.h"
#include "states/fold_read.h"
#include "sort/sorter.h"
#include "stream/writer.h"

enum { BLOCK_ROWS = 4096 };

struct sorted {
    struct sw_fold_read read;
    struct sw_event_block block;
    struct sw_schema schema;  /* of what comes out */
    struct sw_sort_key *keys; /* security, order, timestamp, and what tells the last state */
    size_t key_count;
    struct sw_sorter sorter;
    struct sw_writer writer;
    struct sw_builder *last; /* the row before the block at hand */
    const struct sw_vector **last_vectors;
    bool any;
    uint64_t folded; /* events */
};

/* ---- states, sorted ---- */

/* Of each block only the last state of each order goes on. */
static bool sort_block(struct sorted *sorted, struct sw_error *error)
{
    struct sw_event_block *block = &sorted->block;
    size_t place = 0;
    if (!sw_event_block_fold(block, NULL, &place, error))
        return sw_fold_read_fail(&sorted->read, place, error);
    for (size_t i = 0; i < block->selected_count; i++) sorted->folded += block->events[i];
    return sw_sorter_add(&sorted->sorter, block->vectors, block->selected, block->selected_count,
                         error);
}

static bool same_order(const struct sorted *sorted, const struct sw_vector *const *a, size_t row_a,
                       const struct sw_vector *const *b, size_t row_b)
{
    return sw_rows_compare(a, row_a, b, row_b, sorted->keys, 2) == 0;
}

static bool check_column(const struct sorted *sorted, int column, const struct sw_vector *const *a,
                         size_t row_a, const struct sw_vector *const *b, size_t row_b,
                         struct sw_error *error)
{
    if (column < 0 || sw_value_compare(a[column], row_a, b[column], row_b) == 0) return true;
    return sw_event_fail_change(sorted->block.schema->columns[column].name,
                                b[sorted->block.columns.order], a[column], row_a, b[column], row_b,
                                error) ||
           sw_fail_at(error, sorted->read.reader.first_name);
}

/* Whether two rows, one after the other, are of one order. What must not change is looked at. */
static bool goes_on(const struct sorted *sorted, const struct sw_vector *const *a, size_t row_a,
                    const struct sw_vector *const *b, size_t row_b, bool *same,
                    struct sw_error *error)
{
    const struct sw_state_columns *columns = &sorted->block.columns;
    *same = same_order(sorted, a, row_a, b, row_b);
    return !*same || (check_column(sorted, columns->side, a, row_a, b, row_b, error) &&
                      check_column(sorted, columns->participant, a, row_a, b, row_b, error));
}

static bool hold_last(struct sorted *sorted, struct sw_error *error)
{
    const uint32_t row = (uint32_t)(sorted->sorter.rows - 1);
    for (size_t i = 0; i < sorted->block.schema->column_count; i++) {
        sw_builder_reset(&sorted->last[i]);
        if (!sw_builder_gather(&sorted->last[i], sorted->sorter.vectors[i], &row, 1, error))
            return false;
    }
    return sorted->any = true;
}

/* Of the rows of each order the last one is its state; of the block's last order it may be in the
 * next block. */
static bool write_block(struct sorted *sorted, uint32_t *rows, struct sw_error *error)
{
    const struct sw_vector *const *vectors = sorted->sorter.vectors;
    size_t count = 0;
    bool same = false;
    if (sorted->any) {
        if (!goes_on(sorted, sorted->last_vectors, 0, vectors, 0, &same, error) ||
            (!same && !sw_writer_gather(&sorted->writer, sorted->last_vectors, NULL, 1, error)))
            return false;
    }
    for (size_t row = 0; row + 1 < sorted->sorter.rows; row++) {
        if (!goes_on(sorted, vectors, row, vectors, row + 1, &same, error)) return false;
        rows[count] = (uint32_t)row;
        count += !same;
    }
    return sw_writer_gather(&sorted->writer, vectors, rows, count, error) &&
           hold_last(sorted, error);
}

static bool write_orders(struct sorted *sorted, struct sw_error *error)
{
    uint32_t *rows = sw_alloc(SW_BLOCK_ROWS_MAXIMUM, sizeof *rows, error);
    enum sw_step step = rows ? SW_ROWS : SW_FAILED;
    while (step == SW_ROWS && (step = sw_sorter_next(&sorted->sorter, error)) == SW_ROWS)
        if (!write_block(sorted, rows, error)) step = SW_FAILED;
    free(rows);
    return step == SW_END &&
           (!sorted->any ||
            sw_writer_gather(&sorted->writer, sorted->last_vectors, NULL, 1, error));
}

/* ---- opening ---- */

static bool choose_keys(struct sorted *sorted, struct sw_error *error)
{
    const struct sw_event_block *block = &sorted->block;
    sorted->keys = sw_alloc(block->tie_count + 3, sizeof *sorted->keys, error);
    if (!sorted->keys) return false;
    sorted->keys[sorted->key_count++].column = block->columns.security;
    sorted->keys[sorted->key_count++].column = block->columns.order;
    sorted->keys[sorted->key_count++].column = block->columns.timestamp;
    for (size_t i = 0; i < block->tie_count; i++)
        sorted->keys[sorted->key_count++] = block->ties[i];
    return true;
}

static bool open_last(struct sorted *sorted, struct sw_error *error)
{
    const struct sw_schema *schema = sorted->block.schema;
    sorted->last = sw_alloc(schema->column_count, sizeof *sorted->last, error);
    sorted->last_vectors = sw_alloc(schema->column_count, sizeof *sorted->last_vectors, error);
    if (!sorted->last || !sorted->last_vectors) return false;
    for (size_t i = 0; i < schema->column_count; i++) {
        const struct sw_column *column = &schema->columns[i];
        if (!sw_builder_init(&sorted->last[i], column->type, column->scale, 1, error)) return false;
        sorted->last_vectors[i] = &sorted->last[i].vector;
    }
    return true;
}

static bool open_all(struct sorted *sorted, const struct sw_fold_settings *settings,
                     struct sw_output *output, struct sw_error *error)
{
    struct sw_fold_read *read = &sorted->read;
    const struct sw_schema *events = &read->reader.schema;
    uint64_t memory_bytes =
        settings->memory_bytes ? settings->memory_bytes : SW_FOLD_MEMORY_DEFAULT;
    if (!sw_event_block_open(&sorted->block, events, read->reader.first_name, error) ||
        !sw_fold_read_begin(read, &sorted->block, events->column_count, error) ||
        !choose_keys(sorted, error) || !open_last(sorted, error))
        return false;
    const struct sw_sort_settings how = {.keys = sorted->keys,
                                         .key_count = sorted->key_count,
                                         .memory_bytes = memory_bytes,
                                         .folder = settings->folder};
    if (!sw_schema_copy(&sorted->schema, events, NULL, 0, error)) return false;
    sorted->schema.row_kind = SW_ROWS_ORDERS;
    return sw_schema_sorted_by(&sorted->schema, sorted->keys, 2, error) &&
           sw_schema_made_by(&sorted->schema, settings->made_by, strlen(settings->made_by),
                             error) &&
           sw_sorter_open(&sorted->sorter, events, &how, error) &&
           sw_writer_open(&sorted->writer, output, &sorted->schema, 0, error);
}

static bool fold(struct sorted *sorted, const struct sw_fold_settings *settings,
                 struct sw_output *output, struct sw_tally *tally, struct sw_error *error)
{
    struct sw_fold_read *read = &sorted->read;
    enum sw_step step;
    if (!open_all(sorted, settings, output, error)) return false;
    while ((step = sw_fold_read_block(read, error)) == SW_ROWS)
        if (!sort_block(sorted, error)) return false;
    if (step != SW_END || !sw_sorter_finish(&sorted->sorter, error) || !write_orders(sorted, error))
        return false;
    *tally = (struct sw_tally){.read = read->reader.total_rows, .kept = sorted->folded};
    return sw_tally_check(tally, read->reader.first_name, error) &&
           sw_writer_close(&sorted->writer, error);
}

bool sw_fold_sorted(const struct sw_fold_settings *settings, struct sw_output *output,
                    struct sw_tally *tally, struct sw_error *error)
{
    struct sorted sorted = {0};
    if (!sw_reader_open(&sorted.read.reader, settings->paths, settings->path_count, error))
        return false;
    bool good = fold(&sorted, settings, output, tally, error);
    for (size_t i = 0; sorted.last && i < sorted.block.schema->column_count; i++)
        sw_builder_free(&sorted.last[i]);
    free(sorted.last);
    free(sorted.last_vectors);
    sw_writer_free(&sorted.writer);
    sw_sorter_free(&sorted.sorter);
    sw_schema_free(&sorted.schema);
    sw_event_block_free(&sorted.block);
    sw_fold_read_free(&sorted.read);
    free(sorted.keys);
    return good;
}
