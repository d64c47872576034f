/* SPDX-License-Identifier: ISC */
#include "stream/describe.h"

#include "base/civil.h"
#include "base/json.h"
#include "base/memory.h"
#include "base/number.h"
#include "base/shown_text.h"
#include "base/zone.h"

bool sw_description_init(struct sw_description *description, const struct sw_schema *schema,
                         struct sw_error *error)
{
    description->columns = sw_alloc(schema->column_count, sizeof *description->columns, error);
    return description->columns != NULL;
}

void sw_description_free(struct sw_description *description)
{
    free(description->columns);
    description->columns = NULL;
}

static void widen_bounds(struct sw_column_summary *summary, const struct sw_entry *entry)
{
    if (!summary->bounded || entry->minimum < summary->minimum) summary->minimum = entry->minimum;
    if (!summary->bounded || entry->maximum > summary->maximum) summary->maximum = entry->maximum;
    summary->bounded = true;
}

void sw_description_add(struct sw_description *description, const struct sw_reader *reader)
{
    for (size_t i = 0; i < reader->schema.column_count; i++) {
        const struct sw_entry *entry = &reader->columns[i].entry;
        struct sw_column_summary *summary = &description->columns[i];
        summary->stored_bytes += entry->stored_length;
        summary->raw_bytes += entry->raw_length;
        summary->nulls += entry->nulls;
        summary->dictionary_entries += entry->dictionary_size;
        if (reader->schema.columns[i].type != SW_TEXT && entry->nulls < reader->rows)
            widen_bounds(summary, entry);
    }
}

/* ---- the columns of what is printed ---- */

struct shown_column {
    const char *name;
    enum sw_type type;
};

/* A bound may be a number or a time: numbers are its type here, so that both stand to the right of a table. */
static const struct shown_column of_column[] = {{"column", SW_TEXT}, {"type", SW_TEXT},
                                                {"nulls", SW_UINT},  {"minimum", SW_INT},
                                                {"maximum", SW_INT}, {"bytes", SW_UINT}};
static const struct shown_column of_block[] = {
    {"block", SW_UINT},  {"rows", SW_UINT},       {"column", SW_TEXT},       {"encoding", SW_TEXT},
    {"width", SW_UINT},  {"compressed", SW_UINT}, {"stored_bytes", SW_UINT}, {"nulls", SW_UINT},
    {"minimum", SW_INT}, {"maximum", SW_INT}};

static bool put_names(const struct shown_column *columns, size_t count, struct sw_buffer *out,
                      struct sw_error *error)
{
    for (size_t i = 0; i < count; i++)
        if (!sw_buffer_format(out, error, "%s%c", columns[i].name, i + 1 < count ? '\t' : '\n'))
            return false;
    return true;
}

bool sw_describe_schema(struct sw_schema *schema, bool of_blocks, struct sw_error *error)
{
    const struct shown_column *columns = of_blocks ? of_block : of_column;
    size_t count =
        of_blocks ? sizeof of_block / sizeof *of_block : sizeof of_column / sizeof *of_column;
    bool good = sw_schema_init(schema, "info", error);
    for (size_t i = 0; good && i < count; i++)
        good = sw_schema_add(schema, columns[i].name, columns[i].type, 0, error);
    return good;
}

/* ---- text ---- */

static const char *number(char space[SW_NUMBER_LENGTH], sw_int128 value, int scale)
{
    space[sw_format_decimal(space, value, scale)] = 0;
    return space;
}

static void type_text(char space[32], const struct sw_column *column)
{
    const char *name = sw_type_name(column->type);
    if (column->type != SW_DECIMAL)
        strcpy(space, name);
    else {
        size_t length = strlen(name);
        memcpy(space, name, length);
        space[length++] = ':';
        space[length + sw_format_unsigned(space + length, (uint64_t)column->scale)] = 0;
    }
}

