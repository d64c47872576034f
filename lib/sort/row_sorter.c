/* SPDX-License-Identifier: ISC */
#include "sort/row_sorter.h"

#include <stdlib.h>

#include "base/memory.h"

enum { ROWS_AT_ONCE = 4096 };

static bool open_builders(struct sw_row_sorter *rows, struct sw_error *error)
{
    size_t count = rows->schema.column_count;
    rows->builders = sw_alloc(count, sizeof *rows->builders, error);
    rows->vectors = sw_alloc(count, sizeof *rows->vectors, error);
    if (!rows->builders || !rows->vectors) return false;
    for (size_t i = 0; i < count; i++) {
        const struct sw_column *column = &rows->schema.columns[i];
        rows->vectors[i] = &rows->builders[i].vector;
        if (!sw_builder_init(&rows->builders[i], column->type, column->scale, ROWS_AT_ONCE, error))
            return false;
    }
    return true;
}

bool sw_row_sorter_open(struct sw_row_sorter *rows, const struct sw_row_column *columns,
                        size_t count, size_t key_count, uint64_t memory_bytes, const char *folder,
                        struct sw_error *error)
{
    struct sw_sort_key keys[SW_SORT_KEYS_MAXIMUM] = {{0}};
    const struct sw_sort_settings settings = {
        .keys = keys, .key_count = key_count, .memory_bytes = memory_bytes, .folder = folder};
    for (size_t i = 0; i < key_count; i++) keys[i].column = (int)i;
    if (!sw_schema_init(&rows->schema, "rows", error)) return false;
    for (size_t i = 0; i < count; i++)
        if (!sw_schema_add(&rows->schema, columns[i].name, columns[i].type, columns[i].scale,
                           error))
            return false;
    return open_builders(rows, error) &&
           sw_sorter_open(&rows->sorter, &rows->schema, &settings, error);
}

void sw_row_sorter_free(struct sw_row_sorter *rows)
{
    for (size_t i = 0; rows->builders && i < rows->schema.column_count; i++)
        sw_builder_free(&rows->builders[i]);
    free(rows->builders);
    free(rows->vectors);
    sw_sorter_free(&rows->sorter);
    sw_schema_free(&rows->schema);
    *rows = (struct sw_row_sorter){0};
}

static bool hand_over(struct sw_row_sorter *rows, struct sw_error *error)
{
    size_t count = rows->vectors[0]->rows;
    bool good = count == 0 || sw_sorter_add(&rows->sorter, rows->vectors, NULL, count, error);
    for (size_t i = 0; i < rows->schema.column_count; i++) sw_builder_reset(&rows->builders[i]);
    return good;
}

size_t sw_row_sorter_room(const struct sw_row_sorter *rows)
{
    return ROWS_AT_ONCE - rows->vectors[0]->rows;
}

bool sw_row_sorter_added(struct sw_row_sorter *rows, struct sw_error *error)
{
    return rows->vectors[0]->rows < ROWS_AT_ONCE || hand_over(rows, error);
}

bool sw_row_sorter_finish(struct sw_row_sorter *rows, struct sw_error *error)
{
    return hand_over(rows, error) && sw_sorter_finish(&rows->sorter, error);
}

enum sw_step sw_row_sorter_next(struct sw_row_sorter *rows, struct sw_error *error)
{
    if (rows->next_row >= rows->sorter.rows) {
        enum sw_step step = sw_sorter_next(&rows->sorter, error);
        rows->next_row = 0;
        if (step != SW_ROWS) {
            rows->sorter.rows = 0;
            return step;
        }
    }
    rows->row = rows->next_row++;
    return SW_ROWS;
}
