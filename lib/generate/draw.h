/* SPDX-License-Identifier: ISC
 *
 * What is drawn for a made-up order before it meets the market: its type, participant, quantity and
 * traits. The shares are those of the real day (man/sw-gen.1.in has the table).
 */
#ifndef SW_GENERATE_DRAW_H
#define SW_GENERATE_DRAW_H

#include "generate/market.h"

/* Order ids grow by the day, as an exchange's do, far more than a day uses up. */
#define SW_GEN_FIRST_ORDER_ID UINT64_C(7904398175937663797)
#define SW_GEN_ORDER_IDS_PER_DAY UINT64_C(395824185600)

enum sw_gen_type {
    SW_GEN_LIT = 0,
    SW_GEN_CENTRE_POINT = 64,
    SW_GEN_CROSSING = 256,
    SW_GEN_SWEEP = 2048,
    SW_GEN_BLOCK = 4096,
    SW_GEN_SHORT_BLOCK = 4098,
};

static inline bool sw_gen_is_dark(uint16_t type)
{
    return type != SW_GEN_LIT && type != SW_GEN_SWEEP;
}

/* A type of a Centre Point order, drawn. */
uint16_t sw_gen_centre_point_type(struct sw_gen_market *market);

/* A new order, not yet entered, with the next id: side, participant, quantity and traits are drawn;
 * it has no price. */
struct sw_gen_order sw_gen_new_order(struct sw_gen_market *market, uint16_t type);

#endif
