/* SPDX-License-Identifier: ISC */
#include "parquet/chunk.h"

#include <zlib.h>

#include "base/memory.h"
#include "parquet/codec.h"

enum { HEADER_FIRST = 4096, HEADER_MAXIMUM = 1 << 20 };

bool sw_parquet_chunk_begin(struct sw_parquet_chunk *chunk, struct sw_input *input,
                            const struct sw_parquet_column_kind *kind,
                            const struct sw_parquet_part *part, uint64_t rows,
                            struct sw_error *error)
{
    char space[32];
    chunk->input = input;
    chunk->kind = kind;
    chunk->part = *part;
    chunk->at = part->offset;
    chunk->left = rows;
    chunk->has_dictionary = false;
    chunk->rows = chunk->row = chunk->value = 0;
    if (part->values != rows)
        return sw_fail(error, SW_DATA, "has %llu values, the row group %llu rows",
                       (unsigned long long)part->values, (unsigned long long)rows);
    return sw_codec_known(part->codec) ||
           sw_fail(error, SW_DATA,
                   "is packed with %s, which is not read: snappy, gzip, zstd, LZ4_RAW or "
                   "none are",
                   sw_codec_name(part->codec, space));
}

/* ---- bytes of the file ---- */

static bool read_at(struct sw_parquet_chunk *chunk, uint64_t offset, size_t length,
                    struct sw_buffer *to, size_t *got, struct sw_error *error)
{
    to->length = 0;
    if (!sw_buffer_reserve(to, length + 1, error) ||
        !sw_input_read_at(chunk->input, offset, to->bytes, length, got, error))
        return false;
    to->length = *got;
    return true;
}

/* Reads more of it until its header is whole. */
static bool read_header(struct sw_parquet_chunk *chunk, struct sw_page_header *header,
                        struct sw_error *error)
{
    uint64_t end = chunk->part.offset + chunk->part.bytes;
    for (size_t length = HEADER_FIRST; length <= HEADER_MAXIMUM; length *= 8) {
        size_t here = length < end - chunk->at ? length : (size_t)(end - chunk->at), got, used;
        if (!read_at(chunk, chunk->at, here, &chunk->packed, &got, error)) return false;
        enum sw_page_outcome outcome = sw_page_header_read(chunk->packed.bytes, got, header, &used);
        if (outcome == SW_PAGE_GOOD) {
            chunk->at += used;
            return true;
        }
        if (outcome == SW_PAGE_WRONG || here < length) break;
    }
    return sw_fail(error, SW_DATA, "no header of a page at byte %llu",
                   (unsigned long long)chunk->at);
}

static bool check_header(const struct sw_parquet_chunk *chunk, const struct sw_page_header *header,
                         struct sw_error *error)
{
    uint64_t end = chunk->part.offset + chunk->part.bytes;
    bool data = header->type == SW_PAGE_DATA || header->type == SW_PAGE_DATA_2;
    int64_t levels = 0;
    if (header->bytes < 0 || header->raw_bytes < 0 || header->bytes > SW_PARQUET_PAGE_BYTES ||
        header->raw_bytes > SW_PARQUET_PAGE_BYTES || (uint64_t)header->bytes > end - chunk->at)
        return sw_fail(error, SW_DATA, "a page of %lld bytes, %lld unpacked",
                       (long long)header->bytes, (long long)header->raw_bytes);
    if ((data || header->type == SW_PAGE_DICTIONARY) &&
        (header->values < 0 || header->values > SW_PARQUET_PAGE_VALUES))
        return sw_fail(error, SW_DATA, "a page of %lld values, more than %d",
                       (long long)header->values, SW_PARQUET_PAGE_VALUES);
    if (data && (uint64_t)header->values > chunk->left)
        return sw_fail(error, SW_DATA, "more values than rows");
    if (__builtin_add_overflow(header->level_bytes, header->repetition_bytes, &levels) ||
        header->level_bytes < 0 || header->repetition_bytes < 0 || levels > header->bytes ||
        levels > header->raw_bytes)
        return sw_fail(error, SW_DATA, "levels that are longer than their page");
    return true;
}

static bool check_sum(const struct sw_page_header *header, const struct sw_buffer *bytes,
                      struct sw_error *error)
{
    if (!header->has_checksum) return true;
    uint32_t sum = (uint32_t)crc32(crc32(0, NULL, 0), bytes->bytes, (unsigned)bytes->length);
    return sum == header->checksum || sw_fail(error, SW_DATA, "a page's checksum is another");
}

