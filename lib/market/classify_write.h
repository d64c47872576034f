/* SPDX-License-Identifier: ISC
 *
 * Writes classified orders as a record stream. Orders are queued and written column by column,
 * since most of their values are gathered from the block that their events stand in.
 */
#ifndef SW_MARKET_CLASSIFY_WRITE_H
#define SW_MARKET_CLASSIFY_WRITE_H

#include "base/zone.h"
#include "market/classify_events.h"
#include "market/classify_trades.h"
#include "stream/writer.h"

/* What is computed of an order. */
struct sw_classified {
    struct sw_order_life life;
    struct sw_traded traded;
    sw_int128 matched, order_quantity; /* see sw_classified_complete */
};

/* Works out, from life and traded, at their scale (sw_quantity_scale), what the order had matched by its last event (where that does not
 * say, what it traded and what was booked for it) and what it asked for in all: the largest of
 * quantity, matched, and matched + leavesquantity, as far as they are there. False: one of them does
 * not fit 128 bits. */
bool sw_classified_complete(struct sw_classified *order, const int columns[SW_EVENT_COLUMNS],
                            int scale) SW_CHECKED;

struct sw_classified_writer {
    struct sw_writer writer;
    const struct sw_schema *schema; /* of the output */
    const int *columns;             /* enum sw_event_column to columns of the events */
    struct sw_zone *zone;
    struct sw_classified *queue; /* all of them with states in the same vectors */
    uint32_t *first_rows, *last_rows;
    size_t queued;
};

/* Writes the header; schema is sw_classified_schema's. The output, the schema, the columns and the
 * zone (for dates) stay while the writer is used. Zero-initialize before, free in any case.
 * SW_USAGE: a terminal. */
bool sw_classified_open(struct sw_classified_writer *writer, struct sw_output *output,
                        const struct sw_schema *schema, const int columns[SW_EVENT_COLUMNS],
                        struct sw_zone *zone, struct sw_error *error) SW_CHECKED;

/* Adds an order, whose states must stay until sw_classified_flush. */
bool sw_classified_add(struct sw_classified_writer *writer, const struct sw_classified *order,
                       struct sw_error *error) SW_CHECKED;

/* Takes over what is queued: to be called before the vectors of the states go away. */
bool sw_classified_flush(struct sw_classified_writer *writer, struct sw_error *error) SW_CHECKED;

/* Flushes and writes the end mark; the output stays open. */
bool sw_classified_close(struct sw_classified_writer *writer, struct sw_error *error) SW_CHECKED;

void sw_classified_free(struct sw_classified_writer *writer);

#endif
