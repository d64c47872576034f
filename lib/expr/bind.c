/* SPDX-License-Identifier: ISC
 *
 * Types and constants: every name becomes a column of the view, every comparison one of the tests
 * that the evaluator knows, and what is the same for every row is worked out here.
 */
#include <string.h>

#include "base/civil.h"
#include "base/number.h"
#include "expr/range.h"
#include "expr/tree.h"

struct binder {
    struct sw_expression *expression;
    struct sw_view *view;
    struct sw_error *error;
};

#define COMPLAIN(binder, node, ...)                                                                \
    sw_complain((binder)->expression, sw_node_place(node), (binder)->error, SW_USAGE, __VA_ARGS__)

static bool constant(const struct sw_node *node)
{
    return node->kind == SW_NODE_NUMBER || node->kind == SW_NODE_TEXT || node->kind == SW_NODE_NULL;
}

/* ---- values ---- */

static enum sw_class class_of(enum sw_type type)
{
    switch (type) {
    case SW_TIME:
        return SW_CLASS_TIME;
    case SW_DATE:
        return SW_CLASS_DATE;
    case SW_TEXT:
        return SW_CLASS_TEXT;
    case SW_INT:
    case SW_UINT:
    case SW_DECIMAL:
        break;
    }
    return SW_CLASS_NUMBER;
}

/* The derived column `time` is text to look at; to compare, it is nanoseconds. */
static bool bind_column(struct binder *binder, struct sw_node *node)
{
    struct sw_error reason = {0};
    bool clock = strcmp(node->text, "time") == 0 &&
                 sw_schema_find(binder->view->supplier.schema, node->text) < 0;
    node->column =
        sw_view_column(binder->view, clock ? "#time_of_day" : node->text, SW_USAGE, &reason);
    if (node->column < 0)
        return sw_complain(binder->expression, sw_node_place(node), binder->error, reason.status,
                           "%s", reason.message);
    node->class = clock ? SW_CLASS_CLOCK : class_of(sw_view_type(binder->view, node->column));
    node->scale = sw_view_scale(binder->view, node->column);
    node->may_fail = sw_view_may_fail(binder->view, node->column);
    return true;
}

/* A text beside a time or a date is one. */
static bool adapt(struct binder *binder, struct sw_node *node, enum sw_class class)
{
    int64_t value = 0;
    if (node->kind != SW_NODE_TEXT || class == SW_CLASS_TEXT || class == SW_CLASS_NULL ||
        class == SW_CLASS_NUMBER)
        return true;
    const char *reason = sw_class_parse(class, node->text, node->length, &value);
    if (reason) return COMPLAIN(binder, node, "%s: '%s'", reason, node->text);
    node->kind = SW_NODE_NUMBER;
    node->class = class;
    node->number = value;
    return true;
}

static const char *symbol_of(enum sw_node_kind kind)
{
    return kind == SW_NODE_ADD        ? "+"
           : kind == SW_NODE_MULTIPLY ? "*"
           : kind == SW_NODE_DIVIDE   ? "/"
                                      : "-";
}

static bool overflows(struct binder *binder, const struct sw_node *node)
{
    return COMPLAIN(binder, node, "the result of '%s' does not fit 128 bits",
                    symbol_of(node->kind));
}

/* Whether two classes can be added or subtracted, and what comes out. */
static bool result_class(const struct sw_node *node, enum sw_class *class)
{
    enum sw_class left = node->children[0]->class, right = node->children[1]->class;
    bool left_moves = left == SW_CLASS_TIME || left == SW_CLASS_DATE;
    *class = left;
    if (left == SW_CLASS_NUMBER && right == SW_CLASS_NUMBER) return true;
    if (node->kind == SW_NODE_MULTIPLY || node->kind == SW_NODE_DIVIDE) return false;
    if (left_moves && right == SW_CLASS_NUMBER) return node->children[1]->scale == 0;
    if (left_moves && right == left && node->kind == SW_NODE_SUBTRACT) {
        *class = SW_CLASS_NUMBER;
        return true;
    }
    *class = right;
    return node->kind == SW_NODE_ADD && left == SW_CLASS_NUMBER && node->children[0]->scale == 0 &&
           (right == SW_CLASS_TIME || right == SW_CLASS_DATE);
}

static bool fold_pair(struct binder *binder, struct sw_node *node)
{
    const struct sw_node *left = node->children[0], *right = node->children[1];
    sw_int128 a = left->number, b = right->number, result = 0;
    bool good;
    if (node->kind == SW_NODE_MULTIPLY)
        good = !__builtin_mul_overflow(a, b, &result);
    else {
        good = sw_number_scaled(a, node->scale - left->scale, &a) &&
               sw_number_scaled(b, node->scale - right->scale, &b) &&
               !(node->kind == SW_NODE_ADD ? __builtin_add_overflow(a, b, &result)
                                           : __builtin_sub_overflow(a, b, &result));
    }
    if (!good) return overflows(binder, node);
    node->kind = SW_NODE_NUMBER;
    node->number = result;
    return true;
}

