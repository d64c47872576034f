/* SPDX-License-Identifier: ISC
 *
 * The files of a part, PART.ENDING each.
 */
#ifndef SW_JOB_PART_H
#define SW_JOB_PART_H

#include "base/error.h"

/* Removes all of them, of an earlier job; `part` has a folder in front. SW_SYSTEM: a file cannot be removed, the folder cannot be read. */
bool sw_job_remove_part(const char *part, struct sw_error *error) SW_CHECKED;

#endif
