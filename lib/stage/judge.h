/* SPDX-License-Identifier: ISC
 *
 * What became of a stage, whoever ran its jobs: the worst status, which of them failed, how many never ended, and what those that failed
 * have said, in the order of the jobs. A job without a status did not finish: that is the system's failure unless another one says why.
 */
#ifndef SW_STAGE_JUDGE_H
#define SW_STAGE_JUDGE_H

#include "stage/jobs.h"
#include "stage/log_level.h"

struct sw_stage_judge {
    const char *pipeline; /* whose messages these are */
    /* Of the jobs: what is after its last dash is what each of them is, a chunk, a share or a security. */
    const char *command;
    bool by_runner; /* GNU parallel ran them: what it had to say itself goes in front */
    /* Jobs that were begun and did not finish; not where the others are ended with one that failed. */
    bool unfinished_are_told;
};

/* Zero-initialize; free both buffers. */
struct sw_stage_verdict {
    struct sw_buffer
        line; /* WORST MISSING NAME…: the worst status of those that ended, how many did not, which failed */
    struct sw_buffer said; /* lines for a terminal */
    bool all_done;         /* every job has ended, and none has failed */
};

/* How much is said goes by the level of STAGE/policy. SW_SYSTEM: no memory, or the names of inputs, the policy or the runner's log cannot be
 * read; what was said so far is in the verdict. What there is no log of has said nothing. */
bool sw_stage_judge(const struct sw_stage_jobs *jobs, const struct sw_stage_judge *how,
                    struct sw_stage_verdict *verdict, struct sw_error *error) SW_CHECKED;

/* The level that STAGE/policy (RETRIES SECONDS LEVEL) tells; that of information where it tells none. */
bool sw_stage_level(const char *stage, enum sw_log_level *level, struct sw_error *error) SW_CHECKED;

#endif
