/* SPDX-License-Identifier: ISC */
#include "group/quantile.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/wide.h"
#include "distinct/value_order.h"
#include "group/value_rows.h"

/* The pairs of (cell, value) by cell and value, and how often each is there. */
struct histogram {
    uint32_t *owner, *member, *order;
    const struct sw_set *set; /* whose order this is */
    size_t count;
};

static struct sw_dimension *dimension_of(const struct sw_grouping *grouping,
                                         const struct sw_measure *measure)
{
    return &grouping->dimensions->items[grouping->shape->members[measure->member].dimension];
}

static void free_histogram(struct histogram *histogram)
{
    free(histogram->owner);
    free(histogram->member);
    free(histogram->order);
}

static bool sort_histogram(struct histogram *histogram, const struct sw_dimension *dimension,
                           struct sw_error *error)
{
    uint32_t *ranks = sw_alloc(histogram->count, sizeof *ranks, error);
    histogram->order = ranks ? sw_alloc(histogram->count, sizeof *histogram->order, error) : NULL;
    for (size_t i = 0; histogram->order && i < histogram->count; i++) {
        histogram->order[i] = (uint32_t)i;
        ranks[i] = dimension->ranks[histogram->member[i]];
    }
    bool good = histogram->order && sw_order_by(histogram->order, histogram->count, ranks, error) &&
                sw_order_by(histogram->order, histogram->count, histogram->owner, error);
    free(ranks);
    return good;
}

static bool make_histogram(struct histogram *histogram, const struct sw_grouping *grouping,
                           const struct sw_measure *measure, struct sw_error *error)
{
    struct sw_set *set = &grouping->sets[measure->member];
    struct sw_dimension *dimension = dimension_of(grouping, measure);
    *histogram = (struct histogram){.set = set};
    return sw_dimension_rank(dimension, error) &&
           sw_set_list(set, &histogram->owner, &histogram->member, &histogram->count, error) &&
           sort_histogram(histogram, dimension, error);
}

static bool is_value(const struct histogram *histogram, size_t i)
{
    return histogram->member[histogram->order[i]] != SW_NULL_ID;
}

/* The id of the value at a place, counted from 0, among those from..end of one cell. */
static uint32_t value_at(const struct histogram *histogram, size_t from, size_t end, uint64_t place)
{
    size_t i = from;
    for (uint64_t before = 0; i < end; i++) {
        if (!is_value(histogram, i)) continue;
        before += sw_set_times(histogram->set, histogram->order[i]);
        if (before > place) break;
    }
    return histogram->member[histogram->order[i < end ? i : end - 1]];
}

static void find_place(const struct sw_measure *measure, uint64_t count, uint64_t *place,
                       uint64_t *part)
{
    sw_uint128 one = SW_PROBABILITY_ONE, p = (sw_uint128)measure->probability;
    if (measure->function == SW_QUANTILE_DISC) {
        sw_uint128 reach = p * count;
        uint64_t first = (uint64_t)((reach + one - 1) / one);
        *place = first ? first - 1 : 0;
        *part = 0;
        return;
    }
    *place = (uint64_t)((count - 1) * p / one);
    *part = (uint64_t)((count - 1) * p % one);
}

/* Of the cell whose values are those from..end. */
static void find_quantile(const struct histogram *histogram, size_t from, size_t end,
                          const struct sw_measure *measure, struct sw_quantile *quantile)
{
    uint64_t place = 0;
    for (size_t i = from; i < end; i++)
        if (is_value(histogram, i))
            quantile->count += sw_set_times(histogram->set, histogram->order[i]);
    if (quantile->count == 0) return;
    find_place(measure, quantile->count, &place, &quantile->part);
    quantile->low = quantile->high = value_at(histogram, from, end, place);
    if (quantile->part) quantile->high = value_at(histogram, from, end, place + 1);
}

/* The quantiles of a measure, of the histogram of its values. */
static bool find_quantiles(const struct histogram *histogram, size_t cell_count,
                           const struct sw_measure *measure, struct sw_quantile **cells,
                           struct sw_error *error)
{
    *cells = sw_alloc(cell_count, sizeof **cells, error);
    for (size_t from = 0, end; *cells && from < histogram->count; from = end) {
        uint32_t cell = histogram->owner[histogram->order[from]];
        for (end = from + 1;
             end < histogram->count && histogram->owner[histogram->order[end]] == cell;)
            end++;
        find_quantile(histogram, from, end, measure, &(*cells)[cell]);
    }
    return *cells != NULL;
}

/* The same of values that were dealt out, of which each stands there as often as it is there. */
static bool pick_quantiles(const struct sw_dealt_values *dealt, size_t cell_count,
                           const struct sw_measure *measure, struct sw_quantile **cells,
                           struct sw_error *error)
{
    *cells = sw_alloc(cell_count, sizeof **cells, error);
    for (size_t cell = 0; *cells && cell < cell_count; cell++) {
        struct sw_quantile *quantile = &(*cells)[cell];
        const uint32_t *ids = dealt->ids + dealt->starts[cell];
        uint64_t place = 0;
        quantile->count = dealt->starts[cell + 1] - dealt->starts[cell];
        if (quantile->count == 0) continue;
        find_place(measure, quantile->count, &place, &quantile->part);
        quantile->low = ids[place];
        quantile->high = ids[place + (quantile->part != 0)];
    }
    return *cells != NULL;
}

