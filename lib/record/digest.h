/* SPDX-License-Identifier: ISC
 *
 * A digest of rows that does not depend on their order, on the order of columns, on blocks or on encodings: the sum
 * (modulo 2^64) of a hash of every row. Two streams with the same rows and columns have the same digest; man 5 sw-record has the formula.
 */
#ifndef SW_RECORD_DIGEST_H
#define SW_RECORD_DIGEST_H

#include "record/vector.h"

struct sw_digest {
    uint64_t rows, sum;
    uint64_t *row_hashes; /* scratch */
    size_t capacity;
    uint64_t *text_hashes;
    size_t text_capacity;
};

/* Adds `rows` rows of vectors, one per column of the schema. False with SW_SYSTEM: no memory. Zero-initialize the
 * digest before; free it with sw_digest_free. */
bool sw_digest_add(struct sw_digest *digest, const struct sw_schema *schema,
                   const struct sw_vector *const *vectors, size_t rows,
                   struct sw_error *error) SW_CHECKED;

void sw_digest_free(struct sw_digest *digest);

#endif
