/* SPDX-License-Identifier: ISC */
#include "files/output.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "files/target.h"

static bool about_input(const char *path, struct stat *about)
{
    if (!path || strcmp(path, "-") == 0) return fstat(STDIN_FILENO, about) == 0;
    return stat(path, about) == 0;
}

bool sw_output_refuse_inputs(const char *path, const char *const *inputs, size_t count,
                             struct sw_error *error)
{
    static const char *const standard[] = {"-"};
    struct stat out, in;
    bool to_standard = !path || strcmp(path, "-") == 0;
    if ((to_standard ? fstat(STDOUT_FILENO, &out) : stat(path, &out)) != 0) return true;
    if (!S_ISREG(out.st_mode)) return true;
    if (count == 0) {
        inputs = standard;
        count = 1;
    }
    for (size_t i = 0; i < count; i++)
        if (about_input(inputs[i], &in) && in.st_dev == out.st_dev && in.st_ino == out.st_ino)
            return sw_fail(error, SW_USAGE, "%s: is an input and the output",
                           to_standard ? "standard output" : path);
    return true;
}

static bool is_folder(const char *path)
{
    struct stat about;
    return path && stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

/* Of those that are asked for; `found` counts them. A folder is for its program to look into. */
static bool find_targets(const char *const *outputs, size_t count, struct sw_target *targets,
                         const char **names, size_t *found, struct sw_error *error)
{
    for (size_t i = 0; i < count; i++) {
        if (i > 0 ? !outputs[i] : is_folder(outputs[i])) continue;
        if (!sw_target_find(&targets[*found], outputs[i], error)) return false;
        names[(*found)++] = outputs[i] ? outputs[i] : "standard output";
    }
    return true;
}

/* A main output alone is looked at when it is opened: it may never be. */
static bool refuse_twins(const char *const *outputs, size_t count, struct sw_error *error)
{
    size_t found = 0, others = 0;
    for (size_t i = 1; i < count; i++) others += outputs[i] != NULL;
    if (others == 0) return true;
    struct sw_target *targets = sw_alloc(count, sizeof *targets, error);
    const char **names = sw_alloc(count, sizeof *names, error);
    bool good = targets && names && find_targets(outputs, count, targets, names, &found, error);
    for (size_t i = 0; good && i < found; i++)
        for (size_t j = i + 1; good && j < found; j++)
            good = !sw_target_same(&targets[i], &targets[j]) ||
                   sw_fail(error, SW_USAGE, "%s: two outputs into one file", names[j]);
    while (found > 0) sw_target_free(&targets[--found]);
    free(targets);
    free(names);
    return good;
}

bool sw_output_refuse_clash(const char *const *outputs, size_t output_count,
                            const char *const *inputs, size_t input_count, const char *const *more,
                            struct sw_error *error)
{
    for (size_t i = 0; i < output_count; i++) {
        if (i > 0 && !outputs[i]) continue;
        if (!sw_output_refuse_inputs(outputs[i], inputs, input_count, error)) return false;
        for (size_t j = 0; more && more[j]; j++)
            if (!sw_output_refuse_inputs(outputs[i], &more[j], 1, error)) return false;
    }
    return refuse_twins(outputs, output_count, error);
}
