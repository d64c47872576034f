/* SPDX-License-Identifier: ISC */
#include "generate/market.h"

#include "base/memory.h"
#include "generate/draw.h"
#include "generate/orders.h"
#include "generate/trades.h"

enum {
    DRAWS = 1 << 16,
    LEAST = 3,              /* draws of a security */
    OLDER_DAYS = 8,         /* how far back orders that come back on the first evening go */
    RELOAD_ROWS = 3,        /* what one costs */
    QUOTE_LEAD_NS = 500000, /* a quote comes that long before the event that it is for, or less */
};
_Static_assert((int)DRAWS > (int)LEAST * (int)SW_GENERATE_SECURITIES_MAXIMUM, "each has its draws");

/* Securities of rank r are drawn as often as 1 ÷ (r + 1), each at least LEAST times. */
static void fill_draw(uint16_t *draw, uint32_t securities)
{
    uint64_t whole = 0, so_far = 0;
    for (uint32_t rank = 0; rank < securities; rank++) whole += (UINT64_C(1) << 40) / (rank + 1);
    uint32_t at = 0;
    for (uint32_t rank = 0; rank < securities; rank++) {
        so_far += (UINT64_C(1) << 40) / (rank + 1);
        uint32_t until = (uint32_t)(so_far / 64 * (DRAWS - LEAST * securities) / (whole / 64)) +
                         LEAST * (rank + 1);
        while (at < until && at < DRAWS) draw[at++] = (uint16_t)rank;
    }
    while (at < DRAWS) draw[at++] = 0;
}

bool sw_gen_market_start(struct sw_gen_market *market, const struct sw_generate_settings *settings,
                         struct sw_output *const outputs[SW_GEN_TABLES], struct sw_error *error)
{
    *market = (struct sw_gen_market){.settings = settings, .made = 1};
    market->random.state = (uint64_t)settings->seed;
    market->random.state = sw_gen_bits(&market->random);
    market->order_id = SW_GEN_FIRST_ORDER_ID - OLDER_DAYS * SW_GEN_ORDER_IDS_PER_DAY;
    size_t securities = (size_t)settings->securities;
    market->securities = sw_alloc(securities, sizeof *market->securities, error);
    if (!market->securities) return false;
    market->active = sw_alloc(securities, sizeof *market->active, error);
    if (!market->active) return false;
    market->draw = sw_alloc(DRAWS, sizeof *market->draw, error);
    if (!market->draw) return false;
    for (size_t i = 0; i < securities; i++)
        sw_gen_security_start(&market->securities[i], (uint32_t)i);
    fill_draw(market->draw, (uint32_t)securities);
    sw_gen_clock_start(&market->clock, settings->rows, settings->days);
    if (!sw_gen_rows_start(&market->rows, outputs, settings->full, error)) return false;
    sw_gen_rows_date(&market->rows, market->clock.date);
    return true;
}

void sw_gen_market_free(struct sw_gen_market *market)
{
    free(market->securities);
    free(market->active);
    free(market->draw);
    sw_gen_rows_free(&market->rows);
}

static struct sw_gen_security *activate(struct sw_gen_market *market, uint16_t rank)
{
    struct sw_gen_security *security = &market->securities[rank];
    if (!security->active) market->active[market->active_count++] = rank;
    security->active = true;
    sw_gen_security_day(security, market->clock.day);
    return security;
}

static struct sw_gen_security *draw_security(struct sw_gen_market *market)
{
    return activate(market, market->draw[sw_gen_below(&market->random, DRAWS)]);
}

/* After the purge: securities without an order are off the list until they are drawn again. */
static void keep_active(struct sw_gen_market *market)
{
    int64_t kept = 0;
    for (int64_t i = 0; i < market->active_count; i++) {
        struct sw_gen_security *security = &market->securities[market->active[i]];
        int orders = 0;
        for (int which = 0; which < 4; which++)
            orders += security->lists[which / 2][which % 2].count;
        security->active = orders > 0;
        if (orders) market->active[kept++] = market->active[i];
    }
    market->active_count = kept;
}

static void next_segment(struct sw_gen_market *market)
{
    struct sw_gen_clock *clock = &market->clock;
    if (clock->phase == SW_GEN_PURGE) keep_active(market);
    sw_gen_clock_next(clock);
    market->cursor = market->place = 0;
    if (clock->phase == SW_GEN_PURGE) {
        market->staying = 0;
        market->staying_maximum = sw_gen_clock_evening_rows(clock) / RELOAD_ROWS;
    }
    uint64_t first = SW_GEN_FIRST_ORDER_ID + (uint64_t)clock->day * SW_GEN_ORDER_IDS_PER_DAY;
    if (clock->phase != SW_GEN_EVENING && market->order_id < first) market->order_id = first;
    sw_gen_rows_date(&market->rows, clock->date);
}

