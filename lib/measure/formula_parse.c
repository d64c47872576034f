/* SPDX-License-Identifier: ISC */
#include "base/list.h"
#include "base/number.h"
#include "measure/formula.h"

struct parser {
    const char *at, *end;
    const struct sw_formula_source *source;
    struct sw_formula *formula;
    struct sw_buffer *plain;
    int depth;
    bool measured; /* there is a measure in it */
    struct sw_error *error;
};

static bool refuse(struct parser *parser, const char *reason)
{
    return sw_fail(parser->error, SW_USAGE, "%s before '%.*s'", reason,
                   (int)(parser->end - parser->at), parser->at);
}

static bool add_step(struct parser *parser, enum sw_formula_operation operation, int argument,
                     sw_int128 number)
{
    struct sw_formula *formula = parser->formula;
    if (formula->count == SW_FORMULA_STEPS)
        return sw_fail(parser->error, SW_USAGE, "more than %d steps", SW_FORMULA_STEPS);
    formula->steps[formula->count++] = (struct sw_formula_step){operation, argument, number};
    return true;
}

static void skip_blanks(struct parser *parser)
{
    while (parser->at < parser->end && (*parser->at == ' ' || *parser->at == '\t')) parser->at++;
}

/* The next character after blanks, which is not taken; 0 at the end. */
static char next(struct parser *parser)
{
    skip_blanks(parser);
    return parser->at < parser->end ? *parser->at : 0;
}

/* Takes the character, which is due here. */
static bool take(struct parser *parser, char due)
{
    char reason[] = "a '?' is due";
    reason[3] = due;
    if (next(parser) != due) return refuse(parser, reason);
    return sw_buffer_add(parser->plain, parser->at++, 1, parser->error);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c & 0x80);
}

static size_t word_length(const struct parser *parser)
{
    const char *at = parser->at;
    while (at < parser->end && (is_letter(*at) || is_digit(*at))) at++;
    return (size_t)(at - parser->at);
}

static bool parse_sum(struct parser *parser);

/* A number without a sign. */
static bool parse_number(struct parser *parser)
{
    const char *from = parser->at;
    sw_int128 value;
    int scale = 0;
    while (parser->at < parser->end && is_digit(*parser->at)) parser->at++;
    if (parser->at < parser->end && *parser->at == '.')
        for (parser->at++; parser->at < parser->end && is_digit(*parser->at); parser->at++) scale++;
    size_t length = (size_t)(parser->at - from);
    if (scale > SW_MAXIMUM_SCALE)
        return sw_fail(parser->error, SW_USAGE, "more than %d decimals: '%.*s'", SW_MAXIMUM_SCALE,
                       (int)length, from);
    if (sw_parse_decimal(from, length, scale, &value) != SW_NUMBER_GOOD)
        return sw_fail(parser->error, SW_USAGE, "not a number: '%.*s'", (int)length, from);
    return add_step(parser, SW_FORMULA_NUMBER, scale, value) &&
           sw_buffer_add(parser->plain, from, length, parser->error);
}

/* ---- FUNCTION(…) ---- */

static const struct {
    const char *name;
    enum sw_formula_operation operation;
} arithmetic[] = {{"abs", SW_FORMULA_ABS},
                  {"least", SW_FORMULA_LEAST},
                  {"greatest", SW_FORMULA_GREATEST},
                  {"round", SW_FORMULA_ROUND}};
enum { ARITHMETIC = sizeof arithmetic / sizeof *arithmetic };

/* ARITHMETIC: there is none. */
static size_t find_arithmetic(const char *name, size_t length)
{
    size_t i = 0;
    while (i < ARITHMETIC &&
           (strlen(arithmetic[i].name) != length || memcmp(arithmetic[i].name, name, length) != 0))
        i++;
    return i;
}

bool sw_formula_function(const char *name, size_t length)
{
    return find_arithmetic(name, length) < ARITHMETIC;
}

/* The n of round(a,n). */
static bool parse_decimals(struct parser *parser, int *decimals)
{
    *decimals = 0;
    if (!is_digit(next(parser))) return refuse(parser, "a number of decimals is due");
    while (parser->at < parser->end && is_digit(*parser->at) && *decimals <= SW_MAXIMUM_SCALE)
        *decimals = 10 * *decimals + *parser->at++ - '0';
    if (*decimals > SW_MAXIMUM_SCALE)
        return sw_fail(parser->error, SW_USAGE, "round: a number of decimals is at most %d",
                       SW_MAXIMUM_SCALE);
    return sw_buffer_format(parser->plain, parser->error, "%d", *decimals);
}

