/* SPDX-License-Identifier: ISC
 *
 * The columns of classified orders that a simulation reads, and an order's terms from a row of
 * them.
 */
#ifndef SW_MARKET_ORDER_TERMS_H
#define SW_MARKET_ORDER_TERMS_H

#include "market/scenario.h"
#include "record/vector.h"

enum sw_term_column {
    SW_TERM_ORDER,
    SW_TERM_SECURITY,
    SW_TERM_DATE,
    SW_TERM_SIDE,
    SW_TERM_GROUP,
    SW_TERM_FIRST_TIMESTAMP,
    SW_TERM_COMPLETION_TIMESTAMP,
    SW_TERM_INITIAL_QUANTITY,
    SW_TERM_INITIAL_PRICE,
    SW_TERM_ACTUAL_QUANTITY,
    SW_TERM_ACTUAL_COST,
    SW_TERM_AMENDED,
    SW_TERM_COLUMNS,
};

/* Where each enum sw_term_column stands in the schema. SW_DATA, "FILE: …", where one is not there
 * or not of its kind. */
bool sw_term_columns(const struct sw_schema *schema, const char *file, int columns[SW_TERM_COLUMNS],
                     struct sw_error *error) SW_CHECKED;

/* Rows of classified orders: vectors of a block, one per column of their schema. */
struct sw_term_rows {
    int columns[SW_TERM_COLUMNS];
    const struct sw_vector *const *vectors;
};

static inline const struct sw_vector *sw_term(const struct sw_term_rows *rows,
                                              enum sw_term_column column)
{
    return rows->vectors[rows->columns[column]];
}

/* Whether the row's group is FULLY_FILLED: only those are simulated. */
bool sw_term_is_filled(const struct sw_term_rows *rows, size_t row);

/* Whether its last quantity is not the initial one. */
bool sw_term_is_amended(const struct sw_term_rows *rows, size_t row);

/* Whether its costs are of equal quantities: it is not amended, and what it actually traded from
 * its first event to its completion is the initial quantity, which is simulated. */
bool sw_term_is_comparable(const struct sw_term_rows *rows, size_t row);

/* A number, none where it is null. */
struct sw_amount sw_term_amount(const struct sw_term_rows *rows, enum sw_term_column column,
                                size_t row);

/* The row's terms, but for the midprice, which is none. A side other than 1 and 2 is none. */
struct sw_order_terms sw_order_terms_at(const struct sw_term_rows *rows, size_t row);

#endif
