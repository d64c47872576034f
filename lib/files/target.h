/* SPDX-License-Identifier: ISC
 *
 * What the name of an output stands for: an open descriptor of the program ("-", /dev/stdout, /dev/fd/5), something that is written
 * where it is (a FIFO, a device), or a file, which is there or not. Symbolic links are followed, also where what they lead to is
 * not there yet. Nothing is made or changed here.
 *
 *     if (!sw_target_find(&target, path, error)) return false;
 *     … target.kind … sw_target_free(&target);
 */
#ifndef SW_FILES_TARGET_H
#define SW_FILES_TARGET_H

#include <sys/stat.h>

#include "base/error.h"

enum sw_target_kind {
    SW_TARGET_DESCRIPTOR, /* written through a descriptor that is open already, from where that stands */
    SW_TARGET_DIRECT, /* opened by its name and written where it is */
    SW_TARGET_FILE,   /* made beside `path` and renamed to it */
};

struct sw_target {
    enum sw_target_kind kind;
    int fd; /* of a descriptor, else -1; not owned */
    /* Of a file: the name that links lead to, from the root where its folder is there; else NULL. */
    char *path;
    bool there;        /* whether there is something yet */
    struct stat about; /* where there is */
};

/* Finds out what path stands for; NULL and "-" are standard output. SW_SYSTEM: it cannot be an output, being a directory, a descriptor
 * that is not open or not for writing, a file that may not be written, a link that leads nowhere. Then there is nothing to free. */
bool sw_target_find(struct sw_target *target, const char *path, struct sw_error *error) SW_CHECKED;

/* Whether what is written to the two would be in one place: one descriptor, one file under whatever names, one pipe. A terminal or another
 * character device takes what several write, unless it is by one descriptor. */
bool sw_target_same(const struct sw_target *one, const struct sw_target *other);

/* Gives an open file that is to replace what there is the owner, group and permissions of that, as far as the system allows; it is
 * open to nobody else then. Where there is nothing it is left alone. False with errno set: its permissions cannot be set. */
bool sw_target_hand_on(const struct sw_target *target, int fd) SW_CHECKED;

void sw_target_free(struct sw_target *target);

#endif
