/* SPDX-License-Identifier: ISC */
#include "states/kept_states.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum {
    SLICE = 16384,  /* rows that are folded at a time */
    ROW_BYTES = 28, /* of a row, beside its columns */
};

/* ---- opening ---- */

static bool make_schema(struct sw_kept_states *kept, const struct sw_schema *events,
                        struct sw_error *error)
{
    static const char *const names[SW_KEPT_EXTRAS] = {"#events", "#row"};
    bool good = sw_schema_copy(&kept->schema, events, NULL, 0, error);
    for (size_t i = 0; good && i < SW_KEPT_EXTRAS; i++)
        good = sw_schema_add(&kept->schema, names[i], SW_INT, 0, error);
    return good;
}

static bool open_extras(struct sw_kept_states *kept, struct sw_error *error)
{
    for (size_t i = 0; i < SW_KEPT_EXTRAS; i++) {
        int64_t *values = sw_alloc(SW_BLOCK_ROWS_MAXIMUM, sizeof *values, error);
        kept->extra[i] = (struct sw_vector){.type = SW_INT, .narrow = values};
        if (!values) return false;
    }
    return true;
}

/* What the fold of events in their order looks at. */
static void choose_keys(struct sw_kept_states *kept)
{
    const struct sw_state_columns *columns = &kept->bucket.columns;
    const int keys[] = {columns->security, columns->order,       columns->timestamp,
                        columns->side,     columns->participant, columns->sequence};
    for (size_t i = 0; i < kept->run.column_count; i++) kept->keys.left_out[i] = true;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (keys[i] >= 0) kept->keys.left_out[keys[i]] = false;
    for (size_t i = 0; i < SW_KEPT_EXTRAS; i++) kept->all.left_out[kept->columns + i] = true;
}

bool sw_kept_open(struct sw_kept_states *kept, const struct sw_schema *events, const char *file,
                  uint64_t memory_bytes, struct sw_error *error)
{
    *kept = (struct sw_kept_states){.columns = events->column_count, .memory_bytes = memory_bytes};
    if (!sw_event_block_open(&kept->bucket, events, file, error) ||
        !make_schema(kept, events, error) || !sw_sort_run_init(&kept->run, &kept->schema, error) ||
        !sw_sort_run_block_init(&kept->keys, &kept->run, SLICE, error) ||
        !sw_sort_run_block_init(&kept->all, &kept->run, SLICE, error) || !open_extras(kept, error))
        return false;
    sw_sort_run_large(&kept->run);
    choose_keys(kept);
    kept->vectors = sw_alloc(kept->run.column_count, sizeof *kept->vectors, error);
    kept->rows = sw_alloc(SLICE, sizeof *kept->rows, error);
    kept->spare_rows = sw_alloc(SLICE, sizeof *kept->spare_rows, error);
    kept->weights = sw_alloc(SLICE, sizeof *kept->weights, error);
    return kept->vectors && kept->rows && kept->spare_rows && kept->weights;
}

void sw_kept_free(struct sw_kept_states *kept)
{
    sw_event_block_free(&kept->bucket);
    sw_sort_run_block_free(&kept->keys);
    sw_sort_run_block_free(&kept->all);
    sw_sort_run_free(&kept->run);
    sw_schema_free(&kept->schema);
    for (size_t i = 0; i < SW_KEPT_EXTRAS; i++) free(kept->extra[i].narrow);
    free(kept->vectors);
    free(kept->rows);
    free(kept->spare_rows);
    free(kept->weights);
    free(kept->places);
    free(kept->tags);
    free(kept->spare_tags);
    free(kept->states);
    free(kept->events);
    free(kept->owner);
    *kept = (struct sw_kept_states){0};
}

bool sw_kept_reset(struct sw_kept_states *kept, struct sw_error *error)
{
    kept->state_count = 0;
    return sw_sort_run_reset(&kept->run, error);
}

/* ---- keeping ---- */

