/* SPDX-License-Identifier: ISC
 *
 * One row into its fields, the general way: plain rows at their separators, rows with quotes through
 * libcsv in its strict mode. The fields' bytes are copied to a text of their own, where quotes are
 * gone; every byte of a field is kept, blanks too.
 *
 *     text    …,abc,say "hi",12,
 *     cells     3   7       16 19        field i lies between cells[i] and cells[i + 1]
 */
#ifndef SW_CSV_SPLIT_ROW_H
#define SW_CSV_SPLIT_ROW_H

#include <csv.h>

#include "base/bytes.h"

enum sw_split {
    SW_SPLIT_GOOD,
    SW_SPLIT_BROKEN, /* a quote where none may stand, or none where one must */
    SW_SPLIT_LARGE,  /* a field of a row with quotes has more than SW_TEXT_MAXIMUM bytes */
    SW_SPLIT_FAILED, /* SW_SYSTEM: no memory */
};

struct sw_splitter {
    char separator;
    struct csv_parser parser;
    struct sw_buffer text;
    uint32_t *cells; /* of all rows since the last reset */
    size_t cell_count, cell_capacity;
    size_t field_maximum; /* cells are written for at most so many fields a row */
    bool always_libcsv;   /* whole rows, plain ones too: for the test that compares the two */
    size_t fields;        /* of the row at hand */
    bool large;           /* one of them is too long */
};

/* SW_SYSTEM: no memory. field_maximum is 1 or more. */
bool sw_splitter_open(struct sw_splitter *splitter, char separator, size_t field_maximum,
                      struct sw_error *error) SW_CHECKED;

/* Appends the fields of a row, given without its line end and not empty: field_maximum + 1 cells,
 * if it has as many fields; *fields is how many it has. When it has another number of fields, or is
 * not SW_SPLIT_GOOD, text and cells are as they were. */
enum sw_split sw_split_row(struct sw_splitter *splitter, const char *row, size_t length,
                           size_t *fields, struct sw_error *error) SW_CHECKED;

/* Forgets all rows. */
void sw_splitter_reset(struct sw_splitter *splitter);

void sw_splitter_free(struct sw_splitter *splitter);

#endif
