/* SPDX-License-Identifier: ISC
 *
 * sw-job: the jobs of a run. It keeps one that may be tried again or has a time limit, under whatever runs the jobs: each attempt is a
 * process group of its own, ended whole where its time has come, and what the system failed is tried again. It runs all the jobs of a
 * stage on this machine, and judges what became of them, whoever has run them; on other machines it has one run as an attempt. And it opens a
 * run's folder, and locks it.
 *
 *   runner ─▶ sw-job ─▶ attempt: COMMAND STAGE NAME, SW_ATTEMPT set ─▶ STAGE/{status,logs,running}/NAME
 *   pipeline ─▶ sw-job --hosts ─▶ WORK/hosts: which machines there are
 *   GNU parallel, Slurm ─▶ sw-job --on-host HOST ─ssh─▶ sw-job --attempt ─▶ COMMAND ATTEMPT/stage 1
 *   pipeline ─▶ sw-job --stage ─▶ COMMAND… STAGE NAME for each line of STAGE/jobs ─▶ the verdict
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files/output.h"
#include "host/lock_holders.h"
#include "files/whole.h"
#include "job/work.h"
#include "ledger/parts.h"
#include "program/program.h"
#include "remote/ask_hosts.h"
#include "remote/attend.h"
#include "remote/on_host.h"
#include "stage/attempts.h"
#include "stage/begin.h"
#include "stage/guard.h"
#include "stage/joblog.h"
#include "stage/judge.h"
#include "stage/run.h"
#include "stage/runner_log.h"
#include "stage/why_not.h"

/* The grace of a stage's jobs is longer than that of the attempts that a job ends. */
enum {
    GRACE_MS = 5000,
    GRACE_OF_STAGE_MS = 6000,
};

static struct {
    const char *holders, *stage, *run, *pipeline, *on_failure;
    const char *open, *output, *kind, *mask, *begun;
    const char *hosts, *home, *bin, *on_host, *attempt, *job;
    const char *build, *log_level, *chunks, *why_not, *guard;
    struct sw_words beside;
    int64_t retries, time_limit, but, workers, lock, process, caller;
    bool judge, joblog, kill_orphans, each, end, show;
} set;

