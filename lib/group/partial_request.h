/* SPDX-License-Identifier: ISC
 *
 * What a stream of partial aggregates was asked for, as the stream says it itself, in the metadata of its header: an entry for each text that was
 * said. Streams that were asked for otherwise differ in one, so that they are never merged.
 *
 *     table "aggregate-4"; reports=LIST, tz=ZONE, sizes=BOUNDS, group=KEYS, measures=LIST
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

/* Makes a schema of partial aggregates without columns that says this. SW_SYSTEM: memory. Free the schema in any case. */
bool sw_partial_schema_init(struct sw_schema *schema, const struct sw_partial_request *request,
                            struct sw_error *error) SW_CHECKED;

/* Reads it off a schema. SW_DATA: it is none of partial aggregates, or of ones made by another version. Free in any case. */
bool sw_partial_request_read(struct sw_partial_request *request, const struct sw_schema *schema,
                             struct sw_error *error) SW_CHECKED;
void sw_partial_request_free(struct sw_partial_request *request);

/* Fails with SW_DATA: the schema is none of partial aggregates. */
bool sw_partial_refuse(const struct sw_schema *schema, struct sw_error *error) SW_CHECKED;

#endif
