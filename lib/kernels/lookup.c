/* SPDX-License-Identifier: ISC */
#include "kernels/lookup.h"

#include <stdbool.h>
#include <string.h>

#include "kernels/cpu.h"

#if defined __x86_64__
#include <immintrin.h>
#endif

enum { EIGHT = 8 }; /* rows that a vector holds */

/* ---- on any CPU ---- */

size_t sw_lookup_codes_portable(const uint32_t *table, const uint32_t *codes, size_t rows,
                                uint32_t *ids)
{
    size_t row = 0;
    for (; row < rows && table[codes[row]] != 0; row++) ids[row] = table[codes[row]];
    return row;
}

size_t sw_lookup_numbers_portable(const uint32_t *table, int64_t base, size_t size,
                                  const int64_t *numbers, size_t rows, uint32_t *ids)
{
    size_t row = 0;
    for (; row < rows; row++) {
        uint64_t at = (uint64_t)numbers[row] - (uint64_t)base;
        if (at >= size || table[at] == 0) break;
        ids[row] = table[at];
    }
    return row;
}

size_t sw_lookup_pairs_portable(const uint32_t *table, int shift, const uint32_t *a,
                                const uint32_t *b, size_t rows, uint32_t *ids)
{
    size_t row = 0;
    for (; row < rows; row++) {
        uint32_t id_and_one = table[(size_t)a[row] << shift | b[row]];
        if (id_and_one == 0) break;
        ids[row] = id_and_one - 1;
    }
    return row;
}

