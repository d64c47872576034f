/* SPDX-License-Identifier: ISC
 *
 * A value of a Parquet file as the text that a CSV has for it: numbers in digits, decimals with a
 * point, dates and times in ISO 8601, instants with Z, texts byte for byte, in quotes where they
 * have to be. Exact; what cannot be is an error.
 */
#ifndef SW_PARQUET_CELL_H
#define SW_PARQUET_CELL_H

#include "parquet/chunk.h"

/* Appends it; of null nothing. SW_DATA, "reason: 'VALUE'": a time that does not fit, a decimal of
 * more than 128 bits; SW_SYSTEM: no memory. */
bool sw_parquet_cell_put(const struct sw_parquet_column_kind *kind,
                         const struct sw_parquet_value *value, struct sw_buffer *out,
                         struct sw_error *error) SW_CHECKED;

/* Appends bytes as a field of a CSV. */
bool sw_parquet_field_put(const void *bytes, size_t length, struct sw_buffer *out,
                          struct sw_error *error) SW_CHECKED;

#endif
