/* SPDX-License-Identifier: ISC
 *
 * sw-optimize: rewrites a record stream smaller for keeping: full blocks, each column of a block in
 * the encoding that takes the fewest bytes, compressed with zlib where that pays. Schema, order and
 * values stay exactly as they are.
 */
#include <stdio.h>

#include "base/memory.h"
#include "program/program.h"
#include "base/shown.h"
#include "program/tally.h"
#include "output/csv_length.h"
#include "stream/reader.h"
#include "stream/writer.h"

enum { LEVEL_DEFAULT = 1 };

static struct {
    const char *level, *tally, *output;
    bool stats, index;
} set;

static const struct sw_option options[] = {
    SW_OPTION(
        'z', "level", "LEVEL", set.level,
        "compress with zlib: 0 nothing, 1 texts (the default), 2 to 9 (smallest) numbers too"),
    SW_OPTION(0, "stats", NULL, set.stats,
              "say on standard error what each column takes, and what is saved"),
    SW_OPTION(0, "index", NULL, set.index, "put an index of the blocks at the end"),
    SW_OPTION_UNRECORDED(
        0, "tally", "FILE", set.tally,
        "write the numbers of rows read, kept, rejected and bad to FILE, tab-separated"),
    SW_OPTION_UNRECORDED('o', "output", "FILE", set.output,
                         "write to FILE instead of standard output"),
    SW_OPTIONS_END,
};

struct rewriting {
    struct sw_reader reader;
    struct sw_schema schema;
    struct sw_output output;
    struct sw_writer writer;
    const struct sw_vector **vectors;
    uint64_t *bytes_before, *csv_bytes; /* per column; csv_bytes only for --stats */
};

static bool level_of(int *level, struct sw_error *error)
{
    *level = LEVEL_DEFAULT;
    return !set.level || sw_level_of(set.level, level, error);
}

/* What a column, or all of them, took and takes: as CSV, eight bytes a value, in the input, now. */
struct footprint {
    uint64_t csv, plain, before, now;
};

/* In tenths of a percent; below 0 where it takes more. */
static long long saved_tenths(uint64_t from, uint64_t now)
{
    sw_int128 difference = (sw_int128)from - now;
    return from ? (long long)(1000 * difference / (sw_int128)from) : 0;
}

static void print_saved(uint64_t from, uint64_t now)
{
    long long tenths = saved_tenths(from, now), size = tenths < 0 ? -tenths : tenths;
    char text[32];
    snprintf(text, sizeof text, "%s%lld.%lld%%", tenths < 0 ? "-" : "", size / 10, size % 10);
    fprintf(stderr, " %9s", text);
}

static void print_line(const char *name, const struct footprint *took)
{
    char shown[256];
    sw_shown(shown, sizeof shown, name, strlen(name));
    fprintf(stderr, "%-26s %14llu %14llu %14llu %14llu", shown, (unsigned long long)took->csv,
            (unsigned long long)took->plain, (unsigned long long)took->before,
            (unsigned long long)took->now);
    print_saved(took->csv, took->now);
    print_saved(took->plain, took->now);
    fputc('\n', stderr);
}

static void print_stats(const struct rewriting *work)
{
    struct footprint all = {0};
    fprintf(stderr, "%-26s %14s %14s %14s %14s %9s %9s\n", "column", "CSV", "8 bytes each",
            "bytes before", "bytes now", "of CSV", "of 8");
    for (size_t i = 0; i < work->schema.column_count; i++) {
        struct footprint took = {work->csv_bytes[i], work->reader.total_rows * 8,
                                 work->bytes_before[i], work->writer.column_bytes[i]};
        print_line(work->schema.columns[i].name, &took);
        all.csv += took.csv;
        all.plain += took.plain;
        all.before += took.before;
        all.now += took.now;
    }
    print_line("all", &all);
}

static bool copy_block(struct rewriting *work, struct sw_error *error)
{
    for (size_t i = 0; i < work->schema.column_count; i++) {
        work->vectors[i] = sw_reader_vector(&work->reader, (int)i, error);
        if (!work->vectors[i]) return false;
        work->bytes_before[i] += work->reader.columns[i].entry.stored_length;
        if (set.stats) work->csv_bytes[i] += sw_csv_length(work->vectors[i]);
    }
    return sw_writer_follow(&work->writer, work->reader.streams, error) &&
           sw_writer_gather(&work->writer, work->vectors, NULL, work->reader.rows, error);
}

static bool copy_all(struct rewriting *work, struct sw_error *error)
{
    enum sw_step step;
    while ((step = sw_reader_next(&work->reader, error)) == SW_ROWS)
        if (!copy_block(work, error)) return false;
    if (step != SW_END) return false;
    struct sw_tally tally = {.read = work->reader.total_rows,
                             .kept = sw_writer_rows(&work->writer)};
    return sw_tally_check(&tally, work->reader.first_name, error) &&
           sw_writer_close(&work->writer, error) && sw_output_close(&work->output, error) &&
           (!set.tally || sw_tally_write(&tally, set.tally, error));
}

static bool prepare(struct rewriting *work, struct sw_error *error)
{
    struct sw_buffer line = {0};
    bool good = sw_schema_copy(&work->schema, &work->reader.schema, NULL, 0, error) &&
                sw_program_provenance(&line, error) &&
                sw_schema_made_by(&work->schema, (const char *)line.bytes, line.length, error);
    sw_buffer_free(&line);
    if (!good) return false;
    work->vectors = sw_alloc(work->schema.column_count, sizeof *work->vectors, error);
    work->bytes_before = sw_alloc(work->schema.column_count, sizeof *work->bytes_before, error);
    work->csv_bytes = sw_alloc(work->schema.column_count, sizeof *work->csv_bytes, error);
    return work->vectors && work->bytes_before && work->csv_bytes;
}

static bool rewrite(struct rewriting *work, int level, struct sw_error *error)
{
    if (!prepare(work, error) || !sw_output_open(&work->output, set.output, error)) return false;
    bool good = sw_output_refuse_terminal(&work->output, error) &&
                sw_writer_prepare(&work->writer, &work->output, &work->schema,
                                  SW_BLOCK_ROWS_MAXIMUM, error);
    work->writer.encoder.small = true;
    work->writer.encoder.level = level;
    work->writer.index = set.index;
    good = good && sw_writer_begin(&work->writer, error) && copy_all(work, error);
    if (!good)
        sw_output_abandon(&work->output);
    else if (set.stats)
        print_stats(work);
    return good;
}

static bool run(const struct sw_command_line *line, struct sw_error *error)
{
    struct rewriting work = {0};
    int level;
    if (!level_of(&level, error) ||
        !sw_output_refuse_clash((const char *const[]){set.output, set.tally}, 2, line->operands,
                                line->operand_count, NULL, error) ||
        !sw_reader_open(&work.reader, line->operands, line->operand_count, error))
        return false;
    bool good = rewrite(&work, level, error);
    sw_writer_free(&work.writer);
    sw_schema_free(&work.schema);
    free(work.vectors);
    free(work.bytes_before);
    free(work.csv_bytes);
    sw_reader_close(&work.reader);
    return good;
}

static const struct sw_program program = {
    "sw-optimize",
    "rewrite a record stream smaller",
    "[-z LEVEL] [--stats] [--index] [-o FILE] [FILE…]\n",
    options,
    run,
};

int main(int argc, char **argv)
{
    return sw_main(&program, argc, argv);
}
