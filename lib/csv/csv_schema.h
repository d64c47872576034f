/* SPDX-License-Identifier: ISC
 *
 * Schema files (share/schemas/NAME.schema): what a kind of CSV calls its columns and what they
 * hold, and by which header names it is told. Turns the names of a header line into the schema of a
 * record stream. Knows no CSV; csv/file.h reads the header.
 *
 *     table orders                         the stream's table name
 *     time timestamp                       its time column, if it has one
 *     column order_id uint orderid         NAME TYPE[:SCALE] [ALIAS…]
 *     rows events                          what a row is (record/schema.h); not said: rows
 *     zone Australia/Sydney                the zone of local time; not said: UTC
 *     value bid null 0 -9223372036854775808   what is written so, is null (csv/value_map.h)
 *     require order_id timestamp           all of these must be there,
 *     require-one bid offer                at least one of these,
 *     forbid matchgroupid                  and none of these
 *
 * A line holds words between blanks; # at the beginning of a word begins a comment, and a word in
 * double quotes may hold both. In the conditions a column is there under
 * its name or an alias.
 */
#ifndef SW_CSV_CSV_SCHEMA_H
#define SW_CSV_CSV_SCHEMA_H

#include "base/sha256.h"
#include "csv/value_map.h"
#include "record/schema.h"

struct sw_words_list {
    char **items;
    size_t count, capacity;
};

struct sw_csv_schema_column {
    char *name;
    enum sw_type type;
    int scale;
    struct sw_words_list aliases;
    struct sw_value_map values;
};

/* A line "value COLUMN NEW OLD…". */
struct sw_csv_schema_value {
    struct sw_words_list words; /* without the first */
    size_t line;
};

struct sw_csv_schema {
    char *table;
    char *time; /* NULL: none */
    char *zone; /* NULL: not said */
    enum sw_row_kind row_kind;
    struct sw_csv_schema_column *columns;
    size_t column_count, column_capacity;
    struct sw_words_list require, require_one, forbid;
    struct sw_csv_schema_value *values;
    size_t value_count, value_capacity;
    size_t lines;
    unsigned char digest[SW_SHA256_BYTES]; /* of the file's bytes */
};

/* Those that a header may fit. */
struct sw_csv_schemas {
    struct sw_csv_schema *items;
    size_t count, capacity;
    bool chosen; /* the user named the only one: conditions do not matter */
};

/* The names of a header line, blanks around them gone. */
struct sw_names {
    char **items;
    size_t count;
};

/* Reads a schema file. SW_SYSTEM: it cannot be read, no memory; SW_USAGE: "FILE:LINE: reason".
 * *schema has nothing to free then. */
bool sw_csv_schema_read(struct sw_csv_schema *csv_schema, const char *path,
                        struct sw_error *error) SW_CHECKED;
void sw_csv_schema_free(struct sw_csv_schema *csv_schema);

/* Whether a choice (NULL: none) means a file: it has a slash or ends in ".schema". */
bool sw_csv_schemas_choice_is_file(const char *choice);

/* Reads every schema of SHARE/schemas (choice NULL), or the one that is meant: a file, or the name
 * of one in SHARE/schemas (SW_USAGE where there is none, naming those that are). */
bool sw_csv_schemas_open(struct sw_csv_schemas *csv_schemas, const char *share_directory,
                         const char *choice, struct sw_error *error) SW_CHECKED;
void sw_csv_schemas_free(struct sw_csv_schemas *csv_schemas);

/* Finds the one schema that the names fit. SW_USAGE where none or several do, naming them. */
const struct sw_csv_schema *sw_csv_schemas_find(const struct sw_csv_schemas *csv_schemas,
                                                const struct sw_names *names,
                                                struct sw_error *error);

/* What of a column, by its canonical name, is written and means something else; NULL: nothing. */
const struct sw_value_map *sw_csv_schema_values(const struct sw_csv_schema *csv_schema,
                                                const char *name);

/* The canonical name of a column where the text is an alias of one; else NULL. */
const char *sw_csv_schema_canonical(const struct sw_csv_schema *csv_schema, const char *text,
                                    size_t length);

/* The schema of a file with this header: a column for each name, in that order, under its canonical
 * name. A canonical name wins over its aliases, an earlier alias over a later one; what is left
 * over is text under its own name. SW_DATA: a name that is empty or stands twice. */
bool sw_csv_schema_schema(const struct sw_csv_schema *csv_schema, const struct sw_names *names,
                          struct sw_schema *schema, struct sw_error *error) SW_CHECKED;

#endif
