/* SPDX-License-Identifier: ISC
 *
 * The order of a run's rows. All keys of a row are one long binary number, cut into 64-bit words: a
 * bit for "not null" where the run has nulls, then the value's distance from the smallest one in as
 * many bits as the largest needs, key after key, all bits turned over where descending. Texts
 * stand in it by their rank. The rows are sorted by the first word; only those that agree in it are
 * looked at again, by the next.
 *
 *     security 17 bits │ order 61 bits │ time 47 bits …
 *     ├────────── word 0 ──────────┼───────── word 1 …
 */
#ifndef SW_SORT_SORT_RUN_ORDER_H
#define SW_SORT_SORT_RUN_ORDER_H

#include "sort/sort_run.h"

enum { SW_ORDER_ROW_BYTES = 24 }; /* a row, while the order is sought */

struct sw_sort_run_order {
    const uint32_t *rows;    /* the run's rows in order, after sw_sort_run_order_find */
    struct sw_pages entries; /* rows points into it */
};

/* Finds the stable order of the run's rows by keys (columns of the run). SW_SYSTEM: memory.
 * Zero-initialize before, may be used again and again; free with sw_sort_run_order_free in any
 * case. */
bool sw_sort_run_order_find(struct sw_sort_run_order *order, const struct sw_sort_run *run,
                            const struct sw_sort_key *keys, size_t key_count,
                            struct sw_error *error) SW_CHECKED;

/* Brings the run's rows into the order that was found, so that order->rows are 0, 1, 2, …; does nothing where they are few, or too wide for
 * the room that finding the order took. Rows that are read as they came are mostly written one behind the other, a security's or an
 * order's; taken out in order each would be reached for afar. SW_SYSTEM: memory, and the run is of no use any more. */
bool sw_sort_run_order_apply(struct sw_sort_run_order *order, struct sw_sort_run *run,
                             struct sw_error *error) SW_CHECKED;

void sw_sort_run_order_free(struct sw_sort_run_order *order);

#endif
