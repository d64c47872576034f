/* SPDX-License-Identifier: ISC */
#include "generate/draw.h"

/* Quantities as steps of their distribution: up to this share (per mille) they lie evenly from one
 * number to another. */
struct step {
    uint16_t up_to;
    int32_t least, most;
};

static const struct step sweep_quantities[] = {
    {100, 1, 7},       {200, 7, 34},        {300, 34, 79},       {400, 79, 188},
    {500, 188, 269},   {600, 269, 407},     {700, 407, 1382},    {750, 1382, 2971},
    {780, 2971, 9000}, {975, 10400, 10400}, {990, 10400, 14857}, {1000, 14857, 58809},
};
static const struct step block_quantities[] = {
    {50, 1, 125},      {100, 125, 197},   {150, 197, 259},      {250, 259, 990},
    {400, 990, 1238},  {500, 1238, 1299}, {600, 1299, 1338},    {750, 1338, 1624},
    {880, 1624, 1950}, {930, 1950, 2381}, {945, 11042, 210236}, {1000, 300000, 340000},
};
static const struct step centre_point_quantities[] = {
    {100, 146, 187}, {500, 187, 224},  {750, 224, 331},
    {900, 331, 512}, {950, 512, 2000}, {1000, 2000, 7000},
};
static const struct step short_block_quantities[] = {
    {300, 1, 3},
    {400, 3, 47},
    {900, 125, 125},
    {1000, 125, 1362},
};

static int32_t draw_quantity(struct sw_gen_market *market, uint16_t type)
{
    const struct step *step = type == SW_GEN_BLOCK         ? block_quantities
                              : type == SW_GEN_SHORT_BLOCK ? short_block_quantities
                              : sw_gen_is_dark(type)       ? centre_point_quantities
                                                           : sweep_quantities;
    unsigned draw = sw_gen_below(&market->random, 1000);
    while (draw >= step->up_to) step++;
    uint32_t steps = (uint32_t)(step->most - step->least) + 1;
    return step->least + (int32_t)sw_gen_below(&market->random, steps);
}

/* Low numbers most: the product of two draws. */
static int32_t draw_participant(struct sw_gen_market *market)
{
    uint64_t product = (uint64_t)sw_gen_below(&market->random, UINT64_C(1) << 32) *
                       sw_gen_below(&market->random, UINT64_C(1) << 32);
    return 1 + (int32_t)((product >> 32) * (uint64_t)market->settings->participants >> 32);
}

/* One draw for all: each trait takes bits of its own. Every second participant has crossing keys.
 */
static uint8_t draw_traits(struct sw_gen_market *market, uint16_t type, int32_t participant)
{
    uint64_t bits = sw_gen_bits(&market->random);
    unsigned traits = 0;
    if ((bits & 0xff) < (type == SW_GEN_LIT ? 20 : type == SW_GEN_SWEEP ? 5 : 0))
        traits |= SW_GEN_STAYS;
    if (type != SW_GEN_LIT && (bits >> 8 & 0xff) < 215) traits |= SW_GEN_MIDTICK;
    if (participant % 2 == 0 && (bits >> 16 & 0xff) < 200) traits |= SW_GEN_KEYED;
    if ((bits >> 24 & 0xff) < 60) traits |= SW_GEN_RESTLESS;
    return (uint8_t)traits;
}

struct sw_gen_order sw_gen_new_order(struct sw_gen_market *market, uint16_t type)
{
    market->order_id += 1 + sw_gen_below(&market->random, 4000);
    struct sw_gen_order order = {.id = market->order_id, .type = type};
    bool sells = sw_gen_chance(&market->random, type == SW_GEN_LIT ? 53 : 40);
    order.side = sells || type == SW_GEN_SHORT_BLOCK ? SW_GEN_SELL : SW_GEN_BUY;
    order.quantity = order.left = draw_quantity(market, type);
    order.participant = draw_participant(market);
    order.traits = draw_traits(market, type, order.participant);
    return order;
}

static uint16_t dark_type(struct sw_gen_market *market)
{
    unsigned draw = sw_gen_below(&market->random, 1000);
    if (draw < 880) return SW_GEN_BLOCK;
    if (draw < 945) return SW_GEN_CENTRE_POINT;
    return draw < 981 ? SW_GEN_SHORT_BLOCK : SW_GEN_CROSSING;
}

uint16_t sw_gen_centre_point_type(struct sw_gen_market *market)
{
    return sw_gen_chance(&market->random, 46) ? SW_GEN_SWEEP : dark_type(market);
}
