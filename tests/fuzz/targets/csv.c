/* SPDX-License-Identifier: ISC
 *
 * CSV: a line of an expression, then a file. Every way to read it gives the same rows, the same
 * rejected and the same bad ones: through libcsv, by another level of the scanner, a row at a time,
 * in ranges, by an index; and with the expression, what a filter makes of the records of all rows.
 * What is printed of the records is read back as the same.
 */
#include <inttypes.h>

#include "csv/rejects.h"
#include "csv/index_write.h"
#include "csv/plan.h"
#include "output/text_writer.h"
#include "csv/table.h"
#include "records.h"
#include "input/select_csv.h"
#include "stream/writer.h"

enum { TEXT, BAD, RECORDS, PLAN };
enum { COLUMNS_MOST = 256, LINE_MOST = 1000 };

/* How a file is read. */
struct way {
    const char *path;
    bool libcsv, indexed;
    int level;              /* of the scanner + 1; 0: the best */
    size_t batch_rows;      /* 0: many */
    const char *expression; /* NULL: every row */
    bool ranged;
    uint64_t offset, length;
};

/* What came of it. */
struct outcome {
    bool good;
    struct sw_error error;
    char *text, *bad;
    size_t text_length, bad_length, header_length;
    uint64_t rows, bad_rows, rejected;
};

static struct sw_csv_schemas csv_schemas;

/* What is under way. */
struct pass {
    struct sw_csv csv;
    struct sw_csv_select select;
    struct sw_table table;
    struct sw_bad_rows bad;
    struct sw_output text;
    struct sw_printer printer;
    int wanted[COLUMNS_MOST];
};

/* ---- one pass ---- */

static bool choose_rows(struct pass *pass, const struct way *way, struct sw_error *error)
{
    const struct sw_selectors selectors = {.expression = way->expression};
    const struct sw_view_settings view = {0};
    struct sw_error unused = {0};
    if (way->ranged && !sw_csv_range(&pass->csv, way->offset, way->length, error)) return false;
    if (!way->expression) return true;
    if (!sw_csv_select_open(&pass->select, &pass->csv, &selectors, &view, NULL, error))
        return false;
    if (!way->indexed) return true;
    if (!sw_csv_select_by_index(&pass->select, NULL, 0, &unused, error)) return false;
    fuzz_require(pass->select.indexed, "the index is not used: %s", unused.message);
    return true;
}

static bool open_table(struct pass *pass, const struct way *way, struct sw_error *error)
{
    const struct sw_schema *schema = &pass->csv.schema;
    struct sw_table_settings settings = {.wanted = pass->wanted,
                                         .wanted_count = schema->column_count,
                                         .batch_rows = way->batch_rows ? way->batch_rows : 500,
                                         .filter = way->expression ? &pass->select.filter : NULL,
                                         .bad = &pass->bad};
    for (size_t i = 0; i < schema->column_count; i++) pass->wanted[i] = (int)i;
    pass->csv.always_libcsv = way->libcsv;
    if (!sw_table_open(&pass->table, &pass->csv, &settings, error)) return false;
    if (way->level)
        pass->table.row_batch.scan = sw_scan_of_level((enum sw_cpu_level)(way->level - 1));
    return true;
}

static bool print_rows(struct pass *pass, const struct way *way, struct outcome *outcome)
{
    struct sw_error *error = &outcome->error;
    enum sw_step step;
    while ((step = way->expression ? sw_csv_select_next(&pass->select, &pass->table, error)
                                   : sw_table_next(&pass->table, error)) == SW_ROWS) {
        fuzz_require(pass->table.rows > 0, "an empty batch");
        for (size_t i = 0; i < pass->csv.schema.column_count; i++)
            fuzz_check_vector(pass->table.vectors[i], pass->table.rows,
                              &pass->csv.schema.columns[i]);
        if (!sw_printer_rows(&pass->printer, pass->table.vectors, NULL, pass->table.rows, error))
            return false;
        outcome->rows += pass->table.rows;
    }
    outcome->rejected = pass->table.rejected + sw_segments_rows_left_out(&pass->select.segments);
    return step == SW_END && sw_printer_end(&pass->printer, error);
}