static void fill_extras(struct sw_kept_states *kept, const struct sw_event_block *block,
                        const uint32_t *rows, size_t count, const int64_t *events, uint64_t before)
{
    int64_t *of_events = kept->extra[SW_KEPT_EVENTS].narrow;
    int64_t *numbers = kept->extra[SW_KEPT_ROW].narrow;
    for (size_t i = 0; i < kept->columns; i++) kept->vectors[i] = block->vectors[i];
    for (size_t i = 0; i < SW_KEPT_EXTRAS; i++) {
        kept->extra[i].rows = block->rows;
        kept->vectors[kept->columns + i] = &kept->extra[i];
    }
    for (size_t i = 0; i < count; i++) {
        const uint32_t row = rows[i];
        of_events[row] = events[row];
        numbers[row] = (int64_t)(before + row);
    }
}

bool sw_kept_add(struct sw_kept_states *kept, const struct sw_event_block *block,
                 const uint32_t *rows, size_t count, const int64_t *events, uint64_t before,
                 bool *taken, struct sw_error *error)
{
    const size_t first = kept->run.rows;
    /* Rows are moved once, to another place of the same size. */
    uint64_t limit = first ? kept->memory_bytes / 2 : UINT64_MAX;
    if (first > UINT32_MAX - 2 * SW_BLOCK_ROWS_MAXIMUM) limit = 0;
    fill_extras(kept, block, rows, count, events, before);
    if (!sw_grow(&kept->tags, &kept->tag_capacity, first + count, sizeof *kept->tags, error) ||
        !sw_sort_run_offer(&kept->run, kept->vectors, rows, 0, count, limit, ROW_BYTES / 2, taken,
                           error))
        return false;
    for (size_t i = 0; *taken && i < count; i++)
        kept->tags[first + i] = (uint32_t)(block->hashes[rows[i]] >> SW_KEPT_TAG_SHIFT);
    return true;
}

/* ---- dividing ---- */

/* Which buckets there are, of tags from low to high. */
struct division {
    uint64_t low, width; /* of tags, and of all of them */
    size_t buckets;
    uint64_t factor; /* buckets to a tag, in 2^-32 */
};

static size_t bucket_of(const struct sw_kept_states *kept, const struct division *division,
                        size_t row)
{
    return (size_t)((kept->tags[row] - division->low) * division->factor >> 32);
}

static void swap_tags(struct sw_kept_states *kept)
{
    uint32_t *tags = kept->tags;
    const size_t capacity = kept->tag_capacity;
    kept->tags = kept->spare_tags;
    kept->tag_capacity = kept->spare_tag_capacity;
    kept->spare_tags = tags;
    kept->spare_tag_capacity = capacity;
}

/* Moves the rows to their buckets, in the order in which they came; ends says where each ends. */
static bool divide(struct sw_kept_states *kept, struct division *division, struct sw_error *error)
{
    const size_t rows = kept->run.rows;
    size_t next[SW_KEPT_BUCKETS], sum = 0;
    division->buckets = 1;
    while (division->buckets < SW_KEPT_BUCKETS &&
           rows / (2 * division->buckets) >= SW_KEPT_BUCKET_ROWS)
        division->buckets *= 2;
    division->factor = ((uint64_t)division->buckets << 32) / division->width;
    if (!sw_grow(&kept->places, &kept->place_capacity, rows, sizeof *kept->places, error) ||
        !sw_grow(&kept->spare_tags, &kept->spare_tag_capacity, rows, sizeof *kept->spare_tags,
                 error))
        return false;
    memset(kept->ends, 0, sizeof kept->ends);
    for (size_t i = 0; i < rows; i++) kept->ends[bucket_of(kept, division, i)]++;
    for (size_t i = 0; i < division->buckets; i++) {
        next[i] = sum;
        sum = kept->ends[i] += sum;
    }
    for (size_t i = 0; i < rows; i++) {
        const size_t place = next[bucket_of(kept, division, i)]++;
        kept->places[i] = (uint32_t)place;
        kept->spare_tags[place] = kept->tags[i];
    }
    swap_tags(kept);
    return sw_sort_run_move(&kept->run, kept->places, error);
}

