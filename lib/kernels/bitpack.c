/* SPDX-License-Identifier: ISC */
#include "kernels/bitpack.h"

#include "kernels/cpu.h"
#include "base/bytes.h"

enum { WIDEST_SHIFTED = 56 }; /* in eight bytes, at any of the eight bits where it may begin */

static size_t rounded_up(size_t length)
{
    return (length + 7) / 8 * 8;
}

static size_t groups_of(size_t count)
{
    return (count + SW_PACKING_GROUP - 1) / SW_PACKING_GROUP;
}

static size_t in_group(size_t count, size_t group)
{
    size_t left = count - group * SW_PACKING_GROUP;
    return left < SW_PACKING_GROUP ? left : SW_PACKING_GROUP;
}

static size_t group_bytes(size_t count, unsigned width)
{
    return (count * width + 7) / 8;
}

unsigned sw_packing_width(uint64_t most, unsigned granularity)
{
    unsigned bits = most ? 64 - (unsigned)__builtin_clzll(most) : 0;
    unsigned width = (bits + granularity - 1) / granularity * granularity;
    return width > WIDEST_SHIFTED ? 64 : width;
}

/* The highest bit of all is that of the largest. */
static inline __attribute__((always_inline)) uint64_t bits_of(const uint64_t *values, size_t count,
                                                              uint64_t reference)
{
    uint64_t bits = 0;
    for (size_t i = 0; i < count; i++) bits |= values[i] - reference;
    return bits;
}

/* Of a whole group: how many is then a constant, and the compiler takes several at a time. */
static uint64_t bits_of_group(const uint64_t *values, uint64_t reference)
{
    return bits_of(values, SW_PACKING_GROUP, reference);
}

#if defined __x86_64__
SW_TARGET_AVX2 static uint64_t bits_of_group_avx2(const uint64_t *values, uint64_t reference)
{
    return bits_of(values, SW_PACKING_GROUP, reference);
}
#endif

static uint64_t all_bits(const uint64_t *values, size_t count, uint64_t reference)
{
    if (count < SW_PACKING_GROUP) return bits_of(values, count, reference);
#if defined __x86_64__
    if (sw_cpu_has(SW_CPU_AVX2)) return bits_of_group_avx2(values, reference);
#endif
    return bits_of_group(values, reference);
}

size_t sw_packing_size(const uint64_t *values, size_t count, uint64_t reference,
                       unsigned granularity)
{
    size_t groups = groups_of(count), bytes = 0;
    for (size_t group = 0; group < groups; group++) {
        size_t part = in_group(count, group);
        uint64_t bits = all_bits(values + group * SW_PACKING_GROUP, part, reference);
        bytes += group_bytes(part, sw_packing_width(bits, granularity));
    }
    return rounded_up(groups) + rounded_up(bytes);
}

/* Some numbers side by side. */
static inline __attribute__((always_inline)) uint64_t joined(const uint64_t *values, size_t count,
                                                             uint64_t reference, unsigned width)
{
    uint64_t word = values[0] - reference;
    for (size_t i = 1; i < count; i++) word |= (values[i] - reference) << i * width;
    return word;
}

/* `step` numbers are put into a word at a time: they fit into one, and count is a multiple of it.
 */
static inline __attribute__((always_inline)) void pack_steps(unsigned char *to,
                                                             const uint64_t *values, size_t count,
                                                             uint64_t reference, unsigned width,
                                                             unsigned step)
{
    uint64_t word = 0;
    unsigned filled = 0;
    for (size_t i = 0; i < count; i += step) {
        uint64_t some = joined(values + i, step, reference, width);
        word |= some << filled;
        filled += step * width;
        if (filled < 64) continue;
        sw_store64(to, word);
        to += 8;
        filled -= 64;
        word = filled ? some >> (step * width - filled) : 0;
    }
    for (; filled; filled -= filled < 8 ? filled : 8, word >>= 8) *to++ = (unsigned char)word;
}

static void pack_group(unsigned char *to, const uint64_t *values, size_t count, uint64_t reference,
                       unsigned width)
{
    if (width <= 8 && count % 8 == 0)
        pack_steps(to, values, count, reference, width, 8);
    else if (width <= 16 && count % 4 == 0)
        pack_steps(to, values, count, reference, width, 4);
    else if (width <= 32 && count % 2 == 0)
        pack_steps(to, values, count, reference, width, 2);
    else
        pack_steps(to, values, count, reference, width, 1);
}

