/* SPDX-License-Identifier: ISC
 *
 * Bars over labels: what is to be drawn, as texts, and the figure that gnuplot makes of it. Several
 * series are told apart by patterns, not by colours.
 */
#ifndef SW_PAGE_CHART_H
#define SW_PAGE_CHART_H

#include "base/bytes.h"

enum { SW_PAGE_SERIES_MAXIMUM = 7, SW_PAGE_BARS_MAXIMUM = 400 };

struct sw_page_bar {
    char *label;
    char *values[SW_PAGE_SERIES_MAXIMUM]; /* decimals; NULL: none */
};

/* Zero-initialize; free with sw_page_chart_free. */
struct sw_page_chart {
    const char *title, *of, *from; /* "Value", "security", the file it is from; not owned */
    size_t top; /* keep so many, those farthest from 0 in the first series; 0: the first ones */
    char *series[SW_PAGE_SERIES_MAXIMUM]; /* their names */
    size_t series_count;
    struct sw_page_bar *bars;
    size_t count, capacity;
    size_t offered; /* bars, kept or not */
};

/* Adds a series by its name. Those beyond SW_PAGE_SERIES_MAXIMUM are left out. */
bool sw_page_chart_series(struct sw_page_chart *chart, const char *name, size_t length,
                          struct sw_error *error) SW_CHECKED;

struct sw_page_text {
    const char *bytes;
    size_t length;
};

/* Offers a bar: a value for each series; what is no decimal is no value. */
bool sw_page_chart_bar(struct sw_page_chart *chart, struct sw_page_text label,
                       const struct sw_page_text *values, struct sw_error *error) SW_CHECKED;

/* How a figure is drawn. */
struct sw_page_pen {
    const char *gnuplot, *temporary; /* as of page/gnuplot.h */
    size_t drawn;                    /* figures so far */
};

/* Appends the figure; nothing where it has no value. */
bool sw_page_chart_draw(const struct sw_page_chart *chart, struct sw_page_pen *pen,
                        struct sw_buffer *out, struct sw_error *error) SW_CHECKED;

void sw_page_chart_free(struct sw_page_chart *chart);

#endif
