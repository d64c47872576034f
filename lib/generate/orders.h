/* SPDX-License-Identifier: ISC
 *
 * The life of one made-up order apart from its trades: who enters it, at what price and size, and
 * how it is changed, cancelled and put to rest in the book. See generate_trades.h for the rest of
 * its life.
 */
#ifndef SW_GENERATE_ORDERS_H
#define SW_GENERATE_ORDERS_H

#include "generate/market.h"

/* A new order, not yet entered: id, side, participant, quantity and whether it stays are drawn; it
 * has no price. */
struct sw_gen_order sw_gen_new_order(struct sw_gen_market *market, uint16_t type);

/* Types of orders that rest in the dark, drawn. */
uint16_t sw_gen_dark_type(struct sw_gen_market *market);

/* Writes an event of an order as it is. */
void sw_gen_record(struct sw_gen_market *market, const struct sw_gen_security *security,
                   const struct sw_gen_order *order, struct sw_gen_event event);

/* Writes that an order is cancelled: nothing is left of it. */
void sw_gen_record_cancel(struct sw_gen_market *market, const struct sw_gen_security *security,
                          const struct sw_gen_order *order);

/* Puts an order that was entered to rest. Where the list is full another one makes room: cancelled,
 * or never heard of again. */
void sw_gen_rest(struct sw_gen_market *market, struct sw_gen_security *security, int where,
                 const struct sw_gen_order *order);

/* One order event or two, as the market is closed: prices may cross. */
void sw_gen_enter_early(struct sw_gen_market *market, struct sw_gen_security *security);

/* One order event or two: an order beside the best price of its side, visible, that meets none. */
void sw_gen_enter_passive(struct sw_gen_market *market, struct sw_gen_security *security);

/* One event of a resting order; false where there is none. */
bool sw_gen_change(struct sw_gen_market *market, struct sw_gen_security *security);
bool sw_gen_cancel(struct sw_gen_market *market, struct sw_gen_security *security);

#endif
