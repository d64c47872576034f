/* SPDX-License-Identifier: ISC
 *
 * The ranks of the pairs of each line, equal values having the mean of theirs: of the sizes of
 * differences, and of real and simulated values.
 */
#ifndef SW_COMPARE_RANKS_H
#define SW_COMPARE_RANKS_H

#include "compare/lines.h"

/* What is after a line's columns in a sorter of values: the value, then the number of the pair (of sizes:
 * 1 where the difference is above 0); in one of ranks the pair, then twice its rank. */
enum { SW_RANK_VALUE = SW_LINE_KEYS, SW_RANK_PAIR, SW_RANK_COLUMNS };

/* Opens the sorters; adds the current pair to them under the key of a line. */
bool sw_ranks_open(struct sw_lines *lines, struct sw_error *error) SW_CHECKED;
bool sw_ranks_add(struct sw_lines *lines, size_t by, const struct sw_order_pair_key *key,
                  uint64_t pair, struct sw_error *error) SW_CHECKED;

/* Once all lines are known: fills their sums of ranks. SW_DATA: a sum does not fit 128 bits. */
bool sw_ranks_read(struct sw_lines *lines, struct sw_error *error) SW_CHECKED;

void sw_ranks_free(struct sw_lines *lines);

#endif
