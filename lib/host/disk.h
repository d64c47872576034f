/* SPDX-License-Identifier: ISC
 *
 * The disk under a directory: its file system, its free space, and how fast it is when a file is
 * written there and read back. The one part of lib/host that is always of this machine.
 */
#ifndef SW_HOST_DISK_H
#define SW_HOST_DISK_H

#include <stdint.h>

#include "base/error.h"

struct sw_disk {
    uint64_t free_bytes;  /* for who is not root */
    char file_system[32]; /* "ext4"; a number as the kernel has it where the name is not known */
    const char *remark;   /* "", or what is worth knowing of such a file system; static */
};

/* False with errno where the directory cannot be asked. */
bool sw_disk_read(const char *directory, struct sw_disk *disk) SW_CHECKED;

enum { SW_PROBE_BYTES = 256 << 20, SW_PROBE_SECONDS = 2 };

struct sw_disk_speed {
    uint64_t write_bytes_s, read_bytes_s;
    uint64_t bytes; /* that were written, and at most as many read */
    bool direct;    /* past the page cache; else every block was synced, and dropped from it */
};

/* Writes at most SW_PROBE_BYTES and no more than an eighth of the free space into a file without a
 * name, and reads them back, each for SW_PROBE_SECONDS at most and one block more; nothing is left
 * after, whatever ends the program. SW_SYSTEM: the directory cannot be written or is full. */
bool sw_disk_probe(const char *directory, struct sw_disk_speed *speed,
                   struct sw_error *error) SW_CHECKED;

#endif
