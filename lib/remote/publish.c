/* SPDX-License-Identifier: ISC
 * What an attempt has made becomes the run's (remote/attempt.h). */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "files/folders.h"
#include "host/tree.h"
#include "remote/attempt.h"
#include "remote/command.h"
#include "remote/paths.h"

enum { FOLDERS = 4, PLACE = 9 };

static bool exists(const char *path)
{
    struct stat about;
    return lstat(path, &about) == 0;
}

/* Moves FROM/NAME to TO/NAME, in the place of what is there; where it is not there, nothing is. */
static bool replace(const char *from, const char *to, const char *name, struct sw_error *error)
{
    struct sw_buffer source = {0}, target = {0};
    const char *made = sw_put_path(&source, error, "%s/%s", from, name);
    const char *place = sw_put_path(&target, error, "%s/%s", to, name);
    bool good = made && place &&
                (!exists(place) || sw_run_program(error, "rm", "-rf", "--", place, NULL)) &&
                (!exists(made) || (sw_make_folders_of(place, error) &&
                                   sw_run_program(error, "mv", "-f", "--", made, place, NULL)));
    sw_buffer_free(&source);
    sw_buffer_free(&target);
    return good;
}

/* Of the folders of by_security that are the job's by its line; one that it has made nothing for goes. */
static bool publish_folders(const struct sw_remote_attempt *attempt, struct sw_error *error)
{
    struct sw_buffer from = {0}, to = {0}, names = {0};
    size_t length, of_place;
    const char *folders = sw_stage_field(attempt->jobs, attempt->job, FOLDERS, &length);
    const char *place = sw_stage_field(attempt->jobs, attempt->job, PLACE, &of_place);
    const char *made = sw_put_path(&from, error, "%s/output/by_security", attempt->from);
    const char *results = sw_put_path(&to, error, "%s/by_security", attempt->output);
    bool several = memchr(folders, ',', length) != NULL;
    bool good = made && results && sw_buffer_format(&names, error, "%.*s", (int)length, folders) &&
                (!several || sw_buffer_format(&names, error, ",%.*s", (int)of_place, place)) &&
                sw_buffer_add(&names, "", 1, error);
    char *rest = good ? (char *)names.bytes : NULL;
    for (char *name; good && (name = strsep(&rest, ","));)
        if (*name) good = replace(made, results, name, error);
    sw_buffer_free(&from);
    sw_buffer_free(&to);
    sw_buffer_free(&names);
    return good;
}

static bool publish_results(const struct sw_remote_attempt *attempt, struct sw_error *error)
{
    struct sw_buffer from = {0}, to = {0}, names = {0};
    const char *made = sw_put_path(&from, error, "%s/stage/results", attempt->from);
    const char *results = sw_put_path(&to, error, "%s/results", attempt->jobs->folder);
    bool good = made && results && sw_tree_names("", made, &names, error);
    for (size_t at = 0; good && at < names.length; at += strlen((char *)names.bytes + at) + 1)
        good = replace(made, results, (char *)names.bytes + at, error);
    sw_buffer_free(&from);
    sw_buffer_free(&to);
    sw_buffer_free(&names);
    return good;
}

static bool is_tally(const char *name)
{
    size_t length = strlen(name);
    return length > 6 && strcmp(name + length - 6, ".tally") == 0;
}

/* Of one folder of parts: the tallies, or all else. */
static bool publish_parts_of(const struct sw_remote_attempt *attempt, const char *folder,
                             bool tallies, struct sw_error *error)
{
    struct sw_buffer from = {0}, to = {0}, names = {0};
    const char *made = sw_put_path(&from, error, "%s/parts/%s", attempt->from, folder);
    const char *parts = sw_put_path(&to, error, "%s/parts/%s", attempt->work, folder);
    bool good = made && parts && sw_tree_names("", made, &names, error);
    for (size_t at = 0; good && at < names.length; at += strlen((char *)names.bytes + at) + 1) {
        const char *name = (char *)names.bytes + at;
        if (is_tally(name) == tallies) good = replace(made, parts, name, error);
    }
    sw_buffer_free(&from);
    sw_buffer_free(&to);
    sw_buffer_free(&names);
    return good;
}

/* The mark that a part is whole comes last. */
static bool publish_parts(const struct sw_remote_attempt *attempt, struct sw_error *error)
{
    struct sw_buffer folders = {0};
    bool good = sw_tree_names(attempt->from, "/parts", &folders, error);
    for (int tallies = 0; tallies < 2; tallies++)
        for (size_t at = 0; good && at < folders.length;
             at += strlen((char *)folders.bytes + at) + 1)
            good = publish_parts_of(attempt, (char *)folders.bytes + at, tallies, error);
    sw_buffer_free(&folders);
    return good;
}

/* The job's log, and those of the attempts before the last one: 1, 1.1 and so on. */
static bool publish_logs(const struct sw_remote_attempt *attempt, struct sw_error *error)
{
    struct sw_buffer names = {0}, from = {0}, to = {0};
    const char *name = attempt->jobs->names[attempt->job];
    bool good = sw_tree_names(attempt->from, "/stage/logs", &names, error);
    for (size_t at = 0; good && at < names.length; at += strlen((char *)names.bytes + at) + 1) {
        const char *log = (char *)names.bytes + at;
        const char *made = sw_put_path(&from, error, "%s/stage/logs/%s", attempt->from, log);
        const char *place =
            sw_put_path(&to, error, "%s/logs/%s%s", attempt->jobs->folder, name, log + 1);
        good = made && place && sw_run_program(error, "cp", "--", made, place, NULL);
    }
    sw_buffer_free(&names);
    sw_buffer_free(&from);
    sw_buffer_free(&to);
    return good;
}

/* What cannot be moved is the system's failure, and said in the log. */
static void say_in_log(const struct sw_remote_attempt *attempt, const char *message)
{
    struct sw_error none = {0};
    struct sw_buffer path = {0};
    const char *log = sw_put_path(&path, &none, "%s/stage/logs/1", attempt->from);
    FILE *file = log ? fopen(log, "a") : NULL;
    if (file) {
        fprintf(file, "sw-job: %s\n", message);
        (void)fclose(file);
    }
    sw_buffer_free(&path);
}

bool sw_attempt_publish(const struct sw_remote_attempt *attempt, int *status,
                        struct sw_error *error)
{
    struct sw_buffer text = {0};
    struct sw_error failure = {0};
    bool good = sw_tree_read(attempt->from, "/stage/status/1", &text, error);
    char *line = good ? (char *)text.bytes : NULL;
    if (good) line[strcspn(line, "\n")] = 0;
    const char *first = good ? strsep(&line, "\t") : NULL;
    if (good && (strlen(first) != 1 || *first < '0' || *first > '3' || !line))
        good = sw_fail(error, SW_SYSTEM, "%s: has no status", attempt->at);
    if (good) {
        *status = *first - '0';
        (void)strsep(&line, "\t"); /* the machine, by its own name */
        bool made = *status != 0 || (attempt->of_securities ? publish_folders(attempt, &failure) &&
                                                                  publish_results(attempt, &failure)
                                                            : publish_parts(attempt, &failure));
        if (!made) {
            *status = SW_SYSTEM;
            say_in_log(attempt, failure.message);
        }
        good = publish_logs(attempt, error) &&
               sw_attempt_status(attempt, *status, line ? line : "", error);
    }
    sw_buffer_free(&text);
    return good;
}
