/* SPDX-License-Identifier: ISC
 *
 * Rows into records, measure by measure: each loop below runs over a block for one field. The usual
 * case, 64-bit values and no nulls, has a loop of its own.
 */
#include <stdlib.h>

#include "base/memory.h"
#include "measure/measure.h"
#include "measure/accumulate.h"

enum {
    /* Rows that all fields take before the next ones: their records stay in the cache. */
    SLICE = 512,
    NEAR_BYTES = 256 << 10, /* records of more than that are not all in the cache */
};

static bool is_simple(const struct sw_vector *vector)
{
    return !vector->wide && !vector->nulls && vector->type != SW_TEXT;
}

/* Rows with a value; all rows where `values` is NULL. */
static void add_count(const struct sw_update *update, const struct sw_field *field)
{
    const struct sw_vector *values = update->values;
    const struct sw_cell_sums *sums = update->sums;
    if (sums && (!values || !values->nulls))
        for (size_t cell = 0; cell < sums->cell_limit; cell++)
            *sw_count_at(field, update->records + cell * update->stride) += sums->counts[cell];
    else if (!values || !values->nulls)
        for (size_t row = update->start; row < update->rows; row++)
            ++*sw_count_at(field, sw_record_of(update, row));
    else
        for (size_t row = update->start; row < update->rows; row++)
            *sw_count_at(field, sw_record_of(update, row)) += !sw_is_null(values, row);
}

/* The sums of a whole block. */
static void add_cell_sums(const struct sw_update *update, const struct sw_field *field)
{
    for (size_t cell = 0; cell < update->sums->cell_limit; cell++)
        sw_sum_add(sw_sum_at(field, update->records + cell * update->stride),
                   update->sums->sums[cell]);
}

static void add_sum(const struct sw_update *update, const struct sw_field *field)
{
    const struct sw_vector *values = update->values;
    bool simple = is_simple(values);
    if (simple && update->sums && sw_cell_sums_of(update->sums, values->narrow)) {
        add_cell_sums(update, field);
        return;
    }
    for (size_t row = update->start; row < update->rows; row++) {
        sw_int128 value = simple ? values->narrow[row] : sw_value(values, row);
        sw_sum_add(sw_sum_at(field, sw_record_of(update, row)), value);
    }
}

static void add_squares(const struct sw_update *update, const struct sw_field *field)
{
    const struct sw_vector *values = update->values;
    bool narrow = !values->wide;
    for (size_t row = update->start; narrow && row < update->rows; row++)
        sw_sum_add(&sw_products_at(field, sw_record_of(update, row))->low,
                   (sw_int128)values->narrow[row] * values->narrow[row]);
    for (size_t row = update->start; !narrow && row < update->rows; row++)
        sw_products_add(sw_products_at(field, sw_record_of(update, row)), values->wide_values[row],
                        values->wide_values[row]);
}

static void add_weighted(const struct sw_update *update, const struct sw_vector *by,
                         const struct sw_field *products, const struct sw_field *weights)
{
    bool simple = is_simple(update->values) && is_simple(by);
    for (size_t row = update->start; simple && row < update->rows; row++) {
        unsigned char *record = sw_record_of(update, row);
        int64_t weight = by->narrow[row];
        sw_sum_add(&sw_products_at(products, record)->low,
                   (sw_int128)update->values->narrow[row] * weight);
        sw_sum_add(sw_sum_at(weights, record), weight);
    }
    for (size_t row = update->start; !simple && row < update->rows; row++) {
        unsigned char *record = sw_record_of(update, row);
        if (sw_is_null(update->values, row) || sw_is_null(by, row)) continue;
        sw_int128 weight = sw_value(by, row);
        sw_products_add(sw_products_at(products, record), sw_value(update->values, row), weight);
        sw_sum_add(sw_sum_at(weights, record), weight);
    }
}

/* Of numbers of 64 bits without nulls. */
static void add_simple_extreme(const struct sw_update *update, const struct sw_field *field)
{
    const int64_t *values = update->values->narrow;
    bool least = field->kind == SW_FIELD_LEAST;
    for (size_t row = update->start; row < update->rows; row++) {
        sw_int128 *held = sw_number_at(field, sw_record_of(update, row));
        if (least ? values[row] < *held : values[row] > *held) *held = values[row];
    }
}

