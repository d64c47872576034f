/* SPDX-License-Identifier: ISC */
#include "host/hardware.h"

#include <errno.h>
#include <inttypes.h>

#include "host/cgroup.h"
#include "host/cores.h"
#include "host/disk.h"
#include "host/machine.h"
#include "host/tree.h"

static const uint64_t MIB = (uint64_t)1 << 20;

static const uint64_t WORKER_MEMORY = (uint64_t)64 << 20; /* what a streaming program may take */
static const uint64_t CHUNK_LEAST = (uint64_t)64 << 20, CHUNK_MOST = (uint64_t)1 << 30;
static const uint64_t SORT_LEAST = (uint64_t)16 << 20, SORT_MOST = (uint64_t)4 << 30;

static void set_shape(struct sw_machine_figure figures[SW_MACHINE_FIGURES],
                      const struct sw_cores *cores)
{
    const char *unknown = "not known: neither in /sys/devices/system/cpu nor in /proc/cpuinfo";
    if (cores->physical)
        sw_figure_set(&figures[SW_CORES_PHYSICAL], cores->physical,
                      "%s, threads of one counted once", cores->shape_source);
    else
        sw_figure_set(&figures[SW_CORES_PHYSICAL], 0, "%s", unknown);
    sw_figure_set(&figures[SW_SOCKETS], cores->sockets, "%s",
                  cores->sockets ? cores->shape_source : unknown);
}

static bool read_cores(const char *root, bool shape, const struct sw_cgroup_limits *limits,
                       struct sw_machine_figure figures[SW_MACHINE_FIGURES], struct sw_error *error)
{
    struct sw_cores cores;
    if (!sw_cores_read(root, shape, &cores, error)) return false;
    if (cores.online)
        sw_figure_set(&figures[SW_CORES_ONLINE], cores.online, "%s", cores.online_source);
    else
        sw_figure_set(&figures[SW_CORES_ONLINE], 0, "not known: no /sys/devices/system/cpu/online");
    set_shape(figures, &cores);
    uint64_t quota = limits->quota_us, period = limits->period_us;
    uint64_t ceiling = period ? quota / period + (quota % period != 0) : UINT64_MAX;
    if (ceiling < cores.allowed)
        sw_figure_set(&figures[SW_CORES], ceiling,
                      "%s gives %" PRIu64 " of every %" PRIu64 " us, rounded up (affinity: %" PRIu64
                      ")",
                      limits->cpu_file, quota, period, cores.allowed);
    else
        sw_figure_set(&figures[SW_CORES], cores.allowed, "affinity (%s); %s", cores.allowed_source,
                      period ? "the cgroup quota allows as many" : "no cgroup quota");
    return true;
}

static uint64_t bytes_of(sw_uint128 kilobytes)
{
    return kilobytes > UINT64_MAX / 1024 ? UINT64_MAX : (uint64_t)kilobytes * 1024;
}

/* In bytes; *source is NULL where it is not known. Old kernels have no MemAvailable; free and
 * cached pages come near it. */
static uint64_t available_of(const char *meminfo, const char **source)
{
    static const char *const parts[] = {"MemFree:", "Buffers:", "Cached:"};
    uint64_t value;
    sw_uint128 sum = 0;
    *source = "MemAvailable of /proc/meminfo";
    if (sw_tree_field(meminfo, "MemAvailable:", &value)) return bytes_of(value);
    *source = NULL;
    for (size_t i = 0; i < 3; i++)
        if (sw_tree_field(meminfo, parts[i], &value)) {
            *source = "MemFree + Buffers + Cached of /proc/meminfo";
            sum += value;
        }
    return bytes_of(sum);
}

static void set_memory(struct sw_machine_figure figures[SW_MACHINE_FIGURES], uint64_t total,
                       const struct sw_cgroup_limits *limits)
{
    if (total)
        sw_figure_set(&figures[SW_MEMORY_TOTAL], total, "MemTotal of /proc/meminfo");
    else
        sw_figure_set(&figures[SW_MEMORY_TOTAL], 0, "not known: no MemTotal in /proc/meminfo");
    if (limits->memory_bytes < (total ? total : UINT64_MAX))
        sw_figure_set(&figures[SW_MEMORY], limits->memory_bytes, "%s", limits->memory_file);
    else if (total)
        sw_figure_set(&figures[SW_MEMORY], total, "the total; no cgroup limit is below it");
    else
        sw_figure_set(&figures[SW_MEMORY], 0, "not known: neither a total nor a cgroup limit");
}

