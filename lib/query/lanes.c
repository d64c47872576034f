/* SPDX-License-Identifier: ISC */
#include "query/lanes.h"

#include <stdlib.h>

#include "base/memory.h"

bool sw_lanes_init(struct sw_lanes *lanes, struct sw_error *error)
{
    const size_t rows = SW_BLOCK_ROWS_MAXIMUM;
    *lanes = (struct sw_lanes){0};
    lanes->lane_of_row = sw_alloc(rows, sizeof *lanes->lane_of_row, error);
    lanes->cell_of_lane = sw_alloc(rows, sizeof *lanes->cell_of_lane, error);
    lanes->lanes = aligned_alloc(64, rows * sizeof *lanes->lanes);
    if (!lanes->lanes) return sw_fail(error, SW_SYSTEM, "out of memory");
    return lanes->lane_of_row && lanes->cell_of_lane;
}

void sw_lanes_free(struct sw_lanes *lanes)
{
    free(lanes->lanes);
    free(lanes->lane_of_row);
    free(lanes->cell_of_lane);
    free(lanes->lane_of_cell);
    *lanes = (struct sw_lanes){0};
}

static bool reserve_cells(struct sw_lanes *lanes, size_t cells, struct sw_error *error)
{
    size_t had = lanes->cell_capacity;
    if (!sw_grow(&lanes->lane_of_cell, &lanes->cell_capacity, cells, sizeof *lanes->lane_of_cell,
                 error))
        return false;
    if (lanes->cell_capacity > had)
        memset(lanes->lane_of_cell + had, 0,
               (lanes->cell_capacity - had) * sizeof *lanes->lane_of_cell);
    return true;
}

bool sw_lanes_assign(struct sw_lanes *lanes, const uint32_t *cells, size_t cell_limit, size_t rows,
                     struct sw_error *error)
{
    static const struct sw_lane empty = {.least = {INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX}};
    int shift = lanes->shift;
    if (!reserve_cells(lanes, cell_limit << shift, error)) return false;
    lanes->count = 0;
    for (size_t row = 0; row < rows; row++) {
        size_t turn = row & ((1u << shift) - 1);
        uint32_t *lane = &lanes->lane_of_cell[((size_t)cells[row] << shift) + turn];
        if (*lane == 0) {
            lanes->cell_of_lane[lanes->count] = cells[row];
            lanes->lanes[lanes->count] = empty;
            *lane = (uint32_t)++lanes->count;
        }
        lanes->lane_of_row[row] = *lane - 1;
    }
    return true;
}

/* A lane waits for the row before to be written to it. Where cells are few, and rows meet in them
 * all the time, each therefore gets several lanes, which neighbours take in turns. */
static int next_shift(const struct sw_lanes *lanes)
{
    enum { FEW = 16, TURNS_SHIFT = 2 };
    return lanes->count >> lanes->shift <= FEW ? TURNS_SHIFT : 0;
}

void sw_lanes_reset(struct sw_lanes *lanes)
{
    size_t turns = (size_t)1 << lanes->shift;
    for (size_t i = 0; i < lanes->count; i++)
        memset(&lanes->lane_of_cell[(size_t)lanes->cell_of_lane[i] << lanes->shift], 0,
               turns * sizeof *lanes->lane_of_cell);
    lanes->shift = next_shift(lanes);
    lanes->count = 0;
}

#define ALWAYS_INLINE static inline __attribute__((always_inline))

/* Four numbers, which the compiler keeps in what registers the CPU has. */
typedef int64_t four __attribute__((vector_size(32)));
typedef uint64_t unsigned_four __attribute__((vector_size(32)));
enum { FOUR = SW_LANE_ROWS_LEAST, VECTORS = (SW_LANE_SUMS + SW_LANE_EXTREMES) / FOUR };

/* A row as a lane's vectors, or four of them as its columns: rows[vector][row]. */
struct rows {
    four of[VECTORS][FOUR];
};

ALWAYS_INLINE four *column_of(struct rows *rows, int which)
{
    return &rows->of[which / FOUR][which % FOUR];
}

ALWAYS_INLINE void load(struct rows *rows, int which, const int64_t *from)
{
    memcpy(column_of(rows, which), from, sizeof(four));
}

ALWAYS_INLINE void load_complement(struct rows *rows, int which, const int64_t *from)
{
    load(rows, which, from);
    *column_of(rows, which) = ~*column_of(rows, which);
}

/* The numbers, moved so that none is negative, in halves. */
ALWAYS_INLINE void load_halves(struct rows *rows, int low, int high, const int64_t *from)
{
    unsigned_four moved;
    memcpy(&moved, from, sizeof moved);
    moved ^= UINT64_C(1) << 63;
    *column_of(rows, low) = (four)(moved & UINT32_MAX);
    *column_of(rows, high) = (four)(moved >> 32);
}