static bool bind_value(struct binder *binder, struct sw_node *node);

static bool bind_pair(struct binder *binder, struct sw_node *node)
{
    struct sw_node *left = node->children[0], *right = node->children[1];
    if (!bind_value(binder, left) || !bind_value(binder, right) ||
        !adapt(binder, left, right->class) || !adapt(binder, right, left->class))
        return false;
    if (!result_class(node, &node->class))
        return COMPLAIN(binder, node, "'%s' does not go with %s and %s", symbol_of(node->kind),
                        sw_class_name(left->class), sw_class_name(right->class));
    node->scale = left->scale > right->scale ? left->scale : right->scale;
    if (node->kind == SW_NODE_MULTIPLY) node->scale = left->scale + right->scale;
    if (node->kind == SW_NODE_DIVIDE) node->scale = SW_QUOTIENT_DECIMALS;
    if (node->scale > SW_DECIMALS_MAXIMUM)
        return COMPLAIN(binder, node, "more than %d decimals", SW_DECIMALS_MAXIMUM);
    node->may_fail = true;
    if (!constant(left) || !constant(right) || node->kind == SW_NODE_DIVIDE) return true;
    node->may_fail = false;
    return fold_pair(binder, node);
}

static bool bind_negation(struct binder *binder, struct sw_node *node)
{
    struct sw_node *child = node->children[0];
    if (!bind_value(binder, child)) return false;
    if (child->class != SW_CLASS_NUMBER)
        return COMPLAIN(binder, node, "'-' does not go with %s", sw_class_name(child->class));
    node->class = SW_CLASS_NUMBER;
    node->scale = child->scale;
    node->may_fail = true;
    if (!constant(child)) return true;
    node->kind = SW_NODE_NUMBER;
    node->may_fail = false;
    return !__builtin_sub_overflow((sw_int128)0, child->number, &node->number) ||
           overflows(binder, node);
}

/* ---- functions ---- */

static bool bind_condition(struct binder *binder, struct sw_node *node);

/* What a null beside it is. */
static bool is_null(const struct sw_node *node)
{
    return node->kind == SW_NODE_NULL;
}

/* Gives the node the class and the most decimals of its values from children[first] on, of which all are of one class. */
static bool bind_values(struct binder *binder, struct sw_node *node, size_t first)
{
    const struct sw_node *known = NULL;
    node->scale = 0;
    for (size_t i = first; i < node->child_count; i++) {
        struct sw_node *child = node->children[i];
        if (!bind_value(binder, child)) return false;
        node->may_fail = node->may_fail || child->may_fail;
        if (child->scale > node->scale) node->scale = child->scale;
        if (!is_null(child) && (!known || known->class == SW_CLASS_TEXT)) known = child;
    }
    if (!known)
        return COMPLAIN(binder, node, "%s of nothing but null", sw_function_name(node->kind));
    node->class = known->class;
    for (size_t i = first; i < node->child_count; i++) {
        struct sw_node *child = node->children[i];
        if (!adapt(binder, child, node->class)) return false;
        if (!is_null(child) && child->class != node->class)
            return COMPLAIN(binder, child, "%s beside %s", sw_class_name(child->class),
                            sw_class_name(node->class));
    }
    return true;
}

static bool bind_if(struct binder *binder, struct sw_node *node)
{
    if (!bind_condition(binder, node->children[0]) || !bind_values(binder, node, 1)) return false;
    node->may_fail = node->may_fail || node->children[0]->may_fail;
    return true;
}

static bool bind_number(struct binder *binder, struct sw_node *node)
{
    struct sw_node *child = node->children[0];
    int decimals = node->scale;
    if (!bind_value(binder, child)) return false;
    if (child->class != SW_CLASS_NUMBER)
        return COMPLAIN(binder, node, "%s does not go with %s", sw_function_name(node->kind),
                        sw_class_name(child->class));
    node->class = SW_CLASS_NUMBER;
    node->scale = node->kind == SW_NODE_ROUND && decimals < child->scale ? decimals : child->scale;
    node->may_fail = true;
    return true;
}

static bool bind_list_function(struct binder *binder, struct sw_node *node)
{
    if (!bind_values(binder, node, 0)) return false;
    if (node->class == SW_CLASS_TEXT)
        return COMPLAIN(binder, node, "%s does not go with text", sw_function_name(node->kind));
    node->may_fail = true;
    return true;
}

