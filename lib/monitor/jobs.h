/* SPDX-License-Identifier: ISC
 *
 * The jobs of one stage of a run: which there are, and what has become of each. A part of
 * monitor/run.h.
 */
#ifndef SW_MONITOR_JOBS_H
#define SW_MONITOR_JOBS_H

#include "monitor/run.h"

enum { SW_CLOCK_SLACK_US = 2000000 }; /* a process's begin is known to a second or so */

/* Fills a stage's jobs from its lists; where the list has gone with the end of the run, from the
 * names of its logs. SW_SYSTEM only when there is no memory. */
bool sw_jobs_list(struct sw_stage *stage, struct sw_error *error) SW_CHECKED;

/* Looks at what became of them. A status is of the attempt that ended when it says; a job that runs
 * again after that runs. In a complete run every job that nobody saw fail is done. SW_SYSTEM only
 * when there is no memory. */
bool sw_jobs_look(struct sw_run *run, struct sw_stage *stage, const struct sw_processes *processes,
                  struct sw_error *error) SW_CHECKED;

/* A time in seconds since 1970 with a fraction, as jobs write it. */
bool sw_job_time(const char *text, int64_t *us) SW_CHECKED;

/* The process of a job that runs on this machine; NULL where it does not, is gone, or where another
 * process has its number now. */
const struct sw_process *sw_run_process(const struct sw_run *run, const struct sw_watched_job *job,
                                        const struct sw_processes *processes);

void sw_jobs_free(struct sw_stage *stage);

#endif