static const struct sw_option options[] = {
    SW_OPTION(0, "retries", "N", set.retries,
              "try the job again that the system failed, at most N times"),
    SW_OPTION(0, "time-limit", "SECONDS", set.time_limit, "end an attempt that takes longer"),
    SW_OPTION(0, "stage", "STAGE", set.stage,
              "instead: run all jobs of the stage, and print what became of them"),
    SW_OPTION_WITH("--stage --hosts", 0, "run", "FOLDER", set.run,
                   "with --stage: the run's folder, with workers and joblog"),
    SW_OPTION_WITH("--stage --open --hosts", 0, "pipeline", "NAME", set.pipeline,
                   "with --stage and --open: whose messages they are"),
    SW_OPTION_WITH("--stage --hosts", 0, "workers", "N", set.workers,
                   "with --stage: jobs at a time (default: 1)"),
    SW_OPTION_WITH("--stage --hosts", 0, "on-failure", "POLICY", set.on_failure,
                   "with --stage: soon (the default), now or never ends the others"),
    SW_OPTION_WITH("--stage", 0, "judge", NULL, set.judge,
                   "with --stage: only judge jobs that another has run"),
    SW_OPTION_WITH("--stage", 0, "joblog", NULL, set.joblog,
                   "with --stage: append the jobs to FOLDER/joblog"),
    SW_OPTION(0, "open", "FOLDER", set.open,
              "instead: make a run's folder, or find that it may be trusted"),
    SW_OPTION_WITH("--open", 0, "output", "OUTPUT", set.output,
                   "with --open: whose run it is, for messages"),
    SW_OPTION_WITH("--open", 0, "kind", "KIND", set.kind,
                   "with --open: of which pipeline the run is"),
    SW_OPTION_WITH("--open", 0, "mask", "MASK", set.mask,
                   "with --open: the user's umask (default: the present one)"),
    SW_OPTION_WITH("--open", 0, "lock", "DESCRIPTOR", set.lock,
                   "with --open: take the lock for whoever has FOLDER/lock open there"),
    SW_OPTION_WITH("--lock", 0, "process", "PROCESS", set.process, "with --lock: the run's"),
    SW_OPTION_WITH("--lock", 0, "begun", "TIME", set.begun, "with --lock: when the run began"),
    SW_OPTION_WITH("--lock", 0, "kill-orphans", NULL, set.kill_orphans,
                   "with --lock: end the jobs of a run that was killed"),
    SW_OPTION_WITH("--lock", 0, "beside", "FILE", set.beside,
                   "with --lock: an output; what an earlier run was writing beside it is removed"),
    SW_OPTION_WITH("--lock", 0, "build", "NUMBER", set.build,
                   "with --lock: results of another build are removed, to be made again"),
    SW_OPTION_WITH(
        "--lock", 0, "log-level", "LEVEL", set.log_level,
        "with --lock: what is said of that: error, warning, info (the default) or debug"),
    SW_OPTION_WITH("--lock", 0, "chunks", "ENDING", set.chunks,
                   "with --lock: then plan the run's chunks, as sw-ledger chunks does"),
    SW_OPTION(0, "holders", "LOCK", set.holders,
              "instead: the processes that hold a lock on that file, in a line"),
    SW_OPTION_WITH("--holders", 0, "but", "PROCESS", set.but, "with --holders: leave out this one"),
    SW_OPTION_WITH("--holders", 0, "end", NULL, set.end,
                   "with --holders: end them, instead of printing them"),
    SW_OPTION(0, "why-not", "FILE", set.why_not,
              "instead: print why nothing can be written beside that file, if so"),
    SW_OPTION(0, "hosts", "LIST", set.hosts,
              "instead: look at a list of machines; with --run, ask them what they have"),
    SW_OPTION_WITH("--hosts", 0, "each", NULL, set.each,
                   "with --hosts and --run: --workers is for every one of them"),
    SW_OPTION_WITH("--hosts --on-host --attempt", 0, "home", "FOLDER", set.home,
                   "with --hosts, --on-host and --attempt: where the pipelines are"),
    SW_OPTION_WITH("--hosts --on-host", 0, "bin", "FOLDER", set.bin,
                   "with --hosts and --on-host: where the programs are"),
    SW_OPTION(0, "on-host", "HOST", set.on_host,
              "instead: have a job of a run done there, which the surroundings say"),
    SW_OPTION(0, "attempt", "FOLDER", set.attempt, "instead: run the job of an attempt"),
    SW_OPTION(0, "guard", "FOLDER", set.guard,
              "instead: run the monitor of a run; where it is killed, the jobs it stopped go on"),
    SW_OPTION(0, "job", "COMMAND", set.job, "instead: do the job, one of pipelines/jobs"),
    SW_OPTION_WITH("--job", 0, "show", NULL, set.show,
                   "with --job: print the commands of jobs, run none"),
    SW_OPTION_WITH("--attempt", 0, "caller", "PROCESS", set.caller,
                   "with --attempt: it ends when this one is no longer above it"),
    SW_OPTIONS_END,
};

/* ---- stages ---- */

static bool read_policy(enum sw_on_failure *policy, struct sw_error *error)
{
    return sw_on_failure_parse(set.on_failure ? set.on_failure : "soon", policy, error);
}

/* What the jobs said goes to standard error, the verdict, WORST MISSING NAME…, to standard output. */
static bool judge_stage(const struct sw_stage_jobs *jobs, const char *command,
                        enum sw_on_failure policy, struct sw_error *error)
{
    struct sw_stage_judge judge = {.pipeline = set.pipeline ? set.pipeline : "sw-job",
                                   .command = command,
                                   .unfinished_are_told = policy != SW_FAIL_NOW};
    struct sw_stage_verdict verdict = {0};
    struct sw_buffer line = {0}, runner = {0};
    bool good = sw_stage_level(set.stage, &judge.level, error) &&
                (!set.judge || sw_stage_runner_said(set.stage, judge.level, &runner, error)) &&
                sw_stage_judge(jobs, &judge, &verdict, error) &&
                sw_buffer_format(&line, error, "%d %zu", verdict.worst, verdict.missing) &&
                sw_buffer_add(&line, verdict.failed.bytes, verdict.failed.length, error) &&
                sw_buffer_text(&line, "\n", error);
    /* Nobody is there to be told that what is said cannot be. */
    if (runner.length) fwrite(runner.bytes, 1, runner.length, stderr);
    if (verdict.said.length) fwrite(verdict.said.bytes, 1, verdict.said.length, stderr);
    good = good && sw_output_file(NULL, line.bytes, line.length, error);
    sw_buffer_free(&runner);
    sw_buffer_free(&verdict.failed);
    sw_buffer_free(&verdict.said);
    sw_buffer_free(&line);
    return good;
}

