/* SPDX-License-Identifier: ISC
 *
 * The standard reports. One pass makes three groupings, and all reports are rolled up from them at
 * the end:
 *
 *     security_date  (security_code, date), participants          ─▶ by_security, by_date, …
 *     participant    (participantid); its securities and dates are
 *                    those where security_date has it             ─▶ by_participant
 *     hour_size      (hour_start, date, hour, size), participants,
 *                    securities                                   ─▶ by_time_of_day, …
 *
 * A fourth grouping is a report of the user's own, called groups.
 */
#ifndef SW_GROUP_REPORTS_H
#define SW_GROUP_REPORTS_H

#include "group/aggregate.h"
#include "group/group_output.h"

/* Reads "all" or "NAME,…" (by_security or by_security.csv) as bits; all are those whose keys the rows
 * have. SW_USAGE: a name that is unknown or stands twice, or is of a report whose key they have not. */
bool sw_reports_parse(const char *list, const struct sw_measured *measured, uint32_t *reports,
                      struct sw_error *error) SW_CHECKED;

/* Appends the names to a list. */
bool sw_reports_names(uint32_t reports, struct sw_buffer *out, struct sw_error *error) SW_CHECKED;

/* Appends the names of the files that all standard reports have as CSV, a line each. */
bool sw_reports_files(struct sw_buffer *out, struct sw_error *error) SW_CHECKED;

/* Makes the groupings that the aggregate's reports need, and one by these keys, where there are
 * any; the aggregate has its shape, and `groups` is among its reports then. */
bool sw_reports_plan(struct sw_aggregate *aggregate, const struct sw_measured *measured,
                     const int *keys, size_t key_count, struct sw_error *error) SW_CHECKED;

/* The grouping that begins with hour_start, date, hour; NULL where these reports have none. */
struct sw_grouping *sw_reports_hourly(struct sw_aggregate *aggregate);

/* The grouping by keys of one's own; NULL where there is none. It is the aggregate's last one. */
const struct sw_grouping *sw_reports_own(const struct sw_aggregate *aggregate);

struct sw_reports_options {
    const char *directory;
    const char *suffix; /* of the reports' names, ".csv" say; with ".gz" text is compressed */
    struct sw_result_options result;
    bool rows_in_known;
    uint64_t rows_in;          /* before anything was filtered; else the rows aggregated */
    const char *selectors;     /* how they were filtered; NULL: "" */
    const char *const *inputs; /* files that no report may replace; none: standard input */
    size_t input_count;
    const char *other_output; /* a file that the program writes beside them, or NULL */
};

/* What the names of reports in a format, as sw_result_format has it, or "csv.gz", end in: ".csv"; NULL: nothing is said of it. */
const char *sw_reports_suffix(const char *format);

/* Writes these reports (some of the aggregate's), and that of the user's own keys, into the
 * directory, which is made where it is not there. All appear whole, or none does and what was there
 * before stays (files/rename.h). */
bool sw_reports_write(struct sw_aggregate *aggregate, uint32_t reports,
                      const struct sw_reports_options *options, struct sw_error *error) SW_CHECKED;

#endif
