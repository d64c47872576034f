/* SPDX-License-Identifier: ISC */
#include "ledger/tallies.h"

#include <inttypes.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "files/whole.h"

enum { FILE_MOST = 1 << 30 };

/* A line of a tally, before it has its place. */
struct entry {
    const char *code;
    char *rest; /* its numbers */
};

struct entries {
    struct entry *items;
    size_t count, capacity;
};

/* Ends a line, and returns what follows it; NULL: it has no end. */
static char *end_line(char *line)
{
    char *end = strchr(line, '\n');
    if (end) *end++ = 0;
    return end;
}

/* Ends a field, and returns what follows it; NULL: it was the last one. */
static char *end_field(char *field)
{
    char *end = strchr(field, '\t');
    if (end) *end++ = 0;
    return end;
}

static bool read_text(struct sw_tallies *tallies, const char *path, char **text,
                      struct sw_error *error)
{
    struct sw_buffer *file = &tallies->files[tallies->file_count++];
    bool good =
        sw_read_whole(path, "a tally", FILE_MOST, file, error) && sw_buffer_add(file, "", 1, error);
    if (good) *text = (char *)file->bytes;
    return good;
}

static bool is_none(const char *path, struct sw_error *error)
{
    return sw_fail(error, SW_SYSTEM, "%s: not what the jobs of an analysis count", path);
}

/* The names of the first file; those of the others must be the same. */
static bool take_names(struct sw_tallies *tallies, char *line)
{
    bool first = tallies->columns == 0;
    size_t at = 0;
    for (char *name = line; name; at++) {
        char *next = end_field(name);
        if (at == SW_TALLY_COLUMNS ||
            (!first && (at >= tallies->columns || strcmp(tallies->names[at], name) != 0)))
            return false;
        tallies->names[at] = name;
        name = next;
    }
    if (first) tallies->columns = at;
    return at == tallies->columns;
}

static bool read_tally(struct sw_tallies *tallies, const char *path, struct entries *entries,
                       struct sw_error *error)
{
    char *text, *line;
    if (!read_text(tallies, path, &text, error)) return false;
    line = end_line(text);
    if (!line || !take_names(tallies, text)) return is_none(path, error);
    while (*line) {
        char *next = end_line(line), *rest = next ? end_field(line) : NULL;
        if (!rest) return is_none(path, error);
        if (!sw_grow(&entries->items, &entries->capacity, entries->count + 1,
                     sizeof *entries->items, error))
            return false;
        entries->items[entries->count++] = (struct entry){line, rest};
        line = next;
    }
    return true;
}

static int by_code(const void *left, const void *right)
{
    return strcmp(((const struct entry *)left)->code, ((const struct entry *)right)->code);
}

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text), tail = strlen(end);
    return length > tail && strcmp(text + length - tail, end) == 0;
}

static bool add_line(struct sw_tallies *tallies, struct entry *entry)
{
    uint64_t *line = tallies->lines[tallies->count];
    char *field = entry->rest;
    for (size_t i = 1; i < tallies->columns; i++) {
        char *next = field ? end_field(field) : NULL;
        if (!field || !sw_parse_count(field, &line[i])) return false;
        if (!ends_with(tallies->names[i], "_oldest_quote_age"))
            tallies->sums[i] += line[i];
        else if (line[i] > tallies->sums[i])
            tallies->sums[i] = line[i];
        field = next;
    }
    tallies->codes[tallies->count++] = entry->code;
    entry->rest = NULL; /* once */
    return !field;
}

static bool take_list(struct sw_tallies *tallies, const char *path, struct entries *entries,
                      struct sw_error *error)
{
    char *line;
    if (!read_text(tallies, path, &line, error)) return false;
    while (*line) {
        char *next = end_line(line);
        if (!next) return is_none(path, error);
        (void)end_field(line);
        const struct entry wanted = {line, NULL};
        struct entry *entry = entries->count ? bsearch(&wanted, entries->items, entries->count,
                                                       sizeof wanted, by_code)
                                             : NULL;
        if (!entry || !entry->rest || tallies->count == entries->count)
            return sw_fail(error, SW_SYSTEM,
                           "the ledger does not add up: security %s was not counted once", line);
        if (!add_line(tallies, entry)) return is_none(path, error);
        line = next;
    }
    return true;
}

