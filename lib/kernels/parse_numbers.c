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

/* ---- four at a time ---- */

#if defined(__x86_64__)

#define AVX2_INLINE SW_TARGET_AVX2 static inline __attribute__((always_inline))

AVX2_INLINE __m256i load4(const uint64_t *from)
{
    return _mm256_loadu_si256((const __m256i *)(const void *)from);
}

SW_TARGET_AVX2 static void measure_avx2(struct sw_numbers *numbers)
{
    const __m256i low = _mm256_set1_epi64x(UINT32_MAX), one = _mm256_set1_epi64x(1);
    __m256i longest = _mm256_setzero_si256();
    for (size_t i = numbers->count; i % 4; i++) numbers->places[i] = UINT64_C(1) << 32;
    for (size_t i = 0; i < numbers->count; i += 4) {
        __m256i pairs = load4(numbers->places + i);
        __m256i length = _mm256_sub_epi64(_mm256_srli_epi64(pairs, 32), one);
        length = _mm256_sub_epi64(length, _mm256_and_si256(pairs, low));
        longest = _mm256_max_epu32(longest, length);
        _mm256_storeu_si256((__m256i *)(void *)(numbers->lengths + i), length);
    }
    uint64_t lanes[4];
    _mm256_storeu_si256((__m256i *)(void *)lanes, longest);
    numbers->longest = 0;
    for (size_t lane = 0; lane < 4; lane++)
        if (lanes[lane] > numbers->longest) numbers->longest = lanes[lane];
}

/* 64 - 8 × (length - skipped) bits, or 0: what lies in a word before the field's part of it. */
AVX2_INLINE __m256i foreign_bits(__m256i lengths, int skipped)
{
    __m256i all = _mm256_set1_epi64x(64 + 8 * skipped);
    return _mm256_subs_epu16(all, _mm256_slli_epi64(lengths, 3));
}

/* Four words of characters as digits 0 to 9, what lies before the field as 0; other characters
 * become something above 9. */
AVX2_INLINE __m256i as_digits(__m256i words, __m256i foreign)
{
    __m256i digits = _mm256_xor_si256(words, _mm256_set1_epi8('0'));
    return _mm256_sllv_epi64(_mm256_srlv_epi64(digits, foreign), foreign);
}

/* All ones in the bytes that are digits. */
AVX2_INLINE __m256i are_digits(__m256i digits)
{
    const __m256i nine = _mm256_set1_epi8(9);
    return _mm256_cmpeq_epi8(_mm256_max_epu8(digits, nine), nine);
}

/* Eight digits to a number, in each of four words: pairs, fours, all. */
AVX2_INLINE __m256i eight_digits(__m256i digits)
{
    __m256i pairs = _mm256_maddubs_epi16(digits, _mm256_set1_epi16(10 | 1 << 8));
    __m256i fours = _mm256_madd_epi16(pairs, _mm256_set1_epi32(100 | 1 << 16));
    __m256i first = _mm256_mul_epu32(fours, _mm256_set1_epi64x(10000));
    return _mm256_add_epi64(first, _mm256_srli_epi64(fours, 32));
}

/* numbers × 10^8, for numbers below 2^37. */
AVX2_INLINE __m256i by_hundred_million(__m256i numbers)
{
    const __m256i factor = _mm256_set1_epi64x(100000000);
    __m256i upper = _mm256_mul_epu32(_mm256_srli_epi64(numbers, 32), factor);
    return _mm256_add_epi64(_mm256_mul_epu32(numbers, factor), _mm256_slli_epi64(upper, 32));
}

/* Four bits: which words are not all ones. */
AVX2_INLINE uint64_t not_whole(__m256i mask)
{
    __m256i whole = _mm256_cmpeq_epi64(mask, _mm256_set1_epi64x(-1));
    return (uint64_t)(_mm256_movemask_pd(_mm256_castsi256_pd(whole)) ^ 15);
}

