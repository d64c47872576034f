/* SPDX-License-Identifier: ISC
 *
 * Groups as rows: the keys, then the measures, as CSV, TSV, JSON lines or records.
 */
#ifndef SW_QUERY_RESULT_H
#define SW_QUERY_RESULT_H

#include "csv/print.h"
#include "query/grouping.h"

struct sw_result_options {
    bool records; /* a record stream; else text as below */
    enum sw_print_format format;
    bool json_numbers;
    const struct sw_schema *made_from; /* whose provenance records take over; may be NULL */
    const char *made_by;               /* what is added to it; may be NULL */
};

/* Writes a row for each group, by its keys; *groups (may be NULL) is how many. The output
 * stays open. SW_DATA: a result is out of range. */
bool sw_result_write(const struct sw_grouping *grouping, const struct sw_result_options *options,
                     struct sw_output *output, size_t *groups, struct sw_error *error) SW_CHECKED;

/* Writes "metric,value" lines with the measures of a grouping without keys. */
bool sw_result_metrics(const struct sw_grouping *grouping, struct sw_output *output,
                       struct sw_error *error) SW_CHECKED;

#endif
