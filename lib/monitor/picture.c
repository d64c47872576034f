/* SPDX-License-Identifier: ISC */
#include "monitor/picture.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/shown_text.h"
#include "host/figures.h"
#include "monitor/amount.h"

enum { SLOWEST = 5, FAILED = 8, TITLE_LENGTH = 64 };

/* What a table has room for: "9,999,999", then "10.0M", "12.3G". */
static const char *short_count(char to[SW_AMOUNT_LENGTH], uint64_t count)
{
    static const char units[] = "MGTPE";
    int unit = 0;
    uint64_t tenths = count / 100000;
    if (count < 10000000) return sw_format_count(to, count);
    for (; tenths >= 10000; tenths /= 1000) unit++;
    snprintf(to, SW_AMOUNT_LENGTH, "%" PRIu64 ".%" PRIu64 "%c", tenths / 10, tenths % 10,
             units[unit]);
    return to;
}

static bool add_title(const struct sw_snapshot *snapshot, const struct sw_progress *all,
                      struct sw_buffer *out, struct sw_error *error)
{
    char elapsed[SW_AMOUNT_LENGTH], left[SW_AMOUNT_LENGTH];
    const char *output = snapshot->run->output;
    return sw_shown_add(out, output, strlen(output), false, error) &&
           sw_buffer_format(out, error, ": %s, elapsed %s, ETA %s\n\n",
                            sw_run_state_name(snapshot->state),
                            sw_format_duration(elapsed, all->elapsed_us),
                            sw_format_duration(left, all->left_us));
}

static bool add_progress(const char *name, const struct sw_progress *progress,
                         struct sw_buffer *out, struct sw_error *error)
{
    char percent[SW_AMOUNT_LENGTH], elapsed[SW_AMOUNT_LENGTH], left[SW_AMOUNT_LENGTH];
    char rows_read[SW_AMOUNT_LENGTH], rows_out[SW_AMOUNT_LENGTH];
    return sw_buffer_format(
        out, error,
        "%-10.10s %6" PRIu64 " %4" PRIu64 " %4" PRIu64 " %6" PRIu64 " %6s %8s %8s %9s %9s\n", name,
        progress->done, progress->running, progress->failed, progress->waiting,
        sw_format_permille(percent, progress->permille),
        sw_format_duration(elapsed, progress->elapsed_us),
        sw_format_duration(left, progress->left_us), short_count(rows_read, progress->rows_read),
        short_count(rows_out, progress->rows_out));
}

static bool add_stages(const struct sw_snapshot *snapshot, const struct sw_progress *all,
                       struct sw_buffer *out, struct sw_error *error)
{
    struct sw_progress progress;
    if (!sw_buffer_format(out, error, "%-10s %6s %4s %4s %6s %6s %8s %8s %9s %9s\n", "STAGE",
                          "DONE", "RUN", "FAIL", "WAIT", "DONE%", "ELAPSED", "ETA", "ROWS IN",
                          "ROWS OUT"))
        return false;
    for (size_t i = 0; i < snapshot->run->stage_count; i++) {
        sw_progress_stage(&snapshot->run->stages[i], snapshot->now_us, &progress);
        if (!add_progress(snapshot->run->stages[i].name, &progress, out, error)) return false;
    }
    return snapshot->run->stage_count < 2 || add_progress("all", all, out, error);
}

static bool add_load(const char *name, const struct sw_load *load, struct sw_buffer *out,
                     struct sw_error *error)
{
    char now[SW_BYTES_LENGTH], mean[SW_BYTES_LENGTH], peak[SW_BYTES_LENGTH];
    char read_bytes[SW_BYTES_LENGTH], written[SW_BYTES_LENGTH], time[SW_AMOUNT_LENGTH];
    return sw_buffer_format(
        out, error, "%-10.10s %3" PRIu64 "%% %8s %10s %10s %10s %10s %10s\n", name,
        load->cpu_permille / 10, sw_format_duration(time, (int64_t)load->cpu_us),
        sw_format_bytes(now, load->memory_bytes), sw_format_bytes(mean, sw_load_mean_bytes(load)),
        sw_format_bytes(peak, load->peak_bytes), sw_format_bytes(read_bytes, load->read_bytes),
        sw_format_bytes(written, load->written_bytes));
}

static bool add_loads(const struct sw_snapshot *snapshot, struct sw_buffer *out,
                      struct sw_error *error)
{
    if (!sw_buffer_format(out, error, "\n%-10s %4s %8s %10s %10s %10s %10s %10s\n", "USE", "CPU",
                          "CPU TIME", "MEMORY", "MEAN", "PEAK", "DISK IN", "DISK OUT"))
        return false;
    for (size_t i = 0; i < snapshot->run->stage_count; i++)
        if (!add_load(snapshot->run->stages[i].name, &snapshot->run->stages[i].load, out, error))
            return false;
    return snapshot->run->stage_count < 2 || add_load("all", &snapshot->run->load, out, error);
}

