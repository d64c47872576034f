/* SPDX-License-Identifier: ISC */
#include "group/measure.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/list.h"
#include "base/memory.h"
#include "base/nearest.h"
#include "base/number.h"

/* What a function keeps: kinds of fields and what they are called after "NAME=FUNCTION(…)/". The
 * field called "value" has the type of the column, so that a partial stream says it. */
static const struct function {
    const char *name;
    size_t least, most; /* how many columns it takes */
    bool numbers;       /* of numbers only */
    struct {
        const char *suffix;
        enum sw_field_kind kind;
    } fields[SW_MEASURE_FIELDS];
} functions[SW_FUNCTIONS] = {
    [SW_COUNT] = {"count", 0, 1, false, {{"value", SW_FIELD_COUNT}}},
    [SW_SUM] = {"sum", 1, 1, true, {{"count", SW_FIELD_COUNT}, {"value", SW_FIELD_SUM}}},
    [SW_MEAN] = {"mean", 1, 1, true, {{"count", SW_FIELD_COUNT}, {"value", SW_FIELD_SUM}}},
    [SW_STD] = {"std",
                1,
                1,
                true,
                {{"count", SW_FIELD_COUNT},
                 {"value", SW_FIELD_SUM},
                 {"squares", SW_FIELD_PRODUCTS}}},
    [SW_MIN] = {"min", 1, 1, false, {{"count", SW_FIELD_COUNT}, {"value", SW_FIELD_LEAST}}},
    [SW_MAX] = {"max", 1, 1, false, {{"count", SW_FIELD_COUNT}, {"value", SW_FIELD_MOST}}},
    [SW_DISTINCT] = {"distinct", 1, 1, false, {{"count", SW_FIELD_COUNT}}},
    [SW_WMEAN] = {"wmean", 2, 2, true, {{"value", SW_FIELD_PRODUCTS}, {"weight", SW_FIELD_SUM}}},
    [SW_FIRST] = {"first", 1, 1, false, {{"value", SW_FIELD_FIRST}}},
    [SW_LAST] = {"last", 1, 1, false, {{"value", SW_FIELD_LAST}}},
    [SW_QUANTILE] = {"quantile", 1, 1, true, {{"count", SW_FIELD_COUNT}}},
    [SW_MEDIAN] = {"median", 1, 1, true, {{"count", SW_FIELD_COUNT}}},
    [SW_QUANTILE_DISC] = {"quantile_disc", 1, 1, false, {{"count", SW_FIELD_COUNT}}},
    [SW_VWAP] = {"vwap", 0, 0, true, {{"value", SW_FIELD_PRODUCTS}, {"weight", SW_FIELD_SUM}}},
    /* Asked for as sum(a)/sum(b): no name of a function. */
    [SW_RATIO] = {"sum()/sum",
                  2,
                  2,
                  true,
                  {{"value", SW_FIELD_SUM}, {"divisor", SW_FIELD_SUM}, {"count", SW_FIELD_COUNT}}},
};

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

void sw_shape_free(struct sw_shape *shape)
{
    for (size_t i = 0; i < shape->field_count; i++) {
        if (shape->fields[i].texts) sw_intern_free(shape->fields[i].texts);
        free(shape->fields[i].texts);
        free(shape->fields[i].name);
    }
    for (size_t i = 0; i < shape->measure_count; i++) {
        struct sw_measure *measure = &shape->measures[i];
        free(measure->name);
        free(measure->text);
        free(measure->columns[0]);
        free(measure->columns[1]);
        free(measure->parameter);
        sw_condition_free(measure->condition);
    }
    for (size_t i = 0; i < shape->member_count; i++) free(shape->members[i].name);
    free(shape->fields);
    free(shape->measures);
    free(shape->members);
    *shape = (struct sw_shape){0};
}

/* ---- "NAME=FUNCTION(COLUMN,…)" ---- */

static const char *skip_blanks(const char *at)
{
    while (*at == ' ' || *at == '\t') at++;
    return at;
}

