/* SPDX-License-Identifier: ISC
 *
 * One pass over text that looks for literals, counts rows, and makes sure that each row is plain
 * and has its number of fields; where fields begin and end is not written down. 64 bytes at a step;
 * the best way for the CPU is chosen when the program runs.
 *
 * Four bytes are looked at, the same four places in every literal of the set, the byte before it
 * and the one after it among them: they end a field, or are a zero, a sign, a point. The low half
 * of each byte is the index into a table of the literals that have it there. So a set costs what a
 * single literal costs, and a hit is only a place where a literal may begin, in a column in which
 * one may stand.
 *
 *     literals   110621 85603       offsets -1 1 3 5; bit 0 and bit 1
 *     table 0   [','] = 11 …       table 1   [1] = 01, [5] = 10  …
 *     hit at i  table 0[text[i - 1]] & table 1[text[i + 1]] & table 2[text[i + 3]] & … not 0
 */
#ifndef SW_KERNELS_LITERAL_SCAN_H
#define SW_KERNELS_LITERAL_SCAN_H

#include <stdint.h>

#include "kernels/literals.h"
#include "kernels/scan.h"

enum {
    SW_WINDOW_BYTES = 4,
    /* Bytes after the text that must be readable; before it, one. */
    SW_SWEEP_BEHIND = SW_SCAN_STEP + SW_LITERAL_LENGTH,
};

/* What is looked at of a set's literals. */
struct sw_window {
    unsigned char tables[SW_WINDOW_BYTES][16];
    ptrdiff_t offsets[SW_WINDOW_BYTES]; /* from the literal's first byte; some may be the same */
    char separator;                     /* of fields */
    uint64_t columns; /* bit i: a literal may stand in column i; bit 63: in one after it, too */
};

/* A place where a literal may begin. */
struct sw_hit {
    uint32_t at;
    uint32_t row; /* newlines before it */
    uint32_t column;
};

struct sw_sweep {
    bool sound;  /* no quote, and every row that ends in the text has `separators` of them */
    bool full;   /* there were more hits than fit; the rest of the text was not looked at */
    size_t rows; /* that end in the text */
    size_t hits;
};

/* Looks at base[from..to), which begins with a row, after a newline at base[from - 1]. Hits are
 * written ascending, and they are all where the text is sound and `full` is not set; hits has room
 * for `room` of them, SW_SCAN_STEP or more. */
typedef struct sw_sweep sw_sweep_function(const char *base, size_t from, size_t to,
                                          size_t separators, const struct sw_window *window,
                                          struct sw_hit *hits, size_t room);

struct sw_window sw_window_of(const struct sw_literal_set *set, char separator);

/* The function of a level; NULL where this CPU or build has no such level. */
sw_sweep_function *sw_sweep_of_level(enum sw_cpu_level level);

/* The function of the best level there is. */
sw_sweep_function *sw_sweep_best(void);

#endif
