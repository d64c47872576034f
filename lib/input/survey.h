/* SPDX-License-Identifier: ISC
 *
 * What a run has to know of its inputs, all of them, as lines (input/probe_print.h): of each what it is, by what it is known, and the
 * chunks to read it in, or the group that it is read in with others (input/small_files.h).
 *
 *     struct sw_survey survey = {.probe = …, …};
 *     good = sw_survey_begin(&survey, paths, count, error) && sw_survey_inputs(&survey, paths, count, error);
 *     sw_survey_free(&survey);
 */
#ifndef SW_INPUT_SURVEY_H
#define SW_INPUT_SURVEY_H

#include "files/seen.h"
#include "input/probe_identity.h"
#include "input/small_files.h"

struct sw_survey {
    struct sw_probe_settings probe;
    struct sw_probe_identity identity;
    struct sw_probe_division division;
    const char *common; /* "COL,…": those of these that all files have are wanted; NULL: not said */
    /* "TABLE,…": a file whose header tells another is wrong; NULL: any will do. */
    const char *holds;
    /* "COL,…": whether the first file has all of these is of interest; NULL: it is not. */
    const char *needed;
    /* By which a header tells its table, those of the probe where they are; with holds. */
    const struct sw_csv_schemas *known;
    /* Of so many rows, sides that are neither 1 nor 2 are wrong (input/sides.h). */
    uint64_t side_rows;
    bool headers; /* no identities, no chunks */
    bool group;   /* small files are taken together */
    bool
        seen; /* tells what files were seen as: nothing but them may change what their identities rest on */
    void (*say)(const char *format, ...) SW_PRINTF(1, 2);
    void (*say_place)(const char *text, const char *mark);
    struct sw_output *output;
    /* the rest is the module's own */
    struct sw_buffer columns, key; /* of common; the key with them */
    struct timespec begun;
    struct sw_small_files small;
    struct sw_buffer small_lines, small_header; /* of the files there; the header of the last */
    uint64_t bytes;                             /* of all inputs so far */
    /* The schema that the headers of all inputs of text so far have found, of the probe's; NULL: none, or several. */
    const struct sw_csv_schema *found;
    bool found_several;
    bool lacks; /* after sw_survey_inputs: the first file lacks one of those needed */
};

/* Finds the columns that all files have, where that is asked for, which then are wanted and a part of the key, and what identities have in common.
 * As sw_common_columns and sw_probe_identity_begin. To be freed in any case. */
bool sw_survey_begin(struct sw_survey *survey, const char *const *paths, size_t count,
                     struct sw_error *error) SW_CHECKED;

/* Writes all lines of all inputs. SW_DATA: a file that holds something else; else as sw_probe_open, sw_probe_identify and sw_probe_plan. */
bool sw_survey_inputs(struct sw_survey *survey, const char *const *paths, size_t count,
                      struct sw_error *error) SW_CHECKED;

/* Opens one of them, and looks at what it holds and at its sides: what is wrong with a file itself goes before what selectors and columns find
 * wrong with it. As sw_probe_open; SW_DATA as well: a file that holds something else, and as sw_sides_check. To be closed in any case. */
bool sw_survey_open(struct sw_survey *survey, const char *path, struct sw_probe *probe,
                    struct sw_error *error) SW_CHECKED;

/* Whether "WORD,…" has the word. */
bool sw_survey_list_has(const char *list, const char *word);

/* Writes, of each, the schema that its header finds ("-" of a stream) and what its rows are, between them a tab. As sw_probe_open. */
bool sw_survey_found(struct sw_survey *survey, const char *const *paths, size_t count,
                     struct sw_error *error) SW_CHECKED;

/* Writes the identities alone. As sw_probe_identify. */
bool sw_survey_identities(struct sw_survey *survey, const char *const *paths, size_t count,
                          struct sw_error *error) SW_CHECKED;

/* Whether the files still have the identities that stand at the ends of the lines of the file `known`, from the line `from` on (0: the first).
 * SW_DATA, and *changed is true: one has not. SW_SYSTEM: as sw_probe_identify; the list cannot be read. */
bool sw_survey_unchanged(struct sw_survey *survey, const char *known, uint64_t from,
                         const char *const *paths, size_t count, bool *changed,
                         struct sw_error *error) SW_CHECKED;

void sw_survey_free(struct sw_survey *survey);

#endif
