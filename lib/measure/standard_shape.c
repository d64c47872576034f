/* SPDX-License-Identifier: ISC */
#include "measure/standard_shape.h"

#include <stdio.h>
#include <string.h>

const struct sw_standard_field sw_standard_fields[SW_STANDARD_FIELDS] = {
    [SW_STANDARD_ROWS] = {"rows", SW_FIELD_COUNT, -1},
    [SW_STANDARD_FULL] = {"full_fills", SW_FIELD_COUNT, -1},
    [SW_STANDARD_PARTIAL] = {"partial_fills", SW_FIELD_COUNT, -1},
    [SW_STANDARD_UNFILLED] = {"unfilled", SW_FIELD_COUNT, -1},
    [SW_STANDARD_QUANTITY_COUNT] = {"quantity_count", SW_FIELD_COUNT, SW_QUANTITY},
    [SW_STANDARD_QUANTITY_SUM] = {"quantity_sum", SW_FIELD_SUM, SW_QUANTITY},
    [SW_STANDARD_QUANTITY_SQUARES] = {"quantity_squares", SW_FIELD_PRODUCTS, SW_QUANTITY},
    [SW_STANDARD_MATCHED_COUNT] = {"matched_count", SW_FIELD_COUNT, SW_MATCHED},
    [SW_STANDARD_MATCHED_SUM] = {"matched_sum", SW_FIELD_SUM, SW_MATCHED},
    [SW_STANDARD_RATIO_COUNT] = {"fill_ratio_count", SW_FIELD_COUNT, SW_RATIO_OF_ROW},
    [SW_STANDARD_RATIO_SUM] = {"fill_ratio_sum", SW_FIELD_SUM, SW_RATIO_OF_ROW},
    [SW_STANDARD_VALUE_COUNT] = {"value_count", SW_FIELD_COUNT, SW_VALUE},
    [SW_STANDARD_VALUE_SUM] = {"value_sum", SW_FIELD_SUM, SW_VALUE},
    [SW_STANDARD_PRICE_COUNT] = {"price_count", SW_FIELD_COUNT, SW_PRICE},
    [SW_STANDARD_PRICE_SUM] = {"price_sum", SW_FIELD_SUM, SW_PRICE},
    [SW_STANDARD_PRICE_LEAST] = {"price_min", SW_FIELD_LEAST, SW_PRICE},
    [SW_STANDARD_PRICE_MOST] = {"price_max", SW_FIELD_MOST, SW_PRICE},
    [SW_STANDARD_TIME_COUNT] = {"time_count", SW_FIELD_COUNT, SW_TIME_OF_ROW},
    [SW_STANDARD_TIME_LEAST] = {"first_timestamp", SW_FIELD_LEAST, SW_TIME_OF_ROW},
    [SW_STANDARD_TIME_MOST] = {"last_timestamp", SW_FIELD_MOST, SW_TIME_OF_ROW},
};

static const struct {
    const char *name;
    enum sw_function function;
    int fields[SW_MEASURE_FIELDS];
    const char *distinct; /* the column counted */
} measures[] = {
    {NULL, SW_COUNT, {SW_STANDARD_ROWS, -1, -1}, NULL}, /* called by what a row is */
    {"filled", SW_TOTAL, {SW_STANDARD_FULL, SW_STANDARD_PARTIAL, -1}, NULL},
    {"full_fills", SW_COUNT, {SW_STANDARD_FULL, -1, -1}, NULL},
    {"partial_fills", SW_COUNT, {SW_STANDARD_PARTIAL, -1, -1}, NULL},
    {"unfilled", SW_COUNT, {SW_STANDARD_UNFILLED, -1, -1}, NULL},
    {"quantity_sum", SW_SUM, {SW_STANDARD_QUANTITY_COUNT, SW_STANDARD_QUANTITY_SUM, -1}, NULL},
    {"quantity_mean", SW_MEAN, {SW_STANDARD_QUANTITY_COUNT, SW_STANDARD_QUANTITY_SUM, -1}, NULL},
    {"quantity_std",
     SW_STD,
     {SW_STANDARD_QUANTITY_COUNT, SW_STANDARD_QUANTITY_SUM, SW_STANDARD_QUANTITY_SQUARES},
     NULL},
    {"matched_sum", SW_SUM, {SW_STANDARD_MATCHED_COUNT, SW_STANDARD_MATCHED_SUM, -1}, NULL},
    {"fill_ratio",
     SW_RATIO,
     {SW_STANDARD_MATCHED_SUM, SW_STANDARD_QUANTITY_SUM, SW_STANDARD_MATCHED_COUNT},
     NULL},
    {"fill_ratio_mean", SW_MEAN, {SW_STANDARD_RATIO_COUNT, SW_STANDARD_RATIO_SUM, -1}, NULL},
    {"value_sum", SW_SUM, {SW_STANDARD_VALUE_COUNT, SW_STANDARD_VALUE_SUM, -1}, NULL},
    {"price_mean", SW_MEAN, {SW_STANDARD_PRICE_COUNT, SW_STANDARD_PRICE_SUM, -1}, NULL},
    {"price_min", SW_MIN, {SW_STANDARD_PRICE_COUNT, SW_STANDARD_PRICE_LEAST, -1}, NULL},
    {"price_max", SW_MAX, {SW_STANDARD_PRICE_COUNT, SW_STANDARD_PRICE_MOST, -1}, NULL},
    {"participants", SW_DISTINCT, {-1, -1, -1}, "participantid"},
    {"securities", SW_DISTINCT, {-1, -1, -1}, "security_code"},
    {"dates", SW_DISTINCT, {-1, -1, -1}, "date"},
    {"first_timestamp", SW_MIN, {SW_STANDARD_TIME_COUNT, SW_STANDARD_TIME_LEAST, -1}, NULL},
    {"last_timestamp", SW_MAX, {SW_STANDARD_TIME_COUNT, SW_STANDARD_TIME_MOST, -1}, NULL},
};

