/* SPDX-License-Identifier: ISC */
#include "group/named_measures.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/nearest.h"
#include "files/whole.h"
#include "schema/csv_schema.h"
#include "view/view.h"

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"
#define WORD LETTERS "0123456789"

enum { FILE_MOST = 1 << 20, PATH_LENGTH = 4352 };

/* To the comma behind an item of the list, one that is in no parentheses and no quotes. */
static size_t item_length(const char *item)
{
    size_t depth = 0, length = 0;
    bool quoted = false;
    for (; item[length] && (item[length] != ',' || depth > 0 || quoted); length++) {
        if (item[length] == '"') quoted = !quoted;
        if (quoted) continue;
        if (item[length] == '(') depth++;
        if (item[length] == ')' && depth > 0) depth--;
    }
    return length;
}

/* A list, while it is read. */
struct list {
    const char *name, *share_directory;
    const struct sw_schema *rows;
    void (*say)(const char *message);
    char *text; /* its lines, each ended by a NUL */
    size_t length;
    struct sw_csv_schemas known; /* all that are shipped, once they are asked */
    bool asked, told;            /* and whether they could be read */
};

/* ---- the columns of a measure ---- */

/* The next word of a measure that is a column, from *at on: none is a function, a set ("in SET") or in quotes. False: there is none. */
static bool next_column(const char **at, bool *is_set, char name[SW_NAME_MAXIMUM + 1])
{
    while (**at) {
        size_t length = strspn(*at, WORD);
        const char *word = *at;
        if (*word == '"') {
            *at += 1 + strcspn(word + 1, "\"");
            length = **at == '"';
        }
        *at += length ? length : 1;
        if (length == 0 || !strchr(LETTERS, *word) || **at == '(') continue;
        snprintf(name, SW_NAME_MAXIMUM + 1, "%.*s", (int)length, word);
        bool is_in = strcmp(name, "in") == 0, is_column = !is_in && !*is_set;
        *is_set = is_in;
        if (is_column && strcmp(name, "null") != 0) return true;
    }
    return false;
}

/* Whether the list says that rows may have the column. */
static bool is_declared(const struct list *list, const char *name)
{
    static const char word[] = "columns ";
    const size_t length = strlen(name);
    const char *line = list->text;
    for (; line < list->text + list->length; line += strlen(line) + 1) {
        if (strncmp(line, word, sizeof word - 1) != 0) continue;
        for (const char *at = line + sizeof word - 1; *at; at += strcspn(at, " ")) {
            at += strspn(at, " ");
            if (strcspn(at, " ") == length && memcmp(at, name, length) == 0) return true;
        }
    }
    return false;
}

/* Whether rows of some table have such a column; what cannot be found out is taken for known. */
static bool is_known(struct list *list, const char *name)
{
    struct sw_error unused = {0};
    if (is_declared(list, name) || sw_view_derives(name)) return true;
    if (!list->asked)
        list->told = sw_csv_schemas_open(&list->known, list->share_directory, NULL, NULL, &unused);
    list->asked = true;
    for (size_t i = 0; i < list->known.count; i++)
        if (sw_csv_schema_meaning(&list->known.items[i], name)) return true;
    return !list->told;
}

static bool say_unknown(const struct list *list, const char *line, const char *column,
                        struct sw_error *error)
{
    char note[SW_NEAREST_NOTE] = "";
    struct sw_buffer names = {0}, text = {0};
    bool good = true;
    for (size_t i = 0; good && i < list->rows->column_count; i++)
        good = sw_buffer_format(&names, error, "%s,", list->rows->columns[i].name);
    good = good && sw_buffer_add(&names, "", 1, error);
    if (good) sw_nearest_note(column, (const char *)names.bytes, note);
    good = good &&
           sw_buffer_format(
               &text, error,
               "%s: %.*s is left out: neither the rows nor any schema has a column '%s'%s",
               list->name, (int)strcspn(line, "="), line, column, note) &&
           sw_buffer_add(&text, "", 1, error);
    if (good) list->say((const char *)text.bytes);
    sw_buffer_free(&names);
    sw_buffer_free(&text);
    return good;
}

/* Whether the rows have all columns of a measure, NAME=MEASURE, or can derive them. */
static bool has_columns(struct list *list, const char *line, bool *has, struct sw_error *error)
{
    char name[SW_NAME_MAXIMUM + 1];
    bool is_set = false;
    const char *at = strchr(line, '=') + 1;
    *has = true;
    while (list->rows && next_column(&at, &is_set, name)) {
        if (sw_view_can(list->rows, name)) continue;
        *has = false;
        if (list->say && !is_known(list, name)) return say_unknown(list, line, name, error);
    }
    return true;
}

/* ---- the list ---- */

static bool put(struct sw_buffer *out, const char *item, size_t length, struct sw_error *error)
{
    return (out->length == 0 || sw_buffer_text(out, ",", error)) &&
           sw_buffer_add(out, item, length, error);
}

static bool put_list(struct list *list, struct sw_buffer *out, struct sw_error *error)
{
    size_t before = out->length;
    bool has, good = true;
    const char *line = list->text;
    for (; good && line < list->text + list->length; line += strlen(line) + 1) {
        if (*line == '#' || !strchr(line, '=')) continue;
        good =
            has_columns(list, line, &has, error) && (!has || put(out, line, strlen(line), error));
    }
    return good &&
           (out->length > before ||
            sw_fail(error, SW_USAGE, "--measures: of '%s' the rows have no columns", list->name));
}

static bool put_file(struct sw_buffer *out, const char *path, struct list *list,
                     struct sw_error *error)
{
    struct sw_buffer text = {0};
    bool good = sw_read_whole(path, "measures", FILE_MOST, &text, error) &&
                sw_buffer_add(&text, "", 1, error);
    list->name = strrchr(path, '/') + 1;
    list->text = (char *)text.bytes;
    list->length = good ? text.length : 0;
    for (size_t i = 0; i < list->length; i++)
        if (list->text[i] == '\n') list->text[i] = 0;
    good = good && put_list(list, out, error);
    sw_buffer_free(&text);
    return good;
}

bool sw_measures_expand(const char *text, const char *share_directory, const struct sw_schema *rows,
                        void (*say)(const char *message), struct sw_buffer *out,
                        struct sw_error *error)
{
    char path[PATH_LENGTH];
    struct list list = {.share_directory = share_directory, .rows = rows, .say = say};
    bool good = true;
    out->length = 0;
    for (const char *item = text; good && *item; item += *item == ',') {
        size_t length = item_length(item);
        snprintf(path, sizeof path, "%s/measures/%.*s", share_directory, (int)length, item);
        good = strspn(item, WORD) == length && length > 0 && access(path, F_OK) == 0
                   ? put_file(out, path, &list, error)
                   : put(out, item, length, error);
        item += length;
    }
    sw_csv_schemas_free(&list.known);
    return good && sw_buffer_add(out, "", 1, error);
}
