/* SPDX-License-Identifier: ISC
 *
 * Rows as lines of CSV, all their columns or some, stored and derived: what sw-cut makes of the stream of these, without the stream.
 *
 *     vectors of a block ─▶ sw_row_text_take ─▶ output
 */
#ifndef SW_INPUT_ROW_TEXT_H
#define SW_INPUT_ROW_TEXT_H

#include "output/row_output.h"
#include "view/projection.h"

struct sw_row_text_settings {
    const char *columns; /* stored or derived; NULL: those that the rows have */
    bool no_header, iso_time;
    struct sw_view_settings view;
};

/* The module's own. */
struct sw_row_text {
    struct sw_view view;
    struct sw_columns columns;
    struct sw_row_format format;
    struct sw_row_output rows;
};

/* The output and what the rows come from stay while it is used; it is not moved. Zero-initialize before; to be freed in any case. SW_USAGE: as sw_view_open
 * and sw_columns_open. SW_SYSTEM: it cannot be written, no memory. */
bool sw_row_text_open(struct sw_row_text *text, const struct sw_row_text_settings *settings,
                      struct sw_output *output, struct sw_supplier rows,
                      struct sw_error *error) SW_CHECKED;

/* Takes so many rows, of which there is a block now. As sw_columns_fetch, and sw_row_output_put. */
bool sw_row_text_take(struct sw_row_text *text, size_t rows, struct sw_error *error) SW_CHECKED;

/* How many it has taken. */
uint64_t sw_row_text_rows(const struct sw_row_text *text);

/* Writes what is not written yet. SW_SYSTEM: that fails. */
bool sw_row_text_close(struct sw_row_text *text, struct sw_error *error) SW_CHECKED;

void sw_row_text_free(struct sw_row_text *text);

#endif
