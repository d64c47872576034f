/* SPDX-License-Identifier: ISC */
#include "kernels/mask.h"

/* ---- any CPU ---- */

static void range_portable(const int64_t *values, size_t count, uint64_t low, uint64_t span,
                           bool inverted, unsigned char *mask)
{
    for (size_t i = 0; i < count; i++)
        mask[i] = (unsigned char)((((uint64_t)values[i] - low <= span) ^ inverted) << 1);
}

static void lower_portable(unsigned char *mask, const unsigned char *more, size_t count)
{
    for (size_t i = 0; i < count; i++) mask[i] = mask[i] < more[i] ? mask[i] : more[i];
}

static void raise_portable(unsigned char *mask, const unsigned char *more, size_t count)
{
    for (size_t i = 0; i < count; i++) mask[i] = mask[i] > more[i] ? mask[i] : more[i];
}

static size_t rows_portable(const unsigned char *mask, size_t count, uint32_t first, uint32_t *rows)
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        rows[found] = first + (uint32_t)i;
        found += mask[i] == SW_TRUE;
    }
    return found;
}

static size_t coded_from(const unsigned char *mask, const uint32_t *codes, size_t from,
                         size_t count, uint32_t *rows)
{
    size_t found = 0;
    for (size_t i = from; i < count; i++) {
        rows[found] = (uint32_t)i;
        found += mask[codes[i]] == SW_TRUE;
    }
    return found;
}

static size_t coded_portable(const unsigned char *mask, const uint32_t *codes, size_t count,
                             uint32_t *rows)
{
    return coded_from(mask, codes, 0, count, rows);
}

static const struct sw_mask portable = {range_portable, lower_portable, raise_portable,
                                        rows_portable, coded_portable};

/* ---- AVX2 ---- */

#if defined __x86_64__
#include <immintrin.h>

#include "kernels/cpu.h"
#include "base/bytes.h"

enum { FOUR = 4, EIGHT = 8, BYTES = 32 };

SW_TARGET_AVX2 static inline __m256i load(const void *from)
{
    return _mm256_loadu_si256(from);
}

/* A bit for each of four values that lies outside. Signed comparison does for unsigned numbers
 * whose first bit is flipped, which low and span come with. */
SW_TARGET_AVX2 static inline unsigned outside(const int64_t *values, __m256i low, __m256i span)
{
    __m256i distance = _mm256_sub_epi64(load(values), low);
    return (unsigned)_mm256_movemask_pd(_mm256_castsi256_pd(_mm256_cmpgt_epi64(distance, span)));
}

SW_TARGET_AVX2 static void range_avx2(const int64_t *values, size_t count, uint64_t low,
                                      uint64_t span, bool inverted, unsigned char *mask)
{
    const uint64_t first_bit = UINT64_C(1) << 63, all_true = UINT64_C(0x0101010101010101) * SW_TRUE;
    const __m256i low_flipped = _mm256_set1_epi64x((int64_t)(low ^ first_bit));
    const __m256i span_flipped = _mm256_set1_epi64x((int64_t)(span ^ first_bit));
    const unsigned flip = inverted ? 0 : UINT8_MAX;
    size_t i = 0;
    for (; i + EIGHT <= count; i += EIGHT) {
        unsigned bits = outside(values + i, low_flipped, span_flipped) |
                        outside(values + i + FOUR, low_flipped, span_flipped) << FOUR;
        sw_store64(mask + i, _pdep_u64(bits ^ flip, all_true));
    }
    range_portable(values + i, count - i, low, span, inverted, mask + i);
}

SW_TARGET_AVX2 static void lower_avx2(unsigned char *mask, const unsigned char *more, size_t count)
{
    size_t i = 0;
    for (; i + BYTES <= count; i += BYTES)
        _mm256_storeu_si256((__m256i *)(void *)(mask + i),
                            _mm256_min_epu8(load(mask + i), load(more + i)));
    lower_portable(mask + i, more + i, count - i);
}

SW_TARGET_AVX2 static void raise_avx2(unsigned char *mask, const unsigned char *more, size_t count)
{
    size_t i = 0;
    for (; i + BYTES <= count; i += BYTES)
        _mm256_storeu_si256((__m256i *)(void *)(mask + i),
                            _mm256_max_epu8(load(mask + i), load(more + i)));
    raise_portable(mask + i, more + i, count - i);
}

/* Writes the numbers of those of eight rows whose mask is true, moved together, and of others after them, which the next are written
 * over; returns how many they are. */
SW_TARGET_AVX2 static inline size_t keep(uint64_t eight, size_t first, uint32_t *rows)
{
    const uint64_t places = UINT64_C(0x0706050403020100), true_bits = UINT64_C(0x0101010101010101);
    const uint64_t bits = eight >> 1 & true_bits;
    __m128i kept = _mm_cvtsi64_si128((int64_t)_pext_u64(places, bits * UINT8_MAX));
    __m256i numbers =
        _mm256_add_epi32(_mm256_cvtepu8_epi32(kept), _mm256_set1_epi32((int32_t)(uint32_t)first));
    _mm256_storeu_si256((__m256i *)(void *)rows, numbers);
    return (size_t)__builtin_popcountll(bits);
}

/* No more rows were found than looked at, so there is room for eight. */
SW_TARGET_AVX2 static size_t rows_avx2(const unsigned char *mask, size_t count, uint32_t first,
                                       uint32_t *rows)
{
    size_t found = 0, i = 0;
    for (; i + EIGHT <= count; i += EIGHT)
        found += keep(sw_load64(mask + i), first + i, rows + found);
    return found + rows_portable(mask + i, count - i, first + (uint32_t)i, rows + found);
}

SW_TARGET_AVX2 static size_t coded_avx2(const unsigned char *mask, const uint32_t *codes,
                                        size_t count, uint32_t *rows)
{
    size_t found = 0, i = 0;
    for (; i + EIGHT <= count; i += EIGHT) {
        uint64_t eight = 0;
#pragma GCC unroll 8
        for (size_t k = 0; k < EIGHT; k++) eight |= (uint64_t)mask[codes[i + k]] << 8 * k;
        found += keep(eight, i, rows + found);
    }
    return found + coded_from(mask, codes, i, count, rows + found);
}

static const struct sw_mask avx2 = {range_avx2, lower_avx2, raise_avx2, rows_avx2, coded_avx2};

const struct sw_mask *sw_mask_best(void)
{
    return sw_cpu_has(SW_CPU_AVX2) ? &avx2 : &portable;
}
#else
const struct sw_mask *sw_mask_best(void)
{
    return &portable;
}
#endif
