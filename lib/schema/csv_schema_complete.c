/* SPDX-License-Identifier: ISC
 * What the lines of a schema say of its columns, once all of them are known; and what the user says
 * above it. */
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "base/zone.h"
#include "schema/csv_schema.h"
#include "schema/file_name.h"
#include "schema/time_format.h"

static struct sw_csv_schema_column *column_of(struct sw_csv_schema *csv_schema, const char *name)
{
    for (size_t i = 0; i < csv_schema->column_count; i++)
        if (*csv_schema->columns[i].name == *name && strcmp(csv_schema->columns[i].name, name) == 0)
            return &csv_schema->columns[i];
    return NULL;
}

static bool is_alias(const struct sw_csv_schema *csv_schema, const char *name)
{
    return sw_csv_schema_canonical(csv_schema, name, strlen(name)) != NULL;
}

/* ---- value ---- */

static bool check_meaning(struct sw_csv_schema_column *column, const char *to,
                          struct sw_error *error)
{
    char space[64];
    const char *reason = to ? sw_field_reason(&column->parser, to, strlen(to), space) : NULL;
    return !reason || sw_fail(error, SW_USAGE, "value: %s: '%s'", reason, to);
}

/* As the column is read, so that 0,00 is the number 0 where a comma is the point. */
static bool add_meaning(struct sw_csv_schema_column *column, bool comma_point, char *from,
                        const char *to, struct sw_error *error)
{
    char *comma = comma_point && column->parser.form == SW_FIELD_NUMBER ? strchr(from, ',') : NULL;
    struct sw_error wrong = {0};
    sw_int128 number;
    if (comma) *comma = '.';
    if (comma && sw_parse_decimal(from, strlen(from), SW_MAXIMUM_SCALE, &number) != SW_NUMBER_GOOD)
        *comma = ',';
    if (sw_value_map_add(&column->values, from, to, &wrong)) return true;
    return sw_fail(error, wrong.status, "value: %s", wrong.message);
}

static bool put_value(struct sw_csv_schema *csv_schema, struct sw_words_list *words,
                      struct sw_error *error)
{
    if (words->count < 4)
        return sw_fail(error, SW_USAGE,
                       "value: needs a column, what it means, and what is written");
    struct sw_csv_schema_column *column = column_of(csv_schema, words->items[1]);
    const char *to = strcmp(words->items[2], "null") == 0 ? NULL : words->items[2];
    if (!column) return sw_fail(error, SW_USAGE, "value: no such column: '%s'", words->items[1]);
    if (!check_meaning(column, to, error)) return false;
    for (size_t i = 3; i < words->count; i++)
        if (!add_meaning(column, csv_schema->comma_point, words->items[i], to, error)) return false;
    enum sw_field_form form = column->parser.form;
    bool number = form != SW_FIELD_DATE && form != SW_FIELD_TEXT;
    return sw_value_map_seal(&column->values, number ? SW_DECIMAL : SW_TEXT,
                             column->parser.decimals, error);
}

/* ---- format ---- */

static bool put_format(struct sw_csv_schema *csv_schema, struct sw_words_list *words,
                       struct sw_error *error)
{
    struct sw_time_format_kind kind;
    struct sw_error wrong = {0};
    if (words->count != 3) return sw_fail(error, SW_USAGE, "format: needs a column and a format");
    struct sw_csv_schema_column *column = column_of(csv_schema, words->items[1]);
    if (!column) return sw_fail(error, SW_USAGE, "format: no such column: '%s'", words->items[1]);
    enum sw_field_form form = column->parser.form;
    if (form == SW_FIELD_NUMBER || form == SW_FIELD_TEXT || column->parser.unit_said)
        return sw_fail(error, SW_USAGE,
                       "format: of a date, a clock or a time, without a unit: '%s'", column->name);
    if (column->format)
        return sw_fail(error, SW_USAGE, "format: there are two of '%s'", column->name);
    if (!sw_time_format_check(words->items[2], &kind, &wrong))
        return sw_fail(error, SW_USAGE, "format: %s", wrong.message);
    bool date = form != SW_FIELD_CLOCK, clock = form != SW_FIELD_DATE;
    if ((date && !kind.date) || (clock && !kind.clock))
        return sw_fail(error, SW_USAGE, "format: there is no %s in '%s'",
                       date && !kind.date ? "date" : "clock", words->items[2]);
    column->format = sw_copy_text(words->items[2], strlen(words->items[2]), error);
    return column->format != NULL;
}

