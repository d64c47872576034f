/* SPDX-License-Identifier: ISC
 *
 * What a part of a fold (states/fold_orders.h) has after the columns of the events.
 */
#ifndef SW_STATES_FOLD_PART_H
#define SW_STATES_FOLD_PART_H

#include "stream/index.h"

#define SW_PART_EVENTS "#events"       /* how many went into the row */
#define SW_PART_BUCKET SW_INDEX_BUCKET /* the upper bits of its hash */

enum { SW_PART_BUCKET_SHIFT = 48 };

#endif
