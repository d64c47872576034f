/* SPDX-License-Identifier: ISC
 *
 * The open orders of one made-up security: four short lists (visible or dark, buying or selling),
 * and the best bid and offer that follow from them. A list has a fixed size: who adds to a full one
 * makes room first. Prices are in hundredths of the file's unit, so that half a tick is a whole
 * number; a price of 0 is none.
 */
#ifndef SW_GENERATE_BOOK_H
#define SW_GENERATE_BOOK_H

#include "generate/random.h"

enum { SW_GEN_LIST = 20, SW_GEN_CODE_LENGTH = 8, SW_GEN_PRICE_UNIT = 100 };

enum { SW_GEN_BUY = 0, SW_GEN_SELL = 1 };     /* sides, as indexes; files have 1 and 2 */
enum { SW_GEN_VISIBLE = 0, SW_GEN_DARK = 1 }; /* where an order rests */

/* What an order is besides its numbers. */
enum sw_gen_trait {
    SW_GEN_STAYS = 1,    /* beyond its day: reloaded the evening before the next one */
    SW_GEN_MIDTICK = 2,  /* half a tick beyond its price in the dark */
    SW_GEN_KEYED = 4,    /* its crossing key is its participant's, else 0 */
    SW_GEN_RESTLESS = 8, /* updated time and again while it rests */
    SW_GEN_WHOLE = 16,   /* its minimum quantity is its quantity */
};

struct sw_gen_order {
    uint64_t id;
    int32_t price, quantity, left, matched, participant;
    uint16_t type; /* exchangeordertype */
    uint8_t side, traits;
};

struct sw_gen_list {
    int count;
    struct sw_gen_order orders[SW_GEN_LIST]; /* the oldest first */
};

struct sw_gen_security {
    char code[SW_GEN_CODE_LENGTH];
    uint32_t code_length;
    int32_t tick;
    int32_t fair, lowest, highest;  /* where new prices gather, and the bounds of that */
    int32_t bid, offer;             /* as they are known; 0: none */
    int64_t day;                    /* the day of its last event */
    bool quoted;                    /* and written */
    bool sparse;                    /* few of its quotes are written */
    bool active;                    /* in the market's list of those that may have orders */
    struct sw_gen_list lists[2][2]; /* [where][side] */
};

/* Sets up the security of this rank (0 trades most); its code and prices follow from the rank
 * alone. */
void sw_gen_security_start(struct sw_gen_security *security, uint32_t rank);

/* Goes on to a day: there is no quote yet. */
void sw_gen_security_day(struct sw_gen_security *security, int64_t day);

/* Moves the fair price, within its bounds. */
void sw_gen_security_move(struct sw_gen_security *security, int32_t price);

/* The place of the best order of a list (highest buy, lowest sell; the oldest among equals), or -1.
 */
int sw_gen_best(const struct sw_gen_list *list, int side);

/* The price of the best order of a list, or 0. */
int32_t sw_gen_best_price(const struct sw_gen_list *list, int side);

/* Whether an order's limit, widened by so much, allows this price. */
static inline bool sw_gen_willing(const struct sw_gen_order *order, int32_t price, int32_t beyond)
{
    return order->side == SW_GEN_BUY ? order->price + beyond >= price
                                     : order->price - beyond <= price;
}

/* Adds an order to a list with room. */
void sw_gen_add(struct sw_gen_list *list, const struct sw_gen_order *order);
void sw_gen_remove(struct sw_gen_list *list, int place);

/* Whether the best visible orders would trade with each other. */
bool sw_gen_crosses(const struct sw_gen_security *security);

/* The best bid and offer of the nation while there is trading, bid < offer always: a side that the
 * visible orders lack is another exchange's, beside the fair price. */
void sw_gen_national_quote(const struct sw_gen_security *security, int32_t *bid, int32_t *offer);

#endif
