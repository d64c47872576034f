/* SPDX-License-Identifier: ISC */
#include "sort/sorter.h"

#include "base/memory.h"
#include "sort/sort_run_order.h"
#include "sort/spill.h"

enum {
    PIECE_ROWS = 4096, /* offered to the run at a time */
    BLOCK_CELLS = 1 << 20,
    TEXT_BYTES_AT_MOST = 4 << 20, /* of a block */
};

struct sw_sorter_state {
    const struct sw_schema *schema;
    struct sw_sort_key *keys;
    size_t key_count;
    uint64_t memory_bytes;
    struct sw_sort_run run;
    struct sw_sort_run_order order;
    struct sw_sort_run_block block;
    size_t given; /* rows of the run that went out */
    struct sw_spill spill;
    bool spilled; /* the rows are in the spill, not in the run */
};

/* ---- opening ---- */

static bool is_key(const struct sw_sort_settings *settings, int column)
{
    for (size_t i = 0; i < settings->key_count; i++)
        if (settings->keys[i].column == column) return true;
    return false;
}

static bool copy_keys(struct sw_sorter_state *state, const struct sw_sort_settings *settings,
                      struct sw_error *error)
{
    size_t columns = state->schema->column_count, count = settings->key_count;
    state->keys = sw_alloc(count + columns, sizeof *state->keys, error);
    if (!state->keys) return false;
    if (count) memcpy(state->keys, settings->keys, count * sizeof *state->keys);
    for (int i = 0; settings->last_resort && i < (int)columns; i++)
        if (!is_key(settings, i)) state->keys[count++] = (struct sw_sort_key){.column = i};
    state->key_count = count;
    return true;
}

static size_t block_rows(const struct sw_schema *schema)
{
    size_t most = BLOCK_CELLS / (schema->column_count + 1);
    return most < SW_BLOCK_ROWS_DEFAULT ? most : SW_BLOCK_ROWS_DEFAULT;
}

bool sw_sorter_open(struct sw_sorter *sorter, const struct sw_schema *schema,
                    const struct sw_sort_settings *settings, struct sw_error *error)
{
    struct sw_sorter_state *state = sorter->state = sw_alloc(1, sizeof *state, error);
    if (!state) return false;
    state->schema = schema;
    state->memory_bytes = settings->memory_bytes ? settings->memory_bytes : SW_SORT_MEMORY_DEFAULT;
    if (!copy_keys(state, settings, error) || !sw_sort_run_init(&state->run, schema, error))
        return false;
    return sw_sort_run_block_init(&state->block, &state->run, block_rows(schema), error) &&
           sw_spill_open(&state->spill, schema, state->keys, state->key_count, state->memory_bytes,
                         settings->folder, error);
}

void sw_sorter_free(struct sw_sorter *sorter)
{
    struct sw_sorter_state *state = sorter->state;
    if (!state) return;
    sw_spill_free(&state->spill);
    sw_sort_run_block_free(&state->block);
    sw_sort_run_order_free(&state->order);
    sw_sort_run_free(&state->run);
    free(state->keys);
    free(state);
    *sorter = (struct sw_sorter){0};
}

/* ---- collecting ---- */

/* The next rows of the run in order, as the block; their number. */
static bool gather_next(struct sw_sorter_state *state, size_t rows, size_t text_bytes,
                        size_t *count, struct sw_error *error)
{
    const uint32_t *at = state->order.rows + state->given;
    size_t left = state->run.rows - state->given;
    *count = sw_sort_run_fit(&state->run, at, left < rows ? left : rows, text_bytes);
    state->given += *count;
    return sw_sort_run_gather(&state->block, &state->run, at, *count, error);
}

static bool put_run(struct sw_sorter_state *state, struct sw_error *error)
{
    size_t rows = state->spill.block_rows, count;
    if (rows > state->block.capacity) rows = state->block.capacity;
    for (state->given = 0; state->given < state->run.rows;)
        if (!gather_next(state, rows, state->spill.text_bytes, &count, error) ||
            !sw_spill_put(&state->spill, state->block.vectors, count, error))
            return false;
    return true;
}

static bool put_in_order(struct sw_sorter_state *state, struct sw_error *error)
{
    return sw_sort_run_order_find(&state->order, &state->run, state->keys, state->key_count,
                                  error) &&
           sw_sort_run_order_apply(&state->order, &state->run, error);
}

static bool spill_run(struct sw_sorter_state *state, struct sw_error *error)
{
    return put_in_order(state, error) && sw_spill_begin(&state->spill, error) &&
           put_run(state, error) && sw_spill_end(&state->spill, error) &&
           sw_sort_run_reset(&state->run, error);
}

/* Adds rows, fewer of them or after a spilled run where the memory is used up; *count says how
 * many. */
static bool add_some(struct sw_sorter_state *state, const struct sw_vector *const *vectors,
                     const uint32_t *selected, size_t from, size_t *count, struct sw_error *error)
{
    for (bool taken = false; !taken;) {
        bool last_row = *count == 1 && state->run.rows == 0;
        uint64_t limit = last_row ? UINT64_MAX : state->memory_bytes;
        if (state->run.rows > UINT32_MAX - PIECE_ROWS) limit = 0;
        if (!sw_sort_run_offer(&state->run, vectors, selected, from, *count, limit,
                               SW_ORDER_ROW_BYTES, &taken, error))
            return false;
        if (taken) return true;
        if (state->run.rows == 0)
            *count = *count / 2;
        else if (!spill_run(state, error))
            return false;
    }
    return true;
}

bool sw_sorter_add(struct sw_sorter *sorter, const struct sw_vector *const *vectors,
                   const uint32_t *selected, size_t count, struct sw_error *error)
{
    size_t part;
    for (size_t from = 0; from < count; from += part) {
        part = count - from < PIECE_ROWS ? count - from : PIECE_ROWS;
        if (!add_some(sorter->state, vectors, selected ? selected + from : NULL, from, &part,
                      error))
            return false;
    }
    return true;
}

/* ---- giving out ---- */

bool sw_sorter_finish(struct sw_sorter *sorter, struct sw_error *error)
{
    struct sw_sorter_state *state = sorter->state;
    state->given = 0;
    state->spilled = state->spill.part_count > 0;
    if (!state->spilled) return put_in_order(state, error);
    if (state->run.rows && !spill_run(state, error)) return false;
    sw_sort_run_block_free(&state->block);
    sw_sort_run_order_free(&state->order);
    sw_sort_run_free(&state->run);
    return sw_spill_merge(&state->spill, error);
}

enum sw_step sw_sorter_next(struct sw_sorter *sorter, struct sw_error *error)
{
    struct sw_sorter_state *state = sorter->state;
    if (state->spilled) {
        enum sw_step step = sw_merge_next(&state->spill.merge, error);
        sorter->rows = state->spill.merge.rows;
        sorter->vectors = state->spill.merge.vectors;
        return step;
    }
    sorter->rows = 0;
    sorter->vectors = state->block.vectors;
    if (state->given == state->run.rows) return SW_END;
    return gather_next(state, state->block.capacity, TEXT_BYTES_AT_MOST, &sorter->rows, error)
               ? SW_ROWS
               : SW_FAILED;
}
