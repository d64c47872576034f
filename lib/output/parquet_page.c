/* SPDX-License-Identifier: ISC */
#include "output/parquet_page.h"

#include "output/thrift.h"

enum { KIND_DICTIONARY = 2, KIND_DATA_V2 = 3 };
enum { WORTH = 8 }; /* compression must save a WORTHth */

/* Bytes of the shortest pages that deflate is given: of shorter ones it saves less than the tables that it builds for each cost. */
enum { PLAIN_LEAST = 768, PACKED_LEAST = 8192 };

bool sw_page_is_worth_trying(enum sw_parquet_encoding encoding, size_t length)
{
    return length >= (encoding == SW_PARQUET_PLAIN ? PLAIN_LEAST : PACKED_LEAST);
}

static bool compress_all(struct sw_gzip_member *gzip, struct sw_span *values,
                         struct sw_error *error)
{
    if (!sw_gzip_member_pack(gzip, values->bytes, values->length, error)) return false;
    *values = (struct sw_span){gzip->packed.bytes, gzip->packed.length};
    return true;
}

/* Type, sizes and checksum, which every page's header begins with. */
static struct sw_thrift begin_header(struct sw_buffer *out, int kind, size_t raw, size_t stored,
                                     uint32_t checksum, struct sw_error *error)
{
    struct sw_thrift thrift = sw_thrift_begin(out, error);
    sw_thrift_int(&thrift, 1, SW_THRIFT_I32, kind);
    sw_thrift_int(&thrift, 2, SW_THRIFT_I32, (int64_t)raw);
    sw_thrift_int(&thrift, 3, SW_THRIFT_I32, (int64_t)stored);
    sw_thrift_int(&thrift, 4, SW_THRIFT_I32, (int32_t)checksum);
    return thrift;
}

static bool data_header(struct sw_buffer *out, const struct sw_parquet_page *page,
                        struct sw_span stored, bool compressed, struct sw_error *error)
{
    uint32_t checksum = sw_gzip_sum(0, page->levels.bytes, page->levels.length);
    checksum = sw_gzip_sum(checksum, stored.bytes, stored.length);
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

bool sw_page_add(struct sw_buffer *out, const struct sw_parquet_page *page,
                 struct sw_gzip_member *gzip, bool compress, bool *pays, uint64_t *raw_bytes,
                 struct sw_error *error)
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
                            struct sw_gzip_member *gzip, uint64_t *raw_bytes,
                            struct sw_error *error)
{
    struct sw_span stored = values;
    size_t begin = out->length;
    if (gzip && !compress_all(gzip, &stored, error)) return false;
    struct sw_thrift thrift = begin_header(out, KIND_DICTIONARY, values.length, stored.length,
                                           sw_gzip_sum(0, stored.bytes, stored.length), error);
    sw_thrift_struct(&thrift, 7);
    sw_thrift_int(&thrift, 1, SW_THRIFT_I32, (int64_t)entries);
    sw_thrift_int(&thrift, 2, SW_THRIFT_I32, SW_PARQUET_PLAIN);
    sw_thrift_end(&thrift);
    sw_thrift_end(&thrift);
    *raw_bytes += out->length - begin + values.length;
    return sw_thrift_good(&thrift) && sw_buffer_add(out, stored.bytes, stored.length, error);
}
