/* SPDX-License-Identifier: ISC */
#include "stage/guard.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host/tree.h"

enum { OF_SIGNAL = 128, NOT_FOUND = 127 };

/* ---- its jobs ---- */

/* RUN/FOLDER/running/NAME begins with the job's process, which leads a group, as a rule. */
static bool continue_job(const char *run, const char *folder, const char *name,
                         struct sw_error *error)
{
    struct sw_buffer path = {0}, text = {0};
    uint64_t process;
    bool good = sw_buffer_format(&path, error, "/%s/%s", folder, name) &&
                sw_buffer_add(&path, "", 1, error) &&
                sw_tree_read(run, (char *)path.bytes, &text, error);
    if (good && sw_tree_number((char *)text.bytes, &process, NULL) && process > 0 &&
        kill(-(pid_t)process, SIGCONT) != 0)
        (void)kill((pid_t)process, SIGCONT);
    sw_buffer_free(&path);
    sw_buffer_free(&text);
    return good;
}

static bool continue_jobs_in(const char *run, const char *folder, struct sw_error *error)
{
    struct sw_buffer path = {0}, names = {0};
    bool good = sw_buffer_format(&path, error, "/%s", folder) &&
                sw_buffer_add(&path, "", 1, error) &&
                sw_tree_names(run, (char *)path.bytes, &names, error);
    for (size_t at = 0; good && at < names.length; at += strlen((char *)names.bytes + at) + 1)
        good = continue_job(run, folder, (char *)names.bytes + at, error);
    sw_buffer_free(&path);
    sw_buffer_free(&names);
    return good;
}

/* A run of one stage has it in its own folder, others below. */
static bool continue_jobs(const char *run, struct sw_error *error)
{
    struct sw_buffer names = {0}, folder = {0};
    bool good = continue_jobs_in(run, "running", error) && sw_tree_names(run, "", &names, error);
    for (size_t at = 0; good && at < names.length; at += strlen((char *)names.bytes + at) + 1) {
        folder.length = 0;
        good = sw_buffer_format(&folder, error, "%s/running", (char *)names.bytes + at) &&
               sw_buffer_add(&folder, "", 1, error) &&
               continue_jobs_in(run, (char *)folder.bytes, error);
    }
    sw_buffer_free(&names);
    sw_buffer_free(&folder);
    return good;
}

/* ---- the command ---- */

/* SIGTERM waits for sigwait until the command is there, and then goes to it. */
static int wait_for(pid_t process, const sigset_t *awaited)
{
    int how, came;
    for (;;) {
        pid_t ended = waitpid(process, &how, WNOHANG);
        if (ended == process)
            return WIFSIGNALED(how) ? OF_SIGNAL + WTERMSIG(how) : WEXITSTATUS(how);
        if (ended < 0 && errno != EINTR) return SW_SYSTEM;
        if (sigwait(awaited, &came) == 0 && came == SIGTERM) kill(process, SIGTERM);
    }
}

bool sw_guard(const char *run, char *const *command, int *status, struct sw_error *error)
{
    sigset_t awaited, before;
    sigemptyset(&awaited);
    sigaddset(&awaited, SIGCHLD);
    sigaddset(&awaited, SIGTERM);
    signal(SIGCHLD, SIG_DFL);
    signal(SIGINT, SIG_IGN);
    sigprocmask(SIG_BLOCK, &awaited, &before);
    pid_t process = fork();
    if (process < 0) return sw_fail_errno(error, "%s", *command);
    if (process == 0) {
        sigprocmask(SIG_SETMASK, &before, NULL);
        execvp(*command, command);
        _exit(NOT_FOUND);
    }
    *status = wait_for(process, &awaited);
    return *status <= OF_SIGNAL || continue_jobs(run, error);
}
