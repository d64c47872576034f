/* SPDX-License-Identifier: ISC
 *
 * sw-chunk: CSV (files, a byte range of a file, or standard input; plain or gzip) into a record
 * stream. Only the columns that are asked for are read, and so checked; with selectors, mostly only
 * the rows that can be selected. --plan prints the byte ranges that a file can be cut into; --index
 * writes down what stretches of a file hold, so that those without a selected row are not read.
 */
#include <inttypes.h>

#include "base/memory.h"
#include "base/number.h"
#include "base/program.h"
#include "base/tally.h"
#include "csv/index.h"
#include "csv/index_write.h"
#include "csv/plan.h"
#include "query/select_csv.h"
#include "query/select_files.h"
#include "record/writer.h"

static struct {
    struct sw_selectors selectors;
    const char *schema, *columns, *bad_rows, *range, *tally, *output;
    int64_t block_rows, count, rows;
    struct sw_size chunk_size;
    bool plan, exact, index, no_index;
    struct sw_view_settings view;
} set;

static const struct sw_option options[] = {
    SW_OPTION('t', "schema", "SCHEMA", set.schema,
              "orders, trades, nbbo or FILE.schema, instead of finding it from the header"),
    SW_OPTION('c', "columns", "COL,…", set.columns, "only these columns, in this order"),
    SW_OPTION('s', "securities", "CODES", set.selectors.securities,
              "only rows of these securities: 110621,85603 or @FILE"),
    SW_OPTION('d', "dates", "DATES", set.selectors.dates,
              "only rows of these local dates: 2024-09-05, 2024-09-01..2024-09-30"),
    SW_OPTION('p', "participants", "PARTICIPANTS", set.selectors.participants,
              "only rows of these participants: 69,102 or @FILE"),
    SW_OPTION('H', "hours", "HOURS", set.selectors.hours,
              "only rows of these local hours: 10-16 is 10:00:00 to 16:59:59.999999999"),
    SW_OPTION(0, "times", "TIMES", set.selectors.times,
              "only rows of these local times of day, the end not in: 10:00-16:12"),
    SW_OPTION('q', "quantities", "QUANTITIES", set.selectors.quantities,
              "only rows with these quantities, both ends in: 100..5000"),
    SW_OPTION('e', "expression", "EXPR", set.selectors.expression,
              "only rows for which EXPR is true: 'side == 1' (see sw-expression(7))"),
    SW_OPTION(0, "bad-rows", "FILE", set.bad_rows,
              "write bad rows to FILE and go on, instead of stopping at the first"),
    SW_OPTION(0, "block-rows", "N", set.block_rows, "at most N rows in a block, up to 65536"),
    SW_OPTION(0, "range", "OFFSET:LENGTH", set.range,
              "only the rows whose first byte lies in this range of the file"),
    SW_OPTION(0, "plan", NULL, set.plan,
              "print the byte ranges to cut the file into: index, offset and length"),
    SW_OPTION('n', "count", "COUNT", set.count, "plan: at most COUNT ranges"),
    SW_OPTION('b', "chunk-size", "SIZE", set.chunk_size,
              "plan: ranges of about SIZE bytes, 64M by default; index: its segments, 4M"),
    SW_OPTION(0, "rows", "N", set.rows, "plan: ranges of N rows; reads the whole file"),
    SW_OPTION(0, "exact", NULL, set.exact,
              "plan: read the whole file, to cut right where quotes hide newlines"),
    SW_OPTION(0, "index", NULL, set.index,
              "write an index of FILE, to FILE.index or where -o says, instead of records"),
    SW_OPTION(0, "no-index", NULL, set.no_index, "do not go by FILE.index"),
    SW_OPTION(0, "tz", "ZONE", set.view.zone,
              "local time in selectors: an offset or a name, +10:00 by default"),
    SW_OPTION(0, "sizes", "BOUNDS", set.view.sizes,
              "the upper bounds of the order sizes in EXPR, 1000,5000,10000,50000 by default"),
    SW_OPTION(0, "tally", "FILE", set.tally,
              "write the numbers of rows read, kept, rejected and bad to FILE, tab-separated"),
    SW_OPTION('o', "output", "FILE", set.output, "write to FILE instead of standard output"),
    SW_OPTIONS_END,
};

