/* SPDX-License-Identifier: ISC */
#include "explain/description.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/shown.h"
#include "explain/roles.h"
#include "schema/misread.h"

bool sw_is_schema_word(const char *text, size_t length)
{
    size_t step;
    if (memchr(text, '"', length)) return false;
    for (size_t at = 0; at < length; at += step)
        if (!sw_is_showable(text + at, length - at, &step)) return false;
    return true;
}

/* ---- lines that are no rows ---- */

static const char *line_text(const struct sw_sample *sample, size_t i)
{
    return sample->source.base + sample->source.start + sample->lines[i].offset;
}

static bool a_row_begins_so(const struct sw_file_description *description, size_t ignored,
                            const char *prefix, size_t length)
{
    const struct sw_sample *sample = &description->sample;
    for (size_t i = 0; i < sample->line_count; i++)
        if (i != ignored && sample->lines[i].fields == sample->width &&
            sample->lines[i].length >= length && memcmp(line_text(sample, i), prefix, length) == 0)
            return true;
    return false;
}

/* Ignores a line by the shortest beginning that no row has. False: there is none that a schema
 * could say. */
static bool ignore_line(struct sw_file_description *description, size_t line)
{
    const struct sw_sample *sample = &description->sample;
    const char *text = line_text(sample, line);
    size_t most = sample->lines[line].length;
    if (most > SW_PREFIX_MAXIMUM) most = SW_PREFIX_MAXIMUM;
    if (description->ignored_count == SW_IGNORED_LINES) return false;
    for (size_t length = most < 4 ? most : 4; length <= most; length++) {
        if (!sw_is_schema_word(text, length)) continue;
        if (a_row_begins_so(description, line, text, length)) continue;
        char *to = description->ignored[description->ignored_count++];
        memcpy(to, text, length);
        to[length] = 0;
        return true;
    }
    return false;
}

static bool is_ignored(const struct sw_file_description *description, size_t line)
{
    const struct sw_sample *sample = &description->sample;
    for (size_t i = 0; i < description->ignored_count; i++) {
        size_t length = strlen(description->ignored[i]);
        if (sample->lines[line].length >= length &&
            memcmp(line_text(sample, line), description->ignored[i], length) == 0)
            return true;
    }
    return false;
}

/* What ends a file is a trailer where it does not begin as a row of values may: a row that was cut
 * off is none. */
static bool may_be_trailer(const struct sw_sample *sample, size_t line)
{
    const char first = *line_text(sample, line);
    return sample->lines[line].fields > 0 && sample->lines[line].fields < sample->width &&
           !strchr("0123456789+-.\"", first);
}

/* Lines before the first row are a preamble, and one with fewer fields after several rows is a trailer; what stands between rows, or has more
 * fields, is a fault. */
static void find_ignored(struct sw_file_description *description)
{
    const struct sw_sample *sample = &description->sample;
    size_t last = sample->line_count - 1;
    for (size_t i = 0; i < sample->first; i++)
        if (sample->lines[i].fields < sample->width && !is_ignored(description, i))
            (void)ignore_line(description, i);
    if (sample->whole && sample->rows > 2 && may_be_trailer(sample, last) &&
        !is_ignored(description, last))
        (void)ignore_line(description, last);
    for (size_t i = 0; i < sample->line_count; i++)
        description->ragged +=
            sample->lines[i].fields != sample->width && !is_ignored(description, i);
}

/* ---- the header ---- */

static void trim(const char **text, size_t *length)
{
    while (*length && ((*text)[*length - 1] == ' ' || (*text)[*length - 1] == '\t')) --*length;
    while (*length && (**text == ' ' || **text == '\t')) ++*text, --*length;
}

/* Of lines of one field the first is a header where the second is a value. */
static bool stands_above_values(const struct sw_file_description *description, bool *does,
                                struct sw_error *error)
{
    size_t length;
    *does = false;
    if (description->sample.rows < 2) return true;
    const char *text = sw_sample_field(&description->sample, 1, 0, &length);
    return sw_guess_is_value(text, length, does, error);
}

/* A line that is not ignored, of whatever width, would be the header. */
static bool stands_first(const struct sw_file_description *description)
{
    for (size_t i = 0; i < description->sample.first; i++)
        if (!is_ignored(description, i)) return false;
    return true;
}

