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
#include "host/tree.h"
#include "job/work.h"
#include "ledger/deliver.h"
#include "ledger/parts.h"
#include "ledger/unchanged.h"
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
    int64_t retries, time_limit, but, workers, lock, process, caller, connection;
    struct sw_delivery delivery;
    bool judge, joblog, kill_orphans, each, end, show, remove;
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
    SW_OPTION_WITH("--stage", 0, "rows", "FILE", set.delivery.rows,
                   "with --stage: then deliver the rows, as sw-ledger deliver does"),
    SW_OPTION_WITH("--rows", 0, "header", "FILE", set.delivery.header,
                   "with --rows: what goes in front of them"),
    SW_OPTION_WITH("--rows", 0, "bad-rows", "FILE", set.delivery.bad_rows,
                   "with --rows: the bad rows, too"),
    SW_OPTION_WITH("--rows", 0, "ledger", "FILE", set.delivery.ledger,
                   "with --rows: the ledger, too"),
    SW_OPTION_WITH("--rows", 0, "remove", NULL, set.remove,
                   "with --rows: remove the run's folder in the end"),
    SW_OPTION(0, "open", "FOLDER", set.open,
              "instead: make a run's folder, or find that it may be trusted"),
    SW_OPTION_WITH("--open", 0, "output", "OUTPUT", set.output,
                   "with --open: whose run it is, for messages"),
    SW_OPTION_WITH("--open", 0, "kind", "KIND", set.kind,
                   "with --open: of which pipeline the run is"),
    SW_OPTION_WITH("--open --rows", 0, "mask", "MASK", set.mask,
                   "with --open and --rows: the user's umask (default: the present one)"),
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
    SW_OPTION_WITH("--attempt", 0, "connection", "DESCRIPTOR", set.connection,
                   "with --attempt: it ends when nobody reads from this any more"),
    SW_OPTIONS_END,
};

static bool only_with(bool has, const char *what, struct sw_error *error)
{
    return has || sw_fail(error, SW_USAGE, "%s", what);
}

/* A message of the pipeline's. */
static void tell(const char *message)
{
    fprintf(stderr, "%s: %s\n", set.pipeline ? set.pipeline : "sw-job", message);
}

/* What keeps a run from its folder or from its hosts is the pipeline's message, and ends the process. */
static bool end_run(const struct sw_error *error)
{
    tell(error->message);
    exit(error->status);
}

/* ---- jobs ---- */

/* A line of a job's log, or of what is in place of it. */
static void say(const char *line)
{
    fprintf(stderr, "%s\n", line);
}

static int work(const char *command, const char *stage, const char *name, bool attempt)
{
    return sw_job_work(command, stage, name, attempt, say);
}

/* STAGE NAME, to be shown NAME…: ends the process with the job's status. Whether it is an attempt its keeper says. */
static bool do_job(const struct sw_command_line *line, struct sw_error *error)
{
    bool is_attempt = getenv("SW_ATTEMPT") != NULL;
    if (!sw_job_is_known(set.job)) return sw_fail(error, SW_USAGE, "--job: no job: '%s'", set.job);
    if (line->operand_count < 2 || (line->operand_count > 2 && !set.show))
        return sw_fail(error, SW_USAGE, "--job: a job is STAGE and NAME");
    if (set.show)
        exit(sw_job_show(set.job, line->operands[0], line->operands + 1, line->operand_count - 1,
                         say));
    unsetenv("SW_ATTEMPT");
    exit(work(set.job, line->operands[0], line->operands[1], is_attempt));
}

/* STAGE NAME COMMAND: ends the process with the job's status, or with that of a run that is being ended. */
static bool attempt(const struct sw_command_line *line, struct sw_error *error)
{
    int status;
    if (line->operand_count != 3)
        return sw_fail(error, SW_USAGE,
                       "a job is STAGE, NAME and COMMAND; --help says how to call it");
    const struct sw_job_attempts how = {.stage = line->operands[0],
                                        .name = line->operands[1],
                                        .command = line->operands[2],
                                        .retries = set.retries,
                                        .time_limit_seconds = set.time_limit,
                                        .grace_ms = GRACE_MS};
    if (!sw_job_attempt(&how, &status, error)) return false;
    exit(status);
}

