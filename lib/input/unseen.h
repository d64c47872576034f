/* SPDX-License-Identifier: ISC
 *
 * Why nothing was selected, as far as it is plain: a text that a selector wants a column to have, and
 * that the column never has ("Rest of day" where the files say "Rest of Day"). Asked after a run that
 * selected no row, of its files: their first rows, a million of them, are read once more, the columns
 * in question alone. Memory is that of a block.
 */
#ifndef SW_INPUT_UNSEEN_H
#define SW_INPUT_UNSEEN_H

#include "schema/csv_schema.h"
#include "expr/selectors.h"

enum { SW_UNSEEN_ROWS = 1000000 };

struct sw_unseen_settings {
    const struct sw_csv_schemas *csv_schemas; /* NULL where all files are record streams */
    const struct sw_selectors *selectors;
    struct sw_view_settings view;
    const char *share_directory; /* of named sets; NULL: there are none */
    void (*say)(const char *format, ...) SW_PRINTF(1, 2);
};

/* Says "timevaliditydecoded is never \"Rest of day\" in 28452 rows; near is \"Rest of Day\"" of every
 * such text. Nothing is said of pipes, of selectors with an
 * @FILE, nor of what cannot be read: that was the run's business. */
void sw_unseen_say(const struct sw_unseen_settings *settings, const char *const *paths,
                   size_t path_count);

#endif