/* A name between two texts, shown, with blanks after it up to a width. */
static bool add_name(const char *before, const char *name, size_t width, const char *behind,
                     struct sw_buffer *out, struct sw_error *error)
{
    if (!sw_buffer_text(out, before, error)) return false;
    size_t from = out->length;
    if (!sw_shown_add(out, name, strlen(name), false, error)) return false;
    while (out->length - from < width)
        if (!sw_buffer_add(out, " ", 1, error)) return false;
    return sw_buffer_text(out, behind, error);
}

static bool text_column(const struct sw_column *column, const struct sw_column_summary *summary,
                        struct sw_buffer *out, struct sw_error *error)
{
    char type[32], low[SW_NUMBER_LENGTH] = "", high[SW_NUMBER_LENGTH] = "";
    type_text(type, column);
    if (summary->bounded) {
        (void)number(low, summary->minimum, column->scale);
        (void)number(high, summary->maximum, column->scale);
    }
    return add_name("  ", column->name, 26, " ", out, error) &&
           sw_buffer_format(out, error, "%-10s %12llu %12llu  %s%s%s\n", type,
                            (unsigned long long)summary->stored_bytes,
                            (unsigned long long)summary->nulls, low, summary->bounded ? " .. " : "",
                            high);
}

static bool sort_text(const struct sw_schema *schema, struct sw_buffer *out, struct sw_error *error)
{
    if (schema->sort_count == 0) return true;
    if (!sw_buffer_text(out, "sorted by    ", error)) return false;
    for (size_t i = 0; i < schema->sort_count; i++)
        if (!add_name(i ? ", " : "", schema->columns[schema->sort_keys[i].column].name, 0,
                      schema->sort_keys[i].descending ? " descending" : "", out, error))
            return false;
    return sw_buffer_text(out, "\n", error);
}

/* What a row is, and the zone, where there is local time or one was said. */
static bool meaning_text(const struct sw_schema *schema, struct sw_buffer *out,
                         struct sw_error *error)
{
    if (schema->row_kind != SW_ROWS_UNSAID &&
        !sw_buffer_format(out, error, "a row is     one of %s\n",
                          sw_row_kind_name(schema->row_kind)))
        return false;
    if (!schema->zone && schema->time_column < 0) return true;
    const char *how = !schema->zone          ? " (none was said)"
                      : schema->zone_assumed ? " (the stream is older than zones)"
                                             : "";
    return add_name("zone         ", sw_schema_zone(schema), 0, how, out, error) &&
           sw_buffer_text(out, "\n", error);
}

/* "reports=by_date", a line each. */
static bool metadata_text(const struct sw_schema *schema, struct sw_buffer *out,
                          struct sw_error *error)
{
    for (size_t i = 0; i < schema->metadata_count; i++)
        if (!add_name("made with    ", schema->metadata[i].key, 0, "=", out, error) ||
            !add_name("", schema->metadata[i].value, 0, "\n", out, error))
            return false;
    return true;
}

/* "46 entries: security_code, timestamp", or how many of several streams have one. */
static bool index_text(const struct sw_reader *reader, struct sw_buffer *out,
                       struct sw_error *error)
{
    if (reader->indexed_streams == 0) return true;
    if (reader->indexed_streams < reader->streams)
        return sw_buffer_format(out, error, "index        of %llu of %llu streams\n",
                                (unsigned long long)reader->indexed_streams,
                                (unsigned long long)reader->streams);
    bool good = sw_buffer_format(out, error, "index        %llu entries",
                                 (unsigned long long)reader->index_entries);
    const char *lead = ": ";
    for (size_t i = 0; good && i < reader->schema.column_count; i++) {
        if (!reader->columns[i].indexed) continue;
        good = add_name(lead, reader->schema.columns[i].name, 0, "", out, error);
        lead = ", ";
    }
    return good && sw_buffer_text(out, "\n", error);
}

