/* SPDX-License-Identifier: ISC */
#include "generate/trades.h"

#include "generate/orders.h"

enum {
    TRADES_AT_ONCE = 6,     /* of an order that takes */
    MATCHES_AT_ONCE = 8,    /* of an auction */
    QUOTE_LEAD_NS = 500000, /* a quote comes that long before the event that it is for, or less */
};

static const struct sw_gen_event traded = {SW_GEN_TRADED, 2};

/* dealsource texts, for different participants and for one with itself ("UCP": unintentional
 * crossing). */
static const char *const book_sources[] = {"1,Continuous Lit,ON Market",
                                           "44,Continuous Lit UCP,ON Market"};
static const char *const dark_sources[] = {"47,Centre Point,ON Market",
                                           "48,Centre Point UCP,ON Market"};
static const char *const preference_sources[] = {"46,Centre Point Preferencing,ON Market",
                                                 "46,Centre Point Preferencing,ON Market"};
static const char *const auction_sources[] = {"20,Auction,ON Market", "45,Auction UCP,ON Market"};
static const char *const crossing_sources[] = {"5,Trade Report Crossings,OFF Market",
                                               "5,Trade Report Crossings,OFF Market"};

void sw_gen_refresh_quote(struct sw_gen_market *market, struct sw_gen_security *security)
{
    int32_t bid, offer;
    sw_gen_quote(security, &bid, &offer);
    if (bid == security->bid && offer == security->offer) return;
    security->bid = bid;
    security->offer = offer;
    int64_t lead_ns = (market->clock.now_ns - market->clock.before_ns) / 2;
    if (lead_ns > QUOTE_LEAD_NS) lead_ns = QUOTE_LEAD_NS;
    sw_gen_quote_row(&market->rows, security, market->clock.date, market->clock.now_ns - lead_ns);
}

static int32_t left(const struct sw_gen_order *order)
{
    return order->quantity - order->matched;
}

/* Trades as much as both have left; parties are a buyer and a seller. */
static void trade(struct sw_gen_market *market, const struct sw_gen_security *security,
                  struct sw_gen_order *buyer, struct sw_gen_order *seller, int32_t price,
                  const char *const sources[2], int aggressor)
{
    int32_t quantity = left(buyer) < left(seller) ? left(buyer) : left(seller);
    buyer->matched += quantity;
    seller->matched += quantity;
    const struct sw_gen_order *parties[] = {buyer, seller};
    struct sw_gen_deal deal = {sources[buyer->participant == seller->participant], aggressor};
    sw_gen_trade_rows(&market->rows, security, parties, price, quantity, deal);
}

/* Records a resting order's trade and forgets the order when nothing is left of it. */
static void record_resting(struct sw_gen_market *market, const struct sw_gen_security *security,
                           struct sw_gen_list *list, int place)
{
    sw_gen_record(market, security, &list->orders[place], traded);
    if (left(&list->orders[place]) == 0) sw_gen_remove(list, place);
}

struct counterparty {
    struct sw_gen_list *list;
    int place;
    int32_t price;
    const char *const *sources;
};

static bool find_dark(struct sw_gen_security *security, const struct sw_gen_order *order,
                      struct counterparty *found)
{
    int side = !order->side;
    found->list = &security->lists[SW_GEN_DARK][side];
    found->price = (security->bid + security->offer) / 2;
    if (!sw_gen_willing(order, found->price)) return false;
    found->place = sw_gen_willing_order(found->list, side, found->price);
    if (found->place < 0) return false;
    bool preferred = order->type == 4098 || found->list->orders[found->place].type == 4098;
    found->sources = preferred ? preference_sources : dark_sources;
    return true;
}

/* Only at the bid or offer as quoted: what is behind it waits for the next order. */
static bool find_in_book(struct sw_gen_security *security, const struct sw_gen_order *order,
                         struct counterparty *found)
{
    int side = !order->side;
    found->list = &security->lists[SW_GEN_VISIBLE][side];
    found->place = sw_gen_best(found->list, side);
    if (found->place < 0) return false;
    found->price = found->list->orders[found->place].price;
    found->sources = book_sources;
    return found->price >= security->bid && found->price <= security->offer &&
           sw_gen_willing(order, found->price);
}

static bool find(struct sw_gen_security *security, const struct sw_gen_order *order,
                 enum sw_gen_route route, struct counterparty *found)
{
    if ((route & SW_GEN_TO_DARK) && find_dark(security, order, found)) return true;
    return (route & SW_GEN_TO_BOOK) && find_in_book(security, order, found);
}

static void take(struct sw_gen_market *market, struct sw_gen_security *security,
                 struct sw_gen_order *order, const struct counterparty *found)
{
    struct sw_gen_order *other = &found->list->orders[found->place];
    bool buys = order->side == SW_GEN_BUY;
    trade(market, security, buys ? order : other, buys ? other : order, found->price,
          found->sources, order->side);
    record_resting(market, security, found->list, found->place);
}

/* Trades while there is someone to trade with and room for the events: one of the other order, one
 * of this one where it is recorded step by step, and two kept free for its entry and its end. */