/* ---- stages ---- */

static bool read_policy(enum sw_on_failure *policy, struct sw_error *error)
{
    return sw_on_failure_parse(set.on_failure ? set.on_failure : "soon", policy, error);
}

/* The signals that sw_stage_run has blocked end the process again: what is only half written is known to the next run. */
static void hear_signals(void)
{
    sigset_t all;
    sigemptyset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
}

/* As sw-ledger deliver does, in its words. */
static bool deliver(struct sw_buffer *line, struct sw_error *error)
{
    struct sw_delivered delivered;
    mode_t mask;
    set.delivery.work = set.run;
    set.delivery.stage = set.stage;
    if (!sw_run_folder_mask(set.mask, &mask, error)) return false;
    hear_signals();
    umask(mask);
    if (sw_deliver_counted(&set.delivery, set.remove, &delivered, error))
        return sw_buffer_text(line, "delivered ", error) &&
               sw_delivered_put(&delivered, line, error);
    fprintf(stderr, "sw-ledger: %s\n", error->message);
    exit(error->status);
}

/* A second line of the verdict, where all is done, and of what is certainly as it was. */
static bool add_unchanged(struct sw_stage_verdict *verdict, struct sw_error *error)
{
    struct sw_buffer *line = &verdict->line;
    bool unchanged;
    if (!verdict->all_done || !sw_tree_has(set.stage, "/seen")) return true;
    if (!sw_inputs_unchanged(set.stage, &unchanged, error)) return false;
    if (unchanged && set.delivery.rows) return deliver(line, error);
    return !unchanged || sw_buffer_text(line, "unchanged\n", error);
}

/* What the jobs said goes to standard error, the verdict, WORST MISSING NAME…, to standard output. */
static bool judge_stage(const struct sw_stage_jobs *jobs, const char *command,
                        enum sw_on_failure policy, struct sw_error *error)
{
    const struct sw_stage_judge judge = {.pipeline = set.pipeline ? set.pipeline : "sw-job",
                                         .command = command,
                                         .by_runner = set.judge,
                                         .unfinished_are_told = policy != SW_FAIL_NOW};
    struct sw_stage_verdict verdict = {0};
    bool good = sw_stage_judge(jobs, &judge, &verdict, error);
    /* Nobody is there to be told that what is said cannot be. */
    if (verdict.said.length) fwrite(verdict.said.bytes, 1, verdict.said.length, stderr);
    good = good && add_unchanged(&verdict, error) &&
           sw_output_file(NULL, verdict.line.bytes, verdict.line.length, error);
    sw_buffer_free(&verdict.line);
    sw_buffer_free(&verdict.said);
    return good;
}

