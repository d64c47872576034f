/* SPDX-License-Identifier: ISC
 * What is wrong with a configuration (config/configuration.h): collected, each thing once. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "config/configuration.h"

/* Those of the command line stand after those of the file, those of no place after both. */
static const size_t AFTER_LINES = SIZE_MAX / 2;

static bool known(const struct sw_configuration *configuration, const char *text)
{
    for (size_t i = 0; i < configuration->diagnostic_count; i++)
        if (strcmp(configuration->diagnostics[i].text, text) == 0) return true;
    return false;
}

/* Keeps the diagnostics in their order; those of one line in the order in which they were found. */
static bool insert(struct sw_configuration *configuration, enum sw_status status,
                   enum sw_origin origin, size_t order, const char *text, struct sw_error *error)
{
    if (known(configuration, text)) return true;
    if (!sw_grow(&configuration->diagnostics, &configuration->diagnostic_capacity,
                 configuration->diagnostic_count + 1, sizeof *configuration->diagnostics, error))
        return false;
    char *copy = sw_copy_text(text, strlen(text), error);
    if (!copy) return false;
    size_t at = configuration->diagnostic_count++;
    for (; at > 0 && configuration->diagnostics[at - 1].order > order; at--)
        configuration->diagnostics[at] = configuration->diagnostics[at - 1];
    configuration->diagnostics[at] = (struct sw_diagnostic){status, origin, order, copy};
    return true;
}

/* Control characters in what a user wrote must not reach the terminal: sw_fail sees to that. */
static bool note(struct sw_configuration *configuration, struct sw_said said, const char *name,
                 size_t behind, enum sw_status status, const char *reason, struct sw_error *error)
{
    struct sw_error line = {0};
    const char *colon = *name ? ": " : "";
    const char *file = configuration->file;
    size_t order = said.line;
    if (said.origin == SW_FROM_FILE) {
        (void)sw_fail(&line, status, "%s:%zu: %s%s%s", file, said.line, name, colon, reason);
    } else if (said.origin == SW_FROM_COMMAND_LINE) {
        (void)sw_fail(&line, status, "command line: %s%s%s", name, colon, reason);
        order = AFTER_LINES;
    } else {
        (void)sw_fail(&line, status, "%s%s%s%s%s", file ? file : "", file ? ": " : "", name, colon,
                      reason);
        order = AFTER_LINES + 1 + behind;
    }
    return insert(configuration, status, said.origin, order, line.message, error);
}

bool sw_diagnostic_add(struct sw_configuration *configuration, enum sw_key key,
                       enum sw_status status, struct sw_error *error, const char *format, ...)
{
    char reason[sizeof error->message];
    struct sw_setting *setting = &configuration->settings[key];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reason, sizeof reason, format, arguments);
    va_end(arguments);
    setting->wrong = true;
    return note(configuration, (struct sw_said){setting->origin, setting->line}, sw_keys[key].name,
                key, status, reason, error);
}

bool sw_diagnostic_at(struct sw_configuration *configuration, struct sw_said said,
                      struct sw_error *error, const char *format, ...)
{
    char reason[sizeof error->message];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reason, sizeof reason, format, arguments);
    va_end(arguments);
    return note(configuration, said, "", 0, SW_USAGE, reason, error);
}

bool sw_diagnostic_of(struct sw_configuration *configuration, enum sw_key key,
                      const struct sw_error *failure, struct sw_error *error)
{
    const char *reason = failure->message;
    const char *colon = strstr(reason, ": ");
    if (*reason == '-' && colon) reason = colon + 2;
    return sw_diagnostic_add(configuration, key, failure->status, error, "%s", reason);
}