/* Reads numbers i to i + 3; `words` is how many words a field may take. */
AVX2_INLINE uint64_t whole4(const struct sw_numbers *numbers, size_t i, int words, int64_t *values)
{
    __m256i lengths = load4(numbers->lengths + i);
    __m256i low = as_digits(load4(numbers->low + i), foreign_bits(lengths, 0));
    __m256i good = are_digits(low), value = eight_digits(low), front = _mm256_setzero_si256();
    if (words > 2) {
        __m256i high = as_digits(load4(numbers->high + i), foreign_bits(lengths, 16));
        good = _mm256_and_si256(good, are_digits(high));
        front = by_hundred_million(eight_digits(high));
    }
    if (words > 1) {
        __m256i middle = as_digits(load4(numbers->middle + i), foreign_bits(lengths, 8));
        good = _mm256_and_si256(good, are_digits(middle));
        front = _mm256_add_epi64(front, eight_digits(middle));
        value = _mm256_add_epi64(value, by_hundred_million(front));
    }
    _mm256_storeu_si256((__m256i *)(void *)(values + i), value);
    __m256i empty = _mm256_cmpeq_epi64(lengths, _mm256_setzero_si256());
    __m256i wrong = _mm256_or_si256(empty, value); /* the sign bit: past 2^63 - 1 */
    return not_whole(good) | (uint64_t)_mm256_movemask_pd(_mm256_castsi256_pd(wrong));
}

AVX2_INLINE void whole_of(const struct sw_numbers *numbers, int words, int64_t *values,
                          struct sw_refused *refused)
{
    for (size_t i = 0; i < numbers->count; i += 4)
        refused->bits[i / 64] |= whole4(numbers, i, words, values) << i % 64;
}

SW_TARGET_AVX2 static void whole_avx2(const struct sw_numbers *numbers, int64_t *values,
                                      struct sw_refused *refused)
{
    *refused = (struct sw_refused){0};
    if (numbers->longest <= 8)
        whole_of(numbers, 1, values, refused);
    else if (numbers->longest <= 16)
        whole_of(numbers, 2, values, refused);
    else
        whole_of(numbers, 3, values, refused);
}

/* Takes the point out of each word of digits: what stands before it moves up. *decimals is how many
 * digits stand after it, *points is all ones in words that had one. Only the first of several is
 * taken out. */
AVX2_INLINE __m256i without_point(__m256i digits, __m256i *decimals, __m256i *points)
{
    const __m256i zero = _mm256_setzero_si256(), ones = _mm256_set1_epi64x(-1);
    __m256i marks = _mm256_cmpeq_epi8(digits, _mm256_set1_epi8('.' ^ '0'));
    __m256i lowest = _mm256_and_si256(marks, _mm256_sub_epi64(zero, marks));
    __m256i before = _mm256_andnot_si256(marks, _mm256_add_epi64(marks, ones));
    __m256i point = _mm256_sub_epi64(_mm256_slli_epi64(lowest, 8), lowest);
    __m256i behind = _mm256_andnot_si256(_mm256_or_si256(before, point), ones);
    __m256i has_none = _mm256_cmpeq_epi64(marks, zero);
    *points = _mm256_andnot_si256(has_none, ones);
    *decimals = _mm256_sad_epu8(_mm256_and_si256(behind, _mm256_set1_epi8(1)), zero);
    __m256i moved = _mm256_slli_epi64(_mm256_and_si256(digits, before), 8);
    moved = _mm256_or_si256(moved, _mm256_and_si256(digits, behind));
    return _mm256_blendv_epi8(moved, digits, has_none);
}

AVX2_INLINE uint64_t decimal4(const struct sw_numbers *numbers, size_t i, __m256i factors,
                              int64_t *values)
{
    const __m256i zero = _mm256_setzero_si256();
    __m256i lengths = load4(numbers->lengths + i), decimals, points;
    __m256i digits = as_digits(load4(numbers->low + i), foreign_bits(lengths, 0));
    digits = without_point(digits, &decimals, &points);
    __m256i factor = _mm256_permutevar8x32_epi32(factors, decimals);
    __m256i value = _mm256_mul_epu32(eight_digits(digits), factor);
    _mm256_storeu_si256((__m256i *)(void *)(values + i), value);
    __m256i digit_counts = _mm256_add_epi64(lengths, points);
    __m256i factor_used = _mm256_and_si256(factor, _mm256_set1_epi64x(0xffffffff));
    __m256i wrong = _mm256_or_si256(_mm256_cmpeq_epi64(digit_counts, zero),
                                    _mm256_cmpeq_epi64(factor_used, zero));
    return not_whole(are_digits(digits)) | (uint64_t)_mm256_movemask_pd(_mm256_castsi256_pd(wrong));
}

