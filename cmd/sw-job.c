/* SPDX-License-Identifier: ISC
 *
 * sw-job: keeps a job of a run that may be tried again or has a time limit, under whatever runs the jobs: each attempt is a
 * process group of its own, ended whole where its time has come, and what the system failed is tried again.
 * And tells who holds the lock of a run's folder.
 *
 *   runner ─▶ sw-job ─▶ attempt: COMMAND STAGE NAME, SW_ATTEMPT set ─▶ STAGE/{status,logs,running}/NAME
 */
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include "files/output.h"
#include "host/lock_holders.h"
#include "host/supervise.h"
#include "program/program.h"

enum { GRACE_MS = 5000, FIRST_PAUSE_MS = 500, LONGEST_PAUSE_MS = 30000, ENDED = 143 };

static struct {
    const char *holders;
    int64_t retries, time_limit, but;
} set;

static const struct sw_option options[] = {
    SW_OPTION(0, "retries", "N", set.retries,
              "try the job again that the system failed, at most N times"),
    SW_OPTION(0, "time-limit", "SECONDS", set.time_limit, "end an attempt that takes longer"),
    SW_OPTION(0, "holders", "LOCK", set.holders,
              "instead: the processes that hold a lock on that file, in a line"),
    SW_OPTION(0, "but", "PROCESS", set.but, "with --holders: leave out this one"),
    SW_OPTIONS_END,
};

struct job {
    const char *stage, *name, *command;
    const char *title; /* the command without its folder */
    struct timeval begun;
};

/* STAGE/KIND/NAME, with what follows. */
static bool place(const struct job *job, const char *kind, const char *after,
                  struct sw_buffer *path, struct sw_error *error)
{
    path->length = 0;
    return sw_buffer_format(path, error, "%s/%s/%s%s", job->stage, kind, job->name, after) &&
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

static bool write_line(const char *path, int how, const struct sw_buffer *line,
                       struct sw_error *error)
{
    int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | how, 0666);
    bool good = file >= 0 && write(file, line->bytes, line->length) == (ssize_t)line->length;
    if (file >= 0 && close(file) != 0) good = false;
    return good || sw_fail_errno(error, "%s", path);
}

static bool say(const struct job *job, const char *what, struct sw_error *error)
{
    struct sw_buffer path = {0}, line = {0};
    bool good = place(job, "logs", "", &path, error) &&
                sw_buffer_format(&line, error, "%s: %s\n", job->title, what) &&
                write_line(text(&path), O_APPEND, &line, error);
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
                 set.time_limit);
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
                write_line(text(&path), O_TRUNC, &line, error);
    line.length = 0;
    good = good && place(job, "running", "", &path, error) &&
           write_line(text(&path), O_TRUNC, &line, error);
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
    char *const command[] = {(char *)job->command, (char *)job->stage, (char *)job->name, NULL};
    snprintf(text_of_number, sizeof text_of_number, "%" PRId64, number);
    if (setenv("SW_ATTEMPT", text_of_number, 1) != 0) return sw_fail_errno(error, "SW_ATTEMPT");
    *attempt = (struct sw_attempt){
        .command = command, .limit_seconds = (uint64_t)set.time_limit, .grace_ms = GRACE_MS};
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

/* Ends the process with the job's status, or with that of a run that is being ended. */
static bool keep(const struct job *job, struct sw_error *error)
{
    struct sw_attempt attempt;
    uint64_t pause_ms = FIRST_PAUSE_MS;
    for (int64_t number = 1;; number++) {
        if (!attempt_once(job, number, &attempt, error)) return false;
        if (attempt.told_to_end) exit(ENDED);
        int status = verdict(job, &attempt);
        if (status != SW_SYSTEM) exit(status);
        if (number > set.retries) break;
        if (!keep_log(job, number, error)) return false;
        if (!sw_supervise_pause(pause_ms)) exit(ENDED);
        pause_ms = pause_ms < LONGEST_PAUSE_MS / 2 ? 2 * pause_ms : LONGEST_PAUSE_MS;
    }
    if (write_status(job, error)) exit(SW_SYSTEM);
    return false;
}

/* ---- the program ---- */

static bool print_holders(struct sw_error *error)
{
    struct sw_lock_holders holders = {0};
    struct sw_buffer line = {0};
    bool good = sw_lock_holders_find(&holders, set.holders, error);
    for (size_t i = 0; good && i < holders.count; i++)
        if (holders.items[i] != set.but)
            good = sw_buffer_format(&line, error, "%s%" PRId64, line.length ? " " : "",
                                    holders.items[i]);
    good = good && sw_buffer_text(&line, "\n", error) &&
           sw_output_file(NULL, line.bytes, line.length, error);
    free(holders.items);
    sw_buffer_free(&line);
    return good;
}

static bool run(const struct sw_command_line *line, struct sw_error *error)
{
    struct job job = {0};
    if (set.but && !set.holders) return sw_fail(error, SW_USAGE, "--but: only with --holders");
    if (set.holders && (set.retries || set.time_limit))
        return sw_fail(error, SW_USAGE,
                       "--retries and --time-limit are of a job, not of --holders");
    if (set.holders && line->operand_count == 0) return print_holders(error);
    if (set.holders || line->operand_count != 3)
        return sw_fail(error, SW_USAGE,
                       "a job is STAGE, NAME and COMMAND; --help says how to call it");
    job.stage = line->operands[0], job.name = line->operands[1], job.command = line->operands[2];
    const char *slash = strrchr(job.command, '/');
    job.title = slash ? slash + 1 : job.command;
    gettimeofday(&job.begun, NULL);
    sw_supervise_begin();
    return keep(&job, error);
}

int main(int argc, char **argv)
{
    static const struct sw_program program = {
        "sw-job", "keeps a job that may be tried again or has a time limit",
        "[--retries N] [--time-limit SECONDS] STAGE NAME COMMAND\n--holders LOCK [--but PROCESS]\n",
        options, run};
    return sw_main(&program, argc, argv);
}
