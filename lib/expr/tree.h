/* SPDX-License-Identifier: ISC
 *
 * The tree that an expression is while it is made: parse.c and select.c build it of literals, names
 * and operators, bind.c gives every node a class and turns comparisons into the tests that
 * evaluate.c knows. Nodes belong to their expression and live as long. Only files of this module
 * include it.
 */
#ifndef SW_EXPR_TREE_H
#define SW_EXPR_TREE_H

#include "expr/expression.h"
#include "expr/value_set.h"
#include "kernels/mask.h"
#include "expr/value_list.h"

enum sw_node_kind {
    /* values */
    SW_NODE_NUMBER,
    SW_NODE_TEXT,
    SW_NODE_NULL,
    SW_NODE_COLUMN,
    SW_NODE_NEGATE,
    SW_NODE_ADD,
    SW_NODE_SUBTRACT,
    SW_NODE_MULTIPLY,
    SW_NODE_DIVIDE,
    SW_NODE_IF, /* a condition and two values */
    SW_NODE_ABS,
    SW_NODE_LEAST, /* any number of children */
    SW_NODE_GREATEST,
    SW_NODE_ROUND,  /* a child; node->scale says to how many decimals */
    SW_NODE_BUCKET, /* a child; node->number is the width in ns */
    /* conditions */
    SW_NODE_COMPARE, /* two children; bound: numbers */
    SW_NODE_IN,      /* a child and a list */
    SW_NODE_NOT,
    SW_NODE_AND, /* any number of children */
    SW_NODE_OR,
    /* conditions that only the binder makes */
    SW_NODE_TRUTH,         /* the same for every row */
    SW_NODE_RANGE,         /* a number column from low to high */
    SW_NODE_TEXT_RELATION, /* a text column and a text */
    SW_NODE_TEXT_IN,       /* a text column and a list */
    SW_NODE_TEXT_COMPARE,  /* two text columns */
    SW_NODE_IS_NULL,       /* a child */
};

/* What a node's value is. */
enum sw_class {
    SW_CLASS_NUMBER,
    SW_CLASS_TIME,
    SW_CLASS_DATE,
    SW_CLASS_CLOCK, /* a time of day, in ns */
    SW_CLASS_TEXT,
    SW_CLASS_NULL,
    SW_CLASS_TRUTH,
};

/* A relation is the set of outcomes of a comparison that satisfy it. */
enum { SW_QUOTIENT_DECIMALS = 18, SW_DECIMALS_MAXIMUM = 36 };

enum {
    SW_LESS = 1,
    SW_EQUAL = 2,
    SW_GREATER = 4,
    SW_UNEQUAL = SW_LESS | SW_GREATER,
};

struct sw_list {
    struct sw_word_list words;
    struct sw_value_set members; /* bound; texts point into words */
};

struct sw_node {
    enum sw_node_kind kind;
    enum sw_class class;
    const char *option; /* the selector that it stands for; NULL: it stands in the text */
    size_t at;          /* there */
    int depth;          /* operators in one another below it */
    bool may_fail;      /* arithmetic, here or below, that might not fit */
    struct sw_node **children;
    size_t child_count, child_capacity;
    char *text; /* a text, a column's name; NUL after it */
    size_t length;
    sw_int128 number; /* ÷ 10^scale */
    int scale;
    int column;        /* handle in the view */
    unsigned relation; /* of outcomes above */
    bool inverted;     /* of a range or a test for null */
    unsigned char truth;
    sw_int128 low, high; /* both in; low > high: none */
    struct sw_list *list;
    unsigned char *table; /* mask of the block's dictionary entries */
    size_t table_capacity;
    uint64_t table_block; /* for which block */
    uint64_t asked, kept; /* of a condition, where rows are picked: rows so far */
};

/* Where a node stands: at a byte of the text, or in the argument of an option. */
struct sw_place {
    const char *option;
    size_t at;
};

