/* SPDX-License-Identifier: ISC */
#include "host/process.h"

#include <dirent.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "base/memory.h"
#include "host/tree.h"

/* The fields of /proc/PID/stat after the name, which is in parentheses: the first is the state. */
enum {
    FIELD_PARENT = 1,
    FIELD_GROUP = 2,
    FIELD_USER_TICKS = 11,
    FIELD_SYSTEM_TICKS = 12,
    FIELD_REAPED_USER_TICKS = 13,
    FIELD_REAPED_SYSTEM_TICKS = 14,
    FIELD_START = 19,
    FIELD_RESIDENT_PAGES = 21,
    FIELDS = 22,
    PATH_LENGTH = 64,
};

static bool parse_stat(const char *text, struct sw_process *process)
{
    uint64_t field[FIELDS] = {0};
    static const uint64_t most = UINT64_MAX / 4; /* so that sums of a few never overflow */
    const char *at = strrchr(text, ')');         /* a name may hold blanks and parentheses */
    if (!at || at[1] != ' ' || !at[2]) return false;
    process->state = at[2];
    at += 3;
    for (int i = 1; i < FIELDS; i++) {
        at += strspn(at, " ");
        /* What is negative (a terminal's group, a priority) is none of those wanted here. */
        if (*at == '-')
            at += strcspn(at, " ");
        else if (!sw_tree_number(at, &field[i], &at) || field[i] > most)
            return false;
    }
    process->parent = (int64_t)field[FIELD_PARENT];
    process->group = (int64_t)field[FIELD_GROUP];
    process->reaped_ticks = field[FIELD_REAPED_USER_TICKS] + field[FIELD_REAPED_SYSTEM_TICKS];
    process->cpu_ticks =
        field[FIELD_USER_TICKS] + field[FIELD_SYSTEM_TICKS] + process->reaped_ticks;
    process->start_ticks = field[FIELD_START];
    process->memory_bytes = field[FIELD_RESIDENT_PAGES] * (uint64_t)sysconf(_SC_PAGESIZE);
    return true;
}

static bool read_file(const char *root, int64_t id, const char *name, struct sw_buffer *text,
                      struct sw_error *error)
{
    char path[PATH_LENGTH];
    snprintf(path, sizeof path, "/proc/%" PRId64 "/%s", id, name);
    return sw_tree_read(root, path, text, error);
}

static bool add_process(const char *root, uint64_t id, struct sw_processes *processes,
                        struct sw_buffer *text, struct sw_error *error)
{
    struct sw_process process = {.id = (int64_t)id};
    if (!read_file(root, process.id, "stat", text, error)) return false;
    if (!parse_stat((const char *)text->bytes, &process)) return true; /* ended just now */
    if (!sw_grow(&processes->items, &processes->capacity, processes->count + 1,
                 sizeof *processes->items, error))
        return false;
    processes->items[processes->count++] = process;
    return true;
}

static int by_id(const void *a, const void *b)
{
    const struct sw_process *one = a, *other = b;
    return (one->id > other->id) - (one->id < other->id);
}

static bool read_list(const char *root, struct sw_processes *processes, struct sw_buffer *text,
                      struct sw_error *error)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/proc", root);
    DIR *folder = opendir(path);
    bool good = true;
    for (struct dirent *entry; good && folder && (entry = readdir(folder));) {
        uint64_t id;
        const char *end;
        if (sw_tree_number(entry->d_name, &id, &end) && *end == 0 &&
            (int64_t)id >= processes->least_id)
            good = add_process(root, id, processes, text, error);
    }
    if (folder) closedir(folder);
    return good;
}

/* "1MIN 5MIN 15MIN RUNNING/ALL LAST-ID": where it is not told, or is smaller than it was, all are read from now on. */
static bool keep_least(const char *root, struct sw_processes *processes, struct sw_buffer *text,
                       struct sw_error *error)
{
    uint64_t last;
    if (processes->least_id == 0) return true;
    if (!sw_tree_read(root, "/proc/loadavg", text, error)) return false;
    const char *field = strrchr((const char *)text->bytes, ' ');
    bool known = field && sw_tree_number(field + 1, &last, NULL) && last <= INT64_MAX;
    if (!known || (int64_t)last < processes->last_id || (int64_t)last < processes->least_id)
        processes->least_id = 0;
    else
        processes->last_id = (int64_t)last;
    return true;
}

/* "cpu  USER NICE SYSTEM IDLE IOWAIT IRQ SOFTIRQ STEAL …": what the cores did since the machine
 * started. Time that a host took for others (steal) cannot be had, so that it counts as busy. */
