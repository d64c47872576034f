/* SPDX-License-Identifier: ISC */
#include "stream/writer.h"

#include <inttypes.h>

#include "base/checksum.h"
#include "base/memory.h"

enum {
    CELLS_BY_DEFAULT = 1 << 20, /* rows × columns of a block: 8 MiB of numbers */
    CELLS_AT_MOST = 1 << 21,    /* 64 MiB where all are of 128 bits, stored and in memory */
    TEXT_AT_MOST = 4 << 20,     /* text_limit_bytes, unless said otherwise */
    TEXT_TOGETHER = 16 << 20,   /* where more would come together, what is there is a block first */
};

static size_t rows_of_block(size_t wanted, size_t columns)
{
    size_t cells = wanted ? CELLS_AT_MOST : CELLS_BY_DEFAULT;
    size_t rows = wanted ? wanted : SW_BLOCK_ROWS_DEFAULT;
    size_t most = columns ? cells / columns : SW_BLOCK_ROWS_MAXIMUM;
    if (most > SW_BLOCK_ROWS_MAXIMUM) most = SW_BLOCK_ROWS_MAXIMUM;
    return rows < most ? rows : most;
}

static bool open_builders(struct sw_writer *writer, struct sw_error *error)
{
    size_t count = writer->schema->column_count;
    writer->builders = sw_alloc(count, sizeof *writer->builders, error);
    if (!writer->builders) return false;
    for (size_t i = 0; i < count; i++) {
        const struct sw_column *column = &writer->schema->columns[i];
        if (!sw_builder_init(&writer->builders[i], column->type, column->scale, writer->block_rows,
                             error))
            return false;
    }
    return true;
}

bool sw_writer_prepare(struct sw_writer *writer, struct sw_output *output,
                       const struct sw_schema *schema, size_t block_rows, struct sw_error *error)
{
    *writer = (struct sw_writer){.output = output,
                                 .schema = schema,
                                 .text_limit_bytes = TEXT_AT_MOST,
                                 .block_rows = rows_of_block(block_rows, schema->column_count)};
    writer->column_bytes = sw_alloc(schema->column_count, sizeof *writer->column_bytes, error);
    if (writer->column_bytes && open_builders(writer, error)) return true;
    sw_writer_free(writer);
    return false;
}

bool sw_writer_begin(struct sw_writer *writer, struct sw_error *error)
{
    struct sw_buffer *body = &writer->scratch, *frame = &writer->block;
    unsigned minor = writer->encoder.small ? SW_FORMAT_MINOR_SMALL : writer->index ? 1 : 0;
    body->length = frame->length = 0;
    writer->total_rows = writer->total_blocks = writer->owed_rows = 0;
    if (!writer->output) return true;
    if (!sw_format_header(body, writer->schema, minor, error) ||
        !sw_format_frame(frame, SW_FRAME_HEADER, body->bytes, body->length, error) ||
        (writer->index && !sw_index_begin(&writer->indexed, writer->schema, error)))
        return false;
    writer->stream_bytes = frame->length;
    return sw_output_write(writer->output, frame->bytes, frame->length, error);
}

bool sw_writer_open(struct sw_writer *writer, struct sw_output *output,
                    const struct sw_schema *schema, size_t block_rows, struct sw_error *error)
{
    if (!sw_output_refuse_terminal(output, error) ||
        !sw_writer_prepare(writer, output, schema, block_rows, error))
        return false;
    if (sw_writer_begin(writer, error)) return true;
    sw_writer_free(writer);
    return false;
}

bool sw_writer_hand_over(struct sw_writer *writer, const struct sw_schema *schema,
                         struct sw_block_taker taker, struct sw_error *error)
{
    if (!sw_writer_prepare(writer, NULL, schema, 0, error)) return false;
    writer->taker = taker;
    return true;
}

size_t sw_writer_room(const struct sw_writer *writer)
{
    return writer->block_rows - writer->rows;
}

/* What was read of a stream whose directories do not tell the truth may be no value of its type; a
 * reader would refuse all of it. */
static bool put_entry(const struct sw_writer *writer, unsigned char *to, size_t index,
                      const struct sw_entry *entry, size_t rows, struct sw_error *error)
{
    const struct sw_column *column = &writer->schema->columns[index];
    struct sw_entry again;
    sw_format_entry(to, entry);
    return sw_parse_entry(to, column->type, rows, &again) ||
           sw_fail(error, SW_DATA, "column %s: a value that is not of its type, %s", column->name,
                   sw_type_name(column->type));
}

