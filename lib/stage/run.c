/* SPDX-License-Identifier: ISC */
#include "stage/run.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/memory.h"
#include "host/tree.h"

enum { WORKERS_DIGITS = 9, LOOK_MS = 100, COMMAND_WORDS = 8 };

struct runner {
    const struct sw_stage_jobs *jobs;
    const struct sw_stage_runner *how;
    pid_t *processes; /* those that run */
    size_t running, capacity;
    bool failing; /* a job has failed */
    int ended_by;
    pid_t caller;
    sigset_t before, awaited;
    struct sw_buffer text;
};

/* ---- signals ---- */

static const int endings[] = {SIGTERM, SIGINT, SIGHUP};

/* A hangup that was ignored when the stage began (nohup) stays so. */
static bool is_awaited(int number)
{
    struct sigaction now;
    return number != SIGHUP || sigaction(number, NULL, &now) != 0 || now.sa_handler != SIG_IGN;
}

/* Blocked signals wait for sigtimedwait, even where they are ignored. */
static void block_signals(struct runner *runner)
{
    sigemptyset(&runner->awaited);
    sigaddset(&runner->awaited, SIGCHLD);
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (is_awaited(endings[i])) sigaddset(&runner->awaited, endings[i]);
    signal(SIGCHLD, SIG_DFL);
    sigprocmask(SIG_BLOCK, &runner->awaited, &runner->before);
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        sigdelset(&runner->before, endings[i]);
    sigdelset(&runner->before, SIGCHLD);
}

/* Waits for a signal at most that long; notes one that is to end the run. */
static void wait_for_signal(struct runner *runner, long milliseconds)
{
    const struct timespec most = {milliseconds / 1000, milliseconds % 1000 * 1000000};
    int came = sigtimedwait(&runner->awaited, NULL, &most);
    if (came > 0 && came != SIGCHLD) runner->ended_by = came;
}

/* ---- jobs ---- */

/* In the child: nothing here returns. The shell that called ignores two signals for what it does not wait for. */
static void become(const struct runner *runner, const char *name)
{
    const char *words[COMMAND_WORDS + 3] = {0};
    size_t count = runner->how->words;
    int none = open("/dev/null", O_RDWR);
    setpgid(0, 0);
    signal(SIGINT, SIG_DFL);
    signal(SIGQUIT, SIG_DFL);
    if (none >= 0) {
        dup2(none, STDIN_FILENO);
        dup2(none, STDOUT_FILENO);
    }
    if (none > STDERR_FILENO) close(none);
    sigprocmask(SIG_SETMASK, &runner->before, NULL);
    if (runner->how->work)
        _exit(
            runner->how->work(runner->how->command[count - 1], runner->jobs->folder, name, false));
    memcpy(words, runner->how->command, count * sizeof *words);
    words[count] = runner->jobs->folder;
    words[count + 1] = name;
    execv(words[0], (char *const *)(uintptr_t)words);
    _exit(errno == ENOENT ? 127 : 126);
}

static bool begin(struct runner *runner, const char *name, struct sw_error *error)
{
    if (!sw_grow(&runner->processes, &runner->capacity, runner->running + 1,
                 sizeof *runner->processes, error))
        return false;
    pid_t process = fork();
    if (process == 0) become(runner, name);
    if (process < 0) return sw_fail_errno(error, "%s", *runner->how->command);
    setpgid(process, process);
    runner->processes[runner->running++] = process;
    return true;
}

static void forget(struct runner *runner, pid_t process)
{
    size_t kept = 0;
    for (size_t i = 0; i < runner->running; i++)
        if (runner->processes[i] != process) runner->processes[kept++] = runner->processes[i];
    runner->running = kept;
}

/* Takes note of those that have ended; whether there was one. */
static bool reap(struct runner *runner)
{
    bool found = false;
    int how;
    for (pid_t process; (process = waitpid(-1, &how, WNOHANG)) > 0; found = true) {
        if (how != 0) runner->failing = true;
        forget(runner, process);
    }
    return found;
}

