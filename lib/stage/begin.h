/* SPDX-License-Identifier: ISC
 *
 * The folder of a run that begins: locked for it (stage/hold.h), cleared of what an earlier run left (stage/left.h), and that told.
 */
#ifndef SW_STAGE_BEGIN_H
#define SW_STAGE_BEGIN_H

#include "stage/hold.h"
#include "stage/log_level.h"

struct sw_run_begin {
    struct sw_run_folder folder;
    struct sw_run_hold hold;    /* `waits` is filled in */
    const char *const *outputs; /* of the run, as sw_remove_unfinished wants them */
    size_t output_count;
    const char *build; /* what results of this build mean; NULL: it does not matter */
    enum sw_log_level level;
    void (*tell)(const char *message); /* to the user */
    bool gone; /* set: whoever held the lock had removed the folder with it, and nothing was done */
};

/* Outcomes as those of sw_run_folder_hold, sw_remove_unfinished
 * and sw_note_build. */
bool sw_run_folder_begin(struct sw_run_begin *run, struct sw_error *error) SW_CHECKED;

#endif
