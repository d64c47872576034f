/* SPDX-License-Identifier: ISC
 *
 * The segments of a CSV file, as an index (csv/index.h) has them: extents of whole rows from the
 * byte after the header to the end, without a gap or an overlap, of which some are wanted.
 *
 *     for (size_t next = 0; sw_segments_run(&segments, &next, UINT64_MAX, &run);)
 *         … the rows in run.offset, run.length …
 */
#ifndef SW_CSV_SEGMENTS_H
#define SW_CSV_SEGMENTS_H

#include <stdint.h>

#include "base/error.h"
#include "program/tally.h"

struct sw_segment {
    uint64_t offset, length; /* in bytes */
    uint64_t line;           /* of the file, from 1, that it begins with */
    uint64_t rows;           /* without fault in any column */
    uint64_t bad;            /* other rows */
    uint64_t empty, ignored; /* lines that are no rows */
    bool wanted;
};

/* Zero-initialize; free with sw_segments_free. */
struct sw_segments {
    struct sw_segment *items;
    size_t count, capacity;
};

/* Appends one, which begins where the last one ends. SW_SYSTEM: no memory. */
bool sw_segments_add(struct sw_segments *segments, const struct sw_segment *segment,
                     struct sw_error *error) SW_CHECKED;

/* Wanted neighbours as one, from item *next on: as many as have size_bytes together, or a single
 * larger one; *next is moved after them. False: none are left. */
bool sw_segments_run(const struct sw_segments *segments, size_t *next, uint64_t size_bytes,
                     struct sw_segment *run);

/* Makes what lies between wanted ones wanted too, the short gaps first, until there are at most
 * `count` (1 or more) runs of any size; returns a size of which there are at most `count`. */
uint64_t sw_segments_gather(struct sw_segments *segments, uint64_t count);

/* Rows of all segments, bad ones too. */
uint64_t sw_segments_rows(const struct sw_segments *segments);

/* Rows of the segments that are not wanted. */
uint64_t sw_segments_rows_left_out(const struct sw_segments *segments);

/* Lines of the segments that are not wanted. */
struct sw_line_counts sw_segments_lines_left_out(const struct sw_segments *segments);

void sw_segments_free(struct sw_segments *segments);

#endif
