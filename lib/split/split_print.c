/* SPDX-License-Identifier: ISC */
#include "split/split_print.h"

#include "base/memory.h"
#include "program/tally.h"
#include "stream/reader.h"

static bool print_block(struct sw_printer *printer, struct sw_reader *reader,
                        const struct sw_vector **vectors, struct sw_error *error)
{
    for (size_t i = 0; i < reader->schema.column_count; i++) {
        vectors[i] = sw_reader_vector(reader, (int)i, error);
        if (!vectors[i]) return false;
    }
    return sw_printer_rows(printer, vectors, NULL, reader->rows, error);
}

static bool print_blocks(struct sw_printer *printer, struct sw_reader *reader,
                         struct sw_error *error)
{
    enum sw_step step = SW_FAILED;
    const struct sw_vector **vectors =
        sw_alloc(reader->schema.column_count, sizeof *vectors, error);
    if (!vectors) return false;
    while ((step = sw_reader_next(reader, error)) == SW_ROWS)
        if (!print_block(printer, reader, vectors, error)) {
            step = SW_FAILED;
            break;
        }
    free(vectors);
    struct sw_tally tally = {.read = reader->total_rows, .kept = printer->rows};
    return step == SW_END && sw_tally_check(&tally, printer->output->name, error) &&
           sw_printer_end(printer, error);
}

static bool print_into(struct sw_output *output, struct sw_reader *reader,
                       const struct sw_print_options *how, struct sw_error *error)
{
    struct sw_printer printer;
    if (!sw_printer_open(&printer, output, &reader->schema, how, error)) return false;
    bool good = print_blocks(&printer, reader, error);
    sw_printer_free(&printer);
    return good;
}

static bool open_output(struct sw_output *output, const char *to, const char *final_name,
                        struct sw_error *error)
{
    if (!sw_output_append(output, to, error)) return false;
    output->name = final_name;
    if (!sw_output_named_gzip(final_name) || sw_output_compress(output, error)) return true;
    sw_output_abandon(output);
    return false;
}

bool sw_split_print(const char *from, const char *to, const char *final_name,
                    const struct sw_print_options *how, struct sw_error *error)
{
    struct sw_reader reader;
    struct sw_output output;
    if (!sw_reader_open(&reader, &from, 1, error)) return false;
    bool good = open_output(&output, to, final_name, error) &&
                sw_output_end(&output, print_into(&output, &reader, how, error), error);
    sw_reader_close(&reader);
    return good;
}