enum { MEASURES = sizeof measures / sizeof *measures };

/* ---- what there is ---- */

const char *const sw_standard_columns[SW_STANDARD_COLUMNS] = {
    [SW_QUANTITY] = "order_quantity",
    [SW_MATCHED] = "totalmatchedquantity",
    [SW_RATIO_OF_ROW] = "fill_ratio",
    [SW_VALUE] = "value",
    [SW_PRICE] = "price",
};

static bool partial_has(const struct sw_schema *schema, const char *prefix, const char *name)
{
    char whole[SW_NAME_MAXIMUM + 16];
    snprintf(whole, sizeof whole, "%s/%s", prefix, name);
    return sw_schema_find(schema, whole) >= 0;
}

bool sw_measured_has(const struct sw_measured *measured, const char *column)
{
    if (!measured->schema) return true;
    return measured->partial ? partial_has(measured->schema, "key", column)
                             : sw_view_can(measured->schema, column);
}

/* Whether there is what the field is of; the number of rows always is. */
static bool has_field(const struct sw_measured *measured, size_t field)
{
    const struct sw_schema *schema = measured->schema;
    int column = sw_standard_fields[field].column;
    if (!schema || field == SW_STANDARD_ROWS) return true;
    if (measured->partial) return partial_has(schema, "standard", sw_standard_fields[field].name);
    if (column == SW_TIME_OF_ROW) return schema->time_column >= 0;
    return sw_view_can(schema, column < 0 ? "fill" : sw_standard_columns[column]);
}

static bool has_member(const struct sw_measured *measured, const char *name, const char *column)
{
    if (!measured->schema || !measured->partial) return sw_measured_has(measured, column);
    return partial_has(measured->schema, "standard", name);
}

/* What a row is, which partial aggregates say by the name of their first field. */
static const char *row_name(const struct sw_measured *measured)
{
    const struct sw_schema *schema = measured->schema;
    if (!schema) return sw_row_kind_name(SW_ROWS_UNSAID);
    if (!measured->partial) return sw_row_kind_name(schema->row_kind);
    for (int kind = SW_ROWS_UNSAID; kind < SW_ROW_KINDS; kind++)
        if (partial_has(schema, "standard", sw_row_kind_name((enum sw_row_kind)kind)))
            return sw_row_kind_name((enum sw_row_kind)kind);
    return sw_row_kind_name(SW_ROWS_UNSAID);
}

/* ---- the shape ---- */

/* Sets at[] to where the shape has each field. */
static bool add_fields(struct sw_shape *shape, const struct sw_measured *measured,
                       int at[SW_STANDARD_FIELDS], struct sw_error *error)
{
    for (size_t i = 0; i < SW_STANDARD_FIELDS; i++) {
        const char *name = i == SW_STANDARD_ROWS ? row_name(measured) : sw_standard_fields[i].name;
        at[i] = -1;
        if (!has_field(measured, i)) continue;
        at[i] = sw_shape_field(shape, "standard", name, sw_standard_fields[i].kind, error);
        if (at[i] < 0) return false;
    }
    return true;
}

static bool add_measure(struct sw_shape *shape, struct sw_dimensions *dimensions, size_t which,
                        const char *name, const int at[SW_STANDARD_FIELDS], struct sw_error *error)
{
    const char *distinct = measures[which].distinct;
    struct sw_measure *measure =
        sw_shape_measure(shape, name, strlen(name), measures[which].function, error);
    if (!measure) return false;
    for (size_t i = 0; i < SW_MEASURE_FIELDS; i++)
        if (measures[which].fields[i] >= 0) measure->fields[i] = at[measures[which].fields[i]];
    if (distinct)
        measure->member = sw_shape_member(shape, "standard", name, dimensions, distinct, error);
    return !distinct || measure->member >= 0;
}

/* Whether all that the measure is made of is there. */
static bool has_measure(const struct sw_measured *measured, size_t which,
                        const int at[SW_STANDARD_FIELDS])
{
    for (size_t i = 0; i < SW_MEASURE_FIELDS; i++)
        if (measures[which].fields[i] >= 0 && at[measures[which].fields[i]] < 0) return false;
    return !measures[which].distinct ||
           has_member(measured, measures[which].name, measures[which].distinct);
}

bool sw_shape_standard(struct sw_shape *shape, struct sw_dimensions *dimensions,
                       const struct sw_measured *measured, struct sw_error *error)
{
    int at[SW_STANDARD_FIELDS];
    *shape = (struct sw_shape){
        .standard = true, .whole = shape->whole, .time_handle = -1, .sequence_handle = -1};
    if (!add_fields(shape, measured, at, error)) return false;
    for (size_t i = 0; i < MEASURES; i++) {
        const char *name = measures[i].name ? measures[i].name : row_name(measured);
        if (!has_measure(measured, i, at)) continue;
        if (!add_measure(shape, dimensions, i, name, at, error)) return false;
    }
    shape->record_size = (shape->record_size + 15) / 16 * 16;
    shape->listed = shape->measure_count;
    shape->listed_members = shape->member_count;
    return true;
}
