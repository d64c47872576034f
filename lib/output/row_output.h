/* SPDX-License-Identifier: ISC
 *
 * Rows written as a user asks for them: as text (output/text_writer.h) or with their types for other
 * people's programs (output/export.h), after one interface.
 *
 *     if (!sw_row_format(name, &how, error)) …
 *     good = sw_row_output_open(&rows, &output, &schema, &how, error);
 *     for every block: good = good && sw_row_output_put(&rows, vectors, count, stream, error);
 *     good = good && sw_row_output_end(&rows, error) && sw_output_close(&output, error);
 *     sw_row_output_free(&rows);
 */
#ifndef SW_OUTPUT_ROW_OUTPUT_H
#define SW_OUTPUT_ROW_OUTPUT_H

#include "output/export.h"
#include "output/text_writer.h"

struct sw_row_format {
    bool typed;                     /* the exporter writes, else the printer: */
    enum sw_export_format exported; /* as this, with values as `written` says */
    struct sw_export_how written;
    struct sw_print_options printed;
};

/* What is asked of how typed values are written; NULL: not said. */
struct sw_written_words {
    const char *level, *decimals, *time_as;
    bool time_numbers; /* the same as time_as "integer" */
};

struct sw_row_output {
    bool typed;
    struct sw_exporter exporter;
    struct sw_printer printer;
    uint64_t stream; /* that the last rows came from */
};

/* Sets what the name of a format says: csv, tsv, jsonl, table, parquet, arrow or arrows. SW_USAGE for
 * another name, records among them. */
bool sw_row_format(const char *name, struct sw_row_format *format,
                   struct sw_error *error) SW_CHECKED;

/* Sets the level of compression, and how decimals and times are written. SW_USAGE naming the option. */
bool sw_written_parse(const struct sw_written_words *words, struct sw_export_how *written,
                      struct sw_error *error) SW_CHECKED;

/* Writes what comes first. The schema and the output stay while this is used. SW_DATA: a column that
 * has no place in the format. Zero-initialize before; free in any case. */
bool sw_row_output_open(struct sw_row_output *rows, struct sw_output *output,
                        const struct sw_schema *schema, const struct sw_row_format *format,
                        struct sw_error *error) SW_CHECKED;

/* Writes the first `count` rows of vectors, one per column, of the stream of this number. SW_DATA: a
 * value that has no place in the format. */
bool sw_row_output_put(struct sw_row_output *rows, const struct sw_vector *const *vectors,
                       size_t count, uint64_t stream, struct sw_error *error) SW_CHECKED;

/* Writes what comes last; the output stays open. */
bool sw_row_output_end(struct sw_row_output *rows, struct sw_error *error) SW_CHECKED;

/* After that: the rows that were written. */
uint64_t sw_row_output_count(const struct sw_row_output *rows);

void sw_row_output_free(struct sw_row_output *rows);

#endif