/* A line is a header where none of its fields is a value, but for one that has no name. */
static bool find_header(struct sw_file_description *description, struct sw_error *error)
{
    const struct sw_sample *sample = &description->sample;
    size_t named = 0;
    if (sample->parquet) {
        description->has_header = true;
        description->first_row = 1;
        return true;
    }
    if (!stands_first(description)) return true;
    for (size_t i = 0; i < sample->width; i++) {
        size_t length;
        bool value;
        const char *text = sw_sample_field(sample, 0, i, &length);
        trim(&text, &length);
        if (!sw_guess_is_value(text, length, &value, error)) return false;
        if (value || memchr(text, 0, length) || memchr(text, '\n', length)) return true;
        named += length > 0;
    }
    description->has_header = named > 0;
    if (sample->width == 1 && !stands_above_values(description, &description->has_header, error))
        return false;
    description->first_row = description->has_header;
    return true;
}

static char *name_of(const struct sw_file_description *description, size_t i,
                     struct sw_error *error)
{
    char numbered[32];
    size_t length;
    const char *text = sw_sample_field(&description->sample, 0, i, &length);
    trim(&text, &length);
    if (description->has_header) return sw_copy_text(text, length, error);
    snprintf(numbered, sizeof numbered, "column_%zu", i + 1);
    return sw_copy_text(numbered, strlen(numbered), error);
}

static bool stands_before(const struct sw_names *names, size_t i)
{
    for (size_t k = 0; k < i && *names->items[i]; k++)
        if (strcmp(names->items[k], names->items[i]) == 0) return true;
    return false;
}

/* Names that stand twice are numbered, and the header is a line to be ignored. */
static bool number_names(struct sw_file_description *description, struct sw_error *error)
{
    struct sw_names *names = &description->names;
    const struct sw_sample *sample = &description->sample;
    for (size_t i = 0; i < names->count; i++)
        description->twice = description->twice || stands_before(names, i);
    if (!description->twice) return true;
    for (size_t i = 0; i < names->count; i++) {
        char numbered[400];
        bool word = sw_is_schema_word(names->items[i], strlen(names->items[i]));
        if (*names->items[i] && word && !stands_before(names, i)) continue;
        snprintf(numbered, sizeof numbered, "%.300s_%zu",
                 word && *names->items[i] ? names->items[i] : "column", i + 1);
        char *copy = sw_copy_text(numbered, strlen(numbered), error);
        if (!copy) return false;
        free(names->items[i]);
        names->items[i] = copy;
    }
    if (!ignore_line(description, sample->first)) description->ragged++;
    return true;
}

static bool find_names(struct sw_file_description *description, struct sw_error *error)
{
    size_t width = description->sample.width;
    description->names.items = sw_alloc(width, sizeof *description->names.items, error);
    description->keys = sw_alloc(width, sizeof *description->keys, error);
    description->canonical = sw_alloc(width, sizeof *description->canonical, error);
    description->guesses = sw_alloc(width, sizeof *description->guesses, error);
    if (!description->names.items || !description->keys || !description->canonical ||
        !description->guesses)
        return false;
    for (size_t i = 0; i < width; i++) {
        description->names.items[i] = name_of(description, i, error);
        if (!description->names.items[i]) return false;
        description->names.count++;
    }
    if (description->has_header && !number_names(description, error)) return false;
    for (size_t i = 0; i < width; i++) {
        const char *name = description->names.items[i];
        description->keys[i] = sw_alloc(strlen(name) + 1, 1, error);
        if (!description->keys[i]) return false;
        sw_roles_key(description->has_header ? name : "", description->keys[i]);
    }
    return true;
}

/* ---- the columns ---- */

static bool is_digits(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (text[i] < '0' || text[i] > '9') return false;
    return length > 0;
}

/* Digits with a byte among them, and a sign before them or not. */
static bool has_point(const char *text, size_t length, char point)
{
    const char *at = memchr(text, point, length);
    size_t sign = length && *text == '-';
    return at && at > text + sign && is_digits(text + sign, (size_t)(at - text) - sign) &&
           is_digits(at + 1, length - (size_t)(at - text) - 1);
}

/* A comma is the point where numbers have one, and none has a point. */
static void find_point(struct sw_file_description *description)
{
    const struct sw_sample *sample = &description->sample;
    size_t commas = 0, points = 0;
    for (size_t row = description->first_row; row < sample->rows; row++)
        for (size_t i = 0; i < sample->width; i++) {
            size_t length;
            const char *text = sw_sample_field(sample, row, i, &length);
            commas += has_point(text, length, ',');
            points += has_point(text, length, '.');
        }
    description->comma_point = commas && !points && sample->separator != ',';
}