static void add_extreme(const struct sw_update *update, const struct sw_field *field)
{
    const struct sw_vector *values = update->values;
    if (is_simple(values) && !field->texts) {
        add_simple_extreme(update, field);
        return;
    }
    for (size_t row = update->start; row < update->rows; row++)
        if (!sw_is_null(values, row))
            sw_field_offer(field, sw_record_of(update, row),
                           update->ids ? update->ids[row] : sw_value(values, row));
}

/* Whether a row is the last of its group so far; `first`: the first. All three are numbers. */
static bool is_taken(const struct sw_moment *held, bool first, int64_t time_ns, sw_int128 sequence,
                     sw_int128 value)
{
    if (!held->known) return true;
    if (held->time_ns != time_ns) return (time_ns < held->time_ns) == first;
    if (held->sequence != sequence) return (sequence < held->sequence) == first;
    return held->value != value && (value < held->value) == first;
}

/* Of numbers of 64 bits without nulls. */
static void add_simple_moments(const struct sw_update *update, const struct sw_field *field)
{
    const int64_t *values = update->values->narrow, *times = update->times->narrow;
    const int64_t *sequences = update->sequences ? update->sequences->narrow : NULL;
    bool first = field->kind == SW_FIELD_FIRST;
    for (size_t row = update->start; row < update->rows; row++) {
        struct sw_moment *held = sw_moment_at(field, sw_record_of(update, row));
        sw_int128 sequence = sequences ? (sw_int128)sequences[row] : SW_NO_SEQUENCE;
        if (!is_taken(held, first, times[row], sequence, values[row])) continue;
        held->value = values[row];
        held->sequence = sequence;
        held->time_ns = times[row];
        held->known = true;
    }
}

static void add_moments(const struct sw_update *update, const struct sw_field *field)
{
    const struct sw_vector *values = update->values, *sequences = update->sequences;
    if (is_simple(values) && !field->texts && is_simple(update->times) &&
        (!sequences || is_simple(sequences))) {
        add_simple_moments(update, field);
        return;
    }
    for (size_t row = update->start; row < update->rows; row++) {
        if (sw_is_null(values, row) || sw_is_null(update->times, row)) continue;
        struct sw_moment moment = {.time_ns = (int64_t)sw_value(update->times, row),
                                   .sequence = SW_NO_SEQUENCE,
                                   .known = true};
        if (sequences && !sw_is_null(sequences, row)) moment.sequence = sw_value(sequences, row);
        moment.value = update->ids ? update->ids[row] : sw_value(values, row);
        sw_field_offer_moment(field, sw_record_of(update, row), &moment);
    }
}

void sw_update_field(const struct sw_update *update, const struct sw_field *field)
{
    switch (field->kind) {
    case SW_FIELD_COUNT:
        add_count(update, field);
        break;
    case SW_FIELD_SUM:
        add_sum(update, field);
        break;
    case SW_FIELD_PRODUCTS: /* with itself; those of two columns are for add_weighted */
        add_squares(update, field);
        break;
    case SW_FIELD_LEAST:
    case SW_FIELD_MOST:
        add_extreme(update, field);
        break;
    case SW_FIELD_FIRST:
    case SW_FIELD_LAST:
        add_moments(update, field);
        break;
    }
}

/* Rows for which the condition is true. */
static void add_matches(const struct sw_update *update, const struct sw_field *field,
                        const struct sw_condition *condition)
{
    for (size_t i = 0; i < condition->count; i++)
        ++*sw_count_at(field, sw_record_of(update, condition->selected[i]));
}

/* The vector after a handle; true with NULL for the handle -1. */
static bool get(struct sw_view *view, int handle, const struct sw_vector **vector,
                struct sw_error *error)
{
    *vector = handle < 0 ? NULL : sw_view_vector(view, handle, error);
    return handle < 0 || *vector;
}

