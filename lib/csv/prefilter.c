/* SPDX-License-Identifier: ISC */
#include "csv/prefilter.h"

#include <string.h>

#include "base/memory.h"
#include "csv/row_matrix.h"

enum {
    HITS = 4096,             /* of a piece; with more a sweep is not worth it */
    MATRIX_PIECE = 16 << 10, /* it and the places in it fit the first-level cache */
    TRUSTED = 1024,          /* pieces until the sets and ways are tried anew */
    ASIDE_OFTEN = 1024,      /* pieces to stand aside for, when many rows pass, */
    ASIDE_ROWS = 32,         /* or when some are not plain */
    RARE = 32,               /* a row that a sweep asks costs as much as sweeping over so many */
    FEW =
        8, /* of so many rows one may pass: it is touched twice, but no other column of the rest */
};

bool sw_sieve_open(struct sw_sieve *sieve, const struct sw_needles *needles, struct sw_error *error)
{
    *sieve =
        (struct sw_sieve){.needles = needles, .sweep = sw_sweep_best(), .scan = sw_scan_best()};
    for (size_t i = 0; i < needles->count; i++) sieve->windows[i] = sw_window_of(&needles->sets[i]);
    sieve->hits = sw_alloc(HITS, sizeof *sieve->hits, error);
    sieve->places = sw_alloc(MATRIX_PIECE + SW_SIEVE_PAST + 1, sizeof *sieve->places, error);
    sieve->candidates = sw_alloc(MATRIX_PIECE, sizeof *sieve->candidates, error);
    if (sieve->hits && sieve->places && sieve->candidates) return true;
    sw_sieve_free(sieve);
    return false;
}

void sw_sieve_free(struct sw_sieve *sieve)
{
    free(sieve->hits);
    free(sieve->places);
    free(sieve->candidates);
    *sieve = (struct sw_sieve){0};
}

/* ---- by a sweep ---- */

/* Whether a needle of the set seems to stand here. */
static bool seems_here(const struct sw_needle_set *set, const char *base, const struct sw_hit *hit)
{
    for (size_t i = 0; i < set->count; i++) {
        const struct sw_needle *needle = &set->items[i];
        if (needle->column == hit->column &&
            memcmp(base + hit->at, needle->bytes, needle->length) == 0)
            return true;
    }
    return false;
}

/* Finds the fields of the row around a hit; returns the index behind the row. */
static size_t find_fields(const struct sw_sieve *sieve, const char *base, size_t from,
                          const struct sw_hit *hit, uint32_t *cells)
{
    const char *before = memrchr(base + from, '\n', hit->at - from);
    const char *newline = memchr(base + hit->at, '\n', sieve->end - hit->at);
    size_t start = before ? (size_t)(before + 1 - base) : from;
    size_t end = (size_t)(newline + 1 - base);
    cells[0] = (uint32_t)(start - 1);
    (void)sieve->scan(base, start, end, cells + 1);
    return end;
}

/* Keeps the row whose cells stand behind those of the rows kept so far, if it holds its needles. */
static void keep(struct sw_sieve *sieve, const char *base, size_t columns, size_t row,
                 struct sw_kept *kept)
{
    const uint32_t *cells = kept->cells + kept->count * (columns + 1);
    if (!sw_needles_in(sieve->needles, base, cells)) return;
    kept->rows[kept->count++] = row;
    if (kept->count < kept->room) return;
    sieve->rows = sieve->ended = row + 1;
    sieve->end = cells[columns] + 1;
}

/* Keeps the rows around the hits that hold needles of all sets. Returns how many were asked. */
static size_t keep_around(struct sw_sieve *sieve, const char *base, size_t from, size_t hits,
                          size_t columns, struct sw_kept *kept)
{
    const struct sw_needle_set *set = &sieve->needles->sets[sieve->chosen];
    size_t behind = from, asked = 0; /* behind the last row that was asked */
    for (size_t i = 0; i < hits && sieve->hits[i].at < sieve->end; i++) {
        const struct sw_hit *hit = &sieve->hits[i];
        if (hit->at < behind || !seems_here(set, base, hit)) continue;
        behind = find_fields(sieve, base, from, hit, kept->cells + kept->count * (columns + 1));
        asked++;
        keep(sieve, base, columns, hit->row, kept);
    }
    return asked;
}

enum outcome { NOT_SIEVED, SIEVED, SIEVED_OFTEN };

static enum outcome sieve_by_sweep(struct sw_sieve *sieve, const char *base, size_t from, size_t to,
                                   size_t columns, struct sw_kept *kept)
{
    struct sw_sweep sweep = sieve->sweep(base, from, to, columns - 1,
                                         &sieve->windows[sieve->chosen], sieve->hits, HITS);
    kept->count = 0;
    if (sweep.full || !sweep.sound || sweep.rows == 0) return NOT_SIEVED;
    const char *last = memrchr(base + from, '\n', to - from);
    sieve->rows = sieve->ended = sweep.rows;
    sieve->end = (size_t)(last + 1 - base);
    size_t asked = keep_around(sieve, base, from, sweep.hits, columns, kept);
    return asked * RARE > sieve->rows ? SIEVED_OFTEN : SIEVED;
}

/* ---- by a matrix ---- */

/* Whether the field may hold a needle of the window, in whose column it is. Before one there may be
 * a sign or zeros: bytes from plus to zero. A comma is among them, which ends an empty field, but
 * nothing is told faster. */
