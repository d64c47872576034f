/* SPDX-License-Identifier: ISC
 *
 * Events, or parts of a fold, on their way into a fold, block by block: what states/fold_orders.h is
 * made of.
 */
#ifndef SW_STATES_FOLD_READ_H
#define SW_STATES_FOLD_READ_H

#include "states/event_block.h"
#include "stream/reader.h"

struct sw_fold_read {
    struct sw_reader reader;
    struct sw_event_block *block; /* not owned: the current block goes there */
    size_t column_count;          /* the first ones of the stream are read */
    const struct sw_vector **vectors;
    struct sw_fold_file {
        const char *name;
        uint64_t rows_before;
    } * files; /* that had rows so far; the last one is that of the current block */
    size_t file_count;
};

/* Opens nothing: the reader is open, and the block. SW_SYSTEM: no memory. Free in any case; the reader stays open. */
bool sw_fold_read_begin(struct sw_fold_read *read, struct sw_event_block *block,
                        size_t column_count, struct sw_error *error) SW_CHECKED;
void sw_fold_read_free(struct sw_fold_read *read);

/* Goes to the next block and reads its columns. Outcomes as sw_reader_next, sw_reader_vector and sw_event_block_begin. */
enum sw_step sw_fold_read_block(struct sw_fold_read *read, struct sw_error *error) SW_CHECKED;

/* "FILE: row N: " in front of what is wrong, for SW_DATA: with a row of the current block, or with the
 * one of this number among all that were read, from 0. False. */
bool sw_fold_read_fail(const struct sw_fold_read *read, size_t place,
                       struct sw_error *error) SW_CHECKED;
bool sw_fold_read_fail_row(const struct sw_fold_read *read, uint64_t number,
                           struct sw_error *error) SW_CHECKED;

#endif
