/* SPDX-License-Identifier: ISC
 * What lies below a folder, against a list of what was written there (ledger/results.h). */
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/memory.h"
#include "files/folders.h"
#include "ledger/results_parts.h"

/* ---- names of a folder ---- */

static int by_name(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static bool read_names(DIR *folder, const char *begin, struct sw_buffer *names, size_t *count,
                       struct sw_error *error)
{
    for (struct dirent *entry; (entry = readdir(folder));) {
        if (entry->d_name[0] == '.' || strncmp(entry->d_name, begin, strlen(begin)) != 0) continue;
        if (!sw_buffer_add(names, entry->d_name, strlen(entry->d_name) + 1, error)) return false;
        (*count)++;
    }
    return true;
}

static bool sort_names(struct sw_buffer *names, size_t count, struct sw_error *error)
{
    struct sw_buffer sorted = {0};
    const char **list = sw_alloc(count + 1, sizeof *list, error), *at = (char *)names->bytes;
    bool good = list != NULL;
    for (size_t i = 0; good && i < count; i++, at += strlen(at) + 1) list[i] = at;
    if (good && count > 1) qsort(list, count, sizeof *list, by_name);
    for (size_t i = 0; good && i < count; i++)
        good = sw_buffer_add(&sorted, list[i], strlen(list[i]) + 1, error);
    free(list);
    sw_buffer_free(good ? names : &sorted);
    if (good) *names = sorted;
    return good;
}

bool sw_folder_names(const char *path, const char *begin, struct sw_buffer *names,
                     struct sw_error *error)
{
    size_t count = 0;
    names->length = 0;
    DIR *folder = opendir(path);
    if (!folder) return errno == ENOENT || sw_fail_errno(error, "%s", path);
    bool good = read_names(folder, begin, names, &count, error);
    closedir(folder);
    return good && sort_names(names, count, error);
}

bool sw_folder_empty(const char *folder, struct sw_error *error)
{
    struct sw_buffer names = {0}, path = {0};
    bool good = sw_folder_names(folder, "", &names, error);
    const char *name = (const char *)names.bytes, *end = name + names.length;
    for (; good && name < end; name += strlen(name) + 1) {
        good = sw_join_path(&path, error, "%s/%s", folder, name) &&
               sw_remove_tree((const char *)path.bytes, error);
    }
    sw_buffer_free(&names);
    sw_buffer_free(&path);
    return good;
}

/* ---- files below it ---- */

static bool walk(const char *top, const char *below, struct sw_buffer *text,
                 struct sw_error *error);

static bool look_at(const char *top, const char *below, const char *name, struct sw_buffer *text,
                    struct sw_error *error)
{
    struct sw_buffer path = {0};
    struct stat about;
    size_t skip = strlen(top) + 1;
    bool good = sw_join_path(&path, error, "%s/%s%s%s", top, below, *below ? "/" : "", name);
    const char *whole = (const char *)path.bytes;
    if (good && lstat(whole, &about) != 0)
        good = errno == ENOENT || sw_fail_errno(error, "%s", whole);
    else if (good && S_ISDIR(about.st_mode))
        good = walk(top, whole + skip, text, error);
    else if (good && S_ISREG(about.st_mode))
        good = sw_buffer_format(text, error, "%" PRIu64 " ", (uint64_t)about.st_size) &&
               sw_buffer_text(text, whole + skip, error) && sw_buffer_text(text, "\n", error);
    sw_buffer_free(&path);
    return good;
}

/* Depth is that of by_security: a security, a date, a table. */
static bool walk(const char *top, const char *below, struct sw_buffer *text, struct sw_error *error)
{
    struct sw_buffer path = {0};
    bool good = sw_join_path(&path, error, "%s/%s", top, below);
    DIR *folder = good ? opendir((const char *)path.bytes) : NULL;
    if (good && !folder) good = errno == ENOENT || sw_fail_errno(error, "%s", path.bytes);
    for (struct dirent *entry; good && folder && (entry = readdir(folder));)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            good = look_at(top, below, entry->d_name, text, error);
    if (folder) closedir(folder);
    sw_buffer_free(&path);
    return good;
}

/* ---- lists ---- */

static const char *path_of(const char *line)
{
    const char *blank = strchr(line, ' ');
    return blank ? blank + 1 : "";
}

static int by_path(const void *left, const void *right)
{
    return strcmp(path_of(*(const char *const *)left), path_of(*(const char *const *)right));
}

static bool take_lines(struct sw_file_list *list, struct sw_error *error)
{
    size_t capacity = 0, fields;
    bool good = true;
    for (char *line = (char *)list->text.bytes, *next; good && *line; line = next) {
        good = sw_grow(&list->lines, &capacity, list->count + 1, sizeof *list->lines, error);
        if (!good) break;
        list->lines[list->count++] = line;
        next = sw_cut_line(line, (char *[1]){NULL}, 0, &fields);
        if (!next) next = line + strlen(line);
    }
    if (good && list->count > 1) qsort(list->lines, list->count, sizeof *list->lines, by_path);
    return good;
}

bool sw_file_list_walk(struct sw_file_list *list, const char *folder, struct sw_error *error)
{
    return walk(folder, "", &list->text, error) && sw_buffer_add(&list->text, "", 1, error) &&
           take_lines(list, error);
}

bool sw_file_list_read(struct sw_file_list *list, const char *path, struct sw_error *error)
{
    return sw_read_list(path, &list->text, error) && take_lines(list, error);
}

static bool is_of(const char *line, const char *folder)
{
    size_t length = strlen(folder);
    const char *path = path_of(line);
    return strncmp(path, folder, length) == 0 && path[length] == '/';
}

/* The first line of the folder's, or where it would stand. */
static size_t find_folder(const struct sw_file_list *list, const char *folder)
{
    size_t low = 0, high = list->count, length = strlen(folder);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const char *path = path_of(list->lines[middle]);
        int order = strncmp(path, folder, length);
        if (order < 0 || (order == 0 && (unsigned char)path[length] < '/'))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool sw_file_list_has(const struct sw_file_list *list, const char *folder)
{
    size_t at = find_folder(list, folder);
    return at < list->count && is_of(list->lines[at], folder);
}

bool sw_file_list_same(const struct sw_file_list *one, const struct sw_file_list *other,
                       const char *folder)
{
    size_t i = find_folder(one, folder), k = find_folder(other, folder);
    for (;; i++, k++) {
        bool left = i < one->count && is_of(one->lines[i], folder);
        bool right = k < other->count && is_of(other->lines[k], folder);
        if (!left || !right) return left == right;
        if (strcmp(one->lines[i], other->lines[k]) != 0) return false;
    }
}

bool sw_file_list_print(const struct sw_file_list *list, const char *folder, struct sw_buffer *out,
                        struct sw_error *error)
{
    bool good = true;
    for (size_t i = 0; good && i < list->count; i++)
        if (!folder || is_of(list->lines[i], folder))
            good = sw_buffer_text(out, list->lines[i], error) && sw_buffer_text(out, "\n", error);
    return good;
}

void sw_file_list_free(struct sw_file_list *list)
{
    sw_buffer_free(&list->text);
    free(list->lines);
    *list = (struct sw_file_list){0};
}
