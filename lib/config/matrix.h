/* SPDX-License-Identifier: ISC
 *
 * The jobs of a run: its (security, date) pairs. From the configuration alone where it lists both,
 * or from the events that its files of orders hold, with their number. A job's events are those of
 * the day; an analysis puts an order under the date of its last event.
 */
#ifndef SW_CONFIG_MATRIX_H
#define SW_CONFIG_MATRIX_H

#include "config/configuration.h"

struct sw_matrix_job {
    char *security; /* "" for events without one */
    bool dated;
    int64_t days; /* since 1970; of a dated one */
    uint64_t events;
};

/* Zero-initialize; free with sw_matrix_free. */
struct sw_matrix {
    struct sw_matrix_job *jobs; /* by security, numbers as numbers, then by date */
    size_t count, capacity;
    bool counted; /* events are known */
};

/* Every listed security on every listed date. SW_USAGE: the configuration does not list both, or a
 * range of dates has no end; SW_SYSTEM: an @FILE that cannot be read, more than 100 million jobs.
 */
bool sw_matrix_list(struct sw_matrix *matrix, const struct sw_configuration *configuration,
                    struct sw_error *error) SW_CHECKED;

/* What the files hold, of the rows that the selectors select; an analysis's by security,
 * participant and date alone. Memory grows with the number of jobs. As reading the files. */
bool sw_matrix_count(struct sw_matrix *matrix, const struct sw_configuration *configuration,
                     const char *share_directory, struct sw_error *error) SW_CHECKED;

/* Appends it as "text" (CSV; NULL is the same), "sh", "make" or "json". SW_USAGE: another format.
 */
bool sw_matrix_print(const struct sw_matrix *matrix, const char *format, struct sw_buffer *out,
                     struct sw_error *error) SW_CHECKED;

void sw_matrix_free(struct sw_matrix *matrix);

/* Adds a job; for the modules that fill it. Sorted by sw_matrix_sort when all are there. */
bool sw_matrix_add(struct sw_matrix *matrix, const char *security, size_t length,
                   const struct sw_matrix_job *job, struct sw_error *error) SW_CHECKED;
void sw_matrix_sort(struct sw_matrix *matrix);

#endif
