/* SPDX-License-Identifier: ISC */
#include "explain/draft.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "files/output.h"
#include "base/shown.h"
#include "explain/description.h"
#include "schema/file_name.h"

enum { COMMENTS_AT = 44 }; /* the column where comments begin */

/* What is written, and what it is about. */
struct drafting {
    const struct sw_file_description *description;
    const struct sw_csv_schemas *csv_schemas;
    const char *path;
    struct sw_buffer *text, line;
    struct sw_error *error;
};

/* ---- lines ---- */

static bool needs_quotes(const char *text, size_t length)
{
    return length == 0 || *text == '#' || memchr(text, ' ', length) || memchr(text, '\t', length);
}

static bool put_word(struct drafting *drafting, const char *text, size_t length)
{
    const char *quote = needs_quotes(text, length) ? "\"" : "";
    return sw_buffer_format(&drafting->line, drafting->error, "%s%s%.*s%s",
                            drafting->line.length ? " " : "", quote, (int)length, text, quote);
}

static bool put_words(struct drafting *drafting, const char *const *words)
{
    for (; *words; words++)
        if (!put_word(drafting, *words, strlen(*words))) return false;
    return true;
}

/* Ends the line, with a comment or without. */
static bool end_line(struct drafting *drafting, const char *comment)
{
    struct sw_buffer *line = &drafting->line;
    int gap = line->length + 2 < COMMENTS_AT ? COMMENTS_AT - (int)line->length : 2;
    bool good = sw_buffer_add(drafting->text, line->bytes, line->length, drafting->error) &&
                (!*comment ||
                 sw_buffer_format(drafting->text, drafting->error, "%*s# %s", gap, "", comment)) &&
                sw_buffer_text(drafting->text, "\n", drafting->error);
    line->length = 0;
    return good;
}

static bool say(struct drafting *drafting, const char *const *words, const char *comment)
{
    return put_words(drafting, words) && end_line(drafting, comment);
}

SW_PRINTF(2, 3) static bool remark(struct drafting *drafting, const char *format, ...)
{
    char text[1600];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return sw_buffer_format(drafting->text, drafting->error, "# %s\n", text);
}

static bool blank(struct drafting *drafting)
{
    return sw_buffer_text(drafting->text, "\n", drafting->error);
}

/* ---- how the file is written ---- */

static const char *separator_word(char separator)
{
    static char own[2];
    switch (separator) {
    case ',':
        return "comma";
    case '\t':
        return "tab";
    case ';':
        return "semicolon";
    case '|':
        return "pipe";
    default:
        own[0] = separator;
        return own;
    }
}

static bool say_head(struct drafting *drafting)
{
    char name[400];
    const struct sw_sample *sample = &drafting->description->sample;
    const char *path = sample->source.input.name;
    sw_shown(name, sizeof name, path, strlen(path));
    return remark(
               drafting,
               "A draft for %s, to be looked through: %s(%zu lines). See SCHEMAS in sw-chunk(1).",
               name, sample->whole ? "all of it was looked at " : "its beginning was looked at ",
               sample->line_count) &&
           (sample->whole ||
            remark(drafting, "What comes behind these lines may hold other values than they do."));
}

static bool say_separator(struct drafting *drafting)
{
    const struct sw_file_description *description = drafting->description;
    const struct sw_sample *sample = &description->sample;
    char comment[160];
    if (sample->parquet) return remark(drafting, "Parquet, which has names and types of its own");
    snprintf(comment, sizeof comment, "%zu of %zu lines have %zu fields so%s", sample->rows,
             sample->line_count, sample->width, sample->said ? "; you said it" : "");
    if (sample->width == 1)
        snprintf(comment, sizeof comment, "no separator was found: lines of one field%s",
                 sample->said ? "" : ", or of fields of fixed widths");
    if (!say(drafting, (const char *[]){"separator", separator_word(sample->separator), NULL},
             comment))
        return false;
    return !description->comma_point || say(drafting, (const char *[]){"point", "comma", NULL},
                                            "numbers have commas, and none has a point");
}

