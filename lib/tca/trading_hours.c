/* SPDX-License-Identifier: ISC */
#include "tca/trading_hours.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/civil.h"
#include "base/memory.h"
#include "base/number.h"
#include "sort/sort_keys.h"
#include "stream/reader.h"

enum { SECURITY, TIME, NAME, COLUMNS };

struct changes {
    struct sw_trading_hours *hours;
    struct sw_reader reader;
    const char *open; /* names between commas */
    struct sw_zone *zone;
    int columns[COLUMNS];
    const struct sw_vector *cells[COLUMNS];
    const struct sw_vector **vectors;
    struct sw_sort_key keys[2];
    struct sw_sorted sorted;
    bool is_open; /* the last of the rows has not closed yet */
};

/* ---- names ---- */

/* A security as text that is the same for the same security. */
static char *name_of(const struct sw_vector *vector, size_t row, struct sw_error *error)
{
    char number[SW_NUMBER_LENGTH];
    if (vector->type == SW_TEXT) {
        const struct sw_text *text = &vector->dictionary[vector->codes[row]];
        return sw_copy_text(text->bytes, text->length, error);
    }
    size_t length = sw_format_decimal(number, sw_value(vector, row), vector->scale);
    return sw_copy_text(number, length, error);
}

static bool is_in(const char *list, const struct sw_text *name)
{
    for (const char *at = list; at;) {
        size_t length = strcspn(at, ",");
        if (length == name->length && memcmp(at, name->bytes, length) == 0) return true;
        at = at[length] ? at + length + 1 : NULL;
    }
    return false;
}

/* ---- changes ---- */

static bool fail_row(const struct changes *changes, size_t row, const char *what,
                     struct sw_error *error)
{
    const struct sw_reader *reader = &changes->reader;
    return sw_fail(error, SW_DATA, "%s: row %" PRIu64 ": no %s", reader->first_name,
                   reader->total_rows - reader->rows + row + 1, what);
}

static int64_t date_of(struct sw_zone *zone, int64_t time_ns)
{
    int64_t second = sw_floor_divide(time_ns, SW_NS_PER_SECOND);
    return sw_floor_divide(second + sw_zone_offset(zone, time_ns), 24 * 60 * 60);
}

static struct sw_session_hours *last_of(const struct changes *changes, const char *security)
{
    const struct sw_trading_hours *hours = changes->hours;
    if (hours->count == 0) return NULL;
    struct sw_session_hours *last = &hours->rows[hours->count - 1];
    return strcmp(last->security, security) == 0 ? last : NULL;
}

/* An opening; a second one of a date goes on with the first. */
static bool take_opening(struct changes *changes, char *security, int64_t time_ns,
                         struct sw_error *error)
{
    struct sw_trading_hours *hours = changes->hours;
    struct sw_session_hours *last = last_of(changes, security);
    int64_t date = date_of(changes->zone, time_ns);
    changes->is_open = true;
    if (last && last->date == date) {
        last->closes_ns = INT64_MAX;
        free(security);
        return true;
    }
    if (!sw_grow(&hours->rows, &hours->capacity, hours->count + 1, sizeof *hours->rows, error)) {
        free(security);
        return false;
    }
    hours->rows[hours->count++] = (struct sw_session_hours){
        .date = date, .opens_ns = time_ns, .closes_ns = INT64_MAX, .security = security};
    return true;
}

static bool take_change(struct changes *changes, size_t row, struct sw_error *error)
{
    const struct sw_vector *name = changes->cells[NAME];
    if (sw_is_null(changes->cells[SECURITY], row))
        return fail_row(changes, row, "security_code", error);
    if (sw_is_null(changes->cells[TIME], row)) return fail_row(changes, row, "timestamp", error);
    int64_t time_ns = (int64_t)sw_value(changes->cells[TIME], row);
    bool opens =
        !sw_is_null(name, row) && is_in(changes->open, &name->dictionary[name->codes[row]]);
    char *security = name_of(changes->cells[SECURITY], row, error);
    if (!security) return false;
    struct sw_session_hours *last = last_of(changes, security);
    bool was_open = changes->is_open && last;
    if (opens && !was_open) return take_opening(changes, security, time_ns, error);
    if (!opens && was_open) last->closes_ns = time_ns;
    if (!opens) changes->is_open = false;
    free(security);
    return true;
}

