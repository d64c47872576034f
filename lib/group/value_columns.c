/* SPDX-License-Identifier: ISC */
#include "group/value_columns.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

struct sw_value_piece {
    uint64_t offset; /* of its first column in the file */
    size_t rows;
};

bool sw_value_columns_open(struct sw_value_columns *columns, size_t count, uint64_t memory_bytes,
                           const char *folder, struct sw_error *error)
{
    *columns =
        (struct sw_value_columns){.count = count, .memory_bytes = memory_bytes, .folder = folder};
    columns->held = sw_alloc(count, sizeof *columns->held, error);
    return columns->held != NULL;
}

void sw_value_columns_free(struct sw_value_columns *columns)
{
    for (size_t i = 0; columns->held && i < columns->count; i++) sw_pages_free(&columns->held[i]);
    if (columns->spilled) sw_scratch_close(&columns->scratch);
    free(columns->held);
    free(columns->pieces);
    *columns = (struct sw_value_columns){0};
}

void sw_value_columns_drop(struct sw_value_columns *columns, size_t column)
{
    sw_pages_free(&columns->held[column]);
}

/* ---- rows ---- */

bool sw_value_columns_append(struct sw_value_columns *columns, size_t column,
                             const uint32_t *numbers, size_t rows, struct sw_error *error)
{
    struct sw_pages *held = &columns->held[column];
    if (rows == 0) return true;
    if (!sw_pages_grow(held, (columns->held_rows + rows) * sizeof *numbers, error)) return false;
    memcpy((uint32_t *)held->bytes + columns->held_rows, numbers, rows * sizeof *numbers);
    return true;
}

static bool spill(struct sw_value_columns *columns, struct sw_error *error)
{
    struct sw_output *output = &columns->scratch.output;
    if (!columns->spilled && !sw_scratch_open(&columns->scratch, columns->folder, error))
        return false;
    columns->spilled = true;
    if (!sw_grow(&columns->pieces, &columns->piece_capacity, columns->piece_count + 1,
                 sizeof *columns->pieces, error))
        return false;
    columns->pieces[columns->piece_count++] =
        (struct sw_value_piece){output->written, columns->held_rows};
    for (size_t i = 0; i < columns->count; i++)
        if (!sw_output_write(output, columns->held[i].bytes, columns->held_rows * sizeof(uint32_t),
                             error))
            return false;
    columns->held_rows = 0;
    return sw_output_flush(output, error);
}

bool sw_value_columns_added(struct sw_value_columns *columns, size_t rows, struct sw_error *error)
{
    columns->held_rows += rows;
    columns->rows += rows;
    return !columns->folder ||
           columns->held_rows * columns->count * sizeof(uint32_t) <= columns->memory_bytes ||
           spill(columns, error);
}

/* ---- read back ---- */

static bool read_piece(const struct sw_value_columns *columns, const struct sw_value_piece *piece,
                       size_t column, uint32_t *to, struct sw_error *error)
{
    const uint64_t length = piece->rows * sizeof *to;
    const struct sw_part part = {piece->offset + column * length, length};
    struct sw_input input;
    size_t got;
    sw_scratch_input(&columns->scratch, part, &input);
    return sw_input_read(&input, to, length, &got, error) &&
           (got == length ||
            sw_fail(error, SW_SYSTEM, "%s: a temporary file has become shorter", input.name));
}

bool sw_value_columns_read(struct sw_value_columns *columns, size_t column,
                           struct sw_value_numbers *numbers, struct sw_error *error)
{
    const struct sw_pages *held = &columns->held[column];
    *numbers = (struct sw_value_numbers){.at = held->bytes};
    if (!columns->spilled) return true;
    numbers->at = numbers->read = sw_alloc_unset(columns->rows, sizeof *numbers->read, error);
    if (!numbers->read) return false;
    size_t row = 0;
    for (size_t i = 0; i < columns->piece_count; row += columns->pieces[i++].rows)
        if (!read_piece(columns, &columns->pieces[i], column, numbers->read + row, error))
            return false;
    if (columns->held_rows)
        memcpy(numbers->read + row, held->bytes, columns->held_rows * sizeof *numbers->read);
    return true;
}

void sw_value_numbers_free(struct sw_value_numbers *numbers)
{
    free(numbers->read);
    *numbers = (struct sw_value_numbers){0};
}