SW_TARGET_AVX2 static void decimal_avx2(const struct sw_numbers *numbers, int scale,
                                        int64_t *values, struct sw_refused *refused)
{
    uint32_t factors[8];
    find_factors(scale, factors);
    __m256i all = _mm256_loadu_si256((const __m256i *)(const void *)factors);
    *refused = (struct sw_refused){0};
    for (size_t i = 0; i < numbers->count; i += 4)
        refused->bits[i / 64] |= decimal4(numbers, i, all, values) << i % 64;
}

static const struct sw_number_reader avx2 = {measure_avx2, whole_avx2, decimal_avx2};

/* ---- eight at a time: as above, with masks for what is all ones there ---- */

#define AVX512_INLINE SW_TARGET_AVX512 static inline __attribute__((always_inline))

AVX512_INLINE __m512i digits8(const uint64_t *words, __m512i lengths, int skipped)
{
    __m512i all = _mm512_set1_epi64(64 + 8 * skipped);
    __m512i foreign = _mm512_subs_epu16(all, _mm512_slli_epi64(lengths, 3));
    __m512i digits = _mm512_xor_si512(_mm512_loadu_si512(words), _mm512_set1_epi8('0'));
    return _mm512_sllv_epi64(_mm512_srlv_epi64(digits, foreign), foreign);
}

/* Which words have a byte that is no digit. */
AVX512_INLINE __mmask8 not_digits8(__m512i digits)
{
    __m512i above = _mm512_subs_epu8(digits, _mm512_set1_epi8(9));
    return _mm512_test_epi64_mask(above, above);
}

AVX512_INLINE __m512i eight_digits8(__m512i digits)
{
    __m512i pairs = _mm512_maddubs_epi16(digits, _mm512_set1_epi16(10 | 1 << 8));
    __m512i fours = _mm512_madd_epi16(pairs, _mm512_set1_epi32(100 | 1 << 16));
    __m512i first = _mm512_mul_epu32(fours, _mm512_set1_epi64(10000));
    return _mm512_add_epi64(first, _mm512_srli_epi64(fours, 32));
}

AVX512_INLINE __m512i by_hundred_million8(__m512i numbers)
{
    const __m512i factor = _mm512_set1_epi64(100000000);
    __m512i upper = _mm512_mul_epu32(_mm512_srli_epi64(numbers, 32), factor);
    return _mm512_add_epi64(_mm512_mul_epu32(numbers, factor), _mm512_slli_epi64(upper, 32));
}

AVX512_INLINE uint64_t whole8(const struct sw_numbers *numbers, size_t i, int words,
                              int64_t *values)
{
    __m512i lengths = _mm512_loadu_si512(numbers->lengths + i), front = _mm512_setzero_si512();
    __m512i low = digits8(numbers->low + i, lengths, 0), value = eight_digits8(low);
    __mmask8 wrong = not_digits8(low);
    if (words > 2) {
        __m512i high = digits8(numbers->high + i, lengths, 16);
        wrong |= not_digits8(high);
        front = by_hundred_million8(eight_digits8(high));
    }
    if (words > 1) {
        __m512i middle = digits8(numbers->middle + i, lengths, 8);
        wrong |= not_digits8(middle);
        front = _mm512_add_epi64(front, eight_digits8(middle));
        value = _mm512_add_epi64(value, by_hundred_million8(front));
    }
    _mm512_storeu_si512(values + i, value);
    wrong |= _mm512_testn_epi64_mask(lengths, lengths);
    return wrong | _mm512_cmplt_epi64_mask(value, _mm512_setzero_si512());
}

AVX512_INLINE void whole_of8(const struct sw_numbers *numbers, int words, int64_t *values,
                             struct sw_refused *refused)
{
    for (size_t i = 0; i < numbers->count; i += 8)
        refused->bits[i / 64] |= whole8(numbers, i, words, values) << i % 64;
}

SW_TARGET_AVX512 static void whole_avx512(const struct sw_numbers *numbers, int64_t *values,
                                          struct sw_refused *refused)
{
    *refused = (struct sw_refused){0};
    if (numbers->longest <= 8)
        whole_of8(numbers, 1, values, refused);
    else if (numbers->longest <= 16)
        whole_of8(numbers, 2, values, refused);
    else
        whole_of8(numbers, 3, values, refused);
}