static void go_on(struct sw_gen_market *market, int64_t due)
{
    sw_gen_clock_advance(&market->clock, market->made, due < 0 ? 0 : due, &market->random);
    sw_gen_rows_time(&market->rows, market->clock.now_ns);
}

/* The next order that comes back; false where there are none, or no room for it. */
static bool reload(struct sw_gen_market *market)
{
    for (; market->cursor < market->active_count && sw_gen_room(market) >= 2;
         market->cursor++, market->place = 0) {
        struct sw_gen_security *security = &market->securities[market->active[market->cursor]];
        for (; market->place < 4 * SW_GEN_LIST; market->place++) {
            int which = (int)market->place / SW_GEN_LIST, place = (int)market->place % SW_GEN_LIST;
            const struct sw_gen_list *list = &security->lists[which / 2][which % 2];
            if (place >= list->count) continue;
            go_on(market, 2 * (market->active_count - market->cursor));
            sw_gen_security_day(security, market->clock.day);
            sw_gen_reload(market, security, &list->orders[place]);
            market->place++;
            return true;
        }
    }
    return false;
}

/* A security whose lists leave room for the day's orders; NULL where none is soon found. */
static struct sw_gen_security *draw_quiet(struct sw_gen_market *market)
{
    for (int i = 0; i < 8; i++) {
        struct sw_gen_security *security = draw_security(market);
        const struct sw_gen_list *lists = security->lists[SW_GEN_VISIBLE];
        if (lists[0].count < SW_GEN_LIST / 2 && lists[1].count < SW_GEN_LIST / 2) return security;
    }
    return NULL;
}

/* On the first evening orders come back that nobody has seen before, on the others those that were
 * left. */
static bool in_the_evening(struct sw_gen_market *market)
{
    if (market->clock.day > 0) return reload(market);
    int64_t due = market->clock.last_row - sw_gen_taken(market);
    if (due <= 0 || sw_gen_room(market) < 5) return false;
    struct sw_gen_security *security = draw_quiet(market);
    if (!security) return false;
    go_on(market, due);
    uint64_t step = (SW_GEN_FIRST_ORDER_ID - market->order_id) / (uint64_t)(due + 1);
    market->order_id += sw_gen_below(&market->random, step < UINT32_MAX ? step + 1 : UINT32_MAX);
    sw_gen_reload_older(market, security);
    return true;
}

/* Writes a quote, a little before the event that it is for. */
static void quote(struct sw_gen_market *market, const struct sw_gen_security *security, int32_t bid,
                  int32_t offer, int parts)
{
    int64_t lead_ns = (market->clock.now_ns - market->clock.before_ns) / 4;
    if (lead_ns > QUOTE_LEAD_NS) lead_ns = QUOTE_LEAD_NS;
    sw_gen_quote_row(&market->rows, security,
                     (struct sw_gen_quote){bid, offer, market->clock.date,
                                           market->clock.now_ns - lead_ns * parts});
}

/* The quote as it is while there is trading; true where it is not the last one. Of small securities
 * few are written. Now and then one comes first that does not last: crossed, or without a side. */
static bool refresh_quote(struct sw_gen_market *market, struct sw_gen_security *security)
{
    int32_t bid, offer;
    sw_gen_national_quote(security, &bid, &offer);
    if (bid == security->bid && offer == security->offer && security->quoted) return false;
    security->bid = bid;
    security->offer = offer;
    security->quoted = true;
    unsigned draw = sw_gen_below(&market->random, 1000);
    if (draw < 6) quote(market, security, offer, bid, 2);
    if (draw >= 6 && draw < 18)
        quote(market, security, draw % 2 ? bid : 0, draw % 2 ? 0 : offer, 2);
    if (!security->sparse || draw >= 850) quote(market, security, bid, offer, 1);
    return true;
}

/* The quote before the market is open: what there is, crossed or not. */
static void refresh_early_quote(struct sw_gen_market *market, struct sw_gen_security *security)
{
    const struct sw_gen_list *lists = security->lists[SW_GEN_VISIBLE];
    int32_t bid = sw_gen_best_price(&lists[SW_GEN_BUY], SW_GEN_BUY);
    int32_t offer = sw_gen_best_price(&lists[SW_GEN_SELL], SW_GEN_SELL);
    if (bid == security->bid && offer == security->offer) return;
    security->bid = bid;
    security->offer = offer;
    security->quoted = sw_gen_chance(&market->random, security->sparse ? 10 : 30);
    if (security->quoted) quote(market, security, bid, offer, 1);
}