void sw_lookup_values_portable(const uint32_t *table, const uint32_t *codes, size_t rows,
                               uint32_t *values)
{
    for (size_t row = 0; row < rows; row++) values[row] = table[codes[row]];
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
void sw_lookup_mark_portable(uint64_t *bits, int shift, const uint32_t *owner,
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

SW_TARGET_AVX2 static inline __m256i fetch(const uint32_t *table, __m256i places)
{
    return _mm256_i32gather_epi32((const int *)(const void *)table, places, sizeof *table);
}

SW_TARGET_AVX2 static inline bool any_zero(__m256i values)
{
    return _mm256_movemask_epi8(_mm256_cmpeq_epi32(values, _mm256_setzero_si256())) != 0;
}

/* Each stops before the eight rows that it cannot do as one, the last ones among them. */

SW_TARGET_AVX2 static size_t codes_avx2(const uint32_t *table, const uint32_t *codes, size_t rows,
                                        uint32_t *ids)
{
    size_t row = 0;
    for (; row + EIGHT <= rows; row += EIGHT) {
        __m256i found = fetch(table, load(codes + row));
        if (any_zero(found)) break;
        store(ids + row, found);
    }
    return row;
}

/* The ids of four numbers; 0 for those that are not in the table. */
SW_TARGET_AVX2 static inline __m128i four_ids(const uint32_t *table, __m256i base, __m256i size,
                                              const int64_t *numbers)
{
    const __m256i least = _mm256_set1_epi64x(INT64_MIN); /* makes a comparison one without signs */
    __m256i at = _mm256_sub_epi64(_mm256_loadu_si256((const __m256i *)(const void *)numbers), base);
    __m256i inside = _mm256_cmpgt_epi64(size, _mm256_xor_si256(at, least));
    __m128i mask = _mm256_castsi256_si128(
        _mm256_permutevar8x32_epi32(inside, _mm256_setr_epi32(0, 2, 4, 6, 0, 2, 4, 6)));
    return _mm256_mask_i64gather_epi32(_mm_setzero_si128(), (const int *)(const void *)table, at,
                                       mask, sizeof *table);
}

SW_TARGET_AVX2 static size_t numbers_avx2(const uint32_t *table, int64_t base, size_t size,
                                          const int64_t *numbers, size_t rows, uint32_t *ids)
{
    const __m256i bases = _mm256_set1_epi64x(base);
    const __m256i sizes = _mm256_set1_epi64x((int64_t)(size ^ (uint64_t)1 << 63));
    size_t row = 0;
    for (; row + EIGHT <= rows; row += EIGHT) {
        __m256i found = _mm256_set_m128i(four_ids(table, bases, sizes, numbers + row + 4),
                                         four_ids(table, bases, sizes, numbers + row));
        if (any_zero(found)) break;
        store(ids + row, found);
    }
    return row;
}

SW_TARGET_AVX512 static size_t numbers_avx512(const uint32_t *table, int64_t base, size_t size,
                                              const int64_t *numbers, size_t rows, uint32_t *ids)
{
    const __m512i bases = _mm512_set1_epi64(base), sizes = _mm512_set1_epi64((int64_t)size);
    size_t row = 0;
    for (; row + EIGHT <= rows; row += EIGHT) {
        __m512i at = _mm512_sub_epi64(_mm512_loadu_si512(numbers + row), bases);
        if (_mm512_cmpge_epu64_mask(at, sizes)) break;
        __m256i found = _mm512_i64gather_epi32(at, table, sizeof *table);
        if (any_zero(found)) break;
        store(ids + row, found);
    }
    return row;
}

SW_TARGET_AVX2 static size_t pairs_avx2(const uint32_t *table, int shift, const uint32_t *a,
                                        const uint32_t *b, size_t rows, uint32_t *ids)
{
    const __m128i by = _mm_cvtsi32_si128(shift);
    size_t row = 0;
    for (; row + EIGHT <= rows; row += EIGHT) {
        __m256i at = _mm256_or_si256(_mm256_sll_epi32(load(a + row), by), load(b + row));
        __m256i found = fetch(table, at);
        if (any_zero(found)) break;
        store(ids + row, _mm256_sub_epi32(found, _mm256_set1_epi32(1)));
    }
    return row;
}

SW_TARGET_AVX2 static size_t values_avx2(const uint32_t *table, const uint32_t *codes, size_t rows,
                                         uint32_t *values)
{
    size_t row = 0;
    for (; row + EIGHT <= rows; row += EIGHT) store(values + row, fetch(table, load(codes + row)));
    return row;
}

/* How many rows from the first on have their bits set, by eights. On this little-endian CPU half a
 * word is one of 32 bits. */
SW_TARGET_AVX2 static size_t marked_avx2(const uint64_t *bits, int shift, const uint32_t *owner,
                                         const uint32_t *member, size_t rows)
{
    const uint32_t *halves = (const uint32_t *)(const void *)bits;
    const __m128i by = _mm_cvtsi32_si128(shift + 1);
    size_t row = 0;
    for (; row + EIGHT <= rows; row += EIGHT) {
        __m256i members = load(member + row);
        __m256i at = _mm256_add_epi32(_mm256_sll_epi32(load(owner + row), by),
                                      _mm256_srli_epi32(members, 5));
        __m256i bit = _mm256_sllv_epi32(_mm256_set1_epi32(1),
                                        _mm256_and_si256(members, _mm256_set1_epi32(31)));
        if (!_mm256_testc_si256(fetch(halves, at), bit)) break;
    }
    return row;
}

#else

#define codes_avx2(...) 0
#define numbers_avx2(...) 0
#define numbers_avx512(...) 0
#define pairs_avx2(...) 0
#define values_avx2(...) 0
#define marked_avx2(...) 0

#endif

/* ---- either ---- */

size_t sw_lookup_codes(const uint32_t *table, const uint32_t *codes, size_t rows, uint32_t *ids)
{
    size_t row = sw_cpu_has(SW_CPU_AVX2) ? codes_avx2(table, codes, rows, ids) : 0;
    return row + sw_lookup_codes_portable(table, codes + row, rows - row, ids + row);
}

size_t sw_lookup_numbers(const uint32_t *table, int64_t base, size_t size, const int64_t *numbers,
                         size_t rows, uint32_t *ids)
{
    size_t row = sw_cpu_has(SW_CPU_AVX512) ? numbers_avx512(table, base, size, numbers, rows, ids)
                 : sw_cpu_has(SW_CPU_AVX2) ? numbers_avx2(table, base, size, numbers, rows, ids)
                                           : 0;
    return row +
           sw_lookup_numbers_portable(table, base, size, numbers + row, rows - row, ids + row);
}

size_t sw_lookup_pairs(const uint32_t *table, int shift, const uint32_t *a, const uint32_t *b,
                       size_t rows, uint32_t *ids)
{
    size_t row = sw_cpu_has(SW_CPU_AVX2) ? pairs_avx2(table, shift, a, b, rows, ids) : 0;
    return row + sw_lookup_pairs_portable(table, shift, a + row, b + row, rows - row, ids + row);
}

void sw_lookup_values(const uint32_t *table, const uint32_t *codes, size_t rows, uint32_t *values)
{
    size_t row = sw_cpu_has(SW_CPU_AVX2) ? values_avx2(table, codes, rows, values) : 0;
    sw_lookup_values_portable(table, codes + row, rows - row, values + row);
}

void sw_lookup_mark(uint64_t *bits, int shift, const uint32_t *owner, const uint32_t *member,
                    size_t rows)
{
    for (size_t row = 0, part = rows; row < rows; row += part) {
        if (sw_cpu_has(SW_CPU_AVX2)) {
            row += marked_avx2(bits, shift, owner + row, member + row, rows - row);
            part = rows - row < EIGHT ? rows - row : EIGHT;
        }
        sw_lookup_mark_portable(bits, shift, owner + row, member + row, part);
    }
}
