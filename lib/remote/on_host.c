/* SPDX-License-Identifier: ISC */
#include "remote/on_host.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/shown_text.h"
#include "files/folders.h"
#include "host/supervise.h"
#include "host/tree.h"
#include "remote/attempt.h"
#include "remote/command.h"
#include "remote/host_lists.h"
#include "remote/paths.h"

enum { GRACE_MS = 5000 };

struct on_host {
    const struct sw_on_host *how;
    struct sw_remote_attempt attempt;
    struct sw_host_place place;
    char machine[256];
    struct sw_buffer at, from, token, errors;
};

static bool is_here(const struct on_host *job)
{
    return strcmp(job->how->host, "=") == 0;
}

static const char *name_of(const struct on_host *job)
{
    return job->attempt.jobs->names[job->attempt.job];
}

/* ---- what is told ---- */

static void tell(const struct on_host *job, const char *text, size_t length)
{
    struct sw_error none = {0};
    struct sw_buffer line = {0};
    bool good =
        sw_buffer_format(&line, &none, "%s: host %s: ", job->how->pipeline, job->how->host) &&
        sw_buffer_add(&line, text, length, &none) && sw_shown_tail(&line, 0, false, &none) &&
        sw_buffer_text(&line, "\n", &none);
    /* Nobody is there to be told that it cannot be. */
    if (good && write(job->how->says, line.bytes, line.length) < 0) line.length = 0;
    sw_buffer_free(&line);
}

/* STAGE/running/NAME: who runs it; empty where nobody does any more. */
static bool note_running(const struct on_host *job, bool runs, struct sw_error *error)
{
    struct sw_buffer line = {0}, path = {0};
    struct timeval now;
    gettimeofday(&now, NULL);
    const char *file = sw_put_path(&path, error, "%s/running/%s", job->how->stage, name_of(job));
    bool good =
        file &&
        (!runs || sw_buffer_format(&line, error, "%ld\t%s\t%ld.%06ld\n", (long)getpid(),
                                   job->attempt.host, (long)now.tv_sec, (long)now.tv_usec)) &&
        sw_stage_write_line(file, O_TRUNC, &line, error);
    sw_buffer_free(&line);
    sw_buffer_free(&path);
    return good;
}

/* The job was not run to its end. */
static bool give_up(const struct on_host *job, int with, int *status, struct sw_error *error)
{
    sw_attempt_remove(&job->attempt);
    *status = with;
    return note_running(job, false, error);
}

/* What it said last tells why. */
static bool lost(const struct on_host *job, int *status, struct sw_error *error)
{
    struct sw_buffer said = {0}, line = {0};
    bool out, good = sw_tree_read("", (const char *)job->errors.bytes, &said, error);
    if (!good) return false;
    if (is_here(job)) {
        fwrite(said.bytes, 1, said.length, stderr);
        sw_buffer_free(&said);
        return give_up(job, SW_SYSTEM, status, error);
    }
    char *text = (char *)said.bytes;
    for (size_t length = said.length; length > 0 && text[length - 1] == '\n';) text[--length] = 0;
    const char *newline = strrchr(text, '\n'), *reason = newline ? newline + 1 : text;
    good = sw_buffer_format(&line, error, "job %s was lost: %s", name_of(job),
                            *reason ? reason : "the connection ended");
    if (good) tell(job, (char *)line.bytes, line.length);
    good = good && sw_host_lost(job->how->work, job->how->host, name_of(job), &out, error);
    if (good && out) tell(job, "gets no further jobs", strlen("gets no further jobs"));
    sw_buffer_free(&said);
    sw_buffer_free(&line);
    return give_up(job, SW_HOST_LOST, status, error) && good;
}

/* ---- the attempt ---- */

/* What runs it there, or sends it there and takes what comes back. */
static bool put_command(const struct on_host *job, struct sw_call *command, struct sw_error *error)
{
    struct sw_call there = {0};
    struct sw_buffer script = {0}, exchange = {0};
    const char *at = job->attempt.at;
    const char *path = sw_put_path(&script, error, "%s/remote/host-job",
                                   is_here(job) ? job->how->home : job->place.pipelines);
    const char *sender = sw_put_path(&exchange, error, "%s/remote/exchange", job->how->home);
    bool good = path && sender &&
                sw_call_words(is_here(job) ? command : &there, error, "bash", "-p", path,
                              job->attempt.bin, job->attempt.token ? "-" : at, NULL);
    if (good && job->attempt.token)
        good = sw_make_folders(job->attempt.from, error) &&
               sw_call_words(command, error, "bash", "-p", sender, at, job->attempt.from, NULL);
    good = good && (is_here(job) ||
                    sw_call_over_ssh(command, job->how->ssh, job->how->host, &there, error));
    sw_call_free(&there);
    sw_buffer_free(&script);
    sw_buffer_free(&exchange);
    return good;
}

static bool finish(const struct on_host *job, int *status, struct sw_error *error)
{
    struct sw_error why = {0};
    if (!sw_attempt_restore_names(&job->attempt, &why)) return lost(job, status, error);
    sw_host_not_lost(job->how->work, job->how->host);
    if (!sw_attempt_publish(&job->attempt, status, error)) return false;
    sw_attempt_remove(&job->attempt);
    return true;
}

