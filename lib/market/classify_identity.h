/* SPDX-License-Identifier: ISC
 *
 * Finds an order_id that appears under two securities. The events come sorted by security, so the
 * two may be far apart: the ids are collected and sorted (sort/sorter.h), in memory that is
 * bounded for any number of orders.
 */
#ifndef SW_MARKET_CLASSIFY_IDENTITY_H
#define SW_MARKET_CLASSIFY_IDENTITY_H

#include "market/classify_events.h"
#include "sort/sorter.h"

struct sw_identity {
    struct sw_schema schema; /* order_id, security_code, row */
    struct sw_sorter sorter;
    struct sw_builder rows; /* numbers of the block's rows where orders begin */
    struct sw_builder
        last[2]; /* order_id and security_code of the row before, while the sorted ids are read */
    struct sw_builder security; /* the first one of all */
    bool several;               /* there was another */
};

/* For events of this schema; the sorter's temporary files go into `folder`. Zero-initialize before,
 * free in any case. SW_SYSTEM. */
bool sw_identity_open(struct sw_identity *identity, const struct sw_event_fold *fold,
                      const char *folder, struct sw_error *error) SW_CHECKED;

/* Takes the orders that begin in the fold's current block, once all of them were had. */
bool sw_identity_add(struct sw_identity *identity, const struct sw_event_fold *fold,
                     struct sw_error *error) SW_CHECKED;

/* After the last block. SW_DATA with file and row of the second appearance: an order is of two
 * securities. */
bool sw_identity_check(struct sw_identity *identity, const struct sw_event_fold *fold,
                       struct sw_error *error) SW_CHECKED;

void sw_identity_free(struct sw_identity *identity);

#endif
