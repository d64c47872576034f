/* SPDX-License-Identifier: ISC */
#include "kernels/scatter.h"

#include "kernels/cpu.h"
#include "base/bytes.h"

/* Inlined into functions of a CPU that counts bits by an instruction, and of any. */
static inline __attribute__((always_inline)) size_t set_in(const unsigned char *bitmap,
                                                           size_t words)
{
    size_t set = 0;
    for (size_t word = 0; word < words; word++)
        set += (size_t)__builtin_popcountll(sw_load64(bitmap + 8 * word));
    return set;
}

static inline __attribute__((always_inline)) size_t rank_in(const unsigned char *bitmap,
                                                            size_t words, uint32_t *ranks)
{
    size_t set = 0;
    for (size_t word = 0; word < words; word++) {
        ranks[word] = (uint32_t)set;
        set += (size_t)__builtin_popcountll(sw_load64(bitmap + 8 * word));
    }
    return set;
}

/* Shifted twice, since by 64 at once is no shift. */
static inline __attribute__((always_inline)) void before_in(const unsigned char *bitmap,
                                                            const uint32_t *ranks,
                                                            const uint32_t *places, size_t count,
                                                            uint32_t *before)
{
    for (size_t i = 0; i < count; i++) {
        size_t word = places[i] / 64;
        uint64_t below = sw_load64(bitmap + 8 * word) << 1 << (63 - places[i] % 64);
        before[i] = ranks[word] + (uint32_t)__builtin_popcountll(below);
    }
}

#if defined __x86_64__

SW_TARGET_AVX2 static size_t set_popcnt(const unsigned char *bitmap, size_t words)
{
    return set_in(bitmap, words);
}

SW_TARGET_AVX2 static size_t rank_popcnt(const unsigned char *bitmap, size_t words, uint32_t *ranks)
{
    return rank_in(bitmap, words, ranks);
}

SW_TARGET_AVX2 static void before_popcnt(const unsigned char *bitmap, const uint32_t *ranks,
                                         const uint32_t *places, size_t count, uint32_t *before)
{
    before_in(bitmap, ranks, places, count, before);
}

void sw_bits_before(const unsigned char *bitmap, const uint32_t *ranks, const uint32_t *places,
                    size_t count, uint32_t *before)
{
    if (sw_cpu_has(SW_CPU_AVX2))
        before_popcnt(bitmap, ranks, places, count, before);
    else
        before_in(bitmap, ranks, places, count, before);
}

static size_t set_words(const unsigned char *bitmap, size_t words)
{
    return sw_cpu_has(SW_CPU_AVX2) ? set_popcnt(bitmap, words) : set_in(bitmap, words);
}

static size_t rank_words(const unsigned char *bitmap, size_t words, uint32_t *ranks)
{
    return sw_cpu_has(SW_CPU_AVX2) ? rank_popcnt(bitmap, words, ranks)
                                   : rank_in(bitmap, words, ranks);
}
#else
void sw_bits_before(const unsigned char *bitmap, const uint32_t *ranks, const uint32_t *places,
                    size_t count, uint32_t *before)
{
    before_in(bitmap, ranks, places, count, before);
}

static size_t set_words(const unsigned char *bitmap, size_t words)
{
    return set_in(bitmap, words);
}

static size_t rank_words(const unsigned char *bitmap, size_t words, uint32_t *ranks)
{
    return rank_in(bitmap, words, ranks);
}
#endif

size_t sw_bits_set(const unsigned char *bitmap, size_t count)
{
    size_t set = set_words(bitmap, (count + 63) / 64);
    if (count % 64 && sw_load64(bitmap + count / 64 * 8) >> count % 64) return SIZE_MAX;
    return set;
}

size_t sw_bits_rank(const unsigned char *bitmap, size_t count, uint32_t *ranks)
{
    size_t set = rank_words(bitmap, count / 64, ranks);
    if (count % 64) {
        uint64_t bits = sw_load64(bitmap + count / 64 * 8) << (64 - count % 64);
        ranks[count / 64] = (uint32_t)set;
        set += (size_t)__builtin_popcountll(bits);
    }
    return set;
}

