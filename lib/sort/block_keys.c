/* SPDX-License-Identifier: ISC */
#include "sort/block_keys.h"

#include "base/memory.h"
#include "sort/sort_keys.h"

bool sw_block_keys_open(struct sw_block_keys *keys, const struct sw_schema *schema,
                        const char *list, struct sw_error *error)
{
    *keys = (struct sw_block_keys){0};
    if (!list) return true;
    if (!sw_schema_pick(schema, list, &keys->columns, &keys->count, error))
        return sw_fail_at(error, "--block-keys");
    keys->last = sw_alloc(keys->count, sizeof *keys->last, error);
    if (!keys->last) return false;
    for (size_t i = 0; i < keys->count; i++) {
        const struct sw_column *column = &schema->columns[keys->columns[i]];
        if (!sw_builder_init(&keys->last[i], column->type, column->scale, 1, error)) return false;
    }
    return true;
}

void sw_block_keys_free(struct sw_block_keys *keys)
{
    for (size_t i = 0; keys->last && i < keys->count; i++) sw_builder_free(&keys->last[i]);
    free(keys->columns);
    free(keys->last);
    free(keys->numbers);
    free(keys->behind);
    free(keys->vectors);
    *keys = (struct sw_block_keys){0};
}

/* How many rows from `from` on, up to `end`, have the same value. */
static size_t same_in_column(const struct sw_vector *vector, size_t from, size_t end)
{
    size_t row = from + 1;
    if (vector->type != SW_TEXT && !vector->wide && !vector->nulls)
        while (row < end && vector->narrow[row] == vector->narrow[from]) row++;
    else
        while (row < end && sw_value_compare(vector, row, vector, from) == 0) row++;
    return row - from;
}

static size_t same_rows(const struct sw_block_keys *keys, const struct sw_vector *const *vectors,
                        size_t from, size_t end)
{
    for (size_t i = 0; i < keys->count; i++)
        end = from + same_in_column(vectors[keys->columns[i]], from, end);
    return end - from;
}

static bool continues(const struct sw_block_keys *keys, const struct sw_vector *const *vectors)
{
    for (size_t i = 0; i < keys->count; i++)
        if (sw_value_compare(&keys->last[i].vector, 0, vectors[keys->columns[i]], 0) != 0)
            return false;
    return true;
}

static bool remember(struct sw_block_keys *keys, const struct sw_vector *const *vectors, size_t row,
                     struct sw_error *error)
{
    const uint32_t rows[1] = {(uint32_t)row};
    keys->any = true;
    for (size_t i = 0; i < keys->count; i++) {
        sw_builder_reset(&keys->last[i]);
        if (!sw_builder_gather(&keys->last[i], vectors[keys->columns[i]], rows, 1, error))
            return false;
    }
    return true;
}

/* Rows from..from + count of vectors that have no nulls: what is behind the ones before is copied, not picked. */
static bool write_behind(struct sw_block_keys *keys, struct sw_writer *writer,
                         const struct sw_vector *const *vectors, size_t from, size_t count,
                         struct sw_error *error)
{
    const size_t columns = writer->schema->column_count;
    if (!sw_grow(&keys->behind, &keys->behind_capacity, columns, sizeof *keys->behind, error) ||
        !sw_grow(&keys->vectors, &keys->vector_capacity, columns, sizeof *keys->vectors, error))
        return false;
    for (size_t i = 0; i < columns; i++) {
        struct sw_vector *behind = &keys->behind[i];
        *behind = *vectors[i];
        behind->rows -= from;
        if (behind->type == SW_TEXT)
            behind->codes += from;
        else if (behind->wide)
            behind->wide_values += from;
        else
            behind->narrow += from;
        keys->vectors[i] = behind;
    }
    return sw_writer_gather(writer, keys->vectors, NULL, count, error);
}

static bool have_nulls(const struct sw_writer *writer, const struct sw_vector *const *vectors)
{
    for (size_t i = 0; i < writer->schema->column_count; i++)
        if (vectors[i]->nulls) return true;
    return false;
}

bool sw_block_keys_write(struct sw_block_keys *keys, struct sw_writer *writer,
                         const struct sw_vector *const *vectors, size_t rows,
                         struct sw_error *error)
{
    if (keys->count == 0) return sw_writer_gather(writer, vectors, NULL, rows, error);
    if (rows == 0) return true;
    if (!sw_grow(&keys->numbers, &keys->number_capacity, rows, sizeof *keys->numbers, error))
        return false;
    const bool picked = have_nulls(writer, vectors);
    for (size_t row = 0; picked && row < rows; row++) keys->numbers[row] = (uint32_t)row;
    bool cut = keys->any && !continues(keys, vectors);
    for (size_t from = 0, count; from < rows; from += count, cut = true) {
        count = same_rows(keys, vectors, from, rows);
        if ((cut && !sw_writer_cut(writer, error)) ||
            !(picked ? sw_writer_gather(writer, vectors, keys->numbers + from, count, error)
                     : write_behind(keys, writer, vectors, from, count, error)))
            return false;
    }
    return remember(keys, vectors, rows - 1, error);
}
