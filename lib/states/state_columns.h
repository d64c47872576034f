/* SPDX-License-Identifier: ISC
 *
 * The columns that classifying needs of order events and of trades, where they stand in a stream,
 * and the schema of what comes out (sw-analysis(7)). Types are those of the input: a participant may be a
 * number or a text.
 */
#ifndef SW_STATES_STATE_COLUMNS_H
#define SW_STATES_STATE_COLUMNS_H

#include "sort/sort_keys.h"

/* What is needed of an event; the first three are the order that events come in. */
enum sw_event_column {
    SW_EVENT_SECURITY,
    SW_EVENT_ORDER,
    SW_EVENT_TIMESTAMP,
    SW_EVENT_SIDE,
    SW_EVENT_PARTICIPANT, /* this one and the next may be missing: -1 */
    SW_EVENT_KIND,        /* exchangeordertype */
    SW_EVENT_PRICE,
    SW_EVENT_QUANTITY,
    SW_EVENT_LEAVES, /* this one and the next may be missing: -1 */
    SW_EVENT_MATCHED,
    SW_EVENT_COLUMNS,
};

/* The same of a trade. */
enum sw_trade_column {
    SW_TRADE_SECURITY,
    SW_TRADE_ORDER,
    SW_TRADE_TIMESTAMP,
    SW_TRADE_PRICE,
    SW_TRADE_QUANTITY,
    SW_TRADE_SOURCE, /* dealsource; may be missing: -1 */
    SW_TRADE_COLUMNS,
};

/* A row of some block: an event or a trade. Lives as long as the vectors, one per column of its
 * stream; NULL where a column was not read. */
struct sw_row {
    const struct sw_vector *const *vectors;
    size_t row;
};

/* The scale in which quantities of both are compared and added: that of the finest of them. */
int sw_quantity_scale(const struct sw_schema *events, const int event_columns[SW_EVENT_COLUMNS],
                      const struct sw_schema *trades, const int trade_columns[SW_TRADE_COLUMNS]);

/* Where each enum sw_event_column or enum sw_trade_column stands in the schema; -1 where one that may
 * be missing is. SW_DATA naming file and column: it is not there, or is no time or number
 * where one is needed. */
bool sw_event_columns_find(const struct sw_schema *schema, const char *file,
                           int columns[SW_EVENT_COLUMNS], struct sw_error *error) SW_CHECKED;
bool sw_trade_columns_find(const struct sw_schema *schema, const char *file,
                           int columns[SW_TRADE_COLUMNS], struct sw_error *error) SW_CHECKED;

/* The columns by which events are told apart that agree in security, order, timestamp and sequence;
 * the one that comes last counts. First, as sw-analysis(7) has it, the larger totalmatchedquantity, then the
 * smaller leavesquantity, quantity, price, orderstatus. Rows that agree in these are told apart by
 * all other columns, so that the order of the files never matters: those of
 * share/schemas/orders.schema in its order, then the rest as they stand. *keys is allocated, the
 * caller frees it. */
bool sw_event_ties(const struct sw_schema *schema, struct sw_sort_key **keys, size_t *count,
                   struct sw_error *error) SW_CHECKED;

/* What became of an executed order, and its name in the column `group`. */
enum sw_order_group {
    SW_GROUP_FULLY_FILLED,
    SW_GROUP_PARTIALLY_FILLED,
    SW_GROUP_NOT_EXECUTED,
    SW_ORDER_GROUPS,
};
extern const char *const sw_order_group_names[SW_ORDER_GROUPS];

/* The group of this name; SW_ORDER_GROUPS: it is none. */
enum sw_order_group sw_order_group_find(struct sw_text name);

/* What a column of a classified order is taken from. */
enum sw_classified_source {
    SW_FROM_FIRST, /* an event column, of the first state */
    SW_FROM_LAST,  /* the same, of the last state */
    SW_FROM_DATE,  /* and what is computed: */
    SW_FROM_GROUP,
    SW_FROM_MATCHED, /* of the last state, or what stands for it */
    SW_FROM_COMPLETION,
    SW_FROM_TRADES,
    SW_FROM_TRADED_QUANTITY,
    SW_FROM_TRADED_VALUE,
    SW_FROM_ACTUAL_QUANTITY,
    SW_FROM_ACTUAL_COST,
    SW_FROM_AMENDED,
    SW_FROM_ORDER_QUANTITY,
    SW_FROM_BOOKED_QUANTITY,
};

enum { SW_CLASSIFIED_COLUMNS = 24 };

struct sw_classified_column {
    const char *name;
    enum sw_classified_source source;
    enum sw_event_column event; /* whose type it has, or which it is */
};

extern const struct sw_classified_column sw_classified_columns[SW_CLASSIFIED_COLUMNS];

/* The schema of classified orders: columns, time column, order of rows; the provenance of `events`
 * is copied. *schema is initialized by this. SW_SYSTEM: memory. */
bool sw_classified_schema(struct sw_schema *schema, const struct sw_schema *events,
                          const int event_columns[SW_EVENT_COLUMNS], const struct sw_schema *trades,
                          const int trade_columns[SW_TRADE_COLUMNS],
                          struct sw_error *error) SW_CHECKED;

#endif
