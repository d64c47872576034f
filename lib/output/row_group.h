/* SPDX-License-Identifier: ISC
 *
 * Rows gathered in stripes: runs of rows that end where a count of rows or of text bytes is
 * reached, wherever the blocks they came in ended. So the same rows make the same stripes, and what
 * is written of them the same bytes.
 *
 *     for (size_t from = 0; from < rows;) {
 *         if (!sw_stripe_take(&stripe, vectors, from, rows, &from, error)) return false;
 *         if (sw_stripe_full(&stripe)) … write it; sw_stripe_reset(&stripe) …
 *     }
 *
 * A stripe's values also have to fit the types of Parquet and Arrow, which sw_stripe_check sees to:
 *
 *     int      int64                    time     timestamp, ns, UTC
 *     uint     uint64                   date     date32
 *     decimal  decimal(38, scale)       text     UTF-8
 */
#ifndef SW_OUTPUT_ROW_GROUP_H
#define SW_OUTPUT_ROW_GROUP_H

#include "record/vector.h"

enum {
    SW_STRIPE_TEXT_BYTES =
        4 << 20, /* the row that reaches it ends a stripe; repeated texts count each time */
    SW_EXPORT_DIGITS = 38, /* of a decimal */
};

struct sw_stripe {
    const struct sw_schema *schema; /* not owned */
    struct sw_builder *builders;    /* one per column: the stripe's rows so far */
    size_t rows, row_limit;
    size_t text_bytes;
    uint64_t rows_before; /* of all stripes that were reset */
};

/* A stripe of at most row_limit rows and cell_limit values, but at least a row. The schema stays
 * while it is used. SW_DATA when a column's name is not UTF-8; SW_SYSTEM: memory. Free with
 * sw_stripe_free, also after a failure; zero-initialize before. */
bool sw_stripe_open(struct sw_stripe *stripe, const struct sw_schema *schema, size_t row_limit,
                    size_t cell_limit, struct sw_error *error) SW_CHECKED;
void sw_stripe_free(struct sw_stripe *stripe);

/* Appends rows of the vectors (one per column) from `from` up to, not including, `end` as far as
 * the stripe takes them; *next is the first that it did not. SW_SYSTEM: memory. */
bool sw_stripe_take(struct sw_stripe *stripe, const struct sw_vector *const *vectors, size_t from,
                    size_t end, size_t *next, struct sw_error *error) SW_CHECKED;

bool sw_stripe_full(const struct sw_stripe *stripe);

/* SW_DATA, "row N: COLUMN: …", N counted from 1 over all stripes, where a value does not fit its
 * type. */
bool sw_stripe_check(const struct sw_stripe *stripe, struct sw_error *error) SW_CHECKED;

/* Begins the next stripe. */
void sw_stripe_reset(struct sw_stripe *stripe);

#endif
