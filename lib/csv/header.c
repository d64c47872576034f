/* SPDX-License-Identifier: ISC */
#include "csv/header.h"

#include "base/memory.h"
#include "schema/misread.h"
#include "csv/quotes.h"
#include "csv/split_row.h"

/* ---- the line ---- */

/* Lines without an end are told before the whole of a large file is taken for its header. What the
 * text ends in may go on, and is not looked at. */
static bool ends_as_ours(const struct sw_source *source, const struct sw_header *header,
                         struct sw_error *error)
{
    const char *line = source->base + source->start + header->from;
    size_t length = source->end - source->start - header->from;
    while (length && line[length - 1] == '\r') length--;
    return sw_misread_ends(line, length, error);
}

static bool no_header(const struct sw_source *source, const struct sw_header *header,
                      struct sw_error *error)
{
    if (source->end > source->start + header->from)
        return sw_fail(error, SW_DATA, "header: quote never closed");
    if (source->input.piped && source->input.position == 0)
        return sw_fail(error, SW_DATA, "nothing came%s", sw_input_annotate(&source->input));
    return sw_fail(error, SW_DATA, "is empty: there is no header line");
}

static bool is_empty(const char *line, size_t length)
{
    return length < 2 || (length == 2 && line[0] == '\r');
}

/* Whether the source has to be read on before the line at `from` can be told. */
static bool needs_more(const struct sw_source *source, const struct sw_dialect *dialect,
                       size_t from)
{
    size_t length = source->end - source->start - from;
    return !source->ended && length < dialect->longest + 2;
}

static uint64_t count_newlines(const char *text, size_t length)
{
    uint64_t count = 0;
    for (size_t i = 0; i < length; i++) count += text[i] == '\n';
    return count;
}

/* Finds the line: lines that are empty or no rows are stepped over. */
static bool find_line(struct sw_source *source, const struct sw_dialect *dialect,
                      struct sw_header *header, struct sw_error *error)
{
    for (;;) {
        enum sw_quotes_state state = SW_QUOTES_ROW;
        const char *text = source->base + source->start + header->from;
        size_t length = source->end - source->start - header->from, end = 0;
        struct sw_quotes_text rest = {text, length, length};
        if (needs_more(source, dialect, header->from) ||
            !sw_quotes_row_end(dialect, &state, &rest, &end)) {
            if (source->ended) return no_header(source, header, error);
            if (!ends_as_ours(source, header, error)) return false;
            header->unread = !sw_source_fill(source, error);
            if (header->unread) return false;
            continue;
        }
        bool ignored = sw_dialect_ignores(dialect, text, length);
        header->lines += count_newlines(text, end);
        header->to = header->from + end;
        header->counts.all++;
        if (!ignored && !is_empty(text, end)) {
            header->counts.header++;
            return true;
        }
        header->counts.ignored += ignored;
        header->counts.empty += !ignored;
        header->from = header->to;
    }
}

/* ---- its names ---- */

static bool copy_names(const struct sw_splitter *splitter, struct sw_names *names,
                       struct sw_error *error)
{
    names->items = sw_alloc(splitter->field_maximum, sizeof *names->items, error);
    if (!names->items) return false;
    for (size_t i = 0; i < splitter->field_maximum; i++) {
        const char *text = (const char *)splitter->text.bytes + splitter->cells[i] + 1;
        size_t length = splitter->cells[i + 1] - splitter->cells[i] - 1;
        while (length && (text[length - 1] == ' ' || text[length - 1] == '\t')) length--;
        while (length && (*text == ' ' || *text == '\t')) text++, length--;
        if (memchr(text, 0, length)) return sw_fail(error, SW_DATA, "header: NUL byte in a name");
        names->items[i] = sw_copy_text(text, length, error);
        if (!names->items[i]) return false;
        names->count++;
    }
    return true;
}

static void free_names(struct sw_names *names)
{
    for (size_t i = 0; i < names->count; i++) free(names->items[i]);
    free(names->items);
}

/* Splits twice: once to learn how many names there are, once to have them. */
static bool split_header(struct sw_splitter *splitter, const char *text, size_t length,
                         struct sw_error *error)
{
    size_t fields;
    enum sw_split outcome = sw_split_row(splitter, text, length, &fields, error);
    if (outcome == SW_SPLIT_GOOD && fields > SW_COLUMNS_MAXIMUM)
        return sw_fail(error, SW_DATA, "header: %zu columns, more than %d", fields,
                       SW_COLUMNS_MAXIMUM);
    if (outcome == SW_SPLIT_GOOD) {
        sw_splitter_reset(splitter);
        splitter->field_maximum = fields;
        outcome = sw_split_row(splitter, text, length, &fields, error);
    }
    if (outcome == SW_SPLIT_FAILED) return false;
    return outcome == SW_SPLIT_GOOD || sw_fail(error, SW_DATA, "header: %s",
                                               sw_quotes_reason(splitter->separator, text, length));
}

static bool read_names(char separator, const char *text, size_t length, struct sw_names *names,
                       struct sw_error *error)
{
    struct sw_splitter splitter;
    if (!sw_splitter_open(&splitter, separator, 1, error)) return false;
    bool good = split_header(&splitter, text, length, error) && copy_names(&splitter, names, error);
    sw_splitter_free(&splitter);
    return good;
}

size_t sw_header_length(const struct sw_source *source, const struct sw_header *header)
{
    const char *line = source->base + source->start + header->from;
    size_t length = header->to - header->from - 1;
    return length && line[length - 1] == '\r' ? length - 1 : length;
}

bool sw_header_read(struct sw_source *source, const struct sw_dialect *dialect,
                    struct sw_header *header, struct sw_error *error)
{
    *header = (struct sw_header){0};
    if (!find_line(source, dialect, header, error)) return false;
    const char *line = source->base + source->start + header->from;
    if (!sw_misread_ends(line, header->to - header->from - 1, error)) return false;
    if (read_names(dialect->separator, line, sw_header_length(source, header), &header->names,
                   error))
        return true;
    sw_header_free(header);
    return false;
}

void sw_header_free(struct sw_header *header)
{
    free_names(&header->names);
    header->names = (struct sw_names){0};
}
