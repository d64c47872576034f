/* SPDX-License-Identifier: ISC */
#include "kernels/parse_numbers.h"

#include "kernels/cpu.h"
#include "kernels/digits.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

static const uint32_t powers[8] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000};

/* factors[d]: what a number with d decimals is multiplied with; 0 where that cannot be. */
static void find_factors(int scale, uint32_t factors[8])
{
    for (int decimals = 0; decimals < 8; decimals++) {
        int missing = scale - decimals;
        factors[decimals] = missing >= 0 && missing < 8 ? powers[missing] : 0;
    }
}

static void refuse(struct sw_refused *refused, size_t i)
{
    refused->bits[i / 64] |= UINT64_C(1) << i % 64;
}

/* ---- one at a time ---- */

static void measure_portable(struct sw_numbers *numbers)
{
    uint64_t longest = 0;
    for (size_t i = 0; i < numbers->count; i++) {
        uint64_t pair = numbers->places[i], length = (pair >> 32) - (pair & UINT32_MAX) - 1;
        numbers->lengths[i] = length;
        longest = length > longest ? length : longest;
    }
    numbers->longest = longest;
}

static void whole_portable(const struct sw_numbers *numbers, int64_t *values,
                           struct sw_refused *refused)
{
    *refused = (struct sw_refused){0};
    for (size_t i = 0; i < numbers->count; i++) {
        const uint64_t words[3] = {numbers->high[i], numbers->middle[i], numbers->low[i]};
        uint64_t value;
        bool good = sw_read_digits(words, (size_t)numbers->lengths[i], &value);
        values[i] = (int64_t)value;
        if (!good || values[i] < 0) refuse(refused, i);
    }
}

static void decimal_portable(const struct sw_numbers *numbers, int scale, int64_t *values,
                             struct sw_refused *refused)
{
    uint32_t factors[8];
    find_factors(scale, factors);
    *refused = (struct sw_refused){0};
    for (size_t i = 0; i < numbers->count; i++) {
        uint64_t value;
        unsigned decimals;
        bool good =
            sw_read_decimal(numbers->low[i], (size_t)numbers->lengths[i], &value, &decimals);
        values[i] = (int64_t)(value * factors[decimals]);
        if (!good || factors[decimals] == 0) refuse(refused, i);
    }
}

static const struct sw_number_reader portable = {measure_portable, whole_portable,
                                                 decimal_portable};

/* ---- several at a time: kernels/number_lanes.h, with what AVX2 and AVX-512 do in ways of their own ---- */

#if defined(__x86_64__)

/* Four at a time. A choice of words has all ones in those that are chosen. */
#define LANES 4
#define LANE(name) name##_avx2
#define LANE_TARGET SW_TARGET_AVX2
#define LANE_INLINE SW_TARGET_AVX2 static inline __attribute__((always_inline))
#define VECTOR __m256i
#define WORDS __m256i
#define EACH(name) _mm256_##name
#define BITWISE(name) _mm256_##name##_si256
#define EACH_WORD(number) _mm256_set1_epi64x(number)

LANE_INLINE __m256i load_avx2(const uint64_t *from)
{
    return _mm256_loadu_si256((const __m256i *)(const void *)from);
}

LANE_INLINE void store_avx2(void *to, __m256i values)
{
    _mm256_storeu_si256((__m256i *)to, values);
}

LANE_INLINE __m256i longer_avx2(__m256i a, __m256i b)
{
    return _mm256_max_epu32(a, b);
}

LANE_INLINE uint64_t longest_avx2(__m256i lengths)
{
    uint64_t lanes[4], longest = 0;
    store_avx2(lanes, lengths);
    for (size_t lane = 0; lane < 4; lane++)
        if (lanes[lane] > longest) longest = lanes[lane];
    return longest;
}

/* All ones in the bytes that are digits; in those that are in both. */
LANE_INLINE __m256i look_avx2(__m256i digits)
{
    const __m256i nine = _mm256_set1_epi8(9);
    return _mm256_cmpeq_epi8(_mm256_max_epu8(digits, nine), nine);
}

LANE_INLINE __m256i look_at_both_avx2(__m256i a, __m256i b)
{
    return _mm256_and_si256(a, b);
}

LANE_INLINE uint64_t sign_bits_avx2(__m256i words)
{
    return (uint64_t)_mm256_movemask_pd(_mm256_castsi256_pd(words));
}

/* Four bits: words that are not all digits, or wrong. */
LANE_INLINE uint64_t refused_avx2(__m256i looked_at, __m256i wrong)
{
    __m256i whole = _mm256_cmpeq_epi64(looked_at, _mm256_set1_epi64x(-1));
    return (sign_bits_avx2(whole) ^ 15) | sign_bits_avx2(wrong);
}

/* The sign bit of a value: it is past 2^63 - 1. */
LANE_INLINE uint64_t whole_refused_avx2(__m256i looked_at, __m256i lengths, __m256i values)
{
    __m256i empty = _mm256_cmpeq_epi64(lengths, _mm256_setzero_si256());
    return refused_avx2(looked_at, _mm256_or_si256(empty, values));
}

LANE_INLINE uint64_t decimal_refused_avx2(__m256i looked_at, __m256i digit_counts, __m256i factors)
{
    const __m256i zero = _mm256_setzero_si256();
    __m256i used = _mm256_and_si256(factors, _mm256_set1_epi64x(0xffffffff));
    return refused_avx2(looked_at, _mm256_or_si256(_mm256_cmpeq_epi64(digit_counts, zero),
                                                   _mm256_cmpeq_epi64(used, zero)));
}

