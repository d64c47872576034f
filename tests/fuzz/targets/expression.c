/* SPDX-License-Identifier: ISC
 *
 * Expressions and selectors: a line each, after one of the letters e s d p H t q and a blank. What
 * is compiled selects the same rows of a few made-up ones however they are cut into blocks, whether
 * blocks are gone over by their bounds or not, from records and from CSV; and not together with its
 * opposite. A line "= WORDS" is a line of the named set `fuzz`.
 */
#include <sys/stat.h>

#include "csv/table.h"
#include "fuzz.h"
#include "input/select_csv.h"
#include "stream/writer.h"

enum { ROWS = 64, STREAMS = 3, BATCH = 1000 };

/* The rows are counted by their number n. */
static const char head[] =
    "n,security_code,participantid,price,quantity,timestamp,side,order_id,words,fine,wide,day,"
    "leavesquantity,totalmatchedquantity\n";

static struct sw_csv_schemas csv_schemas;
static const char *csv_path, *share;
static const char *streams[STREAMS];

/* ---- the rows ---- */

static void make_row(struct sw_buffer *text, size_t n, uint64_t *state)
{
    static const char *const prices[] = {"",      "0",          "1",       "1.5",
                                         "-2.25", "12345.6789", "0012.50", "\"3\""};
    static const char *const words[] = {"",           "a", "a b",      "\"a,b\"",
                                        "\"q\"\"q\"", "Z", "\xc3\xa9", "abc"};
    static const char *const wides[] = {"",
                                        "0",
                                        "170141183460469231731687303715884105727",
                                        "-170141183460469231731687303715884105728",
                                        "1",
                                        "-1",
                                        "9223372036854775808",
                                        "5"};
    static const char *const times[] = {
        "1725494399000000000", "1725494400000000000",  "",  "2024-09-05T10:00:00+10:00",
        "9223372036854775807", "-9223372036854775808", "0", "1725500000123456789"};
    struct sw_error error = {0};
    uint64_t at = fuzz_next(state);
    bool good = sw_buffer_format(
        text, &error, "%zu,%d,%d,%s,%s,%s,%d,%llu,%s,%s0.000000000000000001,%s,%s,%d,%d\n", n,
        85600 + (int)(n / 8), (int)(at % 5) * 17, prices[at >> 8 & 7], at >> 11 & 7 ? "100" : "",
        times[at >> 16 & 7], (int)(at >> 20 & 1) + 1,
        (unsigned long long)(UINT64_MAX - (at >> 24 & 3)), words[at >> 28 & 7],
        at >> 32 & 1 ? "-" : "", wides[at >> 36 & 7], at >> 40 & 1 ? "2024-09-05" : "",
        (int)(at >> 44 & 3) * 50, (int)(at >> 48 & 3) * 50);
    if (!good) abort();
}

static void write_stream(unsigned slot, size_t block_rows)
{
    struct sw_csv csv;
    struct sw_table table;
    struct sw_writer writer;
    struct sw_output output;
    struct sw_error error = {0};
    int wanted[32];
    for (int i = 0; i < 32; i++) wanted[i] = i;
    if (!sw_csv_open(&csv, csv_path, &csv_schemas, &error))
        fuzz_require(false, "%s", error.message);
    struct sw_table_settings settings = {
        .wanted = wanted, .wanted_count = csv.schema.column_count, .batch_rows = BATCH};
    fuzz_output(&output, slot);
    bool good = sw_table_open(&table, &csv, &settings, &error) &&
                sw_writer_prepare(&writer, &output, &csv.schema, block_rows, &error);
    writer.index = writer.encoder.small = true;
    good = good && sw_writer_begin(&writer, &error);
    while (good && sw_table_next(&table, &error) == SW_ROWS)
        good = sw_writer_gather(&writer, table.vectors, NULL, table.rows, &error);
    good = good && error.status == SW_DONE && sw_writer_close(&writer, &error) &&
           sw_output_close(&output, &error);
    fuzz_require(good, "%s", error.message);
    sw_writer_free(&writer);
    sw_table_free(&table);
    sw_csv_close(&csv);
}

