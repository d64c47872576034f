/* SPDX-License-Identifier: ISC
 *
 * What a host answers that is asked what it has (remote/ask_hosts.h), lines of KEY VALUE: version, format (a digest of the bytes that it makes, and of what is done
 * in a job), bin, pipelines, workers; sees, where all files are there; missing, where there are no programs.
 */
#ifndef SW_REMOTE_ANSWER_H
#define SW_REMOTE_ANSWER_H

#include "base/bytes.h"

/* Free with sw_answer_free. */
struct sw_answer {
    struct sw_buffer text, complaint; /* what it said, and what ssh did */
    const char *version, *format, *bin,
        *pipelines;   /* NULL: it did not say so, or in another form */
    unsigned workers; /* 1 where it did not */
    bool unreachable, missing, sees;
};

/* Fills it in from its text. */
void sw_answer_take(struct sw_answer *answer);

/* The last line of the complaint. */
const char *sw_answer_reason(const struct sw_answer *answer);

/* SW_SYSTEM: the host has no such programs as are wanted. */
bool sw_answer_is_fit(const struct sw_answer *answer, const struct sw_answer *wanted,
                      const char *host, const char *remote_bin, struct sw_error *error) SW_CHECKED;

void sw_answer_free(struct sw_answer *answer);

#endif
