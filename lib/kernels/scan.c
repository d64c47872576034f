/* SPDX-License-Identifier: ISC */
#include "kernels/scan.h"

#include "kernels/cpu.h"
#include "base/bytes.h"

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

#define INLINE static inline __attribute__((always_inline))

/* Which of 64 bytes are separators, newlines, quotes: bit i is byte i. */
struct masks {
    uint64_t separators, newlines, quotes;
};

/* Turns set bits into places. Eight are written at a time, whether there are as many or not: a loop
 * whose length can be predicted is worth more than the stores it wastes. */
INLINE uint32_t *write_places(uint32_t *to, uint64_t bits, uint32_t at)
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
INLINE struct sw_scan scan_with(const char *base, size_t from, size_t to, char separator,
                                uint32_t *places, struct masks (*find)(const char *, char),
                                uint32_t *(*write)(uint32_t *, uint64_t, uint32_t))
{
    struct sw_scan scan = {0};
    uint32_t *next = places;
    for (size_t at = from; at < to; at += SW_SCAN_STEP) {
        struct masks found = find(base + at, separator);
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

#define EVERY_BYTE(byte) (UINT64_C(0x0101010101010101) * (byte))

/* A bit per byte of the word that equals the byte repeated in `pattern`. */
INLINE uint64_t equal_bytes(uint64_t word, uint64_t pattern)
{
    const uint64_t low7 = EVERY_BYTE(0x7f);
    uint64_t differing = word ^ pattern;
    uint64_t zero = ~(((differing & low7) + low7) | differing | low7); /* 0x80 where equal */
    return (zero >> 7) * UINT64_C(0x0102040810204080) >> 56;
}

INLINE struct masks find_portable(const char *at, char separator)
{
    struct masks found = {0};
    for (unsigned i = 0; i < SW_SCAN_STEP / 8; i++) {
        uint64_t word = sw_load64(at + 8 * i);
        found.separators |= equal_bytes(word, EVERY_BYTE((unsigned char)separator)) << 8 * i;
        found.newlines |= equal_bytes(word, EVERY_BYTE('\n')) << 8 * i;
        found.quotes |= equal_bytes(word, EVERY_BYTE('"')) << 8 * i;
    }
    return found;
}

static struct sw_scan scan_portable(const char *base, size_t from, size_t to, char separator,
                                    uint32_t *places)
{
    return scan_with(base, from, to, separator, places, find_portable, write_places);
}

#if defined(__x86_64__)

SW_TARGET_AVX2 static inline uint64_t equal_avx2(__m256i low, __m256i high, char byte)
{
    __m256i pattern = _mm256_set1_epi8(byte);
    uint32_t first = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, pattern));
    uint32_t second = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(high, pattern));
    return first | (uint64_t)second << 32;
}

SW_TARGET_AVX2 static inline struct masks find_avx2(const char *at, char separator)
{
    __m256i low = _mm256_loadu_si256((const __m256i *)(const void *)at);
    __m256i high = _mm256_loadu_si256((const __m256i *)(const void *)(at + 32));
    return (struct masks){equal_avx2(low, high, separator), equal_avx2(low, high, '\n'),
                          equal_avx2(low, high, '"')};
}

SW_TARGET_AVX2 static struct sw_scan scan_avx2(const char *base, size_t from, size_t to,
                                               char separator, uint32_t *places)
{
    return scan_with(base, from, to, separator, places, find_avx2, write_places);
}

SW_TARGET_AVX512 static inline struct masks find_avx512(const char *at, char separator)
{
    __m512i bytes = _mm512_loadu_si512(at);
    return (struct masks){_mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(separator)),
                          _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('\n')),
                          _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('"'))};
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
    return scan_with(base, from, to, separator, places, find_avx512, write_avx512);
}

#elif defined(__aarch64__)

/* NEON has no movemask: each byte keeps the bit of its place, and pairwise sums bring eight bytes'
 * bits together. */
INLINE uint64_t equal_neon(const uint8x16_t text[4], uint8_t byte)
{
    static const uint8_t bit[16] = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
    uint8x16_t weights = vld1q_u8(bit), pattern = vdupq_n_u8(byte);
    uint8x16_t first = vandq_u8(vceqq_u8(text[0], pattern), weights);
    uint8x16_t second = vandq_u8(vceqq_u8(text[1], pattern), weights);
    uint8x16_t third = vandq_u8(vceqq_u8(text[2], pattern), weights);
    uint8x16_t fourth = vandq_u8(vceqq_u8(text[3], pattern), weights);
    uint8x16_t sums = vpaddq_u8(vpaddq_u8(first, second), vpaddq_u8(third, fourth));
    sums = vpaddq_u8(sums, sums);
    return vgetq_lane_u64(vreinterpretq_u64_u8(sums), 0);
}

INLINE struct masks find_neon(const char *at, char separator)
{
    const uint8_t *bytes = (const uint8_t *)at;
    const uint8x16_t text[4] = {vld1q_u8(bytes), vld1q_u8(bytes + 16), vld1q_u8(bytes + 32),
                                vld1q_u8(bytes + 48)};
    return (struct masks){equal_neon(text, (uint8_t)separator), equal_neon(text, '\n'),
                          equal_neon(text, '"')};
}

static struct sw_scan scan_neon(const char *base, size_t from, size_t to, char separator,
                                uint32_t *places)
{
    return scan_with(base, from, to, separator, places, find_neon, write_places);
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