/* ---- time ---- */

static bool is_of_form(struct sw_csv_schema *csv_schema, const char *name, enum sw_field_form form)
{
    const struct sw_csv_schema_column *column = column_of(csv_schema, name);
    return column && column->parser.form == form;
}

static bool copy_word(char **to, const char *word, struct sw_error *error)
{
    *to = sw_copy_text(word, strlen(word), error);
    return *to != NULL;
}

/* The time column is one of the schema's own: under another name, or of another type, nothing could
 * go by it. */
static bool put_time(struct sw_csv_schema *csv_schema, struct sw_words_list *words,
                     struct sw_error *error)
{
    char **items = words->items;
    if (csv_schema->time || (words->count != 2 && words->count != 4))
        return sw_fail(error, SW_USAGE,
                       "time: needs a column, or a name, a date and a clock, once");
    if (words->count == 2)
        return (is_of_form(csv_schema, items[1], SW_FIELD_TIME) ||
                sw_fail(error, SW_USAGE, "time: no column of type time: '%s'", items[1])) &&
               copy_word(&csv_schema->time, items[1], error);
    if (column_of(csv_schema, items[1]) || is_alias(csv_schema, items[1]))
        return sw_fail(error, SW_USAGE, "time: a column of the file already: '%s'", items[1]);
    if (!is_of_form(csv_schema, items[2], SW_FIELD_DATE))
        return sw_fail(error, SW_USAGE, "time: no column of type date: '%s'", items[2]);
    if (!is_of_form(csv_schema, items[3], SW_FIELD_CLOCK))
        return sw_fail(error, SW_USAGE, "time: no column of type clock: '%s'", items[3]);
    return copy_word(&csv_schema->time, items[1], error) &&
           copy_word(&csv_schema->date, items[2], error) &&
           copy_word(&csv_schema->clock, items[3], error);
}

/* ---- require ---- */

static bool put_required(struct sw_csv_schema *csv_schema, struct sw_words_list *words,
                         struct sw_error *error)
{
    bool all = strcmp(words->items[0], "require") == 0;
    struct sw_words_list *list = all ? &csv_schema->require : &csv_schema->require_one;
    for (size_t i = 1; i < words->count; i++) {
        const char *name = words->items[i];
        if (!column_of(csv_schema, name) && !is_alias(csv_schema, name))
            return sw_fail(error, SW_USAGE, "%s: no such column: '%s'", words->items[0], name);
        if (!sw_words_list_add(list, name, error)) return false;
    }
    return true;
}

/* ---- file ---- */

static bool put_file(struct sw_csv_schema *csv_schema, struct sw_words_list *words,
                     struct sw_error *error)
{
    struct sw_file_part part;
    struct sw_error wrong = {0};
    if (words->count != 2 || csv_schema->file_pattern)
        return sw_fail(error, SW_USAGE, "file: needs one pattern, once");
    if (!sw_file_pattern_check(words->items[1], &wrong))
        return sw_fail(error, SW_USAGE, "file: %s", wrong.message);
    if (!copy_word(&csv_schema->file_pattern, words->items[1], error)) return false;
    for (size_t i = 0; sw_file_pattern_part(csv_schema->file_pattern, i, &part); i++) {
        char name[SW_NAME_MAXIMUM + 1];
        snprintf(name, sizeof name, "%.*s", (int)part.length, part.text);
        if (*name && !column_of(csv_schema, name))
            return sw_fail(error, SW_USAGE, "file: no such column: '%s'", name);
    }
    return true;
}

