/* SPDX-License-Identifier: ISC
 *
 * The loops of kernels/mask.h (tests/mask.bats): the best there are on this CPU and the portable
 * ones against the plainest way.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "expr/tree.h"
#include "kernels/cpu.h"
#include "kernels/mask.h"

enum { ROWS = 300 };

static uint64_t state = 88172645463325252;

static uint64_t random64(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    return state ^= state << 17;
}

static void require(bool good, const char *what, size_t rows)
{
    if (good) return;
    printf("%s, %zu rows\n", what, rows);
    exit(1);
}

static int64_t number(void)
{
    static const int64_t ends[] = {INT64_MIN, INT64_MIN + 1, -1, 0, 1, INT64_MAX - 1, INT64_MAX};
    uint64_t draw = random64();
    if (draw % 3 == 0) return ends[random64() % (sizeof ends / sizeof *ends)];
    return draw % 3 == 1 ? (int64_t)(random64() % 16) - 8 : (int64_t)random64();
}

static void try_range(const struct sw_mask *way, size_t rows)
{
    int64_t values[ROWS], low = number(), high = number();
    unsigned char mask[ROWS + 1];
    bool inverted = random64() % 2;
    if (low > high) high = low;
    for (size_t i = 0; i < rows; i++) values[i] = number();
    mask[rows] = 77;
    way->range(values, rows, (uint64_t)low, (uint64_t)high - (uint64_t)low, inverted, mask);
    for (size_t i = 0; i < rows; i++) {
        bool inside = values[i] >= low && values[i] <= high;
        require(mask[i] == (inside != inverted ? SW_TRUE : SW_FALSE), "range", rows);
    }
    require(mask[rows] == 77, "a truth behind the last", rows);
}

static void draw_mask(unsigned char *mask, size_t rows)
{
    uint64_t kind = random64() % 4; /* many, few, none, all */
    for (size_t i = 0; i < rows; i++) {
        unsigned char any = (unsigned char)(random64() % 3),
                      few = random64() % 40 ? SW_FALSE : SW_TRUE;
        mask[i] = kind == 0 ? any : kind == 1 ? few : kind == 2 ? SW_UNKNOWN : SW_TRUE;
    }
}

static void try_joints(const struct sw_mask *way, size_t rows)
{
    unsigned char first[ROWS], second[ROWS], lowered[ROWS], raised[ROWS];
    draw_mask(first, rows);
    draw_mask(second, rows);
    memcpy(lowered, first, rows);
    memcpy(raised, first, rows);
    way->lower(lowered, second, rows);
    way->raise(raised, second, rows);
    for (size_t i = 0; i < rows; i++) {
        bool less = first[i] < second[i];
        require(lowered[i] == (less ? first : second)[i], "lower", rows);
        require(raised[i] == (less ? second : first)[i], "raise", rows);
    }
}

/* The room is of exactly the size that is asked for. */
static void try_rows(const struct sw_mask *way, size_t rows)
{
    unsigned char mask[ROWS];
    uint32_t *found = malloc(rows * sizeof *found), first = (uint32_t)(random64() % 60000);
    size_t next = 0;
    draw_mask(mask, rows);
    require(found != NULL, "memory", rows);
    size_t count = way->rows(mask, rows, first, found);
    for (size_t i = 0; i < rows; i++)
        if (mask[i] == SW_TRUE) require(next < count && found[next++] == first + i, "row", rows);
    require(next == count, "rows", rows);
    free(found);
}

static void try_coded(const struct sw_mask *way, size_t rows)
{
    unsigned char mask[ROWS];
    uint32_t codes[ROWS], *found = malloc(rows * sizeof *found);
    size_t next = 0, distinct = 1 + random64() % rows;
    draw_mask(mask, distinct);
    for (size_t i = 0; i < rows; i++) codes[i] = (uint32_t)(random64() % distinct);
    require(found != NULL, "memory", rows);
    size_t count = way->coded(mask, codes, rows, found);
    for (size_t i = 0; i < rows; i++)
        if (mask[codes[i]] == SW_TRUE)
            require(next < count && found[next++] == i, "coded row", rows);
    require(next == count, "coded rows", rows);
    free(found);
}

int main(void)
{
    for (size_t way = 0; way < 2; way++) {
        sw_cpu_ceiling = way ? SW_CPU_AVX512 : SW_CPU_PORTABLE;
        const struct sw_mask *mask = sw_mask_best();
        for (size_t rows = 1; rows < ROWS; rows++)
            for (int again = 0; again < 20; again++) {
                try_range(mask, rows);
                try_joints(mask, rows);
                try_rows(mask, rows);
                try_coded(mask, rows);
            }
    }
    return 0;
}