/* A new node. NULL with SW_SYSTEM: no memory. */
struct sw_node *sw_node_new(struct sw_expression *expression, enum sw_node_kind kind,
                            struct sw_place place, struct sw_error *error) SW_CHECKED;

/* A node with a copy of a text: a literal, or the name of a column. */
struct sw_node *sw_node_text(struct sw_expression *expression, enum sw_node_kind kind,
                             struct sw_place place, const char *text, size_t length,
                             struct sw_error *error) SW_CHECKED;

/* Puts child after the parent's children. SW_USAGE when that is deeper than SW_EXPRESSION_DEPTH.
 */
bool sw_node_adopt(struct sw_expression *expression, struct sw_node *parent, struct sw_node *child,
                   struct sw_error *error) SW_CHECKED;

/* A node with two children; NULL on failure, also where one of the children is NULL. */
struct sw_node *sw_node_pair(struct sw_expression *expression, enum sw_node_kind kind,
                             struct sw_place place, struct sw_node *left, struct sw_node *right,
                             struct sw_error *error) SW_CHECKED;

/* Records a failure with its place in front. Returns false always. */
bool sw_complain(struct sw_expression *expression, struct sw_place place, struct sw_error *error,
                 enum sw_status status, const char *format, ...) SW_PRINTF(5, 6);

static inline struct sw_place sw_node_place(const struct sw_node *node)
{
    return (struct sw_place){node->option, node->at};
}

/* The relation with its sides exchanged. */
static inline unsigned sw_relation_turned(unsigned relation)
{
    return (relation & SW_EQUAL) | (relation & SW_LESS ? SW_GREATER : 0) |
           (relation & SW_GREATER ? SW_LESS : 0);
}

/* Whether an outcome (below 0, 0, above 0) satisfies a relation. */
static inline bool sw_relation_holds(unsigned relation, int outcome)
{
    return relation & (outcome < 0 ? SW_LESS : outcome > 0 ? SW_GREATER : SW_EQUAL);
}

/* parse.c: the tree of expression->text. SW_USAGE: a syntax error. */
bool sw_expression_parse(struct sw_expression *expression, const char *share_directory,
                         struct sw_node **root, struct sw_error *error) SW_CHECKED;

/* bind.c: checks the tree under a condition against the view, and makes it ready for evaluation. */
bool sw_expression_bind(struct sw_expression *expression, struct sw_view *view,
                        struct sw_node *root, struct sw_error *error) SW_CHECKED;

/* The same of a tree that is a value: a number, a time, a date or text. */
bool sw_expression_bind_value(struct sw_expression *expression, struct sw_view *view,
                              struct sw_node *root, struct sw_error *error) SW_CHECKED;

/* functions.c: the kind of node that a function's name makes, false: there is none; what a function is called. */
bool sw_function_find(const char *name, size_t length, enum sw_node_kind *kind) SW_CHECKED;
const char *sw_function_name(enum sw_node_kind kind);

/* Reads a width such as 5m: a whole number of s, m, h or d, in ns; at most a day, or whole days. NULL, or why it is none. */
const char *sw_width_parse(const char *text, size_t length, int64_t *width_ns) SW_CHECKED;

/* bind_set.c: fills the members of a list for an operand of this class and scale. */
bool sw_list_bind(struct sw_expression *expression, const struct sw_node *node, enum sw_class class,
                  int scale, struct sw_error *error) SW_CHECKED;

/* Reads a literal as a time, a date or a time of day: NULL, or why it is none ("not a date
 * (YYYY-MM-DD)"). Static. */
const char *sw_class_parse(enum sw_class class, const char *text, size_t length,
                           int64_t *value) SW_CHECKED;

/* "a number", "a date", … */
const char *sw_class_name(enum sw_class class);

/* evaluate.c's scratch, freed with the expression. */
void sw_levels_free(struct sw_expression *expression);

/* Expression text taken over: a copy, checked for its length. */
bool sw_expression_take(struct sw_expression *expression, const char *text,
                        struct sw_error *error) SW_CHECKED;

#endif