static bool run_pass(struct pass *pass, const struct way *way, struct outcome *outcome)
{
    struct sw_error *error = &outcome->error;
    const struct sw_print_options how = {.format = SW_PRINT_CSV};
    if (!choose_rows(pass, way, error) || !open_table(pass, way, error)) return false;
    bool good = sw_printer_open(&pass->printer, &pass->text, &pass->csv.schema, &how, error);
    outcome->header_length = (size_t)pass->text.written + pass->printer.text.length;
    good = good && print_rows(pass, way, outcome);
    sw_printer_free(&pass->printer);
    sw_table_free(&pass->table);
    return good;
}

static struct outcome read_csv(const struct way *way)
{
    struct outcome outcome = {0};
    struct pass pass = {0};
    fuzz_output(&pass.text, TEXT);
    fuzz_output(&pass.bad.output, BAD);
    if (sw_csv_open(&pass.csv, way->path, &csv_schemas, &outcome.error)) {
        outcome.good =
            pass.csv.schema.column_count <= COLUMNS_MOST && run_pass(&pass, way, &outcome);
        sw_csv_select_free(&pass.select);
        sw_csv_close(&pass.csv);
    }
    outcome.bad_rows = pass.bad.count;
    struct sw_error closing = {0};
    if (!sw_output_close(&pass.text, &closing) || !sw_output_close(&pass.bad.output, &closing))
        abort();
    sw_bad_abandon(&pass.bad);
    if (outcome.good || outcome.error.status != SW_DONE)
        fuzz_check_error(outcome.good, &outcome.error);
    outcome.text = fuzz_written(TEXT, &outcome.text_length);
    outcome.bad = fuzz_written(BAD, &outcome.bad_length);
    return outcome;
}

static void drop(struct outcome *outcome)
{
    free(outcome->text);
    free(outcome->bad);
}

/* ---- comparisons ---- */

static void check_text(const char *way, const char *what, const char *a, size_t a_length,
                       const char *b, size_t b_length)
{
    fuzz_require(a_length == b_length && memcmp(a, b, a_length) == 0, "%s, %s:\n%s--- and ---\n%s",
                 way, what, a, b);
}

static void check_same(const struct outcome *a, const struct outcome *b, const char *way)
{
    fuzz_require(a->good == b->good, "%s: '%s' and '%s'", way, a->error.message, b->error.message);
    if (!a->good) return;
    check_text(way, "rows", a->text, a->text_length, b->text, b->text_length);
    check_text(way, "bad rows", a->bad, a->bad_length, b->bad, b->bad_length);
    fuzz_require(a->rows == b->rows && a->bad_rows == b->bad_rows && a->rejected == b->rejected,
                 "%s: rows %" PRIu64 " and %" PRIu64 ", bad %" PRIu64 " and %" PRIu64
                 ", rejected %" PRIu64 " and %" PRIu64,
                 way, a->rows, b->rows, a->bad_rows, b->bad_rows, a->rejected, b->rejected);
}

static void compare(const struct outcome *all, struct way way, const char *name)
{
    struct outcome other = read_csv(&way);
    check_same(all, &other, name);
    drop(&other);
}

/* The same file by its other roads. */
static void compare_roads(const struct outcome *all, struct way way, uint64_t *state)
{
    struct way other = way;
    other.libcsv = true;
    compare(all, other, "libcsv");
    other = way;
    other.level = (int)(fuzz_next(state) % SW_CPU_LEVELS) + 1;
    if (sw_scan_of_level((enum sw_cpu_level)(other.level - 1))) compare(all, other, "level");
    other = way;
    other.batch_rows = fuzz_next(state) % 3 ? fuzz_next(state) % 8 + 1 : SW_BLOCK_ROWS_MAXIMUM;
    compare(all, other, "batches");
}

/* ---- ranges ---- */

static void append(char **to, size_t *length, const char *text, size_t more)
{
    *to = realloc(*to, *length + more + 1);
    memcpy(*to + *length, text, more);
    *length += more;
    (*to)[*length] = '\0';
}

/* Without the header that each range has. */
static void append_outcome(struct outcome *to, const struct outcome *from)
{
    size_t header = to->text_length ? from->header_length : 0;
    append(&to->text, &to->text_length, from->text + header, from->text_length - header);
    append(&to->bad, &to->bad_length, from->bad, from->bad_length);
    to->rows += from->rows;
    to->bad_rows += from->bad_rows;
    to->rejected += from->rejected;
    to->good = from->good;
    if (!from->good) to->error = from->error;
}