static void make_rows(void)
{
    static const size_t block_rows[STREAMS] = {1, 7, ROWS};
    static char paths[STREAMS][64], name[64];
    struct sw_buffer text = {0};
    struct sw_error error = {0};
    uint64_t state = 1;
    if (csv_schemas.count) return;
    fuzz_require(
        sw_csv_schemas_open(&csv_schemas, "", FUZZ_TREE "/tests/fuzz/rows.schema", NULL, &error),
        "%s", error.message);
    if (!sw_buffer_text(&text, head, &error)) abort();
    for (size_t n = 0; n < ROWS; n++) make_row(&text, n, &state);
    snprintf(name, sizeof name, "%s", fuzz_named_file("rows.csv", text.bytes, text.length));
    csv_path = name;
    sw_buffer_free(&text);
    share = fuzz_folder();
    for (unsigned i = 0; i < STREAMS; i++) {
        size_t length;
        write_stream(i, block_rows[i]);
        char *bytes = fuzz_written(i, &length);
        snprintf(paths[i], sizeof paths[i], "%s", fuzz_file(i, bytes, length));
        streams[i] = paths[i];
        free(bytes);
    }
    char folder[128];
    snprintf(folder, sizeof folder, "%s/sets", share);
    if (mkdir(folder, 0700) != 0) abort();
}

/* ---- selections ---- */

struct selection {
    bool compiled, good;
    struct sw_error error;
    unsigned char chosen[ROWS]; /* by n */
};

static void choose(struct selection *selection, const struct sw_vector *n, const uint32_t *rows,
                   size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t row = rows ? rows[i] : i;
        fuzz_require(!i || !rows || rows[i] > rows[i - 1], "rows out of order");
        fuzz_require(row < n->rows && sw_value(n, row) >= 0 && sw_value(n, row) < ROWS, "row %zu",
                     row);
        fuzz_require(!selection->chosen[sw_value(n, row)]++, "row %zu twice", row);
    }
}

static void check_point(const struct sw_expression *expression)
{
    struct sw_caret caret;
    if (!sw_expression_point(expression, &caret)) return;
    fuzz_require(memchr(caret.text, 0, SW_CARET_LENGTH) && memchr(caret.mark, 0, SW_CARET_LENGTH),
                 "a caret without end");
}

static bool select_block(struct selection *selection, struct sw_expression *expression,
                         struct sw_view *view, struct sw_reader *reader)
{
    uint32_t rows[ROWS];
    size_t count;
    enum sw_match match = sw_expression_match(expression, view, reader);
    sw_view_begin(view, reader->rows);
    if (!sw_expression_select(expression, view, rows, &count, &selection->error)) return false;
    fuzz_require(match != SW_MATCH_NONE || count == 0, "no block's match, and %zu rows", count);
    fuzz_require(match != SW_MATCH_ALL || count == reader->rows, "a block's match, and %zu rows",
                 count);
    const struct sw_vector *n = sw_reader_vector(reader, 0, &selection->error);
    if (!n) abort();
    choose(selection, n, rows, count);
    return true;
}

static struct selection of_records(const char *path, const struct sw_selectors *selectors,
                                   bool restricted)
{
    const struct sw_view_settings settings = {.zone = NULL};
    struct selection selection = {0};
    struct sw_expression expression = {0};
    struct sw_reader reader;
    struct sw_view view;
    enum sw_step step = SW_FAILED;
    if (!sw_reader_open(&reader, &path, 1, &selection.error) ||
        !sw_view_open(&view, sw_supplier_of_reader(&reader), &settings, &selection.error))
        abort();
    selection.compiled =
        sw_selectors_compile(&expression, &view, selectors, share, &selection.error);
    if (!selection.compiled)
        check_point(&expression);
    else if (!restricted || sw_expression_restrict(&expression, &view, &reader, &selection.error))
        while ((step = sw_reader_next(&reader, &selection.error)) == SW_ROWS)
            if (!select_block(&selection, &expression, &view, &reader)) break;
    selection.good = step == SW_END;
    fuzz_check_error(selection.good, &selection.error);
    fuzz_require(selection.good ||
                     selection.error.status == (selection.compiled ? SW_DATA : SW_USAGE) ||
                     selection.error.status == SW_SYSTEM,
                 "status %d: %s", selection.error.status, selection.error.message);
    sw_expression_free(&expression);
    sw_view_free(&view);
    sw_reader_close(&reader);
    return selection;
}

