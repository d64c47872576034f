/* SPDX-License-Identifier: ISC
 *
 * The real fills of the dark book, from the sides in the trades file: for replay*.c alone.
 */
#ifndef SW_DARKBOOK_REPLAY_PARTS_H
#define SW_DARKBOOK_REPLAY_PARTS_H

#include "darkbook/replay.h"

/* A row of the fills: sorted by the first of them. */
enum sw_fill_column {
    SW_FILL_SECURITY,
    SW_FILL_TIME,
    SW_FILL_ORDER, /* who came; null: both rested */
    SW_FILL_RESTING,
    SW_FILL_PARTICIPANT,
    SW_FILL_BUYS,
    SW_FILL_QUANTITY,
    SW_FILL_PRICE,
    SW_FILL_BOOKED,
    SW_FILL_MID,
    SW_FILL_COLUMNS,
};

/* Reads the trades to their end, and leaves the fills in order after replay->fills. SW_DATA: see
 * sw_replay_open. */
bool sw_replay_fills(struct sw_replay *replay, struct sw_error *error) SW_CHECKED;

#endif
