/* SPDX-License-Identifier: ISC */
#include "schema/value_map.h"

#include <string.h>

#include "base/memory.h"
#include "base/number.h"

static bool is_number(const char *text, size_t length, sw_int128 *exact)
{
    return sw_parse_decimal(text, length, SW_MAXIMUM_SCALE, exact) == SW_NUMBER_GOOD;
}

static bool same_text(const struct sw_value_rule *rule, const char *text, size_t length)
{
    return rule->from_length == length && memcmp(rule->from, text, length) == 0;
}

static uint64_t word_of(const char *text, size_t length)
{
    char bytes[8] = {0};
    if (length > sizeof bytes) return 0;
    memcpy(bytes + sizeof bytes - length, text, length);
    return sw_load64(bytes);
}

static const struct sw_value_rule *of_number(const struct sw_value_map *map, sw_int128 exact)
{
    for (size_t i = 0; i < map->count; i++)
        if (map->rules[i].numeric && map->rules[i].exact == exact) return &map->rules[i];
    return NULL;
}

bool sw_value_map_add(struct sw_value_map *map, const char *from, const char *to,
                      struct sw_error *error)
{
    struct sw_value_rule rule = {.from_length = strlen(from), .to_length = to ? strlen(to) : 0};
    rule.numeric = is_number(from, rule.from_length, &rule.exact);
    if (sw_value_map_of_bytes(map, from, rule.from_length) ||
        (rule.numeric && of_number(map, rule.exact)))
        return sw_fail(error, SW_USAGE, "'%s' is told already", from);
    if (!sw_grow(&map->rules, &map->capacity, map->count + 1, sizeof *map->rules, error))
        return false;
    rule.from = sw_copy_text(from, rule.from_length, error);
    rule.to = to && rule.from ? sw_copy_text(to, rule.to_length, error) : NULL;
    rule.from_word = word_of(from, rule.from_length);
    if (!rule.from || (to && !rule.to)) {
        free(rule.from);
        return false;
    }
    map->rules[map->count++] = rule;
    return true;
}

bool sw_value_map_seal(struct sw_value_map *map, enum sw_type type, int scale,
                       struct sw_error *error)
{
    bool numbers = type != SW_TEXT && type != SW_DATE;
    free(map->plain);
    map->plain_count = 0;
    map->plain = sw_alloc(map->count, sizeof *map->plain, error);
    if (!map->plain) return false;
    for (size_t i = 0; i < map->count; i++) {
        struct sw_value_rule *rule = &map->rules[i];
        rule->stored =
            numbers && rule->numeric &&
            sw_parse_decimal(rule->from, rule->from_length, scale, &rule->value) == SW_NUMBER_GOOD;
        sw_int128 meaning = 0;
        rule->plain_meaning =
            numbers && rule->to &&
            sw_parse_decimal(rule->to, rule->to_length, scale, &meaning) == SW_NUMBER_GOOD &&
            meaning == (int64_t)meaning;
        rule->meaning = (int64_t)meaning;
        if (rule->stored && rule->value >= 0 && rule->value <= INT64_MAX)
            map->plain[map->plain_count++] = (int64_t)rule->value;
    }
    return true;
}

bool sw_value_map_renames(const struct sw_value_map *map)
{
    for (size_t i = 0; i < map->count; i++)
        if (map->rules[i].to) return true;
    return false;
}

const struct sw_value_rule *sw_value_map_of_bytes(const struct sw_value_map *map, const char *text,
                                                  size_t length)
{
    for (size_t i = 0; i < map->count; i++)
        if (same_text(&map->rules[i], text, length)) return &map->rules[i];
    return NULL;
}

const struct sw_value_rule *sw_value_map_of_value(const struct sw_value_map *map, sw_int128 value)
{
    for (size_t i = 0; i < map->count; i++)
        if (map->rules[i].stored && map->rules[i].value == value) return &map->rules[i];
    return NULL;
}

const struct sw_value_rule *sw_value_map_find(const struct sw_value_map *map, const char *text,
                                              size_t length)
{
    sw_int128 exact;
    const struct sw_value_rule *rule = sw_value_map_of_bytes(map, text, length);
    return rule || !is_number(text, length, &exact) ? rule : of_number(map, exact);
}

void sw_value_map_free(struct sw_value_map *map)
{
    for (size_t i = 0; i < map->count; i++) {
        free(map->rules[i].from);
        free(map->rules[i].to);
    }
    free(map->rules);
    free(map->plain);
    *map = (struct sw_value_map){0};
}
