/* SPDX-License-Identifier: ISC
 *
 * Which of 64 bytes of a CSV are separators, newlines and quotes, in each instruction set: what all scanners of text begin with.
 */
#ifndef SW_KERNELS_BYTE_MASKS_H
#define SW_KERNELS_BYTE_MASKS_H

#include <stdint.h>

#include "base/bytes.h"
#include "kernels/cpu.h"

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

#define SW_INLINE static inline __attribute__((always_inline))

enum { SW_MASK_BYTES = 64 };

/* Bit i is byte i. */
struct sw_byte_masks {
    uint64_t separators, newlines, quotes;
};

#define SW_EVERY_BYTE(byte) (UINT64_C(0x0101010101010101) * (byte))

/* A bit per byte of the word that equals the byte repeated in `pattern`. */
SW_INLINE uint64_t sw_equal_bytes(uint64_t word, uint64_t pattern)
{
    const uint64_t low7 = SW_EVERY_BYTE(0x7f);
    uint64_t differing = word ^ pattern;
    uint64_t zero = ~(((differing & low7) + low7) | differing | low7); /* 0x80 where equal */
    return (zero >> 7) * UINT64_C(0x0102040810204080) >> 56;
}

SW_INLINE struct sw_byte_masks sw_byte_masks_portable(const char *at, char separator)
{
    struct sw_byte_masks found = {0};
    for (unsigned i = 0; i < SW_MASK_BYTES / 8; i++) {
        uint64_t word = sw_load64(at + 8 * i);
        found.separators |= sw_equal_bytes(word, SW_EVERY_BYTE((unsigned char)separator)) << 8 * i;
        found.newlines |= sw_equal_bytes(word, SW_EVERY_BYTE('\n')) << 8 * i;
        found.quotes |= sw_equal_bytes(word, SW_EVERY_BYTE('"')) << 8 * i;
    }
    return found;
}

#if defined(__x86_64__)

/* A bit per byte of the two that equals one. */
SW_TARGET_AVX2 SW_INLINE uint64_t sw_equal_avx2(__m256i low, __m256i high, char byte)
{
    __m256i pattern = _mm256_set1_epi8(byte);
    uint32_t first = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, pattern));
    uint32_t second = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(high, pattern));
    return first | (uint64_t)second << 32;
}

SW_TARGET_AVX2 SW_INLINE struct sw_byte_masks sw_byte_masks_avx2(const char *at, char separator)
{
    __m256i low = _mm256_loadu_si256((const __m256i *)(const void *)at);
    __m256i high = _mm256_loadu_si256((const __m256i *)(const void *)(at + 32));
    return (struct sw_byte_masks){sw_equal_avx2(low, high, separator),
                                  sw_equal_avx2(low, high, '\n'), sw_equal_avx2(low, high, '"')};
}

SW_TARGET_AVX512 SW_INLINE struct sw_byte_masks sw_byte_masks_avx512(const char *at, char separator)
{
    __m512i bytes = _mm512_loadu_si512(at);
    return (struct sw_byte_masks){_mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(separator)),
                                  _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('\n')),
                                  _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('"'))};
}

#elif defined(__aarch64__)

/* A bit per byte that is all ones. NEON has no movemask: each keeps the bit of its place, and pairwise sums bring eight
 * bytes' bits together. */
SW_INLINE uint64_t sw_bits_neon(uint8x16_t first, uint8x16_t second, uint8x16_t third,
                                uint8x16_t fourth)
{
    static const uint8_t bit[16] = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
    uint8x16_t weights = vld1q_u8(bit);
    uint8x16_t sums = vpaddq_u8(vpaddq_u8(vandq_u8(first, weights), vandq_u8(second, weights)),
                                vpaddq_u8(vandq_u8(third, weights), vandq_u8(fourth, weights)));
    sums = vpaddq_u8(sums, sums);
    return vgetq_lane_u64(vreinterpretq_u64_u8(sums), 0);
}

SW_INLINE uint64_t sw_equal_neon(const uint8x16_t text[4], uint8_t byte)
{
    uint8x16_t pattern = vdupq_n_u8(byte);
    return sw_bits_neon(vceqq_u8(text[0], pattern), vceqq_u8(text[1], pattern),
                        vceqq_u8(text[2], pattern), vceqq_u8(text[3], pattern));
}

SW_INLINE struct sw_byte_masks sw_byte_masks_neon(const char *at, char separator)
{
    const uint8_t *bytes = (const uint8_t *)at;
    const uint8x16_t text[4] = {vld1q_u8(bytes), vld1q_u8(bytes + 16), vld1q_u8(bytes + 32),
                                vld1q_u8(bytes + 48)};
    return (struct sw_byte_masks){sw_equal_neon(text, (uint8_t)separator),
                                  sw_equal_neon(text, '\n'), sw_equal_neon(text, '"')};
}

#endif

#endif
