/* SPDX-License-Identifier: ISC
 *
 * When a security's session is open: a record stream of changes, sorted by security and timestamp,
 * each of which holds until the next of its security.
 */
#ifndef SW_DARKBOOK_SESSIONS_H
#define SW_DARKBOOK_SESSIONS_H

#include "sort/sort_keys.h"
#include "stream/reader.h"

enum { SW_SESSION_SECURITY, SW_SESSION_TIME, SW_SESSION_NAME, SW_SESSION_COLUMNS };

struct sw_sessions {
    const char *path, *open; /* NULL: no file; the names that are open, between commas */
    struct sw_reader reader;
    int columns[SW_SESSION_COLUMNS];
    const struct sw_vector *vectors[SW_SESSION_COLUMNS];
    const struct sw_vector **by_column;
    struct sw_sort_key keys[2];
    struct sw_sorted sorted;
    size_t rows, at;
};

/* SW_DATA: a column security_code, timestamp or name that is missing or not of its type. Zero-initialize
 * before; free in any case. */
bool sw_sessions_open(struct sw_sessions *sessions, const char *path, const char *open,
                      const struct sw_column *security, struct sw_error *error) SW_CHECKED;

/* The next change of the security at the vector's row, without taking it: SW_END where there is
 * none left. Those of securities before it are passed over. SW_DATA: out of order, no timestamp. */
enum sw_step sw_sessions_peek(struct sw_sessions *sessions, const struct sw_vector *security,
                              size_t row, int64_t *time_ns, struct sw_error *error) SW_CHECKED;

/* Takes it: whether the session is open from then on. */
bool sw_sessions_take(struct sw_sessions *sessions);

void sw_sessions_free(struct sw_sessions *sessions);

#endif
