/* SPDX-License-Identifier: ISC
 *
 * The open orders of one made-up security: four short lists (visible or dark, buying or selling),
 * and the best bid and offer that follow from them. A list has a fixed size: an order that falls
 * out of it simply has no further event. Prices are in hundredths of the file's unit, so that half
 * a tick is a whole number.
 */
#ifndef SW_GENERATE_BOOK_H
#define SW_GENERATE_BOOK_H

#include "generate/random.h"

enum { SW_GEN_LIST = 20, SW_GEN_CODE_LENGTH = 8 };

enum { SW_GEN_BUY = 0, SW_GEN_SELL = 1 };     /* sides, as indexes; files have 1 and 2 */
enum { SW_GEN_VISIBLE = 0, SW_GEN_DARK = 1 }; /* where an order rests */

struct sw_gen_order {
    uint64_t id;
    int32_t price, quantity, matched, participant;
    uint16_t type; /* exchangeordertype */
    uint8_t side;
    bool stays; /* beyond its day */
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
    int32_t bid, offer;             /* as last quoted; 0: not today */
    int64_t day;                    /* the day of its last event */
    struct sw_gen_list lists[2][2]; /* [where][side] */
};

/* Sets up the security of this rank (0 trades most); its code and prices follow from the rank
 * alone. */
void sw_gen_security_start(struct sw_gen_security *security, uint32_t rank);

/* Goes on to a day: orders that do not stay are dropped, and there is no quote yet. */
void sw_gen_security_day(struct sw_gen_security *security, int64_t day);

/* Moves the fair price, within its bounds. */
void sw_gen_security_move(struct sw_gen_security *security, int32_t price);

/* The place of the best order of a list (highest buy, lowest sell; the oldest among equals), or -1.
 */
int sw_gen_best(const struct sw_gen_list *list, int side);

/* The oldest order of a list that accepts this price, or -1. */
int sw_gen_willing_order(const struct sw_gen_list *list, int side, int32_t price);

/* Whether an order's limit allows this price. */
static inline bool sw_gen_willing(const struct sw_gen_order *order, int32_t price)
{
    return order->side == SW_GEN_BUY ? order->price >= price : order->price <= price;
}

/* Adds an order to a list with room. */
void sw_gen_add(struct sw_gen_list *list, const struct sw_gen_order *order);
void sw_gen_remove(struct sw_gen_list *list, int place);

/* The best bid and offer of the visible orders, bid < offer always: a missing side is put beside
 * the other one, crossing sides are turned round. */
void sw_gen_quote(const struct sw_gen_security *security, int32_t *bid, int32_t *offer);

#endif
