/* SPDX-License-Identifier: ISC
 *
 * How far a run and each of its stages have come, how long the rest will take, and what holds it
 * up.
 *
 * The time left follows from weights (bytes or rows to do), not from numbers of jobs. A straight
 * line through the weights and times of the jobs that are done (least squares) tells what a job
 * takes one worker, as such and for a unit of weight. Each job that waits takes that; each that
 * runs, the same less its age. Their sum ÷ workers is the time left, but no less than that of the
 * job that has most left.
 */
#ifndef SW_MONITOR_PROGRESS_H
#define SW_MONITOR_PROGRESS_H

#include "host/pressure.h"
#include "monitor/run.h"

struct sw_progress {
    uint64_t jobs, done, running, failed, waiting, suspended; /* suspended ones run, too */
    /* Of the weights: done; of a run: its time so far, of all it will take, or, where that is not
     * known, of the shares of its stages. */
    unsigned permille;
    int64_t elapsed_us; /* to the last job's end where none is left */
    int64_t left_us;    /* -1: not known */
    uint64_t rows_read, rows_out;
};

/* Of one stage, at now_us (since 1970). */
void sw_progress_stage(const struct sw_stage *stage, int64_t now_us, struct sw_progress *progress);

/* Of all stages, also those to come, which are taken to last as long beside the others as their shares say; jobs and rows of those that
 * have begun, the rows those that the first one read and the last one wrote. */
void sw_progress_run(const struct sw_run *run, int64_t now_us, struct sw_progress *progress);

/* What a run is seen to be. */
enum sw_run_state {
    SW_RUN_WAITING, /* no stage has begun */
    SW_RUN_RUNNING,
    SW_RUN_COMPLETE,
    SW_RUN_FAILED, /* the pipeline has ended, and says that it failed */
    SW_RUN_GONE,   /* it has not ended and nothing of it lives */
};

/* "waiting", "running", "complete", "failed", "gone". */
const char *sw_run_state_name(enum sw_run_state state);

enum sw_bound {
    SW_BOUND_NOTHING, /* no job runs */
    SW_BOUND_MEMORY,  /* jobs are suspended, or more of memory is in use than the limit says */
    SW_BOUND_CPU,  /* the jobs use 80% of the cores or more, or all together 95% of the machine's */
    SW_BOUND_DISK, /* in half of the looks, newer ones counting more, a job waited for a disk */
    SW_BOUND_STARVED, /* fewer jobs run than the stage has workers */
    SW_BOUND_WORKERS, /* none of these: every worker is busy, and more could be */
};

/* What the machine has; what was seen. All that a picture is made of. */
struct sw_snapshot {
    const struct sw_run *run;
    enum sw_run_state state;
    int64_t now_us;         /* since 1970 */
    uint64_t cores;         /* that may be used; 0: not known */
    unsigned busy_permille; /* of the machine's cores, since the look before, whoever uses them */
    struct sw_pressure pressure;
    unsigned limit_permille; /* of memory, above which it is what the run is bound by */
};

enum { SW_REASON_BYTES = 160 };

/* The first of the above that holds, in their order; `why` receives it in words. */
enum sw_bound sw_bound_of(const struct sw_snapshot *snapshot, char why[SW_REASON_BYTES]);

/* "nothing", "memory", "CPU", "disk", "starved", "workers". */
const char *sw_bound_name(enum sw_bound bound);

/* How long a job has run, or did; -1 where that is not known. */
int64_t sw_job_age(const struct sw_watched_job *job, int64_t now_us);

/* A job and its stage. */
struct sw_job_place {
    const struct sw_stage *stage;
    const struct sw_watched_job *job;
};

enum sw_job_choice { SW_SLOWEST, SW_FASTEST, SW_FAILED_JOBS, SW_RUNNING };

/* The first `most` jobs of a choice: of those that run or have run, the slowest first; of those
 * that are done, the fastest first; those that failed; or those that run, the slowest first. Among equals, by stage and place in its
 * list. Returns their number. */
size_t sw_jobs_choose(const struct sw_run *run, enum sw_job_choice choice, int64_t now_us,
                      struct sw_job_place *places, size_t most);

#endif