/* The stream being written. Its schema is that of the first file; the others must have the same. */
struct chunk {
    struct sw_layouts layouts;
    struct sw_selectors selectors; /* without @FILE */
    struct sw_selector_files selector_files;
    const char *first_file; /* NULL: no file was read yet */
    struct sw_schema schema;
    struct sw_output output;
    struct sw_writer writer;
    struct sw_bad_rows bad;
    struct sw_tally tally;
};

/* A file being read. */
struct part {
    struct sw_csv csv;
    int *wanted;
    size_t wanted_count;
    struct sw_csv_select select; /* where there are selectors */
    bool indexed;                /* `segments` says what to read */
    struct sw_segments segments;
    struct sw_table table;
};

/* ---- selectors ---- */

/* Shows where in the expression a failure lies; the line with the reason follows. */
static void point(const struct sw_expression *expression)
{
    struct sw_caret caret;
    if (!sw_expression_point(expression, &caret)) return;
    sw_say("%s", caret.text);
    sw_say("%s", caret.mark);
}

static bool selective(void)
{
    const struct sw_selectors *of = &set.selectors;
    return of->securities || of->dates || of->participants || of->hours || of->times ||
           of->quantities || of->expression;
}

static bool compile(const struct chunk *chunk, struct part *part, struct sw_error *error)
{
    const char *share = sw_share_directory(error);
    return share && sw_csv_select_open(&part->select, &part->csv, &chunk->selectors, &set.view,
                                       share, error);
}

/* Goes by the index beside the file, where there is one that holds; else all of it is read. */
static bool use_index(struct part *part, struct sw_error *error)
{
    const struct sw_source *source = &part->csv.source;
    struct sw_buffer path = {0};
    struct sw_error why = {0};
    if (set.no_index || set.range || !source->input.seekable || source->inflation) return true;
    if (!sw_csv_index_path(source->input.name, &path, error)) return false;
    const char *name = (const char *)path.bytes, *outputs[] = {set.output, set.bad_rows, set.tally};
    bool there = sw_csv_index_is_there(name);
    bool good = !there || sw_output_refuse_clash(outputs, 3, &name, 1, NULL, error);
    if (good && there) {
        part->indexed = sw_csv_select_segments(&part->select, name, &part->segments, &why);
        if (!part->indexed) sw_say("%s; it is not used", why.message);
    }
    sw_buffer_free(&path);
    return good;
}

static void close_part(struct part *part, bool good)
{
    if (!good) point(&part->select.expression);
    sw_csv_select_free(&part->select);
    sw_segments_free(&part->segments);
    free(part->wanted);
    sw_csv_close(&part->csv);
}

/* ---- records ---- */

static bool start_stream(struct chunk *chunk, const struct part *part, struct sw_error *error)
{
    static const char *const not_of_the_rows[] = {"count", "chunk-size", "rows",
                                                  "exact", "no-index",   NULL};
    struct sw_buffer line = {0};
    if (!sw_schema_copy(&chunk->schema, &part->csv.schema, part->wanted, part->wanted_count, error))
        return false;
    chunk->first_file = part->csv.source.input.name;
    bool good = sw_program_provenance(not_of_the_rows, &line, error) &&
                sw_schema_made_by(&chunk->schema, (const char *)line.bytes, line.length, error) &&
                sw_output_open(&chunk->output, set.output, error) &&
                sw_writer_open(&chunk->writer, &chunk->output, &chunk->schema,
                               (size_t)set.block_rows, error);
    sw_buffer_free(&line);
    return good;
}

