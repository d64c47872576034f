/* SPDX-License-Identifier: ISC */
#include "record/reader.h"

#include "base/checksum.h"
#include "base/memory.h"
#include "record/encode.h"

/* ---- frames ---- */

static bool early(const struct sw_reader *reader, struct sw_error *error)
{
    return sw_fail(error, SW_DATA, "%s: ended early after %llu rows", reader->input.name,
                   (unsigned long long)reader->stream_rows);
}

static bool damaged(const struct sw_reader *reader, const char *what, struct sw_error *error)
{
    return sw_fail(error, SW_DATA, "%s: byte %llu: %s (after %llu rows)", reader->input.name,
                   (unsigned long long)reader->block_offset, what,
                   (unsigned long long)reader->stream_rows);
}

/* Reads the body that a frame announced, piece by piece so that a lie about its length costs no memory, and checks it. */
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
        if (got < part) return early(reader, error);
    }
    if (sw_checksum(frame->bytes, length) == checksum) return true;
    return damaged(reader, "a damaged frame", error);
}

/* The next frame, its body in reader->frame. *kind is SW_FRAME_UNKNOWN at a clean end of the input. */
static bool read_frame(struct sw_reader *reader, enum sw_frame_kind *kind, struct sw_error *error)
{
    unsigned char lead[SW_FRAME_LENGTH];
    size_t got;
    uint32_t length, checksum;
    *kind = SW_FRAME_UNKNOWN;
    reader->block_offset = reader->input.position;
    if (!sw_input_read(&reader->input, lead, sizeof lead, &got, error)) return false;
    if (got == 0) return true;
    if (got < sizeof lead) return early(reader, error);
    *kind = sw_parse_frame(lead, &length, &checksum);
    if (*kind == SW_FRAME_UNKNOWN) return damaged(reader, "not a frame of a record stream", error);
    return read_body(reader, length, checksum, error);
}

/* ---- headers ---- */

static bool refuse_foreign(struct sw_reader *reader, struct sw_error *error)
{
    unsigned char first[4];
    size_t got;
    if (!sw_input_peek(&reader->input, first, sizeof first, &got, error)) return false;
    if (got == 0)
        return sw_fail(error, SW_DATA, "%s: empty, not even a header", reader->input.name);
    if (memcmp(first, "\x89SWR", got) == 0) return true;
    return sw_fail(error, SW_DATA, "%s: not a record stream (sw-chunk makes one of CSV)",
                   reader->input.name);
}

/* The first stream's schema is that of all. What it says of the order holds in each stream alone; of files read one behind another
 * it would be a claim that nobody has checked. */
static bool adopt_schema(struct sw_reader *reader, const struct sw_schema *schema,
                         struct sw_error *error)
{
    reader->schema = *schema;
    reader->columns = sw_alloc(schema->column_count, sizeof *reader->columns, error);
    return reader->columns && (reader->path_count < 2 ||
                               sw_schema_sorted_by(&reader->schema, NULL, 0, error));
}

static bool take_schema(struct sw_reader *reader, struct sw_error *error)
{
    struct sw_schema schema;
    if (!sw_parse_header(reader->frame.bytes, reader->frame.length, &schema, error))
        return sw_fail_at(error, reader->input.name);
    reader->stream_rows = reader->stream_blocks = 0;
    reader->stream_offset = reader->block_offset;
    reader->stream_begun = false;
    if (!reader->columns) return adopt_schema(reader, &schema, error);
    bool same = sw_schema_same(&reader->schema, &schema);
    sw_schema_free(&schema);
    if (same) return true;
    return sw_fail(error, SW_DATA, "%s: byte %llu: a stream with other columns than %s",
                   reader->input.name, (unsigned long long)reader->block_offset,
                   reader->first_name);
}

