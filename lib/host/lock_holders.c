/* SPDX-License-Identifier: ISC */
#include "host/lock_holders.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/memory.h"
#include "host/tree.h"

enum { PATH_LENGTH = 128 };

/* Whether the process has the file open on this number, and the lock with it. */
static bool holds(uint64_t process, const char *number, const struct stat *file,
                  struct sw_buffer *text, struct sw_error *error)
{
    char path[PATH_LENGTH];
    struct stat open;
    snprintf(path, sizeof path, "/proc/%" PRIu64 "/fd/%.20s", process, number);
    if (stat(path, &open) != 0 || open.st_dev != file->st_dev || open.st_ino != file->st_ino)
        return false;
    snprintf(path, sizeof path, "/proc/%" PRIu64 "/fdinfo/%.20s", process, number);
    return sw_tree_read("", path, text, error) && strstr((const char *)text->bytes, "FLOCK");
}

static bool look(struct sw_lock_holders *holders, uint64_t process, const struct stat *file,
                 struct sw_buffer *numbers, struct sw_buffer *text, struct sw_error *error)
{
    char path[PATH_LENGTH];
    snprintf(path, sizeof path, "/proc/%" PRIu64 "/fd", process);
    if (!sw_tree_names("", path, numbers, error)) return false;
    for (size_t at = 0; at < numbers->length; at += strlen((char *)numbers->bytes + at) + 1) {
        if (!holds(process, (char *)numbers->bytes + at, file, text, error)) continue;
        if (!sw_grow(&holders->items, &holders->capacity, holders->count + 1,
                     sizeof *holders->items, error))
            return false;
        holders->items[holders->count++] = (int64_t)process;
        return true;
    }
    return error->status == SW_DONE;
}

bool sw_lock_holders_find(struct sw_lock_holders *holders, const char *path, struct sw_error *error)
{
    struct sw_buffer processes = {0}, numbers = {0}, text = {0};
    struct stat file;
    if (stat(path, &file) != 0) return sw_fail_errno(error, "%s", path);
    bool good = sw_tree_names("", "/proc", &processes, error);
    for (size_t at = 0; good && at < processes.length;
         at += strlen((char *)processes.bytes + at) + 1) {
        const char *name = (const char *)processes.bytes + at, *end;
        uint64_t process;
        if (sw_tree_number(name, &process, &end) && !*end)
            good = look(holders, process, &file, &numbers, &text, error);
    }
    sw_buffer_free(&processes);
    sw_buffer_free(&numbers);
    sw_buffer_free(&text);
    return good;
}

bool sw_lock_holders_list(const char *path, int64_t but, struct sw_buffer *line,
                          struct sw_error *error)
{
    struct sw_lock_holders holders = {0};
    const size_t before = line->length;
    bool good = sw_lock_holders_find(&holders, path, error);
    for (size_t i = 0; good && i < holders.count; i++)
        if (holders.items[i] != but)
            good = sw_buffer_format(line, error, "%s%" PRId64, line->length > before ? " " : "",
                                    holders.items[i]);
    free(holders.items);
    return good;
}

bool sw_lock_holders_end(const char *path, int64_t but, struct sw_error *error)
{
    static const int signals[] = {SIGTERM, SIGKILL};
    const struct timespec pause = {0, 200000000};
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        struct sw_lock_holders holders = {0};
        bool any = false, good = sw_lock_holders_find(&holders, path, error);
        for (size_t j = 0; good && j < holders.count; j++)
            if (holders.items[j] != but && holders.items[j] != getpid()) {
                any = true;
                (void)kill((pid_t)holders.items[j], signals[i]);
            }
        free(holders.items);
        if (!good || !any) return good;
        nanosleep(&pause, NULL);
    }
    return true;
}
