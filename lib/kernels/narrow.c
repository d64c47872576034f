/* SPDX-License-Identifier: ISC */
#include "kernels/narrow.h"

#include "kernels/cpu.h"
#include "base/bytes.h"

/* ---- any CPU ---- */

static void widen_bounds(const int64_t *values, size_t count, int64_t *least, int64_t *most)
{
    for (size_t i = 0; i < count; i++) {
        *least = values[i] < *least ? values[i] : *least;
        *most = values[i] > *most ? values[i] : *most;
    }
}

static void narrow_bounds_portable(const int64_t *values, size_t count, int64_t *least,
                                   int64_t *most)
{
    *least = *most = values[0];
    widen_bounds(values, count, least, most);
}

#define STORE_LOOP(type)                                                                           \
    for (size_t i = 0; i < count; i++) {                                                           \
        type small = (type)((uint64_t)values[i] - base);                                           \
        memcpy(to + i * sizeof small, &small, sizeof small);                                       \
    }

static void narrow_store_portable(unsigned char *to, const int64_t *values, size_t count,
                                  uint64_t base, unsigned width)
{
    switch (width) {
    case 1:
        STORE_LOOP(uint8_t) return;
    case 2:
        STORE_LOOP(uint16_t) return;
    case 4:
        STORE_LOOP(uint32_t) return;
    default:
        for (size_t i = 0; i < count; i++) sw_store64(to + i * width, (uint64_t)values[i] - base);
    }
}

#define LOAD_LOOP(type)                                                                            \
    for (size_t i = 0; i < count; i++) {                                                           \
        type small;                                                                                \
        memcpy(&small, from + i * sizeof small, sizeof small);                                     \
        to[i] = (int64_t)(base + small);                                                           \
    }

static void narrow_load_portable(int64_t *to, const unsigned char *from, size_t count,
                                 uint64_t base, unsigned width)
{
    uint64_t mask = UINT64_MAX >> (64 - 8 * width);
    switch (width) {
    case 1:
        LOAD_LOOP(uint8_t) return;
    case 2:
        LOAD_LOOP(uint16_t) return;
    case 4:
        LOAD_LOOP(uint32_t) return;
    default:
        for (size_t i = 0; i < count; i++)
            to[i] = (int64_t)(base + (sw_load64(from + i * width) & mask));
    }
}

/* ---- AVX2 ---- */

#if defined __x86_64__
#include <immintrin.h>

enum {
    STEP = 4,   /* numbers in a vector */
    REACH = 12, /* numbers in front of which a step stays inside, if they have a byte each */
    NOTHING = 0x80,
};

/* Where the bytes of two numbers come from, in each half of a vector: together, or apart. */
SW_TARGET_AVX2 static __m256i close_order(unsigned width)
{
    unsigned char order[16];
    for (unsigned i = 0; i < 16; i++)
        order[i] = (unsigned char)(i < width ? i : i < 2 * width ? 8 + i - width : NOTHING);
    return _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)order));
}

SW_TARGET_AVX2 static __m256i open_order(unsigned width)
{
    unsigned char order[16];
    for (unsigned i = 0; i < 16; i++)
        order[i] = (unsigned char)(i % 8 >= width ? NOTHING : i < 8 ? i : width + i - 8);
    return _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)order));
}

SW_TARGET_AVX2 static void bounds_avx2(const int64_t *values, size_t count, int64_t *least,
                                       int64_t *most)
{
    __m256i low[2], high[2];
    int64_t lows[STEP], highs[STEP];
    size_t i = 0;
    low[0] = low[1] = high[0] = high[1] = _mm256_set1_epi64x(values[0]);
    for (; i + 2 * STEP <= count; i += 2 * STEP)
        for (int half = 0; half < 2; half++) {
            __m256i four = _mm256_loadu_si256((const __m256i *)(values + i + half * STEP));
            __m256i less = _mm256_cmpgt_epi64(low[half], four);
            __m256i more = _mm256_cmpgt_epi64(four, high[half]);
            low[half] = _mm256_blendv_epi8(low[half], four, less);
            high[half] = _mm256_blendv_epi8(high[half], four, more);
        }
    *least = *most = values[0];
    for (int half = 0; half < 2; half++) {
        _mm256_storeu_si256((__m256i *)lows, low[half]);
        _mm256_storeu_si256((__m256i *)highs, high[half]);
        widen_bounds(lows, STEP, least, most);
        widen_bounds(highs, STEP, least, most);
    }
    widen_bounds(values + i, count - i, least, most);
}

SW_TARGET_AVX2 static void store_avx2(unsigned char *to, const int64_t *values, size_t count,
                                      uint64_t base, unsigned width)
{
    const __m256i order = close_order(width), less = _mm256_set1_epi64x((long long)base);
    size_t i = 0;
    for (; i + REACH <= count; i += STEP) {
        __m256i four = _mm256_loadu_si256((const __m256i *)(values + i));
        four = _mm256_shuffle_epi8(_mm256_sub_epi64(four, less), order);
        unsigned char *at = to + i * width;
        _mm_storeu_si128((__m128i *)at, _mm256_castsi256_si128(four));
        _mm_storeu_si128((__m128i *)(at + 2 * width), _mm256_extracti128_si256(four, 1));
    }
    narrow_store_portable(to + i * width, values + i, count - i, base, width);
}

