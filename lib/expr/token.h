/* SPDX-License-Identifier: ISC
 *
 * The words of an expression's text, one after another, for its parser (expr/parse.c).
 */
#ifndef SW_EXPR_TOKEN_H
#define SW_EXPR_TOKEN_H

#include "expr/tree.h"

enum sw_token {
    SW_TOKEN_END,
    SW_TOKEN_NUMBER,
    SW_TOKEN_TEXT,
    SW_TOKEN_NAME,   /* bare */
    SW_TOKEN_QUOTED, /* a name in backticks */
    SW_TOKEN_SYMBOL,
};

/* An expression that is being read. Free `unquoted`. */
struct sw_parser {
    struct sw_expression *expression;
    const char *share_directory;
    struct sw_error *error;
    const char *text;
    int depth;
    enum sw_token kind; /* of the current token, which is text[start..next) */
    size_t start, next;
    struct sw_buffer unquoted; /* what a TEXT or QUOTED token says */
};

static inline bool sw_token_is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

/* False with SW_USAGE, the reason, and the place of the current token. */
bool sw_parse_complain(struct sw_parser *parser, const char *reason);

/* Goes on to the next token. SW_USAGE: what is there is none. */
bool sw_parse_advance(struct sw_parser *parser) SW_CHECKED;

/* Whether the current token is of this kind and this word; is this symbol. */
bool sw_parse_at_word(const struct sw_parser *parser, enum sw_token kind, const char *word);
bool sw_parse_at_symbol(const struct sw_parser *parser, const char *symbol);

/* The place of the current token, for a node. */
struct sw_place sw_parse_here(const struct sw_parser *parser);

#endif