SW_TARGET_AVX512 static void measure_avx512(struct sw_numbers *numbers)
{
    const __m512i low = _mm512_set1_epi64(UINT32_MAX), one = _mm512_set1_epi64(1);
    __m512i longest = _mm512_setzero_si512();
    for (size_t i = numbers->count; i % 8; i++) numbers->places[i] = UINT64_C(1) << 32;
    for (size_t i = 0; i < numbers->count; i += 8) {
        __m512i pairs = _mm512_loadu_si512(numbers->places + i);
        __m512i length = _mm512_sub_epi64(_mm512_srli_epi64(pairs, 32), one);
        length = _mm512_sub_epi64(length, _mm512_and_si512(pairs, low));
        longest = _mm512_max_epu64(longest, length);
        _mm512_storeu_si512(numbers->lengths + i, length);
    }
    numbers->longest = _mm512_reduce_max_epu64(longest);
}

/* As without_point; *points says which words had one. */
AVX512_INLINE __m512i without_point8(__m512i digits, __m512i *decimals, __mmask8 *points)
{
    const __m512i zero = _mm512_setzero_si512(), ones = _mm512_set1_epi64(-1);
    __mmask64 point_bytes = _mm512_cmpeq_epi8_mask(digits, _mm512_set1_epi8('.' ^ '0'));
    __m512i marks = _mm512_movm_epi8(point_bytes);
    __m512i lowest = _mm512_and_si512(marks, _mm512_sub_epi64(zero, marks));
    __m512i before = _mm512_andnot_si512(marks, _mm512_add_epi64(marks, ones));
    __m512i point = _mm512_sub_epi64(_mm512_slli_epi64(lowest, 8), lowest);
    __m512i behind = _mm512_andnot_si512(_mm512_or_si512(before, point), ones);
    *points = _mm512_test_epi64_mask(marks, marks);
    behind = _mm512_maskz_mov_epi64(*points, behind);
    *decimals = _mm512_sad_epu8(_mm512_and_si512(behind, _mm512_set1_epi8(1)), zero);
    __m512i moved = _mm512_slli_epi64(_mm512_and_si512(digits, before), 8);
    moved = _mm512_or_si512(moved, _mm512_and_si512(digits, behind));
    return _mm512_mask_mov_epi64(digits, *points, moved);
}

AVX512_INLINE uint64_t decimal8(const struct sw_numbers *numbers, size_t i, __m512i factors,
                                int64_t *values)
{
    __mmask8 points;
    __m512i lengths = _mm512_loadu_si512(numbers->lengths + i), decimals;
    __m512i digits = without_point8(digits8(numbers->low + i, lengths, 0), &decimals, &points);
    __m512i factor = _mm512_permutexvar_epi64(decimals, factors);
    __m512i value = _mm512_mul_epu32(eight_digits8(digits), factor);
    _mm512_storeu_si512(values + i, value);
    __m512i digit_counts = _mm512_mask_sub_epi64(lengths, points, lengths, _mm512_set1_epi64(1));
    return not_digits8(digits) | _mm512_testn_epi64_mask(digit_counts, digit_counts) |
           _mm512_testn_epi64_mask(factor, factor);
}

SW_TARGET_AVX512 static void decimal_avx512(const struct sw_numbers *numbers, int scale,
                                            int64_t *values, struct sw_refused *refused)
{
    uint32_t factors[8];
    find_factors(scale, factors);
    __m512i all = _mm512_cvtepu32_epi64(_mm256_loadu_si256((const __m256i *)(const void *)factors));
    *refused = (struct sw_refused){0};
    for (size_t i = 0; i < numbers->count; i += 8)
        refused->bits[i / 64] |= decimal8(numbers, i, all, values) << i % 64;
}

static const struct sw_number_reader avx512 = {measure_avx512, whole_avx512, decimal_avx512};

#endif

const struct sw_number_reader *sw_number_reader_of_level(enum sw_cpu_level level)
{
    if (level == SW_CPU_PORTABLE) return &portable;
#if defined(__x86_64__)
    if (level == SW_CPU_AVX2 && sw_cpu_has(SW_CPU_AVX2)) return &avx2;
    if (level == SW_CPU_AVX512 && sw_cpu_has(SW_CPU_AVX512)) return &avx512;
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