static bool begin_input(struct sw_reader *reader, struct sw_error *error)
{
    enum sw_frame_kind kind;
    reader->open = true;
    reader->stream_rows = 0;
    if (!reader->columns) reader->first_name = reader->input.name;
    if (!refuse_foreign(reader, error) || !read_frame(reader, &kind, error)) return false;
    if (kind != SW_FRAME_HEADER) return damaged(reader, "not a header", error);
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

void sw_reader_close(struct sw_reader *reader)
{
    for (size_t i = 0; reader->columns && i < reader->schema.column_count; i++) {
        struct sw_stored_column *column = &reader->columns[i];
        free(column->values);
        free(column->valid);
        free(column->dictionary);
        free(column->space);
        free(column->raw);
    }
    free(reader->columns);
    sw_schema_free(&reader->schema);
    sw_buffer_free(&reader->frame);
    sw_buffer_free(&reader->body);
    free(reader->scratch);
    reader->scratch = NULL;
    free(reader->restrictions);
    free(reader->stretches);
    reader->restrictions = NULL;
    reader->stretches = NULL;
    reader->restriction_count = reader->restriction_capacity = 0;
    if (reader->open) sw_input_close(&reader->input);
    reader->columns = NULL;
    reader->open = false;
}

/* ---- blocks ---- */

static bool take_entries(struct sw_reader *reader, const unsigned char *at, size_t rows)
{
    uint64_t offset = 0;
    for (size_t i = 0; i < reader->schema.column_count; i++, at += SW_ENTRY_LENGTH) {
        struct sw_stored_column *column = &reader->columns[i];
        if (!sw_parse_entry(at, reader->schema.columns[i].type, rows, &column->entry)) return false;
        column->offset = offset;
        column->verified = column->decoded = false;
        offset += column->entry.stored_length;
    }
    return offset == reader->body_length && offset <= SW_BLOCK_MAXIMUM;
}

static bool take_directory(struct sw_reader *reader, struct sw_error *error)
{
    const unsigned char *body = reader->frame.bytes;
    size_t columns = reader->schema.column_count;
    if (reader->frame.length != SW_BLOCK_LEAD + columns * SW_ENTRY_LENGTH ||
        sw_load32(body + 4) != columns)
        return damaged(reader, "a block with another number of columns", error);
    size_t rows = sw_load32(body);
    reader->body_length = sw_load64(body + 8);
    reader->body_offset = reader->input.position;
    if (rows == 0 || rows > SW_BLOCK_ROWS_MAXIMUM ||
        !take_entries(reader, body + SW_BLOCK_LEAD, rows))
        return damaged(reader, "a block's directory does not make sense", error);
    reader->rows = rows;
    reader->in_block = true;
    reader->body_read = false;
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
    if (skipped < reader->body_length) return early(reader, error);
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
        (index.columns && index.stream_bytes != reader->block_offset - reader->stream_offset))
        return damaged(reader, "a malformed end mark", error);
    note_index(reader, &index);
    if (sw_load64(body) == reader->stream_rows && sw_load64(body + 8) == reader->stream_blocks)
        return true;
    return sw_fail(error, SW_DATA, "%s: %llu rows in %llu blocks, but its end mark says %llu in %llu",
                   reader->input.name, (unsigned long long)reader->stream_rows,
                   (unsigned long long)reader->stream_blocks, (unsigned long long)sw_load64(body),
                   (unsigned long long)sw_load64(body + 8));
}

/* Behind an end mark: another stream, the end of the file, the next file. *more says whether a header was read. */
static bool after_end(struct sw_reader *reader, bool *more, struct sw_error *error)
{
    enum sw_frame_kind kind;
    *more = false;
    if (!read_frame(reader, &kind, error)) return false;
    if (kind == SW_FRAME_UNKNOWN) {
        sw_input_close(&reader->input);
        reader->open = false;
        *more = reader->path_next < reader->path_count;
        return !*more || open_next(reader, error);
    }
    if (kind != SW_FRAME_HEADER)
        return damaged(reader, "a block or end mark where a stream should begin", error);
    *more = true;
    return take_schema(reader, error);
}

/* ---- restrictions ---- */

static bool block_is_possible(const struct sw_reader *reader)
{
    for (size_t i = 0; i < reader->restriction_count; i++) {
        const struct sw_restriction *restriction = &reader->restrictions[i];
        const struct sw_entry *entry = &reader->columns[restriction->column].entry;
        enum sw_type type = reader->schema.columns[restriction->column].type;
        if (entry->nulls == reader->rows ||
            !sw_restriction_meets(restriction, type, entry->minimum, entry->maximum))
            return false;
    }
    return true;
}

