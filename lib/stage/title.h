/* SPDX-License-Identifier: ISC
 *
 * What messages call a job: "chunk 3 (orders.csv, byte 142, length 65536)", "share 1 of 2 of the orders", "security 110621",
 * "securities 1 to 9". The jobs' command tells which it is, their lines the rest.
 *
 *   …chunk     NAME TABLE INPUT OFFSET LENGTH …, INPUT being an index of the names in STAGE/inputs, each ended by a NUL; a LENGTH with an f
 *              after is so many whole files, from this one on
 *   …share     NAME SHARE SHARES …
 *   …security  NAME CODES …, between commas
 */
#ifndef SW_STAGE_TITLE_H
#define SW_STAGE_TITLE_H

#include "stage/jobs.h"

/* Appends it, as a terminal may have it. SW_SYSTEM: no memory. */
bool sw_stage_title(const struct sw_stage_jobs *jobs, size_t job, const char *command,
                    struct sw_buffer *out, struct sw_error *error) SW_CHECKED;

#endif
