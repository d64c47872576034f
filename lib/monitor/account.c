/* SPDX-License-Identifier: ISC */
#include "monitor/account.h"

#include <stdio.h>

#include "base/civil.h"
#include "base/memory.h"
#include "files/output.h"
#include "monitor/amount.h"
#include "monitor/fields.h"
#include "monitor/outcome.h"
#include "monitor/picture.h"

enum { KEY_LENGTH = 512 };

static const char *job_key(const struct sw_stage *stage, const struct sw_watched_job *job,
                           char key[KEY_LENGTH])
{
    snprintf(key, KEY_LENGTH, "%s/%s", stage->name, job->name);
    return key;
}

static const char *job_status(const struct sw_watched_job *job)
{
    static const char *const names[] = {"waiting", "running", "completed", "failed"};
    return names[job->state];
}

/* A person's time, UTC; null where it is not known. */
static bool add_time(struct sw_buffer *out, const char *key, int64_t us, struct sw_error *error)
{
    char text[SW_CIVIL_LENGTH + 1];
    if (us <= 0 || us > INT64_MAX / 1000) return sw_field_null(out, key, error);
    text[sw_format_time(text, us * 1000, 0, true)] = 0;
    return sw_field_text(out, key, text, error);
}

/* Jobs that no look saw running had some memory, nobody knows how much. */
static bool add_memory(struct sw_buffer *out, const char *key, uint64_t bytes,
                       struct sw_error *error)
{
    return bytes ? sw_field_megabytes(out, key, bytes, error) : sw_field_null(out, key, error);
}

static bool add_rows(struct sw_buffer *out, const struct sw_watched_job *job, int64_t age_us,
                     struct sw_error *error)
{
    /* Of a job that nobody saw end nothing is known. */
    if (job->begin_us == 0)
        return sw_field_null(out, "rows_processed", error) &&
               sw_field_null(out, "rows_output", error) &&
               sw_field_null(out, "duration_sec", error) &&
               sw_field_null(out, "throughput_rows_sec", error);
    return sw_field_count(out, "rows_processed", job->rows_read, error) &&
           sw_field_count(out, "rows_output", job->rows_out, error) &&
           sw_field_seconds(out, "duration_sec", age_us, error) &&
           sw_field_count(out, "throughput_rows_sec", sw_per_second(job->rows_read, age_us), error);
}

static bool add_job(struct sw_buffer *out, const struct sw_snapshot *snapshot,
                    const struct sw_stage *stage, const struct sw_watched_job *job,
                    struct sw_error *error)
{
    char key[KEY_LENGTH];
    bool failed = job->state == SW_JOB_FAILED;
    return sw_field_open(out, job_key(stage, job, key), '{', error) &&
           sw_field_text(out, "status", job_status(job), error) &&
           sw_field_text(out, "error", failed ? job->error : NULL, error) &&
           add_rows(out, job, sw_job_age(job, snapshot->now_us), error) &&
           add_memory(out, "peak_memory_mb", job->peak_bytes, error) &&
           sw_field_text(out, "host", *job->host ? job->host : NULL, error) &&
           sw_outcome_add(out, snapshot->run, stage, job, error) && sw_field_close(out, '}', error);
}

static int by_position(const void *a, const void *b)
{
    const struct sw_watched_job *const *one = a, *const *other = b;
    return ((*one)->position > (*other)->position) - ((*one)->position < (*other)->position);
}

/* The jobs of a stage in the order of its list. */
static bool add_stage_jobs(struct sw_buffer *out, const struct sw_snapshot *snapshot,
                           const struct sw_stage *stage, struct sw_error *error)
{
    const struct sw_watched_job **jobs = sw_alloc(stage->job_count, sizeof *jobs, error);
    bool good = jobs != NULL;
    for (size_t i = 0; good && i < stage->job_count; i++) jobs[i] = &stage->jobs[i];
    if (good) qsort(jobs, stage->job_count, sizeof *jobs, by_position);
    for (size_t i = 0; good && i < stage->job_count; i++)
        good = add_job(out, snapshot, stage, jobs[i], error);
    free(jobs);
    return good;
}

