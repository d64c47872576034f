/* SPDX-License-Identifier: ISC */
#include "record/format.h"

#include "base/checksum.h"
#include "base/number.h"
#include "base/zone.h"
#include "record/vector.h"

/* Eight bytes each. The first begins like PNG's: a transfer as text or a stripped eighth bit shows. */
static const char *const tags[] = {"\x89SWR\r\n\x1a\n", "SWRblock", "SWRend\r\n"};

enum { NO_TIME = 0xffff };

bool sw_format_frame(struct sw_buffer *out, enum sw_frame_kind kind, const void *body,
                     size_t length, struct sw_error *error)
{
    unsigned char frame[SW_FRAME_LENGTH] = {0};
    if (length > SW_BODY_MAXIMUM)
        return sw_fail(error, SW_DATA, "a frame of more than %d bytes", SW_BODY_MAXIMUM);
    memcpy(frame, tags[kind], 8);
    sw_store32(frame + 8, (uint32_t)length);
    sw_store32(frame + 12, sw_checksum(body, length));
    sw_store32(frame + 20, sw_checksum(frame, 20));
    return sw_buffer_add(out, frame, sizeof frame, error) &&
           sw_buffer_add(out, body, length, error);
}

enum sw_frame_kind sw_parse_frame(const unsigned char *bytes, uint32_t *length, uint32_t *checksum)
{
    *length = sw_load32(bytes + 8);
    *checksum = sw_load32(bytes + 12);
    if (sw_load32(bytes + 20) != sw_checksum(bytes, 20) || *length > SW_BODY_MAXIMUM ||
        sw_load32(bytes + 16) != 0)
        return SW_FRAME_UNKNOWN;
    for (int kind = SW_FRAME_HEADER; kind < SW_FRAME_UNKNOWN; kind++)
        if (memcmp(bytes, tags[kind], 8) == 0) return (enum sw_frame_kind)kind;
    return SW_FRAME_UNKNOWN;
}

static bool put16(struct sw_buffer *out, size_t value, struct sw_error *error)
{
    unsigned char bytes[2];
    sw_store16(bytes, (uint16_t)value);
    return sw_buffer_add(out, bytes, 2, error);
}

static bool put_text(struct sw_buffer *out, const char *text, struct sw_error *error)
{
    unsigned char length[4];
    sw_store32(length, (uint32_t)strlen(text));
    return sw_buffer_add(out, length, 4, error) && sw_buffer_text(out, text, error);
}

static bool put_column(struct sw_buffer *out, const struct sw_column *column,
                       struct sw_error *error)
{
    unsigned char about[2] = {(unsigned char)column->type, (unsigned char)column->scale};
    return put_text(out, column->name, error) && sw_buffer_add(out, about, 2, error);
}

/* A table without a time has no local time; one whose zone was never said is left so. */
static bool is_of_old_zone(const struct sw_schema *schema)
{
    if (!schema->zone) return schema->time_column < 0;
    return sw_zone_same(schema->zone, SW_ZONE_OF_OLD_STREAMS);
}

static bool says_more(const struct sw_schema *schema)
{
    return schema->row_kind != SW_ROWS_UNSAID || schema->metadata_count > 0 ||
           (!schema->zone_assumed && (schema->zone || schema->time_column >= 0));
}

static bool put_meaning(struct sw_buffer *out, const struct sw_schema *schema,
                        struct sw_error *error)
{
    return put16(out, schema->row_kind, error) &&
           put_text(out, schema->zone ? schema->zone : "", error);
}

static bool put_metadata(struct sw_buffer *out, const struct sw_schema *schema,
                         struct sw_error *error)
{
    bool good = put16(out, schema->metadata_count, error);
    for (size_t i = 0; good && i < schema->metadata_count; i++)
        good = put_text(out, schema->metadata[i].key, error) &&
               put_text(out, schema->metadata[i].value, error);
    return good;
}

