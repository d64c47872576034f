/* SPDX-License-Identifier: ISC
 *
 * One job of a stage whose work is pipes of programs: its log, its status, its attempts. What it says goes to STAGE/logs/NAME. While it runs
 * there is STAGE/running/NAME: PROCESS HOST BEGIN, which is empty from its end on; then there is STAGE/status/NAME: STATUS HOST BEGIN END
 * ROWS-READ ROWS-OUT (times are seconds since 1970), then the id of the order that the data are wrong of, where there is one. Each is one write of one line, so that nobody finds half of it.
 *
 *     STAGE/{jobs,settings,inputs,policy} ─▶ sw_job_work ─▶ programs ─▶ parts, STAGE/{logs,running,status}/NAME
 */
#ifndef SW_JOB_WORK_H
#define SW_JOB_WORK_H

#include "job/pipe.h"

enum { SW_JOB_FIELDS = 8 };

/* STAGE/inputs, the files of all jobs, where it has been read. */
struct sw_job_inputs {
    struct sw_job_texts names;
    struct sw_buffer text;
};

/* What the kinds of jobs work upon. */
struct sw_job {
    const char *stage, *name;
    struct sw_error *error;
    struct sw_job_settings settings;
    struct sw_job_pipe pipe;
    struct sw_buffer line, text;
    struct sw_job_inputs inputs;
    char *fields
        [SW_JOB_FIELDS]; /* of its line in STAGE/jobs, from the one behind its name on; empty behind the last */
    uint64_t rows_read, rows_out;
    char wrong_order[24]; /* what a program has said of it; else empty */
};

/* Whether a command is a job: a file of pipelines/jobs. */
bool sw_job_is_known(const char *command) SW_CHECKED;

/* Does the job in this process, whose standard error becomes the log: `attempt`, one of those that are made of it, or all there are to
 * be. What fails is said. Returns the status for the process: 0 to 3, or that of a job that was told to end. */
int sw_job_work(const char *command, const char *stage, const char *name, bool attempt,
                sw_job_say *say);

/* Writes the programs of jobs as a shell would be given them to standard output; nothing is made. Returns 0, or 3 when it has said why not. */
int sw_job_show(const char *command, const char *stage, const char *const *names, size_t count,
                sw_job_say *say);

/* The kinds: one chunk of a run, and one share of the orders of a report; one chunk of an analysis or a match, and the securities of an analysis, and of a match. *status: what
 * its programs have ended with. SW_SYSTEM: what is to be read cannot be, what they counted does not agree. */
bool sw_job_chunk(struct sw_job *job, int *status) SW_CHECKED;
bool sw_job_share(struct sw_job *job, int *status) SW_CHECKED;
bool sw_job_sort_chunk(struct sw_job *job, int *status) SW_CHECKED;
bool sw_job_study_security(struct sw_job *job, int *status) SW_CHECKED;
bool sw_job_match_security(struct sw_job *job, int *status) SW_CHECKED;

#endif
