/* SPDX-License-Identifier: ISC */
#include "expr/tree.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"

struct sw_node *sw_node_new(struct sw_expression *expression, enum sw_node_kind kind,
                            struct sw_place place, struct sw_error *error)
{
    if (!sw_grow(&expression->nodes, &expression->node_capacity, expression->node_count + 1,
                 sizeof *expression->nodes, error))
        return NULL;
    struct sw_node *node = sw_alloc(1, sizeof *node, error);
    if (!node) return NULL;
    node->kind = kind;
    node->option = place.option;
    node->at = place.at;
    expression->nodes[expression->node_count++] = node;
    return node;
}

struct sw_node *sw_node_text(struct sw_expression *expression, enum sw_node_kind kind,
                             struct sw_place place, const char *text, size_t length,
                             struct sw_error *error)
{
    struct sw_node *node = sw_node_new(expression, kind, place, error);
    if (!node) return NULL;
    node->text = sw_copy_text(text, length, error);
    node->length = length;
    return node->text ? node : NULL;
}

bool sw_node_adopt(struct sw_expression *expression, struct sw_node *parent, struct sw_node *child,
                   struct sw_error *error)
{
    if (child->depth >= SW_EXPRESSION_DEPTH && !parent->option)
        return sw_complain(expression, sw_node_place(parent), error, SW_USAGE,
                           "more than %d operators in one another", SW_EXPRESSION_DEPTH);
    if (!sw_grow(&parent->children, &parent->child_capacity, parent->child_count + 1,
                 sizeof *parent->children, error))
        return false;
    parent->children[parent->child_count++] = child;
    if (child->depth >= parent->depth) parent->depth = child->depth + 1;
    return true;
}

struct sw_node *sw_node_pair(struct sw_expression *expression, enum sw_node_kind kind,
                             struct sw_place place, struct sw_node *left, struct sw_node *right,
                             struct sw_error *error)
{
    struct sw_node *node = left && right ? sw_node_new(expression, kind, place, error) : NULL;
    if (!node || !sw_node_adopt(expression, node, left, error) ||
        !sw_node_adopt(expression, node, right, error))
        return NULL;
    return node;
}

/* Characters of UTF-8 before a byte, from 1 on. */
static size_t place_number(const char *text, size_t at)
{
    size_t number = 1;
    for (size_t i = 0; i < at; i++) number += ((unsigned char)text[i] & 0xC0) != 0x80;
    return number;
}

bool sw_complain(struct sw_expression *expression, struct sw_place place, struct sw_error *error,
                 enum sw_status status, const char *format, ...)
{
    char reason[sizeof error->message];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reason, sizeof reason, format, arguments);
    va_end(arguments);
    if (place.option) return sw_fail(error, status, "%s: %s", place.option, reason);
    expression->has_place = true;
    expression->error_at = place.at;
    return sw_fail(error, status, "expression:%zu: %s", place_number(expression->text, place.at),
                   reason);
}

const char *sw_class_name(enum sw_class class)
{
    switch (class) {
    case SW_CLASS_NUMBER:
        return "a number";
    case SW_CLASS_TIME:
        return "a time";
    case SW_CLASS_DATE:
        return "a date";
    case SW_CLASS_CLOCK:
        return "a time of day";
    case SW_CLASS_TEXT:
        return "text";
    case SW_CLASS_NULL:
        return "null";
    case SW_CLASS_TRUTH:
        return "true or false";
    }
    return "nothing";
}
