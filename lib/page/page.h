/* SPDX-License-Identifier: ISC
 *
 * The page of a run's results: one file of HTML, without any reference to another, that a browser
 * shows from the disk. It opens with what was asked and what was left out, shows figures and
 * tables, whose cells are the files' own strings, and says how the run went.
 */
#ifndef SW_PAGE_PAGE_H
#define SW_PAGE_PAGE_H

#include "files/output.h"
#include "page/chart.h"
#include "page/run.h"

struct sw_page {
    const struct sw_page_run *run;
    const char *style, *script; /* the texts of share/page */
    const char *version;        /* of the suite */
    struct sw_page_pen *pen;    /* NULL: without figures */
};

/* Writes the page. As sw_page_rows, sw_page_draw and sw_output_write. */
bool sw_page_write(const struct sw_page *page, struct sw_output *output,
                   struct sw_error *error) SW_CHECKED;

#endif
