/* SPDX-License-Identifier: ISC */
#include "parquet/snappy.h"

struct block {
    const unsigned char *at, *end;
    unsigned char *to;
    size_t done, length;
};

/* A little-endian number of so many bytes; false: they are not there. */
static bool take_number(struct block *block, size_t bytes, size_t *number)
{
    *number = 0;
    if ((size_t)(block->end - block->at) < bytes) return false;
    for (size_t i = 0; i < bytes; i++) *number |= (size_t)block->at[i] << 8 * i;
    block->at += bytes;
    return true;
}

static bool take_length(struct block *block)
{
    uint64_t length = 0;
    for (int shift = 0; shift < 35 && block->at < block->end; shift += 7) {
        unsigned byte = *block->at++;
        length |= (uint64_t)(byte & 127) << shift;
        if (byte < 128) return length == block->length;
    }
    return false;
}

static bool literal(struct block *block, unsigned tag)
{
    size_t length = tag >> 2;
    if (length >= 60 && !take_number(block, length - 59, &length)) return false;
    length++;
    if (length > (size_t)(block->end - block->at) || length > block->length - block->done)
        return false;
    memcpy(block->to + block->done, block->at, length);
    block->at += length;
    block->done += length;
    return true;
}

/* What is copied may reach into what is being written: then it repeats itself. */
static bool copy(struct block *block, size_t length, size_t back)
{
    if (back == 0 || back > block->done || length > block->length - block->done) return false;
    unsigned char *to = block->to + block->done;
    const unsigned char *from = to - back;
    if (back >= length)
        memcpy(to, from, length);
    else
        for (size_t i = 0; i < length; i++) to[i] = from[i];
    block->done += length;
    return true;
}

static bool element(struct block *block)
{
    unsigned tag = *block->at++;
    size_t back;
    switch (tag & 3) {
    case 0:
        return literal(block, tag);
    case 1:
        return take_number(block, 1, &back) &&
               copy(block, (tag >> 2 & 7) + 4, back | (size_t)(tag >> 5) << 8);
    case 2:
        return take_number(block, 2, &back) && copy(block, (tag >> 2) + 1, back);
    default:
        return take_number(block, 4, &back) && copy(block, (tag >> 2) + 1, back);
    }
}

bool sw_snappy_unpack(const unsigned char *from, size_t from_length, unsigned char *to,
                      size_t length)
{
    struct block block = {from, from + from_length, to, 0, length};
    if (!take_length(&block)) return false;
    while (block.at < block.end)
        if (!element(&block)) return false;
    return block.done == length;
}
