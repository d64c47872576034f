/* SPDX-License-Identifier: ISC
 *
 * A terminal that pictures are drawn on, with plain ANSI sequences, and left as it was found: a
 * line that is redrawn, or the whole screen. Where it cannot be drawn on (no terminal, a dumb one,
 * one too narrow) nothing here is used: sw_screen_open says so. Draws with write(2), never through
 * stdio.
 */
#ifndef SW_MONITOR_SCREEN_H
#define SW_MONITOR_SCREEN_H

#include "base/bytes.h"

enum { SW_SCREEN_NARROWEST = 40 }; /* columns that a picture needs */

struct sw_screen {
    int fd;
    int columns, rows; /* as of the last drawing */
    bool whole;        /* the alternate screen, else one line */
    bool drawn;
};

/* Whether fd can be drawn on: a terminal that is not dumb (`kind`, the value of TERM; NULL and ""
 * count as dumb) and wide enough. Fills *screen; nothing is drawn yet. */
bool sw_screen_open(struct sw_screen *screen, int fd, const char *kind, bool whole) SW_CHECKED;

/* Draws text in place of what was drawn before: lines cut to the width, and as many as fit.
 * Controls in it become '?'. A whole screen is entered by the first drawing: from then on SIGINT,
 * SIGTERM, SIGHUP, SIGQUIT and SIGPIPE leave it first where they end the program. SW_SYSTEM: no
 * memory. What a terminal refuses is lost. */
bool sw_screen_draw(struct sw_screen *screen, const char *text, size_t length,
                    struct sw_error *error) SW_CHECKED;

/* Leaves the terminal as it was; a line that was drawn stays, with its newline. Harmless twice. */
void sw_screen_close(struct sw_screen *screen);

#endif
