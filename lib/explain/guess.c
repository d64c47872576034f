/* SPDX-License-Identifier: ISC */
#include "explain/guess.h"

#include <stdio.h>
#include <string.h>

#include "base/civil.h"
#include "base/number.h"
#include "base/shown.h"
#include "explain/candidate.h"

struct way {
    const char *type, *format;
};

/* One of the guess and the file that it is about. */
struct guessing {
    const struct sw_guess_file *file;
    size_t column;
    const char *name;
    struct sw_guess *guess;
    struct sw_error *error;
    bool failed;
};

/* ---- what names say ---- */

static bool name_has(const char *name, const char *const *words)
{
    for (; *words; words++)
        if (strstr(name, *words)) return true;
    return false;
}

static bool name_ends(const char *name, const char *end)
{
    size_t length = strlen(name), ending = strlen(end);
    return length >= ending && strcmp(name + length - ending, end) == 0;
}

static bool names_time(const char *name)
{
    static const char *const words[] = {"time",  "date", "stamp", "clock", "hora",
                                        "datum", "data", "expir", NULL};
    return name_has(name, words) || strncmp(name, "ts", 2) == 0 || name_ends(name, "ts");
}

static bool names_price(const char *name)
{
    static const char *const words[] = {"price", "px", "bid", "ask", "offer", "preco", NULL};
    static const char *const others[] = {"size",   "qty", "quantity", "volume", "count",
                                         "amount", "id",  "sz",       "ct",     NULL};
    return name_has(name, words) && !name_has(name, others);
}

static bool names_side(const char *name)
{
    static const char *const sides[] = {
        "side",   "buysell",   "buysellflag", "direction",     "bs",
        "bidask", "buyorsell", "takerside",   "aggressorside", NULL};
    for (const char *const *side = sides; *side; side++)
        if (strcmp(name, *side) == 0) return true;
    return false;
}

/* ---- what is said for it ---- */

static const char *shown(char to[40], const struct sw_piece *piece)
{
    return sw_shown(to, 40, piece->text, piece->length);
}

/* Takes a type; what speaks for it is said by the caller. */
static void take(struct guessing *guessing, const char *type, const char *format,
                 enum sw_field_form form)
{
    guessing->guess->type = type;
    guessing->guess->format = format;
    guessing->guess->form = form;
}

static void add_reason(struct sw_guess *guess, const char *text)
{
    size_t used = strlen(guess->reason);
    snprintf(guess->reason + used, sizeof guess->reason - used, "%s%s", used ? "; " : "", text);
}

/* ---- types by trying them ---- */

/* Whether the way reads all values: the least and the most of what they mean then. */
static bool way_reads(struct guessing *guessing, const struct way *way, sw_int128 bounds[2],
                      bool *local, enum sw_field_form *form)
{
    const struct sw_guess_file *file = guessing->file;
    struct sw_candidate candidate = {.type = way->type, .format = way->format};
    bool reads = true, any = false;
    if (!sw_candidate_open(&candidate, file->comma_point, guessing->error)) {
        guessing->failed = true;
        sw_candidate_close(&candidate);
        return false;
    }
    *form = candidate.parser.form;
    *local = false;
    for (size_t row = file->first_row; reads && row < file->sample->rows; row++) {
        size_t length;
        sw_int128 value;
        const char *text = sw_sample_field(file->sample, row, guessing->column, &length);
        if (length == 0 || sw_means_nothing(text, length)) continue;
        reads = sw_candidate_reads(&candidate, text, length, &value);
        if (reads && !any) *local = sw_candidate_local(&candidate, text, length);
        if (!any || value < bounds[0]) bounds[0] = value;
        if (!any || value > bounds[1]) bounds[1] = value;
        any = true;
    }
    sw_candidate_close(&candidate);
    return reads && any;
}

/* A day that somebody may have traded on. */
static bool plausible(enum sw_field_form form, const sw_int128 bounds[2])
{
    const sw_int128 unit = form == SW_FIELD_DATE ? 1 : SW_NS_PER_DAY;
    const sw_int128 first = sw_days_from_civil(1900, 1, 1), last = sw_days_from_civil(2100, 12, 31);
    return form == SW_FIELD_CLOCK || (bounds[0] >= first * unit && bounds[1] <= last * unit);
}