/* What follows the name of a function that is arithmetic. */
static bool parse_arguments(struct parser *parser, enum sw_formula_operation operation)
{
    bool many = operation == SW_FORMULA_LEAST || operation == SW_FORMULA_GREATEST;
    int argument = 1;
    if (!take(parser, '(') || !parse_sum(parser)) return false;
    for (; many && next(parser) == ','; argument++)
        if (!take(parser, ',') || !parse_sum(parser)) return false;
    if (operation == SW_FORMULA_ROUND && (!take(parser, ',') || !parse_decimals(parser, &argument)))
        return false;
    return take(parser, ')') && add_step(parser, operation, argument, 0);
}

static bool parse_measure(struct parser *parser, size_t name)
{
    const struct sw_formula_source *source = parser->source;
    const char *from = parser->at;
    int which;
    size_t length = name;
    while (from[length] == ' ' || from[length] == '\t') length++;
    length += sw_list_parenthesis(from + length, (size_t)(parser->end - from) - length);
    parser->at += length;
    parser->measured = true;
    return source->measure(source->context, from, length, &which, parser->plain, parser->error) &&
           add_step(parser, SW_FORMULA_MEASURE, which, 0);
}

/* A measure before this one: its definition stands for it. */
static bool parse_named(struct parser *parser, size_t length)
{
    const char *definition = parser->source->named(parser->source->context, parser->at, length);
    if (!definition)
        return sw_fail(parser->error, SW_USAGE, "no measure before this one is called '%.*s'",
                       (int)length, parser->at);
    struct parser inner = *parser;
    inner.at = definition;
    inner.end = definition + strlen(definition);
    parser->at += length;
    if (!sw_buffer_text(parser->plain, "(", parser->error) || !parse_sum(&inner)) return false;
    parser->measured = true;
    return sw_buffer_text(parser->plain, ")", parser->error);
}

static bool parse_word(struct parser *parser)
{
    size_t length = word_length(parser), which = find_arithmetic(parser->at, length);
    const char *behind = parser->at + length;
    while (behind < parser->end && (*behind == ' ' || *behind == '\t')) behind++;
    if (behind == parser->end || *behind != '(') return parse_named(parser, length);
    if (which == ARITHMETIC) return parse_measure(parser, length);
    if (!sw_buffer_add(parser->plain, parser->at, length, parser->error)) return false;
    parser->at += length;
    return parse_arguments(parser, arithmetic[which].operation);
}

/* ---- operators ---- */

static bool parse_value(struct parser *parser);

static bool go_deeper(struct parser *parser)
{
    return parser->depth++ < SW_FORMULA_DEPTH ||
           sw_fail(parser->error, SW_USAGE, "more than %d parentheses in each other",
                   SW_FORMULA_DEPTH);
}

static bool parse_opposite(struct parser *parser)
{
    if (!go_deeper(parser) || !take(parser, '-') || !parse_value(parser)) return false;
    parser->depth--;
    return add_step(parser, SW_FORMULA_NEGATE, 0, 0);
}

static bool parse_value(struct parser *parser)
{
    char here = next(parser);
    if (here == '-') return parse_opposite(parser);
    if (here == '(') return take(parser, '(') && parse_sum(parser) && take(parser, ')');
    if (is_digit(here) || here == '.') return parse_number(parser);
    if (is_letter(here)) return parse_word(parser);
    return refuse(parser, "a measure or a number is due");
}

/* a × b ÷ c …, each a value. */
static bool parse_product(struct parser *parser)
{
    if (!parse_value(parser)) return false;
    for (char here; (here = next(parser)) == '*' || here == '/';)
        if (!take(parser, here) || !parse_value(parser) ||
            !add_step(parser, here == '*' ? SW_FORMULA_MULTIPLY : SW_FORMULA_DIVIDE, 0, 0))
            return false;
    return true;
}

static bool parse_sum(struct parser *parser)
{
    if (!go_deeper(parser) || !parse_product(parser)) return false;
    for (char here; (here = next(parser)) == '+' || here == '-';)
        if (!take(parser, here) || !parse_product(parser) ||
            !add_step(parser, here == '+' ? SW_FORMULA_ADD : SW_FORMULA_SUBTRACT, 0, 0))
            return false;
    parser->depth--;
    return true;
}

bool sw_formula_parse(struct sw_formula *formula, const char *text, size_t length,
                      const struct sw_formula_source *source, struct sw_buffer *plain,
                      struct sw_error *error)
{
    /* Parentheses around all of it are those that a partial stream's names have: they do not count. */
    const bool whole = length > 0 && *text == '(' && sw_list_parenthesis(text, length) == length;
    struct parser parser = {.at = text,
                            .end = text + length,
                            .depth = whole ? -1 : 0,
                            .source = source,
                            .formula = formula,
                            .plain = plain,
                            .error = error};
    if (!parse_sum(&parser)) return false;
    if (next(&parser)) return refuse(&parser, "an operator is due");
    return parser.measured || sw_fail(error, SW_USAGE, "there is no measure in it");
}
