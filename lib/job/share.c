/* SPDX-License-Identifier: ISC
 * One share of the orders of a report: their last states out of all chunks' parts, those that are selected, aggregated.
 *
 *   parts of all chunks ─▶ sw-classify --merge --share K/N ─▶ sw-agg --partial
 *
 * STAGE/jobs has NAME K N RESULT; STAGE/parts the parts, each ended by a NUL. The result is RESULT.partial, RESULT.events (what was read and
 * kept of each part) and RESULT.tally (rows of the parts, orders kept, and the checksum of the events), which is written last: with it the
 * share is whole. */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/posix_checksum.h"
#include "files/whole.h"
#include "job/part.h"
#include "job/work.h"
#include "stage/jobs.h"

enum { TALLY_MOST = 4096, EVENTS_MOST = 1 << 30 };

struct share {
    struct sw_job_pipe *pipe;
    struct sw_job_texts selectors, zone, sizes, aggregation, memory, parts;
    const char *measured_columns, *work;
    char result[SW_JOB_PATH];
    struct sw_buffer text;
};

static bool read_settings(struct sw_job *job, struct share *share)
{
    const struct sw_job_settings *settings = &job->settings;
    struct sw_error *error = job->error;
    char path[SW_JOB_PATH];
    snprintf(path, sizeof path, "%s/parts", job->stage);
    bool good =
        sw_job_setting_list(settings, "order_selectors", &share->selectors, error) &&
        sw_job_setting_list(settings, "zone", &share->zone, error) &&
        sw_job_setting_list(settings, "sizes", &share->sizes, error) &&
        sw_job_setting_list(settings, "aggregation", &share->aggregation, error) &&
        sw_job_setting_list(settings, "fold_memory", &share->memory, error) &&
        sw_job_setting_text(settings, "measured_columns", &share->measured_columns, error) &&
        sw_job_setting_text(settings, "work", &share->work, error) &&
        sw_job_texts_read(&share->parts, path, &job->text, error);
    if (good) snprintf(share->result, sizeof share->result, "%s/%s", share->work, job->fields[2]);
    return good;
}

static void fold(const struct sw_job *job, struct share *share)
{
    struct sw_job_pipe *pipe = share->pipe;
    sw_job_program(pipe, "sw-classify");
    sw_job_words(pipe, "--merge", "--share", NULL);
    sw_job_format(pipe, "%s/%s", job->fields[0], job->fields[1]);
    sw_job_list(pipe, &share->selectors);
    sw_job_list(pipe, &share->zone);
    sw_job_list(pipe, &share->sizes);
    sw_job_list(pipe, &share->memory);
    sw_job_pair(pipe, "--columns", share->measured_columns);
    sw_job_words(pipe, "--ledger", NULL);
    sw_job_format(pipe, "%s.events", share->result);
    sw_job_tally(pipe, share->result, "orders");
    sw_job_words(pipe, "--", NULL);
    sw_job_list(pipe, &share->parts);
}

static void aggregate(struct share *share)
{
    struct sw_job_pipe *pipe = share->pipe;
    sw_job_program(pipe, "sw-agg");
    sw_job_list(pipe, &share->aggregation);
    sw_job_words(pipe, "--partial", NULL);
    sw_job_list(pipe, &share->zone);
    sw_job_list(pipe, &share->sizes);
    sw_job_tally(pipe, share->result, "agg");
    sw_job_words(pipe, "-o", NULL);
    sw_job_format(pipe, "%s.partial", share->result);
}

/* RESULT.ENDING, as text. */
static bool read_text(struct share *share, const char *ending, size_t most, struct sw_error *error)
{
    char path[SW_JOB_PATH + 16];
    snprintf(path, sizeof path, "%s.%s", share->result, ending);
    share->text.length = 0;
    return sw_read_whole(path, "what a share has counted", most, &share->text, error) &&
           sw_buffer_add(&share->text, "", 1, error);
}

/* The first numbers of a tally. */
static bool read_counts(struct share *share, const char *ending, uint64_t *read, uint64_t *kept,
                        struct sw_error *error)
{
    if (!read_text(share, ending, TALLY_MOST, error)) return false;
    return sscanf((char *)share->text.bytes, "%" SCNu64 "\t%" SCNu64, read, kept) == 2 ||
           sw_fail(error, SW_SYSTEM, "%s.%s: a tally is none", share->result, ending);
}

/* What one program wrote the other must have read. */
static bool seal(struct sw_job *job, struct share *share)
{
    struct sw_error *error = job->error;
    struct sw_posix_checksum sum = {0};
    struct sw_buffer line = {0};
    char path[SW_JOB_PATH + 16];
    uint64_t aggregated, unused;
    if (!read_counts(share, "orders", &job->rows_read, &job->rows_out, error) ||
        !read_counts(share, "agg", &aggregated, &unused, error))
        return false;
    if (job->rows_out != aggregated)
        return sw_fail(error, SW_SYSTEM,
                       "sw-classify wrote %" PRIu64 " rows and sw-agg read %" PRIu64, job->rows_out,
                       aggregated);
    if (!read_text(share, "events", EVENTS_MOST, error)) return false;
    sw_posix_checksum_add(&sum, share->text.bytes, share->text.length - 1);
    snprintf(path, sizeof path, "%s.tally", share->result);
    bool good =
        sw_buffer_format(&line, error, "%" PRIu64 "\t%" PRIu64 "\t%" PRIu32 " %" PRIu64 "\n",
                         job->rows_read, job->rows_out, sw_posix_checksum_end(&sum), sum.length) &&
        sw_stage_write_line(path, O_TRUNC, &line, error);
    sw_buffer_free(&line);
    return good;
}

bool sw_job_share(struct sw_job *job, int *status)
{
    struct share share = {.pipe = &job->pipe};
    *status = 0;
    bool dry = job->pipe.is_dry;
    bool good = read_settings(job, &share) && (dry || sw_job_remove_part(share.result, job->error));
    if (good) {
        fold(job, &share);
        aggregate(&share);
        good = sw_job_pipe_run(&job->pipe, status) &&
               (*status != 0 || dry || sw_job_is_ending() || seal(job, &share));
    }
    free(share.parts.items);
    sw_buffer_free(&share.text);
    return good;
}