bool sw_description_head(const struct sw_description *description, const struct sw_reader *reader,
                         struct sw_buffer *out, struct sw_error *error)
{
    const struct sw_schema *schema = &reader->schema;
    uint64_t bytes = 0;
    for (size_t i = 0; i < schema->column_count; i++) bytes += description->columns[i].stored_bytes;
    bool good =
        add_name("table        ", schema->table, 0, "\n", out, error) &&
        sw_buffer_format(out, error, "rows         %llu\nblocks       %llu\ncolumn bytes %llu\n",
                         (unsigned long long)reader->total_rows,
                         (unsigned long long)reader->total_blocks, (unsigned long long)bytes);
    if (good && schema->time_column >= 0)
        good = add_name("time         ", schema->columns[schema->time_column].name, 0, "\n", out,
                        error);
    return good && meaning_text(schema, out, error) && metadata_text(schema, out, error) &&
           sort_text(schema, out, error) && index_text(reader, out, error);
}

bool sw_description_tail(const struct sw_reader *reader, struct sw_buffer *out,
                         struct sw_error *error)
{
    const struct sw_schema *schema = &reader->schema;
    bool good = schema->provenance_count == 0 || sw_buffer_text(out, "\nmade by\n", error);
    for (size_t i = 0; good && i < schema->provenance_count; i++)
        good = add_name("  ", schema->provenance[i], 0, "\n", out, error);
    return good;
}

bool sw_description_text(const struct sw_description *description, const struct sw_reader *reader,
                         struct sw_buffer *out, struct sw_error *error)
{
    const struct sw_schema *schema = &reader->schema;
    bool good = sw_description_head(description, reader, out, error) &&
                sw_buffer_format(out, error, "\n  %-26s %-10s %12s %12s  %s\n", "column", "type",
                                 "bytes", "nulls", "bounds");
    for (size_t i = 0; good && i < schema->column_count; i++)
        good = text_column(&schema->columns[i], &description->columns[i], out, error);
    return good && sw_description_tail(reader, out, error);
}

/* ---- rows of a table ---- */

/* A bound as people read it: dates and times of the clock there; zone is NULL where this system does not know it. */
static const char *shown_bound(char space[SW_NUMBER_LENGTH], sw_int128 value,
                               const struct sw_column *column, struct sw_zone *zone)
{
    size_t length;
    if (column->type == SW_DATE)
        length = sw_format_date(space, (int64_t)value);
    else if (column->type == SW_TIME && zone)
        length = sw_format_local(space, (int64_t)value, sw_zone_offset(zone, (int64_t)value));
    else
        return number(space, value, column->scale);
    space[length] = 0;
    return space;
}

static bool row_of_column(const struct sw_column *column, const struct sw_column_summary *summary,
                          struct sw_zone *zone, struct sw_buffer *out, struct sw_error *error)
{
    char type[32], low[SW_NUMBER_LENGTH] = "", high[SW_NUMBER_LENGTH] = "";
    type_text(type, column);
    if (summary->bounded) {
        (void)shown_bound(low, summary->minimum, column, zone);
        (void)shown_bound(high, summary->maximum, column, zone);
    }
    return add_name("", column->name, 0, "\t", out, error) &&
           sw_buffer_format(out, error, "%s\t%llu\t%s\t%s\t%llu\n", type,
                            (unsigned long long)summary->nulls, low, high,
                            (unsigned long long)summary->stored_bytes);
}

bool sw_description_span(const struct sw_description *description, const struct sw_reader *reader,
                         struct sw_buffer *out, struct sw_error *error)
{
    const struct sw_schema *schema = &reader->schema;
    char low[SW_NUMBER_LENGTH], high[SW_NUMBER_LENGTH];
    struct sw_zone zone;
    struct sw_error unknown = {0};
    if (schema->time_column < 0 || !description->columns[schema->time_column].bounded ||
        !sw_zone_open(&zone, sw_schema_zone(schema), &unknown))
        return true;
    const struct sw_column *column = &schema->columns[schema->time_column];
    const struct sw_column_summary *summary = &description->columns[schema->time_column];
    return sw_buffer_format(out, error, "from         %s\nto           %s\n",
                            shown_bound(low, summary->minimum, column, &zone),
                            shown_bound(high, summary->maximum, column, &zone));
}

