/* SPDX-License-Identifier: ISC
 *
 * The groups of a grouping taken together to those of a coarser one, whose keys are some of its keys: their records merged, and the sets of
 * distinct members, to which keys that the coarser one has not may belong.
 *
 *     sw_grouping_init(target, …); sw_grouping_begin(target, error); sw_roll_up(from, target, error)
 */
#ifndef SW_GROUP_ROLL_UP_H
#define SW_GROUP_ROLL_UP_H

#include "group/grouping.h"

/* Both are of one shape and one set of dimensions; the target has no cells yet. SW_DATA: a sum that does not fit, with its group;
 * SW_SYSTEM: memory. */
bool sw_roll_up(const struct sw_grouping *from, struct sw_grouping *target,
                struct sw_error *error) SW_CHECKED;

/* Of a target with one key, which the source keeps as a member: its sets get the keys of the source's cells that have it, as a participant's
 * securities and dates are those of the cells where it is met. SW_SYSTEM: memory. */
bool sw_roll_up_keys(const struct sw_grouping *source, struct sw_grouping *target,
                     struct sw_error *error) SW_CHECKED;

#endif
