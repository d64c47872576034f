/* SPDX-License-Identifier: ISC
 *
 * What the beginning of a file shows of the whole: how its lines are written, whether it has a
 * header, what its columns are called and may be. Decides everything that a draft says, and writes
 * nothing.
 */
#ifndef SW_EXPLAIN_DESCRIPTION_H
#define SW_EXPLAIN_DESCRIPTION_H

#include "explain/guess.h"
#include "explain/nearest.h"

enum { SW_IGNORED_LINES = 20, SW_PREFIX_MAXIMUM = 120 };

struct sw_file_description {
    struct sw_sample sample;
    bool has_header; /* its names are those of a line */
    bool twice;      /* of which one stands twice, so that the line is ignored */
    bool comma_point;
    size_t first_row;       /* of the sample, after the header */
    struct sw_names names;  /* of all columns, made up where there are none */
    char **keys;            /* the same (explain/roles.h) */
    const char **canonical; /* what the draft calls them; NULL: it leaves them out */
    struct sw_guess *guesses;
    int time, date, clock; /* the columns that times are of; -1: none */
    char ignored[SW_IGNORED_LINES]
                [SW_PREFIX_MAXIMUM + 1]; /* what lines begin with that are no rows */
    size_t ignored_count;
    size_t ragged; /* lines of another width that are not ignored */
    struct sw_nearest nearest;
};

/* As sw_draft_file. */
bool sw_describe_file(struct sw_file_description *description, const char *path,
                      const struct sw_csv_schemas *csv_schemas, struct sw_error *error) SW_CHECKED;

/* Harmless on a zero-initialized one. */
void sw_file_description_free(struct sw_file_description *description);

/* Whether the text can stand in a schema as a word, quoted or not. */
bool sw_is_schema_word(const char *text, size_t length);

#endif
