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

/* What a block's rows add to one cell: two cache lines, so that a row costs no more than that. */
struct sw_lane {
    uint32_t fills[FILLS];
    int64_t quantity, matched, price;
    int64_t price_least, price_most, time_least, time_most;
    sw_int128 ratio;
    union {
        sw_int128 squares;
        int64_t small_squares;
    };
    union {
        sw_int128 value;
        int64_t small_value;
    };
} __attribute__((aligned(64)));

/* Below this in size, 64 bits hold the sum of a block; below the other, that of its squares too. */
static const int64_t lane_limit = INT64_C(1) << 46, square_limit = INT64_C(1) << 23;

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
    for (size_t i = 0; i < SW_TARGETS_MAXIMUM; i++) {
        struct sw_lanes *lanes = &standard->lanes[i];
        lanes->lane_of_row = sw_alloc(rows, sizeof *lanes->lane_of_row, error);
        lanes->cell_of_lane = sw_alloc(rows, sizeof *lanes->cell_of_lane, error);
        lanes->lanes = aligned_alloc(64, rows * sizeof *lanes->lanes);
        if (!lanes->lanes) return sw_fail(error, SW_SYSTEM, "out of memory");
        if (!lanes->lane_of_row || !lanes->cell_of_lane) return false;
    }
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
    for (size_t i = 0; i < SW_TARGETS_MAXIMUM; i++) {
        free(standard->lanes[i].lanes);
        free(standard->lanes[i].lane_of_row);
        free(standard->lanes[i].cell_of_lane);
        free(standard->lanes[i].lane_of_cell);
    }
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

/* Whether all values lie between −limit and limit, a power of two. */
static bool within(const struct sw_vector *vector, size_t rows, int64_t limit)
{
    uint64_t seen = 0;
    for (size_t row = 0; row < rows; row++) seen |= (uint64_t)vector->narrow[row] + (uint64_t)limit;
    return seen < 2 * (uint64_t)limit;
}

static void look_at_sizes(struct sw_standard *standard)
{
    const struct sw_vector *const *vectors = standard->vectors;
    size_t rows = standard->rows;
    standard->simple = standard->small = false;
    for (size_t i = 0; i < SW_STANDARD_COLUMNS; i++)
        if (vectors[i]->wide) return;
    standard->small = within(vectors[SW_QUANTITY], rows, square_limit) &&
                      within(vectors[SW_VALUE], rows, lane_limit);
    standard->simple = (standard->small || within(vectors[SW_QUANTITY], rows, lane_limit)) &&
                       within(vectors[SW_MATCHED], rows, lane_limit) &&
                       within(vectors[SW_PRICE], rows, lane_limit);
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
    look_at_sizes(standard);
    return !standard->simple || set_extremes(standard, error);
}

/* ---- lanes ---- */

static bool reserve_cells(struct sw_lanes *lanes, size_t cells, struct sw_error *error)
{
    size_t had = lanes->cell_capacity;
    if (!sw_grow(&lanes->lane_of_cell, &lanes->cell_capacity, cells, sizeof *lanes->lane_of_cell,
                 error))
        return false;
    if (lanes->cell_capacity > had)
        memset(lanes->lane_of_cell + had, 0,
               (lanes->cell_capacity - had) * sizeof *lanes->lane_of_cell);
    return true;
}

/* Gives every cell of the block a lane. */
static bool assign_lanes(struct sw_lanes *lanes, const struct sw_target *target, size_t rows,
                         struct sw_error *error)
{
    static const struct sw_lane empty = {.price_least = INT64_MAX,
                                         .price_most = INT64_MIN,
                                         .time_least = INT64_MAX,
                                         .time_most = INT64_MIN};
    if (!reserve_cells(lanes, target->cell_limit, error)) return false;
    lanes->count = 0;
    for (size_t row = 0; row < rows; row++) {
        uint32_t *lane = &lanes->lane_of_cell[target->cells[row]];
        if (*lane == 0) {
            lanes->cell_of_lane[lanes->count] = target->cells[row];
            lanes->lanes[lanes->count] = empty;
            *lane = (uint32_t)++lanes->count;
        }
        lanes->lane_of_row[row] = *lane - 1;
    }
    return true;
}

/* What lanes take of a row. Nulls are 0 in what is summed, and give way in the extremes. */
struct row {
    int64_t quantity, matched, ratio, value, price;
    int64_t price_least, price_most, time_least, time_most;
    uint8_t fill;
};

#define ALWAYS_INLINE static inline __attribute__((always_inline))

/* Extremes change seldom, or always, and so are branches and not stores. */
ALWAYS_INLINE void add_row(struct sw_lane *lane, const struct row *row, bool small)
{
    lane->fills[row->fill]++;
    lane->quantity += row->quantity;
    lane->matched += row->matched;
    lane->price += row->price;
    lane->ratio += row->ratio;
    if (small) {
        lane->small_squares += row->quantity * row->quantity;
        lane->small_value += row->value;
    } else {
        lane->squares += (sw_int128)row->quantity * row->quantity;
        lane->value += row->value;
    }
    if (__builtin_expect(row->price_least < lane->price_least, 0))
        lane->price_least = row->price_least;
    if (__builtin_expect(row->price_most > lane->price_most, 0)) lane->price_most = row->price_most;
    if (__builtin_expect(row->time_least < lane->time_least, 0)) lane->time_least = row->time_least;
    if (__builtin_expect(row->time_most > lane->time_most, 1)) lane->time_most = row->time_most;
}

