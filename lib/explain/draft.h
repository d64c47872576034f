/* SPDX-License-Identifier: ISC
 *
 * A schema to start from, for a file that nobody has described yet: what its beginning shows, with
 * the evidence beside each line, and the schema that comes nearest. It is a draft for a person, and
 * never read by a run that was not given it.
 *
 *     # a draft for ticks.csv: 20000 rows looked at, …
 *     table draft                              # what streams carry; rows KIND says what a row is
 *     separator semicolon                      # 20001 of 20001 lines have 7 fields so
 *     column price decimal:4 Px                # 10.5 to 99.25; at most 2 decimals
 */
#ifndef SW_EXPLAIN_DRAFT_H
#define SW_EXPLAIN_DRAFT_H

#include "schema/csv_schema.h"

/* Writes the draft for path (NULL, "-": standard input) to a file (NULL: standard output), which appears
 * whole. csv_schemas: those that may come near; what its changes say of the separator and of the
 * file's name is followed. As sw_sample_open. */
bool sw_draft_file(const char *path, const struct sw_csv_schemas *csv_schemas, const char *to,
                   struct sw_error *error) SW_CHECKED;

#endif
