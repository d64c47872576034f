/* SPDX-License-Identifier: ISC
 *
 * sw-chunk: CSV (files, a byte range of a file, or standard input; plain or packed) into a record
 * stream. Only the columns that are asked for are read, and so checked; with selectors, mostly only
 * the rows that can be selected. --partial groups them at once, and --csv prints them, where nobody needs the stream itself.
 * --plan prints the byte ranges that a file can be cut into; --index writes down what extents of a file
 * hold, so that those without a selected row are not read; --explain drafts a schema for a file that
 * none fits.
 */
#include <inttypes.h>

#include "base/memory.h"
#include "expr/value.h"
#include "program/program.h"
#include "csv/csv_options.h"
#include "csv/index_write.h"
#include "explain/draft.h"
#include "input/convert_csv.h"
#include "input/plan_csv.h"
#include "input/unseen.h"
#include "expr/selector_files.h"
#include "expr/selector_options.h"
#include "view/view_options.h"

static struct {
    struct sw_selectors selectors;
    const char *schema, *columns, *bad_rows, *range, *tally, *tally_files, *level, *output;
    const char *group, *measures, *reports, *printed, *likely;
    int64_t block_rows, count, rows;
    struct sw_size chunk_size;
    bool plan, exact, index, no_index, explain, apart, partial, csv, no_header, iso_time;
    struct sw_view_settings view;
    struct sw_csv_schema_changes changes;
} set = {.view = {.definer = &sw_value_definer, .say = sw_say_once}};

static const struct sw_option options[] = {
    SW_OPTION('t', "schema", "SCHEMA", set.schema,
              "orders, trades, nbbo or FILE.schema, instead of finding it from the header"),
    SW_OPTION_UNRECORDED(0, "likely", "SCHEMA", set.likely,
                         "try the headers with this one first; the others are read if that fails"),
    SW_CSV_OPTIONS(set.changes),
    SW_OPTION('c', "columns", "COL,…", set.columns, "only these columns, in this order"),
    SW_SELECTOR_OPTIONS(set.selectors),
    SW_OPTION_UNRECORDED(0, "bad-rows", "FILE", set.bad_rows,
                         "write bad rows to FILE and go on, instead of stopping at the first"),
    SW_OPTION_UNRECORDED(0, "block-rows", "N", set.block_rows,
                         "at most N rows in a block, up to 65536"),
    SW_OPTION('z', "level", "LEVEL", set.level,
              "write a stream to be kept, as sw-optimize --index does at this level, 0 to 9"),
    SW_OPTION(
        0, "partial", NULL, set.partial,
        "write partial aggregates instead of the rows, as sw-agg --partial makes them of these"),
    SW_OPTION_WITH("--partial", 'g', "group", "KEY,…", set.group,
                   "partial: a group for each combination of values of these columns"),
    SW_OPTION_WITH("--partial", 'a', "measures", "NAME=MEASURE,…", set.measures,
                   "partial: what to compute for each group, as sw-agg has it"),
    SW_OPTION_WITH("--partial", 0, "reports", "all|NAME,…", set.reports,
                   "partial: these standard reports"),
    SW_OPTION_UNRECORDED(0, "csv", NULL, set.csv,
                         "write CSV instead of records, as sw-cut makes it of these"),
    SW_OPTION_WITH("--csv", 0, "print", "COL,…", set.printed,
                   "csv: only these columns, stored or derived; all are read"),
    SW_OPTION_WITH("--csv", 0, "no-header", NULL, set.no_header, "csv: leave the header line out"),
    SW_OPTION_WITH("--csv", 0, "iso-time", NULL, set.iso_time,
                   "csv: times as ISO 8601 in the time zone, instead of nanoseconds"),
    SW_OPTION_UNRECORDED(0, "range", "OFFSET:LENGTH", set.range,
                         "only the rows whose first byte lies in this range of the file"),
    SW_OPTION_UNRECORDED(0, "plan", NULL, set.plan,
                         "print the byte ranges to cut the file into: index, offset and length"),
    SW_OPTION_WITH("--plan", 'n', "count", "COUNT", set.count, "plan: at most COUNT ranges"),
    SW_OPTION_ROW("--plan --index", true, 'b', "chunk-size", "SIZE", set.chunk_size,
                  "plan: ranges of about SIZE bytes, 64M by default; index: its segments, 4M"),
    SW_OPTION_WITH("--plan", 0, "rows", "N", set.rows,
                   "plan: ranges of N rows; reads the whole file"),
    SW_OPTION_WITH("--plan", 0, "exact", NULL, set.exact,
                   "plan: read the whole file, to cut right where quotes hide newlines"),
    SW_OPTION(0, "index", NULL, set.index,
              "write an index of FILE, to FILE.index or where -o says, instead of records"),
    SW_OPTION(0, "explain", NULL, set.explain,
              "look at the beginning of FILE and print a schema to start from, with the evidence"),
    SW_OPTION_UNRECORDED(
        0, "apart", NULL, set.apart,
        "write the rows of each file as a stream of its own, one behind the other"),
    SW_OPTION_UNRECORDED(0, "no-index", NULL, set.no_index, "do not go by FILE.index"),
    SW_SELECTOR_VIEW_OPTIONS(set.view),
    SW_OPTION_UNRECORDED(
        0, "tally", "FILE", set.tally,
        "write the numbers of rows read, kept, rejected and bad, and of lines in all, of the "
        "header, empty and ignored, to FILE, tab-separated"),
    SW_OPTION_UNRECORDED(0, "tally-files", "FILE", set.tally_files,
                         "write the same of each file that is read, a line each, in their order"),
    SW_OPTION_UNRECORDED('o', "output", "FILE", set.output,
                         "write to FILE instead of standard output"),
    SW_OPTIONS_END,
};

