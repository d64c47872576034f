/* SPDX-License-Identifier: ISC
 *
 * Orders one after another, each with all of its events, from streams that are sorted by security,
 * order, timestamp and, where there is one, sequence. Of events that agree in all of these the last
 * one in the list is the one that the fold of an analysis takes (states/held_event.h), so that the last
 * state of an order, or of its events of a day, is that of a report. Memory is that of a block and
 * of the events of one order.
 *
 *     while ((step = sw_order_events_next(&events, error)) == SW_ROWS)
 *         … events.list[0 … events.count − 1], events.side, events.participant …
 */
#ifndef SW_DARKBOOK_ORDER_EVENTS_H
#define SW_DARKBOOK_ORDER_EVENTS_H

#include "expr/condition.h"
#include "expr/selectors.h"
#include "distinct/intern.h"
#include "states/held_event.h"
#include "view/view.h"

/* What an event's row is, besides its columns. */
enum sw_event_class {
    SW_EVENT_CENTRE_POINT, /* exchangeordertype is of the set centre_point */
    SW_EVENT_SWEEPS,       /* of the set sweep */
    SW_EVENT_PLAIN_SWEEP,  /* it is just a sweep: 2048 */
    SW_EVENT_CLASSES,
    SW_EVENT_SELECTED = SW_EVENT_CLASSES, /* by the selectors */
};

struct sw_order_event {
    int64_t time_ns;
    sw_int128 sequence; /* or the row's number, where there is none */
    unsigned classes;   /* a bit for each enum sw_event_class */
    bool priced, on_book, has_quantity, has_leaves, has_matched;
    sw_int128 price, quantity, leaves, matched; /* 0 where not there */
    sw_int128 midtick, minimum, single, key;    /* the same */
};

enum sw_order_column {
    SW_ORDER_SECURITY,
    SW_ORDER_ID,
    SW_ORDER_TIMESTAMP,
    SW_ORDER_SIDE,
    SW_ORDER_KIND, /* exchangeordertype */
    SW_ORDER_PRICE,
    SW_ORDER_QUANTITY,
    SW_ORDER_LEAVES,
    SW_ORDER_MATCHED,
    SW_ORDER_PARTICIPANT, /* this one and the rest may be missing: −1 */
    SW_ORDER_SEQUENCE,
    SW_ORDER_STATUS,
    SW_ORDER_MIDTICK,
    SW_ORDER_MINIMUM,
    SW_ORDER_SINGLE_MINIMUM,
    SW_ORDER_KEY,
    SW_ORDER_COLUMNS,
};

struct sw_order_events {
    struct sw_order_event *list; /* of the current order, in order of time and sequence */
    size_t count;
    struct sw_builder security, id; /* of one row: the current order's */
    sw_int128 order;                /* its id, or the number of a text in `ids` */
    sw_int128 side;                 /* of its first event; 0: none */
    uint32_t participant;           /* a number of `participants` */
    struct sw_intern ids, participants;
    struct sw_reader reader;
    int columns[SW_ORDER_COLUMNS]; /* in reader.schema */
    int price_scale, quantity_scale;
    size_t capacity, rows, at;
    const char *file;                                  /* that the current block is of */
    uint64_t rows_before;                              /* of the files before it */
    const struct sw_vector *vectors[SW_ORDER_COLUMNS]; /* of the current block */
    const struct sw_vector **by_column;                /* NULL where not read */
    struct sw_sort_key keys[4];
    struct sw_sorted sorted;
    struct sw_sort_key *ties; /* of sw_state_ties */
    size_t tie_count;
    bool *held_columns;        /* per column */
    struct sw_row last;        /* of the events of the last one's moment, the latest */
    struct sw_held_event held; /* the same across blocks */
    struct sw_view view;
    struct sw_condition *classes[SW_EVENT_CLASSES];
    struct sw_expression selectors;
    bool viewed, selecting;
    uint32_t *selected;
    unsigned char *class_bits; /* by row of the block */
};

struct sw_order_events_settings {
    const char *const *paths; /* none: standard input */
    size_t path_count;
    const char *share_directory;
    const struct sw_selectors *selectors; /* NULL: all are selected */
    struct sw_view_settings view;         /* of the selectors */
};

/* SW_DATA naming file and column: it is not there or not of its type; quantities of different
 * scales. SW_USAGE: a selector. Zero-initialize before, free in any case. */
bool sw_order_events_open(struct sw_order_events *events,
                          const struct sw_order_events_settings *settings,
                          struct sw_error *error) SW_CHECKED;

/* The next order. SW_DATA with file and row: out of order; an event without security, order or
 * timestamp; a side or a participant that changes. */
enum sw_step sw_order_events_next(struct sw_order_events *events,
                                  struct sw_error *error) SW_CHECKED;

/* The number of the value at a row in an intern of its kind; SW_NULL_ID for null, and for no vector.
 * SW_SYSTEM: memory. */
bool sw_intern_at(struct sw_intern *intern, const struct sw_vector *vector, size_t row,
                  uint32_t *id, struct sw_error *error) SW_CHECKED;

void sw_order_events_free(struct sw_order_events *events);

#endif
