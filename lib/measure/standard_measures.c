/* SPDX-License-Identifier: ISC */
#include "measure/standard_measures.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "measure/accumulate.h"
#include "kernels/amounts.h"
#include "kernels/narrow.h"
#include "view/order_quantity.h"

/* How a row was filled, SW_AMOUNT_… or neither, is one number, so that adding them counts: a block
 * has fewer than 2^21 rows. */
enum { FILL_UNKNOWN = SW_FILLS, FILLS };
enum { FILL_BITS = 21 };
static const int64_t fill_numbers[FILLS] = {[FILL_UNKNOWN] = 0,
                                            [SW_AMOUNT_NONE] = 1,
                                            [SW_AMOUNT_FULL] = INT64_C(1) << FILL_BITS,
                                            [SW_AMOUNT_PARTIAL] = INT64_C(1) << 2 * FILL_BITS};

/* Below the first in size 64 bits hold the sum of a block; below the other they hold a square. */
static const uint64_t lane_limit = UINT64_C(1) << 46, square_limit = UINT64_C(1) << 31;

/* Below it the squares of a block have a 64-bit sum. */
static const uint64_t small_limit = UINT64_C(1) << 23;

/* ---- binding ---- */

static bool bind_column(struct sw_standard *standard, enum sw_standard_column which,
                        const char *name, struct sw_view *view, struct sw_error *error)
{
    int handle = sw_view_column(view, name, SW_DATA, error);
    if (handle < 0) return sw_fail_at(error, "standard measures");
    enum sw_type type = sw_view_type(view, handle);
    bool good = which == SW_TIME_OF_ROW ? type == SW_TIME : type <= SW_DECIMAL;
    standard->handles[which] = handle;
    return good || sw_fail(error, SW_DATA, "standard measures: column '%s' is of type %s", name,
                           sw_type_name(type));
}

static bool bind_fill(struct sw_standard *standard, struct sw_view *view, struct sw_error *error)
{
    standard->fill_handle = sw_view_column(view, "fill", SW_DATA, error);
    if (standard->fill_handle < 0) return sw_fail_at(error, "standard measures");
    return sw_view_type(view, standard->fill_handle) == SW_TEXT ||
           sw_fail(error, SW_DATA, "standard measures: column 'fill' is not text");
}

static bool bind_columns(struct sw_standard *standard, struct sw_view *view, struct sw_error *error)
{
    const struct sw_schema *schema = view->supplier.schema;
    for (size_t i = 0; i < SW_STANDARD_COLUMNS; i++) standard->handles[i] = -1;
    standard->fill_handle = -1;
    if (standard->at[SW_STANDARD_FULL] >= 0 && !bind_fill(standard, view, error)) return false;
    for (size_t i = 0; i < SW_STANDARD_FIELDS; i++) {
        int column = sw_standard_fields[i].column;
        if (column < 0 || standard->at[i] < 0 || standard->handles[column] >= 0) continue;
        const char *name = column == SW_TIME_OF_ROW ? schema->columns[schema->time_column].name
                                                    : sw_standard_columns[column];
        if (!bind_column(standard, (enum sw_standard_column)column, name, view, error))
            return false;
    }
    return true;
}

/* The shape's fields are called as they are here, in the same order, some being left out. */
static void find_fields(struct sw_standard *standard, const struct sw_shape *shape)
{
    size_t next = 1;
    standard->at[SW_STANDARD_ROWS] = 0;
    for (size_t i = SW_STANDARD_ROWS + 1; i < SW_STANDARD_FIELDS; i++) {
        bool there =
            next < shape->field_count &&
            strcmp(shape->fields[next].name + strlen("standard/"), sw_standard_fields[i].name) == 0;
        standard->at[i] = there ? (int)next++ : -1;
    }
}

static bool allocate(struct sw_standard *standard, struct sw_error *error)
{
    const size_t rows = SW_BLOCK_ROWS_MAXIMUM;
    for (size_t i = 0; i < SW_TARGETS_MAXIMUM; i++)
        if (!sw_lanes_init(&standard->lanes[i], error)) return false;
    standard->fills = sw_alloc_unset(rows, sizeof *standard->fills, error);
    standard->absent.narrow = sw_alloc(rows, sizeof *standard->absent.narrow, error);
    standard->lane_nulls =
        sw_alloc_unset(rows * SW_STANDARD_COLUMNS, sizeof *standard->lane_nulls, error);
    return standard->fills && standard->absent.narrow && standard->lane_nulls;
}

