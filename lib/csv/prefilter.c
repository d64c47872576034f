/* SPDX-License-Identifier: ISC */
#include "csv/prefilter.h"

#include <string.h>

#include "base/memory.h"
#include "csv/regular_rows.h"

enum {
    HITS = 4096,             /* of a piece; with more a sweep is not worth it */
    MATRIX_PIECE = 16 << 10, /* it and the places in it fit the first-level cache */
    TRUSTED = 1024,          /* pieces until the sets and ways are tried anew */
    ASIDE_OFTEN = 1024,      /* pieces to stand aside for, when many rows pass, */
    ASIDE_ROWS = 32,         /* or when some are not plain */
    RARE = 32,               /* a row that a sweep asks costs as much as sweeping over so many */
    /* Of so many rows one may pass: it is touched twice, but no other column of the rest. */
    FEW = 8,
};

bool sw_prefilter_open(struct sw_prefilter *prefilter, const struct sw_literals *literals,
                       char separator, struct sw_error *error)
{
    *prefilter = (struct sw_prefilter){.literals = literals,
                                       .separator = separator,
                                       .sweep = sw_sweep_best(),
                                       .scan = sw_scan_best()};
    for (size_t i = 0; i < literals->count; i++)
        prefilter->windows[i] = sw_window_of(&literals->sets[i], separator);
    prefilter->hits = sw_alloc(HITS, sizeof *prefilter->hits, error);
    prefilter->places =
        sw_alloc(MATRIX_PIECE + SW_PREFILTER_PAST + 1, sizeof *prefilter->places, error);
    prefilter->candidates = sw_alloc(MATRIX_PIECE, sizeof *prefilter->candidates, error);
    if (prefilter->hits && prefilter->places && prefilter->candidates) return true;
    sw_prefilter_free(prefilter);
    return false;
}

void sw_prefilter_free(struct sw_prefilter *prefilter)
{
    free(prefilter->hits);
    free(prefilter->places);
    free(prefilter->candidates);
    *prefilter = (struct sw_prefilter){0};
}

/* ---- by a sweep ---- */

/* Whether a literal of the set seems to stand here. */
static bool seems_here(const struct sw_literal_set *set, const char *base, const struct sw_hit *hit)
{
    for (size_t i = 0; i < set->count; i++) {
        const struct sw_literal *literal = &set->items[i];
        if (literal->column == hit->column &&
            memcmp(base + hit->at, literal->bytes, literal->length) == 0)
            return true;
    }
    return false;
}

/* Finds the fields of the row around a hit; returns the index after the row. */
static size_t find_fields(const struct sw_prefilter *prefilter, const char *base, size_t from,
                          const struct sw_hit *hit, uint32_t *cells)
{
    const char *before = memrchr(base + from, '\n', hit->at - from);
    const char *newline = memchr(base + hit->at, '\n', prefilter->end - hit->at);
    size_t start = before ? (size_t)(before + 1 - base) : from;
    size_t end = (size_t)(newline + 1 - base);
    cells[0] = (uint32_t)(start - 1);
    (void)prefilter->scan(base, start, end, prefilter->separator, cells + 1);
    return end;
}

/* Keeps the row whose cells stand after those of the rows kept so far, if it holds its literals. */
static void keep(struct sw_prefilter *prefilter, const char *base, size_t columns, size_t row,
                 struct sw_kept *kept)
{
    const uint32_t *cells = kept->cells + kept->count * (columns + 1);
    if (!sw_literals_in(prefilter->literals, base, cells)) return;
    kept->rows[kept->count++] = row;
    if (kept->count < kept->room) return;
    prefilter->rows = prefilter->ended = row + 1;
    prefilter->end = cells[columns] + 1;
}

/* Keeps the rows around the hits that hold literals of all sets. Returns how many were asked. */
static size_t keep_around(struct sw_prefilter *prefilter, const char *base, size_t from,
                          size_t hits, size_t columns, struct sw_kept *kept)
{
    const struct sw_literal_set *set = &prefilter->literals->sets[prefilter->chosen];
    size_t behind = from, asked = 0; /* after the last row that was asked */
    for (size_t i = 0; i < hits && prefilter->hits[i].at < prefilter->end; i++) {
        const struct sw_hit *hit = &prefilter->hits[i];
        if (hit->at < behind || !seems_here(set, base, hit)) continue;
        behind = find_fields(prefilter, base, from, hit, kept->cells + kept->count * (columns + 1));
        asked++;
        keep(prefilter, base, columns, hit->row, kept);
    }
    return asked;
}

enum outcome { NOT_PREFILTERED, PREFILTERED, PREFILTERED_OFTEN };

static enum outcome prefilter_by_sweep(struct sw_prefilter *prefilter, const char *base,
                                       size_t from, size_t to, size_t columns, struct sw_kept *kept)
{
    struct sw_sweep sweep = prefilter->sweep(
        base, from, to, columns - 1, &prefilter->windows[prefilter->chosen], prefilter->hits, HITS);
    kept->count = 0;
    if (sweep.full || !sweep.sound || sweep.rows == 0) return NOT_PREFILTERED;
    const char *last = memrchr(base + from, '\n', to - from);
    prefilter->rows = prefilter->ended = sweep.rows;
    prefilter->end = (size_t)(last + 1 - base);
    size_t asked = keep_around(prefilter, base, from, sweep.hits, columns, kept);
    return asked * RARE > prefilter->rows ? PREFILTERED_OFTEN : PREFILTERED;
}

/* ---- by regular rows ---- */

/* Whether the field may hold a literal of the window, in whose column it is. Before one there may
 * be a sign or zeros: bytes from plus to zero. A comma is among them, which ends an empty field,
 * but nothing is told faster. */
