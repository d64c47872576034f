/* SPDX-License-Identifier: ISC
 *
 * The outputs of a run out of what its jobs made, where they are no folder of results: all of them are written before the first gets its name,
 * and all of them are there then, or none is. What has no name to get, a FIFO or a descriptor, is written and closed before the next is opened:
 * the ledger, the account, the bad rows, the rows.
 */
#ifndef SW_LEDGER_DELIVER_H
#define SW_LEDGER_DELIVER_H

#include "base/bytes.h"

/* What is NULL is not delivered. */
struct sw_delivery {
    const char *work, *stage;
    /* All parts' .rows, in the order of STAGE/all. */
    const char *rows;
    const char *header;   /* a file that goes in front of the rows */
    const char *bad_rows; /* all parts' .bad, as far as there are any */
    const char *ledger;   /* WORK/counted.csv */
    const char *metrics;  /* WORK/metrics.json */
    /* What WORK/counted.csv is to be, before anything is delivered; NULL: it is there. */
    const struct sw_buffer *counted;
};

/* What was counted of all inputs, and how many lines the bad rows that were delivered have. */
struct sw_delivered {
    uint64_t read, kept, bad, bad_lines;
};

/* Appends them as a line, "READ KEPT BAD BAD-LINES". SW_SYSTEM: no memory. */
bool sw_delivered_put(const struct sw_delivered *delivered, struct sw_buffer *out,
                      struct sw_error *error) SW_CHECKED;

/* A name in .gz is written as gzip, whatever is in the parts. What is being written beside a name is written down in WORK/unfinished first, so that
 * the next run finds it where this one is killed; how many lines of bad rows there are, in WORK/bad_lines, since standard output may be what is
 * delivered. SW_SYSTEM: one cannot be written, a part cannot be read. */
bool sw_deliver(const struct sw_delivery *delivery, uint64_t *bad_lines,
                struct sw_error *error) SW_CHECKED;

/* The same of rows that are counted first, as sw_ledger_count does; then the folder goes, where `removes`, the lock last: with it what is there
 * is known for a run's. */
bool sw_deliver_counted(struct sw_delivery *delivery, bool removes, struct sw_delivered *delivered,
                        struct sw_error *error) SW_CHECKED;

#endif