static bool gather_rows(struct chunk *chunk, struct part *part, struct sw_error *error)
{
    enum sw_step step;
    while ((step = sw_table_next(&part->table, error)) == SW_ROWS)
        if (!sw_writer_gather(&chunk->writer, part->table.vectors, NULL, part->table.rows, error))
            break;
    return step == SW_END;
}

/* Rows that are stepped over are rejected ones. */
static bool gather_segments(struct chunk *chunk, struct part *part, struct sw_error *error)
{
    struct sw_segment run;
    for (size_t next = 0; sw_segments_run(&part->segments, &next, UINT64_MAX, &run);) {
        if (!sw_csv_stretch(&part->csv, run.offset, run.length, run.line, error)) return false;
        sw_table_resume(&part->table);
        if (!gather_rows(chunk, part, error)) return false;
    }
    chunk->tally.rejected += sw_segments_rows_left_out(&part->segments);
    return true;
}

static bool write_rows(struct chunk *chunk, struct part *part, struct sw_error *error)
{
    struct sw_table_settings settings = {.wanted = part->wanted,
                                         .wanted_count = part->wanted_count,
                                         .batch_rows = chunk->writer.block_rows,
                                         .filter = selective() ? &part->select.filter : NULL,
                                         .bad = set.bad_rows ? &chunk->bad : NULL};
    if (!sw_table_open(&part->table, &part->csv, &settings, error)) return false;
    part->select.table = &part->table;
    bool good =
        part->indexed ? gather_segments(chunk, part, error) : gather_rows(chunk, part, error);
    chunk->tally.rejected += part->table.rejected;
    sw_table_free(&part->table);
    return good;
}

static bool choose_columns(struct chunk *chunk, struct part *part, struct sw_error *error)
{
    if (chunk->first_file)
        return sw_csv_same(&part->csv, &chunk->schema, chunk->first_file, set.columns != NULL,
                           &part->wanted, &part->wanted_count, error);
    return sw_csv_pick(&part->csv, set.columns, &part->wanted, &part->wanted_count, error);
}

static bool read_range(struct part *part, struct sw_error *error)
{
    uint64_t offset, length;
    if (!set.range) return true;
    return sw_parse_range(set.range, &offset, &length, error) &&
           sw_csv_range(&part->csv, offset, length, error);
}

static bool read_file(struct chunk *chunk, const char *path, struct sw_error *error)
{
    struct part part = {0};
    if (!sw_csv_open(&part.csv, path, &chunk->layouts, error)) return false;
    bool good = choose_columns(chunk, &part, error) &&
                (!selective() || (compile(chunk, &part, error) && use_index(&part, error))) &&
                read_range(&part, error) &&
                (chunk->first_file || start_stream(chunk, &part, error)) &&
                write_rows(chunk, &part, error);
    close_part(&part, good);
    return good;
}

static bool read_files(struct chunk *chunk, const struct sw_command_line *line,
                       struct sw_error *error)
{
    if (line->operand_count == 0 && !read_file(chunk, NULL, error)) return false;
    for (size_t i = 0; i < line->operand_count; i++)
        if (!read_file(chunk, line->operands[i], error)) return false;
    return sw_writer_close(&chunk->writer, error) && sw_output_close(&chunk->output, error);
}

static bool with_bad_rows(struct chunk *chunk, const struct sw_command_line *line,
                          struct sw_error *error)
{
    if (!set.bad_rows) return read_files(chunk, line, error);
    if (!sw_bad_open(&chunk->bad, set.bad_rows, error)) return false;
    bool good = read_files(chunk, line, error) && sw_bad_close(&chunk->bad, error);
    if (!good) sw_bad_abandon(&chunk->bad);
    if (good && chunk->bad.count)
        sw_say("%" PRIu64 " bad row%s: see %s", chunk->bad.count, chunk->bad.count == 1 ? "" : "s",
               set.bad_rows);
    return good;
}

