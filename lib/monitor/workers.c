/* SPDX-License-Identifier: ISC */
#include "monitor/workers.h"

#include "monitor/jobs.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "files/output.h"
#include "host/tree.h"

enum { ROOM_PERMILLE = 100, CALM_LOOKS = 3 };

/* The number in the file; 0 where it is not there or not a number. */
static bool read_number(const char *file, uint64_t *number, struct sw_error *error)
{
    struct sw_buffer text = {0};
    const char *end;
    bool good = sw_tree_read("", file, &text, error);
    if (good &&
        (!sw_tree_number((const char *)text.bytes, number, &end) || end[strspn(end, " \n")]))
        *number = 0;
    sw_buffer_free(&text);
    return good;
}

static bool write_number(struct sw_workers *workers, uint64_t number, struct sw_error *error)
{
    char text[32];
    struct sw_output output;
    int length = snprintf(text, sizeof text, "%" PRIu64 "\n", number);
    if (!sw_output_open(&output, workers->file, error)) return false;
    if (!sw_output_write(&output, text, (size_t)length, error) ||
        !sw_output_close(&output, error)) {
        sw_output_abandon(&output);
        return false;
    }
    workers->current = number;
    return true;
}

bool sw_workers_open(struct sw_workers *workers, const char *file, unsigned limit_permille,
                     struct sw_error *error)
{
    *workers = (struct sw_workers){.file = file, .limit_permille = limit_permille};
    if (access(file, R_OK | W_OK) != 0) return sw_fail_errno(error, "%s", file);
    if (!read_number(file, &workers->original, error)) return false;
    workers->current = workers->original;
    return workers->original > 0 ||
           sw_fail(error, SW_DATA, "%s: not a number of workers, 1 or more", file);
}

/* Somebody else's number is a wish. */
static bool take_wish(struct sw_workers *workers, struct sw_error *error)
{
    uint64_t number;
    if (!read_number(workers->file, &number, error)) return false;
    if (number > 0 && number != workers->current) workers->original = workers->current = number;
    return true;
}

/* The jobs that run here: how many do, how many of them are stopped, and the ends of both lists. */
struct crew {
    uint64_t active, stopped;
    struct sw_watched_job *youngest_active, *oldest_stopped;
};

static void count_job(struct crew *crew, struct sw_watched_job *job)
{
    if (job->suspended) {
        crew->stopped++;
        if (!crew->oldest_stopped || job->begin_us < crew->oldest_stopped->begin_us)
            crew->oldest_stopped = job;
    } else {
        crew->active++;
        if (!crew->youngest_active || job->begin_us > crew->youngest_active->begin_us)
            crew->youngest_active = job;
    }
}

static struct crew count_crew(struct sw_run *run, const struct sw_processes *processes)
{
    struct crew crew = {0};
    for (size_t i = 0; i < run->stage_count; i++)
        for (size_t j = 0; j < run->stages[i].job_count; j++) {
            struct sw_watched_job *job = &run->stages[i].jobs[j];
            if (job->state == SW_JOB_RUNNING && sw_run_process(run, job, processes))
                count_job(&crew, job);
        }
    return crew;
}

/* Signals all of a job: its group where it leads one, else each process below it. */
static void signal_job(const struct sw_watched_job *job, const struct sw_processes *processes,
                       int number)
{
    const struct sw_process *process = sw_processes_find(processes, job->process);
    if (!process || process->id <= 1) return;
    /* A process that has just ended needs no signal, so that failures are none. */
    if (process->group == process->id && process->group != getpgrp()) {
        (void)kill((pid_t)-process->group, number);
        return;
    }
    for (size_t i = 0; i < processes->count; i++)
        if (processes->items[i].id != getpid() &&
            sw_processes_below(processes, &processes->items[i], job->process))
            (void)kill((pid_t)processes->items[i].id, number);
}

static void stop_job(struct sw_workers *workers, struct sw_watched_job *job,
                     const struct sw_processes *processes)
{
    size_t length = strlen(workers->said);
    signal_job(job, processes, SIGSTOP);
    job->suspended = true;
    snprintf(workers->said + length, sizeof workers->said - length, "; job %s stopped", job->name);
}

static void continue_job(struct sw_workers *workers, struct sw_watched_job *job,
                         const struct sw_processes *processes)
{
    signal_job(job, processes, SIGCONT);
    job->suspended = false;
    snprintf(workers->said, sizeof workers->said, "job %s goes on", job->name);
}

static bool set_number(struct sw_workers *workers, uint64_t number,
                       const struct sw_pressure *pressure, struct sw_error *error)
{
    snprintf(workers->said, sizeof workers->said,
             "memory %u%% in use: %" PRIu64 " workers, not %" PRIu64, pressure->permille / 10,
             number, workers->current);
    return write_number(workers, number, error);
}

static bool press(struct sw_workers *workers, const struct crew *crew,
                  const struct sw_processes *processes, const struct sw_pressure *pressure,
                  struct sw_error *error)
{
    bool stops = workers->pressed_looks > 0 && crew->active > workers->current && crew->active > 1;
    workers->calm_looks = 0;
    workers->pressed_looks++;
    if (workers->current > 1 && !set_number(workers, workers->current - 1, pressure, error))
        return false;
    if (!*workers->said && stops)
        snprintf(workers->said, sizeof workers->said, "memory %u%% in use",
                 pressure->permille / 10);
    if (stops) stop_job(workers, crew->youngest_active, processes);
    return true;
}

static bool relax(struct sw_workers *workers, const struct crew *crew,
                  const struct sw_processes *processes, const struct sw_pressure *pressure,
                  struct sw_error *error)
{
    if (++workers->calm_looks < CALM_LOOKS) return true;
    workers->calm_looks = 0;
    if (crew->stopped > 0) {
        continue_job(workers, crew->oldest_stopped, processes);
        return true;
    }
    return workers->current >= workers->original ||
           set_number(workers, workers->current + 1, pressure, error);
}

bool sw_workers_adjust(struct sw_workers *workers, struct sw_run *run,
                       const struct sw_processes *processes, const struct sw_pressure *pressure,
                       struct sw_error *error)
{
    struct crew crew = count_crew(run, processes);
    workers->said[0] = 0;
    if (!take_wish(workers, error)) return false;
    /* The others have ended: what is stopped alone would never end. */
    if (crew.active == 0 && crew.stopped > 0) continue_job(workers, crew.oldest_stopped, processes);
    if (pressure->permille >= workers->limit_permille)
        return press(workers, &crew, processes, pressure, error);
    workers->pressed_looks = 0;
    if (pressure->permille + ROOM_PERMILLE < workers->limit_permille)
        return relax(workers, &crew, processes, pressure, error);
    workers->calm_looks = 0;
    return true;
}

bool sw_workers_restore(struct sw_workers *workers, struct sw_run *run,
                        const struct sw_processes *processes, struct sw_error *error)
{
    for (size_t i = 0; i < run->stage_count; i++)
        for (size_t j = 0; j < run->stages[i].job_count; j++) {
            struct sw_watched_job *job = &run->stages[i].jobs[j];
            if (!job->suspended) continue;
            if (sw_run_process(run, job, processes)) signal_job(job, processes, SIGCONT);
            job->suspended = false;
        }
    if (!take_wish(workers, error)) return false;
    return workers->current == workers->original || write_number(workers, workers->original, error);
}
