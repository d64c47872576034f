/* SPDX-License-Identifier: ISC
 *
 * The lists of WORK/hosts (remote/ask_hosts.h) while jobs run.
 */
#ifndef SW_REMOTE_HOST_LISTS_H
#define SW_REMOTE_HOST_LISTS_H

#include "base/bytes.h"

/* Whether jobs may go to the host. GNU parallel looks at its list once a second at most. */
bool sw_host_is_listed(const char *work, const char *host, bool *listed,
                       struct sw_error *error) SW_CHECKED;

/* The host's line of the table: whether it sees the files, and what is where; these point into text, which the caller frees.
 * SW_SYSTEM: it has none. */
struct sw_host_place {
    bool shared;
    const char *bin, *pipelines;
    struct sw_buffer text;
};
bool sw_host_place(const char *work, const char *host, struct sw_host_place *place,
                   struct sw_error *error) SW_CHECKED;

/* Notes that a job was lost with the connection to the host. *out: several were in a row, and the host gets no more jobs. */
bool sw_host_lost(const char *work, const char *host, const char *job, bool *out,
                  struct sw_error *error) SW_CHECKED;

/* Notes that a job of the host came back: those lost in a row are none again. */
void sw_host_not_lost(const char *work, const char *host);

#endif
