/* SPDX-License-Identifier: ISC */
#include "page/rows.h"

#include "csv/source.h"
#include "csv/split_row.h"

struct rows {
    struct sw_source source;
    struct sw_splitter splitter;
    size_t columns; /* 0: the header is to come */
    uint64_t number, line;
    bool (*take)(void *owner, const struct sw_page_row *row, struct sw_error *error);
    void *owner;
};

bool sw_page_cell_is(const struct sw_page_row *row, size_t column, const char *text)
{
    size_t length;
    const char *bytes = sw_page_cell(row, column, &length);
    return length == strlen(text) && memcmp(bytes, text, length) == 0;
}

size_t sw_page_find(const struct sw_page_row *row, const char *text)
{
    for (size_t i = 0; i < row->columns; i++)
        if (sw_page_cell_is(row, i, text)) return i;
    return SIZE_MAX;
}

/* Sets *length to that of the row at the source's start, its newline not counted, which lies
 * outside of quotes; 0 and `ended` at the end. What a quote leaves open at the end of the file is a
 * row, a broken one. */
static bool find_row(struct sw_source *source, size_t *length, struct sw_error *error)
{
    bool quoted = false;
    for (*length = 0;; ++*length) {
        while (source->start + *length == source->end) {
            if (source->ended) return true;
            if (!sw_source_fill(source, error)) return false;
        }
        char c = source->base[source->start + *length];
        if (c == '"') quoted = !quoted;
        if (c == '\n' && !quoted) return true;
    }
}

static bool split(struct rows *rows, const char *row, size_t length, size_t *fields,
                  struct sw_error *error)
{
    sw_splitter_reset(&rows->splitter);
    switch (sw_split_row(&rows->splitter, row, length, fields, error)) {
    case SW_SPLIT_GOOD:
        return true;
    case SW_SPLIT_FAILED:
        return false;
    case SW_SPLIT_LARGE:
        return sw_fail(error, SW_DATA, "%s:%llu: a field is too long", rows->source.input.name,
                       (unsigned long long)rows->line);
    default:
        return sw_fail(error, SW_DATA, "%s:%llu: a quote where none may stand, or none at the end",
                       rows->source.input.name, (unsigned long long)rows->line);
    }
}

/* How many columns there are is known only when the header was split once. */
static bool begin(struct rows *rows, const char *row, size_t length, struct sw_error *error)
{
    if (!split(rows, row, length, &rows->columns, error)) return false;
    sw_splitter_free(&rows->splitter);
    return sw_splitter_open(&rows->splitter, ',', rows->columns, error);
}

static bool deal_with(struct rows *rows, const char *row, size_t length, struct sw_error *error)
{
    size_t fields;
    if (rows->columns == 0 && !begin(rows, row, length, error)) return false;
    if (!split(rows, row, length, &fields, error)) return false;
    if (fields != rows->columns)
        return sw_fail(error, SW_DATA, "%s:%llu: %zu fields, the header has %zu",
                       rows->source.input.name, (unsigned long long)rows->line, fields,
                       rows->columns);
    struct sw_page_row taken = {rows->number++, fields, (const char *)rows->splitter.text.bytes,
                                rows->splitter.cells};
    return rows->take(rows->owner, &taken, error);
}

static bool read_all(struct rows *rows, struct sw_error *error)
{
    struct sw_source *source = &rows->source;
    size_t length;
    for (;;) {
        if (!find_row(source, &length, error)) return false;
        if (source->start == source->end) break;
        const char *row = source->base + source->start;
        size_t taken = length > 0 && row[length - 1] == '\r' ? length - 1 : length;
        rows->line++;
        if (taken > 0 && !deal_with(rows, row, taken, error)) return false;
        for (size_t i = 0; i < length; i++) rows->line += row[i] == '\n';
        source->start += length < source->end - source->start ? length + 1 : length;
    }
    return rows->columns > 0 ||
           sw_fail(error, SW_DATA, "%s: empty, without a header", source->input.name);
}

bool sw_page_rows(const char *path,
                  bool (*take)(void *owner, const struct sw_page_row *row, struct sw_error *error),
                  void *owner, struct sw_error *error)
{
    struct rows rows = {.take = take, .owner = owner};
    if (!sw_source_open(&rows.source, path, error)) return false;
    bool good = sw_splitter_open(&rows.splitter, ',', 1, error) && read_all(&rows, error);
    sw_splitter_free(&rows.splitter);
    sw_source_close(&rows.source);
    return good;
}
