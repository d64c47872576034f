/* SPDX-License-Identifier: ISC
 *
 * What a record's fields come to: the values of its measures. Each is rounded once, from the exact
 * value.
 */
#include "base/number.h"
#include "measure/measure.h"

bool sw_measure_fixed(const struct sw_measure *measure)
{
    return measure->function == SW_MEAN || measure->function == SW_STD ||
           measure->function == SW_WMEAN || measure->function == SW_RATIO ||
           measure->function == SW_VWAP || measure->function == SW_QUANTILE ||
           measure->function == SW_MEDIAN || measure->function == SW_FORMULA;
}

bool sw_measure_is_quantile(const struct sw_measure *measure)
{
    return measure->function == SW_QUANTILE || measure->function == SW_MEDIAN ||
           measure->function == SW_QUANTILE_DISC;
}

bool sw_measure_is_sum(const struct sw_measure *measure)
{
    return measure->function == SW_SUM;
}

struct finish {
    const struct sw_field *fields[SW_MEASURE_FIELDS];
    const struct sw_measure *measure;
    unsigned char *record;
};

static sw_int128 number(const struct finish *finish, int field)
{
    return *sw_number_at(finish->fields[field], finish->record);
}

static const struct sw_sum *sum(const struct finish *finish, int field)
{
    return sw_sum_at(finish->fields[field], finish->record);
}

static uint64_t count(const struct finish *finish, int field)
{
    return *sw_count_at(finish->fields[field], finish->record);
}

static bool put_null(struct sw_builder *builder)
{
    sw_builder_add_null(builder);
    return true;
}

static bool put_rounded(const struct finish *finish, bool fits, sw_int128 value,
                        struct sw_builder *builder, struct sw_error *error)
{
    if (!fits)
        return sw_fail(error, SW_DATA, "%s: out of range: more than 127 bits with %d decimals",
                       finish->measure->name, SW_RESULT_SCALE);
    return sw_builder_add_value(builder, value, error);
}

static bool put_mean(const struct finish *finish, struct sw_builder *builder,
                     struct sw_error *error)
{
    sw_int128 value = 0;
    if (count(finish, 0) == 0) return put_null(builder);
    struct sw_sum rows = sw_sum_of((sw_int128)count(finish, 0));
    bool fits =
        sw_sum_ratio(sum(finish, 1), &rows, SW_RESULT_SCALE - finish->fields[1]->scale, &value);
    return put_rounded(finish, fits, value, builder, error);
}

static bool put_deviation(const struct finish *finish, struct sw_builder *builder,
                          struct sw_error *error)
{
    sw_int128 value = 0;
    if (count(finish, 0) < 2) return put_null(builder);
    struct sw_wide size = sw_sum_size(sum(finish, 1));
    struct sw_wide squares = sw_products_size(sw_products_at(finish->fields[2], finish->record));
    bool fits = sw_deviation(count(finish, 0), &size, &squares,
                             SW_RESULT_SCALE - finish->fields[1]->scale, &value);
    return put_rounded(finish, fits, value, builder, error);
}

static bool put_ratio(const struct finish *finish, struct sw_builder *builder,
                      struct sw_error *error)
{
    sw_int128 value = 0;
    int shift = SW_RESULT_SCALE - finish->fields[0]->scale + finish->fields[1]->scale;
    if (sw_sum_is_zero(sum(finish, 1)) || count(finish, 2) == 0) return put_null(builder);
    bool fits = sw_sum_ratio(sum(finish, 0), sum(finish, 1), shift, &value);
    return put_rounded(finish, fits, value, builder, error);
}

/* The weights' scale is in the products, too, and cancels out. */
static bool put_weighted(const struct finish *finish, struct sw_builder *builder,
                         struct sw_error *error)
{
    sw_int128 value = 0;
    if (sw_sum_is_zero(sum(finish, 1))) return put_null(builder);
    bool fits = sw_products_ratio(sw_products_at(finish->fields[0], finish->record), sum(finish, 1),
                                  SW_RESULT_SCALE - finish->fields[0]->scale, &value);
    return put_rounded(finish, fits, value, builder, error);
}

static bool put_sum(const struct finish *finish, struct sw_builder *builder, struct sw_error *error)
{
    sw_int128 value;
    if (count(finish, 0) == 0) return put_null(builder);
    if (!sw_sum_narrow(sum(finish, 1), &value)) return sw_field_overflow(finish->fields[1], error);
    return sw_builder_add_value(builder, value, error);
}

static bool put_held(const struct finish *finish, struct sw_builder *builder,
                     struct sw_error *error)
{
    if (count(finish, 0) == 0) return put_null(builder);
    return sw_field_put(finish->fields[1], number(finish, 1), builder, error);
}

static bool put_moment(const struct finish *finish, struct sw_builder *builder,
                       struct sw_error *error)
{
    const struct sw_moment *moment = sw_moment_at(finish->fields[0], finish->record);
    if (!moment->known) return put_null(builder);
    return sw_field_put(finish->fields[0], moment->value, builder, error);
}

static struct finish finish_of(const struct sw_shape *shape, const struct sw_measure *measure,
                               unsigned char *record)
{
    struct finish finish = {.measure = measure, .record = record};
    for (size_t i = 0; i < SW_MEASURE_FIELDS; i++)
        finish.fields[i] = measure->fields[i] < 0 ? NULL : &shape->fields[measure->fields[i]];
    return finish;
}

