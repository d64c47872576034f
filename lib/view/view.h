/* SPDX-License-Identifier: ISC
 *
 * Columns by name, stored or derived, over blocks that somebody else supplies. Derived columns (date, hour, time, hour_start,
 * nanos, order_quantity, size, value, fill_ratio, fill) are computed for a block when first asked for; a stored column of the
 * same name wins, also where another is made from it. Expressions, grouping and selectors see data only through a view, so that they work on records and on CSV
 * under conversion alike.
 *
 *     handle = sw_view_column(&view, "hour", error);      // before the first block; SW_USAGE if there is none
 *     for every block: sw_view_begin(&view, rows); … sw_view_vector(&view, handle, error) …
 */
#ifndef SW_VIEW_VIEW_H
#define SW_VIEW_VIEW_H

#include "base/zone.h"
#include "stream/reader.h"
#include "record/vector.h"

/* Where a block's stored columns come from. */
struct sw_supplier {
    const struct sw_schema *schema;
    void *owner;
    /* The vector of a stored column of the current block, valid until the next block; NULL with error set. */
    const struct sw_vector *(*column)(void *owner, int column, struct sw_error *error);
    /* As sw_reader_keyed; NULL: of no column. */
    bool (*keyed)(void *owner, int column, struct sw_keyed *keyed, struct sw_error *error);
};

/* A supplier over a reader. */
struct sw_supplier sw_supplier_of_reader(struct sw_reader *reader);

struct sw_view;

/* A column that somebody else makes of a text which names none: "notional=price*quantity". */
struct sw_computed {
    char *name; /* what the column is called; the view's from then on */
    enum sw_type type;
    int scale;
    int same_as; /* the handle of a column that it is under another name; -1: it is computed */
    void *owner; /* for compute and release */
};

/* Who makes them (expr/value.h). */
struct sw_column_definer {
    /* Makes a column, and asks the view for those that it needs. SW_USAGE: the text is none. */
    bool (*define)(struct sw_view *view, const char *text, struct sw_computed *made,
                   struct sw_error *error);
    /* Fills *out, empty and with room, with view->rows rows. */
    bool (*compute)(void *owner, struct sw_view *view, struct sw_builder *out,
                    struct sw_error *error);
    void (*release)(void *owner);
};

struct sw_view_settings {
    const struct sw_column_definer *definer; /* NULL: columns are stored or derived */
    const char *zone;                        /* --tz; NULL: the one that the schema says, or UTC */
    const char *sizes;                       /* --sizes, "1000,5000,10000,50000"; NULL: that */
    void (*say)(
        const char
            *message); /* to tell of a zone that was not said, where it is needed; NULL: nobody */
};

struct sw_view_column;

struct sw_view {
    struct sw_supplier supplier;
    const struct sw_column_definer *definer;
    struct sw_zone zone; /* once there is need of it */
    bool zone_open;
    void (*say)(const char *message);
    int64_t *size_bounds; /* multiples of 10^-size_scale */
    size_t size_count;
    int size_scale;
    size_t rows;
    /* Of hour_start in the current block, where it is derived: hours since 1970 by the local clock, by code. */
    int64_t *local_hours;
    size_t local_hour_capacity;
    struct sw_view_column *columns; /* those asked for so far */
    size_t column_count, column_capacity;
};

/* SW_USAGE for an unknown zone or sizes that are not ascending numbers. */
bool sw_view_open(struct sw_view *view, struct sw_supplier supplier,
                  const struct sw_view_settings *settings, struct sw_error *error) SW_CHECKED;
void sw_view_free(struct sw_view *view);

/* Opens the zone of local time, which columns that are derived from it do by themselves. SW_USAGE: there is no such zone. */
bool sw_view_local_time(struct sw_view *view, struct sw_error *error) SW_CHECKED;

/* The handle (0 or more) of a stored or derived column, the same for the same name; -1 with `missing` (SW_USAGE for a name
 * the user gave, SW_DATA for one that the program itself needs) in error, naming the column, or the column that a
 * derived one would need. Besides the public names there are internal ones that begin with '#':
 * "#time_of_day" is the local time of day in ns, as an int; "#size" the place of a size among the sizes. */
int sw_view_column(struct sw_view *view, const char *name, enum sw_status missing,
                   struct sw_error *error);

/* Whether a table has a column of this name, stored or derived; of what type it is, or what it is made from, is not looked
 * at. */
bool sw_view_can(const struct sw_schema *schema, const char *name);

/* Whether there is a derived column of this name, whatever tables it can be derived in. */
bool sw_view_derives(const char *name);

/* Type and scale of a column. Derived: date date; hour, nanos int; time, hour_start, size, fill text; order_quantity int where
 * what it is made from is, else decimal; value decimal; fill_ratio decimal of 18 places. */
enum sw_type sw_view_type(const struct sw_view *view, int handle);
int sw_view_scale(const struct sw_view *view, int handle);
const char *sw_view_name(const struct sw_view *view, int handle);

/* Whether computing it may come to a value out of range: then a block is never passed over for another condition. */
bool sw_view_may_fail(const struct sw_view *view, int handle);

/* The index in the supplier's schema where the column is a stored one; -1 for a derived one. */
int sw_view_stored(const struct sw_view *view, int handle);

/* Marks (needed[i] = true) the stored columns that the columns asked for so far are, or are made from; needed has an
 * element per column of the supplier's schema. */
void sw_view_needed(const struct sw_view *view, bool *needed);

/* Starts a block of this many rows (at most SW_BLOCK_ROWS_MAXIMUM). */
void sw_view_begin(struct sw_view *view, size_t rows);

/* Narrows the block to some of its rows, ascending, counted in the block whether it was narrowed before or not: view->rows is
 * `count` (at least 1) from here on, and vectors have these rows alone. *picked is false, and nothing changed, where the supplier is no
 * reader. SW_SYSTEM: memory. */
bool sw_view_pick(struct sw_view *view, const uint32_t *rows, size_t count, bool *picked,
                  struct sw_error *error) SW_CHECKED;

/* The values in the current block; NULL on failure (an overflow in `value` is SW_DATA). */
const struct sw_vector *sw_view_vector(struct sw_view *view, int handle,
                                       struct sw_error *error) SW_CHECKED;

/* The same values by codes, where a column is stored so: keyed->codes is NULL where it is not. False on failure. */
bool sw_view_keyed(struct sw_view *view, int handle, struct sw_keyed *keyed,
                   struct sw_error *error) SW_CHECKED;

#endif
