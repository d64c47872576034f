/* SPDX-License-Identifier: ISC
 *
 * Which schema the rows of a file have: the one that was chosen, or the one that the file's header
 * fits, read as that schema says that its files are written. A file without a header has the names
 * that its schema, or the user, says.
 */
#ifndef SW_CSV_FIND_SCHEMA_H
#define SW_CSV_FIND_SCHEMA_H

#include "csv/header.h"

struct sw_found_schema {
    const struct sw_csv_schema *csv_schema; /* not owned */
    struct sw_names names;                  /* of the fields of a row; not owned */
    struct sw_header header;
    bool has_header;
};

/* How the file's lines are written: as its schema says, but for the text of a Parquet file, which
 * is a CSV without anything of its own. */
const struct sw_dialect *sw_dialect_of(const struct sw_source *source,
                                       const struct sw_csv_schema *csv_schema);

/* The source stays where it is. SW_USAGE: none or several schemas fit, or the chosen one has none
 * of the names; SW_DATA: as sw_header_read. */
bool sw_find_schema(struct sw_source *source, const struct sw_csv_schemas *csv_schemas,
                    struct sw_found_schema *found, struct sw_error *error) SW_CHECKED;

/* Harmless on a zero-initialized one. */
void sw_found_schema_free(struct sw_found_schema *found);

#endif