/* Fills in the directory and its frame, for which room was left at the front of the block. */
static bool finish_directory(struct sw_writer *writer, const struct sw_entry *entries, size_t rows,
                             struct sw_error *error)
{
    struct sw_buffer *block = &writer->block, *frame = &writer->scratch;
    size_t columns = writer->schema->column_count;
    unsigned char *body = block->bytes + SW_FRAME_LENGTH;
    size_t length = SW_BLOCK_LEAD + columns * SW_ENTRY_LENGTH;
    sw_store32(body, (uint32_t)rows);
    sw_store32(body + 4, (uint32_t)columns);
    sw_store64(body + 8, block->length - SW_FRAME_LENGTH - length);
    for (size_t i = 0; i < columns; i++)
        if (!put_entry(writer, body + SW_BLOCK_LEAD + i * SW_ENTRY_LENGTH, i, &entries[i], rows,
                       error))
            return false;
    frame->length = 0;
    if (!sw_format_frame(frame, SW_FRAME_BLOCK, body, length, error)) return false;
    memcpy(block->bytes, frame->bytes, SW_FRAME_LENGTH);
    return true;
}

static bool encode_columns(struct sw_writer *writer, const struct sw_vector *const *vectors,
                           size_t rows, struct sw_entry *entries, struct sw_error *error)
{
    struct sw_buffer *block = &writer->block;
    if (!sw_encoder_begin(&writer->encoder, vectors, writer->schema->column_count, rows, error))
        return false;
    for (size_t i = 0; i < writer->schema->column_count; i++) {
        size_t start = block->length;
        if (!sw_encode_column(&writer->encoder, block, i, vectors[i], rows, &entries[i], error))
            return false;
        entries[i].checksum = sw_checksum(block->bytes + start, block->length - start);
        writer->column_bytes[i] += block->length - start;
        if (block->length > SW_BLOCK_MAXIMUM)
            return sw_fail(error, SW_DATA, "more than %d bytes in a block", SW_BLOCK_MAXIMUM);
    }
    return true;
}

/* What no reader would take is not written. */
static bool is_readable(const struct sw_writer *writer, const struct sw_entry *entries, size_t rows,
                        struct sw_error *error)
{
    uint64_t memory = 0;
    for (size_t i = 0; i < writer->schema->column_count; i++)
        memory += sw_decoded_memory(&entries[i], writer->schema->columns[i].type, rows);
    return memory <= SW_BLOCK_MAXIMUM ||
           sw_fail(error, SW_DATA, "%zu rows that take more than 128 MiB of memory together", rows);
}

static void count_block(struct sw_writer *writer, size_t rows)
{
    writer->total_rows += rows;
    writer->all_rows += rows;
    writer->owed_rows -= rows;
    writer->total_blocks++;
}

static bool write_block_with(struct sw_writer *writer, const struct sw_vector *const *vectors,
                             size_t rows, struct sw_entry *entries, struct sw_error *error)
{
    struct sw_buffer *block = &writer->block;
    size_t columns = writer->schema->column_count;
    size_t directory = SW_BLOCK_LEAD + columns * SW_ENTRY_LENGTH;
    block->length = 0;
    if (!sw_buffer_reserve(block, SW_FRAME_LENGTH + directory, error)) return false;
    memset(block->bytes, 0, SW_FRAME_LENGTH + directory);
    block->length = SW_FRAME_LENGTH + directory;
    if (!encode_columns(writer, vectors, rows, entries, error)) return false;
    if (!is_readable(writer, entries, rows, error) ||
        !finish_directory(writer, entries, rows, error))
        return false;
    if (writer->index &&
        !sw_index_add(&writer->indexed, writer->stream_bytes, rows, entries, error))
        return false;
    writer->stream_bytes += block->length;
    count_block(writer, rows);
    return sw_output_write(writer->output, block->bytes, block->length, error);
}

static bool write_block(struct sw_writer *writer, const struct sw_vector *const *vectors,
                        size_t rows, struct sw_error *error)
{
    if (!writer->output) {
        count_block(writer, rows);
        return writer->taker.take(writer->taker.owner, vectors, rows, error);
    }
    struct sw_entry *entries = sw_alloc(writer->schema->column_count, sizeof *entries, error);
    bool good = entries && write_block_with(writer, vectors, rows, entries, error);
    free(entries);
    return good;
}

