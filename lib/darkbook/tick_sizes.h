/* SPDX-License-Identifier: ISC
 *
 * The tick of each security: from a file, or, where that has none of it, the largest step that all
 * prices of its orders are multiples of. Securities come in their order: first all of them with
 * their prices, then again to be asked.
 *
 *     for each security: for each price sw_tick_sizes_see(&ticks, price); sw_tick_sizes_keep(&ticks, error)
 *     for each security again: sw_tick_sizes_turn(&ticks, vector, row, error) … sw_tick_at(&ticks, price)
 */
#ifndef SW_DARKBOOK_TICK_SIZES_H
#define SW_DARKBOOK_TICK_SIZES_H

#include "sort/sort_keys.h"
#include "stream/reader.h"

struct sw_tick_step {
    sw_int128 from, tick; /* from this price on, ÷ 10^scale of the prices */
};

#define SW_TICK_FROM_ALL ((sw_int128)((unsigned __int128)1 << 127)) /* from any price on */

enum { SW_TICK_SECURITY, SW_TICK_PRICE, SW_TICK_SIZE, SW_TICK_COLUMNS };

struct sw_tick_sizes {
    int scale;         /* of prices and ticks */
    uint64_t unsaid;   /* securities whose tick is from their prices */
    sw_int128 divisor; /* the greatest common one of the prices since the last security; 0: none */
    sw_int128 *seen;   /* those of the securities that were kept, as they came */
    size_t seen_count, seen_capacity, turn;
    struct sw_tick_step *steps; /* of the current security */
    size_t step_count, step_capacity;
    const char *path; /* NULL: no file */
    struct sw_reader reader;
    int columns[SW_TICK_COLUMNS];
    const struct sw_vector *vectors[SW_TICK_COLUMNS];
    const struct sw_vector **by_column;
    struct sw_sort_key keys[2];
    struct sw_sorted sorted;
    size_t rows, at;
};

/* The file is a record stream with security_code, price (from which a tick holds) and tick, sorted
 * by the first two; NULL: there is none. SW_DATA: it is none, or its security is of another type.
 * Zero-initialize before; free in any case. */
bool sw_tick_sizes_open(struct sw_tick_sizes *ticks, const char *path,
                        const struct sw_column *security, int scale,
                        struct sw_error *error) SW_CHECKED;

/* A price of the security; there are no more of it, and it will be asked for, or will not. */
void sw_tick_sizes_see(struct sw_tick_sizes *ticks, sw_int128 price);
bool sw_tick_sizes_keep(struct sw_tick_sizes *ticks, struct sw_error *error) SW_CHECKED;
void sw_tick_sizes_forget(struct sw_tick_sizes *ticks);

/* Goes to the next security that was kept, which stands at the vector's row. SW_DATA: the file is out of order, or
 * a tick is not above 0 or finer than prices. */
bool sw_tick_sizes_turn(struct sw_tick_sizes *ticks, const struct sw_vector *security, size_t row,
                        struct sw_error *error) SW_CHECKED;

/* The tick at a price; 0: not known. */
sw_int128 sw_tick_at(const struct sw_tick_sizes *ticks, sw_int128 price);

void sw_tick_sizes_free(struct sw_tick_sizes *ticks);

#endif
