/* SPDX-License-Identifier: ISC
 *
 * Text to tree, by recursive descent:
 *
 *     any     = all { "||" all }              sum      = product { ("+" | "-") product }
 *     all     = not { "&&" not }              product  = sign { ("*" | "/") sign }
 *     not     = "!" not | test                sign     = "-" sign | atom
 *     test    = sum [relation sum | "in" set] atom     = NUMBER | TEXT | NAME | "null" | "(" any ")" | function
 *     set     = NAME | "(" literal { "," literal } ")"
 *     function = FUNCTION "(" any { "," any } ")"       the last of bucket's a width, of round's a number
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/nearest.h"
#include "base/number.h"
#include "expr/token.h"

/* ---- atoms ---- */

/* node when the step after it succeeds; steps are taken for NULL, too, but then do nothing. */
static struct sw_node *then_advance(struct sw_parser *parser, struct sw_node *node)
{
    return node && sw_parse_advance(parser) ? node : NULL;
}

/* Reads digits with a minus in front: the least number has no positive twin. */
static enum sw_number_outcome parse_negative(const char *text, size_t length, int decimals,
                                             sw_int128 *value)
{
    char space[SW_NUMBER_LENGTH];
    while (length && *text == '0') text++, length--;
    if (length >= sizeof space) return SW_NUMBER_TOO_LARGE;
    space[0] = '-';
    memcpy(space + 1, text, length);
    return sw_parse_decimal(space, length + 1, decimals, value);
}

/* The token, and what a minus before it makes of it. */
static struct sw_node *number(struct sw_parser *parser, bool negative)
{
    enum { MOST_DECIMALS = 36 };
    const char *text = parser->text + parser->start;
    size_t length = parser->next - parser->start;
    const char *point = memchr(text, '.', length);
    size_t decimals = point ? length - 1 - (size_t)(point - text) : 0;
    while (decimals && text[length - 1] == '0') length--, decimals--;
    sw_int128 value;
    enum sw_number_outcome outcome = SW_NUMBER_TOO_FINE;
    if (decimals <= MOST_DECIMALS) outcome = sw_parse_decimal(text, length, (int)decimals, &value);
    if (outcome == SW_NUMBER_GOOD && negative) value = -value;
    if (outcome == SW_NUMBER_TOO_LARGE && negative)
        outcome = parse_negative(text, length, (int)decimals, &value);
    if (outcome != SW_NUMBER_GOOD) {
        char space[64];
        (void)sw_parse_complain(parser, sw_number_reason(outcome, "number", MOST_DECIMALS, space));
        return NULL;
    }
    struct sw_node *node =
        sw_node_new(parser->expression, SW_NODE_NUMBER, sw_parse_here(parser), parser->error);
    if (!node) return NULL;
    node->number = value;
    node->scale = (int)decimals;
    return node;
}

static struct sw_node *any(struct sw_parser *parser);

/* Every way from a level of the grammar down to itself passes here, over the token that leads
 * there. */
static bool descend(struct sw_parser *parser)
{
    if (parser->depth++ < SW_EXPRESSION_DEPTH) return sw_parse_advance(parser);
    return sw_complain(parser->expression, sw_parse_here(parser), parser->error, SW_USAGE,
                       "more than %d parentheses or operators in one another", SW_EXPRESSION_DEPTH);
}

static struct sw_node *parenthesized(struct sw_parser *parser)
{
    struct sw_node *inside = descend(parser) ? any(parser) : NULL;
    if (!inside) return NULL;
    parser->depth--;
    if (!sw_parse_at_symbol(parser, ")")) {
        (void)sw_parse_complain(parser, "here a ')' is missing");
        return NULL;
    }
    return then_advance(parser, inside);
}

static struct sw_node *named(struct sw_parser *parser)
{
    bool bare = parser->kind == SW_TOKEN_NAME;
    const char *text = bare ? parser->text + parser->start : (const char *)parser->unquoted.bytes;
    size_t length = bare ? parser->next - parser->start : parser->unquoted.length;
    enum sw_node_kind kind = parser->kind == SW_TOKEN_TEXT ? SW_NODE_TEXT : SW_NODE_COLUMN;
    return sw_node_text(parser->expression, kind, sw_parse_here(parser), text, length,
                        parser->error);
}

