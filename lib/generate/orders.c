/* SPDX-License-Identifier: ISC */
#include "generate/orders.h"

#include "generate/draw.h"

static void record(struct sw_gen_market *market, const struct sw_gen_security *security,
                   const struct sw_gen_order *order, enum sw_gen_reason reason, int status)
{
    sw_gen_order_row(&market->rows, security, order, (struct sw_gen_event){reason, status});
}

/* Whoever cancelled it, it keeps what is left of it. */
static void record_cancel(struct sw_gen_market *market, const struct sw_gen_security *security,
                          const struct sw_gen_order *order)
{
    unsigned draw = sw_gen_below(&market->random, 100);
    record(market, security, order,
           draw < 85   ? SW_GEN_CANCELLED
           : draw < 97 ? SW_GEN_CANCELLED_BY_SYSTEM
                       : SW_GEN_CANCELLED_ON_BEHALF,
           SW_GEN_OFF_BOOK);
}

void sw_gen_leave(struct sw_gen_market *market, struct sw_gen_list *list, int place)
{
    if (!(list->orders[place].traits & SW_GEN_STAYS)) market->reserved--;
    sw_gen_remove(list, place);
}

void sw_gen_rest(struct sw_gen_market *market, struct sw_gen_security *security, int where,
                 const struct sw_gen_order *order)
{
    struct sw_gen_list *list = &security->lists[where][order->side];
    if (list->count == SW_GEN_LIST) {
        int place = (int)sw_gen_below(&market->random, SW_GEN_LIST);
        if (list->orders[place].traits & SW_GEN_STAYS) place = (place + 1) % SW_GEN_LIST;
        struct sw_gen_order other = list->orders[place];
        sw_gen_leave(market, list, place);
        record_cancel(market, security, &other);
    }
    if (!(order->traits & SW_GEN_STAYS)) market->reserved++;
    sw_gen_add(list, order);
}

void sw_gen_enter_early(struct sw_gen_market *market, struct sw_gen_security *security)
{
    unsigned draw = sw_gen_below(&market->random, 100);
    struct sw_gen_order order = sw_gen_new_order(market, draw < 2 ? SW_GEN_SWEEP : SW_GEN_LIT);
    int32_t beyond =
        (int32_t)sw_gen_below(&market->random, 13) - (order.traits & SW_GEN_STAYS ? 12 : 5);
    order.price = security->fair + (order.side == SW_GEN_BUY ? beyond : -beyond) * security->tick;
    record(market, security, &order, SW_GEN_ENTERED, SW_GEN_OFF_BOOK);
    record(market, security, &order, SW_GEN_ENTERED, SW_GEN_ON_BOOK);
    sw_gen_rest(market, security, SW_GEN_VISIBLE, &order);
}

void sw_gen_enter_last(struct sw_gen_market *market, struct sw_gen_security *security)
{
    struct sw_gen_order order = sw_gen_new_order(market, SW_GEN_LIT);
    const struct sw_gen_list *list = &security->lists[SW_GEN_VISIBLE][order.side];
    bool rests = sw_gen_room(market) == 3 && list->count < SW_GEN_LIST;
    order.traits = 0;
    order.price = sw_gen_passive_price(market, security, order.side);
    record(market, security, &order, SW_GEN_ENTERED, SW_GEN_OFF_BOOK);
    if (sw_gen_room(market) == 0) return;
    record(market, security, &order, SW_GEN_ENTERED, rests ? SW_GEN_ON_BOOK : SW_GEN_OFF_BOOK);
    if (rests) sw_gen_rest(market, security, SW_GEN_VISIBLE, &order);
}

void sw_gen_reload_older(struct sw_gen_market *market, struct sw_gen_security *security)
{
    uint16_t type = sw_gen_chance(&market->random, 15) ? SW_GEN_SWEEP : SW_GEN_LIT;
    struct sw_gen_order order = sw_gen_new_order(market, type);
    int32_t away = (int32_t)sw_gen_below(&market->random, 21) - 6;
    order.price = security->fair + (order.side == SW_GEN_BUY ? -away : away) * security->tick;
    order.traits |= sw_gen_chance(&market->random, 60) ? SW_GEN_STAYS : 0;
    if (sw_gen_chance(&market->random, 15)) { /* its time is over */
        record(market, security, &order, SW_GEN_RELOADED, SW_GEN_OFF_BOOK);
        record(market, security, &order, SW_GEN_RELOADED, SW_GEN_INACTIVE);
        record(market, security, &order, SW_GEN_RELOADED, SW_GEN_OFF_BOOK);
        return;
    }
    sw_gen_reload(market, security, &order);
    sw_gen_rest(market, security, SW_GEN_VISIBLE, &order);
}

void sw_gen_reload(struct sw_gen_market *market, const struct sw_gen_security *security,
                   const struct sw_gen_order *order)
{
    record(market, security, order, SW_GEN_RELOADED, SW_GEN_OFF_BOOK);
    record(market, security, order, SW_GEN_RELOADED, SW_GEN_ON_BOOK);
}

/* How many ticks away from the best an order is entered: none in half the cases, one in a quarter,
 * … */
