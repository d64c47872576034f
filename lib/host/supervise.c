/* SPDX-License-Identifier: ISC */
#include "host/supervise.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static sigset_t before; /* the mask that attempts get, and that waiting takes */
static volatile sig_atomic_t came;
static bool ignores_hangup; /* as it did when it began (nohup): so do its attempts */

static void note(int signal)
{
    (void)signal;
    came = 1;
}

void sw_supervise_begin(void)
{
    static const int ends[] = {SIGTERM, SIGINT, SIGHUP};
    struct sigaction now, action = {.sa_handler = note};
    sigset_t blocked;
    sigemptyset(&blocked);
    ignores_hangup = sigaction(SIGHUP, NULL, &now) == 0 && now.sa_handler == SIG_IGN;
    for (int i = 0; i < 3; i++) {
        if (ends[i] == SIGHUP && ignores_hangup) continue;
        sigaction(ends[i], &action, NULL);
        sigaddset(&blocked, ends[i]);
    }
    sigprocmask(SIG_BLOCK, &blocked, &before);
    for (int i = 0; i < 3; i++) sigdelset(&before, ends[i]);
}

static uint64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

enum { LOOK_MS = 20, SECOND_MS = 1000, HOUR_MS = 3600000 };
enum waited { ENDED, OVERDUE, SIGNALLED };

static bool is_gone(pid_t process)
{
    siginfo_t about = {0};
    return waitid(P_PID, (id_t)process, &about, WEXITED | WNOWAIT | WNOHANG) != 0 ||
           about.si_pid == process;
}

/* The longest that may be waited before something is looked at again. */
static uint64_t longest_wait(const struct sw_attempt *attempt, bool heeds, bool let_go)
{
    if (let_go) return LOOK_MS;
    return heeds && attempt->goes_on ? SECOND_MS : HOUR_MS;
}

/* Until all have let go of the pipe, and the process is gone: ssh lets go of what it does not know. `limit_ms` of UINT64_MAX has no end. Where
 * that is heeded a signal ends it, and that the attempt is not to go on. */
static enum waited wait_for_end(const struct sw_attempt *attempt, pid_t process, int pipe,
                                uint64_t limit_ms, bool heeds)
{
    uint64_t begin = now_ms();
    struct pollfd ends = {.fd = pipe, .events = POLLIN};
    for (;;) {
        uint64_t spent = now_ms() - begin, left = limit_ms > spent ? limit_ms - spent : 0;
        uint64_t longest = longest_wait(attempt, heeds, ends.fd < 0);
        if (left > longest) left = longest;
        const struct timespec most = {(time_t)(left / 1000), (long)(left % 1000) * 1000000};
        if (heeds && (came || (attempt->goes_on && !attempt->goes_on(attempt->context))))
            return SIGNALLED;
        int found = ppoll(&ends, 1, &most, heeds ? &before : NULL);
        if (found > 0) ends.fd = -1;
        if (ends.fd < 0 && is_gone(process)) return ENDED;
        if (found == 0 && now_ms() - begin >= limit_ms) return OVERDUE;
    }
}

bool sw_supervise_pause(uint64_t milliseconds)
{
    uint64_t begin = now_ms(), spent;
    while (!came && (spent = now_ms() - begin) < milliseconds) {
        uint64_t left = milliseconds - spent;
        const struct timespec most = {(time_t)(left / 1000), (long)(left % 1000) * 1000000};
        (void)ppoll(NULL, 0, &most, &before);
    }
    return !came;
}

/* In the child: nothing here returns. */
static void become(const struct sw_attempt *attempt)
{
    int none = open("/dev/null", O_RDONLY);
    int errors =
        attempt->errors ? open(attempt->errors, O_WRONLY | O_CREAT | O_TRUNC, 0666) : STDERR_FILENO;
    signal(SIGTERM, SIG_DFL);
    signal(SIGINT, SIG_DFL);
    if (!ignores_hangup) signal(SIGHUP, SIG_DFL);
    setpgid(0, 0);
    if (none >= 0) dup2(none, STDIN_FILENO);
    if (none > STDIN_FILENO) close(none);
    if (errors != STDERR_FILENO && dup2(errors, STDERR_FILENO) < 0) _exit(126);
    if (errors > STDERR_FILENO) close(errors);
    sigprocmask(SIG_SETMASK, &before, NULL);
    execvp(attempt->command[0], attempt->command);
    int number = errno; /* what is said goes where the command's own words would */
    dprintf(STDERR_FILENO, "%s: %s\n", attempt->command[0], strerror(number));
    _exit(number == ENOENT ? 127 : 126);
}

/* Asks all of the group to end, and ends what does not; what is suspended hears no other signal. */
static void end(const struct sw_attempt *attempt, pid_t group, int pipe)
{
    kill(-group, SIGTERM);
    kill(-group, SIGCONT);
    if (wait_for_end(attempt, group, pipe, attempt->grace_ms, false) != ENDED)
        kill(-group, SIGKILL);
}

static int status_of(pid_t process)
{
    int how;
    while (waitpid(process, &how, 0) < 0)
        if (errno != EINTR) return 127;
    return WIFSIGNALED(how) ? 128 + WTERMSIG(how) : WEXITSTATUS(how);
}

bool sw_supervise(struct sw_attempt *attempt, struct sw_error *error)
{
    int ends[2];
    uint64_t limit_ms = attempt->limit_seconds ? attempt->limit_seconds * 1000 : UINT64_MAX;
    if (pipe(ends) != 0) return sw_fail_errno(error, "pipe");
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    pid_t process = fork();
    if (process == 0) {
        close(ends[0]);
        become(attempt);
    }
    close(ends[1]);
    if (process < 0) {
        close(ends[0]);
        return sw_fail_errno(error, "%s", attempt->command[0]);
    }
    setpgid(process, process);
    enum waited waited = wait_for_end(attempt, process, ends[0], limit_ms, true);
    attempt->overdue = waited == OVERDUE;
    attempt->told_to_end = waited == SIGNALLED;
    if (waited != ENDED) end(attempt, process, ends[0]);
    attempt->status = status_of(process);
    close(ends[0]);
    return true;
}
