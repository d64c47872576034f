/* SPDX-License-Identifier: ISC */
#include "csv/index_write.h"

#include <inttypes.h>

#include "base/memory.h"
#include "program/tally.h"
#include "csv/index.h"
#include "csv/index_format.h"
#include "csv/segments.h"
#include "csv/table.h"
#include "encode/dictionary.h"
#include "stream/writer.h"

enum {
    SEGMENT_LEAST = 4 << 20,
    SEGMENTS_MOST = 16384, /* of the default size: 4 MiB as far as 64 GiB */
    ZLIB_LEVEL = 6,        /* lists of values shrink well */
};

/* A column X in the segment under way. */
struct summary {
    sw_int128 minimum, maximum;
    uint64_t nulls;
    bool any; /* a value */
    bool listed;
    size_t value_count;
    int64_t values[SW_INDEX_VALUES]; /* ascending */
};

struct indexer {
    struct sw_csv *csv;
    struct sw_index_form form;
    struct sw_file_mark mark;
    struct sw_table table;
    struct sw_bad_rows bad;
    struct sw_writer writer;
    struct sw_index_made *made;
    struct sw_segment segment;
    struct summary *summaries; /* one per key */
    struct sw_distinct distinct;
    uint64_t *numbers, *codes; /* scratch, for a batch */
    struct sw_buffer text;
    int *wanted;
};

/* ---- a segment's rows ---- */

static void widen_bounds(struct summary *summary, sw_int128 minimum, sw_int128 maximum)
{
    if (!summary->any || minimum < summary->minimum) summary->minimum = minimum;
    if (!summary->any || maximum > summary->maximum) summary->maximum = maximum;
    summary->any = true;
}

static void bound_numbers(struct summary *summary, const int64_t *numbers, size_t count)
{
    int64_t minimum = INT64_MAX, maximum = INT64_MIN;
    for (size_t i = 0; i < count; i++) {
        minimum = numbers[i] < minimum ? numbers[i] : minimum;
        maximum = numbers[i] > maximum ? numbers[i] : maximum;
    }
    if (count) widen_bounds(summary, minimum, maximum);
}

static void bound_wide(struct summary *summary, const struct sw_vector *vector)
{
    for (size_t row = 0; row < vector->rows; row++)
        if (!sw_is_null(vector, row))
            widen_bounds(summary, vector->wide_values[row], vector->wide_values[row]);
    summary->listed = false;
}

/* Puts a value in its place, if it is not there. */
static void add_value(struct summary *summary, int64_t value)
{
    size_t low = 0, high = summary->value_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (summary->values[middle] < value)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < summary->value_count && summary->values[low] == value) return;
    summary->listed = summary->value_count < SW_INDEX_VALUES;
    if (!summary->listed) return;
    memmove(summary->values + low + 1, summary->values + low,
            (summary->value_count - low) * sizeof *summary->values);
    summary->values[low] = value;
    summary->value_count++;
}

static bool list_values(struct indexer *indexer, struct summary *summary, const int64_t *numbers,
                        size_t count, struct sw_error *error)
{
    size_t found = 0;
    if (!summary->listed || count == 0) return true;
    if (!sw_distinct_number(&indexer->distinct, (const uint64_t *)numbers, count, SW_INDEX_VALUES,
                            indexer->codes, &found, error))
        return false;
    if (found > SW_INDEX_VALUES) summary->listed = false;
    for (size_t i = 0; summary->listed && i < found; i++)
        add_value(summary, (int64_t)indexer->distinct.numbers[i]);
    return true;
}

/* The values that are there, without the nulls. */
static size_t gather(struct indexer *indexer, const struct sw_vector *vector)
{
    size_t count = 0;
    for (size_t row = 0; row < vector->rows; row++) {
        indexer->numbers[count] = (uint64_t)vector->narrow[row];
        count += !sw_is_null(vector, row);
    }
    return count;
}

