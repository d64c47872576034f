/* SPDX-License-Identifier: ISC
 *
 * An attempt at a job by another machine, or by this one where it may be interrupted and begun anew elsewhere: a folder with a stage of
 * that one job, which reads the run's files, and writes nothing outside of the folder. Whoever began the attempt moves what it made under
 * the final names, once all of it is there. A job that outlives its connection does no harm that way.
 *
 *   ATTEMPT/job                what runs the job there has to know (remote/attend.h)
 *   ATTEMPT/stage/             jobs (one line), inputs, settings, policy, lists of parts; then logs/1, status/1
 *   ATTEMPT/parts/, output/    what the job makes; of securities, parts are what it reads
 *   ATTEMPT/files/ and more    of a host that does not see the run's files (remote/ship.h)
 */
#ifndef SW_REMOTE_ATTEMPT_H
#define SW_REMOTE_ATTEMPT_H

#include "base/bytes.h"
#include "stage/jobs.h"

struct sw_remote_attempt {
    const struct sw_stage_jobs *jobs; /* of the stage */
    size_t job;
    const char *command, *work, *output; /* of its jobs, the run's folder, and the results' */
    const char *home;                    /* the folder of the pipelines here */
    const char *bin;                     /* of the programs there */
    char *const *environment;            /* what is set for the jobs is taken from it */
    const char *at;                      /* the folder of the attempt */
    const char *from;                    /* that of what it made: the same, or what came back */
    /* Of a host that does not see the files, a name for the input: it is shipped; else NULL. */
    const char *token;
    const char *host; /* for the status */
    /* The job makes results of securities out of parts, and not a part of an input. */
    bool of_securities;
};

/* Whether a command's jobs are such. */
bool sw_is_of_securities(const char *command);

/* Makes the folder. *refused: 0; or the status of what keeps the job from being shipped, 1 or 2 where that is the data or the usage: the
 * reason has been said on standard error. SW_SYSTEM: a file cannot be read or written. */
bool sw_attempt_begin(const struct sw_remote_attempt *attempt, int *refused,
                      struct sw_error *error) SW_CHECKED;

/* Of an attempt that is shipped: the lists and schemas that its settings name are copied to ATTEMPT/files, and read from there.
 * SW_SYSTEM: a file cannot be read or written. */
bool sw_attempt_ship_settings(const struct sw_remote_attempt *attempt,
                              struct sw_error *error) SW_CHECKED;

/* Takes over an attempt that has ended: what it made, where it went well, then its log and its status become the run's. *status: the job's.
 * SW_SYSTEM: it has none, or a file cannot be written. */
bool sw_attempt_publish(const struct sw_remote_attempt *attempt, int *status,
                        struct sw_error *error) SW_CHECKED;

/* Writes a status for the job: STATUS and what follows it; then it runs no more. */
bool sw_attempt_status(const struct sw_remote_attempt *attempt, int status, const char *rest,
                       struct sw_error *error) SW_CHECKED;

/* Of a job that was shipped, messages and bad rows name the input again: what a terminal must not have is escaped, and in bad rows
 * backslashes are doubled. SW_SYSTEM: a file cannot be read or written. */
bool sw_attempt_restore_names(const struct sw_remote_attempt *attempt,
                              struct sw_error *error) SW_CHECKED;

/* Removes the attempt's folder, with what came back of it and what was said. */
void sw_attempt_remove(const struct sw_remote_attempt *attempt);

#endif
