/* SPDX-License-Identifier: ISC
 *
 * The folder of a run: whose it is, what kind of run it belongs to, and who holds it. What is in it is read as data, never run, and is
 * this user's own, so nobody else may write there.
 *
 *   FOLDER/kind     the pipeline whose folder it is
 *   FOLDER/lock     held by the run and by its jobs (flock)
 *   FOLDER/process  PROCESS BEGIN HOST of the run, BEGIN being what tells it from another process with this number; then begun TIME
 */
#ifndef SW_STAGE_FOLDER_H
#define SW_STAGE_FOLDER_H

#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"

struct sw_run_folder {
    const char *path;
    const char *output; /* whose run it is, for messages */
    const char *kind;   /* of the pipeline: small letters */
    mode_t mask;       /* the user's: who may not read results may not read what they are made of */
    bool makes_output; /* the output is a folder, which is made where it is not there */
};

/* Makes that of the output where it is asked for. Makes the folder, for nobody else to write whatever the mask and the default
 * access list of the folder above say; or looks through what is there: it and all in it, but for folders "attempts", belong to this user or to root, and others may not write there. Where files
 * have no permissions of their own (of some mounts) there are no others. Then looks at its kind. SW_SYSTEM: it cannot be made or
 * looked through, is no folder, is not this user's own. SW_USAGE: it is of another kind of run. */
bool sw_run_folder_open(const struct sw_run_folder *folder, struct sw_error *error) SW_CHECKED;

/* The mask that a text tells, as umask prints it; NULL: that of the process. SW_USAGE: it tells none. */
bool sw_run_folder_mask(const char *text, mode_t *mask, struct sw_error *error) SW_CHECKED;

/* SW_USAGE where the folder has the results of another kind of run. Of a machine that went down the beginning of the word may be left. */
bool sw_run_folder_is_of_kind(const struct sw_run_folder *folder,
                              struct sw_error *error) SW_CHECKED;

#endif
