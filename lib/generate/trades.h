/* SPDX-License-Identifier: ISC
 *
 * How made-up orders meet: in an auction, with those that rest in the book or in the dark, or in a
 * crossing that was arranged beside the market. Every trade lies between the bid and the offer that
 * were quoted just before it.
 */
#ifndef SW_GENERATE_TRADES_H
#define SW_GENERATE_TRADES_H

#include "generate/market.h"

/* Where a new order looks for others. A sweep looks in the dark first. */
enum sw_gen_route {
    SW_GEN_TO_BOOK = 1,
    SW_GEN_TO_DARK = 2,
    SW_GEN_SWEEP = 3,
};

/* Quotes the bid and offer of the security where they are not those last quoted. Before each of the
 * following. */
void sw_gen_refresh_quote(struct sw_gen_market *market, struct sw_gen_security *security);

/* Enters an order that takes what it finds, trade by trade, and rests or is cancelled with what is
 * left of it: one order event at least. */
void sw_gen_enter_taking(struct sw_gen_market *market, struct sw_gen_security *security,
                         enum sw_gen_route route);

/* Trades what crosses, at one price; false without a row where nothing does or fewer than two
 * events are due. */
bool sw_gen_auction(struct sw_gen_market *market, struct sw_gen_security *security);

/* Two orders that were agreed on trade in full; false without a row where fewer than two events are
 * due. */
bool sw_gen_crossing(struct sw_gen_market *market, struct sw_gen_security *security);

#endif