static size_t trimmed(const char *text, size_t length)
{
    while (length > 0 && (text[length - 1] == ' ' || text[length - 1] == '\t')) length--;
    return length;
}

static bool bad_measure(const char *at, size_t length, const char *reason, struct sw_error *error)
{
    return sw_fail(error, SW_USAGE, "--measures: %s: '%.*s'", reason, (int)length, at);
}

static bool find_function(const char *name, size_t length, enum sw_function *function)
{
    for (size_t i = 0; i < SW_FUNCTIONS; i++)
        if (strlen(functions[i].name) == length && memcmp(functions[i].name, name, length) == 0) {
            *function = (enum sw_function)i;
            return true;
        }
    return false;
}

static bool no_such_function(const char *at, size_t length, const char *name, size_t name_length,
                             struct sw_error *error)
{
    char names[400] = "", word[SW_NEAR_LONGEST + 1] = "", note[SW_NEAREST_NOTE] = "";
    for (size_t i = 0, used = 0; i < SW_FUNCTIONS && used < sizeof names; i++)
        used += (size_t)snprintf(names + used, sizeof names - used, "%s,", functions[i].name);
    if (name_length < sizeof word) sw_nearest_note(memcpy(word, name, name_length), names, note);
    return sw_fail(error, SW_USAGE, "--measures: no such function: '%.*s'%s", (int)length, at,
                   note);
}

/* The columns between the parentheses; *count is how many there are, also where that is too many.
 */
static bool parse_columns(struct sw_measure *measure, const char *at, const char *end,
                          size_t *count, struct sw_error *error)
{
    for (*count = 0; at < end || *count > 0; (*count)++) {
        const char *stop = at + sw_list_item(at), *comma = stop < end ? stop : NULL;
        if (!comma) stop = end;
        at = skip_blanks(at);
        size_t length = at < stop ? trimmed(at, (size_t)(stop - at)) : 0;
        if (*count < 2) {
            measure->columns[*count] = sw_copy_text(at, length, error);
            if (!measure->columns[*count]) return false;
        }
        if (!comma) {
            (*count)++;
            return true;
        }
        at = comma + 1;
    }
    return true;
}

/* What stands between the parentheses: a condition of a count, or columns. */
static bool parse_arguments(struct sw_measure *measure, const char *at, const char *end,
                            size_t *count, struct sw_error *error)
{
    if (measure->function != SW_COUNT || !sw_is_condition(at, (size_t)(end - at)))
        return parse_columns(measure, at, end, count, error);
    *count = 1;
    at = skip_blanks(at);
    measure->columns[0] = sw_copy_text(at, trimmed(at, (size_t)(end - at)), error);
    measure->condition = sw_condition_new(error);
    return measure->columns[0] && measure->condition;
}

/* The "0.95" of quantile(x,0.95), which parse_columns took for a column. */
static bool take_probability(struct sw_measure *measure, size_t *count, struct sw_error *error)
{
    sw_int128 value = SW_PROBABILITY_ONE / 2;
    if (measure->function == SW_MEDIAN || !sw_measure_is_quantile(measure)) {
        measure->probability = (int64_t)value;
        return true;
    }
    const char *text = *count == 2 ? measure->columns[1] : NULL;
    if (!text ||
        sw_parse_decimal(text, strlen(text), SW_PROBABILITY_DECIMALS, &value) != SW_NUMBER_GOOD ||
        value < 0 || value > SW_PROBABILITY_ONE)
        return sw_fail(error, SW_USAGE,
                       "--measures: %s: a column and a share from 0 to 1 are due, with at most %d "
                       "decimals, as in quantile(x,0.95)",
                       measure->name, SW_PROBABILITY_DECIMALS);
    measure->probability = (int64_t)value;
    measure->parameter = measure->columns[1];
    measure->columns[1] = NULL;
    *count = 1;
    return true;
}

