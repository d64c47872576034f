/* SPDX-License-Identifier: ISC
 *
 * A picture from gnuplot, ready to stand in a page. gnuplot gets nothing of the data but decimals:
 * in the place of every label it is given a word of the same length, which becomes the label in the
 * picture, so no label can be taken for a command or for markup.
 */
#ifndef SW_PAGE_GNUPLOT_H
#define SW_PAGE_GNUPLOT_H

#include "base/bytes.h"

enum { SW_PAGE_LABEL_MAXIMUM = 24 }; /* characters of a label that are drawn */

/* Appends the word that stands for label number `number` (below 100,000), which is drawn as
 * `label`. */
bool sw_page_label_word(struct sw_buffer *script, size_t number, const char *label,
                        struct sw_error *error) SW_CHECKED;

struct sw_page_drawing {
    const char *gnuplot;            /* the program's path */
    const char *temporary;          /* the folder for what it is given */
    const struct sw_buffer *script; /* what it is to draw, the terminal not included */
    const char *const *labels;      /* by number; an empty one is not drawn */
    size_t label_count;
    size_t number; /* of the drawing in the page */
};

/* Appends the drawing as an svg element. SW_SYSTEM: gnuplot cannot be run or fails. */
bool sw_page_draw(const struct sw_page_drawing *drawing, struct sw_buffer *out,
                  struct sw_error *error) SW_CHECKED;

#endif
