/* SPDX-License-Identifier: ISC
 *
 * The sums of a simulation (market/summary.h) as records: the table `simulation_sums`, a row for each security and scenario, instead of one
 * for each order and scenario. Read again, rows of any number of securities make the summary that their orders make. What is counted in sums depends on
 * whether amended and unequal orders are included; rows say so, and are not read for another choice.
 */
#ifndef SW_MARKET_SUMMARY_SUMS_H
#define SW_MARKET_SUMMARY_SUMS_H

#include "market/summary.h"
#include "record/kept_value.h"
#include "stream/writer.h"

extern const char sw_summary_sums_table[];

struct sw_summary_sums {
    struct sw_schema schema;
    struct sw_writer writer;
};

/* Writes the header. made_by (length bytes) is added to the orders' provenance. Zero-initialize before; free in any case. SW_SYSTEM of
 * this and the next two: memory, the output. */
bool sw_summary_sums_open(struct sw_summary_sums *sums, const struct sw_simulate *simulate,
                          const char *made_by, size_t length, struct sw_output *output,
                          struct sw_error *error) SW_CHECKED;

/* The rows of a security. None where no order was simulated. */
bool sw_summary_sums_put(struct sw_summary_sums *sums, const struct sw_kept_value *security,
                         const struct sw_summary *summary, struct sw_error *error) SW_CHECKED;

/* The last block and the end mark; the output stays open. */
bool sw_summary_sums_close(struct sw_summary_sums *sums, struct sw_error *error) SW_CHECKED;

void sw_summary_sums_free(struct sw_summary_sums *sums);

/* Adds all rows of a stream. SW_DATA: a column is not there or of another type, a scenario is unknown; SW_USAGE: the rows are of another
 * choice of what is included. */
bool sw_summary_sums_read(struct sw_summary *summary, struct sw_reader *reader,
                          struct sw_error *error) SW_CHECKED;

#endif
