/* SPDX-License-Identifier: ISC
 * The lines of a schema file, each by itself. */
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "base/zone.h"
#include "schema/csv_schema.h"

/* ---- types ---- */

static const char known_types[] =
    "int, uint, decimal[:0-18], scaled:0-18, time[:UNIT], clock[:UNIT], date or text";

/* How many decimals of a second a unit counts short of nanoseconds. */
static bool parse_unit(const char *word, int *decimals)
{
    static const char *const units[] = {"ns", "us", "ms", "s"};
    for (int i = 0; i < 4; i++)
        if (strcmp(word, units[i]) == 0) {
            *decimals = 3 * i;
            return true;
        }
    return false;
}

static bool parse_scale(const char *word, int *scale)
{
    uint64_t number;
    if (!sw_parse_count(word, &number) || number > SW_MAXIMUM_SCALE) return false;
    *scale = (int)number;
    return true;
}

/* A time or a clock, with its unit or without. */
static bool parse_time_type(const char *unit, enum sw_field_form form,
                            struct sw_field_parser *parser)
{
    *parser = sw_field_parser_of(form == SW_FIELD_TIME ? SW_TIME : SW_INT, 0);
    parser->form = form;
    parser->exponents = true;
    parser->unit_said = unit != NULL;
    return !unit || parse_unit(unit, &parser->decimals);
}

/* A decimal, or whole multiples of its last one. */
static bool parse_decimal_type(const char *scale, bool whole, struct sw_field_parser *parser)
{
    int number = 4;
    if ((scale || whole) && !(scale && parse_scale(scale, &number))) return false;
    *parser = sw_field_parser_of(SW_DECIMAL, number);
    if (whole) parser->decimals = 0;
    return true;
}

static bool parse_type(const char *word, struct sw_field_parser *parser)
{
    char name[16];
    const char *colon = strchr(word, ':'), *behind = colon ? colon + 1 : NULL;
    size_t length = strcspn(word, ":");
    if (length >= sizeof name) return false;
    memcpy(name, word, length);
    name[length] = 0;
    if (strcmp(name, "decimal") == 0) return parse_decimal_type(behind, false, parser);
    if (strcmp(name, "scaled") == 0) return parse_decimal_type(behind, true, parser);
    if (strcmp(name, "time") == 0) return parse_time_type(behind, SW_FIELD_TIME, parser);
    if (strcmp(name, "clock") == 0) return parse_time_type(behind, SW_FIELD_CLOCK, parser);
    for (int t = SW_INT; !colon && t <= SW_TEXT; t++)
        if (strcmp(word, sw_type_name((enum sw_type)t)) == 0) {
            *parser = sw_field_parser_of((enum sw_type)t, 0);
            return true;
        }
    return false;
}

/* ---- lines ---- */

static bool add_words(struct sw_words_list *list, char **words, size_t count,
                      struct sw_error *error)
{
    for (size_t i = 1; i < count; i++)
        if (!sw_words_list_add(list, words[i], error)) return false;
    return true;
}

static bool add_column(struct sw_csv_schema *csv_schema, char **words, size_t count,
                       struct sw_error *error)
{
    struct sw_csv_schema_column column = {.line = csv_schema->lines};
    if (count < 3) return sw_fail(error, SW_USAGE, "column: needs a name and a type");
    if (!parse_type(words[2], &column.parser))
        return sw_fail(error, SW_USAGE, "column: not %s: '%s'", known_types, words[2]);
    if (sw_csv_schema_column(csv_schema, words[1]))
        return sw_fail(error, SW_USAGE, "column: there are two: '%s'", words[1]);
    if (!sw_grow(&csv_schema->columns, &csv_schema->column_capacity, csv_schema->column_count + 1,
                 sizeof *csv_schema->columns, error))
        return false;
    column.name = sw_copy_text(words[1], strlen(words[1]), error);
    if (!column.name) return false;
    csv_schema->columns[csv_schema->column_count++] = column;
    return add_words(&csv_schema->columns[csv_schema->column_count - 1].aliases, words + 2,
                     count - 2, error);
}

static bool set_word(char **to, char **words, size_t count, struct sw_error *error)
{
    if (count != 2 || *to) return sw_fail(error, SW_USAGE, "%s: needs one name, once", words[0]);
    *to = sw_copy_text(words[1], strlen(words[1]), error);
    return *to != NULL;
}

static bool set_table(struct sw_csv_schema *csv_schema, char **words, size_t count,
                      struct sw_error *error)
{
    return set_word(&csv_schema->table, words, count, error);
}

