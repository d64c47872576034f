/* SPDX-License-Identifier: ISC
 *
 * Truths of a bound tree for the rows of a block, a byte each. Loops have no branches on data: a
 * comparison with a constant is one subtraction and one comparison, a text is looked at once per
 * entry of the block's dictionary.
 */
#include "expr/evaluate.h"

#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "kernels/mask.h"

void sw_levels_free(struct sw_expression *expression)
{
    for (size_t i = 0; i < expression->level_count; i++) free(expression->levels[i]);
    free(expression->levels);
    expression->levels = NULL;
    expression->level_count = expression->level_capacity = 0;
}

/* ---- leaves ---- */

static void make_unknown(const struct sw_slice *slice, const struct sw_vector *vector,
                         unsigned char *mask)
{
    if (!vector->nulls) return;
    for (size_t i = 0; i < slice->count; i++)
        mask[i] = sw_is_null(vector, slice->start + i) ? SW_UNKNOWN : mask[i];
}

static void range_wide(const sw_int128 *values, size_t count, const struct sw_node *node,
                       unsigned char *mask)
{
    sw_uint128 low = (sw_uint128)node->low, span = (sw_uint128)node->high - low;
    for (size_t i = 0; i < count; i++)
        mask[i] = (unsigned char)((((sw_uint128)values[i] - low <= span) ^ node->inverted) << 1);
}

static void range_narrow(const int64_t *values, size_t count, const struct sw_node *node,
                         unsigned char *mask)
{
    sw_int128 low = node->low < INT64_MIN ? INT64_MIN : node->low;
    sw_int128 high = node->high > INT64_MAX ? INT64_MAX : node->high;
    if (low > high)
        memset(mask, node->inverted ? SW_TRUE : SW_FALSE, count);
    else
        sw_mask_best()->range(values, count, (uint64_t)low, (uint64_t)high - (uint64_t)low,
                              node->inverted, mask);
}

static bool range(struct sw_slice *slice, const struct sw_node *node, unsigned char *mask)
{
    const struct sw_vector *vector = sw_view_vector(slice->view, node->column, slice->error);
    if (!vector) return false;
    if (!vector->wide)
        range_narrow(vector->narrow + slice->start, slice->count, node, mask);
    else if (node->low > node->high)
        memset(mask, node->inverted ? SW_TRUE : SW_FALSE, slice->count);
    else
        range_wide(vector->wide_values + slice->start, slice->count, node, mask);
    make_unknown(slice, vector, mask);
    return true;
}

bool sw_is_of_numbers(const struct sw_node *node, int *column)
{
    bool list = node->kind == SW_NODE_IN && node->children[0]->kind == SW_NODE_COLUMN;
    *column = list ? node->children[0]->column : node->column;
    return list || node->kind == SW_NODE_RANGE;
}

void sw_numbers_mask(const struct sw_node *node, const int64_t *numbers, size_t count,
                     unsigned char *mask)
{
    if (node->kind == SW_NODE_RANGE)
        range_narrow(numbers, count, node, mask);
    else
        sw_value_set_test(&node->list->members, numbers, count, mask);
}

static bool decide_text(const struct sw_node *node, const struct sw_text *text)
{
    if (node->kind == SW_NODE_TEXT_IN) return sw_value_set_has_text(&node->list->members, text);
    const struct sw_node *literal = node->children[1];
    struct sw_text other = {literal->text, (uint32_t)literal->length};
    return sw_relation_holds(node->relation, sw_texts_compare(text, &other));
}

static bool decide_dictionary(struct sw_slice *slice, struct sw_node *node,
                              const struct sw_vector *vector)
{
    if (node->table_block == slice->expression->block) return true;
    if (!sw_grow(&node->table, &node->table_capacity, vector->dictionary_size + (size_t)1, 1,
                 slice->error))
        return false;
    node->table[0] = SW_FALSE; /* null rows have code 0 even where the dictionary is empty */
    for (uint32_t code = 0; code < vector->dictionary_size; code++)
        node->table[code] = decide_text(node, &vector->dictionary[code]) ? SW_TRUE : SW_FALSE;
    node->table_block = slice->expression->block;
    return true;
}

