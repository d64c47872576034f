/* SPDX-License-Identifier: ISC
 *
 * sw-job: the jobs of a run. It keeps one that may be tried again or has a time limit, under whatever runs the jobs: each attempt is a
 * process group of its own, ended whole where its time has come, and what the system failed is tried again. It runs all the jobs of a
 * stage on this machine, and judges what became of them, whoever has run them. And it opens a run's folder, and locks it.
 *
 *   runner ─▶ sw-job ─▶ attempt: COMMAND STAGE NAME, SW_ATTEMPT set ─▶ STAGE/{status,logs,running}/NAME
 *   pipeline ─▶ sw-job --stage ─▶ COMMAND STAGE NAME for each line of STAGE/jobs ─▶ the verdict
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
#include "stage/hold.h"
#include "stage/judge.h"
#include "stage/run.h"

/* The grace of a stage's jobs is longer than that of the attempts that a job ends. */
enum {
    GRACE_MS = 5000,
    GRACE_OF_STAGE_MS = 6000,
    FIRST_PAUSE_MS = 500,
    LONGEST_PAUSE_MS = 30000,
    ENDED = 143
};

static struct {
    const char *holders, *stage, *run, *pipeline, *on_failure;
    const char *open, *output, *kind, *mask, *begun;
    int64_t retries, time_limit, but, workers, lock, process;
    bool judge, joblog, kill_orphans, quiet;
} set;

