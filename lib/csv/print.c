/* SPDX-License-Identifier: ISC */
#include "csv/print.h"

#include "base/civil.h"
#include "base/memory.h"
#include "base/number.h"
#include "csv/render.h"

enum {
    FLUSH_AT = 256 * 1024,
    NUMBER_ROOM = 64,                      /* any number, date or time with quotes and a separator */
    JSON_EXACT = 53,                       /* bits of an integer that every JSON reader keeps */
    JSON_DIGITS = 15,                      /* significant decimal digits likewise */
};

bool sw_print_format(const char *name, enum sw_print_format *format, struct sw_error *error)
{
    static const char *const names[] = {"csv", "tsv", "jsonl"};
    *format = SW_PRINT_CSV;
    if (!name) return true;
    for (int i = 0; i < 3; i++)
        if (strcmp(name, names[i]) == 0) {
            *format = (enum sw_print_format)i;
            return true;
        }
    return sw_fail(error, SW_USAGE, "--format: not csv, tsv or jsonl: '%s'", name);
}

/* ---- header ---- */

static bool render(const struct sw_printer *printer, struct sw_buffer *out, const char *bytes,
                   size_t length, struct sw_error *error)
{
    switch (printer->options.format) {
    case SW_PRINT_CSV: return sw_render_csv(out, bytes, length, error);
    case SW_PRINT_TSV: return sw_render_tsv(out, bytes, length, error);
    case SW_PRINT_JSONL: return sw_render_json(out, bytes, length, error);
    }
    return false;
}

static char separator(const struct sw_printer *printer)
{
    return printer->options.format == SW_PRINT_TSV ? '\t' : ',';
}

static bool header_line(struct sw_printer *printer, struct sw_error *error)
{
    const struct sw_schema *schema = printer->schema;
    char between = separator(printer);
    for (size_t i = 0; i < schema->column_count; i++) {
        const char *name = schema->columns[i].name;
        if (i && !sw_buffer_add(&printer->text, &between, 1, error)) return false;
        if (!render(printer, &printer->text, name, strlen(name), error)) return false;
    }
    return sw_buffer_add(&printer->text, "\n", 1, error);
}

static bool json_names(struct sw_printer *printer, struct sw_error *error)
{
    size_t count = printer->schema->column_count;
    printer->names = sw_alloc(count, sizeof *printer->names, error);
    if (!printer->names) return false;
    for (size_t i = 0; i < count; i++) {
        const char *name = printer->schema->columns[i].name;
        struct sw_buffer *out = &printer->names[i];
        if (!sw_buffer_text(out, i ? "," : "{", error) ||
            !sw_render_json(out, name, strlen(name), error) || !sw_buffer_text(out, ":", error))
            return false;
    }
    return true;
}

bool sw_printer_open(struct sw_printer *printer, struct sw_output *output,
                     const struct sw_schema *schema, const struct sw_print_options *options,
                     struct sw_error *error)
{
    *printer = (struct sw_printer){.output = output, .schema = schema, .options = *options};
    printer->first_entries =
        sw_alloc(schema->column_count, sizeof *printer->first_entries, error);
    bool good = printer->first_entries != NULL;
    if (good && options->format == SW_PRINT_JSONL) good = json_names(printer, error);
    else if (good && !options->no_header) good = header_line(printer, error);
    if (!good) sw_printer_free(printer);
    return good;
}

void sw_printer_free(struct sw_printer *printer)
{
    for (size_t i = 0; printer->names && i < printer->schema->column_count; i++)
        sw_buffer_free(&printer->names[i]);
    free(printer->names);
    free(printer->first_entries);
    free(printer->rendered_ends);
    sw_buffer_free(&printer->text);
    sw_buffer_free(&printer->rendered);
    printer->names = NULL;
    printer->first_entries = printer->rendered_ends = NULL;
}

bool sw_printer_flush(struct sw_printer *printer, struct sw_error *error)
{
    size_t length = printer->text.length;
    printer->text.length = 0;
    return sw_output_write(printer->output, printer->text.bytes, length, error);
}

/* ---- values ---- */

static bool render_dictionary(struct sw_printer *printer, const struct sw_vector *vector,
                              size_t *entries, struct sw_error *error)
{
    if (!sw_grow(&printer->rendered_ends, &printer->ends_capacity,
                 *entries + vector->dictionary_size, sizeof *printer->rendered_ends, error))
        return false;
    for (uint32_t code = 0; code < vector->dictionary_size; code++) {
        const struct sw_text *text = &vector->dictionary[code];
        if (!render(printer, &printer->rendered, text->bytes, text->length, error)) return false;
        printer->rendered_ends[(*entries)++] = printer->rendered.length;
    }
    return true;
}

/* Every text is made printable once, however many rows have it. */
static bool render_dictionaries(struct sw_printer *printer, const struct sw_vector *const *vectors,
                                struct sw_error *error)
{
    size_t entries = 0;
    printer->rendered.length = 0;
    for (size_t i = 0; i < printer->schema->column_count; i++) {
        printer->first_entries[i] = entries;
        if (vectors[i]->type == SW_TEXT && !render_dictionary(printer, vectors[i], &entries, error))
            return false;
    }
    return true;
}

