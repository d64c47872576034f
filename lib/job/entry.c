/* SPDX-License-Identifier: ISC */
#include "job/entry.h"

#include <stdio.h>
#include <stdlib.h>

#include "ledger/part_seal.h"

bool sw_job_entry_read(struct sw_job *job, const char *work, struct sw_job_entry *entry)
{
    char path[SW_JOB_PATH];
    snprintf(path, sizeof path, "%s/inputs", job->stage);
    entry->table = job->fields[0];
    entry->input = strtoul(job->fields[1], NULL, 10);
    entry->offset = job->fields[2];
    entry->length = job->fields[3];
    snprintf(entry->part, sizeof entry->part, "%s/%s", work, job->fields[4]);
    if (job->inputs.names.count == 0 &&
        !sw_job_texts_read(&job->inputs.names, path, &job->inputs.text, job->error))
        return false;
    entry->inputs = &job->inputs.names;
    return entry->input < entry->inputs->count ||
           sw_fail(job->error, SW_SYSTEM, "%s: has no input %zu", path, entry->input);
}

static bool ends_in(const struct sw_job_entry *entry, char kind)
{
    size_t length = strlen(entry->length);
    return length > 0 && entry->length[length - 1] == kind;
}

bool sw_job_entry_is_records(const struct sw_job_entry *entry)
{
    return ends_in(entry, 'r');
}

bool sw_job_entry_is_files(const struct sw_job_entry *entry)
{
    return ends_in(entry, 'f');
}

void sw_job_entry_records(const struct sw_job_entry *entry, struct sw_job_pipe *pipe)
{
    sw_job_words(pipe, "--range", NULL);
    sw_job_format(pipe, "%s:%.*s", entry->offset, (int)strlen(entry->length) - 1, entry->length);
}

void sw_job_entry_text(const struct sw_job_entry *entry, struct sw_job_pipe *pipe)
{
    if (sw_job_entry_is_files(entry)) {
        sw_job_words(pipe, "--tally-files", NULL);
        sw_job_format(pipe, "%s.files", entry->part);
    } else if (strcmp(entry->length, "whole") != 0) {
        sw_job_words(pipe, "--range", NULL);
        sw_job_format(pipe, "%s:%s", entry->offset, entry->length);
    }
}

void sw_job_entry_files(const struct sw_job_entry *entry, struct sw_job_pipe *pipe)
{
    size_t count = sw_job_entry_is_files(entry) ? strtoul(entry->length, NULL, 10) : 1;
    size_t there = entry->inputs->count - entry->input;
    const struct sw_job_texts files = {entry->inputs->items + entry->input,
                                       count < there ? count : there, 0};
    sw_job_words(pipe, "--", NULL);
    sw_job_list(pipe, &files);
}

bool sw_job_entry_seal(const struct sw_job_entry *entry, struct sw_job *job,
                       const char *const *endings)
{
    struct sw_sealed_part part = {.path = entry->part,
                                  .tallies = job->pipe.tallies.items,
                                  .tally_count = job->pipe.tallies.count,
                                  .endings = endings};
    struct sw_ledger_counts counts;
    while (endings[part.ending_count]) part.ending_count++;
    if (!sw_part_seal(&part, &counts, job->error)) return false;
    job->rows_read = counts.of[SW_READ];
    job->rows_out = counts.of[SW_KEPT];
    return true;
}
