/* SPDX-License-Identifier: ISC
 *
 * What the quotes in a CSV text mean, without looking at its fields: where rows end, and whether a
 * place lies inside a quoted field. It is one small machine, so that the reader of rows, the plan
 * of chunks and the proof of a range's borders cannot disagree. A row with a quote where none may
 * stand is broken; it ends at the next newline.
 *
 *     1,"Rest of Day, ""extended""",3
 *       ^ QUOTED                  ^ CLOSED: a quote that ends the field, or is the first of two
 */
#ifndef SW_CSV_QUOTES_H
#define SW_CSV_QUOTES_H

#include <stdbool.h>
#include <stddef.h>

enum sw_quotes {
    SW_QUOTES_START,  /* at the start of a field */
    SW_QUOTES_PLAIN,  /* in a field without quotes */
    SW_QUOTES_QUOTED, /* in a quoted field */
    SW_QUOTES_CLOSED, /* after a quote in a quoted field */
    SW_QUOTES_RETURN, /* after that quote and a carriage return */
    SW_QUOTES_BROKEN, /* in what is left of a broken row's line */
};

/* The state after text, which begins in `state`. *broken, where not NULL, is set when a row in it
 * broke. */
enum sw_quotes sw_quotes_after(enum sw_quotes state, const char *text, size_t length, bool *broken);

/* Finds the end of the row that the text begins in: true, and *end is the offset after its
 * newline; false, and *state is the state after the text. */
bool sw_quotes_row_end(enum sw_quotes *state, const char *text, size_t length, size_t *end);

/* What is wrong with the first quote of a broken row that may not stand where it stands; the row is
 * without its line end. Static: "misplaced quote: a blank stands before it" and the like. */
const char *sw_quotes_reason(const char *row, size_t length);

#endif
