/* SPDX-License-Identifier: ISC
 * The files that a configuration names (config/check.h): those that are read are there, those that
 * are written can be, and none is both. */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "files/output.h"
#include "config/check.h"
#include "config/files.h"

static const enum sw_key inputs[] = {SW_KEY_ORDERS, SW_KEY_TRADES, SW_KEY_NBBO, SW_KEY_SESSIONS,
                                     SW_KEY_TICKS};

enum { INPUTS = sizeof inputs / sizeof *inputs };

/* ---- what is read ---- */

static bool check_input(struct sw_configuration *configuration, enum sw_key key, const char *value,
                        struct sw_error *error)
{
    struct sw_files files = {0};
    struct sw_error failure = {0};
    bool good = true;
    if (!sw_files_expand(&files, value, &failure))
        good = sw_diagnostic_of(configuration, key, &failure, error);
    else if (files.count == 0)
        good = sw_diagnostic_add(configuration, key, SW_SYSTEM, error, "a list of no files: '%s'",
                                 value);
    for (size_t i = 0; good && i < files.count; i++) {
        const char *reason = sw_file_unreadable(files.items[i]);
        if (reason)
            good = sw_diagnostic_add(configuration, key, SW_SYSTEM, error, "%s: '%s'", reason,
                                     files.items[i]);
    }
    sw_files_free(&files);
    return good;
}

static bool check_inputs(struct sw_configuration *configuration, enum sw_key key,
                         struct sw_error *error)
{
    const struct sw_setting *setting = &configuration->settings[key];
    for (size_t i = 0; i < setting->count; i++)
        if (!check_input(configuration, key, setting->values[i], error)) return false;
    return true;
}

/* @FILE among the hosts; names of hosts are tried when a run begins. */
static bool check_hosts(struct sw_configuration *configuration, struct sw_error *error)
{
    const struct sw_setting *setting = &configuration->settings[SW_KEY_HOSTS];
    for (size_t i = 0; i < setting->count; i++) {
        const char *value = setting->values[i];
        const char *reason = *value == '@' ? sw_file_unreadable(value + 1) : NULL;
        if (reason && !sw_diagnostic_add(configuration, SW_KEY_HOSTS, SW_SYSTEM, error, "%s: '%s'",
                                         reason, value + 1))
            return false;
    }
    return true;
}

/* ---- what is written ---- */

static bool check_output(struct sw_configuration *configuration, enum sw_key key,
                         const char *(*refuses)(const char *path), struct sw_error *error)
{
    const char *path = sw_configuration_text(configuration, key);
    const char *reason = *path ? refuses(path) : NULL;
    if (!reason) return true;
    return sw_diagnostic_add(configuration, key, SW_SYSTEM, error, "%s: '%s'", reason, path);
}

/* ---- neither both ---- */

/* Notes where a file that is written is one of those that are read. */
static bool check_clash(struct sw_configuration *configuration, enum sw_key key,
                        const struct sw_files *read, struct sw_error *error)
{
    struct sw_error failure = {0};
    const char *path = sw_configuration_text(configuration, key);
    if (!*path || read->count == 0 ||
        sw_output_refuse_inputs(path, (const char *const *)read->items, read->count, &failure))
        return true;
    return sw_diagnostic_of(configuration, key, &failure, error);
}

/* Results of a run replace what is in these folders of its output. */
static bool lies_in_results(const char *folder, const char *file)
{
    static const char *const parts[] = {"by_security", "aggregated", "run", "report", "match"};
    char output[PATH_MAX], path[PATH_MAX], part[PATH_MAX + 16];
    if (!realpath(folder, output) || !realpath(file, path)) return false;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        int length = snprintf(part, sizeof part, "%s/%s/", output, parts[i]);
        if (strncmp(path, part, (size_t)length) == 0) return true;
    }
    return false;
}

static bool check_results(struct sw_configuration *configuration, const struct sw_files *read,
                          struct sw_error *error)
{
    const char *folder = sw_configuration_text(configuration, SW_KEY_OUTPUT);
    for (size_t i = 0; *folder && i < read->count; i++)
        if (lies_in_results(folder, read->items[i]) &&
            !sw_diagnostic_add(configuration, SW_KEY_OUTPUT, SW_USAGE, error,
                               "an input lies where results go: '%s'", read->items[i]))
            return false;
    return true;
}

/* Two outputs are two files; `what` says what the other one is. */
static bool check_apart(struct sw_configuration *configuration, enum sw_key key, enum sw_key other,
                        const char *what, struct sw_error *error)
{
    const char *name = sw_configuration_text(configuration, key);
    if (!*name || strcmp(name, sw_configuration_text(configuration, other)) != 0) return true;
    return sw_diagnostic_add(configuration, key, SW_USAGE, error, "%s there: '%s'", what, name);
}

static bool check_clashes(struct sw_configuration *configuration, struct sw_error *error)
{
    struct sw_files read = {0};
    struct sw_error failure = {0};
    const char *file = configuration->file;
    for (size_t i = 0; i < INPUTS; i++)
        if (!sw_files_of(&read, configuration, inputs[i], &failure)) failure = (struct sw_error){0};
    bool good = check_results(configuration, &read, error) &&
                (!file || sw_files_add(&read, file, error)) &&
                check_clash(configuration, SW_KEY_BAD_ROWS, &read, error) &&
                check_clash(configuration, SW_KEY_LEDGER, &read, error) &&
                check_clash(configuration, SW_KEY_METRICS, &read, error) &&
                check_apart(configuration, SW_KEY_LEDGER, SW_KEY_BAD_ROWS, "bad_rows go", error) &&
                check_apart(configuration, SW_KEY_METRICS, SW_KEY_BAD_ROWS, "bad_rows go", error) &&
                check_apart(configuration, SW_KEY_METRICS, SW_KEY_LEDGER, "the ledger goes", error);
    sw_files_free(&read);
    return good;
}

bool sw_check_files(struct sw_configuration *configuration, struct sw_error *error)
{
    for (size_t i = 0; i < INPUTS; i++)
        if (!check_inputs(configuration, inputs[i], error)) return false;
    return check_hosts(configuration, error) &&
           check_output(configuration, SW_KEY_OUTPUT, sw_folder_unwritable, error) &&
           check_output(configuration, SW_KEY_BAD_ROWS, sw_file_unwritable, error) &&
           check_output(configuration, SW_KEY_LEDGER, sw_file_unwritable, error) &&
           check_output(configuration, SW_KEY_METRICS, sw_file_unwritable, error) &&
           check_output(configuration, SW_KEY_TEMPORARY_DIRECTORY, sw_folder_unwritable, error) &&
           check_clashes(configuration, error);
}
