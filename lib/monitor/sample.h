/* SPDX-License-Identifier: ISC
 *
 * What the running jobs of a run use, by looking at their process trees. The total of a stage
 * counts the jobs that have ended as well: the kernel adds what a process used to the one that
 * waited for it, so that the growth of that of the stage's runner is theirs, also where no look
 * ever saw them.
 */
#ifndef SW_MONITOR_SAMPLE_H
#define SW_MONITOR_SAMPLE_H

#include "monitor/run.h"

/* Looks at all running jobs of this machine, elapsed_us after the look before (0: there was none),
 * and fills the loads of the jobs, the stages and the run. SW_SYSTEM only when there is no memory.
 */
bool sw_sample(struct sw_run *run, const char *root, const struct sw_processes *processes,
               int64_t elapsed_us, struct sw_error *error) SW_CHECKED;

#endif