/* COMMAND…: ends the process where a signal has ended the stage. */
static bool run_stage(const struct sw_command_line *line, struct sw_error *error)
{
    struct sw_stage_jobs jobs = {0};
    int ended_by = 0;
    if (!only_with(set.run, "--stage: only with --run", error) ||
        !only_with(line->operand_count > 0, "a stage has a COMMAND", error))
        return false;
    const char *command = line->operands[line->operand_count - 1];
    struct sw_stage_runner runner = {.run = set.run,
                                     .command = line->operands,
                                     .words = line->operand_count,
                                     .work = sw_job_is_known(command) ? work : NULL,
                                     .workers = set.workers ? set.workers : 1,
                                     .grace_ms = GRACE_OF_STAGE_MS};
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

/* Ends the process with the command's status. */
static bool guard(const struct sw_command_line *line, struct sw_error *error)
{
    int status;
    if (!only_with(line->operand_count > 0, "--guard: has a COMMAND", error)) return false;
    if (!sw_guard(set.guard, (char *const *)(uintptr_t)line->operands, &status, error))
        return false;
    exit(status);
}

/* ---- the folder ---- */

static void tell_damaged(char *names)
{
    for (char *name; (name = strsep(&names, "\n")) && *name;) {
        struct sw_error message = {0};
        (void)sw_fail(&message, SW_DATA, "%s/%s: damaged", set.open, name);
        tell(message.message);
    }
}

/* As sw-ledger chunks does, of a survey on standard input. */
static bool plan_chunks(enum sw_log_level level, struct sw_error *error)
{
    const struct sw_parts parts = {set.open, set.open, set.chunks, false};
    struct sw_buffer damaged = {0};
    bool good =
        sw_parts_plan(&parts, NULL, &damaged, error) && sw_buffer_add(&damaged, "", 1, error);
    if (good && level >= SW_LOG_WARNING) tell_damaged((char *)damaged.bytes);
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
    return sw_run_folder_begin(&begin, error) &&
           (!set.chunks || begin.gone || plan_chunks(begin.level, error));
}

static bool open_folder(const struct sw_command_line *line, struct sw_error *error)
{
    struct sw_run_folder folder = {.path = set.open, .output = set.output, .kind = set.kind};
    (void)line;
    if (!only_with(set.output && set.kind, "--open: only with --output and --kind", error) ||
        !only_with(!set.lock || (set.process && set.begun),
                   "--lock: only with --process and --begun", error) ||
        !sw_run_folder_mask(set.mask, &folder.mask, error))
        return false;
    return (set.lock ? begin_run(&folder, error) : sw_run_folder_open(&folder, error)) ||
           end_run(error);
}

static bool print_holders(struct sw_error *error)
{
    struct sw_buffer line = {0};
    bool good = sw_lock_holders_list(set.holders, set.but, &line, error) &&
                sw_buffer_text(&line, "\n", error) &&
                sw_output_file(NULL, line.bytes, line.length, error);
    sw_buffer_free(&line);
    return good;
}

static bool look_at_holders(const struct sw_command_line *line, struct sw_error *error)
{
    (void)line;
    return set.end ? sw_lock_holders_end(set.holders, set.but, error) : print_holders(error);
}

static bool print_why_not(const struct sw_command_line *line, struct sw_error *error)
{
    (void)line;
    signal(SIGXFSZ, SIG_IGN); /* it would say nothing; the reason does */
    const char *reason = sw_why_not(set.why_not);
    return !reason || sw_output_file(NULL, reason, strlen(reason), error);
}

/* ---- other machines ---- */

static const char *surrounding(const char *name, const char *otherwise)
{
    const char *value = getenv(name);
    return value && *value ? value : otherwise;
}

/* Prints how many workers the hosts have together. */
static bool ask(const struct sw_host_list *hosts, const struct sw_ask_hosts *how,
                struct sw_error *error)
{
    char line[16];
    unsigned workers = 0;
    return sw_ask_hosts(hosts, how, &workers, error) &&
           sw_output_file(NULL, line, (size_t)snprintf(line, sizeof line, "%u\n", workers), error);
}

/* A list that is only looked at needs nothing of what asks the machines. */
static bool check_hosts(struct sw_error *error)
{
    bool asks = set.workers || set.on_failure || set.home || set.bin || set.each;
    return only_with(!asks || set.run,
                     "--hosts: only with --run has it --workers, --on-failure, --home, --bin "
                     "or --each",
                     error) &&
           only_with(!set.run || (set.home && set.bin),
                     "--hosts and --run: only with --home and --bin", error);
}

static bool ask_hosts(const struct sw_command_line *line, struct sw_error *error)
{
    struct sw_host_list hosts = {0};
    char folder[4096];
    enum sw_on_failure policy;
    (void)line;
    if (!check_hosts(error) || !read_policy(&policy, error)) return false;
    const struct sw_ask_hosts how = {.work = set.run,
                                     .home = set.home,
                                     .bin = set.bin,
                                     .remote_bin = surrounding("SW_REMOTE_BIN", NULL),
                                     .folder = getcwd(folder, sizeof folder),
                                     .ssh = surrounding("SW_SSH", "ssh"),
                                     .workers = (unsigned)set.workers,
                                     .each_as_many = set.each,
                                     .all_needed = policy == SW_FAIL_NOW,
                                     .tell = tell};
    if (set.run && !how.folder) return sw_fail_errno(error, "the working directory");
    bool good =
        sw_host_list_read(&hosts, set.hosts, error) && (!set.run || ask(&hosts, &how, error));
    sw_host_list_free(&hosts);
    return good || end_run(error);
}

/* Ends the process with the job's status, or with that of a host that was lost. */
static bool on_host(const struct sw_command_line *line, struct sw_error *error)
{
    int status;
    const struct sw_on_host how = {.host = set.on_host,
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
    (void)line;
    if (!only_with(set.home && set.bin, "--on-host: only with --home and --bin", error) ||
        !only_with(how.stage && how.command && how.work,
                   "--on-host: SW_HOST_STAGE, SW_HOST_COMMAND and SW_HOST_WORK say which job",
                   error) ||
        !sw_on_host(&how, &status, error))
        return false;
    exit(status);
}

static bool attend(const struct sw_command_line *line, struct sw_error *error)
{
    const struct sw_attend how = {
        .at = set.attempt, .home = set.home, .caller = set.caller, .connection = set.connection};
    bool ended;
    (void)line;
    return only_with(set.home, "--attempt: only with --home", error) &&
           sw_attend(&how, &ended, error) &&
           (ended || sw_fail(error, SW_SYSTEM, "the job was ended"));
}

/* ---- the program ---- */

/* Runs one of the program's tasks: that which an option names, else the job of the operands. */
static bool run(const struct sw_command_line *line, struct sw_error *error)
{
    const struct task {
        const char *option; /* its value; NULL: it was not given */
        bool has_operands;
        bool (*run)(const struct sw_command_line *line, struct sw_error *error);
    } tasks[] =
        {
            {set.stage, true, run_stage},
            {set.open, false, open_folder},
            {set.holders, false, look_at_holders},
            {set.why_not, false, print_why_not},
            {set.hosts, false, ask_hosts},
            {set.on_host, false, on_host},
            {set.attempt, false, attend},
            {set.job, true, do_job},
            {set.guard, true, guard},
        },
      *task = NULL;
    int count = set.retries || set.time_limit;
    for (size_t i = 0; i < sizeof tasks / sizeof *tasks; i++) {
        if (!tasks[i].option) continue;
        task = &tasks[i];
        count++;
    }
    if (count > 1)
        return sw_fail(error, SW_USAGE,
                       "--stage, --open, --holders, --why-not, --hosts, --on-host, --attempt, "
                       "--job, --guard, and --retries or --time-limit: one of them");
    if (task && !task->has_operands && line->operand_count > 0)
        return sw_fail(error, SW_USAGE, "no operand is of use: '%s'", line->operands[0]);
    return task ? task->run(line, error) : attempt(line, error);
}

int main(int argc, char **argv)
{
    static const struct sw_program program = {
        "sw-job", "runs the jobs of a run, and keeps one that may be tried again",
        "[--retries N] [--time-limit SECONDS] STAGE NAME COMMAND\n"
        "--stage STAGE --run FOLDER [--workers N] [--on-failure POLICY] [--judge] [--joblog] "
        "[--rows FILE [--header FILE] [--bad-rows FILE] [--ledger FILE] [--remove]] [--mask MASK] "
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
        "--attempt FOLDER --home FOLDER [--caller PROCESS] [--connection DESCRIPTOR]\n"
        "--job COMMAND STAGE NAME\n--job COMMAND --show STAGE NAME…\n"
        "--guard FOLDER COMMAND…\n",
        options, run};
    return sw_main(&program, argc, argv);
}
