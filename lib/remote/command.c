/* SPDX-License-Identifier: ISC */
#include "remote/command.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"

/* ---- words ---- */

static bool add_piece(struct sw_call *command, const char *word, size_t length,
                      struct sw_error *error)
{
    if (!sw_grow(&command->words, &command->capacity, command->count + 2, sizeof *command->words,
                 error))
        return false;
    command->words[command->count] = sw_copy_text(word, length, error);
    if (!command->words[command->count]) return false;
    command->words[++command->count] = NULL;
    return true;
}

bool sw_call_add(struct sw_call *command, const char *word, struct sw_error *error)
{
    return add_piece(command, word, strlen(word), error);
}

static bool add_words(struct sw_call *command, va_list words, struct sw_error *error)
{
    for (const char *word; (word = va_arg(words, const char *));)
        if (!sw_call_add(command, word, error)) return false;
    return true;
}

bool sw_call_words(struct sw_call *command, struct sw_error *error, ...)
{
    va_list words;
    va_start(words, error);
    bool good = add_words(command, words, error);
    va_end(words);
    return good;
}

void sw_call_free(struct sw_call *command)
{
    for (size_t i = 0; i < command->count; i++) free(command->words[i]);
    free(command->words);
    *command = (struct sw_call){0};
}

/* ---- over ssh ---- */

static bool is_plain(char byte)
{
    return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') ||
           (byte >= '0' && byte <= '9') || (byte && strchr("/._+=:,@-", byte));
}

static bool put_plain(const char *word, struct sw_buffer *line, struct sw_error *error)
{
    bool good = sw_buffer_text(line, " '", error);
    for (; good && *word; word++)
        good = is_plain(*word) ? sw_buffer_add(line, word, 1, error)
                               : sw_buffer_format(line, error, "\\0%03o", (unsigned char)*word);
    return good && sw_buffer_text(line, "'", error);
}

/* Batch mode: nobody is there to type a password. A connection that is silent for some 15 seconds is lost. */
bool sw_call_over_ssh(struct sw_call *command, const char *ssh, const char *host,
                      const struct sw_call *remote, struct sw_error *error)
{
    static const char unpack[] = "exec bash -p -c 'i=0; for word; do printf -v words[i++] %b "
                                 "\"$word\"; done; exec \"${words[@]}\"' bash";
    struct sw_buffer line = {0};
    bool good = true;
    for (size_t length; good && *(ssh += strspn(ssh, " \t\n")); ssh += length) {
        length = strcspn(ssh, " \t\n");
        good = add_piece(command, ssh, length, error);
    }
    good =
        good &&
        sw_call_words(command, error, "-o", "BatchMode=yes", "-o", "ConnectTimeout=10", "-o",
                      "ServerAliveInterval=5", "-o", "ServerAliveCountMax=3", "--", host, NULL) &&
        sw_buffer_text(&line, unpack, error);
    for (size_t i = 0; good && i < remote->count; i++)
        good = put_plain(remote->words[i], &line, error);
    good = good && sw_buffer_add(&line, "", 1, error) &&
           sw_call_add(command, (const char *)line.bytes, error);
    sw_buffer_free(&line);
    return good;
}

/* ---- processes ---- */

static bool become(const char *path, int how, int descriptor)
{
    int file = path ? open(path, how, 0666) : descriptor;
    return file == descriptor || (file >= 0 && dup2(file, descriptor) == descriptor);
}

bool sw_call_begin(const struct sw_call *command, const char *input, const char *output,
                   const char *errors, pid_t *process, struct sw_error *error)
{
    *process = fork();
    if (*process < 0) return sw_fail_errno(error, "%s", command->words[0]);
    if (*process > 0) return true;
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    if (become(input ? input : "/dev/null", O_RDONLY, STDIN_FILENO) &&
        become(output, O_WRONLY | O_CREAT | O_TRUNC, STDOUT_FILENO) &&
        become(errors, O_WRONLY | O_CREAT | O_TRUNC, STDERR_FILENO))
        execvp(command->words[0], command->words);
    int number = errno; /* what is said goes where the command's own words would */
    dprintf(STDERR_FILENO, "%s: %s\n", command->words[0], strerror(number));
    _exit(number == ENOENT ? 127 : 126);
}

int sw_call_wait(pid_t process)
{
    int how;
    while (waitpid(process, &how, 0) < 0)
        if (errno != EINTR) return 127;
    return WIFSIGNALED(how) ? 128 + WTERMSIG(how) : WEXITSTATUS(how);
}

bool sw_call_status(const struct sw_call *command, int *status, struct sw_error *error)
{
    pid_t process;
    if (!sw_call_begin(command, NULL, NULL, NULL, &process, error)) return false;
    *status = sw_call_wait(process);
    return true;
}

bool sw_call_run(const struct sw_call *command, struct sw_error *error)
{
    int status;
    if (!sw_call_status(command, &status, error)) return false;
    return status == 0 ||
           sw_fail(error, SW_SYSTEM, "%s: ended with status %d", command->words[0], status);
}

bool sw_run_program(struct sw_error *error, ...)
{
    struct sw_call command = {0};
    va_list words;
    va_start(words, error);
    bool good = add_words(&command, words, error) && sw_call_run(&command, error);
    va_end(words);
    sw_call_free(&command);
    return good;
}