static int32_t draw_distance(struct sw_gen_market *market)
{
    return __builtin_ctzll(sw_gen_bits(&market->random) | 1 << 6);
}

int32_t sw_gen_passive_price(struct sw_gen_market *market, const struct sw_gen_security *security,
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

int32_t sw_gen_dark_price(struct sw_gen_market *market, const struct sw_gen_security *security,
                          int side)
{
    int32_t away = sw_gen_chance(&market->random, 40) ? 0 : draw_distance(market) * security->tick;
    return side == SW_GEN_BUY ? security->bid - away : security->offer + away;
}

/* A resting order of the security, or NULL; a restless one where that is asked for. */
static struct sw_gen_list *draw_resting(struct sw_gen_market *market,
                                        struct sw_gen_security *security, unsigned traits,
                                        int *where, int *place)
{
    unsigned draw = sw_gen_below(&market->random, 4);
    for (unsigned i = 0; i < 4; i++, draw = (draw + 1) % 4) {
        struct sw_gen_list *list = &security->lists[draw / 2][draw % 2];
        if (list->count == 0) continue;
        *where = (int)draw / 2;
        *place = (int)sw_gen_below(&market->random, (uint64_t)list->count);
        for (int j = 0; j < list->count; j++, *place = (*place + 1) % list->count)
            if ((list->orders[*place].traits & traits) == traits) return list;
    }
    return NULL;
}

static void change_price(struct sw_gen_market *market, const struct sw_gen_security *security,
                         struct sw_gen_order *order, int where)
{
    if (market->clock.phase != SW_GEN_CONTINUOUS)
        order->price =
            security->fair + ((int32_t)sw_gen_below(&market->random, 9) - 4) * security->tick;
    else if (where == SW_GEN_VISIBLE)
        order->price = sw_gen_passive_price(market, security, order->side);
    else
        order->price = sw_gen_dark_price(market, security, order->side);
}

/* Less in most cases, more in others. Some set the quantity to what is still open, so that it is
 * less than what was matched and what is left together. */
static void change_quantity(struct sw_gen_market *market, struct sw_gen_order *order)
{
    if (order->matched > 1000000000 || (order->matched && sw_gen_chance(&market->random, 40))) {
        order->quantity = order->left;
        return;
    }
    uint64_t share = 20 + sw_gen_below(&market->random, 160);
    uint64_t left = (uint64_t)order->left * share / 100;
    order->left = left == 0 ? 1 : left > 500000 ? 500000 : (int32_t)left;
    order->quantity = order->matched + order->left;
}

bool sw_gen_update(struct sw_gen_market *market, struct sw_gen_security *security)
{
    int where, place;
    struct sw_gen_list *list = draw_resting(market, security, SW_GEN_RESTLESS, &where, &place);
    if (!list) return false;
    struct sw_gen_order *order = &list->orders[place];
    unsigned draw = sw_gen_below(&market->random, 100);
    if (draw >= 80) change_price(market, security, order, where);
    if (draw < 89) change_quantity(market, order);
    record(market, security, order, SW_GEN_UPDATED, SW_GEN_ON_BOOK);
    if (sw_gen_room(market) > 0 && draw % 20)
        record(market, security, order, SW_GEN_UPDATED, SW_GEN_ON_BOOK);
    return true;
}

bool sw_gen_repeat(struct sw_gen_market *market, struct sw_gen_security *security)
{
    int where, place;
    struct sw_gen_list *list = draw_resting(market, security, 0, &where, &place);
    if (!list) return false;
    record(market, security, &list->orders[place], SW_GEN_UPDATED, SW_GEN_ON_BOOK);
    return true;
}

bool sw_gen_cancel(struct sw_gen_market *market, struct sw_gen_security *security)
{
    int where, place;
    struct sw_gen_list *list = draw_resting(market, security, 0, &where, &place);
    if (!list) return false;
    if (list->orders[place].type == SW_GEN_LIT) /* Centre Point orders are cancelled more often */
        list = draw_resting(market, security, 0, &where, &place);
    struct sw_gen_order order = list->orders[place];
    sw_gen_leave(market, list, place);
    record_cancel(market, security, &order);
    return true;
}

bool sw_gen_purge(struct sw_gen_market *market, struct sw_gen_security *security)
{
    for (; market->place < 4 * SW_GEN_LIST; market->place++) {
        int which = (int)market->place / SW_GEN_LIST, place = (int)market->place % SW_GEN_LIST;
        struct sw_gen_list *list = &security->lists[which / 2][which % 2];
        if (place >= list->count) continue;
        struct sw_gen_order order = list->orders[place];
        bool stays = order.traits & SW_GEN_STAYS;
        if (stays && (market->staying < market->staying_maximum || sw_gen_room(market) == 0)) {
            market->staying++;
            continue;
        }
        sw_gen_leave(market, list, place);
        record(market, security, &order,
               which / 2 == SW_GEN_DARK ? SW_GEN_PURGED_TOO : SW_GEN_PURGED, SW_GEN_OFF_BOOK);
        return true;
    }
    return false;
}
