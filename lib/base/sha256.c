/* SPDX-License-Identifier: ISC */
#include "base/sha256.h"

#include <stdbool.h>
#include <string.h>

#if defined __x86_64__
#include <immintrin.h>

#include "base/cpu_feature.h"
#ifdef SW_CPU_FEATURES_OF_COMPILER
#include <cpuid.h>
#endif
#endif

static const uint32_t constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint32_t turn(uint32_t word, int bits)
{
    return word >> bits | word << (32 - bits);
}

static uint32_t load_big_endian(const unsigned char *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static void spread(uint32_t words[64], const unsigned char *block)
{
    for (int i = 0; i < 16; i++) words[i] = load_big_endian(block + 4 * i);
    for (int i = 16; i < 64; i++) {
        uint32_t near = words[i - 2], far = words[i - 15];
        words[i] = words[i - 16] + words[i - 7] + (turn(far, 7) ^ turn(far, 18) ^ far >> 3) +
                   (turn(near, 17) ^ turn(near, 19) ^ near >> 10);
    }
}

static void mix_block(uint32_t state[8], const unsigned char *block)
{
    uint32_t words[64], s[8];
    spread(words, block);
    memcpy(s, state, sizeof s);
    for (int i = 0; i < 64; i++) {
        uint32_t chosen = (s[4] & s[5]) ^ (~s[4] & s[6]);
        uint32_t most = (s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]);
        uint32_t one = s[7] + (turn(s[4], 6) ^ turn(s[4], 11) ^ turn(s[4], 25)) + chosen +
                       constants[i] + words[i];
        uint32_t two = (turn(s[0], 2) ^ turn(s[0], 13) ^ turn(s[0], 22)) + most;
        memmove(s + 1, s, 7 * sizeof *s);
        s[4] += one;
        s[0] = one + two;
    }
    for (int i = 0; i < 8; i++) state[i] += s[i];
}

static void mix_portable(uint32_t state[8], const unsigned char *blocks, size_t count)
{
    for (size_t i = 0; i < count; i++) mix_block(state, blocks + i * SW_SHA256_BLOCK);
}

#if defined __x86_64__

#define WITH_SHA __attribute__((target("sha,sse4.1")))

/* The next four words of the message from the last sixteen. */
WITH_SHA static __m128i next_words(const __m128i last[4])
{
    __m128i sum =
        _mm_add_epi32(_mm_sha256msg1_epu32(last[0], last[1]), _mm_alignr_epi8(last[3], last[2], 4));
    return _mm_sha256msg2_epu32(sum, last[3]);
}

/* The instructions want the state as ABEF and CDGH. */
WITH_SHA static void mix_with_sha(uint32_t state[8], const unsigned char *blocks, size_t count)
{
    const __m128i big_endian = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
    __m128i low = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)state), 0xB1);
    __m128i high = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(state + 4)), 0x1B);
    __m128i abef = _mm_alignr_epi8(low, high, 8), cdgh = _mm_blend_epi16(high, low, 0xF0);
    for (; count > 0; count--, blocks += SW_SHA256_BLOCK) {
        __m128i words[4], abef_before = abef, cdgh_before = cdgh;
        /* Not unrolled, the words are moved through memory: a sixth of the speed. */
#pragma GCC unroll 16
        for (int i = 0; i < 16; i++) {
            const __m128i *at = (const __m128i *)blocks + i;
            __m128i word =
                i < 4 ? _mm_shuffle_epi8(_mm_loadu_si128(at), big_endian) : next_words(words);
            if (i >= 4) memmove(words, words + 1, 3 * sizeof *words);
            words[i < 4 ? i : 3] = word;
            __m128i sum =
                _mm_add_epi32(word, _mm_loadu_si128((const __m128i *)(constants + 4 * i)));
            cdgh = _mm_sha256rnds2_epu32(cdgh, abef, sum);
            abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(sum, 0x0E));
        }
        abef = _mm_add_epi32(abef, abef_before);
        cdgh = _mm_add_epi32(cdgh, cdgh_before);
    }
    low = _mm_shuffle_epi32(abef, 0x1B);
    high = _mm_shuffle_epi32(cdgh, 0xB1);
    _mm_storeu_si128((__m128i *)state, _mm_blend_epi16(low, high, 0xF0));
    _mm_storeu_si128((__m128i *)(state + 4), _mm_alignr_epi8(high, low, 8));
}

/* The compiler's support knows nothing of SHA before GCC 14. */
static bool has_sha(void)
{
#ifdef SW_CPU_FEATURES_OF_COMPILER
    enum { SHA = 1 << 29 };
    unsigned a, b = 0, c, d;
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & SHA);
#else
    return CPU_FEATURE_ACTIVE(SHA);
#endif
}

static sw_sha256_mixer *best_mixer(void)
{
    return has_sha() && SW_CPU_FEATURE(SSE4_1, "sse4.1") ? mix_with_sha : mix_portable;
}

#else

static sw_sha256_mixer *best_mixer(void)
{
    return mix_portable;
}

#endif

void sw_sha256_begin_portable(struct sw_sha256 *hash)
{
    *hash = (struct sw_sha256){.state = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f,
                                         0x9b05688c, 0x1f83d9ab, 0x5be0cd19},
                               .mix = mix_portable};
}

void sw_sha256_begin(struct sw_sha256 *hash)
{
    static sw_sha256_mixer *mixer;
    if (!mixer) mixer = best_mixer();
    sw_sha256_begin_portable(hash);
    hash->mix = mixer;
}

void sw_sha256_add(struct sw_sha256 *hash, const void *bytes, size_t length)
{
    const unsigned char *from = bytes;
    size_t pending = hash->length % SW_SHA256_BLOCK;
    hash->length += length;
    if (pending > 0) {
        size_t room = SW_SHA256_BLOCK - pending, taken = length < room ? length : room;
        memcpy(hash->pending + pending, from, taken);
        if (taken < room) return;
        hash->mix(hash->state, hash->pending, 1);
        from += taken;
        length -= taken;
    }
    size_t blocks = length / SW_SHA256_BLOCK;
    hash->mix(hash->state, from, blocks);
    if (length % SW_SHA256_BLOCK)
        memcpy(hash->pending, from + blocks * SW_SHA256_BLOCK, length % SW_SHA256_BLOCK);
}

void sw_sha256_end(struct sw_sha256 *hash, unsigned char digest[SW_SHA256_BYTES])
{
    static const unsigned char padding[SW_SHA256_BLOCK] = {0x80};
    uint64_t bits = hash->length * 8;
    unsigned char last[8];
    for (int i = 0; i < 8; i++) last[i] = (unsigned char)(bits >> (56 - 8 * i));
    size_t pending = hash->length % SW_SHA256_BLOCK;
    sw_sha256_add(hash, padding, (pending < 56 ? 56 : 120) - pending);
    sw_sha256_add(hash, last, sizeof last);
    for (int i = 0; i < SW_SHA256_BYTES; i++)
        digest[i] = (unsigned char)(hash->state[i / 4] >> (24 - 8 * (i % 4)));
}
