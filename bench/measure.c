// SPDX-License-Identifier: ISC
//
// measure [-s MILLISECONDS] -o FILE COMMAND [ARGUMENT]…: runs a command and appends one line to
// FILE, tab-separated:
//
//   seconds  cpu_seconds  largest_kib  together_kib
//
// Wall-clock seconds, from before fork to after the command's end; user and system time of the
// command and of all that it waited for; the largest resident set of any one of these; and, with
// -s, the largest sum of the resident sets of all its processes at one instant, looked at every so
// many milliseconds (0 without -s: looking costs time, so a run whose seconds count goes without).
// A page that two processes share counts twice. Ends with the command's own status, 128 + N for a
// signal N.

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void die(const char *what)
{
    fprintf(stderr, "measure: %s: %s\n", what, strerror(errno));
    exit(3);
}

static double seconds_now(void)
{
    struct timespec now;
    if (clock_gettime(CLOCK_MONOTONIC, &now) != 0) die("clock");
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

// The resident pages of one process; 0 when it has just gone.
static uint64_t resident_pages(pid_t process)
{
    char name[64];
    snprintf(name, sizeof name, "/proc/%d/statm", (int)process);
    FILE *file = fopen(name, "re");
    if (!file) return 0;
    uint64_t pages;
    if (fscanf(file, "%*u %" SCNu64, &pages) != 1) pages = 0;
    fclose(file);
    return pages;
}

// The resident pages of all that the process has started, directly or not.
static uint64_t resident_below(pid_t process)
{
    char name[64];
    snprintf(name, sizeof name, "/proc/%d/task/%d/children", (int)process, (int)process);
    FILE *file = fopen(name, "re");
    if (!file) return 0;
    uint64_t pages = 0;
    int child;
    while (fscanf(file, "%d", &child) == 1) pages += resident_pages(child) + resident_below(child);
    fclose(file);
    return pages;
}

static sigset_t the_end_of_a_child(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    return set;
}

// Waits for the command, looking at its memory meanwhile; returns the most pages seen. SIGCHLD is
// blocked, so that waiting for it ends the pause as soon as a child ends.
static uint64_t wait_sampling(pid_t command, int *status, long period_ms)
{
    uint64_t most = 0;
    struct timespec period = {period_ms / 1000, period_ms % 1000 * 1000000};
    sigset_t child_ended = the_end_of_a_child();
    for (;;) {
        pid_t ended;
        while ((ended = waitpid(-1, status, WNOHANG)) > 0)
            if (ended == command) return most;
        if (ended < 0 && errno != EINTR) die("waitpid");
        uint64_t pages = resident_below(getpid());
        if (pages > most) most = pages;
        if (sigtimedwait(&child_ended, NULL, &period) < 0 && errno != EAGAIN && errno != EINTR)
            die("sigtimedwait");
    }
}

static void wait_quietly(pid_t command, int *status)
{
    while (waitpid(command, status, 0) < 0)
        if (errno != EINTR) die("waitpid");
}

static void report(const char *path, double seconds, uint64_t most_pages)
{
    struct rusage used;
    if (getrusage(RUSAGE_CHILDREN, &used) != 0) die("getrusage");
    double cpu = (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
                 (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
    FILE *file = fopen(path, "ae");
    if (!file) die(path);
    fprintf(file, "%.4f\t%.3f\t%ld\t%" PRIu64 "\n", seconds, cpu, used.ru_maxrss,
            most_pages * (uint64_t)sysconf(_SC_PAGESIZE) / 1024);
    if (fclose(file) != 0) die(path);
}

// Starts the command; SIGCHLD is blocked for us alone.
static pid_t start_command(char **words)
{
    sigset_t child_ended = the_end_of_a_child(), as_it_was;
    if (sigprocmask(SIG_BLOCK, &child_ended, &as_it_was) != 0) die("sigprocmask");
    pid_t command = fork();
    if (command < 0) die("fork");
    if (command > 0) return command;
    sigprocmask(SIG_SETMASK, &as_it_was, NULL);
    execvp(words[0], words);
    fprintf(stderr, "measure: %s: %s\n", words[0], strerror(errno));
    _exit(127);
}

int main(int argc, char **argv)
{
    long period_ms = 0;
    const char *path = NULL;
    int option;
    while ((option = getopt(argc, argv, "+s:o:")) != -1) {
        if (option == 's')
            period_ms = strtol(optarg, NULL, 10);
        else if (option == 'o')
            path = optarg;
        else
            return 2;
    }
    if (!path || optind == argc || period_ms < 0) {
        fputs("usage: measure [-s MILLISECONDS] -o FILE COMMAND [ARGUMENT]...\n", stderr);
        return 2;
    }
    // What a command leaves running becomes ours, so that its memory is seen.
    if (period_ms > 0 && prctl(PR_SET_CHILD_SUBREAPER, 1) != 0) die("prctl");
    double start = seconds_now();
    pid_t command = start_command(argv + optind);
    int status;
    uint64_t most_pages = 0;
    if (period_ms > 0)
        most_pages = wait_sampling(command, &status, period_ms);
    else
        wait_quietly(command, &status);
    report(path, seconds_now() - start, most_pages);
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
