/* SPDX-License-Identifier: ISC
 *
 * The order of values: numbers as numbers, texts by bytes, sizes (<=1K, 1K-5K, >50K) by their
 * bounds, null first. Works on ids of interned values, so that a million of them are put in order by
 * counting, not by comparing.
 */
#ifndef SW_DISTINCT_VALUE_ORDER_H
#define SW_DISTINCT_VALUE_ORDER_H

#include "distinct/intern.h"

/* The rank of each id among the values, as an array of intern->count: 0 for null. With `sizes`,
 * texts that are sizes come first, by their bounds. The caller frees *ranks. SW_SYSTEM: no memory.
 */
bool sw_order_ranks(const struct sw_intern *intern, bool sizes, uint32_t **ranks,
                    struct sw_error *error) SW_CHECKED;

/* The ids of all values but null, intern->count - 1 of them, in that order. The caller frees *ids.
 * SW_SYSTEM: no memory. */
bool sw_order_ids(const struct sw_intern *intern, bool sizes, uint32_t **ids,
                  struct sw_error *error) SW_CHECKED;

/* Puts order[0..count) in the order of keys[order[i]], those with equal keys staying as they were.
 * SW_SYSTEM: no memory. */
bool sw_order_by(uint32_t *order, size_t count, const uint32_t *keys,
                 struct sw_error *error) SW_CHECKED;

#endif
