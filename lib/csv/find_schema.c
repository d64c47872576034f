/* SPDX-License-Identifier: ISC */
#include "csv/find_schema.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "csv/near_schema.h"
#include "schema/misread.h"

const struct sw_dialect *sw_dialect_of(const struct sw_source *source,
                                       const struct sw_csv_schema *csv_schema)
{
    return source->parquet ? &sw_dialect_csv : &csv_schema->dialect;
}

static struct sw_names names_of(const struct sw_words_list *words)
{
    return (struct sw_names){words->items, words->count};
}

static bool same_names(const struct sw_names *a, const struct sw_names *b)
{
    if (a->count != b->count) return false;
    for (size_t i = 0; i < a->count; i++)
        if (strcmp(a->items[i], b->items[i]) != 0) return false;
    return true;
}

/* ---- a file whose names are said ---- */

/* The names may stand in the file all the same, as its first line. What is wrong with that line as
 * a header is of no interest then. */
static bool look_for_names(struct sw_source *source, const struct sw_dialect *dialect,
                           struct sw_found_schema *found, struct sw_error *error)
{
    struct sw_error ignored = {0};
    struct sw_header header;
    if (!sw_header_read(source, dialect, &header, &ignored)) {
        bool empty = source->ended && source->end == source->start;
        if (ignored.status != SW_SYSTEM && !header.unread && !empty) return true;
        return sw_fail(error, ignored.status, "%s", ignored.message);
    }
    found->has_header = same_names(&header.names, &found->names);
    if (found->has_header)
        found->header = header;
    else
        sw_header_free(&header);
    return true;
}

/* ---- a file with a header ---- */

/* Headers that were read already, one for each separator. */
struct headers {
    struct sw_header items[8];
    char separators[8];
    bool good[8];
    size_t count;
    bool unread;   /* the source could not be read */
    bool all_good; /* each of them is one, */
    size_t to;     /* and none goes further than this */
};

/* The names of the header under a dialect; NULL: it has none. `own` is for a dialect that ignores
 * lines. */
static const struct sw_header *header_under(struct headers *headers, struct sw_source *source,
                                            const struct sw_dialect *dialect, struct sw_header *own,
                                            struct sw_error *failure)
{
    size_t room = sizeof headers->items / sizeof *headers->items;
    for (size_t i = 0; !dialect->longest && i < headers->count; i++)
        if (headers->separators[i] == dialect->separator)
            return headers->good[i] ? &headers->items[i] : NULL;
    bool apart = dialect->longest || headers->count == room;
    size_t i = headers->count;
    struct sw_header *header = apart ? own : &headers->items[i];
    bool good = sw_header_read(source, dialect, header, failure);
    headers->unread = !good && (header->unread || failure->status == SW_SYSTEM);
    headers->all_good = headers->all_good && good;
    if (good && header->to > headers->to) headers->to = header->to;
    if (!apart) {
        headers->separators[i] = dialect->separator;
        headers->good[i] = good;
        headers->count++;
    }
    return good ? header : NULL;
}

static void free_headers(struct headers *headers)
{
    for (size_t i = 0; i < headers->count; i++) sw_header_free(&headers->items[i]);
}

/* Those that fit, by name. */
struct fitting {
    const struct sw_csv_schema *first;
    size_t count;
    char names[1000];
};

static void add_name(char *names, size_t size, const char *name)
{
    size_t used = strlen(names);
    snprintf(names + used, size - used, "%s%s", used ? ", " : "", name);
}

/* False: the source could not be read. */
static bool fit_all(struct headers *headers, struct sw_source *source,
                    const struct sw_csv_schemas *csv_schemas, struct fitting *fitting,
                    struct sw_error *error)
{
    const struct sw_names said =
        source->parquet ? (struct sw_names){0} : names_of(&csv_schemas->names);
    for (size_t i = 0; i < csv_schemas->count; i++) {
        const struct sw_csv_schema *csv_schema = &csv_schemas->items[i];
        struct sw_header own = {0};
        struct sw_error wrong = {0};
        const struct sw_header *header = NULL;
        if (csv_schema->by_choice_only) continue;
        if (said.count == 0)
            header = header_under(headers, source, sw_dialect_of(source, csv_schema), &own, &wrong);
        if (headers->unread) return sw_fail(error, wrong.status, "%s", wrong.message);
        const struct sw_names *names = said.count ? &said : header ? &header->names : NULL;
        if (names && sw_csv_schema_fits(csv_schema, names)) {
            if (fitting->count++ == 0) fitting->first = csv_schema;
            add_name(fitting->names, sizeof fitting->names, csv_schema->name);
        }
        sw_header_free(&own);
    }
    return true;
}

/* The nearest schema first; then all that there are, for who looks for one. */
static bool fits_none(const struct sw_csv_schemas *csv_schemas, const char *what,
                      const struct sw_names *names, struct sw_error *error)
{
    char all[1000] = "", note[SW_NEAR_SCHEMA_NOTE];
    for (size_t i = 0; i < csv_schemas->count; i++)
        add_name(all, sizeof all, csv_schemas->items[i].name);
    return sw_fail(error, SW_USAGE,
                   "the %s no schema%s; see sw-chunk --explain, and -t with one of %s", what,
                   sw_near_schema_note(csv_schemas, names, note), all);
}

