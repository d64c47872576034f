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
#include "expr/tree.h"

enum token_kind {
    END,
    NUMBER,
    TEXT,
    NAME,   /* bare */
    QUOTED, /* a name in backticks */
    SYMBOL,
};

struct parser {
    struct sw_expression *expression;
    const char *share_directory;
    struct sw_error *error;
    const char *text;
    int depth;
    enum token_kind kind; /* of the current token, which is text[start..next) */
    size_t start, next;
    struct sw_buffer unquoted; /* what a TEXT or QUOTED token says */
};

/* ---- tokens ---- */

static bool complain(struct parser *parser, const char *reason)
{
    struct sw_place place = {NULL, parser->start};
    return sw_complain(parser->expression, place, parser->error, SW_USAGE, "%s", reason);
}

static bool digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static bool name_byte(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_' ||
           digit(byte) || (unsigned char)byte >= 0x80;
}

/* A doubled quote stands for one. */
static bool take_quoted(struct parser *parser, char quote)
{
    const char *at = parser->text + parser->start + 1;
    parser->unquoted.length = 0;
    if (*at == quote && at[1] != quote)
        return complain(parser, "nothing between the quotes (an empty field is null: == null)");
    for (; *at; at++) {
        if (*at == quote && at[1] != quote) {
            parser->next = (size_t)(at + 1 - parser->text);
            parser->kind = quote == '`' ? QUOTED : TEXT;
            return true;
        }
        if (!sw_buffer_add(&parser->unquoted, at, 1, parser->error)) return false;
        at += *at == quote;
    }
    return complain(parser, "a quote that is not closed");
}

static bool take_symbol(struct parser *parser)
{
    static const char *const symbols[] = {"==", "!=", "<=", ">=", "&&", "||", "<", ">",
                                          "!",  "+",  "-",  "*",  "/",  "(",  ")", ","};
    const char *at = parser->text + parser->start;
    for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++)
        if (strncmp(at, symbols[i], strlen(symbols[i])) == 0) {
            parser->kind = SYMBOL;
            parser->next = parser->start + strlen(symbols[i]);
            return true;
        }
    if (*at == '=') return complain(parser, "a lone '=': equality is '=='");
    if (*at == '&') return complain(parser, "a lone '&': 'and' is '&&'");
    if (*at == '|') return complain(parser, "a lone '|': 'or' is '||'");
    return complain(parser, "what is this?");
}

static bool advance(struct parser *parser)
{
    parser->start = parser->next + strspn(parser->text + parser->next, " \t\r\n");
    const char *at = parser->text + parser->start;
    size_t length = 0;
    if (*at == '\'' || *at == '"' || *at == '`') return take_quoted(parser, *at);
    if (*at && !name_byte(*at) && *at != '.') return take_symbol(parser);
    while (name_byte(at[length]) || at[length] == '.') length++;
    parser->kind = !*at ? END : digit(*at) || *at == '.' ? NUMBER : NAME;
    parser->next = parser->start + length;
    if (parser->kind == NAME && memchr(at, '.', length))
        return complain(parser, "a name with a '.' in it must stand in backticks");
    return true;
}

static bool at_word(const struct parser *parser, enum token_kind kind, const char *word)
{
    size_t length = parser->next - parser->start;
    return parser->kind == kind && length == strlen(word) &&
           memcmp(parser->text + parser->start, word, length) == 0;
}

static bool at_symbol(const struct parser *parser, const char *symbol)
{
    return at_word(parser, SYMBOL, symbol);
}

static struct sw_place here(const struct parser *parser)
{
    return (struct sw_place){NULL, parser->start};
}

/* ---- atoms ---- */

/* node when the step after it succeeds; steps are taken for NULL, too, but then do nothing. */
static struct sw_node *then_advance(struct parser *parser, struct sw_node *node)
{
    return node && advance(parser) ? node : NULL;
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
static struct sw_node *number(struct parser *parser, bool negative)
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
        (void)complain(parser, sw_number_reason(outcome, "number", MOST_DECIMALS, space));
        return NULL;
    }
    struct sw_node *node =
        sw_node_new(parser->expression, SW_NODE_NUMBER, here(parser), parser->error);
    if (!node) return NULL;
    node->number = value;
    node->scale = (int)decimals;
    return node;
}

