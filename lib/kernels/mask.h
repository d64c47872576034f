/* SPDX-License-Identifier: ISC
 *
 * The inner loops of conditions: mask (expr/tree.h), a byte each, of 64-bit values, joined, and
 * made row numbers. Each has a way for any CPU and one for AVX2, chosen when the program runs; both
 * give the same.
 */
#ifndef SW_KERNELS_MASK_H
#define SW_KERNELS_MASK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Kleene's mask: && is the least of them, || the largest, ! the difference from SW_TRUE. */
enum {
    SW_FALSE = 0,
    SW_UNKNOWN = 1,
    SW_TRUE = 2,
};

struct sw_mask {
    /* Sets mask[i] to SW_TRUE where values[i] is from low to low + span, else to SW_FALSE; the
     * other way round where inverted. Signs do not matter: arithmetic is modulo 2^64. */
    void (*range)(const int64_t *values, size_t count, uint64_t low, uint64_t span, bool inverted,
                  unsigned char *mask);
    /* Lowers mask[i] to more[i], which is &&, or raises it, which is ||. */
    void (*lower)(unsigned char *mask, const unsigned char *more, size_t count);
    void (*raise)(unsigned char *mask, const unsigned char *more, size_t count);
    /* Writes first + i for each mask[i] that is SW_TRUE, ascending, and returns how many they
     * are. rows[] has room for `count`. */
    size_t (*rows)(const unsigned char *mask, size_t count, uint32_t first, uint32_t *rows);
    /* The same of rows from 0 on whose mask is that of their code. */
    size_t (*coded)(const unsigned char *mask, const uint32_t *codes, size_t count, uint32_t *rows);
};

/* The best there is on this CPU. */
const struct sw_mask *sw_mask_best(void);

#endif
