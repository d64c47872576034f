/* SPDX-License-Identifier: ISC
 *
 * A type that a column may have, tried as a run would read it: by the parser of a schema that says
 * so.
 */
#ifndef SW_EXPLAIN_CANDIDATE_H
#define SW_EXPLAIN_CANDIDATE_H

#include "schema/csv_schema.h"

struct sw_candidate {
    const char *type, *format;       /* as a schema has them; format NULL: none. Not owned */
    bool formed;                     /* the parser is made */
    struct sw_csv_schema csv_schema; /* of the one column */
    struct sw_field_parser parser;
};

/* Makes the parser. SW_SYSTEM: no memory. A type or a format that is none is a fault of the
 * caller, and said as SW_USAGE. */
bool sw_candidate_open(struct sw_candidate *candidate, bool comma_point,
                       struct sw_error *error) SW_CHECKED;

/* Whether the text, of one byte or more, is of the type; *value is what it means. Local times are
 * taken for UTC. */
bool sw_candidate_reads(struct sw_candidate *candidate, const char *text, size_t length,
                        sw_int128 *value);

/* Whether it is a time without an offset: one that says not when it was, but what a clock showed. */
bool sw_candidate_local(struct sw_candidate *candidate, const char *text, size_t length);

/* Harmless on one that is not opened. */
void sw_candidate_close(struct sw_candidate *candidate);

#endif
