/* SPDX-License-Identifier: ISC */
#include "kernels/scan.h"

#include "kernels/byte_masks.h"

_Static_assert((int)SW_SCAN_STEP == (int)SW_MASK_BYTES,
               "a step of the scan is what one mask tells");

/* Turns set bits into places. Eight are written at a time, whether there are as many or not: a loop
 * whose length can be predicted is worth more than the stores it wastes. */
SW_INLINE uint32_t *write_places(uint32_t *to, uint64_t bits, uint32_t at)
{
    int count = __builtin_popcountll(bits);
    for (int done = 0; done < count; done += 8)
        for (int i = 0; i < 8; i++) {
            to[done + i] = at + (uint32_t)(bits ? __builtin_ctzll(bits) : 0);
            bits &= bits - 1;
        }
    return to + count;
}

/* The loop over steps, into which each level's ways to find and to write are inlined. */
SW_INLINE struct sw_scan scan_with(const char *base, size_t from, size_t to, char separator,
                                   uint32_t *places,
                                   struct sw_byte_masks (*find)(const char *, char),
                                   uint32_t *(*write)(uint32_t *, uint64_t, uint32_t))
{
    struct sw_scan scan = {0};
    uint32_t *next = places;
    for (size_t at = from; at < to; at += SW_SCAN_STEP) {
        struct sw_byte_masks found = find(base + at, separator);
        uint64_t within = to - at >= SW_SCAN_STEP ? ~UINT64_C(0) : (UINT64_C(1) << (to - at)) - 1;
        if (found.quotes & within) {
            scan.quote = true;
            break;
        }
        next = write(next, (found.separators | found.newlines) & within, (uint32_t)at);
        scan.newlines += (size_t)__builtin_popcountll(found.newlines & within);
    }
    scan.places = (size_t)(next - places);
    return scan;
}

static struct sw_scan scan_portable(const char *base, size_t from, size_t to, char separator,
                                    uint32_t *places)
{
    return scan_with(base, from, to, separator, places, sw_byte_masks_portable, write_places);
}

#if defined(__x86_64__)

SW_TARGET_AVX2 static struct sw_scan scan_avx2(const char *base, size_t from, size_t to,
                                               char separator, uint32_t *places)
{
    return scan_with(base, from, to, separator, places, sw_byte_masks_avx2, write_places);
}

/* Sixteen at a time: the numbers 0 to 63 are pressed together where bits are set. */
SW_TARGET_AVX512 static inline uint32_t *write_avx512(uint32_t *to, uint64_t bits, uint32_t at)
{
    static const uint8_t numbers[64] = {
        0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
        22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43,
        44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};
    int count = __builtin_popcountll(bits);
    __m512i base = _mm512_set1_epi32((int)at);
    __m512i pressed = _mm512_maskz_compress_epi8(bits, _mm512_loadu_si512(numbers));
    for (int done = 0; done < count; done += 16) {
        __m512i wide = _mm512_cvtepu8_epi32(_mm512_castsi512_si128(pressed));
        _mm512_storeu_si512(to + done, _mm512_add_epi32(wide, base));
        pressed = _mm512_shuffle_i64x2(pressed, pressed, 0x39);
    }
    return to + count;
}

SW_TARGET_AVX512 static struct sw_scan scan_avx512(const char *base, size_t from, size_t to,
                                                   char separator, uint32_t *places)
{
    return scan_with(base, from, to, separator, places, sw_byte_masks_avx512, write_avx512);
}

#elif defined(__aarch64__)

static struct sw_scan scan_neon(const char *base, size_t from, size_t to, char separator,
                                uint32_t *places)
{
    return scan_with(base, from, to, separator, places, sw_byte_masks_neon, write_places);
}

#endif

sw_scan_function *sw_scan_of_level(enum sw_cpu_level level)
{
    if (!sw_cpu_has(level)) return NULL;
    switch (level) {
#if defined(__x86_64__)
    case SW_CPU_AVX2:
        return scan_avx2;
    case SW_CPU_AVX512:
        return scan_avx512;
#elif defined(__aarch64__)
    case SW_CPU_NEON:
        return scan_neon;
#endif
    default:
        return scan_portable;
    }
}

sw_scan_function *sw_scan_best(void)
{
    for (int level = SW_CPU_LEVELS - 1; level > SW_CPU_PORTABLE; level--) {
        sw_scan_function *scan = sw_scan_of_level((enum sw_cpu_level)level);
        if (scan) return scan;
    }
    return scan_portable;
}
