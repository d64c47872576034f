/* SPDX-License-Identifier: ISC
 *
 * Rows held in memory as compactly as sorting allows: a column's values lie after one another in
 * the narrowest of 1, 2, 4, 8 or 16 bytes that tells the values from the smallest to the largest
 * apart; texts are codes into one dictionary a column. Knows nothing of order; sort/sort_run_order.h
 * finds it.
 *
 *     value = low + ((stored - low) mod 256^width)
 *
 * so that a value is stored by cutting it off, and a new smallest or largest one changes nothing
 * until the width has to grow.
 */
#ifndef SW_SORT_SORT_RUN_H
#define SW_SORT_SORT_RUN_H

#include "base/pages.h"
#include "record/vector.h"

enum {
    SW_SORT_RUN_WIDTHS = 5,
    SW_SORT_RUN_SLACK = 8, /* bytes after the last value that its neighbours' moves may touch */
};

struct sw_sort_run_column {
    enum sw_type type;
    int scale;
    unsigned width;      /* bytes of a stored value */
    bool bounded;        /* there is a value that is not null */
    sw_int128 low, high; /* the smallest and the largest value; of text: code */
    struct sw_sort_run_bounds {
        bool any;
        sw_int128 low, high;
    } offered; /* the same with the rows that are offered */
    struct sw_pages values;
    bool has_nulls;
    struct sw_pages nulls; /* a bit a row, 1 where null; covers all rows once has_nulls */
    struct sw_builder texts;
    uint32_t *codes; /* scratch: by code of another dictionary, the code in this one */
    size_t code_capacity;
};

struct sw_sort_run {
    struct sw_sort_run_column *columns; /* one per column of the schema */
    size_t column_count, rows;
    /* What sw_sort_run_move puts a column's values into, by the logarithm of their width: the place
     * that they leave is the next column's, so that few pages are touched for the first time. */
    struct sw_pages spares[SW_SORT_RUN_WIDTHS];
};

/* False with SW_SYSTEM: no memory. Free with sw_sort_run_free in any case; zero-initialize before.
 */
bool sw_sort_run_init(struct sw_sort_run *run, const struct sw_schema *schema,
                      struct sw_error *error) SW_CHECKED;
void sw_sort_run_free(struct sw_sort_run *run);

/* Says that rows are reached into at random: large pages are asked for (base/pages.h). Before rows are
 * offered. */
void sw_sort_run_large(struct sw_sort_run *run);

/* Adds rows of vectors, one per column: those in selected[0..count), or `count` from row `from` on
 * for NULL. *taken is false, and nothing was added, where the run would come to more than
 * limit_bytes, counting extra_bytes a row for the caller's own use. */
bool sw_sort_run_offer(struct sw_sort_run *run, const struct sw_vector *const *vectors,
                       const uint32_t *selected, size_t from, size_t count, uint64_t limit_bytes,
                       size_t extra_bytes, bool *taken, struct sw_error *error) SW_CHECKED;

/* Moves every row i to places[i], each of 0..rows once. Column by column, and read in order: where the
 * places are those of few heaps that grow, all of it stays in caches. SW_SYSTEM: memory, and the run
 * is of no use any more. */
bool sw_sort_run_move(struct sw_sort_run *run, const uint32_t *places,
                      struct sw_error *error) SW_CHECKED;

/* Forgets all rows and texts. */
bool sw_sort_run_reset(struct sw_sort_run *run, struct sw_error *error) SW_CHECKED;

static inline bool sw_sort_run_is_null(const struct sw_sort_run_column *column, size_t row)
{
    return column->has_nulls &&
           (((const uint64_t *)column->nulls.bytes)[row / 64] >> (row % 64) & 1);
}

/* Bits of a bitmap from `at` on, `count` of them (1 to 64), the first one lowest. */
static inline uint64_t sw_sort_run_bits(const uint64_t *words, size_t at, size_t count)
{
    const unsigned shift = at % 64;
    uint64_t bits = words[at / 64] >> shift;
    if (shift + count > 64) bits |= words[at / 64 + 1] << (64 - shift);
    return bits & UINT64_MAX >> (64 - count);
}

/* Sets those that are 1 of such bits. */
static inline void sw_sort_run_set_bits(uint64_t *words, size_t at, uint64_t bits)
{
    const unsigned shift = at % 64;
    words[at / 64] |= bits << shift;
    if (shift && bits >> (64 - shift)) words[at / 64 + 1] |= bits >> (64 - shift);
}

/* The distance of the value at a row from the smallest one; anything where it is null. */
static inline sw_uint128 sw_sort_run_distance(const struct sw_sort_run_column *column, size_t row)
{
    const void *values = column->values.bytes;
    switch (column->width) {
    case 1:
        return (uint8_t)(((const uint8_t *)values)[row] - (uint8_t)column->low);
    case 2:
        return (uint16_t)(((const uint16_t *)values)[row] - (uint16_t)column->low);
    case 4:
        return (uint32_t)(((const uint32_t *)values)[row] - (uint32_t)column->low);
    case 8:
        return ((const uint64_t *)values)[row] - (uint64_t)column->low;
    default:
        return ((const sw_uint128 *)values)[row] - (sw_uint128)column->low;
    }
}

/* A block of rows taken out of a run. */
struct sw_sort_run_block {
    struct sw_vector *columns;        /* one per column */
    const struct sw_vector **vectors; /* point to them */
    size_t column_count, capacity;    /* in rows */
    bool *left_out;                   /* by column: it is not gathered; all false at first */
    struct sw_sort_run_block_space *spaces;
};

/* False with SW_SYSTEM: no memory. capacity: rows of a block at most. Zero-initialize before; free
 * in any case. */
bool sw_sort_run_block_init(struct sw_sort_run_block *block, const struct sw_sort_run *run,
                            size_t capacity, struct sw_error *error) SW_CHECKED;
void sw_sort_run_block_free(struct sw_sort_run_block *block);

/* How many of rows[0..count) have at most text_limit_bytes of text together, at least 1. */
size_t sw_sort_run_fit(const struct sw_sort_run *run, const uint32_t *rows, size_t count,
                       size_t text_limit_bytes);

/* Fills the block's vectors with the run's rows rows[0..count), count ≤ capacity. They live until
 * the next gather. */
bool sw_sort_run_gather(struct sw_sort_run_block *block, const struct sw_sort_run *run,
                        const uint32_t *rows, size_t count, struct sw_error *error) SW_CHECKED;

#endif