static bool add_bound(const struct sw_snapshot *snapshot, struct sw_buffer *out,
                      struct sw_error *error)
{
    char why[SW_REASON_BYTES], available[SW_BYTES_LENGTH], memory[SW_BYTES_LENGTH];
    enum sw_bound bound = sw_bound_of(snapshot, why);
    return sw_buffer_format(out, error, "\nbound by   %s: %s\nfree       %s of %s memory\n",
                            sw_bound_name(bound), why,
                            sw_format_bytes(available, snapshot->pressure.available_bytes),
                            sw_format_bytes(memory, snapshot->pressure.memory_bytes));
}

/* Why a job failed matters more than what it took. */
static bool add_failed(const struct sw_snapshot *snapshot, struct sw_buffer *out,
                       struct sw_error *error)
{
    struct sw_job_place places[FAILED];
    char title[TITLE_LENGTH];
    size_t count = sw_jobs_choose(snapshot->run, SW_FAILED, snapshot->now_us, places, FAILED);
    for (size_t i = 0; i < count; i++)
        if (!sw_buffer_format(out, error, "%-10s %-10.10s %s: %s\n", i ? "" : "failed",
                              places[i].stage->name,
                              sw_job_title(places[i].stage, places[i].job, title, sizeof title),
                              places[i].job->error))
            return false;
    return true;
}

static bool add_slowest(const struct sw_snapshot *snapshot, struct sw_buffer *out,
                        struct sw_error *error)
{
    struct sw_job_place places[SLOWEST];
    char title[TITLE_LENGTH], age[SW_AMOUNT_LENGTH], peak[SW_BYTES_LENGTH];
    size_t count = sw_jobs_choose(snapshot->run, SW_SLOWEST, snapshot->now_us, places, SLOWEST);
    for (size_t i = 0; i < count; i++) {
        const struct sw_job *job = places[i].job;
        if (!sw_buffer_format(out, error, "%-10s %-10.10s %-20.20s %8s %10s  ", i ? "" : "slowest",
                              places[i].stage->name,
                              sw_job_title(places[i].stage, job, title, sizeof title),
                              sw_format_duration(age, sw_job_age(job, snapshot->now_us)),
                              sw_format_bytes(peak, job->peak_bytes)))
            return false;
        if (!sw_buffer_format(out, error, "%s\n",
                              job->state == SW_JOB_FAILED    ? "failed"
                              : job->suspended               ? "suspended"
                              : job->state == SW_JOB_RUNNING ? "running"
                                                             : ""))
            return false;
    }
    return true;
}

/* Keeps the first lines of what was appended after `from`. */
static void keep_lines(struct sw_buffer *out, size_t from, size_t rows)
{
    for (size_t at = from; rows > 0 && at < out->length; at++)
        if (out->bytes[at] == '\n' && --rows == 0) out->length = at + 1;
}

bool sw_picture_text(const struct sw_snapshot *snapshot, size_t rows, struct sw_buffer *out,
                     struct sw_error *error)
{
    size_t from = out->length;
    struct sw_progress all;
    sw_progress_run(snapshot->run, snapshot->now_us, &all);
    bool good = add_title(snapshot, &all, out, error) && add_stages(snapshot, &all, out, error) &&
                add_loads(snapshot, out, error) && add_bound(snapshot, out, error) &&
                add_failed(snapshot, out, error) && add_slowest(snapshot, out, error) &&
                sw_shown_tail(out, from, true, error);
    keep_lines(out, from, rows);
    return good;
}

bool sw_picture_line(const struct sw_snapshot *snapshot, struct sw_buffer *out,
                     struct sw_error *error)
{
    char percent[SW_AMOUNT_LENGTH], elapsed[SW_AMOUNT_LENGTH], left[SW_AMOUNT_LENGTH];
    char memory[SW_BYTES_LENGTH], why[SW_REASON_BYTES];
    const struct sw_run *run = snapshot->run;
    struct sw_progress progress = {.left_us = -1};
    const char *name = "no stage yet";
    if (run->stage_count) {
        const struct sw_stage *stage = &run->stages[run->stage_count - 1];
        sw_progress_stage(stage, snapshot->now_us, &progress);
        name = stage->name;
    }
    size_t from = out->length;
    bool good =
        sw_shown_add(out, run->output, strlen(run->output), false, error) &&
        sw_buffer_format(
            out, error,
            ": %s, %s: %s, %" PRIu64 " of %" PRIu64 " jobs done, %" PRIu64 " running, %" PRIu64
            " failed, elapsed %s, ETA %s, CPU %" PRIu64 "%%, memory %s, bound by %s\n",
            sw_run_state_name(snapshot->state), name,
            sw_format_permille(percent, progress.permille), progress.done, progress.jobs,
            progress.running, progress.failed, sw_format_duration(elapsed, progress.elapsed_us),
            sw_format_duration(left, progress.left_us), run->load.cpu_permille / 10,
            sw_format_bytes(memory, run->load.memory_bytes),
            sw_bound_name(sw_bound_of(snapshot, why)));
    return good && sw_shown_tail(out, from, true, error);
}