static bool add_fields(const struct sw_shape *shape, const struct sw_measure *measure,
                       const struct sw_vector *weights, struct sw_update *update,
                       struct sw_error *error)
{
    const struct sw_field *fields = shape->fields;
    if (measure->function == SW_WMEAN || measure->function == SW_VWAP) {
        add_weighted(update, weights, &fields[measure->fields[0]], &fields[measure->fields[1]]);
        return true;
    }
    if (measure->function == SW_RATIO) {
        sw_update_field(update, &fields[measure->fields[2]]);
        sw_update_field(update, &fields[measure->fields[0]]);
        update->values = weights;
        sw_update_field(update, &fields[measure->fields[1]]);
        return true;
    }
    for (size_t i = 0; i < SW_MEASURE_FIELDS && measure->fields[i] >= 0; i++) {
        const struct sw_field *field = &fields[measure->fields[i]];
        uint32_t *ids = NULL;
        bool good = true;
        if (field->texts) {
            ids = sw_alloc(update->rows, sizeof *ids, error);
            good = ids && sw_intern_vector(field->texts, update->values, update->rows, ids, error);
        }
        update->ids = ids;
        if (good) sw_update_field(update, field);
        free(ids);
        if (!good) return false;
    }
    return true;
}

static bool add_slice(const struct sw_shape *shape, struct sw_view *view, struct sw_update *update,
                      struct sw_error *error)
{
    if (!shape->standard) {
        update->values = NULL;
        add_count(update, &shape->fields[0]);
    }
    for (size_t i = shape->listed; i < shape->measure_count; i++) {
        const struct sw_measure *measure = &shape->measures[i];
        const struct sw_vector *weights;
        if (measure->condition) continue;
        if (!get(view, measure->handles[0], &update->values, error) ||
            !get(view, measure->handles[1], &weights, error) ||
            !get(view, shape->time_handle, &update->times, error) ||
            !get(view, shape->sequence_handle, &update->sequences, error) ||
            !add_fields(shape, measure, weights, update, error))
            return false;
    }
    return true;
}

static void add_conditions(const struct sw_shape *shape, const struct sw_update *update)
{
    for (size_t i = shape->listed; i < shape->measure_count; i++) {
        const struct sw_measure *measure = &shape->measures[i];
        if (measure->condition)
            add_matches(update, &shape->fields[measure->fields[0]], measure->condition);
    }
}

bool sw_shape_begin(const struct sw_shape *shape, struct sw_view *view, struct sw_error *error)
{
    for (size_t i = shape->listed; i < shape->measure_count; i++) {
        struct sw_condition *condition = shape->measures[i].condition;
        if (condition && !sw_condition_take(condition, view, error))
            return sw_fail_at(error, shape->measures[i].text);
    }
    return true;
}

/* Rows to add at once. Texts are looked up for whole blocks. */
static size_t slice_of(const struct sw_shape *shape, size_t rows)
{
    for (size_t i = 0; i < shape->field_count; i++)
        if (shape->fields[i].texts) return rows;
    return SLICE;
}

/* Asks for the slice's records together, so that memory is waited for once. */
static void ask_for_records(const struct sw_update *update)
{
    for (size_t row = update->start; row < update->rows; row++)
        __builtin_prefetch(sw_record_of(update, row), 1);
}

static bool add_slices(const struct sw_shape *shape, struct sw_view *view, struct sw_update *update,
                       size_t slice, bool far, struct sw_error *error)
{
    for (size_t start = 0; start < view->rows; start += slice) {
        update->start = start;
        update->rows = view->rows - start < slice ? view->rows : start + slice;
        if (far) ask_for_records(update);
        if (!add_slice(shape, view, update, error)) return false;
    }
    return true;
}

bool sw_shape_add(const struct sw_shape *shape, struct sw_view *view, const uint32_t *cells,
                  size_t cell_limit, unsigned char *records, struct sw_error *error)
{
    struct sw_update update = {.cells = cells, .records = records, .stride = shape->record_size};
    bool far = cell_limit * shape->record_size > NEAR_BYTES;
    if (shape->standard && shape->measure_count == shape->listed) return true;
    add_conditions(shape, &update);
    if (far || !sw_cell_sums_pay(view->rows, cell_limit))
        return add_slices(shape, view, &update, slice_of(shape, view->rows), far, error);
    struct sw_cell_sums sums;
    update.sums = &sums;
    bool good = sw_cell_sums_begin(&sums, cells, cell_limit, view->rows, error) &&
                add_slices(shape, view, &update, view->rows, far, error);
    sw_cell_sums_free(&sums);
    return good;
}
