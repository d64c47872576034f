/* SPDX-License-Identifier: ISC */
#include "csv/index.h"

#include <errno.h>
#include <unistd.h>

#include "base/memory.h"

bool sw_csv_index_path(const char *path, struct sw_buffer *to, struct sw_error *error)
{
    return sw_buffer_text(to, path, error) && sw_buffer_add(to, ".index", sizeof ".index", error);
}

bool sw_csv_index_is_there(const char *index_path)
{
    return access(index_path, F_OK) == 0 || (errno != ENOENT && errno != ENOTDIR);
}

static bool open_reader(struct sw_csv_index *index, struct sw_error *error)
{
    if (!sw_reader_open(&index->reader, &index->path, 1, error)) return false;
    if (sw_schema_same(&index->reader.schema, &index->form.schema)) return true;
    sw_reader_close(&index->reader);
    return sw_fail(error, SW_DATA, "%s: is no index of a file with these columns", index->path);
}

bool sw_csv_index_open(struct sw_csv_index *index, const char *path, struct sw_csv *csv,
                       struct sw_error *error)
{
    *index = (struct sw_csv_index){.path = path, .end = csv->data_offset};
    bool good = sw_file_mark_of(&csv->source.input, &index->mark, error) &&
                sw_index_form_open(&index->form, &csv->schema, csv->csv_schema->digest, error);
    if (good)
        index->vectors = sw_alloc(index->form.schema.column_count, sizeof *index->vectors, error);
    if (good && index->vectors && open_reader(index, error)) return true;
    free(index->vectors);
    sw_index_form_free(&index->form);
    return false;
}

static bool damaged(const struct sw_csv_index *index, struct sw_error *error)
{
    return sw_fail(error, SW_DATA, "%s: is damaged", index->path);
}

/* All columns, so that all are verified. */
static bool fetch_block(struct sw_csv_index *index, struct sw_error *error)
{
    for (size_t i = 0; i < index->form.schema.column_count; i++) {
        index->vectors[i] = sw_reader_vector(&index->reader, (int)i, error);
        if (!index->vectors[i]) return false;
    }
    return true;
}

/* A number of the current row that has to be there; where it is not, 0. */
static sw_int128 number_at(const struct sw_csv_index *index, int column)
{
    const struct sw_vector *vector = index->vectors[column];
    return sw_is_null(vector, index->row) ? 0 : sw_value(vector, index->row);
}

static struct sw_text text_at(const struct sw_csv_index *index, int column)
{
    const struct sw_vector *vector = index->vectors[column];
    if (sw_is_null(vector, index->row)) return (struct sw_text){NULL, 0};
    return vector->dictionary[vector->codes[index->row]];
}

static bool is_of_file(const struct sw_csv_index *index, struct sw_error *error)
{
    const struct sw_buffer *schema = &index->form.file_schema;
    struct sw_text named = text_at(index, SW_INDEX_FILE_SCHEMA);
    if (named.length != schema->length || memcmp(named.bytes, schema->bytes, schema->length) != 0)
        return sw_fail(error, SW_DATA,
                       "%s: was made by another version, or with other types of columns",
                       index->path);
    if (number_at(index, SW_INDEX_FILE_SIZE) == (sw_int128)index->mark.size_bytes &&
        number_at(index, SW_INDEX_FILE_CHANGED) == index->mark.changed_ns &&
        number_at(index, SW_INDEX_FILE_DIGEST) == (sw_int128)index->mark.digest)
        return true;
    return sw_fail(error, SW_DATA, "%s: is stale: the file has changed since", index->path);
}

static bool take_segment(struct sw_csv_index *index, struct sw_error *error)
{
    struct sw_segment segment = {.offset = (uint64_t)number_at(index, SW_INDEX_OFFSET),
                                 .length = (uint64_t)number_at(index, SW_INDEX_LENGTH),
                                 .line = (uint64_t)number_at(index, SW_INDEX_LINE),
                                 .rows = (uint64_t)number_at(index, SW_INDEX_ROWS),
                                 .bad = (uint64_t)number_at(index, SW_INDEX_BAD),
                                 .empty = (uint64_t)number_at(index, SW_INDEX_EMPTY),
                                 .ignored = (uint64_t)number_at(index, SW_INDEX_IGNORED)};
    bool sound = segment.offset == index->end && segment.length > 0 && segment.line > 0 &&
                 segment.length <= index->mark.size_bytes - segment.offset &&
                 segment.rows <= segment.length && segment.bad <= segment.length &&
                 segment.empty <= segment.length && segment.ignored <= segment.length;
    if (!sound) return damaged(index, error);
    index->segment = segment;
    index->end += segment.length;
    return true;
}

enum sw_step sw_csv_index_next(struct sw_csv_index *index, struct sw_error *error)
{
    index->row++;
    if (index->row >= index->reader.rows || !index->vectors[0]) {
        enum sw_step step = sw_reader_next(&index->reader, error);
        if (step == SW_END && index->end < index->mark.size_bytes && !damaged(index, error))
            return SW_FAILED;
        if (step != SW_ROWS) return step;
        if (!fetch_block(index, error)) return SW_FAILED;
        index->row = 0;
    }
    return is_of_file(index, error) && take_segment(index, error) ? SW_ROWS : SW_FAILED;
}

static const struct sw_index_key *key_of(const struct sw_csv_index *index, int column)
{
    for (size_t i = 0; i < index->form.key_count; i++)
        if (index->form.keys[i].column == column) return &index->form.keys[i];
    return NULL;
}

bool sw_csv_index_bounds(const struct sw_csv_index *index, int column, sw_int128 *minimum,
                         sw_int128 *maximum, uint64_t *nulls)
{
    const struct sw_index_key *key = key_of(index, column);
    if (!key) return false;
    *minimum = number_at(index, key->first);
    *maximum = number_at(index, key->first + 1);
    *nulls = (uint64_t)number_at(index, key->first + 2);
    return true;
}

/* A number at the front of text[*at..), and the blank after it. */
static bool take_value(struct sw_text text, size_t *at, int64_t *value)
{
    bool negative = *at < text.length && text.bytes[*at] == '-';
    size_t first = *at += negative;
    uint64_t number = 0;
    for (; *at < text.length && text.bytes[*at] != ' '; ++*at) {
        unsigned digit = (unsigned char)text.bytes[*at] - (unsigned)'0';
        if (digit > 9 || *at - first > 18) return false;
        number = 10 * number + digit;
    }
    if (*at == first || number > (uint64_t)INT64_MAX + negative) return false;
    *value = (int64_t)(negative ? 0 - number : number);
    *at += *at < text.length;
    return true;
}

const int64_t *sw_csv_index_values(struct sw_csv_index *index, int column, size_t *count)
{
    const struct sw_index_key *key = key_of(index, column);
    *count = 0;
    if (!key || !key->listed) return NULL;
    struct sw_text text = text_at(index, key->first + 3);
    if (!text.bytes) return NULL;
    for (size_t at = 0; at < text.length; ++*count)
        if (*count == SW_INDEX_VALUES || !take_value(text, &at, &index->values[*count]))
            return NULL;
    return index->values;
}

void sw_csv_index_close(struct sw_csv_index *index)
{
    sw_reader_close(&index->reader);
    sw_index_form_free(&index->form);
    free(index->vectors);
}
