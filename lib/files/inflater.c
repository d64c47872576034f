/* SPDX-License-Identifier: ISC */
#include "files/inflater.h"

#define ZLIB_CONST
#include <zlib.h>

#include <sw_libraries.h>

#include "base/memory.h"
#include "files/isal.h"

#ifdef SW_HAVE_ISAL
#include <isa-l/igzip_lib.h>
#endif

enum {
    EITHER_GZIP = 15 + 16, /* zlib: the largest window, gzip only */
    MOST = 1 << 30,        /* bytes that the libraries are given at a time */
};

struct sw_zlib {
    z_stream stream;
};

static size_t at_most(size_t length)
{
    return length < MOST ? length : MOST;
}

/* ---- ISA-L ---- */

#ifdef SW_HAVE_ISAL

static void isal_member(struct sw_isal *isal)
{
    isal->begin(isal->state);
    isal->state->crc_flag = ISAL_GZIP;
}

static const char *isal_reason(int outcome)
{
    switch (outcome) {
    case ISAL_INCORRECT_CHECKSUM:
        return "incorrect data check";
    case ISAL_INVALID_LOOKBACK:
        return "invalid distance too far back";
    default:
        return "invalid code";
    }
}

static enum sw_inflated isal_some(struct sw_inflater *inflater, void *to, size_t room, size_t *got,
                                  const char **reason)
{
    struct inflate_state *state = inflater->isal->state;
    size_t given = at_most(inflater->in_left);
    room = at_most(room);
    state->next_in = (uint8_t *)(uintptr_t)inflater->in;
    state->avail_in = (uint32_t)given;
    state->next_out = to;
    state->avail_out = (uint32_t)room;
    int outcome = inflater->isal->some(state);
    *got = room - state->avail_out;
    /* Of what is damaged it may say that it has read a byte more than there was. */
    size_t left = outcome < 0 && state->avail_in > given ? 0 : state->avail_in;
    inflater->in_left = inflater->in_left - given + left;
    inflater->in = left > given ? inflater->in - (left - given) : inflater->in + (given - left);
    if (outcome < 0) {
        *reason = isal_reason(outcome);
        return SW_INFLATED_WRONG;
    }
    return state->block_state == ISAL_BLOCK_FINISH ? SW_INFLATED_MEMBER : SW_INFLATED_SOME;
}

#else

static void isal_member(struct sw_isal *isal)
{
    (void)isal;
}

static enum sw_inflated isal_some(struct sw_inflater *inflater, void *to, size_t room, size_t *got,
                                  const char **reason)
{
    (void)inflater, (void)to, (void)room, (void)got;
    *reason = "ISA-L is not there";
    return SW_INFLATED_WRONG;
}

#endif

/* ---- zlib ---- */

static enum sw_inflated zlib_some(struct sw_inflater *inflater, void *to, size_t room, size_t *got,
                                  const char **reason)
{
    z_stream *stream = &inflater->zlib->stream;
    size_t given = at_most(inflater->in_left);
    room = at_most(room);
    stream->next_in = inflater->in;
    stream->avail_in = (uInt)given;
    stream->next_out = to;
    stream->avail_out = (uInt)room;
    int outcome = inflate(stream, Z_NO_FLUSH);
    inflater->in += given - stream->avail_in;
    inflater->in_left -= given - stream->avail_in;
    *got = room - stream->avail_out;
    if (outcome == Z_STREAM_END) return SW_INFLATED_MEMBER;
    if (outcome == Z_OK || outcome == Z_BUF_ERROR) return SW_INFLATED_SOME;
    if (outcome == Z_MEM_ERROR) return SW_INFLATED_MEMORY;
    *reason = stream->msg ? stream->msg : "damaged";
    return SW_INFLATED_WRONG;
}

/* ---- either ---- */

bool sw_inflater_open(struct sw_inflater *inflater, struct sw_error *error)
{
    *inflater = (struct sw_inflater){0};
    inflater->isal = sw_isal_open();
    inflater->zlib = sw_alloc(1, sizeof *inflater->zlib, error);
    if (!inflater->zlib) return false;
    return inflateInit2(&inflater->zlib->stream, EITHER_GZIP) == Z_OK ||
           sw_fail(error, SW_SYSTEM, "no memory for zlib");
}

/* By deflate, with a name at most, as gzip(1) and pigz make it. */
static bool is_usual(const struct sw_inflater *inflater)
{
    const unsigned char *first = inflater->in;
    return inflater->in_left >= SW_INFLATER_BEGINNING && first[0] == 0x1f && first[1] == 0x8b &&
           first[2] == Z_DEFLATED && (first[3] & ~8) == 0;
}

void sw_inflater_member(struct sw_inflater *inflater)
{
    inflater->fast = inflater->isal && is_usual(inflater);
    if (inflater->fast)
        isal_member(inflater->isal);
    else
        (void)inflateReset(&inflater->zlib->stream); /* it fails for what is no stream alone */
}

enum sw_inflated sw_inflater_some(struct sw_inflater *inflater, void *to, size_t room, size_t *got,
                                  const char **reason)
{
    return inflater->fast ? isal_some(inflater, to, room, got, reason)
                          : zlib_some(inflater, to, room, got, reason);
}

void sw_inflater_close(struct sw_inflater *inflater)
{
    if (inflater->zlib) (void)inflateEnd(&inflater->zlib->stream);
    free(inflater->zlib);
    sw_isal_close(inflater->isal);
}
