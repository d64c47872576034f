/* SPDX-License-Identifier: ISC */
#include "monitor/picture.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/shown_text.h"
#include "host/figures.h"
#include "monitor/amount.h"

enum {
    SLOWEST = 5,
    RUNNING = 64,
    RUNNING_UNLIMITED = 8,
    FAILED = 8,
    TITLE_LENGTH = 64,
    COLUMNS = 80,
    BESIDE = 160, /* columns from which tables stand beside each other */
};

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

/* Who has stopped a run wants to see that, and not a failure. */
static const char *state_in_words(const struct sw_snapshot *snapshot)
{
    bool stopped = snapshot->state == SW_RUN_FAILED && snapshot->run->stopped;
    return stopped ? "stopped" : sw_run_state_name(snapshot->state);
}

static bool add_title(const struct sw_snapshot *snapshot, const struct sw_progress *all,
                      struct sw_buffer *out, struct sw_error *error)
{
    char elapsed[SW_AMOUNT_LENGTH], left[SW_AMOUNT_LENGTH];
    const char *output = snapshot->run->output;
    return sw_shown_add(out, output, strlen(output), false, error) &&
           sw_buffer_format(out, error, ": %s, elapsed %s, ETA %s\n", state_in_words(snapshot),
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

/* How far the run is, to its end. */
static bool add_bar(const struct sw_progress *all, size_t columns, struct sw_buffer *out,
                    struct sw_error *error)
{
    char percent[SW_AMOUNT_LENGTH];
    size_t width = columns - 10, full = width * all->permille / 1000;
    bool good = sw_buffer_text(out, "[", error);
    for (size_t i = 0; good && i < width; i++)
        good = sw_buffer_text(out, i < full ? "#" : ".", error);
    return good &&
           sw_buffer_format(out, error, "] %6s\n\n", sw_format_permille(percent, all->permille));
}

/* The lines of the stages, with those that are still to come; and one for all. */
static size_t coming_count(const struct sw_run *run)
{
    size_t count = 0;
    for (size_t i = 0; i < run->coming_count; i++) count += !run->coming[i].passed;
    return count;
}

static bool add_stages(const struct sw_snapshot *snapshot, const struct sw_progress *all,
                       struct sw_buffer *out, struct sw_error *error)
{
    struct sw_progress progress;
    const struct sw_run *run = snapshot->run;
    if (!sw_buffer_format(out, error, "%-10s %6s %4s %4s %6s %6s %8s %8s %9s %9s\n", "STAGE",
                          "DONE", "RUN", "FAIL", "WAIT", "DONE%", "ELAPSED", "ETA", "ROWS IN",
                          "ROWS OUT"))
        return false;
    for (size_t i = 0; i < run->stage_count; i++) {
        sw_progress_stage(&run->stages[i], snapshot->now_us, &progress);
        if (!add_progress(run->stages[i].name, &progress, out, error)) return false;
    }
    for (size_t i = 0; i < run->coming_count; i++)
        if (!run->coming[i].passed &&
            !sw_buffer_format(out, error, "%-10.10s    to come\n", run->coming[i].name))
            return false;
    return run->stage_count + coming_count(run) < 2 || add_progress("all", all, out, error);
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
    const struct sw_run *run = snapshot->run;
    if (!sw_buffer_format(out, error, "%-10s %4s %8s %10s %10s %10s %10s %10s\n", "USE", "CPU",
                          "CPU TIME", "MEMORY", "MEAN", "PEAK", "DISK IN", "DISK OUT"))
        return false;
    for (size_t i = 0; i < run->stage_count; i++)
        if (!add_load(run->stages[i].name, &run->stages[i].load, out, error)) return false;
    return run->stage_count < 2 || add_load("all", &run->load, out, error);
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
    size_t count = sw_jobs_choose(snapshot->run, SW_FAILED_JOBS, snapshot->now_us, places, FAILED);
    for (size_t i = 0; i < count; i++)
        if (!sw_buffer_format(out, error, "%-10s %-10.10s %s: %s\n", i ? "" : "failed",
                              places[i].stage->name,
                              sw_job_title(places[i].stage, places[i].job, title, sizeof title),
                              places[i].job->error))
            return false;
    return true;
}

static bool add_job(const struct sw_snapshot *snapshot, const char *label,
                    const struct sw_job_place *place, struct sw_buffer *out, struct sw_error *error)
{
    char title[TITLE_LENGTH], age[SW_AMOUNT_LENGTH], peak[SW_BYTES_LENGTH];
    const struct sw_watched_job *job = place->job;
    const char *state = job->state == SW_JOB_FAILED    ? "failed"
                        : job->suspended               ? "suspended"
                        : job->state == SW_JOB_RUNNING ? "running"
                                                       : "";
    return sw_buffer_format(out, error, "%-10s %-10.10s %-20.20s %8s %10s  %s\n", label,
                            place->stage->name,
                            sw_job_title(place->stage, job, title, sizeof title),
                            sw_format_duration(age, sw_job_age(job, snapshot->now_us)),
                            sw_format_bytes(peak, job->peak_bytes), state);
}

/* The first jobs of a choice that there is room for, and how many more there are of it. */
static bool add_jobs(const struct sw_snapshot *snapshot, enum sw_job_choice choice,
                     const char *label, size_t most, struct sw_buffer *out, struct sw_error *error)
{
    struct sw_job_place places[RUNNING];
    size_t count = sw_jobs_choose(snapshot->run, choice, snapshot->now_us, places, most);
    for (size_t i = 0; i < count; i++)
        if (!add_job(snapshot, i ? "" : label, &places[i], out, error)) return false;
    return true;
}

static size_t count_lines(const struct sw_buffer *text)
{
    size_t lines = 0;
    for (size_t i = 0; i < text->length; i++) lines += text->bytes[i] == '\n';
    return lines;
}

/* The next line of a text, without its newline; *at goes on after it. */
static const char *next_line(const struct sw_buffer *text, size_t *at, size_t *length)
{
    if (*at >= text->length) return NULL;
    const char *line = (const char *)text->bytes + *at,
               *end = memchr(line, '\n', text->length - *at);
    *length = end ? (size_t)(end - line) : text->length - *at;
    *at += *length + (end != NULL);
    return line;
}

/* Two texts line by line beside each other, or with a line between them below. */
static bool add_both(const struct sw_buffer *left, const struct sw_buffer *right, bool beside,
                     const char *between, struct sw_buffer *out, struct sw_error *error)
{
    if (!beside || right->length == 0)
        return sw_buffer_add(out, left->length ? left->bytes : (const unsigned char *)"",
                             left->length, error) &&
               (right->length == 0 || sw_buffer_text(out, between, error)) &&
               sw_buffer_add(out, right->length ? right->bytes : (const unsigned char *)"",
                             right->length, error);
    size_t a = 0, b = 0, length = 0, other = 0;
    for (;;) {
        const char *one = next_line(left, &a, &length), *two = next_line(right, &b, &other);
        if (!one && !two) return true;
        int own = one ? (int)length : 0;
        bool good = two ? sw_buffer_format(out, error, "%-*.*s %.*s\n", COLUMNS - 1, own,
                                           one ? one : "", (int)other, two)
                        : sw_buffer_format(out, error, "%.*s\n", own, one);
        if (!good) return false;
    }
}

/* Keeps the first lines of what was appended after `from`. */
static void keep_lines(struct sw_buffer *out, size_t from, size_t rows)
{
    for (size_t at = from; rows > 0 && at < out->length; at++)
        if (out->bytes[at] == '\n' && --rows == 0) out->length = at + 1;
}

/* The stages and what they use; the jobs that run and that took longest. */
static bool add_tables(const struct sw_snapshot *snapshot, const struct sw_progress *all,
                       bool beside, struct sw_buffer *out, struct sw_error *error)
{
    struct sw_buffer stages = {0}, loads = {0};
    bool good = add_stages(snapshot, all, &stages, error) && add_loads(snapshot, &loads, error) &&
                add_both(&stages, &loads, beside, "\n", out, error);
    sw_buffer_free(&stages);
    sw_buffer_free(&loads);
    return good;
}

static bool add_all_jobs(const struct sw_snapshot *snapshot, bool beside, size_t rows,
                         struct sw_buffer *out, struct sw_error *error)
{
    struct sw_buffer running = {0}, slowest = {0};
    size_t room = rows == 0        ? RUNNING_UNLIMITED
                  : beside         ? rows
                  : rows > SLOWEST ? rows - SLOWEST
                                   : 0;
    if (room > RUNNING) room = RUNNING;
    bool good = add_jobs(snapshot, SW_RUNNING, "running", room, &running, error) &&
                add_jobs(snapshot, SW_SLOWEST, "slowest", SLOWEST, &slowest, error) &&
                add_both(&running, &slowest, beside && running.length > 0, "", out, error);
    sw_buffer_free(&running);
    sw_buffer_free(&slowest);
    return good;
}

bool sw_picture_text(const struct sw_snapshot *snapshot, struct sw_picture_room room,
                     struct sw_buffer *out, struct sw_error *error)
{
    size_t columns = room.columns > COLUMNS ? room.columns : COLUMNS;
    bool beside = columns >= BESIDE;
    struct sw_buffer text = {0};
    struct sw_progress all;
    sw_progress_run(snapshot->run, snapshot->now_us, &all);
    bool good = add_title(snapshot, &all, &text, error) && add_bar(&all, columns, &text, error) &&
                add_tables(snapshot, &all, beside, &text, error) &&
                add_bound(snapshot, &text, error) && add_failed(snapshot, &text, error);
    size_t used = count_lines(&text), left = room.rows > used ? room.rows - used : 1;
    good = good && add_all_jobs(snapshot, beside, room.rows ? left : 0, &text, error);
    size_t from = out->length;
    good = good && sw_buffer_add(out, text.bytes, text.length, error) &&
           sw_shown_tail(out, from, true, error);
    sw_buffer_free(&text);
    keep_lines(out, from, room.rows);
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
            state_in_words(snapshot), name, sw_format_permille(percent, progress.permille),
            progress.done, progress.jobs, progress.running, progress.failed,
            sw_format_duration(elapsed, progress.elapsed_us),
            sw_format_duration(left, progress.left_us), run->load.cpu_permille / 10,
            sw_format_bytes(memory, run->load.memory_bytes),
            sw_bound_name(sw_bound_of(snapshot, why)));
    return good && sw_shown_tail(out, from, true, error);
}