bool sw_format_header(struct sw_buffer *out, const struct sw_schema *schema, unsigned minor,
                      struct sw_error *error)
{
    size_t time = schema->time_column < 0 ? NO_TIME : (size_t)schema->time_column;
    bool more = says_more(schema);
    unsigned major = is_of_old_zone(schema) ? SW_FORMAT_MAJOR : SW_FORMAT_MAJOR_ZONED;
    if (more && minor < SW_FORMAT_MINOR_ROWS) minor = SW_FORMAT_MINOR_ROWS;
    if (schema->metadata_count) minor = SW_FORMAT_MINOR_METADATA;
    bool good = put16(out, major, error) && put16(out, minor, error) &&
                put16(out, schema->column_count, error) && put16(out, schema->sort_count, error) &&
                put16(out, schema->provenance_count, error) && put16(out, time, error) &&
                put_text(out, schema->table, error);
    for (size_t i = 0; good && i < schema->column_count; i++)
        good = put_column(out, &schema->columns[i], error);
    for (size_t i = 0; good && i < schema->sort_count; i++)
        good = put16(out, (size_t)schema->sort_keys[i].column, error) &&
               put16(out, schema->sort_keys[i].descending, error);
    for (size_t i = 0; good && i < schema->provenance_count; i++)
        good = put_text(out, schema->provenance[i], error);
    return good && (!more || put_meaning(out, schema, error)) &&
           (!schema->metadata_count || put_metadata(out, schema, error));
}

/* What is left of a body while it is parsed. */
struct rest {
    const unsigned char *at;
    size_t left;
};

static bool take(struct rest *rest, size_t length, const unsigned char **at)
{
    if (length > rest->left) return false;
    *at = rest->at;
    rest->at += length;
    rest->left -= length;
    return true;
}

static bool take16(struct rest *rest, uint16_t *value)
{
    const unsigned char *at;
    if (!take(rest, 2, &at)) return false;
    *value = sw_load16(at);
    return true;
}

/* A text of at most `most` bytes without NUL, copied into `to`, which holds most + 1. */
static bool take_text(struct rest *rest, char *to, size_t most)
{
    const unsigned char *at;
    if (!take(rest, 4, &at)) return false;
    uint32_t length = sw_load32(at);
    if (length > most || !take(rest, length, &at) || memchr(at, 0, length)) return false;
    memcpy(to, at, length);
    to[length] = 0;
    return true;
}

static bool take_column(struct rest *rest, struct sw_schema *schema, struct sw_error *error)
{
    char name[SW_NAME_MAXIMUM + 1];
    const unsigned char *about;
    if (!take_text(rest, name, SW_NAME_MAXIMUM) || !take(rest, 2, &about)) return false;
    bool good = about[0] >= SW_INT && about[0] <= SW_TEXT &&
                about[1] <= (about[0] == SW_DECIMAL ? SW_MAXIMUM_SCALE : 0);
    return good && sw_schema_add(schema, name, (enum sw_type)about[0], about[1], error);
}

static bool take_sort(struct rest *rest, struct sw_schema *schema, size_t count,
                      struct sw_error *error)
{
    struct sw_sort_key keys[SW_PROVENANCE_MAXIMUM];
    if (count > SW_PROVENANCE_MAXIMUM) return false;
    for (size_t i = 0; i < count; i++) {
        uint16_t column, descending;
        if (!take16(rest, &column) || !take16(rest, &descending)) return false;
        if (column >= schema->column_count || descending > 1) return false;
        keys[i] = (struct sw_sort_key){column, descending == 1};
    }
    return sw_schema_sorted_by(schema, keys, count, error);
}

static bool take_provenance(struct rest *rest, struct sw_schema *schema, size_t count,
                            struct sw_error *error)
{
    const unsigned char *at;
    for (size_t i = 0; i < count; i++) {
        if (!take(rest, 4, &at)) return false;
        uint32_t length = sw_load32(at);
        if (!take(rest, length, &at) || !sw_schema_made_by(schema, (const char *)at, length, error))
            return false;
    }
    return true;
}

/* What a later minor version calls a row is nothing that is known here. */
static bool take_row_kind(struct rest *rest, struct sw_schema *schema, unsigned minor)
{
    uint16_t kind;
    if (!take16(rest, &kind) || (kind >= SW_ROW_KINDS && minor <= SW_FORMAT_MINOR)) return false;
    schema->row_kind = kind < SW_ROW_KINDS ? (enum sw_row_kind)kind : SW_ROWS_UNSAID;
    return true;
}

