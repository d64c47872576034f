/* SPDX-License-Identifier: ISC */
#include "output/arrow.h"

#include "base/memory.h"

enum {
    BATCH_ROWS = SW_BLOCK_ROWS_MAXIMUM,
    BATCH_CELLS = 1 << 20, /* 8 to 16 MiB */
    ALIGNMENT = 8,         /* of every run of bytes in a body */
    CONTINUATION = -1,     /* before the length of a message's metadata */
    SPANS_MAXIMUM = 3,     /* of a column: which rows have values, where texts end, values */
};

static const char magic[8] =
    "ARROW1"; /* at the begin of a file with the two zeros, at its end without */

static bool open_columns(struct sw_arrow *arrow, struct sw_error *error)
{
    size_t count = arrow->schema->column_count;
    arrow->converted = sw_alloc(count, sizeof *arrow->converted, error);
    arrow->spans = sw_alloc(SPANS_MAXIMUM * count, sizeof *arrow->spans, error);
    arrow->nodes = sw_alloc(count, sizeof *arrow->nodes, error);
    arrow->places = sw_alloc(SPANS_MAXIMUM * count, sizeof *arrow->places, error);
    return arrow->converted && arrow->spans && arrow->nodes && arrow->places;
}

/* The metadata at hand as a message, up to its body. */
static bool write_metadata(struct sw_arrow *arrow, struct sw_error *error)
{
    unsigned char lead[8];
    sw_store32(lead, (uint32_t)CONTINUATION);
    sw_store32(lead + 4, (uint32_t)arrow->metadata.length);
    return sw_output_write(arrow->output, lead, sizeof lead, error) &&
           sw_output_write(arrow->output, arrow->metadata.bytes, arrow->metadata.length, error);
}

bool sw_arrow_open(struct sw_arrow *arrow, struct sw_output *output, const struct sw_schema *schema,
                   const enum sw_written *written, bool file, struct sw_error *error)
{
    *arrow =
        (struct sw_arrow){.output = output, .schema = schema, .written = written, .file = file};
    return sw_output_refuse_terminal(output, error) &&
           sw_row_group_open(&arrow->row_group, schema, BATCH_ROWS, BATCH_CELLS, error) &&
           open_columns(arrow, error) && sw_arrow_again(arrow, error);
}

bool sw_arrow_again(struct sw_arrow *arrow, struct sw_error *error)
{
    arrow->rows = arrow->row_group.rows_before = 0;
    arrow->block_count = 0;
    return (!arrow->file || sw_output_write(arrow->output, magic, sizeof magic, error)) &&
           sw_arrow_put_schema(&arrow->metadata, arrow->schema, arrow->written, !arrow->file,
                               error) &&
           write_metadata(arrow, error);
}

void sw_arrow_free(struct sw_arrow *arrow)
{
    for (size_t i = 0; arrow->converted && i < arrow->schema->column_count; i++)
        sw_buffer_free(&arrow->converted[i]);
    free(arrow->converted);
    free(arrow->spans);
    free(arrow->nodes);
    free(arrow->places);
    free(arrow->blocks);
    sw_buffer_free(&arrow->metadata);
    sw_row_group_free(&arrow->row_group);
    *arrow = (struct sw_arrow){0};
}

/* ---- bodies ---- */

