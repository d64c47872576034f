/* SPDX-License-Identifier: ISC
 *
 * Rows as text: CSV (RFC 4180 with bare newlines), TSV, JSON lines, or a table for eyes (output/text_table.h). Canonical: a field is quoted only where needed, decimals are exact
 * without trailing zeros, nulls are empty (null in JSON), text is byte for byte (in JSON, what is not UTF-8 is escaped).
 *
 *     struct sw_print_options how = {.format = SW_PRINT_CSV};
 *     good = sw_printer_open(&printer, &output, &schema, &how, error) &&
 *            sw_printer_rows(&printer, vectors, NULL, rows, error) && sw_printer_end(&printer, error);
 *     sw_printer_free(&printer);
 */
#ifndef SW_OUTPUT_TEXT_WRITER_H
#define SW_OUTPUT_TEXT_WRITER_H

#include "files/output.h"
#include "base/zone.h"
#include "output/text_table.h"
#include "record/vector.h"

enum sw_print_format {
    SW_PRINT_CSV,
    SW_PRINT_TSV,
    SW_PRINT_JSONL,
    SW_PRINT_TABLE,
};

struct sw_print_options {
    enum sw_print_format format;
    bool no_header;           /* CSV and TSV: leave the header line out */
    struct sw_zone *iso_time; /* time columns as ISO 8601 in this zone; NULL: nanoseconds */
    /* A table: time columns as local time in this zone; NULL: as in the other formats. */
    struct sw_zone *table_time;
    bool json_numbers; /* JSON: ids, times and sums as numbers too */
    const bool *fixed; /* per column: show all decimals of the scale; NULL: none */
    const bool *sums;  /* per column: a sum, which JSON shows as a string; NULL: none */
};

struct sw_print_field; /* how a column becomes text */

struct sw_printer {
    struct sw_output *output;       /* not owned */
    const struct sw_schema *schema; /* not owned */
    struct sw_print_options options;
    struct sw_buffer text;     /* what is not written yet */
    struct sw_buffer rendered; /* the dictionaries of the vectors at hand, as they are printed */
    size_t *rendered_ends;     /* where each entry ends in it, one after the other */
    size_t ends_capacity;
    struct sw_print_field *fields; /* one per column */
    char null[8];                  /* what stands for one, with zeros behind it */
    size_t null_length;
    struct sw_text_table table; /* of SW_PRINT_TABLE: the rows that will be seen */
    uint64_t rows;              /* printed so far */
};

/* "csv" (NULL: too), "tsv", "jsonl" or "table". SW_USAGE for anything else. */
bool sw_print_format(const char *name, enum sw_print_format *format,
                     struct sw_error *error) SW_CHECKED;

/* Writes the header line. The schema and the output stay while the printer is used. */
bool sw_printer_open(struct sw_printer *printer, struct sw_output *output,
                     const struct sw_schema *schema, const struct sw_print_options *options,
                     struct sw_error *error) SW_CHECKED;

/* After sw_printer_end: begins another text of the same columns in the output, which has been opened anew. Not for a table. */
bool sw_printer_again(struct sw_printer *printer, struct sw_error *error) SW_CHECKED;

/* Prints rows of vectors, one per column: those in selected[0..count), or the first `count` for NULL. */
bool sw_printer_rows(struct sw_printer *printer, const struct sw_vector *const *vectors,
                     const uint32_t *selected, size_t count, struct sw_error *error) SW_CHECKED;

/* Hands what is left to the output; a table, as a whole. */
bool sw_printer_end(struct sw_printer *printer, struct sw_error *error) SW_CHECKED;

void sw_printer_free(struct sw_printer *printer);

#endif