static const struct sw_option options[] = {
    SW_OPTION(0, "retries", "N", set.retries,
              "try the job again that the system failed, at most N times"),
    SW_OPTION(0, "time-limit", "SECONDS", set.time_limit, "end an attempt that takes longer"),
    SW_OPTION(0, "stage", "STAGE", set.stage,
              "instead: run all jobs of the stage, and print what became of them"),
    SW_OPTION(0, "run", "FOLDER", set.run,
              "with --stage: the run's folder, with workers and joblog"),
    SW_OPTION(0, "pipeline", "NAME", set.pipeline,
              "with --stage and --open: whose messages they are"),
    SW_OPTION(0, "workers", "N", set.workers, "with --stage: jobs at a time (default: 1)"),
    SW_OPTION(0, "on-failure", "POLICY", set.on_failure,
              "with --stage: soon (the default), now or never ends the others"),
    SW_OPTION(0, "judge", NULL, set.judge, "with --stage: only judge jobs that another has run"),
    SW_OPTION(0, "joblog", NULL, set.joblog, "with --stage: append the jobs to FOLDER/joblog"),
    SW_OPTION(0, "open", "FOLDER", set.open,
              "instead: make a run's folder, or find that it may be trusted"),
    SW_OPTION(0, "output", "OUTPUT", set.output, "with --open: whose run it is, for messages"),
    SW_OPTION(0, "kind", "KIND", set.kind, "with --open: of which pipeline the run is"),
    SW_OPTION(0, "mask", "MASK", set.mask,
              "with --open: the user's umask (default: the present one)"),
    SW_OPTION(0, "lock", "DESCRIPTOR", set.lock,
              "with --open: take the lock for whoever has FOLDER/lock open there"),
    SW_OPTION(0, "process", "PROCESS", set.process, "with --lock: the run's"),
    SW_OPTION(0, "begun", "TIME", set.begun, "with --lock: when the run began"),
    SW_OPTION(0, "kill-orphans", NULL, set.kill_orphans,
              "with --lock: end the jobs of a run that was killed"),
    SW_OPTION(0, "quiet", NULL, set.quiet, "with --lock: do not say that they are waited for"),
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

/* ---- stages ---- */

static bool read_policy(enum sw_on_failure *policy, struct sw_error *error)
{
    static const char *const names[] = {"soon", "now", "never"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(set.on_failure ? set.on_failure : "soon", names[i]) == 0) {
            *policy = (enum sw_on_failure)i;
            return true;
        }
    return sw_fail(error, SW_USAGE, "--on-failure: not soon, now or never: '%s'", set.on_failure);
}

/* Appends to FOLDER/joblog; GNU parallel does that itself. */
static bool log_jobs(const struct sw_stage_jobs *jobs, const char *command, struct sw_error *error)
{
    struct sw_buffer path = {0}, log = {0};
    struct stat about;
    bool good =
        sw_buffer_format(&path, error, "%s/joblog", set.run) && sw_buffer_add(&path, "", 1, error);
    bool header = good && (stat(text(&path), &about) != 0 || about.st_size == 0);
    good = good && sw_stage_log(jobs, command, header, &log, error) &&
           write_line(text(&path), O_APPEND, &log, error);
    sw_buffer_free(&path);
    sw_buffer_free(&log);
    return good;
}

/* What the jobs said goes to standard error, the verdict, WORST MISSING NAME…, to standard output. */
static bool judge_stage(const struct sw_stage_jobs *jobs, const char *command,
                        enum sw_on_failure policy, struct sw_error *error)
{
    struct sw_stage_judge judge = {.pipeline = set.pipeline ? set.pipeline : "sw-job",
                                   .command = command,
                                   .unfinished_are_told = policy != SW_FAIL_NOW};
    struct sw_stage_verdict verdict = {0};
    struct sw_buffer line = {0};
    bool good = sw_stage_level(set.stage, &judge.level, error) &&
                sw_stage_judge(jobs, &judge, &verdict, error) &&
                sw_buffer_format(&line, error, "%d %zu", verdict.worst, verdict.missing) &&
                sw_buffer_add(&line, verdict.failed.bytes, verdict.failed.length, error) &&
                sw_buffer_text(&line, "\n", error);
    /* Nobody is there to be told that what is said cannot be. */
    if (verdict.said.length) fwrite(verdict.said.bytes, 1, verdict.said.length, stderr);
    good = good && sw_output_file(NULL, line.bytes, line.length, error);
    sw_buffer_free(&verdict.failed);
    sw_buffer_free(&verdict.said);
    sw_buffer_free(&line);
    return good;
}

/* Ends the process where a signal has ended the stage. */
static bool run_stage(const char *command, struct sw_error *error)
{
    struct sw_stage_jobs jobs = {0};
    struct sw_stage_runner runner = {.run = set.run,
                                     .command = command,
                                     .workers = set.workers ? set.workers : 1,
                                     .grace_ms = GRACE_OF_STAGE_MS};
    int ended_by = 0;
    bool good =
        read_policy(&runner.on_failure, error) && sw_stage_jobs_read(&jobs, set.stage, error);
    if (good && !set.judge) {
        good = sw_stage_run(&jobs, &runner, &ended_by, error);
        if (ended_by) exit(128 + ended_by);
    }
    good = good && (!set.joblog || log_jobs(&jobs, command, error)) &&
           judge_stage(&jobs, command, runner.on_failure, error);
    sw_stage_jobs_free(&jobs);
    return good;
}

/* ---- the folder ---- */

/* A message of the pipeline's. */
static void tell(const char *message)
{
    fprintf(stderr, "%s: %s\n", set.pipeline ? set.pipeline : "sw-job", message);
}

static void tell_of_waiting(void *context)
{
    struct sw_error error = {0};
    (void)context;
    (void)sw_fail(&error, SW_SYSTEM,
                  "%s: waiting for jobs of a run that was killed (--kill-orphans ends them)",
                  set.output);
    tell(error.message);
}

static bool read_mask(mode_t *mask, struct sw_error *error)
{
    char *end;
    *mask = umask(022);
    umask(*mask);
    if (!set.mask) return true;
    unsigned long value = strtoul(set.mask, &end, 8);
    if (*end || value > 0777) return sw_fail(error, SW_USAGE, "--mask: not a mask: '%s'", set.mask);
    *mask = (mode_t)value;
    return true;
}

/* What keeps the run from its folder is the pipeline's message: ends the process. */
static bool open_folder(struct sw_error *error)
{
    struct sw_run_folder folder = {.path = set.open, .output = set.output, .kind = set.kind};
    struct sw_run_hold hold = {.descriptor = (int)set.lock,
                               .process = set.process,
                               .begun = set.begun,
                               .ends_orphans = set.kill_orphans,
                               .waits = set.quiet ? NULL : tell_of_waiting};
    bool gone;
    if (!set.output || !set.kind)
        return sw_fail(error, SW_USAGE, "--open: only with --output and --kind");
    if (set.lock && (!set.process || !set.begun))
        return sw_fail(error, SW_USAGE, "--lock: only with --process and --begun");
    if (!read_mask(&folder.mask, error)) return false;
    if (set.lock ? sw_run_folder_hold(&folder, &hold, &gone, error)
                 : sw_run_folder_open(&folder, error))
        return true;
    tell(error->message);
    exit(error->status);
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
    bool of_stage = set.run || set.on_failure || set.workers || set.judge || set.joblog;
    bool of_folder = set.output || set.kind || set.mask || set.lock;
    if (of_stage && !set.stage)
        return sw_fail(error, SW_USAGE,
                       "--run, --workers, --on-failure, --judge and --joblog: only with --stage");
    if (of_folder && !set.open)
        return sw_fail(error, SW_USAGE, "--output, --kind, --mask and --lock: only with --open");
    if ((set.process || set.begun || set.kill_orphans || set.quiet) && !set.lock)
        return sw_fail(error, SW_USAGE,
                       "--process, --begun, --kill-orphans and --quiet: only with --lock");
    if (set.pipeline && !set.stage && !set.open)
        return sw_fail(error, SW_USAGE, "--pipeline: only with --stage or --open");
    if (set.open &&
        (set.stage || set.holders || set.retries || set.time_limit || line->operand_count > 0))
        return sw_fail(error, SW_USAGE, "--open: alone, and without operands");
    if (set.open) return open_folder(error);
    if (set.stage && (set.holders || set.retries || set.time_limit))
        return sw_fail(error, SW_USAGE, "--stage: not with --holders, --retries or --time-limit");
    if (set.stage && !set.run) return sw_fail(error, SW_USAGE, "--stage: only with --run");
    if (set.stage && line->operand_count == 1) return run_stage(line->operands[0], error);
    if (set.stage) return sw_fail(error, SW_USAGE, "a stage has one COMMAND");
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
        "sw-job", "runs the jobs of a run, and keeps one that may be tried again",
        "[--retries N] [--time-limit SECONDS] STAGE NAME COMMAND\n"
        "--stage STAGE --run FOLDER [--workers N] [--on-failure POLICY] [--judge] [--joblog] "
        "COMMAND\n"
        "--open FOLDER --output OUTPUT --kind KIND [--mask MASK]\n"
        "--open FOLDER --output OUTPUT --kind KIND --lock DESCRIPTOR --process PROCESS --begun "
        "TIME\n"
        "--holders LOCK [--but PROCESS]\n",
        options, run};
    return sw_main(&program, argc, argv);
}