/* A bucket is text, as hour_start is. */
static bool bind_bucket(struct binder *binder, struct sw_node *node)
{
    struct sw_node *child = node->children[0];
    if (!bind_value(binder, child)) return false;
    if (child->class != SW_CLASS_TIME)
        return COMPLAIN(binder, child, "bucket does not go with %s", sw_class_name(child->class));
    node->class = SW_CLASS_TEXT;
    node->may_fail = child->may_fail;
    return sw_view_local_time(binder->view, binder->error);
}

static bool bind_value(struct binder *binder, struct sw_node *node)
{
    switch (node->kind) {
    case SW_NODE_NUMBER:
        node->class = SW_CLASS_NUMBER;
        return true;
    case SW_NODE_TEXT:
        node->class = SW_CLASS_TEXT;
        return true;
    case SW_NODE_NULL:
        node->class = SW_CLASS_NULL;
        return true;
    case SW_NODE_COLUMN:
        return bind_column(binder, node);
    case SW_NODE_NEGATE:
        return bind_negation(binder, node);
    case SW_NODE_ADD:
    case SW_NODE_SUBTRACT:
    case SW_NODE_MULTIPLY:
    case SW_NODE_DIVIDE:
        return bind_pair(binder, node);
    case SW_NODE_IF:
        return bind_if(binder, node);
    case SW_NODE_ABS:
    case SW_NODE_ROUND:
        return bind_number(binder, node);
    case SW_NODE_LEAST:
    case SW_NODE_GREATEST:
        return bind_list_function(binder, node);
    case SW_NODE_BUCKET:
        return bind_bucket(binder, node);
    default:
        return COMPLAIN(binder, node, "true or false stands where a value is due");
    }
}

/* ---- comparisons ---- */

static void make_truth(struct sw_node *node, unsigned truth)
{
    node->kind = SW_NODE_TRUTH;
    node->truth = (unsigned char)truth;
    node->may_fail = false;
}

/* Texts are compared by their codes, which only columns have. */
static bool refuse_made_text(struct binder *binder, struct sw_node *node)
{
    if (node->kind == SW_NODE_COLUMN || constant(node)) return true;
    return COMPLAIN(binder, node, "text that %s makes is not compared: give it a name, as a column",
                    sw_function_name(node->kind));
}

static bool bind_null_test(struct binder *binder, struct sw_node *node, struct sw_node *operand)
{
    if (node->relation != SW_EQUAL && node->relation != SW_UNEQUAL)
        return COMPLAIN(binder, node, "null is compared with == and != only");
    if (constant(operand)) return COMPLAIN(binder, node, "null compared with a constant");
    if (operand->class == SW_CLASS_TEXT && !refuse_made_text(binder, operand)) return false;
    node->kind = SW_NODE_IS_NULL;
    node->inverted = node->relation == SW_UNEQUAL;
    node->children[0] = operand;
    return true;
}

static bool bind_texts(struct sw_node *node, struct sw_node *left, struct sw_node *right)
{
    if (constant(left) && constant(right)) {
        struct sw_text a = {left->text, (uint32_t)left->length};
        struct sw_text b = {right->text, (uint32_t)right->length};
        bool holds = sw_relation_holds(node->relation, sw_texts_compare(&a, &b));
        make_truth(node, holds ? SW_TRUE : SW_FALSE);
        return true;
    }
    if (!constant(left) && !constant(right)) {
        node->kind = SW_NODE_TEXT_COMPARE;
        return true;
    }
    if (constant(left)) {
        node->relation = sw_relation_turned(node->relation);
        node->children[0] = right;
        node->children[1] = left;
    }
    node->kind = SW_NODE_TEXT_RELATION;
    node->column = node->children[0]->column;
    return true;
}

static void bind_numbers(struct sw_node *node, struct sw_node *left, struct sw_node *right)
{
    if (constant(left) && constant(right)) {
        int outcome = sw_compare_scaled(left->number, left->scale, right->number, right->scale);
        make_truth(node, sw_relation_holds(node->relation, outcome) ? SW_TRUE : SW_FALSE);
    } else if (left->kind == SW_NODE_COLUMN && constant(right)) {
        sw_node_make_range(node, left, node->relation, right);
    } else if (constant(left) && right->kind == SW_NODE_COLUMN) {
        sw_node_make_range(node, right, sw_relation_turned(node->relation), left);
    }
}

static bool comparable(enum sw_class left, enum sw_class right)
{
    return left == right || (left == SW_CLASS_TIME && right == SW_CLASS_NUMBER) ||
           (left == SW_CLASS_NUMBER && right == SW_CLASS_TIME);
}

static bool is_size(const struct binder *binder, const struct sw_node *node)
{
    return node->kind == SW_NODE_COLUMN && strcmp(node->text, "size") == 0 &&
           sw_view_stored(binder->view, node->column) < 0;
}

