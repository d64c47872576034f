/* SPDX-License-Identifier: ISC */
#include "host/pressure.h"

#include "host/cgroup.h"
#include "host/tree.h"

/* Takes over the fuller of the two. */
static void press(struct sw_pressure *pressure, uint64_t memory_bytes, uint64_t available_bytes,
                  bool by_group)
{
    if (memory_bytes == 0) return;
    if (available_bytes > memory_bytes) available_bytes = memory_bytes;
    uint64_t used = memory_bytes - available_bytes;
    unsigned permille = (unsigned)((sw_uint128)used * 1000 / memory_bytes);
    if (pressure->memory_bytes > 0 && permille < pressure->permille) return;
    *pressure = (struct sw_pressure){memory_bytes, available_bytes, permille, by_group};
}

bool sw_pressure_read(const char *root, struct sw_pressure *pressure, struct sw_error *error)
{
    struct sw_cgroup_limits limits;
    struct sw_buffer text = {0};
    uint64_t total_kib, available_kib;
    *pressure = (struct sw_pressure){0};
    bool good =
        sw_cgroup_read(root, &limits, error) && sw_tree_read(root, "/proc/meminfo", &text, error);
    if (good && sw_tree_field((const char *)text.bytes, "MemTotal:", &total_kib) &&
        sw_tree_field((const char *)text.bytes, "MemAvailable:", &available_kib) &&
        total_kib < UINT64_MAX >> 10 && available_kib < UINT64_MAX >> 10)
        press(pressure, total_kib << 10, available_kib << 10, false);
    if (good && limits.memory_bytes != UINT64_MAX)
        press(pressure, limits.memory_bytes, limits.available_bytes, true);
    sw_buffer_free(&text);
    return good;
}