bool sw_measure_put(const struct sw_shape *shape, const struct sw_measure *measure,
                    unsigned char *record, const uint64_t *members, struct sw_builder *builder,
                    struct sw_error *error)
{
    struct finish finish = finish_of(shape, measure, record);
    switch (measure->function) {
    case SW_COUNT:
        return sw_builder_add_value(builder, (sw_int128)count(&finish, 0), error);
    case SW_TOTAL:
        return sw_builder_add_value(builder, (sw_int128)count(&finish, 0) + count(&finish, 1),
                                    error);
    case SW_DISTINCT:
        return sw_builder_add_value(builder, (sw_int128)members[measure->member], error);
    case SW_MEAN:
        return put_mean(&finish, builder, error);
    case SW_STD:
        return put_deviation(&finish, builder, error);
    case SW_WMEAN:
    case SW_VWAP:
        return put_weighted(&finish, builder, error);
    case SW_RATIO:
        return put_ratio(&finish, builder, error);
    case SW_SUM:
        return put_sum(&finish, builder, error);
    case SW_MIN:
    case SW_MAX:
        return put_held(&finish, builder, error);
    case SW_FIRST:
    case SW_LAST:
        return put_moment(&finish, builder, error);
    case SW_QUANTILE:
    case SW_MEDIAN:
    case SW_QUANTILE_DISC: /* group/quantile.h */
    case SW_FORMULA:       /* measure/formula.h */
    case SW_FUNCTIONS:
        break;
    }
    return put_null(builder);
}

/* ---- many cells at once ---- */

enum { AHEAD = 16 }; /* cells whose records are on their way from memory at once */

bool sw_measure_is_plain(const struct sw_shape *shape, const struct sw_measure *measure)
{
    return measure->function == SW_COUNT ||
           ((measure->function == SW_FIRST || measure->function == SW_LAST) &&
            !shape->fields[measure->fields[0]].texts);
}

bool sw_measure_put_plain(const struct sw_shape *shape, const struct sw_measure *measure,
                          unsigned char *records, const uint32_t *cells, size_t count,
                          struct sw_builder *builder, struct sw_error *error)
{
    const struct sw_field *field = &shape->fields[measure->fields[0]];
    const size_t stride = shape->record_size;
    for (size_t i = 0; i < count; i++) {
        unsigned char *record = records + cells[i] * stride;
        if (i + AHEAD < count)
            __builtin_prefetch(records + cells[i + AHEAD] * stride + field->offset);
        const struct sw_moment *moment =
            measure->function == SW_COUNT ? NULL : sw_moment_at(field, record);
        if (moment && !moment->known)
            sw_builder_add_null(builder);
        else if (!sw_builder_add_value(
                     builder, moment ? moment->value : (sw_int128)*sw_count_at(field, record),
                     error))
            return false;
    }
    return true;
}

/* ---- before it is rounded ---- */

static bool set_number(struct sw_formula_value *value, sw_int128 number, int scale)
{
    *value = (struct sw_formula_value){false, sw_rational_of(number, scale)};
    return true;
}

/* A sum, by what it is divided by; null where that is 0, or no divisor at all. */
static bool set_quotient(struct sw_formula_value *value, struct sw_rational above,
                         struct sw_rational below)
{
    value->null = sw_rational_is_zero(&below);
    value->number = above;
    return value->null || sw_rational_divide(&value->number, &below);
}

static bool exact_deviation(const struct finish *finish, struct sw_formula_value *value)
{
    sw_int128 rounded;
    value->null = count(finish, 0) < 2;
    if (value->null) return true;
    struct sw_wide size = sw_sum_size(sum(finish, 1));
    struct sw_wide squares = sw_products_size(sw_products_at(finish->fields[2], finish->record));
    return sw_deviation(count(finish, 0), &size, &squares,
                        SW_RESULT_SCALE - finish->fields[1]->scale, &rounded) &&
           set_number(value, rounded, SW_RESULT_SCALE);
}

static bool exact_moment(const struct finish *finish, struct sw_formula_value *value)
{
    const struct sw_moment *moment = sw_moment_at(finish->fields[0], finish->record);
    value->null = !moment->known;
    return value->null || set_number(value, moment->value, finish->fields[0]->scale);
}

/* Of a function whose first field counts values: null where there are none. */
static bool exact_of_values(const struct finish *finish, struct sw_formula_value *value)
{
    uint64_t values = count(finish, 0);
    const struct sw_field *held = finish->fields[1];
    value->null = values == 0;
    if (value->null) return true;
    if (finish->measure->function == SW_MIN || finish->measure->function == SW_MAX)
        return set_number(value, number(finish, 1), held->scale);
    struct sw_rational total = sw_rational_of_sum(sum(finish, 1), held->scale);
    bool mean = finish->measure->function == SW_MEAN;
    return set_quotient(value, total, sw_rational_of((sw_int128)(mean ? values : 1), 0));
}

static bool find_exact(const struct finish *finish, const uint64_t *members,
                       struct sw_formula_value *value)
{
    switch (finish->measure->function) {
    case SW_COUNT:
        return set_number(value, (sw_int128)count(finish, 0), 0);
    case SW_DISTINCT:
        return set_number(value, (sw_int128)members[finish->measure->member], 0);
    case SW_STD:
        return exact_deviation(finish, value);
    case SW_WMEAN:
    case SW_VWAP:
        return set_quotient(
            value,
            sw_rational_of_products(*sw_products_at(finish->fields[0], finish->record),
                                    finish->fields[0]->scale),
            sw_rational_of_sum(sum(finish, 1), 0));
    case SW_FIRST:
    case SW_LAST:
        return exact_moment(finish, value);
    default:
        return exact_of_values(finish, value);
    }
}

bool sw_measure_exact(const struct sw_shape *shape, const struct sw_measure *measure,
                      unsigned char *record, const uint64_t *members,
                      struct sw_formula_value *value, struct sw_error *error)
{
    struct finish finish = finish_of(shape, measure, record);
    return find_exact(&finish, members, value) || sw_fail(error, SW_DATA, "out of range");
}
