/* SPDX-License-Identifier: ISC */
#include "parquet/codec.h"

#include <stdio.h>
#include <zlib.h>

#include "parquet/lz4.h"
#include "parquet/snappy.h"
#include <sw_libraries.h>

#ifdef SW_HAVE_LIBZSTD
#include <zstd.h>
#endif

const char *sw_codec_name(int codec, char space[32])
{
    static const char *const names[] = {"none",   "snappy", "gzip", "LZO",
                                        "brotli", "LZ4",    "zstd", "LZ4_RAW"};
    if (codec >= 0 && (size_t)codec < sizeof names / sizeof *names) return names[codec];
    snprintf(space, 32, "codec %d", codec);
    return space;
}

bool sw_codec_known(int codec)
{
#ifdef SW_HAVE_LIBZSTD
    if (codec == SW_CODEC_ZSTD) return true;
#endif
    return codec == SW_CODEC_NONE || codec == SW_CODEC_SNAPPY || codec == SW_CODEC_GZIP ||
           codec == SW_CODEC_LZ4_RAW;
}

/* A gzip may have several members. */
static bool unpack_gzip(const unsigned char *from, size_t from_length, unsigned char *to,
                        size_t length, bool *good, struct sw_error *error)
{
    z_stream stream = {0};
    if (inflateInit2(&stream, 15 + 32) != Z_OK)
        return sw_fail(error, SW_SYSTEM, "no memory for zlib");
    stream.next_in = (unsigned char *)from;
    stream.avail_in = (unsigned)from_length;
    stream.next_out = to;
    stream.avail_out = (unsigned)length;
    int outcome = inflate(&stream, Z_FINISH);
    while (outcome == Z_STREAM_END && stream.avail_in && stream.avail_out &&
           inflateReset(&stream) == Z_OK)
        outcome = inflate(&stream, Z_FINISH);
    *good = outcome == Z_STREAM_END && stream.avail_out == 0 && stream.avail_in == 0;
    inflateEnd(&stream);
    return outcome != Z_MEM_ERROR || sw_fail(error, SW_SYSTEM, "no memory for zlib");
}

static bool unpack_zstd(const unsigned char *from, size_t from_length, unsigned char *to,
                        size_t length)
{
#ifdef SW_HAVE_LIBZSTD
    return ZSTD_decompress(to, length, from, from_length) == length;
#else
    (void)from, (void)from_length, (void)to, (void)length;
    return false;
#endif
}

bool sw_codec_unpack(int codec, const unsigned char *from, size_t from_length, unsigned char *to,
                     size_t length, struct sw_error *error)
{
    char space[32];
    bool good = false;
    if (codec == SW_CODEC_NONE) {
        good = from_length == length;
        if (good) memcpy(to, from, length);
    } else if (codec == SW_CODEC_SNAPPY) {
        good = sw_snappy_unpack(from, from_length, to, length);
    } else if (codec == SW_CODEC_LZ4_RAW) {
        good = sw_lz4_unpack(from, from_length, to, length);
    } else if (codec == SW_CODEC_ZSTD) {
        good = unpack_zstd(from, from_length, to, length);
    } else if (codec == SW_CODEC_GZIP) {
        if (!unpack_gzip(from, from_length, to, length, &good, error)) return false;
    }
    return good || sw_fail(error, SW_DATA, "%s: damaged", sw_codec_name(codec, space));
}
