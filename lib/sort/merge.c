/* SPDX-License-Identifier: ISC */
#include "sort/merge.h"

#include "base/memory.h"

enum { TEXT_BYTES_AT_MOST = 4 << 20 };

/* A source and the place in its current block. */
struct sw_cursor {
    struct sw_merge_source source;
    const struct sw_vector *const *vectors;
    size_t rows, row;
    const int64_t **plain; /* per key: its values, where they are narrow and not null; else NULL */
};

struct sw_merge_piece {
    uint32_t cursor, from, count;
};

/* ---- the order ---- */

static int compare_rows(const struct sw_merge *merge, const struct sw_cursor *a, size_t row_a,
                        const struct sw_cursor *b, size_t row_b)
{
    for (size_t i = 0; i < merge->key_count; i++) {
        const struct sw_sort_key *key = &merge->keys[i];
        const int64_t *one = a->plain[i], *other = b->plain[i];
        int order = one && other ? (one[row_a] > other[row_b]) - (one[row_a] < other[row_b])
                                 : sw_value_compare(a->vectors[key->column], row_a,
                                                    b->vectors[key->column], row_b);
        if (order) return key->descending ? -order : order;
    }
    return 0;
}

/* Whether a row of one cursor comes before another cursor's current row; among equals the earlier
 * source's does. */
static bool comes_first(const struct sw_merge *merge, uint32_t a, size_t row_a, uint32_t b)
{
    const struct sw_cursor *one = &merge->cursors[a], *other = &merge->cursors[b];
    int order = compare_rows(merge, one, row_a, other, other->row);
    return order < 0 || (order == 0 && a < b);
}

/* ---- the heap ---- */

static bool before(const struct sw_merge *merge, size_t one, size_t other)
{
    uint32_t a = merge->heap[one];
    return comes_first(merge, a, merge->cursors[a].row, merge->heap[other]);
}

static void sift_down(struct sw_merge *merge, size_t at)
{
    for (;;) {
        size_t child = 2 * at + 1;
        if (child >= merge->heap_count) return;
        if (child + 1 < merge->heap_count && before(merge, child + 1, child)) child++;
        if (before(merge, at, child)) return;
        uint32_t moved = merge->heap[at];
        merge->heap[at] = merge->heap[child];
        merge->heap[child] = moved;
        at = child;
    }
}

/* Loads a cursor's next block; *there says whether there was one. */
static bool advance(struct sw_merge *merge, struct sw_cursor *cursor, bool *there,
                    struct sw_error *error)
{
    enum sw_step step =
        cursor->source.next(cursor->source.owner, &cursor->vectors, &cursor->rows, error);
    *there = step == SW_ROWS;
    cursor->row = 0;
    for (size_t i = 0; *there && i < merge->key_count; i++) {
        const struct sw_vector *vector = cursor->vectors[merge->keys[i].column];
        bool plain = vector->type != SW_TEXT && !vector->wide && !vector->nulls;
        cursor->plain[i] = plain ? vector->narrow : NULL;
    }
    return step != SW_FAILED;
}

/* ---- opening ---- */

static bool open_builders(struct sw_merge *merge, struct sw_error *error)
{
    const struct sw_schema *schema = merge->schema;
    merge->builders = sw_alloc(schema->column_count, sizeof *merge->builders, error);
    merge->vectors = sw_alloc(schema->column_count, sizeof *merge->vectors, error);
    merge->pieces = sw_alloc_unset(merge->block_rows, sizeof *merge->pieces, error);
    merge->numbers = sw_alloc_unset(merge->block_rows, sizeof *merge->numbers, error);
    if (!merge->builders || !merge->vectors || !merge->pieces || !merge->numbers) return false;
    for (size_t i = 0; i < schema->column_count; i++) {
        const struct sw_column *column = &schema->columns[i];
        if (!sw_builder_init(&merge->builders[i], column->type, column->scale, merge->block_rows,
                             error))
            return false;
        merge->vectors[i] = &merge->builders[i].vector;
    }
    return true;
}

static bool open_cursors(struct sw_merge *merge, const struct sw_merge_source *sources,
                         struct sw_error *error)
{
    merge->cursors = sw_alloc(merge->cursor_count, sizeof *merge->cursors, error);
    merge->heap = sw_alloc(merge->cursor_count, sizeof *merge->heap, error);
    if (!merge->cursors || !merge->heap) return false;
    for (size_t i = 0; i < merge->cursor_count; i++) {
        struct sw_cursor *cursor = &merge->cursors[i];
        bool there;
        cursor->source = sources[i];
        cursor->plain = sw_alloc(merge->key_count, sizeof *cursor->plain, error);
        if (!cursor->plain || !advance(merge, cursor, &there, error)) return false;
        if (there) merge->heap[merge->heap_count++] = (uint32_t)i;
    }
    for (size_t i = merge->heap_count / 2; i-- > 0;) sift_down(merge, i);
    return true;
}

bool sw_merge_open(struct sw_merge *merge, const struct sw_schema *schema,
                   const struct sw_sort_key *keys, size_t key_count,
                   const struct sw_merge_source *sources, size_t source_count, size_t block_rows,
                   struct sw_error *error)
{
    *merge = (struct sw_merge){.schema = schema,
                               .keys = keys,
                               .key_count = key_count,
                               .cursor_count = source_count,
                               .block_rows = block_rows,
                               .text_limit_bytes = TEXT_BYTES_AT_MOST};
    return open_builders(merge, error) && open_cursors(merge, sources, error);
}

