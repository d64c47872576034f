/* SPDX-License-Identifier: ISC */
#include "monitor/amount.h"
#include "monitor/fields.h"
#include "monitor/picture.h"

enum { SLOWEST = 5, FAILED = 1000, TITLE_LENGTH = 600 };

static bool add_progress(struct sw_buffer *out, const struct sw_progress *progress,
                         struct sw_error *error)
{
    return sw_field_count(out, "jobs", progress->jobs, error) &&
           sw_field_count(out, "done", progress->done, error) &&
           sw_field_count(out, "running", progress->running, error) &&
           sw_field_count(out, "failed", progress->failed, error) &&
           sw_field_count(out, "waiting", progress->waiting, error) &&
           sw_field_count(out, "suspended", progress->suspended, error) &&
           sw_field_decimal(out, "percent", progress->permille, 1, error) &&
           sw_field_seconds(out, "elapsed_sec", progress->elapsed_us, error) &&
           sw_field_seconds(out, "eta_sec", progress->left_us, error) &&
           sw_field_count(out, "rows_in", progress->rows_read, error) &&
           sw_field_count(out, "rows_out", progress->rows_out, error);
}

static bool add_load(struct sw_buffer *out, const struct sw_load *load, struct sw_error *error)
{
    return sw_field_decimal(out, "cpu_percent", load->cpu_permille, 1, error) &&
           sw_field_seconds(out, "cpu_sec", (int64_t)load->cpu_us, error) &&
           sw_field_count(out, "memory_bytes", load->memory_bytes, error) &&
           sw_field_count(out, "memory_mean_bytes", sw_load_mean_bytes(load), error) &&
           sw_field_count(out, "memory_peak_bytes", load->peak_bytes, error) &&
           sw_field_count(out, "disk_read_bytes", load->read_bytes, error) &&
           sw_field_count(out, "disk_write_bytes", load->written_bytes, error) &&
           sw_field_count(out, "disk_read_rate", load->read_rate, error) &&
           sw_field_count(out, "disk_write_rate", load->written_rate, error);
}

bool sw_picture_json_stages(const struct sw_snapshot *snapshot, struct sw_buffer *out,
                            struct sw_error *error)
{
    bool good = sw_field_open(out, "stages", '[', error);
    for (size_t i = 0; good && i < snapshot->run->stage_count; i++) {
        const struct sw_stage *stage = &snapshot->run->stages[i];
        struct sw_progress progress;
        sw_progress_stage(stage, snapshot->now_us, &progress);
        good = sw_field_open(out, NULL, '{', error) &&
               sw_field_text(out, "name", stage->name, error) &&
               sw_field_count(out, "workers", stage->workers, error) &&
               add_progress(out, &progress, error) && add_load(out, &stage->load, error) &&
               sw_field_close(out, '}', error);
    }
    return good && sw_field_close(out, ']', error);
}

static bool add_job(struct sw_buffer *out, const struct sw_job_place *place, int64_t now_us,
                    struct sw_error *error)
{
    char title[TITLE_LENGTH];
    const struct sw_watched_job *job = place->job;
    bool failed = job->state == SW_JOB_FAILED;
    return sw_field_open(out, NULL, '{', error) &&
           sw_field_text(out, "stage", place->stage->name, error) &&
           sw_field_text(out, "job", job->name, error) &&
           sw_field_text(out, "title", sw_job_title(place->stage, job, title, sizeof title),
                         error) &&
           sw_field_text(out, "host", *job->host ? job->host : NULL, error) &&
           sw_field_seconds(out, "duration_sec", sw_job_age(job, now_us), error) &&
           sw_field_count(out, "peak_memory_bytes", job->peak_bytes, error) &&
           (!failed || (sw_field_count(out, "status", (uint64_t)job->status, error) &&
                        sw_field_text(out, "error", job->error, error))) &&
           sw_field_close(out, '}', error);
}

static bool add_jobs(struct sw_buffer *out, const char *key, enum sw_job_choice choice, size_t most,
                     const struct sw_snapshot *snapshot, struct sw_error *error)
{
    static struct sw_job_place places[FAILED];
    size_t count = sw_jobs_choose(snapshot->run, choice, snapshot->now_us, places, most);
    bool good = sw_field_open(out, key, '[', error);
    for (size_t i = 0; good && i < count; i++)
        good = add_job(out, &places[i], snapshot->now_us, error);
    return good && sw_field_close(out, ']', error);
}

static bool add_machine(struct sw_buffer *out, const struct sw_snapshot *snapshot,
                        struct sw_error *error)
{
    char why[SW_REASON_BYTES];
    enum sw_bound bound = sw_bound_of(snapshot, why);
    return sw_field_count(out, "cores", snapshot->cores, error) &&
           sw_field_decimal(out, "machine_busy_percent", snapshot->busy_permille, 1, error) &&
           sw_field_count(out, "machine_memory_bytes", snapshot->pressure.memory_bytes, error) &&
           sw_field_count(out, "machine_available_bytes", snapshot->pressure.available_bytes,
                          error) &&
           sw_field_text(out, "bound_by", sw_bound_name(bound), error) &&
           sw_field_text(out, "bound_why", why, error);
}

static bool add_coming(struct sw_buffer *out, const struct sw_run *run, struct sw_error *error)
{
    bool good = sw_field_open(out, "stages_to_come", '[', error);
    for (size_t i = 0; good && i < run->coming_count; i++)
        if (!run->coming[i].passed) good = sw_field_text(out, NULL, run->coming[i].name, error);
    return good && sw_field_close(out, ']', error);
}

bool sw_picture_json(const struct sw_snapshot *snapshot, struct sw_buffer *out,
                     struct sw_error *error)
{
    struct sw_progress all;
    sw_progress_run(snapshot->run, snapshot->now_us, &all);
    return sw_field_open(out, NULL, '{', error) &&
           sw_field_text(out, "output", snapshot->run->output, error) &&
           sw_field_text(out, "state", sw_run_state_name(snapshot->state), error) &&
           add_progress(out, &all, error) && add_load(out, &snapshot->run->load, error) &&
           add_machine(out, snapshot, error) && sw_picture_json_stages(snapshot, out, error) &&
           add_coming(out, snapshot->run, error) &&
           add_jobs(out, "failed_jobs", SW_FAILED_JOBS, FAILED, snapshot, error) &&
           add_jobs(out, "slowest_jobs", SW_SLOWEST, SLOWEST, snapshot, error) &&
           sw_field_close(out, '}', error) && sw_buffer_text(out, "\n", error);
}
