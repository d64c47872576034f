/* SPDX-License-Identifier: ISC
 *
 * The best bid and offer of the market as it changes, one moment at a time, by security and time: all
 * quotes of a security and a nanosecond are one moment, the first's, by sequence. A moment may be
 * crossed or lack a side; it is told all the same.
 *
 * They come from a stream of quotes (market/quotes.h), or from the rows of orders or trades that a
 * program reads anyhow: then each row is added, in any order, and sorted.
 *
 *     sw_moments_of_stream(&moments, &quotes, error)                        // or
 *     sw_moments_of_rows(&moments, security, scale, memory, folder, error)
 *         for every row: sw_moments_add(&moments, …)
 *     while ((step = sw_moments_next(&moments, error)) == SW_ROWS)
 *         … moments.state, moments.current, moments.security.vector at 0 …
 *     sw_moments_free(&moments);
 */
#ifndef SW_TCA_MOMENTS_H
#define SW_TCA_MOMENTS_H

#include "market/quotes.h"
#include "sort/row_sorter.h"

struct sw_moments {
    struct sw_quote current;
    enum sw_quote_state state;
    struct sw_builder security; /* one row: that of the current moment */
    uint64_t securities;        /* that came by, this one too: another number is another security */
    int scale;                  /* of bids and offers */
    struct sw_quotes *quotes;   /* not owned; NULL: rows */
    struct sw_row_sorter rows;
    bool begun, finished;
    enum sw_step step; /* whether there is a quote at hand, behind the current moment */
    struct sw_quote next;
    enum sw_quote_state next_state;
    const struct sw_vector *next_security;
    size_t next_row;
    uint64_t quotes_read;
};

/* Zero-initialize before; free in any case. SW_SYSTEM: memory. The quotes stay open while the moments
 * are used. */
bool sw_moments_of_stream(struct sw_moments *moments, struct sw_quotes *quotes,
                          struct sw_error *error) SW_CHECKED;

/* security: what the rows' securities are; memory and folder: as in sort/sorter.h. */
bool sw_moments_of_rows(struct sw_moments *moments, const struct sw_column *security, int scale,
                        uint64_t memory_bytes, const char *folder,
                        struct sw_error *error) SW_CHECKED;

/* A row of orders or trades, its bid and offer in these vectors (NULL: the column is not there) as
 * multiples of a power of ten no finer than the scale; sequence may be NULL. A row without a security
 * or a time says nothing. SW_DATA: a price out of range. */
bool sw_moments_add(struct sw_moments *moments, const struct sw_vector *security,
                    const struct sw_vector *time, const struct sw_vector *sequence,
                    const struct sw_vector *bid, const struct sw_vector *offer, size_t row,
                    struct sw_error *error) SW_CHECKED;

/* Goes to the next moment. SW_DATA: see sw_quotes_next. */
enum sw_step sw_moments_next(struct sw_moments *moments, struct sw_error *error);

void sw_moments_free(struct sw_moments *moments);

/* A bid or an offer in a row of orders or trades, as a multiple of 10^-scale: false where it is null, 0
 * or what the exchange writes for none. */
bool sw_moment_price(const struct sw_vector *vector, size_t row, int scale, sw_int128 *price);

#endif
