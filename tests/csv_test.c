/* SPDX-License-Identifier: ISC
 *
 * The twins of lib/csv against each other: every level of the scanner and of the sweep for literals
 * against loops over bytes, the prefilter against a look at every row, the number readers against
 * each other and against base/number.h, and rows through libcsv against rows through the fast way.
 *
 *     csv_test scan | sweep | prefilter | numbers        made-up input from a fixed seed
 *     csv_test rows FILE             prints the fields of FILE's rows, a row a line: as the fast
 * way sees them, then as libcsv does
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/number.h"
#include "kernels/parse_numbers.h"
#include "kernels/scan.h"
#include "csv/prefilter.h"
#ifndef KERNELS_ALONE
#include "csv/row_batch.h"
#endif

static uint64_t state = 42;

static uint64_t draw(uint64_t below)
{
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (state >> 33) % below;
}

static int failures;

static void expect(bool good, const char *what, size_t number)
{
    if (good) return;
    printf("%s: case %zu\n", what, number);
    failures++;
}

static void fill(char *text, size_t length, unsigned density)
{
    static const char interesting[] = ",\n\",,\n\r\x8a\xac";
    for (size_t i = 0; i < length; i++)
        text[i] = draw(100) < density ? interesting[draw(sizeof interesting - 1)] : (char)draw(256);
    for (size_t i = 0; i < length && density < 60; i++)
        if (text[i] == '"' && draw(20)) text[i] = 'q';
}

/* What separates fields, in turn. */
static char separator = ',';

static void take_separator(size_t number)
{
    separator = ",|\t"[number % 3];
}

static bool by_hand(const char *text, size_t from, size_t to, const uint32_t *places,
                    const struct sw_scan *found)
{
    size_t count = 0, newlines = 0;
    bool quote = false;
    for (size_t i = from; i < to; i++) quote = quote || text[i] == '"';
    if (quote || found->quote) return quote == found->quote;
    for (size_t i = from; i < to; i++) {
        newlines += text[i] == '\n';
        if ((text[i] == separator || text[i] == '\n') &&
            (count >= found->places || places[count++] != i))
            return false;
    }
    return count == found->places && newlines == found->newlines;
}

static void test_scan(void)
{
    static char text[2000 + SW_SCAN_STEP];
    static uint32_t places[2000 + 80];
    for (int level = 0; level < SW_CPU_LEVELS; level++) {
        sw_scan_function *scan = sw_scan_of_level((enum sw_cpu_level)level);
        printf("%s: %s\n", sw_cpu_level_name((enum sw_cpu_level)level), scan ? "here" : "absent");
        for (size_t number = 0; scan && number < 20000; number++) {
            size_t from = draw(70), to = from + draw(number % 10 ? 200 : 1800);
            take_separator(number);
            fill(text, to + 60, (unsigned)draw(100));
            for (size_t i = from; i < to; i++)
                if (text[i] == ',' && draw(8)) text[i] = separator;
            for (size_t i = from; number % 2 && i < to; i++)
                if (text[i] == '"') text[i] = separator;
            struct sw_scan found = scan(text, from, to, separator, places);
            expect(by_hand(text, from, to, places, &found), "scan", number);
        }
    }
}

/* ---- literals ---- */

static void make_literals(struct sw_literal_set *set, size_t columns)
{
    char bytes[40];
    set->count = 0;
    bool number = draw(3) != 0, spread = draw(3) == 0;
    size_t column = draw(columns);
    for (size_t i = 1 + draw(12); i > 0; i--) {
        size_t length = 1 + draw(draw(8) ? 7 : 38);
        for (size_t k = 0; k < length; k++)
            bytes[k] = number ? (char)('1' + draw(3)) : "123ax,;"[draw(7)];
        if (number && length > 3 && draw(2)) bytes[1] = '.';
        if (spread) column = draw(columns);
        bool added = number ? sw_literal_add_number(set, column, bytes, length)
                            : sw_literal_add_text(set, column, bytes, length);
        expect(added, "needle", i);
    }
}

/* Fields of few digits and letters, so that literals are met, and nearly met, often; rows of
 * `columns` fields but for one in `odd`. */
