/* SPDX-License-Identifier: ISC
 *
 * Watches a run: looks at its folder and at its processes in turn, shows what it sees now and then,
 * tells of ends, adjusts the workers, and goes on until the run is complete, is gone, or a signal
 * ends the watch.
 *
 *     folder, /proc ─▶ look (every second) ─▶ events, workers ─▶ show (every interval)
 */
#ifndef SW_MONITOR_WATCH_H
#define SW_MONITOR_WATCH_H

#include "monitor/events.h"
#include "monitor/progress.h"
#include "monitor/workers.h"

enum { SW_USUAL_MEMORY_LIMIT = 85 }; /* percent */

/* Fill the first part; zero the rest. sw_watch_open, then sw_watch_once or sw_watch_on, then
 * sw_watch_close. */
struct sw_run_watch {
    const char *output;       /* OUT */
    const char *root;         /* /proc and /sys are read below it; "" is the machine's own */
    const char *workers_file; /* NULL: workers are not adjusted */
    unsigned limit_permille;  /* of memory */
    int64_t now_us;           /* taken for the time, since 1970; 0: the time */
    int64_t interval_us;      /* between two shows */
    int64_t delay_us;         /* nothing is shown before the run was watched for so long */
    int64_t process;          /* the run is over when this process is; 0: none */
    struct sw_events events;
    /* Shows a snapshot; false ends the watch with what it recorded. said: what changed about the
     * workers, "" where nothing did. */
    bool (*show)(const struct sw_snapshot *snapshot, const char *said, struct sw_error *error);

    struct sw_run run;
    struct sw_processes processes;
    struct sw_workers workers;
    struct sw_snapshot snapshot;
    int64_t opened_us;             /* sw_clock_us when the watch began */
    int64_t looked_us;             /* the same of the last look; 0: none yet */
    int64_t shown_us, adjusted_us; /* and of the last show and the last adjustment */
    uint64_t process_ticks; /* when the process began, which tells it from a later one; 0: it was
                               not looked at yet */
    int64_t lifeless_us;    /* sw_clock_us of the first look in a row that found nothing of the run
                               alive; 0: none */
    bool lived;
    bool ended_by_signal;
};

/* Opens the run's folder and the workers' file, counts the cores. SW_SYSTEM or SW_DATA as those
 * say. */
bool sw_watch_open(struct sw_run_watch *watch, struct sw_error *error) SW_CHECKED;

/* Looks twice, a fifth of a second apart, so that rates are known, or once at a run that is over;
 * the snapshot is filled then, and nothing shown. */
bool sw_watch_once(struct sw_run_watch *watch, struct sw_error *error) SW_CHECKED;

/* Watches to the end; the last snapshot stays in watch->snapshot. SIGINT, SIGTERM and SIGHUP
 * (unless ignored from the start) end the watch after one more look, and no handler of theirs is
 * called; a change of the terminal's size only shows the snapshot again. They stay blocked: the end
 * of a run and such a signal often come together, and what is to be done then is to be whole. A run
 * that has ended is told of, also where a signal was the reason to look. */
bool sw_watch_on(struct sw_run_watch *watch, struct sw_error *error) SW_CHECKED;

/* Gives the workers back what the watch took from them, and frees. False, SW_SYSTEM: the workers'
 * file cannot be written. */
bool sw_watch_close(struct sw_run_watch *watch, struct sw_error *error) SW_CHECKED;

#endif