bool sw_tallies_read(struct sw_tallies *tallies, const char *list, const char *const *paths,
                     size_t count, struct sw_error *error)
{
    struct entries entries = {0};
    tallies->files = sw_alloc(count + 1, sizeof *tallies->files, error);
    bool good = tallies->files != NULL;
    if (good) memset(tallies->files, 0, (count + 1) * sizeof *tallies->files);
    for (size_t i = 0; good && i < count; i++)
        good = read_tally(tallies, paths[i], &entries, error);
    if (good && entries.count > 1)
        qsort(entries.items, entries.count, sizeof *entries.items, by_code);
    good = good && (tallies->codes = sw_alloc(entries.count + 1, sizeof *tallies->codes, error)) &&
           (tallies->lines = sw_alloc(entries.count + 1, sizeof *tallies->lines, error)) &&
           take_list(tallies, list, &entries, error);
    free(entries.items);
    return good;
}

void sw_tallies_free(struct sw_tallies *tallies)
{
    for (size_t i = 0; i < tallies->file_count; i++) sw_buffer_free(&tallies->files[i]);
    free(tallies->files);
    free(tallies->codes);
    free(tallies->lines);
    *tallies = (struct sw_tallies){0};
}

static size_t column_of(const struct sw_tallies *tallies, const char *name)
{
    size_t at = 1;
    while (at < tallies->columns && strcmp(tallies->names[at], name) != 0) at++;
    return at;
}

uint64_t sw_tallies_sum(const struct sw_tallies *tallies, const char *name)
{
    size_t at = column_of(tallies, name);
    return at < tallies->columns ? tallies->sums[at] : 0;
}

/* ---- printed ---- */

static bool put_names(const struct sw_tallies *tallies, char separator, struct sw_buffer *out,
                      struct sw_error *error)
{
    bool good = true;
    for (size_t i = 0; good && i < tallies->columns; i++)
        good = (i == 0 || sw_buffer_add(out, &separator, 1, error)) &&
               sw_buffer_text(out, tallies->names[i], error);
    return good && sw_buffer_text(out, "\n", error);
}

static bool put_numbers(const struct sw_tallies *tallies, const char *code,
                        const uint64_t line[SW_TALLY_COLUMNS], char separator,
                        struct sw_buffer *out, struct sw_error *error)
{
    bool good = sw_buffer_text(out, code, error);
    for (size_t i = 1; good && i < tallies->columns; i++)
        good = sw_buffer_format(out, error, "%c%" PRIu64, separator, line[i]);
    return good && sw_buffer_text(out, "\n", error);
}

static bool put_table(const struct sw_tallies *tallies, char separator, struct sw_buffer *out,
                      struct sw_error *error)
{
    bool good = tallies->count == 0 || put_names(tallies, separator, out, error);
    for (size_t n = 0; good && n < tallies->count; n++)
        good = put_numbers(tallies, tallies->codes[n], tallies->lines[n], separator, out, error);
    return good;
}

bool sw_tallies_print(const struct sw_tallies *tallies, struct sw_buffer *out,
                      struct sw_error *error)
{
    return put_table(tallies, '\t', out, error);
}

bool sw_tallies_whole(const struct sw_tallies *tallies, struct sw_buffer *out,
                      struct sw_error *error)
{
    return put_table(tallies, ',', out, error) &&
           (tallies->count == 0 || put_numbers(tallies, "all", tallies->sums, ',', out, error));
}

static const char *const columns[] = {
    "events",  "orders",    "executed",   "selected",         "trades",
    "matched", "unmatched", "mismatched", "only_booked",      "market",
    "booked",  "reported",  "other",      "unmatched_market", "unmatched_booked"};
enum {
    COLUMNS = sizeof columns / sizeof *columns,
    TRADES = 4,
    MATCHED,
    UNMATCHED,
    MARKET = 9,
    OTHER = 12
};

