/* SPDX-License-Identifier: ISC
 *
 * The loops of kernels/amounts.h (tests/amounts.bats), those of every level that this CPU has and the
 * portable ones, against 128-bit arithmetic. Ratios near a half of the last place are the
 * hard ones: quantities that are 2^k × 5^18 or factors of it make them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/amounts.h"
#include "kernels/cpu.h"

enum { ROWS = SW_AMOUNT_SLICE };

static uint64_t state = 88172645463325252;

static uint64_t random64(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    return state ^= state << 17;
}

static void fail(const char *what, int64_t matched, int64_t quantity)
{
    printf("%s: %lld of %lld\n", what, (long long)matched, (long long)quantity);
    exit(1);
}

/* By the definition: once, half away from zero. */
static int64_t ratio(int64_t matched, int64_t quantity)
{
    const __int128 one = (__int128)1000000000 * 1000000000;
    return quantity ? (int64_t)((2 * matched * one + quantity) / (2 * (__int128)quantity)) : 0;
}

/* A quantity below 2^bits, of a kind. */
static int64_t quantity_of(int kind, int bits)
{
    static const int64_t halves[] = {1, 1 << 10, 1 << 19, 1 << 30, 1 << 20, 390625, 1953125};
    int64_t most = (INT64_C(1) << bits) - 1;
    switch (kind) {
    case 0:
        return (int64_t)(random64() >> (64 - bits));
    case 1:
        return most - (int64_t)(random64() % 100);
    case 2:
        return halves[random64() % (sizeof halves / sizeof *halves)];
    case 3:
        return (int64_t)(random64() % 10);
    default:
        return (int64_t)(random64() >> (64 - 1 - random64() % (unsigned)bits));
    }
}

static int64_t part_of(int64_t quantity)
{
    uint64_t draw = random64();
    if (quantity == 0) return draw % 2 ? 0 : (int64_t)(draw >> 1);
    if (draw % 8 == 0) return quantity;
    if (draw % 8 == 1) return 0;
    if (draw % 8 == 2) return quantity - 1;
    if (draw % 8 == 3) return quantity / 2;
    return (int64_t)((draw >> 8) % (uint64_t)(quantity + 1));
}

static void try_ratios(const struct sw_amounts *amounts, size_t rows, int kind, int bits)
{
    int64_t matched[ROWS] = {0}, quantities[ROWS] = {0}, ratios[ROWS];
    for (size_t row = 0; row < rows; row++) {
        quantities[row] = quantity_of(kind, bits);
        matched[row] = part_of(quantities[row]);
    }
    if (!amounts->ratios(matched, quantities, rows, ratios)) fail("unusual", 0, 0);
    for (size_t row = 0; row < rows; row++)
        if (ratios[row] != ratio(matched[row], quantities[row]))
            fail("ratio", matched[row], quantities[row]);
}

/* One row of them that is not usual. */
static void try_unusual(const struct sw_amounts *amounts, size_t rows)
{
    static const int64_t pairs[][2] = {
        {-1, 5}, {6, 5}, {1, -1}, {0, -1}, {1, INT64_C(1) << 33}, {INT64_MAX, INT64_MAX}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        int64_t matched[ROWS] = {0}, quantities[ROWS] = {0}, ratios[ROWS];
        size_t at = random64() % rows;
        for (size_t row = 0; row < rows; row++) matched[row] = quantities[row] = (int64_t)row;
        matched[at] = pairs[i][0];
        quantities[at] = pairs[i][1];
        if (amounts->ratios(matched, quantities, rows, ratios))
            fail("usual", pairs[i][0], pairs[i][1]);
    }
}