/* Reads the page after its header and unpacks it; levels of the second version are not packed. */
static bool read_body(struct sw_parquet_chunk *chunk, const struct sw_page_header *header,
                      struct sw_buffer *to, struct sw_error *error)
{
    size_t length = (size_t)header->bytes, raw = (size_t)header->raw_bytes, got;
    size_t levels = header->type == SW_PAGE_DATA_2
                        ? (size_t)(header->level_bytes + header->repetition_bytes)
                        : 0;
    bool packed = header->type != SW_PAGE_DATA_2 || header->packed;
    int codec = packed ? chunk->part.codec : SW_CODEC_NONE;
    if (!read_at(chunk, chunk->at, length, &chunk->packed, &got, error)) return false;
    if (got < length) return sw_fail(error, SW_DATA, "truncated while it is read");
    chunk->at += length;
    to->length = 0;
    if (!check_sum(header, &chunk->packed, error) || !sw_buffer_reserve(to, raw + 1, error))
        return false;
    if (levels) memcpy(to->bytes, chunk->packed.bytes, levels);
    to->length = raw;
    return raw == levels || sw_codec_unpack(codec, chunk->packed.bytes + levels, length - levels,
                                            to->bytes + levels, raw - levels, error);
}

/* ---- values ---- */

static bool is_number(const struct sw_parquet_column_kind *kind)
{
    return kind->type == SW_TYPE_INT32 || kind->type == SW_TYPE_INT64 ||
           kind->type == SW_TYPE_BOOLEAN;
}

/* Room for `count` elements in an array of which there is one at most: grown, not kept. */
static bool make_room(void *array, size_t count, size_t size, struct sw_error *error)
{
    void *block;
    memcpy(&block, array, sizeof block);
    free(block);
    block = sw_alloc(count, size, error);
    memcpy(array, &block, sizeof block);
    return block != NULL;
}

static bool room_for_values(const struct sw_parquet_chunk *chunk, struct sw_parquet_values *values,
                            size_t count, struct sw_error *error)
{
    bool number = is_number(chunk->kind);
    values->count = count;
    if (count <= values->capacity && (number ? values->numbers != NULL : values->texts != NULL))
        return true;
    values->capacity = 0;
    if (!(number ? make_room(&values->numbers, count, sizeof *values->numbers, error)
                 : make_room(&values->texts, count, sizeof *values->texts, error)))
        return false;
    values->capacity = count;
    return true;
}

static bool room_for_rows(struct sw_parquet_chunk *chunk, size_t rows, struct sw_error *error)
{
    if (rows <= chunk->room && chunk->levels) return true;
    chunk->room = 0;
    if (!make_room(&chunk->levels, rows, sizeof *chunk->levels, error) ||
        !make_room(&chunk->codes, rows, sizeof *chunk->codes, error))
        return false;
    chunk->room = rows;
    return true;
}

static bool room_for_texts(struct sw_parquet_chunk *chunk, size_t count, struct sw_error *error)
{
    if (count <= chunk->texts_room && chunk->lengths) return true;
    chunk->texts_room = 0;
    if (!make_room(&chunk->lengths, count, sizeof *chunk->lengths, error) ||
        !make_room(&chunk->shared, count, sizeof *chunk->shared, error))
        return false;
    chunk->texts_room = count;
    return true;
}

/* Truths are bits, plain or in runs after their length. */
static bool read_truths(struct sw_parquet_chunk *chunk, int64_t encoding,
                        struct sw_parquet_bytes *bytes, struct sw_parquet_values *values)
{
    size_t count = values->count;
    if (encoding == SW_ENCODING_RUNS) {
        if (sw_parquet_left(bytes) < 4) return false;
        bytes->at += 4;
        if (!sw_runs_read(bytes, 1, chunk->codes, count)) return false;
        for (size_t i = 0; i < count; i++) values->numbers[i] = chunk->codes[i];
        return true;
    }
    if (encoding != SW_ENCODING_PLAIN || (count + 7) / 8 > sw_parquet_left(bytes)) return false;
    for (size_t i = 0; i < count; i++) values->numbers[i] = bytes->at[i / 8] >> i % 8 & 1;
    return true;
}

static bool read_numbers(struct sw_parquet_chunk *chunk, int64_t encoding,
                         struct sw_parquet_bytes *bytes, struct sw_parquet_values *values)
{
    bool wide = chunk->kind->type == SW_TYPE_INT64;
    if (chunk->kind->type == SW_TYPE_BOOLEAN) return read_truths(chunk, encoding, bytes, values);
    if (encoding == SW_ENCODING_DIFFERENCES)
        return sw_differences_read(bytes, wide ? 64 : 32, values->numbers, values->count);
    return (encoding == SW_ENCODING_SPLIT ? sw_split_numbers_read : sw_plain_numbers_read)(
        bytes, wide ? 8 : 4, values->numbers, values->count);
}