/* Measures of the same column count its values once. */
static int counted_member(struct sw_shape *shape, struct sw_measure *measure,
                          struct sw_dimensions *dimensions, struct sw_error *error)
{
    for (size_t i = 0; i < shape->measure_count; i++) {
        const struct sw_measure *other = &shape->measures[i];
        if (other != measure && sw_measure_is_quantile(other) &&
            strcmp(other->columns[0], measure->columns[0]) == 0)
            return other->member;
    }
    int member =
        sw_shape_member(shape, measure->text, "value", dimensions, measure->columns[0], error);
    if (member >= 0) shape->members[member].counted = true;
    return member;
}

static bool set_vwap_columns(struct sw_measure *measure, struct sw_error *error)
{
    if (measure->function != SW_VWAP) return true;
    measure->columns[0] = sw_copy_text("price", strlen("price"), error);
    measure->columns[1] = sw_copy_text("quantity", strlen("quantity"), error);
    return measure->columns[0] && measure->columns[1];
}

static bool add_fields(struct sw_shape *shape, struct sw_measure *measure,
                       struct sw_dimensions *dimensions, struct sw_error *error)
{
    const struct function *function = &functions[measure->function];
    if (measure->function == SW_DISTINCT) {
        measure->member =
            sw_shape_member(shape, measure->text, "value", dimensions, measure->columns[0], error);
        if (measure->member < 0) return false;
    }
    if (sw_measure_is_quantile(measure)) {
        measure->member = counted_member(shape, measure, dimensions, error);
        if (measure->member < 0) return false;
    }
    for (size_t i = 0; i < SW_MEASURE_FIELDS && function->fields[i].suffix; i++) {
        measure->fields[i] = sw_shape_field(shape, measure->text, function->fields[i].suffix,
                                            function->fields[i].kind, error);
        if (measure->fields[i] < 0) return false;
    }
    return true;
}

/* The measure's text without the blanks that may stand in it: two ways to write it are one. */
static bool set_text(struct sw_measure *measure, struct sw_error *error)
{
    const char *first = measure->columns[0];
    const char *second = measure->parameter ? measure->parameter : measure->columns[1];
    struct sw_buffer text = {0};
    bool good =
        measure->function == SW_RATIO
            ? sw_buffer_format(&text, error, "%s=sum(%s)/sum(%s)", measure->name, first, second)
            : sw_buffer_format(&text, error, "%s=%s(%s%s%s)", measure->name,
                               functions[measure->function].name, first ? first : "",
                               second ? "," : "", second ? second : "");
    if (good) measure->text = sw_copy_text((const char *)text.bytes, text.length, error);
    sw_buffer_free(&text);
    return measure->text != NULL;
}

static bool refuse_twin(const struct sw_shape *shape, const char *name, size_t length,
                        struct sw_error *error)
{
    for (size_t i = 0; i < shape->measure_count; i++)
        if (strlen(shape->measures[i].name) == length &&
            memcmp(shape->measures[i].name, name, length) == 0)
            return bad_measure(name, length,
                               i < shape->listed ? "a standard measure is called so"
                                                 : "a name stands twice",
                               error);
    return true;
}

/* The parenthesis that closes the one before `at`, which others and texts in quotes may stand
 * between; NULL: there is none. */
static const char *closing(const char *at, const char *end)
{
    int open = 1;
    for (; at < end; at++) {
        const char *quote = *at == '"' ? memchr(at + 1, '"', (size_t)(end - at - 1)) : NULL;
        if (quote) at = quote;
        open += (*at == '(') - (*at == ')');
        if (open == 0) return at;
    }
    return NULL;
}

/* "sum(A)/sum(B)", blanks allowed between its parts: sets a and b, without parentheses. */
static bool find_quotient(const char *at, const char *end, struct sw_text *a, struct sw_text *b)
{
    struct sw_text *sides[] = {a, b};
    for (size_t i = 0; i < 2; i++) {
        at = skip_blanks(at);
        if (i == 1 && (at == end || *at++ != '/')) return false;
        at = skip_blanks(at);
        if (end - at < 5 || memcmp(at, "sum(", 4) != 0) return false;
        const char *close = closing(at + 4, end);
        if (!close) return false;
        at = skip_blanks(at + 4);
        *sides[i] =
            (struct sw_text){at, at < close ? (uint32_t)trimmed(at, (size_t)(close - at)) : 0};
        at = close + 1;
    }
    return at == end && a->length > 0 && b->length > 0;
}