static size_t padded(size_t length)
{
    return (length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

/* Where the spans stand in a body one after another; returns its length. */
static size_t place_spans(const struct sw_arrow_span *spans, size_t count, int64_t (*places)[2])
{
    size_t offset = 0;
    for (size_t i = 0; i < count; i++) {
        places[i][0] = (int64_t)offset;
        places[i][1] = (int64_t)spans[i].length;
        offset += padded(spans[i].length);
    }
    return offset;
}

static bool write_spans(struct sw_arrow *arrow, const struct sw_arrow_span *spans, size_t count,
                        struct sw_error *error)
{
    static const unsigned char zeros[ALIGNMENT];
    for (size_t i = 0; i < count; i++)
        if (!sw_output_write(arrow->output, spans[i].bytes, spans[i].length, error) ||
            !sw_output_write(arrow->output, zeros, padded(spans[i].length) - spans[i].length,
                             error))
            return false;
    return true;
}

/* ---- dictionaries ---- */

/* Where each text begins and the last one ends, then the texts. */
static bool gather_texts(const struct sw_vector *vector, struct sw_buffer *out,
                         struct sw_arrow_span spans[3], struct sw_error *error)
{
    size_t ends = ((size_t)vector->dictionary_size + 1) * sizeof(uint32_t), bytes = 0;
    for (uint32_t code = 0; code < vector->dictionary_size; code++)
        bytes += vector->dictionary[code].length;
    out->length = 0;
    if (!sw_buffer_reserve(out, ends + bytes, error)) return false;
    out->length = ends;
    for (uint32_t code = 0; code < vector->dictionary_size; code++) {
        const struct sw_text *text = &vector->dictionary[code];
        sw_store32(out->bytes + code * sizeof(uint32_t), (uint32_t)(out->length - ends));
        if (!sw_buffer_add(out, text->bytes, text->length, error)) return false;
    }
    sw_store32(out->bytes + ends - sizeof(uint32_t), (uint32_t)bytes);
    spans[0] = (struct sw_arrow_span){NULL, 0}; /* no nulls */
    spans[1] = (struct sw_arrow_span){out->bytes, ends};
    spans[2] = (struct sw_arrow_span){out->bytes + ends, bytes};
    return true;
}

static bool write_dictionary(struct sw_arrow *arrow, size_t column, struct sw_error *error)
{
    const struct sw_vector *vector = &arrow->row_group.builders[column].vector;
    struct sw_arrow_span spans[3];
    int64_t places[3][2], nodes[1][2] = {{vector->dictionary_size, 0}};
    struct sw_arrow_batch batch = {vector->dictionary_size, nodes, 1, places, 3, 0};
    if (!gather_texts(vector, &arrow->converted[column], spans, error)) return false;
    batch.body_length = (int64_t)place_spans(spans, 3, places);
    return sw_arrow_put_dictionary(&arrow->metadata, column, &batch, error) &&
           write_metadata(arrow, error) && write_spans(arrow, spans, 3, error);
}

/* ---- record batches ---- */

/* The values in `width` bytes each, the lowest ones of their two's complement. */
static bool convert(const struct sw_vector *vector, size_t width, struct sw_buffer *out,
                    struct sw_error *error)
{
    out->length = 0;
    if (!sw_buffer_reserve(out, vector->rows * width, error)) return false;
    for (size_t row = 0; row < vector->rows; row++) {
        sw_int128 value = sw_value(vector, row); /* where null, 0 */
        memcpy(out->bytes + row * width, &value, width);
    }
    out->length = vector->rows * width;
    return true;
}

static size_t width_of(enum sw_type type)
{
    return type == SW_DECIMAL ? 16 : type == SW_DATE || type == SW_TEXT ? 4 : 8;
}

/* The texts of all rows, one after another, after where each begins and the last one ends. A row
 * group bounds them. */
static bool write_out(const struct sw_vector *vector, struct sw_buffer *out,
                      struct sw_arrow_span spans[2], struct sw_error *error)
{
    size_t ends = (vector->rows + 1) * sizeof(uint32_t);
    out->length = 0;
    if (!sw_buffer_reserve(out, ends, error)) return false;
    out->length = ends;
    for (size_t row = 0; row < vector->rows; row++) {
        sw_store32(out->bytes + row * sizeof(uint32_t), (uint32_t)(out->length - ends));
        if (sw_is_null(vector, row)) continue;
        const struct sw_text *text = &vector->dictionary[vector->codes[row]];
        if (!sw_buffer_add(out, text->bytes, text->length, error)) return false;
    }
    sw_store32(out->bytes + ends - sizeof(uint32_t), (uint32_t)(out->length - ends));
    spans[0] = (struct sw_arrow_span){out->bytes, ends};
    spans[1] = (struct sw_arrow_span){out->bytes + ends, out->length - ends};
    return true;
}

/* Which rows have values, and the values: as the vector has them, or converted. */
static bool make_spans(const struct sw_vector *vector, struct sw_buffer *converted,
                       struct sw_arrow_span spans[2], struct sw_error *error)
{
    size_t width = width_of(vector->type), held = vector->wide ? 16 : 8;
    spans[0] = (struct sw_arrow_span){vector->valid, vector->nulls ? (vector->rows + 7) / 8 : 0};
    spans[1].length = vector->rows * width;
    if (vector->type == SW_TEXT) {
        spans[1].bytes = vector->codes;
    } else if (width == held) {
        spans[1].bytes = vector->wide ? (const void *)vector->wide_values : vector->narrow;
    } else {
        if (!convert(vector, width, converted, error)) return false;
        spans[1].bytes = converted->bytes;
    }
    return true;
}

/* The spans of a column, after those of the columns before it. */
static bool add_column(struct sw_arrow *arrow, size_t column, struct sw_error *error)
{
    const struct sw_vector *vector = &arrow->row_group.builders[column].vector;
    struct sw_arrow_span *spans = &arrow->spans[arrow->span_count];
    if (vector->type == SW_TEXT && arrow->file) {
        spans[0] =
            (struct sw_arrow_span){vector->valid, vector->nulls ? (vector->rows + 7) / 8 : 0};
        arrow->span_count += 3;
        return write_out(vector, &arrow->converted[column], &spans[1], error);
    }
    arrow->span_count += 2;
    return (vector->type != SW_TEXT || write_dictionary(arrow, column, error)) &&
           make_spans(vector, &arrow->converted[column], spans, error);
}

/* Of the batch whose metadata are at hand and come next. */
static bool note_block(struct sw_arrow *arrow, int64_t body_length, struct sw_error *error)
{
    if (!sw_grow(&arrow->blocks, &arrow->block_capacity, arrow->block_count + 1,
                 sizeof *arrow->blocks, error))
        return false;
    arrow->blocks[arrow->block_count++] = (struct sw_arrow_block){
        (int64_t)arrow->output->written, (int64_t)arrow->metadata.length + 8, body_length};
    return true;
}

static bool write_batch(struct sw_arrow *arrow, struct sw_error *error)
{
    size_t count = arrow->schema->column_count;
    int64_t rows = (int64_t)arrow->row_group.rows;
    arrow->span_count = 0;
    for (size_t i = 0; i < count; i++) {
        if (!add_column(arrow, i, error)) return false;
        arrow->nodes[i][0] = rows;
        arrow->nodes[i][1] = (int64_t)arrow->row_group.builders[i].vector.nulls;
    }
    int64_t length = (int64_t)place_spans(arrow->spans, arrow->span_count, arrow->places);
    struct sw_arrow_batch batch = {rows,
                                   (const int64_t(*)[2])arrow->nodes,
                                   count,
                                   (const int64_t(*)[2])arrow->places,
                                   arrow->span_count,
                                   length};
    return sw_arrow_put_batch(&arrow->metadata, &batch, error) &&
           (!arrow->file || note_block(arrow, length, error)) && write_metadata(arrow, error) &&
           write_spans(arrow, arrow->spans, arrow->span_count, error);
}

static bool end_batch(struct sw_arrow *arrow, struct sw_error *error)
{
    if (arrow->row_group.rows == 0) return true;
    if (!sw_row_group_check(&arrow->row_group, error) || !write_batch(arrow, error)) return false;
    arrow->rows += arrow->row_group.rows;
    sw_row_group_reset(&arrow->row_group);
    return true;
}

bool sw_arrow_rows(struct sw_arrow *arrow, const struct sw_vector *const *vectors, size_t from,
                   size_t end, struct sw_error *error)
{
    while (from < end) {
        if (!sw_row_group_take(&arrow->row_group, vectors, from, end, &from, error)) return false;
        if (sw_row_group_full(&arrow->row_group) && !end_batch(arrow, error)) return false;
    }
    return true;
}

static bool write_footer(struct sw_arrow *arrow, struct sw_error *error)
{
    unsigned char length[4];
    if (!sw_arrow_put_footer(&arrow->metadata, arrow->schema, arrow->written, arrow->blocks,
                             arrow->block_count, error))
        return false;
    sw_store32(length, (uint32_t)arrow->metadata.length);
    return sw_output_write(arrow->output, arrow->metadata.bytes, arrow->metadata.length, error) &&
           sw_output_write(arrow->output, length, sizeof length, error) &&
           sw_output_write(arrow->output, magic, strlen(magic), error);
}

bool sw_arrow_close(struct sw_arrow *arrow, struct sw_error *error)
{
    if (!end_batch(arrow, error)) return false;
    arrow->metadata.length = 0; /* a message of none ends the stream */
    return write_metadata(arrow, error) && (!arrow->file || write_footer(arrow, error));
}
