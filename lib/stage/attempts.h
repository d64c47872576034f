/* SPDX-License-Identifier: ISC
 *
 * One job of a stage that may be tried again, or has a time limit: its attempts, COMMAND STAGE NAME with SW_ATTEMPT set to the number of
 * each. What the data or the usage is to blame for would happen again, and is final once the attempt has said so (stage/jobs.h); all else
 * is the system's failure, and tried again after a pause that grows.
 */
#ifndef SW_STAGE_ATTEMPTS_H
#define SW_STAGE_ATTEMPTS_H

#include <stdint.h>

#include "base/error.h"

/* Told to end by SIGTERM, SIGINT or SIGHUP: there is no status of the job. */
enum { SW_JOB_ENDED = 143 };

struct sw_job_attempts {
    const char *stage, *name, *command; /* a folder, the job's name, a file's name */
    int64_t retries;                    /* attempts after the first one, at most */
    int64_t time_limit_seconds;         /* of an attempt; 0: none */
    uint64_t grace_ms; /* from SIGTERM to SIGKILL of an attempt whose time has come */
};

/* Makes the attempts, each a process group of its own, and waits for the last of them. The log of one that another follows is kept as
 * STAGE/logs/NAME.1 and so on. *status: the job's, 0 to 3, which is written to STAGE/status where no attempt could; or SW_JOB_ENDED.
 * SW_SYSTEM: an attempt cannot be begun, a file cannot be written. */
bool sw_job_attempt(const struct sw_job_attempts *how, int *status,
                    struct sw_error *error) SW_CHECKED;

#endif