void sw_packing_write(unsigned char *to, const uint64_t *values, size_t count, uint64_t reference,
                      unsigned granularity)
{
    size_t groups = groups_of(count);
    unsigned char *widths = to, *start = to + rounded_up(groups), *at = start;
    memset(widths, 0, rounded_up(groups));
    for (size_t group = 0; group < groups; group++) {
        const uint64_t *some = values + group * SW_PACKING_GROUP;
        size_t part = in_group(count, group);
        unsigned width = sw_packing_width(all_bits(some, part, reference), granularity);
        widths[group] = (unsigned char)width;
        if (width) pack_group(at, some, part, reference, width);
        at += group_bytes(part, width);
    }
    memset(at, 0, rounded_up((size_t)(at - start)) - (size_t)(at - start));
}

static uint64_t mask_of(unsigned width)
{
    return (UINT64_C(1) << width) - 1;
}

static inline uint64_t unpack_one(const unsigned char *from, size_t place, unsigned width)
{
    size_t bit = place * width;
    return (sw_load64(from + bit / 8) >> bit % 8) & mask_of(width);
}

/* Where a group is not whole: one at a time. */
static void unpack_some(const unsigned char *from, uint64_t *to, size_t count, uint64_t add,
                        unsigned width)
{
    for (size_t i = 0; i < count; i++) to[i] = add + unpack_one(from, i, width);
}

/* Eight numbers of `width` bits fill `width` bytes. Inlined with a constant width, every address
 * and shift in here is one. */
static inline __attribute__((always_inline)) void
unpack_eights(const unsigned char *from, uint64_t *to, size_t count, uint64_t add, unsigned width)
{
    for (size_t i = 0; i < count; i += 8, from += width, to += 8) {
        to[0] = add + (sw_load64(from) & mask_of(width));
        to[1] = add + ((sw_load64(from + width / 8) >> width % 8) & mask_of(width));
        to[2] = add + ((sw_load64(from + 2 * width / 8) >> 2 * width % 8) & mask_of(width));
        to[3] = add + ((sw_load64(from + 3 * width / 8) >> 3 * width % 8) & mask_of(width));
        to[4] = add + ((sw_load64(from + 4 * width / 8) >> 4 * width % 8) & mask_of(width));
        to[5] = add + ((sw_load64(from + 5 * width / 8) >> 5 * width % 8) & mask_of(width));
        to[6] = add + ((sw_load64(from + 6 * width / 8) >> 6 * width % 8) & mask_of(width));
        to[7] = add + ((sw_load64(from + 7 * width / 8) >> 7 * width % 8) & mask_of(width));
    }
}

static void unpack_same(const unsigned char *from, uint64_t *to, size_t count, uint64_t add)
{
    (void)from;
    for (size_t i = 0; i < count; i++) to[i] = add;
}

static void unpack_words(const unsigned char *from, uint64_t *to, size_t count, uint64_t add)
{
    for (size_t i = 0; i < count; i++) to[i] = add + sw_load64(from + 8 * i);
}

#if defined __x86_64__
#include <immintrin.h>

/* Where the bytes of the second of two neighbouring numbers begin, and by how many bits both are
 * off, for the two that begin `bit` bits after a whole byte. */
#define SECOND_BYTE(bit, width) ((char)(((bit) % 8 + (width)) / 8))
#define FROM_BYTE(first)                                                                           \
    (first), (first) + 1, (first) + 2, (first) + 3, (first) + 4, (first) + 5, (first) + 6,         \
        (first) + 7
#define PAIR(bit, width) FROM_BYTE(0), FROM_BYTE(SECOND_BYTE(bit, width))
#define SHIFTS(bit, width) (bit) % 8, ((bit) + (width)) % 8

/* Four numbers, of which the first begins `bit` bits after `from`: two are fetched by one load of
 * sixteen bytes, and brought to where their bytes and bits belong by constants. */
