/* SPDX-License-Identifier: ISC */
#include "host/cgroup.h"

#include <stdio.h>

#include "host/tree.h"

/* Version 1 says "no limit" as 2^63 rounded down to its page; no machine holds a 1024th of that. */
static const uint64_t NO_LIMIT = (uint64_t)1 << 53;

struct walk {
    const char *root;
    struct sw_cgroup_limits *limits;
    struct sw_buffer mounts, text; /* /proc/self/mountinfo; the file being looked at */
    struct sw_error *error;
};

/* One kind of hierarchy: where it is mounted by custom, and what a group of it is asked. */
struct hierarchy {
    const char *controller; /* "" is version 2 */
    const char *usual_mounts[3];
    bool (*ask)(struct walk *walk, const char *group);
};

/* Reads GROUP/NAME; `file` receives the path. A path too long is as good as missing. */
static bool read_of(struct walk *walk, const char *group, const char *name,
                    char file[SW_CGROUP_PATH])
{
    if (snprintf(file, SW_CGROUP_PATH, "%s/%s", group, name) >= SW_CGROUP_PATH) file[0] = 0;
    return sw_tree_read(walk->root, file, &walk->text, walk->error);
}

static const char *text_of(const struct walk *walk)
{
    return (const char *)walk->text.bytes;
}

static void limit_cpu(struct sw_cgroup_limits *limits, uint64_t quota_us, uint64_t period_us,
                      const char *file)
{
    if (quota_us == 0 || period_us == 0) return;
    bool smaller = limits->period_us == 0 || (sw_uint128)quota_us * limits->period_us <
                                                 (sw_uint128)limits->quota_us * period_us;
    if (!smaller) return;
    limits->quota_us = quota_us;
    limits->period_us = period_us;
    memcpy(limits->cpu_file, file, SW_CGROUP_PATH);
}

static void limit_memory(struct sw_cgroup_limits *limits, uint64_t limit, uint64_t used,
                         uint64_t reclaimable, const char *file)
{
    used = used > reclaimable ? used - reclaimable : 0;
    uint64_t available = limit > used ? limit - used : 0;
    if (limit < limits->memory_bytes) {
        limits->memory_bytes = limit;
        memcpy(limits->memory_file, file, SW_CGROUP_PATH);
    }
    if (available < limits->available_bytes) {
        limits->available_bytes = available;
        memcpy(limits->available_file, file, SW_CGROUP_PATH);
    }
}

/* A limit is in GROUP/LIMIT_NAME, what counts against it in GROUP/USED_NAME and GROUP/memory.stat.
 */
static bool ask_memory(struct walk *walk, const char *group, const char *limit_name,
                       const char *used_name, const char *reclaimable_key)
{
    char file[SW_CGROUP_PATH], other[SW_CGROUP_PATH];
    uint64_t limit, used = 0, reclaimable = 0;
    if (!read_of(walk, group, limit_name, file)) return false;
    if (!sw_tree_number(text_of(walk), &limit, NULL) || limit >= NO_LIMIT) return true;
    if (!read_of(walk, group, used_name, other)) return false;
    if (!sw_tree_number(text_of(walk), &used, NULL)) used = 0;
    if (!read_of(walk, group, "memory.stat", other)) return false;
    if (!sw_tree_field(text_of(walk), reclaimable_key, &reclaimable)) reclaimable = 0;
    limit_memory(walk->limits, limit, used, reclaimable, file);
    return true;
}

static bool ask_version_2(struct walk *walk, const char *group)
{
    char file[SW_CGROUP_PATH];
    uint64_t quota_us, period_us;
    const char *rest;
    if (!read_of(walk, group, "cpu.max", file)) return false;
    if (sw_tree_number(text_of(walk), &quota_us, &rest) && sw_tree_number(rest, &period_us, NULL))
        limit_cpu(walk->limits, quota_us, period_us, file);
    return ask_memory(walk, group, "memory.max", "memory.current", "inactive_file ") &&
           ask_memory(walk, group, "memory.high", "memory.current", "inactive_file ");
}

static bool ask_cpu_1(struct walk *walk, const char *group)
{
    char file[SW_CGROUP_PATH], other[SW_CGROUP_PATH];
    uint64_t quota_us, period_us;
    if (!read_of(walk, group, "cpu.cfs_quota_us", file)) return false;
    if (!sw_tree_number(text_of(walk), &quota_us, NULL)) return true; /* -1: none */
    if (!read_of(walk, group, "cpu.cfs_period_us", other)) return false;
    if (sw_tree_number(text_of(walk), &period_us, NULL))
        limit_cpu(walk->limits, quota_us, period_us, file);
    return true;
}

static bool ask_memory_1(struct walk *walk, const char *group)
{
    return ask_memory(walk, group, "memory.limit_in_bytes", "memory.usage_in_bytes",
                      "total_inactive_file ");
}

static const struct hierarchy hierarchies[] = {
    {"", {"/sys/fs/cgroup", "/sys/fs/cgroup/unified", NULL}, ask_version_2},
    {"cpu", {"/sys/fs/cgroup/cpu", "/sys/fs/cgroup/cpu,cpuacct", NULL}, ask_cpu_1},
    {"memory", {"/sys/fs/cgroup/memory", NULL, NULL}, ask_memory_1},
};

/* Whether word is one of the comma-separated words of list[0..length). */
static bool lists(const char *list, size_t length, const char *word)
{
    size_t word_length = strlen(word);
    for (const char *at = list, *end = list + length; at <= end;) {
        const char *comma = memchr(at, ',', (size_t)(end - at));
        size_t here = (size_t)((comma ? comma : end) - at);
        if (here == word_length && memcmp(at, word, here) == 0) return true;
        at += here + 1;
    }
    return false;
}

