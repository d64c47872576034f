/* SPDX-License-Identifier: ISC */
#include "output/row_output.h"

#include <string.h>

#include "program/options.h"

bool sw_row_format(const char *name, struct sw_row_format *format, struct sw_error *error)
{
    struct sw_error unknown = {0};
    format->typed = sw_export_format(name, &format->exported);
    if (!format->typed && strcmp(name, "swr") == 0)
        return sw_fail(error, SW_USAGE, "--format: records are what sw-filter writes: '%s'", name);
    return format->typed || sw_print_format(name, &format->printed.format, &unknown) ||
           sw_fail(error, SW_USAGE,
                   "--format: not csv, tsv, jsonl, table, parquet, arrow or arrows: '%s'", name);
}

bool sw_written_parse(const struct sw_written_words *words, struct sw_export_how *written,
                      struct sw_error *error)
{
    const char *decimals = words->decimals, *time_as = words->time_as;
    written->level = SW_EXPORT_LEVEL;
    if (words->level && !sw_level_of(words->level, &written->level, error)) return false;
    if (words->time_numbers && time_as && strcmp(time_as, "integer") != 0)
        return sw_fail(error, SW_USAGE, "--time-numbers: not with --time-as=%s", time_as);
    if (words->time_numbers) written->times = SW_TIMES_INTEGER;
    if (decimals && !sw_decimals_as(decimals, &written->decimals))
        return sw_fail(error, SW_USAGE, "--decimals: not exact, double or text: '%s'", decimals);
    return !time_as || sw_times_as(time_as, &written->times) ||
           sw_fail(error, SW_USAGE, "--time-as: not utc, local or integer: '%s'", time_as);
}

bool sw_row_output_open(struct sw_row_output *rows, struct sw_output *output,
                        const struct sw_schema *schema, const struct sw_row_format *format,
                        struct sw_error *error)
{
    rows->typed = format->typed;
    return rows->typed ? sw_exporter_open(&rows->exporter, format->exported, output, schema,
                                          &format->written, error)
                       : sw_printer_open(&rows->printer, output, schema, &format->printed, error);
}

bool sw_row_output_put(struct sw_row_output *rows, const struct sw_vector *const *vectors,
                       size_t count, uint64_t stream, struct sw_error *error)
{
    if (!rows->typed) return sw_printer_rows(&rows->printer, vectors, NULL, count, error);
    const bool another = rows->stream != stream;
    rows->stream = stream;
    return (!another || sw_exporter_follow(&rows->exporter, error)) &&
           sw_exporter_rows(&rows->exporter, vectors, 0, count, error);
}

bool sw_row_output_end(struct sw_row_output *rows, struct sw_error *error)
{
    return rows->typed ? sw_exporter_close(&rows->exporter, error)
                       : sw_printer_end(&rows->printer, error);
}

uint64_t sw_row_output_count(const struct sw_row_output *rows)
{
    return rows->typed ? sw_exporter_count(&rows->exporter) : rows->printer.rows;
}

void sw_row_output_free(struct sw_row_output *rows)
{
    sw_exporter_free(&rows->exporter);
    sw_printer_free(&rows->printer);
}
