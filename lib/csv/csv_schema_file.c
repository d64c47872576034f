/* SPDX-License-Identifier: ISC
 * Reading schema files. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "files/input.h"
#include "base/memory.h"
#include "base/number.h"
#include "base/zone.h"
#include "csv/csv_schema.h"
#include "csv/parse_columns.h"
#include "files/whole.h"

enum { FILE_MAXIMUM = 1 << 20, FILE_STEP = 4096, LINE_WORDS = 256 };

static const char suffix[] = ".schema";

static bool add_word(struct sw_words_list *list, const char *word, struct sw_error *error)
{
    if (!sw_grow(&list->items, &list->capacity, list->count + 1, sizeof *list->items, error))
        return false;
    list->items[list->count] = sw_copy_text(word, strlen(word), error);
    if (!list->items[list->count]) return false;
    list->count++;
    return true;
}

static void free_words(struct sw_words_list *list)
{
    for (size_t i = 0; i < list->count; i++) free(list->items[i]);
    free(list->items);
}

void sw_csv_schema_free(struct sw_csv_schema *csv_schema)
{
    for (size_t i = 0; i < csv_schema->column_count; i++) {
        free(csv_schema->columns[i].name);
        free_words(&csv_schema->columns[i].aliases);
        sw_value_map_free(&csv_schema->columns[i].values);
    }
    free(csv_schema->columns);
    for (size_t i = 0; i < csv_schema->value_count; i++) free_words(&csv_schema->values[i].words);
    free(csv_schema->values);
    free(csv_schema->table);
    free(csv_schema->time);
    free(csv_schema->zone);
    free_words(&csv_schema->require);
    free_words(&csv_schema->require_one);
    free_words(&csv_schema->forbid);
    *csv_schema = (struct sw_csv_schema){0};
}

/* TYPE or TYPE:SCALE; only decimals have one, 4 where it is not said. */
static bool parse_type(const char *word, enum sw_type *type, int *scale)
{
    size_t length = strcspn(word, ":");
    uint64_t number = 4;
    for (int t = SW_INT; t <= SW_TEXT; t++) {
        const char *name = sw_type_name((enum sw_type)t);
        if (strlen(name) != length || strncmp(name, word, length) != 0) continue;
        *type = (enum sw_type)t;
        if (word[length] && (t != SW_DECIMAL || !sw_parse_count(word + length + 1, &number)))
            return false;
        *scale = t == SW_DECIMAL ? (int)(number > SW_MAXIMUM_SCALE ? -1 : (int)number) : 0;
        return *scale >= 0;
    }
    return false;
}

static bool add_column(struct sw_csv_schema *csv_schema, char **words, size_t count,
                       struct sw_error *error)
{
    struct sw_csv_schema_column column = {0};
    if (count < 3) return sw_fail(error, SW_USAGE, "column: needs a name and a type");
    if (!parse_type(words[2], &column.type, &column.scale))
        return sw_fail(error, SW_USAGE,
                       "column: not int, uint, decimal[:0-18], time, date or text: '%s'", words[2]);
    for (size_t i = 0; i < csv_schema->column_count; i++)
        if (strcmp(csv_schema->columns[i].name, words[1]) == 0)
            return sw_fail(error, SW_USAGE, "column: there are two: '%s'", words[1]);
    if (!sw_grow(&csv_schema->columns, &csv_schema->column_capacity, csv_schema->column_count + 1,
                 sizeof *csv_schema->columns, error))
        return false;
    column.name = sw_copy_text(words[1], strlen(words[1]), error);
    if (!column.name) return false;
    csv_schema->columns[csv_schema->column_count++] = column;
    for (size_t i = 3; i < count; i++)
        if (!add_word(&csv_schema->columns[csv_schema->column_count - 1].aliases, words[i], error))
            return false;
    return true;
}

