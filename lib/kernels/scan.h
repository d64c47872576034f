/* SPDX-License-Identifier: ISC
 *
 * Finds what separates fields: the places of all separators and newlines in a piece of text that has no
 * quotes. 64 bytes at a step become bit masks, and the masks become places; the best way for the
 * CPU is chosen when the program runs. Knows nothing of rows or of quoting: it stops at the first
 * quote and says so.
 *
 *     bytes      1,20,300\n4,50,600\n
 *     places      1  4   8  10 13  17        base + place is the separator
 */
#ifndef SW_KERNELS_SCAN_H
#define SW_KERNELS_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernels/cpu.h"

enum { SW_SCAN_STEP = 64 };

struct sw_scan {
    size_t places;   /* separators found */
    size_t newlines; /* newlines among them */
    bool quote;      /* a quote stands somewhere between `from` and `to` */
};

/* Writes the places of the separators, such as commas, and of the newlines in base[from..to), ascending. `places` must have
 * room for to - from + 16 numbers, and SW_SCAN_STEP bytes after `to` must be readable. Where there
 * is a quote, the result's `quote` is set and nothing else in it counts. */
typedef struct sw_scan sw_scan_function(const char *base, size_t from, size_t to, char separator,
                                        uint32_t *places);

/* The function of a level; NULL where this CPU or build has no such level. */
sw_scan_function *sw_scan_of_level(enum sw_cpu_level level);

/* The function of the best level there is. */
sw_scan_function *sw_scan_best(void);

#endif
