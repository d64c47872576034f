/* SPDX-License-Identifier: ISC */
#include "host/figures.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/shown.h"

enum kind {
    COUNT,
    BYTES,
    RATE, /* bytes a second */
    WORD,
};

struct known {
    const char *name;
    enum kind kind;
};

static const struct known table[SW_MACHINE_FIGURES] = {
    [SW_CORES_ONLINE] = {"cores_online", COUNT},
    [SW_CORES_PHYSICAL] = {"cores_physical", COUNT},
    [SW_SOCKETS] = {"sockets", COUNT},
    [SW_NUMA_NODES] = {"numa_nodes", COUNT},
    [SW_CORES] = {"cores", COUNT},
    [SW_SIMD] = {"simd", WORD},
    [SW_MEMORY_TOTAL] = {"memory_total_bytes", BYTES},
    [SW_MEMORY] = {"memory_bytes", BYTES},
    [SW_MEMORY_AVAILABLE] = {"memory_available_bytes", BYTES},
    [SW_SWAP_TOTAL] = {"swap_total_bytes", BYTES},
    [SW_SWAP_FREE] = {"swap_free_bytes", BYTES},
    [SW_TEMPORARY_FREE] = {"temporary_free_bytes", BYTES},
    [SW_TEMPORARY_FILE_SYSTEM] = {"temporary_file_system", WORD},
    [SW_CURRENT_FREE] = {"current_free_bytes", BYTES},
    [SW_CURRENT_FILE_SYSTEM] = {"current_file_system", WORD},
    [SW_DISK_WRITE] = {"disk_write_bytes_s", RATE},
    [SW_DISK_READ] = {"disk_read_bytes_s", RATE},
    [SW_MACHINE] = {"machine", WORD},
    [SW_WORKERS] = {"workers", COUNT},
    [SW_CHUNK_SIZE] = {"chunk_bytes", BYTES},
    [SW_SORT_MEMORY] = {"sort_bytes", BYTES},
    [SW_TEMPORARY_NEEDED] = {"temporary_needed_bytes", BYTES},
};

typedef bool print_line(size_t index, const struct sw_machine_figure *figure, struct sw_buffer *out,
                        struct sw_error *error);

static void set_reason(struct sw_machine_figure *figure, const char *format, va_list arguments)
{
    char reason[SW_REASON_LENGTH];
    vsnprintf(reason, sizeof reason, format, arguments);
    sw_shown(figure->reason, sizeof figure->reason, reason, strlen(reason));
}

void sw_figure_set(struct sw_machine_figure *figure, uint64_t value, const char *format, ...)
{
    va_list arguments;
    figure->value = value;
    va_start(arguments, format);
    set_reason(figure, format, arguments);
    va_end(arguments);
}

void sw_figure_word(struct sw_machine_figure *figure, const char *word, const char *format, ...)
{
    va_list arguments;
    snprintf(figure->word, sizeof figure->word, "%s", word);
    va_start(arguments, format);
    set_reason(figure, format, arguments);
    va_end(arguments);
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

static bool text_line(size_t index, const struct sw_machine_figure *figure, struct sw_buffer *out,
                      struct sw_error *error)
{
    char bytes[SW_BYTES_LENGTH], value[SW_BYTES_LENGTH + 2];
    enum kind kind = table[index].kind;
    if (kind == COUNT)
        snprintf(value, sizeof value, "%" PRIu64, figure->value);
    else if (kind == WORD)
        snprintf(value, sizeof value, "%s", *figure->word ? figure->word : "-");
    else
        snprintf(value, sizeof value, "%s%s", sw_format_bytes(bytes, figure->value),
                 kind == RATE ? "/s" : "");
    return sw_buffer_format(out, error, "%-22s %10s  %s\n", table[index].name, value,
                            figure->reason);
}

/* SW_NAME, what is between, and the value, as shells and make have it. */
static bool assign(size_t index, const struct sw_machine_figure *figure, const char *between,
                   const char *behind, struct sw_buffer *out, struct sw_error *error)
{
    char name[SW_WORD_LENGTH] = "";
    for (size_t i = 0; table[index].name[i]; i++) {
        char c = table[index].name[i];
        name[i] = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
    }
    if (table[index].kind == WORD)
        return sw_buffer_format(out, error, "SW_%s%s%s%s", name, between, figure->word, behind);
    return sw_buffer_format(out, error, "SW_%s%s%" PRIu64 "%s", name, between, figure->value,
                            behind);
}

static bool sh_line(size_t index, const struct sw_machine_figure *figure, struct sw_buffer *out,
                    struct sw_error *error)
{
    return assign(index, figure, "='", "'\n", out, error);
}

static bool make_line(size_t index, const struct sw_machine_figure *figure, struct sw_buffer *out,
                      struct sw_error *error)
{
    return assign(index, figure, " = ", "\n", out, error);
}

static bool json_line(size_t index, const struct sw_machine_figure *figure, struct sw_buffer *out,
                      struct sw_error *error)
{
    const char *before = index == 0 ? "{\n" : "";
    const char *behind = index + 1 == SW_MACHINE_FIGURES ? "\n}\n" : ",\n";
    if (table[index].kind == WORD)
        return sw_buffer_format(out, error, "%s  \"%s\": \"%s\"%s", before, table[index].name,
                                figure->word, behind);
    return sw_buffer_format(out, error, "%s  \"%s\": %" PRIu64 "%s", before, table[index].name,
                            figure->value, behind);
}

static print_line *line_of(const char *format)
{
    if (!format || strcmp(format, "text") == 0) return text_line;
    if (strcmp(format, "sh") == 0) return sh_line;
    if (strcmp(format, "make") == 0) return make_line;
    if (strcmp(format, "json") == 0) return json_line;
    return NULL;
}

bool sw_figures_print(const struct sw_machine_figure figures[SW_MACHINE_FIGURES],
                      const char *format, struct sw_buffer *out, struct sw_error *error)
{
    print_line *print = line_of(format);
    if (!print)
        return sw_fail(error, SW_USAGE, "--format: not text, sh, make or json: '%s'", format);
    for (size_t i = 0; i < SW_MACHINE_FIGURES; i++)
        if (!print(i, &figures[i], out, error)) return false;
    return true;
}
