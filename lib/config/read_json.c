/* SPDX-License-Identifier: ISC
 * A configuration as JSON: one object, its members texts, numbers, true, false, null, arrays of texts
 * and numbers, or the sections of the earlier system (read_sections.c). What sw-conf show -f json prints comes back the same. */
#include <stdlib.h>

#include "config/json_parts.h"

static bool read_value(struct sw_json_parts *json, const char *name, struct sw_said said)
{
    enum sw_key key;
    if (sw_setting_json_next_is(json, '{')) return sw_setting_json_section(json, name, said);
    if (!sw_setting_begin(json->configuration, name, said, &key, json->error)) return false;
    if (sw_setting_json_next_is(json, '[')) return sw_setting_json_array(json, key);
    return sw_setting_json_scalar(json) && sw_setting_json_keep(json, key, false);
}

static bool read_member(struct sw_json_parts *json)
{
    char *name;
    struct sw_said said;
    bool good = sw_setting_json_member(json, &name, &said);
    if (good && !json->broken) good = read_value(json, name, said);
    free(name);
    return good;
}

static bool read_object(struct sw_json_parts *json)
{
    if (!sw_setting_json_next_is(json, '{'))
        return sw_setting_json_broken(json, "a '{' is missing");
    if (!sw_setting_json_next_is(json, '}')) {
        do {
            if (!read_member(json)) return false;
        } while (!json->broken && sw_setting_json_next_is(json, ','));
        if (!json->broken && !sw_setting_json_next_is(json, '}'))
            return sw_setting_json_broken(json, "a ',' or '}' is missing");
    }
    sw_setting_json_skip_blanks(json);
    return json->broken || json->at == json->end ||
           sw_setting_json_broken(json, "text behind the object");
}

bool sw_configuration_json(struct sw_configuration *configuration, const char *text, size_t length,
                           struct sw_error *error)
{
    struct sw_json_parts json = {configuration, text, text + length, 1, {0}, false, false, error};
    bool good = sw_buffer_reserve(&json.text, 1, error) && read_object(&json);
    sw_buffer_free(&json.text);
    return good;
}
