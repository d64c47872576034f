/* SPDX-License-Identifier: ISC */
#include "expr/implied_literals.h"

#include <string.h>

#include "base/number.h"
#include "expr/tree.h"

/* Whether a column's fields hold its numbers' digits as they are. */
static bool has_digits(const struct sw_view *view, int handle)
{
    enum sw_type type = sw_view_type(view, handle);
    return sw_view_stored(view, handle) >= 0 &&
           (type == SW_INT || type == SW_UINT || type == SW_DECIMAL);
}

/* Of 0 no digit is left. */
static bool add_number(struct sw_literal_set *set, const struct sw_view *view, int handle,
                       sw_int128 number)
{
    char digits[SW_NUMBER_LENGTH];
    const char *from = digits;
    size_t length = sw_format_decimal(digits, number, sw_view_scale(view, handle));
    if (*from == '-') from++, length--;
    if (*from == '0') from++, length--; /* 0.5 may be written .5 */
    size_t column = (size_t)sw_view_stored(view, handle);
    return length && sw_literal_add_number(set, column, from, length);
}

static bool of_range(const struct sw_node *node, const struct sw_view *view,
                     struct sw_literal_set *set)
{
    return !node->inverted && node->low == node->high && has_digits(view, node->column) &&
           add_number(set, view, node->column, node->low);
}

static bool of_numbers(const struct sw_node *node, const struct sw_view *view,
                       struct sw_literal_set *set)
{
    const struct sw_value_set *members = &node->list->members;
    const struct sw_node *operand = node->children[0];
    if (operand->kind != SW_NODE_COLUMN || !has_digits(view, operand->column) || members->mask)
        return false;
    for (size_t i = 0; i < members->number_count; i++)
        if (!add_number(set, view, operand->column, members->numbers[i])) return false;
    return members->number_count > 0;
}

static bool of_text(const struct sw_node *node, const struct sw_view *view,
                    struct sw_literal_set *set)
{
    const struct sw_node *text = node->children[1];
    int column = sw_view_stored(view, node->column);
    return node->relation == SW_EQUAL && column >= 0 &&
           sw_literal_add_text(set, (size_t)column, text->text, text->length);
}

static bool of_texts(const struct sw_node *node, const struct sw_view *view,
                     struct sw_literal_set *set)
{
    const struct sw_value_set *members = &node->list->members;
    int column = sw_view_stored(view, node->column);
    if (column < 0) return false;
    for (size_t i = 0; i < members->text_count; i++)
        if (!sw_literal_add_text(set, (size_t)column, members->texts[i].bytes,
                                 members->texts[i].length))
            return false;
    return members->text_count > 0;
}

static bool implied_by(const struct sw_node *node, const struct sw_view *view,
                       struct sw_literal_set *set);

/* One of the children is true, and so one of all their literals is there. */
static bool of_any(const struct sw_node *node, const struct sw_view *view,
                   struct sw_literal_set *set)
{
    for (size_t i = 0; i < node->child_count; i++)
        if (!implied_by(node->children[i], view, set)) return false;
    return node->child_count > 0;
}

/* All of the children are true: the first that implies something will do. */
static bool of_all(const struct sw_node *node, const struct sw_view *view,
                   struct sw_literal_set *set)
{
    size_t before = set->count;
    for (size_t i = 0; i < node->child_count; i++) {
        if (implied_by(node->children[i], view, set)) return true;
        set->count = before;
    }
    return false;
}

/* Adds the literals that the truth of the node implies one of; false where it implies none that are
 * few and can be told. */
static bool implied_by(const struct sw_node *node, const struct sw_view *view,
                       struct sw_literal_set *set)
{
    switch (node->kind) {
    case SW_NODE_RANGE:
        return of_range(node, view, set);
    case SW_NODE_IN:
        return of_numbers(node, view, set);
    case SW_NODE_TEXT_RELATION:
        return of_text(node, view, set);
    case SW_NODE_TEXT_IN:
        return of_texts(node, view, set);
    case SW_NODE_OR:
        return of_any(node, view, set);
    case SW_NODE_AND:
        return of_all(node, view, set);
    default:
        return false;
    }
}

/* Each condition that has to be true makes a set of its own. */
static void collect(const struct sw_node *node, const struct sw_view *view,
                    struct sw_literals *literals)
{
    if (node->kind == SW_NODE_AND) {
        for (size_t i = 0; i < node->child_count; i++) collect(node->children[i], view, literals);
        return;
    }
    if (literals->count == SW_LITERAL_SETS) return;
    struct sw_literal_set *set = &literals->sets[literals->count];
    set->count = 0;
    if (implied_by(node, view, set)) literals->count++;
}

void sw_expression_implied(const struct sw_expression *expression, const struct sw_view *view,
                           struct sw_literals *literals)
{
    const struct sw_node *root = expression->root;
    literals->count = 0;
    if (root && !root->may_fail) collect(root, view, literals);
}