bool sw_standard_bind(struct sw_standard *standard, struct sw_shape *shape, struct sw_view *view,
                      struct sw_error *error)
{
    *standard = (struct sw_standard){0};
    find_fields(standard, shape);
    if (!bind_columns(standard, view, error) || !allocate(standard, error)) return false;
    int value = standard->handles[SW_VALUE];
    standard->multiplied = value < 0 || sw_view_stored(view, value) < 0;
    for (size_t i = 0; i < SW_STANDARD_FIELDS; i++) {
        if (sw_standard_fields[i].column < 0 || standard->at[i] < 0) continue;
        int handle = standard->handles[sw_standard_fields[i].column];
        if (!sw_field_type(&shape->fields[standard->at[i]], sw_view_type(view, handle),
                           sw_view_scale(view, handle), error))
            return false;
    }
    return sw_shape_settle(shape, error);
}

void sw_standard_free(struct sw_standard *standard)
{
    free(standard->fills);
    free(standard->absent.narrow);
    free(standard->lane_nulls);
    for (size_t i = 0; i < SW_TARGETS_MAXIMUM; i++) sw_lanes_free(&standard->lanes[i]);
    for (size_t i = 0; i < 4; i++) free(standard->spare[i]);
    *standard = (struct sw_standard){0};
}

/* ---- a block ---- */

/* Where nothing is known of fills all rows are of one, which nobody reads. */
static void same_fills(struct sw_standard *standard)
{
    standard->fills_known = true;
    for (size_t row = 0; row < standard->rows; row++)
        standard->fills[row] = fill_numbers[SW_AMOUNT_NONE];
}

static bool read_fills(struct sw_standard *standard, const struct sw_vector *vector,
                       struct sw_error *error)
{
    int64_t *of_code = sw_alloc(vector->dictionary_size, sizeof *of_code, error);
    if (!of_code) return false;
    standard->fills_known = !vector->nulls;
    for (size_t i = 0; i < vector->dictionary_size; i++) {
        const int fill = sw_fill_find(vector->dictionary[i]);
        of_code[i] = fill_numbers[fill];
        standard->fills_known = standard->fills_known && fill != FILL_UNKNOWN;
    }
    for (size_t row = 0; row < standard->rows; row++)
        standard->fills[row] = of_code[vector->codes[row]];
    for (size_t row = 0; vector->nulls && row < standard->rows; row++)
        if (sw_is_null(vector, row)) standard->fills[row] = fill_numbers[FILL_UNKNOWN];
    free(of_code);
    return true;
}

/* How far from 0 the farthest value is. */
static uint64_t size_of(const struct sw_vector *vector, size_t rows)
{
    int64_t least, most;
    sw_narrow_bounds(vector->narrow, rows, &least, &most);
    uint64_t below = least < 0 ? 0 - (uint64_t)least : 0, above = most > 0 ? (uint64_t)most : 0;
    return below > above ? below : above;
}

static void look_at_sizes(struct sw_standard *standard)
{
    const struct sw_vector *const *vectors = standard->vectors;
    size_t rows = standard->rows;
    standard->simple = false;
    if (rows < SW_LANE_ROWS_LEAST) return;
    for (size_t i = 0; i < SW_STANDARD_COLUMNS; i++)
        if (vectors[i]->wide) return;
    standard->sizes[SW_QUANTITY] = size_of(vectors[SW_QUANTITY], rows);
    standard->sizes[SW_MATCHED] = size_of(vectors[SW_MATCHED], rows);
    standard->sizes[SW_PRICE] = size_of(vectors[SW_PRICE], rows);
    standard->simple = standard->sizes[SW_QUANTITY] < square_limit &&
                       standard->sizes[SW_MATCHED] < lane_limit &&
                       standard->sizes[SW_PRICE] < lane_limit;
}

