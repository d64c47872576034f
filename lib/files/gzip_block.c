/* SPDX-License-Identifier: ISC */
#include "files/gzip_block.h"

#include <sw_libraries.h>

#include "base/bytes.h"
#include "base/memory.h"
#include "files/isal.h"

#ifdef SW_HAVE_LIBDEFLATE
#include <libdeflate.h>
#else
#define ZLIB_CONST
#include <zlib.h>
#endif

enum {
    AROUND = SW_GZIP_BLOCK_HEADER + SW_GZIP_BLOCK_TRAILER,
    PACKED_LEAST = 2, /* bytes of the shortest deflate stream */
    LEVEL =
        1, /* of order events 270 MB/s to 21% of the size, zlib's 130 MB/s to 23%; level 3: 145 MB/s to 19% */
    STORED_HEADER = 5,
    SIZE_AT = 16,
};

/* No flag but that of the extra field, which has the size alone; the system is unknown: the same byte everywhere. */
static const unsigned char beginning[SIZE_AT] = {0x1f, 0x8b, 8, 4, 0,   0,   0, 0,
                                                 0,    0xff, 6, 0, 'B', 'C', 2, 0};

size_t sw_gzip_block_size(const unsigned char *header)
{
    /* Time, level and system may be anything. */
    if (memcmp(header, beginning, 4) != 0 || memcmp(header + 10, beginning + 10, SIZE_AT - 10) != 0)
        return 0;
    size_t size = (size_t)sw_load16(header + SIZE_AT) + 1;
    return size >= AROUND + PACKED_LEAST ? size : 0;
}

size_t sw_gzip_block_text(const unsigned char *last)
{
    return sw_load32(last);
}

/* What no compressor makes smaller: one block of deflate, stored. */
static size_t store(const void *text, size_t length, unsigned char *to)
{
    to[0] = 1; /* the last one; stored */
    sw_store16(to + 1, (uint16_t)length);
    sw_store16(to + 3, (uint16_t)~length);
    memcpy(to + STORED_HEADER, text, length);
    return STORED_HEADER + length;
}

/* Byte for byte as bgzip has it at its files' end, for some look for just that. */
static size_t nothing(unsigned char *to)
{
    to[0] = 3;
    to[1] = 0;
    return PACKED_LEAST;
}

/* Of the packed bytes, and not more than the text would take stored. */
static size_t room_for(size_t length)
{
    return STORED_HEADER + length;
}

#ifdef SW_HAVE_LIBDEFLATE

struct sw_packer {
    struct libdeflate_compressor *library;
};

struct sw_unpacker {
    struct sw_isal *isal; /* NULL: it is not there */
    struct libdeflate_decompressor *library;
};

struct sw_packer *sw_packer_open(struct sw_error *error)
{
    struct sw_packer *packer = sw_alloc(1, sizeof *packer, error);
    if (!packer) return NULL;
    packer->library = libdeflate_alloc_compressor(LEVEL);
    if (packer->library) return packer;
    free(packer);
    sw_fail(error, SW_SYSTEM, "no memory to compress");
    return NULL;
}

static size_t pack(struct sw_packer *packer, const void *text, size_t length, unsigned char *to)
{
    return libdeflate_deflate_compress(packer->library, text, length, to, room_for(length));
}

static uint32_t sum_of(const void *text, size_t length)
{
    return libdeflate_crc32(0, text, length);
}

void sw_packer_free(struct sw_packer *packer)
{
    if (packer) libdeflate_free_compressor(packer->library);
    free(packer);
}

struct sw_unpacker *sw_unpacker_open(struct sw_error *error)
{
    struct sw_unpacker *unpacker = sw_alloc(1, sizeof *unpacker, error);
    if (!unpacker) return NULL;
    unpacker->isal = sw_isal_open();
    unpacker->library = libdeflate_alloc_decompressor();
    if (unpacker->library) return unpacker;
    sw_isal_close(unpacker->isal);
    free(unpacker);
    sw_fail(error, SW_SYSTEM, "no memory to decompress");
    return NULL;
}

/* Neither less nor more than all of the packed bytes. */
static bool unpack(struct sw_unpacker *unpacker, const unsigned char *packed, size_t size, void *to,
                   size_t length)
{
    size_t used;
    return libdeflate_deflate_decompress_ex(unpacker->library, packed, size, to, length, &used,
                                            NULL) == LIBDEFLATE_SUCCESS &&
           used == size;
}

void sw_unpacker_free(struct sw_unpacker *unpacker)
{
    if (!unpacker) return;
    libdeflate_free_decompressor(unpacker->library);
    sw_isal_close(unpacker->isal);
    free(unpacker);
}

#else