static bool test_text(struct sw_slice *slice, struct sw_node *node, unsigned char *mask)
{
    const struct sw_vector *vector = sw_view_vector(slice->view, node->column, slice->error);
    if (!vector || !decide_dictionary(slice, node, vector)) return false;
    const uint32_t *codes = vector->codes + slice->start;
    for (size_t i = 0; i < slice->count; i++) mask[i] = node->table[codes[i]];
    make_unknown(slice, vector, mask);
    return true;
}

static bool compare_text_columns(struct sw_slice *slice, const struct sw_node *node,
                                 unsigned char *mask)
{
    const struct sw_vector *left, *right;
    left = sw_view_vector(slice->view, node->children[0]->column, slice->error);
    right = left ? sw_view_vector(slice->view, node->children[1]->column, slice->error) : NULL;
    if (!right) return false;
    for (size_t i = 0; i < slice->count; i++) {
        size_t row = slice->start + i;
        mask[i] = SW_UNKNOWN;
        if (sw_is_null(left, row) || sw_is_null(right, row)) continue;
        int outcome = sw_texts_compare(&left->dictionary[left->codes[row]],
                                       &right->dictionary[right->codes[row]]);
        mask[i] = sw_relation_holds(node->relation, outcome) ? SW_TRUE : SW_FALSE;
    }
    return true;
}

static bool compare_numbers(struct sw_slice *slice, const struct sw_node *node, int depth,
                            unsigned char *mask)
{
    const struct sw_node *left = node->children[0], *right = node->children[1];
    const struct sw_level *a = sw_slice_numbers(slice, left, depth);
    const struct sw_level *b = a ? sw_slice_numbers(slice, right, depth + 1) : NULL;
    if (!b) return false;
    for (size_t i = 0; i < slice->count; i++) {
        int outcome = sw_compare_scaled(a->numbers[i], left->scale, b->numbers[i], right->scale);
        bool holds = sw_relation_holds(node->relation, outcome);
        mask[i] = a->nulls[i] | b->nulls[i] ? SW_UNKNOWN : holds ? SW_TRUE : SW_FALSE;
    }
    return true;
}

static bool test_computed(struct sw_slice *slice, const struct sw_node *node, int depth,
                          unsigned char *mask)
{
    const struct sw_value_set *members = &node->list->members;
    const struct sw_level *level = sw_slice_numbers(slice, node->children[0], depth);
    if (!level) return false;
    for (size_t i = 0; i < slice->count; i++) {
        bool member = sw_value_set_has_number(members, level->numbers[i]);
        mask[i] = level->nulls[i] ? SW_UNKNOWN : member ? SW_TRUE : SW_FALSE;
    }
    return true;
}

static bool test_numbers(struct sw_slice *slice, const struct sw_node *node, int depth,
                         unsigned char *mask)
{
    const struct sw_node *operand = node->children[0];
    if (operand->kind != SW_NODE_COLUMN) return test_computed(slice, node, depth, mask);
    const struct sw_vector *vector = sw_view_vector(slice->view, operand->column, slice->error);
    if (!vector) return false;
    if (vector->wide) return test_computed(slice, node, depth, mask);
    sw_value_set_test(&node->list->members, vector->narrow + slice->start, slice->count, mask);
    make_unknown(slice, vector, mask);
    return true;
}

static bool test_null(struct sw_slice *slice, const struct sw_node *node, int depth,
                      unsigned char *mask)
{
    const struct sw_node *operand = node->children[0];
    if (operand->kind != SW_NODE_COLUMN) {
        const struct sw_level *level = sw_slice_numbers(slice, operand, depth);
        for (size_t i = 0; level && i < slice->count; i++)
            mask[i] = (unsigned char)((level->nulls[i] ^ node->inverted) << 1);
        return level != NULL;
    }
    const struct sw_vector *vector = sw_view_vector(slice->view, operand->column, slice->error);
    for (size_t i = 0; vector && i < slice->count; i++)
        mask[i] = (unsigned char)((sw_is_null(vector, slice->start + i) ^ node->inverted) << 1);
    return vector != NULL;
}

