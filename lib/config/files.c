/* SPDX-License-Identifier: ISC */
#include "config/files.h"

#include <errno.h>
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "files/whole.h"

enum { LIST_MAXIMUM = 16 << 20 };

static bool add(struct sw_files *files, const char *name, size_t length, struct sw_error *error)
{
    if (!sw_grow(&files->items, &files->capacity, files->count + 1, sizeof *files->items, error))
        return false;
    char *copy = sw_copy_text(name, length, error);
    if (copy) files->items[files->count++] = copy;
    return copy != NULL;
}

bool sw_files_add(struct sw_files *files, const char *name, struct sw_error *error)
{
    return add(files, name, strlen(name), error);
}

static bool add_lines(struct sw_files *files, const char *text, size_t length,
                      struct sw_error *error)
{
    while (length > 0) {
        const char *newline = memchr(text, '\n', length);
        size_t here = newline ? (size_t)(newline - text) : length;
        if (here > 0 && !add(files, text, here, error)) return false;
        text += here + (newline != NULL);
        length -= here + (newline != NULL);
    }
    return true;
}

static bool add_list(struct sw_files *files, const char *path, struct sw_error *error)
{
    struct sw_buffer text = {0};
    bool good = sw_read_whole(path, "a list of files", LIST_MAXIMUM, &text, error);
    good = good && add_lines(files, (const char *)text.bytes, text.length, error);
    sw_buffer_free(&text);
    return good;
}

static bool add_matches(struct sw_files *files, const char *pattern, struct sw_error *error)
{
    glob_t found;
    int outcome = glob(pattern, 0, NULL, &found);
    if (outcome == GLOB_NOSPACE) return sw_fail(error, SW_SYSTEM, "%s: no memory", pattern);
    if (outcome != 0) return add(files, pattern, strlen(pattern), error);
    bool good = true;
    for (size_t i = 0; good && i < found.gl_pathc; i++)
        good = add(files, found.gl_pathv[i], strlen(found.gl_pathv[i]), error);
    globfree(&found);
    return good;
}

bool sw_files_expand(struct sw_files *files, const char *value, struct sw_error *error)
{
    if (access(value, F_OK) == 0) return add(files, value, strlen(value), error);
    if (*value == '@') return add_list(files, value + 1, error);
    return add_matches(files, value, error);
}

bool sw_files_of(struct sw_files *files, const struct sw_configuration *configuration,
                 enum sw_key key, struct sw_error *error)
{
    const struct sw_setting *setting = &configuration->settings[key];
    for (size_t i = 0; i < setting->count; i++)
        if (!sw_files_expand(files, setting->values[i], error)) return false;
    return true;
}

void sw_files_free(struct sw_files *files)
{
    for (size_t i = 0; i < files->count; i++) free(files->items[i]);
    free(files->items);
    *files = (struct sw_files){0};
}

const char *sw_file_unreadable(const char *path)
{
    struct stat about;
    if (stat(path, &about) != 0) return strerror(errno);
    if (S_ISDIR(about.st_mode)) return "is a directory";
    if (!S_ISREG(about.st_mode)) return "is not a regular file";
    return access(path, R_OK) == 0 ? NULL : strerror(errno);
}

/* The folder that path is in. False where it is too long to be one. */
static bool folder_of(const char *path, char to[PATH_MAX])
{
    if (snprintf(to, PATH_MAX, "%s", path) >= PATH_MAX) return false;
    size_t length = strlen(to);
    while (length > 1 && to[length - 1] == '/') to[--length] = 0;
    char *slash = strrchr(to, '/');
    if (!slash)
        strcpy(to, ".");
    else
        slash[slash == to] = 0;
    return true;
}

static const char *folder_refuses(const char *path)
{
    struct stat about;
    if (stat(path, &about) != 0) return strerror(errno);
    if (!S_ISDIR(about.st_mode)) return strerror(ENOTDIR);
    return access(path, W_OK | X_OK) == 0 ? NULL : strerror(errno);
}

const char *sw_folder_unwritable(const char *path)
{
    char here[PATH_MAX], above[PATH_MAX];
    struct stat about;
    if (snprintf(here, sizeof here, "%s", path) >= PATH_MAX) return strerror(ENAMETOOLONG);
    while (stat(here, &about) != 0 && errno == ENOENT && strcmp(here, ".") != 0 &&
           strcmp(here, "/") != 0) {
        if (!folder_of(here, above)) return strerror(ENAMETOOLONG);
        memcpy(here, above, sizeof here);
    }
    return folder_refuses(here);
}

const char *sw_file_unwritable(const char *path)
{
    char folder[PATH_MAX];
    struct stat about;
    if (stat(path, &about) == 0) {
        if (S_ISDIR(about.st_mode)) return strerror(EISDIR);
        if (!S_ISREG(about.st_mode)) return access(path, W_OK) == 0 ? NULL : strerror(errno);
    }
    return folder_of(path, folder) ? folder_refuses(folder) : strerror(ENAMETOOLONG);
}