/* The blank-separated field `index` of a line, its length in *length; NULL where there are fewer.
 */
static const char *field(const char *line, int index, size_t *length)
{
    *length = 0;
    for (; index > 0; index--) {
        line += strcspn(line, " \n");
        if (*line != ' ') return NULL;
        line++;
    }
    *length = strcspn(line, " \n");
    return line;
}

/* A line of mountinfo: ID PARENT MAJOR:MINOR ROOT MOUNT_POINT OPTIONS [TAG…] - TYPE SOURCE
 * SUPER_OPTIONS. Whether it mounts this hierarchy; if so, the parts that matter. */
static bool mounts(const char *line, const struct hierarchy *kind, char point[SW_CGROUP_PATH],
                   char top[SW_CGROUP_PATH])
{
    size_t point_length, top_length, type_length, options_length;
    const char *top_at = field(line, 3, &top_length), *point_at = field(line, 4, &point_length);
    const char *dash = strstr(line, " - ");
    if (!top_at || !point_at || !dash || dash > line + strcspn(line, "\n")) return false;
    const char *type = field(dash, 2, &type_length), *options = field(dash, 4, &options_length);
    if (!type || top_length >= SW_CGROUP_PATH || point_length >= SW_CGROUP_PATH) return false;
    const char *wanted = *kind->controller ? "cgroup" : "cgroup2";
    if (type_length != strlen(wanted) || memcmp(type, wanted, type_length) != 0) return false;
    if (*kind->controller && !(options && lists(options, options_length, kind->controller)))
        return false;
    snprintf(point, SW_CGROUP_PATH, "%.*s", (int)point_length, point_at);
    snprintf(top, SW_CGROUP_PATH, "%.*s", (int)top_length, top_at);
    return true;
}

/* Where the hierarchy is mounted (point) and which of its groups is seen there (top). A mount point
 * that is not under our root was somebody else's; the usual places are tried then. */
static bool find_mount(const struct walk *walk, const struct hierarchy *kind,
                       char point[SW_CGROUP_PATH], char top[SW_CGROUP_PATH])
{
    for (const char *line = (const char *)walk->mounts.bytes; line; line = sw_tree_next_line(line))
        if (mounts(line, kind, point, top) && sw_tree_has(walk->root, point)) return true;
    for (size_t i = 0; kind->usual_mounts[i]; i++)
        if (sw_tree_has(walk->root, kind->usual_mounts[i])) {
            snprintf(point, SW_CGROUP_PATH, "%s", kind->usual_mounts[i]);
            snprintf(top, SW_CGROUP_PATH, "/");
            return true;
        }
    return false;
}

/* The group's path below the mount: without what the mount hides, and the top itself for one
 * outside of it. */
static const char *below_mount(const char *group, const char *top)
{
    size_t length = strcmp(top, "/") == 0 ? 0 : strlen(top);
    if (strncmp(group, top, length) == 0 && (group[length] == '/' || group[length] == 0))
        group += length;
    return strstr(group, "/..") ? "" : group;
}

/* Asks POINT/GROUP and every group above it, POINT the last. */
static bool climb(struct walk *walk, const struct hierarchy *kind, const char *group)
{
    char path[SW_CGROUP_PATH], point[SW_CGROUP_PATH], top[SW_CGROUP_PATH];
    if (!find_mount(walk, kind, point, top)) return true;
    size_t point_length = strlen(point);
    group = below_mount(group, top);
    if (point_length + strlen(group) >= sizeof path) group = "";
    snprintf(path, sizeof path, "%s", point);
    memcpy(path + point_length, group, strlen(group) + 1);
    for (;;) {
        size_t length = strlen(path);
        while (length > point_length && path[length - 1] == '/') path[--length] = 0;
        if (!kind->ask(walk, path)) return false;
        if (length <= point_length) return true;
        *strrchr(path + point_length, '/') = 0;
    }
}

/* The group that /proc/self/cgroup, a line "ID:CONTROLLERS:PATH" each, gives for this hierarchy; ""
 * where none. */
static void find_group(const char *text, const struct hierarchy *kind, char group[SW_CGROUP_PATH])
{
    group[0] = 0;
    for (const char *line = text; line; line = sw_tree_next_line(line)) {
        size_t length = strcspn(line, "\n");
        const char *first = memchr(line, ':', length);
        const char *second =
            first ? memchr(first + 1, ':', (size_t)(line + length - first - 1)) : NULL;
        if (!second || !lists(first + 1, (size_t)(second - first - 1), kind->controller)) continue;
        size_t path_length = (size_t)(line + length - second - 1);
        if (second[1] == '/' && path_length < SW_CGROUP_PATH)
            snprintf(group, SW_CGROUP_PATH, "%.*s", (int)path_length, second + 1);
        return;
    }
}

bool sw_cgroup_read(const char *root, struct sw_cgroup_limits *limits, struct sw_error *error)
{
    struct walk walk = {.root = root, .limits = limits, .error = error};
    struct sw_buffer groups = {0};
    char group[SW_CGROUP_PATH];
    *limits = (struct sw_cgroup_limits){.memory_bytes = UINT64_MAX, .available_bytes = UINT64_MAX};
    bool good = sw_tree_read(root, "/proc/self/cgroup", &groups, error) &&
                sw_tree_read(root, "/proc/self/mountinfo", &walk.mounts, error);
    for (size_t i = 0; good && i < sizeof hierarchies / sizeof *hierarchies; i++) {
        find_group((const char *)groups.bytes, &hierarchies[i], group);
        good = climb(&walk, &hierarchies[i], group);
    }
    sw_buffer_free(&groups);
    sw_buffer_free(&walk.mounts);
    sw_buffer_free(&walk.text);
    return good;
}