static bool guess_columns(struct sw_file_description *description, struct sw_error *error)
{
    const struct sw_guess_file file = {&description->sample, description->first_row,
                                       description->has_header, description->comma_point};
    for (size_t i = 0; i < description->names.count; i++)
        if (!sw_guess_column(&file, i, description->keys[i], &description->guesses[i], error))
            return false;
    for (size_t i = 0; description->sample.parquet && i < description->names.count; i++)
        sw_guess_by_parquet(&description->sample.parquet->columns[i], &description->guesses[i]);
    return true;
}

/* Names of the file stay, but for those that the suite has another for, and `date`, which it
 * derives. What a schema cannot name stays text. */
static void find_canonical(struct sw_file_description *description)
{
    const struct sw_names *names = &description->names;
    sw_roles_find(names->items, description->keys, description->guesses, names->count,
                  description->canonical);
    for (size_t i = 0; i < names->count; i++) {
        const char *name = names->items[i];
        bool word =
            *name && strlen(name) <= SW_NAME_MAXIMUM && sw_is_schema_word(name, strlen(name));
        bool date = strcmp(name, "date") == 0 && description->guesses[i].form != SW_FIELD_DATE;
        if (!word) description->canonical[i] = NULL;
        if (word && !description->canonical[i])
            description->canonical[i] = date ? "file_date" : name;
    }
}

static int first_of(const struct sw_file_description *description, enum sw_field_form form,
                    const char *name)
{
    for (size_t i = 0; i < description->names.count; i++)
        if (description->canonical[i] && description->guesses[i].form == form &&
            (!name || strcmp(description->canonical[i], name) == 0))
            return (int)i;
    return -1;
}

static void find_times(struct sw_file_description *description)
{
    description->time = first_of(description, SW_FIELD_TIME, "timestamp");
    if (description->time < 0) description->time = first_of(description, SW_FIELD_TIME, NULL);
    description->date = first_of(description, SW_FIELD_DATE, NULL);
    description->clock = first_of(description, SW_FIELD_CLOCK, NULL);
}

static void find_nearest(struct sw_file_description *description,
                         const struct sw_csv_schemas *csv_schemas)
{
    if (description->has_header)
        sw_nearest_by_names(csv_schemas, &description->names, &description->sample,
                            &description->nearest);
    else
        sw_nearest_by_rows(csv_schemas, &description->sample, &description->nearest);
}

/* A header whose line ends are none of ours is refused by a run as well. */
static bool check_header(const struct sw_file_description *description, struct sw_error *error)
{
    const struct sw_sample *sample = &description->sample;
    if (!description->has_header || description->twice || sample->parquet) return true;
    return sw_misread_ends(line_text(sample, sample->first), sample->lines[sample->first].length,
                           error) ||
           sw_fail_at(error, sample->source.input.name);
}

static bool describe(struct sw_file_description *description,
                     const struct sw_csv_schemas *csv_schemas, struct sw_error *error)
{
    if (description->sample.rows == 0)
        return sw_fail(error, SW_DATA, "%s: quotes stand where none may: no line can be read",
                       description->sample.source.input.name);
    find_ignored(description);
    if (!find_header(description, error) || !find_names(description, error) ||
        !check_header(description, error))
        return false;
    find_point(description);
    if (!guess_columns(description, error)) return false;
    find_canonical(description);
    find_times(description);
    find_nearest(description, csv_schemas);
    return true;
}

bool sw_describe_file(struct sw_file_description *description, const char *path,
                      const struct sw_csv_schemas *csv_schemas, struct sw_error *error)
{
    *description = (struct sw_file_description){.time = -1, .date = -1, .clock = -1};
    if (!sw_sample_open(&description->sample, path, csv_schemas->changes.separator, error))
        return false;
    if (describe(description, csv_schemas, error)) return true;
    sw_file_description_free(description);
    return false;
}

void sw_file_description_free(struct sw_file_description *description)
{
    for (size_t i = 0; i < description->sample.width; i++) {
        if (description->names.items) free(description->names.items[i]);
        if (description->keys) free(description->keys[i]);
    }
    free(description->names.items);
    free(description->keys);
    free(description->canonical);
    free(description->guesses);
    sw_sample_close(&description->sample);
}
