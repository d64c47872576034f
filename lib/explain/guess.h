/* SPDX-License-Identifier: ISC
 *
 * What type a column may be of, and what speaks for it: the first type of a list, from the narrow
 * to the wide, that reads every value of the sample. A number is taken for a time only where it
 * lies in the right years and the column's name, or that it never falls, says so as well.
 */
#ifndef SW_EXPLAIN_GUESS_H
#define SW_EXPLAIN_GUESS_H

#include "explain/evidence.h"
#include "parquet/description.h"
#include "schema/field_parser.h"

enum { SW_SPELLINGS = 6 };

/* What a column of sides writes for one of them. */
struct sw_spellings {
    struct sw_piece items[SW_SPELLINGS];
    size_t count;
};

struct sw_guess {
    const char *type, *format; /* as a schema has them; format NULL: none. Static */
    enum sw_field_form form;
    bool local;                      /* of a clock of nobody knows where */
    struct sw_spellings buys, sells; /* of a column of sides */
    struct sw_spellings neither;
    struct sw_evidence evidence;
    char reason[300]; /* one line, as a terminal may have it */
};

/* How the file is written, as far as it was told already. */
struct sw_guess_file {
    const struct sw_sample *sample;
    size_t first_row; /* after the header */
    bool has_header, comma_point;
};

/* name: of the column, lower case, letters and digits only; "" where there is no header. SW_SYSTEM:
 * no memory. */
bool sw_guess_column(const struct sw_guess_file *file, size_t column, const char *name,
                     struct sw_guess *guess, struct sw_error *error) SW_CHECKED;

/* What the file says itself of a column goes before what its values look like. */
void sw_guess_by_parquet(const struct sw_parquet_column_kind *kind, struct sw_guess *guess);

/* Whether the text is a number, a time, a date or a clock: no name of a column. */
bool sw_guess_is_value(const char *text, size_t length, bool *value,
                       struct sw_error *error) SW_CHECKED;

#endif
