/* SPDX-License-Identifier: ISC
 * Reading schema files, and what the user says above them. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "files/input.h"
#include "base/memory.h"
#include "schema/csv_schema.h"
#include "files/whole.h"

enum { FILE_MAXIMUM = 1 << 20, FILE_STEP = 4096, LINE_WORDS = 4096 + 8 };

static const char suffix[] = ".schema";

void sw_csv_schema_free(struct sw_csv_schema *csv_schema)
{
    char *texts[] = {csv_schema->name,        csv_schema->table, csv_schema->time,
                     csv_schema->date,        csv_schema->clock, csv_schema->zone,
                     csv_schema->file_pattern};
    for (size_t i = 0; i < csv_schema->column_count; i++) {
        free(csv_schema->columns[i].name);
        free(csv_schema->columns[i].format);
        sw_words_list_free(&csv_schema->columns[i].aliases);
        sw_value_map_free(&csv_schema->columns[i].values);
    }
    for (size_t i = 0; i < csv_schema->later_count; i++)
        sw_words_list_free(&csv_schema->later[i].words);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) free(texts[i]);
    free(csv_schema->columns);
    free(csv_schema->later);
    sw_dialect_free(&csv_schema->dialect);
    sw_words_list_free(&csv_schema->names);
    sw_words_list_free(&csv_schema->require);
    sw_words_list_free(&csv_schema->require_one);
    sw_words_list_free(&csv_schema->forbid);
    *csv_schema = (struct sw_csv_schema){0};
}

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r';
}

/* Takes the next word off a line: *word, NULL at its end or at a comment. False: a quote that stays open. (Words are short, and there are
 * thousands: a search for a set of bytes takes longer to set up.) */
static bool next_word(char **line, char **word)
{
    char *at = *line;
    while (is_blank(*at)) at++;
    bool quoted = *at == '"';
    *word = *at && *at != '#' ? at + quoted : NULL;
    if (!*word) return true;
    for (at = *word; *at && (quoted ? *at != '"' : !is_blank(*at));) at++;
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
    return count == 0 || sw_csv_schema_line(csv_schema, words, count, error);
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
    return sw_csv_schema_complete(csv_schema, path, error);
}

/* Appends what is left of the input, and a NUL. All schemas are read at most starts: one whose size is known is read once. */
static bool take_text(struct sw_input *input, struct sw_buffer *text, struct sw_error *error)
{
    size_t step = FILE_STEP, got = FILE_STEP;
    if (input->size > 0 && input->size < step) step = (size_t)input->size;
    for (bool more = true; more; more = got == step && input->position != input->size) {
        if (!sw_buffer_reserve(text, step + 1, error) ||
            !sw_input_read(input, text->bytes + text->length, step, &got, error))
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

/* The last part of a path, without the ending of schemas. */
static char *name_of(const char *path, struct sw_error *error)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    size_t length = strlen(name), end = sizeof suffix - 1;
    if (length > end && strcmp(name + length - end, suffix) == 0) length -= end;
    return sw_copy_text(name, length, error);
}

bool sw_csv_schema_read(struct sw_csv_schema *csv_schema, const char *path, struct sw_error *error)
{
    struct sw_input input;
    struct sw_buffer text = {0};
    *csv_schema = (struct sw_csv_schema){.dialect = {.separator = ','}};
    if (!sw_input_open(&input, path, error)) return false;
    csv_schema->name = name_of(path, error);
    bool good = csv_schema->name && take_text(&input, &text, error);
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
    char path[4400], known[1000] = "";
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

/* What is opened is there, or the reason why it is not. */
static bool end_opening(struct sw_csv_schemas *csv_schemas, bool good,
                        const struct sw_csv_schema_changes *changes, struct sw_error *error)
{
    good = good && (!changes || sw_csv_schemas_change(csv_schemas, changes, error));
    if (good && !csv_schemas->chosen)
        csv_schemas->found = sw_alloc(1, sizeof *csv_schemas->found, error);
    good = good && (csv_schemas->chosen || csv_schemas->found);
    if (!good) sw_csv_schemas_free(csv_schemas);
    return good;
}

bool sw_csv_schemas_open(struct sw_csv_schemas *csv_schemas, const char *share_directory,
                         const char *choice, const struct sw_csv_schema_changes *changes,
                         struct sw_error *error)
{
    char folder[4100];
    *csv_schemas = (struct sw_csv_schemas){.chosen = choice != NULL};
    snprintf(folder, sizeof folder, "%s/schemas", share_directory);
    bool good = sw_csv_schemas_choice_is_file(choice)
                    ? add_csv_schema(csv_schemas, choice, error)
                    : read_folder(csv_schemas, folder, choice, error);
    return end_opening(csv_schemas, good, changes, error);
}

bool sw_csv_schemas_open_likely(struct sw_csv_schemas *csv_schemas, const char *share_directory,
                                const char *name, const struct sw_csv_schema_changes *changes,
                                struct sw_error *error)
{
    char path[4400];
    struct sw_error none = {0};
    *csv_schemas = (struct sw_csv_schemas){.share_directory = share_directory};
    snprintf(path, sizeof path, "%s/schemas/%s%s", share_directory, name, suffix);
    if (!add_csv_schema(csv_schemas, path, &none)) {
        sw_csv_schemas_free(csv_schemas);
        return sw_csv_schemas_open(csv_schemas, share_directory, NULL, changes, error);
    }
    csv_schemas->others = sw_alloc(1, sizeof *csv_schemas->others, error);
    return end_opening(csv_schemas, csv_schemas->others != NULL, changes, error);
}

void sw_csv_schemas_free(struct sw_csv_schemas *csv_schemas)
{
    for (size_t i = 0; i < csv_schemas->count; i++) sw_csv_schema_free(&csv_schemas->items[i]);
    free(csv_schemas->items);
    sw_words_list_free(&csv_schemas->names);
    if (csv_schemas->found) free(csv_schemas->found->text);
    free(csv_schemas->found);
    if (csv_schemas->others) sw_csv_schemas_free(csv_schemas->others);
    free(csv_schemas->others);
    *csv_schemas = (struct sw_csv_schemas){0};
}
