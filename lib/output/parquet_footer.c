/* SPDX-License-Identifier: ISC */
#include "output/parquet_footer.h"

#include "program/program.h"
#include "output/row_group.h"
#include "output/thrift.h"

/* Numbers of parquet.thrift. */
enum { VERSION = 2, OPTIONAL = 1, CODEC_NONE = 0, CODEC_GZIP = 2 };
enum {
    CONVERTED_TEXT = 0,
    CONVERTED_DECIMAL = 5,
    CONVERTED_DATE = 6,
    CONVERTED_UINT64 = 14,
    CONVERTED_INT64 = 18
};
enum {
    LOGICAL_TEXT = 1,
    LOGICAL_DECIMAL = 5,
    LOGICAL_DATE = 6,
    LOGICAL_TIMESTAMP = 8,
    LOGICAL_INTEGER = 10
};
enum { NANOSECONDS = 3, TYPE_ORDER = 1 };
enum { FIELD_SCHEMA = 2, FIELD_ROWS = 3, FIELD_GROUPS = 4 }; /* of the FileMetaData */

static void put_i32(struct sw_thrift *thrift, int id, int64_t value)
{
    sw_thrift_int(thrift, id, SW_THRIFT_I32, value);
}

static void put_i64(struct sw_thrift *thrift, int id, uint64_t value)
{
    sw_thrift_int(thrift, id, SW_THRIFT_I64, (int64_t)value);
}

static void put_text(struct sw_thrift *thrift, int id, const char *text)
{
    sw_thrift_bytes(thrift, id, text, strlen(text));
}

/* A field that is a struct, or a union's choice, without fields of its own. */
static void put_mark(struct sw_thrift *thrift, int id)
{
    sw_thrift_struct(thrift, id);
    sw_thrift_end(thrift);
}

/* ---- schema ---- */

/* What older readers look at. Of a time in nanoseconds they know nothing. */
static void put_converted(struct sw_thrift *thrift, const struct sw_column *column)
{
    switch (column->type) {
    case SW_INT:
        put_i32(thrift, 6, CONVERTED_INT64);
        break;
    case SW_UINT:
        put_i32(thrift, 6, CONVERTED_UINT64);
        break;
    case SW_DATE:
        put_i32(thrift, 6, CONVERTED_DATE);
        break;
    case SW_TEXT:
        put_i32(thrift, 6, CONVERTED_TEXT);
        break;
    case SW_TIME:
        break;
    case SW_DECIMAL:
        put_i32(thrift, 6, CONVERTED_DECIMAL);
        put_i32(thrift, 7, column->scale);
        put_i32(thrift, 8, SW_EXPORT_DIGITS);
    }
}

static void put_integer(struct sw_thrift *thrift, bool is_signed)
{
    sw_thrift_struct(thrift, LOGICAL_INTEGER);
    sw_thrift_byte(thrift, 1, 64);
    sw_thrift_bool(thrift, 2, is_signed);
    sw_thrift_end(thrift);
}

static void put_decimal(struct sw_thrift *thrift, int scale)
{
    sw_thrift_struct(thrift, LOGICAL_DECIMAL);
    put_i32(thrift, 1, scale);
    put_i32(thrift, 2, SW_EXPORT_DIGITS);
    sw_thrift_end(thrift);
}

static void put_timestamp(struct sw_thrift *thrift, bool instant)
{
    sw_thrift_struct(thrift, LOGICAL_TIMESTAMP);
    sw_thrift_bool(thrift, 1, instant); /* in UTC */
    sw_thrift_struct(thrift, 2);
    put_mark(thrift, NANOSECONDS);
    sw_thrift_end(thrift);
    sw_thrift_end(thrift);
}

static void put_logical(struct sw_thrift *thrift, const struct sw_column *column,
                        enum sw_written written)
{
    sw_thrift_struct(thrift, 10);
    switch (column->type) {
    case SW_INT:
        put_integer(thrift, true);
        break;
    case SW_UINT:
        put_integer(thrift, false);
        break;
    case SW_DECIMAL:
        put_decimal(thrift, column->scale);
        break;
    case SW_TIME:
        put_timestamp(thrift, written != SW_AS_LOCAL_TIME);
        break;
    case SW_DATE:
        put_mark(thrift, LOGICAL_DATE);
        break;
    case SW_TEXT:
        put_mark(thrift, LOGICAL_TEXT);
    }
    sw_thrift_end(thrift);
}

