/* SPDX-License-Identifier: ISC
 *
 * Files or standard input, passed on to standard output with a line about it on a terminal or for a
 * log.
 *
 *     files, standard input ─▶ monitor/pass.h ─▶ standard output
 *                                    └─▶ monitor/meter.h ─▶ monitor/screen.h, or `say`
 */
#ifndef SW_MONITOR_METERED_H
#define SW_MONITOR_METERED_H

#include "base/error.h"
#include "program/options.h"

struct sw_metering {
    const char *label;    /* NULL: none */
    uint64_t bytes, rows; /* that will pass; 0: not known, bytes then from the sizes of the files */
    int64_t interval_s;   /* between two lines; 0: a second, and none but on a terminal */
    const char *terminal_kind; /* the value of TERM */
    void (*say)(const char *format, ...)
        SW_PRINTF(1, 2); /* takes a line where there is no terminal */
};

/* Passes all of them on and closes standard output. Uses SIGALRM and the interval timer. SW_USAGE:
 * an input is the output; SW_SYSTEM: an open, a read or a write failed. */
bool sw_metered_pass(const struct sw_metering *how, const char *const *names, size_t count,
                     struct sw_error *error) SW_CHECKED;

#endif
