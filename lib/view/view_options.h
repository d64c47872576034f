/* SPDX-License-Identifier: ISC
 *
 * The option rows of a view's settings (view/view.h), for the table of every program that computes
 * derived columns:
 *
 *     static struct { struct sw_view_settings view; … } set;
 *     static const struct sw_option options[] = {
 *         SW_VIEW_OPTIONS(set.view),
 */
#ifndef SW_VIEW_VIEW_OPTIONS_H
#define SW_VIEW_VIEW_OPTIONS_H

#include "program/options.h"
#include "view/view.h"

#define SW_VIEW_OPTIONS(view)                                                                      \
    SW_OPTION(0, "tz", "ZONE", (view).zone,                                                        \
              "local time: an offset or a name, by default the schema's zone"),                    \
        SW_OPTION(0, "sizes", "BOUNDS", (view).sizes,                                              \
                  "the upper bounds of the order sizes, 1000,5000,10000,50000 by default")

/* The same where nothing but selectors needs them. */
#define SW_SELECTOR_VIEW_OPTIONS(view)                                                             \
    SW_OPTION(0, "tz", "ZONE", (view).zone,                                                        \
              "local time in selectors: an offset or a name, by default the schema's zone"),       \
        SW_OPTION(0, "sizes", "BOUNDS", (view).sizes,                                              \
                  "the upper bounds of the order sizes in EXPR, 1000,5000,10000,50000 by default")

#endif