static void prepare(struct sw_gen_market *market, struct sw_gen_security *security)
{
    unsigned draw = sw_gen_below(&market->random, 100);
    refresh_early_quote(market, security);
    if (draw < 8 && sw_gen_update(market, security)) return;
    if (draw >= 90 && sw_gen_cancel(market, security)) return;
    sw_gen_enter_early(market, security);
}

/* Shares, per mille, of what happens while there is trading. */
static void trade_on(struct sw_gen_market *market, struct sw_gen_security *security)
{
    unsigned draw = sw_gen_below(&market->random, 1000);
    if (refresh_quote(market, security) && sw_gen_meet(market, security)) return;
    if (draw % 100 == 0) sw_gen_report(market, security);
    if (draw < 215 && sw_gen_cancel(market, security)) return;
    if (draw >= 215 && draw < 350 && sw_gen_update(market, security)) return;
    if (draw >= 350 && draw < 600)
        sw_gen_enter(market, security, SW_GEN_LIT, SW_GEN_TAKING);
    else if (draw >= 600 && draw < 780)
        sw_gen_enter(market, security, SW_GEN_LIT, SW_GEN_PASSIVE);
    else if (draw >= 780 && draw < 800)
        sw_gen_enter(market, security, SW_GEN_SWEEP, SW_GEN_TAKING);
    else
        sw_gen_enter(market, security, sw_gen_centre_point_type(market), SW_GEN_PASSIVE);
}

/* The last rows, fewer than what an order may take. */
static void finish(struct sw_gen_market *market, struct sw_gen_security *security)
{
    int64_t room = sw_gen_room(market);
    if (!security->bid || !security->offer) refresh_quote(market, security);
    if (room == 1) {
        for (int64_t i = 0; i < market->active_count; i++)
            if (sw_gen_repeat(market, &market->securities[market->active[i]])) return;
    }
    sw_gen_enter_last(market, security);
}

/* Makes what happens in a phase that has a share of the rows; false where it is over. */
static bool in_a_share(struct sw_gen_market *market)
{
    int64_t due = market->clock.last_row - sw_gen_taken(market);
    if (due <= 0) return false;
    go_on(market, due);
    struct sw_gen_security *security = draw_security(market);
    if (sw_gen_room(market) < 6)
        finish(market, security);
    else if (market->clock.phase == SW_GEN_PREPARING)
        prepare(market, security);
    else if (market->clock.phase == SW_GEN_CONTINUOUS)
        trade_on(market, security);
    else {
        refresh_quote(market, security);
        sw_gen_after_close(market, security);
    }
    return true;
}

/* The next security whose visible orders cross; false where there is none, or no room. */
static bool in_an_auction(struct sw_gen_market *market)
{
    for (; market->cursor < market->active_count && sw_gen_room(market) >= 2; market->cursor++) {
        struct sw_gen_security *security = &market->securities[market->active[market->cursor]];
        if (!sw_gen_crosses(security)) continue;
        sw_gen_security_day(security, market->clock.day);
        go_on(market, market->active_count - market->cursor);
        refresh_quote(market, security);
        sw_gen_auction(market, security);
        market->cursor++;
        return true;
    }
    return false;
}

/* The next order that is purged; false where there is none. */
static bool in_the_purge(struct sw_gen_market *market)
{
    for (; market->cursor < market->active_count; market->cursor++, market->place = 0) {
        struct sw_gen_security *security = &market->securities[market->active[market->cursor]];
        int orders = 0;
        for (int which = 0; which < 4; which++)
            orders += security->lists[which / 2][which % 2].count;
        if (!orders) continue;
        go_on(market, market->reserved + 2 * (market->active_count - market->cursor));
        if (sw_gen_purge(market, security)) return true;
    }
    return false;
}

static bool happens(struct sw_gen_market *market)
{
    switch (market->clock.phase) {
    case SW_GEN_EVENING:
        return in_the_evening(market);
    case SW_GEN_AUCTION:
        return in_an_auction(market);
    case SW_GEN_PURGE:
        return in_the_purge(market);
    default:
        return in_a_share(market);
    }
}

void sw_gen_market_step(struct sw_gen_market *market)
{
    int64_t before = sw_gen_due(market);
    while (!happens(market)) next_segment(market);
    market->made = before - sw_gen_due(market);
}