static bool say_ignored(struct drafting *drafting)
{
    const struct sw_file_description *description = drafting->description;
    for (size_t i = 0; i < description->ignored_count; i++)
        if (!say(drafting, (const char *[]){"ignore", description->ignored[i], NULL},
                 "no row begins so"))
            return false;
    return !description->ragged ||
           remark(drafting,
                  "%zu line%s of another width, or with a quote where none may stand: bad rows",
                  description->ragged, description->ragged == 1 ? " is" : "s are");
}

static bool say_names(struct drafting *drafting)
{
    const struct sw_file_description *description = drafting->description;
    const char *why = description->twice ? "its header has a name twice"
                                         : "no header: the first line holds values";
    if (description->sample.parquet && !description->twice) return true;
    if (description->has_header && !description->twice)
        return remark(drafting, "header: no field of the first line is a number or a time");
    if (!put_word(drafting, "names", 5)) return false;
    for (size_t i = 0; i < description->names.count; i++)
        if (!put_word(drafting, description->names.items[i], strlen(description->names.items[i])))
            return false;
    return end_line(drafting, why);
}

/* ---- the nearest schema ---- */

/* Appends what a list lacks, some ten of it. */
static void list(char *to, size_t size, const char *word, size_t number)
{
    char shown[80];
    size_t used = strlen(to);
    if (number > 10) return;
    sw_shown(shown, sizeof shown, word, strlen(word));
    snprintf(to + used, size - used, "%s%s", used ? ", " : "", number == 10 ? "…" : shown);
}

static bool say_unknown(struct drafting *drafting, const struct sw_csv_schema *csv_schema)
{
    const struct sw_names *names = &drafting->description->names;
    char unknown[1000] = "";
    size_t count = 0;
    for (size_t i = 0; i < names->count; i++)
        if (!*names->items[i] || !sw_csv_schema_meaning(csv_schema, names->items[i]))
            list(unknown, sizeof unknown, *names->items[i] ? names->items[i] : "(no name)",
                 count++);
    return !count || remark(drafting, "it does not know: %s", unknown);
}

/* The first value of each column that it takes for something else. */
static bool say_unread(struct drafting *drafting, const struct sw_nearest *nearest)
{
    const struct sw_file_description *description = drafting->description;
    char unread[1000] = "";
    size_t count = 0;
    for (size_t i = 0; i < description->names.count && nearest->unread; i++) {
        struct sw_piece bad;
        char value[40], item[120];
        const char *name = description->names.items[i];
        if (sw_nearest_reads(nearest->csv_schema, name, &description->sample,
                             description->first_row, i, &bad))
            continue;
        snprintf(item, sizeof item, "%.60s '%s'", name,
                 sw_shown(value, sizeof value, bad.text, bad.length));
        list(unread, sizeof unread, item, count++);
    }
    return !count || remark(drafting, "it does not read: %s", unread);
}

static bool has_meaning(const struct sw_file_description *description,
                        const struct sw_csv_schema *csv_schema, const char *wanted)
{
    const char *meaning = sw_csv_schema_meaning(csv_schema, wanted);
    for (size_t i = 0; i < description->names.count; i++) {
        const char *other = sw_csv_schema_meaning(csv_schema, description->names.items[i]);
        if (other && meaning && strcmp(other, meaning) == 0) return true;
    }
    return false;
}

static bool say_required(struct drafting *drafting, const struct sw_csv_schema *csv_schema)
{
    char lacking[1000] = "";
    size_t count = 0;
    for (size_t i = 0; i < csv_schema->require.count; i++)
        if (!has_meaning(drafting->description, csv_schema, csv_schema->require.items[i]))
            list(lacking, sizeof lacking, csv_schema->require.items[i], count++);
    return !count || remark(drafting, "it requires what this file has not: %s", lacking);
}

static bool say_nearest(struct drafting *drafting)
{
    const struct sw_file_description *description = drafting->description;
    const struct sw_nearest *nearest = &description->nearest;
    if (!nearest->csv_schema)
        return remark(drafting, "nearest schema: none that there is comes near");
    const char *name = nearest->csv_schema->name;
    if (!description->has_header)
        return remark(drafting,
                      "nearest schema: %s, which has as many columns and reads all %zu of numbers "
                      "and times: try -t %s",
                      name, nearest->known, name);
    const char *found = !nearest->fits          ? ""
                        : nearest->fitting == 1 ? ", and is found by this header"
                                                : ", as one of several that this header fits";
    return remark(drafting, "nearest schema: %s, which knows %zu of %zu names%s", name,
                  nearest->known, nearest->of, found) &&
           say_unknown(drafting, nearest->csv_schema) && say_unread(drafting, nearest) &&
           say_required(drafting, nearest->csv_schema);
}