bool sw_writer_cut(struct sw_writer *writer, struct sw_error *error)
{
    size_t count = writer->schema->column_count;
    if (writer->rows == 0) return true;
    const struct sw_vector **vectors = sw_alloc(count, sizeof *vectors, error);
    if (!vectors) return false;
    for (size_t i = 0; i < count; i++) vectors[i] = &writer->builders[i].vector;
    bool good = write_block(writer, vectors, writer->rows, error);
    free(vectors);
    writer->rows = 0;
    for (size_t i = 0; i < count; i++) sw_builder_reset(&writer->builders[i]);
    return good;
}

static bool added(struct sw_writer *writer, size_t count, struct sw_error *error)
{
    size_t text_bytes = 0;
    writer->rows += count;
    for (size_t i = 0; i < writer->schema->column_count; i++)
        text_bytes += writer->builders[i].vector.text_bytes;
    if (writer->rows < writer->block_rows && text_bytes < writer->text_limit_bytes) return true;
    return sw_writer_cut(writer, error);
}

bool sw_writer_added(struct sw_writer *writer, size_t count, struct sw_error *error)
{
    writer->owed_rows += count;
    return added(writer, count, error);
}

/* Bytes of text that rows bring, at most; where an entry is met twice it counts twice, so not more than the dictionary has. */
static size_t text_of_rows(const struct sw_vector *vector, const uint32_t *rows, size_t count)
{
    size_t bytes = 0;
    for (size_t i = 0; i < count && bytes < vector->text_bytes; i++) {
        size_t row = rows ? rows[i] : i;
        if (!sw_is_null(vector, row)) bytes += vector->dictionary[vector->codes[row]].length;
    }
    return bytes < vector->text_bytes ? bytes : vector->text_bytes;
}

/* Much text goes into a block of its own: it must not grow at each writer that it passes by what stood there before. */
static bool make_way(struct sw_writer *writer, const struct sw_vector *const *vectors,
                     const uint32_t *rows, size_t count, struct sw_error *error)
{
    size_t there = 0, coming = 0, columns = writer->schema->column_count;
    for (size_t i = 0; i < columns; i++) {
        there += writer->builders[i].vector.text_bytes;
        coming += vectors[i]->text_bytes;
    }
    if (there + coming <= TEXT_TOGETHER) return true;
    coming = 0;
    for (size_t i = 0; i < columns; i++)
        if (vectors[i]->type == SW_TEXT) coming += text_of_rows(vectors[i], rows, count);
    return there + coming <= TEXT_TOGETHER || sw_writer_cut(writer, error);
}

static bool gather_some(struct sw_writer *writer, const struct sw_vector *const *vectors,
                        const uint32_t *rows, size_t count, struct sw_error *error)
{
    if (!make_way(writer, vectors, rows, count, error)) return false;
    for (size_t i = 0; i < writer->schema->column_count; i++)
        if (!sw_builder_gather(&writer->builders[i], vectors[i], rows, count, error)) return false;
    return added(writer, count, error);
}

/* Row numbers from..from+count, for the rest of a block that did not fit whole. */
static bool gather_run(struct sw_writer *writer, const struct sw_vector *const *vectors,
                       size_t from, size_t count, struct sw_error *error)
{
    uint32_t rows[512];
    while (count) {
        size_t part = count < 512 ? count : 512;
        if (part > sw_writer_room(writer)) part = sw_writer_room(writer);
        for (size_t i = 0; i < part; i++) rows[i] = (uint32_t)(from + i);
        if (!gather_some(writer, vectors, rows, part, error)) return false;
        from += part;
        count -= part;
    }
    return true;
}

/* Whether each of a dictionary's entries is some row's. It stops where all were met, which is soon where they are few. */
static bool uses_dictionary(const struct sw_vector *vector, size_t rows)
{
    uint64_t met[SW_BLOCK_ROWS_MAXIMUM / 64] = {0};
    uint32_t left = vector->dictionary_size;
    if (left > rows) return false;
    for (size_t row = 0; row < rows && left; row++) {
        uint32_t code = vector->codes[row];
        uint64_t bit = UINT64_C(1) << code % 64;
        if (met[code / 64] & bit || sw_is_null(vector, row)) continue;
        met[code / 64] |= bit;
        left--;
    }
    return left == 0;
}