static size_t make_rows(char *text, size_t most, size_t columns, size_t odd, bool quotes)
{
    static const char digits[] = "1231231230+-.ax;";
    size_t at = 0;
    while (at + 100 < most) {
        size_t fields = draw(odd) ? columns : 1 + draw(4);
        for (size_t field = 0; field < fields; field++) {
            for (size_t length = draw(9); length > 0; length--)
                text[at++] = digits[draw(quotes || draw(9) ? sizeof digits - 1 : 3)];
            if (quotes && draw(400) == 0) text[at++] = draw(2) ? '"' : (char)200;
            if (field + 1 < fields) text[at++] = separator;
        }
        if (draw(10) == 0) text[at++] = '\r';
        text[at++] = '\n';
    }
    return at - draw(3);
}

enum { ROWS_BEFORE = 64, ROWS_TEXT = 6000, ROWS_BEHIND = SW_SWEEP_BEHIND };

static bool sweep_hit(const struct sw_window *window, const char *at)
{
    unsigned literals = 0xff;
    for (size_t k = 0; k < SW_WINDOW_BYTES; k++) {
        unsigned char byte = (unsigned char)at[window->offsets[k]];
        literals &= byte < 128 ? window->tables[k][byte & 15] : 0;
    }
    return literals != 0;
}

/* Byte for byte, what a sweep is to find. */
static bool swept(const char *text, size_t from, size_t to, size_t commas,
                  const struct sw_window *window, const struct sw_sweep *sweep,
                  const struct sw_hit *hits)
{
    size_t rows = 0, count = 0, here = 0;
    bool sound = true;
    for (size_t i = from; i < to; i++) {
        if (sound && sweep_hit(window, text + i) && window->columns >> here & 1) {
            if (count == sweep->hits) return sweep->full;
            if (hits[count].at != i || hits[count].row != rows || hits[count].column != here)
                return false;
            count++;
        }
        here += text[i] == separator;
        sound = sound && text[i] != '"' && (text[i] != '\n' || here == commas);
        rows += text[i] == '\n';
        if (text[i] == '\n') here = 0;
    }
    if (sweep->full) return true;
    return sound == sweep->sound && rows == sweep->rows && (!sound || count == sweep->hits);
}

static void test_sweep(void)
{
    static char space[ROWS_BEFORE + ROWS_TEXT + ROWS_BEHIND];
    static struct sw_literal_set set;
    static struct sw_hit hits[3000];
    for (int level = 0; level < SW_CPU_LEVELS; level++) {
        sw_sweep_function *sweep = sw_sweep_of_level((enum sw_cpu_level)level);
        printf("%s: %s\n", sw_cpu_level_name((enum sw_cpu_level)level), sweep ? "here" : "absent");
        for (size_t number = 0; sweep && number < 600; number++) {
            size_t from = ROWS_BEFORE + draw(70), columns = 1 + draw(5);
            size_t most = 200 + draw(number % 4 ? 400 : ROWS_TEXT - 400);
            space[from - 1] = '\n';
            take_separator(number);
            size_t to =
                from + make_rows(space + from, most, columns, 1 + draw(2000), number % 3 == 0);
            make_literals(&set, columns);
            struct sw_window window = sw_window_of(&set, separator);
            size_t room = number % 5 ? 3000 : SW_SCAN_STEP + draw(50);
            struct sw_sweep found = sweep(space, from, to, columns - 1, &window, hits, room);
            expect(swept(space, from, to, columns - 1, &window, &found, hits), "sweep", number);
        }
    }
}

/* A field that holds the literal, by the words of kernels/literals.h. */
static bool held(const struct sw_literal *literal, const char *text, size_t length)
{
    size_t at = 0;
    bool decimals = memchr(literal->bytes, '.', literal->length);
    if (length && text[length - 1] == '\r') length--;
    while (literal->number && at < length &&
           (text[at] == '+' || text[at] == '-' || text[at] == '0'))
        at++;
    for (size_t i = 0; i < literal->length; i++, at++)
        if (at == length || text[at] != literal->bytes[i]) return false;
    return at == length || literal->cut || (literal->number && text[at] == (decimals ? '0' : '.'));
}

static bool holds_all(const struct sw_literals *literals, const char *text, const size_t *ends)
{
    bool all = true;
    for (size_t set = 0; set < literals->count; set++) {
        bool one = false;
        for (size_t i = 0; i < literals->sets[set].count; i++) {
            const struct sw_literal *literal = &literals->sets[set].items[i];
            size_t start = literal->column ? ends[literal->column - 1] + 1 : 0;
            one = one || held(literal, text + start, ends[literal->column] - start);
        }
        all = all && one;
    }
    return all;
}

