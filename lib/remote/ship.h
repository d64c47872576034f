/* SPDX-License-Identifier: ISC
 *
 * What a job reads, copied into its attempt (remote/attempt.h), for a host that does not see the run's files: the range of an input, or what
 * securities have of all parts. Messages there have a token in place of the input's name.
 *
 *   an input, or its range ─▶ ATTEMPT/TOKEN, stage/inputs, stage/jobs      parts ─▶ ATTEMPT/merged/{orders,trades,nbbo}.swr, stage/jobs
 */
#ifndef SW_REMOTE_SHIP_H
#define SW_REMOTE_SHIP_H

#include "job/settings.h"
#include "remote/attempt.h"
#include "remote/command.h"

/* For the files of this alone. A function here that returns false has failed, or what it called has refused the data. */
struct sw_shipping {
    const struct sw_remote_attempt *attempt;
    struct sw_job_settings settings;
    int refused; /* the status of a program that found fault with the data, which it has said */
    struct sw_buffer from, to, text;
    struct sw_error *error;
};

/* Copies it. *refused: 0, or the status of what keeps the job from being shipped, 1 to 3, which has been said on standard error. SW_SYSTEM: a
 * file cannot be read or written. */
bool sw_ship(const struct sw_remote_attempt *attempt, int *refused,
             struct sw_error *error) SW_CHECKED;

/* Calls a program, and frees its words. Where `line` is not NULL what it prints replaces that, a NUL for the first line feed. */
bool sw_ship_call(struct sw_shipping *shipping, struct sw_call *command,
                  struct sw_buffer *line) SW_CHECKED;

/* A list, or a text, of the settings as words of a call. */
bool sw_ship_list(struct sw_shipping *shipping, struct sw_call *command,
                  const char *setting) SW_CHECKED;

/* Copies the header and the range's bytes to their places in another file, with the end of the row before; that the range begins and ends with a row
 * is proven here, where the bytes around it are. `layout` has sw-chunk's words for the file. */
bool sw_ship_range(struct sw_shipping *shipping, const char *file, const char *to,
                   const struct sw_job_texts *layout, uint64_t offset, uint64_t length) SW_CHECKED;

/* The securities' rows of all parts, merged: a part for each table. */
bool sw_ship_securities(struct sw_shipping *shipping) SW_CHECKED;

/* Field N of the job's line, the name being 1, as a text of its own. NULL: no memory. */
char *sw_ship_field(struct sw_shipping *shipping, size_t number);

/* Writes text, which ends with a line feed or a NUL, as a file below the attempt. */
bool sw_ship_write(struct sw_shipping *shipping, const char *name,
                   const struct sw_buffer *text) SW_CHECKED;

#endif
