/* SPDX-License-Identifier: ISC */
#include <stdio.h>

#include "base/checksum.h"
#include "files/foreign.h"
#include "base/memory.h"
#include "base/number.h"
#include "encode/encode.h"
#include "stream/reader_parts.h"

/* ---- frames ---- */

/* Reads the body that a frame announced, piece by piece so that a lie about its length costs no
 * memory, and checks it. */
static bool read_body(struct sw_reader *reader, uint32_t length, uint32_t checksum,
                      struct sw_error *error)
{
    enum { PIECE = 1 << 20 };
    struct sw_buffer *frame = &reader->frame;
    frame->length = 0;
    while (frame->length < length) {
        size_t got, part = length - frame->length < PIECE ? length - frame->length : PIECE;
        if (!sw_buffer_reserve(frame, part, error) ||
            !sw_input_read(&reader->input, frame->bytes + frame->length, part, &got, error))
            return false;
        frame->length += got;
        if (got < part) return sw_reader_early(reader, error);
    }
    if (sw_checksum(frame->bytes, length) == checksum) return true;
    return sw_reader_damaged(reader, "a damaged frame", error);
}

/* The next frame, its body in reader->frame. *kind is SW_FRAME_UNKNOWN at a clean end of the input.
 */
static bool read_frame(struct sw_reader *reader, enum sw_frame_kind *kind, struct sw_error *error)
{
    unsigned char lead[SW_FRAME_LENGTH];
    size_t got;
    uint32_t length, checksum;
    *kind = SW_FRAME_UNKNOWN;
    reader->block_offset = reader->input.position;
    if (!sw_input_read(&reader->input, lead, sizeof lead, &got, error)) return false;
    if (got == 0) return true;
    if (got < sizeof lead) return sw_reader_early(reader, error);
    *kind = sw_parse_frame(lead, &length, &checksum);
    if (*kind == SW_FRAME_UNKNOWN)
        return sw_reader_damaged(reader, "not a frame of a record stream", error);
    return read_body(reader, length, checksum, error);
}

/* ---- headers ---- */

static bool refuse_foreign(struct sw_reader *reader, struct sw_error *error)
{
    unsigned char first[SW_FOREIGN_LENGTH];
    size_t got;
    if (!sw_input_peek(&reader->input, first, sizeof first, &got, error)) return false;
    if (got == 0)
        return sw_fail(error, SW_DATA, "%s: %s%s", reader->input.name,
                       reader->input.piped ? "nothing came" : "empty, not even a header",
                       sw_input_annotate(&reader->input));
    if (memcmp(first, "\x89SWR", got < 4 ? got : 4) == 0) return true;
    const struct sw_foreign *foreign = sw_foreign_find(first, got);
    if (foreign)
        return sw_fail(error, SW_DATA, "%s: is %s, not a record stream: %s", reader->input.name,
                       foreign->name, foreign->help);
    return sw_fail(error, SW_DATA, "%s: not a record stream (sw-chunk makes one of CSV)",
                   reader->input.name);
}

/* The first stream's schema is that of all. What it says of the order holds in each stream alone;
 * of files read one after another it would be a claim that nobody has checked. */
static bool adopt_schema(struct sw_reader *reader, const struct sw_schema *schema,
                         struct sw_error *error)
{
    reader->schema = *schema;
    reader->columns = sw_alloc(schema->column_count, sizeof *reader->columns, error);
    return reader->columns &&
           (reader->path_count < 2 || sw_schema_sorted_by(&reader->schema, NULL, 0, error));
}

/* What this stream's header tells of it alone. */
static bool note_stream(struct sw_reader *reader, const struct sw_schema *schema,
                        struct sw_error *error)
{
    size_t count = schema->sort_count;
    free(reader->stream_order);
    reader->stream_order_count = 0;
    reader->stream_order = sw_alloc(count, sizeof *reader->stream_order, error);
    if (!reader->stream_order) return false;
    if (count) memcpy(reader->stream_order, schema->sort_keys, count * sizeof *schema->sort_keys);
    reader->stream_order_count = count;
    reader->stream_minor = sw_load16(reader->frame.bytes + 2);
    return true;
}

