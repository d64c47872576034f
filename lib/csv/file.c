/* SPDX-License-Identifier: ISC */
#include "csv/file.h"

#include "base/memory.h"
#include "csv/row_boundary.h"
#include "csv/misread.h"
#include "csv/quotes.h"
#include "csv/split_row.h"

/* Lines without an end are told before the whole of a large file is taken for its header. What the
 * text ends in may go on, and is not looked at. */
static bool ends_as_ours(const struct sw_source *source, struct sw_error *error)
{
    size_t length = source->end - source->start;
    while (length && source->base[source->start + length - 1] == '\r') length--;
    return sw_misread_ends(source->base + source->start, length, error);
}

static bool no_header(const struct sw_source *source, struct sw_error *error)
{
    if (source->end > source->start) return sw_fail(error, SW_DATA, "header: quote never closed");
    if (source->input.piped && source->input.position == 0)
        return sw_fail(error, SW_DATA, "nothing came%s", sw_input_annotate(&source->input));
    return sw_fail(error, SW_DATA, "is empty: there is no header line");
}

/* Finds the header line: text[source.start..*end), its line end included. Lines that are empty are
 * stepped over. */
static bool find_header(struct sw_csv *csv, size_t *end, struct sw_error *error)
{
    struct sw_source *source = &csv->source;
    for (;;) {
        enum sw_quotes state = SW_QUOTES_START;
        const char *text = source->base + source->start;
        size_t length;
        if (!sw_quotes_row_end(&state, text, source->end - source->start, &length)) {
            if (source->ended) return no_header(source, error);
            if (!ends_as_ours(source, error)) return false;
            if (!sw_source_fill(source, error)) return false;
            continue;
        }
        csv->data_line++;
        *end = source->start + length;
        if (length > 2 || (length == 2 && text[0] != '\r')) return true;
        source->start += length;
    }
}

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
    return outcome == SW_SPLIT_GOOD ||
           sw_fail(error, SW_DATA, "header: %s", sw_quotes_reason(text, length));
}

static bool read_names(const char *text, size_t length, struct sw_names *names,
                       struct sw_error *error)
{
    struct sw_splitter splitter;
    if (!sw_splitter_open(&splitter, 1, error)) return false;
    bool good = split_header(&splitter, text, length, error) && copy_names(&splitter, names, error);
    sw_splitter_free(&splitter);
    return good;
}

static uint64_t count_newlines(const char *text, size_t length)
{
    uint64_t count = 0;
    for (size_t i = 0; i < length; i++) count += text[i] == '\n';
    return count;
}

/* The schema that the names of a header line fit. */
static const struct sw_csv_schema *find_csv_schema(const struct sw_csv_schemas *csv_schemas,
                                                   const char *line, size_t length,
                                                   const struct sw_names *names,
                                                   struct sw_error *error)
{
    struct sw_error failure = {0};
    const struct sw_csv_schema *csv_schema = sw_csv_schemas_find(csv_schemas, names, &failure);
    if (!csv_schema) sw_misread_header(line, length, names, &failure, error);
    return csv_schema;
}

/* By the columns' canonical names, which no column that the schema does not know has. */
static bool find_maps(struct sw_csv *csv, struct sw_error *error)
{
    const struct sw_schema *schema = &csv->schema;
    csv->maps = sw_alloc(schema->column_count, sizeof *csv->maps, error);
    if (!csv->maps) return false;
    for (size_t i = 0; i < schema->column_count; i++)
        csv->maps[i] = sw_csv_schema_values(csv->csv_schema, schema->columns[i].name);
    return true;
}

static bool read_header(struct sw_csv *csv, const struct sw_csv_schemas *csv_schemas,
                        struct sw_error *error)
{
    struct sw_names names = {0};
    size_t end = 0;
    if (!find_header(csv, &end, error)) return false;
    const char *text = csv->source.base + csv->source.start;
    size_t length = end - csv->source.start - 1;
    csv->data_line += count_newlines(text, length) + 1;
    if (!sw_misread_ends(text, length, error)) return false;
    if (text[length - 1] == '\r') length--;
    bool good = read_names(text, length, &names, error);
    csv->csv_schema = good ? find_csv_schema(csv_schemas, text, length, &names, error) : NULL;
    good = csv->csv_schema && sw_csv_schema_schema(csv->csv_schema, &names, &csv->schema, error) &&
           find_maps(csv, error);
    free_names(&names);
    csv->source.start = end;
    csv->data_offset = sw_source_offset(&csv->source, end);
    return good;
}

