/* SPDX-License-Identifier: ISC
 *
 * The line of a chunk in STAGE/jobs, TABLE INPUT OFFSET LENGTH PART (ledger/parts.h): which files it reads, and what of them. Rows of CSV are
 * bytes of a file, a whole file, or several files; those of a stream are a range of records.
 */
#ifndef SW_JOB_ENTRY_H
#define SW_JOB_ENTRY_H

#include "job/work.h"

struct sw_job_entry {
    const struct sw_job_texts *inputs; /* of the whole stage: the job's */
    size_t input;                      /* the first of its files */
    const char *table, *offset, *length;
    char part[SW_JOB_PATH]; /* with its folder */
};

/* Reads STAGE/inputs, for the job's first entry, and the job's fields, which go into the folder `work`. SW_SYSTEM: there is no such input, or no
 * memory. */
bool sw_job_entry_read(struct sw_job *job, const char *work, struct sw_job_entry *entry) SW_CHECKED;

/* Whether its rows are records of a stream, and whether it has several files. */
bool sw_job_entry_is_records(const struct sw_job_entry *entry);
bool sw_job_entry_is_files(const struct sw_job_entry *entry);

/* The words for its range: of records, or of CSV, where it is not the whole file; of several files, for their tallies. */
void sw_job_entry_records(const struct sw_job_entry *entry, struct sw_job_pipe *pipe);
void sw_job_entry_text(const struct sw_job_entry *entry, struct sw_job_pipe *pipe);

/* Its files, "--" in front. */
void sw_job_entry_files(const struct sw_job_entry *entry, struct sw_job_pipe *pipe);

/* Writes the tally of its part, with the checksums of the files of these endings, NULL behind the last (ledger/part_seal.h), and tells it to the
 * job. SW_SYSTEM: what the programs counted does not agree. */
bool sw_job_entry_seal(const struct sw_job_entry *entry, struct sw_job *job,
                       const char *const *endings) SW_CHECKED;

#endif
