/* SPDX-License-Identifier: ISC
 *
 * "NAME=FUNCTION(COLUMN,…),…" as measures of a shape (measure/measure.h).
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/list.h"
#include "base/memory.h"
#include "base/nearest.h"
#include "base/number.h"
#include "measure/measure_functions.h"

/* A column of a partial stream is called after the whole formula (SW_NAME_MAXIMUM). */
enum { FORMULA_LONGEST = 960 };

static const char option[] = "--measures";

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

static bool no_such_function(const char *at, size_t length, const char *name, size_t name_length,
                             struct sw_error *error)
{
    char names[400] = "", word[SW_NEAR_LONGEST + 1] = "", note[SW_NEAREST_NOTE] = "";
    for (size_t i = 0, used = 0; i < SW_FUNCTIONS && used < sizeof names; i++)
        used += (size_t)snprintf(names + used, sizeof names - used, "%s,",
                                 sw_measure_functions[i].name);
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
static int counted_member(struct sw_shape *shape, struct sw_measure *measure, const char *prefix,
                          struct sw_dimensions *dimensions, struct sw_error *error)
{
    for (size_t i = 0; i < shape->measure_count; i++) {
        const struct sw_measure *other = &shape->measures[i];
        if (other != measure && sw_measure_is_quantile(other) && other->member >= 0 &&
            strcmp(other->columns[0], measure->columns[0]) == 0)
            return other->member;
    }
    int member = sw_shape_member(shape, prefix, "value", dimensions, measure->columns[0], error);
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

/* What it keeps, under names that begin with a prefix. */
static bool add_fields(struct sw_shape *shape, struct sw_measure *measure, const char *prefix,
                       struct sw_dimensions *dimensions, struct sw_error *error)
{
    const struct sw_measure_function *function = &sw_measure_functions[measure->function];
    if (measure->function == SW_DISTINCT) {
        measure->member =
            sw_shape_member(shape, prefix, "value", dimensions, measure->columns[0], error);
        if (measure->member < 0) return false;
    }
    if (sw_measure_is_quantile(measure)) {
        measure->member = counted_member(shape, measure, prefix, dimensions, error);
        if (measure->member < 0) return false;
        if (shape->whole) return true;
    }
    for (size_t i = 0; i < SW_MEASURE_FIELDS && function->fields[i].suffix; i++) {
        measure->fields[i] = sw_shape_field(shape, prefix, function->fields[i].suffix,
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
                               sw_measure_functions[measure->function].name, first ? first : "",
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

/* "sum(A)/sum(B)", blanks allowed between its parts: sets a and b, without parentheses. */
static bool find_quotient(const char *at, const char *end, struct sw_text *a, struct sw_text *b)
{
    struct sw_text *sides[] = {a, b};
    for (size_t i = 0; i < 2; i++) {
        at = skip_blanks(at);
        if (i == 1 && (at == end || *at++ != '/')) return false;
        at = skip_blanks(at);
        if (end - at < 5 || memcmp(at, "sum(", 4) != 0) return false;
        const char *close = at + 3 + sw_list_parenthesis(at + 3, (size_t)(end - at) - 3) - 1;
        if (*close != ')') return false;
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
           add_fields(shape, measure, measure->text, dimensions, error);
}

/* FUNCTION(…), at[0..length), as a measure that has no fields yet; NULL: it is none. */
static struct sw_measure *parse_call(struct sw_shape *shape, struct sw_text name, const char *at,
                                     size_t length, struct sw_error *error)
{
    const char *end = at + length, *open = memchr(at, '(', length);
    enum sw_function function;
    size_t columns, called = open ? trimmed(at, (size_t)(open - at)) : 0;
    if (!open || end[-1] != ')') {
        bad_measure(at, length, "not FUNCTION(COLUMN)", error);
        return NULL;
    }
    if (!sw_measure_function_find(at, called, &function)) {
        no_such_function(at, length, at, called, error);
        return NULL;
    }
    struct sw_measure *measure = sw_shape_measure(shape, name.bytes, name.length, function, error);
    if (!measure || !parse_arguments(measure, open + 1, end - 1, &columns, error) ||
        !take_probability(measure, &columns, error))
        return NULL;
    if (columns < sw_measure_functions[function].least ||
        columns > sw_measure_functions[function].most) {
        bad_measure(at, length, "wrong number of columns", error);
        return NULL;
    }
    return set_text(measure, error) && set_vwap_columns(measure, error) ? measure : NULL;
}

/* ---- arithmetic ---- */

struct reading {
    struct sw_shape *shape;
    struct sw_text name; /* the formula's */
    size_t first;        /* the first of its measures */
};

/* Makes a measure of the formula, or finds it among those that it has. Its fields come later, when the whole formula is read: they are
 * named after it. */
static bool measure_of_formula(void *context, const char *text, size_t length, int *which,
                               struct sw_buffer *plain, struct sw_error *error)
{
    const struct reading *reading = context;
    struct sw_shape *shape = reading->shape;
    struct sw_measure *measure = parse_call(shape, reading->name, text, length, error);
    if (!measure) return false;
    measure->hidden = true;
    size_t at = reading->first;
    while (strcmp(shape->measures[at].text, measure->text) != 0) at++;
    *which = (int)at;
    bool good = sw_buffer_text(plain, measure->text + reading->name.length + 1, error);
    if (at + 1 < shape->measure_count) sw_measure_free(&shape->measures[--shape->measure_count]);
    return good;
}

/* What stands after the equals sign of a listed measure. */
static const char *definition_of(void *context, const char *name, size_t length)
{
    const struct reading *reading = context;
    const struct sw_shape *shape = reading->shape;
    for (size_t i = shape->listed; i < reading->first; i++) {
        const struct sw_measure *measure = &shape->measures[i];
        if (!measure->hidden && strlen(measure->name) == length &&
            memcmp(measure->name, name, length) == 0)
            return measure->text + length + 1;
    }
    return NULL;
}

/* Names a formula "NAME=(…)": a partial stream's columns begin with it, and end a measure at a parenthesis. */
static bool name_formula(struct sw_measure *measure, const struct sw_buffer *plain,
                         struct sw_error *error)
{
    struct sw_buffer text = {0};
    bool whole = plain->bytes[0] == '(' &&
                 sw_list_parenthesis((const char *)plain->bytes, plain->length) == plain->length;
    bool good = sw_buffer_format(&text, error, "%s=%s%.*s%s", measure->name, whole ? "" : "(",
                                 (int)plain->length, (const char *)plain->bytes, whole ? "" : ")");
    if (good && text.length > FORMULA_LONGEST)
        good = sw_fail(error, SW_USAGE, "--measures: %s: longer than %d bytes", measure->name,
                       FORMULA_LONGEST);
    if (good) measure->text = sw_copy_text((const char *)text.bytes, text.length, error);
    sw_buffer_free(&text);
    return measure->text != NULL;
}

/* The fields of its measures, those from `first` on, "NAME=(…)/0/count" and so on. */
static bool add_formula_fields(struct sw_shape *shape, size_t first, const char *text,
                               struct sw_dimensions *dimensions, struct sw_error *error)
{
    char prefix[FORMULA_LONGEST + 24];
    for (size_t i = first; i + 1 < shape->measure_count; i++) {
        snprintf(prefix, sizeof prefix, "%s/%zu", text, i - first);
        if (!add_fields(shape, &shape->measures[i], prefix, dimensions, error)) return false;
    }
    return true;
}

/* What was wrong in a measure of it says itself where it stands. */
static bool fail_in_formula(struct sw_text name, struct sw_error *error)
{
    char place[200];
    if (strncmp(error->message, option, strlen(option)) == 0) return false;
    snprintf(place, sizeof place, "%s: %.*s", option, (int)name.length, name.bytes);
    return sw_fail_at(error, place);
}

static bool add_formula(struct sw_shape *shape, struct sw_text name, const char *at, size_t length,
                        struct sw_dimensions *dimensions, struct sw_error *error)
{
    struct reading reading = {shape, name, shape->measure_count};
    const struct sw_formula_source source = {measure_of_formula, definition_of, &reading};
    struct sw_formula *formula = sw_alloc(1, sizeof *formula, error);
    struct sw_buffer plain = {0};
    bool good = formula != NULL;
    good = good && (sw_formula_parse(formula, at, length, &source, &plain, error) ||
                    fail_in_formula(name, error));
    struct sw_measure *measure =
        good ? sw_shape_measure(shape, name.bytes, name.length, SW_FORMULA, error) : NULL;
    if (measure)
        measure->formula = formula;
    else
        free(formula);
    good = measure && name_formula(measure, &plain, error) &&
           add_formula_fields(shape, reading.first, measure->text, dimensions, error);
    sw_buffer_free(&plain);
    return good;
}

/* Whether it is one FUNCTION(…) of a measure and nothing else. */
static bool is_call(const char *at, size_t length)
{
    size_t name = 0;
    while (name < length && at[name] != '(' && !strchr("+-*/ \t", at[name])) name++;
    size_t open = name;
    while (open < length && (at[open] == ' ' || at[open] == '\t')) open++;
    return name > 0 && open < length && at[open] == '(' && !sw_formula_function(at, name) &&
           open + sw_list_parenthesis(at + open, length - open) == length;
}

static bool parse_measure(struct sw_shape *shape, const char *at, size_t length,
                          struct sw_dimensions *dimensions, struct sw_error *error)
{
    const char *end = at + length, *equals = memchr(at, '=', length);
    struct sw_text a, b, name = {at, equals ? (uint32_t)trimmed(at, (size_t)(equals - at)) : 0};
    if (name.length == 0 || equals + 1 == end)
        return bad_measure(at, length, "not NAME=FUNCTION(COLUMN)", error);
    const char *text = skip_blanks(equals + 1);
    if (!refuse_twin(shape, at, name.length, error)) return false;
    if (find_quotient(text, end, &a, &b)) return add_quotient(shape, name, a, b, dimensions, error);
    if (!is_call(text, (size_t)(end - text)))
        return add_formula(shape, name, text, (size_t)(end - text), dimensions, error);
    struct sw_measure *measure = parse_call(shape, name, text, (size_t)(end - text), error);
    return measure && add_fields(shape, measure, measure->text, dimensions, error);
}

bool sw_shape_parse(struct sw_shape *shape, const char *list, struct sw_dimensions *dimensions,
                    struct sw_error *error)
{
    *shape = (struct sw_shape){.whole = shape->whole, .time_handle = -1, .sequence_handle = -1};
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
