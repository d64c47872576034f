/* SPDX-License-Identifier: ISC */
#include "query/standard.h"

#include <stdlib.h>

#include "base/memory.h"
#include "query/update.h"

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
    [QUANTITY_SQUARES] = {"quantity_squares", SW_FIELD_SQUARES, SW_QUANTITY},
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

/* What a block's rows add to one cell. A cache line or two, so that a row costs no more than that. */
struct sw_lane {
    uint32_t fills[FILLS];
    int64_t quantity, matched, price;
    int64_t price_least, price_most, time_least, time_most;
    sw_int128 squares, ratio, value;
} __attribute__((aligned(64)));

/* Below this in size, 64 bits hold the sum of a block. */
static const int64_t lane_limit = INT64_C(1) << 46;

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

static bool bind_columns(struct sw_standard *standard, struct sw_view *view,
                         struct sw_error *error)
{
    const struct sw_schema *schema = view->supplier.schema;
    if (schema->time_column < 0)
        return sw_fail(error, SW_DATA, "standard measures: no time column in table '%s'",
                       schema->table);
    standard->fill_handle = sw_view_column(view, "fill", SW_DATA, error);
    if (standard->fill_handle < 0) return sw_fail_at(error, "standard measures");
    if (sw_view_type(view, standard->fill_handle) != SW_TEXT)
        return sw_fail(error, SW_DATA, "standard measures: column 'fill' is not text");
    return bind_column(standard, SW_QUANTITY, "quantity", view, error) &&
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
    standard->fills = sw_alloc(rows, sizeof *standard->fills, error);
    standard->lane_of_row = sw_alloc(rows, sizeof *standard->lane_of_row, error);
    standard->touched = sw_alloc(rows, sizeof *standard->touched, error);
    standard->lane_nulls =
        sw_alloc(rows * SW_STANDARD_COLUMNS, sizeof *standard->lane_nulls, error);
    standard->lanes = aligned_alloc(64, rows * sizeof *standard->lanes);
    if (!standard->lanes) return sw_fail(error, SW_SYSTEM, "out of memory");
    return standard->fills && standard->lane_of_row && standard->touched && standard->lane_nulls;
}

bool sw_standard_bind(struct sw_standard *standard, struct sw_shape *shape, struct sw_view *view,
                      struct sw_error *error)
{
    *standard = (struct sw_standard){0};
    if (!bind_columns(standard, view, error) || !allocate(standard, error)) return false;
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
    free(standard->lane_of_row);
    free(standard->touched);
    free(standard->lane_nulls);
    free(standard->lanes);
    free(standard->lane_of_cell);
    for (size_t i = 0; i < 4; i++) free(standard->spare[i]);
    *standard = (struct sw_standard){0};
}

/* ---- a block ---- */

static uint8_t fill_named(struct sw_text text)
{
    static const char *const names[FILLS] = {
        [FILL_UNKNOWN] = "", [FILL_NONE] = "none", [FILL_FULL] = "full", [FILL_PARTIAL] = "partial"};
    for (uint8_t i = FILL_NONE; i < FILLS; i++)
        if (strlen(names[i]) == text.length && memcmp(names[i], text.bytes, text.length) == 0)
            return i;
    return FILL_UNKNOWN;
}

static bool read_fills(struct sw_standard *standard, const struct sw_vector *vector,
                       struct sw_error *error)
{
    uint8_t *of_code = sw_alloc(vector->dictionary_size, 1, error);
    if (!of_code) return false;
    for (size_t i = 0; i < vector->dictionary_size; i++)
        of_code[i] = fill_named(vector->dictionary[i]);
    for (size_t row = 0; row < standard->rows; row++)
        standard->fills[row] = of_code[vector->codes[row]];
    for (size_t row = 0; vector->nulls && row < standard->rows; row++)
        if (sw_is_null(vector, row)) standard->fills[row] = FILL_UNKNOWN;
    free(of_code);
    return true;
}

static bool is_small(const struct sw_vector *vector, size_t rows)
{
    uint64_t seen = 0;
    for (size_t row = 0; row < rows; row++)
        seen |= (uint64_t)vector->narrow[row] ^ (uint64_t)(vector->narrow[row] >> 63);
    return seen < (uint64_t)lane_limit;
}

