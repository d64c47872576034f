/* SPDX-License-Identifier: ISC
 *
 * The words of a list, read as what they are compared with.
 */
#include "base/number.h"
#include "expr/tree.h"

/* Long words are cut in messages. */
enum { SHOWN = 60 };

static bool complain(struct sw_expression *expression, const struct sw_node *node, size_t index,
                     const char *reason, struct sw_error *error)
{
    const struct sw_word *word = &node->list->words.items[index];
    struct sw_place place = {node->option, word->at};
    int shown = word->length < SHOWN ? (int)word->length : SHOWN;
    return sw_complain(expression, place, error, SW_USAGE, "%s: '%.*s'", reason, shown,
                       sw_word_bytes(&node->list->words, index));
}

/* A number of an expression that is finer than the column's scale, or too large, is no member:
 * nothing equals it. */
static bool add_number(struct sw_expression *expression, const struct sw_node *node, size_t index,
                       int scale, struct sw_error *error)
{
    struct sw_list *list = node->list;
    const struct sw_word *word = &list->words.items[index];
    char space[64];
    sw_int128 value;
    enum sw_number_outcome outcome =
        sw_parse_decimal(sw_word_bytes(&list->words, index), word->length, scale, &value);
    if (outcome == SW_NUMBER_GOOD) return sw_value_set_add_number(&list->members, value, error);
    if (word->kind == SW_WORD_NUMBER && outcome != SW_NUMBER_MALFORMED) return true;
    return complain(expression, node, index, sw_number_reason(outcome, "number", scale, space),
                    error);
}

static bool add_moment(struct sw_expression *expression, const struct sw_node *node, size_t index,
                       enum sw_class class, struct sw_error *error)
{
    struct sw_list *list = node->list;
    const struct sw_word *word = &list->words.items[index];
    const char *bytes = sw_word_bytes(&list->words, index);
    int64_t value = 0;
    sw_int128 number;
    const char *reason = sw_class_parse(class, bytes, word->length, &value);
    if (word->kind != SW_WORD_NUMBER && !reason)
        return sw_value_set_add_number(&list->members, value, error);
    if (class == SW_CLASS_TIME && word->kind != SW_WORD_QUOTED &&
        sw_parse_decimal(bytes, word->length, 0, &number) != SW_NUMBER_MALFORMED)
        return add_number(expression, node, index, 0, error);
    return complain(expression, node, index, reason ? reason : "compared with a number", error);
}

/* "bits 64 256": each is a number that has one bit. */
static bool add_bits(struct sw_expression *expression, const struct sw_node *node, size_t index,
                     enum sw_class class, int scale, struct sw_error *error)
{
    const struct sw_word *word = &node->list->words.items[index];
    const char *at = sw_word_bytes(&node->list->words, index), *end = at + word->length;
    if (class != SW_CLASS_NUMBER)
        return complain(expression, node, index, "a set of bits is for numbers", error);
    node->list->members.unit = sw_power_of_ten(scale);
    for (at += sizeof "bits" - 1; at < end;) {
        const char *from = at;
        sw_int128 bit;
        while (at < end && *at != ' ' && *at != '\t') at++;
        if (at == from) {
            at++;
            continue;
        }
        if (sw_parse_decimal(from, (size_t)(at - from), 0, &bit) != SW_NUMBER_GOOD || bit <= 0 ||
            bit > (sw_int128)1 << 63 || bit & (bit - 1))
            return complain(expression, node, index, "not powers of two up to 2^63", error);
        node->list->members.mask |= (uint64_t)bit;
    }
    return true;
}

static bool add_word(struct sw_expression *expression, const struct sw_node *node, size_t index,
                     enum sw_class class, int scale, struct sw_error *error)
{
    struct sw_list *list = node->list;
    const struct sw_word *word = &list->words.items[index];
    if (word->kind == SW_WORD_BITS) return add_bits(expression, node, index, class, scale, error);
    if (class == SW_CLASS_TEXT && word->kind != SW_WORD_NUMBER) {
        struct sw_text text = {sw_word_bytes(&list->words, index), (uint32_t)word->length};
        return sw_value_set_add_text(&list->members, text, error);
    }
    if (class == SW_CLASS_TEXT)
        return complain(expression, node, index, "text is compared with a number", error);
    if (class != SW_CLASS_NUMBER) return add_moment(expression, node, index, class, error);
    if (word->kind == SW_WORD_QUOTED)
        return complain(expression, node, index, "a number is compared with text", error);
    return add_number(expression, node, index, scale, error);
}

bool sw_list_bind(struct sw_expression *expression, const struct sw_node *node, enum sw_class class,
                  int scale, struct sw_error *error)
{
    struct sw_list *list = node->list;
    for (size_t i = 0; i < list->words.count; i++)
        if (!add_word(expression, node, i, class, scale, error)) return false;
    return sw_value_set_seal(&list->members, error);
}
