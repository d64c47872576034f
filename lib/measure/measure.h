/* SPDX-License-Identifier: ISC
 *
 * What is asked of each group, and the shape of the record that answers it: NAME=sum(quantity) and
 * its kind, or the standard measures of every report. A shape is made from text, then bound to the
 * columns of a view (where rows are read) or of a partial stream (where records are).
 *
 *     sw_shape_parse(&shape, "n=count(),q=sum(quantity)", …)   or sw_shape_standard
 *     sw_shape_bind(&shape, &view, error)                      or sw_shape_adopt
 */
#ifndef SW_MEASURE_MEASURE_H
#define SW_MEASURE_MEASURE_H

#include "expr/condition.h"
#include "distinct/dimension.h"
#include "measure/accumulator.h"
#include "measure/formula.h"

enum sw_function {
    SW_COUNT,
    SW_SUM,
    SW_MEAN,
    SW_STD,
    SW_MIN,
    SW_MAX,
    SW_DISTINCT,
    SW_WMEAN,
    SW_FIRST,
    SW_LAST,
    SW_QUANTILE,
    SW_MEDIAN,
    SW_QUANTILE_DISC,
    SW_VWAP,
    SW_RATIO,     /* one sum ÷ another */
    SW_FUNCTIONS, /* how many can be asked for */
    SW_TOTAL,     /* of standard measures: the sum of two counts */
    SW_FORMULA,   /* arithmetic over other measures */
};

enum { SW_PROBABILITY_DECIMALS = 9, SW_PROBABILITY_ONE = 1000000000 };

enum { SW_RESULT_SCALE = 6, SW_MEASURE_FIELDS = 3, SW_VALUE_SET_MAXIMUM = 64 };

struct sw_measure {
    char *name; /* the column of the result */
    char *text; /* "NAME=FUNCTION(COLUMN,…)"; of a formula "NAME=(…)"; NULL of a standard one */
    enum sw_function function;
    char *columns[2];               /* what it is taken of; the text of the condition */
    char *parameter;                /* what else stands between the parentheses; NULL: nothing */
    int64_t probability;            /* of quantiles: SW_PROBABILITY_ONE is 1 */
    struct sw_condition *condition; /* of a count of one; NULL of all else */
    struct sw_formula *formula; /* of SW_FORMULA; NULL of all else. Its measures stand before it */
    bool hidden;                /* it is there for a formula, and has no column of its own */
    int handles[2];             /* in the view */
    int fields[SW_MEASURE_FIELDS]; /* in the shape: a count, then what is counted, as the function
                                       needs; -1 */
    int member;                    /* SW_DISTINCT and quantiles: in the shape's members; else -1 */
    enum sw_type type;             /* of the result */
    int scale;
};

/* Values that are counted once: a dimension, and the name of its column in a partial stream. */
struct sw_member {
    char *name;
    int dimension;
    bool counted; /* how often each is there, too: for quantiles */
};

struct sw_shape {
    bool standard;                 /* it has the standard measures, in front */
    size_t listed, listed_members; /* the first measure and the first member of a list */
    struct sw_field *fields;       /* the first is always the number of rows */
    size_t field_count, field_capacity;
    struct sw_measure *measures;
    size_t measure_count, measure_capacity;
    struct sw_member *members;
    size_t member_count, member_capacity;
    size_t record_size;
    bool
        whole; /* its records are never written as parts: quantiles, whose values are elsewhere, have nothing in them */
    const char *share_directory;      /* of conditions' named sets; NULL: they are not found */
    int time_handle, sequence_handle; /* of first(x) and last(x); -1: not needed, or not there */
};

/* Makes the shape of a list "NAME=MEASURE,…" (measure/standard_measures.h has the other one's), of which only `whole` is set before;
 * distinct values are added to the dimensions. SW_USAGE: no such list, a name twice. Free the shape
 * in any case. */
bool sw_shape_parse(struct sw_shape *shape, const char *list, struct sw_dimensions *dimensions,
                    struct sw_error *error) SW_CHECKED;
/* Adds the measures of a list after those that the shape has. SW_USAGE: a name that one of them
 * has. */
