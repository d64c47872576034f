/* SPDX-License-Identifier: ISC
 *
 * Makes the index of a CSV file (csv/index.h) in one pass: every column of every row is converted,
 * so that the index can say of which segments no row is bad.
 */
#ifndef SW_CSV_INDEX_WRITE_H
#define SW_CSV_INDEX_WRITE_H

#include "base/output.h"
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

/* Reads the rest of a csv just opened, and writes its index. SW_USAGE: not a plain file. SW_DATA:
 * it changed meanwhile; a row longer than the limits; bad rows are no failure. */
bool sw_csv_index_write(struct sw_csv *csv, const struct sw_index_settings *settings,
                        struct sw_output *output, struct sw_index_made *made,
                        struct sw_error *error) SW_CHECKED;

#endif
