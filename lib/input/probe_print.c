/* SPDX-License-Identifier: ISC */
#include "input/probe_print.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "output/quote_text.h"

static bool print_number(const char *word, uint64_t number, struct sw_output *output,
                         struct sw_error *error)
{
    char line[40];
    int length = snprintf(line, sizeof line, "%s\t%" PRIu64 "\n", word, number);
    return sw_output_write(output, line, (size_t)length, error);
}

bool sw_probe_print_workers(uint64_t workers, struct sw_output *output, struct sw_error *error)
{
    return print_number("workers", workers, output, error);
}

bool sw_probe_print_bytes(uint64_t bytes, struct sw_output *output, struct sw_error *error)
{
    return print_number("bytes", bytes, output, error);
}

bool sw_probe_print_text(const char *word, const char *text, struct sw_output *output,
                         struct sw_error *error)
{
    struct sw_buffer line = {0};
    bool good = sw_buffer_text(&line, word, error) && sw_buffer_text(&line, "\t", error) &&
                sw_render_tsv(&line, text, strlen(text), error) &&
                sw_buffer_text(&line, "\n", error) &&
                sw_output_write(output, line.bytes, line.length, error);
    sw_buffer_free(&line);
    return good;
}

bool sw_probe_print_identity(size_t number, const char *identity, struct sw_output *output,
                             struct sw_error *error)
{
    char line[80];
    int length = snprintf(line, sizeof line, "identity\t%zu\t%s\n", number, identity);
    return sw_output_write(output, line, (size_t)length, error);
}

static bool append_header(const struct sw_buffer *header, struct sw_buffer *last,
                          struct sw_buffer *to, struct sw_error *error)
{
    if (last && last->length > 0 && last->length == header->length &&
        memcmp(last->bytes, header->bytes, header->length) == 0)
        return true;
    if (last) last->length = 0;
    return (!last || sw_buffer_add(last, header->bytes, header->length, error)) &&
           sw_render_tsv(to, (const char *)header->bytes, header->length, error);
}

bool sw_probe_print_input(const struct sw_probe *probe, size_t number, const char *identity,
                          struct sw_buffer *last, struct sw_buffer *to, struct sw_error *error)
{
    static const char *const kinds[] = {[SW_PROBE_CSV] = "csv",
                                        [SW_PROBE_GZIP] = "gzip",
                                        [SW_PROBE_ZSTD] = "zstd",
                                        [SW_PROBE_PARQUET] = "parquet",
                                        [SW_PROBE_STREAM] = "stream"};
    struct sw_buffer header = {0};
    bool good = sw_probe_header(probe, &header, error) &&
                sw_buffer_format(to, error, "input\t%zu\t%s\t%" PRIu64 "\t%s\t%s\t%s\t", number,
                                 kinds[probe->kind], probe->size_bytes, probe->schema->table,
                                 identity, sw_row_kind_name(probe->schema->row_kind)) &&
                append_header(&header, last, to, error) && sw_buffer_text(to, "\n", error);
    sw_buffer_free(&header);
    return good;
}

bool sw_probe_print_group(size_t number, size_t count, const char *identity, const char *seen_as,
                          struct sw_output *output, struct sw_error *error)
{
    char line[140];
    int length =
        snprintf(line, sizeof line, "group\t%zu\t%zu\t%s\t%s\n", number, count, identity, seen_as);
    return sw_output_write(output, line, (size_t)length, error);
}

static bool print_rows(struct sw_buffer *to, size_t number, const struct sw_probe_rows *rows,
                       const char *seen_as, struct sw_error *error)
{
    return sw_buffer_format(to, error, "rows\t%zu\t%" PRIu64 "\t", number, rows->offset) &&
           (rows->known ? sw_buffer_format(to, error, "%" PRIu64, rows->count)
                        : sw_buffer_text(to, "-", error)) &&
           sw_buffer_format(to, error, "\t%s\n", seen_as);
}

/* What an index leaves out: rows, and what its lines are. */
static bool print_left_out(struct sw_buffer *to, size_t number, const struct sw_probe_rows *rows,
                           struct sw_error *error)
{
    const struct sw_line_counts *lines = &rows->lines_left_out;
    return lines->all == 0 || sw_buffer_format(to, error,
                                               "left-out\t%zu\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64
                                               "\t%" PRIu64 "\t%" PRIu64 "\n",
                                               number, rows->left_out, lines->all, lines->header,
                                               lines->empty, lines->ignored);
}

bool sw_probe_print_chunks(struct sw_probe *probe, size_t number,
                           const struct sw_probe_division *division, const char *seen_as,
                           struct sw_output *output, struct sw_error *error)
{
    char before[40];
    struct sw_buffer lines = {0};
    struct sw_probe_rows rows;
    snprintf(before, sizeof before, "chunk\t%zu\t", number);
    struct sw_ranges ranges = {.output = output, .before = before};
    bool good = sw_probe_plan(probe, division, &ranges, &rows, error);
    good = good && print_left_out(&lines, number, &rows, error) &&
           print_rows(&lines, number, &rows, seen_as, error) &&
           sw_output_write(output, lines.bytes, lines.length, error);
    sw_buffer_free(&lines);
    return good;
}