/* Vectors that can be a block as they are. An entry that no row has would widen the bounds. */
static bool are_block(const struct sw_writer *writer, const struct sw_vector *const *vectors,
                      size_t rows)
{
    if (writer->rows > 0 || rows == 0 || rows > writer->block_rows || rows < writer->block_rows / 2)
        return false;
    for (size_t i = 0; i < writer->schema->column_count; i++)
        if (vectors[i]->type == SW_TEXT && !uses_dictionary(vectors[i], rows)) return false;
    return true;
}

bool sw_writer_gather(struct sw_writer *writer, const struct sw_vector *const *vectors,
                      const uint32_t *selected, size_t count, struct sw_error *error)
{
    writer->owed_rows += count;
    if (!selected && are_block(writer, vectors, count))
        return write_block(writer, vectors, count, error);
    size_t room = sw_writer_room(writer);
    if (!selected && count > room) {
        return gather_some(writer, vectors, NULL, room, error) &&
               gather_run(writer, vectors, room, count - room, error);
    }
    while (count) {
        room = sw_writer_room(writer);
        size_t part = count < room ? count : room;
        if (!gather_some(writer, vectors, selected, part, error)) return false;
        if (selected) selected += part;
        count -= part;
    }
    return true;
}

void sw_writer_trim(struct sw_writer *writer, size_t keep_bytes)
{
    if (writer->block.capacity > keep_bytes) sw_buffer_free(&writer->block);
    if (writer->scratch.capacity > keep_bytes) sw_buffer_free(&writer->scratch);
    sw_encoder_trim(&writer->encoder, keep_bytes);
}

static bool owes_none(const struct sw_writer *writer, struct sw_error *error)
{
    return writer->owed_rows == 0 ||
           sw_fail(error, SW_SYSTEM,
                   "%s: %lld rows more were given to be written than stand in its blocks",
                   writer->output ? writer->output->name : writer->schema->table,
                   (long long)writer->owed_rows);
}

bool sw_writer_close(struct sw_writer *writer, struct sw_error *error)
{
    struct sw_buffer *body = &writer->scratch, *frame = &writer->block;
    unsigned char totals[SW_END_LENGTH];
    if (!sw_writer_cut(writer, error) || !owes_none(writer, error)) return false;
    if (!writer->output) return true;
    sw_store64(totals, writer->total_rows);
    sw_store64(totals + 8, writer->total_blocks);
    body->length = frame->length = 0;
    return sw_buffer_add(body, totals, sizeof totals, error) &&
           (!writer->index ||
            sw_index_format(&writer->indexed, writer->stream_bytes, body, error)) &&
           sw_format_frame(frame, SW_FRAME_END, body->bytes, body->length, error) &&
           sw_output_write(writer->output, frame->bytes, frame->length, error);
}

bool sw_writer_next(struct sw_writer *writer, struct sw_error *error)
{
    return sw_writer_close(writer, error) && sw_writer_begin(writer, error);
}

bool sw_writer_follow(struct sw_writer *writer, uint64_t input_stream, struct sw_error *error)
{
    bool another = input_stream != writer->input_stream;
    bool has_rows = writer->rows > 0 || writer->total_rows > 0;
    writer->input_stream = input_stream;
    if (!another || !has_rows || writer->schema->sort_count == 0) return true;
    return sw_writer_next(writer, error);
}

void sw_writer_free(struct sw_writer *writer)
{
    for (size_t i = 0; writer->builders && i < writer->schema->column_count; i++)
        sw_builder_free(&writer->builders[i]);
    free(writer->builders);
    free(writer->column_bytes);
    sw_encoder_free(&writer->encoder);
    sw_index_free(&writer->indexed);
    sw_buffer_free(&writer->block);
    sw_buffer_free(&writer->scratch);
    writer->builders = NULL;
    writer->column_bytes = NULL;
}

bool sw_block_rows_check(int64_t rows, struct sw_error *error)
{
    return rows <= SW_BLOCK_ROWS_MAXIMUM ||
           sw_fail(error, SW_USAGE, "--block-rows: more than %d: '%" PRId64 "'",
                   SW_BLOCK_ROWS_MAXIMUM, rows);
}