/* A row of the trades has an order or has none, and is of one kind. */
static bool adds_up(const uint64_t of[COLUMNS])
{
    uint64_t kinds = 0;
    for (size_t i = MARKET; i <= OTHER; i++) kinds += of[i];
    return of[MATCHED] + of[UNMATCHED] == of[TRADES] && kinds == of[TRADES];
}

static bool put_line(const char *code, const uint64_t of[COLUMNS], struct sw_buffer *out,
                     struct sw_error *error)
{
    if (!adds_up(of))
        return sw_fail(error, SW_SYSTEM,
                       "the ledger does not add up: security %s: trades are not matched + "
                       "unmatched, or not of one "
                       "kind each",
                       code);
    bool good = sw_buffer_text(out, code, error);
    for (size_t i = 0; good && i < COLUMNS; i++)
        good = sw_buffer_format(out, error, ",%" PRIu64, of[i]);
    return good && sw_buffer_text(out, "\n", error);
}

bool sw_tallies_by_security(const struct sw_tallies *tallies, struct sw_buffer *out,
                            struct sw_error *error)
{
    size_t places[COLUMNS];
    uint64_t of[COLUMNS];
    bool good = sw_buffer_text(out, "security_code", error);
    for (size_t i = 0; good && i < COLUMNS; i++) {
        places[i] = column_of(tallies, columns[i]);
        good = sw_buffer_format(out, error, ",%s", columns[i]) &&
               (tallies->count == 0 || places[i] < tallies->columns ||
                sw_fail(error, SW_SYSTEM, "the ledger does not add up: no security has %s",
                        columns[i]));
    }
    good = good && sw_buffer_text(out, "\n", error);
    for (size_t n = 0; good && n < tallies->count; n++) {
        for (size_t i = 0; i < COLUMNS; i++) of[i] = tallies->lines[n][places[i]];
        good = put_line(tallies->codes[n], of, out, error);
    }
    for (size_t i = 0; i < COLUMNS; i++) of[i] = sw_tallies_sum(tallies, columns[i]);
    return good && put_line("all", of, out, error);
}

static uint64_t of_scenario(const struct sw_tallies *tallies, const char *scenario, int length,
                            const char *what)
{
    for (size_t i = 1; i < tallies->columns; i++) {
        const char *name = tallies->names[i];
        if (strncmp(name, scenario, (size_t)length) == 0 && name[length] == '_' &&
            strcmp(name + length + 1, what) == 0)
            return tallies->sums[i];
    }
    return 0;
}

/* Those that are comparable are kept, and the others, amended or of unequal quantities, rejected. */
static bool put_scenario(const struct sw_tallies *tallies, const char *name, int length,
                         struct sw_buffer *out, struct sw_error *error)
{
    static const char *const counts[] = {"amended",    "unequal",          "without_quote",
                                         "old_quotes", "oldest_quote_age", "beyond_limit"};
    uint64_t simulated = of_scenario(tallies, name, length, "simulated");
    uint64_t rejected = of_scenario(tallies, name, length, "amended") +
                        of_scenario(tallies, name, length, "unequal");
    bool good = sw_buffer_format(out, error,
                                 "simulation,%.*s,%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",0,,,,,,,,,",
                                 length, name, simulated, simulated - rejected, rejected);
    for (size_t i = 0; good && i < sizeof counts / sizeof *counts; i++)
        good = sw_buffer_format(out, error, ",%" PRIu64,
                                of_scenario(tallies, name, length, counts[i]));
    return good && sw_buffer_text(out, ",,,,\n", error);
}

bool sw_tallies_scenarios(const struct sw_tallies *tallies, struct sw_buffer *out,
                          struct sw_error *error)
{
    for (size_t i = 1; i < tallies->columns; i++) {
        int length = (int)(strlen(tallies->names[i]) - strlen("_simulated"));
        if (ends_with(tallies->names[i], "_simulated") &&
            !put_scenario(tallies, tallies->names[i], length, out, error))
            return false;
    }
    return true;
}
