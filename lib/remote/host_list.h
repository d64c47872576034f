/* SPDX-License-Identifier: ISC
 *
 * The machines of a run as a user lists them: HOST, WORKERS/HOST, ":" for this one and @FILE with more of the same, between commas.
 */
#ifndef SW_REMOTE_HOST_LIST_H
#define SW_REMOTE_HOST_LIST_H

#include "base/bytes.h"

struct sw_host {
    char *name;       /* "." is this machine */
    unsigned workers; /* 0: it is not said */
};

/* Zero-initialize; free with sw_host_list_free. */
struct sw_host_list {
    struct sw_host *items;
    size_t count, capacity;
};

/* SW_USAGE: a word that is none of these, a host that is named twice, a file that names itself. SW_SYSTEM: a file that cannot be read. */
bool sw_host_list_read(struct sw_host_list *hosts, const char *list,
                       struct sw_error *error) SW_CHECKED;
void sw_host_list_free(struct sw_host_list *hosts);

#endif
