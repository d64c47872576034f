/* SPDX-License-Identifier: ISC
 *
 * What pairs of real and simulated values come to, a line a group: counts, shares, quantiles, the
 * weighted mean with its interval; and, where they are asked for, the statistics that assume
 * independent orders.
 *
 *     if (!sw_lines_open(&lines, &pairs, error) || !sw_lines_read(&lines, error)) …
 *     … lines.lines[0 .. lines.count) …
 *     sw_lines_free(&lines);
 */
#ifndef SW_COMPARE_LINES_H
#define SW_COMPARE_LINES_H

#include "compare/pairs.h"
#include "compare/statistics.h"

enum { SW_COMPARE_QUANTILES = 5 };

/* 5, 25, 50, 75 and 95 percent. */
extern const unsigned sw_compare_percents[SW_COMPARE_QUANTILES];

/* All orders of a group, or those that the simulation gave a value. */
enum sw_compare_scope {
    SW_SCOPE_ALL,
    SW_SCOPE_MATCHED,
    SW_SCOPES,
};

struct sw_line_part {
    uint64_t n, zero, better, worse;
    sw_int128 sum, weight, weighted; /* of differences, of weights, of their products */
    sw_int128 quantiles[SW_COMPARE_QUANTILES];
    size_t clusters;
    const char *cluster_by; /* NULL: nothing to cluster by; static, or the pairs' */
    bool bounded;           /* there is an interval: */
    sw_int128 low, high;
    uint64_t walked; /* while the quantiles are found */
    sw_int128 before;
};

struct sw_line {
    size_t by;
    bool is_null, numeric;
    sw_int128 number;
    char *text; /* of the key; not NUL-ended */
    uint32_t length;
    struct sw_line_part parts[SW_SCOPES];
    uint64_t matches[SW_FILLED_UNKNOWN + 1];
    /* Of the matched orders, where they are asked for. */
    struct sw_moment_sums differences, values, ranks;
    struct sw_rank_sums signed_ranks;
    struct sw_statistic clustered_t, clustered_p;
};

struct sw_lines {
    struct sw_order_pairs *pairs; /* not owned */
    bool independent;
    struct sw_line *lines;
    size_t count, capacity;
    struct sw_row_sorter clusters,
        values; /* the pairs by line and cluster; by line and difference */
    struct sw_row_sorter sizes, ordered[2]; /* by line and size of difference; by line and value */
    struct sw_row_sorter ranks[2];          /* ranks of values, by line and pair */
};

/* SW_SYSTEM: memory. Zero-initialize before, free in any case; the pairs stay while it is used. */
bool sw_lines_open(struct sw_lines *lines, struct sw_order_pairs *pairs, bool independent,
                   struct sw_error *error) SW_CHECKED;

/* Goes through the pairs, which were read. SW_DATA: a sum does not fit 128 bits. */
bool sw_lines_read(struct sw_lines *lines, struct sw_error *error) SW_CHECKED;

void sw_lines_free(struct sw_lines *lines);

/* The columns that all sorters here begin with. */
enum { SW_LINE_BY, SW_LINE_NUMBER, SW_LINE_TEXT, SW_LINE_KEYS };

#endif
