/* SPDX-License-Identifier: ISC
 *
 * The header line of a CSV, which is the first line that is a row: found and cut into names. The
 * source stays where it is.
 */
#ifndef SW_CSV_HEADER_H
#define SW_CSV_HEADER_H

#include "schema/csv_schema.h"
#include "csv/source.h"
#include "program/tally.h"

struct sw_header {
    struct sw_names names;
    size_t from, to;              /* where it lies after source->start, its line end included */
    uint64_t lines;               /* up to its end */
    struct sw_line_counts counts; /* of these */
    bool unread;                  /* of a failure: the source could not be read so far */
};

/* SW_DATA: there is no such line, it is none of ours, it has more than SW_COLUMNS_MAXIMUM names. */
bool sw_header_read(struct sw_source *source, const struct sw_dialect *dialect,
                    struct sw_header *header, struct sw_error *error) SW_CHECKED;

/* The length of the line at `text` + from, without its line end. */
size_t sw_header_length(const struct sw_source *source, const struct sw_header *header);

/* Harmless on a zero-initialized one. */
void sw_header_free(struct sw_header *header);

#endif
