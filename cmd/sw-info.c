/* SPDX-License-Identifier: ISC
 *
 * sw-info: what a record stream holds. Without an option it is described from its headers and directories; --verify reads,
 * decodes and checks everything; --digest sums the rows up; --blocks lists how each block is stored; --plan divides a file for
 * `sw-filter --range`. In every mode a stream without its end mark is an error.
 */
#include "base/memory.h"
#include "files/output.h"
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
    SW_OPTION('n', "count", "COUNT", set.count, "plan: at most COUNT ranges"),
    SW_OPTION('b', "chunk-size", "SIZE", set.chunk_size,
              "plan: ranges of about SIZE bytes, 64M by default"),
    SW_OPTION('f', "format", "FORMAT", set.format, "text (the default) or json"),
    SW_OPTION('o', "output", "FILE", set.output, "write to FILE instead of standard output"),
    SW_OPTIONS_END,
};

/* What is gathered while the stream goes by. */
struct tour {
    struct sw_reader reader;
    struct sw_output output;
    struct sw_buffer text;
    struct sw_description description;
    struct sw_digest digest;
    struct sw_verifier verifier;
    const struct sw_vector **vectors;
};

static bool check_plan(const struct sw_command_line *line, struct sw_error *error)
{
    if (!set.plan && (set.count || set.chunk_size.bytes))
        return sw_fail(error, SW_USAGE, "-n and -b are for --plan");
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
    if (set.format && strcmp(set.format, "text") != 0 && strcmp(set.format, "json") != 0)
        return sw_fail(error, SW_USAGE, "--format: not text or json: '%s'", set.format);
    if (set.format && strcmp(set.format, "json") == 0 && (set.verify || set.digest || set.blocks))
        return sw_fail(error, SW_USAGE,
                       "--format json describes; it does not go with another mode");
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

static bool visit_block(struct tour *tour, struct sw_error *error)
{
    if (set.blocks)
        return sw_describe_block(&tour->reader, &tour->text, error) && flush(tour, error);
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
    if (set.blocks) return true;
    if (set.verify)
        return sw_buffer_format(&tour->text, error, "OK: %llu rows in %llu blocks\n",
                                (unsigned long long)reader->total_rows,
                                (unsigned long long)reader->total_blocks);
    if (set.digest)
        return sw_buffer_format(&tour->text, error, "%llu %016llx\n",
                                (unsigned long long)tour->digest.rows,
                                (unsigned long long)tour->digest.sum);
    if (set.format && strcmp(set.format, "json") == 0)
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
    struct tour tour = {0};
    if (!check_options(line, error) ||
        !sw_output_refuse_inputs(set.output, line->operands, line->operand_count, error) ||
        !sw_reader_open(&tour.reader, line->operands, line->operand_count, error))
        return false;
    bool good =
        sw_output_open(&tour.output, set.output, error) &&
        sw_output_end(&tour.output, (set.plan ? print_plan : go_round)(&tour, error), error);
    sw_buffer_free(&tour.text);
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
    "[-f text|json] [-o FILE] [FILE…]\n"
    "--verify|--digest|--blocks [-o FILE] [FILE…]\n"
    "--plan [-n COUNT | -b SIZE] [-o FILE] FILE\n",
    options,
    run,
};

int main(int argc, char **argv)
{
    return sw_main(&program, argc, argv);
}
