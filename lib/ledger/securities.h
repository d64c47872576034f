/* SPDX-License-Identifier: ISC
 *
 * The securities of an analysis: what the lists of its parts say that is in them, put together. A list is a TSV that stands beside
 * a part: of orders SECURITY DATE EVENTS, of trades SECURITY ROWS MARKET BOOKED REPORTED, of quotes SECURITY ROWS, a header in front.
 *
 *     WORK/chunks/all, WORK/PART.list … ─▶ sw_securities_read ─▶ found, other trades, matrix
 */
#ifndef SW_LEDGER_SECURITIES_H
#define SW_LEDGER_SECURITIES_H

#include "base/bytes.h"

enum { SW_TABLE_ORDERS, SW_TABLE_TRADES, SW_TABLE_QUOTES, SW_TABLES };
enum { SW_LIST_COUNTS = 4 }; /* of a line of trades: rows, market, booked, reported */

/* A line of a list. Texts point into the lists. */
struct sw_list_line {
    const char *code, *date; /* date: "" but of orders */
    int table;
    uint32_t part; /* its number among those of the table, from 0 */
    uint64_t counts[SW_LIST_COUNTS];
};

/* Zero-initialize; free with sw_securities_free. */
struct sw_securities {
    struct sw_list_line *lines; /* by code, table, part, date */
    size_t count, capacity;
    struct sw_buffer *lists; /* their bytes */
    size_t list_count, list_capacity;
};

/* Reads the lists of all parts that a stage's `all` names, below the run's folder. SW_SYSTEM: a file that cannot be read or is
 * none of this form, no memory. */
bool sw_securities_read(struct sw_securities *securities, const char *work, const char *all,
                        struct sw_error *error) SW_CHECKED;
void sw_securities_free(struct sw_securities *securities);

/* Appends a line for each security that has orders, the most events first: SECURITY EVENTS ORDER-PARTS TRADE-PARTS QUOTE-PARTS, the
 * parts by their numbers between commas. SW_DATA: events without a security; a security whose code cannot be a word of an option, a
 * field of a list and a part of a file's name. */
bool sw_securities_found(const struct sw_securities *securities, struct sw_buffer *out,
                         struct sw_error *error) SW_CHECKED;

/* Appends the trades of securities without orders: "ROWS MARKET BOOKED REPORTED" and a newline. */
bool sw_securities_other_trades(const struct sw_securities *securities, struct sw_buffer *out,
                                struct sw_error *error) SW_CHECKED;

/* Appends the events of each security and date, by number where codes are numbers, as CSV; or, for people, as a table of
 * securities by dates. */
bool sw_securities_matrix(const struct sw_securities *securities, struct sw_buffer *out,
                          struct sw_error *error) SW_CHECKED;
bool sw_securities_picture(const struct sw_securities *securities, struct sw_buffer *out,
                           struct sw_error *error) SW_CHECKED;

/* Below 0, 0 or above as one code stands before another: by number; what is no number stands where 0 does, by its bytes. */
int sw_security_compare(const char *a, const char *b);

#endif
