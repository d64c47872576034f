/* SPDX-License-Identifier: ISC */
#include "base/memory.h"
#include "kernels/narrow.h"
#include "sort/sort_run.h"

/* Where the values of a block's column are. */
struct sw_sort_run_block_space {
    void *values; /* 16 bytes a row where the run's column needs them, else 8, or 4 for codes */
    size_t values_capacity;
    uint64_t *valid;
    struct sw_text *dictionary;
    size_t dictionary_capacity;
    uint32_t *places; /* by code of the run, the code in the block + 1, else 0 */
    size_t place_count;
};

bool sw_sort_run_block_init(struct sw_sort_run_block *block, const struct sw_sort_run *run,
                            size_t capacity, struct sw_error *error)
{
    *block = (struct sw_sort_run_block){.column_count = run->column_count, .capacity = capacity};
    block->columns = sw_alloc(run->column_count, sizeof *block->columns, error);
    block->vectors = sw_alloc(run->column_count, sizeof *block->vectors, error);
    block->spaces = sw_alloc(run->column_count, sizeof *block->spaces, error);
    block->left_out = sw_alloc(run->column_count, sizeof *block->left_out, error);
    if (!block->columns || !block->vectors || !block->spaces || !block->left_out) return false;
    for (size_t i = 0; i < run->column_count; i++) {
        block->columns[i].type = run->columns[i].type;
        block->columns[i].scale = run->columns[i].scale;
        block->vectors[i] = &block->columns[i];
        block->spaces[i].valid = sw_alloc((capacity + 63) / 64, sizeof(uint64_t), error);
        if (!block->spaces[i].valid) return false;
    }
    return true;
}

void sw_sort_run_block_free(struct sw_sort_run_block *block)
{
    for (size_t i = 0; block->spaces && i < block->column_count; i++) {
        struct sw_sort_run_block_space *space = &block->spaces[i];
        free(space->values);
        free(space->valid);
        free(space->dictionary);
        free(space->places);
    }
    free(block->spaces);
    free(block->columns);
    free(block->vectors);
    free(block->left_out);
    *block = (struct sw_sort_run_block){0};
}

/* Rows that are taken out are often some stretches of rows as they came. */
enum { STRETCHES_MOST = 64, STRETCH_WORTH = 32 /* rows, on average */ };
struct stretches {
    uint32_t first[STRETCHES_MOST], length[STRETCHES_MOST];
    size_t count; /* 0: they are not */
};

static void find_stretches(struct stretches *stretches, const uint32_t *rows, size_t count)
{
    stretches->count = 0;
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || rows[i] != rows[i - 1] + 1) {
            if (stretches->count == STRETCHES_MOST) break;
            stretches->first[stretches->count] = rows[i];
            stretches->length[stretches->count++] = 0;
        }
        stretches->length[stretches->count - 1]++;
    }
    if (stretches->count == STRETCHES_MOST || stretches->count * STRETCH_WORTH > count)
        stretches->count = 0;
}

/* The bits of the rows that are null, one behind the other. */
static void gather_null_bits(uint64_t *to, const struct sw_sort_run_column *column,
                             const uint32_t *rows, size_t count, const struct stretches *stretches)
{
    const uint64_t *nulls = column->nulls.bytes;
    memset(to, 0, (count + 63) / 64 * sizeof *to);
    for (size_t i = 0; !stretches->count && i < count; i++)
        to[i / 64] |= (nulls[rows[i] / 64] >> rows[i] % 64 & 1) << i % 64;
    for (size_t i = 0, at = 0, done, part; i < stretches->count; i++)
        for (done = 0; done < stretches->length[i]; done += part, at += part) {
            part = stretches->length[i] - done < 64 ? stretches->length[i] - done : 64;
            sw_sort_run_set_bits(to, at, sw_sort_run_bits(nulls, stretches->first[i] + done, part));
        }
}

