/* SPDX-License-Identifier: ISC */
#include "measure/measure_functions.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/list.h"
#include "base/memory.h"
#include "base/nearest.h"
#include "base/number.h"

/* ---- building ---- */

static char *join(const char *prefix, const char *suffix, struct sw_error *error)
{
    size_t length = strlen(prefix) + strlen(suffix) + 2;
    char *joined = sw_alloc(length, 1, error);
    if (joined) snprintf(joined, length, "%s%s%s", prefix, *prefix ? "/" : "", suffix);
    return joined;
}

int sw_shape_field(struct sw_shape *shape, const char *prefix, const char *suffix,
                   enum sw_field_kind kind, struct sw_error *error)
{
    if (!sw_grow(&shape->fields, &shape->field_capacity, shape->field_count + 1,
                 sizeof *shape->fields, error))
        return -1;
    struct sw_field field = {.kind = kind, .name = join(prefix, suffix, error)};
    if (!field.name) return -1;
    size_t size = sw_field_size(kind), align = size % 16 ? 8 : 16;
    field.offset = (shape->record_size + align - 1) / align * align;
    field.type = kind == SW_FIELD_COUNT ? SW_INT : SW_DECIMAL;
    shape->record_size = field.offset + size;
    shape->fields[shape->field_count] = field;
    return (int)shape->field_count++;
}

int sw_shape_member(struct sw_shape *shape, const char *prefix, const char *suffix,
                    struct sw_dimensions *dimensions, const char *column, struct sw_error *error)
{
    if (shape->member_count == SW_VALUE_SET_MAXIMUM) {
        sw_fail(error, SW_USAGE, "--measures: more than %d times distinct(x)",
                SW_VALUE_SET_MAXIMUM);
        return -1;
    }
    int dimension = sw_dimension_add(dimensions, column, strlen(column), error);
    if (dimension < 0 || !sw_grow(&shape->members, &shape->member_capacity, shape->member_count + 1,
                                  sizeof *shape->members, error))
        return -1;
    struct sw_member member = {join(prefix, suffix, error), dimension, false};
    if (!member.name) return -1;
    shape->members[shape->member_count] = member;
    return (int)shape->member_count++;
}

struct sw_measure *sw_shape_measure(struct sw_shape *shape, const char *name, size_t length,
                                    enum sw_function function, struct sw_error *error)
{
    if (!sw_grow(&shape->measures, &shape->measure_capacity, shape->measure_count + 1,
                 sizeof *shape->measures, error))
        return NULL;
    struct sw_measure *measure = &shape->measures[shape->measure_count];
    *measure = (struct sw_measure){
        .function = function, .handles = {-1, -1}, .fields = {-1, -1, -1}, .member = -1};
    measure->name = sw_copy_text(name, length, error);
    if (!measure->name) return NULL;
    shape->measure_count++;
    return measure;
}

void sw_measure_free(struct sw_measure *measure)
{
    free(measure->name);
    free(measure->text);
    free(measure->columns[0]);
    free(measure->columns[1]);
    free(measure->parameter);
    free(measure->formula);
    sw_condition_free(measure->condition);
}

void sw_shape_free(struct sw_shape *shape)
{
    for (size_t i = 0; i < shape->field_count; i++) {
        if (shape->fields[i].texts) sw_intern_free(shape->fields[i].texts);
        free(shape->fields[i].texts);
        free(shape->fields[i].name);
    }
    for (size_t i = 0; i < shape->measure_count; i++) sw_measure_free(&shape->measures[i]);
    for (size_t i = 0; i < shape->member_count; i++) free(shape->members[i].name);
    free(shape->fields);
    free(shape->measures);
    free(shape->members);
    *shape = (struct sw_shape){0};
}

/* ---- types ---- */

bool sw_field_type(struct sw_field *field, enum sw_type type, int scale, struct sw_error *error)
{
    if (field->kind == SW_FIELD_COUNT) return true;
    if (field->kind == SW_FIELD_SUM || field->kind == SW_FIELD_PRODUCTS) type = SW_DECIMAL;
    field->type = type;
    field->scale = scale;
    if (type != SW_TEXT || field->texts) return true;
    field->texts = sw_alloc(1, sizeof *field->texts, error);
    return field->texts && sw_intern_init(field->texts, true, error);
}

static void settle_measure(const struct sw_shape *shape, struct sw_measure *measure)
{
    const int *fields = measure->fields;
    const struct sw_field *value = NULL;
    switch (measure->function) {
    case SW_SUM:
    case SW_MIN:
    case SW_MAX:
        value = &shape->fields[fields[1]];
        break;
    case SW_FIRST:
    case SW_LAST:
        value = &shape->fields[fields[0]];
        break;
    default:
        break;
    }
    if (measure->function == SW_QUANTILE_DISC) return; /* the column's */
    bool rounded = sw_measure_fixed(measure);
    measure->type = value ? value->type : rounded ? SW_DECIMAL : SW_INT;
    measure->scale = value ? value->scale : rounded ? SW_RESULT_SCALE : 0;
}