/* ---- folding ---- */

/* Folds the rows of the run in kept->rows[0..count). */
static bool fold_rows(struct sw_kept_states *kept, size_t count, struct sw_error *error)
{
    struct sw_event_block *bucket = &kept->bucket;
    size_t place = 0;
    bucket->tracked = kept->tracked;
    if (!sw_sort_run_gather(&kept->keys, &kept->run, kept->rows, count, error) ||
        !sw_event_block_begin(bucket, kept->keys.vectors, count, &place, error))
        return false;
    if (sw_event_block_fold_in_order(bucket, kept->weights)) return true;
    if (sw_sort_run_gather(&kept->all, &kept->run, kept->rows, count, error) &&
        sw_event_block_begin(bucket, kept->all.vectors, count, &place, error) &&
        sw_event_block_fold(bucket, kept->weights, &place, error))
        return true;
    kept->failed = kept->rows[place];
    return false;
}

static void note_owners(struct sw_kept_states *kept, size_t count)
{
    const struct sw_event_block *bucket = &kept->bucket;
    if (!kept->tracked) return;
    for (size_t i = 0; i < count; i++)
        kept->owner[kept->rows[i]] = kept->rows[bucket->selected[bucket->order_of[i]]];
}

/* Leaves only the last row of each order in kept->rows. */
static size_t keep_last(struct sw_kept_states *kept)
{
    const struct sw_event_block *bucket = &kept->bucket;
    uint32_t *left = kept->spare_rows;
    for (size_t i = 0; i < bucket->selected_count; i++) {
        left[i] = kept->rows[bucket->selected[i]];
        kept->weights[i] = (int64_t)bucket->events[i];
    }
    kept->spare_rows = kept->rows;
    kept->rows = left;
    return bucket->selected_count;
}

/* A bucket has few rows, but for orders of very many states, and those are one row after each step. */
static bool fold_bucket(struct sw_kept_states *kept, size_t from, size_t end,
                        struct sw_error *error)
{
    size_t count = 0;
    while (from < end) {
        for (; count < SLICE && from < end; count++, from++) {
            kept->rows[count] = (uint32_t)from;
            kept->weights[count] = (int64_t)sw_kept_extra_of(kept, SW_KEPT_EVENTS, from);
        }
        if (!fold_rows(kept, count, error)) return false;
        note_owners(kept, count);
        count = keep_last(kept);
        if (count == SLICE && from < end)
            return sw_fail(error, SW_SYSTEM, "out of memory: orders of one hash do not fit");
    }
    if (!sw_grow(&kept->states, &kept->state_capacity, kept->state_count + count,
                 sizeof *kept->states, error) ||
        !sw_grow(&kept->events, &kept->event_capacity, kept->state_count + count,
                 sizeof *kept->events, error))
        return false;
    for (size_t i = 0; i < count; i++) {
        kept->states[kept->state_count] = kept->rows[i];
        kept->events[kept->state_count++] = (uint64_t)kept->weights[i];
    }
    return true;
}

bool sw_kept_fold(struct sw_kept_states *kept, uint32_t low, uint32_t high, struct sw_error *error)
{
    struct division division = {low, (uint64_t)high - low + 1, 0, 0};
    size_t from = 0;
    kept->state_count = 0;
    if (!divide(kept, &division, error) ||
        (kept->tracked &&
         !sw_grow(&kept->owner, &kept->owner_capacity, kept->run.rows, sizeof *kept->owner, error)))
        return false;
    kept->bucket_count = division.buckets;
    for (size_t i = 0; i < division.buckets; i++) {
        size_t end = kept->ends[i];
        if (!fold_bucket(kept, from, end, error)) return false;
        from = end;
        kept->ends[i] = kept->state_count;
    }
    return true;
}