/* Ends the process where a signal has ended the stage. */
static bool run_stage(const struct sw_command_line *line, struct sw_error *error)
{
    const char *command = line->operands[line->operand_count - 1];
    struct sw_stage_jobs jobs = {0};
    struct sw_stage_runner runner = {.run = set.run,
                                     .command = line->operands,
                                     .words = line->operand_count,
                                     .workers = set.workers ? set.workers : 1,
                                     .grace_ms = GRACE_OF_STAGE_MS};
    int ended_by = 0;
    if (sw_job_is_known(command)) runner.work = sw_job_work;
    bool good =
        read_policy(&runner.on_failure, error) && sw_stage_jobs_read(&jobs, set.stage, error);
    if (good && !set.judge) {
        good = sw_stage_run(&jobs, &runner, &ended_by, error);
        if (ended_by) exit(128 + ended_by);
    }
    good = good && (!set.joblog || sw_stage_log(&jobs, command, set.run, error)) &&
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

/* As sw-ledger chunks does, of a survey on standard input. */
static bool plan_chunks(struct sw_error *error)
{
    const struct sw_parts parts = {set.open, set.open, set.chunks, false};
    struct sw_buffer damaged = {0};
    bool good = sw_parts_plan(&parts, NULL, &damaged, error) &&
                sw_output_file(NULL, damaged.bytes, damaged.length, error);
    sw_buffer_free(&damaged);
    return good;
}

static bool begin_run(const struct sw_run_folder *folder, struct sw_error *error)
{
    struct sw_run_begin begin = {.folder = *folder,
                                 .hold = {.descriptor = (int)set.lock,
                                          .process = set.process,
                                          .begun = set.begun,
                                          .ends_orphans = set.kill_orphans},
                                 .outputs = set.beside.items,
                                 .output_count = set.beside.count,
                                 .build = set.build,
                                 .level = SW_LOG_INFO,
                                 .tell = tell};
    if (set.log_level && !sw_log_level_find(set.log_level, &begin.level))
        return sw_fail(error, SW_USAGE, "--log-level: no level: '%s'", set.log_level);
    return sw_run_folder_begin(&begin, error) && (!set.chunks || begin.gone || plan_chunks(error));
}

/* What keeps the run from its folder is the pipeline's message: ends the process. */
static bool open_folder(struct sw_error *error)
{
    struct sw_run_folder folder = {.path = set.open, .output = set.output, .kind = set.kind};
    if (!set.output || !set.kind)
        return sw_fail(error, SW_USAGE, "--open: only with --output and --kind");
    if (set.lock && (!set.process || !set.begun))
        return sw_fail(error, SW_USAGE, "--lock: only with --process and --begun");
    if (!read_mask(&folder.mask, error)) return false;
    if (set.lock ? begin_run(&folder, error) : sw_run_folder_open(&folder, error)) return true;
    tell(error->message);
    exit(error->status);
}

/* ---- other machines ---- */

static const char *surrounding(const char *name, const char *otherwise)
{
    const char *value = getenv(name);
    return value && *value ? value : otherwise;
}

/* Prints how many workers the hosts have together. Files that jobs read come on standard input. What keeps the run from them is the
 * pipeline's message, and ends the process. */
static bool ask_hosts(struct sw_error *error)
{
    struct sw_host_list hosts = {0};
    struct sw_buffer files = {0}, line = {0};
    char folder[4096];
    unsigned workers = 0;
    enum sw_on_failure policy;
    if (!read_policy(&policy, error)) return false;
    struct sw_ask_hosts how = {.work = set.run,
                               .home = set.home,
                               .bin = set.bin,
                               .remote_bin = surrounding("SW_REMOTE_BIN", NULL),
                               .folder = getcwd(folder, sizeof folder),
                               .ssh = surrounding("SW_SSH", "ssh"),
                               .workers = (unsigned)set.workers,
                               .each_as_many = set.each,
                               .all_needed = policy == SW_FAIL_NOW,
                               .tell = tell};
    if (set.run && (!set.home || !set.bin))
        return sw_fail(error, SW_USAGE, "--hosts and --run: only with --home and --bin");
    if (set.run && !how.folder) return sw_fail_errno(error, "the working directory");
    bool good = sw_host_list_read(&hosts, set.hosts, error);
    if (good && set.run) {
        good = sw_read_names(NULL, &files, &how.file_count, error);
        how.files = (const char *)files.bytes;
        good = good && sw_ask_hosts(&hosts, &how, &workers, error) &&
               sw_buffer_format(&line, error, "%u\n", workers) &&
               sw_output_file(NULL, line.bytes, line.length, error);
    }
    sw_host_list_free(&hosts);
    sw_buffer_free(&files);
    sw_buffer_free(&line);
    if (good) return true;
    tell(error->message);
    exit(error->status);
}

/* Ends the process with the job's status, or with that of a host that was lost. */
static bool on_host(struct sw_error *error)
{
    int status;
    struct sw_on_host how = {.host = set.on_host,
                             .stage = getenv("SW_HOST_STAGE"),
                             .command = getenv("SW_HOST_COMMAND"),
                             .work = getenv("SW_HOST_WORK"),
                             .output = surrounding("SW_HOST_OUTPUT", ""),
                             .number = strtoull(surrounding("PARALLEL_SEQ", "0"), NULL, 10),
                             .pipeline = surrounding("SW_HOST_NAME", "sw-job"),
                             .home = set.home,
                             .bin = set.bin,
                             .ssh = surrounding("SW_SSH", "ssh"),
                             .environment = environ,
                             .says = atoi(surrounding("SW_HOST_SAYS", "2"))};
    if (!set.home || !set.bin)
        return sw_fail(error, SW_USAGE, "--on-host: only with --home and --bin");
    if (!how.stage || !how.command || !how.work)
        return sw_fail(error, SW_USAGE,
                       "--on-host: SW_HOST_STAGE, SW_HOST_COMMAND and SW_HOST_WORK say which job");
    if (!sw_on_host(&how, &status, error)) return false;
    exit(status);
}

static bool attend(struct sw_error *error)
{
    struct sw_attend how = {.at = set.attempt, .home = set.home, .caller = set.caller};
    bool ended;
    if (!set.home) return sw_fail(error, SW_USAGE, "--attempt: only with --home");
    return sw_attend(&how, &ended, error) &&
           (ended || sw_fail(error, SW_SYSTEM, "the job was ended"));
}

/* ---- the program ---- */

static bool print_holders(struct sw_error *error)
{
    struct sw_buffer line = {0};
    bool good = sw_lock_holders_list(set.holders, set.but, &line, error) &&
                sw_buffer_text(&line, "\n", error) &&
                sw_output_file(NULL, line.bytes, line.length, error);
    sw_buffer_free(&line);
    return good;
}

static bool print_why_not(struct sw_error *error)
{
    signal(SIGXFSZ, SIG_IGN); /* it would say nothing; the reason does */
    const char *reason = sw_why_not(set.why_not);
    return !reason || sw_output_file(NULL, reason, strlen(reason), error);
}

/* STAGE NAME COMMAND: ends the process with the job's status, or with that of a run that is being ended. */
static bool attempt(const struct sw_command_line *line, struct sw_error *error)
{
    const struct sw_job_attempts how = {.stage = line->operands[0],
                                        .name = line->operands[1],
                                        .command = line->operands[2],
                                        .retries = set.retries,
                                        .time_limit_seconds = set.time_limit,
                                        .grace_ms = GRACE_MS};
    int status;
    if (!sw_job_attempt(&how, &status, error)) return false;
    exit(status);
}

/* STAGE NAME, to be shown NAME…: ends the process with the job's status. Whether it is an attempt its keeper says. */
static bool do_job(const struct sw_command_line *line, struct sw_error *error)
{
    bool attempt = getenv("SW_ATTEMPT") != NULL;
    if (!sw_job_is_known(set.job)) return sw_fail(error, SW_USAGE, "--job: no job: '%s'", set.job);
    if (line->operand_count < 2 || (line->operand_count > 2 && !set.show))
        return sw_fail(error, SW_USAGE, "--job: a job is STAGE and NAME");
    if (set.show)
        exit(sw_job_show(set.job, line->operands[0], line->operands + 1, line->operand_count - 1));
    unsetenv("SW_ATTEMPT");
    exit(sw_job_work(set.job, line->operands[0], line->operands[1], attempt));
}

/* Ends the process with the command's status. */
static bool guard(const struct sw_command_line *line, struct sw_error *error)
{
    int status;
    if (line->operand_count == 0) return sw_fail(error, SW_USAGE, "--guard: has a COMMAND");
    if (!sw_guard(set.guard, (char *const *)(uintptr_t)line->operands, &status, error))
        return false;
    exit(status);
}

/* A list that is only looked at needs nothing of what asks the machines. */
static bool check_remote(struct sw_error *error)
{
    if (set.hosts && !set.run && (set.workers || set.on_failure || set.home || set.bin || set.each))
        return sw_fail(error, SW_USAGE,
                       "--hosts: only with --run has it --workers, --on-failure, --home, --bin "
                       "or --each");
    return true;
}

/* Which of the program's tasks it is; words of others are none of it. */
static bool check_options(const struct sw_command_line *line, struct sw_error *error)
{
    bool remote = set.hosts || set.on_host || set.attempt;
    bool attempts = set.retries || set.time_limit;
    int tasks = (set.stage != NULL) + (set.open != NULL) + (set.holders != NULL) +
                (set.hosts != NULL) + (set.on_host != NULL) + (set.attempt != NULL) +
                (set.why_not != NULL) + (set.job != NULL) + (set.guard != NULL) + attempts;
    if (tasks > 1)
        return sw_fail(error, SW_USAGE,
                       "--stage, --open, --holders, --why-not, --hosts, --on-host, --attempt, "
                       "--job, --guard, and --retries or --time-limit: one of them");
    if ((remote || set.open || set.holders || set.why_not) && line->operand_count > 0)
        return sw_fail(error, SW_USAGE, "no operand is of use: '%s'", line->operands[0]);
    return check_remote(error);
}

static bool run(const struct sw_command_line *line, struct sw_error *error)
{
    if (!check_options(line, error)) return false;
    if (set.open) return open_folder(error);
    if (set.hosts) return ask_hosts(error);
    if (set.on_host) return on_host(error);
    if (set.attempt) return attend(error);
    if (set.holders)
        return set.end ? sw_lock_holders_end(set.holders, set.but, error) : print_holders(error);
    if (set.why_not) return print_why_not(error);
    if (set.job) return do_job(line, error);
    if (set.guard) return guard(line, error);
    if (set.stage && !set.run) return sw_fail(error, SW_USAGE, "--stage: only with --run");
    if (set.stage && line->operand_count > 0) return run_stage(line, error);
    if (set.stage) return sw_fail(error, SW_USAGE, "a stage has a COMMAND");
    if (line->operand_count != 3)
        return sw_fail(error, SW_USAGE,
                       "a job is STAGE, NAME and COMMAND; --help says how to call it");
    return attempt(line, error);
}

int main(int argc, char **argv)
{
    static const struct sw_program program = {
        "sw-job", "runs the jobs of a run, and keeps one that may be tried again",
        "[--retries N] [--time-limit SECONDS] STAGE NAME COMMAND\n"
        "--stage STAGE --run FOLDER [--workers N] [--on-failure POLICY] [--judge] [--joblog] "
        "COMMAND…\n"
        "--open FOLDER --output OUTPUT --kind KIND [--mask MASK]\n"
        "--open FOLDER --output OUTPUT --kind KIND --lock DESCRIPTOR --process PROCESS --begun "
        "TIME [--kill-orphans] [--beside FILE]… [--build NUMBER] [--log-level LEVEL] "
        "[--chunks ENDING <SURVEY]\n"
        "--holders LOCK [--but PROCESS] [--end]\n"
        "--why-not FILE\n"
        "--hosts LIST\n"
        "--hosts LIST --run FOLDER --home FOLDER --bin FOLDER [--workers N] [--each] "
        "[--on-failure POLICY] <FILES\n"
        "--on-host HOST --home FOLDER --bin FOLDER\n"
        "--attempt FOLDER --home FOLDER [--caller PROCESS]\n"
        "--job COMMAND STAGE NAME\n--job COMMAND --show STAGE NAME…\n"
        "--guard FOLDER COMMAND…\n",
        options, run};
    return sw_main(&program, argc, argv);
}