static void set_available(struct sw_machine_figure figures[SW_MACHINE_FIGURES], uint64_t available,
                          const char *source, const struct sw_cgroup_limits *limits)
{
    uint64_t memory = figures[SW_MEMORY].value;
    struct sw_machine_figure *figure = &figures[SW_MEMORY_AVAILABLE];
    if (limits->available_bytes < (source ? available : UINT64_MAX))
        sw_figure_set(figure, limits->available_bytes, "what %s leaves beside what is in use",
                      limits->available_file);
    else if (source)
        sw_figure_set(figure, memory && available > memory ? memory : available, "%s", source);
    else
        sw_figure_set(figure, 0, "not known: no MemAvailable in /proc/meminfo");
}

static void set_swap(struct sw_machine_figure figures[SW_MACHINE_FIGURES], const char *meminfo)
{
    uint64_t total = 0, left = 0;
    bool known =
        sw_tree_field(meminfo, "SwapTotal:", &total) && sw_tree_field(meminfo, "SwapFree:", &left);
    const char *unknown = "not known: not in /proc/meminfo";
    sw_figure_set(&figures[SW_SWAP_TOTAL], bytes_of(total), "%s",
                  known ? "SwapTotal of /proc/meminfo" : unknown);
    sw_figure_set(&figures[SW_SWAP_FREE], bytes_of(left), "%s",
                  known ? "SwapFree of /proc/meminfo; not counted on" : unknown);
}

static bool read_memory(const char *root, const struct sw_cgroup_limits *limits,
                        struct sw_machine_figure figures[SW_MACHINE_FIGURES],
                        struct sw_error *error)
{
    struct sw_buffer text = {0};
    uint64_t total = 0;
    const char *source;
    bool good = sw_tree_read(root, "/proc/meminfo", &text, error);
    if (good) {
        const char *meminfo = (const char *)text.bytes;
        if (!sw_tree_field(meminfo, "MemTotal:", &total)) total = 0;
        uint64_t available = available_of(meminfo, &source);
        set_memory(figures, bytes_of(total), limits);
        set_available(figures, available, source, limits);
        set_swap(figures, meminfo);
    }
    sw_buffer_free(&text);
    return good;
}

static void set_disk(struct sw_machine_figure *space, struct sw_machine_figure *file_system,
                     const char *what, const char *directory)
{
    struct sw_disk disk;
    if (sw_disk_read(directory, &disk)) {
        sw_figure_set(space, disk.free_bytes, "free disk of %s, %s", what, directory);
        sw_figure_word(file_system, disk.file_system, "of %s%s", what, disk.remark);
    } else {
        sw_figure_set(space, 0, "not known: %s: %s", directory, strerror(errno));
        sw_figure_word(file_system, "", "not known: %s: %s", directory, strerror(errno));
    }
}

static bool measure_disk(const char *directory,
                         struct sw_machine_figure figures[SW_MACHINE_FIGURES],
                         struct sw_error *error)
{
    struct sw_disk_speed speed = {0};
    struct sw_machine_figure *writing = &figures[SW_DISK_WRITE], *reading = &figures[SW_DISK_READ];
    if (!directory) {
        sw_figure_set(writing, 0, "not measured: --probe-disk DIR does");
        sw_figure_set(reading, 0, "not measured: --probe-disk DIR does");
        return true;
    }
    if (!sw_disk_probe(directory, &speed, error)) return false;
    const char *how =
        speed.direct ? "past the page cache" : "synced, and dropped from the page cache";
    sw_figure_set(writing, speed.write_bytes_s, "of %s, measured with %" PRIu64 " MiB, %s",
                  directory, speed.bytes / MIB, how);
    sw_figure_set(reading, speed.read_bytes_s, "of %s, measured with the same, %s", directory, how);
    return true;
}