static void take_all(struct sw_gen_market *market, struct sw_gen_security *security,
                     struct sw_gen_order *order, enum sw_gen_route route, bool stepwise)
{
    struct counterparty found;
    for (int i = 0; i < TRADES_AT_ONCE && left(order); i++) {
        if (sw_gen_room(market) < (stepwise ? 3 : 2)) return;
        if (!find(security, order, route, &found)) return;
        take(market, security, order, &found);
        if (stepwise) sw_gen_record(market, security, order, traded);
    }
}

/* The prices that an order takes: the other side's best, seldom worse; in the dark from well behind
 * the own side's best (it will wait) to the other side's. */
static int32_t taking_price(struct sw_gen_market *market, const struct sw_gen_security *security,
                            int side, enum sw_gen_route route)
{
    int32_t sign = side == SW_GEN_BUY ? 1 : -1;
    int32_t best = side == SW_GEN_BUY ? security->offer : security->bid;
    int32_t beyond = sw_gen_chance(&market->random, 20) ? 1 : 0;
    if (route == SW_GEN_TO_DARK) beyond = (int32_t)sw_gen_below(&market->random, 4) - 2;
    return best + sign * beyond * security->tick;
}

/* What is left of an order rests where it does not cross, or is cancelled; with no room for that it
 * stays open. */
static void settle(struct sw_gen_market *market, struct sw_gen_security *security,
                   const struct sw_gen_order *order, enum sw_gen_route route)
{
    struct counterparty found;
    bool dark = route == SW_GEN_TO_DARK;
    bool rests = dark || (order->matched && sw_gen_chance(&market->random, 70) &&
                          !find_in_book(security, order, &found));
    if (left(order) == 0) return;
    if (rests)
        sw_gen_rest(market, security, dark ? SW_GEN_DARK : SW_GEN_VISIBLE, order);
    else if (sw_gen_room(market) > 0)
        sw_gen_record_cancel(market, security, order);
}

/* Trading through a best price moves the fair one. */
static void move_fair(struct sw_gen_market *market, struct sw_gen_security *security,
                      const struct sw_gen_order *order)
{
    if (!order->matched || !sw_gen_chance(&market->random, 30)) return;
    int32_t step = order->side == SW_GEN_BUY ? security->tick : -security->tick;
    sw_gen_security_move(security, security->fair + step);
}

void sw_gen_enter_taking(struct sw_gen_market *market, struct sw_gen_security *security,
                         enum sw_gen_route route)
{
    uint16_t type = route == SW_GEN_SWEEP     ? 2048
                    : route == SW_GEN_TO_DARK ? sw_gen_dark_type(market)
                                              : 0;
    struct sw_gen_order order = sw_gen_new_order(market, type);
    order.price = taking_price(market, security, order.side, route);
    bool stepwise = sw_gen_chance(&market->random, 60);
    struct sw_gen_event entered = {SW_GEN_ENTERED, 2};
    if (stepwise) sw_gen_record(market, security, &order, entered);
    take_all(market, security, &order, route, stepwise);
    if (!stepwise) sw_gen_record(market, security, &order, order.matched ? traded : entered);
    settle(market, security, &order, route);
    if (route != SW_GEN_TO_DARK) move_fair(market, security, &order);
}

bool sw_gen_auction(struct sw_gen_market *market, struct sw_gen_security *security)
{
    struct sw_gen_list *buys = &security->lists[SW_GEN_VISIBLE][SW_GEN_BUY];
    struct sw_gen_list *sells = &security->lists[SW_GEN_VISIBLE][SW_GEN_SELL];
    int buy = sw_gen_best(buys, SW_GEN_BUY), sell = sw_gen_best(sells, SW_GEN_SELL);
    if (buy < 0 || sell < 0) return false;
    int32_t highest = buys->orders[buy].price, lowest = sells->orders[sell].price;
    if (highest < lowest || sw_gen_room(market) < 2) return false;

    int32_t steps = (highest - lowest) / security->tick + 1;
    int32_t price =
        lowest + security->tick * (int32_t)sw_gen_below(&market->random, (uint64_t)steps);
    for (int i = 0; i < MATCHES_AT_ONCE && sw_gen_room(market) >= 2; i++) {
        buy = sw_gen_best(buys, SW_GEN_BUY);
        sell = sw_gen_best(sells, SW_GEN_SELL);
        if (buy < 0 || buys->orders[buy].price < price) break;
        if (sell < 0 || sells->orders[sell].price > price) break;
        trade(market, security, &buys->orders[buy], &sells->orders[sell], price, auction_sources,
              -1);
        record_resting(market, security, buys, buy);
        record_resting(market, security, sells, sell);
    }
    sw_gen_security_move(security, price);
    return true;
}

bool sw_gen_crossing(struct sw_gen_market *market, struct sw_gen_security *security)
{
    if (sw_gen_room(market) < 2) return false;
    struct sw_gen_order orders[2];
    for (uint8_t side = 0; side < 2; side++) {
        orders[side] = sw_gen_new_order(market, 0);
        orders[side].side = side;
        orders[side].price = (security->bid + security->offer) / 2;
        orders[side].quantity = orders[0].quantity;
        orders[side].participant = orders[0].participant;
    }
    trade(market, security, &orders[SW_GEN_BUY], &orders[SW_GEN_SELL], orders[0].price,
          crossing_sources, -1);
    for (int side = 0; side < 2; side++) sw_gen_record(market, security, &orders[side], traded);
    return true;
}
