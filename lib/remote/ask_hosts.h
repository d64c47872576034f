/* SPDX-License-Identifier: ISC
 *
 * Before the first job of a run every one of its hosts is asked, over ssh, what it has (pipelines/remote/probe). One that does not answer is left
 * out; one with other programs is refused.
 *
 *   WORK/hosts/token   what a host has to find to share the run's folder
 *   WORK/hosts/said/HOST, HOST.error   what it said, and what ssh complained of
 *   WORK/hosts/table   HOST WORKERS MODE BIN PIPELINES: MODE is shared where the host sees the run's folder and all inputs, else shipped
 *   WORK/hosts/logins  the hosts as GNU parallel's --sshloginfile, which it reads again when a host is taken out
 *   WORK/hosts/lost/   HOST: a line for every job in a row that was lost with the connection (remote/on_host.h)
 */
#ifndef SW_REMOTE_ASK_HOSTS_H
#define SW_REMOTE_ASK_HOSTS_H

#include "remote/host_list.h"

struct sw_ask_hosts {
    const char *work, *home;           /* of the run; the folder of the pipelines */
    const char *bin, *remote_bin;      /* of the programs here; there, NULL: as here, or on PATH */
    const char *folder, *ssh;          /* that jobs run in; the command, with its options */
    unsigned workers;                  /* of this machine; 0: as it says */
    bool each_as_many;                 /* hosts have as many, too, whatever they say */
    bool all_needed;                   /* one that cannot be reached is an error */
    void (*tell)(const char *message); /* of one that is left out */
};

/* Makes WORK/hosts. The files that jobs read by their names come on standard input, a NUL after each. *workers: of all together. SW_SYSTEM: one
 * has other programs, none can be reached, a file is not there or cannot be written. */
bool sw_ask_hosts(const struct sw_host_list *hosts, const struct sw_ask_hosts *how,
                  unsigned *workers, struct sw_error *error) SW_CHECKED;

#endif