/* Old readers take local time from major version 1 as it was before there were zones: so must this one. */
static bool take_meaning(struct rest *rest, struct sw_schema *schema, unsigned major,
                         unsigned minor, struct sw_error *error)
{
    char zone[SW_ZONE_MAXIMUM + 1];
    if (minor < SW_FORMAT_MINOR_ROWS) {
        if (major != SW_FORMAT_MAJOR) return false;
        if (schema->time_column < 0) return true;
        bool good = sw_schema_in_zone(schema, SW_ZONE_OF_OLD_STREAMS, error);
        schema->zone_assumed = good;
        return good;
    }
    return take_row_kind(rest, schema, minor) && take_text(rest, zone, SW_ZONE_MAXIMUM) &&
           sw_schema_in_zone(schema, *zone ? zone : NULL, error) &&
           is_of_old_zone(schema) == (major == SW_FORMAT_MAJOR);
}

static bool take_metadata(struct rest *rest, struct sw_schema *schema, struct sw_error *error)
{
    char key[SW_NAME_MAXIMUM + 1];
    const unsigned char *at;
    uint16_t count;
    if (!take16(rest, &count)) return false;
    for (uint16_t i = 0; i < count; i++) {
        if (!take_text(rest, key, SW_NAME_MAXIMUM) || !take(rest, 4, &at)) return false;
        uint32_t length = sw_load32(at);
        if (!take(rest, length, &at) || memchr(at, 0, length) ||
            !sw_schema_add_metadata(schema, key, (const char *)at, length, error))
            return false;
    }
    return true;
}

static bool take_header(struct rest *rest, struct sw_schema *schema, struct sw_error *error)
{
    char table[SW_NAME_MAXIMUM + 1];
    uint16_t major, minor, columns, sorts, provenance, time;
    if (!take16(rest, &major) || !take16(rest, &minor)) return false;
    if (major != SW_FORMAT_MAJOR && major != SW_FORMAT_MAJOR_ZONED)
        return sw_fail(error, SW_DATA,
                       "header: version %u of the format, this program reads %u and %u", major,
                       SW_FORMAT_MAJOR, SW_FORMAT_MAJOR_ZONED);
    if (!take16(rest, &columns) || !take16(rest, &sorts) || !take16(rest, &provenance) ||
        !take16(rest, &time) || !take_text(rest, table, SW_NAME_MAXIMUM))
        return false;
    if (!sw_schema_init(schema, table, error)) return false;
    for (uint16_t i = 0; i < columns; i++)
        if (!take_column(rest, schema, error)) return false;
    if (!take_sort(rest, schema, sorts, error) || !take_provenance(rest, schema, provenance, error))
        return false;
    schema->time_column = time == NO_TIME ? -1 : time;
    if (schema->time_column >= (int)columns ||
        (time != NO_TIME && schema->columns[time].type != SW_TIME))
        return false;
    return take_meaning(rest, schema, major, minor, error) &&
           (minor < SW_FORMAT_MINOR_METADATA || take_metadata(rest, schema, error)) &&
           (rest->left == 0 || minor > SW_FORMAT_MINOR);
}

bool sw_parse_header(const unsigned char *bytes, size_t length, struct sw_schema *schema,
                     struct sw_error *error)
{
    struct rest rest = {bytes, length};
    *schema = (struct sw_schema){.time_column = -1};
    if (take_header(&rest, schema, error)) return true;
    sw_schema_free(schema);
    return sw_fail(error, SW_DATA, "header: does not make sense");
}

void sw_format_entry(unsigned char *to, const struct sw_entry *entry)
{
    to[0] = entry->encoding;
    to[1] = entry->width;
    to[2] = entry->compressed;
    to[3] = 0;
    sw_store32(to + 4, entry->nulls);
    sw_store32(to + 8, entry->stored_length);
    sw_store32(to + 12, entry->raw_length);
    sw_store32(to + 16, entry->checksum);
    sw_store32(to + 20, entry->dictionary_size);
    sw_store128(to + 24, entry->minimum);
    sw_store128(to + 40, entry->maximum);
}