enum { OUTPUTS = 4 };

/* What all ways of working need. */
struct chunk {
    const char *share;
    struct sw_csv_schemas csv_schemas;
    struct sw_selectors selectors; /* without @FILE */
    const char *outputs[OUTPUTS];
};

static bool selective(void)
{
    return sw_selectors_given(&set.selectors);
}

static const struct sw_selectors *selectors_of(const struct chunk *chunk)
{
    return selective() ? &chunk->selectors : NULL;
}

/* ---- records ---- */

/* Where nothing was selected. Who has the rows counted, or reads a range, knows more than this run. */
static void say_unseen(const struct chunk *chunk, const struct sw_tally *tally,
                       const struct sw_command_line *line)
{
    if (!selective() || tally->kept || !tally->read || set.tally || set.range) return;
    const struct sw_unseen_settings settings = {.csv_schemas = &chunk->csv_schemas,
                                                .selectors = &chunk->selectors,
                                                .view = set.view,
                                                .share_directory = chunk->share,
                                                .say = sw_say};
    sw_say_to_eyes("0 of %" PRIu64 " rows selected", tally->read);
    if (line->operand_count) sw_unseen_say(&settings, line->operands, line->operand_count);
}

/* What is made of the rows where they are not written. */
static struct sw_request requested(const struct chunk *chunk)
{
    return (struct sw_request){.keys = set.group,
                               .measures = set.measures,
                               .reports = set.reports,
                               .settings = set.view,
                               .share_directory = chunk->share};
}

static bool convert(const struct chunk *chunk, const struct sw_command_line *line,
                    struct sw_error *error)
{
    const struct sw_request request = requested(chunk);
    const struct sw_row_text_settings text = {set.printed, set.no_header, set.iso_time, set.view};
    struct sw_buffer made_by = {0};
    struct sw_conversion conversion = {
        .settings = {.csv_schemas = &chunk->csv_schemas,
                     .columns = set.columns,
                     .selectors = selectors_of(chunk),
                     .view = set.view,
                     .share_directory = chunk->share,
                     .range = set.range,
                     .no_index = set.no_index,
                     .target = {(size_t)set.block_rows, set.level != NULL, 0,
                                set.partial ? &request : NULL, set.csv ? &text : NULL},
                     .apart = set.apart,
                     .output = set.output,
                     .outputs = chunk->outputs,
                     .output_count = OUTPUTS,
                     .made_by = &made_by,
                     .bad_rows = set.bad_rows,
                     .say = sw_say}};
    const size_t count = line->operand_count;
    if (set.tally_files) conversion.of_files = sw_alloc(count, sizeof(struct sw_tally), error);
    bool good = (!set.tally_files || conversion.of_files) &&
                (!set.level || sw_level_of(set.level, &conversion.settings.target.level, error)) &&
                sw_program_provenance(&made_by, error) &&
                sw_conversion_run(&conversion, line->operands, count, error);
    if (conversion.pointed) sw_say_place(conversion.caret.text, conversion.caret.mark);
    if (good) sw_conversion_say(&conversion);
    if (good) say_unseen(chunk, &conversion.tally, line);
    sw_buffer_free(&made_by);
    good = good && (!set.tally || sw_tally_write(&conversion.tally, set.tally, error)) &&
           (!set.tally_files ||
            sw_tally_write_files(conversion.of_files, count, set.tally_files, error));
    free(conversion.of_files);
    return good;
}

