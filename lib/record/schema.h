/* SPDX-License-Identifier: ISC
 *
 * What a stream's header says: the table's name, its columns, which one is its time, how it is sorted, and which programs made it.
 * Knows nothing of CSV files or their spellings; csv/csv_schema.h has those.
 */
#ifndef SW_RECORD_SCHEMA_H
#define SW_RECORD_SCHEMA_H

#include <stdint.h>

#include "base/error.h"

enum {
    SW_COLUMNS_MAXIMUM = 4096,
    SW_NAME_MAXIMUM = 1024,     /* bytes of a column's or table's name */
    SW_PROVENANCE_MAXIMUM = 64, /* lines */
};

/* The numbers are those of the stream; they never change. */
enum sw_type {
    SW_INT = 1,     /* signed 64-bit */
    SW_UINT = 2,    /* unsigned 64-bit: ids and sequences */
    SW_DECIMAL = 3, /* signed 128-bit, ÷ 10^scale */
    SW_TIME = 4,    /* nanoseconds since 1970 UTC, signed 64-bit */
    SW_DATE = 5,    /* days since 1970-01-01, signed 64-bit */
    SW_TEXT = 6,    /* bytes, at most SW_TEXT_MAXIMUM */
};

enum { SW_TEXT_MAXIMUM = 1 << 20 };

struct sw_column {
    char *name;
    enum sw_type type;
    int scale; /* of a decimal, 0 to SW_MAXIMUM_SCALE; else 0 */
};

struct sw_sort_key {
    int column;
    bool descending;
};

struct sw_schema {
    char *table;
    struct sw_column *columns;
    size_t column_count, column_capacity;
    int time_column; /* -1: none */
    struct sw_sort_key *sort_keys;
    size_t sort_count;
    char **provenance; /* oldest first; a line for each program the rows went through */
    size_t provenance_count;
};

/* Each of these owns copies of what it is given. On failure (SW_SYSTEM: memory; SW_DATA: a limit above, or a name
 * that is there already) the schema is as it was. */
bool sw_schema_init(struct sw_schema *schema, const char *table, struct sw_error *error) SW_CHECKED;
bool sw_schema_add(struct sw_schema *schema, const char *name, enum sw_type type, int scale,
                   struct sw_error *error) SW_CHECKED;
bool sw_schema_sorted_by(struct sw_schema *schema, const struct sw_sort_key *keys, size_t count,
                         struct sw_error *error) SW_CHECKED;
/* Drops the oldest line when there are SW_PROVENANCE_MAXIMUM. */
bool sw_schema_made_by(struct sw_schema *schema, const char *line, size_t length,
                       struct sw_error *error) SW_CHECKED;

/* A copy of `from` with only the `count` columns whose indices stand in `kept`, in that order (NULL: all). The time column and
 * the sort keys follow as far as they are kept; provenance is copied. *schema is initialized by this. */
bool sw_schema_copy(struct sw_schema *schema, const struct sw_schema *from, const int *kept,
                    size_t count, struct sw_error *error) SW_CHECKED;

void sw_schema_free(struct sw_schema *schema);

/* The index of a column, or -1. */
int sw_schema_find(const struct sw_schema *schema, const char *name);

/* Whether rows of the two can stand in one stream: same table, columns, types, scales and order, same time column. */
bool sw_schema_same(const struct sw_schema *a, const struct sw_schema *b);

/* "int", "uint", "decimal", "time", "date", "text". */
const char *sw_type_name(enum sw_type type);

/* Reads "a,b,c" as column indices: *indices is allocated, the caller frees it. Blanks around a name do not count. SW_USAGE
 * naming the column that the schema lacks, is empty, or stands twice. */
bool sw_schema_pick(const struct sw_schema *schema, const char *list, int **indices, size_t *count,
                    struct sw_error *error) SW_CHECKED;

#endif
