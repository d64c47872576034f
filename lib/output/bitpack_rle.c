/* SPDX-License-Identifier: ISC */
#include "output/bitpack_rle.h"

enum {
    VARINT_MAXIMUM = 10, /* bytes */
    GROUP = 8,           /* values that are packed together in the hybrid */
    MINIBLOCK = 32,
    MINIBLOCKS = 4,
    BLOCK = MINIBLOCK * MINIBLOCKS,
    SLACK = 16, /* bytes that may be written after the last one */
};

/* ---- what both use; out has room ---- */

static void put_varint(struct sw_buffer *out, uint64_t value)
{
    for (; value >= 0x80; value >>= 7) out->bytes[out->length++] = (unsigned char)(value | 0x80);
    out->bytes[out->length++] = (unsigned char)value;
}

static void put_zigzag(struct sw_buffer *out, int64_t value)
{
    put_varint(out, (uint64_t)value << 1 ^ (uint64_t)(value >> 63));
}

/* Bits wait here, the first one lowest, until there are eight bytes of them. */
struct packer {
    struct sw_buffer *out;
    uint64_t waiting;
    int bits;
};

static inline void pack(struct packer *packer, uint64_t value, int width)
{
    packer->waiting |= value << packer->bits;
    packer->bits += width;
    if (packer->bits < 64) return;
    sw_store64(packer->out->bytes + packer->out->length, packer->waiting);
    packer->out->length += 8;
    packer->bits -= 64;
    packer->waiting = packer->bits ? value >> (width - packer->bits) : 0;
}

/* What waits is whole bytes: values come in multiples of eight. */
static void flush(struct packer *packer)
{
    sw_store64(packer->out->bytes + packer->out->length, packer->waiting);
    packer->out->length += (size_t)packer->bits / 8;
}

static int width_of(uint64_t most)
{
    return most ? 64 - __builtin_clzll(most) : 0;
}

int sw_pack_width(uint32_t most)
{
    return most ? width_of(most) : 1;
}

/* ---- hybrid ---- */

static size_t run_length(const uint32_t *values, size_t count)
{
    size_t length = 1;
    while (length < count && values[length] == values[0]) length++;
    return length;
}

static void put_run(struct sw_buffer *out, uint32_t value, size_t length, int width)
{
    put_varint(out, (uint64_t)length << 1);
    sw_store32(out->bytes + out->length, value);
    out->length += ((size_t)width + 7) / 8;
}

static bool is_run(const uint32_t *values)
{
    if (values[0] != values[GROUP - 1]) return false; /* most are told by that */
    for (size_t i = 1; i < GROUP - 1; i++)
        if (values[i] != values[0]) return false;
    return true;
}

/* The values, in whole groups unless they are the last, that are packed before the next run. */
static size_t literal_length(const uint32_t *values, size_t count)
{
    size_t length = GROUP;
    while (length < count && !(count - length >= GROUP && is_run(values + length))) length += GROUP;
    return length < count ? length : count;
}

/* Eight values of at most eight bits are one number: neighbours are put together, then pairs, then fours. */
static uint64_t pack_eight(const uint32_t *values, int width)
{
    uint64_t twos[4], low, high;
    for (int i = 0; i < 4; i++) twos[i] = values[2 * i] | (uint64_t)values[2 * i + 1] << width;
    low = twos[0] | twos[1] << 2 * width;
    high = twos[2] | twos[3] << 2 * width;
    return low | high << 4 * width;
}

static uint64_t pack_four(const uint32_t *values, int width)
{
    uint64_t low = values[0] | (uint64_t)values[1] << width,
             high = values[2] | (uint64_t)values[3] << width;
    return low | high << 2 * width;
}

/* A whole group. Bytes after it may be overwritten. */
static void put_group(struct sw_buffer *out, const uint32_t *values, int width)
{
    unsigned char *to = out->bytes + out->length;
    if (width <= 8) {
        sw_store64(to, pack_eight(values, width));
    } else {
        const uint64_t first = pack_four(values, width), second = pack_four(values + 4, width);
        const int used = 4 * width; /* bits of the first, at least 36 */
        sw_store64(to, used < 64 ? first | second << used : first);
        sw_store64(to + 8, used < 64 ? second >> (64 - used) : second);
    }
    out->length += (size_t)width;
}

static void put_literal(struct sw_buffer *out, const uint32_t *values, size_t count, int width)
{
    uint32_t last[GROUP] = {0};
    put_varint(out, (uint64_t)((count + GROUP - 1) / GROUP) << 1 | 1);
    for (; count >= GROUP; count -= GROUP, values += GROUP) put_group(out, values, width);
    if (count == 0) return;
    memcpy(last, values, count * sizeof *last);
    put_group(out, last, width);
}

bool sw_pack_hybrid(struct sw_buffer *out, const uint32_t *values, size_t count, int width,
                    struct sw_error *error)
{
    size_t most = (count / GROUP + 2) * ((size_t)width + 2 * VARINT_MAXIMUM) + SLACK;
    if (!sw_buffer_reserve(out, most, error)) return false;
    for (size_t i = 0; i < count;) {
        size_t length = run_length(values + i, count - i);
        if (length >= GROUP) {
            put_run(out, values[i], length, width);
        } else {
            length = literal_length(values + i, count - i);
            put_literal(out, values + i, length, width);
        }
        i += length;
    }
    return true;
}