/* The prefilter keeps the rows that hold their literals, and knows where their fields are. */
static bool prefiltered(const char *text, size_t from, size_t to, size_t columns,
                        const struct sw_literals *literals, const struct sw_prefilter *prefilter,
                        const struct sw_kept *kept)
{
    size_t row = 0, count = 0;
    for (size_t start = from; start < to && start < prefilter->end; row++) {
        size_t ends[8], field = 0, end = start;
        while (end < to && text[end] != '\n') {
            if (text[end] == separator) ends[field++] = end - start;
            end++;
        }
        if (end == to) break;
        ends[field++] = end - start;
        if (field != columns) return false;
        if (holds_all(literals, text + start, ends)) {
            if (count == kept->count || kept->rows[count] != row) return false;
            const uint32_t *cells = kept->cells + count++ * (columns + 1);
            if (cells[0] != start - 1) return false;
            for (size_t i = 0; i < columns; i++)
                if (cells[i + 1] != start + ends[i]) return false;
        }
        start = end + 1;
    }
    return count == kept->count && row == prefilter->rows;
}

static void test_prefilter(void)
{
    static char space[ROWS_BEFORE + ROWS_TEXT + ROWS_BEHIND];
    static struct sw_literals literals;
    static uint32_t cells[ROWS_TEXT + SW_PREFILTER_PAST];
    static uint64_t rows[ROWS_TEXT];
    size_t applied = 0, full = 0, ways[2] = {0};
    for (size_t number = 0; number < 3000; number++) {
        struct sw_prefilter prefilter;
        struct sw_error error = {0};
        size_t from = ROWS_BEFORE, columns = 2 + draw(4);
        struct sw_kept kept = {
            .cells = cells, .rows = rows, .room = number % 3 ? ROWS_TEXT / (columns + 1) : 1};
        take_separator(number);
        space[from - 1] = '\n';
        size_t to = from + make_rows(space + from, ROWS_TEXT - 200, columns, 100000, false);
        literals.count = 1 + draw(3);
        for (size_t i = 0; i < literals.count; i++) make_literals(&literals.sets[i], columns);
        if (!sw_prefilter_open(&prefilter, &literals, separator, &error)) exit(3);
        if (sw_prefilter_piece(&prefilter, space, from, to, columns, &kept)) {
            expect(prefiltered(space, from, to, columns, &literals, &prefilter, &kept), "prefilter",
                   number);
            applied += kept.count > 0;
            ways[prefilter.way]++;
            full += kept.count == 1 && kept.room == 1;
        }
        sw_prefilter_free(&prefilter);
    }
    printf("kept rows in %zu pieces, by a sweep of %zu, by a matrix of %zu\n", applied, ways[0],
           ways[1]);
    expect(applied > 100 && full > 20 && ways[0] > 100 && ways[1] > 100,
           "sieve: hardly ever applied", applied);
}

static size_t make_number(char *to, bool decimal)
{
    size_t length = decimal ? draw(9) : draw(20);
    for (size_t i = 0; i < length; i++) to[i] = (char)('0' + draw(10));
    if (length && decimal && draw(4)) to[draw(length)] = '.';
    if (length && draw(8) == 0) to[draw(length)] = (char)draw(256);
    return length;
}

/* What base/number.h says: a value, or that the field is not for the fast way. */
static bool by_the_book(const char *text, size_t length, int scale, sw_int128 *value)
{
    if (length == 0 || text[0] == '-' || text[0] == '+') return false;
    return sw_parse_decimal(text, length, scale, value) == SW_NUMBER_GOOD && *value <= INT64_MAX;
}

/* A refusal is no error, but of plain digits, and of decimals that the scale holds without
 * rounding, none must be refused. */
static bool may_refuse(const char *text, size_t length, int scale, bool decimal)
{
    if (!decimal) return false;
    const char *point = memchr(text, '.', length);
    int decimals = point ? (int)(text + length - point) - 1 : 0;
    return decimals > scale || scale - decimals > 7;
}

