/* SPDX-License-Identifier: ISC
 *
 * The few tables that say what came of a run, for a terminal (output/text_table.h): of a report the securities, of an analysis what a
 * dark pool would have saved and how orders were filled. What is not there is left out.
 */
#ifndef SW_PAGE_GLANCE_H
#define SW_PAGE_GLANCE_H

#include "files/output.h"
#include "page/run.h"

/* Writes them one below the other. Outcomes as sw_page_rows. */
bool sw_glance_write(const struct sw_page_run *run, struct sw_output *output,
                     struct sw_error *error) SW_CHECKED;

#endif
