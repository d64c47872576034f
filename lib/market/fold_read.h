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
    struct sw_order_states *states; /* not owned */
    size_t column_count;            /* the first ones of the stream are those of the states */
    const struct sw_vector **vectors;
    uint64_t *hashes;                                  /* of the current block's rows */
    const char *name;                                  /* of the file of the current block */
    uint64_t rows_before;                              /* of the files ahead of it */
    bool (*full)(void *owner, struct sw_error *error); /* puts the states elsewhere */
    void *owner;
};

/* Goes to the next block and reads its columns. */
enum sw_step sw_fold_read_block(struct sw_fold_read *read, struct sw_error *error) SW_CHECKED;

/* Adds rows of the current block to the states: those in selected[0..count), or the first count for
 * NULL. Where they do not fit any more, read->full is called and the states begin anew; a single row
 * always fits. SW_DATA with file, row and order, as sw_order_states_add says them. */
bool sw_fold_read_add(struct sw_fold_read *read, const uint32_t *selected, size_t count,
                      struct sw_error *error) SW_CHECKED;

/* Opens nothing: the reader is open. states is too. */
bool sw_fold_read_begin(struct sw_fold_read *read, struct sw_error *error) SW_CHECKED;
void sw_fold_read_free(struct sw_fold_read *read);

#endif
