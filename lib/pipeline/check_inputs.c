/* SPDX-License-Identifier: ISC
 * Whether a run can read what it is to read (pipeline/inputs.h). */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "pipeline/inputs.h"

/* A file by what it is, and its place among the inputs. */
struct place {
    dev_t device;
    ino_t number;
    size_t at;
};

/* /dev/stdin is another file in each job. */
static bool name_descriptor(char **name, const struct stat *about, struct sw_error *error)
{
    struct stat real_about;
    char *real = realpath(*name, NULL);
    bool good = real && stat(real, &real_about) == 0 && real_about.st_dev == about->st_dev &&
                real_about.st_ino == about->st_ino;
    if (!good) {
        free(real);
        return sw_fail(error, SW_USAGE, "%s: is a file without a name; give one that has one",
                       *name);
    }
    free(*name);
    *name = real;
    return true;
}

static bool check_file(char **name, struct place *place, struct sw_error *error)
{
    struct stat about;
    if (strcmp(*name, "-") == 0)
        return sw_fail(error, SW_USAGE, "standard input cannot be cut into chunks; give a file");
    if (stat(*name, &about) != 0) return sw_fail_errno(error, "%s", *name);
    if (S_ISFIFO(about.st_mode))
        return sw_fail(error, SW_USAGE,
                       "%s: is a pipe, which cannot be cut into chunks, nor read again by a later "
                       "run; give a file",
                       *name);
    if (!S_ISREG(about.st_mode)) return sw_fail(error, SW_SYSTEM, "%s: not a regular file", *name);
    if (faccessat(AT_FDCWD, *name, R_OK, AT_EACCESS) != 0) return sw_fail_errno(error, "%s", *name);
    place->device = about.st_dev;
    place->number = about.st_ino;
    return (strncmp(*name, "/dev/", 5) != 0 && strncmp(*name, "/proc/", 6) != 0) ||
           name_descriptor(name, &about, error);
}

static int by_place(const void *left, const void *right)
{
    const struct place *a = left, *b = right;
    if (a->device != b->device) return a->device < b->device ? -1 : 1;
    if (a->number != b->number) return a->number < b->number ? -1 : 1;
    return a->at < b->at ? -1 : 1;
}

/* The rows of a file that is there twice, by whatever names, would count twice: the first one that is, is told of. */
static bool refuse_twice(const struct sw_files *files, struct place *places, struct sw_error *error)
{
    size_t again = files->count, first = 0;
    qsort(places, files->count, sizeof *places, by_place);
    for (size_t i = 1, begin = 0; i < files->count; i++) {
        if (places[i].device != places[begin].device || places[i].number != places[begin].number)
            begin = i;
        else if (i == begin + 1 && places[i].at < again)
            again = places[i].at, first = places[begin].at;
    }
    if (again == files->count) return true;
    const char *name = files->items[again], *other = files->items[first];
    bool same = strcmp(name, other) == 0;
    return sw_fail(error, SW_USAGE, "%s: is given twice%s%s", name, same ? "" : ", as ",
                   same ? "" : other);
}

bool sw_run_inputs_check(struct sw_run_inputs *inputs, struct sw_error *error)
{
    struct sw_files *files = &inputs->files;
    struct place *places = sw_alloc(files->count + 1, sizeof *places, error);
    bool good = places != NULL;
    for (size_t i = 0; good && i < files->count; i++) {
        places[i].at = i;
        good = check_file(&files->items[i], &places[i], error);
    }
    good = good && refuse_twice(files, places, error);
    free(places);
    return good;
}

/* ---- where results go ---- */

bool sw_run_real_path(const char *name, struct sw_buffer *path, struct sw_error *error)
{
    char *real = realpath(name, NULL);
    const char *slash = strrchr(name, '/'), *last = slash ? slash + 1 : name;
    path->length = 0;
    if (real) {
        bool good = sw_buffer_add(path, real, strlen(real) + 1, error);
        free(real);
        return good;
    }
    /* Where every other name of this kind leads to in the end. */
    if (strcmp(name, ".") == 0) return sw_fail_errno(error, "the working directory");
    char *folder = slash == name ? sw_copy_text("/", 1, error)
                   : slash       ? sw_copy_text(name, (size_t)(slash - name), error)
                                 : sw_copy_text(".", 1, error);
    bool good = folder && sw_run_real_path(folder, path, error);
    free(folder);
    if (!good || !*last || strcmp(last, ".") == 0) return good;
    path->length--;
    if (strcmp(last, "..") != 0)
        return (path->length == 1 || sw_buffer_text(path, "/", error)) &&
               sw_buffer_add(path, last, strlen(last) + 1, error);
    while (path->length > 1 && path->bytes[path->length - 1] != '/') path->length--;
    if (path->length > 1) path->length--;
    return sw_buffer_add(path, "", 1, error);
}

static bool is_below(const struct sw_buffer *path, const struct sw_buffer *folder)
{
    size_t length = folder->length - 1;
    return path->length > folder->length && memcmp(path->bytes, folder->bytes, length) == 0 &&
           path->bytes[length] == '/';
}

enum { FOLDERS = 3 };

/* The folders that results go to, as real paths; of a report or the like the last one is none of them. */
static bool find_folders(const char *output, struct sw_buffer folders[FOLDERS],
                         struct sw_error *error)
{
    static const char *const names[FOLDERS] = {"aggregated", "run", "by_security"};
    struct sw_buffer folder = {0};
    bool good = true;
    for (size_t i = 0; good && i < FOLDERS; i++) {
        folder.length = 0;
        good = sw_buffer_format(&folder, error, "%s/%s", output, names[i]) &&
               sw_buffer_add(&folder, "", 1, error) &&
               sw_run_real_path((const char *)folder.bytes, &folders[i], error);
    }
    sw_buffer_free(&folder);
    return good;
}

/* A file's real path takes a call for each folder above it, and there may be tens of thousands of files: it is found once. */
static bool refuse_below(const struct sw_files *files, const struct sw_buffer *folders,
                         size_t count, struct sw_error *error)
{
    struct sw_buffer path = {0};
    bool good = true;
    for (size_t i = 0; good && i < files->count; i++) {
        good = sw_run_real_path(files->items[i], &path, error);
        for (size_t j = 0; good && j < count; j++)
            good = !is_below(&path, &folders[j]) ||
                   sw_fail(error, SW_USAGE, "%s: is an input, and results go to its folder",
                           files->items[i]);
    }
    sw_buffer_free(&path);
    return good;
}

bool sw_run_inputs_outside(const struct sw_run_inputs *inputs, const char *output, bool analysis,
                           struct sw_error *error)
{
    struct sw_buffer folders[FOLDERS] = {{0}};
    const size_t count = analysis ? FOLDERS : FOLDERS - 1;
    bool good = find_folders(output, folders, error) &&
                refuse_below(&inputs->files, folders, count, error) &&
                refuse_below(&inputs->beside, folders, count, error);
    for (size_t i = 0; i < FOLDERS; i++) sw_buffer_free(&folders[i]);
    return good;
}
