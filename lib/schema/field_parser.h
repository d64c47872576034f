/* SPDX-License-Identifier: ISC
 *
 * What the text of a field means in its column, one field at a time and by the book: numbers,
 * counted times, local times, clocks and dates in any form, and values that stand for others. What
 * csv/parse_columns.c reads many at a time means the same.
 *
 *     outcome = sw_field_parse(&parser, text, length, &value);
 *     if (outcome > SW_FIELD_NULL) … sw_field_reason(&parser, text, length, space) …
 */
#ifndef SW_SCHEMA_FIELD_PARSER_H
#define SW_SCHEMA_FIELD_PARSER_H

#include "schema/time_memory.h"
#include "schema/value_map.h"

enum sw_field_form {
    SW_FIELD_NUMBER,
    SW_FIELD_TIME, /* an instant */
    SW_FIELD_DATE,
    SW_FIELD_CLOCK, /* nanoseconds since midnight, an int of the record */
    SW_FIELD_TEXT,
};

enum sw_field_outcome {
    SW_FIELD_GOOD = SW_NUMBER_GOOD,
    SW_FIELD_MALFORMED = SW_NUMBER_MALFORMED,
    SW_FIELD_TOO_FINE = SW_NUMBER_TOO_FINE,
    SW_FIELD_TOO_LARGE = SW_NUMBER_TOO_LARGE,
    SW_FIELD_OTHER_UNIT, /* a time that counts something else than nanoseconds */
    SW_FIELD_NO_OFFSET,  /* a local time, of nobody knows where */
    SW_FIELD_NO_CLOCK,   /* a date where a time is due */
    SW_FIELD_SKIPPED,    /* a local time that no clock has shown */
    SW_FIELD_NO_ZONE,    /* a local time of a zone that cannot be read */
    SW_FIELD_NO_UNIT,    /* a clock that counts nobody knows what */
    SW_FIELD_NULL,       /* no fault: it means null */
};

struct sw_field_parser {
    enum sw_type type; /* of the column */
    int scale;
    enum sw_field_form form;
    int decimals;               /* that a number in the field may have: it counts 10^-decimals */
    bool unit_said;             /* what a time or a clock counts is beyond doubt */
    bool exponents;             /* a number may have one */
    bool comma_point;           /* a comma is the point, and a point is none */
    const char *format;         /* schema/time_format.h; NULL: ISO 8601 */
    struct sw_local_zone *zone; /* of times without an offset; NULL: */
    bool utc;                   /* they are UTC, else refused */
    const struct sw_value_map *map; /* NULL: everything means itself */
    unsigned long_run;              /* how often numbers are still taken for long ones */
    bool local_seen;                /* there was a time without an offset */
    bool local_last;                /* the last such was one, of a clock that showed */
    sw_int128 shown_ns;
    struct sw_time_memory memory; /* zero at first */
};

/* The parser of a column of the record's own form: without units, formats and zone. */
struct sw_field_parser sw_field_parser_of(enum sw_type type, int scale);

/* Whether a field that means a value holds its digits, or its text, and nothing can mean it that is
 * written in another way, but for zeros and a sign. */
bool sw_field_is_literal(const struct sw_field_parser *parser);

/* Reads a field of one byte or more that is not of form text. */
enum sw_field_outcome sw_field_parse(struct sw_field_parser *parser, const char *text,
                                     size_t length, sw_int128 *value) SW_CHECKED;

/* The instant of a date and a clock. */
enum sw_field_outcome sw_field_join(struct sw_field_parser *parser, int64_t days, int64_t clock_ns,
                                    int64_t *time_ns) SW_CHECKED;

/* Why a field was refused ("not a decimal"); NULL where it was not. Static text or text in
 * `space`. */
const char *sw_field_reason(struct sw_field_parser *parser, const char *text, size_t length,
                            char space[64]);

/* The reason of an outcome that came of a join. Static. */
const char *sw_field_join_reason(enum sw_field_outcome outcome);

#endif
