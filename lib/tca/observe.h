/* SPDX-License-Identifier: ISC
 *
 * Lets probes see the market go by (tca/probes.h): moments and probes side by side, by security and
 * time. A mid is that of the last quote strictly before its time that has both sides and is not
 * crossed. A trade waits for the mids of the 300 s behind it, so memory is that of the trades of one
 * security in 300 s, and of a day's entry for each security and date (tca/days.h).
 */
#ifndef SW_TCA_OBSERVE_H
#define SW_TCA_OBSERVE_H

#include "tca/days.h"
#include "tca/moments.h"
#include "tca/probes.h"

/* probes: finished, at their beginning, and released by this; sights: open, and finished by this; prices of probes and sights
 * are multiples of 10^-price_scale, no coarser than the moments'. SW_DATA: moments not in order, a
 * price or a sum out of range; SW_SYSTEM: memory, a temporary file. */
bool sw_observe(struct sw_probes *probes, struct sw_moments *moments, int price_scale,
                struct sw_days *days, struct sw_sights *sights, struct sw_error *error) SW_CHECKED;

#endif
