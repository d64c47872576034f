/* SPDX-License-Identifier: ISC */
#include "csv/file.h"

#include "base/memory.h"
#include "schema/file_name.h"
#include "csv/find_schema.h"
#include "csv/gzip_ranges.h"
#include "csv/row_boundary.h"

/* ---- columns that no field is ---- */

static const struct sw_csv_schema_column *column_named(const struct sw_csv *csv, size_t i)
{
    const struct sw_csv_schema_column *column =
        sw_csv_schema_column(csv->csv_schema, csv->schema.columns[i].name);
    return column && column->parser.type == csv->schema.columns[i].type ? column : NULL;
}

/* Appends a part of the name as a field of a row would stand, and where it lies. */
static bool add_name_part(struct sw_csv *csv, size_t column, const struct sw_file_part *part,
                          struct sw_error *error)
{
    static const char spare[] = "                                ";
    struct sw_buffer *text = &csv->name_text;
    if (text->length == 0 && !sw_buffer_add(text, spare, sizeof spare - 1, error)) return false;
    uint32_t *cell = csv->name_cells + 2 * (column - csv->field_count);
    cell[0] = (uint32_t)(text->length - 1);
    cell[1] = cell[0] + 1 + (uint32_t)part->length;
    return sw_buffer_add(text, part->text, part->length, error) &&
           sw_buffer_add(text, ",", 1, error);
}

static bool check_name_part(struct sw_csv *csv, size_t column, const struct sw_file_part *part,
                            struct sw_error *error)
{
    char space[64];
    const char *reason = sw_field_reason(&csv->parsers[column], part->text, part->length, space);
    return !reason ||
           sw_fail(error, SW_DATA, "%s: %s in the file's name: '%.*s'",
                   csv->schema.columns[column].name, reason, (int)part->length, part->text);
}

/* The columns that the file's name says, which stand after the fields in the pattern's order. */
static bool read_file_name(struct sw_csv *csv, const char *path, struct sw_error *error)
{
    const char *pattern = csv->csv_schema->file_pattern;
    struct sw_file_part parts[SW_FILE_PARTS], about;
    size_t column = csv->field_count;
    if (!pattern) return true;
    if (strcmp(path, "-") == 0)
        return sw_fail(error, SW_DATA, "has no name, and schema %s needs one (%s): see --name",
                       csv->csv_schema->name, pattern);
    if (!sw_file_name_match(pattern, sw_file_name_of(path), parts))
        return sw_fail(error, SW_DATA,
                       "its name is not written %s, as schema %s has it: see --name", pattern,
                       csv->csv_schema->name);
    csv->name_cells = sw_alloc(SW_FILE_PARTS, 2 * sizeof *csv->name_cells, error);
    if (!csv->name_cells) return false;
    for (size_t i = 0; sw_file_pattern_part(pattern, i, &about); i++) {
        if (about.length == 0) continue;
        if (!add_name_part(csv, column, &parts[i], error) ||
            !check_name_part(csv, column, &parts[i], error))
            return false;
        column++;
    }
    return true;
}

/* ---- how the columns are read ---- */

/* Of a Parquet file, what has a type of its own comes as that type is written. */
static void adapt_parser(const struct sw_csv *csv, size_t i, struct sw_field_parser *parser)
{
    const struct sw_parquet_reader *parquet = csv->source.parquet;
    if (!parquet || i >= csv->field_count) return;
    enum sw_parquet_kind kind = sw_parquet_text_description(parquet)->columns[i].kind;
    parser->comma_point = false;
    if (kind == SW_KIND_DECIMAL) parser->decimals = parser->scale;
    if (kind == SW_KIND_DATE || kind == SW_KIND_TIME || kind == SW_KIND_TIMESTAMP ||
        kind == SW_KIND_LOCAL)
        parser->format = NULL;
}

/* By the columns' canonical names, which no column that the schema does not know has. */
static bool find_parsers(struct sw_csv *csv, struct sw_error *error)
{
    const struct sw_schema *schema = &csv->schema;
    csv->parsers = sw_alloc(schema->column_count, sizeof *csv->parsers, error);
    if (!csv->parsers) return false;
    sw_local_begin(&csv->zone, csv->csv_schema->zone);
    for (size_t i = 0; i < schema->column_count; i++) {
        const struct sw_csv_schema_column *known = column_named(csv, i);
        struct sw_field_parser *parser = &csv->parsers[i];
        *parser = known ? known->parser
                        : sw_field_parser_of(schema->columns[i].type, schema->columns[i].scale);
        adapt_parser(csv, i, parser);
        if (known && known->values.count) parser->map = &known->values;
        if (csv->csv_schema->zone) parser->zone = &csv->zone;
    }
    return true;
}

