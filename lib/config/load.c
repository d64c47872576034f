/* SPDX-License-Identifier: ISC */
#include "config/load.h"

#include "config/check.h"

bool sw_configuration_load(struct sw_configuration *configuration, const char *path,
                           const char *const *words, size_t count, struct sw_error *error)
{
    if (!sw_configuration_init(configuration, error) ||
        (path && !sw_configuration_read(configuration, path, error)))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!sw_configuration_assign(configuration, words[i], error)) return false;
    return sw_configuration_settle(configuration, error);
}

static size_t count_of_command_line(const struct sw_configuration *configuration)
{
    size_t count = 0;
    for (size_t i = 0; i < configuration->diagnostic_count; i++)
        count += configuration->diagnostics[i].origin == SW_FROM_COMMAND_LINE;
    return count;
}

bool sw_configuration_report(const struct sw_configuration *configuration,
                             void (*say)(const char *format, ...), struct sw_error *error)
{
    const char *file = configuration->file ? configuration->file : "";
    size_t count = configuration->diagnostic_count, here = count_of_command_line(configuration);
    if (count == 0) return true;
    for (size_t i = 0; i < count; i++) say("%s", configuration->diagnostics[i].text);
    return sw_fail(error, sw_configuration_status(configuration), "%s%s%s%s%zu mistake%s",
                   here < count ? file : "", *file && here && here < count ? " and " : "",
                   *file && here ? "command line" : "", *file ? ": " : "", count,
                   count == 1 ? "" : "s");
}
