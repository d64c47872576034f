/* SPDX-License-Identifier: ISC */
#include "kernels/first_seen_codes.h"

#include "kernels/cpu.h"

/* One that goes back too far wraps around, to a code that is too large as long as `since` is below
 * 2^31, which `bits` tells. */
static void first_seen_next_portable(struct sw_first_seen *first_seen, uint32_t *codes,
                                     size_t count)
{
    struct sw_first_seen now = *first_seen;
    for (size_t i = 0; i < count; i++) {
        uint32_t again = now.bitmap[i / 8] >> i % 8 & 1;
        uint64_t since = *now.since & -(uint64_t)again;
        uint32_t code = now.met - (uint32_t)since - again;
        codes[i] = code;
        now.most = code > now.most ? code : now.most;
        now.bits |= since;
        now.met += 1 - again;
        now.since += again;
    }
    now.bitmap += count / 8;
    *first_seen = now;
}

bool sw_first_seen_good(const struct sw_first_seen *first_seen, size_t distinct)
{
    return first_seen->bits <= INT32_MAX && distinct <= INT32_MAX && first_seen->most < distinct;
}

#if defined __x86_64__
#include <immintrin.h>

/* For eight bits: how many are 1 before each of them. */
#define BIT(bits, place) ((bits) >> (place)&1)
#define THREE(bits) (BIT(bits, 0) + BIT(bits, 1) + BIT(bits, 2))
#define SIX(bits) (THREE(bits) + THREE((bits) >> 3))
#define BEFORE(bits)                                                                               \
    {                                                                                              \
        0, BIT(bits, 0), BIT(bits, 0) + BIT(bits, 1), THREE(bits), THREE(bits) + BIT(bits, 3),     \
            THREE(bits) + BIT(bits, 3) + BIT(bits, 4), SIX(bits), SIX(bits) + BIT(bits, 6)         \
    }
#define BEFORE_4(bits) BEFORE(bits), BEFORE((bits) + 1), BEFORE((bits) + 2), BEFORE((bits) + 3)
#define BEFORE_16(bits)                                                                            \
    BEFORE_4(bits), BEFORE_4((bits) + 4), BEFORE_4((bits) + 8), BEFORE_4((bits) + 12)
#define BEFORE_64(bits)                                                                            \
    BEFORE_16(bits), BEFORE_16((bits) + 16), BEFORE_16((bits) + 32), BEFORE_16((bits) + 48)
static const uint8_t before[256][8] = {BEFORE_64(0), BEFORE_64(64), BEFORE_64(128), BEFORE_64(192)};

/* The low halves of eight numbers. */
SW_TARGET_AVX2 static inline __m256i low_halves(__m256i low, __m256i high)
{
    __m256 both = _mm256_shuffle_ps(_mm256_castsi256_ps(low), _mm256_castsi256_ps(high), 0x88);
    return _mm256_permute4x64_epi64(_mm256_castps_si256(both), 0xd8);
}

SW_TARGET_AVX2 static uint32_t largest_of(__m256i numbers)
{
    __m128i most =
        _mm_max_epu32(_mm256_castsi256_si128(numbers), _mm256_extracti128_si256(numbers, 1));
    most = _mm_max_epu32(most, _mm_shuffle_epi32(most, 0x4e));
    most = _mm_max_epu32(most, _mm_shuffle_epi32(most, 0xb1));
    return (uint32_t)_mm_cvtsi128_si32(most);
}

SW_TARGET_AVX2 static uint64_t all_bits_of(__m256i numbers)
{
    __m128i bits =
        _mm_or_si128(_mm256_castsi256_si128(numbers), _mm256_extracti128_si256(numbers, 1));
    return (uint64_t)_mm_cvtsi128_si64(bits) | (uint64_t)_mm_extract_epi64(bits, 1);
}

/* Eight rows at a time. Of the next eight numbers each row gets the one that it would have if its
 * bit were 1, as far as the numbers reach. */