static char *plan(const char *path, uint64_t size, bool exact)
{
    struct sw_output output;
    struct sw_ranges ranges = {.output = &output};
    const struct sw_plan how = {.size_bytes = size, .exact = exact};
    struct sw_csv csv;
    struct sw_error error = {0};
    size_t length;
    if (!sw_csv_open(&csv, path, &csv_schemas, &error)) abort();
    fuzz_output(&output, PLAN);
    bool good = sw_plan_write(&how, &csv, &ranges, &error);
    fuzz_check_error(good, &error);
    sw_csv_close(&csv);
    good = sw_output_end(&output, good, &error);
    return good ? fuzz_written(PLAN, &length) : NULL;
}

/* A plan that is not exact may be wrong, but then a range of it is refused. A header may hold a
 * newline between quotes only as far as its reader allows. */
static void compare_ranges(const struct outcome *all, struct way way, uint64_t *state)
{
    bool exact = fuzz_next(state) % 2;
    char *lines = plan(way.path, fuzz_next(state) % 200 + 1, exact);
    struct outcome whole = {.good = true};
    unsigned long long offset, length;
    int taken;
    way.ranged = true;
    for (char *at = lines;
         at && whole.good && sscanf(at, "%*u\t%llu\t%llu\n%n", &offset, &length, &taken) == 2;
         at += taken) {
        way.offset = offset;
        way.length = length;
        struct outcome part = read_csv(&way);
        append_outcome(&whole, &part);
        drop(&part);
    }
    fuzz_require(!exact || !lines || whole.good || !all->good, "a range of an exact plan: %s",
                 whole.error.message);
    if (lines && whole.good && all->good)
        check_same(all, &whole, exact ? "exact ranges" : "ranges");
    free(lines);
    drop(&whole);
}

/* ---- with an index ---- */

static void compare_index(const struct outcome *all, struct way way, uint64_t *state)
{
    struct sw_buffer made_by = {0};
    struct sw_index_settings settings = {fuzz_next(state) % 300 + 1, &made_by};
    struct sw_index_made made = {0};
    struct sw_error error = {0};
    if (!sw_csv_index_write(way.path, &csv_schemas, &settings, NULL, &made, &error)) {
        fuzz_require(error.status == SW_DATA, "%s", error.message);
        return;
    }
    way.indexed = true;
    compare(all, way, "index");
}

/* ---- as records ---- */

static void write_records(const struct way *way, uint64_t *state)
{
    struct pass pass = {0};
    struct sw_writer writer;
    struct sw_error error = {0};
    enum sw_step step;
    pass.bad.only_counted = true;
    fuzz_output(&pass.text, RECORDS);
    if (!sw_csv_open(&pass.csv, way->path, &csv_schemas, &error) ||
        !open_table(&pass, way, &error) ||
        !sw_writer_prepare(&writer, &pass.text, &pass.csv.schema, fuzz_next(state) % 20, &error))
        abort();
    writer.encoder.small = writer.index = fuzz_next(state) % 2;
    bool good = sw_writer_begin(&writer, &error);
    while (good && (step = sw_table_next(&pass.table, &error)) == SW_ROWS)
        good = sw_writer_gather(&writer, pass.table.vectors, NULL, pass.table.rows, &error);
    good = good && sw_writer_close(&writer, &error) && sw_output_close(&pass.text, &error);
    fuzz_require(good, "%s", error.message);
    sw_writer_free(&writer);
    sw_table_free(&pass.table);
    sw_csv_close(&pass.csv);
}

static bool select_block(struct sw_reader *reader, struct sw_expression *expression,
                         struct sw_view *view, uint32_t *selected, size_t *count,
                         struct sw_error *error)
{
    enum sw_match match = sw_expression_match(expression, view, reader);
    sw_view_begin(view, reader->rows);
    if (!sw_expression_select(expression, view, selected, count, error)) return false;
    fuzz_require(match != SW_MATCH_NONE || *count == 0, "rows in a block without a match");
    fuzz_require(match != SW_MATCH_ALL || *count == reader->rows, "not all rows of a block");
    return true;
}

