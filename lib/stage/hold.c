/* SPDX-License-Identifier: ISC */
#include "stage/hold.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/bytes.h"
#include "host/lock_holders.h"
#include "host/tree.h"

enum { PATIENCE_MS = 2000, LOOK_MS = 20, BEGIN_FIELD = 19, HOST_LENGTH = 256, PATH_LENGTH = 4352 };

struct holding {
    const struct sw_run_folder *folder;
    const struct sw_run_hold *hold;
    char host[HOST_LENGTH];
};

/* ---- who holds it ---- */

/* When a process began, as /proc has it; empty where there is none, and for one that is dead: whoever began it may never ask for its
 * status. */
static bool process_begin(int64_t process, char begin[24], struct sw_error *error)
{
    struct sw_buffer text = {0};
    char path[64], *at;
    *begin = 0;
    snprintf(path, sizeof path, "/proc/%" PRId64 "/stat", process);
    if (!sw_tree_read("", path, &text, error)) return false;
    /* The name, in parentheses, may hold anything. */
    at = strrchr((char *)text.bytes, ')');
    at = at ? strtok(at + 1, " ") : NULL;
    if (at && *at != 'Z' && *at != 'X') {
        for (int field = 0; at && field < BEGIN_FIELD; field++) at = strtok(NULL, " ");
        if (at) snprintf(begin, 24, "%s", at);
    }
    sw_buffer_free(&text);
    return true;
}

/* Whether the run that wrote FOLDER/process goes on; who holds the lock without having said so, or on another machine, is taken to be
 * alive. */
static bool is_alive(const struct holding *holding, bool *alive, struct sw_error *error)
{
    struct sw_buffer text = {0};
    char begin[24], *end;
    *alive = true;
    if (!sw_tree_has(holding->folder->path, "/process")) return true;
    if (!sw_tree_read(holding->folder->path, "/process", &text, error)) return false;
    char *line = (char *)text.bytes;
    line[strcspn(line, "\n")] = 0;
    const char *id = strtok(line, " "), *begun = strtok(NULL, " "), *host = strtok(NULL, "");
    int64_t process = id ? strtoll(id, &end, 10) : 0;
    bool is_number = process > 0 && *id >= '1' && *id <= '9' && *end == 0;
    *alive = is_number;
    bool is_here = !host || strcmp(host, holding->host) == 0;
    bool good = !is_number || !is_here || process_begin(process, begin, error);
    if (good && is_number && is_here) *alive = strcmp(begin, begun ? begun : "") == 0;
    sw_buffer_free(&text);
    return good;
}

static bool refuse_if_alive(const struct holding *holding, struct sw_error *error)
{
    bool alive;
    return is_alive(holding, &alive, error) &&
           (!alive ||
            sw_fail(error, SW_SYSTEM, "%s: another run writes there", holding->folder->output));
}

/* ---- the lock ---- */

enum taken { FAILED, BUSY, TAKEN };

/* Waits for it at most that long. */
static enum taken take(const struct holding *holding, int patience_ms, struct sw_error *error)
{
    const struct timespec look = {0, LOOK_MS * 1000000L};
    for (int waited = 0;; waited += LOOK_MS) {
        if (flock(holding->hold->descriptor, LOCK_EX | LOCK_NB) == 0) return TAKEN;
        if (errno != EWOULDBLOCK && errno != EINTR) {
            (void)sw_fail_errno(error, "%s/lock", holding->folder->path);
            return FAILED;
        }
        if (waited >= patience_ms) return BUSY;
        nanosleep(&look, NULL);
    }
}

static bool signal_holders(const struct holding *holding, int signal, struct sw_error *error)
{
    struct sw_lock_holders holders = {0};
    char path[PATH_LENGTH];
    snprintf(path, sizeof path, "%s/lock", holding->folder->path);
    bool good = sw_lock_holders_find(&holders, path, error) && refuse_if_alive(holding, error);
    for (size_t i = 0; good && i < holders.count; i++)
        if (holders.items[i] != holding->hold->process && holders.items[i] != getpid())
            (void)kill((pid_t)holders.items[i], signal);
    free(holders.items);
    return good;
}

/* Whoever holds the lock is of the run that was killed: a number that was written down may be another process's by now. What they began
 * meanwhile, and what does not end when it is asked to, is ended without asking. Another run that waits, too, may get the lock meanwhile. */