static bool set_row_kind(struct sw_csv_schema *csv_schema, char **words, size_t count,
                         struct sw_error *error)
{
    if (count != 2 || csv_schema->row_kind != SW_ROWS_UNSAID)
        return sw_fail(error, SW_USAGE, "rows: needs one name, once");
    return sw_row_kind_find(words[1], &csv_schema->row_kind) ||
           sw_fail(error, SW_USAGE, "rows: not events, orders, trades, trade_sides or quotes: '%s'",
                   words[1]);
}

static bool set_zone(struct sw_csv_schema *csv_schema, char **words, size_t count,
                     struct sw_error *error)
{
    return set_word(&csv_schema->zone, words, count, error) &&
           (sw_zone_exists(csv_schema->zone) ||
            sw_fail(error, SW_USAGE, "zone: no such time zone: '%s'", csv_schema->zone));
}

static bool set_separator(struct sw_csv_schema *csv_schema, char **words, size_t count,
                          struct sw_error *error)
{
    if (count != 2) return sw_fail(error, SW_USAGE, "separator: needs one, once");
    return sw_separator_find(words[1], &csv_schema->dialect.separator, error);
}

static bool set_point(struct sw_csv_schema *csv_schema, char **words, size_t count,
                      struct sw_error *error)
{
    if (count != 2 || strcmp(words[1], "comma") != 0)
        return sw_fail(error, SW_USAGE, "point: can be told to be a comma: point comma");
    csv_schema->comma_point = true;
    return true;
}

static bool add_ignored(struct sw_csv_schema *csv_schema, char **words, size_t count,
                        struct sw_error *error)
{
    if (count < 2) return sw_fail(error, SW_USAGE, "ignore: needs what such lines begin with");
    for (size_t i = 1; i < count; i++) {
        size_t length = strlen(words[i]);
        if (length == 0) return sw_fail(error, SW_USAGE, "ignore: every line begins with nothing");
        if (!sw_dialect_ignore(&csv_schema->dialect, words[i], length, false, error)) return false;
    }
    return true;
}

static bool add_names(struct sw_csv_schema *csv_schema, char **words, size_t count,
                      struct sw_error *error)
{
    if (count < 2) return sw_fail(error, SW_USAGE, "names: needs the names of all columns");
    for (size_t i = 1; i < count; i++)
        for (size_t k = 1; k < i; k++)
            if (strcmp(words[i], words[k]) == 0)
                return sw_fail(error, SW_USAGE, "names: stands twice: '%s'", words[i]);
    csv_schema->by_choice_only = true;
    return add_words(&csv_schema->names, words, count, error);
}

static bool add_forbidden(struct sw_csv_schema *csv_schema, char **words, size_t count,
                          struct sw_error *error)
{
    return add_words(&csv_schema->forbid, words, count, error);
}

/* Kept until all columns are known. */
static bool keep(struct sw_csv_schema *csv_schema, char **words, size_t count,
                 struct sw_error *error)
{
    struct sw_csv_schema_line line = {.number = csv_schema->lines};
    if (!sw_grow(&csv_schema->later, &csv_schema->later_capacity, csv_schema->later_count + 1,
                 sizeof *csv_schema->later, error))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!sw_words_list_add(&line.words, words[i], error)) {
            sw_words_list_free(&line.words);
            return false;
        }
    csv_schema->later[csv_schema->later_count++] = line;
    return true;
}

bool sw_csv_schema_line(struct sw_csv_schema *csv_schema, char **words, size_t count,
                        struct sw_error *error)
{
    static const struct {
        const char *word;
        bool (*take)(struct sw_csv_schema *, char **, size_t, struct sw_error *);
    } kinds[] = {
        {"table", set_table},      {"time", keep},
        {"rows", set_row_kind},    {"zone", set_zone},
        {"column", add_column},    {"value", keep},
        {"format", keep},          {"separator", set_separator},
        {"point", set_point},      {"names", add_names},
        {"ignore", add_ignored},   {"file", keep},
        {"require", keep},         {"require-one", keep},
        {"forbid", add_forbidden},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (*words[0] == *kinds[i].word && strcmp(words[0], kinds[i].word) == 0)
            return kinds[i].take(csv_schema, words, count, error);
    return sw_fail(error, SW_USAGE,
                   "not table, time, rows, zone, column, value, format, separator, point, names, "
                   "ignore, file, require, require-one or forbid: '%s'",
                   words[0]);
}
