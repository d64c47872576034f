/* SPDX-License-Identifier: ISC */
#include "output/bitpack_rle.h"

enum {
    VARINT_MAXIMUM = 10, /* bytes */
    GROUP = 8,           /* values that are packed together in the hybrid */
    MINIBLOCK = 32,
    MINIBLOCKS = 4,
    BLOCK = MINIBLOCK * MINIBLOCKS,
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

/* The values, in whole groups unless they are the last, that are packed before the next run. */
static size_t literal_length(const uint32_t *values, size_t count)
{
    size_t length = GROUP;
    while (length < count &&
           run_length(values + length, count - length < GROUP ? count - length : GROUP) < GROUP)
        length += GROUP;
    return length < count ? length : count;
}

static void put_literal(struct sw_buffer *out, const uint32_t *values, size_t count, int width)
{
    size_t groups = (count + GROUP - 1) / GROUP;
    struct packer packer = {.out = out};
    put_varint(out, (uint64_t)groups << 1 | 1);
    for (size_t i = 0; i < count; i++) pack(&packer, values[i], width);
    for (size_t i = count; i < groups * GROUP; i++) pack(&packer, 0, width);
    flush(&packer);
}

bool sw_pack_hybrid(struct sw_buffer *out, const uint32_t *values, size_t count, int width,
                    struct sw_error *error)
{
    size_t most = (count / GROUP + 2) * ((size_t)width + 2 * VARINT_MAXIMUM);
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
