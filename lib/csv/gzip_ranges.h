/* SPDX-License-Identifier: ISC
 *
 * Ranges of a CSV in a gzip of blocks (files/gzip_block.h): byte ranges of the file, from block to block, each with the rows
 * whose first byte lies in the text of its blocks. Offsets in the text of a range are counted as files/gzip_text.h says.
 */
#ifndef SW_CSV_GZIP_RANGES_H
#define SW_CSV_GZIP_RANGES_H

#include "csv/quotes.h"
#include "files/gzip_text.h"

struct sw_gzip_range {
    bool empty;           /* no row begins in it: it is of the header */
    bool begins_rows;     /* it has what follows the header */
    uint64_t block, text; /* a block, by its offset in the file, and where its text begins: there */
    uint64_t first;       /* the range's first row is */
    uint64_t limit,
        next_row; /* where the text of the next range begins, and its first row; UINT64_MAX: there is none */
    /* The block whose text is said to begin at SW_GZIP_TEXT_MIDDLE; 0: offsets are the text's own. */
    uint64_t middle;
};

/* Finds the range offset..offset + length of the file, which is not all of it; `data` is the length of the text before
 * the first row. SW_DATA: a border is not that of a block, lies inside quotes, or a block there is damaged. */
bool sw_gzip_range_find(struct sw_input *file, const struct sw_dialect *dialect, uint64_t data,
                        uint64_t offset, uint64_t length, struct sw_gzip_range *range,
                        struct sw_error *error) SW_CHECKED;

/* The first block at `target` or after it that a range may begin with: outside of quotes, after the header. The file's size: none. */
bool sw_gzip_range_cut(struct sw_input *file, const struct sw_dialect *dialect, uint64_t data,
                       uint64_t target, uint64_t *cut, struct sw_error *error) SW_CHECKED;

#endif