/* ---- bits ---- */

/* Bits from `at` on, the first one lowest; past the `count` that there are, zeros or not. */
static uint64_t bits_at(const uint64_t *words, size_t at, size_t count)
{
    const uint64_t *word = words + at / 64;
    const unsigned shift = at % 64;
    uint64_t bits = word[0] >> shift;
    if (shift && (at / 64 + 1) * 64 < count) bits |= word[1] << (64 - shift);
    return bits;
}

static size_t bit_run(const uint64_t *words, size_t from, size_t count)
{
    const uint64_t flip = words[from / 64] >> from % 64 & 1 ? UINT64_MAX : 0;
    for (size_t at = from; at < count; at += 64 - at % 64) {
        /* the first bit that is another, in this word */
        const uint64_t others = (words[at / 64] ^ flip) >> at % 64;
        if (!others) continue;
        const size_t end = at + (size_t)__builtin_ctzll(others);
        return (end < count ? end : count) - from;
    }
    return count - from;
}

static size_t bit_literal(const uint64_t *words, size_t from, size_t count)
{
    size_t end = from + GROUP;
    for (; end + GROUP <= count; end += GROUP) {
        const unsigned char eight = (unsigned char)bits_at(words, end, count);
        if (eight == 0 || eight == UINT8_MAX) break;
    }
    if (end + GROUP > count) return count - from; /* no run can begin any more */
    return end - from;
}

static void put_bit_literal(struct sw_buffer *out, const uint64_t *words, size_t from,
                            size_t length, size_t count)
{
    put_varint(out, (uint64_t)((length + GROUP - 1) / GROUP) << 1 | 1);
    for (; length >= GROUP; length -= GROUP, from += GROUP)
        out->bytes[out->length++] = (unsigned char)bits_at(words, from, count);
    if (length)
        out->bytes[out->length++] =
            (unsigned char)(bits_at(words, from, count) & ((1U << length) - 1));
}

static void put_ones(struct sw_buffer *out, size_t count)
{
    if (count >= GROUP) {
        put_run(out, 1, count, 1);
    } else if (count) {
        put_varint(out, 1 << 1 | 1);
        out->bytes[out->length++] = (unsigned char)((1U << count) - 1);
    }
}

bool sw_pack_bits(struct sw_buffer *out, const uint64_t *words, size_t count,
                  struct sw_error *error)
{
    if (!sw_buffer_reserve(out, (count / GROUP + 2) * (1 + 2 * VARINT_MAXIMUM) + SLACK, error))
        return false;
    if (!words) put_ones(out, count);
    for (size_t i = 0; words && i < count;) {
        size_t length = bit_run(words, i, count);
        if (length >= GROUP) {
            put_run(out, (uint32_t)(words[i / 64] >> i % 64 & 1), length, 1);
        } else {
            length = bit_literal(words, i, count);
            put_bit_literal(out, words, i, length, count);
        }
        i += length;
    }
    return true;
}

/* ---- delta ---- */

/* The block's differences above the least of them, which is returned; those that the block has not
 * are 0. */
static int64_t differences(const int64_t *values, size_t count, uint64_t *above)
{
    int64_t smallest = INT64_MAX;
    for (size_t i = 0; i < count; i++) {
        above[i] = (uint64_t)values[i] - (uint64_t)values[(ptrdiff_t)i - 1];
        if ((int64_t)above[i] < smallest) smallest = (int64_t)above[i];
    }
    for (size_t i = 0; i < count; i++) above[i] -= (uint64_t)smallest;
    memset(above + count, 0, (BLOCK - count) * sizeof *above);
    return smallest;
}

/* values[-1] is there: the one before the block. */
static void put_block(struct sw_buffer *out, const int64_t *values, size_t count)
{
    uint64_t above[BLOCK];
    put_zigzag(out, differences(values, count, above));
    unsigned char *widths = out->bytes + out->length;
    out->length += MINIBLOCKS;
    for (size_t m = 0; m < MINIBLOCKS; m++) {
        const uint64_t *mini = above + m * MINIBLOCK;
        uint64_t all = 0;
        for (size_t i = 0; i < MINIBLOCK; i++) all |= mini[i];
        int width = width_of(all);
        widths[m] = (unsigned char)width;
        if (width == 0 || m * MINIBLOCK >= count) continue;
        struct packer packer = {.out = out};
        for (size_t i = 0; i < MINIBLOCK; i++) pack(&packer, mini[i], width);
        flush(&packer);
    }
}

bool sw_pack_delta(struct sw_buffer *out, const int64_t *values, size_t count,
                   struct sw_error *error)
{
    size_t blocks = (count + BLOCK - 1) / BLOCK;
    size_t most = 4 * VARINT_MAXIMUM + blocks * (VARINT_MAXIMUM + MINIBLOCKS + BLOCK * 8) + 8;
    if (!sw_buffer_reserve(out, most, error)) return false;
    put_varint(out, BLOCK);
    put_varint(out, MINIBLOCKS);
    put_varint(out, count);
    put_zigzag(out, values[0]);
    for (size_t i = 1; i < count; i += BLOCK)
        put_block(out, values + i, count - i < BLOCK ? count - i : BLOCK);
    return true;
}
