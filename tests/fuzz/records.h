/* SPDX-License-Identifier: ISC
 *
 * What the fuzz targets of record streams share.
 */
#ifndef SW_TESTS_FUZZ_RECORDS_H
#define SW_TESTS_FUZZ_RECORDS_H

#include "fuzz.h"
#include "record/digest.h"
#include "stream/reader.h"

/* Rows and digest of all streams at a path, everything decoded and looked at; what it ended with
 * stands in error. */
struct fuzz_rows {
    bool good, honest; /* honest: no bound of a directory contradicts a value */
    uint64_t rows, blocks, sum;
    struct sw_error error;
};
struct fuzz_rows fuzz_read(const char *path);

/* Whether a vector is one: codes in the dictionary, as many nulls as it says, and 0 there. */
void fuzz_check_vector(const struct sw_vector *vector, size_t rows, const struct sw_column *column);

/* Whether two rows of vectors of one column hold the same. */
bool fuzz_same_value(const struct sw_vector *a, size_t row_a, const struct sw_vector *b,
                     size_t row_b);

/* Puts all checksums, lengths and counts of a record stream right, as far as it is one. */
void fuzz_repair_stream(uint8_t *bytes, size_t size, unsigned choices);

/* A change of a record stream that leaves its checksums right. */
size_t fuzz_mutate_stream(uint8_t *bytes, size_t size, size_t maximum, unsigned int seed);

#endif
