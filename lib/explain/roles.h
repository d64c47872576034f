/* SPDX-License-Identifier: ISC
 *
 * The suite's own names for columns that reports and analyses go by (price, quantity, timestamp,
 * …), told by what others call them.
 */
#ifndef SW_EXPLAIN_ROLES_H
#define SW_EXPLAIN_ROLES_H

#include "explain/guess.h"

/* Sets canonical[i] for each column that is one of these: at most one each, and none that the file
 * has under its own name. keys are the columns' names, lower case, letters and digits only; names
 * as they are. Static texts; what no role is stays as it is. */
void sw_roles_find(char *const *names, char *const *keys, const struct sw_guess *guesses,
                   size_t count, const char **canonical);

/* Writes the letters and digits of a name, lower case: `key` has room for all of it. */
void sw_roles_key(const char *name, char *key);

#endif
