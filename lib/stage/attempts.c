/* SPDX-License-Identifier: ISC */
#include "stage/attempts.h"

#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include "host/supervise.h"
#include "stage/jobs.h"

enum { FIRST_PAUSE_MS = 500, LONGEST_PAUSE_MS = 30000 };

struct job {
    const struct sw_job_attempts *how;
    const char *title; /* the command without its folder */
    struct timeval begun;
};

/* STAGE/KIND/NAME, with what follows. */
static bool place(const struct job *job, const char *kind, const char *after,
                  struct sw_buffer *path, struct sw_error *error)
{
    path->length = 0;
    return sw_buffer_format(path, error, "%s/%s/%s%s", job->how->stage, kind, job->how->name,
                            after) &&
           sw_buffer_add(path, "", 1, error);
}

static const char *text(const struct sw_buffer *path)
{
    return (const char *)path->bytes;
}

/* ---- what is told of it ---- */

/* Whether the attempt left something there. */
static bool has(const struct job *job, const char *kind)
{
    struct sw_buffer path = {0};
    struct sw_error error = {0};
    struct stat about;
    bool found =
        place(job, kind, "", &path, &error) && stat(text(&path), &about) == 0 && about.st_size > 0;
    sw_buffer_free(&path);
    return found;
}

static bool say(const struct job *job, const char *what, struct sw_error *error)
{
    struct sw_buffer path = {0}, line = {0};
    bool good = place(job, "logs", "", &path, error) &&
                sw_buffer_format(&line, error, "%s: %s\n", job->title, what) &&
                sw_stage_write_line(text(&path), O_APPEND, &line, error);
    sw_buffer_free(&path);
    sw_buffer_free(&line);
    return good;
}

static bool say_how_it_ended(const struct job *job, const struct sw_attempt *attempt,
                             struct sw_error *error)
{
    char what[80];
    const char *name = attempt->status > 128 ? sigabbrev_np(attempt->status - 128) : NULL;
    if (attempt->overdue) {
        snprintf(what, sizeof what, "took longer than its time limit, %" PRId64 " s, and was ended",
                 job->how->time_limit_seconds);
        return say(job, what, error);
    }
    if (!name || has(job, "logs")) return true;
    snprintf(what, sizeof what, "was ended by signal %s", name);
    return say(job, what, error);
}

/* The status of a job whose attempts could not: no other than the system's. In one write, so that nobody finds half of it. */
static bool write_status(const struct job *job, struct sw_error *error)
{
    struct sw_buffer path = {0}, line = {0};
    struct timeval now;
    char host[256] = "";
    gettimeofday(&now, NULL);
    gethostname(host, sizeof host - 1);
    bool good = sw_buffer_format(&line, error, "%d\t%s\t%ld.%06ld\t%ld.%06ld\t0\t0\n", SW_SYSTEM,
                                 host, (long)job->begun.tv_sec, (long)job->begun.tv_usec,
                                 (long)now.tv_sec, (long)now.tv_usec) &&
                place(job, "status", "", &path, error) &&
                sw_stage_write_line(text(&path), O_TRUNC, &line, error);
    line.length = 0;
    good = good && place(job, "running", "", &path, error) &&
           sw_stage_write_line(text(&path), O_TRUNC, &line, error);
    sw_buffer_free(&path);
    sw_buffer_free(&line);
    return good;
}

/* ---- attempts ---- */

/* What the data or the usage is to blame for is final, once the attempt has said so; all else is the system's. */
static int verdict(const struct job *job, const struct sw_attempt *attempt)
{
    bool final = attempt->status <= SW_USAGE && has(job, "status");
    return final ? attempt->status : SW_SYSTEM;
}

static bool attempt_once(const struct job *job, int64_t number, struct sw_attempt *attempt,
                         struct sw_error *error)
{
    char text_of_number[24];
    const struct sw_job_attempts *how = job->how;
    char *const command[] = {(char *)how->command, (char *)how->stage, (char *)how->name, NULL};
    snprintf(text_of_number, sizeof text_of_number, "%" PRId64, number);
    if (setenv("SW_ATTEMPT", text_of_number, 1) != 0) return sw_fail_errno(error, "SW_ATTEMPT");
    *attempt = (struct sw_attempt){.command = command,
                                   .limit_seconds = (uint64_t)how->time_limit_seconds,
                                   .grace_ms = how->grace_ms};
    return sw_supervise(attempt, error) &&
           (attempt->told_to_end || say_how_it_ended(job, attempt, error));
}

/* The log of an attempt that another one follows is kept under its number. */
static bool keep_log(const struct job *job, int64_t number, struct sw_error *error)
{
    struct sw_buffer from = {0}, to = {0};
    char after[24];
    snprintf(after, sizeof after, ".%" PRId64, number);
    bool good = place(job, "logs", "", &from, error) && place(job, "logs", after, &to, error) &&
                (rename(text(&from), text(&to)) == 0 || sw_fail_errno(error, "%s", text(&from)));
    sw_buffer_free(&from);
    sw_buffer_free(&to);
    return good;
}

bool sw_job_attempt(const struct sw_job_attempts *how, int *status, struct sw_error *error)
{
    const char *slash = strrchr(how->command, '/');
    struct job job = {.how = how, .title = slash ? slash + 1 : how->command};
    struct sw_attempt attempt;
    uint64_t pause_ms = FIRST_PAUSE_MS;
    gettimeofday(&job.begun, NULL);
    sw_supervise_begin();
    *status = SW_JOB_ENDED;
    for (int64_t number = 1;; number++) {
        if (!attempt_once(&job, number, &attempt, error)) return false;
        if (attempt.told_to_end) return true;
        int said = verdict(&job, &attempt);
        if (said != SW_SYSTEM || number > how->retries) {
            *status = said;
            return said != SW_SYSTEM || write_status(&job, error);
        }
        if (!keep_log(&job, number, error)) return false;
        if (!sw_supervise_pause(pause_ms)) return true;
        pause_ms = pause_ms < LONGEST_PAUSE_MS / 2 ? 2 * pause_ms : LONGEST_PAUSE_MS;
    }
}
