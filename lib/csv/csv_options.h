/* SPDX-License-Identifier: ISC
 *
 * What a program's user says of CSV files above their schema, as options.
 */
#ifndef SW_CSV_CSV_OPTIONS_H
#define SW_CSV_CSV_OPTIONS_H

#include "schema/csv_schema.h"
#include "program/options.h"

/* For an option table; `changes` is a struct sw_csv_schema_changes. */
#define SW_CSV_OPTIONS(changes)                                                                    \
    SW_OPTION(0, "separator", "SEPARATOR", (changes).separator,                                    \
              "comma, tab, semicolon, pipe or a character, instead of the schema's"),              \
        SW_OPTION(0, "names", "NAME,…", (changes).names,                                           \
                  "the columns' names: the files have no header"),                                 \
        SW_OPTION(0, "zone", "ZONE", (changes).zone,                                               \
                  "the zone of times without an offset, instead of the schema's"),                 \
        SW_OPTION(0, "name", "NAME", (changes).name,                                               \
                  "take NAME for the file's name, where the schema reads columns off it"),         \
        SW_OPTION(0, "canonical", NULL, (changes).canonical,                                       \
                  "the files are CSV that this suite wrote: only names and types are the "         \
                  "schema's")

#endif
