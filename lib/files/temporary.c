/* SPDX-License-Identifier: ISC */
#include "files/temporary.h"

#include <signal.h>
#include <stddef.h>
#include <unistd.h>

/* Written by the program, read by the handler: a slot is a name or NULL, never half of one. */
static const char *volatile names[SW_TEMPORARY_MAXIMUM];

static const char *volatile folder;
static const volatile size_t *volatile folder_count;

static const int ending[] = {SIGHUP, SIGINT, SIGTERM, SIGPIPE};

/* Only what a signal handler may do: no allocation, no directory reading. */
static void remove_folder(void)
{
    char path[4200], digits[24];
    size_t length = 0;
    while (folder[length] && length < sizeof path - 32) {
        path[length] = folder[length];
        length++;
    }
    for (size_t i = 0; i < *folder_count; i++) {
        size_t count = 0, at = length;
        for (size_t rest = i; count == 0 || rest; rest /= 10)
            digits[count++] = (char)('0' + rest % 10);
        path[at++] = '/';
        while (count) path[at++] = digits[--count];
        path[at] = 0;
        (void)unlink(path);
    }
    (void)rmdir(folder);
}

static void remove_all(int number)
{
    if (folder) remove_folder();
    for (size_t i = 0; i < SW_TEMPORARY_MAXIMUM; i++)
        if (names[i]) (void)unlink(names[i]);
    signal(number, SIG_DFL);
    raise(number);
}

/* A signal that was ignored when the program began (nohup) stays ignored. */
static void catch_signals(void)
{
    for (size_t i = 0; i < sizeof ending / sizeof *ending; i++) {
        struct sigaction now, wanted = {.sa_handler = remove_all};
        if (sigaction(ending[i], NULL, &now) == 0 && now.sa_handler == SIG_DFL)
            (void)sigaction(ending[i], &wanted, NULL);
    }
}

bool sw_temporary_register(const char *path, struct sw_error *error)
{
    for (size_t i = 0; i < SW_TEMPORARY_MAXIMUM; i++)
        if (!names[i]) {
            names[i] = path;
            catch_signals();
            return true;
        }
    return sw_fail(error, SW_SYSTEM, "%s: more than %d temporary files", path,
                   SW_TEMPORARY_MAXIMUM);
}

void sw_temporary_forget(const char *path)
{
    for (size_t i = 0; i < SW_TEMPORARY_MAXIMUM; i++)
        if (names[i] == path) names[i] = NULL;
}

void sw_temporary_folder(const char *path, const volatile size_t *count)
{
    folder_count = count;
    folder = path;
    if (path) catch_signals();
}
