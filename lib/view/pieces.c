/* SPDX-License-Identifier: ISC */
#include "view/pieces.h"

#include <stdlib.h>

#include "base/memory.h"

/* So that a piece's bits begin with a word. */
_Static_assert(SW_BLOCK_ROWS_DEFAULT % 64 == 0, "a piece begins with a whole word of bits");

struct sw_piece_column {
    struct sw_vector vector;
    bool made;
};

bool sw_pieces_open(struct sw_pieces *pieces, struct sw_reader *reader, struct sw_error *error)
{
    *pieces = (struct sw_pieces){.reader = reader};
    pieces->columns = sw_alloc(reader->schema.column_count, sizeof *pieces->columns, error);
    return pieces->columns != NULL;
}

void sw_pieces_free(struct sw_pieces *pieces)
{
    free(pieces->columns);
    *pieces = (struct sw_pieces){0};
}

enum sw_step sw_pieces_next(struct sw_pieces *pieces, struct sw_error *error)
{
    struct sw_reader *reader = pieces->reader;
    pieces->start += pieces->rows;
    if (pieces->rows == 0 || pieces->start == reader->rows) {
        enum sw_step step = sw_reader_next(reader, error);
        pieces->start = pieces->rows = 0;
        if (step != SW_ROWS) return step;
    }
    pieces->rows = reader->rows - pieces->start;
    if (pieces->rows > SW_BLOCK_ROWS_DEFAULT) pieces->rows = SW_BLOCK_ROWS_DEFAULT;
    for (size_t i = 0; i < reader->schema.column_count; i++) pieces->columns[i].made = false;
    return SW_ROWS;
}

static size_t count_nulls(const struct sw_vector *vector)
{
    size_t nulls = 0;
    for (size_t row = 0; row < vector->rows; row++) nulls += sw_is_null(vector, row);
    return nulls;
}

/* What is not there of a vector stays so. */
static struct sw_vector cut(const struct sw_vector *whole, size_t start, size_t rows)
{
    struct sw_vector piece = *whole;
    piece.rows = rows;
    if (whole->narrow) piece.narrow += start;
    if (whole->wide_values) piece.wide_values += start;
    if (whole->codes) piece.codes += start;
    if (whole->nulls == 0) return piece;
    piece.valid += start / 64;
    piece.nulls = count_nulls(&piece);
    return piece;
}

static const struct sw_vector *piece_of(void *owner, int column, struct sw_error *error)
{
    struct sw_pieces *pieces = owner;
    struct sw_piece_column *piece = &pieces->columns[column];
    const struct sw_vector *whole = sw_reader_vector(pieces->reader, column, error);
    if (!whole || whole->rows == pieces->rows) return whole;
    if (!piece->made) piece->vector = cut(whole, pieces->start, pieces->rows);
    piece->made = true;
    return &piece->vector;
}

static bool keyed_of(void *owner, int column, struct sw_keyed *keyed, struct sw_error *error)
{
    struct sw_pieces *pieces = owner;
    if (!sw_reader_keyed(pieces->reader, column, keyed, error)) return false;
    if (keyed->codes) keyed->codes += pieces->start;
    return true;
}

struct sw_supplier sw_pieces_supplier(struct sw_pieces *pieces)
{
    return (struct sw_supplier){&pieces->reader->schema, pieces, piece_of, keyed_of};
}
