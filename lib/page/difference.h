/* SPDX-License-Identifier: ISC
 *
 * The difference of two decimals that are texts: exact, and in percent of the first.
 */
#ifndef SW_PAGE_DIFFERENCE_H
#define SW_PAGE_DIFFERENCE_H

#include "base/number.h"
#include "record/vector.h"

struct sw_difference {
    char difference
        [SW_NUMBER_LENGTH +
         1]; /* after - before, canonical; "" where one is no decimal, or it does not fit 128 bits */
    char percent
        [SW_NUMBER_LENGTH +
         1]; /* 100 × difference ÷ before, two decimals, half away from zero; "" where before is 0 as well */
};

struct sw_difference sw_difference_of(struct sw_text before, struct sw_text after);

#endif
