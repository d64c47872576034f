/* SPDX-License-Identifier: ISC */
#include "schema/field_parser.h"

#include <stdio.h>
#include <string.h>

#include "base/civil.h"
#include "base/exponent.h"
#include "schema/time_format.h"

enum {
    TIME_LENGTH = 80,  /* bytes of the longest text that can be a time */
    ISO_CLOCK_AT = 11, /* where one that has a date has its clock */
};

struct sw_field_parser sw_field_parser_of(enum sw_type type, int scale)
{
    static const enum sw_field_form forms[] = {
        [SW_INT] = SW_FIELD_NUMBER, [SW_UINT] = SW_FIELD_NUMBER, [SW_DECIMAL] = SW_FIELD_NUMBER,
        [SW_TIME] = SW_FIELD_TIME,  [SW_DATE] = SW_FIELD_DATE,   [SW_TEXT] = SW_FIELD_TEXT,
    };
    return (struct sw_field_parser){.type = type,
                                    .scale = scale,
                                    .form = forms[type],
                                    .decimals = type == SW_DECIMAL ? scale : 0,
                                    .exponents = type == SW_DECIMAL || type == SW_TIME};
}

bool sw_field_is_literal(const struct sw_field_parser *parser)
{
    if (parser->map && sw_value_map_renames(parser->map)) return false;
    if (parser->form == SW_FIELD_TEXT) return true;
    return parser->form == SW_FIELD_NUMBER && parser->decimals == parser->scale &&
           !parser->exponents && !parser->comma_point;
}

/* ---- numbers ---- */

/* A sign, and up to 18 digits with a point among them or not, at the scale: the common rest of what
 * the fast ways refuse. False: none of these, or it does not come out at the scale so simply. */
static bool read_signed(const char *text, size_t length, int scale, sw_int128 *value)
{
    bool negative = length && text[0] == '-', point = false;
    int decimals = 0;
    int64_t magnitude = 0;
    size_t at = length && (text[0] == '-' || text[0] == '+');
    if (length == at || length - at > 18 || text[at] == '.') return false;
    for (; at < length; at++) {
        unsigned digit = (unsigned)(unsigned char)text[at] - '0';
        bool extra = point && decimals == scale; /* a zero too many, as in 2048.0 */
        if (digit > 9 || (extra && digit)) {
            if (text[at] != '.' || point) return false;
            point = true;
            continue;
        }
        if (extra) continue;
        magnitude = magnitude * 10 + digit;
        decimals += point;
    }
    *value = (negative ? -(sw_int128)magnitude : magnitude) * sw_power_of_ten(scale - decimals);
    return true;
}

static enum sw_field_outcome read_number(const struct sw_field_parser *parser, const char *text,
                                         size_t length, sw_int128 *value)
{
    if (read_signed(text, length, parser->decimals, value)) return SW_FIELD_GOOD;
    return (enum sw_field_outcome)(parser->exponents
                                       ? sw_parse_exponent(text, length, parser->decimals, value)
                                       : sw_parse_decimal(text, length, parser->decimals, value));
}

static enum sw_field_outcome narrow(const struct sw_field_parser *parser, sw_int128 value)
{
    if (parser->type == SW_DECIMAL) return SW_FIELD_GOOD;
    if (parser->type == SW_UINT)
        return value < 0 || value > UINT64_MAX ? SW_FIELD_TOO_LARGE : SW_FIELD_GOOD;
    return value < INT64_MIN || value > INT64_MAX ? SW_FIELD_TOO_LARGE : SW_FIELD_GOOD;
}

/* ---- times ---- */

static enum sw_field_outcome of_time(enum sw_time_outcome outcome)
{
    switch (outcome) {
    case SW_TIME_GOOD:
        return SW_FIELD_GOOD;
    case SW_TIME_MALFORMED:
        return SW_FIELD_MALFORMED;
    case SW_TIME_TOO_FINE:
        return SW_FIELD_TOO_FINE;
    case SW_TIME_TOO_LARGE:
        return SW_FIELD_TOO_LARGE;
    case SW_TIME_NO_OFFSET:
        return SW_FIELD_NO_OFFSET;
    case SW_TIME_NO_CLOCK:
        return SW_FIELD_NO_CLOCK;
    }
    return SW_FIELD_MALFORMED;
}

