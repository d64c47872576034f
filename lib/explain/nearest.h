/* SPDX-License-Identifier: ISC
 *
 * Which of the known schemas comes nearest to a file, and what it lacks: of a file with a header,
 * the one that knows most of its names; of one without, the one of as many columns that reads most
 * of them.
 */
#ifndef SW_EXPLAIN_NEAREST_H
#define SW_EXPLAIN_NEAREST_H

#include "explain/evidence.h"
#include "schema/csv_schema.h"

struct sw_nearest {
    const struct sw_csv_schema *csv_schema; /* NULL: none comes near. Not owned */
    size_t known;   /* names that it knows; without a header, columns of numbers and times that it
                     reads */
    size_t of;      /* as many there are */
    size_t unread;  /* of the known, those with a value that is none of their type */
    bool fits;      /* its conditions are met by this header */
    size_t fitting; /* how many schemas' are */
};

/* Whether the schema reads all fields of a column from `first_row` on, which the file calls so;
 * *bad is the first one that it does not read. What it does not know, it reads. */
bool sw_nearest_reads(const struct sw_csv_schema *csv_schema, const char *name,
                      const struct sw_sample *sample, size_t first_row, size_t column,
                      struct sw_piece *bad);

/* Of the names of a header, which is the first row of the sample. */
void sw_nearest_by_names(const struct sw_csv_schemas *csv_schemas, const struct sw_names *names,
                         const struct sw_sample *sample, struct sw_nearest *nearest);

/* Of a sample without a header. */
void sw_nearest_by_rows(const struct sw_csv_schemas *csv_schemas, const struct sw_sample *sample,
                        struct sw_nearest *nearest);

#endif
