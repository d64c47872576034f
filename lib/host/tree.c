/* SPDX-License-Identifier: ISC */
#include "host/tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { READ_AT_ONCE = 16384, LONGEST = 16 << 20 };

static bool full_path(const char *root, const char *path, char to[PATH_MAX])
{
    return snprintf(to, PATH_MAX, "%s%s", root, path) < PATH_MAX;
}

static bool read_all(int fd, struct sw_buffer *text, struct sw_error *error)
{
    while (text->length < LONGEST) {
        if (!sw_buffer_reserve(text, READ_AT_ONCE + 1, error)) return false;
        ssize_t got = read(fd, text->bytes + text->length, READ_AT_ONCE);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0)
            text->length = 0; /* a directory, a driver's refusal: as if it were not there */
        if (got <= 0) break;
        text->length += (size_t)got;
    }
    return true;
}

bool sw_tree_read(const char *root, const char *path, struct sw_buffer *text,
                  struct sw_error *error)
{
    char full[PATH_MAX];
    text->length = 0;
    if (!sw_buffer_reserve(text, 1, error)) return false;
    /* O_NONBLOCK: a FIFO in a strange tree must not hold us up. */
    int fd = full_path(root, path, full) ? open(full, O_RDONLY | O_CLOEXEC | O_NONBLOCK) : -1;
    bool good = fd < 0 || read_all(fd, text, error);
    if (fd >= 0) close(fd);
    text->bytes[text->length] = 0;
    return good;
}

static int is_shown(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

bool sw_tree_names(const char *root, const char *path, struct sw_buffer *names,
                   struct sw_error *error)
{
    char full[PATH_MAX];
    struct dirent **entries = NULL;
    names->length = 0;
    int count = full_path(root, path, full) ? scandir(full, &entries, is_shown, by_bytes) : -1;
    bool good = true;
    for (int i = 0; i < count; i++) {
        good =
            good && sw_buffer_add(names, entries[i]->d_name, strlen(entries[i]->d_name) + 1, error);
        free(entries[i]);
    }
    free(entries);
    return good;
}

bool sw_tree_has(const char *root, const char *path)
{
    char full[PATH_MAX];
    return full_path(root, path, full) && access(full, F_OK) == 0;
}

bool sw_tree_number(const char *text, uint64_t *value, const char **end)
{
    uint64_t sum = 0;
    text += strspn(text, " \t");
    const char *at = text;
    for (; *at >= '0' && *at <= '9'; at++) {
        unsigned digit = (unsigned)(*at - '0');
        if (sum > ((uint64_t)INT64_MAX - digit) / 10) return false;
        sum = sum * 10 + digit;
    }
    if (at == text) return false;
    *value = sum;
    if (end) *end = at;
    return true;
}

const char *sw_tree_next_line(const char *line)
{
    const char *newline = strchr(line, '\n');
    return newline && newline[1] ? newline + 1 : NULL;
}

bool sw_tree_field(const char *text, const char *key, uint64_t *value)
{
    size_t length = strlen(key);
    for (const char *line = text; line; line = sw_tree_next_line(line))
        if (strncmp(line, key, length) == 0) return sw_tree_number(line + length, value, NULL);
    return false;
}
