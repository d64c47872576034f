/* SPDX-License-Identifier: ISC
 *
 * Order events in the place of classified orders: they are classified first (market/classify.h), into a
 * temporary file without a name.
 */
#ifndef SW_TCA_FROM_EVENTS_H
#define SW_TCA_FROM_EVENTS_H

#include "files/scratch.h"
#include "tca/orders.h"

struct sw_tca_events {
    struct sw_scratch scratch;
    bool open;
    struct sw_input orders; /* the classified ones */
};

/* Whether the first of these files holds events, by what its stream says that a row is. What is no file, such
 * as standard input, is not looked into, and holds none. SW_DATA, SW_SYSTEM: it cannot be read. */
bool sw_tca_is_events(const char *const *paths, size_t count, bool *are_events,
                      struct sw_error *error) SW_CHECKED;

/* Classifies inputs->orders, which are events, orders without trades too where `all` is set, and changes the
 * inputs: the events are what they were, the orders what was made. Zero-initialize before; close in any case, once the
 * inputs are not used any more. SW_DATA, SW_USAGE: as market/classify.h; SW_SYSTEM: the file. */
bool sw_tca_classify(struct sw_tca_events *events, struct sw_tca_inputs *inputs, bool all,
                     const char *folder, struct sw_error *error) SW_CHECKED;

void sw_tca_events_close(struct sw_tca_events *events);

#endif
