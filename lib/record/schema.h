/* SPDX-License-Identifier: ISC
 *
 * What a stream's header says: the table's name, its columns, which one is its time, what a row is, the zone of its local time, what its
 * values were computed with, how it is sorted, and which programs made it.
 * Knows nothing of CSV files or their spellings; schema/csv_schema.h has those.
 */
#ifndef SW_RECORD_SCHEMA_H
#define SW_RECORD_SCHEMA_H

#include <stdint.h>

#include "base/error.h"

enum {
    SW_COLUMNS_MAXIMUM = 4096,
    SW_NAME_MAXIMUM = 1024,     /* bytes of a column's or table's name */
    SW_PROVENANCE_MAXIMUM = 64, /* lines */
    SW_METADATA_MAXIMUM = 64,   /* entries */
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

enum { SW_ZONE_MAXIMUM = 200 }; /* bytes of a zone's name */

/* Streams told of no zone at first, and all of them were read in this one. */
#define SW_ZONE_OF_OLD_STREAMS "+10:00"

struct sw_column {
    char *name;
    enum sw_type type;
    int scale; /* of a decimal, 0 to SW_MAXIMUM_SCALE; else 0 */
};

/* What a row of a table is. The numbers are those of the stream; they never change. */
enum sw_row_kind {
    SW_ROWS_UNSAID = 0,
    SW_ROWS_EVENTS = 1, /* messages: an order has several */
    SW_ROWS_ORDERS = 2, /* in their last state */
    SW_ROWS_TRADES = 3,
    SW_ROWS_TRADE_SIDES = 4, /* each side of a trade is a row */
    SW_ROWS_QUOTES = 5,
    SW_ROW_KINDS = 6,
};

struct sw_sort_key {
    int column;
    bool descending;
};

/* An entry of what the values of a table were computed with. */
struct sw_metadata {
    char *key, *value;
};

struct sw_schema {
    char *table;
    struct sw_column *columns;
    size_t column_count, column_capacity;
    int time_column; /* -1: none */
    enum sw_row_kind row_kind;
    char *zone; /* of local time; NULL: not said, UTC */
    /* The stream is older than zones, and is taken to be of SW_ZONE_OF_OLD_STREAMS. */
    bool zone_assumed;
    struct sw_metadata *metadata;
    size_t metadata_count;
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
/* NULL: no zone. */
bool sw_schema_in_zone(struct sw_schema *schema, const char *zone,
                       struct sw_error *error) SW_CHECKED;
/* Adds an entry of metadata; streams that differ in one are no parts of one table. SW_DATA: the key is there already, too. */
bool sw_schema_add_metadata(struct sw_schema *schema, const char *key, const char *value,
                            size_t length, struct sw_error *error) SW_CHECKED;
/* The value of the entry with this key; NULL: there is none. */
const char *sw_schema_metadata(const struct sw_schema *schema, const char *key);
/* What a row is, the zone, and the provenance of the streams that another's rows are made from: for a table of other columns but of the
 * same rows; only the zone and the provenance where they are other rows. */
bool sw_schema_inherit(struct sw_schema *schema, const struct sw_schema *from, bool same_rows,
                       struct sw_error *error) SW_CHECKED;
/* Drops the oldest line when there are SW_PROVENANCE_MAXIMUM. */
bool sw_schema_made_by(struct sw_schema *schema, const char *line, size_t length,
                       struct sw_error *error) SW_CHECKED;

/* A copy of `from` with only the `count` columns whose indices stand in `kept`, in that order (NULL: all). The time column and
 * the sort keys follow as far as they are kept; what a row is, the zone, metadata and provenance are copied. *schema is initialized by this. */
bool sw_schema_copy(struct sw_schema *schema, const struct sw_schema *from, const int *kept,
                    size_t count, struct sw_error *error) SW_CHECKED;

void sw_schema_free(struct sw_schema *schema);

/* The index of a column, or -1. */
int sw_schema_find(const struct sw_schema *schema, const char *name);

/* Whether rows of the two can stand in one stream: same table, columns, types, scales and order, same time column, the same metadata, the
 * same thing in a row (or one of them does not say), the same zone. */
bool sw_schema_same(const struct sw_schema *a, const struct sw_schema *b);

/* True where sw_schema_same is; else SW_DATA with the place (of the second, which comes after the
 * rows of the first, called `first`), and in what they differ, which names both. */
bool sw_schema_check_same(const struct sw_schema *a, const char *first, const struct sw_schema *b,
                          const char *place, struct sw_error *error) SW_CHECKED;

/* "events", "orders", "trades", "trade_sides", "quotes"; "rows" where it is not said. */
const char *sw_row_kind_name(enum sw_row_kind kind);
/* The kind of this name; false for another, and for "rows". */
bool sw_row_kind_find(const char *name, enum sw_row_kind *kind) SW_CHECKED;

/* The zone's name: UTC where none is said. */
const char *sw_schema_zone(const struct sw_schema *schema);

/* What a user of local time is to be told of the zone, where it was not said; else NULL. */
const char *sw_schema_zone_note(const struct sw_schema *schema);

/* "int", "uint", "decimal", "time", "date", "text". */
const char *sw_type_name(enum sw_type type);

/* Reads "a,b,c" as column indices: *indices is allocated, the caller frees it. Blanks around a name do not count. SW_USAGE
 * naming the column that the schema lacks, is empty, or stands twice. */
bool sw_schema_pick(const struct sw_schema *schema, const char *list, int **indices, size_t *count,
                    struct sw_error *error) SW_CHECKED;

#endif
