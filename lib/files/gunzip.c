/* SPDX-License-Identifier: ISC */
#include "files/gunzip.h"

#include <string.h>

#include "base/memory.h"
#include "files/gzip_block.h"
#include "files/inflater.h"
#include "files/packed.h"

struct sw_gunzip {
    struct sw_inflater inflater;
    struct sw_unpacker *unpacker;
    bool in_member; /* of those that the inflater reads */
    bool unended;   /* the last member was a block with text */
    struct sw_packed packed;
    size_t spare_at,
        spare_left; /* of a block for which there was no room, what is still to be handed out */
    unsigned char spare[SW_GZIP_BLOCK_MAXIMUM];
};

struct sw_gunzip *sw_gunzip_open(struct sw_input *input, struct sw_error *error)
{
    struct sw_gunzip *gunzip = sw_alloc_unset(1, sizeof *gunzip, error);
    if (!gunzip) return NULL;
    gunzip->in_member = gunzip->unended = false;
    gunzip->spare_at = gunzip->spare_left = 0;
    gunzip->inflater = (struct sw_inflater){0};
    sw_packed_begin(&gunzip->packed, input, "gzip");
    gunzip->unpacker = sw_unpacker_open(error);
    if (gunzip->unpacker && sw_inflater_open(&gunzip->inflater, error)) return gunzip;
    sw_gunzip_close(gunzip);
    return NULL;
}

/* Behind zeros nothing else may come. */
static bool skip_zeros(struct sw_packed *packed, struct sw_error *error)
{
    do {
        while (packed->left && *packed->next == 0) sw_packed_skip(packed, 1);
        if (packed->left) return sw_packed_followed(packed, "zeros and then other bytes", error);
        if (!sw_packed_need(packed, 1, error)) return false;
    } while (packed->left);
    return true;
}

static bool cut_between_blocks(const struct sw_packed *packed, struct sw_error *error)
{
    return sw_fail(error, SW_DATA,
                   "%s: gzip: ends early before byte %llu: the empty block is not there that bgzip "
                   "ends a file with%s",
                   packed->input->name, (unsigned long long)sw_packed_place(packed),
                   sw_input_annotate(packed->input));
}

/* To the next member; *ended: there is none, and need not be. */
static bool next_member(struct sw_gunzip *gunzip, bool *ended, struct sw_error *error)
{
    struct sw_packed *packed = &gunzip->packed;
    if (!sw_packed_need(packed, SW_GZIP_BLOCK_HEADER, error)) return false;
    *ended = packed->left == 0;
    if (packed->left && *packed->next == 0) {
        *ended = true;
        if (!skip_zeros(packed, error)) return false;
    }
    if (*ended) return !gunzip->unended || cut_between_blocks(packed, error);
    return *packed->next == 0x1f || sw_packed_followed(packed, "bytes that are no gzip", error);
}

static size_t take_spare(struct sw_gunzip *gunzip, unsigned char *to, size_t room)
{
    size_t length = gunzip->spare_left < room ? gunzip->spare_left : room;
    memcpy(to, gunzip->spare + gunzip->spare_at, length);
    gunzip->spare_at += length;
    gunzip->spare_left -= length;
    return length;
}

/* Unpacks the block that comes next; *taken is false where none does, or none that is in order. */
static bool take_block(struct sw_gunzip *gunzip, unsigned char *to, size_t room, size_t *got,
                       bool *taken, struct sw_error *error)
{
    struct sw_packed *packed = &gunzip->packed;
    size_t size = packed->left < SW_GZIP_BLOCK_HEADER ? 0 : sw_gzip_block_size(packed->next),
           length;
    *taken = false;
    if (size == 0) return true;
    if (!sw_packed_need(packed, size, error)) return false;
    if (packed->left < size) return true;
    bool direct = room >= sw_gzip_block_text(packed->next + size - 4);
    if (!sw_unpacker_block(gunzip->unpacker, packed->next, size, direct ? to : gunzip->spare,
                           &length))
        return true;
    sw_packed_skip(packed, size);
    sw_packed_whole(packed);
    *taken = true;
    gunzip->unended = length > 0;
    gunzip->spare_at = 0;
    gunzip->spare_left = direct ? 0 : length;
    *got += direct ? length : take_spare(gunzip, to, room);
    return true;
}

static bool refused(const struct sw_packed *packed, const char *reason, struct sw_error *error)
{
    if (packed->whole_end && strcmp(reason, "incorrect header check") == 0)
        return sw_packed_followed(packed, "bytes that are no gzip", error);
    return sw_packed_fail(packed, reason, error);
}

/* A piece of a member that is no block. */
static bool inflate_some(struct sw_gunzip *gunzip, unsigned char *to, size_t room, size_t *got,
                         struct sw_error *error)
{
    struct sw_packed *packed = &gunzip->packed;
    struct sw_inflater *inflater = &gunzip->inflater;
    const char *reason;
    size_t length;
    if (!sw_packed_need(packed, 1, error)) return false;
    size_t given = packed->left;
    inflater->in = packed->next;
    inflater->in_left = given;
    enum sw_inflated outcome = sw_inflater_some(inflater, to, room, &length, &reason);
    packed->next = inflater->in;
    packed->left = inflater->in_left;
    *got += length;
    switch (outcome) {
    case SW_INFLATED_SOME:
        return packed->left < given || length > 0 || sw_packed_fail(packed, "ends early", error);
    case SW_INFLATED_MEMBER:
        gunzip->in_member = gunzip->unended = false;
        sw_packed_whole(packed);
        return true;
    case SW_INFLATED_WRONG:
        return refused(packed, reason, error);
    case SW_INFLATED_MEMORY:
        break;
    }
    return sw_fail(error, SW_SYSTEM, "no memory for zlib");
}

bool sw_gunzip_read(struct sw_gunzip *gunzip, void *to, size_t length, size_t *got,
                    struct sw_error *error)
{
    unsigned char *at = to;
    *got = take_spare(gunzip, at, length);
    while (*got < length) {
        bool ended = false, taken = false;
        if (!gunzip->in_member) {
            if (!next_member(gunzip, &ended, error)) return false;
            if (ended) return true;
            if (!take_block(gunzip, at + *got, length - *got, got, &taken, error)) return false;
            if (taken) continue;
            gunzip->inflater.in = gunzip->packed.next;
            gunzip->inflater.in_left = gunzip->packed.left;
            sw_inflater_member(&gunzip->inflater);
            gunzip->in_member = true;
        }
        if (!inflate_some(gunzip, at + *got, length - *got, got, error)) return false;
    }
    return true;
}

bool sw_gunzip_seek(struct sw_gunzip *gunzip, uint64_t offset, struct sw_error *error)
{
    gunzip->in_member = gunzip->unended = false;
    gunzip->spare_left = 0;
    return sw_packed_seek(&gunzip->packed, offset, error);
}

void sw_gunzip_close(struct sw_gunzip *gunzip)
{
    if (!gunzip) return;
    sw_inflater_close(&gunzip->inflater);
    sw_unpacker_free(gunzip->unpacker);
    free(gunzip);
}