bool sw_hardware_read(const struct sw_places *places,
                      struct sw_machine_figure figures[SW_MACHINE_FIGURES], struct sw_error *error)
{
    struct sw_cgroup_limits limits;
    if (!sw_cgroup_read(places->root, &limits, error)) return false;
    set_disk(&figures[SW_TEMPORARY_FREE], &figures[SW_TEMPORARY_FILE_SYSTEM],
             "the temporary directory", places->temporary);
    set_disk(&figures[SW_CURRENT_FREE], &figures[SW_CURRENT_FILE_SYSTEM], "the current directory",
             ".");
    return measure_disk(places->probe, figures, error) &&
           read_cores(places->root, true, &limits, figures, error) &&
           read_memory(places->root, &limits, figures, error) &&
           sw_machine_read(places->root, figures, error);
}

bool sw_hardware_read_limits(const char *root, struct sw_machine_figure figures[SW_MACHINE_FIGURES],
                             struct sw_error *error)
{
    struct sw_cgroup_limits limits;
    return sw_cgroup_read(root, &limits, error) &&
           read_cores(root, false, &limits, figures, error) &&
           read_memory(root, &limits, figures, error);
}

static uint64_t between(uint64_t value, uint64_t least, uint64_t most)
{
    return value < least ? least : value > most ? most : value;
}

/* An analysis of CSV of S bytes was measured to hold 1.0 S of records and 0.3 S of results at its
 * peak, and each worker has a chunk in the making. */
static void plan_space(struct sw_machine_figure figures[SW_MACHINE_FIGURES], uint64_t input_bytes)
{
    struct sw_machine_figure *needed = &figures[SW_TEMPORARY_NEEDED];
    uint64_t workers = figures[SW_WORKERS].value, chunk = figures[SW_CHUNK_SIZE].value;
    if (input_bytes == 0) {
        sw_figure_set(needed, 0, "not asked: --input SIZE does");
        return;
    }
    sw_uint128 bytes = (sw_uint128)input_bytes * 13 / 10 + (sw_uint128)workers * chunk;
    uint64_t space = bytes > UINT64_MAX ? UINT64_MAX : (uint64_t)bytes;
    bool enough = figures[SW_CURRENT_FREE].value >= space;
    sw_figure_set(needed, space,
                  "1.3 x the input for records and results, and a chunk for each of %" PRIu64
                  " workers: %s in the current directory",
                  workers, enough ? "there is room" : "there is not so much room");
}

void sw_hardware_plan(struct sw_machine_figure figures[SW_MACHINE_FIGURES], uint64_t input_bytes)
{
    uint64_t cores = figures[SW_CORES].value, memory = figures[SW_MEMORY].value;
    uint64_t fitting = memory ? between(memory / WORKER_MEMORY, 1, UINT64_MAX) : UINT64_MAX;
    uint64_t workers = between(cores < fitting ? cores : fitting, 1, UINT64_MAX);
    if (workers < cores)
        sw_figure_set(&figures[SW_WORKERS], workers,
                      "one for every %" PRIu64
                      " MiB of memory, since there are more cores than that",
                      WORKER_MEMORY / MIB);
    else
        sw_figure_set(&figures[SW_WORKERS], workers,
                      "one a core: a job is bound by its core, and memory suffices for all");
    sw_figure_set(&figures[SW_CHUNK_SIZE], between(memory / 16 / workers, CHUNK_LEAST, CHUNK_MOST),
                  "memory_bytes / (16 x %" PRIu64
                  " workers), from 64 MiB to 1 GiB: small enough that no worker waits long for the "
                  "last chunk",
                  workers);
    sw_figure_set(&figures[SW_SORT_MEMORY],
                  between(figures[SW_MEMORY_AVAILABLE].value / 2 / workers, SORT_LEAST, SORT_MOST),
                  "memory_available_bytes / (2 x %" PRIu64
                  " workers), from 16 MiB to 4 GiB: all can sort at once, and half is left",
                  workers);
    plan_space(figures, input_bytes);
}
