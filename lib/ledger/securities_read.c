/* SPDX-License-Identifier: ISC
 * Reads the lists of an analysis' parts (ledger/securities.h). */
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "files/list_lines.h"
#include "ledger/securities.h"

enum { FIELDS = 5 };

static const char *const tables[] = {"orders", "trades", "nbbo"};

static struct sw_buffer *next_list(struct sw_securities *securities, struct sw_error *error)
{
    if (!sw_grow(&securities->lists, &securities->list_capacity, securities->list_count + 1,
                 sizeof *securities->lists, error))
        return NULL;
    struct sw_buffer *list = &securities->lists[securities->list_count++];
    *list = (struct sw_buffer){0};
    return list;
}

static bool read_file(struct sw_securities *securities, const char *path, char **text,
                      struct sw_error *error)
{
    struct sw_buffer *list = next_list(securities, error);
    if (!list || !sw_read_list(path, list, error)) return false;
    *text = (char *)list->bytes;
    return true;
}

static bool add_line(struct sw_securities *securities, int table, uint32_t part, char **fields,
                     size_t count, const char *path, struct sw_error *error)
{
    size_t first = table == SW_TABLE_ORDERS ? 2 : 1;
    struct sw_list_line line = {
        .code = fields[0], .date = first == 2 ? fields[1] : "", .table = table, .part = part};
    bool good = count > first;
    for (size_t i = first; good && i < count; i++)
        good = sw_parse_count(fields[i], &line.counts[i - first]);
    if (!good) return sw_fail(error, SW_SYSTEM, "%s: not the list of a part", path);
    if (!sw_grow(&securities->lines, &securities->capacity, securities->count + 1,
                 sizeof *securities->lines, error))
        return false;
    securities->lines[securities->count++] = line;
    return true;
}

static bool read_list(struct sw_securities *securities, int table, uint32_t part, const char *path,
                      struct sw_error *error)
{
    char *text, *fields[FIELDS];
    size_t count;
    if (!read_file(securities, path, &text, error)) return false;
    char *line = sw_cut_line(text, fields, FIELDS, &count); /* the header */
    while (line && *line) {
        char *next = sw_cut_line(line, fields, FIELDS, &count);
        if (!next) break;
        if (!add_line(securities, table, part, fields, count, path, error)) return false;
        line = next;
    }
    return (line && !*line) || sw_fail(error, SW_SYSTEM, "%s: not the list of a part", path);
}

static int by_code(const void *left, const void *right)
{
    const struct sw_list_line *a = left, *b = right;
    int order = strcmp(a->code, b->code);
    if (order) return order;
    if (a->table != b->table) return a->table < b->table ? -1 : 1;
    if (a->part != b->part) return a->part < b->part ? -1 : 1;
    return strcmp(a->date, b->date);
}

static int table_of(const char *name)
{
    for (int table = 0; table < SW_TABLES; table++)
        if (strcmp(tables[table], name) == 0) return table;
    return SW_TABLES;
}

bool sw_securities_read(struct sw_securities *securities, const char *work, const char *all,
                        struct sw_error *error)
{
    uint32_t parts[SW_TABLES + 1] = {0};
    struct sw_buffer path = {0};
    char *line, *fields[FIELDS];
    size_t count;
    bool good = read_file(securities, all, &line, error);
    while (good && *line) {
        char *next = sw_cut_line(line, fields, FIELDS, &count);
        int table = next && count == FIELDS ? table_of(fields[0]) : SW_TABLES;
        if (table == SW_TABLES) {
            good = sw_fail(error, SW_SYSTEM, "%s: not the chunks of an analysis", all);
            break;
        }
        path.length = 0;
        good = sw_buffer_format(&path, error, "%s/%s.list", work, fields[4]) &&
               sw_buffer_add(&path, "", 1, error) &&
               read_list(securities, table, parts[table]++, (const char *)path.bytes, error);
        line = next;
    }
    if (good && securities->count > 1)
        qsort(securities->lines, securities->count, sizeof *securities->lines, by_code);
    sw_buffer_free(&path);
    return good;
}

void sw_securities_free(struct sw_securities *securities)
{
    for (size_t i = 0; i < securities->list_count; i++) sw_buffer_free(&securities->lists[i]);
    free(securities->lists);
    free(securities->lines);
    *securities = (struct sw_securities){0};
}