static void gather_nulls(struct sw_vector *vector, struct sw_sort_run_block_space *space,
                         const struct sw_sort_run_column *column, const uint32_t *rows,
                         size_t count, const struct stretches *stretches)
{
    vector->nulls = 0;
    vector->valid = NULL;
    if (!column->has_nulls) return;
    gather_null_bits(space->valid, column, rows, count, stretches);
    for (size_t from = 0; from < count; from += 64) {
        const size_t most = count - from < 64 ? count - from : 64;
        uint64_t *word = &space->valid[from / 64];
        vector->nulls += (size_t)__builtin_popcountll(*word);
        *word = ~*word & UINT64_MAX >> (64 - most);
    }
    if (vector->nulls) vector->valid = space->valid;
}

static void clear_value(struct sw_vector *vector, size_t row)
{
    if (vector->type == SW_TEXT)
        vector->codes[row] = 0;
    else if (vector->wide)
        vector->wide_values[row] = 0;
    else
        vector->narrow[row] = 0;
}

/* What stands in a null's place is 0. */
static void clear_nulls(struct sw_vector *vector, size_t count)
{
    for (size_t from = 0; vector->nulls && from < count; from += 64) {
        const size_t most = count - from < 64 ? count - from : 64;
        uint64_t nulls = ~vector->valid[from / 64] & UINT64_MAX >> (64 - most);
        for (; nulls; nulls &= nulls - 1)
            clear_value(vector, from + (size_t)__builtin_ctzll(nulls));
    }
}

/* What is added to stored values to get values: one number, where they do not begin again at 0 between the smallest and the largest. */
static bool has_base(const struct sw_sort_run_column *column, uint64_t *base)
{
    const uint64_t most = UINT64_MAX >> (64 - 8 * column->width), low = (uint64_t)column->low;
    *base = low & ~most;
    return (uint64_t)column->high - *base <= most;
}

static void gather_stretches(int64_t *to, const struct sw_sort_run_column *column, uint64_t base,
                             const struct stretches *stretches)
{
    const unsigned char *from = column->values.bytes;
    for (size_t i = 0; i < stretches->count; to += stretches->length[i++])
        sw_narrow_load(to, from + (size_t)stretches->first[i] * column->width, stretches->length[i],
                       base, column->width);
}

#define GATHER(stored)                                                                             \
    {                                                                                              \
        const stored *from = column->values.bytes, base = (stored)column->low;                     \
        for (size_t i = 0; i < count; i++)                                                         \
            to[i] = (int64_t)((uint64_t)low + (stored)(from[rows[i]] - base));                     \
        break;                                                                                     \
    }

static void gather_narrow(int64_t *to, const struct sw_sort_run_column *column,
                          const uint32_t *rows, size_t count, const struct stretches *stretches)
{
    int64_t low = (int64_t)column->low;
    uint64_t start;
    if (stretches->count && has_base(column, &start)) {
        gather_stretches(to, column, start, stretches);
        return;
    }
    switch (column->width) {
    case 1:
        GATHER(uint8_t)
    case 2:
        GATHER(uint16_t)
    case 4:
        GATHER(uint32_t)
    default:
        GATHER(uint64_t)
    }
}

static void gather_wide(sw_int128 *to, const struct sw_sort_run_column *column,
                        const uint32_t *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        to[i] = (sw_int128)((sw_uint128)column->low + sw_sort_run_distance(column, rows[i]));
}

static bool gather_numbers(struct sw_vector *vector, struct sw_sort_run_block_space *space,
                           const struct sw_sort_run_column *column, const uint32_t *rows,
                           size_t count, const struct stretches *stretches, size_t capacity,
                           struct sw_error *error)
{
    vector->wide = column->low < INT64_MIN || column->high > INT64_MAX;
    if (!sw_grow(&space->values, &space->values_capacity, capacity * (vector->wide ? 16 : 8), 1,
                 error))
        return false;
    vector->narrow = vector->wide ? NULL : space->values;
    vector->wide_values = vector->wide ? space->values : NULL;
    if (vector->wide)
        gather_wide(vector->wide_values, column, rows, count);
    else
        gather_narrow(vector->narrow, column, rows, count, stretches);
    return true;
}

