/* SPDX-License-Identifier: ISC */
#include "host/machine.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/memory.h"
#include "host/cores.h"
#include "host/tree.h"

/* A machine with as much serves, whatever its case looks like. */
static const uint64_t SERVER_CORES = 32, SERVER_MEMORY = (uint64_t)128 << 30;

/* ---- memories ---- */

static bool read_nodes(const char *root, struct sw_machine_figure *figure, struct sw_error *error)
{
    static const char file[] = "/sys/devices/system/node/online";
    struct sw_buffer text = {0};
    struct sw_core_set *nodes = sw_alloc(1, sizeof *nodes, error);
    uint64_t count = 0;
    bool good = nodes && sw_tree_read(root, file, &text, error);
    if (good && sw_core_list((const char *)text.bytes, nodes))
        for (size_t i = 0; i < SW_CORES_MAXIMUM / 64; i++)
            count += (uint64_t)__builtin_popcountll(nodes->words[i]);
    if (count)
        sw_figure_set(figure, count, "%s", file);
    else
        sw_figure_set(figure, 1, "the kernel names none: one memory for all cores");
    sw_buffer_free(&text);
    free(nodes);
    return good;
}

/* ---- SIMD ---- */

/* Whether a line of words has this one. */
static bool has_word(const char *line, const char *word)
{
    size_t length = strcspn(line, "\n"), word_length = strlen(word);
    for (const char *at = line, *end = line + length; at < end;) {
        size_t here = strcspn(at, " \t\n");
        if (here == word_length && memcmp(at, word, here) == 0) return true;
        at += here + 1;
    }
    return false;
}

static bool read_simd(const char *root, struct sw_machine_figure *figure, struct sw_error *error)
{
    struct sw_buffer text = {0};
    if (!sw_tree_read(root, "/proc/cpuinfo", &text, error)) return false;
    const char *line = (const char *)text.bytes;
    while (line && strncmp(line, "flags", 5) != 0 && strncmp(line, "Features", 8) != 0)
        line = sw_tree_next_line(line);
    if (!line)
        sw_figure_word(figure, "", "not known: no flags in /proc/cpuinfo");
    else if (has_word(line, "avx512bw") && has_word(line, "avx512_vbmi2"))
        sw_figure_word(figure, "avx512", "avx512bw and avx512_vbmi2 of /proc/cpuinfo");
    else if (has_word(line, "avx2"))
        sw_figure_word(figure, "avx2", "avx2 of /proc/cpuinfo, but not all of avx512");
    else if (has_word(line, "asimd"))
        sw_figure_word(figure, "neon", "asimd of /proc/cpuinfo");
    else
        sw_figure_word(figure, "portable", "none of avx2, avx512 and asimd in /proc/cpuinfo");
    sw_buffer_free(&text);
    return true;
}

/* ---- laptop, workstation, server ---- */

/* The chassis types of SMBIOS that say something. */
static bool is_laptop_chassis(uint64_t type)
{
    return (type >= 8 && type <= 11) || type == 14 || (type >= 30 && type <= 32);
}

static bool is_server_chassis(uint64_t type)
{
    return type == 17 || type == 23 || type == 25 || type == 28 || type == 29;
}

/* Whether a power supply is a battery of the machine: a mouse's has the scope of a device. */
static bool is_battery(const char *root, const char *name, bool *battery, struct sw_error *error)
{
    char path[512];
    struct sw_buffer text = {0};
    snprintf(path, sizeof path, "/sys/class/power_supply/%s/type", name);
    bool good = sw_tree_read(root, path, &text, error);
    *battery = good && strncmp((const char *)text.bytes, "Battery", 7) == 0;
    snprintf(path, sizeof path, "/sys/class/power_supply/%s/scope", name);
    good = good && sw_tree_read(root, path, &text, error);
    if (good && strncmp((const char *)text.bytes, "Device", 6) == 0) *battery = false;
    sw_buffer_free(&text);
    return good;
}

/* The first battery; "" where there is none. */
static bool find_battery(const char *root, char found[256], struct sw_error *error)
{
    struct sw_buffer names = {0};
    bool good = sw_tree_names(root, "/sys/class/power_supply", &names, error);
    bool battery = false;
    size_t at = 0;
    found[0] = 0;
    while (good && !battery && at < names.length) {
        const char *name = (const char *)names.bytes + at;
        good = is_battery(root, name, &battery, error);
        if (battery) snprintf(found, 256, "%s", name);
        at += strlen(name) + 1;
    }
    sw_buffer_free(&names);
    return good;
}

static void judge(struct sw_machine_figure figures[SW_MACHINE_FIGURES], const char *battery,
                  uint64_t chassis)
{
    struct sw_machine_figure *machine = &figures[SW_MACHINE];
    uint64_t nodes = figures[SW_NUMA_NODES].value, sockets = figures[SW_SOCKETS].value;
    char memory[SW_BYTES_LENGTH];
    if (*battery)
        sw_figure_word(machine, "laptop", "it has a battery, /sys/class/power_supply/%s", battery);
    else if (is_laptop_chassis(chassis))
        sw_figure_word(machine, "laptop", "its chassis is of type %" PRIu64 " (/sys/class/dmi/id)",
                       chassis);
    else if (is_server_chassis(chassis))
        sw_figure_word(machine, "server", "its chassis is of type %" PRIu64 " (/sys/class/dmi/id)",
                       chassis);
    else if (sockets > 1 || nodes > 1)
        sw_figure_word(machine, "server", "it has %" PRIu64 " socket%s and %" PRIu64 " NUMA node%s",
                       sockets, sockets == 1 ? "" : "s", nodes, nodes == 1 ? "" : "s");
    else if (figures[SW_CORES_ONLINE].value >= SERVER_CORES)
        sw_figure_word(machine, "server", "it has %" PRIu64 " cores",
                       figures[SW_CORES_ONLINE].value);
    else if (figures[SW_MEMORY_TOTAL].value >= SERVER_MEMORY)
        sw_figure_word(machine, "server", "it has %s of memory",
                       sw_format_bytes(memory, figures[SW_MEMORY_TOTAL].value));
    else
        sw_figure_word(machine, "workstation",
                       "no battery, one socket, fewer than %" PRIu64 " cores, less than %s",
                       SERVER_CORES, sw_format_bytes(memory, SERVER_MEMORY));
}

bool sw_machine_read(const char *root, struct sw_machine_figure figures[SW_MACHINE_FIGURES],
                     struct sw_error *error)
{
    struct sw_buffer text = {0};
    char battery[256];
    uint64_t chassis = 0;
    bool good = read_nodes(root, &figures[SW_NUMA_NODES], error) &&
                read_simd(root, &figures[SW_SIMD], error) && find_battery(root, battery, error) &&
                sw_tree_read(root, "/sys/class/dmi/id/chassis_type", &text, error);
    if (good) {
        if (!sw_tree_number((const char *)text.bytes, &chassis, NULL)) chassis = 0;
        judge(figures, battery, chassis);
    }
    sw_buffer_free(&text);
    return good;
}
