/* SPDX-License-Identifier: ISC
 *
 * By which schema, and with which columns, several files can be read as one table: what they must have, what they may have, and whether they
 * agree.
 *
 *     struct sw_layout layout = {.survey = &survey, .table = "trades", …};
 *     good = sw_layout_find(&layout, paths, count, error) && sw_layout_print(&layout, output, error);
 *     sw_layout_free(&layout);
 */
#ifndef SW_INPUT_LAYOUT_H
#define SW_INPUT_LAYOUT_H

#include "input/survey.h"

struct sw_layout {
    struct sw_survey *survey; /* how files are opened, and what they may hold; without common */
    const char *table;        /* what they are called together */
    const char *need;         /* "COL,…": a file without one of these is wrong; NULL: none */
    const char *common;       /* "COL,…": as sw_common_columns; NULL: none */
    const char *together;     /* a column that all files have, or none; NULL: none */
    bool same;                /* files with other columns than the first one are wrong */
    bool own_schema;          /* the survey's schema is a file of the user's own */
    /* "KIND,…": where the files cannot be read so, it is by the schema that the header of the first one finds, if its rows are one of these;
     * NULL: no other schema is looked for. The survey's `known` are those that it may be. */
    const char *kinds;
    /* After a failure: what is wrong is what the files are together, no file by itself. */
    bool disagree;
    /* the rest is the module's own */
    struct sw_csv_schemas found;  /* none: it is the survey's own schema */
    struct sw_buffer first, last; /* headers */
    struct sw_buffer columns;
    bool reordered, some_with, some_without;
};

/* Opens every file, under the schema that was found from then on. SW_DATA: columns that are not there, that only some have, or that are
 * others than the first file's; SW_USAGE: the header of the first one fits several schemas; else as sw_survey_open. To be freed in any case. */
bool sw_layout_find(struct sw_layout *layout, const char *const *paths, size_t count,
                    struct sw_error *error) SW_CHECKED;

/* Writes "schema NAME", where another one was found; "header COL,…", that of the first file; "columns COL,…", those of `common` that all have,
 * or, with `same` and where files have them in another order than the first, all of them in the schema's order. */
bool sw_layout_print(const struct sw_layout *layout, struct sw_output *output,
                     struct sw_error *error) SW_CHECKED;

void sw_layout_free(struct sw_layout *layout);

#endif
