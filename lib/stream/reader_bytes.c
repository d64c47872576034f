/* SPDX-License-Identifier: ISC
 *
 * The stored bytes of a column of a reader's block: read, verified and decompressed when asked for; and what is said of damage.
 */
#include "base/checksum.h"
#include "base/memory.h"
#include "encode/encode.h"
#include "stream/reader_parts.h"

bool sw_reader_early(const struct sw_reader *reader, struct sw_error *error)
{
    return sw_fail(error, SW_DATA, "%s: ended early after %llu rows%s", reader->input.name,
                   (unsigned long long)reader->stream_rows, sw_input_annotate(&reader->input));
}

bool sw_reader_damaged(const struct sw_reader *reader, const char *what, struct sw_error *error)
{
    return sw_fail(error, SW_DATA, "%s: byte %llu: %s (after %llu rows)", reader->input.name,
                   (unsigned long long)reader->block_offset, what,
                   (unsigned long long)reader->stream_rows);
}

/* A pipe is read in order, so the first column asked for brings the whole block. */
static bool read_whole_body(struct sw_reader *reader, struct sw_error *error)
{
    enum { PIECE = 8 << 20 };
    struct sw_buffer *body = &reader->body;
    body->length = 0;
    while (body->length < reader->body_length) {
        uint64_t left = reader->body_length - body->length;
        size_t got, part = left < PIECE ? (size_t)left : PIECE;
        if (!sw_buffer_reserve(body, part + SW_DECODE_SLACK, error) ||
            !sw_input_read(&reader->input, body->bytes + body->length, part, &got, error))
            return false;
        body->length += got;
        if (got < part) return sw_reader_early(reader, error);
    }
    reader->body_read = true;
    return sw_buffer_reserve(body, SW_DECODE_SLACK, error);
}

static bool read_one_column(struct sw_reader *reader, struct sw_stored_column *column,
                            struct sw_error *error)
{
    size_t got, length = column->entry.stored_length;
    if (!sw_grow(&column->space, &column->space_capacity, length + SW_DECODE_SLACK, 1, error) ||
        !sw_input_read_at(&reader->input, reader->body_offset + column->offset, column->space,
                          length, &got, error))
        return false;
    column->bytes = column->space;
    return got == length || sw_reader_early(reader, error);
}

static bool load_bytes(struct sw_reader *reader, struct sw_stored_column *column,
                       struct sw_error *error)
{
    if (reader->input.seekable) return read_one_column(reader, column, error);
    if (!reader->body_read && !read_whole_body(reader, error)) return false;
    column->bytes = reader->body.bytes + column->offset;
    return true;
}

bool sw_reader_bad_column(const struct sw_reader *reader, int index, const char *what,
                          struct sw_error *error)
{
    return sw_fail(error, SW_DATA, "%s: byte %llu: column %s of the block after %llu rows: %s",
                   reader->input.name,
                   (unsigned long long)(reader->body_offset + reader->columns[index].offset),
                   reader->schema.columns[index].name, (unsigned long long)reader->stream_rows,
                   what);
}

static bool verify_column(struct sw_reader *reader, int index, struct sw_error *error)
{
    struct sw_stored_column *column = &reader->columns[index];
    if (column->verified) return true;
    if (!load_bytes(reader, column, error)) return false;
    if (sw_checksum(column->bytes, column->entry.stored_length) != column->entry.checksum)
        return sw_reader_bad_column(reader, index, "damaged (checksum)", error);
    column->verified = true;
    return true;
}

bool sw_reader_raw(struct sw_reader *reader, int index, const unsigned char **raw,
                   struct sw_error *error)
{
    struct sw_stored_column *column = &reader->columns[index];
    const struct sw_entry *entry = &column->entry;
    if (!verify_column(reader, index, error)) return false;
    *raw = column->bytes;
    if (!entry->compressed) return true;
    if (!sw_grow(&column->raw, &column->raw_capacity, entry->raw_length + SW_DECODE_SLACK, 1,
                 error))
        return false;
    *raw = column->raw;
    return sw_decompress(column->bytes, entry->stored_length, column->raw, entry->raw_length) ||
           sw_reader_bad_column(reader, index, "does not decompress", error);
}
