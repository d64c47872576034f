/* SPDX-License-Identifier: ISC
 *
 * Cuts a CSV file into byte ranges for `sw-chunk --range`: from the byte after the header to the
 * end, without a gap or an overlap, never inside a row. There is always at least one. A gzip of
 * blocks is cut between two, its header's bytes in the first range; what is packed otherwise is one.
 *
 * A plan by count or size reads the file near the cuts only; with quotes about it can be mistaken,
 * which the reader of a range finds out. An exact plan, or one by rows, reads the file whole.
 */
#ifndef SW_CSV_PLAN_H
#define SW_CSV_PLAN_H

#include "program/ranges.h"
#include "csv/file.h"
#include "csv/segments.h"

struct sw_plan {
    uint64_t count;      /* of chunks, at most; or 0 */
    uint64_t size_bytes; /* of a chunk, and then to the end of its last row; or 0 */
    uint64_t rows;       /* of a chunk; or 0. One of the three is not 0. */
    bool exact;
};

/* SW_USAGE: standard input, a FIFO. */
bool sw_plan_write(const struct sw_plan *plan, struct sw_csv *csv, struct sw_ranges *ranges,
                   struct sw_error *error) SW_CHECKED;

/* The plan of the wanted segments alone, neighbours joined as far as the size of a chunk allows;
 * by a count of chunks, segments between wanted ones become wanted where they would be too many.
 * A plan by rows is not made this way. Where nothing is wanted the one range is empty. */
bool sw_plan_write_segments(const struct sw_plan *plan, struct sw_segments *segments,
                            const struct sw_csv *csv, struct sw_ranges *ranges,
                            struct sw_error *error) SW_CHECKED;

#endif
