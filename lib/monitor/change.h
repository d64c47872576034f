/* SPDX-License-Identifier: ISC
 *
 * Files to standard output, one after the other, changed on the way: text as a terminal may have it, or any bytes as gzip.
 */
#ifndef SW_MONITOR_CHANGE_H
#define SW_MONITOR_CHANGE_H

#include "base/error.h"

enum sw_change {
    SW_CHANGE_DISARM, /* what a terminal must not have is escaped */
    SW_CHANGE_GZIP,   /* in blocks, as bgzip makes them */
};

/* Of "-" and paths, count of them, 1 or more. SW_SYSTEM: one cannot be read, or the output not written. */
bool sw_change_files(enum sw_change change, const char *const *names, size_t count,
                     struct sw_error *error) SW_CHECKED;

#endif