/* What a local clock shows, as an instant. */
static enum sw_field_outcome instant_of(struct sw_field_parser *parser, sw_int128 shown_ns,
                                        int64_t *time_ns)
{
    parser->local_seen = parser->local_last = true;
    parser->shown_ns = shown_ns;
    if (!parser->zone) {
        *time_ns = (int64_t)shown_ns;
        return shown_ns == *time_ns ? SW_FIELD_GOOD : SW_FIELD_TOO_LARGE;
    }
    switch (sw_local_find(parser->zone, shown_ns, time_ns)) {
    case SW_LOCAL_SKIPPED:
        return SW_FIELD_SKIPPED;
    case SW_LOCAL_TOO_LARGE:
        return SW_FIELD_TOO_LARGE;
    case SW_LOCAL_NO_ZONE:
        return SW_FIELD_NO_ZONE;
    default:
        return SW_FIELD_GOOD;
    }
}

enum sw_field_outcome sw_field_join(struct sw_field_parser *parser, int64_t days, int64_t clock_ns,
                                    int64_t *time_ns)
{
    return instant_of(parser, (sw_int128)days * SW_NS_PER_DAY + clock_ns, time_ns);
}

static bool has_zone(const struct sw_field_parser *parser)
{
    return parser->zone || parser->utc;
}

/* A text between two others, as an ISO time. */
static enum sw_field_outcome read_iso_between(const char *before, const char *text, size_t length,
                                              const char *behind, int64_t *time_ns)
{
    char whole[TIME_LENGTH + 16];
    if (length > TIME_LENGTH) return SW_FIELD_MALFORMED;
    int written = snprintf(whole, sizeof whole, "%s%.*s%s", before, (int)length, text, behind);
    return of_time(sw_parse_time(whole, (size_t)written, time_ns));
}

static enum sw_field_outcome read_iso_time(struct sw_field_parser *parser, const char *text,
                                           size_t length, int64_t *time_ns)
{
    int64_t shown;
    enum sw_field_outcome outcome = of_time(sw_parse_time(text, length, time_ns));
    if (outcome != SW_FIELD_NO_OFFSET || !has_zone(parser)) return outcome;
    outcome = read_iso_between("", text, length, "Z", &shown);
    return outcome == SW_FIELD_GOOD ? instant_of(parser, shown, time_ns) : outcome;
}

/* What a text in a form of its own means. */
static enum sw_field_outcome value_of_parts(struct sw_field_parser *parser,
                                            const struct sw_time_parts *parts, int64_t *value)
{
    if (parts->fine) return SW_FIELD_TOO_FINE;
    if (parser->form != SW_FIELD_TIME) {
        *value = parser->form == SW_FIELD_DATE ? parts->days : parts->clock_ns;
        return SW_FIELD_GOOD;
    }
    sw_int128 shown = (sw_int128)parts->days * SW_NS_PER_DAY + parts->clock_ns;
    if (!parts->has_offset)
        return has_zone(parser) ? instant_of(parser, shown, value) : SW_FIELD_NO_OFFSET;
    shown -= parts->offset_seconds * (sw_int128)SW_NS_PER_SECOND;
    *value = (int64_t)shown;
    return shown == *value ? SW_FIELD_GOOD : SW_FIELD_TOO_LARGE;
}

/* A number of a column without a unit: nanoseconds, where it cannot well be anything else. */
static enum sw_field_outcome check_unit(const struct sw_field_parser *parser, const char *text,
                                        size_t length, int64_t value)
{
    const int64_t microseconds = SW_NS_PER_DAY / 1000;
    if (parser->form == SW_FIELD_CLOCK && (value < 0 || value > SW_NS_PER_DAY))
        return parser->unit_said ? SW_FIELD_TOO_LARGE : SW_FIELD_NO_UNIT;
    if (parser->unit_said) return SW_FIELD_GOOD;
    if (parser->form == SW_FIELD_TIME)
        return sw_time_unit(value) ? SW_FIELD_OTHER_UNIT : SW_FIELD_GOOD;
    bool zero_first = length > 1 && *text == '0';
    return zero_first || (value != 0 && value <= microseconds) ? SW_FIELD_NO_UNIT : SW_FIELD_GOOD;
}

/* ---- what was read last ---- */

static void remember(struct sw_field_parser *parser, const struct sw_clock_layout *layout,
                     const char *text, size_t length, int64_t value)
{
    struct sw_time_reading reading = {text, length, value, parser->local_last, value};
    if (parser->local_last) reading.shown_ns = parser->shown_ns;
    sw_time_memory_learn(&parser->memory, parser->zone, layout, &reading);
}