static bool day_may_be_month(const char *format)
{
    return format && strstr(format, "%d") && strstr(format, "%m") && !strchr("%Y", format[1]);
}

/* The first way that reads all, and whether another does that means other days. */
static bool try_ways(struct guessing *guessing, const struct way *ways, size_t count)
{
    const struct way *found = NULL;
    struct sw_guess *guess = guessing->guess;
    for (size_t i = 0; i < count && !guessing->failed; i++) {
        sw_int128 bounds[2] = {0, 0};
        bool local;
        enum sw_field_form form;
        if (found && !(day_may_be_month(found->format) && day_may_be_month(ways[i].format)))
            continue;
        if (!way_reads(guessing, &ways[i], bounds, &local, &form) || !plausible(form, bounds))
            continue;
        char text[120];
        if (found) {
            snprintf(text, sizeof text, "as well as \"%s\": these rows do not tell",
                     ways[i].format);
            add_reason(guess, text);
            continue;
        }
        found = &ways[i];
        take(guessing, found->type, found->format, form);
        guess->local = local || form == SW_FIELD_DATE || form == SW_FIELD_CLOCK;
    }
    return found != NULL;
}

static const struct way ways_of_text[] = {
    {"time", NULL},
    {"date", NULL},
    {"clock", NULL},
    {"time", "%Y-%m-%dD%H:%M:%S.%f"},
    {"time", "%Y-%m-%dD%H:%M:%S"},
    {"time", "%Y%m%d-%H:%M:%S.%f"},
    {"time", "%Y%m%d-%H:%M:%S"},
    {"time", "%Y%m%d %H%M%S%f"},
    {"time", "%Y%m%d %H%M%S"},
    {"time", "%Y%m%d %H:%M:%S.%f"},
    {"time", "%Y%m%d %H:%M:%S"},
    {"time", "%d/%m/%Y %H:%M:%S.%f"},
    {"time", "%m/%d/%Y %H:%M:%S.%f"},
    {"time", "%d/%m/%Y %H:%M:%S"},
    {"time", "%m/%d/%Y %H:%M:%S"},
    {"time", "%d.%m.%Y %H:%M:%S.%f"},
    {"time", "%d.%m.%Y %H:%M:%S"},
    {"time", "%Y.%m.%d %H:%M:%S.%f"},
    {"time", "%Y.%m.%d %H:%M:%S"},
    {"time", "%Y/%m/%d %H:%M:%S.%f"},
    {"time", "%Y/%m/%d %H:%M:%S"},
    {"time", "%d-%b-%Y %H:%M:%S.%f"},
    {"time", "%d-%b-%Y %H:%M:%S"},
    {"date", "%d/%m/%Y"},
    {"date", "%m/%d/%Y"},
    {"date", "%d.%m.%Y"},
    {"date", "%Y.%m.%d"},
    {"date", "%Y/%m/%d"},
    {"date", "%d-%m-%Y"},
    {"date", "%m-%d-%Y"},
    {"date", "%d-%b-%Y"},
    {"date", "%d%b%Y"},
    {"clock", "%I:%M:%S %p"},
};

/* ---- numbers ---- */

static sw_int128 ones(void)
{
    return sw_power_of_ten(SW_MAXIMUM_SCALE);
}

/* As a number of a unit of which a second has 10^digits: whether it lies in the years from 1990
 * to 2100. */
static bool in_years(const struct sw_evidence *evidence, int digits)
{
    const sw_int128 from = (sw_int128)sw_days_from_civil(1990, 1, 1) * 86400,
                    to = (sw_int128)sw_days_from_civil(2101, 1, 1) * 86400;
    sw_int128 unit = sw_power_of_ten(digits);
    return evidence->least / ones() >= from * unit && evidence->most / ones() <= to * unit;
}

static void say_years(struct sw_guess *guess, const char *unit, int digits, bool taken)
{
    char from[SW_CIVIL_LENGTH], to[SW_CIVIL_LENGTH], text[200];
    const struct sw_evidence *evidence = &guess->evidence;
    sw_int128 unit_ns = sw_power_of_ten(9 - digits);
    size_t from_length =
        sw_format_time(from, (int64_t)(evidence->least / ones() * unit_ns), 0, true);
    size_t to_length = sw_format_time(to, (int64_t)(evidence->most / ones() * unit_ns), 0, true);
    snprintf(text, sizeof text, "%s%s from %.*s to %.*s", taken ? "" : "could be time:", unit,
             (int)from_length, from, (int)to_length, to);
    add_reason(guess, text);
}

