/* SPDX-License-Identifier: ISC
 *
 * What a block's directory says about a condition. Each node comes to the set of mask that some
 * row of the block may have; a block whose set lacks SW_TRUE is skipped.
 */
#include "base/civil.h"
#include "expr/tree.h"

enum {
    MAY_BE_FALSE = 1 << SW_FALSE,
    MAY_BE_UNKNOWN = 1 << SW_UNKNOWN,
    MAY_BE_TRUE = 1 << SW_TRUE,
    ANYTHING = MAY_BE_FALSE | MAY_BE_UNKNOWN | MAY_BE_TRUE,
};

struct asked {
    struct sw_view *view;
    const struct sw_known_block *block;
};

/* What is known of a column's values in the block; all_null: there is none. */
struct bounds {
    sw_int128 low, high;
    bool nulls, all_null;
    const int64_t *values; /* all there are, where that is known; else NULL */
    size_t value_count;
};

static bool stored_bounds(const struct asked *asked, int column, struct bounds *bounds)
{
    const struct sw_known_block *block = asked->block;
    uint64_t nulls;
    *bounds = (struct bounds){0};
    if (!block->bounds(block->owner, column, &bounds->low, &bounds->high, &nulls)) return false;
    bounds->nulls = nulls > 0;
    bounds->all_null = nulls == block->rows;
    if (block->values) bounds->values = block->values(block->owner, column, &bounds->value_count);
    return true;
}

static sw_int128 local_time(int64_t time_ns, int offset_seconds)
{
    return time_ns + (sw_int128)offset_seconds * SW_NS_PER_SECOND;
}

static sw_int128 day_of(sw_int128 local)
{
    return local / SW_NS_PER_DAY - (local % SW_NS_PER_DAY < 0);
}

/* Local dates and times of day follow the time column as long as the clock is not changed in the
 * block: then they are known. */
static bool local_bounds(const struct asked *asked, const char *name, struct bounds *bounds)
{
    struct sw_zone *zone = &asked->view->zone;
    int time_column = asked->view->supplier.schema->time_column;
    if (!stored_bounds(asked, time_column, bounds)) return false;
    bounds->values = NULL;
    if (bounds->all_null) return true;
    if (bounds->low < INT64_MIN || bounds->high > INT64_MAX) return false;
    int64_t first = (int64_t)bounds->low, last = (int64_t)bounds->high;
    int offset = sw_zone_offset(zone, first);
    if (last > zone->segment_end_ns) return false;
    sw_int128 low = local_time(first, offset), high = local_time(last, offset);
    sw_int128 low_day = day_of(low), high_day = day_of(high);
    bounds->low = low_day;
    bounds->high = high_day;
    if (strcmp(name, "date") == 0) return true;
    if (low_day != high_day) return false;
    sw_int128 unit = strcmp(name, "hour") == 0 ? SW_NS_PER_HOUR : 1;
    bounds->low = (low - low_day * SW_NS_PER_DAY) / unit;
    bounds->high = (high - high_day * SW_NS_PER_DAY) / unit;
    return true;
}

static bool column_bounds(const struct asked *asked, int handle, struct bounds *bounds)
{
    const char *name = sw_view_name(asked->view, handle);
    int stored = sw_view_stored(asked->view, handle);
    if (stored >= 0) return stored_bounds(asked, stored, bounds);
    bool local = strcmp(name, "date") == 0 || strcmp(name, "hour") == 0 ||
                 strcmp(name, "nanos") == 0 || strcmp(name, "#time_of_day") == 0;
    return local && local_bounds(asked, name, bounds);
}

/* The mask of "x is from low to high" where x is within bounds. */
static unsigned within(const struct bounds *bounds, sw_int128 low, sw_int128 high, bool all_of_them)
{
    unsigned mask = bounds->nulls ? MAY_BE_UNKNOWN : 0;
    if (bounds->all_null) return mask;
    bool meets = low <= high && bounds->low <= high && bounds->high >= low;
    bool inside = meets && all_of_them && bounds->low >= low && bounds->high <= high;
    return mask | (meets ? MAY_BE_TRUE : 0) | (inside ? 0 : MAY_BE_FALSE);
}

static unsigned turned(unsigned mask)
{
    return (mask & MAY_BE_UNKNOWN) | (mask & MAY_BE_TRUE ? MAY_BE_FALSE : 0) |
           (mask & MAY_BE_FALSE ? MAY_BE_TRUE : 0);
}

/* The mask of a range or a list, for each of the values. */
static unsigned mask_of_values(const struct bounds *bounds, const struct sw_node *node)
{
    unsigned mask = bounds->nulls ? MAY_BE_UNKNOWN : 0;
    for (size_t i = 0; i < bounds->value_count; i++) {
        sw_int128 value = bounds->values[i];
        bool is_in = node->kind == SW_NODE_RANGE
                         ? value >= node->low && value <= node->high
                         : sw_value_set_has_number(&node->list->members, value);
        mask |= is_in ? MAY_BE_TRUE : MAY_BE_FALSE;
    }
    return mask;
}

