/* SPDX-License-Identifier: ISC
 *
 * The life of one made-up order apart from its trades: its messages, how it comes to rest, is
 * updated, cancelled, purged, and comes back the next evening. See generate/trades.h for the rest
 * of its life.
 */
#ifndef SW_GENERATE_ORDERS_H
#define SW_GENERATE_ORDERS_H

#include "generate/market.h"

/* Puts an order to rest, and reserves the row that will end it, if it is for the day. Where the
 * list is full another one makes room, cancelled. Takes two rows of the room at most. */
void sw_gen_rest(struct sw_gen_market *market, struct sw_gen_security *security, int where,
                 const struct sw_gen_order *order);

/* Takes an order out of its list, with the row that it had reserved. Call it before the row is
 * written. */
void sw_gen_leave(struct sw_gen_market *market, struct sw_gen_list *list, int place);

/* One order, visible, as the market is closed: prices may cross. Two messages; takes four rows of
 * the room at most. */
void sw_gen_enter_early(struct sw_gen_market *market, struct sw_gen_security *security);

/* The last order, where fewer rows are due than one may take: one message or two, and it rests only
 * where that is as many as there are. */
void sw_gen_enter_last(struct sw_gen_market *market, struct sw_gen_security *security);

/* An order that was entered before the first day comes back: two messages and it rests, or three
 * and it does not. Takes four rows of the room at most. */
void sw_gen_reload_older(struct sw_gen_market *market, struct sw_gen_security *security);

/* A resting order comes back: two messages. */
void sw_gen_reload(struct sw_gen_market *market, const struct sw_gen_security *security,
                   const struct sw_gen_order *order);

/* A price that waits beside the best of its side; it meets no visible order. */
int32_t sw_gen_passive_price(struct sw_gen_market *market, const struct sw_gen_security *security,
                             int side);

/* A price of an order for the dark: at the best of its side, or further away. */
int32_t sw_gen_dark_price(struct sw_gen_market *market, const struct sw_gen_security *security,
                          int side);

/* A restless order is updated, by two messages, or one where that is all the room; false where
 * there is none. */
bool sw_gen_update(struct sw_gen_market *market, struct sw_gen_security *security);

/* One message of any resting order of the security, the last one that there is room for; false
 * where there is none. */
bool sw_gen_repeat(struct sw_gen_market *market, struct sw_gen_security *security);

/* A resting order is cancelled, by one message; false where there is none. */
bool sw_gen_cancel(struct sw_gen_market *market, struct sw_gen_security *security);

/* One order of the day is purged, by one message; false where there is none left. Orders that stay
 * are kept while few enough are. */
bool sw_gen_purge(struct sw_gen_market *market, struct sw_gen_security *security);

#endif