SW_TARGET_AVX2 static inline __attribute__((always_inline)) void
unpack_four(const unsigned char *from, uint64_t *to, __m256i add, int bit, int width)
{
    const int next = bit + 2 * width;
    const __m256i bytes = _mm256_setr_epi8(PAIR(bit, width), PAIR(next, width));
    const __m256i shifts = _mm256_setr_epi64x(SHIFTS(bit, width), SHIFTS(next, width));
    __m128i low = _mm_loadu_si128((const __m128i *)(const void *)(from + bit / 8));
    __m128i high = _mm_loadu_si128((const __m128i *)(const void *)(from + next / 8));
    __m256i both = _mm256_inserti128_si256(_mm256_castsi128_si256(low), high, 1);
    __m256i numbers = _mm256_srlv_epi64(_mm256_shuffle_epi8(both, bytes), shifts);
    numbers = _mm256_and_si256(numbers, _mm256_set1_epi64x((INT64_C(1) << width) - 1));
    _mm256_storeu_si256((__m256i *)(void *)to, _mm256_add_epi64(numbers, add));
}

/* As unpack_eights; the last numbers of the group are left to it where sixteen bytes might reach
 * after those that are readable. */
SW_TARGET_AVX2 static inline __attribute__((always_inline)) void
unpack_avx2_eights(const unsigned char *from, uint64_t *to, uint64_t add, unsigned width)
{
    const __m256i adds = _mm256_set1_epi64x((int64_t)add);
    size_t bytes = SW_PACKING_GROUP / 8 * width + SW_PACKING_SLACK, left = SW_PACKING_GROUP;
    for (; left && bytes >= 6 * width / 8 + 16; left -= 8, bytes -= width, from += width, to += 8) {
        unpack_four(from, to, adds, 0, (int)width);
        unpack_four(from, to + 4, adds, 4 * (int)width, (int)width);
    }
    unpack_eights(from, to, left, add, width);
}
#endif

#define WIDTH(width)                                                                               \
    case width:                                                                                    \
        UNPACK(width);                                                                             \
        return;
#define EIGHT_WIDTHS(first)                                                                        \
    WIDTH(first)                                                                                   \
    WIDTH(first + 1)                                                                               \
    WIDTH(first + 2)                                                                               \
    WIDTH(first + 3) WIDTH(first + 4) WIDTH(first + 5) WIDTH(first + 6) WIDTH(first + 7)
#define ALL_WIDTHS                                                                                 \
    EIGHT_WIDTHS(1)                                                                                \
    EIGHT_WIDTHS(9)                                                                                \
    EIGHT_WIDTHS(17) EIGHT_WIDTHS(25) EIGHT_WIDTHS(33) EIGHT_WIDTHS(41) EIGHT_WIDTHS(49)

static void unpack_portable(const unsigned char *from, uint64_t *to, uint64_t add, unsigned width)
{
#define UNPACK(width) unpack_eights(from, to, SW_PACKING_GROUP, add, width)
    switch (width) {
        ALL_WIDTHS
    default:
        return;
    }
#undef UNPACK
}

#if defined __x86_64__
SW_TARGET_AVX2 static void unpack_avx2(const unsigned char *from, uint64_t *to, uint64_t add,
                                       unsigned width)
{
#define UNPACK(width) unpack_avx2_eights(from, to, add, width)
    switch (width) {
        ALL_WIDTHS
    default:
        return;
    }
#undef UNPACK
}
#endif

static void unpack_whole(const unsigned char *from, uint64_t *to, uint64_t add, unsigned width)
{
#if defined __x86_64__
    if (sw_cpu_has(SW_CPU_AVX2)) {
        unpack_avx2(from, to, add, width);
        return;
    }
#endif
    unpack_portable(from, to, add, width);
}

static void unpack_group(const unsigned char *from, uint64_t *to, size_t count, uint64_t add,
                         unsigned width)
{
    if (width == 0)
        unpack_same(from, to, count, add);
    else if (width == 64)
        unpack_words(from, to, count, add);
    else if (count == SW_PACKING_GROUP)
        unpack_whole(from, to, add, width);
    else
        unpack_some(from, to, count, add, width);
}

bool sw_packing_read(const unsigned char *bytes, size_t length, uint64_t *to, size_t count,
                     uint64_t add, size_t *used)
{
    size_t groups = groups_of(count), at = rounded_up(groups);
    if (at > length) return false;
    for (size_t group = 0; group < groups; group++) {
        size_t part = in_group(count, group);
        unsigned width = bytes[group];
        if (width > WIDEST_SHIFTED && width != 64) return false;
        if (group_bytes(part, width) > length - at) return false;
        unpack_group(bytes + at, to + group * SW_PACKING_GROUP, part, add, width);
        at += group_bytes(part, width);
    }
    *used = rounded_up(at);
    return *used <= length;
}

