/* SPDX-License-Identifier: ISC */
#include "group/standard_measures.h"

#include <stdlib.h>

#include "base/memory.h"
#include "group/accumulate.h"
#include "kernels/narrow.h"

/* The fields of a record, in their order. */
enum {
    ROWS,
    FULL,
    PARTIAL,
    UNFILLED,
    QUANTITY_COUNT,
    QUANTITY_SUM,
    QUANTITY_SQUARES,
    MATCHED_COUNT,
    MATCHED_SUM,
    RATIO_COUNT,
    RATIO_SUM,
    VALUE_COUNT,
    VALUE_SUM,
    PRICE_COUNT,
    PRICE_SUM,
    PRICE_LEAST,
    PRICE_MOST,
    TIME_COUNT,
    TIME_LEAST,
    TIME_MOST,
    FIELDS,
};

static const struct {
    const char *name;
    enum sw_field_kind kind;
    int column; /* enum sw_standard_column; -1: none */
} fields[FIELDS] = {
    [ROWS] = {"rows", SW_FIELD_COUNT, -1},
    [FULL] = {"full_fills", SW_FIELD_COUNT, -1},
    [PARTIAL] = {"partial_fills", SW_FIELD_COUNT, -1},
    [UNFILLED] = {"unfilled", SW_FIELD_COUNT, -1},
    [QUANTITY_COUNT] = {"quantity_count", SW_FIELD_COUNT, SW_QUANTITY},
    [QUANTITY_SUM] = {"quantity_sum", SW_FIELD_SUM, SW_QUANTITY},
    [QUANTITY_SQUARES] = {"quantity_squares", SW_FIELD_PRODUCTS, SW_QUANTITY},
    [MATCHED_COUNT] = {"matched_count", SW_FIELD_COUNT, SW_MATCHED},
    [MATCHED_SUM] = {"matched_sum", SW_FIELD_SUM, SW_MATCHED},
    [RATIO_COUNT] = {"fill_ratio_count", SW_FIELD_COUNT, SW_RATIO_OF_ROW},
    [RATIO_SUM] = {"fill_ratio_sum", SW_FIELD_SUM, SW_RATIO_OF_ROW},
    [VALUE_COUNT] = {"value_count", SW_FIELD_COUNT, SW_VALUE},
    [VALUE_SUM] = {"value_sum", SW_FIELD_SUM, SW_VALUE},
    [PRICE_COUNT] = {"price_count", SW_FIELD_COUNT, SW_PRICE},
    [PRICE_SUM] = {"price_sum", SW_FIELD_SUM, SW_PRICE},
    [PRICE_LEAST] = {"price_min", SW_FIELD_LEAST, SW_PRICE},
    [PRICE_MOST] = {"price_max", SW_FIELD_MOST, SW_PRICE},
    [TIME_COUNT] = {"time_count", SW_FIELD_COUNT, SW_TIME_OF_ROW},
    [TIME_LEAST] = {"first_timestamp", SW_FIELD_LEAST, SW_TIME_OF_ROW},
    [TIME_MOST] = {"last_timestamp", SW_FIELD_MOST, SW_TIME_OF_ROW},
};

static const struct {
    const char *name;
    enum sw_function function;
    int fields[SW_MEASURE_FIELDS];
    const char *distinct; /* the column counted */
} measures[] = {
    {"rows", SW_COUNT, {ROWS, -1, -1}, NULL},
    {"filled", SW_TOTAL, {FULL, PARTIAL, -1}, NULL},
    {"full_fills", SW_COUNT, {FULL, -1, -1}, NULL},
    {"partial_fills", SW_COUNT, {PARTIAL, -1, -1}, NULL},
    {"unfilled", SW_COUNT, {UNFILLED, -1, -1}, NULL},
    {"quantity_sum", SW_SUM, {QUANTITY_COUNT, QUANTITY_SUM, -1}, NULL},
    {"quantity_mean", SW_MEAN, {QUANTITY_COUNT, QUANTITY_SUM, -1}, NULL},
    {"quantity_std", SW_STD, {QUANTITY_COUNT, QUANTITY_SUM, QUANTITY_SQUARES}, NULL},
    {"matched_sum", SW_SUM, {MATCHED_COUNT, MATCHED_SUM, -1}, NULL},
    {"fill_ratio", SW_RATIO, {MATCHED_SUM, QUANTITY_SUM, MATCHED_COUNT}, NULL},
    {"fill_ratio_mean", SW_MEAN, {RATIO_COUNT, RATIO_SUM, -1}, NULL},
    {"value_sum", SW_SUM, {VALUE_COUNT, VALUE_SUM, -1}, NULL},
    {"price_mean", SW_MEAN, {PRICE_COUNT, PRICE_SUM, -1}, NULL},
    {"price_min", SW_MIN, {PRICE_COUNT, PRICE_LEAST, -1}, NULL},
    {"price_max", SW_MAX, {PRICE_COUNT, PRICE_MOST, -1}, NULL},
    {"participants", SW_DISTINCT, {-1, -1, -1}, "participantid"},
    {"securities", SW_DISTINCT, {-1, -1, -1}, "security_code"},
    {"dates", SW_DISTINCT, {-1, -1, -1}, "date"},
    {"first_timestamp", SW_MIN, {TIME_COUNT, TIME_LEAST, -1}, NULL},
    {"last_timestamp", SW_MAX, {TIME_COUNT, TIME_MOST, -1}, NULL},
};

