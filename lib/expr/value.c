/* SPDX-License-Identifier: ISC */
#include "expr/value.h"

#include <string.h>

#include "base/list.h"
#include "base/memory.h"
#include "expr/evaluate.h"
#include "expr/text_value.h"
#include "program/program.h"

struct value {
    struct sw_expression expression;
    struct sw_node *root;
    enum sw_type type;
};

static void release(void *owner)
{
    struct value *value = owner;
    sw_expression_free(&value->expression);
    free(value);
}

static enum sw_type type_of(enum sw_class class)
{
    switch (class) {
    case SW_CLASS_TIME:
        return SW_TIME;
    case SW_CLASS_DATE:
        return SW_DATE;
    case SW_CLASS_TEXT:
        return SW_TEXT;
    default:
        return SW_DECIMAL;
    }
}

static char *name_of(const char *text, size_t *expression, struct sw_error *error)
{
    size_t length = strlen(text), named = sw_list_name(text, length);
    *expression = sw_list_expression(text, length);
    if (*expression && named == 0) {
        sw_fail(error, SW_USAGE, "no name before the '=': '%s'", text);
        return NULL;
    }
    if (*text == '#' || (named ? named : length) > SW_VALUE_NAME) {
        sw_fail(error, SW_USAGE,
                *text == '#' ? "no name of a column: '%.80s'"
                             : "give it a name, NAME=EXPRESSION: '%.80s…'",
                text);
        return NULL;
    }
    return sw_copy_text(text, named ? named : length, error);
}

/* Sets needs the named sets' folder; most expressions have none. */
static const char *share_for(const char *text)
{
    struct sw_error unused = {0};
    return strstr(text, " in ") ? sw_share_directory(&unused) : NULL;
}

static bool compile(struct value *value, struct sw_view *view, const char *text,
                    struct sw_error *error)
{
    struct sw_expression *expression = &value->expression;
    return sw_expression_take(expression, text, error) &&
           sw_expression_parse(expression, share_for(text), &value->root, error) &&
           sw_expression_bind_value(expression, view, value->root, error);
}

/* An only column is that column by another name. */
static bool is_alias(const struct value *value)
{
    return value->root->kind == SW_NODE_COLUMN && value->root->class != SW_CLASS_CLOCK;
}

static bool define(struct sw_view *view, const char *text, struct sw_computed *made,
                   struct sw_error *error)
{
    size_t at = 0;
    char *name = name_of(text, &at, error);
    struct value *value = name ? sw_alloc(1, sizeof *value, error) : NULL;
    if (!value || !compile(value, view, text + at, error)) {
        if (value) release(value);
        free(name);
        return name && value ? sw_fail_at(error, text) : false;
    }
    const struct sw_node *root = value->root;
    *made = (struct sw_computed){.name = name,
                                 .type = type_of(root->class),
                                 .scale = root->class == SW_CLASS_NUMBER ? root->scale : 0,
                                 .same_as = -1};
    if (is_alias(value)) {
        made->same_as = root->column;
        made->type = sw_view_type(view, root->column);
        made->scale = sw_view_scale(view, root->column);
        release(value);
        return true;
    }
    value->type = made->type;
    made->owner = value;
    return true;
}

static bool add_numbers(struct sw_slice *slice, const struct sw_node *root, struct sw_builder *out)
{
    const struct sw_level *level = sw_slice_numbers(slice, root, 0);
    for (size_t i = 0; level && i < slice->count; i++) {
        if (level->nulls[i])
            sw_builder_add_null(out);
        else if (!sw_builder_add_value(out, level->numbers[i], slice->error))
            return false;
    }
    return level != NULL;
}

/* Times and dates are of 64 bits. */
static bool check_narrow(const struct value *value, const struct sw_builder *out,
                         struct sw_error *error)
{
    bool bounded = value->type == SW_TIME || value->type == SW_DATE;
    return !bounded || !out->vector.wide ||
           sw_fail(error, SW_DATA, "%s: a result is no %s: it does not fit 64 bits",
                   value->expression.text, sw_type_name(value->type));
}

static bool compute(void *owner, struct sw_view *view, struct sw_builder *out,
                    struct sw_error *error)
{
    struct value *value = owner;
    struct sw_slice slice = {.expression = &value->expression, .view = view, .error = error};
    sw_slice_prepare(&slice);
    value->expression.block++;
    if (value->type == SW_TEXT) return sw_text_value(&slice, value->root, view->rows, out);
    for (; slice.start < view->rows; slice.start += slice.count) {
        size_t left = view->rows - slice.start;
        slice.count = left < SW_SLICE_ROWS ? left : SW_SLICE_ROWS;
        if (!add_numbers(&slice, value->root, out)) return false;
    }
    return check_narrow(value, out, error);
}

const struct sw_column_definer sw_value_definer = {define, compute, release};
