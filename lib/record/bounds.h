/* SPDX-License-Identifier: ISC
 *
 * What a reader looks for: values of a column within bounds. Directories of blocks and indexes of
 * streams are held against it.
 */
#ifndef SW_RECORD_BOUNDS_H
#define SW_RECORD_BOUNDS_H

#include "base/bytes.h"
#include "record/schema.h"

/* Only rows are wanted where the column's value lies from low to high; a text's by sw_text_bound.
 */
struct sw_range_predicate {
    int column;
    sw_int128 low, high;
};

/* Whether values from minimum to maximum, as a directory gives them for a column of this type, may
 * be among them. */
bool sw_range_predicate_meets(const struct sw_range_predicate *range_predicate, enum sw_type type,
                              sw_int128 minimum, sw_int128 maximum);

/* The place of a text among the bounds of texts: its first 16 bytes as a number that grows with
 * them. Texts that begin with the same 16 bytes share one. */
sw_int128 sw_text_bound(const char *bytes, size_t length);

/* The same of what a directory gives as the minimum or maximum of a text column. */
sw_int128 sw_stored_text_bound(sw_int128 stored);

#endif