bool sw_shape_extend(struct sw_shape *shape, const char *list, struct sw_dimensions *dimensions,
                     struct sw_error *error) SW_CHECKED;
void sw_shape_free(struct sw_shape *shape);
void sw_measure_free(struct sw_measure *measure);

/* The parts that the two are built from: a field (of this kind, called PREFIX/SUFFIX; its index, or
 * -1) and a member. */
int sw_shape_field(struct sw_shape *shape, const char *prefix, const char *suffix,
                   enum sw_field_kind kind, struct sw_error *error) SW_CHECKED;
int sw_shape_member(struct sw_shape *shape, const char *prefix, const char *suffix,
                    struct sw_dimensions *dimensions, const char *column,
                    struct sw_error *error) SW_CHECKED;
struct sw_measure *sw_shape_measure(struct sw_shape *shape, const char *name, size_t length,
                                    enum sw_function function, struct sw_error *error) SW_CHECKED;

/* Finds the columns of the listed measures in the view. SW_USAGE: a column that is not there or is
 * no number where one is needed, a condition that is none. */
bool sw_shape_bind(struct sw_shape *shape, struct sw_view *view, struct sw_error *error) SW_CHECKED;

/* Gives a field the type of its values (making its table of texts) and, after all fields have
 * theirs, measures theirs. SW_USAGE: a text in arithmetic. */
bool sw_field_type(struct sw_field *field, enum sw_type type, int scale,
                   struct sw_error *error) SW_CHECKED;
bool sw_shape_settle(struct sw_shape *shape, struct sw_error *error) SW_CHECKED;

/* Whether a new record is all zeros; sets one; merges one into another. */
bool sw_shape_begins_zero(const struct sw_shape *shape);
void sw_shape_clear(const struct sw_shape *shape, unsigned char *record);
bool sw_shape_merge(const struct sw_shape *shape, unsigned char *to, const unsigned char *from,
                    struct sw_error *error) SW_CHECKED;

/* Takes up the view's block: finds the rows that conditions select. SW_DATA: a condition's number
 * does not fit. */
bool sw_shape_begin(const struct sw_shape *shape, struct sw_view *view,
                    struct sw_error *error) SW_CHECKED;

/* Adds the rows of the view's block, which was taken up, to the records of their cells (all below
 * cell_limit), as far as listed measures go, and counts them where no standard ones do. */
bool sw_shape_add(const struct sw_shape *shape, struct sw_view *view, const uint32_t *cells,
                  size_t cell_limit, unsigned char *records, struct sw_error *error) SW_CHECKED;

/* Appends a measure's value to a builder of its type and scale; members[i] is how many of member i
 * the cell has. SW_DATA: out of range. */
bool sw_measure_put(const struct sw_shape *shape, const struct sw_measure *measure,
                    unsigned char *record, const uint64_t *members, struct sw_builder *builder,
                    struct sw_error *error) SW_CHECKED;

/* Whether its value stands in the record as it is: a count, and the first or last of numbers. */
bool sw_measure_is_plain(const struct sw_shape *shape, const struct sw_measure *measure);

/* Appends those of `count` cells, whose records stand after each other from `records` on. SW_SYSTEM:
 * no memory. */
bool sw_measure_put_plain(const struct sw_shape *shape, const struct sw_measure *measure,
                          unsigned char *records, const uint32_t *cells, size_t count,
                          struct sw_builder *builder, struct sw_error *error) SW_CHECKED;

/* What a measure that is no quantile and no formula comes to, before it is rounded (of std: as it is printed); times and dates are numbers,
 * of nanoseconds and days. SW_DATA: out of range. */
bool sw_measure_exact(const struct sw_shape *shape, const struct sw_measure *measure,
                      unsigned char *record, const uint64_t *members,
                      struct sw_formula_value *value, struct sw_error *error) SW_CHECKED;

/* Whether it is a quantile, whose value needs more than a record (group/quantile.h). */
bool sw_measure_is_quantile(const struct sw_measure *measure);

/* How the value is printed: always with all its decimals; as a sum, which JSON shows as a string.
 */
bool sw_measure_fixed(const struct sw_measure *measure);
bool sw_measure_is_sum(const struct sw_measure *measure);

#endif