static bool summarize(struct indexer *indexer, struct summary *summary,
                      const struct sw_vector *vector, struct sw_error *error)
{
    const int64_t *numbers = vector->narrow;
    size_t count = vector->rows;
    summary->nulls += vector->nulls;
    if (vector->wide) {
        bound_wide(summary, vector);
        return true;
    }
    if (vector->nulls) {
        count = gather(indexer, vector);
        numbers = (const int64_t *)indexer->numbers;
    }
    bound_numbers(summary, numbers, count);
    return list_values(indexer, summary, numbers, count, error);
}

static bool add_batch(struct indexer *indexer, struct sw_error *error)
{
    indexer->segment.rows += indexer->table.rows;
    for (size_t i = 0; i < indexer->form.key_count; i++)
        if (!summarize(indexer, &indexer->summaries[i],
                       indexer->table.vectors[indexer->form.keys[i].column], error))
            return false;
    return true;
}

static void begin_segment(struct indexer *indexer, uint64_t offset, uint64_t line)
{
    indexer->segment = (struct sw_segment){.offset = offset, .line = line};
    indexer->bad.count = 0;
    for (size_t i = 0; i < indexer->form.key_count; i++) {
        struct summary *summary = &indexer->summaries[i];
        summary->any = false;
        summary->nulls = 0;
        summary->value_count = 0;
        summary->listed = indexer->form.keys[i].listed;
    }
}

/* ---- a segment's row of the index ---- */

static bool put_number(struct indexer *indexer, int column, sw_int128 value, struct sw_error *error)
{
    return sw_builder_add_value(&indexer->writer.builders[column], value, error);
}

static bool put_values(struct indexer *indexer, int column, const struct summary *summary,
                       struct sw_error *error)
{
    struct sw_buffer *text = &indexer->text;
    text->length = 0;
    if (!summary->listed || !summary->any) {
        sw_builder_add_null(&indexer->writer.builders[column]);
        return true;
    }
    for (size_t i = 0; i < summary->value_count; i++)
        if (!sw_buffer_format(text, error, "%s%" PRId64, i ? " " : "", summary->values[i]))
            return false;
    return sw_builder_add_text(&indexer->writer.builders[column], (const char *)text->bytes,
                               text->length, error);
}

static bool put_key(struct indexer *indexer, const struct sw_index_key *key,
                    const struct summary *summary, struct sw_error *error)
{
    int minimum = key->first, maximum = minimum + 1, nulls = minimum + 2, values = minimum + 3;
    if (!summary->any) {
        sw_builder_add_null(&indexer->writer.builders[minimum]);
        sw_builder_add_null(&indexer->writer.builders[maximum]);
    } else if (!put_number(indexer, minimum, summary->minimum, error) ||
               !put_number(indexer, maximum, summary->maximum, error)) {
        return false;
    }
    return put_number(indexer, nulls, summary->nulls, error) &&
           (!key->listed || put_values(indexer, values, summary, error));
}

static bool put_fields(struct indexer *indexer, struct sw_error *error)
{
    const struct sw_segment *segment = &indexer->segment;
    const struct sw_buffer *schema = &indexer->form.file_schema;
    return put_number(indexer, SW_INDEX_OFFSET, segment->offset, error) &&
           put_number(indexer, SW_INDEX_LENGTH, segment->length, error) &&
           put_number(indexer, SW_INDEX_LINE, segment->line, error) &&
           put_number(indexer, SW_INDEX_ROWS, segment->rows, error) &&
           put_number(indexer, SW_INDEX_BAD, segment->bad, error) &&
           put_number(indexer, SW_INDEX_EMPTY, segment->empty, error) &&
           put_number(indexer, SW_INDEX_IGNORED, segment->ignored, error) &&
           put_number(indexer, SW_INDEX_FILE_SIZE, indexer->mark.size_bytes, error) &&
           put_number(indexer, SW_INDEX_FILE_CHANGED, indexer->mark.changed_ns, error) &&
           put_number(indexer, SW_INDEX_FILE_DIGEST, indexer->mark.digest, error) &&
           sw_builder_add_text(&indexer->writer.builders[SW_INDEX_FILE_SCHEMA],
                               (const char *)schema->bytes, schema->length, error);
}

