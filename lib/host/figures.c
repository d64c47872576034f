/* SPDX-License-Identifier: ISC */
#include "host/figures.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

struct known {
    const char *name, *upper;
    bool is_bytes;
};

static const struct known table[SW_FIGURES] = {
    [SW_CORES_ONLINE] = {"cores_online", "CORES_ONLINE", false},
    [SW_CORES] = {"cores", "CORES", false},
    [SW_MEMORY_TOTAL] = {"memory_total_bytes", "MEMORY_TOTAL_BYTES", true},
    [SW_MEMORY] = {"memory_bytes", "MEMORY_BYTES", true},
    [SW_MEMORY_AVAILABLE] = {"memory_available_bytes", "MEMORY_AVAILABLE_BYTES", true},
    [SW_TEMPORARY_FREE] = {"temporary_free_bytes", "TEMPORARY_FREE_BYTES", true},
    [SW_CURRENT_FREE] = {"current_free_bytes", "CURRENT_FREE_BYTES", true},
    [SW_WORKERS] = {"workers", "WORKERS", false},
    [SW_CHUNK_SIZE] = {"chunk_bytes", "CHUNK_BYTES", true},
    [SW_SORT_MEMORY] = {"sort_bytes", "SORT_BYTES", true},
};

typedef bool print_line(size_t index, const struct sw_figure *figure, struct sw_buffer *out,
                        struct sw_error *error);

void sw_figure_set(struct sw_figure *figure, uint64_t value, const char *format, ...)
{
    va_list arguments;
    figure->value = value;
    va_start(arguments, format);
    vsnprintf(figure->reason, sizeof figure->reason, format, arguments);
    va_end(arguments);
    for (char *at = figure->reason; *at; at++)
        if ((unsigned char)*at < ' ' || *at == 127) *at = '?';
}

const char *sw_format_bytes(char to[SW_BYTES_LENGTH], uint64_t bytes)
{
    static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    size_t unit = 0;
    while (unit < 6 && bytes >> (10 * unit) >= 1024) unit++;
    uint64_t one = (uint64_t)1 << (10 * unit), whole = bytes / one;
    unsigned tenth = (unsigned)((sw_uint128)(bytes % one) * 10 / one);
    if (tenth == 0)
        snprintf(to, SW_BYTES_LENGTH, "%" PRIu64 " %s", whole, units[unit]);
    else
        snprintf(to, SW_BYTES_LENGTH, "%" PRIu64 ".%u %s", whole, tenth, units[unit]);
    return to;
}

static bool text_line(size_t index, const struct sw_figure *figure, struct sw_buffer *out,
                      struct sw_error *error)
{
    char value[SW_BYTES_LENGTH];
    if (table[index].is_bytes)
        sw_format_bytes(value, figure->value);
    else
        snprintf(value, sizeof value, "%" PRIu64, figure->value);
    return sw_buffer_format(out, error, "%-22s %10s  %s\n", table[index].name, value,
                            figure->reason);
}

static bool sh_line(size_t index, const struct sw_figure *figure, struct sw_buffer *out,
                    struct sw_error *error)
{
    return sw_buffer_format(out, error, "SW_%s='%" PRIu64 "'\n", table[index].upper, figure->value);
}

static bool make_line(size_t index, const struct sw_figure *figure, struct sw_buffer *out,
                      struct sw_error *error)
{
    return sw_buffer_format(out, error, "SW_%s = %" PRIu64 "\n", table[index].upper, figure->value);
}

static bool json_line(size_t index, const struct sw_figure *figure, struct sw_buffer *out,
                      struct sw_error *error)
{
    return sw_buffer_format(out, error, "%s  \"%s\": %" PRIu64 "%s", index == 0 ? "{\n" : "",
                            table[index].name, figure->value,
                            index + 1 == SW_FIGURES ? "\n}\n" : ",\n");
}

static print_line *line_of(const char *format)
{
    if (!format || strcmp(format, "text") == 0) return text_line;
    if (strcmp(format, "sh") == 0) return sh_line;
    if (strcmp(format, "make") == 0) return make_line;
    if (strcmp(format, "json") == 0) return json_line;
    return NULL;
}

bool sw_figures_print(const struct sw_figure figures[SW_FIGURES], const char *format,
                      struct sw_buffer *out, struct sw_error *error)
{
    print_line *print = line_of(format);
    if (!print)
        return sw_fail(error, SW_USAGE, "--format: not text, sh, make or json: '%s'", format);
    for (size_t i = 0; i < SW_FIGURES; i++)
        if (!print(i, &figures[i], out, error)) return false;
    return true;
}