bool sw_csv_open(struct sw_csv *csv, const char *path, const struct sw_csv_schemas *csv_schemas,
                 struct sw_error *error)
{
    *csv = (struct sw_csv){.limit = UINT64_MAX, .next_row = UINT64_MAX};
    if (!sw_source_open(&csv->source, path, error)) return false;
    if (read_header(csv, csv_schemas, error)) return true;
    const char *name = csv->source.input.name; /* reading names it, the header's lines do not */
    if (error->status != SW_SYSTEM && strncmp(error->message, name, strlen(name)) != 0)
        sw_fail_at(error, name);
    sw_csv_close(csv);
    return false;
}

static bool range_of_gzip(struct sw_csv *csv, uint64_t offset, uint64_t length,
                          struct sw_error *error)
{
    if (offset == 0 && length == csv->source.input.size) return true;
    return sw_fail(error, SW_USAGE, "%s: a gzip can only be read whole: --range 0:%llu",
                   csv->source.input.name, (unsigned long long)csv->source.input.size);
}

/* Whether no row begins between `from` and the range's first one: a newline before that would be
 * the end of one. Where quotes stand about it need not be. */
static bool no_row_before(struct sw_csv *csv, uint64_t from, uint64_t first, struct sw_error *error)
{
    char text[4096];
    for (uint64_t at = from > csv->data_offset ? from - 1 : from; at + 1 < first;) {
        size_t got, length = first - 1 - at < sizeof text ? (size_t)(first - 1 - at) : sizeof text;
        if (!sw_input_read_at(&csv->source.input, at, text, length, &got, error)) return false;
        if (got == 0 || memchr(text, '"', got)) return true;
        if (memchr(text, '\n', got))
            return sw_fail(
                error, SW_SYSTEM,
                "%s:@%llu: a row begins before byte %llu, where the range's first one was found",
                csv->source.input.name, (unsigned long long)from, (unsigned long long)first);
        at += got;
    }
    return true;
}

bool sw_csv_range(struct sw_csv *csv, uint64_t offset, uint64_t length, struct sw_error *error)
{
    const struct sw_input *input = &csv->source.input;
    if (!input->seekable) return sw_fail(error, SW_USAGE, "%s: a range needs a file", input->name);
    if (offset > input->size || length > input->size - offset)
        return sw_fail(
            error, SW_DATA, "%s: the range ends at byte %llu, the file at %llu: has it changed?",
            input->name, (unsigned long long)(offset + length), (unsigned long long)input->size);
    if (csv->source.inflation) return range_of_gzip(csv, offset, length, error);
    uint64_t first, end = offset + length;
    uint64_t from = offset > csv->data_offset ? offset : csv->data_offset;
    csv->data_line = 0;
    csv->limit = csv->next_row = end;
    if (end <= csv->data_offset || end == from) {
        csv->limit = 0;
        csv->next_row = csv->data_offset;
        return true;
    }
    return sw_border_first_row(&csv->source.input, csv->data_offset, from, &first, error) &&
           no_row_before(csv, from, first, error) &&
           (end == input->size || /* no cut: what is open there is a bad row */
            sw_border_first_row(&csv->source.input, csv->data_offset, end, &csv->next_row,
                                error)) &&
           sw_source_seek(&csv->source, first, error);
}

bool sw_csv_check_end(const struct sw_csv *csv, struct sw_error *error)
{
    const struct sw_source *source = &csv->source;
    uint64_t here = sw_source_offset(source, source->start);
    if (csv->next_row == UINT64_MAX) {
        if (source->ended && source->start == source->end) return true;
        return sw_fail(error, SW_SYSTEM, "%s:@%llu: the rows end here, the text does not",
                       source->input.name, (unsigned long long)here);
    }
    if (here > source->input.size) here = source->input.size; /* a newline was lacking */
    if (here == csv->next_row || csv->next_row <= csv->data_offset) return true;
    return sw_fail(error, SW_SYSTEM,
                   "%s:@%llu: the range's rows end here, the next ones begin at byte %llu",
                   source->input.name, (unsigned long long)here, (unsigned long long)csv->next_row);
}

bool sw_csv_extent(struct sw_csv *csv, uint64_t offset, uint64_t length, uint64_t line,
                   struct sw_error *error)
{
    csv->data_line = line;
    csv->limit = offset + length;
    return sw_source_seek(&csv->source, offset, error);
}

void sw_csv_close(struct sw_csv *csv)
{
    free(csv->maps);
    sw_schema_free(&csv->schema);
    sw_source_close(&csv->source);
}