/* The run's dictionary may be far larger than the block: the block gets one of its own. */
static bool make_places(struct sw_sort_run_block_space *space, const struct sw_vector *texts,
                        size_t capacity, struct sw_error *error)
{
    size_t most = texts->dictionary_size < capacity ? texts->dictionary_size : capacity;
    if (!sw_grow(&space->dictionary, &space->dictionary_capacity, most, sizeof *space->dictionary,
                 error))
        return false;
    if (space->place_count >= texts->dictionary_size) return true;
    free(space->places);
    space->place_count = texts->dictionary_size;
    space->places = sw_alloc(space->place_count, sizeof *space->places, error);
    if (!space->places) space->place_count = 0;
    return space->places != NULL;
}

static bool gather_texts(struct sw_vector *vector, struct sw_sort_run_block_space *space,
                         const struct sw_sort_run_column *column, const uint32_t *rows,
                         size_t count, size_t capacity, struct sw_error *error)
{
    const struct sw_vector *texts = &column->texts.vector;
    if (!sw_grow(&space->values, &space->values_capacity, capacity * sizeof(uint32_t), 1, error) ||
        !make_places(space, texts, capacity, error))
        return false;
    vector->codes = space->values;
    vector->dictionary = space->dictionary;
    vector->dictionary_size = 0;
    for (size_t i = 0; i < count; i++) {
        vector->codes[i] = 0;
        if (vector->nulls && sw_is_null(vector, i)) continue;
        uint32_t *place = &space->places[(size_t)sw_sort_run_distance(column, rows[i])];
        if (!*place) {
            space->dictionary[vector->dictionary_size] = texts->dictionary[place - space->places];
            *place = ++vector->dictionary_size;
        }
        vector->codes[i] = *place - 1;
    }
    for (size_t i = 0; i < count; i++)
        if (!(vector->nulls && sw_is_null(vector, i)))
            space->places[(size_t)sw_sort_run_distance(column, rows[i])] = 0;
    return true;
}

static size_t fit_column(const struct sw_sort_run_column *column, const uint32_t *rows,
                         size_t count, size_t limit_bytes)
{
    const struct sw_text *texts = column->texts.vector.dictionary;
    size_t bytes = 0;
    for (size_t i = 0; i < count; i++) {
        if (sw_sort_run_is_null(column, rows[i])) continue;
        bytes += texts[(size_t)sw_sort_run_distance(column, rows[i])].length;
        if (bytes > limit_bytes) return i ? i : 1;
    }
    return count;
}

size_t sw_sort_run_fit(const struct sw_sort_run *run, const uint32_t *rows, size_t count,
                       size_t text_limit_bytes)
{
    size_t texts = 0;
    for (size_t i = 0; i < run->column_count; i++) texts += run->columns[i].type == SW_TEXT;
    for (size_t i = 0; i < run->column_count; i++)
        if (run->columns[i].type == SW_TEXT)
            count = fit_column(&run->columns[i], rows, count, text_limit_bytes / texts);
    return count;
}

bool sw_sort_run_gather(struct sw_sort_run_block *block, const struct sw_sort_run *run,
                        const uint32_t *rows, size_t count, struct sw_error *error)
{
    struct stretches stretches;
    find_stretches(&stretches, rows, count);
    for (size_t i = 0; i < run->column_count; i++) {
        struct sw_vector *vector = &block->columns[i];
        struct sw_sort_run_block_space *space = &block->spaces[i];
        const struct sw_sort_run_column *column = &run->columns[i];
        if (block->left_out[i]) continue;
        vector->rows = count;
        gather_nulls(vector, space, column, rows, count, &stretches);
        bool good = vector->type == SW_TEXT
                        ? gather_texts(vector, space, column, rows, count, block->capacity, error)
                        : gather_numbers(vector, space, column, rows, count, &stretches,
                                         block->capacity, error);
        if (!good) return false;
        clear_nulls(vector, count);
    }
    return true;
}
