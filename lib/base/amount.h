/* SPDX-License-Identifier: ISC
 *
 * A number, or none.
 */
#ifndef SW_BASE_AMOUNT_H
#define SW_BASE_AMOUNT_H

#include "base/bytes.h"

struct sw_amount {
    bool known;
    sw_int128 value;
};

#endif
