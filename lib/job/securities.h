/* SPDX-License-Identifier: ISC
 *
 * What the jobs of a security, or of a range of securities, have in common. Results are made in a folder of the attempt's own, and moved when all
 * are there: STAGE/results/PLACE, and the folders of OUTPUT/by_security.
 *
 *     STAGE/jobs has NAME CODES KEYS FOLDERS EVENTS ORDER-PARTS TRADE-PARTS QUOTE-PARTS PLACE (ledger/results.h)
 */
#ifndef SW_JOB_SECURITIES_H
#define SW_JOB_SECURITIES_H

#include "job/work.h"

struct sw_job_securities {
    const char *codes, *folders; /* between commas */
    const char *orders, *trades,
        *quotes; /* the numbers of the parts with rows of them, between commas */
    const char *place, *work, *output, *umask;
    struct sw_job_texts zone, sizes, memory, order_selectors;
    char at[SW_JOB_PATH],
        results[SW_JOB_PATH]; /* the attempt's folder, and that which it becomes */
};

/* Reads the job's line and those settings, and makes the attempt's folder empty. SW_SYSTEM on failure. */
bool sw_job_securities_begin(struct sw_job *job, struct sw_job_securities *securities) SW_CHECKED;

/* The parts of a table that have rows of the securities, as their numbers say, a word each, `option` in front of each unless it is NULL; without any,
 * one whose rows are others' and which gives the table's columns. SW_SYSTEM: there is no such part. */
bool sw_job_securities_parts(struct sw_job *job, const struct sw_job_securities *securities,
                             const char *table, const char *numbers, const char *option) SW_CHECKED;

/* --NAME STAGE/NAME.swr, where that is there. */
void sw_job_securities_table(struct sw_job *job, const char *name);

/* The words by which a program says which order is wrong, and, where it has failed, what it said. */
void sw_job_securities_ask(struct sw_job *job, const struct sw_job_securities *securities);
void sw_job_securities_hear(struct sw_job *job, const struct sw_job_securities *securities);

/* What is made from here on the user gets, and has the user's mask. */
void sw_job_securities_are_the_users(const struct sw_job_securities *securities);

/* The attempt's folder, with a tally, becomes the results. *status: of what moves them. SW_SYSTEM on failure. */
bool sw_job_securities_publish(struct sw_job *job, const struct sw_job_securities *securities,
                               int *status) SW_CHECKED;

#endif
