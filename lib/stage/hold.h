/* SPDX-License-Identifier: ISC
 *
 * One run at a time in a folder: who holds FOLDER/lock writes there. The jobs of a run hold it, too: where the run that began them was
 * killed they are waited for, or ended where that is asked for, since they would write what the next run writes.
 */
#ifndef SW_STAGE_HOLD_H
#define SW_STAGE_HOLD_H

#include "stage/folder.h"

struct sw_run_hold {
    int descriptor;    /* FOLDER/lock, opened by the run: the lock is that of whoever has it open */
    int64_t process;   /* the run's */
    const char *begun; /* when the run began, as it is to be written down */
    bool ends_orphans; /* or waits for them */
    void (*waits)(void *); /* called before that */
    void *context;
};

/* Waits for the lock, writes down whose it is, and removes what an earlier run left of its own: joblog, stages, *.tmp. *gone: whoever held it had
 * removed the folder with the lock, and nothing is done; it is to be opened again. SW_SYSTEM: another run writes there; the folder cannot be
 * written to. */
bool sw_run_folder_hold(const struct sw_run_folder *folder, const struct sw_run_hold *hold,
                        bool *gone, struct sw_error *error) SW_CHECKED;

#endif
