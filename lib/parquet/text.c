/* SPDX-License-Identifier: ISC */
#include "parquet/text.h"

#include <stdio.h>

#include "base/memory.h"
#include "parquet/cell.h"

enum { LINES_AT_A_TIME = 1024 };

struct sw_parquet_reader {
    struct sw_input *input; /* not owned */
    struct sw_parquet_description description;
    struct sw_parquet_chunk *chunks; /* one a column */
    bool *wanted;                    /* one a column */
    bool begun;
    size_t group, end;     /* the next row group, and the one after the last */
    uint64_t row, rows;    /* of the row group at hand: rows that came, and all of them */
    struct sw_buffer text; /* lines that are to be handed out, from `out` on */
    size_t out;
};

/* "FILE: Parquet: column 'NAME', row group N, row M" before the reason. */
static bool fail_in(const struct sw_parquet_reader *reader, size_t column, struct sw_error *error)
{
    char place[900], where[80] = "";
    if (error->status != SW_DATA) return false;
    if (reader->group > 0)
        snprintf(where, sizeof where, ", row %llu of row group %zu",
                 (unsigned long long)reader->row + 1, reader->group);
    snprintf(place, sizeof place, "%.400s: Parquet: column '%.200s'%s", reader->input->name,
             reader->description.columns[column].name, where);
    return sw_fail_at(error, place);
}

/* ---- opening ---- */

static bool put_header(struct sw_parquet_reader *reader, struct sw_error *error)
{
    const struct sw_parquet_description *description = &reader->description;
    for (size_t i = 0; i < description->column_count; i++) {
        const char *name = description->columns[i].name;
        if ((i && !sw_buffer_add(&reader->text, ",", 1, error)) ||
            !sw_parquet_field_put(name, strlen(name), &reader->text, error))
            return false;
    }
    /* A line that is empty would be no header. */
    if (reader->text.length == 0 && !sw_buffer_text(&reader->text, "\"\"", error)) return false;
    return sw_buffer_add(&reader->text, "\n", 1, error);
}

struct sw_parquet_reader *sw_parquet_text_open(struct sw_input *input, struct sw_error *error)
{
    struct sw_parquet_reader *reader = sw_alloc(1, sizeof *reader, error);
    if (!reader) return NULL;
    reader->input = input;
    bool good = sw_parquet_describe(&reader->description, input, error);
    size_t columns = reader->description.column_count;
    if (good) {
        reader->chunks = sw_alloc(columns, sizeof *reader->chunks, error);
        reader->wanted = sw_alloc(columns, sizeof *reader->wanted, error);
        reader->end = reader->description.group_count;
        good = reader->chunks && reader->wanted && put_header(reader, error);
    }
    if (good) return reader;
    sw_parquet_text_close(reader);
    return NULL;
}

const struct sw_parquet_description *
sw_parquet_text_description(const struct sw_parquet_reader *reader)
{
    return &reader->description;
}

bool sw_parquet_text_begin(struct sw_parquet_reader *reader, size_t from, size_t to,
                           const bool *wanted, struct sw_error *error)
{
    const struct sw_parquet_description *description = &reader->description;
    reader->group = 0;
    for (size_t i = 0; i < description->column_count; i++) {
        const struct sw_parquet_column_kind *kind = &description->columns[i];
        reader->wanted[i] = !wanted || wanted[i];
        if (reader->wanted[i] && kind->kind == SW_KIND_UNREADABLE) {
            sw_fail(error, SW_DATA, "%s", kind->reason);
            return fail_in(reader, i, error);
        }
    }
    reader->begun = true;
    reader->group = from;
    reader->end = to;
    reader->row = reader->rows = 0;
    reader->text.length = reader->out = 0;
    return true;
}

/* ---- rows ---- */

static bool begin_group(struct sw_parquet_reader *reader, struct sw_error *error)
{
    const struct sw_parquet_description *description = &reader->description;
    const struct sw_parquet_group *group = &description->groups[reader->group++];
    reader->row = 0;
    reader->rows = group->rows;
    for (size_t i = 0; i < description->column_count; i++) {
        const struct sw_parquet_column_kind *kind = &description->columns[i];
        if (reader->wanted[i] &&
            !sw_parquet_chunk_begin(&reader->chunks[i], reader->input, kind,
                                    &description->parts[group->first_part + kind->leaf],
                                    group->rows, error))
            return fail_in(reader, i, error);
    }
    return true;
}

/* A line of one field that is empty has quotes, or it would be no row. */
static bool put_row(struct sw_parquet_reader *reader, struct sw_error *error)
{
    struct sw_buffer *text = &reader->text;
    size_t columns = reader->description.column_count, before = text->length;
    for (size_t i = 0; i < columns; i++) {
        struct sw_parquet_value value;
        if (i && !sw_buffer_add(text, ",", 1, error)) return false;
        if (!reader->wanted[i]) continue;
        if (!sw_parquet_chunk_next(&reader->chunks[i], &value, error) ||
            !sw_parquet_cell_put(&reader->description.columns[i], &value, text, error))
            return fail_in(reader, i, error);
    }
    if (text->length == before && !sw_buffer_text(text, "\"\"", error)) return false;
    reader->row++;
    return sw_buffer_add(text, "\n", 1, error);
}

/* More lines after those that were handed out, unless there are none. */
static bool make_lines(struct sw_parquet_reader *reader, struct sw_error *error)
{
    if (!reader->begun &&
        !sw_parquet_text_begin(reader, 0, reader->description.group_count, NULL, error))
        return false;
    reader->text.length = reader->out = 0;
    while (reader->row == reader->rows) {
        if (reader->group >= reader->end) return true;
        if (!begin_group(reader, error)) return false;
    }
    for (size_t i = 0; i < LINES_AT_A_TIME && reader->row < reader->rows; i++)
        if (!put_row(reader, error)) return false;
    return true;
}

bool sw_parquet_text_read(struct sw_parquet_reader *reader, void *to, size_t length, size_t *got,
                          struct sw_error *error)
{
    if (reader->out == reader->text.length && !make_lines(reader, error)) return false;
    size_t left = reader->text.length - reader->out;
    *got = left < length ? left : length;
    if (*got) memcpy(to, reader->text.bytes + reader->out, *got);
    reader->out += *got;
    return true;
}

void sw_parquet_text_close(struct sw_parquet_reader *reader)
{
    if (!reader) return;
    for (size_t i = 0; reader->chunks && i < reader->description.column_count; i++)
        sw_parquet_chunk_free(&reader->chunks[i]);
    free(reader->chunks);
    free(reader->wanted);
    sw_buffer_free(&reader->text);
    sw_parquet_description_free(&reader->description);
    free(reader);
}
