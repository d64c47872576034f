/* SPDX-License-Identifier: ISC
 * The name of the input in what a shipped job has said (remote/attempt.h). */
#include <inttypes.h>
#include <stdlib.h>

#include "base/posix_checksum.h"
#include "base/shown_text.h"
#include "files/output.h"
#include "files/whole.h"
#include "host/tree.h"
#include "remote/attempt.h"
#include "remote/paths.h"

enum { INPUT = 3 };

struct restoring {
    const struct sw_remote_attempt *attempt;
    struct sw_buffer in_logs, in_rows; /* what stands there for the input */
    struct sw_buffer path, text, made;
};

/* The name of the job's input. */
static bool find_name(const struct sw_remote_attempt *attempt, struct sw_buffer *names,
                      const char **name, struct sw_error *error)
{
    struct sw_buffer path = {0};
    size_t count, length;
    const char *field = sw_stage_field(attempt->jobs, attempt->job, INPUT, &length);
    const char *inputs = sw_put_path(&path, error, "%s/inputs", attempt->jobs->folder);
    size_t number = strtoul(field, NULL, 10);
    bool good = inputs && sw_read_names(inputs, names, &count, error) &&
                (number < count || sw_fail(error, SW_SYSTEM, "%s: no input %zu", inputs, number));
    *name = good ? (const char *)names->bytes : NULL;
    for (; good && number > 0; number--) *name += strlen(*name) + 1;
    sw_buffer_free(&path);
    return good;
}

static bool make_names(struct restoring *restoring, struct sw_error *error)
{
    struct sw_buffer names = {0}, doubled = {0};
    const char *name;
    bool good = find_name(restoring->attempt, &names, &name, error) &&
                sw_shown_add(&restoring->in_logs, name, strlen(name), false, error);
    for (; good && *name; name++)
        good = sw_buffer_add(&doubled, *name == '\\' ? "\\\\" : name, *name == '\\' ? 2 : 1, error);
    good = good &&
           sw_shown_add(&restoring->in_rows, (char *)doubled.bytes, doubled.length, false, error);
    sw_buffer_free(&names);
    sw_buffer_free(&doubled);
    return good;
}

/* Puts the name where the token stands in the file `path`; *made is what the file is then. */
static bool restore(struct restoring *restoring, const char *path, const struct sw_buffer *name,
                    struct sw_error *error)
{
    const char *token = restoring->attempt->token;
    size_t length = strlen(token);
    if (!sw_read_bytes(path, &restoring->text, error)) return false;
    const unsigned char *at = restoring->text.bytes, *end = at + restoring->text.length;
    restoring->made.length = 0;
    while (at < end) {
        const unsigned char *found = memmem(at, (size_t)(end - at), token, length);
        if (!sw_buffer_add(&restoring->made, at, (size_t)((found ? found : end) - at), error) ||
            (found && !sw_buffer_add(&restoring->made, name->bytes, name->length, error)))
            return false;
        at = found ? found + length : end;
    }
    return sw_output_file(path, restoring->made.bytes, restoring->made.length, error);
}

/* The tally has written down what the bad rows were. */
static bool restore_tally(struct restoring *restoring, const char *tally, struct sw_error *error)
{
    struct sw_posix_checksum sum = {0};
    struct sw_buffer line = {0};
    sw_posix_checksum_add(&sum, restoring->made.bytes, restoring->made.length);
    if (!sw_read_bytes(tally, &restoring->text, error) ||
        !sw_buffer_add(&restoring->text, "", 1, error))
        return false;
    char *text = (char *)restoring->text.bytes, *check = strstr(text, "bad:");
    if (!check) return true;
    char *rest = check + strcspn(check, " \n");
    bool good = sw_buffer_add(&line, text, (size_t)(check - text), error) &&
                sw_buffer_format(&line, error, "bad:%" PRIu32 ":%zu%s", sw_posix_checksum_end(&sum),
                                 restoring->made.length, rest) &&
                sw_output_file(tally, line.bytes, line.length, error);
    sw_buffer_free(&line);
    return good;
}

static bool restore_rows(struct restoring *restoring, const char *folder, const char *name,
                         struct sw_error *error)
{
    const char *from = restoring->attempt->from;
    size_t length = strlen(name);
    if (length < 4 || strcmp(name + length - 4, ".bad") != 0) return true;
    const char *path = sw_put_path(&restoring->path, error, "%s/parts/%s/%s", from, folder, name);
    if (!path || !restore(restoring, path, &restoring->in_rows, error)) return false;
    path = sw_put_path(&restoring->path, error, "%s/parts/%s/%.*s.tally", from, folder,
                       (int)length - 4, name);
    return path && (!sw_tree_has("", path) || restore_tally(restoring, path, error));
}

static bool restore_parts(struct restoring *restoring, struct sw_error *error)
{
    struct sw_buffer folders = {0}, names = {0}, path = {0};
    bool good = sw_tree_names(restoring->attempt->from, "/parts", &folders, error);
    for (size_t i = 0; good && i < folders.length; i += strlen((char *)folders.bytes + i) + 1) {
        const char *folder = (char *)folders.bytes + i;
        const char *place = sw_put_path(&path, error, "/parts/%s", folder);
        good = place && sw_tree_names(restoring->attempt->from, place, &names, error);
        for (size_t j = 0; good && j < names.length; j += strlen((char *)names.bytes + j) + 1)
            good = restore_rows(restoring, folder, (char *)names.bytes + j, error);
    }
    sw_buffer_free(&folders);
    sw_buffer_free(&names);
    sw_buffer_free(&path);
    return good;
}

static bool restore_logs(struct restoring *restoring, struct sw_error *error)
{
    struct sw_buffer names = {0};
    const char *from = restoring->attempt->from;
    bool good = sw_tree_names(from, "/stage/logs", &names, error);
    for (size_t i = 0; good && i < names.length; i += strlen((char *)names.bytes + i) + 1) {
        const char *path =
            sw_put_path(&restoring->path, error, "%s/stage/logs/%s", from, (char *)names.bytes + i);
        good = path && restore(restoring, path, &restoring->in_logs, error);
    }
    sw_buffer_free(&names);
    return good;
}

bool sw_attempt_restore_names(const struct sw_remote_attempt *attempt, struct sw_error *error)
{
    struct restoring restoring = {.attempt = attempt};
    if (!attempt->token || attempt->of_securities) return true;
    bool good = make_names(&restoring, error) && restore_logs(&restoring, error) &&
                restore_parts(&restoring, error);
    sw_buffer_free(&restoring.in_logs);
    sw_buffer_free(&restoring.in_rows);
    sw_buffer_free(&restoring.path);
    sw_buffer_free(&restoring.text);
    sw_buffer_free(&restoring.made);
    return good;
}
