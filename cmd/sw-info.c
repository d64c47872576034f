/* SPDX-License-Identifier: ISC
 *
 * sw-info: what a record stream holds. Without an option it is described from its headers and directories; --verify reads,
 * decodes and checks everything; --digest sums the rows up; --blocks lists how each block is stored; --plan divides a file for
 * `sw-filter --range`. In every mode a stream without its end mark is an error. On a terminal columns and blocks are tables.
 */
#include "base/memory.h"
#include "files/output.h"
#include "output/format_name.h"
#include "output/text_table.h"
#include "program/program.h"
#include "stream/describe.h"
#include "record/digest.h"
#include "stream/stream_ranges.h"
#include "stream/verify.h"

static struct {
    bool verify, digest, blocks, plan;
    const char *format, *output;
    int64_t count;
    struct sw_size chunk_size;
} set;

static const struct sw_option options[] = {
    SW_OPTION(0, "verify", NULL, set.verify, "read, decode and check everything"),
    SW_OPTION(0, "digest", NULL, set.digest,
              "print the number of rows and a digest that does not depend on their order"),
    SW_OPTION(0, "blocks", NULL, set.blocks, "list how every column of every block is stored"),
    SW_OPTION(0, "plan", NULL, set.plan,
              "print the byte ranges to cut a file into: index, offset and length"),
    SW_OPTION_WITH("--plan", 'n', "count", "COUNT", set.count, "plan: at most COUNT ranges"),
    SW_OPTION_WITH("--plan", 'b', "chunk-size", "SIZE", set.chunk_size,
                   "plan: ranges of about SIZE bytes, 64M by default"),
    SW_OPTION('f', "format", "FORMAT", set.format,
              "text (the default), json or table (the default on a terminal)"),
    SW_OPTION('o', "output", "FILE", set.output, "write to FILE instead of standard output"),
    SW_OPTIONS_END,
};

/* What is gathered while the stream goes by. */
struct tour {
    struct sw_reader reader;
    struct sw_output output;
    struct sw_buffer text;
    bool as_table;
    struct sw_schema table_schema;
    struct sw_text_table table;
    struct sw_description description;
    struct sw_digest digest;
    struct sw_verifier verifier;
    const struct sw_vector **vectors;
};

static bool is_format(const char *name)
{
    return set.format && strcmp(set.format, name) == 0;
}

static bool check_plan(const struct sw_command_line *line, struct sw_error *error)
{
    if (set.count && set.chunk_size.bytes) return sw_fail(error, SW_USAGE, "only one of -n and -b");
    if (set.plan && set.format) return sw_fail(error, SW_USAGE, "--format: not with --plan");
    if (set.plan && line->operand_count != 1)
        return sw_fail(error, SW_USAGE, "--plan needs one file");
    return true;
}

static bool check_options(const struct sw_command_line *line, struct sw_error *error)
{
    if (set.verify + set.digest + set.blocks + set.plan > 1)
        return sw_fail(error, SW_USAGE,
                       "--verify, --digest, --blocks and --plan do not go together");
    if (set.format && !is_format("text") && !is_format("json") && !is_format("table"))
        return sw_fail(error, SW_USAGE, "--format: not text, json or table: '%s'", set.format);
    if (is_format("json") && (set.verify || set.digest || set.blocks))
        return sw_fail(error, SW_USAGE,
                       "--format json describes; it does not go with another mode");
    if (is_format("table") && (set.verify || set.digest))
        return sw_fail(error, SW_USAGE,
                       "--format table is of columns and blocks; not with --verify or --digest");
    return check_plan(line, error);
}

static bool decode_all(struct tour *tour, struct sw_error *error)
{
    for (size_t i = 0; i < tour->reader.schema.column_count; i++) {
        tour->vectors[i] = sw_reader_vector(&tour->reader, (int)i, error);
        if (!tour->vectors[i]) return false;
    }
    return true;
}

static bool flush(struct tour *tour, struct sw_error *error)
{
    bool good = sw_output_write(&tour->output, tour->text.bytes, tour->text.length, error);
    tour->text.length = 0;
    return good;
}

/* ---- as a table ---- */

static bool open_table(struct tour *tour, struct sw_error *error)
{
    if (!sw_describe_schema(&tour->table_schema, set.blocks, error)) return false;
    sw_text_table_open(&tour->table, &tour->table_schema, &tour->output);
    return true;
}

/* Lines of TSV, into the table. */
static bool take(struct tour *tour, struct sw_error *error)
{
    bool good = sw_text_table_take(&tour->table, tour->text.bytes, tour->text.length, error);
    tour->text.length = 0;
    return good;
}