static struct sw_node *any(struct parser *parser);

/* Every way from a level of the grammar down to itself passes here, over the token that leads
 * there. */
static bool descend(struct parser *parser)
{
    if (parser->depth++ < SW_EXPRESSION_DEPTH) return advance(parser);
    return sw_complain(parser->expression, here(parser), parser->error, SW_USAGE,
                       "more than %d parentheses or operators in one another", SW_EXPRESSION_DEPTH);
}

static struct sw_node *parenthesized(struct parser *parser)
{
    struct sw_node *inside = descend(parser) ? any(parser) : NULL;
    if (!inside) return NULL;
    parser->depth--;
    if (!at_symbol(parser, ")")) {
        (void)complain(parser, "here a ')' is missing");
        return NULL;
    }
    return then_advance(parser, inside);
}

static struct sw_node *named(struct parser *parser)
{
    bool bare = parser->kind == NAME;
    const char *text = bare ? parser->text + parser->start : (const char *)parser->unquoted.bytes;
    size_t length = bare ? parser->next - parser->start : parser->unquoted.length;
    enum sw_node_kind kind = parser->kind == TEXT ? SW_NODE_TEXT : SW_NODE_COLUMN;
    return sw_node_text(parser->expression, kind, here(parser), text, length, parser->error);
}

/* The last argument of round and bucket is a literal. */
static bool literal_argument(struct parser *parser, struct sw_node *node)
{
    const char *text = parser->text + parser->start;
    size_t length = parser->next - parser->start;
    if (node->kind == SW_NODE_BUCKET) {
        int64_t width = 0;
        const char *reason = sw_width_parse(text, length, &width);
        node->number = width;
        return reason ? complain(parser, reason) : advance(parser);
    }
    int decimals = 0;
    bool good = parser->kind == NUMBER && length <= 2;
    for (size_t i = 0; good && i < length; i++) {
        good = digit(text[i]);
        decimals = decimals * 10 + (text[i] - '0');
    }
    if (!good || decimals > SW_DECIMALS_MAXIMUM)
        return complain(parser, "here a number of decimals is due, 0 to 36");
    node->scale = decimals;
    return advance(parser);
}

static bool argument(struct parser *parser, struct sw_node *node)
{
    bool literal =
        (node->kind == SW_NODE_BUCKET || node->kind == SW_NODE_ROUND) && node->child_count == 1;
    if (literal) return literal_argument(parser, node);
    struct sw_node *child = any(parser);
    return child && sw_node_adopt(parser->expression, node, child, parser->error);
}

static bool count_arguments(struct parser *parser, const struct sw_node *node, size_t count)
{
    bool list = node->kind == SW_NODE_LEAST || node->kind == SW_NODE_GREATEST;
    size_t due = node->kind == SW_NODE_IF ? 3 : node->kind == SW_NODE_ABS ? 1 : 2;
    if (list ? count >= 1 : count == due) return true;
    return sw_complain(parser->expression, sw_node_place(node), parser->error, SW_USAGE,
                       "%s takes %zu argument%s, not %zu", sw_function_name(node->kind), due,
                       due == 1 ? "" : "s", count);
}

/* The name is the current token, a parenthesis the next. */
static struct sw_node *function(struct parser *parser, enum sw_node_kind kind)
{
    struct sw_node *node = sw_node_new(parser->expression, kind, here(parser), parser->error);
    size_t count = 0;
    if (!node || !descend(parser)) return NULL;
    do {
        if (!advance(parser) || !argument(parser, node)) return NULL;
        count++;
    } while (at_symbol(parser, ","));
    parser->depth--;
    if (!count_arguments(parser, node, count)) return NULL;
    if (!at_symbol(parser, ")")) {
        (void)complain(parser, "here a ')' is missing");
        return NULL;
    }
    return then_advance(parser, node);
}

/* Whether the current token is a name that a parenthesis follows. */
static bool at_call(const struct parser *parser)
{
    const char *behind = parser->text + parser->next;
    return parser->kind == NAME && behind[strspn(behind, " \t\r\n")] == '(';
}

static struct sw_node *call(struct parser *parser)
{
    enum sw_node_kind kind;
    if (sw_function_find(parser->text + parser->start, parser->next - parser->start, &kind))
        return function(parser, kind);
    (void)complain(parser, "no such function (if, abs, least, greatest, round, bucket)");
    return NULL;
}