/* What is wrong with a header that no schema fits is told by commas. */
static bool none_fits(struct sw_source *source, const struct sw_csv_schemas *csv_schemas,
                      struct sw_error *error)
{
    struct sw_dialect dialect = {.separator = ','};
    struct sw_header header;
    struct sw_error failure = {0};
    const struct sw_names said = names_of(&csv_schemas->names);
    if (said.count && !source->parquet) return fits_none(csv_schemas, "names fit", &said, error);
    if (csv_schemas->changes.separator && !source->parquet)
        dialect.separator = csv_schemas->items[0].dialect.separator;
    if (!sw_header_read(source, &dialect, &header, error)) return false;
    (void)fits_none(csv_schemas, "header fits", &header.names, &failure);
    sw_misread_header(source->base + source->start + header.from, sw_header_length(source, &header),
                      &header.names, &failure, error);
    sw_header_free(&header);
    return false;
}

/* ---- what was found before ---- */

static bool find_as_before(struct sw_source *source, const struct sw_csv_schema_found *last,
                           const struct sw_csv_schema **csv_schema, struct sw_error *error)
{
    *csv_schema = NULL;
    if (!last || !last->csv_schema || source->parquet) return true;
    if (source->end == source->start && !sw_source_fill(source, error)) return false;
    if (last->length <= source->end - source->start &&
        memcmp(source->base + source->start, last->text, last->length) == 0)
        *csv_schema = last->csv_schema;
    return true;
}

/* A header that goes on where others have ended would have to be read to be known. */
static bool keep(const struct sw_source *source, const struct headers *headers,
                 const struct sw_csv_schema *csv_schema, struct sw_csv_schema_found *last,
                 struct sw_error *error)
{
    if (!last || source->parquet) return true; /* whose header no separator is part of */
    last->csv_schema = NULL;
    if (!headers->all_good || headers->to == 0) return true;
    if (!sw_grow(&last->text, &last->capacity, headers->to, 1, error)) return false;
    memcpy(last->text, source->base + source->start, headers->to);
    last->length = headers->to;
    last->csv_schema = csv_schema;
    return true;
}

static bool choose(struct sw_source *source, const struct sw_csv_schemas *csv_schemas,
                   struct sw_found_schema *found, struct sw_error *error);

static bool choose_of_others(struct sw_source *source, const struct sw_csv_schemas *csv_schemas,
                             struct sw_found_schema *found, struct sw_error *error)
{
    struct sw_csv_schemas *others = csv_schemas->others;
    return (others->count > 0 || sw_csv_schemas_open(others, csv_schemas->share_directory, NULL,
                                                     &csv_schemas->changes, error)) &&
           choose(source, others, found, error);
}

static bool choose(struct sw_source *source, const struct sw_csv_schemas *csv_schemas,
                   struct sw_found_schema *found, struct sw_error *error)
{
    struct headers headers = {.all_good = true};
    struct fitting fitting = {0};
    if (!find_as_before(source, csv_schemas->found, &found->csv_schema, error)) return false;
    if (found->csv_schema) return true;
    bool good = fit_all(&headers, source, csv_schemas, &fitting, error);
    free_headers(&headers);
    if (!good) return false;
    if (fitting.count == 0 && csv_schemas->others)
        return choose_of_others(source, csv_schemas, found, error);
    found->csv_schema = csv_schemas->fallback;
    if (fitting.count == 0) return csv_schemas->fallback || none_fits(source, csv_schemas, error);
    if (fitting.count > 1)
        return sw_fail(error, SW_USAGE, "the header fits several schemas (%s); see -t",
                       fitting.names);
    found->csv_schema = fitting.first;
    return keep(source, &headers, fitting.first, csv_schemas->found, error);
}

/* ---- any file ---- */

static bool read_header(struct sw_source *source, struct sw_found_schema *found, bool any_names,
                        struct sw_error *error)
{
    const struct sw_csv_schema *csv_schema = found->csv_schema;
    struct sw_error failure = {0};
    if (!sw_header_read(source, sw_dialect_of(source, csv_schema), &found->header, error))
        return false;
    found->has_header = true;
    found->names = found->header.names;
    if (any_names || sw_csv_schema_knows_any(csv_schema, &found->names)) return true;
    sw_fail(&failure, SW_USAGE, "the header has no column of schema %s", csv_schema->name);
    if (sw_dialect_of(source, csv_schema)->separator == ',')
        sw_misread_header(source->base + source->start + found->header.from,
                          sw_header_length(source, &found->header), &found->names, &failure, error);
    else
        sw_fail(error, SW_USAGE, "%s", failure.message);
    return false;
}

bool sw_find_schema(struct sw_source *source, const struct sw_csv_schemas *csv_schemas,
                    struct sw_found_schema *found, struct sw_error *error)
{
    *found = (struct sw_found_schema){0};
    if (csv_schemas->chosen) found->csv_schema = &csv_schemas->items[0];
    if (!csv_schemas->chosen && !choose(source, csv_schemas, found, error)) return false;
    if (!source->parquet) /* which has its header always */
        found->names =
            names_of(csv_schemas->names.count ? &csv_schemas->names : &found->csv_schema->names);
    bool good = found->names.count
                    ? look_for_names(source, sw_dialect_of(source, found->csv_schema), found, error)
                    : read_header(source, found, found->csv_schema == csv_schemas->fallback, error);
    if (!good) sw_found_schema_free(found);
    return good;
}

void sw_found_schema_free(struct sw_found_schema *found)
{
    sw_header_free(&found->header);
    *found = (struct sw_found_schema){0};
}