/* ---- joints ---- */

static bool evaluate(struct sw_slice *slice, struct sw_node *node, int depth, unsigned char *mask);

static bool all_are(const unsigned char *mask, size_t count, unsigned char truth)
{
    return mask[0] == truth && memcmp(mask, mask + 1, count - 1) == 0;
}

/* A child is left out where the slice is decided already, unless it may fail: a failure must not
 * depend on where slices begin. */
static bool evaluate_joined(struct sw_slice *slice, const struct sw_node *node, int depth,
                            unsigned char *mask)
{
    const struct sw_mask *best = sw_mask_best();
    bool and = node->kind == SW_NODE_AND, decided = false;
    struct sw_level *level = sw_level_at(slice, depth);
    if (!level || !evaluate(slice, node->children[0], depth + 1, mask)) return false;
    for (size_t i = 1; i < node->child_count; i++) {
        struct sw_node *child = node->children[i];
        decided = decided || all_are(mask, slice->count, and? SW_FALSE : SW_TRUE);
        if (decided && !child->may_fail) continue;
        if (!evaluate(slice, child, depth + 1, level->mask)) return false;
        (and? best->lower : best->raise)(mask, level->mask, slice->count);
    }
    return true;
}

static bool evaluate_not(struct sw_slice *slice, const struct sw_node *node, int depth,
                         unsigned char *mask)
{
    if (!evaluate(slice, node->children[0], depth, mask)) return false;
    for (size_t i = 0; i < slice->count; i++) mask[i] = (unsigned char)(SW_TRUE - mask[i]);
    return true;
}

static bool evaluate(struct sw_slice *slice, struct sw_node *node, int depth, unsigned char *mask)
{
    switch (node->kind) {
    case SW_NODE_RANGE:
        return range(slice, node, mask);
    case SW_NODE_IN:
        return test_numbers(slice, node, depth, mask);
    case SW_NODE_TEXT_RELATION:
    case SW_NODE_TEXT_IN:
        return test_text(slice, node, mask);
    case SW_NODE_TEXT_COMPARE:
        return compare_text_columns(slice, node, mask);
    case SW_NODE_COMPARE:
        return compare_numbers(slice, node, depth, mask);
    case SW_NODE_IS_NULL:
        return test_null(slice, node, depth, mask);
    case SW_NODE_NOT:
        return evaluate_not(slice, node, depth, mask);
    case SW_NODE_AND:
    case SW_NODE_OR:
        return evaluate_joined(slice, node, depth, mask);
    default:
        memset(mask, node->truth, slice->count);
        return true;
    }
}

void sw_slice_prepare(struct sw_slice *slice)
{
    slice->condition = evaluate;
}

bool sw_slice_mask(struct sw_slice *slice, struct sw_node *node, unsigned char *mask)
{
    return evaluate(slice, node, 0, mask);
}

/* ---- rows ---- */

static bool select_rows(struct sw_slice *slice, size_t rows, uint32_t *selected, size_t *count)
{
    unsigned char mask[SW_SLICE_ROWS];
    for (; slice->start < rows; slice->start += slice->count) {
        slice->count = rows - slice->start < SW_SLICE_ROWS ? rows - slice->start : SW_SLICE_ROWS;
        if (!evaluate(slice, slice->expression->root, 0, mask)) return false;
        *count +=
            sw_mask_best()->rows(mask, slice->count, (uint32_t)slice->start, selected + *count);
    }
    return true;
}

bool sw_expression_select(struct sw_expression *expression, struct sw_view *view,
                          uint32_t *selected, size_t *count, struct sw_error *error)
{
    struct sw_slice slice = {
        .expression = expression, .view = view, .counted = true, .error = error};
    sw_slice_prepare(&slice);
    *count = 0;
    if (!expression->root) {
        for (size_t row = 0; row < view->rows; row++) selected[row] = (uint32_t)row;
        *count = view->rows;
        return true;
    }
    expression->block++;
    if (!select_rows(&slice, view->rows, selected, count)) return false;
    expression->rows += view->rows;
    return true;
}