enum { RAW_WINDOW = -15, USUAL_MEMORY = 8 };

struct sw_packer {
    z_stream stream;
};

struct sw_unpacker {
    struct sw_isal *isal; /* NULL: it is not there */
    z_stream stream;
};

struct sw_packer *sw_packer_open(struct sw_error *error)
{
    struct sw_packer *packer = sw_alloc(1, sizeof *packer, error);
    if (!packer) return NULL;
    if (deflateInit2(&packer->stream, LEVEL, Z_DEFLATED, RAW_WINDOW, USUAL_MEMORY,
                     Z_DEFAULT_STRATEGY) == Z_OK)
        return packer;
    free(packer);
    sw_fail(error, SW_SYSTEM, "no memory to compress");
    return NULL;
}

static size_t pack(struct sw_packer *packer, const void *text, size_t length, unsigned char *to)
{
    z_stream *stream = &packer->stream;
    size_t room = room_for(length);
    if (deflateReset(stream) != Z_OK) return 0;
    stream->next_in = text;
    stream->avail_in = (uInt)length;
    stream->next_out = to;
    stream->avail_out = (uInt)room;
    return deflate(stream, Z_FINISH) == Z_STREAM_END ? room - stream->avail_out : 0;
}

static uint32_t sum_of(const void *text, size_t length)
{
    return (uint32_t)crc32(0, text, (uInt)length);
}

void sw_packer_free(struct sw_packer *packer)
{
    if (packer) (void)deflateEnd(&packer->stream); /* it fails where data is left */
    free(packer);
}

struct sw_unpacker *sw_unpacker_open(struct sw_error *error)
{
    struct sw_unpacker *unpacker = sw_alloc(1, sizeof *unpacker, error);
    if (!unpacker) return NULL;
    unpacker->isal = sw_isal_open();
    if (inflateInit2(&unpacker->stream, RAW_WINDOW) == Z_OK) return unpacker;
    sw_isal_close(unpacker->isal);
    free(unpacker);
    sw_fail(error, SW_SYSTEM, "no memory to decompress");
    return NULL;
}

/* Neither less nor more than all of the packed bytes. */
static bool unpack(struct sw_unpacker *unpacker, const unsigned char *packed, size_t size, void *to,
                   size_t length)
{
    z_stream *stream = &unpacker->stream;
    if (inflateReset(stream) != Z_OK) return false;
    stream->next_in = packed;
    stream->avail_in = (uInt)size;
    stream->next_out = to;
    stream->avail_out = (uInt)length;
    return inflate(stream, Z_FINISH) == Z_STREAM_END && stream->avail_in == 0 &&
           stream->avail_out == 0;
}

void sw_unpacker_free(struct sw_unpacker *unpacker)
{
    if (!unpacker) return;
    (void)inflateEnd(&unpacker->stream);
    sw_isal_close(unpacker->isal);
    free(unpacker);
}

#endif

size_t sw_packer_block(struct sw_packer *packer, const void *text, size_t length, unsigned char *to)
{
    unsigned char *packed = to + SW_GZIP_BLOCK_HEADER;
    size_t size = length ? pack(packer, text, length, packed) : nothing(packed);
    if (size == 0) size = store(text, length, packed);
    memcpy(to, beginning, sizeof beginning);
    sw_store16(to + SIZE_AT, (uint16_t)(AROUND + size - 1));
    sw_store32(packed + size, sum_of(text, length));
    sw_store32(packed + size + 4, (uint32_t)length);
    return AROUND + size;
}

/* What ISA-L refuses is for the other library to refuse, too: they do not take the same streams for damaged, and what neither of them
 * looks at is in the sum. */
static bool inflate_block(struct sw_unpacker *unpacker, const unsigned char *packed, size_t size,
                          void *to, size_t length, uint32_t *sum)
{
    struct sw_isal *isal = unpacker->isal;
    bool whole = isal && sw_isal_inflate(isal, packed, size, to, length);
    if (!whole && !unpack(unpacker, packed, size, to, length)) return false;
    *sum = isal ? isal->sum(0, to, length) : sum_of(to, length);
    return true;
}

bool sw_unpacker_block(struct sw_unpacker *unpacker, const unsigned char *block, size_t size,
                       void *to, size_t *length)
{
    const unsigned char *trailer = block + size - SW_GZIP_BLOCK_TRAILER;
    uint32_t sum;
    *length = sw_gzip_block_text(trailer + 4);
    return *length <= SW_GZIP_BLOCK_MAXIMUM &&
           inflate_block(unpacker, block + SW_GZIP_BLOCK_HEADER, size - AROUND, to, *length,
                         &sum) &&
           sum == sw_load32(trailer);
}
