/* SPDX-License-Identifier: ISC
 *
 * Orders with a real value and a simulated one, as pairs: by how much the simulated one is better, what
 * the order weighs, how much of it was filled in both, and what it is grouped and clustered by. The
 * first pass reads the orders and finds the quartiles of their quantities; the second goes through the
 * pairs.
 *
 *     if (!sw_order_pairs_open(&pairs, &reader, &settings, error) || !sw_order_pairs_read(&pairs, error)) …
 *     while ((step = sw_order_pairs_next(&pairs, error)) == SW_ROWS)
 *         … pairs.pair.difference, sw_order_pairs_key(&pairs, by, &key) …
 *     sw_order_pairs_free(&pairs);
 */
#ifndef SW_COMPARE_PAIRS_H
#define SW_COMPARE_PAIRS_H

#include "sort/row_sorter.h"
#include "view/projection.h"

enum {
    SW_VALUE_SCALE = 6, /* of values and differences */
    SW_CLUSTER_KINDS = 3,
    SW_KEYS_MOST = 16, /* groupings by columns */
};

struct sw_compare_settings {
    const char *real, *simulated; /* columns, or NAME=EXPR */
    bool costs;                   /* the values are costs, the lower the better; else prices */
    const char *weight; /* a column; NULL: traded_value where there is one, else all weigh 1 */
    const char *real_quantity,
        *simulated_quantity; /* columns; NULL: traded_quantity, matched_quantity */
    const char *keys;        /* what to group by; NULL: date, security_code, where there are such */
    const char *cluster;     /* NULL: date, security_code, participantid, where there are such */
    struct sw_view_settings view;
    uint64_t memory_bytes; /* of each sorter */
    const char *folder;
};

/* How much of an order the simulation fills. */
enum sw_order_pair_match {
    SW_FILLED_NONE,
    SW_FILLED_PARTIAL, /* more than nothing */
    SW_FILLED_CLOSE,   /* within 5% of what was really filled */
    SW_FILLED_EXACT,   /* the same */
    SW_FILLED_UNKNOWN, /* quantities are not told */
};

struct sw_order_pair {
    bool matched; /* there is a simulated value; else it is as the real one, and the difference 0 */
    sw_int128 real, simulated; /* in millionths, as the next */
    sw_int128 difference;      /* above 0: the simulated is better */
    sw_int128 weight;
    enum sw_order_pair_match match;
    int quartile; /* of the orders' quantities, 1 to 4; 0: no quantity */
};

/* What a line or a cluster is of: numbers and dates in their order, texts as bytes. */
struct sw_order_pair_key {
    bool is_null, numeric;
    sw_int128 number;
    char shown[64];      /* a number as text … */
    struct sw_text text; /* … to which this points, or to the text; until the next pair */
};

struct sw_order_pairs {
    const struct sw_compare_settings *settings; /* not owned */
    struct sw_reader *reader;                   /* not owned */
    struct sw_view view;
    struct sw_columns keys;
    int real, simulated, weight, side, quantity, filled[2],
        clusters[SW_CLUSTER_KINDS]; /* handles; −1: none */
    size_t cluster_kinds;
    const char *cluster_names[SW_CLUSTER_KINDS];
    struct sw_row_sorter kept, quantities;
    sw_int128 bounds[3]; /* the largest quantity of the first three quartiles */
    struct sw_order_pair pair;
    uint64_t pairs, without_real; /* without: no real value or side, and so left out */
    uint64_t sized;               /* pairs with a quantity */
};

/* SW_USAGE: a column that is not there or no number; SW_DATA: one that is needed is missing.
 * Zero-initialize before, free in any case. */
bool sw_order_pairs_open(struct sw_order_pairs *pairs, struct sw_reader *reader,
                         const struct sw_compare_settings *settings,
                         struct sw_error *error) SW_CHECKED;

/* Reads the orders to their end. SW_DATA: a weight below 0, a value out of range. */
bool sw_order_pairs_read(struct sw_order_pairs *pairs, struct sw_error *error) SW_CHECKED;

/* Goes to the next pair. */
enum sw_step sw_order_pairs_next(struct sw_order_pairs *pairs, struct sw_error *error);

/* Lines are by everything (0), by each key from 1 on, and by quartile after the last, where there are
 * quantities: how many kinds, what each is called, and the current pair's key. */
size_t sw_order_pairs_groupings(const struct sw_order_pairs *pairs);
const char *sw_order_pairs_grouping(const struct sw_order_pairs *pairs, size_t by);
void sw_order_pairs_key(const struct sw_order_pairs *pairs, size_t by,
                        struct sw_order_pair_key *key);

/* The current pair's cluster of a kind. */
void sw_order_pairs_cluster(const struct sw_order_pairs *pairs, size_t kind,
                            struct sw_order_pair_key *key);

void sw_order_pairs_free(struct sw_order_pairs *pairs);

#endif