static struct sw_node *atom(struct parser *parser)
{
    if (at_symbol(parser, "(")) return parenthesized(parser);
    if (at_call(parser) && !at_word(parser, NAME, "in")) return call(parser);
    if (parser->kind == NUMBER) return then_advance(parser, number(parser, false));
    if (at_word(parser, NAME, "null"))
        return then_advance(
            parser, sw_node_new(parser->expression, SW_NODE_NULL, here(parser), parser->error));
    if (at_word(parser, NAME, "in") || parser->kind == SYMBOL || parser->kind == END) {
        (void)complain(parser, parser->kind == END ? "it ends where a value is due"
                                                   : "a value is due here");
        return NULL;
    }
    return then_advance(parser, named(parser));
}

static struct sw_node *prefixed(struct parser *parser, enum sw_node_kind kind,
                                struct sw_node *(*operand)(struct parser *))
{
    struct sw_place place = here(parser);
    struct sw_node *inside = descend(parser) ? operand(parser) : NULL;
    parser->depth--;
    struct sw_node *node =
        inside ? sw_node_new(parser->expression, kind, place, parser->error) : NULL;
    if (!node || !sw_node_adopt(parser->expression, node, inside, parser->error)) return NULL;
    return node;
}

/* A minus before a number is part of it. */
static struct sw_node *sign(struct parser *parser)
{
    if (!at_symbol(parser, "-")) return atom(parser);
    const char *after = parser->text + parser->next;
    after += strspn(after, " \t\r\n");
    if (!digit(*after) && *after != '.') return prefixed(parser, SW_NODE_NEGATE, sign);
    return advance(parser) ? then_advance(parser, number(parser, true)) : NULL;
}

/* ---- operators ---- */

static struct sw_node *product(struct parser *parser)
{
    struct sw_node *left = sign(parser);
    while (left && (at_symbol(parser, "*") || at_symbol(parser, "/"))) {
        enum sw_node_kind kind = at_symbol(parser, "*") ? SW_NODE_MULTIPLY : SW_NODE_DIVIDE;
        struct sw_place place = here(parser);
        struct sw_node *right = advance(parser) ? sign(parser) : NULL;
        left = sw_node_pair(parser->expression, kind, place, left, right, parser->error);
    }
    return left;
}

static struct sw_node *sum(struct parser *parser)
{
    struct sw_node *left = product(parser);
    while (left && (at_symbol(parser, "+") || at_symbol(parser, "-"))) {
        enum sw_node_kind kind = at_symbol(parser, "+") ? SW_NODE_ADD : SW_NODE_SUBTRACT;
        struct sw_place place = here(parser);
        struct sw_node *right = advance(parser) ? product(parser) : NULL;
        left = sw_node_pair(parser->expression, kind, place, left, right, parser->error);
    }
    return left;
}

static unsigned relation_here(const struct parser *parser)
{
    if (at_symbol(parser, "==")) return SW_EQUAL;
    if (at_symbol(parser, "!=")) return SW_UNEQUAL;
    if (at_symbol(parser, "<")) return SW_LESS;
    if (at_symbol(parser, "<=")) return SW_LESS | SW_EQUAL;
    if (at_symbol(parser, ">")) return SW_GREATER;
    if (at_symbol(parser, ">=")) return SW_GREATER | SW_EQUAL;
    return 0;
}

static struct sw_node *comparison(struct parser *parser, struct sw_node *left, unsigned relation)
{
    struct sw_place place = here(parser);
    struct sw_node *right = advance(parser) ? sum(parser) : NULL;
    struct sw_node *node =
        sw_node_pair(parser->expression, SW_NODE_COMPARE, place, left, right, parser->error);
    if (!node) return NULL;
    node->relation = relation;
    if (!relation_here(parser)) return node;
    (void)complain(parser, "comparisons are not chained: join two of them with '&&'");
    return NULL;
}

/* ---- sets ---- */