SW_TARGET_AVX2 static void load_avx2(int64_t *to, const unsigned char *from, size_t count,
                                     uint64_t base, unsigned width)
{
    const __m256i order = open_order(width), more = _mm256_set1_epi64x((long long)base);
    size_t i = 0;
    for (; i + REACH <= count; i += STEP) {
        const unsigned char *at = from + i * width;
        __m128i front = _mm_loadu_si128((const __m128i *)at);
        __m128i back = _mm_loadu_si128((const __m128i *)(at + 2 * width));
        __m256i four = _mm256_inserti128_si256(_mm256_castsi128_si256(front), back, 1);
        four = _mm256_add_epi64(_mm256_shuffle_epi8(four, order), more);
        _mm256_storeu_si256((__m256i *)(to + i), four);
    }
    narrow_load_portable(to + i, from + i * width, count - i, base, width);
}

/* ---- AVX-512 ---- */

enum { EIGHT = 8, VECTOR_BYTES = 64 };

SW_TARGET_AVX512 static void bounds_avx512(const int64_t *values, size_t count, int64_t *least,
                                           int64_t *most)
{
    __m512i low[2], high[2];
    size_t i = 0;
    low[0] = low[1] = high[0] = high[1] = _mm512_set1_epi64(values[0]);
    for (; i + 2 * EIGHT <= count; i += 2 * EIGHT)
        for (int half = 0; half < 2; half++) {
            __m512i eight = _mm512_loadu_si512(values + i + half * EIGHT);
            low[half] = _mm512_min_epi64(low[half], eight);
            high[half] = _mm512_max_epi64(high[half], eight);
        }
    *least = _mm512_reduce_min_epi64(_mm512_min_epi64(low[0], low[1]));
    *most = _mm512_reduce_max_epi64(_mm512_max_epi64(high[0], high[1]));
    widen_bounds(values + i, count - i, least, most);
}

/* The first `width` bytes of each of eight numbers. */
static uint64_t first_bytes(unsigned width)
{
    return UINT64_C(0x0101010101010101) * ((1u << width) - 1);
}

SW_TARGET_AVX512 static void store_avx512(unsigned char *to, const int64_t *values, size_t count,
                                          uint64_t base, unsigned width)
{
    const __m512i less = _mm512_set1_epi64((long long)base);
    const __mmask64 kept = first_bytes(width);
    size_t i = 0;
    for (; (count - i) * width >= VECTOR_BYTES; i += EIGHT) {
        __m512i eight = _mm512_sub_epi64(_mm512_loadu_si512(values + i), less);
        _mm512_storeu_si512(to + i * width, _mm512_maskz_compress_epi8(kept, eight));
    }
    store_avx2(to + i * width, values + i, count - i, base, width);
}

SW_TARGET_AVX512 static void load_avx512(int64_t *to, const unsigned char *from, size_t count,
                                         uint64_t base, unsigned width)
{
    const __m512i more = _mm512_set1_epi64((long long)base);
    const __mmask64 kept = first_bytes(width);
    size_t i = 0;
    for (; (count - i) * width >= VECTOR_BYTES; i += EIGHT) {
        __m512i eight = _mm512_maskz_expand_epi8(kept, _mm512_loadu_si512(from + i * width));
        _mm512_storeu_si512(to + i, _mm512_add_epi64(eight, more));
    }
    load_avx2(to + i, from + i * width, count - i, base, width);
}

/* ---- the best there is ---- */

void sw_narrow_bounds(const int64_t *values, size_t count, int64_t *least, int64_t *most)
{
    (sw_cpu_has(SW_CPU_AVX512) ? bounds_avx512
     : sw_cpu_has(SW_CPU_AVX2) ? bounds_avx2
                               : narrow_bounds_portable)(values, count, least, most);
}

void sw_narrow_store(unsigned char *to, const int64_t *values, size_t count, uint64_t base,
                     unsigned width)
{
    (sw_cpu_has(SW_CPU_AVX512) ? store_avx512
     : sw_cpu_has(SW_CPU_AVX2) ? store_avx2
                               : narrow_store_portable)(to, values, count, base, width);
}

void sw_narrow_load(int64_t *to, const unsigned char *from, size_t count, uint64_t base,
                    unsigned width)
{
    (sw_cpu_has(SW_CPU_AVX512) ? load_avx512
     : sw_cpu_has(SW_CPU_AVX2) ? load_avx2
                               : narrow_load_portable)(to, from, count, base, width);
}
#else
void sw_narrow_bounds(const int64_t *values, size_t count, int64_t *least, int64_t *most)
{
    narrow_bounds_portable(values, count, least, most);
}

void sw_narrow_store(unsigned char *to, const int64_t *values, size_t count, uint64_t base,
                     unsigned width)
{
    narrow_store_portable(to, values, count, base, width);
}

void sw_narrow_load(int64_t *to, const unsigned char *from, size_t count, uint64_t base,
                    unsigned width)
{
    narrow_load_portable(to, from, count, base, width);
}
#endif
