/* SPDX-License-Identifier: ISC
 *
 * Rows for other people's programs, with their types: a Parquet file, an Arrow IPC file or stream
 * (output/parquet.h, output/arrow.h), after one interface.
 *
 *     good = sw_exporter_open(&exporter, SW_EXPORT_PARQUET, &output, &schema, &how, error);
 *     for every block: good = good && sw_exporter_rows(&exporter, vectors, 0, rows, error);
 *     good = good && sw_exporter_close(&exporter, error) && sw_output_close(&output, error);
 *     sw_exporter_free(&exporter);
 */
#ifndef SW_OUTPUT_EXPORT_H
#define SW_OUTPUT_EXPORT_H

#include "output/arrow.h"
#include "output/export_values.h"
#include "output/parquet.h"

enum { SW_EXPORT_LEVEL = 1 }; /* of Parquet's compression, unless said otherwise */

enum sw_export_format {
    SW_EXPORT_PARQUET,
    SW_EXPORT_ARROW,  /* an IPC file, whose batches can be read in any order */
    SW_EXPORT_ARROWS, /* an IPC stream */
};

struct sw_exporter {
    enum sw_export_format format;
    struct sw_export_values values;
    struct sw_parquet parquet;
    struct sw_arrow arrow;
};

/* "parquet", "arrow" or "arrows"; false for another name, and for NULL. */
bool sw_export_format(const char *name, enum sw_export_format *format) SW_CHECKED;

/* Those of the writers, of values written as `how` says; NULL: all as their types say, and Parquet at SW_EXPORT_LEVEL.
 * Zero-initialize before; free also after a failure. */
bool sw_exporter_open(struct sw_exporter *exporter, enum sw_export_format format,
                      struct sw_output *output, const struct sw_schema *schema,
                      const struct sw_export_how *how, struct sw_error *error) SW_CHECKED;
bool sw_exporter_again(struct sw_exporter *exporter, struct sw_error *error) SW_CHECKED;
bool sw_exporter_rows(struct sw_exporter *exporter, const struct sw_vector *const *vectors,
                      size_t from, size_t end, struct sw_error *error) SW_CHECKED;
/* Adds the vectors' first rows, which are the last of the file, as in output/parquet.h. */
bool sw_exporter_last_rows(struct sw_exporter *exporter, const struct sw_vector *const *vectors,
                           size_t rows, struct sw_error *error) SW_CHECKED;
/* Before rows of another stream than the last ones: what the schema says of their order is told of each row group. */
bool sw_exporter_follow(struct sw_exporter *exporter, struct sw_error *error) SW_CHECKED;
bool sw_exporter_close(struct sw_exporter *exporter, struct sw_error *error) SW_CHECKED;

/* After the close: the rows in what was written. */
uint64_t sw_exporter_count(const struct sw_exporter *exporter);

void sw_exporter_free(struct sw_exporter *exporter);

#endif