static bool put_segment(struct indexer *indexer, struct sw_error *error)
{
    if (!put_fields(indexer, error)) return false;
    for (size_t i = 0; i < indexer->form.key_count; i++)
        if (!put_key(indexer, &indexer->form.keys[i], &indexer->summaries[i], error)) return false;
    indexer->made->segments++;
    indexer->made->rows += indexer->segment.rows;
    indexer->made->bad += indexer->segment.bad;
    indexer->made->bad_segments += indexer->segment.bad > 0;
    return sw_writer_added(&indexer->writer, 1, error);
}

/* ---- the file ---- */

/* What the table has counted since `before`, as the segment's. */
static bool count_segment(struct indexer *indexer, const struct sw_line_counts *before,
                          uint64_t ended, struct sw_error *error)
{
    const struct sw_line_counts *lines = &indexer->table.lines;
    struct sw_segment *segment = &indexer->segment;
    segment->bad = indexer->bad.count;
    segment->empty = lines->empty - before->empty;
    segment->ignored = lines->ignored - before->ignored;
    struct sw_tally tally = {
        .read = indexer->table.ended - ended,
        .kept = segment->rows,
        .bad = segment->bad,
        .of_text = true,
        .lines = {.all = lines->all - before->all,
                  .empty = segment->empty,
                  .ignored = segment->ignored},
    };
    return sw_tally_check(&tally, indexer->csv->source.input.name, error);
}

/* Reads the rows that begin within size_bytes. */
static bool read_segment(struct indexer *indexer, uint64_t size_bytes, struct sw_error *error)
{
    struct sw_csv *csv = indexer->csv;
    struct sw_segment *segment = &indexer->segment;
    enum sw_step step;
    uint64_t ended = indexer->table.ended;
    struct sw_line_counts before = indexer->table.lines;
    bool far = size_bytes > UINT64_MAX - segment->offset;
    csv->limit = far ? UINT64_MAX : segment->offset + size_bytes;
    csv->data_line = segment->line;
    sw_table_resume(&indexer->table);
    while ((step = sw_table_next(&indexer->table, error)) == SW_ROWS)
        if (!add_batch(indexer, error)) return false;
    uint64_t end = sw_source_offset(&csv->source, csv->source.start);
    if (end > indexer->mark.size_bytes) end = indexer->mark.size_bytes; /* a newline was lacking */
    segment->length = end > segment->offset ? end - segment->offset : 0;
    return step == SW_END && count_segment(indexer, &before, ended, error);
}

static bool read_segments(struct indexer *indexer, uint64_t size_bytes, struct sw_error *error)
{
    uint64_t at = indexer->csv->data_offset, line = indexer->csv->data_line;
    while (at < indexer->mark.size_bytes) {
        begin_segment(indexer, at, line);
        if (!read_segment(indexer, size_bytes, error)) return false;
        if (indexer->segment.length == 0) return true; /* it has become shorter */
        if (!put_segment(indexer, error)) return false;
        at += indexer->segment.length;
        line = sw_table_line(&indexer->table);
    }
    return true;
}

/* A file that is being written while it is read has no index. */
static bool is_unchanged(struct indexer *indexer, struct sw_error *error)
{
    struct sw_file_mark now;
    struct sw_input *input = &indexer->csv->source.input;
    if (!sw_file_mark_of(input, &now, error)) return false;
    const struct sw_file_mark *then = &indexer->mark;
    if (now.size_bytes == then->size_bytes && now.changed_ns == then->changed_ns &&
        now.digest == then->digest)
        return true;
    return sw_fail(error, SW_DATA, "%s: has changed while it was read", input->name);
}