static const unsigned char *rendered_text(const struct sw_printer *printer, size_t column,
                                          uint32_t code, size_t *length)
{
    size_t entry = printer->first_entries[column] + code;
    size_t start = entry ? printer->rendered_ends[entry - 1] : 0;
    *length = printer->rendered_ends[entry] - start;
    return printer->rendered.bytes + start;
}

static size_t plain_value(const struct sw_printer *printer, char *to, size_t column,
                          const struct sw_vector *vector, size_t row)
{
    if (vector->type == SW_DATE) return sw_format_date(to, (int64_t)sw_value(vector, row));
    if (vector->type == SW_TIME && printer->options.iso_time) {
        int64_t time = (int64_t)sw_value(vector, row);
        return sw_format_time(to, time, sw_zone_offset(printer->options.iso_time, time), false);
    }
    if (printer->options.fixed && printer->options.fixed[column])
        return sw_format_fixed(to, sw_value(vector, row), vector->scale);
    if (!vector->wide && vector->scale == 0) return sw_format_integer(to, vector->narrow[row]);
    return sw_format_decimal(to, sw_value(vector, row), vector->scale);
}

static size_t significant_digits(const char *text, size_t length)
{
    size_t count = 0;
    for (size_t i = 0; i < length; i++)
        if (text[i] >= '0' && text[i] <= '9' && (count || text[i] != '0')) count++;
    return count;
}

/* Whether JSON shows a value as a string: what a reader that thinks in doubles would change, and ids, times and sums always. */
static bool json_string(const struct sw_printer *printer, size_t column,
                        const struct sw_vector *vector, size_t row, const char *text, size_t length)
{
    if (vector->type == SW_DATE) return true;
    if (vector->type == SW_TIME && printer->options.iso_time) return true;
    if (printer->options.json_numbers) return false;
    if (vector->type == SW_TIME || vector->type == SW_UINT) return true;
    if (printer->options.sums && printer->options.sums[column]) return true;
    if (vector->type == SW_DECIMAL) return significant_digits(text, length) > JSON_DIGITS;
    sw_int128 value = sw_value(vector, row), most = (sw_int128)1 << JSON_EXACT;
    return value > most || value < -most;
}

/* Writes a value that is not text; there is room for NUMBER_ROOM bytes. */
static size_t print_value(const struct sw_printer *printer, char *to, size_t column,
                          const struct sw_vector *vector, size_t row)
{
    if (printer->options.format != SW_PRINT_JSONL)
        return plain_value(printer, to, column, vector, row);
    size_t length = plain_value(printer, to + 1, column, vector, row);
    if (!json_string(printer, column, vector, row, to + 1, length)) {
        memmove(to, to + 1, length);
        return length;
    }
    to[0] = '"';
    to[length + 1] = '"';
    return length + 2;
}

/* ---- rows ---- */

static bool print_cell(struct sw_printer *printer, size_t column, const struct sw_vector *vector,
                       size_t row, struct sw_error *error)
{
    struct sw_buffer *out = &printer->text;
    if (sw_is_null(vector, row))
        return printer->options.format != SW_PRINT_JSONL || sw_buffer_text(out, "null", error);
    if (vector->type == SW_TEXT) {
        size_t length;
        const unsigned char *text = rendered_text(printer, column, vector->codes[row], &length);
        return sw_buffer_add(out, text, length, error);
    }
    if (!sw_buffer_reserve(out, NUMBER_ROOM, error)) return false;
    out->length +=
        print_value(printer, (char *)out->bytes + out->length, column, vector, row);
    return true;
}

static bool print_row(struct sw_printer *printer, const struct sw_vector *const *vectors,
                      size_t row, struct sw_error *error)
{
    struct sw_buffer *out = &printer->text;
    size_t columns = printer->schema->column_count;
    bool json = printer->options.format == SW_PRINT_JSONL;
    char between = separator(printer);
    for (size_t i = 0; i < columns; i++) {
        if (json) {
            const struct sw_buffer *name = &printer->names[i];
            if (!sw_buffer_add(out, name->bytes, name->length, error)) return false;
        } else if (i && !sw_buffer_add(out, &between, 1, error)) {
            return false;
        }
        if (!print_cell(printer, i, vectors[i], row, error)) return false;
    }
    if (json && columns == 0 && !sw_buffer_text(out, "{", error)) return false;
    return sw_buffer_text(out, json ? "}\n" : "\n", error);
}

bool sw_printer_rows(struct sw_printer *printer, const struct sw_vector *const *vectors,
                     const uint32_t *selected, size_t count, struct sw_error *error)
{
    if (count == 0) return true;
    if (!render_dictionaries(printer, vectors, error)) return false;
    for (size_t i = 0; i < count; i++) {
        if (!print_row(printer, vectors, selected ? selected[i] : i, error)) return false;
        if (printer->text.length >= FLUSH_AT && !sw_printer_flush(printer, error)) return false;
    }
    return true;
}