static unsigned mask_of(const struct asked *asked, const struct sw_node *node);

static unsigned mask_of_range(const struct asked *asked, const struct sw_node *node)
{
    struct bounds bounds;
    if (!column_bounds(asked, node->column, &bounds)) return ANYTHING;
    unsigned mask = bounds.values ? mask_of_values(&bounds, node)
                                  : within(&bounds, node->low, node->high, true);
    return node->inverted ? turned(mask) : mask;
}

static unsigned mask_of_list(const struct asked *asked, const struct sw_node *node)
{
    const struct sw_value_set *members = &node->list->members;
    const struct sw_node *operand = node->children[0];
    struct bounds bounds;
    if (operand->kind != SW_NODE_COLUMN || !column_bounds(asked, operand->column, &bounds))
        return ANYTHING;
    if (members->number_count == 0 && !members->mask) return within(&bounds, 1, 0, true);
    if (bounds.values) return mask_of_values(&bounds, node);
    if (members->mask && !bounds.all_null && bounds.low != bounds.high)
        return (bounds.nulls ? MAY_BE_UNKNOWN : 0) | MAY_BE_FALSE |
               (sw_value_set_may_have(members, bounds.low, bounds.high) ? MAY_BE_TRUE : 0);
    if (bounds.all_null || bounds.low != bounds.high)
        return within(&bounds, members->low, members->high, members->contiguous);
    bool member = sw_value_set_has_number(members, bounds.low);
    return (bounds.nulls ? MAY_BE_UNKNOWN : 0) | (member ? MAY_BE_TRUE : MAY_BE_FALSE);
}

/* Every combination of the children's mask, joined. */
static unsigned mask_of_joined(const struct asked *asked, const struct sw_node *node)
{
    bool and = node->kind == SW_NODE_AND;
    unsigned mask = and? MAY_BE_TRUE : MAY_BE_FALSE;
    for (size_t i = 0; i < node->child_count; i++) {
        unsigned more = mask_of(asked, node->children[i]), joined = 0;
        for (int a = SW_FALSE; a <= SW_TRUE; a++)
            for (int b = SW_FALSE; b <= SW_TRUE; b++)
                if (mask >> a & more >> b & 1) joined |= 1u << (and == (a < b) ? a : b);
        mask = joined;
    }
    return mask;
}

static unsigned mask_of_null_test(const struct asked *asked, const struct sw_node *node)
{
    struct bounds bounds;
    const struct sw_node *operand = node->children[0];
    if (operand->kind != SW_NODE_COLUMN || !column_bounds(asked, operand->column, &bounds))
        return ANYTHING;
    unsigned mask = (bounds.nulls ? MAY_BE_TRUE : 0) | (bounds.all_null ? 0 : MAY_BE_FALSE);
    return node->inverted ? turned(mask) : mask;
}

static unsigned mask_of(const struct asked *asked, const struct sw_node *node)
{
    switch (node->kind) {
    case SW_NODE_TRUTH:
        return 1u << node->truth;
    case SW_NODE_RANGE:
        return mask_of_range(asked, node);
    case SW_NODE_IN:
        return mask_of_list(asked, node);
    case SW_NODE_IS_NULL:
        return mask_of_null_test(asked, node);
    case SW_NODE_NOT:
        return turned(mask_of(asked, node->children[0]));
    case SW_NODE_AND:
    case SW_NODE_OR:
        return mask_of_joined(asked, node);
    default:
        return ANYTHING;
    }
}

enum sw_match sw_expression_match_known(const struct sw_expression *expression,
                                        struct sw_view *view, const struct sw_known_block *block)
{
    struct asked asked = {view, block};
    if (!expression->root) return SW_MATCH_ALL;
    if (expression->root->may_fail) return SW_MATCH_SOME;
    unsigned mask = mask_of(&asked, expression->root);
    if (!(mask & MAY_BE_TRUE)) return SW_MATCH_NONE;
    return mask == MAY_BE_TRUE ? SW_MATCH_ALL : SW_MATCH_SOME;
}

static bool bounds_of_reader(void *owner, int column, sw_int128 *minimum, sw_int128 *maximum,
                             uint64_t *nulls)
{
    const struct sw_reader *const *reader = owner;
    size_t count = 0;
    bool known = sw_reader_bounds(*reader, column, minimum, maximum, &count);
    *nulls = count;
    return known;
}

enum sw_match sw_expression_match(const struct sw_expression *expression, struct sw_view *view,
                                  const struct sw_reader *reader)
{
    struct sw_known_block block = {&reader, reader->rows, bounds_of_reader, NULL};
    return sw_expression_match_known(expression, view, &block);
}