static void find_made_time(struct sw_csv *csv)
{
    const struct sw_csv_schema *csv_schema = csv->csv_schema;
    csv->made_time = csv->date = csv->clock = -1;
    if (!csv_schema->date) return;
    csv->made_time = sw_schema_find(&csv->schema, csv_schema->time);
    csv->date = sw_schema_find(&csv->schema, csv_schema->date);
    csv->clock = sw_schema_find(&csv->schema, csv_schema->clock);
}

/* Goes past the header, which where lines may be no rows is one of them when it stands again. */
static bool pass_header(struct sw_csv *csv, const struct sw_found_schema *found,
                        struct sw_error *error)
{
    struct sw_source *source = &csv->source;
    const struct sw_header *header = &found->header;
    csv->data_line = 1;
    if (!sw_dialect_copy(&csv->dialect, sw_dialect_of(source, found->csv_schema), error))
        return false;
    if (found->has_header) {
        if (csv->dialect.longest &&
            !sw_dialect_ignore(&csv->dialect, source->base + source->start + header->from,
                               sw_header_length(source, header), true, error))
            return false;
        csv->data_line += header->lines;
        csv->head = header->counts;
        source->start += header->to;
    }
    csv->data_offset = sw_source_offset(source, source->start);
    return true;
}

static bool read_header(struct sw_csv *csv, const char *path,
                        const struct sw_csv_schemas *csv_schemas, struct sw_error *error)
{
    struct sw_found_schema found;
    const char *name = csv_schemas->changes.name ? csv_schemas->changes.name : path;
    if (!sw_find_schema(&csv->source, csv_schemas, &found, error)) return false;
    csv->csv_schema = found.csv_schema;
    csv->field_count = found.names.count;
    bool good = sw_csv_schema_schema(found.csv_schema, &found.names, &csv->schema, error) &&
                find_parsers(csv, error) && pass_header(csv, &found, error) &&
                read_file_name(csv, name ? name : "-", error);
    if (good) find_made_time(csv);
    sw_found_schema_free(&found);
    return good;
}

bool sw_csv_open(struct sw_csv *csv, const char *path, const struct sw_csv_schemas *csv_schemas,
                 struct sw_error *error)
{
    struct sw_input input;
    return sw_input_open(&input, path, error) &&
           sw_csv_open_input(csv, &input, path, csv_schemas, error);
}

bool sw_csv_open_input(struct sw_csv *csv, const struct sw_input *input, const char *path,
                       const struct sw_csv_schemas *csv_schemas, struct sw_error *error)
{
    *csv = (struct sw_csv){.limit = UINT64_MAX, .next_row = UINT64_MAX};
    if (!sw_source_open_input(&csv->source, input, error)) return false;
    if (csv->source.parquet)
        csv->group_end = sw_parquet_text_description(csv->source.parquet)->group_count;
    if (read_header(csv, path, csv_schemas, error)) return true;
    const char *name = csv->source.input.name; /* reading names it, the header's lines do not */
    if (error->status != SW_SYSTEM && strncmp(error->message, name, strlen(name)) != 0)
        sw_fail_at(error, name);
    sw_csv_close(csv);
    return false;
}

/* The row groups of a Parquet file whose first byte lies in the range. */
static void range_of_groups(struct sw_csv *csv, uint64_t offset, uint64_t length)
{
    const struct sw_parquet_description *description =
        sw_parquet_text_description(csv->source.parquet);
    const struct sw_parquet_group *groups = description->groups;
    size_t from = 0, to;
    while (from < description->group_count && groups[from].offset < offset)
        csv->data_line += groups[from++].rows;
    for (to = from; to < description->group_count && groups[to].offset - offset < length;) to++;
    csv->group = from;
    csv->group_end = to;
    if (offset > 0) csv->head = (struct sw_line_counts){0};
}

