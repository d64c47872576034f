/* SPDX-License-Identifier: ISC
 *
 * One pass of sw-agg: what is grouped and measured, and the groupings that it takes: one by the
 * keys that the user named, or the cells that the standard reports are rolled up from
 * (group/reports.h), or both. It is filled from rows or from partial streams, and becomes results
 * or a partial stream.
 *
 *     sw_aggregate_plan(&aggregate, &request, error)
 *     sw_aggregate_rows(…)   or, of partial streams: sw_aggregate_adopt and sw_aggregate_partials
 *                            or, of rows that no reader has: sw_aggregate_begin and sw_aggregate_take
 *     sw_partial_write(…)    or sw_result_write(&aggregate.groupings[0], …) or sw_reports_write
 *
 * Of partial streams nothing needs to be said again: their headers have the plan (man sw-agg).
 */
#ifndef SW_GROUP_AGGREGATE_H
#define SW_GROUP_AGGREGATE_H

#include "group/grouping.h"
#include "group/hour_keys.h"
#include "group/partial_request.h"
#include "group/value_rows.h"
#include "measure/standard_measures.h"
#include "stream/writer.h"
#include "view/pieces.h"

enum { SW_GROUPINGS_MAXIMUM = SW_TARGETS_MAXIMUM + 1 }; /* the reports', and one of the user's */

/* What the user asks for; texts may be NULL. */
struct sw_request {
    const char *keys;     /* "COL,…"; NULL: one group, or, with reports, none besides them */
    const char *measures; /* "NAME=MEASURE,…"; NULL: the standard ones */
    const char *reports; /* "all" or "NAME,…": with the standard measures, and after them those of
                            `measures`; keys make one more report */
    struct sw_view_settings settings;
    const char *share_directory;  /* of named sets; NULL: they are not found */
    const struct sw_schema *rows; /* that will be taken in; NULL: taken to have every column that
                                     standard measures and reports are of */
    /* Of rows, for what quantiles are of: more goes into a temporary file in the folder, NULL: into none. */
    uint64_t memory_bytes;
    const char *folder;
    bool whole; /* of rows: results are made of it, and no partial stream */
};

struct sw_aggregate {
    struct sw_dimensions dimensions;
    struct sw_shape shape;
    struct sw_grouping groupings[SW_GROUPINGS_MAXIMUM];
    size_t grouping_count;
    uint32_t reports;               /* bit i: report i of group/reports.h; 0: a grouping by keys */
    struct sw_partial_request said; /* of its partial streams */
    struct sw_standard standard;
    struct sw_hours hours;       /* of reports */
    struct sw_value_rows values; /* of rows: what quantiles are of … */
    uint64_t memory_bytes;       /* … and where it goes; not owned */
    const char *folder;
    size_t named_first, named_end; /* the dimensions that the user named, and nobody else */
    struct sw_view view;
    struct sw_pieces pieces; /* of the reader that rows come from */
    uint32_t *member_ids;    /* scratch of merging */
    size_t member_capacity;
};

/* Makes the groupings for a request. SW_USAGE: an unknown report, a key twice, measures that are
 * none. Free the aggregate in any case. */
bool sw_aggregate_plan(struct sw_aggregate *aggregate, const struct sw_request *request,
                       struct sw_error *error) SW_CHECKED;

/* The same from the schema of a partial stream. SW_DATA: it is none; SW_USAGE: the request says
 * otherwise. */
bool sw_aggregate_adopt(struct sw_aggregate *aggregate, const struct sw_request *request,
                        const struct sw_schema *schema, struct sw_error *error) SW_CHECKED;

void sw_aggregate_free(struct sw_aggregate *aggregate);

/* Writes the names of the stored columns that would be taken in, as "COL,…" and a newline, without
 * reading rows. Outcomes as sw_aggregate_rows, before its first row. */
bool sw_aggregate_columns(struct sw_aggregate *aggregate, struct sw_reader *reader,
                          const struct sw_view_settings *settings, struct sw_buffer *names,
                          struct sw_error *error) SW_CHECKED;

/* Whether every grouping has as many rows as the first one. SW_SYSTEM, naming one that has not. */
bool sw_aggregate_check(const struct sw_aggregate *aggregate, struct sw_error *error) SW_CHECKED;

/* Takes in all rows of a reader, and counts that they are all there. SW_USAGE: a column that the user named is not there; SW_DATA: one
 * that standard measures need, or a sum that does not fit 128 bits, with its group. */
bool sw_aggregate_rows(struct sw_aggregate *aggregate, struct sw_reader *reader,
                       const struct sw_view_settings *settings, struct sw_error *error) SW_CHECKED;

/* The same of rows that somebody else has, a block after the other, which the supplier knows when it is taken: a block is 1 to
 * SW_BLOCK_ROWS_MAXIMUM rows. Who has the rows counts them. Outcomes as sw_aggregate_rows. */
bool sw_aggregate_begin(struct sw_aggregate *aggregate, struct sw_supplier supplier,
                        const struct sw_view_settings *settings, struct sw_error *error) SW_CHECKED;
bool sw_aggregate_take(struct sw_aggregate *aggregate, size_t rows,
                       struct sw_error *error) SW_CHECKED;

/* Takes in all records of a partial stream. */
bool sw_aggregate_partials(struct sw_aggregate *aggregate, struct sw_reader *reader,
                           struct sw_error *error) SW_CHECKED;

/* Writes it as a partial stream, which says how it was made: as made_from does, and made_by behind it (NULL: nothing). The output stays
 * open. */
bool sw_partial_write(struct sw_aggregate *aggregate, struct sw_output *output,
                      const struct sw_schema *made_from, const char *made_by,
                      struct sw_error *error) SW_CHECKED;

#endif
