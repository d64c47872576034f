/* SPDX-License-Identifier: ISC */
#include "output/parquet_page.h"

#include "output/thrift.h"

enum { KIND_DICTIONARY = 2, KIND_DATA_V2 = 3 };
enum { GZIP_WINDOW = 15 + 16, GZIP_MEMORY = 8 }; /* zlib: the largest window, gzip's wrapping */
enum { WORTH = 8 };                              /* compression must save a WORTHth */

bool sw_page_gzip_open(struct sw_page_gzip *gzip, int level, struct sw_error *error)
{
    gzip->level = level;
    if (level == 0) return true;
    gzip->open = deflateInit2(&gzip->stream, level, Z_DEFLATED, GZIP_WINDOW, GZIP_MEMORY,
                              Z_DEFAULT_STRATEGY) == Z_OK;
    return gzip->open || sw_fail(error, SW_SYSTEM, "out of memory for zlib");
}

void sw_page_gzip_close(struct sw_page_gzip *gzip)
{
    /* an error here only says that something was not finished */
    if (gzip->open) (void)deflateEnd(&gzip->stream);
    sw_buffer_free(&gzip->out);
    *gzip = (struct sw_page_gzip){0};
}

/* *values becomes what it is compressed, in memory of gzip. */
static bool compress_all(struct sw_page_gzip *gzip, struct sw_span *values, struct sw_error *error)
{
    z_stream *stream = &gzip->stream;
    if (deflateReset(stream) != Z_OK) return sw_fail(error, SW_SYSTEM, "zlib: cannot begin anew");
    gzip->out.length = 0;
    if (!sw_buffer_reserve(&gzip->out, deflateBound(stream, values->length), error)) return false;
    stream->next_in = (z_const Bytef *)values->bytes;
    stream->avail_in = (uInt)values->length;
    stream->next_out = gzip->out.bytes;
    stream->avail_out = (uInt)gzip->out.capacity;
    if (deflate(stream, Z_FINISH) != Z_STREAM_END)
        return sw_fail(error, SW_SYSTEM, "zlib: a page of %zu bytes does not end", values->length);
    *values = (struct sw_span){gzip->out.bytes, stream->total_out};
    return true;
}

/* Type, sizes and checksum, which every page's header begins with. */
static struct sw_thrift begin_header(struct sw_buffer *out, int kind, size_t raw, size_t stored,
                                     uLong checksum, struct sw_error *error)
{
    struct sw_thrift thrift = sw_thrift_begin(out, error);
    sw_thrift_int(&thrift, 1, SW_THRIFT_I32, kind);
    sw_thrift_int(&thrift, 2, SW_THRIFT_I32, (int64_t)raw);
    sw_thrift_int(&thrift, 3, SW_THRIFT_I32, (int64_t)stored);
    sw_thrift_int(&thrift, 4, SW_THRIFT_I32, (int32_t)(uint32_t)checksum);
    return thrift;
}

static bool data_header(struct sw_buffer *out, const struct sw_page *page, struct sw_span stored,
                        bool compressed, struct sw_error *error)
{
    uLong checksum = crc32(crc32(0, NULL, 0), page->levels.bytes, (uInt)page->levels.length);
    /* no bytes may be at NULL, which crc32 takes for a question */
    if (stored.length) checksum = crc32(checksum, stored.bytes, (uInt)stored.length);
    struct sw_thrift thrift =
        begin_header(out, KIND_DATA_V2, page->levels.length + page->values.length,
                     page->levels.length + stored.length, checksum, error);
    sw_thrift_struct(&thrift, 8);
    sw_thrift_int(&thrift, 1, SW_THRIFT_I32, (int64_t)page->rows);
    sw_thrift_int(&thrift, 2, SW_THRIFT_I32, (int64_t)page->nulls);
    sw_thrift_int(&thrift, 3, SW_THRIFT_I32, (int64_t)page->rows);
    sw_thrift_int(&thrift, 4, SW_THRIFT_I32, page->encoding);
    sw_thrift_int(&thrift, 5, SW_THRIFT_I32, (int64_t)page->levels.length);
    sw_thrift_int(&thrift, 6, SW_THRIFT_I32, 0); /* nothing repeats in a flat table */
    sw_thrift_bool(&thrift, 7, compressed);
    sw_thrift_end(&thrift);
    sw_thrift_end(&thrift);
    return sw_thrift_good(&thrift);
}

bool sw_page_add(struct sw_buffer *out, const struct sw_page *page, struct sw_page_gzip *gzip,
                 bool compress, bool *pays, uint64_t *raw_bytes, struct sw_error *error)
{
    struct sw_span stored = page->values;
    size_t begin = out->length;
    compress = compress && gzip->level > 0 && stored.length > 0;
    if (compress && !compress_all(gzip, &stored, error)) return false;
    *pays = compress && stored.length <= page->values.length - page->values.length / WORTH;
    if (!*pays) stored = page->values;
    if (!data_header(out, page, stored, *pays, error)) return false;
    *raw_bytes += out->length - begin + page->levels.length + page->values.length;
    return sw_buffer_add(out, page->levels.bytes, page->levels.length, error) &&
           sw_buffer_add(out, stored.bytes, stored.length, error);
}

bool sw_page_add_dictionary(struct sw_buffer *out, struct sw_span values, size_t entries,
                            struct sw_page_gzip *gzip, uint64_t *raw_bytes, struct sw_error *error)
{
    struct sw_span stored = values;
    size_t begin = out->length;
    if (gzip->level > 0 && !compress_all(gzip, &stored, error)) return false;
    struct sw_thrift thrift =
        begin_header(out, KIND_DICTIONARY, values.length, stored.length,
                     crc32(crc32(0, NULL, 0), stored.bytes, (uInt)stored.length), error);
    sw_thrift_struct(&thrift, 7);
    sw_thrift_int(&thrift, 1, SW_THRIFT_I32, (int64_t)entries);
    sw_thrift_int(&thrift, 2, SW_THRIFT_I32, SW_PARQUET_PLAIN);
    sw_thrift_end(&thrift);
    sw_thrift_end(&thrift);
    *raw_bytes += out->length - begin + values.length;
    return sw_thrift_good(&thrift) && sw_buffer_add(out, stored.bytes, stored.length, error);
}
