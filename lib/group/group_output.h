/* SPDX-License-Identifier: ISC
 *
 * Groups as rows: the keys, then the measures, as CSV, TSV, JSON lines or records, or with their
 * types for other people's programs (output/export.h).
 */
#ifndef SW_GROUP_GROUP_OUTPUT_H
#define SW_GROUP_GROUP_OUTPUT_H

#include "output/text_writer.h"
#include "output/export.h"
#include "group/grouping.h"

enum sw_result_kind {
    SW_RESULT_TEXT,
    SW_RESULT_RECORDS,
    SW_RESULT_EXPORT,
};

struct sw_result_options {
    enum sw_result_kind kind;
    enum sw_print_format format;         /* of text */
    enum sw_export_format export_format; /* of an export */
    bool json_numbers;
    struct sw_zone *table_time; /* of a table: times as local time in this zone; NULL: as in CSV */
    struct sw_zone *iso_time;   /* times as ISO 8601 in this zone; NULL: nanoseconds */
    const struct sw_schema *made_from; /* whose provenance records take over; may be NULL */
    const char *made_by;               /* what is added to it; may be NULL */
};

/* Sets kind and formats: "csv" (NULL too), "tsv", "jsonl", "table", "swr", "parquet", "arrow" or "arrows". SW_USAGE
 * for anything else. */
bool sw_result_format(const char *name, struct sw_result_options *options,
                      struct sw_error *error) SW_CHECKED;

/* Writes a row for each group, by its keys; *groups (may be NULL) is how many. The output
 * stays open. SW_DATA: a result is out of range. */
bool sw_result_write(const struct sw_grouping *grouping, const struct sw_result_options *options,
                     struct sw_output *output, size_t *groups, struct sw_error *error) SW_CHECKED;

/* Writes "metric,value" lines with the measures of a grouping without keys; of the options only iso_time matters. */
bool sw_result_metrics(const struct sw_grouping *grouping, const struct sw_result_options *options,
                       struct sw_output *output, struct sw_error *error) SW_CHECKED;

#endif
