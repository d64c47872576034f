/* SPDX-License-Identifier: ISC */
#include "parquet/schema_element.h"

/* Numbers of parquet.thrift. */
enum { REQUIRED = 0, OPTIONAL = 1, REPEATED = 2 };
enum {
    TEXT = 1,
    ENUM = 4,
    DECIMAL = 5,
    DATE = 6,
    TIME = 7,
    TIMESTAMP = 8,
    INTEGER = 10,
    JSON = 12,
    BSON = 13,
    UUID = 14,
    FLOAT16 = 15,
};

/* ---- reading ---- */

/* The unit of a time: a union of marks. */
static int64_t read_unit(struct sw_compact *compact, const struct sw_compact_field *field)
{
    int64_t unit = -1;
    if (!sw_compact_is_struct(compact, field)) return -1;
    for (struct sw_compact_field inner = {0}; sw_compact_next(compact, &inner);) {
        unit = inner.id;
        sw_compact_skip(compact, &inner);
    }
    return unit;
}

/* The fields of decimals, times and integers, by their numbers. */
static void read_logical(struct sw_compact *compact, const struct sw_compact_field *field,
                         struct sw_schema_element *element)
{
    if (!sw_compact_is_struct(compact, field)) return;
    for (struct sw_compact_field inner = {0}; sw_compact_next(compact, &inner);) {
        bool timed = element->logical == TIME || element->logical == TIMESTAMP;
        if (element->logical == DECIMAL && inner.id == 1)
            element->logical_scale = sw_compact_integer(compact, &inner);
        else if (timed && inner.id == 1)
            element->utc = sw_compact_integer(compact, &inner);
        else if (timed && inner.id == 2)
            element->unit = read_unit(compact, &inner);
        else if (element->logical == INTEGER && inner.id == 1)
            element->bits = sw_compact_integer(compact, &inner);
        else if (element->logical == INTEGER && inner.id == 2)
            element->is_signed = sw_compact_integer(compact, &inner);
        else
            sw_compact_skip(compact, &inner);
    }
}

static void read_union(struct sw_compact *compact, const struct sw_compact_field *field,
                       struct sw_schema_element *element)
{
    if (!sw_compact_is_struct(compact, field)) return;
    for (struct sw_compact_field inner = {0}; sw_compact_next(compact, &inner);) {
        element->logical = inner.id;
        read_logical(compact, &inner, element);
    }
}

void sw_schema_element_read(struct sw_compact *compact, const struct sw_compact_field *field,
                            struct sw_schema_element *element)
{
    int64_t children = 0;
    *element = (struct sw_schema_element){.type = -1,
                                          .width = -1,
                                          .repetition = REQUIRED,
                                          .converted = -1,
                                          .logical = -1,
                                          .unit = -1};
    if (!sw_compact_is_struct(compact, field)) return;
    for (struct sw_compact_field inner = {0}; sw_compact_next(compact, &inner);) {
        int64_t *const numbers[] = {
            [1] = &element->type, [2] = &element->width,     [3] = &element->repetition,
            [5] = &children,      [6] = &element->converted, [7] = &element->scale};
        if (inner.id == 4)
            element->name = sw_compact_bytes(compact, &inner, &element->name_length);
        else if (inner.id == 10)
            read_union(compact, &inner, element);
        else if (inner.id >= 1 && inner.id <= 7)
            *numbers[inner.id] = sw_compact_integer(compact, &inner);
        else
            sw_compact_skip(compact, &inner);
    }
    element->children = children > 0 ? (uint64_t)children : 0;
}

/* ---- meaning ---- */

/* The older way of saying what a column means, as the newer one. */
static void translate(struct sw_schema_element *element)
{
    static const struct {
        int logical, unit, bits;
        bool is_signed;
    } meanings[] = {[0] = {TEXT, 0, 0, false},      [4] = {ENUM, 0, 0, false},
                    [5] = {DECIMAL, 0, 0, false},   [6] = {DATE, 0, 0, false},
                    [7] = {TIME, 1, 0, false},      [8] = {TIME, 2, 0, false},
                    [9] = {TIMESTAMP, 1, 0, false}, [10] = {TIMESTAMP, 2, 0, false},
                    [11] = {INTEGER, 0, 8, false},  [12] = {INTEGER, 0, 16, false},
                    [13] = {INTEGER, 0, 32, false}, [14] = {INTEGER, 0, 64, false},
                    [15] = {INTEGER, 0, 8, true},   [16] = {INTEGER, 0, 16, true},
                    [17] = {INTEGER, 0, 32, true},  [18] = {INTEGER, 0, 64, true},
                    [19] = {JSON, 0, 0, false},     [20] = {BSON, 0, 0, false}};
    int64_t converted = element->converted;
    if (element->logical >= 0 || converted < 0 ||
        converted >= (int64_t)(sizeof meanings / sizeof *meanings) || !meanings[converted].logical)
        return;
    element->logical = meanings[converted].logical;
    element->unit = meanings[converted].unit;
    element->bits = meanings[converted].bits;
    element->is_signed = meanings[converted].is_signed;
    element->logical_scale = element->scale;
    element->utc = true;
}

