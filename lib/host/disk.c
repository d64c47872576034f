/* SPDX-License-Identifier: ISC */
#include "host/disk.h"

#include <stdio.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>

struct known {
    uint32_t magic;
    const char *name, *remark;
};

#define IN_MEMORY ": in memory, what is stored there is missing from it"
#define OVER_NETWORK ": over a network, better not for temporary files"

/* From statfs(2) and the kernel's magic.h. */
static const struct known table[] = {
    {0xef53, "ext4", ""}, /* ext2 and ext3 too */
    {0x58465342, "xfs", ""},
    {0x9123683e, "btrfs", ""},
    {0x2fc12fc1, "zfs", ""},
    {0xf2f52010, "f2fs", ""},
    {0x3153464a, "jfs", ""},
    {0xca451a4e, "bcachefs", ""},
    {0x794c7630, "overlay", ""},
    {0x73717368, "squashfs", ""},
    {0x01021994, "tmpfs", IN_MEMORY},
    {0x858458f6, "ramfs", IN_MEMORY},
    {0x6969, "nfs", OVER_NETWORK},
    {0xfe534d42, "smb", OVER_NETWORK},
    {0xff534d42, "cifs", OVER_NETWORK},
    {0x00c36400, "ceph", OVER_NETWORK},
    {0x0bd00bd0, "lustre", OVER_NETWORK},
    {0x01021997, "9p", OVER_NETWORK},
    {0x65735546, "fuse", ""},
    {0x2011bab0, "exfat", ""},
    {0x4d44, "vfat", ""},
    {0x5346544e, "ntfs", ""},
};

bool sw_disk_read(const char *directory, struct sw_disk *disk)
{
    struct statvfs space;
    struct statfs about;
    if (statvfs(directory, &space) != 0 || statfs(directory, &about) != 0) return false;
    *disk = (struct sw_disk){.free_bytes = (uint64_t)space.f_bavail * space.f_frsize, .remark = ""};
    uint32_t magic = (uint32_t)about.f_type;
    snprintf(disk->file_system, sizeof disk->file_system, "0x%x", (unsigned)magic);
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (table[i].magic == magic) {
            snprintf(disk->file_system, sizeof disk->file_system, "%s", table[i].name);
            disk->remark = table[i].remark;
        }
    return true;
}