/* Without a branch on a bit, which no one can foresee: a number is fetched for every row, and kept
 * where its turn has come. One after the last may be fetched, hence the room for it. What is
 * still to be fetched never stands before the row that is written, since there are at least as many
 * rows left as numbers. */
static void scatter_from(uint64_t *rows, size_t row, size_t count, const unsigned char *bitmap,
                         const uint64_t *next, uint64_t common)
{
    rows[count] = 0;
    for (; row < count; row++) {
        uint64_t bit = bitmap[row / 8] >> row % 8 & 1, number = *next;
        rows[row] = (number & -bit) | (common & ~-bit);
        next += bit;
    }
}

static void scatter_portable(uint64_t *rows, size_t count, const unsigned char *bitmap,
                             size_t others, uint64_t common)
{
    scatter_from(rows, 0, count, bitmap, rows + count - others, common);
}

/* The steps never stand before the number that is written. One step and one fall after the last
 * may be fetched. */
static void rise_from(uint64_t *rows, size_t row, size_t count, const unsigned char *bitmap,
                      const uint64_t *steps, const uint64_t *falls, uint64_t highest)
{
    rows[count] = 0;
    for (; row < count; row++) {
        uint64_t fall = bitmap[row / 8] >> row % 8 & 1;
        highest += *steps & (fall - 1);
        rows[row] = highest - (*falls & -fall);
        steps += 1 - fall;
        falls += fall;
    }
}

static void rise_portable(uint64_t *rows, size_t count, const unsigned char *bitmap,
                          const uint64_t *falls, size_t fall_count, uint64_t highest)
{
    rise_from(rows, 0, count, bitmap, rows + fall_count, falls, highest);
}

#if defined __x86_64__
#include <immintrin.h>

/* For four bits: which 32-bit halves of the next four numbers go to the four rows. */
#define HALVES(a, b, c, d)                                                                         \
    {                                                                                              \
        2 * (a), 2 * (a) + 1, 2 * (b), 2 * (b) + 1, 2 * (c), 2 * (c) + 1, 2 * (d), 2 * (d) + 1     \
    }
static const uint32_t halves[16][8] = {
    HALVES(0, 0, 0, 0), HALVES(0, 0, 0, 0), HALVES(0, 0, 0, 0), HALVES(0, 1, 0, 0),
    HALVES(0, 0, 0, 0), HALVES(0, 0, 1, 0), HALVES(0, 0, 1, 0), HALVES(0, 1, 2, 0),
    HALVES(0, 0, 0, 0), HALVES(0, 0, 0, 1), HALVES(0, 0, 0, 1), HALVES(0, 1, 0, 2),
    HALVES(0, 0, 0, 1), HALVES(0, 0, 1, 2), HALVES(0, 0, 1, 2), HALVES(0, 1, 2, 3),
};

static const __m256i_u *words_at(const void *from)
{
    return from;
}

/* The next four numbers, each in the row of a bit of 1. */
SW_TARGET_AVX2 static inline __m256i to_rows(const uint64_t *next, unsigned bits)
{
    return _mm256_permutevar8x32_epi32(_mm256_loadu_si256(words_at(next)),
                                       _mm256_loadu_si256(words_at(halves[bits])));
}

SW_TARGET_AVX2 static inline __m256i mask_of(unsigned bits)
{
    const __m256i bit_of_row = _mm256_set_epi64x(8, 4, 2, 1);
    return _mm256_cmpeq_epi64(_mm256_and_si256(_mm256_set1_epi64x(bits), bit_of_row), bit_of_row);
}

SW_TARGET_AVX2 static void spread_avx2(uint64_t *rows, size_t count, const unsigned char *bitmap,
                                       size_t others, uint64_t common)
{
    const uint64_t *next = rows + count - others, *end = rows + count;
    __m256i elsewhere = _mm256_set1_epi64x((long long)common);
    size_t row = 0;
    for (; row + 4 <= count && end - next >= 4; row += 4) {
        unsigned bits = bitmap[row / 8] >> row % 8 & 15;
        __m256i scatter = _mm256_blendv_epi8(elsewhere, to_rows(next, bits), mask_of(bits));
        _mm256_storeu_si256((__m256i *)(rows + row), scatter);
        next += __builtin_popcount(bits);
    }
    scatter_from(rows, row, count, bitmap, next, common);
}

