/* SPDX-License-Identifier: ISC */
#include "job/pipe.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"
#include "job/shell_word.h"

enum { NOT_FOUND = 127, OF_SIGNAL = 128, LINE_LENGTH = 512 };

/* ---- words ---- */

/* A copy of the text, as one of the pipe's. */
static const char *own(struct sw_job_pipe *pipe, const char *text)
{
    char *copy = pipe->failed ? NULL : sw_copy_text(text, strlen(text), pipe->error);
    if (copy && sw_job_texts_add(&pipe->owned, copy, pipe->error)) return copy;
    free(copy);
    pipe->failed = true;
    return NULL;
}

static void add(struct sw_job_pipe *pipe, const char *word)
{
    const char *copy = own(pipe, word);
    if (copy && !sw_job_texts_add(&pipe->programs[pipe->count - 1], copy, pipe->error))
        pipe->failed = true;
}

void sw_job_program(struct sw_job_pipe *pipe, const char *name)
{
    pipe->count++;
    add(pipe, name);
}

void sw_job_words(struct sw_job_pipe *pipe, ...)
{
    va_list words;
    va_start(words, pipe);
    for (const char *word; (word = va_arg(words, const char *));) add(pipe, word);
    va_end(words);
}

void sw_job_list(struct sw_job_pipe *pipe, const struct sw_job_texts *words)
{
    for (size_t i = 0; i < words->count; i++) add(pipe, words->items[i]);
}

void sw_job_pair(struct sw_job_pipe *pipe, const char *name, const char *value)
{
    if (*value) sw_job_words(pipe, name, value, NULL);
}

void sw_job_format(struct sw_job_pipe *pipe, const char *format, ...)
{
    char *word = NULL;
    va_list values;
    va_start(values, format);
    if (vasprintf(&word, format, values) < 0) {
        word = NULL;
        pipe->failed = true;
        (void)sw_fail(pipe->error, SW_SYSTEM, "out of memory");
    }
    va_end(values);
    if (word) add(pipe, word);
    free(word);
}

void sw_job_tally(struct sw_job_pipe *pipe, const char *part, const char *ending)
{
    add(pipe, "--tally");
    sw_job_format(pipe, "%s.%s", part, ending);
    if (pipe->failed) return;
    const struct sw_job_texts *words = &pipe->programs[pipe->count - 1];
    if (!sw_job_texts_add(&pipe->tallies, words->items[words->count - 1], pipe->error))
        pipe->failed = true;
}

/* ---- processes ---- */

/* A job hears SIGTERM when its programs have ended; they hear it at once. */
static void hear_term(void)
{
    sigset_t term;
    sigemptyset(&term);
    sigaddset(&term, SIGTERM);
    sigprocmask(SIG_UNBLOCK, &term, NULL);
}

bool sw_job_is_ending(void)
{
    sigset_t pending;
    return sigpending(&pending) == 0 && sigismember(&pending, SIGTERM) == 1;
}

/* "PROGRAM: WHAT": where there may be no memory, or no more of this process than is needed to say it. */
static void say_of(const struct sw_job_pipe *pipe, const struct sw_job_texts *program,
                   const char *what)
{
    char line[LINE_LENGTH];
    snprintf(line, sizeof line, "%s: %s", *program->items, what);
    pipe->say(line);
}

/* In the child: nothing here returns. */
static void become(const struct sw_job_pipe *pipe, const struct sw_job_texts *program, int from,
                   int to)
{
    hear_term();
    if (from >= 0 && from != STDIN_FILENO && dup2(from, STDIN_FILENO) < 0) _exit(NOT_FOUND);
    if (to >= 0 && to != STDOUT_FILENO && dup2(to, STDOUT_FILENO) < 0) _exit(NOT_FOUND);
    execvp(*program->items, (char *const *)(uintptr_t)program->items);
    int number = errno;
    say_of(pipe, program, number == ENOENT ? "command not found" : strerror(number));
    _exit(number == ENOENT ? NOT_FOUND : NOT_FOUND - 1);
}

static void close_one(int file)
{
    if (file >= 0) close(file);
}

