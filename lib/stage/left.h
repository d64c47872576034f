/* SPDX-License-Identifier: ISC
 *
 * What an earlier run of a folder left that is of no use to this one, which holds it (stage/hold.h).
 *
 *   FOLDER/unfinished  names, each ended by a NUL, of files outside of the folder that the run was writing: OUTPUT.WORD.tmp
 *   FOLDER/build       a number for what results here mean; a build that gives them another meaning has another
 */
#ifndef SW_STAGE_LEFT_H
#define SW_STAGE_LEFT_H

#include "base/bytes.h"

/* Removes the unfinished files, and the list of them; only those beside the outputs of this run, which have these places. What is elsewhere
 * is somebody's by now, or was another output's: its names are appended to `others`, a NUL after each. SW_SYSTEM: a file cannot be
 * removed. */
bool sw_remove_unfinished(const char *folder, const char *const *outputs, size_t count,
                          struct sw_buffer *others, struct sw_error *error) SW_CHECKED;

/* Results of another build go, and what they are made of, so that they are made again; then the folder is of this one. *made_again: there were any.
 * SW_SYSTEM: a file cannot be removed or written. */
bool sw_note_build(const char *folder, const char *build, bool *made_again,
                   struct sw_error *error) SW_CHECKED;

#endif
