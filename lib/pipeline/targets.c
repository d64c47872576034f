/* SPDX-License-Identifier: ISC
 * Where the outputs of a run go (pipeline/inputs.h). */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/memory.h"
#include "pipeline/inputs.h"
#include "files/output.h"
#include "files/target.h"

enum { OUTPUTS = 4 };

struct outputs {
    char *items[OUTPUTS]; /* those that are asked for; the results come first */
    size_t count;
    struct sw_buffer names, kinds, places; /* of each a text, ended by a NUL */
    struct sw_error *error;
};

static bool holds(const struct sw_given *given, const char *variable)
{
    return given->option->variable && strcmp(given->option->variable, variable) == 0;
}

/* A name that begins with a dash is one of a file here. */
static char *name_output(const char *value, struct sw_error *error)
{
    struct sw_buffer name = {0};
    bool good = sw_buffer_text(&name, *value == '-' && value[1] ? "./" : "", error) &&
                sw_buffer_add(&name, value, strlen(value) + 1, error);
    if (!good) sw_buffer_free(&name);
    return (char *)name.bytes;
}

static bool find_outputs(struct outputs *outputs, const struct sw_command *command)
{
    static const char *const variables[OUTPUTS] = {"output", "bad_rows", "ledger", "metrics"};
    for (size_t i = 0; i < OUTPUTS; i++) {
        const char *name = NULL;
        for (size_t k = 0; k < command->count; k++)
            if (holds(&command->given[k], variables[i])) name = command->given[k].value;
        if (!name) continue;
        char *item = name_output(name, outputs->error);
        if (!item) return false;
        outputs->items[outputs->count++] = item;
    }
    return true;
}

static bool refuse_clash(const struct outputs *outputs, const struct sw_run_inputs *inputs)
{
    const struct sw_files *files = &inputs->files, *beside = &inputs->beside;
    const char **more = sw_alloc(beside->count + 1, sizeof *more, outputs->error);
    for (size_t i = 0; more && i < beside->count; i++) more[i] = beside->items[i];
    bool good = more && sw_output_refuse_clash((const char *const *)outputs->items, outputs->count,
                                               (const char *const *)files->items, files->count,
                                               more, outputs->error);
    free(more);
    return good;
}

/* ---- where each goes ---- */

static bool is_folder(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

static bool is_below(const char *folder, const char *output, struct sw_error *error, bool *below)
{
    struct sw_buffer path = {0}, top = {0};
    bool good = sw_run_real_path(folder, &path, error) && sw_run_real_path(output, &top, error);
    *below = good && path.length >= top.length &&
             memcmp(path.bytes, top.bytes, top.length - 1) == 0 &&
             (path.length == top.length || path.bytes[top.length - 1] == '/');
    sw_buffer_free(&path);
    sw_buffer_free(&top);
    return good;
}

/* A file beside the results has a folder, or gets one below them. */
static bool check_folder(const struct outputs *outputs, const char *name, const char *place)
{
    const char *slash = strrchr(place, '/');
    char *folder = slash ? sw_copy_text(place, (size_t)(slash - place) + 1, outputs->error)
                         : sw_copy_text("./", 2, outputs->error);
    bool below = true;
    bool good = folder &&
                (is_folder(folder) || is_below(folder, outputs->items[0], outputs->error, &below));
    if (good && !below)
        good = sw_fail(outputs->error, SW_SYSTEM, "%s: no such folder: %s", name, folder);
    free(folder);
    return good;
}

static bool add(struct sw_buffer *to, const char *text, struct sw_error *error)
{
    return sw_buffer_add(to, text, strlen(text) + 1, error);
}

static bool put_target(struct outputs *outputs, const char *name, bool results)
{
    static const char *const kinds[] = {[SW_TARGET_DESCRIPTOR] = "descriptor",
                                        [SW_TARGET_DIRECT] = "device",
                                        [SW_TARGET_FILE] = "file"};
    struct sw_error *error = outputs->error;
    struct sw_target target;
    if (is_folder(name)) {
        if (!results) return sw_fail(error, SW_SYSTEM, "%s: is a directory", name);
        return add(&outputs->kinds, "folder", error) && add(&outputs->places, name, error);
    }
    if (!sw_target_find(&target, name, error)) return false;
    const char *place = target.path ? target.path : name;
    bool good = (results || target.kind != SW_TARGET_FILE || check_folder(outputs, name, place)) &&
                add(&outputs->kinds, kinds[target.kind], error);
    if (good && target.fd >= 0)
        good = sw_buffer_format(&outputs->places, error, "%d", target.fd) &&
               add(&outputs->places, "", error);
    else
        good = good && add(&outputs->places, place, error);
    sw_target_free(&target);
    return good;
}

static bool put_array(const char *name, size_t count, const struct sw_buffer *values,
                      struct sw_buffer *out, struct sw_error *error)
{
    return add(out, name, error) && sw_buffer_format(out, error, "%zu", count) &&
           add(out, "", error) && sw_buffer_add(out, values->bytes, values->length, error);
}

bool sw_run_targets_put(const struct sw_run_inputs *inputs, const struct sw_command *command,
                        struct sw_buffer *out, struct sw_error *error)
{
    struct outputs outputs = {.error = error};
    bool good = find_outputs(&outputs, command) && refuse_clash(&outputs, inputs);
    for (size_t i = 0; good && i < outputs.count; i++)
        good = add(&outputs.names, outputs.items[i], error) &&
               put_target(&outputs, outputs.items[i], i == 0);
    good = good && put_array("target_names", outputs.count, &outputs.names, out, error) &&
           put_array("target_kinds", outputs.count, &outputs.kinds, out, error) &&
           put_array("target_places", outputs.count, &outputs.places, out, error);
    for (size_t i = 0; i < outputs.count; i++) free(outputs.items[i]);
    sw_buffer_free(&outputs.names);
    sw_buffer_free(&outputs.kinds);
    sw_buffer_free(&outputs.places);
    return good;
}
