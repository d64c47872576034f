/* SPDX-License-Identifier: ISC
 *
 * The rows of a trades file one by one, sorted by security_code, order_id, timestamp: what each is
 * (market/trade_kinds.h), how its quantity was filled, whose side it is.
 *
 *     if (!sw_trade_rows_open(&trades, path, NULL, NULL, share, error)) …
 *     while ((step = sw_trade_rows_reach(&trades, error)) == SW_ROWS)
 *         … sw_trade_row(&trades, 4, 0, &row, error) … trades.at++
 *     sw_trade_rows_close(&trades);
 */
#ifndef SW_TCA_TRADE_ROWS_H
#define SW_TCA_TRADE_ROWS_H

#include "states/state_columns.h"
#include "market/trade_kinds.h"
#include "stream/reader.h"
#include "tca/measures.h"
#include "tca/moments.h"

/* What a trade may have beside what is needed of it; −1 where it has not. */
enum sw_trade_extra {
    SW_EXTRA_TAKER, /* passiveaggressive */
    SW_EXTRA_SIDE,
    SW_EXTRA_MATCH, /* matchgroupid */
    SW_EXTRA_SEQUENCE,
    SW_EXTRA_BID, /* the national best bid and offer of the moment */
    SW_EXTRA_OFFER,
    SW_TRADE_EXTRAS,
};

struct sw_trade_rows {
    const char *path[1];
    struct sw_reader reader;
    bool open;
    int columns[SW_TRADE_COLUMNS], extras[SW_TRADE_EXTRAS];
    struct sw_sort_key keys[SW_TRADE_COLUMNS];
    struct sw_sorted sorted;
    const struct sw_vector **vectors; /* of the current block, by column; NULL where not read */
    struct sw_moments *quotes; /* where the quotes in all rows go, too; NULL: nowhere; not owned */
    size_t rows, at;           /* the current row is `at` */
    struct sw_trade_kinds kinds;
    struct sw_condition *sets[3];
    unsigned char *in_sets; /* per row, a bit per set */
};

/* The current row. */
struct sw_trade_row {
    enum sw_trade_kind kind;
    enum sw_fill_kind fill;
    bool continuous; /* of continuous trading on the lit book */
    bool complete;   /* it has a time, a price and a quantity */
    int64_t time_ns;
    sw_int128 price, quantity; /* at the scales that were asked for */
    int side;                  /* +1 the buyer's, −1 the seller's, 0: not told */
    bool matched;              /* it has a number that both sides of a trade share */
    sw_int128 match;
};

/* Opens the stream ("-": standard input), or, where that is not NULL, an input that is open, which becomes
 * the rows'. trades_in and share_directory: as sw_trade_kinds_open takes
 * them. SW_DATA: not trades, or a column is missing or of the wrong type; SW_USAGE: a set that is not
 * there. Zero-initialize before, close in any case. */
bool sw_trade_rows_open(struct sw_trade_rows *trades, const char *path,
                        const struct sw_input *input, const char *trades_in,
                        const char *share_directory, struct sw_error *error) SW_CHECKED;

/* Makes `at` a row. SW_END: there is none left. SW_DATA: not sorted, with file and row. */
enum sw_step sw_trade_rows_reach(struct sw_trade_rows *trades, struct sw_error *error) SW_CHECKED;

/* The current row, its price and quantity as multiples of 10^-price_scale and 10^-quantity_scale, at
 * least as fine as their own. SW_DATA: one of 2^96 or more. */
bool sw_trade_row(const struct sw_trade_rows *trades, int price_scale, int quantity_scale,
                  struct sw_trade_row *row, struct sw_error *error) SW_CHECKED;

/* A column of the current block. */
static inline const struct sw_vector *sw_trade_rows_column(const struct sw_trade_rows *trades,
                                                           enum sw_trade_column column)
{
    return trades->vectors[trades->columns[column]];
}

/* The same of an extra; NULL where there is none. */
static inline const struct sw_vector *sw_trade_rows_extra(const struct sw_trade_rows *trades,
                                                          enum sw_trade_extra extra)
{
    return trades->extras[extra] < 0 ? NULL : trades->vectors[trades->extras[extra]];
}

/* The scale of a column's numbers. */
int sw_trade_rows_scale(const struct sw_trade_rows *trades, enum sw_trade_column column);

void sw_trade_rows_close(struct sw_trade_rows *trades);

/* The value of a vector's row × 10^(scale − its own), its own being no finer; false where it is null or
 * too large, of 2^96 or more. */
bool sw_scaled_value(const struct sw_vector *vector, size_t row, int scale, sw_int128 *value);

#endif
