/* SPDX-License-Identifier: ISC
 *
 * Pieces of text, each rid of the rows that lack a needle (csv/needles.h). Of several sets the one
 * that fewest rows pass is looked for; a row that passes it is then asked for the others. Now and
 * then it is tried anew which set that is, and where none is rare, or rows are not plain, the sieve
 * stands aside for a while. What comes out does not depend on any of this.
 *
 *     if (sw_sieve_piece(&sieve, base, from, to, columns)) … sieve.rows, sieve.end, sieve.kept …
 *     else … the rows have to be taken one by one …
 */
#ifndef SW_CSV_SIEVE_H
#define SW_CSV_SIEVE_H

#include "base/error.h"
#include "csv/sweep.h"

/* A row that passes. */
struct sw_kept_row {
    uint32_t start, end; /* the row is base[start..end), its newline with it */
    uint32_t row;        /* its number in the piece, from 0 */
};

struct sw_sieve {
    const struct sw_needles *needles;
    size_t rows; /* of the last piece: the rows that end in it */
    size_t end;  /* the index behind the last of them */
    struct sw_kept_row *kept;
    size_t kept_count;
    /* the rest is the module's own */
    sw_sweep_function *sweep;
    struct sw_window windows[SW_NEEDLE_SETS];
    struct sw_hit *hits;
    size_t chosen; /* the set that is looked for */
    unsigned trusted, aside;
};

/* The needles stay while the sieve is used, and there is a set of them. SW_SYSTEM: no memory. */
bool sw_sieve_open(struct sw_sieve *sieve, const struct sw_needles *needles,
                   struct sw_error *error) SW_CHECKED;

/* Looks at base[from..to), which begins with a row, has a newline before it, and SW_SWEEP_BEHIND
 * readable bytes behind it. True: all rows that end in it are plain, not empty and have that many
 * columns (2 or more); those not kept lack a needle. False: nothing is known. */
bool sw_sieve_piece(struct sw_sieve *sieve, const char *base, size_t from, size_t to,
                    size_t columns);

/* Harmless on a zero-initialized one. */
void sw_sieve_free(struct sw_sieve *sieve);

#endif
