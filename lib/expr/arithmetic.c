/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/number.h"
#include "expr/evaluate.h"

static void fill(const struct sw_slice *slice, const struct sw_node *node, struct sw_level *to)
{
    for (size_t i = 0; i < slice->count; i++) to->numbers[i] = node->number;
    memset(to->nulls, 0, slice->count);
}

static bool load(struct sw_slice *slice, const struct sw_node *node, struct sw_level *to)
{
    const struct sw_vector *vector = sw_view_vector(slice->view, node->column, slice->error);
    if (!vector) return false;
    if (vector->wide)
        memcpy(to->numbers, vector->wide_values + slice->start, slice->count * sizeof *to->numbers);
    else
        for (size_t i = 0; i < slice->count; i++) to->numbers[i] = vector->narrow[slice->start + i];
    memset(to->nulls, 0, slice->count);
    for (size_t i = 0; vector->nulls && i < slice->count; i++)
        to->nulls[i] = sw_is_null(vector, slice->start + i);
    return true;
}

static const char *symbol_of(const struct sw_node *node)
{
    return node->kind == SW_NODE_ADD ? "+" : node->kind == SW_NODE_MULTIPLY ? "*" : "-";
}

static bool too_large(const struct sw_slice *slice, const struct sw_node *node, size_t i)
{
    uint64_t row = slice->expression->rows + slice->start + i + 1;
    return sw_complain(slice->expression, sw_node_place(node), slice->error, SW_DATA,
                       "row %llu: the result of '%s' does not fit 128 bits",
                       (unsigned long long)row, symbol_of(node));
}

static bool negate(const struct sw_slice *slice, const struct sw_node *node, struct sw_level *to)
{
    for (size_t i = 0; i < slice->count; i++)
        if (__builtin_sub_overflow((sw_int128)0, to->numbers[i], &to->numbers[i]))
            return too_large(slice, node, i);
    return true;
}

/* Gives the numbers that have them `decimals` more decimals. */
static bool rescale(const struct sw_slice *slice, const struct sw_node *node,
                    struct sw_level *level, int decimals)
{
    sw_int128 unit = sw_power_of_ten(decimals);
    if (decimals == 0) return true;
    for (size_t i = 0; i < slice->count; i++)
        if (__builtin_mul_overflow(level->numbers[i], unit, &level->numbers[i]))
            return too_large(slice, node, i);
    return true;
}

static bool combine_one(enum sw_node_kind kind, sw_int128 a, sw_int128 b, sw_int128 *result)
{
    if (kind == SW_NODE_ADD) return !__builtin_add_overflow(a, b, result);
    if (kind == SW_NODE_SUBTRACT) return !__builtin_sub_overflow(a, b, result);
    return !__builtin_mul_overflow(a, b, result);
}

/* A row with a null has no result, so none that could be too large. */
static bool combine(const struct sw_slice *slice, const struct sw_node *node, struct sw_level *left,
                    struct sw_level *right)
{
    const struct sw_node *a = node->children[0], *b = node->children[1];
    bool product = node->kind == SW_NODE_MULTIPLY;
    for (size_t i = 0; i < slice->count; i++) {
        left->nulls[i] |= right->nulls[i];
        if (left->nulls[i]) left->numbers[i] = right->numbers[i] = 0;
    }
    if (!product && (!rescale(slice, node, left, node->scale - a->scale) ||
                     !rescale(slice, node, right, node->scale - b->scale)))
        return false;
    for (size_t i = 0; i < slice->count; i++)
        if (!combine_one(node->kind, left->numbers[i], right->numbers[i], &left->numbers[i]))
            return too_large(slice, node, i);
    return true;
}

struct sw_level *sw_slice_numbers(struct sw_slice *slice, const struct sw_node *node, int depth)
{
    struct sw_level *level = sw_level_at(slice, depth), *right;
    if (!level) return NULL;
    if (node->kind == SW_NODE_NUMBER) {
        fill(slice, node, level);
        return level;
    }
    if (node->kind == SW_NODE_COLUMN) return load(slice, node, level) ? level : NULL;
    if (!sw_slice_numbers(slice, node->children[0], depth)) return NULL;
    if (node->kind == SW_NODE_NEGATE) return negate(slice, node, level) ? level : NULL;
    right = sw_slice_numbers(slice, node->children[1], depth + 1);
    return right && combine(slice, node, level, right) ? level : NULL;
}
