/* SPDX-License-Identifier: ISC
 *
 * Quotes in order: a record stream sorted by security_code and timestamp, one valid quote at a time.
 * A quote without bid or offer says nothing of the price between them, nor does a crossed one, whose
 * bid is above its offer: both are stepped over and counted. One without a timestamp, or out of
 * order, is an error. The order among quotes of one time does not matter here.
 *
 * The stream is of the table nbbo; or the rows are orders or trades, in which the national best bid
 * and offer of the moment stand: then all rows of a security and a nanosecond are one quote, the
 * first's, 0 and the lowest of 64 bits are no price, and where there is a sequence the rows are
 * sorted by it, too.
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
    struct sw_sort_key keys[3];
    struct sw_sorted sorted;
    size_t next_row;
    bool of_rows;                      /* the rows are orders or trades */
    struct sw_builder moment_security; /* then, of the row before the next one, as moment_ns */
    int64_t moment_ns;
    bool limited; /* to securities from low to high */
    sw_int128 low, high;
    uint64_t crossed, one_sided; /* quotes of these securities that were stepped over */
    void (*left_out)(void *owner, const struct sw_vector *security, size_t row, bool crossed);
    void *owner; /* who wants to see them; left_out NULL: nobody */
};

/* Opens the stream ("-": standard input) and checks that its columns are there and of the right
 * types. SW_DATA where they are not, or the rows are no quotes and have none. Zero-initialize
 * before; close in any case. */
bool sw_quotes_open(struct sw_quotes *quotes, const char *path, struct sw_error *error) SW_CHECKED;

/* The same of an input that is open already, the quotes' from here on. */
bool sw_quotes_open_input(struct sw_quotes *quotes, const struct sw_input *input,
                          struct sw_error *error) SW_CHECKED;

/* The index of the security's column in quotes->reader.schema. */
int sw_quotes_security(const struct sw_quotes *quotes);

/* Securities that quotes are wanted of: from low to high, a text's by sw_text_bound. Zero-initialized it has none. */
struct sw_security_range {
    bool any;
    sw_int128 low, high;
};

/* Takes in the security of a row, which is not null. */
void sw_security_range_widen(struct sw_security_range *range, const struct sw_vector *security,
                             size_t row);

/* Before the first quote: only those of these securities are wanted; where there are none, of all. Blocks
 * without them are stepped over, unchecked; quotes of others may still come. SW_SYSTEM: memory. */
bool sw_quotes_restrict(struct sw_quotes *quotes, const struct sw_security_range *range,
                        struct sw_error *error) SW_CHECKED;

/* Goes to the next valid quote; SW_END at the end of the stream, which then was whole. SW_DATA: out
 * of order, no timestamp, a bid or an offer that does not fit 128 bits at the common scale. */
enum sw_step sw_quotes_next(struct sw_quotes *quotes, struct sw_error *error);

/* What a quote says of the price between bid and offer. */
enum sw_quote_state {
    SW_QUOTE_VALID,
    SW_QUOTE_CROSSED,
    SW_QUOTE_ONE_SIDED, /* or without either: `current` has its time and sequence alone */
};

/* The same, but goes to the next quote of whatever state, and counts as sw_quotes_next does. */
enum sw_step sw_quotes_next_row(struct sw_quotes *quotes, enum sw_quote_state *state,
                                struct sw_error *error);

/* Reads how old a quote may be, "60s", "1.5h", "500ms" (of d, h, m, s, ms, us, ns; s where there is no unit),
 * NULL for any age: *age_ns is then -1. SW_USAGE for what is none, finer than a nanosecond, negative
 * or longer than 64 bits hold. */
bool sw_quote_age_parse(const char *text, int64_t *age_ns, struct sw_error *error) SW_CHECKED;

/* Below 0, 0 or above 0 as a stands before, with or after b by time, sequence (none first), bid,
 * offer: the largest is the one that holds. */
int sw_quote_compare(const struct sw_quote *a, const struct sw_quote *b);

void sw_quotes_close(struct sw_quotes *quotes);

#endif
