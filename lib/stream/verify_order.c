/* SPDX-License-Identifier: ISC */
#include "base/memory.h"
#include "stream/verify_parts.h"

void sw_ordered_row_free(struct sw_ordered_row *row)
{
    for (size_t i = 0; i < row->cell_count; i++) sw_buffer_free(&row->cells[i].text);
    free(row->cells);
    *row = (struct sw_ordered_row){0};
}

/* A cell of a block in the same terms as one that was kept. */
struct cell {
    bool null;
    sw_int128 number;
    struct sw_text text;
};

static struct cell cell_at(const struct sw_vector *vector, size_t row)
{
    struct cell cell = {.null = sw_is_null(vector, row)};
    if (cell.null) return cell;
    if (vector->type == SW_TEXT)
        cell.text = vector->dictionary[vector->codes[row]];
    else
        cell.number = sw_value(vector, row);
    return cell;
}

static struct cell kept_cell(const struct sw_ordered_row *last, size_t key)
{
    const struct sw_ordered_cell *kept = &last->cells[key];
    return (struct cell){
        kept->null, kept->number, {(const char *)kept->text.bytes, (uint32_t)kept->text.length}};
}

/* Ascending: nulls come first. Numbers of texts are all 0, texts of numbers empty. */
static int compare(const struct cell *a, const struct cell *b)
{
    if (a->null || b->null) return b->null - a->null;
    if (a->number != b->number) return a->number < b->number ? -1 : 1;
    return sw_texts_compare(&a->text, &b->text);
}

/* Whether a row may stand after the one before it in the block or, for the first, after the last
 * row kept. */
static bool follows(const struct sw_verifier *verifier, const struct sw_vector *const *vectors,
                    size_t row)
{
    const struct sw_reader *reader = verifier->reader;
    for (size_t i = 0; i < reader->stream_order_count; i++) {
        const struct sw_sort_key *key = &reader->stream_order[i];
        const struct sw_vector *vector = vectors[key->column];
        struct cell before = row ? cell_at(vector, row - 1) : kept_cell(&verifier->last, i);
        struct cell here = cell_at(vector, row);
        int order = compare(&before, &here);
        if (order) return (order < 0) != key->descending;
    }
    return true;
}

static bool make_cells(struct sw_ordered_row *last, size_t count, struct sw_error *error)
{
    if (!sw_grow(&last->cells, &last->cell_capacity, count, sizeof *last->cells, error))
        return false;
    for (; last->cell_count < count; last->cell_count++)
        last->cells[last->cell_count] = (struct sw_ordered_cell){0};
    return true;
}

static bool keep_last(struct sw_verifier *verifier, const struct sw_vector *const *vectors,
                      struct sw_error *error)
{
    const struct sw_reader *reader = verifier->reader;
    struct sw_ordered_row *last = &verifier->last;
    if (!make_cells(last, reader->stream_order_count, error)) return false;
    for (size_t i = 0; i < reader->stream_order_count; i++) {
        struct cell cell = cell_at(vectors[reader->stream_order[i].column], reader->rows - 1);
        struct sw_ordered_cell *to = &last->cells[i];
        to->null = cell.null;
        to->number = cell.number;
        to->text.length = 0;
        if (!sw_buffer_add(&to->text, cell.text.bytes, cell.text.length, error)) return false;
    }
    last->known = true;
    return true;
}

bool sw_verify_order(struct sw_verifier *verifier, const struct sw_vector *const *vectors,
                     struct sw_error *error)
{
    const struct sw_reader *reader = verifier->reader;
    if (reader->stream_order_count == 0) return true;
    for (size_t row = verifier->last.known ? 0 : 1; row < reader->rows; row++)
        if (!follows(verifier, vectors, row))
            return sw_fail(error, SW_DATA,
                           "%s: byte %llu: row %llu is not in the order that the header tells",
                           reader->input.name, (unsigned long long)reader->block_offset,
                           (unsigned long long)(reader->stream_rows + row + 1));
    return keep_last(verifier, vectors, error);
}
