/* SPDX-License-Identifier: ISC */
#include "record/spread.h"

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

#if defined __x86_64__
#define POPCNT __attribute__((target("popcnt")))

POPCNT static size_t set_popcnt(const unsigned char *bitmap, size_t words)
{
    return set_in(bitmap, words);
}

POPCNT static size_t rank_popcnt(const unsigned char *bitmap, size_t words, uint32_t *ranks)
{
    return rank_in(bitmap, words, ranks);
}

static size_t set_words(const unsigned char *bitmap, size_t words)
{
    return __builtin_cpu_supports("popcnt") ? set_popcnt(bitmap, words) : set_in(bitmap, words);
}

static size_t rank_words(const unsigned char *bitmap, size_t words, uint32_t *ranks)
{
    return __builtin_cpu_supports("popcnt") ? rank_popcnt(bitmap, words, ranks)
                                            : rank_in(bitmap, words, ranks);
}
#else
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
 * where its turn has come. One behind the last may be fetched, hence the room for it. What is
 * still to be fetched never stands before the row that is written, since there are at least as many
 * rows left as numbers. */
static void spread_from(uint64_t *rows, size_t row, size_t count, const unsigned char *bitmap,
                        const uint64_t *next, uint64_t common)
{
    rows[count] = 0;
    for (; row < count; row++) {
        uint64_t bit = bitmap[row / 8] >> row % 8 & 1, number = *next;
        rows[row] = (number & -bit) | (common & ~-bit);
        next += bit;
    }
}

void sw_spread_portable(uint64_t *rows, size_t count, const unsigned char *bitmap, size_t others,
                        uint64_t common)
{
    spread_from(rows, 0, count, bitmap, rows + count - others, common);
}

#if defined __x86_64__
#include <immintrin.h>

#define AVX2 __attribute__((target("avx2")))

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

AVX2 static void spread_avx2(uint64_t *rows, size_t count, const unsigned char *bitmap,
                             size_t others, uint64_t common)
{
    const uint64_t *next = rows + count - others, *end = rows + count;
    __m256i elsewhere = _mm256_set1_epi64x((long long)common);
    __m256i bit_of_row = _mm256_set_epi64x(8, 4, 2, 1);
    size_t row = 0;
    for (; row + 4 <= count && end - next >= 4; row += 4) {
        unsigned bits = bitmap[row / 8] >> row % 8 & 15;
        __m256i numbers = _mm256_loadu_si256((const __m256i *)next);
        __m256i order = _mm256_loadu_si256((const __m256i *)halves[bits]);
        __m256i mask = _mm256_and_si256(_mm256_set1_epi64x(bits), bit_of_row);
        __m256i spread = _mm256_permutevar8x32_epi32(numbers, order);
        mask = _mm256_cmpeq_epi64(mask, bit_of_row);
        _mm256_storeu_si256((__m256i *)(rows + row), _mm256_blendv_epi8(elsewhere, spread, mask));
        next += __builtin_popcount(bits);
    }
    spread_from(rows, row, count, bitmap, next, common);
}

void sw_spread(uint64_t *rows, size_t count, const unsigned char *bitmap, size_t others,
               uint64_t common)
{
    if (__builtin_cpu_supports("avx2"))
        spread_avx2(rows, count, bitmap, others, common);
    else
        sw_spread_portable(rows, count, bitmap, others, common);
}
#else
void sw_spread(uint64_t *rows, size_t count, const unsigned char *bitmap, size_t others,
               uint64_t common)
{
    sw_spread_portable(rows, count, bitmap, others, common);
}
#endif
