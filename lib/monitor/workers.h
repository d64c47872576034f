/* SPDX-License-Identifier: ISC
 *
 * Fewer workers while memory is short, more again when there is room: the number in the file that
 * GNU parallel reads as --jobs, and jobs that are stopped (SIGSTOP) and continued.
 *
 *     in use ≥ limit                the number goes down by one a look, never below 1; from the second look on, while more jobs run
 *                                   than the number says, the youngest one is stopped too, never the last
 *     in use < limit - 10 points    after three such looks the oldest stopped job goes on; where none is stopped, the number goes up
 *                                   by one, to what it was at most
 *
 * parallel reads the file when a job ends, takes 0 for no limit and fails on an empty one: it is
 * renamed into place. A number that somebody else writes there becomes the one to go back to.
 */
#ifndef SW_MONITOR_WORKERS_H
#define SW_MONITOR_WORKERS_H

#include "host/pressure.h"
#include "monitor/run.h"

struct sw_workers {
    const char *file; /* NULL: nothing is adjusted */
    unsigned limit_permille;
    uint64_t original, current;
    unsigned pressed_looks, calm_looks; /* in a row */
    char said[160];                     /* what the last look changed, for a person; "": nothing */
};

/* Reads the number. SW_SYSTEM: the file cannot be read; SW_DATA: it is not a whole number from 1
 * on. */
bool sw_workers_open(struct sw_workers *workers, const char *file, unsigned limit_permille,
                     struct sw_error *error) SW_CHECKED;

/* Acts on a look at the run. SW_SYSTEM: the file cannot be written, or no memory. */
bool sw_workers_adjust(struct sw_workers *workers, struct sw_run *run,
                       const struct sw_processes *processes, const struct sw_pressure *pressure,
                       struct sw_error *error) SW_CHECKED;

/* Lets every stopped job go on and gives the file its number again. SW_SYSTEM as above. */
bool sw_workers_restore(struct sw_workers *workers, struct sw_run *run,
                        const struct sw_processes *processes, struct sw_error *error) SW_CHECKED;

#endif