bool sw_reader_restrict(struct sw_reader *reader, int column, sw_int128 low, sw_int128 high,
                        struct sw_error *error)
{
    if (!sw_grow(&reader->restrictions, &reader->restriction_capacity,
                 reader->restriction_count + 1, sizeof *reader->restrictions, error))
        return false;
    reader->restrictions[reader->restriction_count++] = (struct sw_restriction){column, low, high};
    return true;
}

/* ---- going by the index ---- */

/* Reads the end mark that the last bytes of the file lead to, if it is one and whole; *length is the body's, 0 where it is not. */
static bool read_last_mark(struct sw_reader *reader, size_t *length, struct sw_error *error)
{
    struct sw_input *input = &reader->input;
    unsigned char lead[SW_FRAME_LENGTH];
    uint32_t body, checksum;
    uint64_t left = input->size - reader->stream_offset;
    size_t got;
    *length = 0;
    if (input->size < reader->stream_offset + sizeof lead) return true;
    if (!sw_input_read_at(input, input->size - 8, lead, 8, &got, error)) return false;
    uint64_t whole = sw_load64(lead);
    if (got < 8 || whole < sizeof lead + SW_END_LENGTH || whole > sizeof lead + SW_BODY_MAXIMUM ||
        whole > left)
        return true;
    if (!sw_input_read_at(input, input->size - whole, lead, sizeof lead, &got, error)) return false;
    if (got < sizeof lead || sw_parse_frame(lead, &body, &checksum) != SW_FRAME_END ||
        body != whole - sizeof lead)
        return true;
    reader->frame.length = 0;
    if (!sw_buffer_reserve(&reader->frame, body, error) ||
        !sw_input_read_at(input, input->size - body, reader->frame.bytes, body, &got, error))
        return false;
    if (got == body && sw_checksum(reader->frame.bytes, body) == checksum) *length = body;
    return true;
}

/* Where the file ends with the end mark of the stream that begins here, and that has an index: finds the stretches to visit. Whatever is
 * wrong with it is left for the walk over all blocks to find. */
static bool find_route(struct sw_reader *reader, struct sw_error *error)
{
    struct sw_index index;
    size_t length;
    free(reader->stretches);
    reader->stretches = NULL;
    reader->stretch_next = 0;
    reader->stretch_rows = reader->stretch_blocks = 0;
    if (!reader->input.seekable || reader->restriction_count == 0) return true;
    if (!read_last_mark(reader, &length, error)) return false;
    bool good = length > SW_END_LENGTH &&
                sw_index_parse(reader->frame.bytes, length, &reader->schema, &index) &&
                index.stream_bytes ==
                    reader->input.size - SW_FRAME_LENGTH - length - reader->stream_offset;
    return !good || sw_index_route(&index, &reader->schema, reader->restrictions,
                                   reader->restriction_count, &reader->stretches, error);
}

/* At the end of a stretch: goes to the next one, behind the last to the end mark. */
static bool follow_route(struct sw_reader *reader, struct sw_error *error)
{
    if (!reader->stretches || reader->stream_blocks < reader->stretch_blocks) return true;
    if (reader->stream_rows != reader->stretch_rows)
        return damaged(reader, "the index tells of other blocks", error);
    const struct sw_stretch *next = &reader->stretches[reader->stretch_next++];
    reader->stream_rows += next->skipped_rows;
    reader->stream_blocks += next->skipped_blocks;
    reader->total_rows += next->skipped_rows;
    reader->total_blocks += next->skipped_blocks;
    reader->stretch_rows = reader->stream_rows + next->rows;
    reader->stretch_blocks = reader->stream_blocks + next->blocks;
    bool good = sw_input_seek(&reader->input, reader->stream_offset + next->offset, error);
    if (next->blocks == 0) {
        free(reader->stretches);
        reader->stretches = NULL;
    }
    return good;
}

static bool next_frame(struct sw_reader *reader, enum sw_frame_kind *kind, struct sw_error *error)
{
    if (!leave_block(reader, error)) return false;
    if (!reader->stream_begun && !find_route(reader, error)) return false;
    reader->stream_begun = true;
    return follow_route(reader, error) && read_frame(reader, kind, error);
}