ALWAYS_INLINE void load_squares(struct rows *rows)
{
    const four quantity = *column_of(rows, SW_LANE_QUANTITY);
    unsigned_four squares = (unsigned_four)(quantity * quantity);
    *column_of(rows, SW_LANE_SQUARES_LOW) = (four)(squares & UINT32_MAX);
    *column_of(rows, SW_LANE_SQUARES_HIGH) = (four)(squares >> 32);
}

/* Four columns of four rows become four rows of four columns. */
ALWAYS_INLINE void transpose(four *of)
{
    four even01 = __builtin_shufflevector(of[0], of[1], 0, 4, 2, 6);
    four odd01 = __builtin_shufflevector(of[0], of[1], 1, 5, 3, 7);
    four even23 = __builtin_shufflevector(of[2], of[3], 0, 4, 2, 6);
    four odd23 = __builtin_shufflevector(of[2], of[3], 1, 5, 3, 7);
    of[0] = __builtin_shufflevector(even01, even23, 0, 1, 4, 5);
    of[1] = __builtin_shufflevector(odd01, odd23, 0, 1, 4, 5);
    of[2] = __builtin_shufflevector(even01, even23, 2, 3, 6, 7);
    of[3] = __builtin_shufflevector(odd01, odd23, 2, 3, 6, 7);
}

/* What lanes take of the four rows from `at` on. */
ALWAYS_INLINE void load_rows(struct rows *rows, const struct sw_lane_columns *columns, size_t at)
{
    *column_of(rows, SW_LANE_ROWS) = (four){1, 1, 1, 1};
    *column_of(rows, SW_LANE_SPARE) = (four){0, 0, 0, 0};
    load(rows, SW_LANE_FILLS, columns->fills + at);
    load(rows, SW_LANE_QUANTITY, columns->quantity + at);
    load(rows, SW_LANE_MATCHED, columns->matched + at);
    load(rows, SW_LANE_PRICE, columns->price + at);
    load_halves(rows, SW_LANE_RATIO_LOW, SW_LANE_RATIO_HIGH, columns->ratio + at);
    load_halves(rows, SW_LANE_VALUE_LOW, SW_LANE_VALUE_HIGH, columns->value + at);
    load_squares(rows);
    load(rows, SW_LANE_SUMS + SW_LANE_PRICE_LEAST, columns->price_least + at);
    load_complement(rows, SW_LANE_SUMS + SW_LANE_PRICE_MOST, columns->price_most + at);
    load(rows, SW_LANE_SUMS + SW_LANE_TIME_LEAST, columns->time_least + at);
    load_complement(rows, SW_LANE_SUMS + SW_LANE_TIME_MOST, columns->time_most + at);
    transpose(rows->of[0]);
    transpose(rows->of[1]);
    transpose(rows->of[2]);
    transpose(rows->of[3]);
}

ALWAYS_INLINE void add_row(struct sw_lane *lane, const struct rows *rows, size_t row)
{
    four *sums = (four *)(void *)lane->sums, *least = (four *)(void *)lane->least;
    four offered = rows->of[VECTORS - 1][row], less = offered < *least;
    for (int i = 0; i < VECTORS - 1; i++) sums[i] += rows->of[i][row];
    *least = (offered & less) | (*least & ~less);
}

/* The loop that the reports' speed hangs on: a row is loaded once and goes to a lane of each
 * target. The last four rows may have been seen in part, which are passed over. */
ALWAYS_INLINE void fill(const struct sw_lanes *lanes, size_t count,
                        const struct sw_lane_columns *columns)
{
    for (size_t next = 0; next < columns->rows; next += FOUR) {
        size_t at = next + FOUR <= columns->rows ? next : columns->rows - FOUR, seen = next - at;
        struct rows rows;
        load_rows(&rows, columns, at);
        for (size_t i = 0; i < count; i++) {
            const uint32_t *lane = lanes[i].lane_of_row + at;
            if (seen < 1) add_row(&lanes[i].lanes[lane[0]], &rows, 0);
            if (seen < 2) add_row(&lanes[i].lanes[lane[1]], &rows, 1);
            if (seen < 3) add_row(&lanes[i].lanes[lane[2]], &rows, 2);
            add_row(&lanes[i].lanes[lane[3]], &rows, 3);
        }
    }
}

/* The same, compiled once for each number of targets. */
ALWAYS_INLINE void fill_any(const struct sw_lanes *lanes, size_t count,
                            const struct sw_lane_columns *columns)
{
    if (count == 1)
        fill(lanes, 1, columns);
    else if (count == 2)
        fill(lanes, 2, columns);
    else
        fill(lanes, 3, columns);
}

#if defined __x86_64__
__attribute__((target("avx2"))) static void fill_avx2(const struct sw_lanes *lanes, size_t count,
                                                      const struct sw_lane_columns *columns)
{
    fill_any(lanes, count, columns);
}
#endif

void sw_lanes_fill(const struct sw_lanes *lanes, size_t count,
                   const struct sw_lane_columns *columns)
{
#if defined __x86_64__
    if (__builtin_cpu_supports("avx2")) {
        fill_avx2(lanes, count, columns);
        return;
    }
#endif
    fill_any(lanes, count, columns);
}