static void try_places(const struct sw_amounts *amounts, size_t rows)
{
    static const int64_t bounds[SW_AMOUNT_BOUNDS] = {-5, 0, 1000, INT64_MAX - 1};
    static const int64_t near[] = {-6,        -5,       -4, 0, 1, 999, 1000, 1001, INT64_MAX - 1,
                                   INT64_MAX, INT64_MIN};
    enum { NEAR = sizeof near / sizeof *near };
    int64_t quantities[ROWS] = {0}, matched[ROWS] = {0};
    uint32_t places[ROWS] = {0}, fills[ROWS];
    for (size_t row = 0; row < rows; row++) {
        quantities[row] = near[random64() % NEAR];
        matched[row] = random64() % 2 ? quantities[row] : near[random64() % NEAR];
    }
    amounts->sizes(bounds, quantities, rows, places);
    amounts->fills(matched, quantities, rows, fills);
    for (size_t row = 0; row < rows; row++) {
        uint32_t place = 0;
        uint32_t fill = matched[row] == quantities[row] ? SW_AMOUNT_FULL : SW_AMOUNT_PARTIAL;
        while (place < SW_AMOUNT_BOUNDS && quantities[row] > bounds[place]) place++;
        if (places[row] != place) fail("size", quantities[row], 0);
        if (fills[row] != (matched[row] ? fill : SW_AMOUNT_NONE))
            fail("fill", matched[row], quantities[row]);
    }
}

/* What was matched and is left are usual, but for one of a row where `odd` is one. */
static void try_asked(const struct sw_amounts *amounts, size_t rows, int64_t odd)
{
    int64_t columns[3][ROWS], asked[ROWS] = {0};
    bool usual = odd >= 0 && odd < INT64_C(1) << 62;
    for (size_t row = 0; row < rows; row++) {
        columns[0][row] = random64() % 8 ? quantity_of(4, 33) : (int64_t)random64();
        columns[1][row] = quantity_of((int)(random64() % 5), 62);
        columns[2][row] = random64() % 2 ? 0 : quantity_of((int)(random64() % 5), 62);
    }
    columns[1 + random64() % 2][random64() % rows] = odd;
    if (amounts->asked(columns[0], columns[1], columns[2], rows, asked) != usual)
        fail("asked", odd, 0);
    for (size_t row = 0; usual && row < rows; row++) {
        __int128 both = (__int128)columns[1][row] + columns[2][row];
        if (asked[row] != (columns[0][row] > both ? columns[0][row] : both))
            fail("asked", columns[1][row], columns[0][row]);
    }
}

/* Factors of all sizes, most of them small, so that the first product past 64 bits is anywhere. */
static int64_t factor(void)
{
    static const int64_t ends[] = {
        INT64_MIN, INT32_MIN, INT32_MIN - INT64_C(1), -1,         0,
        1,         INT32_MAX, INT32_MAX + INT64_C(1), UINT32_MAX, INT64_MAX};
    uint64_t draw = random64();
    if (draw % 32 == 0) return ends[random64() % (sizeof ends / sizeof *ends)];
    int64_t number = (int64_t)(random64() >> (33 + random64() % 30));
    return draw & 64 ? number : -number;
}

static void try_values(const struct sw_amounts *amounts, size_t rows)
{
    int64_t prices[ROWS] = {0}, quantities[ROWS] = {0}, values[ROWS];
    size_t fit = 0;
    for (size_t row = 0; row < rows; row++) {
        prices[row] = factor();
        quantities[row] = factor();
    }
    for (; fit < rows; fit++) {
        __int128 product = (__int128)prices[fit] * quantities[fit];
        if (product != (int64_t)product) break;
    }
    if (amounts->values(prices, quantities, rows, values) != fit) fail("values", 0, (int64_t)rows);
    for (size_t row = 0; row < fit; row++)
        if (values[row] != prices[row] * quantities[row])
            fail("value", prices[row], quantities[row]);
}

int main(void)
{
    for (int level = 0; level < SW_CPU_LEVELS; level++) {
        sw_cpu_ceiling = (enum sw_cpu_level)level;
        const struct sw_amounts *amounts = sw_amounts_best();
        if (level && !sw_cpu_has((enum sw_cpu_level)level)) continue;
        for (size_t rows = 1; rows <= ROWS; rows++) {
            for (int kind = 0; kind < 5; kind++)
                for (int bits = 31; bits <= 33; bits++) try_ratios(amounts, rows, kind, bits);
            try_unusual(amounts, rows);
            try_places(amounts, rows);
            try_asked(amounts, rows, 0);
            try_asked(amounts, rows, (INT64_C(1) << 62) - 1);
            try_asked(amounts, rows, INT64_C(1) << 62);
            try_asked(amounts, rows, -1);
            try_asked(amounts, rows, INT64_MIN);
            for (int round = 0; round < 20; round++) try_values(amounts, rows);
        }
    }
    return 0;
}
