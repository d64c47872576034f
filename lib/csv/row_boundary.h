/* SPDX-License-Identifier: ISC
 *
 * Borders in a CSV file that is not read from its start: whether a byte lies inside quotes, and
 * where the next row begins. A field has at most SW_TEXT_MAXIMUM bytes, so where no quote stands in
 * as many bytes before a place, it lies outside of quotes. Else both cases are played through: text
 * that began inside quotes and text that began outside; mostly one of them soon meets a quote that
 * cannot stand where it stands. What cannot be told that way is told by reading on from further
 * ahead, at last from the file's header.
 */
#ifndef SW_CSV_ROW_BOUNDARY_H
#define SW_CSV_ROW_BOUNDARY_H

#include "files/input.h"
#include "csv/quotes.h"

/* The first row that begins at `offset` or after it: *first is its offset, or the file's size. The
 * rows begin at `data`, which is not above offset. SW_DATA: offset lies inside quotes ("FILE:@BYTE:
 * plan cuts a quoted field: use --exact"). */
bool sw_border_first_row(struct sw_input *input, const struct sw_dialect *dialect, uint64_t data,
                         uint64_t offset, uint64_t *first, struct sw_error *error) SW_CHECKED;

/* Whether no row begins between `from` and `first`, the first one that was found: a newline before that would be
 * the end of one, unless quotes stand about it. SW_SYSTEM: one does. */
bool sw_border_no_row_between(struct sw_input *input, uint64_t data, uint64_t from, uint64_t first,
                              struct sw_error *error) SW_CHECKED;

/* Whether offset lies outside of quotes; false with SW_DATA, as above, where it does not. */
bool sw_border_check(struct sw_input *input, const struct sw_dialect *dialect, uint64_t data,
                     uint64_t offset, struct sw_error *error) SW_CHECKED;

/* A good place for a cut at `offset` or after it, found from text nearby: no proof. *first as
 * above. */
bool sw_border_guess(struct sw_input *input, const struct sw_dialect *dialect, uint64_t data,
                     uint64_t offset, uint64_t *first, struct sw_error *error) SW_CHECKED;

/* Goes through the rows from the first one on, so that it knows where they begin. */
struct sw_walk {
    struct sw_input *input;           /* not owned */
    const struct sw_dialect *dialect; /* not owned */
    uint64_t data, position;          /* position is the start of a row, or the file's size */
    char *piece;
};

bool sw_walk_open(struct sw_walk *walk, struct sw_input *input, const struct sw_dialect *dialect,
                  uint64_t data, struct sw_error *error) SW_CHECKED;

/* To the first row that begins at offset, which is not before the position, or after it. */
bool sw_walk_to(struct sw_walk *walk, uint64_t offset, struct sw_error *error) SW_CHECKED;

/* Over so many rows, empty lines and those that are no rows not counted, or to the end. */
bool sw_walk_rows(struct sw_walk *walk, uint64_t rows, struct sw_error *error) SW_CHECKED;

void sw_walk_free(struct sw_walk *walk);

#endif
