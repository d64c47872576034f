/* SPDX-License-Identifier: ISC */
#include "input/row_text.h"

bool sw_row_text_open(struct sw_row_text *text, const struct sw_row_text_settings *settings,
                      struct sw_output *output, struct sw_supplier rows, struct sw_error *error)
{
    struct sw_zone *zone = &text->view.zone;
    text->format.printed = (struct sw_print_options){.no_header = settings->no_header,
                                                     .iso_time = settings->iso_time ? zone : NULL};
    return sw_row_format("csv", &text->format, error) &&
           sw_view_open(&text->view, rows, &settings->view, error) &&
           (!settings->iso_time || sw_view_local_time(&text->view, error)) &&
           sw_columns_open(&text->columns, &text->view, settings->columns, error) &&
           sw_row_output_open(&text->rows, output, &text->columns.schema, &text->format, error);
}

bool sw_row_text_take(struct sw_row_text *text, size_t rows, struct sw_error *error)
{
    sw_view_begin(&text->view, rows);
    return sw_columns_fetch(&text->columns, &text->view, error) &&
           sw_row_output_put(&text->rows, text->columns.vectors, rows, 0, error);
}

uint64_t sw_row_text_rows(const struct sw_row_text *text)
{
    return sw_row_output_count(&text->rows);
}

bool sw_row_text_close(struct sw_row_text *text, struct sw_error *error)
{
    return sw_row_output_end(&text->rows, error);
}

void sw_row_text_free(struct sw_row_text *text)
{
    sw_row_output_free(&text->rows);
    sw_columns_free(&text->columns);
    sw_view_free(&text->view);
}