SW_TARGET_AVX2 static void next_avx2(struct sw_first_seen *first_seen, uint32_t *codes,
                                     size_t count)
{
    const __m256i bit_of_row = _mm256_setr_epi32(1, 2, 4, 8, 16, 32, 64, 128);
    const __m256i rows = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    __m256i most = _mm256_setzero_si256(), all = most;
    struct sw_first_seen now = *first_seen;
    size_t row = 0;
    for (; row + 8 <= count && now.end - now.since >= 8; row += 8) {
        unsigned bits = *now.bitmap++, again = (unsigned)__builtin_popcount(bits);
        __m256i low = _mm256_loadu_si256((const __m256i *)(const void *)now.since);
        __m256i high = _mm256_loadu_si256((const __m256i *)(const void *)(now.since + 4));
        __m256i ranks =
            _mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)(const void *)before[bits]));
        __m256i since = _mm256_permutevar8x32_epi32(low_halves(low, high), ranks);
        __m256i mask = _mm256_and_si256(_mm256_set1_epi32((int)bits), bit_of_row);
        mask = _mm256_cmpeq_epi32(mask, bit_of_row);
        __m256i met = _mm256_add_epi32(_mm256_set1_epi32((int)now.met), rows);
        __m256i less = _mm256_add_epi32(ranks, _mm256_and_si256(since, mask));
        __m256i code = _mm256_sub_epi32(_mm256_add_epi32(met, mask), less);
        _mm256_storeu_si256((__m256i *)(void *)(codes + row), code);
        most = _mm256_max_epu32(most, code);
        all = _mm256_or_si256(all, _mm256_or_si256(low, high));
        now.met += 8 - again;
        now.since += again;
    }
    uint32_t largest = largest_of(most);
    now.most = largest > now.most ? largest : now.most;
    now.bits |= all_bits_of(all);
    first_seen_next_portable(&now, codes + row, count - row);
    *first_seen = now;
}

void sw_first_seen_next(struct sw_first_seen *first_seen, uint32_t *codes, size_t count)
{
    if (sw_cpu_has(SW_CPU_AVX2))
        next_avx2(first_seen, codes, count);
    else
        first_seen_next_portable(first_seen, codes, count);
}
#else
void sw_first_seen_next(struct sw_first_seen *first_seen, uint32_t *codes, size_t count)
{
    first_seen_next_portable(first_seen, codes, count);
}
#endif

/* Four loads are on their way before the first is stored. */
void sw_codes_fetch(const uint32_t *codes, size_t count, const uint64_t *numbers, uint64_t *to)
{
    size_t i = 0;
    for (; i + 4 <= count; i += 4) {
        uint64_t first = numbers[codes[i]], second = numbers[codes[i + 1]];
        uint64_t third = numbers[codes[i + 2]], fourth = numbers[codes[i + 3]];
        to[i] = first;
        to[i + 1] = second;
        to[i + 2] = third;
        to[i + 3] = fourth;
    }
    for (; i < count; i++) to[i] = numbers[codes[i]];
}

/* A code that is too large shows in the highest bit of it or of its distance to the last one. */
static bool all_below(const uint64_t *codes, size_t count, size_t distinct)
{
    uint64_t beyond = 0, last = distinct - 1;
    for (size_t i = 0; i < count; i++) beyond |= codes[i] | (last - codes[i]);
    return !(beyond >> 63);
}

static void fetch_in_place(uint64_t *to, size_t count, const uint64_t *numbers)
{
    size_t i = 0;
    for (; i + 4 <= count; i += 4) {
        uint64_t first = numbers[to[i]], second = numbers[to[i + 1]];
        uint64_t third = numbers[to[i + 2]], fourth = numbers[to[i + 3]];
        to[i] = first;
        to[i + 1] = second;
        to[i + 2] = third;
        to[i + 3] = fourth;
    }
    for (; i < count; i++) to[i] = numbers[to[i]];
}

enum { EXTENT = 128 }; /* a constant, so that the compiler makes vectors of the loop */

bool sw_codes_replace(uint64_t *to, size_t count, const uint64_t *numbers, size_t distinct)
{
    size_t i = 0;
    for (; i + EXTENT <= count; i += EXTENT) {
        if (!all_below(to + i, EXTENT, distinct)) return false;
        fetch_in_place(to + i, EXTENT, numbers);
    }
    if (!all_below(to + i, count - i, distinct)) return false;
    fetch_in_place(to + i, count - i, numbers);
    return true;
}

bool sw_codes_below(const uint64_t *codes, size_t count, size_t distinct)
{
    size_t i = 0;
    for (; i + EXTENT <= count; i += EXTENT)
        if (!all_below(codes + i, EXTENT, distinct)) return false;
    return all_below(codes + i, count - i, distinct);
}

/* In two sums, neither of which waits for the other. */
uint64_t sw_codes_sum(const uint64_t *codes, size_t count, const uint64_t *numbers)
{
    uint64_t even = 0, odd = 0;
    size_t i = 0;
    for (; i + 4 <= count; i += 4) {
        even += numbers[codes[i]];
        odd += numbers[codes[i + 1]];
        even += numbers[codes[i + 2]];
        odd += numbers[codes[i + 3]];
    }
    for (; i < count; i++) even += numbers[codes[i]];
    return even + odd;
}
