/* SPDX-License-Identifier: ISC
 *
 * The shares of a report's orders: of the events in the parts of a run (ledger/parts.h) each order is of one share, which a job folds to last states and
 * aggregates.
 *
 *     WORK/{all,about}, what is there ─▶ sw_shares_plan ─▶ WORK/orders/{jobs,weights,parts}, the key of WORK/orders/made
 *     WORK/orders/made/K.{tally,events} ─▶ sw_shares_count ─▶ WORK/orders/made/events
 *
 *     WORK/orders/made/key  all that the shares depend on; with another key none of them is of use
 *     WORK/orders/made/K.*  a share: partial; events, READ KEPT of each part; tally, READ, orders KEPT, and "CRC SIZE" that cksum says of the
 *                           events, which is written last: with it the share is whole
 */
#ifndef SW_LEDGER_SHARES_H
#define SW_LEDGER_SHARES_H

#include "base/bytes.h"

/* Makes the folders, and writes, each file whole:
 *
 *     parts    the parts' files of .states, each ended by a NUL
 *     jobs     NAME SHARE SHARES RESULT of those that are not there, RESULT being orders/made/SHARE
 *     weights  NAME BYTES
 *
 * *shares: how many there are to be; 0: as it is good for so many workers, which is set. The key has that number, too. SW_SYSTEM: a file that
 * cannot be read, written or removed, or is none of its form. */
bool sw_shares_plan(const char *work, uint64_t workers, uint64_t *shares, const char *key,
                    struct sw_error *error) SW_CHECKED;

/* Writes made/events, what was read and kept of each part by all shares, and sets *orders to the orders that they kept. SW_SYSTEM: as above; shares
 * of other parts. */
bool sw_shares_count(const char *work, uint64_t shares, uint64_t *orders,
                     struct sw_error *error) SW_CHECKED;

#endif