static bool write_tally(struct chunk *chunk, struct sw_error *error)
{
    struct sw_tally *tally = &chunk->tally;
    tally->kept = chunk->writer.total_rows;
    tally->bad = chunk->bad.count;
    tally->read = tally->kept + tally->rejected + tally->bad;
    return sw_tally_write(tally, set.tally, error);
}

static bool convert(struct chunk *chunk, const struct sw_command_line *line, struct sw_error *error)
{
    bool good = with_bad_rows(chunk, line, error) && (!set.tally || write_tally(chunk, error));
    if (chunk->first_file) {
        if (!good) sw_output_abandon(&chunk->output);
        sw_writer_free(&chunk->writer);
        sw_schema_free(&chunk->schema);
    }
    return good;
}

/* ---- --plan ---- */

static struct sw_plan plan_settings(void)
{
    const uint64_t default_size = UINT64_C(64) << 20;
    struct sw_plan plan = {.count = (uint64_t)set.count,
                           .size_bytes = set.chunk_size.bytes,
                           .rows = (uint64_t)set.rows,
                           .exact = set.exact};
    if (!plan.count && !plan.size_bytes && !plan.rows) plan.size_bytes = default_size;
    return plan;
}

static bool print_plan(struct part *part, struct sw_error *error)
{
    struct sw_output output;
    struct sw_plan plan = plan_settings();
    if (!sw_output_open(&output, set.output, error)) return false;
    bool good =
        (part->indexed ? sw_plan_write_segments(&plan, &part->segments, &part->csv, &output, error)
                       : sw_plan_write(&plan, &part->csv, &output, error)) &&
        sw_output_close(&output, error);
    if (!good) sw_output_abandon(&output);
    return good;
}

/* What the plan leaves out is read by nobody: it is accounted for here. */
static bool tally_plan(const struct part *part, struct sw_error *error)
{
    uint64_t rows = sw_segments_rows_left_out(&part->segments);
    struct sw_tally tally = {.read = rows, .rejected = rows};
    return sw_tally_write(&tally, set.tally, error);
}

static bool make_plan(struct chunk *chunk, const char *path, struct sw_error *error)
{
    struct part part = {0};
    if (!sw_csv_open(&part.csv, path, &chunk->layouts, error)) return false;
    bool good = (!selective() || (compile(chunk, &part, error) && use_index(&part, error))) &&
                print_plan(&part, error) && (!set.tally || tally_plan(&part, error));
    close_part(&part, good);
    return good;
}

/* ---- --index ---- */

static bool write_index(struct sw_csv *csv, const char *to, struct sw_index_made *made,
                        struct sw_error *error)
{
    struct sw_output output;
    struct sw_buffer line = {0};
    struct sw_index_settings settings = {set.chunk_size.bytes, &line};
    if (!sw_output_open(&output, to, error)) return false;
    bool good = sw_output_refuse_terminal(&output, error) &&
                sw_program_provenance((const char *const[]){"chunk-size", NULL}, &line, error) &&
                sw_csv_index_write(csv, &settings, &output, made, error) &&
                sw_output_close(&output, error);
    if (!good) sw_output_abandon(&output);
    sw_buffer_free(&line);
    return good;
}

static bool make_index(struct chunk *chunk, const char *path, const char *to,
                       struct sw_error *error)
{
    struct sw_csv csv;
    struct sw_index_made made;
    if (!sw_csv_open(&csv, path, &chunk->layouts, error)) return false;
    bool good = write_index(&csv, to, &made, error);
    if (good && made.bad)
        sw_say("%s: %" PRIu64 " bad row%s: with them %" PRIu64 " of %" PRIu64
               " segments will always be read",
               path, made.bad, made.bad == 1 ? "" : "s", made.bad_segments, made.segments);
    sw_csv_close(&csv);
    return good;
}

/* ---- the program ---- */