static void read_ticks(const char *stat, struct sw_processes *processes)
{
    enum { IDLE = 3, IOWAIT = 4, STEAL = 7 };
    uint64_t ticks;
    processes->busy_ticks = processes->all_ticks = 0;
    if (strncmp(stat, "cpu ", 4) != 0) return;
    stat += 4;
    for (int i = 0; i <= STEAL && sw_tree_number(stat, &ticks, &stat); i++) {
        processes->all_ticks += ticks;
        if (i != IDLE && i != IOWAIT) processes->busy_ticks += ticks;
    }
}

bool sw_processes_read(const char *root, struct sw_processes *processes, struct sw_error *error)
{
    struct sw_buffer text = {0};
    uint64_t started_s;
    processes->count = 0;
    processes->ticks_per_second = (uint64_t)sysconf(_SC_CLK_TCK);
    processes->started_us = 0;
    bool good = sw_tree_read(root, "/proc/stat", &text, error);
    if (good && sw_tree_field((const char *)text.bytes, "btime", &started_s) &&
        started_s < INT64_MAX / 1000000)
        processes->started_us = (int64_t)started_s * 1000000;
    if (good) read_ticks((const char *)text.bytes, processes);
    good = good && keep_least(root, processes, &text, error) &&
           read_list(root, processes, &text, error);
    if (processes->count)
        qsort(processes->items, processes->count, sizeof(struct sw_process), by_id);
    sw_buffer_free(&text);
    return good;
}

const struct sw_process *sw_processes_find(const struct sw_processes *processes, int64_t id)
{
    const struct sw_process wanted = {.id = id};
    if (processes->count == 0) return NULL;
    return bsearch(&wanted, processes->items, processes->count, sizeof wanted, by_id);
}

bool sw_processes_below(const struct sw_processes *processes, const struct sw_process *process,
                        int64_t ancestor)
{
    /* As many steps as there are processes: while the list was read an id may have been reused, and
     * the parents may stand in a circle. */
    for (size_t steps = 0; process && steps <= processes->count; steps++) {
        if (process->id == ancestor) return true;
        process = sw_processes_find(processes, process->parent);
    }
    return false;
}

int64_t sw_processes_begin_us(const struct sw_processes *processes,
                              const struct sw_process *process)
{
    if (processes->started_us == 0 || processes->ticks_per_second == 0) return 0;
    return processes->started_us +
           (int64_t)((sw_uint128)process->start_ticks * 1000000 / processes->ticks_per_second);
}

bool sw_process_disk(const char *root, int64_t id, uint64_t *read_bytes, uint64_t *written_bytes,
                     struct sw_error *error)
{
    struct sw_buffer text = {0};
    *read_bytes = *written_bytes = 0;
    bool good = read_file(root, id, "io", &text, error);
    if (good && text.length > 0) {
        const char *io = (const char *)text.bytes;
        if (!sw_tree_field(io, "read_bytes:", read_bytes)) *read_bytes = 0;
        if (!sw_tree_field(io, "write_bytes:", written_bytes)) *written_bytes = 0;
    }
    sw_buffer_free(&text);
    return good;
}

/* The high-water mark of one process, which the kernel keeps: no look comes too late for it. */
static bool read_peak(const char *root, int64_t id, uint64_t *peak_bytes, struct sw_error *error)
{
    struct sw_buffer text = {0};
    uint64_t kib = 0;
    bool good = read_file(root, id, "status", &text, error);
    if (good && sw_tree_field((const char *)text.bytes, "VmHWM:", &kib) && kib < UINT64_MAX >> 11 &&
        kib << 10 > *peak_bytes)
        *peak_bytes = kib << 10;
    sw_buffer_free(&text);
    return good;
}

static bool add_use(const struct sw_processes *processes, const char *root,
                    const struct sw_process *process, struct sw_use *use, struct sw_error *error)
{
    uint64_t read_bytes, written_bytes;
    use->cpu_us +=
        (uint64_t)((sw_uint128)process->cpu_ticks * 1000000 / processes->ticks_per_second);
    use->memory_bytes += process->memory_bytes;
    use->processes++;
    use->at_disk += process->state == 'D';
    if (!sw_process_disk(root, process->id, &read_bytes, &written_bytes, error)) return false;
    use->read_bytes += read_bytes;
    use->written_bytes += written_bytes;
    return read_peak(root, process->id, &use->peak_bytes, error);
}

bool sw_processes_use(const struct sw_processes *processes, const char *root, int64_t id,
                      struct sw_use *use, struct sw_error *error)
{
    *use = (struct sw_use){0};
    for (size_t i = 0; i < processes->count; i++)
        if (sw_processes_below(processes, &processes->items[i], id) &&
            !add_use(processes, root, &processes->items[i], use, error))
            return false;
    return true;
}

void sw_processes_free(struct sw_processes *processes)
{
    free(processes->items);
    *processes = (struct sw_processes){0};
}
