/* SPDX-License-Identifier: ISC */
#include "generate/trades.h"

#include "generate/draw.h"
#include "generate/orders.h"

enum { TRADES_AT_ONCE = 40, MATCHES_AT_ONCE = 40 };
_Static_assert(2 * (TRADES_AT_ONCE + 2) < (int)SW_GEN_LINES_AT_ONCE, "both sides of each");

/* dealsource texts: trades, and bookings of what would have crossed unintentionally. */
static const char *const book_sources[] = {"1,Continuous Lit,ON Market",
                                           "44,Continuous Lit UCP,ON Market"};
static const char *const auction_sources[] = {"20,Auction,ON Market", "45,Auction UCP,ON Market"};
static const char *const after_sources[] = {"90,After Close,ON Market",
                                            "91,After Close UCP,ON Market"};
static const char *const dark_sources[] = {"47,Centre Point,ON Market",
                                           "48,Centre Point UCP,ON Market"};
static const char preference_source[] = "46,Centre Point Preferencing,ON Market";
static const char *const report_sources[] = {
    "3,Trade Report Special,OFF Market", "4,Trade Report Priority,OFF Market",
    "6,Trade Report Other,OFF Market", "5,Trade Report Crossings,OFF Market"};

static bool booked(const struct sw_gen_order *one, const struct sw_gen_order *other)
{
    return one->participant == other->participant && (one->traits & other->traits & SW_GEN_KEYED);
}

/* Trades as much as both have left. */
static void trade(struct sw_gen_market *market, const struct sw_gen_security *security,
                  struct sw_gen_order *one, struct sw_gen_order *other, int32_t price,
                  struct sw_gen_deal deal)
{
    int32_t quantity = one->left < other->left ? one->left : other->left;
    one->left -= quantity;
    other->left -= quantity;
    one->matched += quantity;
    other->matched += quantity;
    bool buys = one->side == SW_GEN_BUY;
    const struct sw_gen_order *parties[] = {buys ? one : other, buys ? other : one};
    sw_gen_trade_rows(&market->rows, security, parties, price, quantity, deal);
}

/* A message of an order's trade. */
static void record(struct sw_gen_market *market, const struct sw_gen_security *security,
                   const struct sw_gen_order *order, enum sw_gen_reason reason, bool on_book)
{
    sw_gen_order_row(&market->rows, security, order,
                     (struct sw_gen_event){reason, on_book ? SW_GEN_ON_BOOK : SW_GEN_OFF_BOOK});
}

/* Records a resting order's trade and forgets the order when nothing is left of it. */
static void record_resting(struct sw_gen_market *market, const struct sw_gen_security *security,
                           struct sw_gen_list *list, int place)
{
    struct sw_gen_order order = list->orders[place];
    if (order.left == 0) sw_gen_leave(market, list, place);
    record(market, security, &order, SW_GEN_TRADED, order.left > 0);
}

struct counterparty {
    struct sw_gen_list *list;
    int place;
    int32_t price;
    const char *source;
};

static int32_t middle(const struct sw_gen_security *security)
{
    return (security->bid + security->offer) / 2;
}

/* Whether an order may trade at this price in the dark. */
static bool willing_in_dark(const struct sw_gen_security *security,
                            const struct sw_gen_order *order, int32_t price)
{
    return sw_gen_willing(order, price, order->traits & SW_GEN_MIDTICK ? security->tick / 2 : 0);
}

/* The oldest order of a dark list that may trade at this price, this participant's before others';
 * or -1. Participant 0 is nobody. */
static int oldest_willing(const struct sw_gen_security *security, const struct sw_gen_list *list,
                          int32_t price, int32_t participant)
{
    int oldest = -1;
    for (int i = 0; i < list->count; i++) {
        if (!willing_in_dark(security, &list->orders[i], price)) continue;
        if (list->orders[i].participant == participant) return i;
        if (oldest < 0) oldest = i;
    }
    return oldest;
}