/* A count since 1970, of the unit under which it lies in our time. */
static bool try_counted_time(struct guessing *guessing)
{
    static const struct {
        const char *type, *unit;
        int digits;
    } units[] = {
        {"time:s", "s", 0}, {"time:ms", "ms", 3}, {"time:us", "us", 6}, {"time:ns", "ns", 9}};
    struct sw_guess *guess = guessing->guess;
    const struct sw_evidence *evidence = &guess->evidence;
    bool likely = guessing->file->has_header
                      ? names_time(guessing->name)
                      : evidence->ordered && evidence->least < evidence->most;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (!in_years(evidence, units[i].digits)) continue;
        if (!likely && guessing->file->has_header) return false;
        bool fine = evidence->decimals + units[i].digits <= 9;
        bool taken = likely && fine;
        say_years(guess, units[i].unit, units[i].digits, taken);
        if (!fine) add_reason(guess, "but it is finer than a nanosecond");
        if (taken) take(guessing, units[i].type, NULL, SW_FIELD_TIME);
        return taken;
    }
    return false;
}

/* Digits that are a date or a clock. */
static bool try_digits(struct guessing *guessing)
{
    static const struct way ways[] = {{"date", "%Y%m%d"},       {"time", "%Y%m%d%H%M%S.%f"},
                                      {"time", "%Y%m%d%H%M%S"}, {"clock", "%H%M%S"},
                                      {"clock", "%H%M%S%f"},    {"clock", "%H%M%S.%f"}};
    const struct sw_evidence *evidence = &guessing->guess->evidence;
    bool likely = guessing->file->has_header ? names_time(guessing->name) && evidence->shortest >= 6
                                             : evidence->ordered && evidence->shortest >= 14;
    if (!likely) return false;
    bool one_length = evidence->shortest == evidence->longest;
    return (one_length || evidence->pointed) &&
           try_ways(guessing, ways, sizeof ways / sizeof *ways);
}

/* Seconds since midnight: they have fractions, and never fall; without a name, they stand first. */
static bool try_seconds_of_day(struct guessing *guessing)
{
    static const struct way way = {"clock:s", NULL};
    const struct sw_evidence *evidence = &guessing->guess->evidence;
    bool likely = guessing->file->has_header
                      ? names_time(guessing->name)
                      : guessing->column == 0 && evidence->least < evidence->most;
    if (!likely || !evidence->ordered || !evidence->decimals || evidence->least < 0 ||
        evidence->most / ones() >= 86400 || !try_ways(guessing, &way, 1))
        return false;
    add_reason(guessing->guess,
               "below 86400, with fractions, never falling: seconds since midnight");
    return true;
}

static void say_numbers(struct sw_guess *guess)
{
    char least[SW_NUMBER_LENGTH], most[SW_NUMBER_LENGTH], text[200];
    const struct sw_evidence *evidence = &guess->evidence;
    size_t least_length = sw_format_decimal(least, evidence->least, SW_MAXIMUM_SCALE);
    size_t most_length = sw_format_decimal(most, evidence->most, SW_MAXIMUM_SCALE);
    snprintf(text, sizeof text, "%.*s to %.*s", (int)least_length, least, (int)most_length, most);
    add_reason(guess, text);
    if (evidence->decimals) {
        snprintf(text, sizeof text, "at most %d decimals", evidence->decimals);
        add_reason(guess, text);
    }
}

/* A scale that has room for more decimals than were seen. */
static const char *decimal_for(int decimals)
{
    static const char *const types[] = {"decimal:4", "decimal:6", "decimal:9", "decimal:12",
                                        "decimal:18"};
    static const int scales[] = {4, 6, 9, 12, 18};
    size_t i = 0;
    while (scales[i] < decimals) i++;
    return types[i];
}