static inline bool may_hold(const struct sw_window *window, const char *field)
{
    unsigned needles = 0xff;
#pragma GCC unroll 4
    for (size_t k = 0; k < SW_WINDOW_BYTES; k++)
        needles &= window->tables[k][field[window->offsets[k]] & 15];
    return (needles != 0) | ((unsigned char)(field[0] - '+') <= '0' - '+');
}

/* The column of the window's needles; false: they have several, or one behind the 62nd. */
static bool single_column(const struct sw_window *window, size_t *column)
{
    *column = (size_t)__builtin_ctzll(window->columns);
    return (window->columns & (window->columns - 1)) == 0 && *column < 63;
}

/* Lists the rows that may hold a needle of the set, or all of them where that cannot be told
 * simply. A row is written before it is known whether it stays: there is no branch to be guessed.
 */
static size_t list_candidates(struct sw_sieve *sieve, size_t set, const char *base, size_t columns,
                              size_t rows)
{
    const struct sw_window window = sieve->windows[set];
    const uint32_t *place = sieve->places;
    size_t column, count = 0;
    bool known = single_column(&window, &column);
    for (size_t row = 0; row < rows; row++, place += columns) {
        sieve->candidates[count] = (uint32_t)row;
        count += !known || may_hold(&window, base + place[column] + 1);
    }
    return count;
}

/* Leaves those of the candidates that may hold a needle of the set, too; returns how many. */
static size_t narrow(struct sw_sieve *sieve, size_t set, const char *base, size_t columns,
                     size_t count)
{
    const struct sw_window *window = &sieve->windows[set];
    uint32_t *candidates = sieve->candidates;
    size_t column, left = 0;
    if (!single_column(window, &column)) return count;
    for (size_t i = 0; i < count; i++) {
        uint32_t row = candidates[i];
        candidates[left] = row;
        left += may_hold(window, base + sieve->places[row * columns + column] + 1);
    }
    return left;
}

static enum outcome sieve_by_matrix(struct sw_sieve *sieve, const char *base, size_t from,
                                    size_t to, size_t columns, struct sw_kept *kept)
{
    if (to - from > MATRIX_PIECE) to = from + MATRIX_PIECE;
    sieve->ended = 0;
    size_t rows =
        sw_matrix_find(sieve->scan, base, from, to, columns, sieve->places, &sieve->ended);
    kept->count = 0;
    if (rows == 0) return NOT_SIEVED;
    sieve->rows = rows;
    sieve->end = sieve->places[rows * columns] + 1;
    size_t count = list_candidates(sieve, sieve->chosen, base, columns, rows);
    for (size_t set = 0; set < sieve->needles->count; set++)
        if (set != sieve->chosen) count = narrow(sieve, set, base, columns, count);
    for (size_t i = 0; i < count && kept->count < kept->room; i++) {
        size_t row = sieve->candidates[i];
        memcpy(kept->cells + kept->count * (columns + 1), sieve->places + row * columns,
               (columns + 1) * sizeof *kept->cells);
        keep(sieve, base, columns, row, kept);
    }
    return (count + kept->count) * FEW > 2 * sieve->rows ? SIEVED_OFTEN : SIEVED;
}

/* ---- either ---- */

/* Tries every set on the piece: the one of fewest hits, by a sweep if it can be. */
static void choose(struct sw_sieve *sieve, const char *base, size_t from, size_t to, size_t columns,
                   struct sw_kept *kept)
{
    size_t fewest = SIZE_MAX, best = 0;
    sieve->way = SW_SIEVE_MATRIX;
    sieve->trusted = TRUSTED;
    for (sieve->chosen = 0; sieve->chosen < sieve->needles->count; sieve->chosen++) {
        const struct sw_window *window = &sieve->windows[sieve->chosen];
        struct sw_sweep sweep =
            sieve->sweep(base, from, to, columns - 1, window, sieve->hits, HITS);
        if (!sweep.sound || sweep.full || sweep.hits >= fewest) continue;
        fewest = sweep.hits;
        best = sieve->chosen;
    }
    sieve->chosen = best;
    if (sieve_by_sweep(sieve, base, from, to, columns, kept) == SIEVED) sieve->way = SW_SIEVE_SWEEP;
}

bool sw_sieve_piece(struct sw_sieve *sieve, const char *base, size_t from, size_t to,
                    size_t columns, struct sw_kept *kept)
{
    if (columns < 2 || from == to) return false;
    if (sieve->aside) {
        sieve->aside--;
        return false;
    }
    if (sieve->trusted == 0) choose(sieve, base, from, to, columns, kept);
    sieve->trusted--;
    enum outcome outcome = NOT_SIEVED;
    if (sieve->way == SW_SIEVE_SWEEP) {
        outcome = sieve_by_sweep(sieve, base, from, to, columns, kept);
        if (outcome != SIEVED) sieve->way = SW_SIEVE_MATRIX;
    }
    if (outcome == NOT_SIEVED) {
        outcome = sieve_by_matrix(sieve, base, from, to, columns, kept);
        if (outcome != SIEVED) {
            sieve->aside = outcome == SIEVED_OFTEN ? ASIDE_OFTEN : ASIDE_ROWS;
            sieve->trusted = 0;
        }
    }
    return outcome != NOT_SIEVED;
}
