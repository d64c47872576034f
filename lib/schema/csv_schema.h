/* SPDX-License-Identifier: ISC
 *
 * Schema files (share/schemas/NAME.schema): what a kind of CSV calls its columns and what they
 * hold, how it is written, and by which header names it is told. Turns the names of a header line
 * into the schema of a record stream. Knows no CSV; csv/file.h reads the header.
 *
 *     table orders                         the stream's table name
 *     time timestamp                       its time column, if it has one;
 *     time timestamp date clock            one that is made of a date and a clock
 *     column order_id uint orderid         NAME TYPE[:SCALE] [ALIAS…]; TYPE:UNIT of times and clocks
 *     rows events                          what a row is (record/schema.h); not said: rows
 *     zone Australia/Sydney                the zone of local time; not said: UTC
 *     value bid null 0 -9223372036854775808   what is written so, is null (schema/value_map.h)
 *     format date %d/%m/%Y                 how it is written (schema/time_format.h)
 *     separator semicolon                  comma, tab, semicolon, pipe or a character
 *     point comma                          1,5 is 3/2
 *     names time price quantity            there is no header
 *     ignore # END|                        lines that begin so are no rows
 *     file {security_code}_{date}_{}.csv   what stands in the file's name (schema/file_name.h)
 *     require order_id timestamp           all of these must be there,
 *     require-one bid offer                at least one of these,
 *     forbid matchgroupid                  and none of these
 *
 * A line holds words between blanks; # at the beginning of a word begins a comment, and a word in
 * double quotes may hold both. In the conditions a column is there under its name or an alias.
 */
#ifndef SW_SCHEMA_CSV_SCHEMA_H
#define SW_SCHEMA_CSV_SCHEMA_H

#include "base/sha256.h"
#include "schema/dialect.h"
#include "schema/field_parser.h"
#include "schema/words_list.h"
#include "record/schema.h"

struct sw_csv_schema_column {
    char *name;
    struct sw_field_parser parser; /* without zone */
    struct sw_words_list aliases;
    struct sw_value_map values;
    char *format; /* NULL: none of its own */
    size_t line;
};

/* A line that is understood once all columns are known. */
struct sw_csv_schema_line {
    struct sw_words_list words;
    size_t number;
};

struct sw_csv_schema {
    char *name; /* of the file, without its ending: what -t takes */
    char *table;
    char *time;         /* NULL: none */
    char *date, *clock; /* what it is made of; NULL: it is a column of the file */
    char *zone;         /* NULL: not said */
    char *file_pattern; /* NULL: any name will do */
    enum sw_row_kind row_kind;
    struct sw_dialect dialect;
    bool comma_point;
    struct sw_words_list names; /* none: there is a header */
    bool by_choice_only;        /* it has names, and so it is never found by a header */
    struct sw_csv_schema_column *columns;
    size_t column_count, column_capacity;
    struct sw_words_list require, require_one, forbid;
    struct sw_csv_schema_line *later;
    size_t later_count, later_capacity;
    size_t lines;
    unsigned char digest[SW_SHA256_BYTES]; /* of the file's bytes, and of what was said besides */
};

/* What the user says of files, above their schemas. Zero: nothing. */
struct sw_csv_schema_changes {
    const char *separator, *names, *zone; /* NULL: not said; names between commas */
    const char *name;                     /* in place of the file's own; NULL: that */
    bool canonical; /* the file was written by this suite: names and types of the schema only */
};

/* The beginning of the file that a schema was found for last: with its header, however far a schema has that reach. Files of one kind begin
 * alike, so that one schema need not be looked for again among all. */
struct sw_csv_schema_found {
    char *text;
    size_t length, capacity;
    const struct sw_csv_schema *csv_schema; /* NULL: none was found yet */
};

/* Those that a header may fit. */
struct sw_csv_schemas {
    struct sw_csv_schema *items;
    size_t count, capacity;
    bool chosen; /* the user named the only one: conditions do not matter */
    /* What a file is read by whose header fits none; not owned. NULL: that is an error. */
    const struct sw_csv_schema *fallback;
    struct sw_csv_schema_changes changes;
    struct sw_words_list names;        /* those that the user said */
    struct sw_csv_schema_found *found; /* csv/find_schema.c's own; NULL: nothing is kept */
    /* All of SHARE/schemas, of which items has but one; read when a header does not fit that. NULL: items has all. */
    struct sw_csv_schemas *others;
    const char *share_directory; /* of the others; not owned */
};