static bool put_later(struct sw_csv_schema *csv_schema, struct sw_words_list *words,
                      struct sw_error *error)
{
    if (strcmp(words->items[0], "value") == 0) return put_value(csv_schema, words, error);
    if (strcmp(words->items[0], "format") == 0) return put_format(csv_schema, words, error);
    if (strcmp(words->items[0], "time") == 0) return put_time(csv_schema, words, error);
    if (strcmp(words->items[0], "file") == 0) return put_file(csv_schema, words, error);
    return put_required(csv_schema, words, error);
}

static void free_later(struct sw_csv_schema *csv_schema)
{
    for (size_t i = 0; i < csv_schema->later_count; i++)
        sw_words_list_free(&csv_schema->later[i].words);
    free(csv_schema->later);
    csv_schema->later = NULL;
    csv_schema->later_count = csv_schema->later_capacity = 0;
}

/* ---- the whole ---- */

/* An alias means one column. */
static bool check_aliases(struct sw_csv_schema *csv_schema,
                          const struct sw_csv_schema_column *column, struct sw_error *error)
{
    for (size_t i = 0; i < column->aliases.count; i++) {
        const char *alias = column->aliases.items[i];
        const struct sw_csv_schema_column *other = column_of(csv_schema, alias);
        if (other && other != column)
            return sw_fail(error, SW_USAGE, "column: an alias that is another column: '%s'", alias);
        const char *meant = sw_csv_schema_canonical(csv_schema, alias, strlen(alias));
        if (strcmp(meant, column->name) != 0)
            return sw_fail(error, SW_USAGE, "column: an alias of two columns: '%s'", alias);
    }
    return true;
}

static bool fail_at(const char *path, size_t line, struct sw_error *error)
{
    char place[600];
    snprintf(place, sizeof place, "%.500s:%zu", path, line);
    return sw_fail_at(error, place);
}

/* How fields are read that the schema as a whole says something of. */
static void finish_columns(struct sw_csv_schema *csv_schema)
{
    for (size_t i = 0; i < csv_schema->column_count; i++) {
        struct sw_csv_schema_column *column = &csv_schema->columns[i];
        column->parser.comma_point = csv_schema->comma_point;
        column->parser.format = column->format;
        column->parser.utc = column->format != NULL;
    }
}

bool sw_csv_schema_complete(struct sw_csv_schema *csv_schema, const char *path,
                            struct sw_error *error)
{
    if (!csv_schema->table || csv_schema->column_count == 0)
        return sw_fail(error, SW_USAGE, "%s: a schema needs a table and columns", path);
    if (csv_schema->comma_point && csv_schema->dialect.separator == ',')
        return sw_fail(error, SW_USAGE, "%s: point comma: a comma separates fields already", path);
    for (size_t i = 0; i < csv_schema->column_count; i++)
        if (!check_aliases(csv_schema, &csv_schema->columns[i], error))
            return fail_at(path, csv_schema->columns[i].line, error);
    finish_columns(csv_schema);
    for (size_t i = 0; i < csv_schema->later_count; i++)
        if (!put_later(csv_schema, &csv_schema->later[i].words, error))
            return fail_at(path, csv_schema->later[i].number, error);
    free_later(csv_schema);
    finish_columns(csv_schema);
    return true;
}

/* ---- what the user says ---- */

static bool change_text(char **to, const char *text, struct sw_error *error)
{
    char *copy = sw_copy_text(text, strlen(text), error);
    if (!copy) return false;
    free(*to);
    *to = copy;
    return true;
}