/* The loop that the reports' speed hangs on: a row is loaded once and goes to a lane of each
 * target. */
ALWAYS_INLINE void fill_lanes(const struct sw_standard *standard, size_t targets, bool small)
{
    const int64_t *quantity = standard->vectors[SW_QUANTITY]->narrow;
    const int64_t *matched = standard->vectors[SW_MATCHED]->narrow;
    const int64_t *ratio = standard->vectors[SW_RATIO_OF_ROW]->narrow;
    const int64_t *value = standard->vectors[SW_VALUE]->narrow;
    const int64_t *price = standard->vectors[SW_PRICE]->narrow;
    const struct sw_lanes *a = &standard->lanes[0], *b = &standard->lanes[1],
                          *c = &standard->lanes[2];
    for (size_t i = 0; i < standard->rows; i++) {
        struct row row = {quantity[i],
                          matched[i],
                          ratio[i],
                          value[i],
                          price[i],
                          standard->price_least[i],
                          standard->price_most[i],
                          standard->time_least[i],
                          standard->time_most[i],
                          standard->fills[i]};
        add_row(&a->lanes[a->lane_of_row[i]], &row, small);
        if (targets > 1) add_row(&b->lanes[b->lane_of_row[i]], &row, small);
        if (targets > 2) add_row(&c->lanes[c->lane_of_row[i]], &row, small);
    }
}

/* The same, compiled once for each case. */
static void fill_all_lanes(const struct sw_standard *standard, size_t targets)
{
    switch (targets * 2 + standard->small) {
    case 2:
        fill_lanes(standard, 1, false);
        break;
    case 3:
        fill_lanes(standard, 1, true);
        break;
    case 4:
        fill_lanes(standard, 2, false);
        break;
    case 5:
        fill_lanes(standard, 2, true);
        break;
    case 6:
        fill_lanes(standard, 3, false);
        break;
    default:
        fill_lanes(standard, 3, true);
        break;
    }
}

static void count_nulls(const struct sw_standard *standard, const struct sw_lanes *lanes)
{
    memset(standard->lane_nulls, 0,
           lanes->count * SW_STANDARD_COLUMNS * sizeof *standard->lane_nulls);
    for (size_t i = 0; i < SW_STANDARD_COLUMNS; i++)
        for (size_t row = 0; standard->vectors[i]->nulls && row < standard->rows; row++)
            standard->lane_nulls[lanes->lane_of_row[row] * SW_STANDARD_COLUMNS + i] +=
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
    if (__builtin_add_overflow(*sum, value, sum)) return sw_field_overflow(field, error);
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

static bool spill_lanes(const struct sw_standard *standard, struct sw_lanes *lanes,
                        const struct sw_shape *shape, struct sw_target *target,
                        struct sw_error *error)
{
    if (standard->nulls) count_nulls(standard, lanes);
    for (size_t i = 0; i < lanes->count; i++) {
        uint32_t cell = lanes->cell_of_lane[i];
        struct sw_lane *lane = &lanes->lanes[i];
        const uint32_t *nulls =
            standard->nulls ? &standard->lane_nulls[i * SW_STANDARD_COLUMNS] : NULL;
        lanes->lane_of_cell[cell] = 0;
        if (standard->small) {
            lane->squares = lane->small_squares;
            lane->value = lane->small_value;
        }
        target->bad = cell;
        if (!spill(shape, lane, nulls, target->records + cell * shape->record_size, error))
            return false;
    }
    return true;
}

static bool add_simple(struct sw_standard *standard, const struct sw_shape *shape,
                       struct sw_target *targets, size_t count, struct sw_error *error)
{
    for (size_t i = 0; i < count; i++)
        if (!assign_lanes(&standard->lanes[i], &targets[i], standard->rows, error)) return false;
    fill_all_lanes(standard, count);
    for (size_t i = 0; i < count; i++) {
        if (!spill_lanes(standard, &standard->lanes[i], shape, &targets[i], error)) return false;
        targets[i].bad = UINT32_MAX;
    }
    return true;
}

/* ---- the slow way, for values that lanes do not hold ---- */

static bool add_wide(const struct sw_standard *standard, const struct sw_shape *shape,
                     struct sw_target *target, struct sw_error *error)
{
    static const int of_fill[FILLS] = {
        [FILL_NONE] = UNFILLED, [FILL_FULL] = FULL, [FILL_PARTIAL] = PARTIAL};
    struct sw_update update = {.cells = target->cells,
                               .records = target->records,
                               .stride = shape->record_size,
                               .rows = standard->rows,
                               .bad = &target->bad};
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
                     struct sw_target *targets, size_t count, struct sw_error *error)
{
    for (size_t i = 0; i < count; i++) targets[i].bad = UINT32_MAX;
    if (standard->simple) return add_simple(standard, shape, targets, count, error);
    for (size_t i = 0; i < count; i++)
        if (!add_wide(standard, shape, &targets[i], error)) return false;
    return true;
}
