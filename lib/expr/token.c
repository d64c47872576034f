/* SPDX-License-Identifier: ISC */
#include "expr/token.h"

#include <string.h>

bool sw_parse_complain(struct sw_parser *parser, const char *reason)
{
    struct sw_place place = {NULL, parser->start};
    return sw_complain(parser->expression, place, parser->error, SW_USAGE, "%s", reason);
}

static bool name_byte(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_' ||
           sw_token_is_digit(byte) || (unsigned char)byte >= 0x80;
}

/* A doubled quote stands for one. */
static bool take_quoted(struct sw_parser *parser, char quote)
{
    const char *at = parser->text + parser->start + 1;
    parser->unquoted.length = 0;
    if (*at == quote && at[1] != quote)
        return sw_parse_complain(parser,
                                 "nothing between the quotes (an empty field is null: == null)");
    for (; *at; at++) {
        if (*at == quote && at[1] != quote) {
            parser->next = (size_t)(at + 1 - parser->text);
            parser->kind = quote == '`' ? SW_TOKEN_QUOTED : SW_TOKEN_TEXT;
            return true;
        }
        if (!sw_buffer_add(&parser->unquoted, at, 1, parser->error)) return false;
        at += *at == quote;
    }
    return sw_parse_complain(parser, "a quote that is not closed");
}

static bool take_symbol(struct sw_parser *parser)
{
    static const char *const symbols[] = {"==", "!=", "<=", ">=", "&&", "||", "<", ">",
                                          "!",  "+",  "-",  "*",  "/",  "(",  ")", ","};
    const char *at = parser->text + parser->start;
    for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++)
        if (strncmp(at, symbols[i], strlen(symbols[i])) == 0) {
            parser->kind = SW_TOKEN_SYMBOL;
            parser->next = parser->start + strlen(symbols[i]);
            return true;
        }
    if (*at == '=') return sw_parse_complain(parser, "a lone '=': equality is '=='");
    if (*at == '&') return sw_parse_complain(parser, "a lone '&': 'and' is '&&'");
    if (*at == '|') return sw_parse_complain(parser, "a lone '|': 'or' is '||'");
    return sw_parse_complain(parser, "what is this?");
}

bool sw_parse_advance(struct sw_parser *parser)
{
    parser->start = parser->next + strspn(parser->text + parser->next, " \t\r\n");
    const char *at = parser->text + parser->start;
    size_t length = 0;
    if (*at == '\'' || *at == '"' || *at == '`') return take_quoted(parser, *at);
    if (*at && !name_byte(*at) && *at != '.') return take_symbol(parser);
    while (name_byte(at[length]) || at[length] == '.') length++;
    parser->kind = !*at                                   ? SW_TOKEN_END
                   : sw_token_is_digit(*at) || *at == '.' ? SW_TOKEN_NUMBER
                                                          : SW_TOKEN_NAME;
    parser->next = parser->start + length;
    if (parser->kind == SW_TOKEN_NAME && memchr(at, '.', length))
        return sw_parse_complain(parser, "a name with a '.' in it must stand in backticks");
    return true;
}

bool sw_parse_at_word(const struct sw_parser *parser, enum sw_token kind, const char *word)
{
    size_t length = parser->next - parser->start;
    return parser->kind == kind && length == strlen(word) &&
           memcmp(parser->text + parser->start, word, length) == 0;
}

bool sw_parse_at_symbol(const struct sw_parser *parser, const char *symbol)
{
    return sw_parse_at_word(parser, SW_TOKEN_SYMBOL, symbol);
}

struct sw_place sw_parse_here(const struct sw_parser *parser)
{
    return (struct sw_place){NULL, parser->start};
}
