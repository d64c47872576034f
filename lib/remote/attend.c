/* SPDX-License-Identifier: ISC */
#include "remote/attend.h"

#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "files/folders.h"
#include "files/output.h"
#include "files/whole.h"
#include "host/supervise.h"
#include "host/tree.h"
#include "remote/attempt.h"
#include "remote/paths.h"

/* The grace is longer than that of the attempts that a job ends. */
enum { GRACE_MS = 6000, PART = 6 };

struct attending {
    const struct sw_attend *how;
    struct sw_buffer job, path;
    size_t count; /* fields of ATTEMPT/job */
    const char *command, *folder;
};

static const char *next(const char *field)
{
    return field + strlen(field) + 1;
}

static bool no_attempt(struct sw_error *error)
{
    return sw_fail(error, SW_SYSTEM, "not an attempt at a job");
}

/* ---- surroundings ---- */

static bool is_variable(const char *text)
{
    size_t length = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
    return strncmp(text, "SW_", 3) == 0 && length > 3 && text[length] == '=';
}

static bool read_job(struct attending *attending, struct sw_error *error)
{
    const char *path = sw_put_path(&attending->path, error, "%s/job", attending->how->at);
    if (!path || !sw_read_names(path, &attending->job, &attending->count, error)) return false;
    if (attending->count < 3) return no_attempt(error);
    attending->command = (const char *)attending->job.bytes;
    attending->folder = next(attending->command);
    const char *variable = next(next(attending->folder));
    for (size_t i = 3; i < attending->count; i++, variable = next(variable))
        if (is_variable(variable) && putenv((char *)(uintptr_t)variable) != 0)
            return sw_fail_errno(error, "%s", variable);
    path = sw_put_path(&attending->path, error, "%s/jobs/%s", attending->how->home,
                       attending->command);
    bool is_one = path && !strchr(attending->command, '/') && access(path, X_OK) == 0;
    return is_one || (path && no_attempt(error));
}

/* ---- settings: NAME, "-" or how many, and the values ---- */

static bool put(struct sw_buffer *text, const char *field, struct sw_error *error)
{
    return sw_buffer_add(text, field, strlen(field) + 1, error);
}

/* Appends the last array of this name again, the word after `option` being another one. */
static bool put_array(const struct sw_buffer *settings, size_t count, const char *name,
                      const char *option, const char *word, struct sw_buffer *out,
                      struct sw_error *error)
{
    const char *field = (const char *)settings->bytes, *found = NULL;
    for (size_t i = 0; i + 1 < count;) {
        const char *number = next(field);
        size_t values = strcmp(number, "-") == 0 ? 1 : strtoul(number, NULL, 10);
        if (strcmp(field, name) == 0) found = field;
        if (values > count - i - 2) return no_attempt(error);
        i += 2 + values;
        for (field = next(number); values > 0; values--) field = next(field);
    }
    if (!found) return true;
    size_t values = strtoul(next(found), NULL, 10);
    bool good = put(out, name, error) && put(out, next(found), error), follows = false;
    for (field = next(next(found)); good && values > 0; values--, field = next(field)) {
        good = put(out, follows ? word : field, error);
        follows = strcmp(field, option) == 0;
    }
    return good;
}

/* What is written after the rest holds. */
static bool write_settings(struct attending *attending, struct sw_error *error)
{
    struct sw_buffer settings = {0}, output = {0};
    size_t count;
    const char *at = attending->how->at;
    const char *made = sw_put_path(&output, error, "%s/output", at);
    const char *path = sw_put_path(&attending->path, error, "%s/stage/settings", at);
    bool good = made && path && sw_read_names(path, &settings, &count, error);
    struct sw_buffer text = {0};
    good = good && sw_buffer_add(&text, settings.bytes, settings.length, error) &&
           put(&text, "work", error) && put(&text, "-", error) && put(&text, at, error);
    if (good && sw_is_of_securities(attending->command))
        good = put(&text, "output", error) && put(&text, "-", error) && put(&text, made, error);
    if (good && !*attending->folder)
        good = put_array(&settings, count, "memory", "--temporary-directory", at, &text, error);
    good = good && sw_output_file(path, text.bytes, text.length, error);
    sw_buffer_free(&settings);
    sw_buffer_free(&output);
    sw_buffer_free(&text);
    return good;
}