/* The last argument of round and bucket is a literal. */
static bool literal_argument(struct sw_parser *parser, struct sw_node *node)
{
    const char *text = parser->text + parser->start;
    size_t length = parser->next - parser->start;
    if (node->kind == SW_NODE_BUCKET) {
        int64_t width = 0;
        const char *reason = sw_width_parse(text, length, &width);
        node->number = width;
        return reason ? sw_parse_complain(parser, reason) : sw_parse_advance(parser);
    }
    int decimals = 0;
    bool good = parser->kind == SW_TOKEN_NUMBER && length <= 2;
    for (size_t i = 0; good && i < length; i++) {
        good = sw_token_is_digit(text[i]);
        decimals = decimals * 10 + (text[i] - '0');
    }
    if (!good || decimals > SW_DECIMALS_MAXIMUM)
        return sw_parse_complain(parser, "here a number of decimals is due, 0 to 36");
    node->scale = decimals;
    return sw_parse_advance(parser);
}

static bool argument(struct sw_parser *parser, struct sw_node *node)
{
    bool literal =
        (node->kind == SW_NODE_BUCKET || node->kind == SW_NODE_ROUND) && node->child_count == 1;
    if (literal) return literal_argument(parser, node);
    struct sw_node *child = any(parser);
    return child && sw_node_adopt(parser->expression, node, child, parser->error);
}

static bool count_arguments(struct sw_parser *parser, const struct sw_node *node, size_t count)
{
    bool list = node->kind == SW_NODE_LEAST || node->kind == SW_NODE_GREATEST;
    size_t due = node->kind == SW_NODE_IF ? 3 : node->kind == SW_NODE_ABS ? 1 : 2;
    if (list ? count >= 1 : count == due) return true;
    return sw_complain(parser->expression, sw_node_place(node), parser->error, SW_USAGE,
                       "%s takes %zu argument%s, not %zu", sw_function_name(node->kind), due,
                       due == 1 ? "" : "s", count);
}

/* The name is the current token, a parenthesis the next. */
static struct sw_node *function(struct sw_parser *parser, enum sw_node_kind kind)
{
    struct sw_node *node =
        sw_node_new(parser->expression, kind, sw_parse_here(parser), parser->error);
    size_t count = 0;
    if (!node || !descend(parser)) return NULL;
    do {
        if (!sw_parse_advance(parser) || !argument(parser, node)) return NULL;
        count++;
    } while (sw_parse_at_symbol(parser, ","));
    parser->depth--;
    if (!count_arguments(parser, node, count)) return NULL;
    if (!sw_parse_at_symbol(parser, ")")) {
        (void)sw_parse_complain(parser, "here a ')' is missing");
        return NULL;
    }
    return then_advance(parser, node);
}

/* Whether the current token is a name that a parenthesis follows. */
static bool at_call(const struct sw_parser *parser)
{
    const char *behind = parser->text + parser->next;
    return parser->kind == SW_TOKEN_NAME && behind[strspn(behind, " \t\r\n")] == '(';
}

static struct sw_node *call(struct sw_parser *parser)
{
    enum sw_node_kind kind;
    if (sw_function_find(parser->text + parser->start, parser->next - parser->start, &kind))
        return function(parser, kind);
    (void)sw_parse_complain(parser, "no such function (if, abs, least, greatest, round, bucket)");
    return NULL;
}

static struct sw_node *atom(struct sw_parser *parser)
{
    if (sw_parse_at_symbol(parser, "(")) return parenthesized(parser);
    if (at_call(parser) && !sw_parse_at_word(parser, SW_TOKEN_NAME, "in")) return call(parser);
    if (parser->kind == SW_TOKEN_NUMBER) return then_advance(parser, number(parser, false));
    if (sw_parse_at_word(parser, SW_TOKEN_NAME, "null"))
        return then_advance(parser, sw_node_new(parser->expression, SW_NODE_NULL,
                                                sw_parse_here(parser), parser->error));
    if (sw_parse_at_word(parser, SW_TOKEN_NAME, "in") || parser->kind == SW_TOKEN_SYMBOL ||
        parser->kind == SW_TOKEN_END) {
        (void)sw_parse_complain(parser, parser->kind == SW_TOKEN_END
                                            ? "it ends where a value is due"
                                            : "a value is due here");
        return NULL;
    }
    return then_advance(parser, named(parser));
}

static struct sw_node *prefixed(struct sw_parser *parser, enum sw_node_kind kind,
                                struct sw_node *(*operand)(struct sw_parser *))
{
    struct sw_place place = sw_parse_here(parser);
    struct sw_node *inside = descend(parser) ? operand(parser) : NULL;
    parser->depth--;
    struct sw_node *node =
        inside ? sw_node_new(parser->expression, kind, place, parser->error) : NULL;
    if (!node || !sw_node_adopt(parser->expression, node, inside, parser->error)) return NULL;
    return node;
}

