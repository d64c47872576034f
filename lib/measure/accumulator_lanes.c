/* SPDX-License-Identifier: ISC */
#include "measure/accumulator_lanes.h"

#include <stdlib.h>

#include "base/memory.h"
#include "kernels/cpu.h"

bool sw_lanes_init(struct sw_lanes *lanes, struct sw_error *error)
{
    const size_t rows = SW_BLOCK_ROWS_MAXIMUM;
    *lanes = (struct sw_lanes){0};
    lanes->space = sw_alloc_unset(rows, sizeof *lanes->space, error);
    lanes->cell_of_lane = sw_alloc_unset(rows, sizeof *lanes->cell_of_lane, error);
    lanes->lanes = aligned_alloc(64, rows * sizeof *lanes->lanes);
    if (!lanes->lanes) return sw_fail(error, SW_SYSTEM, "out of memory");
    return lanes->space && lanes->cell_of_lane;
}

void sw_lanes_free(struct sw_lanes *lanes)
{
    free(lanes->lanes);
    free(lanes->space);
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

static const struct sw_lane empty = {.least = {INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX}};

void sw_lane_empty(struct sw_lane *lane)
{
    *lane = empty;
}

/* All of them are empty from here on, at the end of each block. */
static void make_ready(struct sw_lanes *lanes, size_t count)
{
    for (; lanes->ready < count; lanes->ready++) lanes->lanes[lanes->ready] = empty;
}

/* The cells' numbers with those of the rows' turns behind them. */
static void take_turns(struct sw_lanes *lanes, const uint32_t *cells, size_t rows)
{
    typedef uint32_t eight __attribute__((vector_size(32)));
    const uint32_t last = (1u << lanes->shift) - 1;
    const eight turns = (eight){0, 1, 2, 3, 4, 5, 6, 7} & last;
    size_t row = 0;
    for (eight numbers; row + 8 <= rows; row += 8) {
        memcpy(&numbers, cells + row, sizeof numbers);
        numbers = numbers << lanes->shift | turns;
        memcpy(lanes->space + row, &numbers, sizeof numbers);
    }
    for (; row < rows; row++)
        lanes->space[row] = cells[row] << lanes->shift | ((uint32_t)row & last);
}

/* Lanes for all cells there are, of which none is looked up. */
static void assign_all(struct sw_lanes *lanes, const uint32_t *cells, size_t count, size_t rows)
{
    if (lanes->shift) take_turns(lanes, cells, rows);
    lanes->lane_of_row = lanes->shift ? lanes->space : cells;
    lanes->count = count;
    make_ready(lanes, count);
}

static bool assign_met(struct sw_lanes *lanes, const uint32_t *cells, size_t cell_limit,
                       size_t rows, struct sw_error *error)
{
    int shift = lanes->shift;
    if (!reserve_cells(lanes, cell_limit << shift, error)) return false;
    lanes->count = 0;
    for (size_t row = 0; row < rows; row++) {
        size_t turn = row & ((1u << shift) - 1);
        uint32_t *lane = &lanes->lane_of_cell[((size_t)cells[row] << shift) + turn];
        if (*lane == 0) {
            lanes->cell_of_lane[lanes->count] = cells[row];
            *lane = (uint32_t)++lanes->count;
        }
        lanes->space[row] = *lane - 1;
    }
    lanes->lane_of_row = lanes->space;
    make_ready(lanes, lanes->count);
    return true;
}

bool sw_lanes_assign(struct sw_lanes *lanes, const uint32_t *cells, size_t cell_limit, size_t rows,
                     struct sw_error *error)
{
    enum { ROWS_A_LANE = 8 };
    lanes->direct = cell_limit << lanes->shift <= rows / ROWS_A_LANE;
    if (!lanes->direct) return assign_met(lanes, cells, cell_limit, rows, error);
    assign_all(lanes, cells, cell_limit << lanes->shift, rows);
    return true;
}

/* A lane waits for the row before to be written to it. Where cells are few, and rows meet in them
 * all the time, each therefore gets several lanes, which neighbours take in turns. */
static int next_shift(const struct sw_lanes *lanes, size_t used)
{
    enum { FEW = 16, TURNS_SHIFT = 2 };
    return used >> lanes->shift <= FEW ? TURNS_SHIFT : 0;
}

void sw_lanes_reset(struct sw_lanes *lanes, size_t used)
{
    size_t turns = (size_t)1 << lanes->shift;
    for (size_t i = 0; !lanes->direct && i < lanes->count; i++)
        memset(&lanes->lane_of_cell[(size_t)lanes->cell_of_lane[i] << lanes->shift], 0,
               turns * sizeof *lanes->lane_of_cell);
    lanes->shift = next_shift(lanes, used);
    lanes->count = 0;
}

#define ALWAYS_INLINE static inline __attribute__((always_inline))

/* Four numbers, which the compiler keeps in what registers the CPU has. */
typedef int64_t four __attribute__((vector_size(32)));
typedef uint64_t unsigned_four __attribute__((vector_size(32)));
enum {
    FOUR = SW_LANE_ROWS_LEAST,
    COMPACT_VECTORS = SW_LANE_COMPACT / FOUR,
    SUM_VECTORS = SW_LANE_SUMS / FOUR,
    VECTORS, /* that of the extremes is the last */
};

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

ALWAYS_INLINE void load_whole(struct rows *rows, const struct sw_lane_columns *columns, size_t at)
{
    const four quantity = *column_of(rows, SW_LANE_QUANTITY);
    *column_of(rows, SW_LANE_SQUARES) = quantity * quantity;
    load(rows, SW_LANE_VALUE, columns->value + at);
}

ALWAYS_INLINE void load_cut(struct rows *rows, const struct sw_lane_columns *columns, size_t at)
{
    *column_of(rows, SW_LANE_ROWS) = (four){1, 1, 1, 1};
    *column_of(rows, SW_LANE_SPARE) = (four){0, 0, 0, 0};
    load_halves(rows, SW_LANE_VALUE_LOW, SW_LANE_VALUE_HIGH, columns->value + at);
    load_squares(rows);
    transpose(rows->of[COMPACT_VECTORS]);
}

/* What lanes take of the four rows from `at` on. */
ALWAYS_INLINE void load_rows(struct rows *rows, bool compact, const struct sw_lane_columns *columns,
                             size_t at)
{
    load(rows, SW_LANE_FILLS, columns->fills + at);
    load(rows, SW_LANE_QUANTITY, columns->quantity + at);
    load(rows, SW_LANE_MATCHED, columns->matched + at);
    load(rows, SW_LANE_PRICE, columns->price + at);
    load_halves(rows, SW_LANE_RATIO_LOW, SW_LANE_RATIO_HIGH, columns->ratio + at);
    if (compact)
        load_whole(rows, columns, at);
    else
        load_cut(rows, columns, at);
    load(rows, SW_LANE_SUMS + SW_LANE_PRICE_LEAST, columns->price_least + at);
    load_complement(rows, SW_LANE_SUMS + SW_LANE_PRICE_MOST, columns->price_most + at);
    load(rows, SW_LANE_SUMS + SW_LANE_TIME_LEAST, columns->time_least + at);
    load_complement(rows, SW_LANE_SUMS + SW_LANE_TIME_MOST, columns->time_most + at);
    for (int i = 0; i < COMPACT_VECTORS; i++) transpose(rows->of[i]);
    transpose(rows->of[SUM_VECTORS]);
}

ALWAYS_INLINE void add_row(struct sw_lane *lane, bool compact, const struct rows *rows, size_t row)
{
    four *sums = (four *)(void *)lane->sums;
    const four offered = rows->of[SUM_VECTORS][row], held = *(four *)(void *)lane->least;
    for (int i = 0; i < (compact ? COMPACT_VECTORS : SUM_VECTORS); i++) sums[i] += rows->of[i][row];
    for (int i = 0; i < SW_LANE_EXTREMES; i++)
        lane->least[i] = offered[i] < held[i] ? offered[i] : held[i];
}

/* Four neighbouring rows, but for the first `seen` of them, into a lane of each target. */
ALWAYS_INLINE void add_rows(const struct sw_lanes *lanes, size_t count, bool compact,
                            const struct rows *rows, size_t at, size_t seen)
{
#pragma GCC unroll 3
    for (size_t i = 0; i < count; i++) {
        const uint32_t *lane = lanes[i].lane_of_row + at;
        if (seen < 1) add_row(&lanes[i].lanes[lane[0]], compact, rows, 0);
        if (seen < 2) add_row(&lanes[i].lanes[lane[1]], compact, rows, 1);
        if (seen < 3) add_row(&lanes[i].lanes[lane[2]], compact, rows, 2);
        add_row(&lanes[i].lanes[lane[3]], compact, rows, 3);
    }
}

/* The last rows, fewer than four, with some before them that have been seen. */
static void fill_rest(const struct sw_lanes *lanes, size_t count,
                      const struct sw_lane_columns *columns)
{
    const size_t rest = columns->rows % FOUR, at = columns->rows - FOUR;
    struct rows rows;
    load_rows(&rows, columns->compact, columns, at);
    add_rows(lanes, count, columns->compact, &rows, at, FOUR - rest);
}

/* The loop that the reports' speed hangs on: a row is loaded once and goes to a lane of each
 * target. */
ALWAYS_INLINE void fill(const struct sw_lanes *targets, size_t count, bool compact,
                        const struct sw_lane_columns *columns)
{
    struct sw_lanes lanes[3];
    for (size_t i = 0; i < count; i++) lanes[i] = targets[i];
    for (size_t at = 0; at + FOUR <= columns->rows; at += FOUR) {
        struct rows rows;
        load_rows(&rows, compact, columns, at);
        add_rows(lanes, count, compact, &rows, at, 0);
    }
}

/* The same, compiled once for each number of targets and kind of lanes. */
ALWAYS_INLINE void fill_any(const struct sw_lanes *lanes, size_t count,
                            const struct sw_lane_columns *columns)
{
    if (count == 1)
        columns->compact ? fill(lanes, 1, true, columns) : fill(lanes, 1, false, columns);
    else if (count == 2)
        columns->compact ? fill(lanes, 2, true, columns) : fill(lanes, 2, false, columns);
    else
        columns->compact ? fill(lanes, 3, true, columns) : fill(lanes, 3, false, columns);
}

#if defined __x86_64__
SW_TARGET_AVX2 static void fill_avx2(const struct sw_lanes *lanes, size_t count,
                                     const struct sw_lane_columns *columns)
{
    fill_any(lanes, count, columns);
}

/* It keeps the rows in twice as many registers, and has the lesser of two numbers in one instruction. */
SW_TARGET_AVX512 static void fill_avx512(const struct sw_lanes *lanes, size_t count,
                                         const struct sw_lane_columns *columns)
{
    fill_any(lanes, count, columns);
}
#endif

void sw_lanes_fill(const struct sw_lanes *lanes, size_t count,
                   const struct sw_lane_columns *columns)
{
    if (columns->rows % FOUR) fill_rest(lanes, count, columns);
#if defined __x86_64__
    if (sw_cpu_has(SW_CPU_AVX512)) {
        fill_avx512(lanes, count, columns);
        return;
    }
    if (sw_cpu_has(SW_CPU_AVX2)) {
        fill_avx2(lanes, count, columns);
        return;
    }
#endif
    fill_any(lanes, count, columns);
}