static bool find_dark(struct sw_gen_security *security, const struct sw_gen_order *order,
                      struct counterparty *found)
{
    found->list = &security->lists[SW_GEN_DARK][!order->side];
    found->price = middle(security);
    if (!willing_in_dark(security, order, found->price)) return false;
    found->place = oldest_willing(security, found->list, found->price, order->participant);
    if (found->place < 0) return false;
    const struct sw_gen_order *other = &found->list->orders[found->place];
    found->source = booked(order, other)                       ? dark_sources[1]
                    : order->participant == other->participant ? preference_source
                                                               : dark_sources[0];
    return true;
}

/* Only at the bid or offer as quoted: what is after it waits for the next order. */
static bool find_in_book(struct sw_gen_security *security, const struct sw_gen_order *order,
                         struct counterparty *found)
{
    int side = !order->side;
    found->list = &security->lists[SW_GEN_VISIBLE][side];
    found->place = sw_gen_best(found->list, side);
    if (found->place < 0) return false;
    const struct sw_gen_order *other = &found->list->orders[found->place];
    found->price = other->price;
    found->source = book_sources[booked(order, other)];
    return found->price >= security->bid && found->price <= security->offer &&
           sw_gen_willing(order, found->price, 0);
}

static bool find(struct sw_gen_security *security, const struct sw_gen_order *order,
                 struct counterparty *found)
{
    if (order->type != SW_GEN_LIT && find_dark(security, order, found)) return true;
    return !sw_gen_is_dark(order->type) && find_in_book(security, order, found);
}

/* Trades while there is someone to trade with and room: for the other order's message, and two more
 * that are kept free for the second message and the rest of this one. */
static void take_all(struct sw_gen_market *market, struct sw_gen_security *security,
                     struct sw_gen_order *order)
{
    struct counterparty found;
    for (int i = 0; i < TRADES_AT_ONCE && order->left; i++) {
        if (sw_gen_room(market) < 4 || !find(security, order, &found)) return;
        trade(market, security, order, &found.list->orders[found.place], found.price,
              (struct sw_gen_deal){found.source, order->side});
        record_resting(market, security, found.list, found.place);
    }
}

/* Whether an order, visible as it rests, would cross the book. */
static bool would_cross(const struct sw_gen_security *security, const struct sw_gen_order *order)
{
    int32_t best = sw_gen_best_price(&security->lists[SW_GEN_VISIBLE][!order->side], !order->side);
    return best && !sw_gen_is_dark(order->type) && sw_gen_willing(order, best, 0);
}

/* Percent of the orders of a type that never rest: what cannot trade at once is over. */
static unsigned immediate_share(uint16_t type, enum sw_gen_way way)
{
    switch (type) {
    case SW_GEN_LIT:
        return way == SW_GEN_TAKING ? 40 : 0;
    case SW_GEN_SWEEP:
        return way == SW_GEN_TAKING ? 80 : 1;
    case SW_GEN_CENTRE_POINT:
        return 97;
    case SW_GEN_BLOCK:
        return 11;
    default:
        return 37;
    }
}

/* The order is of another's participant, and has its keys. */
static void be_of(struct sw_gen_order *order, const struct sw_gen_order *other)
{
    order->participant = other->participant;
    order->traits = (uint8_t)((order->traits & ~SW_GEN_KEYED) | (other->traits & SW_GEN_KEYED));
}

/* The prices and quantities of an order that takes: the other side's best, seldom worse; as much as
 * waits there, or half of it, or what was drawn. Some meet their own participant there. */
static void take_aim(struct sw_gen_market *market, const struct sw_gen_security *security,
                     struct sw_gen_order *order)
{
    bool buys = order->side == SW_GEN_BUY;
    int32_t beyond = sw_gen_chance(&market->random, 20) ? security->tick : 0;
    order->price = buys ? security->offer + beyond : security->bid - beyond;
    const struct sw_gen_list *list = &security->lists[SW_GEN_VISIBLE][!order->side];
    int best = sw_gen_best(list, !order->side);
    if (best < 0) return;
    const struct sw_gen_order *other = &list->orders[best];
    unsigned draw = sw_gen_below(&market->random, 100);
    if (draw < 70) order->quantity = order->left = other->left;
    if (draw >= 70 && draw < 86) order->quantity = order->left = other->left / 2 + 1;
    if (draw % 8 == 0) be_of(order, other);
}