static inline bool may_hold(const struct sw_window *window, const char *field)
{
    unsigned literals = 0xff;
#pragma GCC unroll 4
    for (size_t k = 0; k < SW_WINDOW_BYTES; k++)
        literals &= window->tables[k][field[window->offsets[k]] & 15];
    return (literals != 0) | ((unsigned char)(field[0] - '+') <= '0' - '+');
}

/* The column of the window's literals; false: they have several, or one after the 62nd. */
static bool single_column(const struct sw_window *window, size_t *column)
{
    *column = (size_t)__builtin_ctzll(window->columns);
    return (window->columns & (window->columns - 1)) == 0 && *column < 63;
}

/* Lists the rows that may hold a literal of the set, or all of them where that cannot be told
 * simply. A row is written before it is known whether it stays: there is no branch to be guessed.
 */
static size_t list_candidates(struct sw_prefilter *prefilter, size_t set, const char *base,
                              size_t columns, size_t rows)
{
    const struct sw_window window = prefilter->windows[set];
    const uint32_t *place = prefilter->places;
    size_t column, count = 0;
    bool known = single_column(&window, &column);
    for (size_t row = 0; row < rows; row++, place += columns) {
        prefilter->candidates[count] = (uint32_t)row;
        count += !known || may_hold(&window, base + place[column] + 1);
    }
    return count;
}

/* Leaves those of the candidates that may hold a literal of the set, too; returns how many. */
static size_t narrow(struct sw_prefilter *prefilter, size_t set, const char *base, size_t columns,
                     size_t count)
{
    const struct sw_window *window = &prefilter->windows[set];
    uint32_t *candidates = prefilter->candidates;
    size_t column, left = 0;
    if (!single_column(window, &column)) return count;
    for (size_t i = 0; i < count; i++) {
        uint32_t row = candidates[i];
        candidates[left] = row;
        left += may_hold(window, base + prefilter->places[row * columns + column] + 1);
    }
    return left;
}

static enum outcome prefilter_by_regular_rows(struct sw_prefilter *prefilter, const char *base,
                                              size_t from, size_t to, size_t columns,
                                              struct sw_kept *kept)
{
    if (to - from > MATRIX_PIECE) to = from + MATRIX_PIECE;
    prefilter->ended = 0;
    size_t rows = sw_regular_rows_find(prefilter->scan, base, from, to, prefilter->separator,
                                       columns, prefilter->places, &prefilter->ended);
    kept->count = 0;
    if (rows == 0) return NOT_PREFILTERED;
    prefilter->rows = rows;
    prefilter->end = prefilter->places[rows * columns] + 1;
    size_t count = list_candidates(prefilter, prefilter->chosen, base, columns, rows);
    for (size_t set = 0; set < prefilter->literals->count; set++)
        if (set != prefilter->chosen) count = narrow(prefilter, set, base, columns, count);
    for (size_t i = 0; i < count && kept->count < kept->room; i++) {
        size_t row = prefilter->candidates[i];
        memcpy(kept->cells + kept->count * (columns + 1), prefilter->places + row * columns,
               (columns + 1) * sizeof *kept->cells);
        keep(prefilter, base, columns, row, kept);
    }
    return (count + kept->count) * FEW > 2 * prefilter->rows ? PREFILTERED_OFTEN : PREFILTERED;
}

/* ---- either ---- */

/* Tries every set on the piece: the one of fewest hits, by a sweep if it can be. */
static void choose(struct sw_prefilter *prefilter, const char *base, size_t from, size_t to,
                   size_t columns, struct sw_kept *kept)
{
    size_t fewest = SIZE_MAX, best = 0;
    prefilter->way = SW_PREFILTER_REGULAR_ROWS;
    prefilter->trusted = TRUSTED;
    for (prefilter->chosen = 0; prefilter->chosen < prefilter->literals->count;
         prefilter->chosen++) {
        const struct sw_window *window = &prefilter->windows[prefilter->chosen];
        struct sw_sweep sweep =
            prefilter->sweep(base, from, to, columns - 1, window, prefilter->hits, HITS);
        if (!sweep.sound || sweep.full || sweep.hits >= fewest) continue;
        fewest = sweep.hits;
        best = prefilter->chosen;
    }
    prefilter->chosen = best;
    if (prefilter_by_sweep(prefilter, base, from, to, columns, kept) == PREFILTERED)
        prefilter->way = SW_PREFILTER_SCAN;
}

bool sw_prefilter_piece(struct sw_prefilter *prefilter, const char *base, size_t from, size_t to,
                        size_t columns, struct sw_kept *kept)
{
    if (columns < 2 || from == to) return false;
    if (prefilter->aside) {
        prefilter->aside--;
        return false;
    }
    if (prefilter->trusted == 0) choose(prefilter, base, from, to, columns, kept);
    prefilter->trusted--;
    enum outcome outcome = NOT_PREFILTERED;
    if (prefilter->way == SW_PREFILTER_SCAN) {
        outcome = prefilter_by_sweep(prefilter, base, from, to, columns, kept);
        if (outcome != PREFILTERED) prefilter->way = SW_PREFILTER_REGULAR_ROWS;
    }
    if (outcome == NOT_PREFILTERED) {
        outcome = prefilter_by_regular_rows(prefilter, base, from, to, columns, kept);
        if (outcome != PREFILTERED) {
            prefilter->aside = outcome == PREFILTERED_OFTEN ? ASIDE_OFTEN : ASIDE_ROWS;
            prefilter->trusted = 0;
        }
    }
    return outcome != NOT_PREFILTERED;
}