static bool all_of_width(const struct sw_parquet_values *values, size_t width)
{
    for (size_t i = 0; i < values->count; i++)
        if (values->texts[i].length != width) return false;
    return true;
}

static bool read_texts(struct sw_parquet_chunk *chunk, int64_t encoding,
                       struct sw_parquet_bytes *bytes, struct sw_parquet_values *values,
                       struct sw_error *error)
{
    bool fixed = chunk->kind->type == SW_TYPE_FIXED;
    if (encoding == SW_ENCODING_PLAIN)
        return sw_plain_texts_read(bytes, fixed ? chunk->kind->width : 0, values->texts,
                                   values->count);
    if (encoding == SW_ENCODING_SPLIT)
        return sw_split_texts_read(bytes, chunk->kind->width, values->texts, values->count,
                                   &values->whole, error);
    if (!room_for_texts(chunk, values->count, error)) return false;
    if (encoding == SW_ENCODING_LENGTHS && !fixed)
        return sw_texts_by_length_read(bytes, chunk->lengths, values->texts, values->count);
    return encoding == SW_ENCODING_PREFIXES &&
           sw_texts_by_prefix_read(bytes, chunk->shared, chunk->lengths, values->texts,
                                   values->count, &values->whole, SW_PARQUET_PAGE_BYTES, error) &&
           (!fixed || all_of_width(values, chunk->kind->width));
}

static bool is_read(const struct sw_parquet_chunk *chunk, int64_t encoding)
{
    switch (chunk->kind->type) {
    case SW_TYPE_BOOLEAN:
        return encoding == SW_ENCODING_PLAIN || encoding == SW_ENCODING_RUNS;
    case SW_TYPE_INT32:
    case SW_TYPE_INT64:
        return encoding == SW_ENCODING_PLAIN || encoding == SW_ENCODING_DIFFERENCES ||
               encoding == SW_ENCODING_SPLIT;
    case SW_TYPE_FIXED:
        return encoding == SW_ENCODING_PLAIN || encoding == SW_ENCODING_PREFIXES ||
               encoding == SW_ENCODING_SPLIT;
    default:
        return encoding == SW_ENCODING_PLAIN || encoding == SW_ENCODING_LENGTHS ||
               encoding == SW_ENCODING_PREFIXES;
    }
}

/* Values that are no codes. */
static bool read_values(struct sw_parquet_chunk *chunk, int64_t encoding,
                        struct sw_parquet_bytes bytes, struct sw_parquet_values *values,
                        size_t count, struct sw_error *error)
{
    char space[32];
    const char *name = sw_page_encoding_name(encoding, space);
    if (!is_read(chunk, encoding))
        return sw_fail(error, SW_DATA, "values in the encoding %s, which is not read", name);
    if (!room_for_values(chunk, values, count, error)) return false;
    bool good = is_number(chunk->kind) ? read_numbers(chunk, encoding, &bytes, values)
                                       : read_texts(chunk, encoding, &bytes, values, error);
    return good || sw_fail(error, SW_DATA, "damaged values in the encoding %s", name);
}

/* ---- pages ---- */

static bool read_dictionary(struct sw_parquet_chunk *chunk, const struct sw_page_header *header,
                            struct sw_error *error)
{
    struct sw_parquet_values *dictionary = &chunk->dictionary;
    if (chunk->has_dictionary) return sw_fail(error, SW_DATA, "a second dictionary");
    if (header->encoding != SW_ENCODING_PLAIN && header->encoding != SW_ENCODING_PLAIN_DICTIONARY)
        return sw_fail(error, SW_DATA, "a dictionary that is not plain");
    if (!room_for_rows(chunk, (size_t)header->values, error) ||
        !read_body(chunk, header, &dictionary->bytes, error))
        return false;
    struct sw_parquet_bytes bytes = {dictionary->bytes.bytes,
                                     dictionary->bytes.bytes + dictionary->bytes.length};
    chunk->has_dictionary = true;
    return read_values(chunk, SW_ENCODING_PLAIN, bytes, dictionary, (size_t)header->values, error);
}

static bool read_codes(struct sw_parquet_chunk *chunk, struct sw_parquet_bytes bytes, size_t count,
                       struct sw_error *error)
{
    if (!chunk->has_dictionary) return sw_fail(error, SW_DATA, "codes without a dictionary");
    if (count == 0) return true;
    if (sw_parquet_left(&bytes) == 0) return sw_fail(error, SW_DATA, "a page without its codes");
    unsigned width = *bytes.at++;
    if (!sw_runs_read(&bytes, width, chunk->codes, count))
        return sw_fail(error, SW_DATA, "damaged codes");
    for (size_t i = 0; i < count; i++)
        if (chunk->codes[i] >= chunk->dictionary.count)
            return sw_fail(error, SW_DATA, "a code that the dictionary has not");
    return true;
}