bool sw_description_rows(const struct sw_description *description, const struct sw_reader *reader,
                         struct sw_buffer *out, struct sw_error *error)
{
    const struct sw_schema *schema = &reader->schema;
    struct sw_zone zone;
    struct sw_error unknown = {0};
    bool known = sw_zone_open(&zone, sw_schema_zone(schema), &unknown);
    bool good = put_names(of_column, sizeof of_column / sizeof *of_column, out, error);
    for (size_t i = 0; good && i < schema->column_count; i++)
        good = row_of_column(&schema->columns[i], &description->columns[i], known ? &zone : NULL,
                             out, error);
    return good;
}

/* ---- JSON ---- */

static bool json_text(const char *text, struct sw_buffer *out, struct sw_error *error)
{
    return sw_json_text(out, text, strlen(text), error);
}

static bool json_column(const struct sw_column *column, const struct sw_column_summary *summary,
                        struct sw_buffer *out, struct sw_error *error)
{
    char low[SW_NUMBER_LENGTH], high[SW_NUMBER_LENGTH];
    bool good = sw_buffer_text(out, "{\"name\":", error) && json_text(column->name, out, error) &&
                sw_buffer_format(out, error,
                                 ",\"type\":\"%s\",\"scale\":%d,\"stored_bytes\":%llu,"
                                 "\"raw_bytes\":%llu,\"nulls\":%llu",
                                 sw_type_name(column->type), column->scale,
                                 (unsigned long long)summary->stored_bytes,
                                 (unsigned long long)summary->raw_bytes,
                                 (unsigned long long)summary->nulls);
    if (good && summary->bounded)
        good = sw_buffer_format(out, error, ",\"minimum\":\"%s\",\"maximum\":\"%s\"",
                                number(low, summary->minimum, column->scale),
                                number(high, summary->maximum, column->scale));
    return good && sw_buffer_text(out, "}", error);
}

static bool json_sort(const struct sw_schema *schema, struct sw_buffer *out, struct sw_error *error)
{
    for (size_t i = 0; i < schema->sort_count; i++)
        if (!sw_buffer_text(out, i ? ",{\"column\":" : "{\"column\":", error) ||
            !json_text(schema->columns[schema->sort_keys[i].column].name, out, error) ||
            !sw_buffer_format(out, error, ",\"descending\":%s}",
                              schema->sort_keys[i].descending ? "true" : "false"))
            return false;
    return true;
}

/* The columns that the index of the last stream has, and the entries of all. */
static bool json_index(const struct sw_reader *reader, struct sw_buffer *out,
                       struct sw_error *error)
{
    const char *lead = "";
    bool good = sw_buffer_format(out, error, ",\"index_entries\":%llu,\"indexed\":[",
                                 (unsigned long long)reader->index_entries);
    for (size_t i = 0; good && i < reader->schema.column_count; i++) {
        if (!reader->columns[i].indexed) continue;
        good = sw_buffer_text(out, lead, error) &&
               json_text(reader->schema.columns[i].name, out, error);
        lead = ",";
    }
    return good && sw_buffer_text(out, "]", error);
}

static bool json_lists(const struct sw_description *description, const struct sw_reader *reader,
                       struct sw_buffer *out, struct sw_error *error)
{
    const struct sw_schema *schema = &reader->schema;
    bool good = json_index(reader, out, error) && sw_buffer_text(out, ",\"sorted_by\":[", error) &&
                json_sort(schema, out, error) && sw_buffer_text(out, "],\"columns\":[", error);
    for (size_t i = 0; good && i < schema->column_count; i++)
        good = (i == 0 || sw_buffer_text(out, ",", error)) &&
               json_column(&schema->columns[i], &description->columns[i], out, error);
    good = good && sw_buffer_text(out, "],\"made_by\":[", error);
    for (size_t i = 0; good && i < schema->provenance_count; i++)
        good = (i == 0 || sw_buffer_text(out, ",", error)) &&
               json_text(schema->provenance[i], out, error);
    return good && sw_buffer_text(out, "]}\n", error);
}

