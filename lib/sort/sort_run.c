/* SPDX-License-Identifier: ISC */
#include "sort/sort_run.h"

#include "base/memory.h"
#include "kernels/narrow.h"

enum {
    NO_CODE = -1,
    TEXT_ENTRY_BYTES = 96, /* its place, hash, rank and slots, and what ranking takes */
};

bool sw_sort_run_init(struct sw_sort_run *run, const struct sw_schema *schema,
                      struct sw_error *error)
{
    *run = (struct sw_sort_run){.column_count = schema->column_count};
    run->columns = sw_alloc(schema->column_count, sizeof *run->columns, error);
    if (!run->columns) return false;
    for (size_t i = 0; i < schema->column_count; i++) {
        run->columns[i].type = schema->columns[i].type;
        run->columns[i].scale = schema->columns[i].scale;
    }
    return sw_sort_run_reset(run, error);
}

void sw_sort_run_free(struct sw_sort_run *run)
{
    for (size_t i = 0; run->columns && i < run->column_count; i++) {
        struct sw_sort_run_column *column = &run->columns[i];
        sw_pages_free(&column->values);
        sw_pages_free(&column->nulls);
        sw_builder_free(&column->texts);
        free(column->codes);
    }
    for (size_t i = 0; i < SW_SORT_RUN_WIDTHS; i++) sw_pages_free(&run->spares[i]);
    free(run->columns);
    *run = (struct sw_sort_run){0};
}

void sw_sort_run_large(struct sw_sort_run *run)
{
    for (size_t i = 0; i < run->column_count; i++) run->columns[i].values.large = true;
    for (size_t i = 0; i < SW_SORT_RUN_WIDTHS; i++) run->spares[i].large = true;
}

bool sw_sort_run_reset(struct sw_sort_run *run, struct sw_error *error)
{
    for (size_t i = 0; i < run->column_count; i++) {
        struct sw_sort_run_column *column = &run->columns[i];
        if (column->has_nulls) memset(column->nulls.bytes, 0, (run->rows + 63) / 64 * 8);
        column->width = 1;
        column->bounded = column->has_nulls = false;
        column->low = column->high = 0;
        sw_builder_free(&column->texts);
        if (column->type == SW_TEXT && !sw_builder_init(&column->texts, SW_TEXT, 0, 1, error))
            return false;
    }
    run->rows = 0;
    return true;
}

/* ---- what some rows would need ---- */

/* Rows of a vector: row number i is selected[i], or from + i. */
struct pick {
    const struct sw_vector *vector;
    const uint32_t *selected;
    size_t from, count;
};

static size_t row_of(const struct pick *pick, size_t i)
{
    return pick->selected ? pick->selected[i] : pick->from + i;
}

static void include(struct sw_sort_run_bounds *bounds, sw_int128 low, sw_int128 high)
{
    if (!bounds->any || low < bounds->low) bounds->low = low;
    if (!bounds->any || high > bounds->high) bounds->high = high;
    bounds->any = true;
}

/* Narrow values without nulls: the common case, and quick. Of many rows of a vector the bounds of all
 * will do, which are found faster than those of the ones that were picked. */