/* A minus before a number is part of it. */
static struct sw_node *sign(struct sw_parser *parser)
{
    if (!sw_parse_at_symbol(parser, "-")) return atom(parser);
    const char *after = parser->text + parser->next;
    after += strspn(after, " \t\r\n");
    if (!sw_token_is_digit(*after) && *after != '.') return prefixed(parser, SW_NODE_NEGATE, sign);
    return sw_parse_advance(parser) ? then_advance(parser, number(parser, true)) : NULL;
}

/* ---- operators ---- */

static struct sw_node *product(struct sw_parser *parser)
{
    struct sw_node *left = sign(parser);
    while (left && (sw_parse_at_symbol(parser, "*") || sw_parse_at_symbol(parser, "/"))) {
        enum sw_node_kind kind =
            sw_parse_at_symbol(parser, "*") ? SW_NODE_MULTIPLY : SW_NODE_DIVIDE;
        struct sw_place place = sw_parse_here(parser);
        struct sw_node *right = sw_parse_advance(parser) ? sign(parser) : NULL;
        left = sw_node_pair(parser->expression, kind, place, left, right, parser->error);
    }
    return left;
}

static struct sw_node *sum(struct sw_parser *parser)
{
    struct sw_node *left = product(parser);
    while (left && (sw_parse_at_symbol(parser, "+") || sw_parse_at_symbol(parser, "-"))) {
        enum sw_node_kind kind = sw_parse_at_symbol(parser, "+") ? SW_NODE_ADD : SW_NODE_SUBTRACT;
        struct sw_place place = sw_parse_here(parser);
        struct sw_node *right = sw_parse_advance(parser) ? product(parser) : NULL;
        left = sw_node_pair(parser->expression, kind, place, left, right, parser->error);
    }
    return left;
}

static unsigned relation_here(const struct sw_parser *parser)
{
    if (sw_parse_at_symbol(parser, "==")) return SW_EQUAL;
    if (sw_parse_at_symbol(parser, "!=")) return SW_UNEQUAL;
    if (sw_parse_at_symbol(parser, "<")) return SW_LESS;
    if (sw_parse_at_symbol(parser, "<=")) return SW_LESS | SW_EQUAL;
    if (sw_parse_at_symbol(parser, ">")) return SW_GREATER;
    if (sw_parse_at_symbol(parser, ">=")) return SW_GREATER | SW_EQUAL;
    return 0;
}

static struct sw_node *comparison(struct sw_parser *parser, struct sw_node *left, unsigned relation)
{
    struct sw_place place = sw_parse_here(parser);
    struct sw_node *right = sw_parse_advance(parser) ? sum(parser) : NULL;
    struct sw_node *node =
        sw_node_pair(parser->expression, SW_NODE_COMPARE, place, left, right, parser->error);
    if (!node) return NULL;
    node->relation = relation;
    if (!relation_here(parser)) return node;
    (void)sw_parse_complain(parser, "comparisons are not chained: join two of them with '&&'");
    return NULL;
}

/* ---- sets ---- */

static bool add_literal(struct sw_parser *parser, struct sw_word_list *words)
{
    size_t at = parser->start;
    bool negative = sw_parse_at_symbol(parser, "-");
    if (negative && !sw_parse_advance(parser)) return false;
    if (parser->kind == SW_TOKEN_TEXT && !negative)
        return sw_words_add(words, (const char *)parser->unquoted.bytes, parser->unquoted.length,
                            SW_WORD_QUOTED, at, parser->error) &&
               sw_parse_advance(parser);
    if (parser->kind != SW_TOKEN_NUMBER)
        return sw_parse_complain(parser, "a number or a text in quotes is due here");
    struct sw_node *literal = number(parser, negative);
    char text[SW_NUMBER_LENGTH];
    if (!literal) return false;
    size_t length = sw_format_fixed(text, literal->number, literal->scale);
    return sw_words_add(words, text, length, SW_WORD_NUMBER, at, parser->error) &&
           sw_parse_advance(parser);
}

static bool literals(struct sw_parser *parser, struct sw_word_list *words)
{
    do {
        if (!sw_parse_advance(parser) || !add_literal(parser, words)) return false;
    } while (sw_parse_at_symbol(parser, ","));
    return sw_parse_at_symbol(parser, ")")
               ? sw_parse_advance(parser)
               : sw_parse_complain(parser, "a ',' or the list's ')' is due here");
}

/* Before a named set's bits. */
static const char bits_word[] = "bits";

/* The set that may have been meant, of those in the folder. */
static void nearest_set(const char *folder, const char *name, size_t length,
                        char note[SW_NEAREST_NOTE])
{
    char names[2000] = "", word[SW_NEAR_LONGEST + 1] = "";
    struct dirent **entries;
    int count = scandir(folder, &entries, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        size_t used = strlen(names);
        if (entries[i]->d_name[0] != '.')
            snprintf(names + used, sizeof names - used, "%s,", entries[i]->d_name);
        free(entries[i]);
    }
    if (count >= 0) free(entries);
    note[0] = 0;
    if (length < sizeof word) sw_nearest_note(memcpy(word, name, length), names, note);
}

