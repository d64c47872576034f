/* SPDX-License-Identifier: ISC
 *
 * Execution metrics of classified orders (sw-analysis(7)): for each combination of key values four rows,
 * one per group and one for all of its orders. Reading is group/aggregate.h's work, with the group
 * as the last key; here its cells become metrics. Memory grows with the number of combinations.
 *
 *     if (!sw_metrics_read(&metrics, &reader, "security_code", &view_settings, error)) …
 *     if (!sw_metrics_write(&metrics, &how, &output, error)) …
 *     sw_metrics_free(&metrics);
 */
#ifndef SW_MARKET_METRICS_H
#define SW_MARKET_METRICS_H

#include "output/text_writer.h"
#include "group/aggregate.h"

struct sw_metrics {
    struct sw_aggregate aggregate;
    char *keys; /* as the aggregate has them */
};

/* Takes in all rows of a reader. keys: "COL,…", stored or derived; NULL: none. SW_DATA: a column
 * that classified orders have is not there or not what it should be, or a sum that does not fit 128
 * bits, with its group; SW_USAGE: keys that are not columns, stand twice, or are called like a
 * metric. Zero-initialize before, free in any case. */
bool sw_metrics_read(struct sw_metrics *metrics, struct sw_reader *reader, const char *keys,
                     const struct sw_view_settings *settings, struct sw_error *error) SW_CHECKED;

/* How many rows each combination of keys has. */
enum { SW_METRICS_ROWS = 4 };

/* Writes the metrics, sorted by the keys; without keys there are always four rows. hide_keys: the keys' columns are left out. The
 * output stays open. SW_DATA: a group that is none of the three, or a result that does not fit 128 bits. */
bool sw_metrics_write(const struct sw_metrics *metrics, enum sw_print_format format,
                      bool json_numbers, bool hide_keys, struct sw_output *output,
                      struct sw_error *error) SW_CHECKED;

void sw_metrics_free(struct sw_metrics *metrics);

#endif
