/* SPDX-License-Identifier: ISC
 *
 * Why a first line is no header that we know, said for what it is: line ends of another kind,
 * another separator, no header at all. Looks at that line alone, and only where reading it has
 * failed or is about to; each message ends with what helps.
 */
#ifndef SW_SCHEMA_MISREAD_H
#define SW_SCHEMA_MISREAD_H

#include "schema/csv_schema.h"

/* Whether the line's end, where line[0..length) is a header without its newline, or as much of it
 * as there is yet, is none of ours: false with SW_DATA where it ends in several carriage returns,
 * or has one outside of quotes with more text after it. */
bool sw_misread_ends(const char *line, size_t length, struct sw_error *error) SW_CHECKED;

/* Fails always, for a header that no schema fits: with SW_USAGE where it has another separator or
 * its names are values, else with `failure`, which says that. */
bool sw_misread_header(const char *line, size_t length, const struct sw_names *names,
                       const struct sw_error *failure, struct sw_error *error);

#endif