static bool open_parts(struct indexer *indexer, const struct sw_index_settings *settings,
                       struct sw_output *output, struct sw_error *error)
{
    const struct sw_schema *schema = &indexer->csv->schema;
    struct sw_index_form *form = &indexer->form;
    indexer->wanted = sw_alloc(schema->column_count, sizeof *indexer->wanted, error);
    indexer->numbers = sw_alloc(SW_BLOCK_ROWS_DEFAULT, sizeof *indexer->numbers, error);
    indexer->codes = sw_alloc(SW_BLOCK_ROWS_DEFAULT, sizeof *indexer->codes, error);
    indexer->summaries = sw_alloc(SW_INDEX_KEYS, sizeof *indexer->summaries, error);
    if (!indexer->wanted || !indexer->numbers || !indexer->codes || !indexer->summaries)
        return false;
    for (size_t i = 0; i < schema->column_count; i++) indexer->wanted[i] = (int)i;
    if (!sw_index_form_open(form, schema, indexer->csv->csv_schema->digest, error) ||
        !sw_schema_made_by(&form->schema, (const char *)settings->made_by->bytes,
                           settings->made_by->length, error) ||
        !sw_writer_prepare(&indexer->writer, output, &form->schema, 0, error))
        return false;
    indexer->writer.encoder.small = true;
    indexer->writer.encoder.level = ZLIB_LEVEL;
    return true;
}

static bool open_table(struct indexer *indexer, struct sw_error *error)
{
    struct sw_table_settings settings = {.wanted = indexer->wanted,
                                         .wanted_count = indexer->csv->schema.column_count,
                                         .batch_rows = SW_BLOCK_ROWS_DEFAULT,
                                         .bad = &indexer->bad};
    indexer->bad.only_counted = true;
    return sw_table_open(&indexer->table, indexer->csv, &settings, error);
}

static uint64_t default_size(uint64_t file_bytes)
{
    uint64_t size = file_bytes / SEGMENTS_MOST + 1;
    return size < SEGMENT_LEAST ? SEGMENT_LEAST : size;
}

static bool write_index(struct indexer *indexer, uint64_t size_bytes, struct sw_error *error)
{
    if (!size_bytes) size_bytes = default_size(indexer->mark.size_bytes);
    if (!open_table(indexer, error)) return false;
    bool good = sw_writer_begin(&indexer->writer, error) &&
                read_segments(indexer, size_bytes, error) && is_unchanged(indexer, error) &&
                sw_writer_close(&indexer->writer, error);
    sw_table_free(&indexer->table);
    return good;
}

static bool index_rows(struct sw_csv *csv, const struct sw_index_settings *settings,
                       struct sw_output *output, struct sw_index_made *made, struct sw_error *error)
{
    struct indexer indexer = {.csv = csv, .made = made};
    struct sw_input *input = &csv->source.input;
    *made = (struct sw_index_made){0};
    if (!input->seekable || sw_source_packed(&csv->source))
        return sw_fail(error, SW_USAGE, "%s: an index needs a file that is not compressed",
                       input->name);
    bool good = sw_file_mark_of(input, &indexer.mark, error) &&
                open_parts(&indexer, settings, output, error) &&
                write_index(&indexer, settings->segment_bytes, error);
    sw_writer_free(&indexer.writer);
    sw_index_form_free(&indexer.form);
    sw_distinct_free(&indexer.distinct);
    sw_buffer_free(&indexer.text);
    free(indexer.wanted);
    free(indexer.numbers);
    free(indexer.codes);
    free(indexer.summaries);
    return good;
}

static bool index_into(struct sw_csv *csv, const struct sw_index_settings *settings, const char *to,
                       struct sw_index_made *made, struct sw_error *error)
{
    struct sw_output output;
    if (!sw_output_open(&output, to, error)) return false;
    bool good = sw_output_refuse_terminal(&output, error) &&
                index_rows(csv, settings, &output, made, error);
    return sw_output_end(&output, good, error);
}

bool sw_csv_index_write(const char *path, const struct sw_csv_schemas *csv_schemas,
                        const struct sw_index_settings *settings, const char *to,
                        struct sw_index_made *made, struct sw_error *error)
{
    struct sw_buffer beside = {0};
    struct sw_csv csv;
    if (strcmp(path, "-") == 0)
        return sw_fail(error, SW_USAGE, "standard input: an index needs a file");
    bool good = (to || sw_csv_index_path(path, &beside, error)) &&
                sw_csv_open(&csv, path, csv_schemas, error);
    if (good) {
        good = index_into(&csv, settings, to ? to : (const char *)beside.bytes, made, error);
        sw_csv_close(&csv);
    }
    sw_buffer_free(&beside);
    return good;
}