/* Until one has ended, or the run is to end. */
static void wait_for_one(struct runner *runner)
{
    while (!reap(runner) && runner->running > 0 && !runner->ended_by)
        wait_for_signal(runner, 3600000);
}

static uint64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static void tell_all(const pid_t *groups, size_t count, int signal)
{
    for (size_t i = 0; i < count; i++) kill(-groups[i], signal);
}

/* Ends those that run. What is suspended hears no signal but SIGCONT; what a job left behind when it ended is ended with it. */
static bool end_all(struct runner *runner, struct sw_error *error)
{
    uint64_t begun = now_ms();
    size_t count = runner->running;
    pid_t *groups = sw_alloc(count, sizeof *groups, error);
    if (!groups) return false;
    if (count) memcpy(groups, runner->processes, count * sizeof *groups);
    tell_all(groups, count, SIGTERM);
    tell_all(groups, count, SIGCONT);
    for (reap(runner); runner->running > 0 && now_ms() - begun < runner->how->grace_ms;
         reap(runner))
        wait_for_signal(runner, LOOK_MS);
    tell_all(groups, count, SIGKILL);
    for (size_t i = 0; i < runner->running; i++)
        while (waitpid(runner->processes[i], NULL, 0) < 0 && errno == EINTR) {
        }
    runner->running = 0;
    free(groups);
    return true;
}

/* How many jobs may run now. */
static bool count_places(struct runner *runner, size_t *places, struct sw_error *error)
{
    if (!sw_tree_read(runner->how->run, "/workers", &runner->text, error)) return false;
    const char *text = (const char *)runner->text.bytes;
    size_t digits = strspn(text, "0123456789");
    bool good = digits > 0 && digits <= WORKERS_DIGITS && *text != '0' &&
                (text[digits] == '\n' || text[digits] == 0);
    *places = good ? strtoul(text, NULL, 10) : (size_t)runner->how->workers;
    return true;
}

static bool may_begin(const struct runner *runner)
{
    return !runner->ended_by && getppid() == runner->caller &&
           (!runner->failing || runner->how->on_failure == SW_FAIL_NEVER);
}

static bool run_all(struct runner *runner, struct sw_error *error)
{
    size_t places;
    for (size_t i = 0; i < runner->jobs->count; i++) {
        for (;;) {
            wait_for_signal(runner,
                            0); /* that of an end comes first, however many jobs have ended */
            if (!count_places(runner, &places, error)) return false;
            if (runner->running < places || !may_begin(runner)) break;
            wait_for_one(runner);
        }
        if (!may_begin(runner)) break;
        if (!begin(runner, runner->jobs->names[i], error)) return false;
    }
    while (runner->running > 0 && !runner->ended_by &&
           !(runner->failing && runner->how->on_failure == SW_FAIL_NOW))
        wait_for_one(runner);
    return true;
}

bool sw_stage_run(const struct sw_stage_jobs *jobs, const struct sw_stage_runner *how,
                  int *ended_by, struct sw_error *error)
{
    struct runner runner = {.jobs = jobs, .how = how, .caller = getppid()};
    if (how->words > COMMAND_WORDS)
        return sw_fail(error, SW_USAGE, "%s: has more than %d words", *how->command, COMMAND_WORDS);
    block_signals(&runner);
    bool good = run_all(&runner, error);
    /* Without memory for what ends them they are not ended. */
    if (runner.running > 0 && !end_all(&runner, error)) good = false;
    *ended_by = runner.ended_by;
    free(runner.processes);
    sw_buffer_free(&runner.text);
    return good;
}

bool sw_on_failure_parse(const char *name, enum sw_on_failure *policy, struct sw_error *error)
{
    static const char *const names[] = {"soon", "now", "never"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(name, names[i]) == 0) {
            *policy = (enum sw_on_failure)i;
            return true;
        }
    return sw_fail(error, SW_USAGE, "--on-failure: not soon, now or never: '%s'", name);
}