bool sw_packing_groups(const unsigned char *bytes, size_t length, size_t count, uint32_t *offsets,
                       size_t *used)
{
    size_t groups = groups_of(count), at = rounded_up(groups);
    if (at > length) return false;
    for (size_t group = 0; group < groups; group++) {
        unsigned width = bytes[group];
        if (width > WIDEST_SHIFTED && width != 64) return false;
        if (offsets) offsets[group] = (uint32_t)at;
        at += group_bytes(in_group(count, group), width);
    }
    *used = rounded_up(at);
    return *used <= length;
}

void sw_packing_pick(const unsigned char *bytes, const uint32_t *offsets, const uint32_t *places,
                     size_t picks, uint64_t add, uint64_t *to)
{
    for (size_t i = 0; i < picks; i++) {
        size_t group = places[i] / SW_PACKING_GROUP, within = places[i] % SW_PACKING_GROUP;
        const unsigned char *from = bytes + offsets[group];
        unsigned width = bytes[group];
        to[i] =
            add + (width == 64 ? sw_load64(from + 8 * within) : unpack_one(from, within, width));
    }
}

void sw_packing_group(const unsigned char *bytes, const uint32_t *offsets, size_t count,
                      size_t group, uint64_t *numbers)
{
    unpack_group(bytes + offsets[group], numbers, in_group(count, group), 0, bytes[group]);
}

static uint64_t sum_portable(const uint64_t *numbers, size_t count)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < count; i++) sum += numbers[i];
    return sum;
}

#if defined __x86_64__
SW_TARGET_AVX2 static uint64_t sum_avx2(const uint64_t *numbers, size_t count)
{
    __m256i first = _mm256_setzero_si256(), second = first;
    size_t i = 0;
    for (; i + 8 <= count; i += 8) {
        const __m256i_u *eight = (const __m256i_u *)(numbers + i);
        first = _mm256_add_epi64(first, _mm256_loadu_si256(eight));
        second = _mm256_add_epi64(second, _mm256_loadu_si256(eight + 1));
    }
    first = _mm256_add_epi64(first, second);
    __m128i pair = _mm_add_epi64(_mm256_castsi256_si128(first), _mm256_extracti128_si256(first, 1));
    uint64_t sum = (uint64_t)_mm_cvtsi128_si64(pair) + (uint64_t)_mm_extract_epi64(pair, 1);
    return sum + sum_portable(numbers + i, count - i);
}
#endif

uint64_t sw_packing_sum(const uint64_t *numbers, size_t count)
{
#if defined __x86_64__
    if (sw_cpu_has(SW_CPU_AVX2)) return sum_avx2(numbers, count);
#endif
    return sum_portable(numbers, count);
}

static void sums_portable(uint64_t *numbers, size_t count, uint64_t start)
{
    for (size_t i = 0; i < count; i++) numbers[i] = start += numbers[i];
}

#if defined __x86_64__
/* Four at a time: what they come to is added to the base of the next four, which is all that these
 * wait for. */
SW_TARGET_AVX2 static void sums_avx2(uint64_t *numbers, size_t count, uint64_t start)
{
    const __m256i zero = _mm256_setzero_si256();
    __m256i base = _mm256_set1_epi64x((int64_t)start);
    size_t i = 0;
    for (; i + 4 <= count; i += 4) {
        __m256i_u *four = (__m256i_u *)(numbers + i);
        __m256i pairs = _mm256_loadu_si256(four);
        pairs = _mm256_add_epi64(pairs, _mm256_slli_si256(pairs, 8));
        __m256i first = _mm256_permute4x64_epi64(pairs, 0x55);
        __m256i sums = _mm256_add_epi64(pairs, _mm256_blend_epi32(zero, first, 0xf0));
        _mm256_storeu_si256(four, _mm256_add_epi64(base, sums));
        base = _mm256_add_epi64(base, _mm256_permute4x64_epi64(sums, 0xff));
    }
    sums_portable(numbers + i, count - i, (uint64_t)_mm256_extract_epi64(base, 0));
}
#endif

void sw_packing_sums(uint64_t *numbers, size_t count, uint64_t start)
{
#if defined __x86_64__
    if (sw_cpu_has(SW_CPU_AVX2)) {
        sums_avx2(numbers, count, start);
        return;
    }
#endif
    sums_portable(numbers, count, start);
}
