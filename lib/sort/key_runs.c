/* SPDX-License-Identifier: ISC */
#include "sort/key_runs.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* ---- opening ---- */

/* The keys as they stand in the schema of the keys alone. */
static bool name_keys(struct sw_key_runs *runs, struct sw_error *error)
{
    runs->columns = sw_alloc(runs->key_count, sizeof *runs->columns, error);
    runs->vectors = sw_alloc(runs->key_count, sizeof *runs->vectors, error);
    if (!runs->columns || !runs->vectors) return false;
    for (size_t i = 0; i < runs->key_count; i++) {
        runs->columns[i] = runs->order[i].column;
        runs->order[i].column = (int)i;
    }
    return sw_schema_copy(&runs->schema, &runs->reader->schema, runs->columns, runs->key_count,
                          error);
}

bool sw_key_runs_open(struct sw_key_runs *runs, struct sw_reader *reader, const char *keys,
                      struct sw_error *error)
{
    *runs = (struct sw_key_runs){.reader = reader,
                                 .file = reader->path_count > 1 ? "the input" : reader->first_name};
    if (!sw_sort_keys_parse(&reader->schema, keys, &runs->order, &runs->key_count, error))
        return sw_fail_at(error, runs->file);
    runs->starts = sw_alloc(SW_BLOCK_ROWS_MAXIMUM, sizeof *runs->starts, error);
    runs->fresh = sw_alloc(SW_BLOCK_ROWS_MAXIMUM, 1, error);
    return runs->starts && runs->fresh && name_keys(runs, error) &&
           sw_sorted_open(&runs->sorted, &runs->schema, runs->order, runs->key_count, runs->file,
                          error);
}

/* ---- blocks ---- */

static void mark_changes(const struct sw_vector *vector, size_t rows, unsigned char *fresh)
{
    if (vector->nulls > 0 || vector->wide) {
        for (size_t row = 1; row < rows; row++)
            fresh[row] |= sw_value_compare(vector, row - 1, vector, row) != 0;
    } else if (vector->type == SW_TEXT) {
        for (size_t row = 1; row < rows; row++)
            fresh[row] |= vector->codes[row] != vector->codes[row - 1];
    } else {
        for (size_t row = 1; row < rows; row++)
            fresh[row] |= vector->narrow[row] != vector->narrow[row - 1];
    }
}

static void find_starts(struct sw_key_runs *runs)
{
    size_t rows = runs->reader->rows, count = 0;
    memset(runs->fresh, 0, rows);
    runs->fresh[0] = true;
    for (size_t i = 0; i < runs->key_count; i++) mark_changes(runs->vectors[i], rows, runs->fresh);
    for (uint32_t row = 0; row < rows; row++) {
        runs->starts[count] = row;
        count += runs->fresh[row];
    }
    runs->start_count = count;
}

enum sw_step sw_key_runs_next(struct sw_key_runs *runs, struct sw_error *error)
{
    struct sw_sorted *sorted = &runs->sorted;
    enum sw_step step = sw_reader_next(runs->reader, error);
    if (step != SW_ROWS) return step;
    for (size_t i = 0; i < runs->key_count; i++) {
        runs->vectors[i] = sw_reader_vector(runs->reader, runs->columns[i], error);
        if (!runs->vectors[i]) return SW_FAILED;
    }
    runs->continued = sorted->rows > 0 && sw_rows_compare(sorted->last_vectors, 0, runs->vectors, 0,
                                                          runs->order, runs->key_count) == 0;
    if (!sw_sorted_check(sorted, runs->vectors, runs->reader->rows, error)) return SW_FAILED;
    find_starts(runs);
    return SW_ROWS;
}

bool sw_key_runs_null(const struct sw_key_runs *runs, size_t row)
{
    for (size_t i = 0; i < runs->key_count; i++)
        if (sw_is_null(runs->vectors[i], row)) return true;
    return false;
}

/* ---- uniqueness ---- */

static bool fail_twice(const struct sw_key_runs *runs, size_t row, struct sw_error *error)
{
    struct sw_buffer key = {0};
    char value[SW_DESCRIBED_LENGTH];
    bool good = true;
    for (size_t i = 0; good && i < runs->key_count; i++) {
        sw_value_describe(runs->vectors[i], row, value);
        good = sw_buffer_format(&key, error, "%s%s %s", i ? ", " : "", runs->schema.columns[i].name,
                                value);
    }
    if (good)
        (void)sw_fail(error, SW_DATA, "%s: row %llu: the key %.*s stands twice", runs->file,
                      (unsigned long long)(runs->sorted.rows - runs->reader->rows + row + 1),
                      (int)key.length, (const char *)key.bytes);
    sw_buffer_free(&key);
    return false;
}

bool sw_key_runs_unique(const struct sw_key_runs *runs, struct sw_error *error)
{
    size_t rows = runs->reader->rows;
    if (runs->continued && !sw_key_runs_null(runs, 0)) return fail_twice(runs, 0, error);
    if (runs->start_count == rows) return true;
    for (size_t row = 1; row < rows; row++)
        if (!runs->fresh[row] && !sw_key_runs_null(runs, row)) return fail_twice(runs, row, error);
    return true;
}

void sw_key_runs_free(struct sw_key_runs *runs)
{
    sw_sorted_free(&runs->sorted);
    sw_schema_free(&runs->schema);
    free(runs->columns);
    free(runs->order);
    free(runs->vectors);
    free(runs->starts);
    free(runs->fresh);
    *runs = (struct sw_key_runs){0};
}
