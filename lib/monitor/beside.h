/* SPDX-License-Identifier: ISC
 *
 * A watch beside a run (monitor/watch.h) with what it shows, and where: pictures on a terminal, in a file or one after the other; the
 * account of the run; and what is to be said of it in the end.
 */
#ifndef SW_MONITOR_BESIDE_H
#define SW_MONITOR_BESIDE_H

#include "monitor/watch.h"

enum sw_beside_form {
    SW_BESIDE_TEXT, /* a picture, or on what is no terminal a line */
    SW_BESIDE_JSON,
    SW_BESIDE_PROMETHEUS,
};

struct sw_beside {
    struct sw_run_watch watch; /* its first part, but for show and silence, is the caller's */
    enum sw_beside_form form;
    bool once, quiet;
    int64_t interval_s;        /* below 0: not said */
    const char *output;        /* pictures go there; NULL: standard output */
    const char *metrics;       /* the account; NULL: into the run's folder, when the run is over */
    const char *terminal_kind; /* TERM */
    void (*say)(const char *format, ...) SW_PRINTF(1, 2);
};

/* Watches, or looks once. SW_DATA: the run, or jobs of it, failed; SW_SYSTEM: it is gone, or something cannot be read or written. One
 * at a time. */
bool sw_beside_run(struct sw_beside *beside, struct sw_error *error) SW_CHECKED;

#endif
