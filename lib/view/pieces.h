/* SPDX-License-Identifier: ISC
 *
 * The blocks of a reader in pieces that stay in a CPU's second cache with all that is made of them: those of files that are kept have
 * four times as many rows as what programs write for each other. Columns are decoded a block at a time all the same.
 *
 *     if (!sw_pieces_open(&pieces, &reader, error) || !sw_view_open(&view, sw_pieces_supplier(&pieces), …)) …
 *     while ((step = sw_pieces_next(&pieces, error)) == SW_ROWS) { sw_view_begin(&view, pieces.rows); … }
 *     sw_pieces_free(&pieces);
 */
#ifndef SW_VIEW_PIECES_H
#define SW_VIEW_PIECES_H

#include "view/view.h"

/* A column's vector in the piece. */
struct sw_piece_column;

struct sw_pieces {
    size_t rows; /* of the piece */
    /* the rest is the module's own */
    struct sw_reader *reader;
    size_t start; /* of the piece, in the reader's block */
    struct sw_piece_column *columns;
};

/* The reader stays while it is used, and nobody else asks it for blocks. SW_SYSTEM: no memory. Free it in any case; harmless on a
 * zero-initialized one. */
bool sw_pieces_open(struct sw_pieces *pieces, struct sw_reader *reader,
                    struct sw_error *error) SW_CHECKED;

/* The next piece: up to SW_BLOCK_ROWS_DEFAULT rows of one block. As sw_reader_next. */
enum sw_step sw_pieces_next(struct sw_pieces *pieces, struct sw_error *error) SW_CHECKED;

/* Its columns; the pieces are not moved from here on. */
struct sw_supplier sw_pieces_supplier(struct sw_pieces *pieces);

void sw_pieces_free(struct sw_pieces *pieces);

#endif
