/* SPDX-License-Identifier: ISC */
#include "kernels/exceptions.h"

#include "kernels/cpu.h"
#include "base/bytes.h"

enum { WORD = 64 }; /* values whose marks fill one */

/* ---- any CPU ---- */

static size_t exception_values_portable(uint64_t *others, const uint64_t *values, size_t count,
                                        uint64_t common)
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        others[found] = values[i];
        found += values[i] != common;
    }
    return found;
}

static uint64_t marks_of(const uint64_t *values, size_t count, uint64_t common)
{
    uint64_t marks = 0;
    for (size_t i = 0; i < count; i++) marks |= (uint64_t)(values[i] != common) << i;
    return marks;
}

static void exception_marks_portable(unsigned char *marks, const uint64_t *values, size_t count,
                                     uint64_t common)
{
    for (size_t first = 0; first < count; first += WORD, marks += 8) {
        size_t part = count - first < WORD ? count - first : WORD;
        sw_store64(marks, marks_of(values + first, part, common));
    }
}

/* ---- AVX2 and AVX-512 ---- */

#if defined __x86_64__
#include <immintrin.h>

#define INLINE static inline __attribute__((always_inline))

/* The marks of a whole word's values. */
SW_TARGET_AVX2 INLINE uint64_t word_avx2(const uint64_t *values, uint64_t common)
{
    const __m256i pattern = _mm256_set1_epi64x((int64_t)common);
    uint64_t same = 0;
    for (unsigned i = 0; i < WORD; i += 4) {
        __m256i four = _mm256_loadu_si256((const __m256i *)(const void *)(values + i));
        __m256d equal = _mm256_castsi256_pd(_mm256_cmpeq_epi64(four, pattern));
        same |= (uint64_t)(unsigned)_mm256_movemask_pd(equal) << i;
    }
    return ~same;
}

SW_TARGET_AVX512 INLINE uint64_t word_avx512(const uint64_t *values, uint64_t common)
{
    const __m512i pattern = _mm512_set1_epi64((int64_t)common);
    uint64_t marks = 0;
    for (unsigned i = 0; i < WORD; i += 8) {
        __m512i eight = _mm512_loadu_si512(values + i);
        marks |= (uint64_t)_mm512_cmpneq_epi64_mask(eight, pattern) << i;
    }
    return marks;
}

/* The loops over words, into which each level's way is inlined. */
INLINE void marks_with(unsigned char *marks, const uint64_t *values, size_t count, uint64_t common,
                       uint64_t (*word)(const uint64_t *, uint64_t))
{
    size_t first = 0;
    for (; first + WORD <= count; first += WORD)
        sw_store64(marks + first / 8, word(values + first, common));
    exception_marks_portable(marks + first / 8, values + first, count - first, common);
}

/* Where most of a word's values are others it is as quick to look at each. */
INLINE size_t others_with(uint64_t *others, const uint64_t *values, size_t count, uint64_t common,
                          uint64_t (*word)(const uint64_t *, uint64_t))
{
    size_t first = 0, found = 0;
    for (; first + WORD <= count; first += WORD) {
        const uint64_t *some = values + first;
        uint64_t marks = word(some, common);
        if (__builtin_popcountll(marks) > WORD / 4)
            found += exception_values_portable(others + found, some, WORD, common);
        else
            for (; marks; marks &= marks - 1) others[found++] = some[__builtin_ctzll(marks)];
    }
    return found + exception_values_portable(others + found, values + first, count - first, common);
}

SW_TARGET_AVX2 static void marks_avx2(unsigned char *marks, const uint64_t *values, size_t count,
                                      uint64_t common)
{
    marks_with(marks, values, count, common, word_avx2);
}

SW_TARGET_AVX2 static size_t others_avx2(uint64_t *others, const uint64_t *values, size_t count,
                                         uint64_t common)
{
    return others_with(others, values, count, common, word_avx2);
}

SW_TARGET_AVX512 static void marks_avx512(unsigned char *marks, const uint64_t *values,
                                          size_t count, uint64_t common)
{
    marks_with(marks, values, count, common, word_avx512);
}

/* Eight at a time, the others among them moved to the front: it writes past them, but never past
 * those that it read. */
SW_TARGET_AVX512 static size_t others_avx512(uint64_t *others, const uint64_t *values, size_t count,
                                             uint64_t common)
{
    const __m512i pattern = _mm512_set1_epi64((int64_t)common);
    size_t i = 0, found = 0;
    for (; i + 8 <= count; i += 8) {
        __m512i eight = _mm512_loadu_si512(values + i);
        __mmask8 marks = _mm512_cmpneq_epi64_mask(eight, pattern);
        _mm512_storeu_si512(others + found, _mm512_maskz_compress_epi64(marks, eight));
        found += (size_t)__builtin_popcount(marks);
    }
    return found + exception_values_portable(others + found, values + i, count - i, common);
}

void sw_exception_marks(unsigned char *marks, const uint64_t *values, size_t count, uint64_t common)
{
    if (sw_cpu_has(SW_CPU_AVX512))
        marks_avx512(marks, values, count, common);
    else if (sw_cpu_has(SW_CPU_AVX2))
        marks_avx2(marks, values, count, common);
    else
        exception_marks_portable(marks, values, count, common);
}

size_t sw_exception_values(uint64_t *others, const uint64_t *values, size_t count, uint64_t common)
{
    if (sw_cpu_has(SW_CPU_AVX512)) return others_avx512(others, values, count, common);
    if (sw_cpu_has(SW_CPU_AVX2)) return others_avx2(others, values, count, common);
    return exception_values_portable(others, values, count, common);
}
#else
void sw_exception_marks(unsigned char *marks, const uint64_t *values, size_t count, uint64_t common)
{
    exception_marks_portable(marks, values, count, common);
}

size_t sw_exception_values(uint64_t *others, const uint64_t *values, size_t count, uint64_t common)
{
    return exception_values_portable(others, values, count, common);
}
#endif