/* What is packed can be entered where it says how large its parts are. */
static bool range_of_packed(struct sw_csv *csv, uint64_t offset, uint64_t length,
                            struct sw_error *error)
{
    struct sw_source *source = &csv->source;
    struct sw_gzip_range range = {.empty = true};
    bool has_blocks = false;
    if (offset == 0 && length == source->input.size) return true;
    if (length > 0 && source->packing == SW_PACKED_GZIP &&
        !sw_gzip_has_blocks(&source->input, &has_blocks, error))
        return false;
    if (length > 0 && !has_blocks)
        return sw_fail(error, SW_USAGE, "%s: this %s can only be read whole: --range 0:%llu",
                       source->input.name, sw_packing_name(source->packing),
                       (unsigned long long)source->input.size);
    if (length > 0 && !sw_gzip_range_find(&source->input, &csv->dialect, csv->data_offset, offset,
                                          length, &range, error))
        return false;
    csv->data_line = 0;
    if (!range.begins_rows) csv->head = (struct sw_line_counts){0};
    csv->limit = range.empty ? 0 : range.limit;
    csv->next_row = range.empty ? csv->data_offset : range.next_row;
    if (range.empty) return true;
    if (!sw_source_seek_block(source, range.block, range.text, range.middle, error)) return false;
    do { /* a fill need not have all of the block */
        if (!sw_source_fill(source, error)) return false;
    } while (!source->ended && sw_source_offset(source, source->end) < range.first);
    source->start += (size_t)(range.first - sw_source_offset(source, source->start));
    return true;
}

/* Whether the range has what follows the header, be it a row or the end of the file. */
static bool begins_rows(const struct sw_csv *csv, uint64_t offset, uint64_t end)
{
    uint64_t size = csv->source.input.size;
    uint64_t data = csv->data_offset < size ? csv->data_offset : size; /* a newline was lacking */
    return offset <= data && (end > data || end == size);
}

bool sw_csv_range(struct sw_csv *csv, uint64_t offset, uint64_t length, struct sw_error *error)
{
    const struct sw_input *input = &csv->source.input;
    if (!input->seekable) return sw_fail(error, SW_USAGE, "%s: a range needs a file", input->name);
    if (offset > input->size || length > input->size - offset)
        return sw_fail(
            error, SW_DATA, "%s: the range ends at byte %llu, the file at %llu: has it changed?",
            input->name, (unsigned long long)(offset + length), (unsigned long long)input->size);
    if (csv->source.parquet) {
        range_of_groups(csv, offset, length);
        return true;
    }
    if (csv->source.unpack) return range_of_packed(csv, offset, length, error);
    uint64_t first, end = offset + length;
    uint64_t from = offset > csv->data_offset ? offset : csv->data_offset;
    csv->data_line = 0;
    if (!begins_rows(csv, offset, end)) csv->head = (struct sw_line_counts){0};
    csv->limit = csv->next_row = end;
    if (end <= csv->data_offset || end == from) {
        csv->limit = 0;
        csv->next_row = csv->data_offset;
        return true;
    }
    return sw_border_first_row(&csv->source.input, &csv->dialect, csv->data_offset, from, &first,
                               error) &&
           sw_border_no_row_between(&csv->source.input, csv->data_offset, from, first, error) &&
           (end == input->size || /* no cut: what is open there is a bad row */
            sw_border_first_row(&csv->source.input, &csv->dialect, csv->data_offset, end,
                                &csv->next_row, error)) &&
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
    if (source->unpack ? source->completed && source->start == source->end
                       : here > source->input.size)
        here--; /* a newline was lacking */
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

size_t sw_csv_batch_rows(const struct sw_csv *csv, size_t most)
{
    const struct sw_source *source = &csv->source;
    const struct sw_input *input = &source->input;
    if (sw_source_packed(source) || !input->seekable || csv->field_count == 0) return most;
    uint64_t rows = input->size / csv->field_count + 1;
    return rows < most ? (size_t)rows : most;
}

void sw_csv_close(struct sw_csv *csv)
{
    free(csv->parsers);
    free(csv->name_cells);
    sw_buffer_free(&csv->name_text);
    sw_dialect_free(&csv->dialect);
    sw_schema_free(&csv->schema);
    sw_source_close(&csv->source);
}