/* Some whose orders wait in the dark enter more of them on the other side. */
static void aim_at_dark(struct sw_gen_market *market, const struct sw_gen_security *security,
                        struct sw_gen_order *order)
{
    order->price = sw_gen_dark_price(market, security, order->side);
    if (order->type == SW_GEN_SHORT_BLOCK && sw_gen_chance(&market->random, 25))
        order->price = security->bid;
    const struct sw_gen_list *list = &security->lists[SW_GEN_DARK][!order->side];
    if (list->count && sw_gen_chance(&market->random, 12))
        be_of(order, &list->orders[sw_gen_below(&market->random, (uint64_t)list->count)]);
}

/* Sweeps wait further away than others, and what stays for days further still. */
static void aim_beside(struct sw_gen_market *market, const struct sw_gen_security *security,
                       struct sw_gen_order *order)
{
    order->price = sw_gen_passive_price(market, security, order->side);
    bool stays = order->traits & SW_GEN_STAYS;
    if (order->type != SW_GEN_SWEEP && !stays) return;
    unsigned draw = sw_gen_below(&market->random, 100);
    int32_t away = stays ? 4 + (int32_t)draw % 8 : draw < 55 ? 2 : draw < 90 ? 1 : 0;
    away *= security->tick;
    order->price += order->side == SW_GEN_BUY ? -away : away;
}

void sw_gen_enter(struct sw_gen_market *market, struct sw_gen_security *security, uint16_t type,
                  enum sw_gen_way way)
{
    struct sw_gen_order order = sw_gen_new_order(market, type);
    if (way == SW_GEN_TAKING)
        take_aim(market, security, &order);
    else if (sw_gen_is_dark(type))
        aim_at_dark(market, security, &order);
    else
        aim_beside(market, security, &order);
    record(market, security, &order, SW_GEN_ENTERED, false);
    take_all(market, security, &order);
    bool rests = order.left && !sw_gen_chance(&market->random, immediate_share(type, way)) &&
                 !would_cross(security, &order) && sw_gen_room(market) >= 3;
    record(market, security, &order, SW_GEN_ENTERED, rests);
    if (rests)
        sw_gen_rest(market, security, sw_gen_is_dark(type) ? SW_GEN_DARK : SW_GEN_VISIBLE, &order);
    if (type != SW_GEN_LIT || way != SW_GEN_TAKING || !sw_gen_chance(&market->random, 30)) return;
    int32_t step = order.side == SW_GEN_BUY ? security->tick : -security->tick;
    if (order.matched) sw_gen_security_move(security, security->fair + step);
}

bool sw_gen_meet(struct sw_gen_market *market, struct sw_gen_security *security)
{
    struct sw_gen_list *lists = security->lists[SW_GEN_DARK];
    int32_t price = middle(security);
    if (!lists[0].count || !lists[1].count || sw_gen_room(market) < 2) return false;
    int buy = oldest_willing(security, &lists[SW_GEN_BUY], price, 0);
    int sell = oldest_willing(security, &lists[SW_GEN_SELL], price, 0);
    if (buy < 0 || sell < 0) return false;
    struct sw_gen_order *buyer = &lists[SW_GEN_BUY].orders[buy];
    struct sw_gen_order *seller = &lists[SW_GEN_SELL].orders[sell];
    trade(market, security, buyer, seller, price,
          (struct sw_gen_deal){dark_sources[booked(buyer, seller)], -1});
    record_resting(market, security, &lists[SW_GEN_BUY], buy);
    record_resting(market, security, &lists[SW_GEN_SELL], sell);
    return true;
}

/* The price of an auction: one that all who would trade, best against best, accept, and nobody who
 * would be left over. */
