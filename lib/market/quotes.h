/* SPDX-License-Identifier: ISC
 *
 * Quotes in order: a record stream of the table nbbo, sorted by security_code and timestamp, one
 * valid quote at a time. A quote without bid or offer says nothing of the price between them and is
 * stepped over; one without a timestamp, or out of order, is an error. The order among quotes of
 * one time does not matter here.
 *
 *     if (!sw_quotes_open(&quotes, "nbbo.swr", error)) …
 *     while ((step = sw_quotes_next(&quotes, error)) == SW_ROWS) … quotes.current …
 *     sw_quotes_close(&quotes);
 */
#ifndef SW_MARKET_QUOTES_H
#define SW_MARKET_QUOTES_H

#include "sort/sort_keys.h"
#include "stream/reader.h"

enum sw_quote_column {
    SW_QUOTE_SECURITY,
    SW_QUOTE_TIME,
    SW_QUOTE_BID,
    SW_QUOTE_OFFER,
    SW_QUOTE_SEQUENCE, /* may be missing */
    SW_QUOTE_COLUMNS,
};

struct sw_quote {
    int64_t time_ns;
    sw_int128 bid, offer; /* ÷ 10^scale of the quotes */
    bool sequenced;       /* it has a sequence */
    sw_int128 sequence;
};

struct sw_quotes {
    struct sw_quote current;
    const struct sw_vector *security; /* of the current quote: its value is at `row` */
    size_t row;
    int scale;        /* of bids and offers */
    const char *path; /* not owned */
    struct sw_reader reader;
    int columns[SW_QUOTE_COLUMNS];                     /* in the reader's schema; −1: not there */
    const struct sw_vector *vectors[SW_QUOTE_COLUMNS]; /* of the current block */
    const struct sw_vector **by_column; /* the keys' vectors, as sw_sorted_check wants them */
    struct sw_sort_key keys[2];
    struct sw_sorted sorted;
    size_t next_row;
};

/* Opens the stream ("-": standard input) and checks that its columns are there and of the right
 * types. SW_DATA where they are not, or the table is not nbbo. Zero-initialize before; close in any
 * case. */
bool sw_quotes_open(struct sw_quotes *quotes, const char *path, struct sw_error *error) SW_CHECKED;

/* The index of the security's column in quotes->reader.schema. */
int sw_quotes_security(const struct sw_quotes *quotes);

/* Before the first quote: only those of securities from low to high (a text's by sw_text_bound) are
 * wanted. Blocks without them are stepped over, unchecked; quotes of others may still come.
 * SW_SYSTEM: memory. */
bool sw_quotes_restrict(struct sw_quotes *quotes, sw_int128 low, sw_int128 high,
                        struct sw_error *error) SW_CHECKED;

/* Goes to the next valid quote; SW_END at the end of the stream, which then was whole. SW_DATA: out
 * of order, no timestamp, a bid or an offer that does not fit 128 bits at the common scale. */
enum sw_step sw_quotes_next(struct sw_quotes *quotes, struct sw_error *error);

/* Below 0, 0 or above 0 as a stands before, with or behind b by time, sequence (none first), bid,
 * offer: the largest is the one that holds. */
int sw_quote_compare(const struct sw_quote *a, const struct sw_quote *b);

void sw_quotes_close(struct sw_quotes *quotes);

#endif