/* Begins them all; *begun: how many have been. */
static bool begin(struct sw_job_pipe *pipe, pid_t *processes, size_t *begun)
{
    int from = -1;
    for (*begun = 0; *begun < pipe->count; ++*begun) {
        int ends[2] = {-1, -1};
        if (*begun + 1 < pipe->count && pipe2(ends, O_CLOEXEC) != 0) {
            close_one(from);
            return sw_fail_errno(pipe->error, "a pipe");
        }
        pid_t process = fork();
        if (process == 0) become(pipe, &pipe->programs[*begun], from, ends[1]);
        close_one(from);
        close_one(ends[1]);
        from = ends[0];
        if (process < 0) {
            close_one(from);
            return sw_fail_errno(pipe->error, "%s", *pipe->programs[*begun].items);
        }
        processes[*begun] = process;
    }
    return true;
}

/* A closed pipe is its follower's doing. */
static int judge(int status)
{
    if (status == 0 || status == OF_SIGNAL + SIGPIPE) return 0;
    return status <= SW_SYSTEM ? status : SW_SYSTEM;
}

/* One that a signal ended says nothing itself, and those behind it only what follows from it. */
static int wait_for(const struct sw_job_pipe *pipe, const struct sw_job_texts *program,
                    pid_t process)
{
    char what[64];
    int how;
    while (waitpid(process, &how, 0) < 0)
        if (errno != EINTR) return SW_SYSTEM;
    if (!WIFSIGNALED(how)) return WEXITSTATUS(how);
    const char *name = sigabbrev_np(WTERMSIG(how));
    snprintf(what, sizeof what, "was ended by signal %s", name ? name : "?");
    if (WTERMSIG(how) != SIGPIPE) say_of(pipe, program, what);
    return OF_SIGNAL + WTERMSIG(how);
}

/* ---- the pipe ---- */

/* As a shell would be given it. */
static bool add_commands(const struct sw_job_pipe *pipe, struct sw_buffer *line,
                         struct sw_error *error)
{
    bool good = true;
    for (size_t i = 0; i < pipe->count; i++) {
        good = good && (i == 0 || sw_buffer_text(line, " | ", error));
        for (size_t word = 0; good && word < pipe->programs[i].count; word++)
            good = (word == 0 || sw_buffer_text(line, " ", error)) &&
                   sw_add_shell_word(line, pipe->programs[i].items[word], error);
    }
    return good;
}

static bool show(const struct sw_job_pipe *pipe)
{
    return add_commands(pipe, pipe->shown, pipe->error) &&
           sw_buffer_text(pipe->shown, "\n", pipe->error);
}

/* Without memory to tell it, it is run all the same. */
static void tell(const struct sw_job_pipe *pipe)
{
    struct sw_buffer line = {0};
    struct sw_error untold = {0};
    if (sw_buffer_text(&line, "+ ", &untold) && add_commands(pipe, &line, &untold) &&
        sw_buffer_add(&line, "", 1, &untold))
        pipe->say((char *)line.bytes);
    sw_buffer_free(&line);
}

static void forget_programs(struct sw_job_pipe *pipe)
{
    for (size_t i = 0; i < pipe->count; i++) pipe->programs[i].count = 0;
    pipe->count = 0;
}

bool sw_job_pipe_run(struct sw_job_pipe *pipe, int *worst)
{
    pid_t processes[SW_JOB_PROGRAMS];
    size_t begun = 0;
    for (size_t i = 0; i < pipe->count && !pipe->failed; i++)
        pipe->failed = !sw_job_texts_add(&pipe->programs[i], NULL, pipe->error);
    for (size_t i = 0; i < pipe->count && !pipe->failed; i++) pipe->programs[i].count--;
    if (!pipe->failed && pipe->is_told) tell(pipe);
    if (!pipe->failed) pipe->failed = pipe->is_dry ? !show(pipe) : !begin(pipe, processes, &begun);
    /* It may have come before some of them were there. */
    for (size_t i = 0; i < begun && sw_job_is_ending(); i++) kill(processes[i], SIGTERM);
    *worst = 0;
    for (size_t i = 0; i < begun; i++) {
        int status = judge(wait_for(pipe, &pipe->programs[i], processes[i]));
        if (status > *worst) *worst = status;
    }
    forget_programs(pipe);
    return !pipe->failed;
}

void sw_job_pipe_free(struct sw_job_pipe *pipe)
{
    for (size_t i = 0; i < pipe->owned.count; i++) free((char *)(uintptr_t)pipe->owned.items[i]);
    for (size_t i = 0; i < SW_JOB_PROGRAMS; i++) free(pipe->programs[i].items);
    free(pipe->owned.items);
    free(pipe->tallies.items);
}
