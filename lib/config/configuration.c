/* SPDX-License-Identifier: ISC */
#include "config/configuration.h"

#include <string.h>

#include "base/memory.h"

/* What a preset says of the keys that follow from the size of a machine. */
static const struct {
    const char *name, *workers, *chunk_size, *memory;
} presets[] = {
    {"auto", "auto", "auto", "auto"},
    {"laptop", "2", "auto", "256M"},
    {"workstation", "7", "auto", "400M"},
    {"server", "30", "auto", "2000M"},
};

static void clear(struct sw_setting *setting)
{
    for (size_t i = 0; i < setting->count; i++) free(setting->values[i]);
    setting->count = 0;
}

bool sw_setting_begin(struct sw_configuration *configuration, const char *name, struct sw_said said,
                      enum sw_key *key, struct sw_error *error)
{
    *key = sw_key_find(name);
    if (*key == SW_KEYS) {
        const char *near = sw_key_nearest(name);
        return sw_diagnostic_at(configuration, said, error, "%s: unknown key%s%s%s", name,
                                near ? "; is '" : "; man 5 sweep.conf lists them", near ? near : "",
                                near ? "' meant?" : "");
    }
    struct sw_setting *setting = &configuration->settings[*key];
    if (setting->origin == said.origin && said.origin >= SW_FROM_FILE) {
        *key = SW_KEYS;
        if (said.line == 0)
            return sw_diagnostic_at(configuration, said, error, "%s: given twice", name);
        return sw_diagnostic_at(configuration, said, error, "%s: given twice, first in line %zu",
                                name, setting->line);
    }
    clear(setting);
    setting->origin = said.origin;
    setting->line = said.line;
    setting->wrong = false;
    return true;
}

/* Gives a key a text as a file would have it. */
static bool assign(struct sw_configuration *configuration, enum sw_key key, const char *text,
                   enum sw_origin origin, struct sw_error *error)
{
    struct sw_said said = {origin, 0};
    enum sw_key found;
    return sw_setting_begin(configuration, sw_keys[key].name, said, &found, error) &&
           sw_setting_take(configuration, found, text, strlen(text), error);
}

bool sw_configuration_init(struct sw_configuration *configuration, struct sw_error *error)
{
    *configuration = (struct sw_configuration){0};
    for (int key = 0; key < SW_KEYS; key++)
        if (!assign(configuration, (enum sw_key)key, sw_keys[key].standard, SW_FROM_DEFAULT, error))
            return false;
    return true;
}

void sw_configuration_free(struct sw_configuration *configuration)
{
    for (size_t key = 0; key < SW_KEYS; key++) {
        clear(&configuration->settings[key]);
        free(configuration->settings[key].values);
    }
    for (size_t i = 0; i < configuration->diagnostic_count; i++)
        free(configuration->diagnostics[i].text);
    free(configuration->diagnostics);
    *configuration = (struct sw_configuration){0};
}

bool sw_configuration_assign(struct sw_configuration *configuration, const char *text,
                             struct sw_error *error)
{
    struct sw_said said = {SW_FROM_COMMAND_LINE, 0};
    enum sw_key key;
    const char *equals = strchr(text, '=');
    if (!equals) return sw_diagnostic_at(configuration, said, error, "not KEY=value: '%s'", text);
    char *name = sw_copy_text(text, (size_t)(equals - text), error);
    bool good = name && sw_setting_begin(configuration, name, said, &key, error);
    if (good && key < SW_KEYS)
        good = sw_setting_take(configuration, key, equals + 1, strlen(equals + 1), error);
    free(name);
    return good;
}

/* ---- after all layers ---- */

static bool fill_in(struct sw_configuration *configuration, enum sw_key key, const char *text,
                    struct sw_error *error)
{
    if (configuration->settings[key].origin != SW_FROM_DEFAULT) return true;
    return assign(configuration, key, text, SW_FROM_PRESET, error);
}

