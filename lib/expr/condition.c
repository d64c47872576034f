/* SPDX-License-Identifier: ISC */
#include "expr/condition.h"

#include <stdlib.h>

#include "base/memory.h"

bool sw_is_condition(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (strchr("=<>!&|(", text[i]) || (length - i > 4 && memcmp(text + i, " in ", 4) == 0))
            return true;
    return false;
}

struct sw_condition *sw_condition_new(struct sw_error *error)
{
    return sw_alloc(1, sizeof(struct sw_condition), error);
}

bool sw_condition_compile(struct sw_condition *condition, struct sw_view *view, const char *text,
                          const char *share_directory, struct sw_error *error)
{
    condition->selected = sw_alloc_unset(SW_BLOCK_ROWS_MAXIMUM, sizeof *condition->selected, error);
    return condition->selected &&
           sw_expression_compile(&condition->expression, view, text, share_directory, error);
}

void sw_condition_free(struct sw_condition *condition)
{
    if (!condition) return;
    sw_expression_free(&condition->expression);
    free(condition->selected);
    free(condition);
}

bool sw_condition_take(struct sw_condition *condition, struct sw_view *view, struct sw_error *error)
{
    return sw_expression_select(&condition->expression, view, condition->selected,
                                &condition->count, error);
}