enum { MEASURES = sizeof measures / sizeof *measures };

/* How a row was filled. */
enum { FILL_UNKNOWN, FILL_NONE, FILL_FULL, FILL_PARTIAL, FILLS };

/* How a row was filled is one number, so that adding them counts: a block has fewer than 2^21 rows.
 */
enum { FILL_BITS = 21 };
static const int64_t fill_numbers[FILLS] = {[FILL_UNKNOWN] = 0,
                                            [FILL_NONE] = 1,
                                            [FILL_FULL] = INT64_C(1) << FILL_BITS,
                                            [FILL_PARTIAL] = INT64_C(1) << 2 * FILL_BITS};

/* Below the first in size 64 bits hold the sum of a block; below the other they hold a square. */
static const uint64_t lane_limit = UINT64_C(1) << 46, square_limit = UINT64_C(1) << 31;

/* Below it the squares of a block have a 64-bit sum. */
static const uint64_t small_limit = UINT64_C(1) << 23;

bool sw_shape_standard(struct sw_shape *shape, struct sw_dimensions *dimensions,
                       struct sw_error *error)
{
    *shape = (struct sw_shape){.standard = true, .time_handle = -1, .sequence_handle = -1};
    for (size_t i = 0; i < FIELDS; i++)
        if (sw_shape_field(shape, "standard", fields[i].name, fields[i].kind, error) < 0)
            return false;
    for (size_t i = 0; i < MEASURES; i++) {
        const char *name = measures[i].name, *distinct = measures[i].distinct;
        struct sw_measure *measure =
            sw_shape_measure(shape, name, strlen(name), measures[i].function, error);
        if (!measure) return false;
        memcpy(measure->fields, measures[i].fields, sizeof measure->fields);
        if (!distinct) continue;
        measure->member = sw_shape_member(shape, "standard", name, dimensions, distinct, error);
        if (measure->member < 0) return false;
    }
    shape->record_size = (shape->record_size + 15) / 16 * 16;
    shape->listed = shape->measure_count;
    shape->listed_members = shape->member_count;
    return true;
}

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

static bool bind_columns(struct sw_standard *standard, struct sw_view *view, struct sw_error *error)
{
    const struct sw_schema *schema = view->supplier.schema;
    if (schema->time_column < 0)
        return sw_fail(error, SW_DATA, "standard measures: no time column in table '%s'",
                       schema->table);
    standard->fill_handle = sw_view_column(view, "fill", SW_DATA, error);
    if (standard->fill_handle < 0) return sw_fail_at(error, "standard measures");
    if (sw_view_type(view, standard->fill_handle) != SW_TEXT)
        return sw_fail(error, SW_DATA, "standard measures: column 'fill' is not text");
    return bind_column(standard, SW_QUANTITY, "order_quantity", view, error) &&
           bind_column(standard, SW_MATCHED, "totalmatchedquantity", view, error) &&
           bind_column(standard, SW_RATIO_OF_ROW, "fill_ratio", view, error) &&
           bind_column(standard, SW_VALUE, "value", view, error) &&
           bind_column(standard, SW_PRICE, "price", view, error) &&
           bind_column(standard, SW_TIME_OF_ROW, schema->columns[schema->time_column].name, view,
                       error);
}