/* ---- --plan ---- */

static struct sw_plan how_to_cut(void)
{
    const uint64_t default_size = UINT64_C(64) << 20;
    struct sw_plan plan = {.count = (uint64_t)set.count,
                           .size_bytes = set.chunk_size.bytes,
                           .rows = (uint64_t)set.rows,
                           .exact = set.exact};
    if (!plan.count && !plan.size_bytes && !plan.rows) plan.size_bytes = default_size;
    return plan;
}

static bool make_plan(const struct chunk *chunk, const char *path, struct sw_error *error)
{
    struct sw_csv_plan plan = {.settings = {.how = how_to_cut(),
                                            .selectors = selectors_of(chunk),
                                            .view = set.view,
                                            .share_directory = chunk->share,
                                            .no_index = set.no_index,
                                            .outputs = chunk->outputs,
                                            .output_count = OUTPUTS}};
    bool good = sw_csv_plan_file(&plan, path, &chunk->csv_schemas, set.output, set.tally, error);
    if (plan.pointed) sw_say_place(plan.caret.text, plan.caret.mark);
    if (plan.unused.status != SW_DONE) sw_say("%s; it is not used", plan.unused.message);
    return good;
}

/* ---- --index ---- */

static bool make_index(const struct chunk *chunk, const char *path, struct sw_error *error)
{
    struct sw_buffer made_by = {0};
    struct sw_index_settings settings = {set.chunk_size.bytes, &made_by};
    struct sw_index_made made = {0};
    bool good = sw_program_provenance(&made_by, error) &&
                sw_csv_index_write(path, &chunk->csv_schemas, &settings, set.output, &made, error);
    sw_buffer_free(&made_by);
    if (made.bad && good)
        sw_say("%s: %" PRIu64 " bad row%s: with them %" PRIu64 " of %" PRIu64
               " segments will always be read",
               path, made.bad, made.bad == 1 ? "" : "s", made.bad_segments, made.segments);
    return good;
}

/* ---- the program ---- */

/* Whether an option was given that goes neither with --plan nor with --index. */
static bool keeps_rows(void)
{
    return sw_options_has(options,
                          (const char *const[]){"columns", "range", "bad-rows", "level", NULL});
}

static bool check_plan(struct sw_error *error)
{
    int ways = (set.count > 0) + (set.chunk_size.bytes > 0) + (set.rows > 0);
    if (ways > 1) return sw_fail(error, SW_USAGE, "only one of -n, -b and --rows");
    if (set.plan && (keeps_rows() || set.index))
        return sw_fail(error, SW_USAGE, "--plan takes no -c, --range, --bad-rows, -z or --index");
    return !(set.plan && set.rows && selective()) ||
           sw_fail(error, SW_USAGE, "a plan by --rows takes no selectors");
}

/* What goes with --plan, with --index and with neither. */
static bool check_mode(const struct sw_command_line *line, struct sw_error *error)
{
    const char *one = set.plan ? "--plan" : set.index ? "--index" : set.range ? "--range" : NULL;
    bool converts_files = !set.plan && !set.index && line->operand_count > 0;
    if (!check_plan(error)) return false;
    if (set.apart && !converts_files)
        return sw_fail(error, SW_USAGE, "--apart needs files to read, no --plan or --index");
    if (set.partial && (set.plan || set.index || set.level || set.block_rows || set.apart))
        return sw_fail(error, SW_USAGE,
                       "--partial takes no --plan, --index, -z, --block-rows or --apart");
    if (set.csv && (set.plan || set.index || set.level || set.apart || set.partial))
        return sw_fail(error, SW_USAGE, "--csv takes no --plan, --index, -z, --apart or --partial");
    if (set.tally_files && !converts_files)
        return sw_fail(error, SW_USAGE, "--tally-files needs files to read, no --plan or --index");
    if (set.index && (keeps_rows() || selective() || set.tally))
        return sw_fail(error, SW_USAGE,
                       "--index takes no selectors, -c, --range, --bad-rows, -z or --tally");
    return !one || line->operand_count == 1 || sw_fail(error, SW_USAGE, "%s needs one file", one);
}

