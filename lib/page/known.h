/* SPDX-License-Identifier: ISC
 *
 * What is known of the tables and columns of a run: how to call them, what they are. What is not
 * known is shown all the same.
 */
#ifndef SW_PAGE_KNOWN_H
#define SW_PAGE_KNOWN_H

#include <stddef.h>

struct sw_page_known {
    const char *stem;  /* the file's name without its ending */
    const char *title; /* plain English */
    const char *what;  /* one sentence */
};

/* The tables in the order in which they are shown; the last one has no stem. */
extern const struct sw_page_known sw_page_tables[];

/* The place of a file in that list, of the file's name with any ending; that of the last one: it is
 * not there. */
size_t sw_page_place(const char *file);

/* What a column of a ledger or of a count of what to beware of means; NULL: not known. */
const char *sw_page_meaning(const char *column);

/* The columns that say what a result rests on, NULL-ended; the first one names the row. */
extern const char *const sw_page_beware[];

/* The same of a match: what became of its sweeps. */
extern const char *const sw_page_unmatched[];

#endif