static bool set_word(char **to, char **words, size_t count, struct sw_error *error)
{
    if (count != 2 || *to) return sw_fail(error, SW_USAGE, "%s: needs one name, once", words[0]);
    *to = sw_copy_text(words[1], strlen(words[1]), error);
    return *to != NULL;
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

/* "value COLUMN NEW OLD…": kept until all columns are known. */
static bool keep_value(struct sw_csv_schema *csv_schema, char **words, size_t count,
                       struct sw_error *error)
{
    struct sw_csv_schema_value value = {.line = csv_schema->lines};
    if (count < 4)
        return sw_fail(error, SW_USAGE,
                       "value: needs a column, what it means, and what is written");
    if (!sw_grow(&csv_schema->values, &csv_schema->value_capacity, csv_schema->value_count + 1,
                 sizeof *csv_schema->values, error))
        return false;
    for (size_t i = 1; i < count; i++)
        if (!add_word(&value.words, words[i], error)) {
            free_words(&value.words);
            return false;
        }
    csv_schema->values[csv_schema->value_count++] = value;
    return true;
}

static bool add_words(struct sw_words_list *list, char **words, size_t count,
                      struct sw_error *error)
{
    for (size_t i = 1; i < count; i++)
        if (!add_word(list, words[i], error)) return false;
    return true;
}

static bool parse_words(struct sw_csv_schema *csv_schema, char **words, size_t count,
                        struct sw_error *error)
{
    if (strcmp(words[0], "table") == 0) return set_word(&csv_schema->table, words, count, error);
    if (strcmp(words[0], "time") == 0) return set_word(&csv_schema->time, words, count, error);
    if (strcmp(words[0], "value") == 0) return keep_value(csv_schema, words, count, error);
    if (strcmp(words[0], "rows") == 0) return set_row_kind(csv_schema, words, count, error);
    if (strcmp(words[0], "zone") == 0) return set_zone(csv_schema, words, count, error);
    if (strcmp(words[0], "column") == 0) return add_column(csv_schema, words, count, error);
    if (strcmp(words[0], "require") == 0)
        return add_words(&csv_schema->require, words, count, error);
    if (strcmp(words[0], "require-one") == 0)
        return add_words(&csv_schema->require_one, words, count, error);
    if (strcmp(words[0], "forbid") == 0) return add_words(&csv_schema->forbid, words, count, error);
    return sw_fail(error, SW_USAGE,
                   "not table, time, rows, zone, column, value, require, require-one or forbid: "
                   "'%s'",
                   words[0]);
}

/* Takes the next word off a line: *word, NULL at its end or at a comment. False: a quote that stays open. */
static bool next_word(char **line, char **word)
{
    char *at = *line + strspn(*line, " \t\r");
    bool quoted = *at == '"';
    *word = *at && *at != '#' ? at + quoted : NULL;
    if (!*word) return true;
    at = *word + strcspn(*word, quoted ? "\"" : " \t\r");
    if (quoted && !*at) return false;
    *line = at + (*at != 0);
    *at = 0;
    return true;
}

static bool parse_line(struct sw_csv_schema *csv_schema, char *line, struct sw_error *error)
{
    char *words[LINE_WORDS], *word;
    size_t count = 0;
    for (;;) {
        if (!next_word(&line, &word)) return sw_fail(error, SW_USAGE, "a quote that stays open");
        if (!word) break;
        if (count == LINE_WORDS) return sw_fail(error, SW_USAGE, "more than %d words", LINE_WORDS);
        words[count++] = word;
    }
    return count == 0 || parse_words(csv_schema, words, count, error);
}

/* The time column is one of the schema's own: under another name, or of another type, nothing could go by it. */
static bool has_its_time(const struct sw_csv_schema *csv_schema)
{
    bool found = !csv_schema->time;
    for (size_t i = 0; i < csv_schema->column_count; i++)
        found = found || (csv_schema->columns[i].type == SW_TIME &&
                          strcmp(csv_schema->columns[i].name, csv_schema->time) == 0);
    return found;
}

static bool check_meaning(const struct sw_csv_schema_column *column, const char *to,
                          struct sw_error *error)
{
    char space[64];
    const char *reason =
        to ? sw_convert_reason(column->type, column->scale, to, strlen(to), space) : NULL;
    return !reason || sw_fail(error, SW_USAGE, "%s: '%s'", reason, to);
}

static bool put_value(struct sw_csv_schema *csv_schema, const struct sw_words_list *words,
                      struct sw_error *error)
{
    struct sw_csv_schema_column *column = NULL;
    const char *to = strcmp(words->items[1], "null") == 0 ? NULL : words->items[1];
    for (size_t i = 0; i < csv_schema->column_count; i++)
        if (strcmp(csv_schema->columns[i].name, words->items[0]) == 0)
            column = &csv_schema->columns[i];
    if (!column) return sw_fail(error, SW_USAGE, "no such column: '%s'", words->items[0]);
    if (!check_meaning(column, to, error)) return false;
    for (size_t i = 2; i < words->count; i++)
        if (!sw_value_map_add(&column->values, words->items[i], to, error)) return false;
    return sw_value_map_seal(&column->values, column->type, column->scale, error);
}

static bool put_values(struct sw_csv_schema *csv_schema, const char *path, struct sw_error *error)
{
    char place[600];
    for (size_t i = 0; i < csv_schema->value_count; i++) {
        if (put_value(csv_schema, &csv_schema->values[i].words, error)) continue;
        snprintf(place, sizeof place, "%.500s:%zu: value", path, csv_schema->values[i].line);
        return sw_fail_at(error, place);
    }
    return true;
}

static bool parse_lines(struct sw_csv_schema *csv_schema, const char *path, char *text,
                        struct sw_error *error)
{
    char place[600];
    for (char *line = text, *next; line; line = next) {
        next = strchr(line, '\n');
        if (next) *next++ = 0;
        csv_schema->lines++;
        if (parse_line(csv_schema, line, error)) continue;
        snprintf(place, sizeof place, "%.500s:%zu", path, csv_schema->lines);
        return sw_fail_at(error, place);
    }
    if (!csv_schema->table || csv_schema->column_count == 0)
        return sw_fail(error, SW_USAGE, "%s: a schema needs a table and columns", path);
    if (!has_its_time(csv_schema))
        return sw_fail(error, SW_USAGE, "%s: time: no column of type time: '%s'", path,
                       csv_schema->time);
    return put_values(csv_schema, path, error);
}

/* Appends what is left of the input, and a NUL. */
static bool take_text(struct sw_input *input, struct sw_buffer *text, struct sw_error *error)
{
    size_t got = FILE_STEP;
    while (got == FILE_STEP) {
        if (!sw_buffer_reserve(text, FILE_STEP + 1, error) ||
            !sw_input_read(input, text->bytes + text->length, FILE_STEP, &got, error))
            return false;
        if (!sw_refuse_nul(input, "a schema", text->bytes + text->length, got, error)) return false;
        text->length += got;
        if (text->length > FILE_MAXIMUM)
            return sw_fail(error, SW_USAGE, "%s: longer than %d bytes", input->name, FILE_MAXIMUM);
    }
    text->bytes[text->length] = 0;
    return true;
}

static void digest_of(const struct sw_buffer *text, unsigned char digest[SW_SHA256_BYTES])
{
    struct sw_sha256 hash;
    sw_sha256_begin(&hash);
    sw_sha256_add(&hash, text->bytes, text->length);
    sw_sha256_end(&hash, digest);
}

bool sw_csv_schema_read(struct sw_csv_schema *csv_schema, const char *path, struct sw_error *error)
{
    struct sw_input input;
    struct sw_buffer text = {0};
    *csv_schema = (struct sw_csv_schema){0};
    if (!sw_input_open(&input, path, error)) return false;
    bool good = take_text(&input, &text, error);
    if (good) {
        digest_of(&text, csv_schema->digest);
        good = parse_lines(csv_schema, path, (char *)text.bytes, error);
    }
    sw_input_close(&input);
    sw_buffer_free(&text);
    if (!good) sw_csv_schema_free(csv_schema);
    return good;
}

static bool add_csv_schema(struct sw_csv_schemas *csv_schemas, const char *path,
                           struct sw_error *error)
{
    if (!sw_grow(&csv_schemas->items, &csv_schemas->capacity, csv_schemas->count + 1,
                 sizeof *csv_schemas->items, error) ||
        !sw_csv_schema_read(&csv_schemas->items[csv_schemas->count], path, error))
        return false;
    csv_schemas->count++;
    return true;
}

static bool ends_in_suffix(const char *name)
{
    size_t length = strlen(name);
    return length >= sizeof suffix && strcmp(name + length - (sizeof suffix - 1), suffix) == 0;
}

static int is_schema(const struct dirent *entry)
{
    return entry->d_name[0] != '.' && ends_in_suffix(entry->d_name);
}

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

/* Reads the schemas of a folder: all, or the one called choice. */
static bool read_folder(struct sw_csv_schemas *csv_schemas, const char *folder, const char *choice,
                        struct sw_error *error)
{
    struct dirent **entries;
    char path[4400], known[400] = "";
    bool good = true;
    int count = scandir(folder, &entries, is_schema, by_bytes);
    if (count < 0) return sw_fail_errno(error, "%s", folder);
    for (int i = 0; i < count; i++) {
        size_t length = strlen(entries[i]->d_name) - (sizeof suffix - 1), used = strlen(known);
        bool meant = !choice ||
                     (strlen(choice) == length && strncmp(choice, entries[i]->d_name, length) == 0);
        snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
        snprintf(known + used, sizeof known - used, "%s%.*s", used ? ", " : "", (int)length,
                 entries[i]->d_name);
        if (good && meant) good = add_csv_schema(csv_schemas, path, error);
        free(entries[i]);
    }
    free(entries);
    if (good && csv_schemas->count == 0)
        return sw_fail(error, SW_USAGE, "no schema '%s': there are %s", choice ? choice : "",
                       known);
    return good;
}

bool sw_csv_schemas_choice_is_file(const char *choice)
{
    return choice && (strchr(choice, '/') || ends_in_suffix(choice));
}

bool sw_csv_schemas_open(struct sw_csv_schemas *csv_schemas, const char *share_directory,
                         const char *choice, struct sw_error *error)
{
    char folder[4100];
    *csv_schemas = (struct sw_csv_schemas){.chosen = choice != NULL};
    snprintf(folder, sizeof folder, "%s/schemas", share_directory);
    bool good = sw_csv_schemas_choice_is_file(choice)
                    ? add_csv_schema(csv_schemas, choice, error)
                    : read_folder(csv_schemas, folder, choice, error);
    if (!good) sw_csv_schemas_free(csv_schemas);
    return good;
}

void sw_csv_schemas_free(struct sw_csv_schemas *csv_schemas)
{
    for (size_t i = 0; i < csv_schemas->count; i++) sw_csv_schema_free(&csv_schemas->items[i]);
    free(csv_schemas->items);
    *csv_schemas = (struct sw_csv_schemas){0};
}
