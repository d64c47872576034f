/* SPDX-License-Identifier: ISC
 *
 * One job of a stage on a host, called by whatever hands jobs out to hosts, GNU parallel in ssh's place or a Slurm task:
 *
 *   "."  here, as without hosts     "="  here, as an attempt     else over ssh, as an attempt (remote/attempt.h)
 *
 * A host on which two jobs in a row were lost with the connection is taken out, unless it is the last one.
 */
#ifndef SW_REMOTE_ON_HOST_H
#define SW_REMOTE_ON_HOST_H

#include <stdint.h>

#include "base/error.h"

enum { SW_HOST_LOST = 255, SW_HOST_ENDED = 143 };

struct sw_on_host {
    const char *host;
    const char *stage, *command, *work, *output; /* of the run */
    uint64_t number;                             /* of the job's line in STAGE/jobs, from 1 */
    const char *pipeline;                        /* whose messages these are */
    const char *home, *bin;                      /* of the pipelines and the programs here */
    const char *ssh;                             /* a command and its options */
    char *const *environment;
    int says; /* a descriptor for what is told of hosts */
};

/* *status: the job's own; SW_HOST_LOST where the host was lost, and the job is to be tried on another one; SW_HOST_ENDED. A job that has
 * ended before is not run again. SW_SYSTEM: the run's files cannot be read or written, no process. */
bool sw_on_host(const struct sw_on_host *how, int *status, struct sw_error *error) SW_CHECKED;

#endif
