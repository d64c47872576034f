/* SPDX-License-Identifier: ISC
 *
 * Calls a command when a job or a run ends: `sh -c COMMAND` with what happened in its environment,
 * one call at a time, each waited for.
 *
 *     SW_EVENT    job-done, job-failed, run-done, run-failed or run-gone (it was killed)
 *     SW_RUN      OUT                      SW_STAGE, SW_JOB   the stage and the job
 *     SW_STATUS   the job's status         SW_SECONDS         how long it took
 *     SW_LOG      the job's log            SW_ERROR           the last line of it
 */
#ifndef SW_MONITOR_EVENTS_H
#define SW_MONITOR_EVENTS_H

#include "monitor/progress.h"

struct sw_events {
    const char *command; /* NULL: nothing is called */
    int64_t since_us;    /* jobs that ended before are not told of */
    bool silent;         /* what the command prints is dropped; else it goes to standard error */
    uint64_t called,
        failed; /* calls, and those of them that could not be made or did not end with 0 */
};

/* Tells of every job that has ended and was not told of, at now_us. */
void sw_events_jobs(struct sw_events *events, struct sw_run *run, int64_t now_us);

/* Tells of the run's end. */
void sw_events_end(struct sw_events *events, const struct sw_snapshot *snapshot);

#endif