enum sw_step sw_reader_next(struct sw_reader *reader, struct sw_error *error)
{
    bool more = true;
    while (reader->open && more) {
        enum sw_frame_kind kind;
        if (!next_frame(reader, &kind, error)) return SW_FAILED;
        if (kind == SW_FRAME_BLOCK) {
            if (!take_directory(reader, error)) return SW_FAILED;
            if (block_is_possible(reader)) return SW_ROWS;
        } else if (kind != SW_FRAME_END) {
            (void)early(reader, error);
            return SW_FAILED;
        } else if (!check_end(reader, error) || !after_end(reader, &more, error)) {
            return SW_FAILED;
        }
    }
    return SW_END;
}

/* ---- columns ---- */

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
        if (got < part) return early(reader, error);
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
    return got == length || early(reader, error);
}

static bool load_bytes(struct sw_reader *reader, struct sw_stored_column *column,
                       struct sw_error *error)
{
    if (reader->input.seekable) return read_one_column(reader, column, error);
    if (!reader->body_read && !read_whole_body(reader, error)) return false;
    column->bytes = reader->body.bytes + column->offset;
    return true;
}

static bool bad_column(const struct sw_reader *reader, int index, const char *what,
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
        return bad_column(reader, index, "damaged (checksum)", error);
    column->verified = true;
    return true;
}

static bool make_space(struct sw_reader *reader, struct sw_stored_column *column,
                       enum sw_type type, struct sw_error *error)
{
    const struct sw_entry *entry = &column->entry;
    size_t words = (reader->rows + 63) / 64;
    size_t value_bytes = (reader->rows + 1) * sw_decoded_width(entry, type);
    return sw_grow(&column->values, &column->values_capacity, value_bytes, 1, error) &&
           sw_grow(&column->valid, &column->valid_capacity, words, sizeof *column->valid, error) &&
           sw_grow(&column->dictionary, &column->dictionary_capacity, entry->dictionary_size,
                   sizeof *column->dictionary, error) &&
           sw_grow(&reader->scratch, &reader->scratch_capacity,
                   sw_decoded_scratch(entry, reader->rows), sizeof *reader->scratch, error);
}

static bool raw_bytes(struct sw_reader *reader, int index, const unsigned char **raw,
                      struct sw_error *error)
{
    struct sw_stored_column *column = &reader->columns[index];
    const struct sw_entry *entry = &column->entry;
    *raw = column->bytes;
    if (!entry->compressed) return true;
    if (!sw_grow(&column->raw, &column->raw_capacity, entry->raw_length + SW_DECODE_SLACK, 1,
                 error))
        return false;
    *raw = column->raw;
    return sw_decompress(column->bytes, entry->stored_length, column->raw, entry->raw_length) ||
           bad_column(reader, index, "does not decompress", error);
}

static bool decode(struct sw_reader *reader, int index, struct sw_error *error)
{
    struct sw_stored_column *column = &reader->columns[index];
    const struct sw_column *about = &reader->schema.columns[index];
    const unsigned char *raw;
    if (!verify_column(reader, index, error) || !raw_bytes(reader, index, &raw, error) ||
        !make_space(reader, column, about->type, error))
        return false;
    struct sw_decoded to = {column->valid, column->values, column->dictionary, reader->scratch};
    if (!sw_decode_column(raw, &column->entry, about->type, about->scale, reader->rows, &to,
                          &column->vector))
        return bad_column(reader, index, "its bytes contradict the directory", error);
    column->decoded = true;
    return true;
}

const struct sw_vector *sw_reader_vector(struct sw_reader *reader, int column,
                                         struct sw_error *error)
{
    struct sw_stored_column *stored = &reader->columns[column];
    if (!stored->decoded && !decode(reader, column, error)) return NULL;
    return &stored->vector;
}

bool sw_reader_bounds(const struct sw_reader *reader, int column, sw_int128 *minimum,
                      sw_int128 *maximum, size_t *nulls)
{
    const struct sw_entry *entry = &reader->columns[column].entry;
    *minimum = entry->minimum;
    *maximum = entry->maximum;
    *nulls = entry->nulls;
    return reader->schema.columns[column].type != SW_TEXT;
}
