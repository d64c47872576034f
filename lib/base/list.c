/* SPDX-License-Identifier: ISC */
#include "base/list.h"

#include <stdbool.h>
#include <string.h>

/* Goes over one character; false at the end of what is not closed. */
struct walk {
    char quote; /* 0: in none */
    int depth;  /* of parentheses */
};

static bool is_open(struct walk *walk, char here)
{
    if (walk->quote) {
        if (here == walk->quote) walk->quote = 0;
        return true;
    }
    if (here == '\'' || here == '"' || here == '`') walk->quote = here;
    walk->depth += (here == '(') - (here == ')' && walk->depth > 0);
    return walk->quote || walk->depth > 0;
}

size_t sw_list_item(const char *list)
{
    struct walk walk = {0, 0};
    size_t at = 0;
    for (; list[at]; at++)
        if (!is_open(&walk, list[at]) && list[at] == ',') break;
    return at;
}

/* The equals sign, or `length`. */
static size_t equals_sign(const char *item, size_t length)
{
    struct walk walk = {0, 0};
    for (size_t at = 0; at < length; at++) {
        if (is_open(&walk, item[at])) continue;
        if (strchr("=!<>", item[at]) && at + 1 < length && item[at + 1] == '=')
            at++;
        else if (item[at] == '=')
            return at;
    }
    return length;
}

size_t sw_list_name(const char *item, size_t length)
{
    size_t at = equals_sign(item, length);
    if (at == length) return 0;
    while (at > 0 && item[at - 1] == ' ') at--;
    return at;
}

size_t sw_list_expression(const char *item, size_t length)
{
    size_t at = equals_sign(item, length);
    return at == length ? 0 : at + 1;
}

size_t sw_list_parenthesis(const char *text, size_t length)
{
    struct walk walk = {0, 0};
    size_t at = 0;
    while (at < length && is_open(&walk, text[at])) at++;
    return at < length ? at + 1 : length;
}
