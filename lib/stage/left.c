/* SPDX-License-Identifier: ISC */
#include "stage/left.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files/folders.h"
#include "files/whole.h"
#include "host/tree.h"
#include "stage/jobs.h"

enum { REAL_LENGTH = PATH_MAX + NAME_MAX + 2 };

/* ---- unfinished files ---- */

/* The name behind all links of its folder; of itself it may be one, or not be there. */
static bool real_name(const char *name, char real[REAL_LENGTH])
{
    char folder[PATH_MAX];
    const char *slash = strrchr(name, '/');
    size_t length = slash ? (size_t)(slash - name) + 1 : 0;
    if (length >= PATH_MAX) return false;
    memcpy(folder, name, length);
    folder[length] = 0;
    if (!realpath(length ? folder : ".", real)) return false;
    size_t at = strlen(real), rest = strlen(name + length);
    if (at + rest + 2 > REAL_LENGTH) return false;
    if (at > 1) real[at++] = '/';
    memcpy(real + at, name + length, rest + 1);
    return true;
}

static bool is_output(const char *output, const char *name)
{
    char one[REAL_LENGTH], other[REAL_LENGTH];
    return real_name(output, one) && real_name(name, other) && strcmp(one, other) == 0;
}

/* Whether it is a file as one of the outputs is being written. */
static bool is_unfinished(const char *name, const char *const *outputs, size_t count)
{
    static const char ending[] = ".tmp";
    struct stat about;
    size_t length = strlen(name), size = sizeof ending - 1;
    if (length < size || strcmp(name + length - size, ending) != 0) return false;
    size_t word = length -= size;
    while (word > 0 && isalnum((unsigned char)name[word - 1])) word--;
    if (word == length || word == 0 || name[word - 1] != '.') return false;
    if (lstat(name, &about) != 0 || !S_ISREG(about.st_mode)) return false;
    char output[PATH_MAX];
    if (snprintf(output, sizeof output, "%.*s", (int)(word - 1), name) >= PATH_MAX) return false;
    for (size_t i = 0; i < count; i++)
        if (is_output(outputs[i], output)) return true;
    return false;
}

static bool remove_file(const char *path, struct sw_error *error)
{
    return unlink(path) == 0 || errno == ENOENT || sw_fail_errno(error, "%s", path);
}

static bool path_of(const char *folder, const char *name, char path[PATH_MAX],
                    struct sw_error *error)
{
    return snprintf(path, PATH_MAX, "%s/%s", folder, name) < PATH_MAX ||
           sw_fail(error, SW_SYSTEM, "%s: too long a name", folder);
}

bool sw_remove_unfinished(const char *folder, const char *const *outputs, size_t count,
                          struct sw_buffer *others, struct sw_error *error)
{
    struct sw_buffer names = {0};
    struct stat about;
    char path[PATH_MAX];
    if (!sw_tree_has(folder, "/unfinished")) return true;
    /* Of a run that was killed while it wrote the list the last name may have no end. */
    bool good = path_of(folder, "unfinished", path, error) &&
                sw_tree_read(folder, "/unfinished", &names, error);
    for (size_t at = 0; good && at < names.length; at += strlen((char *)names.bytes + at) + 1) {
        const char *name = (char *)names.bytes + at;
        if (lstat(name, &about) != 0) continue;
        good = is_unfinished(name, outputs, count)
                   ? remove_file(name, error)
                   : sw_buffer_add(others, name, strlen(name) + 1, error);
    }
    good = good && remove_file(path, error);
    sw_buffer_free(&names);
    return good;
}

/* ---- builds ---- */

static bool remove_all(const char *folder, const char *const *names, struct sw_error *error)
{
    char path[PATH_MAX];
    for (; *names; names++)
        if (!path_of(folder, *names, path, error) || !sw_remove_tree(path, error)) return false;
    return true;
}

bool sw_note_build(const char *folder, const char *build, bool *made_again, struct sw_error *error)
{
    static const char *const results[] = {"aggregated", "complete", "securities/results", NULL};
    static const char *const made_of[] = {"parts", "orders/made",
                                          NULL}; /* of a run that was ended, too */
    struct sw_buffer text = {0}, line = {0};
    char path[PATH_MAX];
    bool good = sw_tree_read(folder, "/build", &text, error) &&
                sw_buffer_format(&line, error, "%s\n", build);
    bool same =
        good && text.length == line.length && memcmp(text.bytes, line.bytes, line.length) == 0;
    *made_again = good && !same && sw_tree_has(folder, "/aggregated");
    if (good && !same)
        good = (!*made_again || remove_all(folder, results, error)) &&
               remove_all(folder, made_of, error) && path_of(folder, "build", path, error) &&
               sw_stage_write_line(path, O_TRUNC, &line, error);
    sw_buffer_free(&text);
    sw_buffer_free(&line);
    return good;
}