/* A clock of ISO 8601 stands at the beginning, or after a date and what separates them. */
static void remember_iso(struct sw_field_parser *parser, const char *text, size_t length,
                         int64_t value)
{
    struct sw_clock_layout layout = {.shape = SW_CLOCK_COLONS,
                                     .fraction = SW_FRACTION_MAYBE,
                                     .points = {'.', parser->comma_point ? ',' : '.'},
                                     .clock_at = parser->form == SW_FIELD_TIME ? ISO_CLOCK_AT : 0};
    remember(parser, &layout, text, length, value);
}

static enum sw_field_outcome read_formatted(struct sw_field_parser *parser, const char *text,
                                            size_t length, int64_t *value)
{
    struct sw_time_parts parts;
    if (!sw_time_format_read(parser->format, text, length, &parts)) return SW_FIELD_MALFORMED;
    enum sw_field_outcome outcome = value_of_parts(parser, &parts, value);
    if (outcome != SW_FIELD_GOOD) return outcome;
    struct sw_clock_layout layout = sw_time_format_clock(parser->format);
    layout.clock_at = parts.clock_at;
    if (parser->form == SW_FIELD_DATE) layout.shape = SW_CLOCK_WHOLE;
    remember(parser, &layout, text, length, *value);
    return SW_FIELD_GOOD;
}

/* A text in the form of ISO 8601. */
static enum sw_field_outcome read_iso(struct sw_field_parser *parser, const char *text,
                                      size_t length, int64_t *value)
{
    enum sw_field_outcome outcome = parser->form == SW_FIELD_TIME
                                        ? read_iso_time(parser, text, length, value)
                                        : read_iso_between("1970-01-01T", text, length, "Z", value);
    if (outcome == SW_FIELD_GOOD) remember_iso(parser, text, length, *value);
    return outcome;
}

/* A number, else a text. */
static enum sw_field_outcome read_counted(struct sw_field_parser *parser, const char *text,
                                          size_t length, int64_t *value)
{
    sw_int128 number;
    enum sw_field_outcome outcome = read_number(parser, text, length, &number);
    if (outcome == SW_FIELD_MALFORMED) return read_iso(parser, text, length, value);
    if (outcome == SW_FIELD_GOOD) outcome = narrow(parser, number);
    *value = (int64_t)number;
    return outcome == SW_FIELD_GOOD ? check_unit(parser, text, length, *value) : outcome;
}

/* ---- any field ---- */

static enum sw_field_outcome read_date(struct sw_field_parser *parser, const char *text,
                                       size_t length, int64_t *value)
{
    const struct sw_clock_layout layout = {.shape = SW_CLOCK_WHOLE};
    if (!sw_parse_date(text, length, value)) return SW_FIELD_MALFORMED;
    remember(parser, &layout, text, length, *value);
    return SW_FIELD_GOOD;
}

static enum sw_field_outcome read_plain(struct sw_field_parser *parser, const char *text,
                                        size_t length, sw_int128 *value)
{
    int64_t time = 0;
    enum sw_field_outcome outcome;
    if (parser->form == SW_FIELD_NUMBER) {
        outcome = read_number(parser, text, length, value);
        return outcome == SW_FIELD_GOOD ? narrow(parser, *value) : outcome;
    }
    parser->local_last = false;
    if (parser->format)
        outcome = read_formatted(parser, text, length, &time);
    else if (parser->form == SW_FIELD_DATE)
        outcome = read_date(parser, text, length, &time);
    else
        outcome = read_counted(parser, text, length, &time);
    *value = time;
    return outcome;
}

/* Where a comma is the point, a point is none; but for the fraction of a clock, which may have
 * either. */
static void swap_points(char *to, const char *text, size_t length)
{
    bool clock = memchr(text, ':', length) != NULL;
    for (size_t i = 0; i < length; i++)
        to[i] = text[i] == ',' ? '.' : text[i] == '.' && !clock ? ',' : text[i];
}

static enum sw_field_outcome read_field(struct sw_field_parser *parser, const char *text,
                                        size_t length, sw_int128 *value)
{
    char swapped[TIME_LENGTH];
    if (!parser->comma_point || parser->format || parser->form == SW_FIELD_DATE)
        return read_plain(parser, text, length, value);
    if (length > sizeof swapped) return SW_FIELD_MALFORMED;
    swap_points(swapped, text, length);
    return read_plain(parser, swapped, length, value);
}