/* Which rows have a value; *count is how many. The levels of the first version stand after their
 * length. */
static bool read_levels(struct sw_parquet_chunk *chunk, const struct sw_page_header *header,
                        struct sw_parquet_bytes *bytes, size_t *count, struct sw_error *error)
{
    size_t rows = (size_t)header->values, length;
    *count = rows;
    if (header->type == SW_PAGE_DATA_2) {
        bytes->at += header->repetition_bytes;
        length = (size_t)header->level_bytes;
    } else if (chunk->kind->optional) {
        if (header->level_encoding != SW_ENCODING_RUNS)
            return sw_fail(error, SW_DATA,
                           "levels that are not in runs, as none have been for long");
        length = sw_parquet_left(bytes) < 4 ? SIZE_MAX : sw_load32(bytes->at);
        if (length != SIZE_MAX) bytes->at += 4;
    } else {
        return true;
    }
    if (length > sw_parquet_left(bytes)) return sw_fail(error, SW_DATA, "levels without an end");
    struct sw_parquet_bytes levels = {bytes->at, bytes->at + length};
    bytes->at += length;
    if (!chunk->kind->optional) return true;
    if (!sw_runs_read(&levels, 1, chunk->levels, rows))
        return sw_fail(error, SW_DATA, "damaged levels");
    *count = 0;
    for (size_t i = 0; i < rows; i++) *count += chunk->levels[i];
    return true;
}

static bool read_data(struct sw_parquet_chunk *chunk, const struct sw_page_header *header,
                      struct sw_error *error)
{
    size_t count;
    struct sw_buffer *body = &chunk->page.bytes;
    if (!room_for_rows(chunk, (size_t)header->values, error) ||
        !read_body(chunk, header, body, error))
        return false;
    struct sw_parquet_bytes bytes = {body->bytes, body->bytes + body->length};
    if (!read_levels(chunk, header, &bytes, &count, error)) return false;
    chunk->by_code = header->encoding == SW_ENCODING_DICTIONARY ||
                     header->encoding == SW_ENCODING_PLAIN_DICTIONARY;
    chunk->rows = (size_t)header->values;
    chunk->row = chunk->value = 0;
    if (chunk->by_code) return read_codes(chunk, bytes, count, error);
    return count == 0 || read_values(chunk, header->encoding, bytes, &chunk->page, count, error);
}

/* The next data page that has a row. */
static bool next_page(struct sw_parquet_chunk *chunk, struct sw_error *error)
{
    struct sw_page_header header;
    chunk->rows = chunk->row = 0;
    while (chunk->rows == 0) {
        if (chunk->at >= chunk->part.offset + chunk->part.bytes)
            return sw_fail(error, SW_DATA, "its pages end %llu values early",
                           (unsigned long long)chunk->left);
        if (!read_header(chunk, &header, error) || !check_header(chunk, &header, error))
            return false;
        bool good = true;
        if (header.type == SW_PAGE_DICTIONARY)
            good = read_dictionary(chunk, &header, error);
        else if (header.type == SW_PAGE_DATA || header.type == SW_PAGE_DATA_2)
            good = read_data(chunk, &header, error);
        else
            chunk->at += (uint64_t)header.bytes;
        if (!good) return false;
    }
    return true;
}

bool sw_parquet_chunk_next(struct sw_parquet_chunk *chunk, struct sw_parquet_value *value,
                           struct sw_error *error)
{
    if (chunk->row == chunk->rows && !next_page(chunk, error)) return false;
    value->null = chunk->kind->optional && !chunk->levels[chunk->row];
    chunk->row++;
    chunk->left--;
    if (value->null) return true;
    const struct sw_parquet_values *values = chunk->by_code ? &chunk->dictionary : &chunk->page;
    size_t at = chunk->by_code ? chunk->codes[chunk->value] : chunk->value;
    chunk->value++;
    if (is_number(chunk->kind))
        value->number = values->numbers[at];
    else
        value->text = values->texts[at];
    return true;
}

static void free_values(struct sw_parquet_values *values)
{
    free(values->numbers);
    free(values->texts);
    sw_buffer_free(&values->bytes);
    sw_buffer_free(&values->whole);
}

void sw_parquet_chunk_free(struct sw_parquet_chunk *chunk)
{
    free_values(&chunk->dictionary);
    free_values(&chunk->page);
    free(chunk->levels);
    free(chunk->codes);
    free(chunk->lengths);
    free(chunk->shared);
    sw_buffer_free(&chunk->packed);
    *chunk = (struct sw_parquet_chunk){0};
}