static void take_whole(struct guessing *guessing)
{
    struct sw_guess *guess = guessing->guess;
    const struct sw_evidence *evidence = &guess->evidence;
    bool id = name_ends(guessing->name, "id") && evidence->least >= 0;
    if (evidence->most / ones() > (sw_int128)UINT64_MAX || evidence->least / ones() < INT64_MIN ||
        (evidence->most / ones() > INT64_MAX && evidence->least < 0)) {
        take(guessing, "text", NULL, SW_FIELD_TEXT);
        add_reason(guess, "more than 64 bits hold");
    } else if (names_price(guessing->name)) {
        take(guessing, "decimal:4", NULL, SW_FIELD_NUMBER);
        add_reason(guess, "a price by its name; if it counts parts of one, it is scaled:N");
    } else {
        bool large = evidence->most / ones() > INT64_MAX;
        take(guessing, large || id ? "uint" : "int", NULL, SW_FIELD_NUMBER);
    }
}

static void guess_number(struct guessing *guessing)
{
    struct sw_guess *guess = guessing->guess;
    const struct sw_evidence *evidence = &guess->evidence;
    if (try_counted_time(guessing) || guessing->failed) return;
    if (try_digits(guessing) || guessing->failed) return;
    if (try_seconds_of_day(guessing) || guessing->failed) return;
    if (evidence->zeros_first && !evidence->pointed) {
        take(guessing, "text", NULL, SW_FIELD_TEXT);
        add_reason(guess, "digits with zeros in front, which a number would lose");
        return;
    }
    say_numbers(guess);
    if (evidence->pointed)
        take(guessing, decimal_for(evidence->decimals), NULL, SW_FIELD_NUMBER);
    else
        take_whole(guessing);
}

/* ---- sides ---- */

static bool is_among(const struct sw_piece *piece, const char *const *words)
{
    for (; *words; words++)
        if (strlen(*words) == piece->length && strncasecmp(*words, piece->text, piece->length) == 0)
            return true;
    return false;
}

/* False: there are more spellings than a side can well have. */
static bool add_spelling(struct sw_spellings *spellings, const struct sw_piece *piece)
{
    for (size_t i = 0; i < spellings->count; i++)
        if (spellings->items[i].length == piece->length &&
            memcmp(spellings->items[i].text, piece->text, piece->length) == 0)
            return true;
    if (spellings->count == SW_SPELLINGS) return false;
    spellings->items[spellings->count++] = *piece;
    return true;
}

static bool find_sides(const struct guessing *guessing, struct sw_guess *guess)
{
    static const char *const buys[] = {"b", "buy", "bid", "bought", "buyer", "1", NULL};
    static const char *const sells[] = {"s",    "sell",   "ask", "a",  "offer",
                                        "sold", "seller", "2",   "-1", NULL};
    static const char *const neither[] = {"n", "none", "0", NULL};
    const struct sw_guess_file *file = guessing->file;
    for (size_t row = file->first_row; row < file->sample->rows; row++) {
        struct sw_piece piece;
        piece.text = sw_sample_field(file->sample, row, guessing->column, &piece.length);
        if (piece.length == 0) continue;
        struct sw_spellings *to = is_among(&piece, buys)      ? &guess->buys
                                  : is_among(&piece, sells)   ? &guess->sells
                                  : is_among(&piece, neither) ? &guess->neither
                                                              : NULL;
        if (sw_means_nothing(piece.text, piece.length)) continue;
        if (!to || !add_spelling(to, &piece)) return false;
    }
    return guess->buys.count || guess->sells.count;
}

static bool try_sides(struct guessing *guessing)
{
    struct sw_guess *guess = guessing->guess;
    if (!names_side(guessing->name)) return false;
    if (!find_sides(guessing, guess)) {
        guess->buys.count = guess->sells.count = guess->neither.count = 0;
        add_reason(guess, "a side by its name, but not by its values");
        return false;
    }
    take(guessing, "int", NULL, SW_FIELD_NUMBER);
    add_reason(guess, "a side by its name and values: 1 buys, 2 sells");
    return true;
}

/* ---- texts ---- */