static bool is_whole(int64_t type)
{
    return type == SW_TYPE_INT32 || type == SW_TYPE_INT64;
}

static void take_decimal(const struct sw_schema_element *element,
                         struct sw_parquet_column_kind *column)
{
    if (element->logical_scale < 0 || element->logical_scale > 38) {
        column->reason = "its scale is not between 0 and 38";
        return;
    }
    column->scale = (int)element->logical_scale;
    column->kind = SW_KIND_DECIMAL;
}

static void take_time(const struct sw_schema_element *element,
                      struct sw_parquet_column_kind *column)
{
    static const int64_t units[] = {0, 1000000, 1000, 1};
    if (element->unit < 1 || element->unit > 3) {
        column->reason = "its unit is not known";
        return;
    }
    column->unit_ns = units[element->unit];
    column->kind = element->logical == TIME ? SW_KIND_TIME
                   : element->utc           ? SW_KIND_TIMESTAMP
                                            : SW_KIND_LOCAL;
}

/* What there is no logical type for, or one that means nothing more. */
static void take_plain(const struct sw_schema_element *element,
                       struct sw_parquet_column_kind *column)
{
    bool is_unsigned = element->logical == INTEGER && !element->is_signed;
    if (is_whole(element->type))
        column->kind = is_unsigned ? SW_KIND_UNSIGNED : SW_KIND_INTEGER;
    else if (element->type == SW_TYPE_BOOLEAN)
        column->kind = SW_KIND_BOOLEAN;
    else if (element->type == SW_TYPE_BYTES || element->type == SW_TYPE_FIXED)
        column->kind =
            element->logical == UUID && column->width == 16 ? SW_KIND_UUID : SW_KIND_TEXT;
    else
        column->reason = element->type == SW_TYPE_INT96
                             ? "INT96 timestamps are out of use: have them written as TIMESTAMP"
                             : "of an unknown type";
}

static void take_meaning(const struct sw_schema_element *element,
                         struct sw_parquet_column_kind *column)
{
    bool whole = is_whole(element->type);
    if (element->logical == DECIMAL &&
        (whole || element->type == SW_TYPE_FIXED || element->type == SW_TYPE_BYTES))
        take_decimal(element, column);
    else if (element->logical == DATE && element->type == SW_TYPE_INT32)
        column->kind = SW_KIND_DATE;
    else if ((element->logical == TIME && whole) ||
             (element->logical == TIMESTAMP && element->type == SW_TYPE_INT64))
        take_time(element, column);
    else if (element->logical == FLOAT16 || element->type == SW_TYPE_FLOAT ||
             element->type == SW_TYPE_DOUBLE)
        column->reason =
            "floating point, which no price, quantity or sum survives exactly: have it "
            "written as DECIMAL, or leave it out with -c";
    else
        take_plain(element, column);
}

struct sw_parquet_column_kind sw_schema_element_kind(const struct sw_schema_element *element)
{
    struct sw_schema_element own = *element;
    struct sw_parquet_column_kind column = {.kind = SW_KIND_UNREADABLE,
                                            .type = (enum sw_parquet_type)own.type,
                                            .optional = own.repetition == OPTIONAL};
    translate(&own);
    if (own.children || own.repetition == REPEATED)
        column.reason = "nested: it holds a list, a map or columns of its own";
    else if (own.repetition < 0 || own.repetition > REPEATED || own.type < 0 ||
             own.type > SW_TYPE_FIXED)
        column.reason = "of an unknown type";
    else if (own.type == SW_TYPE_FIXED && (own.width < 1 || own.width > 1 << 20))
        column.reason = "its values have no width, or one above 1 MiB";
    else {
        column.width = own.width > 0 ? (size_t)own.width : 0;
        take_meaning(&own, &column);
    }
    return column;
}
