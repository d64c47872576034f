/* SPDX-License-Identifier: ISC
 *
 * How long a column is as CSV, without printing it: for what a stream saves.
 */
#ifndef SW_OUTPUT_CSV_LENGTH_H
#define SW_OUTPUT_CSV_LENGTH_H

#include "record/vector.h"

/* Bytes of all fields of the column as sw-cut prints them, and of the comma or newline after each.
 */
uint64_t sw_csv_length(const struct sw_vector *vector);

#endif