/* Eight at a time. What is fetched and has no turn yet stands after the rows that are written. */
SW_TARGET_AVX512 static void spread_avx512(uint64_t *rows, size_t count,
                                           const unsigned char *bitmap, size_t others,
                                           uint64_t common)
{
    const uint64_t *next = rows + count - others, *end = rows + count;
    const __m512i elsewhere = _mm512_set1_epi64((long long)common);
    size_t row = 0;
    for (; row + 8 <= count && end - next >= 8; row += 8) {
        const __mmask8 bits = bitmap[row / 8];
        _mm512_storeu_si512(rows + row,
                            _mm512_mask_expand_epi64(elsewhere, bits, _mm512_loadu_si512(next)));
        next += __builtin_popcount(bits);
    }
    scatter_from(rows, row, count, bitmap, next, common);
}

/* Each of four numbers plus those before it. */
SW_TARGET_AVX2 static inline __m256i sums_of(__m256i numbers)
{
    __m256i pairs = _mm256_add_epi64(numbers, _mm256_slli_si256(numbers, 8));
    __m256i first = _mm256_permute4x64_epi64(pairs, 0x55);
    return _mm256_add_epi64(pairs, _mm256_blend_epi32(_mm256_setzero_si256(), first, 0xf0));
}

SW_TARGET_AVX2 static void rise_avx2(uint64_t *rows, size_t count, const unsigned char *bitmap,
                                     const uint64_t *falls, size_t fall_count, uint64_t highest)
{
    const uint64_t *steps = rows + fall_count, *end = rows + count, *last = falls + fall_count;
    __m256i base = _mm256_set1_epi64x((long long)highest);
    size_t row = 0;
    for (; end - steps >= 4 && last - falls >= 4; row += 4) {
        unsigned bits = bitmap[row / 8] >> row % 8 & 15;
        __m256i mask = mask_of(bits);
        __m256i rises = sums_of(_mm256_andnot_si256(mask, to_rows(steps, bits ^ 15)));
        __m256i below = _mm256_and_si256(mask, to_rows(falls, bits));
        __m256i high = _mm256_add_epi64(base, rises);
        _mm256_storeu_si256((__m256i *)(rows + row), _mm256_sub_epi64(high, below));
        base = _mm256_permute4x64_epi64(high, 0xff);
        falls += __builtin_popcount(bits);
        steps += 4 - __builtin_popcount(bits);
    }
    highest = (uint64_t)_mm256_extract_epi64(base, 0);
    rise_from(rows, row, count, bitmap, steps, falls, highest);
}

void sw_scatter(uint64_t *rows, size_t count, const unsigned char *bitmap, size_t others,
                uint64_t common)
{
    if (sw_cpu_has(SW_CPU_AVX512))
        spread_avx512(rows, count, bitmap, others, common);
    else if (sw_cpu_has(SW_CPU_AVX2))
        spread_avx2(rows, count, bitmap, others, common);
    else
        scatter_portable(rows, count, bitmap, others, common);
}

void sw_rise(uint64_t *rows, size_t count, const unsigned char *bitmap, const uint64_t *falls,
             size_t fall_count, uint64_t highest)
{
    if (sw_cpu_has(SW_CPU_AVX2))
        rise_avx2(rows, count, bitmap, falls, fall_count, highest);
    else
        rise_portable(rows, count, bitmap, falls, fall_count, highest);
}
#else
void sw_scatter(uint64_t *rows, size_t count, const unsigned char *bitmap, size_t others,
                uint64_t common)
{
    scatter_portable(rows, count, bitmap, others, common);
}

void sw_rise(uint64_t *rows, size_t count, const unsigned char *bitmap, const uint64_t *falls,
             size_t fall_count, uint64_t highest)
{
    rise_portable(rows, count, bitmap, falls, fall_count, highest);
}
#endif
