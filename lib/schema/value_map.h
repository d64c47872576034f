/* SPDX-License-Identifier: ISC
 *
 * What is written in a column and means something else: the `value` lines of a schema, such as that
 * -9223372036854775808 is no price, or that B is 1. A field is compared as a number where the old
 * value is one, else byte by byte.
 *
 *     sw_value_map_add(&map, "-9223372036854775808", NULL, error) … sw_value_map_seal(&map, type, scale, error) …
 *     rule = sw_value_map_find(&map, text, length); … rule->null, rule->to …
 */
#ifndef SW_SCHEMA_VALUE_MAP_H
#define SW_SCHEMA_VALUE_MAP_H

#include "base/bytes.h"
#include "record/schema.h"

struct sw_value_rule {
    char *from, *to; /* to: NULL where it means null */
    size_t from_length, to_length;
    uint64_t from_word; /* of up to 8 bytes: they, the last in the highest byte, after zeros */
    bool numeric;       /* `from` is a number: */
    sw_int128 exact;    /* × 10^SW_MAXIMUM_SCALE */
    bool stored;        /* a value of the column can be that number: */
    sw_int128 value;    /* as the column has it */
    bool plain_meaning; /* `to` is a whole number in 64 bits, and the column has it as it is: */
    int64_t meaning;
};

/* Zero-initialize. */
struct sw_value_map {
    struct sw_value_rule *rules;
    size_t count, capacity;
    int64_t *plain; /* those of the values that may be written as plain digits */
    size_t plain_count;
};

/* Adds: `from` means `to` (NULL: null). SW_USAGE: `from` is told already. */
bool sw_value_map_add(struct sw_value_map *map, const char *from, const char *to,
                      struct sw_error *error) SW_CHECKED;

/* Makes the map one of a column of this type and scale; again, when more was added. What
 * something means is to be a value of it. SW_SYSTEM: no memory. */
bool sw_value_map_seal(struct sw_value_map *map, enum sw_type type, int scale,
                       struct sw_error *error) SW_CHECKED;

/* Whether there is a rule whose meaning is another value, not null. */
bool sw_value_map_renames(const struct sw_value_map *map);

/* The rule of a field's text; NULL: none. */
const struct sw_value_rule *sw_value_map_find(const struct sw_value_map *map, const char *text,
                                              size_t length);

/* The rule whose bytes are the field's, and the rule of a number that the column has; NULL: none. Both together are
 * sw_value_map_find for what is a number of the column. */
const struct sw_value_rule *sw_value_map_of_bytes(const struct sw_value_map *map, const char *text,
                                                  size_t length);
const struct sw_value_rule *sw_value_map_of_value(const struct sw_value_map *map, sw_int128 value);

/* sw_value_map_of_bytes of a text of one byte or more, before which 8 bytes are readable. */
static inline const struct sw_value_rule *sw_value_map_of_field(const struct sw_value_map *map,
                                                                const char *text, size_t length)
{
    if (length > 8) return sw_value_map_of_bytes(map, text, length);
    uint64_t word = sw_load64(text + length - 8) & ~UINT64_C(0) << (64 - 8 * length);
    for (size_t i = 0; i < map->count; i++)
        if (map->rules[i].from_length == length && map->rules[i].from_word == word)
            return &map->rules[i];
    return NULL;
}

void sw_value_map_free(struct sw_value_map *map);

#endif
