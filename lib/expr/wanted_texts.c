/* SPDX-License-Identifier: ISC */
#include "expr/wanted_texts.h"

#include "expr/tree.h"

struct wanted {
    struct sw_wanted_text *items;
    size_t count, room;
};

static void add(struct wanted *wanted, int column, struct sw_text text)
{
    if (wanted->count < wanted->room)
        wanted->items[wanted->count++] = (struct sw_wanted_text){column, text};
}

static void collect(const struct sw_node *node, struct wanted *wanted)
{
    switch (node->kind) {
    case SW_NODE_AND:
    case SW_NODE_OR:
        for (size_t i = 0; i < node->child_count; i++) collect(node->children[i], wanted);
        return;
    case SW_NODE_TEXT_RELATION:
        if (node->relation == SW_EQUAL)
            add(wanted, node->column,
                (struct sw_text){node->children[1]->text, (uint32_t)node->children[1]->length});
        return;
    case SW_NODE_TEXT_IN:
        for (size_t i = 0; i < node->list->members.text_count; i++)
            add(wanted, node->column, node->list->members.texts[i]);
        return;
    default:
        return;
    }
}

size_t sw_expression_wanted(const struct sw_expression *expression, struct sw_wanted_text *wanted,
                            size_t room)
{
    struct wanted all = {wanted, 0, room};
    if (expression->root) collect(expression->root, &all);
    return all.count;
}