static bool take_schema(struct sw_reader *reader, struct sw_error *error)
{
    struct sw_schema schema;
    if (!sw_parse_header(reader->frame.bytes, reader->frame.length, &schema, error))
        return sw_fail_at(error, reader->input.name);
    if (!note_stream(reader, &schema, error)) {
        sw_schema_free(&schema);
        return false;
    }
    reader->stream_rows = reader->stream_blocks = 0;
    reader->stream_offset = reader->block_offset;
    reader->stream_begun = reader->stream_partial = false;
    reader->in_stream = true;
    if (!reader->columns) return adopt_schema(reader, &schema, error);
    char place[600];
    snprintf(place, sizeof place, "%.500s: byte %llu", reader->input.name,
             (unsigned long long)reader->block_offset);
    bool same = sw_schema_check_same(&reader->schema, reader->first_name, &schema, place, error);
    sw_schema_free(&schema);
    return same;
}

static bool begin_input(struct sw_reader *reader, struct sw_error *error)
{
    enum sw_frame_kind kind;
    reader->open = true;
    reader->stream_rows = 0;
    sw_reader_drop_routes(reader);
    if (!reader->columns) reader->first_name = reader->input.name;
    if (!refuse_foreign(reader, error) || !read_frame(reader, &kind, error)) return false;
    if (kind != SW_FRAME_HEADER) return sw_reader_damaged(reader, "not a header", error);
    return take_schema(reader, error);
}

static bool open_next(struct sw_reader *reader, struct sw_error *error)
{
    const char *path = reader->path_count ? reader->paths[reader->path_next] : NULL;
    reader->path_next++;
    return sw_input_open(&reader->input, path, error) && begin_input(reader, error);
}

bool sw_reader_open_input(struct sw_reader *reader, const struct sw_input *input,
                          struct sw_error *error)
{
    *reader = (struct sw_reader){.input = *input};
    if (begin_input(reader, error)) return true;
    sw_reader_close(reader);
    return false;
}

bool sw_reader_open(struct sw_reader *reader, const char *const *paths, size_t count,
                    struct sw_error *error)
{
    *reader = (struct sw_reader){.paths = paths, .path_count = count};
    if (open_next(reader, error)) return true;
    sw_reader_close(reader);
    return false;
}

/* ---- ranges ---- */

/* A frame's own checksum tells it from whatever else stands there. */
static bool begin_range(struct sw_reader *reader, uint64_t offset, struct sw_error *error)
{
    unsigned char lead[SW_FRAME_LENGTH];
    uint32_t length, checksum;
    size_t got;
    if (!sw_input_read_at(&reader->input, offset, lead, sizeof lead, &got, error)) return false;
    enum sw_frame_kind kind =
        got == sizeof lead ? sw_parse_frame(lead, &length, &checksum) : SW_FRAME_UNKNOWN;
    if (kind == SW_FRAME_UNKNOWN)
        return sw_fail(error, SW_DATA, "%s: no block begins at byte %llu, where the range does",
                       reader->input.name, (unsigned long long)offset);
    reader->in_stream = reader->stream_begun = reader->stream_partial = kind != SW_FRAME_HEADER;
    return sw_input_seek(&reader->input, offset, error);
}

static bool take_range(struct sw_reader *reader, uint64_t offset, uint64_t length,
                       struct sw_error *error)
{
    const struct sw_input *input = &reader->input;
    if (!input->seekable) return sw_fail(error, SW_USAGE, "%s: a range needs a file", input->name);
    if (offset > input->size || length > input->size - offset)
        return sw_fail(
            error, SW_DATA, "%s: the range ends at byte %llu, the file at %llu: has it changed?",
            input->name, (unsigned long long)(offset + length), (unsigned long long)input->size);
    reader->ranged = true;
    reader->range_end = offset + length;
    return begin_range(reader, offset, error);
}

bool sw_reader_open_range(struct sw_reader *reader, const char *path, uint64_t offset,
                          uint64_t length, struct sw_error *error)
{
    *reader = (struct sw_reader){0};
    if (!sw_input_open(&reader->input, path, error)) return false;
    if (begin_input(reader, error) && take_range(reader, offset, length, error)) return true;
    sw_reader_close(reader);
    return false;
}

bool sw_reader_open_part(struct sw_reader *reader, const char *const *paths, size_t count,
                         const char *range, struct sw_error *error)
{
    uint64_t offset, length;
    if (!range) return sw_reader_open(reader, paths, count, error);
    if (count != 1) return sw_fail(error, SW_USAGE, "--range needs one file");
    return sw_parse_range(range, &offset, &length, error) &&
           sw_reader_open_range(reader, paths[0], offset, length, error);
}

