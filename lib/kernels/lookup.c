/* SPDX-License-Identifier: ISC */
#include "kernels/lookup.h"

#include <stdbool.h>
#include <string.h>

#include "base/bytes.h"
#include "kernels/cpu.h"

#if defined __x86_64__
#include <immintrin.h>
#endif

enum { FOUR = 4, EIGHT = 8, TOGETHER = 128 }; /* rows that are looked up together */

/* No loop here gathers: since gathers are kept from telling what was loaded before, one of eight takes as long on many CPUs as two dozen
 * loads, and on others it never took less than eight. */

/* ---- on any CPU ---- */

/* Two ids side by side, which are checked and stored as one. */
static inline uint64_t two(uint32_t first, uint32_t second)
{
    return (uint64_t)second << 32 | first;
}

/* Not 0 where one of the two is 0: it borrows from the bit that it lacks. */
static inline uint64_t has_none(uint64_t both)
{
    const uint64_t ones = UINT64_C(0x0000000100000001), upper = UINT64_C(0x8000000080000000);
    return (both - ones) & upper;
}

size_t sw_lookup_codes(const uint32_t *table, const uint32_t *codes, size_t rows, uint32_t *ids)
{
    size_t row = 0;
    for (; row + FOUR <= rows; row += FOUR) {
        const uint64_t first = two(table[codes[row]], table[codes[row + 1]]);
        const uint64_t second = two(table[codes[row + 2]], table[codes[row + 3]]);
        if (has_none(first) | has_none(second)) break;
        sw_store64(ids + row, first);
        sw_store64(ids + row + 2, second);
    }
    for (; row < rows && table[codes[row]] != 0; row++) ids[row] = table[codes[row]];
    return row;
}

size_t sw_lookup_numbers(const uint32_t *table, int64_t base, size_t size, const int64_t *numbers,
                         size_t rows, uint32_t *ids)
{
    size_t row = 0;
    for (; row + FOUR <= rows; row += FOUR) {
        const uint64_t at[FOUR] = {(uint64_t)numbers[row] - (uint64_t)base,
                                   (uint64_t)numbers[row + 1] - (uint64_t)base,
                                   (uint64_t)numbers[row + 2] - (uint64_t)base,
                                   (uint64_t)numbers[row + 3] - (uint64_t)base};
        if ((at[0] >= size) | (at[1] >= size) | (at[2] >= size) | (at[3] >= size)) break;
        const uint64_t first = two(table[at[0]], table[at[1]]);
        const uint64_t second = two(table[at[2]], table[at[3]]);
        if (has_none(first) | has_none(second)) break;
        sw_store64(ids + row, first);
        sw_store64(ids + row + 2, second);
    }
    for (; row < rows; row++) {
        uint64_t at = (uint64_t)numbers[row] - (uint64_t)base;
        if (at >= size || table[at] == 0) break;
        ids[row] = table[at];
    }
    return row;
}

size_t sw_lookup_pairs(const uint32_t *table, int shift, const uint32_t *a, const uint32_t *b,
                       size_t rows, uint32_t *ids)
{
    const uint64_t ones = UINT64_C(0x0000000100000001);
    size_t row = 0;
    for (; row + FOUR <= rows; row += FOUR) {
        const uint64_t first = two(table[(size_t)a[row] << shift | b[row]],
                                   table[(size_t)a[row + 1] << shift | b[row + 1]]);
        const uint64_t second = two(table[(size_t)a[row + 2] << shift | b[row + 2]],
                                    table[(size_t)a[row + 3] << shift | b[row + 3]]);
        if (has_none(first) | has_none(second)) break;
        sw_store64(ids + row, first - ones);
        sw_store64(ids + row + 2, second - ones);
    }
    for (; row < rows; row++) {
        uint32_t id_and_one = table[(size_t)a[row] << shift | b[row]];
        if (id_and_one == 0) break;
        ids[row] = id_and_one - 1;
    }
    return row;
}

void sw_lookup_values(const uint32_t *table, const uint32_t *codes, size_t rows, uint32_t *values)
{
    size_t row = 0;
    for (; row + FOUR <= rows; row += FOUR) {
        const uint64_t first = two(table[codes[row]], table[codes[row + 1]]);
        const uint64_t second = two(table[codes[row + 2]], table[codes[row + 3]]);
        sw_store64(values + row, first);
        sw_store64(values + row + 2, second);
    }
    for (; row < rows; row++) values[row] = table[codes[row]];
}

void sw_lookup_same(uint32_t value, size_t rows, uint32_t *values)
{
    typedef uint32_t four __attribute__((vector_size(16)));
    const four same = {value, value, value, value};
    size_t row = 0;
    for (; row + 4 <= rows; row += 4) memcpy(values + row, &same, sizeof same);
    for (; row < rows; row++) values[row] = value;
}

/* Most bits are set already: not writing those spares the next row the wait for it. */
static void lookup_mark_portable(uint64_t *bits, int shift, const uint32_t *owner,
                                 const uint32_t *member, size_t rows)
{
    for (size_t row = 0; row < rows; row++) {
        uint64_t *word = &bits[((size_t)owner[row] << shift) + member[row] / 64];
        uint64_t bit = (uint64_t)1 << member[row] % 64;
        if (!(*word & bit)) *word |= bit;
    }
}

/* ---- eight rows at a time ---- */

#if defined __x86_64__
SW_TARGET_AVX2 static inline __m256i load(const uint32_t *from)
{
    return _mm256_loadu_si256((const __m256i *)(const void *)from);
}

SW_TARGET_AVX2 static inline void store(uint32_t *to, __m256i values)
{
    _mm256_storeu_si256((__m256i *)(void *)to, values);
}

/* Sets the bits of the eights among the rows, and says how many rows these are. On this little-endian CPU half a word is one of 32 bits.
 * Where they are is worked out for many rows together, and read back: taking numbers out of a vector one by one costs more. */
SW_TARGET_AVX2 static size_t mark_avx2(uint64_t *bits, int shift, const uint32_t *owner,
                                       const uint32_t *member, size_t rows)
{
    unsigned char *halves = (unsigned char *)bits;
    const __m128i by = _mm_cvtsi32_si128(shift + 1);
    uint32_t places[TOGETHER];
    size_t row = 0;
    for (size_t part; row + EIGHT <= rows; row += part) {
        part = rows - row < TOGETHER ? (rows - row) / EIGHT * EIGHT : TOGETHER;
        for (size_t i = 0; i < part; i += EIGHT)
            store(places + i, _mm256_add_epi32(_mm256_sll_epi32(load(owner + row + i), by),
                                               _mm256_srli_epi32(load(member + row + i), 5)));
        for (size_t i = 0; i < part; i += EIGHT) {
            uint32_t all = 1;
#pragma GCC unroll 8
            for (size_t k = i; k < i + EIGHT; k++)
                all &= sw_load32(halves + sizeof *places * places[k]) >> member[row + k] % 32;
            if (!all) lookup_mark_portable(bits, shift, owner + row + i, member + row + i, EIGHT);
        }
    }
    return row;
}

#else

#define mark_avx2(...) 0

#endif

/* ---- either ---- */

void sw_lookup_mark(uint64_t *bits, int shift, const uint32_t *owner, const uint32_t *member,
                    size_t rows)
{
    const size_t done = sw_cpu_has(SW_CPU_AVX2) ? mark_avx2(bits, shift, owner, member, rows) : 0;
    lookup_mark_portable(bits, shift, owner + done, member + done, rows - done);
}
