/* SPDX-License-Identifier: ISC */
#include "files/unzstd.h"

#include <sw_libraries.h>

#include "base/bytes.h"
#include "base/memory.h"
#include "files/packed.h"

enum {
    MARK_LENGTH = 4,
    SKIPPED_LEAST = 0x50, /* first byte of a frame to be skipped, */
    SKIPPED_MOST = 0x5f,
};

static const unsigned char frame[MARK_LENGTH] = {0x28, 0xb5, 0x2f, 0xfd};
static const unsigned char skipped[MARK_LENGTH] = {SKIPPED_LEAST, 0x2a, 0x4d, 0x18}; /* or above */

/* Of as many bytes as there are. */
static bool may_begin(const unsigned char *first, size_t length)
{
    if (length > MARK_LENGTH) length = MARK_LENGTH;
    if (memcmp(first, frame, length) == 0) return true;
    return length > 0 && first[0] >= SKIPPED_LEAST && first[0] <= SKIPPED_MOST &&
           memcmp(first + 1, skipped + 1, length - 1) == 0;
}

bool sw_unzstd_begins(const unsigned char *first, size_t length)
{
    return length >= MARK_LENGTH && may_begin(first, length);
}

#ifdef SW_HAVE_LIBZSTD

#include <zstd.h>
#include <zstd_errors.h>

struct sw_unzstd {
    ZSTD_DCtx *context;
    bool in_frame;
    struct sw_packed packed;
};

struct sw_unzstd *sw_unzstd_open(struct sw_input *input, struct sw_error *error)
{
    struct sw_unzstd *unzstd = sw_alloc(1, sizeof *unzstd, error);
    if (!unzstd) return NULL;
    sw_packed_begin(&unzstd->packed, input, "zstd");
    unzstd->context = ZSTD_createDCtx();
    if (unzstd->context && !ZSTD_isError(ZSTD_DCtx_setParameter(
                               unzstd->context, ZSTD_d_windowLogMax, SW_UNZSTD_WINDOW_LOG)))
        return unzstd;
    sw_unzstd_close(unzstd);
    sw_fail(error, SW_SYSTEM, "no memory for zstd");
    return NULL;
}

static bool failed(const struct sw_packed *packed, size_t outcome, struct sw_error *error)
{
    switch (ZSTD_getErrorCode(outcome)) {
    case ZSTD_error_memory_allocation:
        return sw_fail(error, SW_SYSTEM, "no memory for zstd");
    case ZSTD_error_frameParameter_windowTooLarge:
        return sw_fail(error, SW_DATA,
                       "%s: zstd: looks back further than %d MiB: unpack it with zstd -dc "
                       "--long=31",
                       packed->input->name, SW_UNZSTD_WINDOW >> 20);
    default:
        return sw_packed_fail(packed, ZSTD_getErrorName(outcome), error);
    }
}

/* To the next frame; *ended: there is none, and need not be. */
static bool next_frame(struct sw_unzstd *unzstd, bool *ended, struct sw_error *error)
{
    struct sw_packed *packed = &unzstd->packed;
    if (!sw_packed_need(packed, MARK_LENGTH, error)) return false;
    *ended = packed->left == 0;
    unzstd->in_frame = !*ended;
    return *ended || may_begin(packed->next, packed->left) ||
           sw_packed_followed(packed, "bytes that are no zstd", error);
}

static bool decompress_some(struct sw_unzstd *unzstd, void *to, size_t room, size_t *got,
                            struct sw_error *error)
{
    struct sw_packed *packed = &unzstd->packed;
    if (!sw_packed_need(packed, 1, error)) return false;
    ZSTD_inBuffer in = {.src = packed->next, .size = packed->left};
    ZSTD_outBuffer out = {.dst = to, .size = room};
    size_t outcome = ZSTD_decompressStream(unzstd->context, &out, &in);
    sw_packed_skip(packed, in.pos);
    *got += out.pos;
    if (ZSTD_isError(outcome)) return failed(packed, outcome, error);
    if (outcome == 0) {
        unzstd->in_frame = false;
        sw_packed_whole(packed);
        return true;
    }
    return in.pos > 0 || out.pos > 0 || sw_packed_fail(packed, "ends early", error);
}

bool sw_unzstd_read(struct sw_unzstd *unzstd, void *to, size_t length, size_t *got,
                    struct sw_error *error)
{
    bool ended = false;
    *got = 0;
    while (*got < length) {
        if (!unzstd->in_frame && !next_frame(unzstd, &ended, error)) return false;
        if (ended) return true;
        if (!decompress_some(unzstd, (char *)to + *got, length - *got, got, error)) return false;
    }
    return true;
}

void sw_unzstd_close(struct sw_unzstd *unzstd)
{
    if (unzstd) (void)ZSTD_freeDCtx(unzstd->context);
    free(unzstd);
}

#else

struct sw_unzstd *sw_unzstd_open(struct sw_input *input, struct sw_error *error)
{
    sw_fail(error, SW_DATA,
            "%s: is zstd, not CSV: unpack it with zstd -dc (sw was built without libzstd)",
            input->name);
    return NULL;
}

bool sw_unzstd_read(struct sw_unzstd *unzstd, void *to, size_t length, size_t *got,
                    struct sw_error *error)
{
    (void)unzstd, (void)to, (void)length;
    *got = 0;
    return sw_fail(error, SW_DATA, "zstd: there is no libzstd");
}

void sw_unzstd_close(struct sw_unzstd *unzstd)
{
    free(unzstd);
}

#endif
