/* SPDX-License-Identifier: ISC */
#include "output/export.h"

bool sw_export_format(const char *name, enum sw_export_format *format)
{
    static const char *const names[] = {"parquet", "arrow", "arrows"};
    for (int i = 0; name && i < 3; i++)
        if (strcmp(name, names[i]) == 0) {
            *format = (enum sw_export_format)i;
            return true;
        }
    return false;
}

bool sw_exporter_open(struct sw_exporter *exporter, enum sw_export_format format,
                      struct sw_output *output, const struct sw_schema *schema,
                      const struct sw_export_how *how, struct sw_error *error)
{
    const struct sw_export_how plain = {.level = SW_EXPORT_LEVEL};
    struct sw_export_values *values = &exporter->values;
    exporter->format = format;
    if (!sw_export_values_open(values, schema, how ? how : &plain, error)) return false;
    return format == SW_EXPORT_PARQUET
               ? sw_parquet_open(&exporter->parquet, output, &values->schema, values->written,
                                 values->how.level, error)
               : sw_arrow_open(&exporter->arrow, output, &values->schema, values->written,
                               format == SW_EXPORT_ARROW, error);
}

bool sw_exporter_again(struct sw_exporter *exporter, struct sw_error *error)
{
    exporter->values.rows = 0;
    return exporter->format == SW_EXPORT_PARQUET ? sw_parquet_again(&exporter->parquet, error)
                                                 : sw_arrow_again(&exporter->arrow, error);
}

bool sw_exporter_rows(struct sw_exporter *exporter, const struct sw_vector *const *vectors,
                      size_t from, size_t end, struct sw_error *error)
{
    if (!sw_export_values_next(&exporter->values, vectors, from, end, &vectors, error))
        return false;
    return exporter->format == SW_EXPORT_PARQUET
               ? sw_parquet_rows(&exporter->parquet, vectors, from, end, error)
               : sw_arrow_rows(&exporter->arrow, vectors, from, end, error);
}

bool sw_exporter_last_rows(struct sw_exporter *exporter, const struct sw_vector *const *vectors,
                           size_t rows, struct sw_error *error)
{
    if (exporter->format != SW_EXPORT_PARQUET)
        return sw_exporter_rows(exporter, vectors, 0, rows, error);
    return sw_export_values_next(&exporter->values, vectors, 0, rows, &vectors, error) &&
           sw_parquet_last_rows(&exporter->parquet, vectors, rows, error);
}

bool sw_exporter_follow(struct sw_exporter *exporter, struct sw_error *error)
{
    return exporter->format != SW_EXPORT_PARQUET || sw_parquet_follow(&exporter->parquet, error);
}

bool sw_exporter_close(struct sw_exporter *exporter, struct sw_error *error)
{
    return exporter->format == SW_EXPORT_PARQUET ? sw_parquet_close(&exporter->parquet, error)
                                                 : sw_arrow_close(&exporter->arrow, error);
}

uint64_t sw_exporter_count(const struct sw_exporter *exporter)
{
    return exporter->format == SW_EXPORT_PARQUET ? exporter->parquet.rows : exporter->arrow.rows;
}

void sw_exporter_free(struct sw_exporter *exporter)
{
    sw_parquet_free(&exporter->parquet);
    sw_arrow_free(&exporter->arrow);
    sw_export_values_free(&exporter->values);
}
