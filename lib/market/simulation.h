/* SPDX-License-Identifier: ISC
 *
 * Simulated orders as records: the table `simulation`, a row per fully filled order and scenario
 * (sw-analysis(7)); and beside it, where it is wanted, the orders themselves, a row each, with what each
 * scenario would have cost after their own columns. Both take the current order of a struct
 * sw_simulate.
 */
#ifndef SW_MARKET_SIMULATION_H
#define SW_MARKET_SIMULATION_H

#include "market/simulate.h"
#include "stream/writer.h"

enum { SW_SIMULATION_COLUMNS = 24 };

struct sw_simulation {
    struct sw_schema schema;
    struct sw_writer writer;
    /* Rows that are not in the writer yet, where they go a column after the other: their numbers, a row each, and the rows of the orders. */
    struct sw_amount *waiting;
    uint32_t *waiting_rows;
    size_t waiting_count;
};

/* Makes the schema; the caller then opens the writer for it, of a stream or of blocks that are handed over. made_by (length bytes) is added
 * to the orders' provenance. Their sort order stays as far as its columns do, unless they come from several files. SW_SYSTEM: memory.
 * Zero-initialize before; free in any case. */
bool sw_simulation_open(struct sw_simulation *simulation, const struct sw_simulate *simulate,
                        const char *made_by, size_t length, struct sw_error *error) SW_CHECKED;

/* Of every order in turn: adds the rows of the current one, where it is fully filled: one for each chosen scenario, in their
 * order. */
bool sw_simulation_put(struct sw_simulation *simulation, const struct sw_simulate *simulate,
                       struct sw_error *error) SW_CHECKED;

/* Closes the writer; an output stays open. */
bool sw_simulation_close(struct sw_simulation *simulation, struct sw_error *error) SW_CHECKED;

void sw_simulation_free(struct sw_simulation *simulation);

/* The same for the orders themselves: all columns of whole orders, then S_simulated_cost,
 * S_savings, S_savings_pct for each chosen scenario S. They are null where an order is not fully
 * filled, and where it is not included. SW_DATA: the orders have such a column already. */
struct sw_per_order {
    struct sw_inclusion inclusion;
    struct sw_schema schema;
    struct sw_writer writer;
    /* Rows of orders whose own columns are not in the writer yet: they go there many at a time. */
    uint32_t *waiting;
    size_t waiting_count;
};

bool sw_per_order_open(struct sw_per_order *per_order, const struct sw_simulate *simulate,
                       struct sw_inclusion inclusion, const char *made_by, size_t length,
                       struct sw_output *output, struct sw_error *error) SW_CHECKED;
bool sw_per_order_put(struct sw_per_order *per_order, const struct sw_simulate *simulate,
                      struct sw_error *error) SW_CHECKED;
bool sw_per_order_close(struct sw_per_order *per_order, struct sw_error *error) SW_CHECKED;
void sw_per_order_free(struct sw_per_order *per_order);

#endif