static void plain_bounds(const struct pick *pick, struct sw_sort_run_bounds *bounds)
{
    const int64_t *values = pick->vector->narrow;
    int64_t low = INT64_MAX, high = INT64_MIN;
    const bool many = pick->selected && pick->count >= pick->vector->rows / 4;
    if (!pick->count) return;
    if (many)
        sw_narrow_bounds(values, pick->vector->rows, &low, &high);
    else if (!pick->selected)
        sw_narrow_bounds(values + pick->from, pick->count, &low, &high);
    for (size_t i = 0; pick->selected && !many && i < pick->count; i++) {
        int64_t value = values[pick->selected[i]];
        low = value < low ? value : low;
        high = value > high ? value : high;
    }
    include(bounds, low, high);
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* The same where some are null, 64 rows at a time: mostly all of them are, or none. */
static void bounds_of_stretch(const struct pick *pick, struct sw_sort_run_bounds *bounds)
{
    for (size_t i = 0, count; i < pick->count; i += count) {
        const size_t from = pick->from + i;
        const int64_t *values = pick->vector->narrow + from;
        count = least(pick->count - i, 64);
        uint64_t valid = sw_sort_run_bits(pick->vector->valid, from, count);
        int64_t low, high;
        if (valid == UINT64_MAX >> (64 - count)) {
            sw_narrow_bounds(values, count, &low, &high);
            include(bounds, low, high);
            continue;
        }
        for (; valid; valid &= valid - 1) {
            const int64_t value = values[__builtin_ctzll(valid)];
            include(bounds, value, value);
        }
    }
}

static void bounds_of_some(const struct pick *pick, struct sw_sort_run_bounds *bounds)
{
    const int64_t *values = pick->vector->narrow;
    int64_t low = INT64_MAX, high = INT64_MIN;
    bool any = false;
    if (!pick->selected) {
        bounds_of_stretch(pick, bounds);
        return;
    }
    for (size_t i = 0; i < pick->count; i++) {
        const size_t row = pick->selected[i];
        const bool null = sw_is_null(pick->vector, row);
        const int64_t value = values[row];
        low = !null && value < low ? value : low;
        high = !null && value > high ? value : high;
        any |= !null;
    }
    if (any) include(bounds, low, high);
}

static void any_bounds(const struct pick *pick, struct sw_sort_run_bounds *bounds)
{
    for (size_t i = 0; i < pick->count; i++) {
        size_t row = row_of(pick, i);
        if (sw_is_null(pick->vector, row)) continue;
        sw_int128 value = sw_value(pick->vector, row);
        include(bounds, value, value);
    }
}

/* At most: texts that are there already are counted again. */
static size_t text_bytes(const struct pick *pick, size_t *entries)
{
    const struct sw_vector *vector = pick->vector;
    size_t by_row = 0, by_code = 0;
    for (size_t i = 0; i < pick->count; i++) {
        size_t row = row_of(pick, i);
        if (!sw_is_null(vector, row)) by_row += vector->dictionary[vector->codes[row]].length;
    }
    *entries = pick->count < vector->dictionary_size ? pick->count : vector->dictionary_size;
    if (pick->count < vector->dictionary_size) return by_row;
    for (uint32_t code = 0; code < vector->dictionary_size; code++)
        by_code += vector->dictionary[code].length;
    return by_row < by_code ? by_row : by_code;
}

static unsigned width_of(sw_uint128 range)
{
    if (range >> 64) return 16;
    if (range >> 32) return 8;
    return range >> 16 ? 4 : range >> 8 ? 2 : 1;
}

static struct sw_sort_run_bounds bounds_with(const struct sw_sort_run_column *column,
                                             const struct pick *pick)
{
    struct sw_sort_run_bounds bounds = {column->bounded, column->low, column->high};
    if (pick->vector->wide)
        any_bounds(pick, &bounds);
    else if (pick->vector->nulls)
        bounds_of_some(pick, &bounds);
    else
        plain_bounds(pick, &bounds);
    return bounds;
}

static unsigned width_with(const struct sw_sort_run_bounds *bounds)
{
    return width_of((sw_uint128)bounds->high - (sw_uint128)bounds->low);
}

/* Bytes of the column when it has these rows too. */
static uint64_t cost_with(struct sw_sort_run_column *column, const struct pick *pick, size_t rows)
{
    uint64_t bits = column->has_nulls || pick->vector->nulls ? (rows + pick->count) / 8 : 0;
    if (column->type != SW_TEXT) {
        column->offered = bounds_with(column, pick);
        return bits + (uint64_t)width_with(&column->offered) * (rows + pick->count);
    }
    size_t more, bytes = text_bytes(pick, &more);
    uint64_t entries = column->texts.vector.dictionary_size + more;
    return bits + column->texts.vector.text_bytes + bytes + entries * TEXT_ENTRY_BYTES +
           (uint64_t)width_of(entries) * (rows + pick->count);
}

/* ---- adding ---- */

static void load_value(const struct sw_sort_run_column *column, size_t row, sw_int128 *value)
{
    *value = (sw_int128)((sw_uint128)column->low + sw_sort_run_distance(column, row));
}

/* In place, the last row first: a wider value never covers one that is still to be read. */
static void rewrite(struct sw_sort_run_column *column, unsigned width, size_t rows)
{
    unsigned char *to = column->values.bytes;
    for (size_t row = rows; row-- > 0;) {
        sw_int128 value;
        load_value(column, row, &value);
        memcpy(to + row * width, &value, width);
    }
    column->width = width;
}

static bool make_room(struct sw_sort_run_column *column, const struct sw_sort_run_bounds *bounds,
                      size_t rows, size_t count, bool nulls, struct sw_error *error)
{
    unsigned width = width_with(bounds);
    if (width < column->width) width = column->width;
    if (!sw_pages_grow(&column->values, (rows + count) * width + SW_SORT_RUN_SLACK, error))
        return false;
    if (width > column->width) rewrite(column, width, rows);
    column->bounded = bounds->any;
    column->low = bounds->low;
    column->high = bounds->high;
    if (!nulls && !column->has_nulls) return true;
    column->has_nulls = true;
    return sw_pages_grow(&column->nulls, (rows + count + 63) / 64 * 8, error);
}

static void add_nulls(struct sw_sort_run_column *column, const struct pick *pick, size_t rows)
{
    uint64_t *words = column->nulls.bytes;
    if (!pick->vector->nulls) return;
    for (size_t i = 0; pick->selected && i < pick->count; i++)
        if (sw_is_null(pick->vector, pick->selected[i]))
            words[(rows + i) / 64] |= UINT64_C(1) << (rows + i) % 64;
    for (size_t i = 0, count; !pick->selected && i < pick->count; i += count) {
        count = least(pick->count - i, 64);
        const uint64_t valid = sw_sort_run_bits(pick->vector->valid, pick->from + i, count);
        sw_sort_run_set_bits(words, rows + i, valid ^ UINT64_MAX >> (64 - count));
    }
}

#define STORE(type, values)                                                                        \
    if (selected)                                                                                  \
        for (size_t i = 0; i < count; i++) ((type *)to)[i] = (type)values[selected[i]];            \
    else                                                                                           \
        for (size_t i = 0; i < count; i++) ((type *)to)[i] = (type)values[from + i];               \
    break;

#define STORE_BY_WIDTH(values)                                                                     \
    switch (column->width) {                                                                       \
    case 1:                                                                                        \
        STORE(uint8_t, values)                                                                     \
    case 2:                                                                                        \
        STORE(uint16_t, values)                                                                    \
    case 4:                                                                                        \
        STORE(uint32_t, values)                                                                    \
    case 8:                                                                                        \
        STORE(uint64_t, values)                                                                    \
    default:                                                                                       \
        STORE(sw_int128, values)                                                                   \
    }

static bool add_numbers(struct sw_sort_run_column *column, const struct pick *pick, size_t rows,
                        struct sw_error *error)
{
    if (!make_room(column, &column->offered, rows, pick->count, pick->vector->nulls > 0, error))
        return false;
    void *to = (unsigned char *)column->values.bytes + rows * column->width;
    const uint32_t *selected = pick->selected;
    const size_t from = pick->from, count = pick->count;
    if (pick->vector->wide)
        STORE_BY_WIDTH(pick->vector->wide_values)
    else if (!selected && column->width <= sizeof(int64_t))
        sw_narrow_store(to, pick->vector->narrow + from, count, 0, column->width);
    else
        STORE_BY_WIDTH(pick->vector->narrow)
    return true;
}

static bool intern(struct sw_sort_run_column *column, const struct pick *pick,
                   struct sw_error *error)
{
    const struct sw_vector *vector = pick->vector;
    if (!sw_grow(&column->codes, &column->code_capacity, vector->dictionary_size,
                 sizeof *column->codes, error))
        return false;
    for (uint32_t code = 0; code < vector->dictionary_size; code++)
        column->codes[code] = (uint32_t)NO_CODE;
    for (size_t i = 0; i < pick->count; i++) {
        size_t row = row_of(pick, i);
        uint32_t code = vector->codes[row];
        if (sw_is_null(vector, row) || column->codes[code] != (uint32_t)NO_CODE) continue;
        const struct sw_text *text = &vector->dictionary[code];
        if (!sw_builder_intern(&column->texts, text->bytes, text->length, &column->codes[code],
                               error))
            return false;
    }
    return true;
}

static bool add_texts(struct sw_sort_run_column *column, const struct pick *pick, size_t rows,
                      struct sw_error *error)
{
    if (!intern(column, pick, error)) return false;
    uint32_t size = column->texts.vector.dictionary_size;
    struct sw_sort_run_bounds bounds = {size > 0, 0, size ? size - 1 : 0};
    if (!make_room(column, &bounds, rows, pick->count, pick->vector->nulls > 0, error))
        return false;
    unsigned char *to = (unsigned char *)column->values.bytes + rows * column->width;
    for (size_t i = 0; i < pick->count; i++) {
        size_t row = row_of(pick, i);
        uint64_t code = sw_is_null(pick->vector, row) ? 0 : column->codes[pick->vector->codes[row]];
        memcpy(to + i * column->width, &code, column->width);
    }
    return true;
}

static bool add_column(struct sw_sort_run_column *column, const struct pick *pick, size_t rows,
                       struct sw_error *error)
{
    bool good = column->type == SW_TEXT ? add_texts(column, pick, rows, error)
                                        : add_numbers(column, pick, rows, error);
    if (good) add_nulls(column, pick, rows);
    return good;
}

bool sw_sort_run_offer(struct sw_sort_run *run, const struct sw_vector *const *vectors,
                       const uint32_t *selected, size_t from, size_t count, uint64_t limit_bytes,
                       size_t extra_bytes, bool *taken, struct sw_error *error)
{
    uint64_t cost = (uint64_t)extra_bytes * (run->rows + count);
    struct pick pick = {NULL, selected, from, count};
    for (size_t i = 0; i < run->column_count; i++) {
        pick.vector = vectors[i];
        cost += cost_with(&run->columns[i], &pick, run->rows);
    }
    *taken = cost <= limit_bytes;
    if (!*taken) return true;
    for (size_t i = 0; i < run->column_count; i++) {
        pick.vector = vectors[i];
        if (!add_column(&run->columns[i], &pick, run->rows, error)) return false;
    }
    run->rows += count;
    return true;
}

/* ---- moving ---- */

#define MOVE(type)                                                                                 \
    for (size_t i = 0; i < rows; i++) ((type *)to)[places[i]] = ((const type *)from)[i];           \
    break;

static bool move_values(struct sw_sort_run_column *column, struct sw_pages *spare,
                        const uint32_t *places, size_t rows, struct sw_error *error)
{
    if (!sw_pages_grow(spare, rows * column->width + SW_SORT_RUN_SLACK, error)) return false;
    struct sw_pages moved = *spare;
    void *to = moved.bytes;
    const void *from = column->values.bytes;
    switch (column->width) {
    case 1:
        MOVE(uint8_t)
    case 2:
        MOVE(uint16_t)
    case 4:
        MOVE(uint32_t)
    case 8:
        MOVE(uint64_t)
    default:
        MOVE(sw_int128)
    }
    *spare = column->values;
    column->values = moved;
    return true;
}

static bool move_nulls(struct sw_sort_run_column *column, const uint32_t *places, size_t rows,
                       struct sw_error *error)
{
    struct sw_pages moved = {0};
    if (!column->has_nulls) return true;
    if (!sw_pages_grow(&moved, (rows + 63) / 64 * 8, error)) return false;
    uint64_t *words = moved.bytes;
    for (size_t i = 0; i < rows; i++)
        words[places[i] / 64] |= (uint64_t)sw_sort_run_is_null(column, i) << places[i] % 64;
    sw_pages_free(&column->nulls);
    column->nulls = moved;
    return true;
}

bool sw_sort_run_move(struct sw_sort_run *run, const uint32_t *places, struct sw_error *error)
{
    if (run->rows == 0) return true;
    for (size_t i = 0; i < run->column_count; i++) {
        struct sw_sort_run_column *column = &run->columns[i];
        struct sw_pages *spare = &run->spares[__builtin_ctz(column->width)];
        if (!move_values(column, spare, places, run->rows, error) ||
            !move_nulls(column, places, run->rows, error))
            return false;
    }
    return true;
}
