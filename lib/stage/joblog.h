/* SPDX-License-Identifier: ISC
 *
 * The log of a run's jobs, as GNU parallel writes it where it runs them: RUN/joblog.
 */
#ifndef SW_STAGE_JOBLOG_H
#define SW_STAGE_JOBLOG_H

#include "stage/jobs.h"

/* Appends a line for each of the stage's jobs that ended and whose times are known, after a header where the log is new.
 * SW_SYSTEM: it cannot be written, no memory. */
bool sw_stage_log(const struct sw_stage_jobs *jobs, const char *command, const char *run,
                  struct sw_error *error) SW_CHECKED;

#endif