static void put_column(struct sw_thrift *thrift, const struct sw_column *column,
                       enum sw_written written)
{
    enum sw_parquet_physical physical = sw_parquet_physical(column->type, written);
    sw_thrift_element_struct(thrift);
    put_i32(thrift, 1, physical);
    if (physical == SW_PARQUET_FIXED) put_i32(thrift, 2, SW_PARQUET_FIXED_BYTES);
    put_i32(thrift, 3, OPTIONAL);
    put_text(thrift, 4, column->name);
    if (written != SW_AS_DOUBLE) { /* which is all that there is to say of it */
        put_converted(thrift, column);
        put_logical(thrift, column, written);
    }
    sw_thrift_end(thrift);
}

/* A root that holds the columns, then the columns. */
static void put_schema(struct sw_thrift *thrift, const struct sw_schema *schema,
                       const enum sw_written *written)
{
    sw_thrift_list(thrift, FIELD_SCHEMA, SW_THRIFT_STRUCT, schema->column_count + 1);
    sw_thrift_element_struct(thrift);
    put_text(thrift, 4, "schema");
    put_i32(thrift, 5, (int64_t)schema->column_count);
    sw_thrift_end(thrift);
    for (size_t i = 0; i < schema->column_count; i++)
        put_column(thrift, &schema->columns[i], written[i]);
}

/* ---- row groups ---- */

static void put_bounds(struct sw_thrift *thrift, const struct sw_parquet_column *column)
{
    unsigned char bytes[SW_PARQUET_FIXED_BYTES];
    if (!column->bounded) return;
    if (column->type == SW_TEXT) {
        sw_thrift_bytes(thrift, 5, column->most.bytes, column->most.length);
        sw_thrift_bytes(thrift, 6, column->least.bytes, column->least.length);
    } else {
        size_t length = sw_parquet_plain(bytes, column->maximum, column->type);
        sw_thrift_bytes(thrift, 5, bytes, length);
        length = sw_parquet_plain(bytes, column->minimum, column->type);
        sw_thrift_bytes(thrift, 6, bytes, length);
    }
    sw_thrift_bool(thrift, 7, true); /* both are values of the column */
    sw_thrift_bool(thrift, 8, true);
}

static void put_encodings(struct sw_thrift *thrift, const struct sw_parquet_column *column)
{
    int encodings[4], count = 0;
    if (column->plain || column->dictionary_count) encodings[count++] = SW_PARQUET_PLAIN;
    encodings[count++] = SW_PARQUET_RLE; /* nulls */
    if (column->delta) encodings[count++] = SW_PARQUET_DELTA;
    if (column->dictionary_count) encodings[count++] = SW_PARQUET_DICTIONARY;
    sw_thrift_list(thrift, 2, SW_THRIFT_I32, (size_t)count);
    for (int i = 0; i < count; i++) sw_thrift_element_int(thrift, encodings[i]);
}

static void put_chunk(struct sw_thrift *thrift, const char *name,
                      const struct sw_parquet_column *column, const struct sw_parquet_place *place)
{
    sw_thrift_element_struct(thrift);
    put_i64(thrift, 2, 0); /* of metadata that is not beside the pages */
    sw_thrift_struct(thrift, 3);
    put_i32(thrift, 1, sw_parquet_physical(column->type, column->written));
    put_encodings(thrift, column);
    sw_thrift_list(thrift, 3, SW_THRIFT_BINARY, 1);
    sw_thrift_element_bytes(thrift, name, strlen(name));
    put_i32(thrift, 4, column->compressed ? CODEC_GZIP : CODEC_NONE);
    put_i64(thrift, 5, column->rows);
    put_i64(thrift, 6, place->raw_length);
    put_i64(thrift, 7, place->length);
    put_i64(thrift, 9, place->offset + place->dictionary_length);
    if (place->dictionary_length) put_i64(thrift, 11, place->offset);
    sw_thrift_struct(thrift, 12);
    put_i64(thrift, 3, column->nulls);
    put_bounds(thrift, column);
    sw_thrift_end(thrift);
    sw_thrift_end(thrift);
    sw_thrift_end(thrift);
}