/* ---- reading ---- */

static bool find_columns(struct changes *changes, struct sw_error *error)
{
    static const char *const names[COLUMNS] = {"security_code", "timestamp", "name"};
    const struct sw_schema *schema = &changes->reader.schema;
    const char *file = changes->reader.first_name;
    for (int i = 0; i < COLUMNS; i++) {
        int column = changes->columns[i] = sw_schema_find(schema, names[i]);
        if (column < 0) return sw_fail(error, SW_DATA, "%s: no column '%s'", file, names[i]);
        enum sw_type type = schema->columns[column].type;
        if ((i == TIME && type != SW_TIME) || (i == NAME && type != SW_TEXT))
            return sw_fail(error, SW_DATA, "%s: column '%s' is of type %s", file, names[i],
                           sw_type_name(type));
    }
    for (int i = 0; i < 2; i++) changes->keys[i].column = changes->columns[i];
    changes->vectors = sw_alloc(schema->column_count, sizeof *changes->vectors, error);
    return changes->vectors &&
           sw_sorted_open(&changes->sorted, schema, changes->keys, 2, file, error);
}

static bool take_block(struct changes *changes, struct sw_error *error)
{
    for (int i = 0; i < COLUMNS; i++) {
        changes->cells[i] = sw_reader_vector(&changes->reader, changes->columns[i], error);
        if (!changes->cells[i]) return false;
        changes->vectors[changes->columns[i]] = changes->cells[i];
    }
    if (!sw_sorted_check(&changes->sorted, changes->vectors, changes->reader.rows, error))
        return false;
    for (size_t row = 0; row < changes->reader.rows; row++)
        if (!take_change(changes, row, error)) return false;
    return true;
}

static int compare(const void *a, const void *b)
{
    const struct sw_session_hours *one = a, *other = b;
    int order = strcmp(one->security, other->security);
    return order ? order : (one->date > other->date) - (one->date < other->date);
}

bool sw_trading_hours_open(struct sw_trading_hours *hours, const char *path, const char *open,
                           struct sw_zone *zone, struct sw_error *error)
{
    struct changes changes = {.hours = hours, .open = open ? open : "OPEN", .zone = zone};
    enum sw_step step = SW_FAILED;
    if (!sw_reader_open(&changes.reader, &path, 1, error)) return false;
    bool good = find_columns(&changes, error);
    while (good && (step = sw_reader_next(&changes.reader, error)) == SW_ROWS)
        good = take_block(&changes, error);
    if (good && hours->count > 0) qsort(hours->rows, hours->count, sizeof *hours->rows, compare);
    sw_sorted_free(&changes.sorted);
    free(changes.vectors);
    sw_reader_close(&changes.reader);
    return good && step == SW_END;
}

const struct sw_session_hours *sw_trading_hours_find(const struct sw_trading_hours *hours,
                                                     const struct sw_vector *security, size_t row,
                                                     int64_t date)
{
    struct sw_error no_memory = {0};
    struct sw_session_hours wanted = {.date = date};
    if (hours->count == 0) return NULL;
    wanted.security = name_of(security, row, &no_memory);
    if (!wanted.security) return NULL;
    const struct sw_session_hours *found =
        bsearch(&wanted, hours->rows, hours->count, sizeof wanted, compare);
    free(wanted.security);
    return found;
}

void sw_trading_hours_free(struct sw_trading_hours *hours)
{
    for (size_t i = 0; i < hours->count; i++) free(hours->rows[i].security);
    free(hours->rows);
    *hours = (struct sw_trading_hours){0};
}