/* The file is as this suite writes one: only names and types are the schema's. */
static void make_canonical(struct sw_csv_schema *csv_schema)
{
    free(csv_schema->date);
    free(csv_schema->clock);
    free(csv_schema->file_pattern);
    csv_schema->date = csv_schema->clock = csv_schema->file_pattern = NULL;
    sw_words_list_free(&csv_schema->names);
    sw_dialect_free(&csv_schema->dialect);
    csv_schema->dialect.separator = ',';
    csv_schema->comma_point = false;
    for (size_t i = 0; i < csv_schema->column_count; i++) {
        struct sw_csv_schema_column *column = &csv_schema->columns[i];
        column->parser = sw_field_parser_of(column->parser.type, column->parser.scale);
        column->parser.unit_said = true;
        free(column->format);
        column->format = NULL;
        sw_words_list_free(&column->aliases);
        sw_value_map_free(&column->values);
    }
}

/* The time that was made of others is a column of a canonical file. */
static bool add_made_time(struct sw_csv_schema *csv_schema, struct sw_error *error)
{
    char type[] = "time", word[] = "column";
    char *words[] = {word, csv_schema->time, type};
    if (!csv_schema->date) return true;
    return sw_csv_schema_line(csv_schema, words, 3, error);
}

static bool change(struct sw_csv_schema *csv_schema, const struct sw_csv_schema_changes *changes,
                   struct sw_error *error)
{
    if (changes->canonical) {
        if (!add_made_time(csv_schema, error)) return false;
        make_canonical(csv_schema);
    }
    if (changes->separator &&
        !sw_separator_find(changes->separator, &csv_schema->dialect.separator, error))
        return sw_fail_at(error, "--separator");
    if (changes->separator && csv_schema->comma_point && csv_schema->dialect.separator == ',')
        return sw_fail(error, SW_USAGE, "--separator: a comma is the point of numbers there");
    return !changes->zone || change_text(&csv_schema->zone, changes->zone, error);
}

/* What was said is part of what the csv_schema is. */
static void add_to_digest(struct sw_csv_schema *csv_schema,
                          const struct sw_csv_schema_changes *changes)
{
    const char *said[] = {changes->separator, changes->names, changes->zone, changes->name,
                          changes->canonical ? "canonical" : NULL};
    struct sw_sha256 hash;
    sw_sha256_begin(&hash);
    sw_sha256_add(&hash, csv_schema->digest, sizeof csv_schema->digest);
    for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
        const char *text = said[i] ? said[i] : "";
        sw_sha256_add(&hash, said[i] ? "+" : "-", 1);
        sw_sha256_add(&hash, text, strlen(text) + 1);
    }
    sw_sha256_end(&hash, csv_schema->digest);
}

/* Names between commas. */
static bool split_names(struct sw_words_list *names, const char *list, struct sw_error *error)
{
    for (;;) {
        char name[SW_NAME_MAXIMUM + 1];
        size_t length = strcspn(list, ",");
        if (length > SW_NAME_MAXIMUM)
            return sw_fail(error, SW_USAGE, "--names: a name of more than %d bytes",
                           SW_NAME_MAXIMUM);
        snprintf(name, sizeof name, "%.*s", (int)length, list);
        if (!sw_words_list_add(names, name, error)) return false;
        list += length;
        if (!*list++) return true;
    }
}

bool sw_csv_schemas_change(struct sw_csv_schemas *csv_schemas,
                           const struct sw_csv_schema_changes *changes, struct sw_error *error)
{
    bool any = changes->separator || changes->names || changes->zone || changes->name ||
               changes->canonical;
    csv_schemas->changes = *changes;
    if (changes->zone && !sw_zone_exists(changes->zone))
        return sw_fail(error, SW_USAGE, "--zone: no such time zone: '%s'", changes->zone);
    if (changes->names && !split_names(&csv_schemas->names, changes->names, error)) return false;
    for (size_t i = 0; any && i < csv_schemas->count; i++) {
        if (!change(&csv_schemas->items[i], changes, error)) return false;
        add_to_digest(&csv_schemas->items[i], changes);
    }
    return true;
}
