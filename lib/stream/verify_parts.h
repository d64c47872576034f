/* SPDX-License-Identifier: ISC
 *
 * What the files of the verifier share: verify.c has the blocks' bounds, verify_order.c the order of the rows,
 * verify_index.c the index. Only they include it.
 */
#ifndef SW_STREAM_VERIFY_PARTS_H
#define SW_STREAM_VERIFY_PARTS_H

#include "stream/verify.h"

/* Holds the rows of a block against the order that the stream's header tells, and the first one against the last of the block
 * before. SW_DATA, SW_SYSTEM. */
bool sw_verify_order(struct sw_verifier *verifier, const struct sw_vector *const *vectors,
                     struct sw_error *error) SW_CHECKED;
void sw_ordered_row_free(struct sw_ordered_row *row);

/* Keeps the directory of the reader's block. SW_SYSTEM. */
bool sw_directories_add(struct sw_directories *directories, const struct sw_reader *reader,
                        struct sw_error *error) SW_CHECKED;
void sw_directories_forget(struct sw_directories *directories);
void sw_directories_free(struct sw_directories *directories);

/* Holds the index of the stream that ends now against the directories kept. SW_DATA, SW_SYSTEM. */
bool sw_verify_index(struct sw_verifier *verifier, const struct sw_index *index,
                     struct sw_error *error) SW_CHECKED;

#endif
