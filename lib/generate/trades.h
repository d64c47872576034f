/* SPDX-License-Identifier: ISC
 *
 * How made-up orders meet: in an auction, with those that rest in the book or in the dark, after
 * the close, or beside the market, of which there is only a report. Two orders of one participant
 * with its crossing key are booked instead.
 */
#ifndef SW_GENERATE_TRADES_H
#define SW_GENERATE_TRADES_H

#include "generate/market.h"

/* How an order is entered while there is trading. */
enum sw_gen_way {
    SW_GEN_PASSIVE, /* beside the best price of its side */
    SW_GEN_TAKING,  /* at the best price of the other side */
};

/* Enters an order that trades with what it finds where its type looks (in the dark, in the book, or
 * in the dark first), then rests with what is left, or is over. Two messages of its own; takes four
 * rows of the room at most, and what its trades need where there is room for it. */
void sw_gen_enter(struct sw_gen_market *market, struct sw_gen_security *security, uint16_t type,
                  enum sw_gen_way way);

/* Two resting orders in the dark that a quote has brought together trade; false without a row where
 * there are none, or no room. */
bool sw_gen_meet(struct sw_gen_market *market, struct sw_gen_security *security);

/* Trades all visible orders that cross, at one price, while there is room. */
void sw_gen_auction(struct sw_gen_market *market, struct sw_gen_security *security);

/* Two orders trade after the close, at one price: five events. */
void sw_gen_after_close(struct sw_gen_market *market, struct sw_gen_security *security);

/* Reports a trade that was made off the book: no order has an event, the id is none's. */
void sw_gen_report(struct sw_gen_market *market, struct sw_gen_security *security);

#endif