/* A number that the column has is compared as that; what is none, or a time or a date, as it is
 * written. */
enum sw_field_outcome sw_field_parse(struct sw_field_parser *parser, const char *text,
                                     size_t length, sw_int128 *value)
{
    const struct sw_value_map *map = parser->map;
    const struct sw_value_rule *rule = map ? sw_value_map_of_bytes(map, text, length) : NULL;
    enum sw_field_outcome outcome = rule ? SW_FIELD_GOOD : read_field(parser, text, length, value);
    if (map && !rule) {
        bool number = outcome == SW_FIELD_GOOD && parser->form == SW_FIELD_NUMBER;
        rule = number ? sw_value_map_of_value(map, *value) : sw_value_map_find(map, text, length);
    }
    if (!rule) return outcome;
    return rule->to ? read_field(parser, rule->to, rule->to_length, value) : SW_FIELD_NULL;
}

/* ---- reasons ---- */

static const char *kind_of(const struct sw_field_parser *parser)
{
    static const char *const kinds[] = {
        [SW_INT] = "whole number", [SW_UINT] = "whole number", [SW_DECIMAL] = "decimal",
        [SW_TIME] = "time",        [SW_DATE] = "date",         [SW_TEXT] = "text",
    };
    return parser->form == SW_FIELD_CLOCK ? "time of day" : kinds[parser->type];
}

/* How far a number may go after its point. */
static int number_decimals(const struct sw_field_parser *parser)
{
    return parser->form == SW_FIELD_NUMBER ? parser->decimals : 0;
}

static const char *format_reason(const struct sw_field_parser *parser, char space[64])
{
    snprintf(space, 64, "not a %s written %.30s", kind_of(parser), parser->format);
    return space;
}

const char *sw_field_join_reason(enum sw_field_outcome outcome)
{
    if (outcome == SW_FIELD_NO_ZONE) return "a local time of a zone that cannot be read";
    return outcome == SW_FIELD_SKIPPED ? "a local time that the clock skips there"
                                       : "out of range (1677-09-21 to 2262-04-11)";
}

static const char *time_reason(const struct sw_field_parser *parser, enum sw_field_outcome outcome,
                               sw_int128 value, char space[64])
{
    switch (outcome) {
    case SW_FIELD_OTHER_UNIT:
        snprintf(space, 64, "counts %s since 1970, not nanoseconds", sw_time_unit((int64_t)value));
        return space;
    case SW_FIELD_NO_OFFSET:
        return sw_time_reason(SW_TIME_NO_OFFSET);
    case SW_FIELD_NO_CLOCK:
        return sw_time_reason(SW_TIME_NO_CLOCK);
    case SW_FIELD_SKIPPED:
    case SW_FIELD_NO_ZONE:
        return sw_field_join_reason(outcome);
    case SW_FIELD_NO_UNIT:
        return "counts what since midnight? (clock:s, clock:ms, clock:us, clock:ns)";
    case SW_FIELD_TOO_FINE:
        return sw_time_reason(SW_TIME_TOO_FINE);
    case SW_FIELD_TOO_LARGE:
        return parser->form == SW_FIELD_CLOCK ? "more than a day"
                                              : sw_time_reason(SW_TIME_TOO_LARGE);
    default:
        return parser->format ? format_reason(parser, space)
                              : sw_number_reason(SW_NUMBER_MALFORMED, kind_of(parser), 0, space);
    }
}

const char *sw_field_reason(struct sw_field_parser *parser, const char *text, size_t length,
                            char space[64])
{
    sw_int128 value = 0;
    if (length == 0) return NULL;
    if (parser->form == SW_FIELD_TEXT)
        return length > SW_TEXT_MAXIMUM ? "longer than 1048576 bytes" : NULL;
    enum sw_field_outcome outcome = sw_field_parse(parser, text, length, &value);
    if (outcome == SW_FIELD_GOOD || outcome == SW_FIELD_NULL) return NULL;
    if (parser->form == SW_FIELD_NUMBER)
        return sw_number_reason((enum sw_number_outcome)outcome, kind_of(parser),
                                number_decimals(parser), space);
    return time_reason(parser, outcome, value, space);
}
