/* SPDX-License-Identifier: ISC
 *
 * Makes the index of a CSV file (csv/index.h) in one pass: every column of every row is converted,
 * so that the index can say of which segments no row is bad.
 */
#ifndef SW_CSV_INDEX_WRITE_H
#define SW_CSV_INDEX_WRITE_H

#include "files/output.h"
#include "csv/file.h"

struct sw_index_settings {
    uint64_t segment_bytes; /* of a segment, and then to the end of its last row; 0: a default that
                             * keeps the index small */
    const struct sw_buffer *made_by; /* a line for the stream's provenance */
};

/* What was found. */
struct sw_index_made {
    uint64_t segments, rows, bad, bad_segments;
};

/* Writes the index of the file to `to` (NULL: beside it), whole or not at all. SW_USAGE: not a
 * plain file; `to` is a terminal. SW_DATA: it changed meanwhile; a row longer than the limits; bad
 * rows are no failure. */
bool sw_csv_index_write(const char *path, const struct sw_csv_schemas *csv_schemas,
                        const struct sw_index_settings *settings, const char *to,
                        struct sw_index_made *made, struct sw_error *error) SW_CHECKED;

#endif