/* --explain looks at a file as it is. */
static bool check_explain(const struct sw_command_line *line, struct sw_error *error)
{
    static const char *const takes[] = {"explain", "separator", "name", "output", NULL};
    if (!set.explain) return true;
    if (sw_options_has_others(options, takes))
        return sw_fail(error, SW_USAGE, "--explain takes --separator, --name and -o, nothing else");
    return line->operand_count <= 1 || sw_fail(error, SW_USAGE, "--explain takes one file");
}

static bool check_files(const struct chunk *chunk, const struct sw_command_line *line,
                        struct sw_error *error)
{
    const char *others[SW_SELECTOR_LISTS + 2] = {NULL};
    size_t count = sw_selectors_files(set.selectors, others);
    if (sw_csv_schemas_choice_is_file(set.schema)) others[count] = set.schema;
    return sw_output_refuse_clash(chunk->outputs, OUTPUTS, line->operands, line->operand_count,
                                  others, error);
}

static bool check(const struct chunk *chunk, const struct sw_command_line *line,
                  struct sw_error *error)
{
    if (!sw_block_rows_check(set.block_rows, error)) return false;
    return check_mode(line, error) && check_explain(line, error) && check_files(chunk, line, error);
}

static bool work(struct chunk *chunk, const struct sw_command_line *line, struct sw_error *error)
{
    struct sw_selector_files files = {0};
    if (set.explain)
        return sw_draft_file(line->operand_count ? line->operands[0] : NULL, &chunk->csv_schemas,
                             set.output, error);
    if (set.index) return make_index(chunk, line->operands[0], error);
    bool good =
        sw_selectors_load(&chunk->selectors, &files, error) &&
        (set.plan ? make_plan(chunk, line->operands[0], error) : convert(chunk, line, error));
    sw_selector_files_free(&files);
    return good;
}

/* --explain compares a file with all of them. */
static bool open_schemas(struct chunk *chunk, struct sw_error *error)
{
    return set.likely && !set.schema && !set.explain
               ? sw_csv_schemas_open_likely(&chunk->csv_schemas, chunk->share, set.likely,
                                            &set.changes, error)
               : sw_csv_schemas_open(&chunk->csv_schemas, chunk->share, set.schema, &set.changes,
                                     error);
}

static bool run(const struct sw_command_line *line, struct sw_error *error)
{
    struct chunk chunk = {.selectors = set.selectors,
                          .outputs = {set.output, set.bad_rows, set.tally, set.tally_files}};
    if (!check(&chunk, line, error)) return false;
    chunk.share = sw_share_directory(error);
    if (!chunk.share || !open_schemas(&chunk, error)) return false;
    bool good = work(&chunk, line, error);
    sw_csv_schemas_free(&chunk.csv_schemas);
    return good;
}

static const struct sw_program program = {
    "sw-chunk",
    "CSV to records",
    "[OPTION]… [FILE…]\n"
    "--partial [-g KEY,…] [-a NAME=MEASURE,…] [--reports all|NAME,…] [OPTION]… [FILE…]\n"
    "--csv [--print COL,…] [--no-header] [--iso-time] [OPTION]… [FILE…]\n"
    "--range OFFSET:LENGTH [OPTION]… FILE\n"
    "--plan [-n COUNT | -b SIZE | --rows N] [--exact] [OPTION]… FILE\n"
    "--index [-b SIZE] [-t SCHEMA] [-o FILE] FILE\n"
    "--explain [--separator SEPARATOR] [-o FILE] [FILE]\n",
    options,
    run,
};

int main(int argc, char **argv)
{
    return sw_main(&program, argc, argv);
}
