/* SPDX-License-Identifier: ISC */
#include "input/probe.h"

#include "output/quote_text.h"
#include "input/plan_csv.h"
#include "stream/stream_ranges.h"

/* How much of an input a chunk should have: more than is read while a program starts, and for every
 * worker at least a round of them. Records take about an eighth of the bytes that CSV does. */
static const struct measure {
    uint64_t least_bytes, round_bytes, share; /* share: of the most that a chunk of CSV may have */
} measures[] = {
    [SW_SURVEY_CSV] = {8 << 20, 256 << 20, 1},
    [SW_SURVEY_GZIP] = {8 << 20, 256 << 20, 1},
    [SW_SURVEY_STREAM] = {1 << 20, 32 << 20, 8},
};

/* Of large inputs every worker has several, lest the others wait long for the last one to end. */
enum { ROUNDS = 4 };

static bool recognize(struct sw_survey *survey, struct sw_error *error)
{
    struct sw_input input;
    unsigned char first[4];
    size_t got;
    if (!sw_input_open(&input, survey->path, error)) return false;
    bool good = input.seekable ? sw_input_peek(&input, first, sizeof first, &got, error)
                               : sw_fail(error, SW_USAGE, "%s: not a regular file", survey->path);
    if (good && got == sizeof first && memcmp(first, "\x89SWR", sizeof first) == 0)
        survey->kind = SW_SURVEY_STREAM;
    survey->size_bytes = input.size;
    sw_input_close(&input);
    return good;
}

static bool open_data(struct sw_survey *survey, struct sw_error *error)
{
    if (!recognize(survey, error)) return false;
    if (survey->kind == SW_SURVEY_STREAM) {
        if (!sw_reader_open(&survey->reader, &survey->path, 1, error)) return false;
        survey->schema = &survey->reader.schema;
        return true;
    }
    if (!sw_csv_open(&survey->csv, survey->path, survey->settings->layouts, error)) return false;
    survey->schema = &survey->csv.schema;
    if (survey->csv.source.inflation) survey->kind = SW_SURVEY_GZIP;
    return true;
}

/* An expression has its place in itself; other names are wrong for this file. */
static bool check_selectors(struct sw_survey *survey, struct sw_error *error)
{
    const struct sw_survey_settings *settings = survey->settings;
    struct sw_expression expression = {0};
    bool good = sw_selectors_compile(&expression, &survey->view, &settings->selectors,
                                     settings->share_directory, error);
    if (!good) survey->pointed = sw_expression_point(&expression, &survey->caret);
    sw_expression_free(&expression);
    return good;
}

bool sw_survey_open(struct sw_survey *survey, const char *path,
                    const struct sw_survey_settings *settings, struct sw_error *error)
{
    *survey = (struct sw_survey){.path = path, .settings = settings};
    if (!open_data(survey, error)) return false;
    struct sw_supplier names = {.schema = survey->schema};
    return sw_view_open(&survey->view, names, &settings->view, error) &&
           (!settings->local_time || sw_view_local_time(&survey->view, error)) &&
           check_selectors(survey, error) &&
           sw_columns_open(&survey->columns, &survey->view, settings->columns, error);
}

bool sw_survey_header(const struct sw_survey *survey, struct sw_buffer *out, struct sw_error *error)
{
    const struct sw_schema *schema = &survey->columns.schema;
    for (size_t i = 0; i < schema->column_count; i++) {
        const char *name = schema->columns[i].name;
        if ((i > 0 && !sw_buffer_add(out, ",", 1, error)) ||
            !sw_render_csv(out, name, strlen(name), error))
            return false;
    }
    return true;
}

/* All of a size, and as many for each worker, unless they would be very small or very large. */
static uint64_t chunk_bytes(const struct sw_survey *survey,
                            const struct sw_survey_division *division)
{
    const struct measure *measure = &measures[survey->kind];
    uint64_t workers = division->workers, most = division->most_bytes / measure->share;
    if (division->size_bytes) return division->size_bytes;
    uint64_t rounds = survey->size_bytes / workers / measure->round_bytes;
    rounds = rounds < 1 ? 1 : rounds > ROUNDS ? ROUNDS : rounds;
    uint64_t chunk = survey->size_bytes / (workers * rounds) + 1;
    if (chunk < measure->least_bytes) return measure->least_bytes;
    return most > 0 && chunk > most ? most : chunk;
}

static bool plan_stream(struct sw_survey *survey, const struct sw_survey_division *division,
                        struct sw_ranges *ranges, struct sw_survey_rows *rows,
                        struct sw_error *error)
{
    struct sw_division how = {.size_bytes = chunk_bytes(survey, division)};
    rows->offset = survey->reader.input.position;
    if (!sw_division_write(&how, &survey->reader, ranges, error)) return false;
    rows->known = true;
    rows->count = survey->reader.marked_rows;
    return true;
}

static bool plan_csv(struct sw_survey *survey, const struct sw_survey_division *division,
                     struct sw_ranges *ranges, struct sw_survey_rows *rows, struct sw_error *error)
{
    const struct sw_survey_settings *settings = survey->settings;
    struct sw_csv_plan plan = {
        .settings = {.how = {.size_bytes = chunk_bytes(survey, division), .exact = division->exact},
                     .selectors = settings->selective ? &settings->selectors : NULL,
                     .view = settings->view,
                     .share_directory = settings->share_directory}};
    uint64_t data = survey->csv.data_offset, size = survey->size_bytes;
    bool good = sw_csv_plan_write(&plan, &survey->csv, ranges, error);
    survey->unused = plan.unused;
    if (survey->kind == SW_SURVEY_CSV)
        rows->offset = data < size ? data : size; /* the header may lack its newline */
    rows->known = plan.rows_known;
    rows->count = plan.rows;
    rows->left_out = plan.rows_left_out;
    return good;
}

bool sw_survey_plan(struct sw_survey *survey, const struct sw_survey_division *division,
                    struct sw_ranges *ranges, struct sw_survey_rows *rows, struct sw_error *error)
{
    *rows = (struct sw_survey_rows){0};
    return survey->kind == SW_SURVEY_STREAM ? plan_stream(survey, division, ranges, rows, error)
                                            : plan_csv(survey, division, ranges, rows, error);
}

void sw_survey_close(struct sw_survey *survey)
{
    sw_columns_free(&survey->columns);
    sw_view_free(&survey->view);
    if (survey->schema == &survey->csv.schema) sw_csv_close(&survey->csv);
    if (survey->schema == &survey->reader.schema) sw_reader_close(&survey->reader);
    survey->schema = NULL;
}