static bool add_literal(struct parser *parser, struct sw_word_list *words)
{
    size_t at = parser->start;
    bool negative = at_symbol(parser, "-");
    if (negative && !advance(parser)) return false;
    if (parser->kind == TEXT && !negative)
        return sw_words_add(words, (const char *)parser->unquoted.bytes, parser->unquoted.length,
                            SW_WORD_QUOTED, at, parser->error) &&
               advance(parser);
    if (parser->kind != NUMBER) return complain(parser, "a number or a text in quotes is due here");
    struct sw_node *literal = number(parser, negative);
    char text[SW_NUMBER_LENGTH];
    if (!literal) return false;
    size_t length = sw_format_fixed(text, literal->number, literal->scale);
    return sw_words_add(words, text, length, SW_WORD_NUMBER, at, parser->error) && advance(parser);
}

static bool literals(struct parser *parser, struct sw_word_list *words)
{
    do {
        if (!advance(parser) || !add_literal(parser, words)) return false;
    } while (at_symbol(parser, ","));
    return at_symbol(parser, ")") ? advance(parser)
                                  : complain(parser, "a ',' or the list's ')' is due here");
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

static bool set_by_name(struct parser *parser, struct sw_word_list *words)
{
    char path[4096];
    struct sw_error reason = {0};
    size_t length = parser->next - parser->start;
    const char *name = parser->text + parser->start;
    int written =
        snprintf(path, sizeof path, "%s/sets/%.*s",
                 parser->share_directory ? parser->share_directory : "", (int)length, name);
    if (!parser->share_directory || written < 0 || (size_t)written >= sizeof path)
        return complain(parser, "named sets are not at hand: no share/ directory");
    if (!sw_words_of_file(words, path, true, &reason)) {
        struct sw_place place = here(parser);
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
    return advance(parser);
}

static struct sw_node *membership(struct parser *parser, struct sw_node *left)
{
    struct sw_node *node = sw_node_new(parser->expression, SW_NODE_IN, here(parser), parser->error);
    if (!node || !sw_node_adopt(parser->expression, node, left, parser->error) || !advance(parser))
        return NULL;
    node->list = sw_alloc(1, sizeof *node->list, parser->error);
    if (!node->list) return NULL;
    bool good = at_symbol(parser, "(") ? literals(parser, &node->list->words)
                : parser->kind == NAME
                    ? set_by_name(parser, &node->list->words)
                    : complain(parser, "behind 'in' stands a list, (64, 2048), or a set's name");
    return good ? node : NULL;
}

static struct sw_node *test(struct parser *parser)
{
    struct sw_node *left = sum(parser);
    if (!left) return NULL;
    unsigned relation = relation_here(parser);
    if (relation) return comparison(parser, left, relation);
    return at_word(parser, NAME, "in") ? membership(parser, left) : left;
}

/* ---- conditions ---- */

static struct sw_node *negation(struct parser *parser)
{
    return at_symbol(parser, "!") ? prefixed(parser, SW_NODE_NOT, negation) : test(parser);
}

/* One operand stands for itself; more of them are children of one node, however many they are. */
static struct sw_node *joined(struct parser *parser, enum sw_node_kind kind, const char *symbol,
                              struct sw_node *(*operand)(struct parser *))
{
    struct sw_node *first = operand(parser), *node = NULL;
    while (first && at_symbol(parser, symbol)) {
        if (!node) {
            node = sw_node_new(parser->expression, kind, here(parser), parser->error);
            if (!node || !sw_node_adopt(parser->expression, node, first, parser->error))
                return NULL;
        }
        struct sw_node *next = advance(parser) ? operand(parser) : NULL;
        if (!next || !sw_node_adopt(parser->expression, node, next, parser->error)) return NULL;
    }
    return node ? node : first;
}

static struct sw_node *all(struct parser *parser)
{
    return joined(parser, SW_NODE_AND, "&&", negation);
}

static struct sw_node *any(struct parser *parser)
{
    return joined(parser, SW_NODE_OR, "||", all);
}

bool sw_expression_parse(struct sw_expression *expression, const char *share_directory,
                         struct sw_node **root, struct sw_error *error)
{
    struct parser parser = {.expression = expression,
                            .share_directory = share_directory,
                            .error = error,
                            .text = expression->text};
    *root = advance(&parser) ? any(&parser) : NULL;
    bool good = *root && (parser.kind == END || complain(&parser, "an operator is due here"));
    sw_buffer_free(&parser.unquoted);
    return good;
}