static bool allocate(struct sw_standard *standard, struct sw_error *error)
{
    const size_t rows = SW_BLOCK_ROWS_MAXIMUM;
    for (size_t i = 0; i < SW_TARGETS_MAXIMUM; i++)
        if (!sw_lanes_init(&standard->lanes[i], error)) return false;
    standard->fills = sw_alloc(rows, sizeof *standard->fills, error);
    standard->lane_nulls =
        sw_alloc(rows * SW_STANDARD_COLUMNS, sizeof *standard->lane_nulls, error);
    return standard->fills && standard->lane_nulls;
}

bool sw_standard_bind(struct sw_standard *standard, struct sw_shape *shape, struct sw_view *view,
                      struct sw_error *error)
{
    *standard = (struct sw_standard){0};
    if (!bind_columns(standard, view, error) || !allocate(standard, error)) return false;
    standard->multiplied = sw_view_stored(view, standard->handles[SW_VALUE]) < 0;
    for (size_t i = 0; i < FIELDS; i++) {
        if (fields[i].column < 0) continue;
        int handle = standard->handles[fields[i].column];
        if (!sw_field_type(&shape->fields[i], sw_view_type(view, handle),
                           sw_view_scale(view, handle), error))
            return false;
    }
    sw_shape_settle(shape);
    return true;
}

void sw_standard_free(struct sw_standard *standard)
{
    free(standard->fills);
    free(standard->lane_nulls);
    for (size_t i = 0; i < SW_TARGETS_MAXIMUM; i++) sw_lanes_free(&standard->lanes[i]);
    for (size_t i = 0; i < 4; i++) free(standard->spare[i]);
    *standard = (struct sw_standard){0};
}

/* ---- a block ---- */

static uint8_t fill_named(struct sw_text text)
{
    static const char *const names[FILLS] = {[FILL_UNKNOWN] = "",
                                             [FILL_NONE] = "none",
                                             [FILL_FULL] = "full",
                                             [FILL_PARTIAL] = "partial"};
    for (uint8_t i = FILL_NONE; i < FILLS; i++)
        if (strlen(names[i]) == text.length && memcmp(names[i], text.bytes, text.length) == 0)
            return i;
    return FILL_UNKNOWN;
}

static bool read_fills(struct sw_standard *standard, const struct sw_vector *vector,
                       struct sw_error *error)
{
    int64_t *of_code = sw_alloc(vector->dictionary_size, sizeof *of_code, error);
    if (!of_code) return false;
    standard->fills_known = !vector->nulls;
    for (size_t i = 0; i < vector->dictionary_size; i++) {
        uint8_t fill = fill_named(vector->dictionary[i]);
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
    if (!*spare) *spare = sw_alloc(SW_BLOCK_ROWS_MAXIMUM, sizeof **spare, error);
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
        standard->vectors[i] = sw_view_vector(view, standard->handles[i], error);
        if (!standard->vectors[i]) return false;
        standard->nulls = standard->nulls || standard->vectors[i]->nulls;
    }
    const struct sw_vector *fill = sw_view_vector(view, standard->fill_handle, error);
    if (!fill || !read_fills(standard, fill, error)) return false;
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
    uint64_t rows, fills[FILLS];
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
    struct totals totals = {.fills = {[FILL_NONE] = fills & mask,
                                      [FILL_FULL] = fills >> FILL_BITS & mask,
                                      [FILL_PARTIAL] = fills >> 2 * FILL_BITS},
                            .value = sums[SW_LANE_VALUE],
                            .squares = sums[SW_LANE_SQUARES]};
    totals.rows =
        compact ? totals.fills[FILL_NONE] + totals.fills[FILL_FULL] + totals.fills[FILL_PARTIAL]
                : (uint64_t)sums[SW_LANE_ROWS];
    totals.ratio = join_halves(lane, SW_LANE_RATIO_LOW, SW_LANE_RATIO_HIGH, totals.rows);
    if (compact) return totals;
    totals.value = join_halves(lane, SW_LANE_VALUE_LOW, SW_LANE_VALUE_HIGH, totals.rows);
    totals.squares += (sw_int128)sums[SW_LANE_SQUARES_HIGH] << 32;
    return totals;
}

