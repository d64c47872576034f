/* SPDX-License-Identifier: ISC */
#include "host/cores.h"

#include <sched.h>
#include <stdio.h>

#include "base/memory.h"
#include "host/tree.h"

static void add_core(struct sw_core_set *set, uint64_t core)
{
    set->words[core / 64] |= (uint64_t)1 << (core % 64);
}

static uint64_t count_cores(const struct sw_core_set *set)
{
    uint64_t count = 0;
    for (size_t i = 0; i < SW_CORES_MAXIMUM / 64; i++)
        count += (uint64_t)__builtin_popcountll(set->words[i]);
    return count;
}

static bool add_range(const char **text, struct sw_core_set *set)
{
    uint64_t first, last;
    if (!sw_tree_number(*text, &first, text)) return false;
    last = first;
    if (**text == '-' && !sw_tree_number(*text + 1, &last, text)) return false;
    if (last < first || last >= SW_CORES_MAXIMUM) return false;
    for (uint64_t core = first; core <= last; core++) add_core(set, core);
    return true;
}

bool sw_core_list(const char *text, struct sw_core_set *set)
{
    memset(set, 0, sizeof *set);
    bool good = add_range(&text, set);
    while (good && *text == ',') {
        text++;
        good = add_range(&text, set);
    }
    good = good && (*text == 0 || *text == '\n');
    if (!good) memset(set, 0, sizeof *set);
    return good;
}

static void list_of_cpuinfo(const char *text, struct sw_core_set *set)
{
    uint64_t core;
    memset(set, 0, sizeof *set);
    for (const char *line = text; line; line = sw_tree_next_line(line)) {
        if (strncmp(line, "processor", 9) != 0) continue;
        const char *at = line + 9 + strspn(line + 9, " \t");
        if (*at == ':' && sw_tree_number(at + 1, &core, NULL) && core < SW_CORES_MAXIMUM)
            add_core(set, core);
    }
}

static bool read_online(const char *root, struct sw_cores *cores, struct sw_core_set *online,
                        struct sw_error *error)
{
    struct sw_buffer text = {0};
    bool good = sw_tree_read(root, "/sys/devices/system/cpu/online", &text, error);
    cores->online_source = "/sys/devices/system/cpu/online";
    if (good && !sw_core_list((const char *)text.bytes, online)) {
        good = sw_tree_read(root, "/proc/cpuinfo", &text, error);
        cores->online_source = "/proc/cpuinfo";
        if (good) list_of_cpuinfo((const char *)text.bytes, online);
    }
    sw_buffer_free(&text);
    cores->online = count_cores(online);
    return good;
}

/* A cpu_set_t holds 1024 cores and the kernel refuses a mask narrower than its own; ours is wide
 * enough. */
static void ask_kernel(struct sw_core_set *allowed)
{
    memset(allowed, 0, sizeof *allowed);
    /* 64-bit words, lowest core in the lowest bit: the kernel's own layout. */
    if (sched_getaffinity(0, sizeof allowed->words, (cpu_set_t *)(void *)allowed->words) != 0)
        memset(allowed, 0, sizeof *allowed);
}

static bool read_allowed(const char *root, struct sw_cores *cores, struct sw_core_set *allowed,
                         struct sw_error *error)
{
    static const char key[] = "Cpus_allowed_list:";
    struct sw_buffer text = {0};
    const char *line = NULL;
    bool good = true, listed = false;
    if (*root) good = sw_tree_read(root, "/proc/self/status", &text, error);
    if (good && *root) line = (const char *)text.bytes;
    for (; line && !listed; line = sw_tree_next_line(line))
        if (strncmp(line, key, sizeof key - 1) == 0)
            listed = sw_core_list(line + sizeof key - 1, allowed);
    if (!listed) ask_kernel(allowed);
    cores->allowed_source = listed ? "Cpus_allowed_list" : "sched_getaffinity";
    sw_buffer_free(&text);
    return good;
}

/* ---- threads, physical cores, sockets ---- */

/* Counts the online cores that are the first of their siblings: as many as there are groups of
 * them. 0 where one does not say. */
static bool count_groups(const char *root, const struct sw_core_set *online, const char *list,
                         uint64_t *count, struct sw_error *error)
{
    struct sw_buffer text = {0};
    bool good = true, known = true;
    *count = 0;
    for (uint64_t core = 0; good && known && core < SW_CORES_MAXIMUM; core++) {
        char path[128];
        uint64_t first = 0;
        if (!(online->words[core / 64] >> (core % 64) & 1)) continue;
        snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu%u/topology/%s", (unsigned)core,
                 list);
        good = sw_tree_read(root, path, &text, error);
        known = good && sw_tree_number((const char *)text.bytes, &first, NULL);
        *count += first == core;
    }
    sw_buffer_free(&text);
    if (!known) *count = 0;
    return good;
}

/* "NAME : NUMBER" of /proc/cpuinfo. */
static bool line_is(const char *line, const char *name, uint64_t *value)
{
    size_t length = strlen(name);
    if (strncmp(line, name, length) != 0) return false;
    line += length + strspn(line + length, " \t");
    return *line == ':' && sw_tree_number(line + 1, value, NULL);
}

static bool shape_of_cpuinfo(const char *root, struct sw_cores *cores, struct sw_core_set *seen,
                             struct sw_error *error)
{
    enum { PER_SOCKET = 1024, SOCKETS = SW_CORES_MAXIMUM / PER_SOCKET };
    struct sw_buffer text = {0};
    uint64_t socket = 0, core;
    uint64_t sockets = 0;
    bool good = sw_tree_read(root, "/proc/cpuinfo", &text, error);
    memset(seen, 0, sizeof *seen);
    for (const char *line = good ? (const char *)text.bytes : NULL; line;
         line = sw_tree_next_line(line)) {
        if (line_is(line, "physical id", &socket)) {
            socket %= SOCKETS;
            sockets |= (uint64_t)1 << socket;
        } else if (line_is(line, "core id", &core)) {
            add_core(seen, socket * PER_SOCKET + core % PER_SOCKET);
        }
    }
    cores->physical = count_cores(seen);
    cores->sockets = (uint64_t)__builtin_popcountll(sockets);
    cores->shape_source = "/proc/cpuinfo";
    sw_buffer_free(&text);
    return good;
}

static bool read_shape(const char *root, struct sw_cores *cores, const struct sw_core_set *online,
                       struct sw_core_set *scratch, struct sw_error *error)
{
    cores->shape_source = "/sys/devices/system/cpu/cpu*/topology";
    if (!count_groups(root, online, "thread_siblings_list", &cores->physical, error) ||
        !count_groups(root, online, "core_siblings_list", &cores->sockets, error))
        return false;
    return cores->physical || shape_of_cpuinfo(root, cores, scratch, error);
}

bool sw_cores_read(const char *root, bool shape, struct sw_cores *cores, struct sw_error *error)
{
    struct sw_core_set *sets = sw_alloc(2, sizeof *sets, error);
    *cores = (struct sw_cores){0};
    bool good = sets && read_online(root, cores, &sets[0], error) &&
                (!shape || read_shape(root, cores, &sets[0], &sets[1], error)) &&
                read_allowed(root, cores, &sets[1], error);
    if (good) {
        if (cores->online > 0)
            for (size_t i = 0; i < SW_CORES_MAXIMUM / 64; i++) sets[1].words[i] &= sets[0].words[i];
        cores->allowed = count_cores(&sets[1]);
        if (cores->allowed == 0) cores->allowed = cores->online ? cores->online : 1;
    }
    free(sets);
    return good;
}
