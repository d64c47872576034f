/* SPDX-License-Identifier: ISC
 *
 * Made-up events as lines of CSV: the three tables (orders, trades, quotes, and what is expected of
 * planted ones) with the exchange's own
 * headers, the sequence that all three share, and the buffers in front of the outputs. A line
 * always finds room in its buffer, so that only sw_gen_rows_drain can fail.
 */
#ifndef SW_GENERATE_ROWS_H
#define SW_GENERATE_ROWS_H

#include "files/output.h"
#include "generate/generate.h"
#include "generate/book.h"

enum { SW_GEN_TIMESTAMP_LENGTH = 19, SW_GEN_DATE_LENGTH = 10 };

struct sw_gen_table_buffer {
    struct sw_output *output; /* NULL: rows are made up and counted, but not formatted */
    char *bytes;
    size_t used;
    int64_t rows;
};

struct sw_gen_rows {
    struct sw_gen_table_buffer tables[SW_GEN_TABLES];
    bool full; /* the 30-column header of orders */
    uint64_t sequence, match_id;
    char timestamp[SW_GEN_TIMESTAMP_LENGTH]; /* of the lines that follow */
    char date[SW_GEN_DATE_LENGTH];
};

/* Why an order has an event, in the exchange's numbers (changereason). */
enum sw_gen_reason {
    SW_GEN_CANCELLED = 1,
    SW_GEN_TRADED = 3,
    SW_GEN_UPDATED = 5,
    SW_GEN_ENTERED = 6,
    SW_GEN_CANCELLED_BY_SYSTEM = 9,
    SW_GEN_CANCELLED_ON_BEHALF = 10,
    SW_GEN_PURGED = 24,
    SW_GEN_PURGED_TOO = 26,
    SW_GEN_RELOADED = 30,
};

/* What an order is after it (orderstatus). */
enum sw_gen_status { SW_GEN_ON_BOOK = 1, SW_GEN_OFF_BOOK = 2, SW_GEN_INACTIVE = 4 };

struct sw_gen_event {
    enum sw_gen_reason reason;
    int status;
};

/* Where and how a trade came about. */
struct sw_gen_deal {
    const char *source; /* dealsource,dealsourcedecoded,exchangeinfo as they stand in the file */
    int aggressor;      /* side, or -1 */
};

/* Prepares the tables that have an output, with their headers; SW_SYSTEM when there is no memory.
 * Free with sw_gen_rows_free, after a failure too. */
bool sw_gen_rows_start(struct sw_gen_rows *rows, struct sw_output *const outputs[SW_GEN_TABLES],
                       bool full, struct sw_error *error) SW_CHECKED;

/* Sets the time and the local date (days since 1970) of the lines that follow. */
void sw_gen_rows_time(struct sw_gen_rows *rows, int64_t timestamp_ns);
void sw_gen_rows_date(struct sw_gen_rows *rows, int64_t date);

/* An event of an order, as the order is. */
void sw_gen_order_row(struct sw_gen_rows *rows, const struct sw_gen_security *security,
                      const struct sw_gen_order *order, struct sw_gen_event event);

/* Both sides of a trade, a buyer's and a seller's. */
void sw_gen_trade_rows(struct sw_gen_rows *rows, const struct sw_gen_security *security,
                       const struct sw_gen_order *const parties[2], int32_t price, int32_t quantity,
                       struct sw_gen_deal deal);

/* A bid and an offer of the security, quoted at this time; 0 is none. */
struct sw_gen_quote {
    int32_t bid, offer;
    int64_t date, timestamp_ns;
};
void sw_gen_quote_row(struct sw_gen_rows *rows, const struct sw_gen_security *security,
                      struct sw_gen_quote quote);

/* What the rules make of a planted sweep: a match, or, with a reason, that it has none. */
struct sw_gen_expected {
    const char *rules;  /* simple or full */
    const char *reason; /* NULL: a match, of what follows */
    uint64_t sweep_id, contra_id;
    int64_t timestamp_ns;
    int32_t quantity, price;
    bool booked; /* not traded */
};
void sw_gen_expected_row(struct sw_gen_rows *rows, const struct sw_gen_security *security,
                         const struct sw_gen_expected *expected);

/* Hands full buffers to their outputs; all of them when `all`. SW_SYSTEM on failure. Call it at
 * least once in SW_GEN_LINES_AT_ONCE lines of a table. */
bool sw_gen_rows_drain(struct sw_gen_rows *rows, bool all, struct sw_error *error) SW_CHECKED;

enum { SW_GEN_LINES_AT_ONCE = 128 };

void sw_gen_rows_free(struct sw_gen_rows *rows);

#endif
