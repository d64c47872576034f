/* SPDX-License-Identifier: ISC
 *
 * sw-optimize: rewrites a record stream smaller for keeping: full blocks, columns compressed with zlib where that pays. Schema,
 * order and values stay exactly as they are.
 */
#include <stdio.h>

#include "base/memory.h"
#include "base/program.h"
#include "record/reader.h"
#include "record/writer.h"

enum { LEVEL_DEFAULT = 6 };

static struct {
    const char *level, *output;
    bool stats;
} set;

static const struct sw_option options[] = {
    SW_OPTION('z', "level", "LEVEL", set.level,
              "compression level, 0 (none) to 9 (smallest), 6 by default"),
    SW_OPTION(0, "stats", NULL, set.stats,
              "say on standard error what each column took before and takes now"),
    SW_OPTION('o', "output", "FILE", set.output, "write to FILE instead of standard output"),
    SW_OPTIONS_END,
};

struct rewriting {
    struct sw_reader reader;
    struct sw_schema schema;
    struct sw_output output;
    struct sw_writer writer;
    const struct sw_vector **vectors;
    uint64_t *bytes_before; /* per column */
};

static bool level_of(int *level, struct sw_error *error)
{
    *level = LEVEL_DEFAULT;
    if (!set.level) return true;
    if (set.level[0] < '0' || set.level[0] > '9' || set.level[1])
        return sw_fail(error, SW_USAGE, "--level: not 0 to 9: '%s'", set.level);
    *level = set.level[0] - '0';
    return true;
}

static void print_line(const char *name, uint64_t before, uint64_t after, uint64_t plain)
{
    uint64_t tenths = plain ? (1000 * (plain - (after < plain ? after : plain)) + plain / 2) / plain
                            : 0;
    fprintf(stderr, "%-26s %14llu %14llu %14llu %5llu.%llu%%\n", name, (unsigned long long)before,
            (unsigned long long)after, (unsigned long long)plain,
            (unsigned long long)(tenths / 10), (unsigned long long)(tenths % 10));
}

/* "plain" is what eight bytes a value would take, as in most tools' memory. */
static void print_stats(const struct rewriting *work)
{
    uint64_t before = 0, after = 0, plain = work->reader.total_rows * 8;
    size_t columns = work->schema.column_count;
    fprintf(stderr, "%-26s %14s %14s %14s %7s\n", "column", "bytes before", "bytes now",
            "8-byte column", "saved");
    for (size_t i = 0; i < columns; i++) {
        print_line(work->schema.columns[i].name, work->bytes_before[i],
                   work->writer.column_bytes[i], plain);
        before += work->bytes_before[i];
        after += work->writer.column_bytes[i];
    }
    print_line("all", before, after, plain * columns);
}

static bool copy_block(struct rewriting *work, struct sw_error *error)
{
    for (size_t i = 0; i < work->schema.column_count; i++) {
        work->vectors[i] = sw_reader_vector(&work->reader, (int)i, error);
        if (!work->vectors[i]) return false;
        work->bytes_before[i] += work->reader.columns[i].entry.stored_length;
    }
    return sw_writer_gather(&work->writer, work->vectors, NULL, work->reader.rows, error);
}

static bool copy_all(struct rewriting *work, struct sw_error *error)
{
    enum sw_step step;
    while ((step = sw_reader_next(&work->reader, error)) == SW_ROWS)
        if (!copy_block(work, error)) return false;
    return step == SW_END && sw_writer_close(&work->writer, error) &&
           sw_output_close(&work->output, error);
}

static bool prepare(struct rewriting *work, struct sw_error *error)
{
    struct sw_buffer line = {0};
    bool good = sw_schema_copy(&work->schema, &work->reader.schema, NULL, 0, error) &&
                sw_program_provenance(NULL, &line, error) &&
                sw_schema_made_by(&work->schema, (const char *)line.bytes, line.length, error);
    sw_buffer_free(&line);
    if (!good) return false;
    work->vectors = sw_alloc(work->schema.column_count, sizeof *work->vectors, error);
    work->bytes_before = sw_alloc(work->schema.column_count, sizeof *work->bytes_before, error);
    return work->vectors && work->bytes_before;
}

static bool rewrite(struct rewriting *work, int level, struct sw_error *error)
{
    if (!prepare(work, error) || !sw_output_open(&work->output, set.output, error)) return false;
    bool good = sw_output_refuse_terminal(&work->output, error) &&
                sw_writer_prepare(&work->writer, &work->output, &work->schema,
                                  SW_BLOCK_ROWS_MAXIMUM, error);
    work->writer.encoder.small = true;
    work->writer.encoder.level = level;
    good = good && sw_writer_begin(&work->writer, error) && copy_all(work, error);
    if (!good) sw_output_abandon(&work->output);
    else if (set.stats) print_stats(work);
    return good;
}

static bool run(const struct sw_command_line *line, struct sw_error *error)
{
    struct rewriting work = {0};
    int level;
    if (!level_of(&level, error) ||
        !sw_output_refuse_inputs(set.output, line->operands, line->operand_count, error) ||
        !sw_reader_open(&work.reader, line->operands, line->operand_count, error))
        return false;
    bool good = rewrite(&work, level, error);
    sw_writer_free(&work.writer);
    sw_schema_free(&work.schema);
    free(work.vectors);
    free(work.bytes_before);
    sw_reader_close(&work.reader);
    return good;
}

static const struct sw_program program = {
    "sw-optimize", "rewrite a record stream smaller", "[-z LEVEL] [--stats] [-o FILE] [FILE…]\n",
    options,       run,
};

int main(int argc, char **argv)
{
    return sw_main(&program, argc, argv);
}
