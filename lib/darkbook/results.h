/* SPDX-License-Identifier: ISC
 *
 * What came of matching as records: the tables `matches`, a row a match in order of security and
 * time, and `sweeps`, a row a sweep in order of security and of their coming.
 */
#ifndef SW_DARKBOOK_RESULTS_H
#define SW_DARKBOOK_RESULTS_H

#include "darkbook/matching.h"
#include "stream/writer.h"

struct sw_match_rows {
    struct sw_matching *matching; /* not owned */
    struct sw_schema schema;
    struct sw_writer writer;
};

/* Writes the header. made_by (length bytes) is added to the orders' provenance. The matching is
 * open. Zero-initialize before; free in any case. Close: the last block and the end mark; the output
 * stays open. */
bool sw_match_rows_open(struct sw_match_rows *rows, struct sw_matching *matching,
                        const char *made_by, size_t length, struct sw_output *output,
                        struct sw_error *error) SW_CHECKED;
bool sw_match_rows_put(struct sw_match_rows *rows, const struct sw_dark_match *match,
                       struct sw_error *error) SW_CHECKED;
bool sw_match_rows_close(struct sw_match_rows *rows, struct sw_error *error) SW_CHECKED;
void sw_match_rows_free(struct sw_match_rows *rows);

/* The same of the sweeps: they end in another order than they come in, and are sorted. */
struct sw_sweep_rows {
    struct sw_matching *matching;
    struct sw_schema schema, sorted_schema; /* the second has their place besides */
    struct sw_builder *builders;
    const struct sw_vector **vectors;
    struct sw_sorter sorter;
    struct sw_writer writer;
};

bool sw_sweep_rows_open(struct sw_sweep_rows *rows, struct sw_matching *matching,
                        const char *made_by, size_t length, struct sw_output *output,
                        struct sw_error *error) SW_CHECKED;
/* SW_DATA: its mean price is out of range. */
bool sw_sweep_rows_put(struct sw_sweep_rows *rows, const struct sw_open_order *sweep,
                       enum sw_unmatched reason, struct sw_error *error) SW_CHECKED;
bool sw_sweep_rows_close(struct sw_sweep_rows *rows, struct sw_error *error) SW_CHECKED;
void sw_sweep_rows_free(struct sw_sweep_rows *rows);

#endif
