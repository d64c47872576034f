/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "base/wide.h"
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
    switch (node->kind) {
    case SW_NODE_ADD:
        return "+";
    case SW_NODE_MULTIPLY:
        return "*";
    case SW_NODE_DIVIDE:
        return "/";
    case SW_NODE_SUBTRACT:
    case SW_NODE_NEGATE:
        return "-";
    default:
        return sw_function_name(node->kind);
    }
}

static bool too_large(const struct sw_slice *slice, const struct sw_node *node, size_t i)
{
    char row[32] = "";
    if (slice->counted)
        snprintf(row, sizeof row, "row %llu: ",
                 (unsigned long long)(slice->expression->rows + slice->start + i + 1));
    return sw_complain(slice->expression, sw_node_place(node), slice->error, SW_DATA,
                       "%sthe result of '%s' does not fit 128 bits", row, symbol_of(node));
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

/* 18 decimals, half away from zero; null where the divisor is 0. */
static bool divide(const struct sw_slice *slice, const struct sw_node *node, struct sw_level *left,
                   const struct sw_level *right)
{
    int shift = SW_QUOTIENT_DECIMALS + node->children[1]->scale - node->children[0]->scale;
    for (size_t i = 0; i < slice->count; i++) {
        left->nulls[i] |= right->nulls[i] | (right->numbers[i] == 0);
        if (!left->nulls[i] &&
            !sw_ratio(left->numbers[i], right->numbers[i], shift, &left->numbers[i]))
            return too_large(slice, node, i);
        if (left->nulls[i]) left->numbers[i] = 0;
    }
    return true;
}

static bool make_absolute(const struct sw_slice *slice, const struct sw_node *node,
                          struct sw_level *to)
{
    for (size_t i = 0; i < slice->count; i++)
        if (to->numbers[i] < 0 &&
            __builtin_sub_overflow((sw_int128)0, to->numbers[i], &to->numbers[i]))
            return too_large(slice, node, i);
    return true;
}

/* Half away from zero. */
static void round_off(const struct sw_slice *slice, const struct sw_node *node, struct sw_level *to)
{
    sw_int128 unit = sw_power_of_ten(node->children[0]->scale - node->scale);
    for (size_t i = 0; unit > 1 && i < slice->count; i++) {
        sw_int128 rest = to->numbers[i] % unit, whole = to->numbers[i] / unit;
        if (rest >= unit - rest) whole++;
        if (-rest >= unit + rest) whole--;
        to->numbers[i] = whole;
    }
}

/* The numbers of children[index] in the scale of the node, at this depth; nulls are 0. */
static struct sw_level *numbers_of_child(struct sw_slice *slice, const struct sw_node *node,
                                         size_t index, int depth)
{
    const struct sw_node *child = node->children[index];
    struct sw_level *level = sw_level_at(slice, depth);
    if (!level) return NULL;
    if (child->kind == SW_NODE_NULL) {
        memset(level->nulls, 1, slice->count);
        memset(level->numbers, 0, slice->count * sizeof *level->numbers);
        return level;
    }
    level = sw_slice_numbers(slice, child, depth);
    for (size_t i = 0; level && i < slice->count; i++)
        if (level->nulls[i]) level->numbers[i] = 0;
    return level && rescale(slice, node, level, node->scale - child->scale) ? level : NULL;
}

/* Both values are worked out in every row. */
static bool choose(struct sw_slice *slice, const struct sw_node *node, int depth)
{
    struct sw_level *yes = numbers_of_child(slice, node, 1, depth);
    struct sw_level *no = yes ? numbers_of_child(slice, node, 2, depth + 1) : NULL;
    struct sw_level *asked = no ? sw_level_at(slice, depth + 2) : NULL;
    if (!asked || !slice->condition(slice, node->children[0], depth + 3, asked->mask)) return false;
    for (size_t i = 0; i < slice->count; i++) {
        if (asked->mask[i] == SW_TRUE) continue;
        yes->numbers[i] = no->numbers[i];
        yes->nulls[i] = no->nulls[i];
    }
    return true;
}

/* Of those that are not null; null where all are. */
static bool extreme(struct sw_slice *slice, const struct sw_node *node, int depth)
{
    struct sw_level *best = numbers_of_child(slice, node, 0, depth);
    bool least = node->kind == SW_NODE_LEAST;
    for (size_t child = 1; best && child < node->child_count; child++) {
        const struct sw_level *other = numbers_of_child(slice, node, child, depth + 1);
        if (!other) return false;
        for (size_t i = 0; i < slice->count; i++) {
            bool better = best->nulls[i] || (least ? other->numbers[i] < best->numbers[i]
                                                   : other->numbers[i] > best->numbers[i]);
            if (other->nulls[i] || !better) continue;
            best->numbers[i] = other->numbers[i];
            best->nulls[i] = 0;
        }
    }
    return best != NULL;
}

static bool call_function(struct sw_slice *slice, const struct sw_node *node,
                          struct sw_level *level, int depth)
{
    switch (node->kind) {
    case SW_NODE_IF:
        return choose(slice, node, depth);
    case SW_NODE_LEAST:
    case SW_NODE_GREATEST:
        return extreme(slice, node, depth);
    default:
        break;
    }
    if (!sw_slice_numbers(slice, node->children[0], depth)) return false;
    if (node->kind == SW_NODE_ABS) return make_absolute(slice, node, level);
    round_off(slice, node, level);
    return true;
}

static bool is_function(enum sw_node_kind kind)
{
    return kind >= SW_NODE_IF && kind <= SW_NODE_BUCKET;
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
    if (is_function(node->kind)) return call_function(slice, node, level, depth) ? level : NULL;
    if (!sw_slice_numbers(slice, node->children[0], depth)) return NULL;
    if (node->kind == SW_NODE_NEGATE) return negate(slice, node, level) ? level : NULL;
    right = sw_slice_numbers(slice, node->children[1], depth + 1);
    if (!right) return NULL;
    return (node->kind == SW_NODE_DIVIDE ? divide(slice, node, level, right)
                                         : combine(slice, node, level, right))
               ? level
               : NULL;
}
