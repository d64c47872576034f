/* SPDX-License-Identifier: ISC
 *
 * What the results over all rows were made of: of a run that finds them as it would make them nothing is made again.
 *
 *   RUN/aggregated   the key that they were made under, and what cksum prints of the files of OUT/aggregated and of RUN/ledger.csv
 */
#ifndef SW_LEDGER_MADE_H
#define SW_LEDGER_MADE_H

#include "base/bytes.h"

struct sw_made {
    const char *run, *output;
    const struct sw_buffer *key; /* a line, or more of them */
};

/* *is: whether RUN/aggregated says what is there. SW_SYSTEM: a file cannot be read. */
bool sw_is_made(const struct sw_made *made, bool *is, struct sw_error *error) SW_CHECKED;

/* Writes it. With `counted` RUN/counted.csv becomes RUN/ledger.csv first. SW_SYSTEM: a file cannot be read or written. */
bool sw_mark_made(const struct sw_made *made, bool counted, struct sw_error *error) SW_CHECKED;

#endif
