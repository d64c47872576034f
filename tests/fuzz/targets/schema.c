/* SPDX-License-Identifier: ISC
 *
 * Schemas: the text of one, a line "---", and the header and rows of a CSV that may be of it. What
 * is read is a schema that a stream's header can hold, and is found by its header.
 */
#include "base/number.h"
#include "csv/file.h"
#include "fuzz.h"
#include "record/format.h"

static const char border[] = "\n---\n";

static void check_schema(const struct sw_schema *schema)
{
    struct sw_buffer header = {0};
    struct sw_schema again;
    struct sw_error error = {0};
    for (size_t i = 0; i < schema->column_count; i++) {
        const struct sw_column *column = &schema->columns[i];
        fuzz_require(sw_schema_find(schema, column->name) == (int)i, "two columns '%s'",
                     column->name);
        fuzz_require(column->type >= SW_INT && column->type <= SW_TEXT && column->scale >= 0 &&
                         column->scale <= SW_MAXIMUM_SCALE,
                     "'%s'", column->name);
        fuzz_require(column->type == SW_DECIMAL || column->scale == 0, "'%s'", column->name);
    }
    fuzz_require(schema->time_column == -1 || schema->columns[schema->time_column].type == SW_TIME,
                 "a time column without times");
    fuzz_require(sw_format_header(&header, schema, 0, &error), "%s", error.message);
    /* After the frame. */
    fuzz_require(sw_parse_header(header.bytes, header.length, &again, &error), "%s", error.message);
    fuzz_require(sw_schema_same(schema, &again), "another schema");
    sw_schema_free(&again);
    sw_buffer_free(&header);
}

static void open_csv(const struct sw_csv_schemas *csv_schemas, const void *bytes, size_t size)
{
    struct sw_csv csv;
    struct sw_error error = {0};
    int *columns = NULL;
    size_t count;
    bool good = sw_csv_open(&csv, fuzz_named_file("in.csv", bytes, size), csv_schemas, &error);
    fuzz_check_error(good, &error);
    if (!good) return;
    check_schema(&csv.schema);
    good = sw_csv_pick(&csv, NULL, &columns, &count, &error);
    fuzz_require(good && count == csv.schema.column_count, "%s", error.message);
    free(columns);
    sw_csv_close(&csv);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct sw_csv_schemas csv_schemas;
    struct sw_error error = {0};
    const uint8_t *end = memmem(bytes, size, border, sizeof border - 1);
    size_t length = end ? (size_t)(end - bytes) + 1 : size;
    const char *path = fuzz_named_file("made-up.schema", bytes, length);
    bool good = sw_csv_schemas_open(&csv_schemas, "", path, NULL, &error);
    fuzz_check_error(good, &error);
    if (!good) return 0;
    const uint8_t *csv = end ? end + sizeof border - 1 : bytes + size;
    open_csv(&csv_schemas, csv, size - (size_t)(csv - bytes));
    /* By its conditions, too. */
    csv_schemas.chosen = false;
    open_csv(&csv_schemas, csv, size - (size_t)(csv - bytes));
    sw_csv_schemas_free(&csv_schemas);
    return 0;
}
