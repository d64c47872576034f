/* SPDX-License-Identifier: ISC
 *
 * The first two parts of a page: what was asked, and what was left out and why.
 */
#ifndef SW_PAGE_ASKED_H
#define SW_PAGE_ASKED_H

#include "page/run.h"

/* All append to out. SW_SYSTEM: no memory; sw_page_left_out also as sw_page_rows. */
bool sw_page_end_told(const struct sw_page_run *run, struct sw_buffer *out,
                      struct sw_error *error) SW_CHECKED;
bool sw_page_asked(const struct sw_page_run *run, struct sw_buffer *out,
                   struct sw_error *error) SW_CHECKED;
bool sw_page_left_out(const struct sw_page_run *run, struct sw_buffer *out,
                      struct sw_error *error) SW_CHECKED;

#endif
