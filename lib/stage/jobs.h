/* SPDX-License-Identifier: ISC
 *
 * The jobs of a stage, as its folder has them: STAGE/jobs, a line a job, fields between tabs, its name first; and what became of one,
 * STAGE/status/NAME: STATUS HOST BEGIN END …, which is not there while it has not ended.
 */
#ifndef SW_STAGE_JOBS_H
#define SW_STAGE_JOBS_H

#include <stdint.h>

#include "base/bytes.h"

/* Zero-initialize; free with sw_stage_jobs_free. */
struct sw_stage_jobs {
    const char *folder;    /* STAGE; not owned */
    struct sw_buffer text; /* of STAGE/jobs, a NUL after each line */
    size_t *lines;         /* where each begins there */
    char **names;
    size_t count, lines_capacity, names_capacity;
};

/* Reads STAGE/jobs. SW_SYSTEM: it cannot be read, or no memory. SW_USAGE: it is above 256 MiB, or no text. */
bool sw_stage_jobs_read(struct sw_stage_jobs *jobs, const char *folder,
                        struct sw_error *error) SW_CHECKED;
void sw_stage_jobs_free(struct sw_stage_jobs *jobs);

/* Field `number`, the name being 1, of a job's line: where it begins, and its length; empty after the last one. */
const char *sw_stage_field(const struct sw_stage_jobs *jobs, size_t job, size_t number,
                           size_t *length);

struct sw_job_outcome {
    bool ended; /* there is a status */
    int status; /* 0 to 3 */
    struct sw_buffer host, begin;
    int64_t took_us; /* -1: not known */
};

/* What became of a job. The buffers are used again, a NUL after each text; free them. SW_SYSTEM: no memory. */
bool sw_stage_outcome(const struct sw_stage_jobs *jobs, size_t job, struct sw_job_outcome *outcome,
                      struct sw_error *error) SW_CHECKED;

/* Writes a line into a file, which is made where it is not there, in one write: nobody finds half of it. how: O_APPEND or O_TRUNC.
 * SW_SYSTEM, with the file's name. */
bool sw_stage_write_line(const char *path, int how, const struct sw_buffer *line,
                         struct sw_error *error) SW_CHECKED;

#endif
