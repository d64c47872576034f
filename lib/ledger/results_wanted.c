/* SPDX-License-Identifier: ISC
 * The securities that were found, and by what their results are known (ledger/results.h). */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "files/name_part.h"
#include "ledger/results_parts.h"

enum { FOUND_FIELDS = 5 };

static const char *const tables[] = {"orders", "trades", "nbbo"};

/* The parts of a table, by their numbers. */
struct part_names {
    struct sw_buffer text;
    char **names;
    size_t count;
};

static bool read_part_names(const struct sw_results *results, const char *table,
                            struct part_names *parts, struct sw_error *error)
{
    struct sw_buffer path = {0};
    size_t capacity = 0, fields;
    bool good = sw_join_path(&path, error, "%s/securities/%s", results->work, table) &&
                sw_read_list((const char *)path.bytes, &parts->text, error);
    for (char *line = (char *)parts->text.bytes, *next; good && *line; line = next) {
        good = sw_grow(&parts->names, &capacity, parts->count + 1, sizeof *parts->names, error);
        if (good) next = sw_cut_line(line, &parts->names[parts->count++], 1, &fields);
        if (good && !next)
            good = sw_fail(error, SW_SYSTEM, "%s: not the parts of a table", path.bytes);
    }
    sw_buffer_free(&path);
    return good;
}

/* Adds the parts whose numbers these are; false: there is none of a number. */
static bool add_parts(const struct part_names *parts, const char *table, const char *numbers,
                      struct sw_identity *identity)
{
    char *end;
    for (const char *at = numbers; *at; at = *end ? end + 1 : end) {
        unsigned long number = strtoul(at, &end, 10);
        if (end == at || (*end && *end != ',') || number >= parts->count) return false;
        sw_identity_text(identity, table, parts->names[number]);
    }
    return true;
}

static bool make_key(const struct sw_results *results, const struct part_names parts[SW_TABLES],
                     struct sw_wanted *wanted)
{
    struct sw_identity identity;
    bool good = true;
    sw_identity_begin(&identity);
    sw_identity_text(&identity, "made by", results->made_by);
    for (int table = 0; good && table < SW_TABLES; table++)
        good = add_parts(&parts[table], tables[table], wanted->parts[table], &identity);
    sw_identity_end(&identity, wanted->key);
    return good;
}

/* As sw-split names it. */
static bool make_folder(struct sw_wanted *wanted, struct sw_error *error)
{
    struct sw_buffer name = {0};
    bool good =
        sw_buffer_text(&name, "SEC_", error) &&
        sw_put_name_part(wanted->code, strlen(wanted->code), &name, error) &&
        sw_buffer_add(&name, "", 1, error) &&
        (name.length <= SW_FOLDER_LENGTH ||
         sw_fail(error, SW_DATA, "security_code '%s': too long for a folder's name", wanted->code));
    if (good) memcpy(wanted->folder, name.bytes, name.length);
    sw_buffer_free(&name);
    return good;
}

static bool read_lines(const struct sw_results *results, const char *path,
                       const struct part_names parts[SW_TABLES], struct sw_wanted_list *list,
                       struct sw_error *error)
{
    char *fields[FOUND_FIELDS];
    size_t count;
    for (char *line = (char *)list->text.bytes, *next; *line; line = next) {
        struct sw_wanted wanted = {0};
        next = sw_cut_line(line, fields, FOUND_FIELDS, &count);
        bool good = next && count == FOUND_FIELDS && sw_parse_count(fields[1], &wanted.events);
        wanted.code = line;
        for (int table = 0; good && table < SW_TABLES; table++)
            wanted.parts[table] = fields[2 + table];
        if (!good || !make_key(results, parts, &wanted))
            return sw_fail(error, SW_SYSTEM, "%s: not the securities that were found", path);
        if (!make_folder(&wanted, error) ||
            !sw_grow(&list->items, &list->capacity, list->count + 1, sizeof *list->items, error))
            return false;
        list->items[list->count++] = wanted;
    }
    return true;
}

static int by_code(const void *left, const void *right)
{
    const struct sw_wanted *const *a = left, *const *b = right;
    return strcmp((*a)->code, (*b)->code);
}

bool sw_wanted_read(const struct sw_results *results, struct sw_wanted_list *list,
                    struct sw_error *error)
{
    struct part_names parts[SW_TABLES] = {0};
    struct sw_buffer path = {0};
    bool good = sw_join_path(&path, error, "%s/securities/found", results->work) &&
                sw_read_list((const char *)path.bytes, &list->text, error);
    for (int table = 0; good && table < SW_TABLES; table++)
        good = read_part_names(results, tables[table], &parts[table], error);
    good = good && read_lines(results, (const char *)path.bytes, parts, list, error) &&
           (list->by_code = sw_alloc(list->count + 1, sizeof *list->by_code, error));
    for (size_t i = 0; good && i < list->count; i++) list->by_code[i] = &list->items[i];
    if (good && list->count > 1) qsort(list->by_code, list->count, sizeof *list->by_code, by_code);
    for (int table = 0; table < SW_TABLES; table++) {
        sw_buffer_free(&parts[table].text);
        free(parts[table].names);
    }
    sw_buffer_free(&path);
    return good;
}

void sw_wanted_free(struct sw_wanted_list *list)
{
    free(list->items);
    free(list->by_code);
    sw_buffer_free(&list->text);
    *list = (struct sw_wanted_list){0};
}

struct sw_wanted *sw_wanted_find(const struct sw_wanted_list *list, const char *code)
{
    const struct sw_wanted sought = {.code = code}, *key = &sought;
    struct sw_wanted **found =
        list->count ? bsearch(&key, list->by_code, list->count, sizeof *list->by_code, by_code)
                    : NULL;
    return found ? *found : NULL;
}
