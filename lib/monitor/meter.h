/* SPDX-License-Identifier: ISC
 *
 * The line that tells how far a pass through a pipe has come. Knows no terminal.
 */
#ifndef SW_MONITOR_METER_H
#define SW_MONITOR_METER_H

#include "base/bytes.h"
#include "monitor/pass.h"

struct sw_meter {
    const char *label;         /* NULL: none */
    uint64_t total_bytes;      /* 0: not known */
    bool total_said;           /* by the user, not by the sizes of files */
    uint64_t total_rows;       /* the same; where known, percent and time left go by rows */
    int64_t begin_us, last_us; /* sw_clock_us of the start and of the last line */
    uint64_t last_bytes, last_rows;
};

/* Replaces line by what has passed at now_us, without a newline: bytes, time, the rate since the
 * last line (of the whole, where `whole`), rows of a record stream, percent and time left where a
 * total is known, and that it was too small where more has passed. SW_SYSTEM: no memory. */
bool sw_meter_line(struct sw_meter *meter, const struct sw_pass *pass, int64_t now_us, bool whole,
                   struct sw_buffer *line, struct sw_error *error) SW_CHECKED;

#endif
