/* SPDX-License-Identifier: ISC */
#include "expr/expression.h"

#include <string.h>

#include "base/memory.h"
#include "base/shown.h"
#include "expr/tree.h"

bool sw_expression_take(struct sw_expression *expression, const char *text, struct sw_error *error)
{
    size_t length = strlen(text);
    if (length > SW_EXPRESSION_LENGTH)
        return sw_fail(error, SW_USAGE, "an expression of more than %d bytes",
                       SW_EXPRESSION_LENGTH);
    expression->text = sw_copy_text(text, length, error);
    return expression->text != NULL;
}

bool sw_expression_compile(struct sw_expression *expression, struct sw_view *view, const char *text,
                           const char *share_directory, struct sw_error *error)
{
    struct sw_node *root;
    *expression = (struct sw_expression){0};
    if (!sw_expression_take(expression, text, error) ||
        !sw_expression_parse(expression, share_directory, &root, error) ||
        !sw_expression_bind(expression, view, root, error))
        return false;
    expression->root = root;
    return true;
}

static void free_node(struct sw_node *node)
{
    if (node->list) {
        sw_words_free(&node->list->words);
        sw_value_set_free(&node->list->members);
        free(node->list);
    }
    free(node->children);
    free(node->text);
    free(node->table);
    free(node);
}

void sw_expression_free(struct sw_expression *expression)
{
    for (size_t i = 0; i < expression->node_count; i++) free_node(expression->nodes[i]);
    free(expression->nodes);
    free(expression->text);
    sw_levels_free(expression);
    *expression = (struct sw_expression){0};
}

static bool inside_character(const char *text, size_t at)
{
    return ((unsigned char)text[at] & 0xC0) == 0x80;
}

/* A window of the text around the place, which is put near the end of what is shown before it. */
bool sw_expression_point(const struct sw_expression *expression, struct sw_caret *caret)
{
    enum { BEFORE = 60, BEHIND = 40 };
    const char *text = expression->text;
    size_t at = expression->error_at, length = 0, marked = 0;
    if (!expression->has_place || !text) return false;
    size_t start = at > BEFORE ? at - BEFORE : 0, end = strlen(text);
    if (end > at + BEHIND) end = at + BEHIND;
    while (start < at && inside_character(text, start)) start++;
    while (end > at && inside_character(text, end)) end--;
    for (size_t i = start, here; i < end; i += here) {
        bool showable = sw_is_showable(text + i, end - i, &here);
        for (size_t k = 0; k < (showable ? here : 1); k++)
            caret->text[length++] = showable ? text[i + k] : ' ';
        if (i < at) caret->mark[marked++] = ' ';
    }
    caret->text[length] = 0;
    caret->mark[marked++] = '^';
    caret->mark[marked] = 0;
    return true;
}