/* At the end of the range the input is done with. Only where the file ends too must a stream end.
 */
static bool check_range(struct sw_reader *reader, struct sw_error *error)
{
    uint64_t position = reader->input.position, end = reader->range_end;
    if (!reader->ranged || position < end) return true;
    if (position > end)
        return sw_fail(error, SW_DATA, "%s: no block ends at byte %llu, where the range does",
                       reader->input.name, (unsigned long long)end);
    if (reader->in_stream && end == reader->input.size) return sw_reader_early(reader, error);
    sw_input_close(&reader->input);
    reader->open = false;
    return true;
}

static void free_column(struct sw_stored_column *column)
{
    free(column->values);
    free(column->valid);
    free(column->dictionary);
    free(column->space);
    free(column->raw);
    free(column->pick_values);
    free(column->pick_valid);
    free(column->codes);
    free(column->pick_codes);
    free(column->numbers);
}

void sw_reader_close(struct sw_reader *reader)
{
    for (size_t i = 0; reader->columns && i < reader->schema.column_count; i++)
        free_column(&reader->columns[i]);
    free(reader->columns);
    free(reader->stream_order);
    reader->stream_order = NULL;
    sw_schema_free(&reader->schema);
    sw_buffer_free(&reader->frame);
    sw_buffer_free(&reader->body);
    free(reader->scratch);
    free(reader->picked_rows);
    reader->scratch = NULL;
    reader->picked_rows = NULL;
    sw_reader_drop_routes(reader);
    free(reader->range_predicates);
    reader->range_predicates = NULL;
    reader->range_predicate_count = reader->range_predicate_capacity = 0;
    if (reader->open) sw_input_close(&reader->input);
    reader->columns = NULL;
    reader->open = false;
}

/* ---- blocks ---- */

/* Room is kept for the next block, but not for the largest column of each block ever seen. */
static void give_back(struct sw_reader *reader)
{
    reader->held = 0;
    for (size_t i = 0; i < reader->schema.column_count; i++) {
        struct sw_stored_column *column = &reader->columns[i];
        free_column(column);
        *column = (struct sw_stored_column){
            .entry = column->entry, .offset = column->offset, .indexed = column->indexed};
    }
    sw_buffer_free(&reader->body);
}

static void hold(struct sw_reader *reader, struct sw_stored_column *column, uint64_t memory)
{
    if (memory <= column->memory) return;
    reader->held += memory - column->memory;
    column->memory = memory;
}

static bool is_small_enough(struct sw_reader *reader, size_t rows)
{
    uint64_t memory = 0;
    for (int again = 0; again < 2; again++) {
        memory = 0;
        for (size_t i = 0; i < reader->schema.column_count; i++) {
            struct sw_stored_column *column = &reader->columns[i];
            uint64_t one = sw_decoded_memory(&column->entry, reader->schema.columns[i].type, rows);
            memory += one;
            hold(reader, column, one);
        }
        if (reader->held <= SW_BLOCK_MAXIMUM) break;
        give_back(reader);
    }
    return memory <= SW_BLOCK_MAXIMUM;
}

static bool take_entries(struct sw_reader *reader, const unsigned char *at, size_t rows)
{
    uint64_t offset = 0;
    for (size_t i = 0; i < reader->schema.column_count; i++, at += SW_ENTRY_LENGTH) {
        struct sw_stored_column *column = &reader->columns[i];
        if (!sw_parse_entry(at, reader->schema.columns[i].type, rows, &column->entry)) return false;
        column->offset = offset;
        column->verified = column->decoded = column->picked = false;
        column->coded = column->pick_coded = column->numbered = false;
        offset += column->entry.stored_length;
    }
    return offset == reader->body_length;
}

static bool take_directory(struct sw_reader *reader, struct sw_error *error)
{
    const unsigned char *body = reader->frame.bytes;
    size_t columns = reader->schema.column_count;
    if (reader->frame.length != SW_BLOCK_LEAD + columns * SW_ENTRY_LENGTH ||
        sw_load32(body + 4) != columns)
        return sw_reader_damaged(reader, "a block with another number of columns", error);
    size_t rows = sw_load32(body);
    reader->body_length = sw_load64(body + 8);
    reader->body_offset = reader->input.position;
    if (rows == 0 || rows > SW_BLOCK_ROWS_MAXIMUM ||
        !take_entries(reader, body + SW_BLOCK_LEAD, rows))
        return sw_reader_damaged(reader, "a block's directory does not make sense", error);
    if (reader->body_length > SW_BLOCK_MAXIMUM || !is_small_enough(reader, rows))
        return sw_reader_damaged(reader, "a block that takes more than 128 MiB of memory", error);
    reader->rows = rows;
    reader->in_block = true;
    reader->body_read = false;
    reader->picked_count = 0;
    reader->total_rows += rows;
    reader->total_blocks++;
    return true;
}

