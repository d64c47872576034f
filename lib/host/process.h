/* SPDX-License-Identifier: ISC
 *
 * The processes of a machine, as /proc shows them at one moment, and what trees of them use: CPU,
 * memory, disk. A process that ends between two looks at it is simply no longer there.
 *
 *     struct sw_processes processes = {0};
 *     if (!sw_processes_read(root, &processes, error)) …
 *     if (!sw_processes_use(&processes, root, id, &use, error)) …
 *     sw_processes_free(&processes);
 */
#ifndef SW_HOST_PROCESS_H
#define SW_HOST_PROCESS_H

#include "base/bytes.h"

struct sw_process {
    int64_t id, parent, group;
    char state;           /* R running, S sleeping, D waiting for a disk, T stopped, Z ended, … */
    uint64_t start_ticks; /* since the machine started */
    uint64_t cpu_ticks;   /* its own, and that of the children it has waited for */
    uint64_t reaped_ticks; /* of those children alone */
    uint64_t memory_bytes; /* resident, pages that it shares with others included */
};

/* Zero-initialize; free with sw_processes_free. */
struct sw_processes {
    struct sw_process *items; /* by id */
    size_t count, capacity;
    uint64_t ticks_per_second;
    int64_t started_us;             /* when the machine started, since 1970; 0: not known */
    uint64_t busy_ticks, all_ticks; /* of all cores since then, by /proc/stat; 0: not known */
    /* The caller's, before the first look: who asks for this process and what it begins has no use for those with smaller ids, which are not read
     * as long as ids have not begun anew, by /proc/loadavg: of a machine's hundreds a few are left. 0: all. */
    int64_t least_id;
    int64_t last_id; /* given when that was looked at last */
};

struct sw_use {
    uint64_t cpu_us;
    uint64_t memory_bytes;              /* now, of all together; shared pages count in each */
    uint64_t peak_bytes;                /* the most that any one of them has had */
    uint64_t read_bytes, written_bytes; /* from and to disks, not the page cache */
    size_t processes, at_disk; /* how many there are, and how many of them wait for a disk */
};

/* Replaces the list by what ROOT/proc shows. A machine without /proc has no processes. SW_SYSTEM
 * only when there is no memory. */
bool sw_processes_read(const char *root, struct sw_processes *processes,
                       struct sw_error *error) SW_CHECKED;

/* The process with this id, NULL where there is none. */
const struct sw_process *sw_processes_find(const struct sw_processes *processes, int64_t id);

/* Whether the process is `ancestor` or stands below it. */
bool sw_processes_below(const struct sw_processes *processes, const struct sw_process *process,
                        int64_t ancestor);

/* When a process began, in microseconds since 1970, to a second or so; 0: not known. */
int64_t sw_processes_begin_us(const struct sw_processes *processes,
                              const struct sw_process *process);

/* What a process and all below it use. What children that have ended had used is counted in their
 * parent, so nothing is counted twice or lost. Another user's disk figures cannot be read and are
 * 0. SW_SYSTEM only when there is no memory. */
bool sw_processes_use(const struct sw_processes *processes, const char *root, int64_t id,
                      struct sw_use *use, struct sw_error *error) SW_CHECKED;

/* The bytes one process (with the children it waited for) has moved from and to disks; 0 where that
 * cannot be read. */
bool sw_process_disk(const char *root, int64_t id, uint64_t *read_bytes, uint64_t *written_bytes,
                     struct sw_error *error) SW_CHECKED;

void sw_processes_free(struct sw_processes *processes);

#endif
