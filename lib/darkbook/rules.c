/* SPDX-License-Identifier: ISC */
#include "darkbook/rules.h"

#include <string.h>

#include "base/number.h"

static const char *const names[SW_RULES] = {
    [SW_RULE_LIMIT] = "limit",         [SW_RULE_HALF_TICK] = "half_tick",
    [SW_RULE_MIDTICK] = "midtick",     [SW_RULE_INVENTORY] = "inventory",
    [SW_RULE_ELSEWHERE] = "elsewhere", [SW_RULE_BOOK] = "book",
    [SW_RULE_MINIMUM] = "minimum",     [SW_RULE_PREFERENCING] = "preferencing",
    [SW_RULE_CROSSING] = "crossing",   [SW_RULE_QUOTE] = "quote",
    [SW_RULE_INSIDE] = "inside",       [SW_RULE_SESSION] = "session",
};

const char *sw_rule_name(enum sw_rule rule)
{
    return names[rule];
}

static bool is_word(const char *word, size_t length, const char *name)
{
    return strlen(name) == length && memcmp(word, name, length) == 0;
}

static bool take_rule(const char *word, size_t length, struct sw_rules *rules,
                      struct sw_error *error)
{
    const bool off = length > 0 && *word == '-';
    for (int rule = 0; rule < SW_RULES; rule++) {
        if (!is_word(word + off, length - off, names[rule])) continue;
        rules->on[rule] = !off;
        return true;
    }
    return sw_fail(error, SW_USAGE,
                   "--rules: no rule '%.*s': 'simple' or 'full', then limit, half_tick, midtick, "
                   "inventory, elsewhere, book, preferencing, minimum, crossing, quote, inside, "
                   "session, each with a '-' before it to be left out",
                   (int)(length < 100 ? length : 100), word);
}

bool sw_rules_parse(const char *text, struct sw_rules *rules, struct sw_error *error)
{
    for (int rule = 0; rule < SW_RULES; rule++) rules->on[rule] = true;
    for (const char *word = text; word; word = strchr(word, ',')) {
        word += word != text;
        size_t length = strcspn(word, ",");
        bool simple = word == text && is_word(word, length, "simple");
        for (int rule = 0; simple && rule < SW_RULES; rule++) rules->on[rule] = false;
        if (simple || (word == text && is_word(word, length, "full"))) continue;
        if (!take_rule(word, length, rules, error)) return false;
    }
    return true;
}

bool sw_concede_parse(const char *text, struct sw_concede *concede, struct sw_error *error)
{
    *concede = (struct sw_concede){.what = SW_CONCEDE_HALF_TICK};
    if (!text || strcmp(text, "midtick") == 0) return true;
    concede->what = SW_CONCEDE_NOTHING;
    if (strcmp(text, "entered") == 0) return true;
    concede->what = SW_CONCEDE_AMOUNT;
    if ((strncmp(text, "limit ", 6) == 0 || strncmp(text, "limit=", 6) == 0) &&
        sw_parse_decimal(text + 6, strlen(text + 6), SW_CONCEDE_SCALE, &concede->amount) ==
            SW_NUMBER_GOOD &&
        concede->amount >= 0)
        return true;
    return sw_fail(error, SW_USAGE, "--sweep: neither midtick, entered nor 'limit N': '%s'", text);
}
