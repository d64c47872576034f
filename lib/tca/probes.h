/* SPDX-License-Identifier: ISC
 *
 * What is asked of the market, and what it says. Orders and trades put probes: a security, a time, a
 * question; all of them are sorted by security and time, see the market go by, and what each has seen
 * is sorted back by order (tca/observe.h).
 *
 *     orders ─▶ probes, by security, time, kind ─┐
 *                                   moments ─────┴▶ sights, by order, kind
 */
#ifndef SW_TCA_PROBES_H
#define SW_TCA_PROBES_H

#include "sort/row_sorter.h"
#include "tca/measures.h"

enum sw_probe_column {
    SW_PROBE_SECURITY,
    SW_PROBE_TIME,
    SW_PROBE_KIND,
    SW_PROBE_MATCH, /* of a market's trade: what both sides share; null: it has no other row */
    SW_PROBE_ORDER, /* the order's number */
    SW_PROBE_FILL, /* enum sw_fill_kind; of a market's trade its side and whether it is continuous */
    SW_PROBE_PRICE,
    SW_PROBE_QUANTITY,
    SW_PROBE_COLUMNS,
};

/* In the order in which those of one time come. */
enum sw_probe_kind {
    SW_PROBE_FROM,   /* T: the mid, and the market's trades before it */
    SW_PROBE_MARKET, /* a row of a trade of the market, which the others see */
    SW_PROBE_UP_TO,  /* the last fill: the market's trades up to it */
    SW_PROBE_TRADE,  /* a trade of the order: the mids at its time and after it */
    SW_PROBE_END,    /* E: the mid */
};

enum sw_sight_column {
    SW_SIGHT_ORDER,
    SW_SIGHT_KIND,
    SW_SIGHT_DAY, /* of T: the number of the first of the security's days; of a trade: its own day's */
    SW_SIGHT_TIME, /* of T: that of the quote; of a trade: its own */
    SW_SIGHT_FILL,
    SW_SIGHT_PRICE,
    SW_SIGHT_QUANTITY,
    SW_SIGHT_MID, /* doubled; null: there is none */
    SW_SIGHT_SPREAD,
    SW_SIGHT_CROSSED, /* 1: the moment itself was crossed */
    SW_SIGHT_MARKET_QUANTITY,
    SW_SIGHT_MARKET_VALUE,
    SW_SIGHT_AFTER, /* and the four behind it: doubled mids; null: none */
    SW_SIGHT_COLUMNS = SW_SIGHT_AFTER + SW_HORIZONS,
};

/* A probe. */
struct sw_probe {
    enum sw_probe_kind kind;
    int64_t time_ns;
    uint64_t order;
    int fill;
    bool matched;
    sw_int128 match;
    sw_int128 price, quantity;
};

/* A market's trade packs these into its fill. */
static inline int sw_market_fill(int side, bool continuous)
{
    return (side + 1) * 2 + continuous;
}

static inline int sw_market_fill_side(int fill)
{
    return fill / 2 - 1;
}

static inline bool sw_market_fill_continuous(int fill)
{
    return fill % 2;
}

/* Open the two sorters. security: the column that the orders have theirs in. */
bool sw_probes_open(struct sw_row_sorter *probes, const struct sw_column *security,
                    uint64_t memory_bytes, const char *folder, struct sw_error *error) SW_CHECKED;
bool sw_sights_open(struct sw_row_sorter *sights, uint64_t memory_bytes, const char *folder,
                    struct sw_error *error) SW_CHECKED;

/* Adds a probe for the security at a vector's row. */
bool sw_probes_add(struct sw_row_sorter *probes, const struct sw_vector *security, size_t row,
                   const struct sw_probe *probe, struct sw_error *error) SW_CHECKED;

#endif