/* The values of a measure, in one of their two shapes. */
struct values {
    bool by_row;
    struct histogram histogram;
    struct sw_dealt_values dealt;
};

static bool make_values(struct values *values, const struct sw_grouping *grouping,
                        const struct sw_measure *measure, struct sw_error *error)
{
    size_t member = (size_t)measure->member;
    *values = (struct values){.by_row = sw_grouping_by_row(grouping, member)};
    return values->by_row
               ? sw_value_rows_deal(grouping->values, grouping, member, &values->dealt, error)
               : make_histogram(&values->histogram, grouping, measure, error);
}

/* Of all measures that share this one's values, which come after it. */
static bool make_sharing(const struct sw_grouping *grouping, size_t first,
                         struct sw_quantile **cells, struct sw_error *error)
{
    const struct sw_shape *shape = grouping->shape;
    struct values values;
    bool good = make_values(&values, grouping, &shape->measures[first], error);
    for (size_t i = first; good && i < shape->measure_count; i++) {
        const struct sw_measure *measure = &shape->measures[i];
        if (!sw_measure_is_quantile(measure) || measure->member != shape->measures[first].member)
            continue;
        good = values.by_row
                   ? pick_quantiles(&values.dealt, grouping->cell_count, measure, &cells[i], error)
                   : find_quantiles(&values.histogram, grouping->cell_count, measure, &cells[i],
                                    error);
    }
    free_histogram(&values.histogram);
    sw_dealt_values_free(&values.dealt);
    return good;
}

bool sw_quantiles_make(const struct sw_grouping *grouping, struct sw_quantile **cells,
                       struct sw_error *error)
{
    if (grouping->values && !sw_value_rows_aim(grouping->values, grouping, error)) return false;
    for (size_t i = 0; i < grouping->shape->measure_count; i++)
        if (sw_measure_is_quantile(&grouping->shape->measures[i]) && !cells[i] &&
            !make_sharing(grouping, i, cells, error))
            return false;
    return true;
}

/* low + (high − low) × part, rounded once; all in units of 10^−scale ÷ SW_PROBABILITY_ONE. False: 128 bits do not hold these, though they may
 * hold what is rounded. */
static bool interpolate(const struct sw_dimension *dimension, const struct sw_quantile *quantile,
                        sw_int128 *value)
{
    sw_int128 low = sw_intern_value(&dimension->intern, quantile->low);
    sw_int128 high = sw_intern_value(&dimension->intern, quantile->high), step, sum;
    return !__builtin_sub_overflow(high, low, &step) &&
           !__builtin_mul_overflow(step, (sw_int128)quantile->part, &step) &&
           !__builtin_mul_overflow(low, (sw_int128)SW_PROBABILITY_ONE, &sum) &&
           !__builtin_add_overflow(sum, step, &sum) &&
           sw_ratio(sum, SW_PROBABILITY_ONE, SW_RESULT_SCALE - dimension->scale, value);
}

static bool interpolate_widely(const struct sw_grouping *grouping, const struct sw_measure *measure,
                               const struct sw_quantile *quantile, sw_int128 *value)
{
    struct sw_formula_value exact;
    sw_quantile_exact(grouping, measure, quantile, &exact);
    return sw_rational_round(&exact.number, SW_RESULT_SCALE, value);
}

bool sw_quantile_put(const struct sw_grouping *grouping, const struct sw_measure *measure,
                     const struct sw_quantile *quantile, struct sw_builder *builder,
                     struct sw_error *error)
{
    const struct sw_dimension *dimension = dimension_of(grouping, measure);
    sw_int128 value = 0;
    if (quantile->count == 0) {
        sw_builder_add_null(builder);
        return true;
    }
    if (measure->function == SW_QUANTILE_DISC)
        return sw_dimension_put(dimension, quantile->low, builder, error);
    if (!interpolate(dimension, quantile, &value) &&
        !interpolate_widely(grouping, measure, quantile, &value))
        return sw_fail(error, SW_DATA, "%s: out of range: more than 127 bits with %d decimals",
                       measure->name, SW_RESULT_SCALE);
    return sw_builder_add_value(builder, value, error);
}

void sw_quantile_exact(const struct sw_grouping *grouping, const struct sw_measure *measure,
                       const struct sw_quantile *quantile, struct sw_formula_value *value)
{
    const struct sw_dimension *dimension = dimension_of(grouping, measure);
    value->null = quantile->count == 0;
    if (value->null) return;
    sw_uint128 one = SW_PROBABILITY_ONE;
    struct sw_products products = {0};
    sw_products_add(&products, sw_intern_value(&dimension->intern, quantile->low),
                    (sw_int128)(one - quantile->part));
    sw_products_add(&products, sw_intern_value(&dimension->intern, quantile->high),
                    (sw_int128)quantile->part);
    struct sw_rational divisor = sw_rational_of((sw_int128)one, 0);
    value->number = sw_rational_of_products(products, dimension->scale);
    bool fits = sw_rational_divide(&value->number, &divisor);
    (void)fits; /* fewer than 200 bits on either side */
}