LANE_INLINE __m256i point_bytes_avx2(__m256i digits)
{
    return _mm256_cmpeq_epi8(digits, _mm256_set1_epi8('.' ^ '0'));
}

LANE_INLINE __m256i not_zero_avx2(__m256i words)
{
    __m256i none = _mm256_cmpeq_epi64(words, _mm256_setzero_si256());
    return _mm256_andnot_si256(none, _mm256_set1_epi64x(-1));
}

LANE_INLINE __m256i choose_avx2(__m256i words, __m256i chosen, __m256i others)
{
    return _mm256_blendv_epi8(others, chosen, words);
}

LANE_INLINE __m256i one_less_avx2(__m256i words, __m256i numbers)
{
    return _mm256_add_epi64(numbers, words);
}

LANE_INLINE __m256i load_factors_avx2(const uint32_t factors[8])
{
    return _mm256_loadu_si256((const __m256i *)(const void *)factors);
}

LANE_INLINE __m256i pick_factors_avx2(__m256i factors, __m256i decimals)
{
    return _mm256_permutevar8x32_epi32(factors, decimals);
}

#include "kernels/number_lanes.h"

/* Eight at a time. A choice of words is a mask, and so are those that were found wrong. */
#define LANES 8
#define LANE(name) name##_avx512
#define LANE_TARGET SW_TARGET_AVX512
#define LANE_INLINE SW_TARGET_AVX512 static inline __attribute__((always_inline))
#define VECTOR __m512i
#define WORDS __mmask8
#define EACH(name) _mm512_##name
#define BITWISE(name) _mm512_##name##_si512
#define EACH_WORD(number) _mm512_set1_epi64(number)

LANE_INLINE __m512i load_avx512(const uint64_t *from)
{
    return _mm512_loadu_si512(from);
}

LANE_INLINE void store_avx512(void *to, __m512i values)
{
    _mm512_storeu_si512(to, values);
}

LANE_INLINE __m512i longer_avx512(__m512i a, __m512i b)
{
    return _mm512_max_epu64(a, b);
}

LANE_INLINE uint64_t longest_avx512(__m512i lengths)
{
    return _mm512_reduce_max_epu64(lengths);
}

/* Which words have a byte that is no digit; those of either. */
LANE_INLINE __mmask8 look_avx512(__m512i digits)
{
    __m512i above = _mm512_subs_epu8(digits, _mm512_set1_epi8(9));
    return _mm512_test_epi64_mask(above, above);
}

LANE_INLINE __mmask8 look_at_both_avx512(__mmask8 a, __mmask8 b)
{
    return a | b;
}

LANE_INLINE uint64_t whole_refused_avx512(__mmask8 wrong, __m512i lengths, __m512i values)
{
    wrong |= _mm512_testn_epi64_mask(lengths, lengths);
    return wrong | _mm512_cmplt_epi64_mask(values, _mm512_setzero_si512());
}

LANE_INLINE uint64_t decimal_refused_avx512(__mmask8 wrong, __m512i digit_counts, __m512i factors)
{
    return wrong | _mm512_testn_epi64_mask(digit_counts, digit_counts) |
           _mm512_testn_epi64_mask(factors, factors);
}

LANE_INLINE __m512i point_bytes_avx512(__m512i digits)
{
    return _mm512_movm_epi8(_mm512_cmpeq_epi8_mask(digits, _mm512_set1_epi8('.' ^ '0')));
}

LANE_INLINE __mmask8 not_zero_avx512(__m512i words)
{
    return _mm512_test_epi64_mask(words, words);
}

LANE_INLINE __m512i choose_avx512(__mmask8 words, __m512i chosen, __m512i others)
{
    return _mm512_mask_mov_epi64(others, words, chosen);
}

LANE_INLINE __m512i one_less_avx512(__mmask8 words, __m512i numbers)
{
    return _mm512_mask_sub_epi64(numbers, words, numbers, _mm512_set1_epi64(1));
}

LANE_INLINE __m512i load_factors_avx512(const uint32_t factors[8])
{
    return _mm512_cvtepu32_epi64(_mm256_loadu_si256((const __m256i *)(const void *)factors));
}

LANE_INLINE __m512i pick_factors_avx512(__m512i factors, __m512i decimals)
{
    return _mm512_permutexvar_epi64(decimals, factors);
}

#include "kernels/number_lanes.h"

#endif

const struct sw_number_reader *sw_number_reader_of_level(enum sw_cpu_level level)
{
    if (level == SW_CPU_PORTABLE) return &portable;
#if defined(__x86_64__)
    if (level == SW_CPU_AVX2 && sw_cpu_has(SW_CPU_AVX2)) return &reader_avx2;
    if (level == SW_CPU_AVX512 && sw_cpu_has(SW_CPU_AVX512)) return &reader_avx512;
#endif
    return NULL;
}

const struct sw_number_reader *sw_number_reader_best(void)
{
    for (int level = SW_CPU_LEVELS - 1; level > SW_CPU_PORTABLE; level--) {
        const struct sw_number_reader *reader = sw_number_reader_of_level((enum sw_cpu_level)level);
        if (reader) return reader;
    }
    return &portable;
}
