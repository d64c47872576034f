/* SPDX-License-Identifier: ISC
 *
 * What went wrong: a status for the exit code and one line for a person (a place, a value, a reason).
 * A callee fills the struct, the caller decides; nothing in lib/ prints or exits.
 *
 *     if (!sw_input_open(&input, path, error)) return false;
 *     return sw_fail(error, SW_DATA, "%s:%ld: %s: not a decimal: '%s'", file, line, column, text);
 */
#ifndef SW_BASE_ERROR_H
#define SW_BASE_ERROR_H

#include <stdbool.h>
#include <stddef.h>

#define SW_CHECKED __attribute__((warn_unused_result))
#define SW_PRINTF(format_index, first) __attribute__((format(printf, format_index, first)))

/* The exit statuses of every program of the suite. */
enum sw_status {
    SW_DONE = 0,
    SW_DATA = 1,   /* malformed, truncated or corrupt data, or none at all */
    SW_USAGE = 2,  /* an unknown option, a column that the user named and the data lacks */
    SW_SYSTEM = 3, /* open, read, write or memory failed */
};

struct sw_error {
    enum sw_status status; /* SW_DONE while nothing is wrong */
    char message[2000]; /* one line, no newline at its end; of a longer one the middle is missing */
    char about[24];     /* the id, a number, of the order that it is about; else empty */
};

/* Records the first failure: status and a printf-formatted line. A later one does not replace it.
 * What a terminal must not have is escaped in it (base/shown.h). Returns false always, so that callers write
 * `return sw_fail(…)`. */
bool sw_fail(struct sw_error *error, enum sw_status status, const char *format, ...)
    SW_PRINTF(3, 4);

/* The same with SW_SYSTEM, ": " and strerror(errno) after the line. */
bool sw_fail_errno(struct sw_error *error, const char *format, ...) SW_PRINTF(2, 3);

/* Notes of a failure already recorded which order it is about; an id that is no number is left out.
 * Returns false always. */
bool sw_fail_about(struct sw_error *error, const char *id);

/* Puts "PREFIX: " before the message of a failure already recorded. Returns false always. */
bool sw_fail_at(struct sw_error *error, const char *prefix);

#endif