static bool add_quotient(struct sw_shape *shape, struct sw_text name, struct sw_text a,
                         struct sw_text b, struct sw_dimensions *dimensions, struct sw_error *error)
{
    struct sw_measure *measure = sw_shape_measure(shape, name.bytes, name.length, SW_RATIO, error);
    if (!measure) return false;
    measure->columns[0] = sw_copy_text(a.bytes, a.length, error);
    measure->columns[1] = sw_copy_text(b.bytes, b.length, error);
    return measure->columns[0] && measure->columns[1] && set_text(measure, error) &&
           add_fields(shape, measure, dimensions, error);
}

static bool parse_measure(struct sw_shape *shape, const char *at, size_t length,
                          struct sw_dimensions *dimensions, struct sw_error *error)
{
    const char *end = at + length, *equals = memchr(at, '=', length);
    const char *open = equals ? memchr(equals, '(', (size_t)(end - equals)) : NULL;
    enum sw_function function;
    size_t columns, name_length = equals ? trimmed(at, (size_t)(equals - at)) : 0;
    if (name_length == 0 || !open || end[-1] != ')')
        return bad_measure(at, length, "not NAME=FUNCTION(COLUMN)", error);
    const char *name = skip_blanks(equals + 1);
    struct sw_text a, b;
    if (find_quotient(name, end, &a, &b))
        return refuse_twin(shape, at, name_length, error) &&
               add_quotient(shape, (struct sw_text){at, (uint32_t)name_length}, a, b, dimensions,
                            error);
    if (!find_function(name, trimmed(name, (size_t)(open - name)), &function))
        return no_such_function(at, length, name, trimmed(name, (size_t)(open - name)), error);
    if (!refuse_twin(shape, at, name_length, error)) return false;
    struct sw_measure *measure = sw_shape_measure(shape, at, name_length, function, error);
    if (!measure || !parse_arguments(measure, open + 1, end - 1, &columns, error)) return false;
    if (!take_probability(measure, &columns, error)) return false;
    if (columns < functions[function].least || columns > functions[function].most)
        return bad_measure(at, length, "wrong number of columns", error);
    return set_text(measure, error) && set_vwap_columns(measure, error) &&
           add_fields(shape, measure, dimensions, error);
}

bool sw_shape_parse(struct sw_shape *shape, const char *list, struct sw_dimensions *dimensions,
                    struct sw_error *error)
{
    *shape = (struct sw_shape){.time_handle = -1, .sequence_handle = -1};
    return sw_shape_field(shape, "", "rows", SW_FIELD_COUNT, error) >= 0 &&
           sw_shape_extend(shape, list, dimensions, error);
}

bool sw_shape_extend(struct sw_shape *shape, const char *list, struct sw_dimensions *dimensions,
                     struct sw_error *error)
{
    for (const char *at = list;; at++) {
        const char *end = at + sw_list_item(at);
        at = skip_blanks(at);
        size_t length = at < end ? trimmed(at, (size_t)(end - at)) : 0;
        if (!parse_measure(shape, at, length, dimensions, error)) return false;
        at = end;
        if (!*at) break;
    }
    shape->record_size = (shape->record_size + 15) / 16 * 16;
    return true;
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

void sw_shape_settle(struct sw_shape *shape)
{
    for (size_t i = 0; i < shape->measure_count; i++) settle_measure(shape, &shape->measures[i]);
}

static bool bind_column(struct sw_measure *measure, size_t which, struct sw_view *view,
                        struct sw_error *error)
{
    const char *name = measure->columns[which];
    int handle = sw_view_column(view, name, SW_USAGE, error);
    if (handle < 0) return sw_fail_at(error, measure->text);
    enum sw_type type = sw_view_type(view, handle);
    if (functions[measure->function].numbers && type != SW_INT && type != SW_UINT &&
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
    sw_shape_settle(shape);
    return true;
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