/* What goes with --plan, with --index and with neither. */
static bool check_mode(const struct sw_command_line *line, struct sw_error *error)
{
    int ways = (set.count > 0) + (set.chunk_size.bytes > 0) + (set.rows > 0);
    if (!set.plan && (set.count || set.rows || set.exact || (set.chunk_size.bytes && !set.index)))
        return sw_fail(error, SW_USAGE, "-n, -b, --rows and --exact are for --plan%s",
                       set.index ? ", -b for --index too" : "");
    if (ways > 1) return sw_fail(error, SW_USAGE, "only one of -n, -b and --rows");
    if (set.plan && (set.range || set.columns || set.bad_rows || set.index))
        return sw_fail(error, SW_USAGE, "--plan takes no -c, --range, --bad-rows or --index");
    if (set.plan && set.rows && selective())
        return sw_fail(error, SW_USAGE, "a plan by --rows takes no selectors");
    if (set.index && (set.range || selective() || set.columns || set.bad_rows || set.tally))
        return sw_fail(error, SW_USAGE,
                       "--index takes no selectors, -c, --range, --bad-rows or --tally");
    if ((set.plan || set.range || set.index) && line->operand_count != 1)
        return sw_fail(error, SW_USAGE, "%s needs one file",
                       set.plan    ? "--plan"
                       : set.index ? "--index"
                                   : "--range");
    return true;
}

/* Outputs that are inputs; an index that is gone by is one. */
static bool check_files(const struct sw_command_line *line, struct sw_error *error)
{
    const char *outputs[] = {set.output, set.bad_rows, set.tally};
    const char *others[SW_SELECTOR_LISTS + 2] = {NULL};
    size_t count = sw_selectors_files(set.selectors, others);
    if (set.schema && strchr(set.schema, '.')) others[count] = set.schema;
    return sw_output_refuse_clash(outputs, 3, line->operands, line->operand_count, others, error);
}

static bool check(const struct sw_command_line *line, struct sw_error *error)
{
    if (set.block_rows > SW_BLOCK_ROWS_MAXIMUM)
        return sw_fail(error, SW_USAGE, "--block-rows: more than %d: '%" PRId64 "'",
                       SW_BLOCK_ROWS_MAXIMUM, set.block_rows);
    return check_mode(line, error) && check_files(line, error);
}

static bool index_file(struct chunk *chunk, const char *path, struct sw_error *error)
{
    struct sw_buffer beside = {0};
    if (set.output) return make_index(chunk, path, set.output, error);
    if (strcmp(path, "-") == 0)
        return sw_fail(error, SW_USAGE, "standard input: an index needs a file");
    bool good = sw_csv_index_path(path, &beside, error) &&
                make_index(chunk, path, (const char *)beside.bytes, error);
    sw_buffer_free(&beside);
    return good;
}

static bool work(struct chunk *chunk, const struct sw_command_line *line, struct sw_error *error)
{
    if (set.index) return index_file(chunk, line->operands[0], error);
    chunk->selectors = set.selectors;
    bool good =
        sw_selectors_load(&chunk->selectors, &chunk->selector_files, error) &&
        (set.plan ? make_plan(chunk, line->operands[0], error) : convert(chunk, line, error));
    sw_selector_files_free(&chunk->selector_files);
    return good;
}

static bool run(const struct sw_command_line *line, struct sw_error *error)
{
    struct chunk chunk = {0};
    if (!check(line, error)) return false;
    const char *share = sw_share_directory(error);
    if (!share || !sw_layouts_open(&chunk.layouts, share, set.schema, error)) return false;
    bool good = work(&chunk, line, error);
    sw_layouts_free(&chunk.layouts);
    return good;
}

static const struct sw_program program = {
    "sw-chunk",
    "CSV to records",
    "[OPTION]… [FILE…]\n"
    "--range OFFSET:LENGTH [OPTION]… FILE\n"
    "--plan [-n COUNT | -b SIZE | --rows N] [--exact] [OPTION]… FILE\n"
    "--index [-b SIZE] [-t SCHEMA] [-o FILE] FILE\n",
    options,
    run,
};

int main(int argc, char **argv)
{
    return sw_main(&program, argc, argv);
}