static bool try(const struct on_host *job, int *status, struct sw_error *error)
{
    struct sw_call command = {0};
    struct sw_attempt attempt = {.grace_ms = GRACE_MS, .errors = (const char *)job->errors.bytes};
    sw_supervise_begin();
    bool good = put_command(job, &command, error);
    attempt.command = command.words;
    good = good && sw_supervise(&attempt, error);
    sw_call_free(&command);
    if (!good) return false;
    if (attempt.told_to_end) return give_up(job, SW_HOST_ENDED, status, error);
    if (attempt.status != 0) return lost(job, status, error);
    return finish(job, status, error);
}

/* What is said while it is begun stands in the job's log. */
static bool begin(const struct on_host *job, int *refused, struct sw_error *error)
{
    struct sw_buffer path = {0};
    const char *log = sw_put_path(&path, error, "%s/logs/%s", job->how->stage, name_of(job));
    int file = log ? open(log, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666) : -1;
    int before = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
    bool good = file >= 0 && dup2(file, STDERR_FILENO) >= 0;
    if (!good) (void)sw_fail_errno(error, "%s", log ? log : "a log");
    good = good && sw_attempt_begin(&job->attempt, refused, error);
    if (!good && error->status && file >= 0) dprintf(file, "sw-job: %s\n", error->message);
    if (before >= 0) {
        dup2(before, STDERR_FILENO);
        close(before);
    }
    if (file >= 0) close(file);
    sw_buffer_free(&path);
    return good;
}

/* Names the attempt; nothing is written yet. */
static bool prepare(struct on_host *job, struct sw_error *error)
{
    struct sw_remote_attempt *attempt = &job->attempt;
    const struct sw_on_host *how = job->how;
    gethostname(job->machine, sizeof job->machine - 1);
    bool shipped = !is_here(job) && !job->place.shared;
    attempt->at = sw_put_path(&job->at, error, "%s/attempts/%s.%s.%ld", how->stage, name_of(job),
                              job->machine, (long)getpid());
    if (!attempt->at || !sw_put_path(&job->errors, error, "%s.error", attempt->at)) return false;
    attempt->from = shipped ? sw_put_path(&job->from, error, "%s.back", attempt->at) : attempt->at;
    attempt->token =
        shipped ? sw_put_path(&job->token, error, "input-%s-%ld", name_of(job), (long)getpid())
                : NULL;
    attempt->command = how->command;
    attempt->work = how->work;
    attempt->output = how->output;
    attempt->home = how->home;
    attempt->bin = is_here(job) ? how->bin : job->place.bin;
    attempt->environment = how->environment;
    attempt->host = is_here(job) ? job->machine : how->host;
    attempt->of_securities = sw_is_of_securities(how->command);
    return attempt->from && (!shipped || attempt->token);
}

static bool run(struct on_host *job, int *status, struct sw_error *error)
{
    int refused;
    bool good =
        (is_here(job) || sw_host_place(job->how->work, job->how->host, &job->place, error)) &&
        prepare(job, error) && note_running(job, true, error) && begin(job, &refused, error);
    if (good && refused) {
        /* What is wrong with the data is the job's failure, wherever it was to run. */
        good = sw_attempt_status(&job->attempt, refused, NULL, error);
        sw_attempt_remove(&job->attempt);
        *status = refused;
    } else if (good) {
        good = try(job, status, error);
    }
    sw_buffer_free(&job->place.text);
    sw_buffer_free(&job->at);
    sw_buffer_free(&job->from);
    sw_buffer_free(&job->token);
    sw_buffer_free(&job->errors);
    return good;
}

/* ---- which it is ---- */

static bool run_here(const struct sw_on_host *how, const char *name, struct sw_error *error)
{
    char *const words[] = {(char *)how->command, (char *)how->stage, (char *)name, NULL};
    execv(how->command, words);
    return sw_fail_errno(error, "%s", how->command);
}

static bool choose(struct on_host *job, int *status, struct sw_error *error)
{
    struct sw_job_outcome outcome = {0};
    bool listed = true;
    bool good = sw_stage_outcome(job->attempt.jobs, job->attempt.job, &outcome, error);
    *status = outcome.status;
    if (!good || outcome.ended)
        ; /* GNU parallel hears the same once more */
    else if (strcmp(job->how->host, ".") == 0)
        good = run_here(job->how, name_of(job), error);
    else if (!is_here(job) && !sw_host_is_listed(job->how->work, job->how->host, &listed, error))
        good = false;
    else if (!listed)
        *status = SW_HOST_LOST;
    else
        good = run(job, status, error);
    sw_buffer_free(&outcome.host);
    sw_buffer_free(&outcome.begin);
    return good;
}

bool sw_on_host(const struct sw_on_host *how, int *status, struct sw_error *error)
{
    struct sw_stage_jobs jobs = {0};
    struct on_host job = {.how = how, .attempt = {.jobs = &jobs}};
    bool good = sw_stage_jobs_read(&jobs, how->stage, error) &&
                ((how->number > 0 && how->number <= jobs.count) ||
                 sw_fail(error, SW_SYSTEM, "%s/jobs: has no such line", how->stage));
    job.attempt.job = good ? how->number - 1 : 0;
    good = good && choose(&job, status, error);
    sw_stage_jobs_free(&jobs);
    return good;
}
