/* SPDX-License-Identifier: ISC
 *
 * The loops of kernels/lookup.h (tests/lookup.bats) against the plainest way, from any row on, with gaps in the tables and without.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/cpu.h"
#include "kernels/lookup.h"

enum { ROWS = 100, SHIFT = 4, FIRSTS = 32, TABLE = FIRSTS << SHIFT, UNTOUCHED = 77 };

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

/* In memory of its very size, so that a sanitizer sees what lies after it. */
static void *copy(const void *from, size_t size)
{
    void *to = calloc(size ? size : 1, 1);
    if (!to) exit(3);
    if (size) memcpy(to, from, size);
    return to;
}

static uint32_t table[TABLE];

static void draw_table(void)
{
    uint64_t gaps = random64() % 3; /* none, few, many */
    for (size_t i = 0; i < TABLE; i++) {
        bool gap = gaps && random64() % (gaps == 1 ? 60 : 3) == 0;
        table[i] = gap ? 0 : (uint32_t)random64() | 1;
    }
}

/* Whether ids[] are what `wanted` says: everything up to the first that is 0, nothing after it. */
static void check(const uint32_t *ids, size_t done, const uint32_t *wanted, size_t rows,
                  uint32_t less, const char *what)
{
    size_t row = 0;
    for (; row < rows && wanted[row] != 0; row++)
        require(ids[row] == wanted[row] - less, what, rows);
    require(done == row, what, rows);
    for (; row < rows; row++) require(ids[row] == UNTOUCHED, what, rows);
}

static void clear(uint32_t *ids, size_t rows)
{
    for (size_t i = 0; i < rows; i++) ids[i] = UNTOUCHED;
}

static void try_codes(size_t rows)
{
    uint32_t wanted[ROWS] = {0}, drawn[ROWS] = {0}, ids[ROWS] = {0};
    for (size_t i = 0; i < rows; i++) wanted[i] = table[drawn[i] = random64() % TABLE];
    uint32_t *codes = copy(drawn, rows * sizeof *drawn);
    clear(ids, rows);
    check(ids, sw_lookup_codes(table, codes, rows, ids), wanted, rows, 0, "codes");
    sw_lookup_values(table, codes, rows, ids);
    require(memcmp(ids, wanted, rows * sizeof *ids) == 0, "values", rows);
    clear(ids, ROWS);
    sw_lookup_same(7, rows, ids);
    for (size_t i = 0; i < ROWS; i++)
        require(ids[i] == (i < rows ? 7 : UNTOUCHED), "the same", rows);
    free(codes);
}

static int64_t draw_number(int64_t base)
{
    static const int64_t ends[] = {INT64_MIN, -1, 0, 1, INT64_MAX};
    if (random64() % 50 == 0) return ends[random64() % (sizeof ends / sizeof *ends)];
    int64_t outside = random64() % 50 == 0 ? (int64_t)TABLE : 0;
    return (int64_t)((uint64_t)base + random64() % TABLE + (uint64_t)outside);
}

static void try_numbers(size_t rows)
{
    static const int64_t bases[] = {INT64_MIN, INT64_MIN + 7, -3, 0, 110000, INT64_MAX - TABLE};
    int64_t base = bases[random64() % (sizeof bases / sizeof *bases)], drawn[ROWS];
    size_t size = random64() % 4 ? TABLE : random64() % TABLE;
    uint32_t wanted[ROWS] = {0}, ids[ROWS] = {0};
    for (size_t i = 0; i < rows; i++) {
        drawn[i] = draw_number(base);
        __int128 at = (__int128)drawn[i] - base;
        wanted[i] = at >= 0 && at < (__int128)size ? table[at] : 0;
    }
    int64_t *numbers = copy(drawn, rows * sizeof *drawn);
    clear(ids, rows);
    check(ids, sw_lookup_numbers(table, base, size, numbers, rows, ids), wanted, rows, 0,
          "numbers");
    free(numbers);
}

static void try_pairs(size_t rows)
{
    uint32_t wanted[ROWS] = {0}, a[ROWS] = {0}, b[ROWS] = {0}, ids[ROWS] = {0};
    for (size_t i = 0; i < rows; i++) {
        a[i] = random64() % FIRSTS;
        b[i] = random64() % (1 << SHIFT);
        wanted[i] = table[a[i] << SHIFT | b[i]];
    }
    clear(ids, rows);
    check(ids, sw_lookup_pairs(table, SHIFT, a, b, rows, ids), wanted, rows, 1, "pairs");
    size_t done = sw_lookup_pairs(table, SHIFT, a, b, rows, a);
    for (size_t i = 0; i < done; i++) require(a[i] == wanted[i] - 1, "pairs in place", rows);
}

static void try_marks(size_t rows)
{
    uint64_t wanted[64], best[64], portable[64];
    uint32_t owner[ROWS], member[ROWS];
    int shift = (int)(random64() % 3);
    uint64_t few = random64() % 2 ? UINT64_MAX : random64() & random64();
    for (size_t i = 0; i < 64; i++) wanted[i] = best[i] = portable[i] = few;
    for (size_t i = 0; i < rows; i++) {
        owner[i] = random64() % (64u >> shift);
        member[i] = random64() % (64u << shift);
        wanted[(owner[i] << shift) + member[i] / 64] |= (uint64_t)1 << member[i] % 64;
    }
    sw_lookup_mark(best, shift, owner, member, rows);
    require(memcmp(best, wanted, sizeof best) == 0, "marks", rows);
    const enum sw_cpu_level ceiling = sw_cpu_ceiling;
    sw_cpu_ceiling = SW_CPU_PORTABLE;
    sw_lookup_mark(portable, shift, owner, member, rows);
    sw_cpu_ceiling = ceiling;
    require(memcmp(portable, wanted, sizeof portable) == 0, "marks, portable", rows);
}

int main(void)
{
    for (int round = 0; round < 60; round++)
        for (size_t rows = 0; rows <= ROWS; rows++) {
            sw_cpu_ceiling = (enum sw_cpu_level)(round % SW_CPU_LEVELS);
            draw_table();
            try_codes(rows);
            try_numbers(rows);
            try_pairs(rows);
            try_marks(rows);
        }
    return 0;
}