/* Whether the values fit compact lanes, by their factors where that is enough to know. */
static bool values_fit(const struct sw_standard *standard)
{
    sw_uint128 most = (sw_uint128)standard->sizes[SW_PRICE] * standard->sizes[SW_QUANTITY];
    if (standard->multiplied && most < lane_limit) return true;
    return size_of(standard->vectors[SW_VALUE], standard->rows) < lane_limit;
}

/* The values, with `filler` where they are null. */
static const int64_t *fill_nulls(const struct sw_vector *vector, size_t rows, int64_t filler,
                                 int64_t **spare, struct sw_error *error)
{
    if (!vector->nulls) return vector->narrow;
    if (!*spare) *spare = sw_alloc_unset(SW_BLOCK_ROWS_MAXIMUM, sizeof **spare, error);
    if (!*spare) return NULL;
    for (size_t row = 0; row < rows; row++)
        (*spare)[row] = sw_is_null(vector, row) ? filler : vector->narrow[row];
    return *spare;
}

static bool set_columns(struct sw_standard *standard, struct sw_error *error)
{
    const struct sw_vector *const *vectors = standard->vectors;
    const struct sw_vector *price = vectors[SW_PRICE], *time = vectors[SW_TIME_OF_ROW];
    size_t rows = standard->rows;
    int64_t **spare = standard->spare;
    standard->columns = (struct sw_lane_columns){
        .rows = rows,
        .compact = standard->fills_known && standard->sizes[SW_QUANTITY] < small_limit &&
                   values_fit(standard),
        .fills = standard->fills,
        .quantity = vectors[SW_QUANTITY]->narrow,
        .matched = vectors[SW_MATCHED]->narrow,
        .price = price->narrow,
        .ratio = vectors[SW_RATIO_OF_ROW]->narrow,
        .value = vectors[SW_VALUE]->narrow,
        .price_least = fill_nulls(price, rows, INT64_MAX, &spare[0], error),
        .price_most = fill_nulls(price, rows, INT64_MIN, &spare[1], error),
        .time_least = fill_nulls(time, rows, INT64_MAX, &spare[2], error),
        .time_most = fill_nulls(time, rows, INT64_MIN, &spare[3], error),
    };
    return standard->columns.price_least && standard->columns.price_most &&
           standard->columns.time_least && standard->columns.time_most;
}

bool sw_standard_begin(struct sw_standard *standard, struct sw_view *view, struct sw_error *error)
{
    standard->rows = view->rows;
    standard->nulls = false;
    for (size_t i = 0; i < SW_STANDARD_COLUMNS; i++) {
        int handle = standard->handles[i];
        standard->vectors[i] = handle < 0 ? &standard->absent : sw_view_vector(view, handle, error);
        if (!standard->vectors[i]) return false;
        standard->nulls = standard->nulls || standard->vectors[i]->nulls;
    }
    if (standard->fill_handle < 0) {
        same_fills(standard);
    } else {
        const struct sw_vector *fill = sw_view_vector(view, standard->fill_handle, error);
        if (!fill || !read_fills(standard, fill, error)) return false;
    }
    look_at_sizes(standard);
    return !standard->simple || set_columns(standard, error);
}

/* ---- lanes ---- */

static void count_nulls(const struct sw_standard *standard, const struct sw_lanes *lanes)
{
    memset(standard->lane_nulls, 0,
           lanes->count * SW_STANDARD_COLUMNS * sizeof *standard->lane_nulls);
    for (size_t i = 0; i < SW_STANDARD_COLUMNS; i++)
        for (size_t row = 0; standard->vectors[i]->nulls && row < standard->rows; row++)
            standard->lane_nulls[sw_lane_of_row(lanes, row) * SW_STANDARD_COLUMNS + i] +=
                sw_is_null(standard->vectors[i], row);
}

/* What a lane has come to. */
struct totals {
    uint64_t rows, fills[SW_FILLS];
    sw_int128 ratio, value, squares;
};