/* What the expression selects of the records, printed. */
static bool filter_records(struct outcome *outcome, const char *path, const char *text,
                           bool restricted)
{
    static uint32_t selected[SW_BLOCK_ROWS_MAXIMUM];
    const struct sw_vector *vectors[COLUMNS_MOST];
    const struct sw_print_options how = {.format = SW_PRINT_CSV};
    const struct sw_view_settings settings = {0};
    struct sw_error *error = &outcome->error;
    struct sw_expression expression = {0};
    struct sw_reader reader;
    struct sw_view view;
    struct sw_output output;
    struct sw_printer printer;
    enum sw_step step = SW_FAILED;
    size_t count;
    fuzz_output(&output, TEXT);
    if (!sw_reader_open(&reader, &path, 1, error) ||
        !sw_view_open(&view, sw_supplier_of_reader(&reader), &settings, error))
        abort();
    bool good = sw_expression_compile(&expression, &view, text, NULL, error) &&
                (!restricted || sw_expression_restrict(&expression, &view, &reader, error));
    good = sw_printer_open(&printer, &output, &reader.schema, &how, error) && good;
    while (good && (step = sw_reader_next(&reader, error)) == SW_ROWS) {
        good = select_block(&reader, &expression, &view, selected, &count, error);
        for (size_t i = 0; good && i < reader.schema.column_count; i++)
            good = (vectors[i] = sw_reader_vector(&reader, (int)i, error)) != NULL;
        good = good && sw_printer_rows(&printer, vectors, selected, count, error);
        outcome->rows += count;
    }
    outcome->good = good && step == SW_END && sw_printer_end(&printer, error);
    if (!sw_output_close(&output, &(struct sw_error){0})) abort();
    outcome->text = fuzz_written(TEXT, &outcome->text_length);
    sw_printer_free(&printer);
    sw_expression_free(&expression);
    sw_view_free(&view);
    sw_reader_close(&reader);
    return outcome->good;
}

/* A number that does not fit 128 bits ends it in whichever row is looked at first. */
static void compare_filter(const struct outcome *kept, const struct way *way, uint64_t *state)
{
    size_t length;
    struct way every = *way;
    every.expression = NULL;
    write_records(&every, state);
    char *records = fuzz_written(RECORDS, &length);
    const char *path = fuzz_file(RECORDS, records, length);
    for (int restricted = 0; restricted < 2; restricted++) {
        struct outcome selected = {0};
        filter_records(&selected, path, way->expression, restricted);
        fuzz_require(kept->good || kept->error.status == SW_DATA || !selected.good,
                     "the expression is good for records only: %s", kept->error.message);
        if (kept->good && selected.good)
            check_text(restricted ? "restricted" : "records", "rows", kept->text, kept->text_length,
                       selected.text, selected.text_length);
        drop(&selected);
    }
    free(records);
}

/* ---- the target ---- */

static void open_csv_schemas(void)
{
    struct sw_error error = {0};
    if (csv_schemas.count) return;
    fuzz_require(
        sw_csv_schemas_open(&csv_schemas, "", FUZZ_TREE "/tests/fuzz/types.schema", NULL, &error),
        "%s", error.message);
}

/* Printed and read back: the same text. */
static void compare_print(const struct outcome *all, struct way way)
{
    way.path = fuzz_named_file("again.csv", all->text, all->text_length);
    struct outcome again = read_csv(&way);
    fuzz_require(again.good && again.bad_rows == 0, "read back: %s%s", again.error.message,
                 again.bad);
    check_text("read back", "rows", all->text, all->text_length, again.text, again.text_length);
    drop(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    char expression[LINE_MOST];
    uint64_t state = fuzz_hash(bytes, size);
    const uint8_t *end = memchr(bytes, '\n', size);
    size_t length = end ? (size_t)(end - bytes) : size;
    if (!end || length >= sizeof expression || memchr(bytes, '\0', length)) return 0;
    memcpy(expression, bytes, length);
    expression[length] = '\0';
    open_csv_schemas();
    struct way way = {.path = fuzz_named_file("in.csv", end + 1, size - length - 1)};
    struct outcome all = read_csv(&way);
    if (all.good || all.error.status != SW_DONE) {
        compare_roads(&all, way, &state);
        if (all.good) compare_ranges(&all, way, &state);
        if (all.good && all.rows) compare_print(&all, way);
        way.expression = expression;
        struct outcome kept = read_csv(&way);
        compare_roads(&kept, way, &state);
        if (all.good) compare_filter(&kept, &way, &state);
        if (kept.good) compare_index(&kept, way, &state);
        if (kept.good) compare_ranges(&kept, way, &state);
        drop(&kept);
    }
    drop(&all);
    return 0;
}
