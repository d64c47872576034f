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

#include "record/vector.h"
#include "sort/item_sorter.h"
#include "tca/measures.h"

/* In the order in which those of one time come. */
enum sw_tca_probe_kind {
    SW_PROBE_FROM,   /* T: the mid, and the market's trades before it */
    SW_PROBE_MARKET, /* a row of a trade of the market, which the others see */
    SW_PROBE_UP_TO,  /* the last fill: the market's trades up to it */
    SW_PROBE_TRADE,  /* a trade of the order: the mids at its time and after it */
    SW_PROBE_END,    /* E: the mid */
};

/* A probe. */
struct sw_tca_probe {
    enum sw_tca_probe_kind kind;
    int64_t time_ns;
    uint64_t order; /* its number; of a market's trade none */
    int fill;     /* enum sw_fill_kind; of a market's trade its side and whether it is continuous */
    bool matched; /* of a market's trade: its other rows have … */
    sw_int128 match; /* … this, too; rows of one time that have it come together */
    sw_int128 price, quantity;
};

/* Probes, and the securities that they are of, which have numbers from 0. */
struct sw_probes {
    uint32_t security; /* of the current one, after sw_probes_next */
    struct sw_tca_probe current;
    /* The rest is the module's own. */
    struct sw_item_sorter sorter;
    struct sw_column column;       /* of the securities */
    struct sw_builder *securities; /* their values, so many in each */
    size_t builder_count, builder_capacity;
    uint32_t security_count;
};

/* What a probe has seen. */
struct sw_sight {
    uint64_t order;
    enum sw_tca_probe_kind kind;
    /* Of T: the number of the first of the security's days; of a trade: its own day's. */
    size_t day;
    int64_t time_ns; /* of T: that of the quote; of a trade: its own */
    int fill;
    bool crossed;         /* the moment itself was crossed */
    struct sw_amount mid; /* doubled; none: there is none */
    /* Of a trade: */
    sw_int128 price, quantity, spread;
    struct sw_amount after[SW_HORIZONS]; /* doubled mids */
    /* Of the others: */
    sw_int128 market_quantity, market_value;
};

struct sw_sights {
    struct sw_sight current; /* after sw_sights_next */
    struct sw_item_sorter sorter;
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

/* Of probes of securities of this type, and of sights. memory_bytes and folder: as in sort/sorter.h. Zero-initialize before, free in any
 * case. */
void sw_probes_open(struct sw_probes *probes, const struct sw_column *security,
                    uint64_t memory_bytes, const char *folder);
void sw_sights_open(struct sw_sights *sights, uint64_t memory_bytes, const char *folder);

/* The next security, at a vector's row; its number is security_count − 1. SW_SYSTEM: memory. */
bool sw_probes_begin_security(struct sw_probes *probes, const struct sw_vector *security,
                              size_t row, struct sw_error *error) SW_CHECKED;

/* The value of a security: a vector, and a row in it. */
const struct sw_vector *sw_probes_security(const struct sw_probes *probes, uint32_t number,
                                           size_t *row);

/* SW_SYSTEM of these: memory, the temporary file. */
bool sw_probes_add(struct sw_probes *probes, uint32_t security, const struct sw_tca_probe *probe,
                   struct sw_error *error) SW_CHECKED;
bool sw_sights_add(struct sw_sights *sights, const struct sw_sight *sight,
                   struct sw_error *error) SW_CHECKED;

/* No more are coming. */
bool sw_probes_finish(struct sw_probes *probes, struct sw_error *error) SW_CHECKED;
bool sw_sights_finish(struct sw_sights *sights, struct sw_error *error) SW_CHECKED;

/* Go to the next one: probes by security, time, kind and match; sights by order and kind; else as they came. */
enum sw_step sw_probes_next(struct sw_probes *probes, struct sw_error *error);
enum sw_step sw_sights_next(struct sw_sights *sights, struct sw_error *error);

/* After the last one: gives their memory back; the securities stay. */
void sw_probes_release(struct sw_probes *probes);

void sw_probes_free(struct sw_probes *probes);
void sw_sights_free(struct sw_sights *sights);

#endif
