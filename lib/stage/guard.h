/* SPDX-License-Identifier: ISC
 *
 * Somebody who goes on where sw-monitor is killed: jobs that it has stopped, since memory was short, would never end.
 *
 *     pipeline ─▶ guard ─▶ sw-monitor ─▶ jobs, stopped and continued
 */
#ifndef SW_STAGE_GUARD_H
#define SW_STAGE_GUARD_H

#include "base/error.h"

/* Runs the command (words, the first a name on PATH, and NULL) and waits for it. An interrupt from the terminal is the pipeline's, and ignored, by the
 * command, too; SIGTERM is passed on. Where a signal ends it, the jobs of the run in the folder are continued. *status: as a shell has
 * it. SW_SYSTEM: no process; no memory. */
bool sw_guard(const char *run, char *const *command, int *status,
              struct sw_error *error) SW_CHECKED;

#endif
