/* SPDX-License-Identifier: ISC
 * What securities have of all parts, for a host that does not see them (remote/ship.h). */
#include <stdlib.h>

#include "files/folders.h"
#include "files/whole.h"
#include "remote/paths.h"
#include "remote/ship.h"

enum { LIST_MOST = 256 << 20 };

/* Line `number`, from 0 on, of a list; NULL: it has none. The line feed becomes a NUL, which no other line minds. */
static const char *line_of(struct sw_buffer *list, uint64_t number)
{
    char *line = (char *)list->bytes, *end = line + list->length;
    for (; number > 0 && line < end; number--) line += strcspn(line, "\n") + 1;
    if (line >= end || !*line) return NULL;
    return line;
}

static bool add_part(struct sw_shipping *shipping, struct sw_call *command, struct sw_buffer *list,
                     uint64_t number)
{
    const char *line = line_of(list, number);
    if (!line) return sw_fail(shipping->error, SW_SYSTEM, "a job reads parts that are not listed");
    const char *part = sw_put_path(&shipping->from, shipping->error, "%s/%.*s.swr",
                                   shipping->attempt->work, (int)strcspn(line, "\n"), line);
    return part && sw_call_add(command, part, shipping->error);
}

/* The parts whose numbers stand between commas; the first one, of which nothing is selected, where there are none. */
static bool add_parts(struct sw_shipping *shipping, struct sw_call *command, struct sw_buffer *list,
                      char *numbers)
{
    bool any = false, good = true;
    for (char *number; good && (number = strsep(&numbers, ","));) {
        if (!*number) continue;
        any = true;
        good = add_part(shipping, command, list, strtoull(number, NULL, 10));
    }
    return good && (any || add_part(shipping, command, list, 0));
}

/* Calls sw-sort with the keys: a list of the settings, or, where that is NULL, those of trades. */
static bool merge(struct sw_shipping *shipping, const char *table, const char *codes, char *numbers,
                  const char *keys)
{
    struct sw_call command = {0};
    struct sw_buffer list = {0};
    struct sw_error *error = shipping->error;
    const char *at = shipping->attempt->at;
    const char *path =
        sw_put_path(&shipping->to, error, "%s/%s", shipping->attempt->jobs->folder, table);
    bool good = path && sw_read_whole(path, "a list of parts", LIST_MOST, &list, error) &&
                sw_buffer_add(&list, "", 1, error) &&
                sw_call_words(&command, error, "sw-sort", "--merge", "--securities", codes, NULL);
    if (good) list.length--;
    good = good && (keys ? sw_ship_list(shipping, &command, keys)
                         : sw_call_words(&command, error, "--keys",
                                         "security_code,order_id,timestamp", NULL));
    path = good ? sw_put_path(&shipping->to, error, "%s/merged/%s.swr", at, table) : NULL;
    good = path && sw_ship_list(shipping, &command, "memory") &&
           sw_call_words(&command, error, "-o", path, "--", NULL) &&
           add_parts(shipping, &command, &list, numbers) && sw_ship_call(shipping, &command, NULL);
    list.length = 0;
    good = good && sw_buffer_format(&list, error, "merged/%s\n", table);
    const char *name = good ? sw_put_path(&shipping->from, error, "stage/%s", table) : NULL;
    good = name && sw_ship_write(shipping, name, &list);
    sw_call_free(&command);
    sw_buffer_free(&list);
    return good;
}

/* NAME CODES KEY FOLDER EVENTS ORDERS TRADES QUOTES PLACE. */
enum { CODES = 1, KEY, FOLDER, EVENTS, ORDERS, TRADES, QUOTES, PLACE, FIELDS };

bool sw_ship_securities(struct sw_shipping *shipping)
{
    struct sw_error *error = shipping->error;
    struct sw_buffer line = {0};
    char *fields[FIELDS] = {0};
    const char *merged = sw_put_path(&shipping->to, error, "%s/merged", shipping->attempt->at);
    bool good = merged && sw_make_folders(merged, error);
    for (size_t i = CODES; good && i < FIELDS; i++)
        good = (fields[i] = sw_ship_field(shipping, i + 1)) != NULL;
    good = good && merge(shipping, "orders", fields[CODES], fields[ORDERS], "order_keys") &&
           merge(shipping, "trades", fields[CODES], fields[TRADES], NULL) &&
           merge(shipping, "nbbo", fields[CODES], fields[QUOTES], "quote_keys") &&
           sw_buffer_format(&line, error, "1\t%s\t%s\t%s\t%s\t0\t0\t0\t%s\n", fields[CODES],
                            fields[KEY], fields[FOLDER], fields[EVENTS], fields[PLACE]) &&
           sw_ship_write(shipping, "stage/jobs", &line);
    for (size_t i = CODES; i < FIELDS; i++) free(fields[i]);
    sw_buffer_free(&line);
    return good;
}
