/* SPDX-License-Identifier: ISC
 *
 * Runs the jobs of a stage on this machine, as many at a time as there are workers: COMMAND… STAGE NAME, each a process group of its own,
 * so that a signal reaches all of it. What became of a job it says itself (stage/jobs.h).
 */
#ifndef SW_STAGE_RUN_H
#define SW_STAGE_RUN_H

#include "stage/jobs.h"

/* What the failure of a job does to the others. */
enum sw_on_failure {
    SW_FAIL_SOON,  /* those that run go on to their end, no other begins */
    SW_FAIL_NOW,   /* those that run are ended */
    SW_FAIL_NEVER, /* nothing */
};

/* What "soon", "now" or "never" says; SW_USAGE: another word. */
bool sw_on_failure_parse(const char *name, enum sw_on_failure *policy,
                         struct sw_error *error) SW_CHECKED;

struct sw_stage_runner {
    const char *run; /* RUN/workers has how many jobs may run now; read again before each job */
    const char *const *command; /* words, the first a file's name */
    size_t words;
    int (*work)(const char *command, const char *stage, const char *name,
                bool attempt); /* NULL, or what a job does in place of its command; its status */
    int64_t workers;           /* where RUN/workers has no number */
    enum sw_on_failure on_failure;
    uint64_t grace_ms; /* from SIGTERM to SIGKILL of a job that is ended */
};

/* Returns when no job runs any more. SIGTERM, SIGINT and SIGHUP, which are blocked from here on, end all jobs: *ended_by is the signal
 * then, else 0. When whoever called is gone, no further job begins. A job that is only stopped has not ended, and may go on.
 * SW_USAGE: the command has more than 8 words. SW_SYSTEM: no memory, no process. */
bool sw_stage_run(const struct sw_stage_jobs *jobs, const struct sw_stage_runner *how,
                  int *ended_by, struct sw_error *error) SW_CHECKED;

#endif
