/* SPDX-License-Identifier: ISC */
#include "generate/orders.h"

/* Quantities, in parts of 100: many small ones, few large ones. */
static const struct {
    unsigned up_to; /* percent */
    int32_t step, steps;
} sizes[] = {
    {25, 1, 99}, {55, 100, 10}, {80, 50, 100}, {92, 500, 20}, {99, 1000, 50}, {100, 5000, 40},
};

static int32_t draw_quantity(struct sw_gen_market *market)
{
    unsigned draw = sw_gen_below(&market->random, 100);
    int i = 0;
    while (draw >= sizes[i].up_to) i++;
    return sizes[i].step * (int32_t)(1 + sw_gen_below(&market->random, (uint32_t)sizes[i].steps));
}

/* Low numbers most: the product of two draws. */
static int32_t draw_participant(struct sw_gen_market *market)
{
    uint64_t product = (uint64_t)sw_gen_below(&market->random, UINT64_C(1) << 32) *
                       sw_gen_below(&market->random, UINT64_C(1) << 32);
    return 1 + (int32_t)((product >> 32) * (uint64_t)market->settings->participants >> 32);
}

struct sw_gen_order sw_gen_new_order(struct sw_gen_market *market, uint16_t type)
{
    market->order_id += 1 + sw_gen_below(&market->random, 4000);
    struct sw_gen_order order = {.id = market->order_id, .type = type};
    order.side = sw_gen_chance(&market->random, 50) ? SW_GEN_BUY : SW_GEN_SELL;
    order.quantity = draw_quantity(market);
    order.participant = draw_participant(market);
    order.stays = sw_gen_chance(&market->random, 30);
    return order;
}

uint16_t sw_gen_dark_type(struct sw_gen_market *market)
{
    unsigned draw = sw_gen_below(&market->random, 100);
    return draw < 60 ? 64 : draw < 72 ? 256 : draw < 87 ? 4096 : 4098;
}

void sw_gen_record(struct sw_gen_market *market, const struct sw_gen_security *security,
                   const struct sw_gen_order *order, struct sw_gen_event event)
{
    sw_gen_order_row(&market->rows, security, order, order->quantity - order->matched, event);
}

void sw_gen_record_cancel(struct sw_gen_market *market, const struct sw_gen_security *security,
                          const struct sw_gen_order *order)
{
    sw_gen_order_row(&market->rows, security, order, 0, (struct sw_gen_event){SW_GEN_DELETED, 2});
}

void sw_gen_rest(struct sw_gen_market *market, struct sw_gen_security *security, int where,
                 const struct sw_gen_order *order)
{
    struct sw_gen_list *list = &security->lists[where][order->side];
    if (list->count == SW_GEN_LIST) {
        int place = (int)sw_gen_below(&market->random, SW_GEN_LIST);
        bool quiet = market->clock.phase == SW_GEN_EVENING || sw_gen_chance(&market->random, 50);
        if (!quiet && sw_gen_room(market) > 0)
            sw_gen_record_cancel(market, security, &list->orders[place]);
        sw_gen_remove(list, place);
    }
    sw_gen_add(list, order);
}

/* Most orders are accepted and then put on the book, in two events of one moment: the sequence
 * tells which is the later one. */
static void record_entry(struct sw_gen_market *market, const struct sw_gen_security *security,
                         const struct sw_gen_order *order, bool twice)
{
    sw_gen_record(market, security, order, (struct sw_gen_event){SW_GEN_ENTERED, twice ? 2 : 1});
    if (twice && sw_gen_room(market) > 0)
        sw_gen_record(market, security, order, (struct sw_gen_event){SW_GEN_ENTERED, 1});
}

void sw_gen_enter_early(struct sw_gen_market *market, struct sw_gen_security *security)
{
    bool dark = sw_gen_chance(&market->random, 15), sweep = sw_gen_chance(&market->random, 20);
    struct sw_gen_order order = sw_gen_new_order(market, dark    ? sw_gen_dark_type(market)
                                                         : sweep ? 2048
                                                                 : 0);
    int32_t away = (int32_t)sw_gen_below(&market->random, 13) - 6;
    order.price = security->fair + away * security->tick;
    record_entry(market, security, &order, false);
    sw_gen_rest(market, security, dark ? SW_GEN_DARK : SW_GEN_VISIBLE, &order);
}

/* How many ticks away from the best an order is entered: none in half the cases, one in a quarter,
 * … */
static int32_t draw_distance(struct sw_gen_market *market)
{
    return __builtin_ctzll(sw_gen_bits(&market->random) | 1 << 8);
}

static int32_t passive_price(struct sw_gen_market *market, const struct sw_gen_security *security,
                             int side)
{
    int32_t away = draw_distance(market) * security->tick;
    int32_t price =
        side == SW_GEN_BUY ? security->fair - away : security->fair + security->tick + away;
    int32_t highest_buy = security->offer - security->tick;
    int32_t lowest_sell = security->bid + security->tick;
    if (side == SW_GEN_BUY) return price < highest_buy ? price : highest_buy;
    return price > lowest_sell ? price : lowest_sell;
}

void sw_gen_enter_passive(struct sw_gen_market *market, struct sw_gen_security *security)
{
    struct sw_gen_order order =
        sw_gen_new_order(market, sw_gen_chance(&market->random, 30) ? 2048 : 0);
    order.price = passive_price(market, security, order.side);
    record_entry(market, security, &order, sw_gen_chance(&market->random, 75));
    sw_gen_rest(market, security, SW_GEN_VISIBLE, &order);
}

/* A resting order of the security, or NULL. */
static struct sw_gen_list *draw_resting(struct sw_gen_market *market,
                                        struct sw_gen_security *security, int *where, int *place)
{
    unsigned draw = sw_gen_below(&market->random, 4);
    for (unsigned i = 0; i < 4; i++, draw = (draw + 1) % 4) {
        struct sw_gen_list *list = &security->lists[draw / 2][draw % 2];
        if (list->count == 0) continue;
        *where = (int)draw / 2;
        *place = (int)sw_gen_below(&market->random, (uint64_t)list->count);
        return list;
    }
    return NULL;
}

static void change_price(struct sw_gen_market *market, const struct sw_gen_security *security,
                         struct sw_gen_order *order, int where)
{
    if (where == SW_GEN_VISIBLE && market->clock.phase == SW_GEN_CONTINUOUS)
        order->price = passive_price(market, security, order->side);
    else
        order->price =
            security->fair + ((int32_t)sw_gen_below(&market->random, 9) - 4) * security->tick;
}

bool sw_gen_change(struct sw_gen_market *market, struct sw_gen_security *security)
{
    int where, place;
    struct sw_gen_list *list = draw_resting(market, security, &where, &place);
    if (!list) return false;
    struct sw_gen_order *order = &list->orders[place];
    if (sw_gen_chance(&market->random, 40))
        change_price(market, security, order, where);
    else if (sw_gen_chance(&market->random, 90))
        order->quantity = order->matched + draw_quantity(market);
    sw_gen_record(market, security, order, (struct sw_gen_event){SW_GEN_CHANGED, 2});
    return true;
}

bool sw_gen_cancel(struct sw_gen_market *market, struct sw_gen_security *security)
{
    int where, place;
    struct sw_gen_list *list = draw_resting(market, security, &where, &place);
    if (!list) return false;
    sw_gen_record_cancel(market, security, &list->orders[place]);
    sw_gen_remove(list, place);
    return true;
}