static void put_order(struct sw_thrift *thrift, const struct sw_schema *schema)
{
    if (schema->sort_count == 0) return;
    sw_thrift_list(thrift, 4, SW_THRIFT_STRUCT, schema->sort_count);
    for (size_t i = 0; i < schema->sort_count; i++) {
        sw_thrift_element_struct(thrift);
        put_i32(thrift, 1, schema->sort_keys[i].column);
        sw_thrift_bool(thrift, 2, schema->sort_keys[i].descending);
        sw_thrift_bool(thrift, 3, !schema->sort_keys[i].descending); /* nulls first */
        sw_thrift_end(thrift);
    }
}

bool sw_parquet_put_group(struct sw_buffer *out, const struct sw_schema *schema,
                          const struct sw_parquet_column *columns,
                          const struct sw_parquet_place *places, uint64_t rows,
                          struct sw_error *error)
{
    struct sw_thrift thrift = sw_thrift_begin(out, error);
    uint64_t length = 0, raw_length = 0;
    sw_thrift_list(&thrift, 1, SW_THRIFT_STRUCT, schema->column_count);
    for (size_t i = 0; i < schema->column_count; i++) {
        put_chunk(&thrift, schema->columns[i].name, &columns[i], &places[i]);
        length += places[i].length;
        raw_length += places[i].raw_length;
    }
    put_i64(&thrift, 2, raw_length);
    put_i64(&thrift, 3, rows);
    put_order(&thrift, schema);
    if (schema->column_count) put_i64(&thrift, 5, places[0].offset);
    put_i64(&thrift, 6, length);
    sw_thrift_end(&thrift);
    return sw_thrift_good(&thrift);
}

/* ---- footer ---- */

/* What comes before the rows' number. */
static bool put_head(struct sw_buffer *out, const struct sw_schema *schema,
                     const enum sw_written *written, struct sw_error *error)
{
    struct sw_thrift thrift = sw_thrift_begin(out, error);
    put_i32(&thrift, 1, VERSION);
    put_schema(&thrift, schema, written);
    sw_thrift_end(&thrift);
    if (!sw_thrift_good(&thrift)) return false;
    out->length--; /* the end, which other fields come before */
    return true;
}

/* What comes after the row groups. */
static bool put_tail(struct sw_buffer *out, const struct sw_schema *schema, struct sw_error *error)
{
    struct sw_thrift thrift = sw_thrift_resume(out, FIELD_GROUPS, error);
    put_text(&thrift, 6, "sw version " SW_VERSION);
    sw_thrift_list(&thrift, 7, SW_THRIFT_STRUCT, schema->column_count);
    for (size_t i = 0; i < schema->column_count; i++) {
        sw_thrift_element_struct(&thrift);
        put_mark(&thrift, TYPE_ORDER); /* bounds are in the order of the type */
        sw_thrift_end(&thrift);
    }
    sw_thrift_end(&thrift);
    return sw_thrift_good(&thrift);
}

bool sw_parquet_footer_open(struct sw_parquet_footer *footer, const struct sw_schema *schema,
                            const enum sw_written *written, struct sw_error *error)
{
    return put_head(&footer->head, schema, written, error) &&
           put_tail(&footer->tail, schema, error);
}

void sw_parquet_footer_free(struct sw_parquet_footer *footer)
{
    sw_buffer_free(&footer->head);
    sw_buffer_free(&footer->tail);
}

bool sw_parquet_put_footer(struct sw_buffer *out, const struct sw_parquet_footer *footer,
                           uint64_t rows, const struct sw_buffer *groups, size_t group_count,
                           struct sw_error *error)
{
    if (!sw_buffer_add(out, footer->head.bytes, footer->head.length, error)) return false;
    struct sw_thrift thrift = sw_thrift_resume(out, FIELD_SCHEMA, error);
    put_i64(&thrift, FIELD_ROWS, rows);
    sw_thrift_list(&thrift, FIELD_GROUPS, SW_THRIFT_STRUCT, group_count);
    sw_thrift_elements(&thrift, groups);
    sw_thrift_end(&thrift);
    if (!sw_thrift_good(&thrift)) return false;
    out->length--; /* the end again */
    return sw_buffer_add(out, footer->tail.bytes, footer->tail.length, error);
}