static bool apply_preset(struct sw_configuration *configuration, struct sw_error *error)
{
    const char *name = sw_configuration_text(configuration, SW_KEY_PRESET);
    for (size_t i = 0; i < sizeof presets / sizeof *presets; i++)
        if (strcmp(presets[i].name, name) == 0)
            return fill_in(configuration, SW_KEY_WORKERS, presets[i].workers, error) &&
                   fill_in(configuration, SW_KEY_CHUNK_SIZE, presets[i].chunk_size, error) &&
                   fill_in(configuration, SW_KEY_MEMORY, presets[i].memory, error);
    return true;
}

/* A key of one value that has a form may not be empty, unless its default is. */
static bool judge_form(struct sw_configuration *configuration, enum sw_key key,
                       struct sw_error *error)
{
    const struct sw_setting *setting = &configuration->settings[key];
    if (setting->count == 0 && *sw_keys[key].standard && !setting->wrong)
        return sw_diagnostic_add(configuration, key, SW_USAGE, error, "no value; the default is %s",
                                 sw_keys[key].standard);
    if (setting->count > 1 && strcmp(sw_keys[key].standard, "all") == 0 &&
        sw_configuration_is(configuration, key, "all"))
        return sw_diagnostic_add(configuration, key, SW_USAGE, error,
                                 "'all' stands alone, or not at all");
    for (size_t i = 0; i < setting->count; i++) {
        struct sw_error failure = {0};
        if (!sw_key_judge(key, setting->values[i], &failure) &&
            !sw_diagnostic_add(configuration, key, SW_USAGE, error, "%s", failure.message))
            return false;
    }
    return true;
}

bool sw_configuration_settle(struct sw_configuration *configuration, struct sw_error *error)
{
    if (!apply_preset(configuration, error)) return false;
    for (int key = 0; key < SW_KEYS; key++)
        if (!judge_form(configuration, (enum sw_key)key, error)) return false;
    return true;
}

/* ---- what it holds ---- */

const char *sw_configuration_text(const struct sw_configuration *configuration, enum sw_key key)
{
    const struct sw_setting *setting = &configuration->settings[key];
    return setting->count ? setting->values[0] : "";
}

bool sw_configuration_is(const struct sw_configuration *configuration, enum sw_key key,
                         const char *value)
{
    const struct sw_setting *setting = &configuration->settings[key];
    for (size_t i = 0; i < setting->count; i++)
        if (strcmp(setting->values[i], value) == 0) return true;
    return false;
}

bool sw_configuration_selects(const struct sw_configuration *configuration, enum sw_key key)
{
    const struct sw_setting *setting = &configuration->settings[key];
    return setting->count > 1 || (setting->count == 1 && strcmp(setting->values[0], "all") != 0);
}

bool sw_configuration_join(const struct sw_configuration *configuration, enum sw_key key,
                           struct sw_buffer *out, struct sw_error *error)
{
    const struct sw_setting *setting = &configuration->settings[key];
    for (size_t i = 0; i < setting->count; i++)
        if ((i > 0 && !sw_buffer_text(out, ",", error)) ||
            !sw_buffer_text(out, setting->values[i], error))
            return false;
    return sw_buffer_add(out, "", 1, error);
}

bool sw_configuration_origin(const struct sw_configuration *configuration, enum sw_key key,
                             struct sw_buffer *out, struct sw_error *error)
{
    const struct sw_setting *setting = &configuration->settings[key];
    switch (setting->origin) {
    case SW_FROM_DEFAULT:
        return sw_buffer_text(out, "default", error);
    case SW_FROM_PRESET:
        return sw_buffer_format(out, error, "preset %s",
                                sw_configuration_text(configuration, SW_KEY_PRESET));
    case SW_FROM_COMMAND_LINE:
        return sw_buffer_text(out, "command line", error);
    case SW_FROM_FILE:
        break;
    }
    return sw_buffer_format(out, error, "%s:%zu", configuration->file, setting->line);
}