static void guess_text(struct guessing *guessing)
{
    struct sw_guess *guess = guessing->guess;
    const struct sw_evidence *evidence = &guess->evidence;
    char value[40], text[120];
    if (try_ways(guessing, ways_of_text, sizeof ways_of_text / sizeof *ways_of_text)) return;
    take(guessing, "text", NULL, SW_FIELD_TEXT);
    if (evidence->numbers > evidence->values / 2)
        snprintf(text, sizeof text, "%zu of %zu are numbers, '%s' is none", evidence->numbers,
                 evidence->values, shown(value, &evidence->other));
    else
        snprintf(text, sizeof text, "'%s'", shown(value, &evidence->value));
    add_reason(guess, text);
    if (evidence->blanks) add_reason(guess, "blanks stand around it, with which it is no number");
}

static void say_value(struct sw_guess *guess)
{
    char value[40], text[80];
    if (guess->form == SW_FIELD_NUMBER || guess->form == SW_FIELD_TEXT) return;
    snprintf(text, sizeof text, "such as '%s'", shown(value, &guess->evidence.value));
    add_reason(guess, text);
}

bool sw_guess_column(const struct sw_guess_file *file, size_t column, const char *name,
                     struct sw_guess *guess, struct sw_error *error)
{
    struct guessing guessing = {file, column, name, guess, error, false};
    *guess = (struct sw_guess){0};
    take(&guessing, "text", NULL, SW_FIELD_TEXT);
    sw_evidence_gather(file->sample, file->first_row, column, file->comma_point, &guess->evidence);
    const struct sw_evidence *evidence = &guess->evidence;
    if (evidence->values == 0) {
        add_reason(guess, evidence->nothing ? "nothing but what means nothing" : "always empty");
        return true;
    }
    if (try_sides(&guessing)) return true;
    if (evidence->numbers == evidence->values)
        guess_number(&guessing);
    else
        guess_text(&guessing);
    say_value(guess);
    return !guessing.failed;
}

/* ---- Parquet ---- */

/* A column of decimals has room for those that the file's have; whole numbers without a sign may be
 * above what was seen; what was null so far has its type all the same. */
void sw_guess_by_parquet(const struct sw_parquet_column_kind *kind, struct sw_guess *guess)
{
    struct guessing guessing = {.guess = guess};
    bool number = guess->form == SW_FIELD_NUMBER && !guess->buys.count && !guess->sells.count;
    bool empty = guess->evidence.values == 0;
    char text[120];
    switch (kind->kind) {
    case SW_KIND_DECIMAL:
        if ((!number && !empty) || kind->scale > SW_MAXIMUM_SCALE) break;
        take(&guessing, decimal_for(kind->scale), NULL, SW_FIELD_NUMBER);
        snprintf(text, sizeof text, "DECIMAL of scale %d", kind->scale);
        add_reason(guess, text);
        break;
    case SW_KIND_UNSIGNED:
        if (number || empty) take(&guessing, "uint", NULL, SW_FIELD_NUMBER);
        break;
    case SW_KIND_INTEGER:
        if (empty) take(&guessing, "int", NULL, SW_FIELD_NUMBER);
        break;
    case SW_KIND_TIMESTAMP:
    case SW_KIND_LOCAL:
        take(&guessing, "time", NULL, SW_FIELD_TIME);
        break;
    case SW_KIND_DATE:
        take(&guessing, "date", NULL, SW_FIELD_DATE);
        break;
    case SW_KIND_UNREADABLE:
        take(&guessing, "text", NULL, SW_FIELD_TEXT);
        snprintf(guess->reason, sizeof guess->reason, "NOT READ: %.260s", kind->reason);
        break;
    default:
        break;
    }
}

/* ---- headers ---- */

bool sw_guess_is_value(const char *text, size_t length, bool *value, struct sw_error *error)
{
    sw_int128 number;
    *value = length && sw_read_number(text, length, memchr(text, ',', length) != NULL, &number);
    for (size_t i = 0; length && !*value && i < sizeof ways_of_text / sizeof *ways_of_text; i++) {
        struct sw_candidate candidate = {.type = ways_of_text[i].type,
                                         .format = ways_of_text[i].format};
        bool good = sw_candidate_open(&candidate, false, error);
        *value = good && sw_candidate_reads(&candidate, text, length, &number);
        sw_candidate_close(&candidate);
        if (!good) return false;
    }
    return true;
}