static bool set_by_name(struct sw_parser *parser, struct sw_word_list *words)
{
    char path[4096];
    struct sw_error reason = {0};
    size_t length = parser->next - parser->start;
    const char *name = parser->text + parser->start;
    int written =
        snprintf(path, sizeof path, "%s/sets/%.*s",
                 parser->share_directory ? parser->share_directory : "", (int)length, name);
    if (!parser->share_directory || written < 0 || (size_t)written >= sizeof path)
        return sw_parse_complain(parser, "named sets are not at hand: no share/ directory");
    if (!sw_words_of_file(words, path, true, &reason)) {
        struct sw_place place = sw_parse_here(parser);
        char note[SW_NEAREST_NOTE];
        path[strlen(path) - length] = 0;
        nearest_set(path, name, length, note);
        return sw_complain(parser->expression, place, parser->error, SW_USAGE,
                           "no such set: '%.*s' (%s)%s", (int)length, name, reason.message, note);
    }
    for (size_t i = 0; i < words->count; i++) {
        const char *word = sw_word_bytes(words, i);
        size_t lead = strlen(bits_word), word_length = words->items[i].length;
        words->items[i].at = parser->start;
        if (word_length > lead && memcmp(word, bits_word, lead) == 0 &&
            (word[lead] == ' ' || word[lead] == '\t'))
            words->items[i].kind = SW_WORD_BITS;
    }
    return sw_parse_advance(parser);
}

static struct sw_node *membership(struct sw_parser *parser, struct sw_node *left)
{
    struct sw_node *node =
        sw_node_new(parser->expression, SW_NODE_IN, sw_parse_here(parser), parser->error);
    if (!node || !sw_node_adopt(parser->expression, node, left, parser->error) ||
        !sw_parse_advance(parser))
        return NULL;
    node->list = sw_alloc(1, sizeof *node->list, parser->error);
    if (!node->list) return NULL;
    bool good =
        sw_parse_at_symbol(parser, "(") ? literals(parser, &node->list->words)
        : parser->kind == SW_TOKEN_NAME
            ? set_by_name(parser, &node->list->words)
            : sw_parse_complain(parser, "behind 'in' stands a list, (64, 2048), or a set's name");
    return good ? node : NULL;
}

static struct sw_node *test(struct sw_parser *parser)
{
    struct sw_node *left = sum(parser);
    if (!left) return NULL;
    unsigned relation = relation_here(parser);
    if (relation) return comparison(parser, left, relation);
    return sw_parse_at_word(parser, SW_TOKEN_NAME, "in") ? membership(parser, left) : left;
}

/* ---- conditions ---- */

static struct sw_node *negation(struct sw_parser *parser)
{
    return sw_parse_at_symbol(parser, "!") ? prefixed(parser, SW_NODE_NOT, negation) : test(parser);
}

/* One operand stands for itself; more of them are children of one node, however many they are. */
static struct sw_node *joined(struct sw_parser *parser, enum sw_node_kind kind, const char *symbol,
                              struct sw_node *(*operand)(struct sw_parser *))
{
    struct sw_node *first = operand(parser), *node = NULL;
    while (first && sw_parse_at_symbol(parser, symbol)) {
        if (!node) {
            node = sw_node_new(parser->expression, kind, sw_parse_here(parser), parser->error);
            if (!node || !sw_node_adopt(parser->expression, node, first, parser->error))
                return NULL;
        }
        struct sw_node *next = sw_parse_advance(parser) ? operand(parser) : NULL;
        if (!next || !sw_node_adopt(parser->expression, node, next, parser->error)) return NULL;
    }
    return node ? node : first;
}

static struct sw_node *all(struct sw_parser *parser)
{
    return joined(parser, SW_NODE_AND, "&&", negation);
}

static struct sw_node *any(struct sw_parser *parser)
{
    return joined(parser, SW_NODE_OR, "||", all);
}

bool sw_expression_parse(struct sw_expression *expression, const char *share_directory,
                         struct sw_node **root, struct sw_error *error)
{
    struct sw_parser parser = {.expression = expression,
                               .share_directory = share_directory,
                               .error = error,
                               .text = expression->text};
    *root = sw_parse_advance(&parser) ? any(&parser) : NULL;
    bool good = *root && (parser.kind == SW_TOKEN_END ||
                          sw_parse_complain(&parser, "an operator is due here"));
    sw_buffer_free(&parser.unquoted);
    return good;
}
