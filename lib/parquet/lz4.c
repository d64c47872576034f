/* SPDX-License-Identifier: ISC */
#include "parquet/lz4.h"

enum { MATCH_LEAST = 4, GOES_ON = 15 };

struct block {
    const unsigned char *at, *end;
    unsigned char *to;
    size_t done, length;
};

/* A length that goes on in bytes of 255, up to one that is less. False: they end before. */
static bool take_length(struct block *block, size_t *length)
{
    unsigned byte = 255;
    if (*length != GOES_ON) return true;
    while (byte == 255) {
        if (block->at == block->end || *length > block->length) return false;
        byte = *block->at++;
        *length += byte;
    }
    return true;
}

static bool literals(struct block *block, size_t length)
{
    if (!take_length(block, &length) || length > (size_t)(block->end - block->at) ||
        length > block->length - block->done)
        return false;
    if (length) memcpy(block->to + block->done, block->at, length);
    block->at += length;
    block->done += length;
    return true;
}

/* What is copied may reach into what is being written: then it repeats itself. */
static bool match(struct block *block, size_t length)
{
    if (block->end - block->at < 2) return false;
    size_t back = sw_load16(block->at);
    block->at += 2;
    if (!take_length(block, &length)) return false;
    length += MATCH_LEAST;
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

bool sw_lz4_unpack(const unsigned char *from, size_t from_length, unsigned char *to, size_t length)
{
    struct block block = {from, from + from_length, to, 0, length};
    while (block.at < block.end) {
        unsigned token = *block.at++;
        if (!literals(&block, token >> 4)) return false;
        if (block.at == block.end) break; /* the last sequence is of literals alone */
        if (!match(&block, token & 15)) return false;
    }
    return block.done == length;
}