/* ---- columns ---- */

static bool say_values(struct drafting *drafting, const char *name, const char *meaning,
                       const struct sw_spellings *spellings, const char *comment)
{
    size_t said = 0;
    for (size_t i = 0; i < spellings->count; i++) {
        const struct sw_piece *piece = &spellings->items[i];
        bool itself =
            piece->length == strlen(meaning) && memcmp(piece->text, meaning, piece->length) == 0;
        if (itself || !sw_is_schema_word(piece->text, piece->length)) continue;
        if (said++ == 0 && !put_words(drafting, (const char *[]){"value", name, meaning, NULL}))
            return false;
        if (!put_word(drafting, piece->text, piece->length)) return false;
    }
    return !said || end_line(drafting, comment);
}

static bool say_meanings(struct drafting *drafting, const char *name, const struct sw_guess *guess)
{
    struct sw_spellings nothings = {.count = guess->evidence.nothing_count};
    memcpy(nothings.items, guess->evidence.nothings, sizeof guess->evidence.nothings);
    return say_values(drafting, name, "1", &guess->buys, "buys") &&
           say_values(drafting, name, "2", &guess->sells, "sells") &&
           say_values(drafting, name, "null", &guess->neither, "neither") &&
           (guess->form == SW_FIELD_TEXT ||
            say_values(drafting, name, "null", &nothings, "nothing is there"));
}

static bool say_column(struct drafting *drafting, size_t i)
{
    const struct sw_file_description *description = drafting->description;
    const struct sw_guess *guess = &description->guesses[i];
    const char *name = description->canonical[i], *own = description->names.items[i];
    char comment[400], shown[80];
    if (!name)
        return remark(drafting, "column %zu ('%s') stays text: a schema cannot name it; %s", i + 1,
                      sw_shown(shown, sizeof shown, own, strlen(own)), guess->reason);
    const char *alias = strcmp(name, own) == 0 ? NULL : own;
    snprintf(comment, sizeof comment, "%s%s", guess->reason,
             guess->evidence.empty && guess->evidence.values ? "; empty at times" : "");
    return put_words(drafting, (const char *[]){"column", name, guess->type, NULL}) &&
           (!alias || put_word(drafting, alias, strlen(alias))) && end_line(drafting, comment) &&
           (!guess->format ||
            say(drafting, (const char *[]){"format", name, guess->format, NULL}, "")) &&
           say_meanings(drafting, name, guess);
}

static bool say_columns(struct drafting *drafting)
{
    for (size_t i = 0; i < drafting->description->names.count; i++)
        if (!say_column(drafting, i)) return false;
    return true;
}

/* ---- times ---- */

static bool is_taken(const struct sw_file_description *description, const char *name)
{
    for (size_t i = 0; i < description->names.count; i++)
        if (strcmp(description->names.items[i], name) == 0 ||
            (description->canonical[i] && strcmp(description->canonical[i], name) == 0))
            return true;
    return false;
}

/* Where eight digits, or ten bytes of a date, stand in the name; 0: nowhere. */
static size_t date_in_name(const struct sw_file_part *name, size_t *at)
{
    for (size_t i = 0; i < name->length; i++) {
        size_t digits = strspn(name->text + i, "0123456789");
        bool whole = digits == 8 && (name->text[i] == '1' || name->text[i] == '2');
        int year, month, day, end = 0;
        *at = i;
        if (digits == 4 &&
            sscanf(name->text + i, "%4d-%2d-%2d%n", &year, &month, &day, &end) == 3 && end == 10)
            return 10;
        if (whole) return 8;
        if (digits) i += digits - 1;
    }
    return 0;
}