static void test_numbers_of(const struct sw_number_reader *reader, bool decimal, size_t number)
{
    static struct sw_numbers numbers;
    static char texts[SW_NUMBERS_AT_ONCE][48];
    static uint64_t lengths[SW_NUMBERS_AT_ONCE];
    int64_t values[SW_NUMBERS_AT_ONCE];
    struct sw_refused refused;
    int scale = decimal ? (int)draw(10) : 0;
    numbers.count = 1 + draw(SW_NUMBERS_AT_ONCE);
    size_t longest = 0;
    for (size_t i = 0; i < numbers.count; i++) {
        for (size_t k = 0; k < 24; k++) texts[i][k] = (char)draw(256);
        size_t length = make_number(texts[i] + 24, decimal);
        const char *end = texts[i] + 24 + length;
        uint64_t before = draw(1000000);
        lengths[i] = length;
        numbers.places[i] = (before + 1 + length) << 32 | before;
        numbers.low[i] = sw_load64(end - 8);
        numbers.middle[i] = sw_load64(end - 16);
        numbers.high[i] = sw_load64(end - 24);
        if (length > longest) longest = length;
    }
    reader->measure(&numbers);
    expect(numbers.longest == longest, "longest", number);
    for (size_t i = 0; i < numbers.count; i++)
        expect(numbers.lengths[i] == lengths[i], "length", number);
    if (decimal)
        reader->decimal(&numbers, scale, values, &refused);
    else
        reader->whole(&numbers, values, &refused);
    for (size_t i = 0; i < numbers.count; i++) {
        sw_int128 value = 0;
        const char *text = texts[i] + 24;
        size_t length = numbers.lengths[i];
        bool point = !decimal && memchr(text, '.', length);
        bool good = by_the_book(text, length, scale, &value) && !point;
        bool taken = !(refused.bits[i / 64] >> i % 64 & 1);
        if (taken)
            expect(good && values[i] == value, "number", number);
        else
            expect(!good || may_refuse(text, length, scale, decimal), "refused", number);
    }
}

static void test_numbers(void)
{
    for (int level = 0; level < SW_CPU_LEVELS; level++) {
        const struct sw_number_reader *reader = sw_number_reader_of_level((enum sw_cpu_level)level);
        printf("%s: %s\n", sw_cpu_level_name((enum sw_cpu_level)level), reader ? "here" : "absent");
        for (size_t number = 0; reader && number < 2000; number++) {
            test_numbers_of(reader, false, number);
            test_numbers_of(reader, true, number);
        }
    }
}

#ifndef KERNELS_ALONE

static void print_row(const struct sw_row_batch *row_batch, size_t row)
{
    for (size_t column = 0; column < row_batch->columns; column++) {
        struct sw_fields field = sw_row_batch_fields(row_batch, column, row, 1);
        const char *text = field.base + field.cells[0] + 1, *end = field.base + field.cells[1];
        if (field.trim && end > text && end[-1] == '\r') end--;
        putchar('[');
        for (; text < end; text++)
            printf((unsigned char)*text < ' ' ? "\\%03o" : "%c", (unsigned char)*text);
        putchar(']');
    }
    struct sw_row_place place = sw_row_batch_place(row_batch, row);
    printf(" @%llu+%zu\n", (unsigned long long)place.offset, place.length);
}

/* The number of columns is that of the first line. */
static bool print_rows(const char *path, bool always_libcsv, struct sw_error *error)
{
    struct sw_source source;
    struct sw_row_batch row_batch;
    size_t columns = 1;
    if (!sw_source_open(&source, path, error) || !sw_source_fill(&source, error)) return false;
    for (size_t i = source.start; i < source.end && source.base[i] != '\n'; i++)
        columns += source.base[i] == ',';
    if (!sw_row_batch_open(&row_batch, &sw_dialect_csv, columns, always_libcsv, NULL, error))
        return false;
    enum sw_step step;
    while ((step = sw_row_batch_next(&row_batch, &source, error)) == SW_ROWS) {
        for (size_t row = 0; row < row_batch.rows; row++) print_row(&row_batch, row);
        if (row_batch.broken)
            printf("broken: %s @%llu+%zu\n", row_batch.reason,
                   (unsigned long long)row_batch.broken_row.offset, row_batch.broken_row.length);
    }
    sw_row_batch_free(&row_batch);
    sw_source_close(&source);
    return step == SW_END;
}

static void test_rows(const char *path)
{
    struct sw_error error = {0};
    if (!print_rows(path, false, &error)) printf("%s\n", error.message);
    error = (struct sw_error){0};
    puts("--");
    if (!print_rows(path, true, &error)) printf("%s\n", error.message);
}

#endif

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "scan") == 0)
        test_scan();
    else if (argc == 2 && strcmp(argv[1], "sweep") == 0)
        test_sweep();
    else if (argc == 2 && strcmp(argv[1], "prefilter") == 0)
        test_prefilter();
    else if (argc == 2 && strcmp(argv[1], "numbers") == 0)
        test_numbers();
#ifndef KERNELS_ALONE
    else if (argc == 3 && strcmp(argv[1], "rows") == 0)
        test_rows(argv[2]);
#endif
    else
        failures = 2;
    return failures != 0;
}
