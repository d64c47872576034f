/* SPDX-License-Identifier: ISC
 *
 * What the quotes in a CSV text mean, without looking at its fields: where rows end, and whether a
 * place lies inside a quoted field. It is one small machine, so that the reader of rows, the plan
 * of chunks and the proof of a range's borders cannot disagree. A row with a quote where none may
 * stand is broken; it ends at the next newline, as a line that is no row does (schema/dialect.h).
 *
 *     1,"Rest of Day, ""extended""",3
 *       ^ QUOTED                  ^ CLOSED: a quote that ends the field, or is the first of two
 */
#ifndef SW_CSV_QUOTES_H
#define SW_CSV_QUOTES_H

#include "schema/dialect.h"

enum sw_quotes_state {
    SW_QUOTES_ROW,     /* at the start of a line outside of quotes */
    SW_QUOTES_START,   /* at the start of a field */
    SW_QUOTES_PLAIN,   /* in a field without quotes */
    SW_QUOTES_QUOTED,  /* in a quoted field */
    SW_QUOTES_CLOSED,  /* after a quote in a quoted field */
    SW_QUOTES_RETURN,  /* after that quote and a carriage return */
    SW_QUOTES_IGNORED, /* in a line that is no row */
    SW_QUOTES_BROKEN,  /* in what is left of a broken row's line */
};

/* A piece of a text. */
struct sw_quotes_text {
    const char *bytes;
    size_t length;
    size_t known; /* bytes that are there, length or more: up to the end of the text, or for
                     dialect->longest + 2 bytes after `length` */
};

/* The state after the piece, which begins in `state`. *broken, where not NULL, is set when a row
 * in it broke. */
enum sw_quotes_state sw_quotes_after(const struct sw_dialect *dialect, enum sw_quotes_state state,
                                     const struct sw_quotes_text *text, bool *broken);

/* Finds the end of the row, or of the line that is none, that the piece begins in: true, and *end is
 * the offset after its newline; false, and *state is the state after the piece. */
bool sw_quotes_row_end(const struct sw_dialect *dialect, enum sw_quotes_state *state,
                       const struct sw_quotes_text *text, size_t *end);

/* What is wrong with the first quote of a broken row that may not stand where it stands; the row is
 * without its line end. Static: "misplaced quote: a blank stands before it" and the like. */
const char *sw_quotes_reason(char separator, const char *row, size_t length);

#endif