/* As texts, "<=1K" would come after ">50K" and "10K-50K" before "5K-10K". */
static bool refuse_size_order(struct binder *binder, struct sw_node *node)
{
    bool order = node->relation != SW_EQUAL && node->relation != (SW_LESS | SW_GREATER);
    if (!order || !(is_size(binder, node->children[0]) || is_size(binder, node->children[1])))
        return true;
    return COMPLAIN(binder, node, "%s",
                    "sizes have labels, which only ==, != and in compare; compare order_quantity");
}

static bool bind_comparison(struct binder *binder, struct sw_node *node)
{
    struct sw_node *left = node->children[0], *right = node->children[1];
    if (!bind_value(binder, left) || !bind_value(binder, right)) return false;
    node->may_fail = left->may_fail || right->may_fail;
    if (left->class == SW_CLASS_NULL) return bind_null_test(binder, node, right);
    if (right->class == SW_CLASS_NULL) return bind_null_test(binder, node, left);
    if (!adapt(binder, left, right->class) || !adapt(binder, right, left->class)) return false;
    if (!comparable(left->class, right->class))
        return COMPLAIN(binder, node, "%s is compared with %s", sw_class_name(left->class),
                        sw_class_name(right->class));
    if (left->class == SW_CLASS_TEXT &&
        !(refuse_made_text(binder, left) && refuse_made_text(binder, right)))
        return false;
    if (left->class == SW_CLASS_TEXT)
        return refuse_size_order(binder, node) && bind_texts(node, left, right);
    bind_numbers(node, left, right);
    return true;
}

static bool bind_membership(struct binder *binder, struct sw_node *node)
{
    struct sw_node *operand = node->children[0];
    if (!bind_value(binder, operand)) return false;
    if (constant(operand)) return COMPLAIN(binder, operand, "a constant stands before 'in'");
    node->may_fail = operand->may_fail;
    if (operand->class == SW_CLASS_TEXT) {
        if (!refuse_made_text(binder, operand)) return false;
        node->kind = SW_NODE_TEXT_IN;
        node->column = operand->column;
    }
    return sw_list_bind(binder->expression, node, operand->class, operand->scale, binder->error);
}

/* ---- conditions ---- */

static bool bind_not(struct binder *binder, struct sw_node *node)
{
    struct sw_node *child = node->children[0];
    if (!bind_condition(binder, child)) return false;
    node->may_fail = child->may_fail;
    if (child->kind == SW_NODE_TRUTH) make_truth(node, SW_TRUE - child->truth);
    return true;
}

/* A child that is true for every row says nothing in an AND, one that is false says all; in an OR
 * the other way round. */
static bool bind_joined(struct binder *binder, struct sw_node *node)
{
    unsigned idle = node->kind == SW_NODE_AND ? SW_TRUE : SW_FALSE, decisive = SW_TRUE - idle;
    size_t kept = 0;
    bool decided = false;
    for (size_t i = 0; i < node->child_count; i++) {
        struct sw_node *child = node->children[i];
        if (!bind_condition(binder, child)) return false;
        node->may_fail = node->may_fail || child->may_fail;
        decided = decided || (child->kind == SW_NODE_TRUTH && child->truth == decisive);
        if (child->kind != SW_NODE_TRUTH || child->truth != idle) node->children[kept++] = child;
    }
    node->child_count = kept;
    if (decided && !node->may_fail)
        make_truth(node, decisive);
    else if (kept == 0)
        make_truth(node, idle);
    return true;
}

static bool bind_condition(struct binder *binder, struct sw_node *node)
{
    node->class = SW_CLASS_TRUTH;
    switch (node->kind) {
    case SW_NODE_AND:
    case SW_NODE_OR:
        return bind_joined(binder, node);
    case SW_NODE_NOT:
        return bind_not(binder, node);
    case SW_NODE_COMPARE:
        return bind_comparison(binder, node);
    case SW_NODE_IN:
        return bind_membership(binder, node);
    default:
        break;
    }
    if (!bind_value(binder, node)) return false;
    return COMPLAIN(binder, node, "%s stands where a condition is due: compare it with something",
                    sw_class_name(node->class));
}

bool sw_expression_bind(struct sw_expression *expression, struct sw_view *view,
                        struct sw_node *root, struct sw_error *error)
{
    struct binder binder = {expression, view, error};
    return bind_condition(&binder, root);
}

bool sw_expression_bind_value(struct sw_expression *expression, struct sw_view *view,
                              struct sw_node *root, struct sw_error *error)
{
    struct binder binder = {expression, view, error};
    if (!bind_value(&binder, root)) return false;
    if (root->class == SW_CLASS_NULL)
        return COMPLAIN(&binder, root, "a column of nothing but null");
    return root->class != SW_CLASS_CLOCK ||
           COMPLAIN(&binder, root, "a time of day is no column of its own: take the column `time`");
}