static enum taken end_orphans(const struct holding *holding, struct sw_error *error)
{
    static const int signals[] = {SIGTERM, SIGKILL, SIGKILL};
    enum taken taken = BUSY;
    for (size_t i = 0; taken == BUSY && i < sizeof signals / sizeof *signals; i++)
        taken =
            signal_holders(holding, signals[i], error) ? take(holding, PATIENCE_MS, error) : FAILED;
    return taken;
}

static bool wait_for_lock(const struct holding *holding, struct sw_error *error)
{
    bool alive;
    if (!is_alive(holding, &alive, error)) return false;
    if (alive) {
        /* One that was killed a moment ago takes another to be gone. */
        enum taken taken = take(holding, PATIENCE_MS, error);
        if (taken != BUSY) return taken == TAKEN;
        if (!refuse_if_alive(holding, error)) return false;
    }
    if (holding->hold->ends_orphans) {
        enum taken taken = end_orphans(holding, error);
        if (taken != BUSY) return taken == TAKEN;
    } else if (holding->hold->waits) {
        holding->hold->waits(holding->hold->context);
    }
    while (flock(holding->hold->descriptor, LOCK_EX) != 0)
        if (errno != EINTR) return sw_fail_errno(error, "%s/lock", holding->folder->path);
    return true;
}

/* ---- what is written down ---- */

static bool write_text(const char *folder, const char *name, const struct sw_buffer *text,
                       struct sw_error *error)
{
    char path[PATH_LENGTH];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    bool good = file >= 0 && write(file, text->bytes, text->length) == (ssize_t)text->length;
    if (!good) (void)sw_fail_errno(error, "%s", path);
    if (file >= 0 && close(file) != 0 && good) good = sw_fail_errno(error, "%s", path);
    return good;
}

static bool write_process(const struct holding *holding, struct sw_error *error)
{
    struct sw_buffer text = {0};
    char begin[24];
    const struct sw_run_hold *hold = holding->hold;
    bool good = process_begin(hold->process, begin, error) &&
                sw_buffer_format(&text, error, "%" PRId64 " %s %s\nbegun %s\n", hold->process,
                                 begin, holding->host, hold->begun) &&
                write_text(holding->folder->path, "process", &text, error);
    sw_buffer_free(&text);
    return good;
}

static bool write_kind(const struct holding *holding, struct sw_error *error)
{
    struct sw_buffer text = {0};
    const struct sw_run_folder *folder = holding->folder;
    if (!sw_run_folder_is_of_kind(folder, error)) return false;
    bool good = sw_tree_has(folder->path, "/kind") ||
                (sw_buffer_format(&text, error, "%s\n", folder->kind) &&
                 write_text(folder->path, "kind", &text, error));
    sw_buffer_free(&text);
    return good;
}

static bool remove_one(const char *folder, const char *name, struct sw_error *error)
{
    char path[PATH_LENGTH];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return unlink(path) == 0 || errno == ENOENT || sw_fail_errno(error, "%s", path);
}

static bool ends_in_tmp(const char *name)
{
    size_t length = strlen(name);
    return *name != '.' && length >= 4 && strcmp(name + length - 4, ".tmp") == 0;
}

/* What an earlier run left of its own. */
static bool remove_left(const char *path, struct sw_error *error)
{
    if (sw_tree_has(path, "/stages") &&
        (!remove_one(path, "joblog", error) || !remove_one(path, "stages", error)))
        return false;
    DIR *folder = opendir(path);
    if (!folder) return sw_fail_errno(error, "%s", path);
    bool good = true;
    for (struct dirent *entry; good && (entry = readdir(folder));)
        if (ends_in_tmp(entry->d_name)) good = remove_one(path, entry->d_name, error);
    closedir(folder);
    return good;
}

bool sw_run_folder_hold(const struct sw_run_folder *folder, const struct sw_run_hold *hold,
                        bool *gone, struct sw_error *error)
{
    struct holding holding = {.folder = folder, .hold = hold};
    struct stat held, there;
    char path[PATH_LENGTH];
    gethostname(holding.host, sizeof holding.host - 1);
    if (snprintf(path, sizeof path, "%s/lock", folder->path) >= PATH_LENGTH - 16)
        return sw_fail(error, SW_SYSTEM, "%s: too long a name", folder->path);
    enum taken taken = take(&holding, 0, error);
    if (taken == FAILED || (taken == BUSY && !wait_for_lock(&holding, error))) return false;
    *gone = fstat(hold->descriptor, &held) != 0 || stat(path, &there) != 0 ||
            held.st_dev != there.st_dev || held.st_ino != there.st_ino;
    return *gone || (write_process(&holding, error) && remove_left(folder->path, error) &&
                     write_kind(&holding, error));
}
