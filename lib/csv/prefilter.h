/* SPDX-License-Identifier: ISC
 *
 * Pieces of text, each rid of the rows that lack a literal (kernels/literals.h). There are two
 * ways: to sweep over the text for the literals of one set, and find the fields of the rows that
 * seem to hold one, which is best where these are few; and to find the fields of all rows, and look
 * where literals would be. Now and then it is tried anew which set and which way, and where most
 * rows pass, or rows are not plain, the prefilter stands aside for a while. What comes out does not
 * depend on any of this.
 *
 *     if (sw_prefilter_piece(&prefilter, base, from, to, columns, &kept))
 *         … prefilter.rows, prefilter.end, kept …
 *     else … the rows have to be taken one by one …
 */
#ifndef SW_CSV_PREFILTER_H
#define SW_CSV_PREFILTER_H

#include "base/error.h"
#include "kernels/literal_scan.h"

/* Rows that pass, in the caller's space. */
struct sw_kept {
    uint32_t *cells; /* columns + 1 a row: field i lies between base[cells[i]] and
                        base[cells[i + 1]], neither of them its own */
    uint64_t *rows;  /* the row's number in the piece, from 0 */
    size_t room;     /* for so many rows, and SW_PREFILTER_PAST cells more */
    size_t count;
};

enum { SW_PREFILTER_PAST = 16 };

enum sw_prefilter_way { SW_PREFILTER_SCAN, SW_PREFILTER_REGULAR_ROWS };

struct sw_prefilter {
    const struct sw_literals *literals;
    size_t rows;    /* of the last piece: the rows that end in it, up to the first without room */
    size_t end;     /* the index after the last of them */
    uint64_t ended; /* row ends that were seen up to there: so many as there are rows */
    /* the rest is the module's own */
    char separator;
    sw_sweep_function *sweep;
    sw_scan_function *scan;
    struct sw_window windows[SW_LITERAL_SETS];
    struct sw_hit *hits;  /* of a sweep */
    uint32_t *places;     /* of regular rows */
    uint32_t *candidates; /* its rows that may hold what was looked for so far */
    enum sw_prefilter_way way;
    size_t chosen; /* the set that is looked for, or looked for first */
    unsigned trusted, aside;
};

/* The literals stay while the prefilter is used, and there is a set of them. SW_SYSTEM: no memory.
 * */
bool sw_prefilter_open(struct sw_prefilter *prefilter, const struct sw_literals *literals,
                       char separator, struct sw_error *error) SW_CHECKED;

/* Looks at base[from..to), which begins with a row, has a newline before it, and SW_SWEEP_BEHIND
 * readable bytes after it. True: the prefilter's `rows` rows are plain, not empty and have that
 * many columns (2 or more); those not kept lack a literal. False: nothing is known. kept->room is 1
 * or more. */
bool sw_prefilter_piece(struct sw_prefilter *prefilter, const char *base, size_t from, size_t to,
                        size_t columns, struct sw_kept *kept);

/* Harmless on a zero-initialized one. */
void sw_prefilter_free(struct sw_prefilter *prefilter);

#endif