static int32_t auction_price(struct sw_gen_market *market, const struct sw_gen_security *security)
{
    struct sw_gen_list buys = security->lists[SW_GEN_VISIBLE][SW_GEN_BUY];
    struct sw_gen_list sells = security->lists[SW_GEN_VISIBLE][SW_GEN_SELL];
    int32_t lowest = 0, highest = 0;
    for (;;) {
        int buy = sw_gen_best(&buys, SW_GEN_BUY), sell = sw_gen_best(&sells, SW_GEN_SELL);
        int32_t bid = buy < 0 ? 0 : buys.orders[buy].price;
        int32_t offer = sell < 0 ? INT32_MAX : sells.orders[sell].price;
        if (bid < offer) {
            if (bid > lowest) lowest = bid;
            if (offer < highest) highest = offer;
            break;
        }
        lowest = offer;
        highest = bid;
        struct sw_gen_order *buyer = &buys.orders[buy], *seller = &sells.orders[sell];
        int32_t quantity = buyer->left < seller->left ? buyer->left : seller->left;
        buyer->left -= quantity;
        seller->left -= quantity;
        if (buyer->left == 0) sw_gen_remove(&buys, buy);
        if (seller->left == 0) sw_gen_remove(&sells, sell);
    }
    uint64_t steps = (uint64_t)((highest - lowest) / security->tick + 1);
    return lowest + security->tick * (int32_t)sw_gen_below(&market->random, steps);
}

void sw_gen_auction(struct sw_gen_market *market, struct sw_gen_security *security)
{
    struct sw_gen_list *buys = &security->lists[SW_GEN_VISIBLE][SW_GEN_BUY];
    struct sw_gen_list *sells = &security->lists[SW_GEN_VISIBLE][SW_GEN_SELL];
    int32_t price = auction_price(market, security);
    for (int i = 0; i < MATCHES_AT_ONCE && sw_gen_room(market) >= 2; i++) {
        if (!sw_gen_crosses(security)) break;
        int buy = sw_gen_best(buys, SW_GEN_BUY), sell = sw_gen_best(sells, SW_GEN_SELL);
        struct sw_gen_order *buyer = &buys->orders[buy], *seller = &sells->orders[sell];
        trade(market, security, buyer, seller, price,
              (struct sw_gen_deal){auction_sources[booked(buyer, seller)], -1});
        record_resting(market, security, buys, buy);
        record_resting(market, security, sells, sell);
    }
    sw_gen_security_move(security, price);
}

void sw_gen_after_close(struct sw_gen_market *market, struct sw_gen_security *security)
{
    struct sw_gen_order first = sw_gen_new_order(market, SW_GEN_LIT);
    struct sw_gen_order second = sw_gen_new_order(market, SW_GEN_LIT);
    second.side = !first.side;
    first.price = second.price = first.side == SW_GEN_BUY ? security->bid : security->offer;
    second.quantity = second.left = first.quantity;
    if (sw_gen_chance(&market->random, 20)) {
        second.participant = first.participant;
        second.traits = first.traits;
    }
    record(market, security, &first, SW_GEN_ENTERED, false);
    record(market, security, &first, SW_GEN_ENTERED, true);
    record(market, security, &second, SW_GEN_ENTERED, false);
    trade(market, security, &first, &second, first.price,
          (struct sw_gen_deal){after_sources[booked(&first, &second)], second.side});
    record(market, security, &first, SW_GEN_TRADED, false);
    record(market, security, &second, SW_GEN_ENTERED, false);
}

void sw_gen_report(struct sw_gen_market *market, struct sw_gen_security *security)
{
    struct sw_gen_order orders[2];
    orders[0] = orders[1] = sw_gen_new_order(market, SW_GEN_CENTRE_POINT);
    orders[0].side = SW_GEN_BUY;
    orders[1].side = SW_GEN_SELL;
    unsigned draw = sw_gen_below(&market->random, 20);
    trade(market, security, &orders[0], &orders[1], middle(security),
          (struct sw_gen_deal){report_sources[draw < 3 ? draw : 3], -1});
}