/* Null for what is not said. */
static bool json_meaning(const struct sw_schema *schema, struct sw_buffer *out,
                         struct sw_error *error)
{
    bool good = sw_buffer_text(out, ",\"row_kind\":", error);
    if (good && schema->row_kind == SW_ROWS_UNSAID)
        good = sw_buffer_text(out, "null", error);
    else if (good)
        good = json_text(sw_row_kind_name(schema->row_kind), out, error);
    good = good && sw_buffer_text(out, ",\"zone\":", error);
    return good && (schema->zone ? json_text(schema->zone, out, error)
                                 : sw_buffer_text(out, "null", error));
}

/* Only where there is any. */
static bool json_metadata(const struct sw_schema *schema, struct sw_buffer *out,
                          struct sw_error *error)
{
    for (size_t i = 0; i < schema->metadata_count; i++)
        if (!sw_buffer_text(out, i ? "," : ",\"made_with\":{", error) ||
            !json_text(schema->metadata[i].key, out, error) || !sw_buffer_text(out, ":", error) ||
            !json_text(schema->metadata[i].value, out, error))
            return false;
    return schema->metadata_count == 0 || sw_buffer_text(out, "}", error);
}

bool sw_description_json(const struct sw_description *description, const struct sw_reader *reader,
                         struct sw_buffer *out, struct sw_error *error)
{
    const struct sw_schema *schema = &reader->schema;
    bool good = sw_buffer_text(out, "{\"table\":", error) && json_text(schema->table, out, error) &&
                sw_buffer_format(out, error, ",\"rows\":%llu,\"blocks\":%llu,\"time\":",
                                 (unsigned long long)reader->total_rows,
                                 (unsigned long long)reader->total_blocks);
    if (good)
        good = schema->time_column < 0
                   ? sw_buffer_text(out, "null", error)
                   : json_text(schema->columns[schema->time_column].name, out, error);
    good = good && json_meaning(schema, out, error) && json_metadata(schema, out, error);
    return good && json_lists(description, reader, out, error);
}

/* ---- blocks ---- */

bool sw_describe_block_header(struct sw_buffer *out, struct sw_error *error)
{
    return put_names(of_block, sizeof of_block / sizeof *of_block, out, error);
}

bool sw_describe_block(const struct sw_reader *reader, struct sw_buffer *out,
                       struct sw_error *error)
{
    static const char *const encodings[SW_ENCODINGS] = {
        "constant", "frame",  "dictionary", "packed", "delta",  "lookup",
        "runs",     "common", "again",      "rising", "shared", "difference"};
    for (size_t i = 0; i < reader->schema.column_count; i++) {
        const struct sw_entry *entry = &reader->columns[i].entry;
        const struct sw_column *column = &reader->schema.columns[i];
        char low[SW_NUMBER_LENGTH] = "", high[SW_NUMBER_LENGTH] = "";
        if (column->type != SW_TEXT && entry->nulls < reader->rows) {
            (void)number(low, entry->minimum, column->scale);
            (void)number(high, entry->maximum, column->scale);
        }
        if (!sw_buffer_format(out, error, "%llu\t%zu\t",
                              (unsigned long long)reader->total_blocks - 1, reader->rows) ||
            !add_name("", column->name, 0, "\t", out, error) ||
            !sw_buffer_format(out, error, "%s\t%u\t%u\t%u\t%u\t%s\t%s\n",
                              encodings[entry->encoding], entry->width, entry->compressed,
                              entry->stored_length, entry->nulls, low, high))
            return false;
    }
    return true;
}