void sw_merge_free(struct sw_merge *merge)
{
    for (size_t i = 0; merge->cursors && i < merge->cursor_count; i++)
        free(merge->cursors[i].plain);
    for (size_t i = 0; merge->builders && i < merge->schema->column_count; i++)
        sw_builder_free(&merge->builders[i]);
    free(merge->cursors);
    free(merge->heap);
    free(merge->builders);
    free(merge->vectors);
    free(merge->pieces);
    free(merge->numbers);
    *merge = (struct sw_merge){0};
}

/* ---- gathering ---- */

static bool is_plain(const struct sw_vector *vector)
{
    return vector->type != SW_TEXT && !vector->wide && !vector->nulls;
}

static bool pieces_are_plain(const struct sw_merge *merge, size_t column)
{
    if (merge->builders[column].vector.wide) return false;
    for (size_t i = 0; i < merge->piece_count; i++)
        if (!is_plain(merge->cursors[merge->pieces[i].cursor].vectors[column])) return false;
    return true;
}

static void gather_plain(struct sw_merge *merge, size_t column)
{
    struct sw_vector *to = &merge->builders[column].vector;
    for (size_t i = 0; i < merge->piece_count; i++) {
        const struct sw_merge_piece *piece = &merge->pieces[i];
        const int64_t *from = merge->cursors[piece->cursor].vectors[column]->narrow + piece->from;
        if (piece->count == 1)
            to->narrow[to->rows] = *from;
        else
            memcpy(&to->narrow[to->rows], from, piece->count * sizeof *from);
        to->rows += piece->count;
    }
}

static bool gather_any(struct sw_merge *merge, size_t column, struct sw_error *error)
{
    for (size_t i = 0; i < merge->piece_count; i++) {
        const struct sw_merge_piece *piece = &merge->pieces[i];
        for (uint32_t row = 0; row < piece->count; row++) merge->numbers[row] = piece->from + row;
        if (!sw_builder_gather(&merge->builders[column],
                               merge->cursors[piece->cursor].vectors[column], merge->numbers,
                               piece->count, error))
            return false;
    }
    return true;
}

/* Copies the pieces' rows, so that the blocks they are in may go. */
static bool gather_pieces(struct sw_merge *merge, struct sw_error *error)
{
    merge->text_bytes = 0;
    for (size_t i = 0; i < merge->schema->column_count; i++) {
        if (pieces_are_plain(merge, i))
            gather_plain(merge, i);
        else if (!gather_any(merge, i, error))
            return false;
        merge->text_bytes += merge->builders[i].vector.text_bytes;
    }
    merge->rows += merge->piece_rows;
    merge->piece_count = merge->piece_rows = 0;
    return true;
}

/* ---- merging ---- */

/* How many of the top cursor's rows, at most `most`, come before the runner-up's: by doubling
 * steps, then by halving them. */
static size_t stretch(const struct sw_merge *merge, uint32_t top, uint32_t next, size_t most)
{
    size_t row = merge->cursors[top].row, good = 1, step = 1;
    while (good + step <= most && comes_first(merge, top, row + good + step - 1, next)) {
        good += step;
        step *= 2;
    }
    size_t bad = good + step <= most
                     ? good + step
                     : most + 1; /* the first length known, or taken, to be too long */
    while (good + 1 < bad) {
        size_t middle = good + (bad - good) / 2;
        if (comes_first(merge, top, row + middle - 1, next))
            good = middle;
        else
            bad = middle;
    }
    return good;
}

static uint32_t runner_up(const struct sw_merge *merge)
{
    size_t place = merge->heap_count > 2 && before(merge, 2, 1) ? 2 : 1;
    return merge->heap[place];
}

static void take_piece(struct sw_merge *merge, size_t room)
{
    uint32_t top = merge->heap[0];
    struct sw_cursor *cursor = &merge->cursors[top];
    size_t count = cursor->rows - cursor->row;
    if (count > room) count = room;
    if (merge->heap_count > 1) count = stretch(merge, top, runner_up(merge), count);
    merge->pieces[merge->piece_count++] =
        (struct sw_merge_piece){top, (uint32_t)cursor->row, (uint32_t)count};
    merge->piece_rows += count;
    cursor->row += count;
}

/* The top cursor moved on: to its next block, or it is done, or its row is another one now. */
static bool settle(struct sw_merge *merge, struct sw_error *error)
{
    struct sw_cursor *cursor = &merge->cursors[merge->heap[0]];
    bool there = true;
    if (cursor->row == cursor->rows &&
        (!gather_pieces(merge, error) || !advance(merge, cursor, &there, error)))
        return false;
    if (!there) merge->heap[0] = merge->heap[--merge->heap_count];
    sift_down(merge, 0);
    return true;
}

enum sw_step sw_merge_next(struct sw_merge *merge, struct sw_error *error)
{
    merge->rows = merge->text_bytes = 0;
    for (size_t i = 0; i < merge->schema->column_count; i++) sw_builder_reset(&merge->builders[i]);
    while (merge->heap_count) {
        size_t room = merge->block_rows - merge->rows - merge->piece_rows;
        if (room == 0 || merge->text_bytes >= merge->text_limit_bytes) break;
        take_piece(merge, room);
        if (!settle(merge, error)) return SW_FAILED;
    }
    if (!gather_pieces(merge, error)) return SW_FAILED;
    return merge->rows ? SW_ROWS : SW_END;
}
