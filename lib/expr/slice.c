/* SPDX-License-Identifier: ISC */
#include "base/memory.h"
#include "expr/evaluate.h"

struct sw_level *sw_level_at(struct sw_slice *slice, int depth)
{
    struct sw_expression *expression = slice->expression;
    size_t index = (size_t)depth;
    if (!sw_grow(&expression->levels, &expression->level_capacity, index + 1,
                 sizeof *expression->levels, slice->error))
        return NULL;
    while (expression->level_count <= index) {
        struct sw_level *level = sw_alloc(1, sizeof *level, slice->error);
        if (!level) return NULL;
        expression->levels[expression->level_count++] = level;
    }
    return expression->levels[index];
}
