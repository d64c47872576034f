/* SPDX-License-Identifier: ISC
 * What sw-plan says of a run's inputs (ledger/parts.h). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "files/whole.h"
#include "files/list_lines.h"
#include "ledger/parts_steps.h"

enum { FIELDS = 8, SURVEY_MOST = 1 << 30 };

struct reader {
    struct sw_part_survey *survey;
    const char *table;
    uint64_t first; /* input of the table */
    bool elsewhere;
};

/* The input that the second field of a line tells, which is the last one, or one before it. */
static struct sw_part_input *input_of(const struct reader *reader, const char *number)
{
    uint64_t at;
    if (!reader->table || !sw_parse_count(number, &at) ||
        reader->first + at >= reader->survey->count)
        return NULL;
    return &reader->survey->inputs[reader->first + at];
}

static bool take_input(struct reader *reader, char **fields, struct sw_error *error)
{
    struct sw_part_survey *survey = reader->survey;
    struct sw_part_input input = {.table = reader->table,
                                  .kind = fields[2],
                                  .identity = fields[5],
                                  .begin = "0",
                                  .rows = "-",
                                  .seen = "-",
                                  .first_chunk = survey->chunk_count};
    uint64_t at;
    if (!reader->table || !sw_parse_count(fields[1], &at) || reader->first + at != survey->count ||
        !sw_parse_count(fields[3], &input.size_bytes))
        return sw_fail(error, SW_SYSTEM, "not what is known of inputs: input %s", fields[1]);
    if (!sw_grow(&survey->inputs, &survey->capacity, survey->count + 1, sizeof input, error))
        return false;
    survey->inputs[survey->count++] = input;
    return true;
}

static bool is_packed(const char *kind)
{
    return strcmp(kind, "gzip") == 0 || strcmp(kind, "zstd") == 0 || strcmp(kind, "parquet") == 0;
}

static bool take_chunk(struct reader *reader, struct sw_part_input *input, char **fields,
                       struct sw_error *error)
{
    struct sw_part_survey *survey = reader->survey;
    struct sw_part_chunk chunk = {fields[3], fields[4], ""};
    uint64_t length;
    if (!sw_parse_count(fields[4], &length))
        return sw_fail(error, SW_SYSTEM, "not what is known of inputs: chunk %s", fields[4]);
    if (is_packed(input->kind)) {
        if (reader->elsewhere && strcmp(chunk.offset, "0") != 0) return true;
        if (reader->elsewhere || length >= input->size_bytes) chunk.length = "whole";
    } else if (strcmp(input->kind, "stream") == 0) {
        chunk.unit = "r";
    }
    if (!sw_grow(&survey->chunks, &survey->chunk_capacity, survey->chunk_count + 1, sizeof chunk,
                 error))
        return false;
    survey->chunks[survey->chunk_count++] = chunk;
    input->chunks++;
    return true;
}

static bool take_left_out(struct sw_part_input *input, char **fields)
{
    int length = snprintf(input->left_out, sizeof input->left_out, "%s:%s:%s:%s:%s", fields[2],
                          fields[3], fields[4], fields[5], fields[6]);
    return length < (int)sizeof input->left_out;
}

/* What is said of an input that was told of before. */
static bool take_more(struct reader *reader, char **fields, size_t count, struct sw_error *error)
{
    struct sw_part_input *input = count > 1 ? input_of(reader, fields[1]) : NULL;
    const char *word = fields[0];
    bool good = input != NULL;
    /* The chunks of an input stand one after another. */
    if (good && strcmp(word, "chunk") == 0 && count == 5 &&
        input->first_chunk + input->chunks == reader->survey->chunk_count)
        return take_chunk(reader, input, fields, error);
    if (good && strcmp(word, "rows") == 0 && count == 5)
        input->begin = fields[2], input->rows = fields[3], input->seen = fields[4];
    else if (good && strcmp(word, "left-out") == 0 && count == 7)
        good = take_left_out(input, fields);
    else if (good && strcmp(word, "group") == 0 && count == 5)
        good = sw_parse_count(fields[2], &input->files) && input->files > 0 &&
               input->files <= reader->survey->count - (size_t)(input - reader->survey->inputs) &&
               (input->group = fields[3]) && (input->seen = fields[4]);
    else
        good = false;
    return good || sw_fail(error, SW_SYSTEM, "not what is known of inputs: %s", word);
}

static bool take_line(struct reader *reader, char **fields, size_t count, struct sw_error *error)
{
    const char *word = fields[0];
    if (strcmp(word, "table") == 0 && count == 3) {
        reader->table = fields[1];
        return (sw_parse_count(fields[2], &reader->first) &&
                reader->first == reader->survey->count) ||
               sw_fail(error, SW_SYSTEM, "not what is known of inputs: table %s", fields[1]);
    }
    static const char *const of_others[] = {"workers", "columns", "found", "bytes"};
    for (size_t i = 0; i < sizeof of_others / sizeof *of_others; i++)
        if (strcmp(word, of_others[i]) == 0) return true;
    if (strcmp(word, "input") == 0 && count >= 7) return take_input(reader, fields, error);
    return take_more(reader, fields, count, error);
}

bool sw_part_survey_read(struct sw_part_survey *survey, const char *path, bool elsewhere,
                         struct sw_error *error)
{
    struct reader reader = {.survey = survey, .elsewhere = elsewhere};
    char *fields[FIELDS];
    size_t count;
    bool good = sw_read_whole(path, "a list", SURVEY_MOST, &survey->text, error) &&
                sw_buffer_add(&survey->text, "", 1, error);
    for (char *line = (char *)survey->text.bytes; good && *line;) {
        line = sw_cut_line(line, fields, FIELDS, &count);
        if (!line) return sw_fail(error, SW_SYSTEM, "not what is known of inputs: a line is cut");
        good = take_line(&reader, fields, count, error);
    }
    return good;
}

void sw_part_survey_free(struct sw_part_survey *survey)
{
    sw_buffer_free(&survey->text);
    free(survey->inputs);
    free(survey->chunks);
    *survey = (struct sw_part_survey){0};
}
