/* SPDX-License-Identifier: ISC */
#include "files/rename.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"

enum { TRIES = 100, RANDOM_LETTERS = 6 };

/* ---- the second name of what is replaced ---- */

/* "PATH.??????.tmp", new each time. */
static bool second_name(const char *path, char *to)
{
    static const char letters[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    unsigned char random[RANDOM_LETTERS];
    char part[RANDOM_LETTERS + 1] = {0};
    if (getrandom(random, sizeof random, 0) != (ssize_t)sizeof random) return false;
    for (size_t i = 0; i < RANDOM_LETTERS; i++) part[i] = letters[random[i] % (sizeof letters - 1)];
    sprintf(to, "%s.%s.tmp", path, part);
    return true;
}

/* Where there are no second names, or none for a file of another owner, the file is moved aside: for a moment its name is not there. */
static bool set_aside(const char *path, const char *to)
{
    if (link(path, to) == 0) return true;
    if (errno != EPERM && errno != EOPNOTSUPP && errno != EMLINK && errno != ENOSYS) return false;
    return rename(path, to) == 0;
}

/* Keeps what is at item->to; *kept is NULL where nothing is. */
static bool keep(const struct sw_rename *item, char **kept, struct sw_error *error)
{
    struct stat about;
    if (lstat(item->to, &about) != 0)
        return errno == ENOENT || sw_fail_errno(error, "%s", item->name);
    if (S_ISDIR(about.st_mode)) return sw_fail(error, SW_SYSTEM, "%s: is a directory", item->name);
    char *second = sw_alloc(strlen(item->to) + RANDOM_LETTERS + 8, 1, error);
    if (!second) return false;
    for (int i = 0; i < TRIES && second_name(item->to, second); i++) {
        if (set_aside(item->to, second)) {
            *kept = second;
            return true;
        }
        if (errno != EEXIST) break;
    }
    (void)sw_fail_errno(error, "%s", item->name);
    free(second);
    return false;
}

/* ---- renaming ---- */

/* What was there before comes back; where nothing was, nothing is. A rename of the one name to the other of one file does nothing. */
static void take_back(const struct sw_rename *items, size_t count, char *const *kept,
                      struct sw_error *error)
{
    char prefix[300];
    for (size_t i = count; i-- > 0;) {
        if (!kept[i]) {
            (void)unlink(items[i].to);
        } else if (rename(kept[i], items[i].to) == 0) {
            (void)unlink(kept[i]);
        } else {
            snprintf(prefix, sizeof prefix, "what was there before is now %s", kept[i]);
            (void)sw_fail_at(error, prefix);
        }
    }
}

/* The last one needs no second name: where its renaming fails nothing has changed. */
static bool rename_each(const struct sw_rename *items, size_t count, char **kept,
                        struct sw_error *error)
{
    for (size_t i = 0; i < count; i++) {
        bool good = i + 1 == count || keep(&items[i], &kept[i], error);
        if (good && rename(items[i].from, items[i].to) == 0) continue;
        if (good) (void)sw_fail_errno(error, "%s", items[i].name);
        take_back(items, kept[i] ? i + 1 : i, kept, error);
        return false;
    }
    for (size_t i = 0; i < count; i++)
        if (kept[i]) (void)unlink(kept[i]);
    return true;
}

bool sw_rename_all(const struct sw_rename *items, size_t count, struct sw_error *error)
{
    sigset_t ending, before;
    if (count == 0) return true;
    char **kept = sw_alloc(count, sizeof *kept, error);
    if (!kept) return false;
    sigemptyset(&ending);
    sigaddset(&ending, SIGHUP);
    sigaddset(&ending, SIGINT);
    sigaddset(&ending, SIGTERM);
    (void)sigprocmask(SIG_BLOCK, &ending, &before);
    bool good = rename_each(items, count, kept, error);
    (void)sigprocmask(SIG_SETMASK, &before, NULL);
    for (size_t i = 0; i < count; i++) free(kept[i]);
    free(kept);
    return good;
}