/* The sum whose halves, each moved by 2^63, are these. */
static sw_int128 join_halves(const struct sw_lane *lane, int low, int high, uint64_t rows)
{
    return (sw_int128)lane->sums[high] * ((sw_int128)1 << 32) + lane->sums[low] -
           (sw_int128)rows * ((sw_int128)1 << 63);
}

static struct totals total(const struct sw_lane *lane, bool compact)
{
    const int64_t *sums = lane->sums;
    const uint64_t fills = (uint64_t)sums[SW_LANE_FILLS], mask = (UINT64_C(1) << FILL_BITS) - 1;
    struct totals totals = {.fills = {[SW_AMOUNT_NONE] = fills & mask,
                                      [SW_AMOUNT_FULL] = fills >> FILL_BITS & mask,
                                      [SW_AMOUNT_PARTIAL] = fills >> 2 * FILL_BITS},
                            .value = sums[SW_LANE_VALUE],
                            .squares = sums[SW_LANE_SQUARES]};
    totals.rows = compact ? totals.fills[SW_AMOUNT_NONE] + totals.fills[SW_AMOUNT_FULL] +
                                totals.fills[SW_AMOUNT_PARTIAL]
                          : (uint64_t)sums[SW_LANE_ROWS];
    totals.ratio = join_halves(lane, SW_LANE_RATIO_LOW, SW_LANE_RATIO_HIGH, totals.rows);
    if (compact) return totals;
    totals.value = join_halves(lane, SW_LANE_VALUE_LOW, SW_LANE_VALUE_HIGH, totals.rows);
    totals.squares += (sw_int128)sums[SW_LANE_SQUARES_HIGH] << 32;
    return totals;
}

/* A record, some of whose fields may not be there. */
struct spilling {
    const struct sw_standard *standard;
    const struct sw_field *fields; /* the shape's */
    unsigned char *record;
};

/* The field, or NULL. */
static const struct sw_field *field_at(const struct spilling *to, int which)
{
    int at = to->standard->at[which];
    return at < 0 ? NULL : &to->fields[at];
}

static void spill_count(const struct spilling *to, int which, uint64_t more)
{
    const struct sw_field *field = field_at(to, which);
    if (field) *sw_count_at(field, to->record) += more;
}

static void spill_sum(const struct spilling *to, int which, sw_int128 more)
{
    const struct sw_field *field = field_at(to, which);
    if (field) sw_sum_add(sw_sum_at(field, to->record), more);
}

/* Adds to a count field what rows there are less the nulls of its column. */
static void spill_counts(const struct spilling *to, const struct totals *totals,
                         const uint32_t *nulls)
{
    spill_count(to, SW_STANDARD_ROWS, totals->rows);
    spill_count(to, SW_STANDARD_UNFILLED, totals->fills[SW_AMOUNT_NONE]);
    spill_count(to, SW_STANDARD_FULL, totals->fills[SW_AMOUNT_FULL]);
    spill_count(to, SW_STANDARD_PARTIAL, totals->fills[SW_AMOUNT_PARTIAL]);
    for (int i = SW_STANDARD_QUANTITY_COUNT; i < SW_STANDARD_FIELDS; i++)
        if (sw_standard_fields[i].kind == SW_FIELD_COUNT)
            spill_count(to, i, totals->rows - (nulls ? nulls[sw_standard_fields[i].column] : 0));
}

static void spill_extremes(const struct spilling *to, int least_field, int most_field,
                           int64_t least, int64_t most)
{
    const struct sw_field *field = field_at(to, least_field);
    if (!field || least > most) return;
    sw_field_offer(field, to->record, least);
    sw_field_offer(field_at(to, most_field), to->record, most);
}

