/* SPDX-License-Identifier: ISC */
#include "generate/generate.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/memory.h"

static const char *const names[SW_GEN_TABLES] = {"orders", "trades", "nbbo", "expected"};

bool sw_generate_table_named(const char *name, enum sw_gen_table *table, struct sw_error *error)
{
    for (int i = 0; i < SW_GEN_TABLES; i++)
        if (strcmp(name, names[i]) == 0) {
            *table = (enum sw_gen_table)i;
            return true;
        }
    return sw_fail(error, SW_USAGE, "--stdout: not orders, trades, nbbo or expected: '%s'", name);
}

bool sw_generate_standard(const struct sw_generate_settings *settings, enum sw_gen_table table,
                          struct sw_error *error)
{
    struct sw_output output;
    struct sw_output *outputs[SW_GEN_TABLES] = {NULL};
    outputs[table] = &output;
    if (!sw_output_open(&output, NULL, error)) return false;
    return sw_output_end(&output, sw_generate(settings, outputs, error), error);
}

/* Makes the directory and those above it. */
static bool make_directory(const char *directory, struct sw_error *error)
{
    char *path = sw_copy_text(directory, strlen(directory), error);
    if (!path) return false;
    bool good = true;
    for (char *slash = path; good && slash;) {
        slash = strchr(slash + 1, '/');
        if (slash) *slash = 0;
        if (mkdir(path, 0777) != 0 && errno != EEXIST) good = sw_fail_errno(error, "%s", path);
        if (slash) *slash = '/';
    }
    free(path);
    return good;
}

static bool open_files(struct sw_output files[SW_GEN_TABLES], char *paths[SW_GEN_TABLES], int count,
                       const char *directory, struct sw_error *error)
{
    for (int i = 0; i < count; i++) {
        size_t size = strlen(directory) + 16;
        paths[i] = sw_alloc(size, 1, error);
        if (!paths[i]) return false;
        snprintf(paths[i], size, "%s/%s.csv", directory, names[i]);
        if (!sw_output_open(&files[i], paths[i], error)) return false;
    }
    return true;
}

bool sw_generate_files(const struct sw_generate_settings *settings, const char *directory,
                       struct sw_error *error)
{
    const int count = settings->planted > 0 ? SW_GEN_TABLES : SW_GEN_EXPECTED;
    struct sw_output files[SW_GEN_TABLES];
    struct sw_output *outputs[SW_GEN_TABLES] = {NULL};
    char *paths[SW_GEN_TABLES] = {NULL};
    for (int i = 0; i < count; i++) {
        files[i] = (struct sw_output){.fd = -1};
        outputs[i] = &files[i];
    }
    bool good = make_directory(directory, error) &&
                open_files(files, paths, count, directory, error) &&
                sw_generate(settings, outputs, error);
    for (int i = 0; good && i < count; i++) good = sw_output_finish(&files[i], error);
    good = good && sw_output_publish(outputs, (size_t)count, error);
    for (int i = 0; i < count; i++) {
        if (!good) sw_output_abandon(&files[i]);
        free(paths[i]);
    }
    return good;
}