static bool bounds_fit(const struct sw_entry *entry, enum sw_type type)
{
    if (type == SW_DECIMAL) return entry->minimum <= entry->maximum;
    sw_int128 least = type == SW_UINT ? 0 : INT64_MIN;
    sw_int128 most = type == SW_UINT ? (sw_int128)UINT64_MAX : INT64_MAX;
    return least <= entry->minimum && entry->minimum <= entry->maximum && entry->maximum <= most;
}

static size_t rounded_up(size_t length)
{
    return (length + 7) / 8 * 8;
}

/* A sequence is at least a node's lead; what it says is looked at when it is read. */
static bool sequence_fits(const struct sw_entry *entry, size_t before, size_t rows)
{
    return sw_is_sequence(entry->encoding) && entry->width == 0 && entry->nulls < rows &&
           entry->raw_length > before;
}

/* A column that depends on others has numbers of 64 bits in every row. */
static bool related_fits(const struct sw_entry *entry)
{
    return entry->width == 0 && entry->nulls == 0 && entry->raw_length >= SW_RELATION_LEAD &&
           entry->minimum >= INT64_MIN && entry->maximum <= INT64_MAX;
}

static bool number_fits(const struct sw_entry *entry, enum sw_type type, size_t bitmap, size_t rows)
{
    bool width_good = entry->width <= 8 || entry->width == 16;
    if (!bounds_fit(entry, type) || !width_good || entry->dictionary_size) return false;
    if (entry->encoding == SW_CONSTANT)
        return entry->width == 0 && entry->raw_length == bitmap && entry->minimum == entry->maximum;
    if (sw_is_related(entry->encoding)) return related_fits(entry);
    if (sw_is_sequence(entry->encoding))
        return !(((sw_uint128)entry->maximum - (sw_uint128)entry->minimum) >> 64) &&
               sequence_fits(entry, bitmap, rows);
    return entry->encoding == SW_FRAME_OF_REFERENCE && entry->width > 0 &&
           entry->raw_length == bitmap + rounded_up(rows * entry->width);
}

static bool text_fits(const struct sw_entry *entry, size_t bitmap, size_t rows)
{
    if (entry->nulls == rows)
        return entry->encoding == SW_CONSTANT && !entry->dictionary_size && !entry->raw_length;
    size_t lengths = bitmap + rounded_up(4 * (size_t)entry->dictionary_size);
    if (entry->dictionary_size < 1 || entry->dictionary_size > SW_BLOCK_ROWS_MAXIMUM) return false;
    if (sw_is_sequence(entry->encoding)) return sequence_fits(entry, lengths, rows);
    return entry->encoding == SW_DICTIONARY && entry->width <= 4 &&
           entry->raw_length >= lengths + rounded_up(rows * entry->width);
}

bool sw_parse_entry(const unsigned char *bytes, enum sw_type type, size_t rows,
                    struct sw_entry *entry)
{
    *entry = (struct sw_entry){
        .encoding = bytes[0],
        .width = bytes[1],
        .compressed = bytes[2],
        .nulls = sw_load32(bytes + 4),
        .stored_length = sw_load32(bytes + 8),
        .raw_length = sw_load32(bytes + 12),
        .checksum = sw_load32(bytes + 16),
        .dictionary_size = sw_load32(bytes + 20),
        .minimum = sw_load128(bytes + 24),
        .maximum = sw_load128(bytes + 40),
    };
    if (bytes[3] != 0 || entry->compressed > 1 || entry->nulls > rows) return false;
    if (entry->stored_length > SW_COLUMN_MAXIMUM || entry->raw_length > SW_COLUMN_MAXIMUM ||
        entry->stored_length % 8 || entry->raw_length % 8)
        return false;
    if (!entry->compressed && entry->stored_length != entry->raw_length) return false;
    size_t bitmap = entry->nulls && entry->nulls < rows ? (rows + 63) / 64 * 8 : 0;
    return type == SW_TEXT ? text_fits(entry, bitmap, rows)
                           : number_fits(entry, type, bitmap, rows);
}