/* Leaves the current block: whatever of its body was not read is stepped over. */
static bool leave_block(struct sw_reader *reader, struct sw_error *error)
{
    uint64_t skipped = reader->body_length;
    if (!reader->in_block) return true;
    reader->in_block = false;
    if (!reader->body_read && !sw_input_skip(&reader->input, reader->body_length, &skipped, error))
        return false;
    if (skipped < reader->body_length) return sw_reader_early(reader, error);
    reader->stream_rows += reader->rows;
    reader->stream_blocks++;
    return true;
}

static void note_index(struct sw_reader *reader, const struct sw_index *index)
{
    reader->streams++;
    reader->indexed_streams += index->columns != NULL;
    reader->index_entries += index->entry_count;
    for (size_t i = 0; i < reader->schema.column_count; i++) reader->columns[i].indexed = false;
    for (size_t i = 0; i < index->column_count; i++)
        reader->columns[sw_index_column(index, i)].indexed = true;
}

static bool check_end(struct sw_reader *reader, struct sw_error *error)
{
    const unsigned char *body = reader->frame.bytes;
    struct sw_index index;
    if (reader->frame.length < SW_END_LENGTH ||
        !sw_index_parse(body, reader->frame.length, &reader->schema, &index) ||
        (index.columns && !reader->stream_partial &&
         index.stream_bytes != reader->block_offset - reader->stream_offset))
        return sw_reader_damaged(reader, "a malformed end mark", error);
    note_index(reader, &index);
    reader->in_stream = false;
    reader->marked_rows += sw_load64(body);
    if (reader->stream_partial ||
        (sw_load64(body) == reader->stream_rows && sw_load64(body + 8) == reader->stream_blocks))
        return !reader->watch.ends || reader->watch.ends(reader->watch.owner, &index, error);
    return sw_fail(error, SW_DATA,
                   "%s: %llu rows in %llu blocks, but its end mark says %llu in %llu",
                   reader->input.name, (unsigned long long)reader->stream_rows,
                   (unsigned long long)reader->stream_blocks, (unsigned long long)sw_load64(body),
                   (unsigned long long)sw_load64(body + 8));
}

/* After an end mark: another stream, or the end of the file, and the next file. */
static bool enter_stream(struct sw_reader *reader, struct sw_error *error)
{
    enum sw_frame_kind kind;
    if (!read_frame(reader, &kind, error)) return false;
    if (kind == SW_FRAME_UNKNOWN) {
        sw_input_close(&reader->input);
        reader->open = false;
        return reader->path_next >= reader->path_count || open_next(reader, error);
    }
    if (kind != SW_FRAME_HEADER)
        return sw_reader_damaged(reader, "a block or end mark where a stream should begin", error);
    return take_schema(reader, error);
}

/* In a stream: a block, which becomes the current one, or the end mark. */
static bool enter_block(struct sw_reader *reader, struct sw_error *error)
{
    enum sw_frame_kind kind;
    if (!reader->stream_begun && !sw_reader_find_route(reader, error)) return false;
    reader->stream_begun = true;
    if (!sw_reader_follow_route(reader, error) || !read_frame(reader, &kind, error)) return false;
    if (kind == SW_FRAME_BLOCK) return take_directory(reader, error);
    return kind == SW_FRAME_END ? check_end(reader, error) : sw_reader_early(reader, error);
}

enum sw_step sw_reader_next(struct sw_reader *reader, struct sw_error *error)
{
    while (reader->open) {
        if (!leave_block(reader, error) || !check_range(reader, error)) return SW_FAILED;
        if (!reader->open) break;
        if (reader->in_stream ? !enter_block(reader, error) : !enter_stream(reader, error))
            return SW_FAILED;
        if (!reader->in_block) continue;
        if (sw_reader_possible(reader)) return SW_ROWS;
        reader->passed_rows += reader->rows;
    }
    return SW_END;
}
