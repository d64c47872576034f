/* SPDX-License-Identifier: ISC */
#include "query/survey_print.h"

#include <inttypes.h>
#include <stdio.h>

#include "csv/render.h"

bool sw_survey_print_workers(uint64_t workers, struct sw_output *output, struct sw_error *error)
{
    char line[40];
    int length = snprintf(line, sizeof line, "workers\t%" PRIu64 "\n", workers);
    return sw_output_write(output, line, (size_t)length, error);
}

bool sw_survey_print_identity(size_t number, const char *identity, struct sw_output *output,
                              struct sw_error *error)
{
    char line[80];
    int length = snprintf(line, sizeof line, "identity\t%zu\t%s\n", number, identity);
    return sw_output_write(output, line, (size_t)length, error);
}

bool sw_survey_print_input(const struct sw_survey *survey, size_t number, const char *identity,
                           struct sw_output *output, struct sw_error *error)
{
    static const char *const kinds[] = {
        [SW_SURVEY_CSV] = "csv", [SW_SURVEY_GZIP] = "gzip", [SW_SURVEY_STREAM] = "stream"};
    struct sw_buffer header = {0}, line = {0};
    bool good = sw_survey_header(survey, &header, error) &&
                sw_buffer_format(&line, error, "input\t%zu\t%s\t%" PRIu64 "\t%s\t%s\t", number,
                                 kinds[survey->kind], survey->size_bytes, survey->schema->table,
                                 identity) &&
                sw_render_tsv(&line, (const char *)header.bytes, header.length, error) &&
                sw_buffer_add(&line, "\n", 1, error) &&
                sw_output_write(output, line.bytes, line.length, error);
    sw_buffer_free(&header);
    sw_buffer_free(&line);
    return good;
}

bool sw_survey_print_chunks(struct sw_survey *survey, size_t number,
                            const struct sw_survey_division *division, struct sw_output *output,
                            struct sw_error *error)
{
    char before[40], line[80];
    uint64_t left_out;
    snprintf(before, sizeof before, "chunk\t%zu\t", number);
    struct sw_ranges ranges = {.output = output, .before = before};
    if (!sw_survey_plan(survey, division, &ranges, &left_out, error)) return false;
    int length = snprintf(line, sizeof line, "left-out\t%zu\t%" PRIu64 "\n", number, left_out);
    return left_out == 0 || sw_output_write(output, line, (size_t)length, error);
}
