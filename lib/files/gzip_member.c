/* SPDX-License-Identifier: ISC */
#include "files/gzip_member.h"

#include <sw_libraries.h>

#include "base/memory.h"

#ifdef SW_HAVE_LIBDEFLATE
#include <libdeflate.h>
#else
#define ZLIB_CONST
#include <zlib.h>
#endif

#ifdef SW_HAVE_LIBDEFLATE

bool sw_gzip_member_pack(struct sw_gzip_member *gzip, const void *bytes, size_t length,
                         struct sw_error *error)
{
    if (!gzip->library) gzip->library = libdeflate_alloc_compressor(gzip->level);
    if (!gzip->library) return sw_fail(error, SW_SYSTEM, "no memory to compress");
    gzip->packed.length = 0;
    if (!sw_buffer_reserve(&gzip->packed, libdeflate_gzip_compress_bound(gzip->library, length),
                           error))
        return false;
    gzip->packed.length = libdeflate_gzip_compress(gzip->library, bytes, length, gzip->packed.bytes,
                                                   gzip->packed.capacity);
    return gzip->packed.length > 0 ||
           sw_fail(error, SW_SYSTEM, "libdeflate: %zu bytes do not fit their bound", length);
}

void sw_gzip_member_free(struct sw_gzip_member *gzip)
{
    if (gzip->library) libdeflate_free_compressor(gzip->library);
    sw_buffer_free(&gzip->packed);
    *gzip = (struct sw_gzip_member){0};
}

uint32_t sw_gzip_sum(uint32_t sum, const void *bytes, size_t length)
{
    /* NULL is a question there. */
    return length ? libdeflate_crc32(sum, bytes, length) : sum;
}

#else

enum { GZIP_WINDOW = 15 + 16, USUAL_MEMORY = 8 }; /* the largest window, in gzip's wrapping */

static bool begin(struct sw_gzip_member *gzip, struct sw_error *error)
{
    if (gzip->library)
        return deflateReset(gzip->library) == Z_OK ||
               sw_fail(error, SW_SYSTEM, "zlib: cannot begin anew");
    z_stream *stream = sw_alloc(1, sizeof *stream, error);
    if (!stream) return false;
    if (deflateInit2(stream, gzip->level, Z_DEFLATED, GZIP_WINDOW, USUAL_MEMORY,
                     Z_DEFAULT_STRATEGY) == Z_OK) {
        gzip->library = stream;
        return true;
    }
    free(stream);
    return sw_fail(error, SW_SYSTEM, "no memory to compress");
}

bool sw_gzip_member_pack(struct sw_gzip_member *gzip, const void *bytes, size_t length,
                         struct sw_error *error)
{
    if (!begin(gzip, error)) return false;
    z_stream *stream = gzip->library;
    gzip->packed.length = 0;
    if (!sw_buffer_reserve(&gzip->packed, deflateBound(stream, length), error)) return false;
    stream->next_in = bytes;
    stream->avail_in = (uInt)length;
    stream->next_out = gzip->packed.bytes;
    stream->avail_out = (uInt)gzip->packed.capacity;
    if (deflate(stream, Z_FINISH) != Z_STREAM_END)
        return sw_fail(error, SW_SYSTEM, "zlib: %zu bytes do not end", length);
    gzip->packed.length = stream->total_out;
    return true;
}

void sw_gzip_member_free(struct sw_gzip_member *gzip)
{
    /* an error here only says that something was not finished */
    if (gzip->library) (void)deflateEnd(gzip->library);
    free(gzip->library);
    sw_buffer_free(&gzip->packed);
    *gzip = (struct sw_gzip_member){0};
}

uint32_t sw_gzip_sum(uint32_t sum, const void *bytes, size_t length)
{
    return length ? (uint32_t)crc32(sum, bytes, (uInt)length) : sum;
}

#endif
