/* SPDX-License-Identifier: ISC
 *
 * Which figures a page has: value, orders, fill ratios and savings over what the tables of a run
 * are grouped by, and how its stages went. A table or a column that is not there has no figure.
 */
#ifndef SW_PAGE_PLOTS_H
#define SW_PAGE_PLOTS_H

#include "page/chart.h"
#include "page/run.h"

/* The results' figures. As sw_page_rows and sw_page_draw. */
bool sw_page_plots(const struct sw_page_run *run, struct sw_page_pen *pen, struct sw_buffer *out,
                   struct sw_error *error) SW_CHECKED;

/* The stages' figures. */
bool sw_page_stage_plots(const struct sw_page_run *run, struct sw_page_pen *pen,
                         struct sw_buffer *out, struct sw_error *error) SW_CHECKED;

#endif
