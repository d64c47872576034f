/* SPDX-License-Identifier: ISC */
#include "remote/host_list.h"

#include <stdlib.h>

#include "base/memory.h"
#include "files/whole.h"

enum { DEEPEST = 10, DIGITS = 4, LIST_MOST = 1 << 20, NAME_MOST = 255 }; /* of a file's name */

static const char begins[] = "0123456789_ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
static const char goes_on[] = ".:%@-";

static bool is_name(const char *name)
{
    size_t length = strlen(name), at = 0;
    if (strcmp(name, ":") == 0) return true;
    if (length == 0 || length > NAME_MOST - sizeof ".error" || !strchr(begins, *name)) return false;
    while (name[at] && (strchr(begins, name[at]) || strchr(goes_on, name[at]))) at++;
    return at == length;
}

/* Sets *name to what stands after WORKERS/; false for what is no host. */
static bool read_word(const char *word, const char **name, unsigned *workers)
{
    size_t digits = strspn(word, "0123456789");
    *workers = 0;
    *name = word;
    if (word[digits] == '/') {
        if (digits == 0 || digits > DIGITS || *word == '0') return false;
        *workers = (unsigned)strtoul(word, NULL, 10);
        *name = word + digits + 1;
    }
    return is_name(*name);
}

static bool add_host(struct sw_host_list *hosts, const char *word, struct sw_error *error)
{
    const char *name;
    unsigned workers;
    if (!read_word(word, &name, &workers))
        return sw_fail(error, SW_USAGE, "--hosts: not HOST, WORKERS/HOST, : or @FILE: '%s'", word);
    if (strcmp(name, ":") == 0) name = ".";
    for (size_t i = 0; i < hosts->count; i++)
        if (strcmp(hosts->items[i].name, name) == 0)
            return sw_fail(error, SW_USAGE, "--hosts: twice: '%s'", word);
    if (!sw_grow(&hosts->items, &hosts->capacity, hosts->count + 1, sizeof *hosts->items, error))
        return false;
    char *copy = sw_copy_text(name, strlen(name), error);
    if (copy) hosts->items[hosts->count++] = (struct sw_host){copy, workers};
    return copy != NULL;
}

static bool add_words(struct sw_host_list *hosts, char *list, int depth, struct sw_error *error);

/* A line without the blanks around it. */
static char *trimmed(char *line)
{
    line += strspn(line, " \t");
    for (size_t length = strlen(line); length && strchr(" \t", line[length - 1]);)
        line[--length] = '\0';
    return line;
}

/* Lines of words; empty ones and those of a comment say nothing. */
static bool add_file(struct sw_host_list *hosts, const char *path, int depth,
                     struct sw_error *error)
{
    struct sw_buffer text = {0};
    if (depth == DEEPEST) return sw_fail(error, SW_USAGE, "--hosts: %s: names itself", path);
    bool good = sw_read_whole(path, "a list of hosts", LIST_MOST, &text, error) &&
                sw_buffer_add(&text, "", 1, error);
    char *rest = good ? (char *)text.bytes : NULL;
    for (char *line; good && (line = strsep(&rest, "\n"));) {
        line = trimmed(line);
        if (*line && *line != '#') good = add_words(hosts, line, depth + 1, error);
    }
    sw_buffer_free(&text);
    return good;
}

static bool add_words(struct sw_host_list *hosts, char *list, int depth, struct sw_error *error)
{
    bool good = true;
    for (char *word; good && (word = strsep(&list, ","));) {
        if (*word == '@')
            good = add_file(hosts, word + 1, depth, error);
        else if (*word || list)
            good = add_host(hosts, word, error);
    }
    return good;
}

bool sw_host_list_read(struct sw_host_list *hosts, const char *list, struct sw_error *error)
{
    char *words = sw_copy_text(list, strlen(list), error);
    bool good = words && add_words(hosts, words, 0, error);
    free(words);
    return good;
}

void sw_host_list_free(struct sw_host_list *hosts)
{
    for (size_t i = 0; i < hosts->count; i++) free(hosts->items[i].name);
    free(hosts->items);
    *hosts = (struct sw_host_list){0};
}