/* Adds to a count field what rows there are less the nulls of its column. */
static void spill_counts(const struct sw_shape *shape, const struct totals *totals,
                         const uint32_t *nulls, unsigned char *record)
{
    const struct sw_field *field = shape->fields;
    *sw_count_at(&field[ROWS], record) += totals->rows;
    *sw_count_at(&field[UNFILLED], record) += totals->fills[FILL_NONE];
    *sw_count_at(&field[FULL], record) += totals->fills[FILL_FULL];
    *sw_count_at(&field[PARTIAL], record) += totals->fills[FILL_PARTIAL];
    for (size_t i = QUANTITY_COUNT; i < FIELDS; i++)
        if (fields[i].kind == SW_FIELD_COUNT)
            *sw_count_at(&field[i], record) += totals->rows - (nulls ? nulls[fields[i].column] : 0);
}

static void spill_extremes(const struct sw_field *field, const struct sw_lane *lane,
                           unsigned char *record)
{
    int64_t price_least = lane->least[SW_LANE_PRICE_LEAST],
            time_least = lane->least[SW_LANE_TIME_LEAST];
    int64_t price_most = ~lane->least[SW_LANE_PRICE_MOST],
            time_most = ~lane->least[SW_LANE_TIME_MOST];
    if (price_least <= price_most) {
        sw_field_offer(&field[PRICE_LEAST], record, price_least);
        sw_field_offer(&field[PRICE_MOST], record, price_most);
    }
    if (time_least <= time_most) {
        sw_field_offer(&field[TIME_LEAST], record, time_least);
        sw_field_offer(&field[TIME_MOST], record, time_most);
    }
}

static void spill(const struct sw_shape *shape, const struct sw_lane *lane,
                  const struct totals *totals, const uint32_t *nulls, unsigned char *record)
{
    const struct sw_field *field = shape->fields;
    const int64_t *sums = lane->sums;
    spill_counts(shape, totals, nulls, record);
    spill_extremes(field, lane, record);
    sw_sum_add(&sw_products_at(&field[QUANTITY_SQUARES], record)->low, totals->squares);
    sw_sum_add(sw_sum_at(&field[QUANTITY_SUM], record), sums[SW_LANE_QUANTITY]);
    sw_sum_add(sw_sum_at(&field[MATCHED_SUM], record), sums[SW_LANE_MATCHED]);
    sw_sum_add(sw_sum_at(&field[RATIO_SUM], record), totals->ratio);
    sw_sum_add(sw_sum_at(&field[VALUE_SUM], record), totals->value);
    sw_sum_add(sw_sum_at(&field[PRICE_SUM], record), sums[SW_LANE_PRICE]);
}

static void spill_lanes(const struct sw_standard *standard, struct sw_lanes *lanes,
                        const struct sw_shape *shape, const struct sw_target *target)
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
        spill(shape, &lanes->lanes[i], &totals, nulls,
              target->records + cell * shape->record_size);
    }
    sw_lanes_reset(lanes, used);
}

static bool add_simple(struct sw_standard *standard, const struct sw_shape *shape,
                       const struct sw_target *targets, size_t count, struct sw_error *error)
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
                     const struct sw_target *target)
{
    static const int of_fill[FILLS] = {
        [FILL_UNKNOWN] = -1, [FILL_NONE] = UNFILLED, [FILL_FULL] = FULL, [FILL_PARTIAL] = PARTIAL};
    struct sw_update update = {.cells = target->cells,
                               .records = target->records,
                               .stride = shape->record_size,
                               .rows = standard->rows};
    for (int fill = FILL_NONE; fill < FILLS; fill++)
        for (size_t row = 0; row < standard->rows; row++)
            *sw_count_at(&shape->fields[of_fill[fill]], sw_record_of(&update, row)) +=
                standard->fills[row] == fill_numbers[fill];
    for (size_t i = 0; i < FIELDS; i++) {
        if (i == FULL || i == PARTIAL || i == UNFILLED) continue;
        update.values = fields[i].column < 0 ? NULL : standard->vectors[fields[i].column];
        sw_update_field(&update, &shape->fields[i]);
    }
}

bool sw_standard_add(struct sw_standard *standard, const struct sw_shape *shape,
                     const struct sw_target *targets, size_t count, struct sw_error *error)
{
    if (standard->simple) return add_simple(standard, shape, targets, count, error);
    for (size_t i = 0; i < count; i++) add_wide(standard, shape, &targets[i]);
    return true;
}