bool sw_shape_settle(struct sw_shape *shape, struct sw_error *error)
{
    for (size_t i = 0; i < shape->measure_count; i++) {
        const struct sw_measure *measure = &shape->measures[i];
        settle_measure(shape, &shape->measures[i]);
        if (measure->hidden && measure->type == SW_TEXT)
            return sw_fail(error, SW_USAGE, "%s: a text, in arithmetic", measure->text);
    }
    return true;
}

static bool bind_column(struct sw_measure *measure, size_t which, struct sw_view *view,
                        struct sw_error *error)
{
    const char *name = measure->columns[which];
    int handle = sw_view_column(view, name, SW_USAGE, error);
    if (handle < 0) return sw_fail_at(error, measure->text);
    enum sw_type type = sw_view_type(view, handle);
    if (sw_measure_functions[measure->function].numbers && type != SW_INT && type != SW_UINT &&
        type != SW_DECIMAL)
        return sw_fail(error, SW_USAGE, "%s: column '%s' is of type %s, not a number",
                       measure->text, name, sw_type_name(type));
    if (type == SW_UINT && (measure->function == SW_QUANTILE || measure->function == SW_MEDIAN))
        return sw_fail(error, SW_USAGE,
                       "%s: column '%s' is of type uint, an id: quantile_disc takes one of them",
                       measure->text, name);
    measure->handles[which] = handle;
    if (measure->function == SW_QUANTILE_DISC) {
        measure->type = type;
        measure->scale = sw_view_scale(view, handle);
    }
    return true;
}

static bool bind_measure(struct sw_shape *shape, struct sw_measure *measure, struct sw_view *view,
                         struct sw_error *error)
{
    if (measure->condition)
        return sw_condition_compile(measure->condition, view, measure->columns[0],
                                    shape->share_directory, error) ||
               sw_fail_at(error, measure->text);
    for (size_t i = 0; i < 2 && measure->columns[i]; i++)
        if (!bind_column(measure, i, view, error)) return false;
    for (size_t i = 0; i < SW_MEASURE_FIELDS && measure->fields[i] >= 0; i++) {
        bool weight = (measure->function == SW_WMEAN || measure->function == SW_VWAP ||
                       measure->function == SW_RATIO) &&
                      i == 1;
        int handle = measure->handles[weight];
        if (handle >= 0 &&
            !sw_field_type(&shape->fields[measure->fields[i]], sw_view_type(view, handle),
                           sw_view_scale(view, handle), error))
            return false;
    }
    return true;
}

/* first(x) and last(x) go by the time column and, where there is one, the sequence. */
static bool bind_moment(struct sw_shape *shape, struct sw_view *view, struct sw_error *error)
{
    const struct sw_schema *schema = view->supplier.schema;
    if (schema->time_column < 0)
        return sw_fail(error, SW_USAGE, "first(x) and last(x) need a time column: '%s' has none",
                       schema->table);
    shape->time_handle =
        sw_view_column(view, schema->columns[schema->time_column].name, SW_USAGE, error);
    if (shape->time_handle < 0) return false;
    if (sw_view_type(view, shape->time_handle) == SW_TEXT)
        return sw_fail(error, SW_USAGE, "first(x) and last(x) need a time: column '%s' is text",
                       schema->columns[schema->time_column].name);
    int sequence = sw_schema_find(schema, "sequence");
    if (sequence < 0 || schema->columns[sequence].type == SW_TEXT) return true;
    shape->sequence_handle = sw_view_column(view, "sequence", SW_USAGE, error);
    return shape->sequence_handle >= 0;
}

bool sw_shape_bind(struct sw_shape *shape, struct sw_view *view, struct sw_error *error)
{
    for (size_t i = shape->listed; i < shape->measure_count; i++) {
        enum sw_function function = shape->measures[i].function;
        if (!bind_measure(shape, &shape->measures[i], view, error)) return false;
        if ((function == SW_FIRST || function == SW_LAST) && !bind_moment(shape, view, error))
            return false;
    }
    return sw_shape_settle(shape, error);
}

/* ---- records ---- */

bool sw_shape_begins_zero(const struct sw_shape *shape)
{
    for (size_t i = 0; i < shape->field_count; i++) {
        const struct sw_field *field = &shape->fields[i];
        bool extreme = field->kind == SW_FIELD_LEAST || field->kind == SW_FIELD_MOST;
        if (extreme && !field->texts) return false;
    }
    return true;
}

void sw_shape_clear(const struct sw_shape *shape, unsigned char *record)
{
    memset(record, 0, shape->record_size);
    for (size_t i = 0; i < shape->field_count; i++) sw_field_clear(&shape->fields[i], record);
}

bool sw_shape_merge(const struct sw_shape *shape, unsigned char *to, const unsigned char *from,
                    struct sw_error *error)
{
    for (size_t i = 0; i < shape->field_count; i++)
        if (!sw_field_merge(&shape->fields[i], to, from, error)) return false;
    return true;
}
