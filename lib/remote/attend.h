/* SPDX-License-Identifier: ISC
 *
 * The job of an attempt on the machine that it is made on. ATTEMPT/job has, each ended by a NUL, the command, the folder that jobs run in (empty: the
 * attempt's, of a host that does not see the run's files), where the programs are, and variables.
 */
#ifndef SW_REMOTE_ATTEND_H
#define SW_REMOTE_ATTEND_H

#include <stdint.h>

#include "base/error.h"

struct sw_attend {
    const char *at, *home; /* the attempt's folder, and that of the pipelines here */
    int64_t caller;        /* who is gone when the connection has ended; 0: nobody is */
    int64_t connection;    /* a pipe or socket that nobody reads from then; 0: there is none */
};

/* Runs the job, in this process' surroundings; it is ended where the connection ends, or a signal says so. What the settings say of places
 * holds for the attempt's folder then. *ended: it has said how it ended. SW_SYSTEM: it is no attempt, a file cannot be
 * written, no process. */
bool sw_attend(const struct sw_attend *how, bool *ended, struct sw_error *error) SW_CHECKED;

#endif