static void spill(const struct spilling *to, const struct sw_lane *lane,
                  const struct totals *totals, const uint32_t *nulls)
{
    const struct sw_field *squares = field_at(to, SW_STANDARD_QUANTITY_SQUARES);
    const int64_t *sums = lane->sums, *least = lane->least;
    spill_counts(to, totals, nulls);
    spill_extremes(to, SW_STANDARD_PRICE_LEAST, SW_STANDARD_PRICE_MOST, least[SW_LANE_PRICE_LEAST],
                   ~least[SW_LANE_PRICE_MOST]);
    spill_extremes(to, SW_STANDARD_TIME_LEAST, SW_STANDARD_TIME_MOST, least[SW_LANE_TIME_LEAST],
                   ~least[SW_LANE_TIME_MOST]);
    if (squares) sw_sum_add(&sw_products_at(squares, to->record)->low, totals->squares);
    spill_sum(to, SW_STANDARD_QUANTITY_SUM, sums[SW_LANE_QUANTITY]);
    spill_sum(to, SW_STANDARD_MATCHED_SUM, sums[SW_LANE_MATCHED]);
    spill_sum(to, SW_STANDARD_RATIO_SUM, totals->ratio);
    spill_sum(to, SW_STANDARD_VALUE_SUM, totals->value);
    spill_sum(to, SW_STANDARD_PRICE_SUM, sums[SW_LANE_PRICE]);
}

static void spill_lanes(const struct sw_standard *standard, struct sw_lanes *lanes,
                        const struct sw_shape *shape, const struct sw_standard_target *target)
{
    size_t used = 0;
    if (standard->nulls) count_nulls(standard, lanes);
    for (size_t i = 0; i < lanes->count; i++) {
        uint32_t cell = sw_lane_cell(lanes, i);
        struct totals totals = total(&lanes->lanes[i], standard->columns.compact);
        const uint32_t *nulls =
            standard->nulls ? &standard->lane_nulls[i * SW_STANDARD_COLUMNS] : NULL;
        if (totals.rows == 0) continue;
        used++;
        const struct spilling to = {standard, shape->fields,
                                    target->records + cell * shape->record_size};
        spill(&to, &lanes->lanes[i], &totals, nulls);
        sw_lane_empty(&lanes->lanes[i]);
    }
    sw_lanes_reset(lanes, used);
}

static bool add_simple(struct sw_standard *standard, const struct sw_shape *shape,
                       const struct sw_standard_target *targets, size_t count,
                       struct sw_error *error)
{
    for (size_t i = 0; i < count; i++)
        if (!sw_lanes_assign(&standard->lanes[i], targets[i].cells, targets[i].cell_limit,
                             standard->rows, error))
            return false;
    sw_lanes_fill(standard->lanes, count, &standard->columns);
    for (size_t i = 0; i < count; i++)
        spill_lanes(standard, &standard->lanes[i], shape, &targets[i]);
    return true;
}

/* ---- the slow way, for values that lanes do not hold ---- */

static void add_wide(const struct sw_standard *standard, const struct sw_shape *shape,
                     const struct sw_standard_target *target)
{
    static const int of_fill[SW_FILLS] = {[SW_AMOUNT_NONE] = SW_STANDARD_UNFILLED,
                                          [SW_AMOUNT_FULL] = SW_STANDARD_FULL,
                                          [SW_AMOUNT_PARTIAL] = SW_STANDARD_PARTIAL};
    struct sw_update update = {.cells = target->cells,
                               .records = target->records,
                               .stride = shape->record_size,
                               .rows = standard->rows};
    for (int fill = 0; standard->fill_handle >= 0 && fill < SW_FILLS; fill++)
        for (size_t row = 0; row < standard->rows; row++)
            *sw_count_at(&shape->fields[standard->at[of_fill[fill]]], sw_record_of(&update, row)) +=
                standard->fills[row] == fill_numbers[fill];
    for (size_t i = 0; i < SW_STANDARD_FIELDS; i++) {
        if (standard->at[i] < 0 || i == SW_STANDARD_FULL || i == SW_STANDARD_PARTIAL ||
            i == SW_STANDARD_UNFILLED)
            continue;
        update.values = sw_standard_fields[i].column < 0
                            ? NULL
                            : standard->vectors[sw_standard_fields[i].column];
        sw_update_field(&update, &shape->fields[standard->at[i]]);
    }
}

bool sw_standard_add(struct sw_standard *standard, const struct sw_shape *shape,
                     const struct sw_standard_target *targets, size_t count, struct sw_error *error)
{
    if (standard->simple) return add_simple(standard, shape, targets, count, error);
    for (size_t i = 0; i < count; i++) add_wide(standard, shape, &targets[i]);
    return true;
}
