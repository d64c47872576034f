/* SPDX-License-Identifier: ISC
 *
 * What GNU parallel, which ran the jobs of a stage, had to say itself.
 */
#ifndef SW_STAGE_RUNNER_LOG_H
#define SW_STAGE_RUNNER_LOG_H

#include "base/bytes.h"
#include "stage/log_level.h"

/* Appends the lines of STAGE/runner.log, fit for a terminal; nothing where there is none. Unless the level is debug without its notes on a job
 * that failed, which is told in words of the run. SW_SYSTEM: it cannot be read, no memory. */
bool sw_stage_runner_said(const char *stage, enum sw_log_level level, struct sw_buffer *said,
                          struct sw_error *error) SW_CHECKED;

#endif
