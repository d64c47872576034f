/* SPDX-License-Identifier: ISC
 *
 * What a condition says of stored columns before any block is seen: of parts that all must be true,
 * the ranges and the lists of numbers.
 */
#include "expr/tree.h"

/* The bounds that a node sets to a column of numbers; false where it sets none. */
static bool bounds_of(const struct sw_node *node, int *column, sw_int128 *low, sw_int128 *high)
{
    if (node->kind == SW_NODE_RANGE && !node->inverted) {
        *column = node->column;
        *low = node->low;
        *high = node->high;
        return true;
    }
    if (node->kind != SW_NODE_IN || node->children[0]->kind != SW_NODE_COLUMN ||
        node->list->members.number_count == 0 || node->list->members.mask)
        return false;
    *column = node->children[0]->column;
    *low = node->list->members.low;
    *high = node->list->members.high;
    return true;
}

static bool restrict_by(const struct sw_node *node, const struct sw_view *view,
                        struct sw_reader *reader, struct sw_error *error)
{
    int column;
    sw_int128 low, high;
    if (node->kind == SW_NODE_AND) {
        for (size_t i = 0; i < node->child_count; i++)
            if (!restrict_by(node->children[i], view, reader, error)) return false;
        return true;
    }
    if (!bounds_of(node, &column, &low, &high)) return true;
    int stored = sw_view_stored(view, column);
    return stored < 0 || sw_view_type(view, column) == SW_TEXT ||
           sw_reader_restrict(reader, stored, low, high, error);
}

bool sw_expression_restrict(const struct sw_expression *expression, const struct sw_view *view,
                            struct sw_reader *reader, struct sw_error *error)
{
    if (!expression->root || expression->root->may_fail) return true;
    return restrict_by(expression->root, view, reader, error);
}
