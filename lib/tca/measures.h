/* SPDX-License-Identifier: ISC
 *
 * The measures of transaction cost analysis of one order (sw-tca(1)), from what its trades come to.
 * Everything is worked out exactly, in whole numbers, and rounded once, half away from zero. A
 * measure of which a part is not known is not known. Knows nothing of streams.
 *
 * Prices are whole multiples of 10^-price_scale, below 2^120 in size; quantities of some other power of
 * ten, the same for all. A midprice m stands here doubled, as bid + offer, so that no half is lost; so
 * does a sum of q × m.
 *
 *     struct sw_order_fills fills = {…};
 *     for every trade: sw_fills_add(&fills, &fill, error)
 *     sw_tca_measures_of(&fills, measures, error)             // measures[SW_TCA_COST_BPS].known …
 */
#ifndef SW_TCA_MEASURES_H
#define SW_TCA_MEASURES_H

#include "base/amount.h"
#include "base/error.h"

#include <stdint.h>

enum { SW_HORIZONS = 5, SW_REPORTED_HORIZON = 3 };

/* 50 ms, 1 s, 15 s, 60 s, 300 s. */
extern const int64_t sw_horizons_ns[SW_HORIZONS];

/* How a quantity was filled. The first four share out what was traded. */
enum sw_fill_kind {
    SW_FILL_PASSIVE,    /* by an order that rested */
    SW_FILL_AGGRESSIVE, /* by one that took */
    SW_FILL_DARK,
    SW_FILL_AUCTION,
    SW_FILL_OTHER, /* it is not told which */
    SW_FILL_KINDS,
};

/* A trade of an order. */
struct sw_fill {
    enum sw_fill_kind kind;
    int64_t time_ns;
    sw_int128 quantity, price;
    struct sw_amount mid;                /* m(t), doubled */
    sw_int128 spread;                    /* offer − bid of the same quote */
    struct sw_amount after[SW_HORIZONS]; /* m(t + H), doubled; none past the end of trading */
};

/* A price side by side with quantities: Σ over trades; none once one of them had none. */
struct sw_cost_sum {
    bool missing;
    sw_int128 cost; /* Σ q·(2p − 2m) */
    sw_int128 base; /* Σ q·2m */
};

/* What an order and its trades come to. */
struct sw_order_fills {
    bool reported_only; /* only those measures are wanted that sw_tca_is_reported names */
    int price_scale;
    int sign;                 /* +1 buys, −1 sells, 0: not told */
    bool kinds_told;          /* whether trades say dark and auction … */
    bool takers_told;         /* … and passive and aggressive */
    int64_t arrival_ns;       /* T */
    struct sw_amount arrival; /* m(T), doubled */
    struct sw_amount end;     /* m(E), doubled */
    struct sw_amount asked;   /* order_quantity */
    struct sw_amount matched; /* totalmatchedquantity */
    sw_int128 booked;         /* booked_quantity */
    struct sw_amount limit;   /* Σ q·(limit − p) */
    bool market_known; /* of the market's trades from T to the last fill, the order's own too: */
    sw_int128 market_quantity, market_value;
    /* What sw_fills_add makes. */
    uint64_t trades;
    int64_t first_ns, last_ns;
    sw_int128 quantity, value;         /* Σ q, Σ p·q */
    sw_int128 own_quantity, own_value; /* the same of trades at T or later */
    sw_int128 weighted_ns;             /* Σ q·(t − T) */
    sw_int128 of_kind[SW_FILL_KINDS];  /* Σ q */
    struct sw_cost_sum all, by_kind[SW_FILL_KINDS];
    sw_int128 spread; /* Σ q·spread(t) */
    bool no_after[SW_HORIZONS];
    sw_int128 realized[SW_HORIZONS]; /* Σ q·(2p − 2m(t + H)) */
    sw_int128 impact[SW_HORIZONS];   /* Σ q·(2m(t + H) − 2m(t)) */
};

enum sw_tca_measure {
    SW_TCA_FILL_RATIO,
    SW_TCA_VWAP,
    SW_TCA_ARRIVAL_MIDPRICE,
    SW_TCA_ARRIVAL_COST_BPS,
    SW_TCA_COST_BPS,
    SW_TCA_COST_BPS_OF_KIND, /* and the three behind it: of the first four kinds */
    SW_TCA_SHARE_OF_KIND = SW_TCA_COST_BPS_OF_KIND + 4, /* and the three behind it */
    SW_TCA_BOOKED_SHARE = SW_TCA_SHARE_OF_KIND + 4,
    SW_TCA_EFFECTIVE_SPREAD_BPS,
    SW_TCA_EFFECTIVE_OVER_QUOTED_PCT,
    SW_TCA_REALIZED_SPREAD_BPS, /* and the four behind it: of each horizon */
    SW_TCA_IMPACT_BPS = SW_TCA_REALIZED_SPREAD_BPS + SW_HORIZONS, /* and the four behind it */
    SW_TCA_SHORTFALL_BPS = SW_TCA_IMPACT_BPS + SW_HORIZONS,
    SW_TCA_SHORTFALL_EXECUTION_BPS,
    SW_TCA_SHORTFALL_OPPORTUNITY_BPS,
    SW_TCA_VWAP_COST_BPS,
    SW_TCA_PARTICIPATION,
    SW_TCA_LIMIT_IMPROVEMENT,
    SW_TCA_TIME_TO_FIRST_FILL,
    SW_TCA_TIME_FIRST_TO_LAST,
    SW_TCA_TIME_VOLUME_WEIGHTED,
    SW_TCA_MEASURES,
};

enum { SW_TCA_SCALE = 6, SW_TCA_FILL_RATIO_SCALE = 18 };

/* Whether the reports over costs of an analysis read the measure. */
bool sw_tca_is_reported(int measure);

/* Adds a trade; T is set. SW_DATA: a sum that does not fit 128 bits. */
bool sw_fills_add(struct sw_order_fills *fills, const struct sw_fill *fill,
                  struct sw_error *error) SW_CHECKED;

/* Works out all of them that are wanted, the others are none: the fill ratio with 18 decimals, times in whole nanoseconds, the rest in
 * millionths. SW_DATA: one does not fit. */
bool sw_tca_measures_of(const struct sw_order_fills *fills,
                        struct sw_amount measures[SW_TCA_MEASURES],
                        struct sw_error *error) SW_CHECKED;

#endif
