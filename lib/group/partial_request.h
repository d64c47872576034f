/* SPDX-License-Identifier: ISC
 *
 * What a stream of partial aggregates was asked for, as the stream says it itself: its table's name
 * has the reports and the settings that change what groups there are, so that streams made with
 * others are never merged; the names of its columns have keys and measures. Both directions are here.
 *
 *     "aggregate-3 --reports=LIST --tz=ZONE --sizes=BOUNDS --group=KEYS", each but the first only where it
 *     was said; columns "key/COLUMN", "NAME=FUNCTION(…)/PART"
 */
#ifndef SW_GROUP_PARTIAL_REQUEST_H
#define SW_GROUP_PARTIAL_REQUEST_H

#include "record/schema.h"

/* Texts are the request's own; NULL: not said. */
struct sw_partial_request {
    char *reports, *zone, *sizes;
    char *keys;     /* with reports those of a report of one's own, else all, "COL,…" */
    char *measures; /* "NAME=FUNCTION(…),…" */
};

/* Makes the table's name; *table is allocated, the caller frees it. Keys and measures stand in the
 * columns; only beside reports keys stand here, too. SW_SYSTEM: memory. */
bool sw_partial_name(const struct sw_partial_request *request, char **table,
                     struct sw_error *error) SW_CHECKED;

/* Reads both off the schema. SW_DATA: it is none of partial aggregates, or of ones made by another
 * version. Free in any case. */
bool sw_partial_request_read(struct sw_partial_request *request, const struct sw_schema *schema,
                             struct sw_error *error) SW_CHECKED;
void sw_partial_request_free(struct sw_partial_request *request);

/* Fails with SW_DATA: the schema is none of partial aggregates. */
bool sw_partial_refuse(const struct sw_schema *schema, struct sw_error *error) SW_CHECKED;

#endif