/* Where a part goes is in the job's line. */
static bool make_place(struct attending *attending, struct sw_error *error)
{
    struct sw_stage_jobs jobs = {0};
    struct sw_buffer stage = {0};
    size_t length;
    const char *folder = sw_put_path(&stage, error, "%s/stage", attending->how->at);
    bool good = folder && sw_stage_jobs_read(&jobs, folder, error) &&
                (jobs.count == 1 || no_attempt(error));
    const char *part = good ? sw_stage_field(&jobs, 0, PART, &length) : "";
    if (good && strncmp(part, "parts/", 6) == 0) {
        const char *path =
            sw_put_path(&attending->path, error, "%s/%.*s", attending->how->at, (int)length, part);
        good = path && sw_make_folders_of(path, error);
    }
    sw_stage_jobs_free(&jobs);
    sw_buffer_free(&stage);
    return good;
}

/* ---- the job ---- */

static int64_t parent_of(int64_t process)
{
    struct sw_error none = {0};
    struct sw_buffer text = {0};
    char path[64];
    int64_t parent = 0;
    snprintf(path, sizeof path, "/proc/%" PRId64 "/stat", process);
    if (sw_tree_read("", path, &text, &none)) {
        /* The name, in parentheses, may hold anything; a state follows. */
        const char *after = strrchr((char *)text.bytes, ')');
        if (after && strlen(after) > 4) parent = strtoll(after + 4, NULL, 10);
    }
    sw_buffer_free(&text);
    return parent;
}

/* Whoever called stands above until the connection ends: this process' parent, or the shell's between them. */
static bool has_caller(const struct sw_attend *how)
{
    int64_t parent = getppid();
    return how->caller == 0 || parent == how->caller || parent_of(parent) == how->caller;
}

/* A connection that ended before the shell between them had begun left it to init, a caller that stays; one of several that share an sshd ends
 * while that goes on. */
static bool is_connected(const struct sw_attend *how)
{
    struct pollfd end = {.fd = (int)how->connection};
    return how->connection == 0 || poll(&end, 1, 0) < 1 || !(end.revents & (POLLERR | POLLHUP));
}

static bool is_called(void *context)
{
    const struct sw_attend *how = context;
    return has_caller(how) && is_connected(how);
}

static bool run_job(struct attending *attending, struct sw_error *error)
{
    struct sw_buffer command = {0}, stage = {0};
    const struct sw_attend *how = attending->how;
    const char *path = sw_put_path(&command, error, "%s/jobs/%s", how->home, attending->command);
    const char *folder = sw_put_path(&stage, error, "%s/stage", how->at);
    const char *place = *attending->folder ? attending->folder : how->at;
    char *const words[] = {(char *)(uintptr_t)path, (char *)(uintptr_t)folder, (char[]){"1"}, NULL};
    struct sw_attempt attempt = {.command = words,
                                 .grace_ms = GRACE_MS,
                                 .goes_on = is_called,
                                 .context = (void *)(uintptr_t)how};
    bool good = path && folder && (chdir(place) == 0 || sw_fail_errno(error, "%s", place));
    /* Were the job to hold it, nobody there would hear of the job's end. */
    good = good && (how->connection == 0 || fcntl((int)how->connection, F_SETFD, FD_CLOEXEC) == 0 ||
                    sw_fail_errno(error, "the connection"));
    if (good) sw_supervise_begin();
    good = good && sw_supervise(&attempt, error);
    sw_buffer_free(&command);
    sw_buffer_free(&stage);
    return good;
}

bool sw_attend(const struct sw_attend *how, bool *ended, struct sw_error *error)
{
    struct attending attending = {.how = how};
    struct sw_buffer status = {0};
    bool good = read_job(&attending, error) && write_settings(&attending, error) &&
                make_place(&attending, error) && run_job(&attending, error) &&
                sw_tree_read(how->at, "/stage/status/1", &status, error);
    *ended = good && status.length > 0;
    sw_buffer_free(&attending.path);
    sw_buffer_free(&status);
    /* The variables stay where they are. */
    return good;
}
