/* SPDX-License-Identifier: ISC
 *
 * The outputs of a run out of what its jobs made, where they are no folder of results: all of them are written before the first gets its name,
 * and all of them are there then, or none is. What has no name to get, a FIFO or a descriptor, is written and closed before the next is opened:
 * the ledger, the account, the bad rows, the rows.
 */
#ifndef SW_LEDGER_DELIVER_H
#define SW_LEDGER_DELIVER_H

#include "base/bytes.h"

/* Of those that are NULL there is none. */
struct sw_delivery {
    const char *work, *stage;
    const char *
        rows; /* all parts' .rows, in the order of STAGE/all; in front of them, where it is not NULL: */
    const char *header;   /* a file */
    const char *bad_rows; /* all parts' .bad, as far as there are any */
    const char *ledger;   /* WORK/counted.csv */
    const char *metrics;  /* WORK/metrics.json */
};

/* A name in .gz is written as gzip, whatever is in the parts. What is being written beside a name is written down in WORK/unfinished first, so that
 * the next run finds it where this one is killed; how many lines of bad rows there are, in WORK/bad_lines, since standard output may be what is
 * delivered. SW_SYSTEM: one cannot be written, a part cannot be read. */
bool sw_deliver(const struct sw_delivery *delivery, struct sw_error *error) SW_CHECKED;

#endif
