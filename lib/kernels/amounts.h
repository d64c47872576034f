/* SPDX-License-Identifier: ISC
 *
 * The inner loops of order_quantity, size, fill, fill_ratio and value, over 64-bit columns without
 * nulls. Each
 * has a way for any CPU, one for AVX2 and one for AVX-512, chosen when the program runs; all give the same numbers.
 */
#ifndef SW_KERNELS_AMOUNTS_H
#define SW_KERNELS_AMOUNTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    SW_AMOUNT_BOUNDS = 4,
    SW_AMOUNT_SLICE = 256, /* rows that ratios are asked for at most */
};

/* How a row was filled: nothing matched; something; all that was asked for. */
enum { SW_AMOUNT_NONE, SW_AMOUNT_PARTIAL, SW_AMOUNT_FULL };

struct sw_amounts {
    /* Sets asked[] to the larger of quantity and matched + leaves. False where one of the two is
     * negative or 2^62 or more: then asked[] means nothing. */
    bool (*asked)(const int64_t *quantities, const int64_t *matched, const int64_t *leaves,
                  size_t rows, int64_t *asked);
    /* Sets places[] to how many of the ascending bounds each quantity is above. */
    void (*sizes)(const int64_t bounds[SW_AMOUNT_BOUNDS], const int64_t *quantities, size_t rows,
                  uint32_t *places);
    /* Sets fills[] to SW_AMOUNT_… */
    void (*fills)(const int64_t *matched, const int64_t *quantities, size_t rows, uint32_t *fills);
    /* Sets ratios[] to matched × 10^18 ÷ quantity, half away from zero, and to 0 where quantity is
     * 0. False where a row is none of the usual ones, matched from 0 to quantity and that below
     * 2^33: then ratios[] means nothing. */
    bool (*ratios)(const int64_t *matched, const int64_t *quantities, size_t rows, int64_t *ratios);
    /* Sets values[] to price × quantity, up to the first that does not fit 64 bits; gives how many
     * are before it, `rows` where all fit. values[] after that may be anything. */
    size_t (*values)(const int64_t *prices, const int64_t *quantities, size_t rows,
                     int64_t *values);
};

/* The best there is on this CPU. */
const struct sw_amounts *sw_amounts_best(void);

#endif
