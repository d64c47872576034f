/* SPDX-License-Identifier: ISC
 *
 * A run of pipelines, as its folder tells of it: its stages and the jobs of each (pipelines/lib/jobs.sh
 * and lib/job write these files). Everything may change, appear or vanish while it is read, and a
 * look never fails for that; what was once known of a job is kept when its files go.
 *
 *     RUN/process           PROCESS TICKS: the pipeline itself, and when it began; further lines: begun TIME, ended STATUS TIME
 *     RUN/coming            NAME SHARE: all stages that the pipeline may come to, in their order, and what each takes beside the others
 *     RUN/stages            NAME FOLDER BEGIN WORKERS, a line for each stage begun
 *     STAGE/jobs            a line a job, its name first
 *     STAGE/weights         NAME WEIGHT
 *     STAGE/running/NAME    PROCESS HOST BEGIN
 *     STAGE/status/NAME     STATUS HOST BEGIN END ROWS-READ ROWS-OUT, and more that is of no interest here
 *     STAGE/logs/NAME       what the job said
 *
 * Where there is no RUN/process, RUN/complete tells that an analysis is done, and RUN/ledger.csv
 * that another run is. A run whose folder goes, with no job failed, is done, too.
 */
#ifndef SW_MONITOR_RUN_H
#define SW_MONITOR_RUN_H

#include "base/bytes.h"
#include "host/process.h"
#include "monitor/load.h"

enum sw_job_state {
    SW_JOB_WAITING,
    SW_JOB_RUNNING,
    SW_JOB_DONE,
    SW_JOB_FAILED, /* status is not 0, or its process is gone without a status (then status is 3) */
};

/* An ended job without times (begin_us 0) is one that nobody saw. */
struct sw_watched_job {
    char *name;
    char *fields;    /* the rest of its line in STAGE/jobs, its first 500 bytes; "" for none */
    size_t position; /* in STAGE/jobs, from 0 */
    uint64_t weight; /* what it has to do, in the unit of its stage; 1 where nothing tells */
    enum sw_job_state state;
    int status;               /* of an ended job */
    int64_t process;          /* 0: not known */
    char host[64];            /* "" : not known */
    int64_t begin_us, end_us; /* since 1970; 0: not known */
    uint64_t rows_read, rows_out;
    char *error;         /* the last line of a failed job's log; NULL: none yet */
    bool missed;         /* at the last look its process was gone and its status not there */
    bool told;           /* its end was told (monitor/events.h) */
    bool suspended;      /* monitor/workers.h stopped it */
    struct sw_use use;   /* at the last look */
    uint64_t peak_bytes; /* the most memory its processes had at a look, or one of them ever */
};

struct sw_stage {
    char *name, *folder;
    int64_t begin_us; /* since 1970 */
    uint64_t workers;
    struct sw_watched_job *jobs; /* by name */
    size_t job_count;
    struct sw_load load;
    int64_t runner; /* the process that starts its jobs; 0: not known */
    uint64_t runner_cpu_us, runner_read_bytes, runner_written_bytes; /* of it, when first seen */
};

/* A stage that the pipeline says it may come to. */
struct sw_coming {
    char name[32];
    uint64_t share; /* of the time that all take; 1 or more */
    bool passed;    /* it has begun, or one after it has */
};

enum { SW_COMING_MOST = 8 };

/* Zero-initialize; sw_run_open, then sw_run_read as often as wanted, sw_run_free. */
struct sw_run {
    char *output,
        *folder; /* OUT, and RUN: OUT/run, or OUT itself or OUT.run, where that is a run's folder */
    char host[64]; /* this machine's name, as jobs write it */
    struct sw_stage *stages;
    size_t stage_count, stage_capacity;
    struct sw_coming coming[SW_COMING_MOST];
    size_t coming_count;
    bool complete; /* it has ended well; end_us is when */
    bool failed;   /* the pipeline has ended with another status than 0; end_us is when */
    bool stopped; /* and that status is of a signal that asked it to end: SIGHUP, SIGINT, SIGTERM */
    int64_t process, process_begin_us; /* the pipeline's; 0: not known */
    bool told;  /* RUN/process tells of the pipeline's own process, on this machine */
    bool lives; /* that one lives; or it is on another machine, where only its end can be seen */
    int64_t begin_us;    /* of the pipeline, else of the first stage; 0: no stage has begun */
    int64_t end_us;      /* of the last job, or of the run where that has ended */
    struct sw_load load; /* of all stages together */
};

/* Names the folder, which need not be there yet. SW_SYSTEM: there is neither a folder OUT nor one
 * OUT.run, or no memory. */
bool sw_run_open(struct sw_run *run, const char *output, struct sw_error *error) SW_CHECKED;

/* Looks again; processes are those of now. SW_SYSTEM only when there is no memory. */
bool sw_run_read(struct sw_run *run, const struct sw_processes *processes,
                 struct sw_error *error) SW_CHECKED;

/* Whether something of the run lives: the pipeline, a running job's process here, or a running job
 * on another host. */
bool sw_run_lives(const struct sw_run *run, const struct sw_processes *processes);

/* What a person calls a job: its name and the field of its line that says most, as "17 110621".
 * Returns `to`. */
const char *sw_job_title(const struct sw_stage *stage, const struct sw_watched_job *job, char *to,
                         size_t size);

/* Field `index` (1 is the one after the name) of the job's line, its length in *length; NULL where
 * there is none. */
const char *sw_job_field(const struct sw_watched_job *job, int index, size_t *length);

void sw_run_free(struct sw_run *run);

#endif
