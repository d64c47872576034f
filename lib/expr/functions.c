/* SPDX-License-Identifier: ISC
 * The functions of expressions by their names. */
#include <string.h>

#include "base/civil.h"
#include "expr/tree.h"

static const struct {
    const char *name;
    enum sw_node_kind kind;
} functions[] = {
    {"if", SW_NODE_IF},       {"abs", SW_NODE_ABS},
    {"least", SW_NODE_LEAST}, {"greatest", SW_NODE_GREATEST},
    {"round", SW_NODE_ROUND}, {"bucket", SW_NODE_BUCKET},
};

enum { FUNCTIONS = sizeof functions / sizeof *functions };

bool sw_function_find(const char *name, size_t length, enum sw_node_kind *kind)
{
    for (size_t i = 0; i < FUNCTIONS; i++)
        if (strlen(functions[i].name) == length && memcmp(functions[i].name, name, length) == 0) {
            *kind = functions[i].kind;
            return true;
        }
    return false;
}

const char *sw_function_name(enum sw_node_kind kind)
{
    for (size_t i = 0; i < FUNCTIONS; i++)
        if (functions[i].kind == kind) return functions[i].name;
    return "nothing";
}

const char *sw_width_parse(const char *text, size_t length, int64_t *width_ns)
{
    enum { MOST_DIGITS = 6 };
    static const char units[] = "smhd";
    static const int64_t seconds[] = {1, 60, 3600, 86400};
    int64_t number = 0;
    size_t digits = 0;
    for (; digits < length && text[digits] >= '0' && text[digits] <= '9'; digits++)
        if (digits < MOST_DIGITS) number = number * 10 + (text[digits] - '0');
    const char *unit = digits + 1 == length && text[digits] ? strchr(units, text[digits]) : NULL;
    if (digits == 0 || digits > MOST_DIGITS || !unit || number == 0)
        return "a width is a whole number of s, m, h or d, such as 5m";
    *width_ns = number * seconds[unit - units] * SW_NS_PER_SECOND;
    if (*width_ns > SW_NS_PER_DAY && *width_ns % SW_NS_PER_DAY != 0)
        return "a width of more than a day is of whole days";
    return NULL;
}
