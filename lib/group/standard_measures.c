/* SPDX-License-Identifier: ISC */
#include "group/standard_measures.h"

#include <stdio.h>
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
_Static_assert((int)FIELDS == (int)SW_STANDARD_FIELDS, "the header says how many there are");

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
    {NULL, SW_COUNT, {ROWS, -1, -1}, NULL}, /* called by what a row is */
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

/* ---- what there is ---- */

/* The columns of rows; the time column has a name of its own. */
static const char *const column_names[SW_STANDARD_COLUMNS] = {
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
    int column = fields[field].column;
    if (!schema || field == ROWS) return true;
    if (measured->partial) return partial_has(schema, "standard", fields[field].name);
    if (column == SW_TIME_OF_ROW) return schema->time_column >= 0;
    return sw_view_can(schema, column < 0 ? "fill" : column_names[column]);
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
static bool add_fields(struct sw_shape *shape, const struct sw_measured *measured, int at[FIELDS],
                       struct sw_error *error)
{
    for (size_t i = 0; i < FIELDS; i++) {
        const char *name = i == ROWS ? row_name(measured) : fields[i].name;
        at[i] = -1;
        if (!has_field(measured, i)) continue;
        at[i] = sw_shape_field(shape, "standard", name, fields[i].kind, error);
        if (at[i] < 0) return false;
    }
    return true;
}

static bool add_measure(struct sw_shape *shape, struct sw_dimensions *dimensions, size_t which,
                        const char *name, const int at[FIELDS], struct sw_error *error)
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
static bool has_measure(const struct sw_measured *measured, size_t which, const int at[FIELDS])
{
    for (size_t i = 0; i < SW_MEASURE_FIELDS; i++)
        if (measures[which].fields[i] >= 0 && at[measures[which].fields[i]] < 0) return false;
    return !measures[which].distinct ||
           has_member(measured, measures[which].name, measures[which].distinct);
}

bool sw_shape_standard(struct sw_shape *shape, struct sw_dimensions *dimensions,
                       const struct sw_measured *measured, struct sw_error *error)
{
    int at[FIELDS];
    *shape = (struct sw_shape){.standard = true, .time_handle = -1, .sequence_handle = -1};
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
    if (standard->at[FULL] >= 0 && !bind_fill(standard, view, error)) return false;
    for (size_t i = 0; i < FIELDS; i++) {
        int column = fields[i].column;
        if (column < 0 || standard->at[i] < 0 || standard->handles[column] >= 0) continue;
        const char *name = column == SW_TIME_OF_ROW ? schema->columns[schema->time_column].name
                                                    : column_names[column];
        if (!bind_column(standard, (enum sw_standard_column)column, name, view, error))
            return false;
    }
    return true;
}

/* The shape's fields are called as they are here, in the same order, some being left out. */
static void find_fields(struct sw_standard *standard, const struct sw_shape *shape)
{
    size_t next = 1;
    standard->at[ROWS] = 0;
    for (size_t i = ROWS + 1; i < FIELDS; i++) {
        bool there = next < shape->field_count &&
                     strcmp(shape->fields[next].name + strlen("standard/"), fields[i].name) == 0;
        standard->at[i] = there ? (int)next++ : -1;
    }
}

static bool allocate(struct sw_standard *standard, struct sw_error *error)
{
    const size_t rows = SW_BLOCK_ROWS_MAXIMUM;
    for (size_t i = 0; i < SW_TARGETS_MAXIMUM; i++)
        if (!sw_lanes_init(&standard->lanes[i], error)) return false;
    standard->fills = sw_alloc(rows, sizeof *standard->fills, error);
    standard->absent.narrow = sw_alloc(rows, sizeof *standard->absent.narrow, error);
    standard->lane_nulls =
        sw_alloc(rows * SW_STANDARD_COLUMNS, sizeof *standard->lane_nulls, error);
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
    for (size_t i = 0; i < FIELDS; i++) {
        if (fields[i].column < 0 || standard->at[i] < 0) continue;
        int handle = standard->handles[fields[i].column];
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

/* Where nothing is known of fills all rows are of one, which nobody reads. */
static void same_fills(struct sw_standard *standard)
{
    standard->fills_known = true;
    for (size_t row = 0; row < standard->rows; row++)
        standard->fills[row] = fill_numbers[FILL_NONE];
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
    spill_count(to, ROWS, totals->rows);
    spill_count(to, UNFILLED, totals->fills[FILL_NONE]);
    spill_count(to, FULL, totals->fills[FILL_FULL]);
    spill_count(to, PARTIAL, totals->fills[FILL_PARTIAL]);
    for (int i = QUANTITY_COUNT; i < FIELDS; i++)
        if (fields[i].kind == SW_FIELD_COUNT)
            spill_count(to, i, totals->rows - (nulls ? nulls[fields[i].column] : 0));
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
    const struct sw_field *squares = field_at(to, QUANTITY_SQUARES);
    const int64_t *sums = lane->sums, *least = lane->least;
    spill_counts(to, totals, nulls);
    spill_extremes(to, PRICE_LEAST, PRICE_MOST, least[SW_LANE_PRICE_LEAST],
                   ~least[SW_LANE_PRICE_MOST]);
    spill_extremes(to, TIME_LEAST, TIME_MOST, least[SW_LANE_TIME_LEAST], ~least[SW_LANE_TIME_MOST]);
    if (squares) sw_sum_add(&sw_products_at(squares, to->record)->low, totals->squares);
    spill_sum(to, QUANTITY_SUM, sums[SW_LANE_QUANTITY]);
    spill_sum(to, MATCHED_SUM, sums[SW_LANE_MATCHED]);
    spill_sum(to, RATIO_SUM, totals->ratio);
    spill_sum(to, VALUE_SUM, totals->value);
    spill_sum(to, PRICE_SUM, sums[SW_LANE_PRICE]);
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
        const struct spilling to = {standard, shape->fields,
                                    target->records + cell * shape->record_size};
        spill(&to, &lanes->lanes[i], &totals, nulls);
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
    for (int fill = FILL_NONE; standard->fill_handle >= 0 && fill < FILLS; fill++)
        for (size_t row = 0; row < standard->rows; row++)
            *sw_count_at(&shape->fields[standard->at[of_fill[fill]]], sw_record_of(&update, row)) +=
                standard->fills[row] == fill_numbers[fill];
    for (size_t i = 0; i < FIELDS; i++) {
        if (standard->at[i] < 0 || i == FULL || i == PARTIAL || i == UNFILLED) continue;
        update.values = fields[i].column < 0 ? NULL : standard->vectors[fields[i].column];
        sw_update_field(&update, &shape->fields[standard->at[i]]);
    }
}

bool sw_standard_add(struct sw_standard *standard, const struct sw_shape *shape,
                     const struct sw_target *targets, size_t count, struct sw_error *error)
{
    if (standard->simple) return add_simple(standard, shape, targets, count, error);
    for (size_t i = 0; i < count; i++) add_wide(standard, shape, &targets[i]);
    return true;
}