static bool is_simple(const struct sw_standard *standard)
{
    for (size_t i = 0; i < SW_STANDARD_COLUMNS; i++)
        if (standard->vectors[i]->wide) return false;
    return is_small(standard->vectors[SW_QUANTITY], standard->rows) &&
           is_small(standard->vectors[SW_MATCHED], standard->rows) &&
           is_small(standard->vectors[SW_PRICE], standard->rows);
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

static bool set_extremes(struct sw_standard *standard, struct sw_error *error)
{
    const struct sw_vector *price = standard->vectors[SW_PRICE];
    const struct sw_vector *time = standard->vectors[SW_TIME_OF_ROW];
    size_t rows = standard->rows;
    int64_t **spare = standard->spare;
    standard->price_least = fill_nulls(price, rows, INT64_MAX, &spare[0], error);
    standard->price_most = fill_nulls(price, rows, INT64_MIN, &spare[1], error);
    standard->time_least = fill_nulls(time, rows, INT64_MAX, &spare[2], error);
    standard->time_most = fill_nulls(time, rows, INT64_MIN, &spare[3], error);
    return standard->price_least && standard->price_most && standard->time_least &&
           standard->time_most;
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
    standard->simple = is_simple(standard);
    return !standard->simple || set_extremes(standard, error);
}

/* ---- lanes ---- */

static bool reserve_cells(struct sw_standard *standard, size_t cells, struct sw_error *error)
{
    size_t had = standard->cell_capacity;
    if (!sw_grow(&standard->lane_of_cell, &standard->cell_capacity, cells,
                 sizeof *standard->lane_of_cell, error))
        return false;
    if (standard->cell_capacity > had)
        memset(standard->lane_of_cell + had, 0,
               (standard->cell_capacity - had) * sizeof *standard->lane_of_cell);
    return true;
}

/* Gives every cell of the block a lane; returns how many there are. */
static size_t assign_lanes(struct sw_standard *standard, const uint32_t *cells)
{
    static const struct sw_lane empty = {.price_least = INT64_MAX,
                                         .price_most = INT64_MIN,
                                         .time_least = INT64_MAX,
                                         .time_most = INT64_MIN};
    size_t count = 0;
    for (size_t row = 0; row < standard->rows; row++) {
        uint32_t *lane = &standard->lane_of_cell[cells[row]];
        if (*lane == 0) {
            standard->touched[count] = cells[row];
            standard->lanes[count] = empty;
            *lane = (uint32_t)++count;
        }
        standard->lane_of_row[row] = *lane - 1;
    }
    return count;
}

static inline int64_t lesser(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static inline int64_t greater(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* The loop that the reports' speed hangs on. Null values are 0 in the sums, and give way in the extremes. */
static void fill_lanes(const struct sw_standard *standard)
{
    const int64_t *quantity = standard->vectors[SW_QUANTITY]->narrow;
    const int64_t *matched = standard->vectors[SW_MATCHED]->narrow;
    const int64_t *ratio = standard->vectors[SW_RATIO_OF_ROW]->narrow;
    const int64_t *value = standard->vectors[SW_VALUE]->narrow;
    const int64_t *price = standard->vectors[SW_PRICE]->narrow;
    const int64_t *price_least = standard->price_least, *price_most = standard->price_most;
    const int64_t *time_least = standard->time_least, *time_most = standard->time_most;
    for (size_t row = 0; row < standard->rows; row++) {
        struct sw_lane *lane = &standard->lanes[standard->lane_of_row[row]];
        lane->fills[standard->fills[row]]++;
        lane->quantity += quantity[row];
        lane->matched += matched[row];
        lane->price += price[row];
        lane->squares += (sw_int128)quantity[row] * quantity[row];
        lane->ratio += ratio[row];
        lane->value += value[row];
        lane->price_least = lesser(lane->price_least, price_least[row]);
        lane->price_most = greater(lane->price_most, price_most[row]);
        lane->time_least = lesser(lane->time_least, time_least[row]);
        lane->time_most = greater(lane->time_most, time_most[row]);
    }
}

static void count_nulls(const struct sw_standard *standard, size_t lanes)
{
    memset(standard->lane_nulls, 0,
           lanes * SW_STANDARD_COLUMNS * sizeof *standard->lane_nulls);
    for (size_t i = 0; i < SW_STANDARD_COLUMNS; i++)
        for (size_t row = 0; standard->vectors[i]->nulls && row < standard->rows; row++)
            standard->lane_nulls[standard->lane_of_row[row] * SW_STANDARD_COLUMNS + i] +=
                sw_is_null(standard->vectors[i], row);
}

/* Adds to a count field what rows there are less the nulls of its column. */
static void spill_counts(const struct sw_shape *shape, const struct sw_lane *lane,
                         const uint32_t *nulls, unsigned char *record)
{
    const struct sw_field *field = shape->fields;
    uint64_t rows = 0;
    for (size_t i = 0; i < FILLS; i++) rows += lane->fills[i];
    *sw_count_at(&field[ROWS], record) += rows;
    *sw_count_at(&field[FULL], record) += lane->fills[FILL_FULL];
    *sw_count_at(&field[PARTIAL], record) += lane->fills[FILL_PARTIAL];
    *sw_count_at(&field[UNFILLED], record) += lane->fills[FILL_NONE];
    for (size_t i = QUANTITY_COUNT; i < FIELDS; i++)
        if (fields[i].kind == SW_FIELD_COUNT)
            *sw_count_at(&field[i], record) += rows - (nulls ? nulls[fields[i].column] : 0);
}

static bool spill_sum(const struct sw_field *field, sw_int128 value, unsigned char *record,
                      struct sw_error *error)
{
    sw_int128 *sum = sw_number_at(field, record);
    if (__builtin_add_overflow(*sum, value, sum))
        return sw_field_overflow(field, error);
    return true;
}

static void spill_extremes(const struct sw_field *field, const struct sw_lane *lane,
                           unsigned char *record)
{
    if (lane->price_least <= lane->price_most) {
        sw_field_offer(&field[PRICE_LEAST], record, lane->price_least);
        sw_field_offer(&field[PRICE_MOST], record, lane->price_most);
    }
    if (lane->time_least <= lane->time_most) {
        sw_field_offer(&field[TIME_LEAST], record, lane->time_least);
        sw_field_offer(&field[TIME_MOST], record, lane->time_most);
    }
}

static bool spill(const struct sw_shape *shape, const struct sw_lane *lane, const uint32_t *nulls,
                  unsigned char *record, struct sw_error *error)
{
    const struct sw_field *field = shape->fields;
    struct sw_squares squares = {.low = (sw_uint128)lane->squares};
    spill_counts(shape, lane, nulls, record);
    spill_extremes(field, lane, record);
    if (!sw_squares_merge(sw_squares_at(&field[QUANTITY_SQUARES], record), &squares))
        return sw_field_overflow(&field[QUANTITY_SQUARES], error);
    return spill_sum(&field[QUANTITY_SUM], lane->quantity, record, error) &&
           spill_sum(&field[MATCHED_SUM], lane->matched, record, error) &&
           spill_sum(&field[RATIO_SUM], lane->ratio, record, error) &&
           spill_sum(&field[VALUE_SUM], lane->value, record, error) &&
           spill_sum(&field[PRICE_SUM], lane->price, record, error);
}

static bool add_simple(struct sw_standard *standard, const struct sw_shape *shape,
                       const uint32_t *cells, unsigned char *records, uint32_t *bad,
                       struct sw_error *error)
{
    size_t lanes = assign_lanes(standard, cells);
    fill_lanes(standard);
    if (standard->nulls) count_nulls(standard, lanes);
    for (size_t i = 0; i < lanes; i++) {
        uint32_t cell = standard->touched[i];
        const uint32_t *nulls =
            standard->nulls ? &standard->lane_nulls[i * SW_STANDARD_COLUMNS] : NULL;
        standard->lane_of_cell[cell] = 0;
        *bad = cell;
        if (!spill(shape, &standard->lanes[i], nulls, records + cell * shape->record_size, error))
            return false;
    }
    return true;
}

/* ---- the slow way, for values that lanes do not hold ---- */

static bool add_wide(const struct sw_standard *standard, const struct sw_shape *shape,
                     const uint32_t *cells, unsigned char *records, uint32_t *bad,
                     struct sw_error *error)
{
    static const int of_fill[FILLS] = {
        [FILL_NONE] = UNFILLED, [FILL_FULL] = FULL, [FILL_PARTIAL] = PARTIAL};
    struct sw_update update = {.cells = cells,
                               .records = records,
                               .stride = shape->record_size,
                               .rows = standard->rows,
                               .bad = bad};
    for (size_t row = 0; row < standard->rows; row++)
        if (standard->fills[row] != FILL_UNKNOWN)
            ++*sw_count_at(&shape->fields[of_fill[standard->fills[row]]],
                           sw_record_of(&update, row));
    for (size_t i = 0; i < FIELDS; i++) {
        if (i == FULL || i == PARTIAL || i == UNFILLED) continue;
        update.values = fields[i].column < 0 ? NULL : standard->vectors[fields[i].column];
        if (!sw_update_field(&update, &shape->fields[i], error)) return false;
    }
    return true;
}

bool sw_standard_add(struct sw_standard *standard, const struct sw_shape *shape,
                     const uint32_t *cells, size_t cell_limit, unsigned char *records,
                     uint32_t *bad, struct sw_error *error)
{
    *bad = UINT32_MAX;
    if (!standard->simple) return add_wide(standard, shape, cells, records, bad, error);
    if (!reserve_cells(standard, cell_limit, error)) return false;
    return add_simple(standard, shape, cells, records, bad, error);
}
