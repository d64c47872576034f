/* SPDX-License-Identifier: ISC */
#include "input/probe.h"

#include "output/quote_text.h"
#include "input/any_table.h"
#include "input/plan_csv.h"
#include "stream/stream_ranges.h"

/* How much of an input a chunk should have: more than is read while a program starts, and for every
 * worker at least a round of them. Records take about an eighth of the bytes that CSV does, gzip a fourth at most. */
static const struct measure {
    uint64_t least_bytes, round_bytes, share; /* share: of the most that a chunk of CSV may have */
} measures[] = {
    [SW_PROBE_CSV] = {8 << 20, 256 << 20, 1},    [SW_PROBE_GZIP] = {2 << 20, 64 << 20, 4},
    [SW_PROBE_ZSTD] = {2 << 20, 64 << 20, 4},    /* it is one chunk in any case */
    [SW_PROBE_PARQUET] = {1 << 20, 32 << 20, 8}, /* of whole row groups */
    [SW_PROBE_STREAM] = {1 << 20, 32 << 20, 8},
};

/* Of large inputs every worker has several, lest the others wait long for the last one to end. Of so many files for each worker, a file is
 * not cut for the sake of the workers: they all have one. */
enum { ROUNDS = 4, FILES_FOR_ALL = 4 };

static bool recognize(struct sw_probe *probe, struct sw_input *input, struct sw_error *error)
{
    bool records = false;
    bool good = input->seekable ? sw_begins_as_records(input, &records, error)
                                : sw_fail(error, SW_USAGE, "%s: not a regular file", probe->path);
    if (records) probe->kind = SW_PROBE_STREAM;
    probe->size_bytes = input->size;
    return good;
}

static bool open_csv(struct sw_probe *probe, const struct sw_input *input, struct sw_error *error)
{
    if (!sw_csv_open_input(&probe->csv, input, probe->path, probe->settings->csv_schemas, error))
        return false;
    probe->schema = &probe->csv.schema;
    if (probe->csv.source.packing == SW_PACKED_GZIP) probe->kind = SW_PROBE_GZIP;
    if (probe->csv.source.packing == SW_PACKED_ZSTD) probe->kind = SW_PROBE_ZSTD;
    if (probe->csv.source.parquet) probe->kind = SW_PROBE_PARQUET;
    return true;
}

static bool open_data(struct sw_probe *probe, struct sw_error *error)
{
    struct sw_input input;
    if (!sw_input_open(&input, probe->path, error)) return false;
    bool good = recognize(probe, &input, error);
    if (good && probe->kind != SW_PROBE_STREAM) return open_csv(probe, &input, error);
    sw_input_close(&input);
    if (!good || !sw_reader_open(&probe->reader, &probe->path, 1, error)) return false;
    probe->schema = &probe->reader.schema;
    return true;
}

/* An expression has its place in itself; other names are wrong for this file. */
static bool check_selectors(struct sw_probe *probe, struct sw_error *error)
{
    const struct sw_probe_settings *settings = probe->settings;
    struct sw_expression expression = {0};
    bool good = sw_selectors_compile(&expression, &probe->view, &settings->selectors,
                                     settings->share_directory, error);
    if (!good) probe->pointed = sw_expression_point(&expression, &probe->caret);
    sw_expression_free(&expression);
    return good;
}

bool sw_probe_open(struct sw_probe *probe, const char *path,
                   const struct sw_probe_settings *settings, struct sw_error *error)
{
    *probe = (struct sw_probe){.path = path, .settings = settings};
    if (!open_data(probe, error)) return false;
    struct sw_supplier names = {.schema = probe->schema};
    return sw_view_open(&probe->view, names, &settings->view, error) &&
           (!settings->local_time || sw_view_local_time(&probe->view, error)) &&
           check_selectors(probe, error) &&
           sw_columns_open(&probe->columns, &probe->view, settings->columns, error);
}