/* The names of a header line, blanks around them gone. */
struct sw_names {
    char **items;
    size_t count;
};

/* Reads a schema file. SW_SYSTEM: it cannot be read, no memory; SW_USAGE: "FILE:LINE: reason".
 * *csv_schema has nothing to free then. */
bool sw_csv_schema_read(struct sw_csv_schema *csv_schema, const char *path,
                        struct sw_error *error) SW_CHECKED;
void sw_csv_schema_free(struct sw_csv_schema *csv_schema);

/* Takes one line of a schema, cut into words. SW_USAGE: what is wrong with it, without its place. */
bool sw_csv_schema_line(struct sw_csv_schema *csv_schema, char **words, size_t count,
                        struct sw_error *error) SW_CHECKED;

/* Takes what was kept until all columns are known. SW_USAGE: "FILE:LINE: reason". */
bool sw_csv_schema_complete(struct sw_csv_schema *csv_schema, const char *path,
                            struct sw_error *error) SW_CHECKED;

/* Whether a choice (NULL: none) means a file: it has a slash or ends in ".schema". */
bool sw_csv_schemas_choice_is_file(const char *choice);

/* Reads every schema of SHARE/schemas (choice NULL), or the one that is meant: a file, or the name
 * of one in SHARE/schemas (SW_USAGE where there is none, naming those that are); changed as the
 * user says (NULL: not at all; what it points to stays). SW_USAGE: a change that cannot be. */
bool sw_csv_schemas_open(struct sw_csv_schemas *csv_schemas, const char *share_directory,
                         const char *choice, const struct sw_csv_schema_changes *changes,
                         struct sw_error *error) SW_CHECKED;

/* As with choice NULL, but of SHARE/schemas the one of this name is read first, where there is one, and the others, too, where a header does not fit
 * it: sw_find_schema does that, and says what is wrong with them. The share directory stays. */
bool sw_csv_schemas_open_likely(struct sw_csv_schemas *csv_schemas, const char *share_directory,
                                const char *name, const struct sw_csv_schema_changes *changes,
                                struct sw_error *error) SW_CHECKED;

void sw_csv_schemas_free(struct sw_csv_schemas *csv_schemas);

/* Makes the changes. As sw_csv_schemas_open. */
bool sw_csv_schemas_change(struct sw_csv_schemas *csv_schemas,
                           const struct sw_csv_schema_changes *changes,
                           struct sw_error *error) SW_CHECKED;

/* Whether the names fit the csv_schema, so that it is found by them. */
bool sw_csv_schema_fits(const struct sw_csv_schema *csv_schema, const struct sw_names *names);

/* Whether the csv_schema has a column of one of these names. */
bool sw_csv_schema_knows_any(const struct sw_csv_schema *csv_schema, const struct sw_names *names);

/* The column of that canonical name; NULL: there is none. */
const struct sw_csv_schema_column *sw_csv_schema_column(const struct sw_csv_schema *csv_schema,
                                                        const char *name);

/* The canonical name of a column where the text is an alias of one; else NULL. */
const char *sw_csv_schema_canonical(const struct sw_csv_schema *csv_schema, const char *text,
                                    size_t length);

/* The canonical name of what a file calls so, by either; NULL: the schema does not know it. */
const char *sw_csv_schema_meaning(const struct sw_csv_schema *csv_schema, const char *name);

/* How many of the names it knows; empty ones it does not. */
size_t sw_csv_schema_known(const struct sw_csv_schema *csv_schema, const struct sw_names *names);

/* The schema of a file with this header: a column for each name, in that order, under its canonical
 * name. A canonical name wins over its aliases, an earlier alias over a later one; what is left
 * over is text under its own name, column_N where it has none. Behind them come the columns of the
 * file's name, in the pattern's order, and a time that is made of others. SW_DATA: a name that
 * stands twice. */
bool sw_csv_schema_schema(const struct sw_csv_schema *csv_schema, const struct sw_names *names,
                          struct sw_schema *schema, struct sw_error *error) SW_CHECKED;

#endif