static bool write_table(struct tour *tour, struct sw_error *error)
{
    const struct sw_reader *reader = &tour->reader;
    if (set.blocks) return sw_text_table_write(&tour->table, &tour->output, error);
    return sw_description_head(&tour->description, reader, &tour->text, error) &&
           sw_description_span(&tour->description, reader, &tour->text, error) &&
           sw_buffer_text(&tour->text, "\n", error) && flush(tour, error) &&
           sw_description_rows(&tour->description, reader, &tour->text, error) &&
           take(tour, error) && sw_text_table_write(&tour->table, &tour->output, error) &&
           sw_description_tail(reader, &tour->text, error);
}

/* ---- going round ---- */

static bool visit_block(struct tour *tour, struct sw_error *error)
{
    if (set.blocks)
        return sw_describe_block(&tour->reader, &tour->text, error) &&
               (tour->as_table ? take : flush)(tour, error);
    sw_description_add(&tour->description, &tour->reader);
    if (!set.verify && !set.digest) return true;
    if (!decode_all(tour, error)) return false;
    if (set.verify) return sw_verifier_block(&tour->verifier, tour->vectors, error);
    return sw_digest_add(&tour->digest, &tour->reader.schema, tour->vectors, tour->reader.rows,
                         error);
}

static bool conclude(struct tour *tour, struct sw_error *error)
{
    const struct sw_reader *reader = &tour->reader;
    if (tour->as_table) return write_table(tour, error);
    if (set.blocks) return true;
    if (set.verify)
        return sw_buffer_format(&tour->text, error, "OK: %llu rows in %llu blocks\n",
                                (unsigned long long)reader->total_rows,
                                (unsigned long long)reader->total_blocks);
    if (set.digest)
        return sw_buffer_format(&tour->text, error, "%llu %016llx\n",
                                (unsigned long long)tour->digest.rows,
                                (unsigned long long)tour->digest.sum);
    if (is_format("json"))
        return sw_description_json(&tour->description, reader, &tour->text, error);
    return sw_description_text(&tour->description, reader, &tour->text, error);
}

static bool go_round(struct tour *tour, struct sw_error *error)
{
    size_t columns = tour->reader.schema.column_count;
    tour->vectors = sw_alloc(columns, sizeof *tour->vectors, error);
    if (!tour->vectors || !sw_description_init(&tour->description, &tour->reader.schema, error))
        return false;
    if (set.verify &&
        !sw_verifier_open(&tour->verifier, &tour->reader, sw_temporary_directory(NULL), error))
        return false;
    if (tour->as_table && !open_table(tour, error)) return false;
    if (set.blocks && !sw_describe_block_header(&tour->text, error)) return false;
    enum sw_step step;
    while ((step = sw_reader_next(&tour->reader, error)) == SW_ROWS)
        if (!visit_block(tour, error)) return false;
    return step == SW_END && conclude(tour, error) && flush(tour, error);
}

static bool print_plan(struct tour *tour, struct sw_error *error)
{
    const uint64_t default_size = UINT64_C(64) << 20;
    struct sw_division division = {(uint64_t)set.count, set.chunk_size.bytes};
    if (!division.count && !division.size_bytes) division.size_bytes = default_size;
    struct sw_ranges ranges = {.output = &tour->output};
    return sw_division_write(&division, &tour->reader, &ranges, error);
}

static bool run(const struct sw_command_line *line, struct sw_error *error)
{
    struct tour tour = {.as_table =
                            !set.verify && !set.digest &&
                            strcmp(sw_format_name(set.format, set.output, "text"), "table") == 0};
    if (!check_options(line, error) ||
        !sw_output_refuse_inputs(set.output, line->operands, line->operand_count, error) ||
        !sw_reader_open(&tour.reader, line->operands, line->operand_count, error))
        return false;
    bool good =
        sw_output_open(&tour.output, set.output, error) &&
        sw_output_end(&tour.output, (set.plan ? print_plan : go_round)(&tour, error), error);
    sw_buffer_free(&tour.text);
    sw_text_table_free(&tour.table);
    sw_schema_free(&tour.table_schema);
    sw_description_free(&tour.description);
    sw_digest_free(&tour.digest);
    sw_verifier_close(&tour.verifier);
    free(tour.vectors);
    sw_reader_close(&tour.reader);
    return good;
}

static const struct sw_program program = {
    "sw-info",
    "describe, verify or digest a record stream",
    "[-f text|json|table] [-o FILE] [FILE…]\n"
    "--blocks [-f text|table] [-o FILE] [FILE…]\n"
    "--verify|--digest [-o FILE] [FILE…]\n"
    "--plan [-n COUNT | -b SIZE] [-o FILE] FILE\n",
    options,
    run,
};

int main(int argc, char **argv)
{
    return sw_main(&program, argc, argv);
}
