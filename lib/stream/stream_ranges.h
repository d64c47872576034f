/* SPDX-License-Identifier: ISC
 *
 * Divides a file of record streams into byte ranges for sw_reader_open_range: from the byte after
 * the first header to the end, without a gap or an overlap, cut where a block begins, or the header
 * of a further stream. There is always at least one.
 *
 * The whole file is gone through by its directories, no column is read: what is truncated or
 * malformed is an error, not a shorter plan.
 */
#ifndef SW_STREAM_STREAM_RANGES_H
#define SW_STREAM_STREAM_RANGES_H

#include "program/ranges.h"
#include "stream/reader.h"

/* One of the two is not 0. */
struct sw_division {
    uint64_t count;      /* of ranges, at most */
    uint64_t size_bytes; /* of a range, and then to the next cut */
};

/* Reads all of a reader that was just opened on one input. SW_USAGE: that is no regular file. What
 * is wrong with the file may show after lines were written. */
bool sw_division_write(const struct sw_division *division, struct sw_reader *reader,
                       struct sw_ranges *ranges, struct sw_error *error) SW_CHECKED;

#endif
