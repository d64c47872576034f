/* SPDX-License-Identifier: ISC
 *
 * What read_json.c and read_sections.c share: a configuration's JSON and the place in it. A function is false only where there is no
 * memory; mistakes are noted, and after one of syntax `broken` is set and nothing more is read.
 */
#ifndef SW_CONFIG_JSON_PARTS_H
#define SW_CONFIG_JSON_PARTS_H

#include "config/configuration.h"

struct sw_json_parts {
    struct sw_configuration *configuration;
    const char *at, *end;
    size_t line;
    struct sw_buffer text; /* of the string or literal read last */
    bool is_string;
    bool broken; /* no JSON: the rest cannot be read */
    struct sw_error *error;
};

static inline struct sw_said sw_setting_json_here(const struct sw_json_parts *json)
{
    return (struct sw_said){SW_FROM_FILE, json->line};
}

/* Notes what is wrong with the syntax; the reading ends there. */
bool sw_setting_json_broken(struct sw_json_parts *json, const char *reason) SW_CHECKED;

void sw_setting_json_skip_blanks(struct sw_json_parts *json);

/* Takes a character, blanks before it, if it is the next one. */
bool sw_setting_json_next_is(struct sw_json_parts *json, char c) SW_CHECKED;

/* A text, or a number, true, false or null as it stands. */
bool sw_setting_json_scalar(struct sw_json_parts *json) SW_CHECKED;

/* Whether what was read last is this word, in no quotes. */
bool sw_setting_json_is(const struct sw_json_parts *json, const char *word);

/* Gives the key what was read. A text for a list may hold several values, as in a file of lines. */
bool sw_setting_json_keep(struct sw_json_parts *json, enum sw_key key, bool in_array) SW_CHECKED;

/* The rest of an array of a key's values, after its opening bracket. */
bool sw_setting_json_array(struct sw_json_parts *json, enum sw_key key) SW_CHECKED;

/* The name of an object's member, where it stands, and the colon after it. *name is NULL, or the caller's to free. */
bool sw_setting_json_member(struct sw_json_parts *json, char **name,
                            struct sw_said *said) SW_CHECKED;

/* The rest of an object, after its opening brace, that the configuration has under this name. */
bool sw_setting_json_section(struct sw_json_parts *json, const char *name,
                             struct sw_said said) SW_CHECKED;

#endif
