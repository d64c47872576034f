/* SPDX-License-Identifier: ISC
 *
 * The ledger of matching, a line a security: where its events, orders, trades, quotes and sweeps went.
 * Securities are those of the order events, in their order; rows of others are not counted.
 */
#ifndef SW_DARKBOOK_MATCH_TALLY_H
#define SW_DARKBOOK_MATCH_TALLY_H

#include "base/error.h"
#include "record/kept_value.h"

enum sw_match_count {
    SW_COUNT_EVENTS,
    SW_COUNT_ORDERS,
    SW_COUNT_WITHOUT_SIDE,
    SW_COUNT_CONTRAS,
    SW_COUNT_TRADES,
    SW_COUNT_TRADES_OF_ORDERS,
    SW_COUNT_CROSSED,
    SW_COUNT_ONE_SIDED,
    SW_COUNT_SWEEPS,
    SW_COUNT_MATCHED_SWEEPS,
    SW_COUNT_MATCHES,
    SW_COUNT_BOOKINGS,
    SW_COUNT_ORDERS_MATCHED,
    SW_COUNT_REASONS, /* by enum sw_unmatched from its second on */
    SW_MATCH_COUNTS = SW_COUNT_REASONS + 8,
};

struct sw_match_line {
    struct sw_kept_value security;
    uint64_t counts[SW_MATCH_COUNTS];
};

/* Lines that are ordered by security. */
struct sw_match_lines {
    struct sw_match_line *items;
    size_t count, capacity;
};

struct sw_match_tally {
    struct sw_match_lines securities, trades; /* of trades the rows alone */
    size_t quote_at, book_at; /* where sw_match_lines_find stands, of quotes and of sweeps */
};

/* Zero-initialize before; free in any case. */

/* The line of the security at a row, which is the last one's or after it; made where it is not there.
 * NULL: SW_SYSTEM, memory. */
struct sw_match_line *sw_match_lines_add(struct sw_match_lines *lines,
                                         const struct sw_vector *security, size_t row,
                                         struct sw_error *error);

/* The same where it is there, NULL where it is not, of securities asked for in their order; *at, 0 at
 * first, goes along. */
struct sw_match_line *sw_match_lines_find(struct sw_match_lines *lines, size_t *at,
                                          const struct sw_vector *security, size_t row);

/* Rows of trades, a block after another. SW_SYSTEM: memory. */
bool sw_match_tally_trades(struct sw_match_tally *tally, const struct sw_vector *security,
                           size_t rows, struct sw_error *error) SW_CHECKED;

/* A quote that was left out, for sw_quotes. owner: a sw_match_tally whose securities are all there. */
void sw_match_tally_quote(void *owner, const struct sw_vector *security, size_t row, bool crossed);

/* Takes the rows of trades over into the lines of their securities: after all else. */
void sw_match_tally_close(struct sw_match_tally *tally);

void sw_match_tally_free(struct sw_match_tally *tally);

#endif
