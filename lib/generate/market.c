/* SPDX-License-Identifier: ISC */
#include "generate/market.h"

#include "base/memory.h"
#include "generate/orders.h"
#include "generate/trades.h"

enum { DRAWS = 1 << 16 };
_Static_assert((int)DRAWS > 2 * (int)SW_GENERATE_SECURITIES_MAXIMUM, "each has a draw at least");

/* Order ids grow by the day, as an exchange's do, far more than a day uses up. */
#define FIRST_ORDER_ID UINT64_C(7904398175937663797)
#define ORDER_IDS_PER_DAY UINT64_C(395824185600)

/* Securities of rank r are drawn as often as 1 ÷ (r + 1), each at least once in DRAWS. */
static void fill_draw(uint16_t *draw, uint32_t securities)
{
    uint64_t whole = 0, so_far = 0;
    for (uint32_t rank = 0; rank < securities; rank++) whole += (UINT64_C(1) << 40) / (rank + 1);
    uint32_t at = 0;
    for (uint32_t rank = 0; rank < securities; rank++) {
        so_far += (UINT64_C(1) << 40) / (rank + 1);
        uint32_t until = (uint32_t)(so_far / 64 * (DRAWS - securities) / (whole / 64)) + rank + 1;
        while (at < until && at < DRAWS) draw[at++] = (uint16_t)rank;
    }
    while (at < DRAWS) draw[at++] = 0;
}

bool sw_gen_market_start(struct sw_gen_market *market, const struct sw_generate_settings *settings,
                         struct sw_output *const outputs[SW_GEN_TABLES], struct sw_error *error)
{
    *market = (struct sw_gen_market){.settings = settings, .order_id = FIRST_ORDER_ID};
    market->random.state = (uint64_t)settings->seed;
    market->random.state = sw_gen_bits(&market->random);
    size_t securities = (size_t)settings->securities;
    market->securities = sw_alloc(securities, sizeof *market->securities, error);
    if (!market->securities) return false;
    market->draw = sw_alloc(DRAWS, sizeof *market->draw, error);
    if (!market->draw) return false;
    for (size_t i = 0; i < securities; i++)
        sw_gen_security_start(&market->securities[i], (uint32_t)i);
    fill_draw(market->draw, (uint32_t)securities);
    sw_gen_clock_start(&market->clock, settings->rows, settings->days);
    return sw_gen_rows_start(&market->rows, outputs, settings->full, error);
}

void sw_gen_market_free(struct sw_gen_market *market)
{
    free(market->securities);
    free(market->draw);
    sw_gen_rows_free(&market->rows);
}

static void prepare(struct sw_gen_market *market, struct sw_gen_security *security)
{
    unsigned draw = sw_gen_below(&market->random, 100);
    if (draw < 12 && sw_gen_change(market, security)) return;
    if (draw >= 90 && sw_gen_cancel(market, security)) return;
    sw_gen_enter_early(market, security);
}

static void trade_on(struct sw_gen_market *market, struct sw_gen_security *security)
{
    unsigned draw = sw_gen_below(&market->random, 100);
    sw_gen_refresh_quote(market, security);
    if (draw < 14)
        sw_gen_enter_taking(market, security, SW_GEN_TO_BOOK);
    else if (draw < 32)
        sw_gen_enter_taking(market, security, SW_GEN_SWEEP);
    else if (draw < 54)
        sw_gen_enter_taking(market, security, SW_GEN_TO_DARK);
    else if ((draw < 64 && sw_gen_change(market, security)) ||
             (draw >= 64 && draw < 72 && sw_gen_cancel(market, security)) ||
             (draw >= 72 && draw < 74 && sw_gen_crossing(market, security)))
        return;
    else
        sw_gen_enter_passive(market, security);
}

static void match(struct sw_gen_market *market, struct sw_gen_security *security)
{
    sw_gen_refresh_quote(market, security);
    if (!sw_gen_auction(market, security)) sw_gen_enter_early(market, security);
}

static void go_on(struct sw_gen_market *market)
{
    struct sw_gen_clock *clock = &market->clock;
    int64_t done = market->rows.tables[SW_GEN_ORDERS].rows;
    if (sw_gen_clock_advance(clock, done, &market->random)) {
        uint64_t first = FIRST_ORDER_ID + (uint64_t)clock->day * ORDER_IDS_PER_DAY;
        if (market->order_id < first) market->order_id = first;
        sw_gen_rows_date(&market->rows, clock->date);
    }
    sw_gen_rows_time(&market->rows, clock->now_ns);
}

void sw_gen_market_step(struct sw_gen_market *market)
{
    go_on(market);
    uint16_t rank = market->draw[sw_gen_below(&market->random, DRAWS)];
    struct sw_gen_security *security = &market->securities[rank];
    sw_gen_security_day(security, market->clock.day);
    switch (market->clock.phase) {
    case SW_GEN_EVENING:
        sw_gen_enter_early(market, security);
        break;
    case SW_GEN_PREPARING:
        prepare(market, security);
        break;
    case SW_GEN_AUCTION:
        match(market, security);
        break;
    case SW_GEN_CONTINUOUS:
        trade_on(market, security);
        break;
    }
}
