/* SPDX-License-Identifier: ISC
 *
 * What a column's values are written as in Parquet and Arrow. As a rule they are what the record stream has; but there are readers
 * that take no decimals, or leave their scale out, or cut nanoseconds of an instant: for them decimals are written as doubles or
 * texts, times as local times or integers (sw-readers(7) says which reader needs what).
 *
 *     decimals   exact     decimal(38, scale)
 *                double    the nearest 64-bit floating-point number: digits after the fifteenth are lost
 *                text      the digits, as in CSV
 *     times      utc       timestamp, ns, an instant
 *                local     timestamp, ns, of no zone: what the clock on the wall says
 *                integer   int64, nanoseconds since 1970 UTC
 *
 *     good = sw_export_values_open(&values, &schema, &how, error) && …
 *            sw_export_values_next(&values, vectors, 0, rows, &written, error) …
 *     sw_export_values_free(&values);
 */
#ifndef SW_OUTPUT_EXPORT_VALUES_H
#define SW_OUTPUT_EXPORT_VALUES_H

#include "base/zone.h"
#include "record/vector.h"

enum sw_decimals_as { SW_DECIMALS_EXACT, SW_DECIMALS_DOUBLE, SW_DECIMALS_TEXT };
enum sw_times_as { SW_TIMES_UTC, SW_TIMES_LOCAL, SW_TIMES_INTEGER };

struct sw_export_how {
    int level; /* of Parquet's compression, 0 to 9 */
    enum sw_decimals_as decimals;
    enum sw_times_as times;
    struct sw_zone *zone; /* of SW_TIMES_LOCAL; not owned */
};

/* What a column of the written schema is beyond its type. */
enum sw_written {
    SW_AS_TYPED,      /* what its type says */
    SW_AS_DOUBLE,     /* its type is int: the bits of a double */
    SW_AS_LOCAL_TIME, /* its type is time: of no zone */
};

struct sw_export_values {
    struct sw_export_how how;
    const struct sw_schema *from; /* not owned */
    struct sw_schema schema;      /* of what is written */
    enum sw_written *written;     /* one per column */
    struct sw_builder *builders;  /* one per column, of those that change */
    const struct sw_vector **vectors;
    uint64_t rows; /* so far */
};

/* The names of the two choices: "exact", "double", "text"; "utc", "local", "integer". False: another. */
bool sw_decimals_as(const char *name, enum sw_decimals_as *as) SW_CHECKED;
bool sw_times_as(const char *name, enum sw_times_as *as) SW_CHECKED;

/* Makes the written schema: the same columns, sorted by what is still in order. The schema stays while this is used. SW_SYSTEM:
 * memory. Zero-initialize before; free also after a failure. */
bool sw_export_values_open(struct sw_export_values *values, const struct sw_schema *schema,
                           const struct sw_export_how *how, struct sw_error *error) SW_CHECKED;

/* The vectors as they are written, one per column, until the next call, of which the rows from..end are next; up to SW_BLOCK_ROWS_MAXIMUM. SW_DATA, "row N: COLUMN: …":
 * a local time beyond the years 1677 to 2262. SW_SYSTEM: memory. */
bool sw_export_values_next(struct sw_export_values *values, const struct sw_vector *const *vectors,
                           size_t from, size_t end, const struct sw_vector *const **written,
                           struct sw_error *error) SW_CHECKED;

void sw_export_values_free(struct sw_export_values *values);

#endif
