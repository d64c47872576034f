/* SPDX-License-Identifier: ISC
 *
 * Events, or parts of a fold, on their way into the states of orders, block by block: what
 * market/fold_orders.h is made of. Whoever reads says what is done where the memory is used up.
 */
#ifndef SW_MARKET_FOLD_READ_H
#define SW_MARKET_FOLD_READ_H

#include "market/order_states.h"
#include "stream/reader.h"

struct sw_fold_read {
    struct sw_reader reader;
    struct sw_event_block *block;   /* not owned: the current block goes there */
    struct sw_order_states *states; /* not owned; NULL where only blocks are read */
    size_t column_count;            /* the first ones of the stream are those of the states */
    const struct sw_vector **vectors;
    struct sw_fold_file {
        const char *name;
        uint64_t rows_before;
    } * files; /* that had rows so far; the last one is that of the current block */
    size_t file_count;
    bool (*full)(void *owner, struct sw_error *error); /* puts the states elsewhere */
    void *owner;
};

/* Goes to the next block and reads its columns. */
enum sw_step sw_fold_read_block(struct sw_fold_read *read, struct sw_error *error) SW_CHECKED;

/* Adds rows of the current block to the states: those in selected[0..count), or the first count for
 * NULL; events as in sw_order_states_add. Where they do not fit any more, read->full is called and
 * the states begin anew; a single row always fits. SW_DATA with file, row and order, as
 * sw_order_states_add says them. */
bool sw_fold_read_add(struct sw_fold_read *read, const uint32_t *selected, const uint64_t *events,
                      size_t count, struct sw_error *error) SW_CHECKED;

/* Folds the current block, and adds what is left of it. Outcomes as above. */
bool sw_fold_read_fold(struct sw_fold_read *read, struct sw_error *error) SW_CHECKED;

/* "FILE: row N: " in front of what is wrong, for SW_DATA: with a row of the current block, or with the
 * one of this number among all that were read, from 0. False. */
bool sw_fold_read_fail(const struct sw_fold_read *read, size_t place,
                       struct sw_error *error) SW_CHECKED;
bool sw_fold_read_fail_row(const struct sw_fold_read *read, uint64_t number,
                           struct sw_error *error) SW_CHECKED;

/* Opens nothing: the reader is open. states is too. */
bool sw_fold_read_begin(struct sw_fold_read *read, struct sw_error *error) SW_CHECKED;
void sw_fold_read_free(struct sw_fold_read *read);

#endif