bool sw_probe_header(const struct sw_probe *probe, struct sw_buffer *out, struct sw_error *error)
{
    const struct sw_schema *schema = &probe->columns.schema;
    for (size_t i = 0; i < schema->column_count; i++) {
        const char *name = schema->columns[i].name;
        if ((i > 0 && !sw_buffer_add(out, ",", 1, error)) ||
            !sw_render_csv(out, name, strlen(name), error))
            return false;
    }
    return true;
}

/* All of a size, and as many for each worker that has a part in the file, unless they would be very small or very large. */
static uint64_t chunk_bytes(const struct sw_probe *probe, const struct sw_probe_division *division)
{
    const struct measure *measure = &measures[probe->kind];
    const uint64_t most = division->most_bytes / measure->share;
    if (division->size_bytes) return division->size_bytes;
    bool for_all = division->files / FILES_FOR_ALL >= division->workers;
    const uint64_t workers = for_all ? 1 : division->workers;
    const uint64_t most_rounds = ROUNDS * division->workers / workers;
    uint64_t rounds = probe->size_bytes / workers / measure->round_bytes;
    rounds = rounds < 1 ? 1 : rounds > most_rounds ? most_rounds : rounds;
    uint64_t chunk = probe->size_bytes / (workers * rounds) + 1;
    if (chunk < measure->least_bytes) return measure->least_bytes;
    return most > 0 && chunk > most ? most : chunk;
}

static bool plan_stream(struct sw_probe *probe, const struct sw_probe_division *division,
                        struct sw_ranges *ranges, struct sw_probe_rows *rows,
                        struct sw_error *error)
{
    struct sw_division how = {.size_bytes = chunk_bytes(probe, division)};
    rows->offset = probe->reader.input.position;
    if (!sw_division_write(&how, &probe->reader, ranges, error)) return false;
    rows->known = true;
    rows->count = probe->reader.marked_rows;
    return true;
}

static bool plan_csv(struct sw_probe *probe, const struct sw_probe_division *division,
                     struct sw_ranges *ranges, struct sw_probe_rows *rows, struct sw_error *error)
{
    const struct sw_probe_settings *settings = probe->settings;
    struct sw_csv_plan plan = {
        .settings = {.how = {.size_bytes = chunk_bytes(probe, division), .exact = division->exact},
                     .selectors = settings->selective ? &settings->selectors : NULL,
                     .view = settings->view,
                     .share_directory = settings->share_directory}};
    uint64_t data = probe->csv.data_offset, size = probe->size_bytes;
    bool good = sw_csv_plan_write(&plan, &probe->csv, ranges, error);
    probe->unused = plan.unused;
    if (probe->kind == SW_PROBE_CSV)
        rows->offset = data < size ? data : size; /* the header may lack its newline */
    rows->known = plan.rows_known;
    rows->count = plan.rows;
    rows->left_out = plan.rows_left_out;
    rows->lines_left_out = plan.lines_left_out;
    return good;
}

bool sw_probe_plan(struct sw_probe *probe, const struct sw_probe_division *division,
                   struct sw_ranges *ranges, struct sw_probe_rows *rows, struct sw_error *error)
{
    *rows = (struct sw_probe_rows){0};
    return probe->kind == SW_PROBE_STREAM ? plan_stream(probe, division, ranges, rows, error)
                                          : plan_csv(probe, division, ranges, rows, error);
}

const char *sw_probe_csv_schema(const struct sw_probe *probe)
{
    return probe->kind == SW_PROBE_STREAM ? NULL : probe->csv.csv_schema->name;
}

void sw_probe_close(struct sw_probe *probe)
{
    sw_columns_free(&probe->columns);
    sw_view_free(&probe->view);
    if (probe->schema == &probe->csv.schema) sw_csv_close(&probe->csv);
    if (probe->schema == &probe->reader.schema) sw_reader_close(&probe->reader);
    probe->schema = NULL;
}
