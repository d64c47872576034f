/* SPDX-License-Identifier: ISC */
#include "measure/cell_sums.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "kernels/narrow.h"

/* A number waits for the row before to be written to it, so neighbours of one cell take turns. */
enum { TURNS = 4, ROWS_A_CELL = 16 };

/* Below it in size 64 bits hold the sum of a block. */
static const int64_t limit = INT64_C(1) << 46;

bool sw_cell_sums_pay(size_t rows, size_t cell_limit)
{
    return cell_limit <= rows / ROWS_A_CELL;
}

/* Brings the turns of each cell together. */
static void join_turns(const struct sw_cell_sums *sums, int64_t *to)
{
    for (size_t cell = 0; cell < sums->cell_limit; cell++) {
        const int64_t *turns = &sums->turns[cell * TURNS];
        to[cell] = turns[0] + turns[1] + turns[2] + turns[3];
    }
}

static void clear_turns(const struct sw_cell_sums *sums)
{
    memset(sums->turns, 0, sums->cell_limit * TURNS * sizeof *sums->turns);
}

bool sw_cell_sums_begin(struct sw_cell_sums *sums, const uint32_t *cells, size_t cell_limit,
                        size_t rows, struct sw_error *error)
{
    *sums = (struct sw_cell_sums){.cells = cells, .rows = rows, .cell_limit = cell_limit};
    sums->counts = sw_alloc(cell_limit, sizeof *sums->counts, error);
    sums->sums = sw_alloc(cell_limit, sizeof *sums->sums, error);
    sums->turns = sw_alloc(cell_limit, TURNS * sizeof *sums->turns, error);
    if (!sums->counts || !sums->sums || !sums->turns) return false;
    int64_t *turns = sums->turns;
    for (size_t row = 0; row < rows; row++) turns[(size_t)cells[row] * TURNS + row % TURNS]++;
    join_turns(sums, (int64_t *)sums->counts);
    return true;
}

bool sw_cell_sums_of(struct sw_cell_sums *sums, const int64_t *values)
{
    int64_t least, most, *turns = sums->turns;
    const uint32_t *cells = sums->cells;
    sw_narrow_bounds(values, sums->rows, &least, &most);
    if (least <= -limit || most >= limit) return false;
    clear_turns(sums);
    for (size_t row = 0; row < sums->rows; row++)
        turns[(size_t)cells[row] * TURNS + row % TURNS] += values[row];
    join_turns(sums, sums->sums);
    return true;
}

void sw_cell_sums_free(struct sw_cell_sums *sums)
{
    free(sums->counts);
    free(sums->sums);
    free(sums->turns);
    *sums = (struct sw_cell_sums){0};
}
