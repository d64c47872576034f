/* SPDX-License-Identifier: ISC */
#include "explain/candidate.h"

#include <stdio.h>

static bool say(struct sw_csv_schema *csv_schema, const char *const *words, size_t count,
                struct sw_error *error)
{
    char space[3][64], *own[3] = {space[0], space[1], space[2]};
    for (size_t i = 0; i < count; i++) snprintf(own[i], sizeof space[i], "%s", words[i]);
    return sw_csv_schema_line(csv_schema, own, count, error);
}

bool sw_candidate_open(struct sw_candidate *candidate, bool comma_point, struct sw_error *error)
{
    const char *table[] = {"table", "t"}, *point[] = {"point", "comma"},
               *column[] = {"column", "c", candidate->type},
               *format[] = {"format", "c", candidate->format};
    candidate->csv_schema = (struct sw_csv_schema){.dialect = {.separator = ';'}};
    candidate->formed = true;
    bool good = say(&candidate->csv_schema, table, 2, error) &&
                (!comma_point || say(&candidate->csv_schema, point, 2, error)) &&
                say(&candidate->csv_schema, column, 3, error) &&
                (!candidate->format || say(&candidate->csv_schema, format, 3, error)) &&
                sw_csv_schema_complete(&candidate->csv_schema, "explain", error);
    if (good) {
        candidate->parser = candidate->csv_schema.columns[0].parser;
        candidate->parser.utc = true;
    }
    return good;
}

bool sw_candidate_reads(struct sw_candidate *candidate, const char *text, size_t length,
                        sw_int128 *value)
{
    return sw_field_parse(&candidate->parser, text, length, value) == SW_FIELD_GOOD;
}

bool sw_candidate_local(struct sw_candidate *candidate, const char *text, size_t length)
{
    struct sw_field_parser parser = candidate->csv_schema.columns[0].parser;
    sw_int128 value;
    if (parser.form != SW_FIELD_TIME) return false;
    parser.utc = false; /* which a format says */
    return sw_field_parse(&parser, text, length, &value) == SW_FIELD_NO_OFFSET;
}

void sw_candidate_close(struct sw_candidate *candidate)
{
    if (candidate->formed) sw_csv_schema_free(&candidate->csv_schema);
    candidate->formed = false;
}
