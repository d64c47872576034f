/* SPDX-License-Identifier: ISC
 *
 * What the jobs of an analysis counted, by security: tables of numbers between tabs, a line of names in front, of which each job wrote one
 * for its securities, put together in the order of the securities' list.
 */
#ifndef SW_LEDGER_TALLIES_H
#define SW_LEDGER_TALLIES_H

#include "base/bytes.h"

enum { SW_TALLY_COLUMNS = 128 };

/* Zero-initialize; free with sw_tallies_free. */
struct sw_tallies {
    const char *names[SW_TALLY_COLUMNS]; /* the first is that of the security */
    size_t columns;                      /* 0: there is no security */
    const char **codes;                  /* of each line */
    uint64_t (*lines)[SW_TALLY_COLUMNS];
    size_t count;
    uint64_t sums[SW_TALLY_COLUMNS]; /* over all lines; of ages the largest */
    struct sw_buffer *files;
    size_t file_count;
};

/* Reads the tallies, and brings them into the order of `list`, whose lines begin with a security. SW_SYSTEM: a file that cannot
 * be read or is none of this form; other columns than in another one; a security that is in none. */
bool sw_tallies_read(struct sw_tallies *tallies, const char *list, const char *const *paths,
                     size_t count, struct sw_error *error) SW_CHECKED;
void sw_tallies_free(struct sw_tallies *tallies);

/* The sum of a column; 0 where there is none of this name. */
uint64_t sw_tallies_sum(const struct sw_tallies *tallies, const char *name);

/* Appends all as CSV, whatever they count, "all" being the last line; nothing where there is no security. */
bool sw_tallies_whole(const struct sw_tallies *tallies, struct sw_buffer *out,
                      struct sw_error *error) SW_CHECKED;

/* Append all as one such table; the ledger by security, as CSV, "all" being its last line; and the lines of the scenarios in
 * ledger.csv. SW_SYSTEM of the second: trades that are not matched and unmatched, or not of one kind each. */
bool sw_tallies_print(const struct sw_tallies *tallies, struct sw_buffer *out,
                      struct sw_error *error) SW_CHECKED;
bool sw_tallies_by_security(const struct sw_tallies *tallies, struct sw_buffer *out,
                            struct sw_error *error) SW_CHECKED;
bool sw_tallies_scenarios(const struct sw_tallies *tallies, struct sw_buffer *out,
                          struct sw_error *error) SW_CHECKED;

#endif