static bool add_jobs(struct sw_buffer *out, const struct sw_snapshot *snapshot,
                     struct sw_error *error)
{
    bool good = sw_field_open(out, "job_metrics", '{', error);
    for (size_t i = 0; good && i < snapshot->run->stage_count; i++)
        good = add_stage_jobs(out, snapshot, &snapshot->run->stages[i], error);
    return good && sw_field_close(out, '}', error);
}

static bool add_extreme(struct sw_buffer *out, const char *key, enum sw_job_choice choice,
                        const struct sw_snapshot *snapshot, struct sw_error *error)
{
    struct sw_job_place place;
    char text[KEY_LENGTH];
    if (sw_jobs_choose(snapshot->run, choice, snapshot->now_us, &place, 1) == 0)
        return sw_field_null(out, key, error);
    return sw_field_text(out, key, job_key(place.stage, place.job, text), error);
}

static bool add_totals(struct sw_buffer *out, const struct sw_progress *all, struct sw_error *error)
{
    sw_int128 rate = all->jobs ? ((sw_int128)all->done * 2000000 + all->jobs) / (2 * all->jobs) : 0;
    return sw_field_count(out, "total_jobs", all->jobs, error) &&
           sw_field_count(out, "completed_jobs", all->done, error) &&
           sw_field_count(out, "failed_jobs", all->failed, error) &&
           (all->jobs ? sw_field_decimal(out, "success_rate", rate, 6, error)
                      : sw_field_null(out, "success_rate", error)) &&
           sw_field_count(out, "total_rows_processed", all->rows_read, error) &&
           sw_field_count(out, "total_rows_output", all->rows_out, error);
}

static bool add_use(struct sw_buffer *out, const struct sw_load *load, int64_t elapsed_us,
                    struct sw_error *error)
{
    uint64_t permille =
        elapsed_us > 0 ? (uint64_t)((sw_uint128)load->cpu_us * 1000 / (uint64_t)elapsed_us) : 0;
    return add_memory(out, "peak_memory_mb", load->peak_bytes, error) &&
           add_memory(out, "average_memory_mb", sw_load_mean_bytes(load), error) &&
           sw_field_decimal(out, "average_cpu_percent", permille, 1, error) &&
           sw_field_megabytes(out, "disk_read_mb", load->read_bytes, error) &&
           sw_field_megabytes(out, "disk_write_mb", load->written_bytes, error);
}

static bool add_account(struct sw_buffer *out, const struct sw_snapshot *snapshot,
                        struct sw_error *error)
{
    const struct sw_run *run = snapshot->run;
    struct sw_progress all;
    sw_progress_run(run, snapshot->now_us, &all);
    int64_t end_us = run->begin_us ? run->begin_us + all.elapsed_us : 0;
    return sw_field_open(out, NULL, '{', error) && add_totals(out, &all, error) &&
           add_time(out, "start_time", run->begin_us, error) &&
           add_time(out, "end_time", end_us, error) &&
           sw_field_seconds(out, "total_duration_sec", all.elapsed_us, error) &&
           add_use(out, &run->load, all.elapsed_us, error) &&
           add_extreme(out, "fastest_job", SW_FASTEST, snapshot, error) &&
           add_extreme(out, "slowest_job", SW_SLOWEST, snapshot, error) &&
           sw_picture_json_stages(snapshot, out, error) && add_jobs(out, snapshot, error) &&
           sw_field_close(out, '}', error) && sw_buffer_text(out, "\n", error);
}

bool sw_account_write(const struct sw_snapshot *snapshot, const char *path, struct sw_error *error)
{
    struct sw_buffer text = {0};
    struct sw_output output;
    bool good = add_account(&text, snapshot, error) && sw_output_open(&output, path, error);
    if (good) {
        good = sw_output_write(&output, text.bytes, text.length, error) &&
               sw_output_close(&output, error);
        if (!good) sw_output_abandon(&output);
    }
    sw_buffer_free(&text);
    return good;
}