static struct selection of_csv(const struct sw_selectors *selectors)
{
    const struct sw_view_settings settings = {.zone = NULL};
    struct selection selection = {0};
    struct sw_error *error = &selection.error;
    struct sw_csv csv;
    struct sw_csv_select select;
    struct sw_table table;
    int wanted[] = {0};
    if (!sw_csv_open(&csv, csv_path, &csv_schemas, error)) abort();
    selection.compiled = sw_csv_select_open(&select, &csv, selectors, &settings, share, error);
    if (selection.compiled) {
        struct sw_table_settings how = {
            .wanted = wanted, .wanted_count = 1, .batch_rows = BATCH, .filter = &select.filter};
        if (!sw_table_open(&table, &csv, &how, error)) abort();
        enum sw_step step;
        while ((step = sw_csv_select_next(&select, &table, error)) == SW_ROWS)
            choose(&selection, table.vectors[0], NULL, table.rows);
        selection.good = step == SW_END;
        sw_table_free(&table);
    }
    fuzz_check_error(selection.good, error);
    sw_csv_select_free(&select);
    sw_csv_close(&csv);
    return selection;
}

/* ---- the target ---- */

static void take_line(struct sw_selectors *selectors, char *line, struct sw_buffer *set)
{
    struct sw_error error = {0};
    const char *value = line[0] && line[1] ? line + 2 : "";
    switch (line[0]) {
    case 'e':
        selectors->expression = value;
        return;
    case 's':
        selectors->securities = value;
        return;
    case 'd':
        selectors->dates = value;
        return;
    case 'p':
        selectors->participants = value;
        return;
    case 'H':
        selectors->hours = value;
        return;
    case 't':
        selectors->times = value;
        return;
    case 'q':
        selectors->quantities = value;
        return;
    case '=':
        if (!sw_buffer_format(set, &error, "%s\n", value)) abort();
        return;
    default:
        return;
    }
}

/* No file of the machine is a list. */
static bool names_files(const struct sw_selectors *selectors)
{
    const char *const lists[] = {selectors->securities, selectors->dates, selectors->participants,
                                 selectors->hours,      selectors->times, selectors->quantities};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        if (lists[i] && lists[i][0] == '@') return true;
    return false;
}

static void compare(const struct selection *a, const struct selection *b, const char *way)
{
    fuzz_require(a->compiled == b->compiled, "%s: '%s' and '%s'", way, a->error.message,
                 b->error.message);
    if (!a->good || !b->good) return;
    for (size_t n = 0; n < ROWS; n++)
        fuzz_require(a->chosen[n] == b->chosen[n], "%s: row %zu", way, n);
}

/* What is true of a row is not false of it. */
static void compare_opposite(const struct selection *selection, const char *text)
{
    struct sw_error error = {0};
    struct sw_buffer opposite = {0};
    if (!sw_buffer_format(&opposite, &error, "!(%s)", text) ||
        !sw_buffer_add(&opposite, "", 1, &error))
        abort();
    struct sw_selectors selectors = {.expression = (const char *)opposite.bytes};
    struct selection other = of_records(streams[0], &selectors, false);
    if (other.good && selection->good)
        for (size_t n = 0; n < ROWS; n++)
            fuzz_require(!(selection->chosen[n] && other.chosen[n]), "row %zu and the opposite", n);
    sw_buffer_free(&opposite);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct sw_selectors selectors = {0};
    struct sw_buffer set = {0};
    char *text = malloc(size + 1), *line, *rest = text;
    make_rows();
    memcpy(text, bytes, size);
    text[size] = '\0';
    while ((line = strsep(&rest, "\n"))) take_line(&selectors, line, &set);
    if (!names_files(&selectors)) {
        fuzz_named_file("sets/fuzz", set.bytes, set.length);
        struct selection all = of_records(streams[0], &selectors, false);
        for (size_t i = 0; i < STREAMS; i++) {
            struct selection restricted = of_records(streams[i], &selectors, true);
            compare(&all, &restricted, "restricted");
        }
        struct selection blocks = of_records(streams[1], &selectors, false);
        compare(&all, &blocks, "blocks");
        fuzz_require(all.good == blocks.good, "blocks: '%s' and '%s'", all.error.message,
                     blocks.error.message);
        struct selection csv = of_csv(&selectors);
        compare(&all, &csv, "csv");
        bool alone = selectors.expression && !selectors.securities && !selectors.dates &&
                     !selectors.participants && !selectors.hours && !selectors.times &&
                     !selectors.quantities;
        if (alone && all.good) compare_opposite(&all, selectors.expression);
    }
    sw_buffer_free(&set);
    free(text);
    return 0;
}