/* A clock without a date: perhaps the file's name has it. */
static bool say_date_of_name(struct drafting *drafting, const char *clock)
{
    const char *said = drafting->csv_schemas->changes.name;
    const char *path = said ? said : drafting->path ? drafting->path : "-";
    const struct sw_file_part name = sw_file_name_of(path);
    size_t at, length = date_in_name(&name, &at);
    char pattern[600];
    if (length == 0 || name.length > 400 || !sw_is_schema_word(name.text, name.length) ||
        memchr(name.text, '{', name.length) || memchr(name.text, '}', name.length) ||
        is_taken(drafting->description, "date") || is_taken(drafting->description, "timestamp"))
        return remark(drafting,
                      "no time: %s says no date, which may stand in the files' names: "
                      "file {}_{date}.csv, column date date, time timestamp date %s",
                      clock, clock);
    snprintf(pattern, sizeof pattern, "%.*s{date}%.*s", (int)at, name.text,
             (int)(name.length - at - length), name.text + at + length);
    return say(drafting, (const char *[]){"file", pattern, NULL},
               "the date is in the name; {} for what changes else") &&
           say(drafting, (const char *[]){"column", "date", "date", NULL}, "") &&
           (length == 10 ||
            say(drafting, (const char *[]){"format", "date", "%Y%m%d", NULL}, "")) &&
           say(drafting, (const char *[]){"time", "timestamp", "date", clock, NULL},
               "of the name's date and the clock");
}

static size_t count_of(const struct sw_file_description *description, enum sw_field_form form)
{
    size_t count = 0;
    for (size_t i = 0; i < description->names.count; i++)
        count += description->guesses[i].form == form;
    return count;
}

static bool say_time(struct drafting *drafting)
{
    const struct sw_file_description *description = drafting->description;
    const char *const *canonical = description->canonical;
    bool more =
        count_of(description, SW_FIELD_TIME) > 1 || count_of(description, SW_FIELD_DATE) > 1;
    const char *made = is_taken(description, "timestamp") ? "event_time" : "timestamp";
    if (description->time >= 0)
        return say(drafting, (const char *[]){"time", canonical[description->time], NULL},
                   more ? "what dates and hours are of; there are others"
                        : "what dates and hours are of");
    if (description->clock < 0)
        return remark(drafting, "no time: %s",
                      description->date < 0 ? "no column is one" : "there is a date, but no clock");
    if (description->date < 0) return say_date_of_name(drafting, canonical[description->clock]);
    return say(drafting,
               (const char *[]){"time", made, canonical[description->date],
                                canonical[description->clock], NULL},
               more ? "of a date and a clock; there are other dates" : "of a date and a clock");
}

static bool say_zone(struct drafting *drafting)
{
    const struct sw_file_description *description = drafting->description;
    bool local = description->date >= 0 || description->clock >= 0;
    for (size_t i = 0; i < description->names.count; i++)
        local = local || description->guesses[i].local;
    return say(drafting, (const char *[]){"zone", "UTC", NULL},
               local
                   ? "NOT KNOWN from the file, which has times of a clock: such as America/New_York"
                   : "of local dates and hours, which the file does not say");
}

static bool draft(struct drafting *drafting)
{
    return say_head(drafting) && say_nearest(drafting) && blank(drafting) &&
           say(drafting, (const char *[]){"table", "draft", NULL},
               "what streams carry; rows events, orders, trades or quotes says what a row is") &&
           say_separator(drafting) && say_ignored(drafting) && say_names(drafting) &&
           say_zone(drafting) && blank(drafting) && say_columns(drafting) && blank(drafting) &&
           say_time(drafting);
}

static bool draft_file(const char *path, const struct sw_csv_schemas *csv_schemas,
                       struct sw_buffer *text, struct sw_error *error)
{
    struct sw_file_description description;
    struct drafting drafting = {&description, csv_schemas, path, text, {0}, error};
    if (!sw_describe_file(&description, path, csv_schemas, error)) return false;
    bool good = draft(&drafting);
    sw_buffer_free(&drafting.line);
    sw_file_description_free(&description);
    return good;
}

bool sw_draft_file(const char *path, const struct sw_csv_schemas *csv_schemas, const char *to,
                   struct sw_error *error)
{
    struct sw_buffer text = {0};
    bool good = draft_file(path, csv_schemas, &text, error) &&
                sw_output_file(to, text.bytes, text.length, error);
    sw_buffer_free(&text);
    return good;
}
