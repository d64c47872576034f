/* SPDX-License-Identifier: ISC */
#include "output/text_writer.h"

#include "base/civil.h"
#include "base/json.h"
#include "base/memory.h"
#include "base/number.h"
#include "output/quote_text.h"

/* Rows are put together in a buffer that has room for the longest one beforehand, so that nothing is checked cell by cell. Columns
 * repeat themselves: a number equal to the one above it is copied from there, with what stands before it. */

enum {
    FLUSH_AT = 256 * 1024,
    NUMBER_ROOM = 64, /* any number, date or time with its quotes */
    COPY_SLACK = 32,  /* bytes that copy() may read and write too many */
    JSON_BITS = 53,   /* of an integer that every JSON reader keeps */
    JSON_DIGITS = 15, /* significant decimal digits likewise */
};

enum style {
    STYLE_INTEGER,
    STYLE_DECIMAL,
    STYLE_FIXED,
    STYLE_DATE,
    STYLE_ISO_TIME,
    STYLE_LOCAL_TIME,
    STYLE_TEXT,
};

enum quoting {
    QUOTED_NEVER,
    QUOTED_ALWAYS,
    QUOTED_WHEN_INEXACT, /* where a JSON reader that thinks in doubles would change the number */
};

struct sw_print_field {
    enum style style;
    enum quoting quoting;
    struct sw_buffer lead; /* what stands before each value: a separator, in JSON the name too */
    size_t first_entry;    /* of the dictionary at hand, in rendered_ends */
    /* The vector at hand, where its numbers may repeat themselves; else NULL. */
    const int64_t *narrow;
    bool plain;      /* an integer without quotes */
    bool remembered; /* the number printed last is still in the text, after its lead: */
    int64_t last_value;
    uint64_t last_front; /* its digits but the last eight, of a number in digits alone */
    size_t last_offset, last_length; /* of both */
};

bool sw_print_format(const char *name, enum sw_print_format *format, struct sw_error *error)
{
    static const char *const names[] = {"csv", "tsv", "jsonl", "table"};
    *format = SW_PRINT_CSV;
    if (!name) return true;
    for (int i = 0; i < 4; i++)
        if (strcmp(name, names[i]) == 0) {
            *format = (enum sw_print_format)i;
            return true;
        }
    return sw_fail(error, SW_USAGE, "--format: not csv, tsv, jsonl or table: '%s'", name);
}

/* ---- columns ---- */

static bool render(const struct sw_printer *printer, struct sw_buffer *out, const char *bytes,
                   size_t length, struct sw_error *error)
{
    switch (printer->options.format) {
    case SW_PRINT_CSV:
        return sw_render_csv(out, bytes, length, error);
    case SW_PRINT_TABLE:
    case SW_PRINT_TSV:
        return sw_render_tsv(out, bytes, length, error);
    case SW_PRINT_JSONL:
        return sw_json_text(out, bytes, length, error);
    }
    return false;
}

static enum style style_of(const struct sw_print_options *options, enum sw_type type, size_t column)
{
    switch (type) {
    case SW_TEXT:
        return STYLE_TEXT;
    case SW_DATE:
        return STYLE_DATE;
    case SW_TIME:
        if (options->format == SW_PRINT_TABLE && options->table_time) return STYLE_LOCAL_TIME;
        return options->iso_time ? STYLE_ISO_TIME : STYLE_INTEGER;
    case SW_DECIMAL:
        return options->fixed && options->fixed[column] ? STYLE_FIXED : STYLE_DECIMAL;
    case SW_INT:
    case SW_UINT:
        break;
    }
    return STYLE_INTEGER;
}

/* Ids, times and sums are strings in JSON, whatever their size, so that a column has one type. */
static enum quoting quoting_of(const struct sw_print_options *options, enum sw_type type,
                               enum style style, size_t column)
{
    if (options->format != SW_PRINT_JSONL || style == STYLE_TEXT) return QUOTED_NEVER;
    if (style == STYLE_DATE || style == STYLE_ISO_TIME) return QUOTED_ALWAYS;
    if (options->json_numbers) return QUOTED_NEVER;
    if (type == SW_TIME || type == SW_UINT) return QUOTED_ALWAYS;
    return options->sums && options->sums[column] ? QUOTED_ALWAYS : QUOTED_WHEN_INEXACT;
}

static bool make_lead(const struct sw_printer *printer, size_t column, struct sw_buffer *lead,
                      struct sw_error *error)
{
    const char *name = printer->schema->columns[column].name;
    bool good = sw_buffer_reserve(lead, COPY_SLACK, error);
    if (printer->options.format != SW_PRINT_JSONL)
        return good &&
               (column == 0 ||
                sw_buffer_text(lead, printer->options.format == SW_PRINT_CSV ? "," : "\t", error));
    return good && sw_buffer_text(lead, column ? "," : "{", error) &&
           sw_json_text(lead, name, strlen(name), error) && sw_buffer_text(lead, ":", error) &&
           sw_buffer_reserve(lead, COPY_SLACK, error);
}

static bool make_fields(struct sw_printer *printer, struct sw_error *error)
{
    const struct sw_schema *schema = printer->schema;
    printer->fields = sw_alloc(schema->column_count, sizeof *printer->fields, error);
    if (!printer->fields) return false;
    for (size_t i = 0; i < schema->column_count; i++) {
        struct sw_print_field *field = &printer->fields[i];
        field->style = style_of(&printer->options, schema->columns[i].type, i);
        field->quoting = quoting_of(&printer->options, schema->columns[i].type, field->style, i);
        field->plain = field->style == STYLE_INTEGER && field->quoting == QUOTED_NEVER;
        if (!make_lead(printer, i, &field->lead, error)) return false;
    }
    return true;
}

static bool header_line(struct sw_printer *printer, struct sw_error *error)
{
    const struct sw_schema *schema = printer->schema;
    for (size_t i = 0; i < schema->column_count; i++) {
        const struct sw_buffer *lead = &printer->fields[i].lead;
        const char *name = schema->columns[i].name;
        if (!sw_buffer_add(&printer->text, lead->bytes, lead->length, error) ||
            !render(printer, &printer->text, name, strlen(name), error))
            return false;
    }
    return sw_buffer_text(&printer->text, "\n", error);
}

/* The only field of a CSV line is quoted when it is empty: an empty line would be no row to its readers. */
static const char *null_text(const struct sw_printer *printer)
{
    if (printer->options.format == SW_PRINT_JSONL) return "null";
    bool alone = printer->options.format == SW_PRINT_CSV && printer->schema->column_count == 1;
    return alone ? "\"\"" : "";
}

bool sw_printer_again(struct sw_printer *printer, struct sw_error *error)
{
    bool headless = printer->options.no_header || printer->options.format == SW_PRINT_JSONL;
    printer->rows = 0;
    return headless || header_line(printer, error);
}

bool sw_printer_open(struct sw_printer *printer, struct sw_output *output,
                     const struct sw_schema *schema, const struct sw_print_options *options,
                     struct sw_error *error)
{
    *printer = (struct sw_printer){.output = output, .schema = schema, .options = *options};
    const char *null = null_text(printer);
    printer->null_length = strlen(null);
    memcpy(printer->null, null, printer->null_length);
    if (options->format == SW_PRINT_TABLE) sw_text_table_open(&printer->table, schema, output);
    if (make_fields(printer, error) && sw_printer_again(printer, error)) return true;
    sw_printer_free(printer);
    return false;
}

void sw_printer_free(struct sw_printer *printer)
{
    for (size_t i = 0; printer->fields && i < printer->schema->column_count; i++)
        sw_buffer_free(&printer->fields[i].lead);
    free(printer->fields);
    free(printer->rendered_ends);
    sw_text_table_free(&printer->table);
    sw_buffer_free(&printer->text);
    sw_buffer_free(&printer->rendered);
    printer->fields = NULL;
    printer->rendered_ends = NULL;
}

static bool flush(struct sw_printer *printer, struct sw_error *error)
{
    size_t length = printer->text.length;
    printer->text.length = 0;
    for (size_t i = 0; i < printer->schema->column_count; i++)
        printer->fields[i].remembered = false;
    return printer->options.format == SW_PRINT_TABLE
               ? sw_text_table_take(&printer->table, printer->text.bytes, length, error)
               : sw_output_write(printer->output, printer->text.bytes, length, error);
}

bool sw_printer_end(struct sw_printer *printer, struct sw_error *error)
{
    return flush(printer, error) && (printer->options.format != SW_PRINT_TABLE ||
                                     sw_text_table_write(&printer->table, printer->output, error));
}

/* ---- texts ---- */

/* Appends a dictionary as it is printed; *longest is the length of its longest entry then. */
static bool render_dictionary(struct sw_printer *printer, const struct sw_vector *vector,
                              size_t *entries, size_t *longest, struct sw_error *error)
{
    *longest = 0;
    if (!sw_grow(&printer->rendered_ends, &printer->ends_capacity,
                 *entries + vector->dictionary_size, sizeof *printer->rendered_ends, error))
        return false;
    for (uint32_t code = 0; code < vector->dictionary_size; code++) {
        const struct sw_text *text = &vector->dictionary[code];
        size_t start = printer->rendered.length;
        if (!render(printer, &printer->rendered, text->bytes, text->length, error)) return false;
        printer->rendered_ends[(*entries)++] = printer->rendered.length;
        if (printer->rendered.length - start > *longest)
            *longest = printer->rendered.length - start;
    }
    return true;
}

/* Every text is made printable once, however many rows have it. *row_room is then what the longest row can take. */
static bool render_dictionaries(struct sw_printer *printer, const struct sw_vector *const *vectors,
                                size_t *row_room, struct sw_error *error)
{
    size_t entries = 0;
    printer->rendered.length = 0;
    *row_room = COPY_SLACK + 4; /* a brace pair and the newline */
    for (size_t i = 0; i < printer->schema->column_count; i++) {
        size_t longest = NUMBER_ROOM;
        printer->fields[i].first_entry = entries;
        printer->fields[i].narrow =
            vectors[i]->type == SW_TEXT || vectors[i]->wide ? NULL : vectors[i]->narrow;
        if (vectors[i]->type == SW_TEXT &&
            !render_dictionary(printer, vectors[i], &entries, &longest, error))
            return false;
        *row_room += printer->fields[i].lead.length + (longest < 4 ? 4 : longest); /* null */
    }
    return sw_buffer_reserve(&printer->rendered, COPY_SLACK, error);
}

/* Short pieces in one move of constant size; both sides have COPY_SLACK to spare. */
static unsigned char *copy(unsigned char *to, const void *from, size_t length)
{
    unsigned char piece[COPY_SLACK]; /* the two may be closer than that: both lie in the text */
    if (length > COPY_SLACK) {
        memcpy(to, from, length);
    } else {
        memcpy(piece, from, COPY_SLACK);
        memcpy(to, piece, COPY_SLACK);
    }
    return to + length;
}

static unsigned char *put_text(const struct sw_printer *printer, const struct sw_print_field *field,
                               uint32_t code, unsigned char *to)
{
    size_t entry = field->first_entry + code;
    size_t start = entry ? printer->rendered_ends[entry - 1] : 0;
    return copy(to, printer->rendered.bytes + start, printer->rendered_ends[entry] - start);
}

/* ---- numbers ---- */

static size_t format_value(const struct sw_printer *printer, const struct sw_print_field *field,
                           const struct sw_vector *vector, size_t row, char *to)
{
    sw_int128 value = sw_value(vector, row);
    switch (field->style) {
    case STYLE_DATE:
        return sw_format_date(to, (int64_t)value);
    case STYLE_FIXED:
        return sw_format_fixed(to, value, vector->scale);
    case STYLE_ISO_TIME: {
        int offset = sw_zone_offset(printer->options.iso_time, (int64_t)value);
        return sw_format_time(to, (int64_t)value, offset, false);
    }
    case STYLE_LOCAL_TIME:
        return sw_format_local(to, (int64_t)value,
                               sw_zone_offset(printer->options.table_time, (int64_t)value));
    case STYLE_INTEGER:
        if (!vector->wide) return sw_format_integer(to, vector->narrow[row]);
        break;
    case STYLE_DECIMAL:
    case STYLE_TEXT:
        break;
    }
    return sw_format_decimal(to, value, vector->scale);
}

static size_t significant_digits(const char *text, size_t length)
{
    size_t count = 0;
    for (size_t i = 0; i < length; i++)
        if (text[i] >= '0' && text[i] <= '9' && (count || text[i] != '0')) count++;
    return count;
}

/* Whether a double holds the number that the text shows. */
static bool is_exact(const struct sw_print_field *field, sw_int128 value, const char *text,
                     size_t length)
{
    const sw_int128 integers = (sw_int128)1 << JSON_BITS, mantissas = 1000000000000000;
    if (field->style == STYLE_INTEGER) return value <= integers && value >= -integers;
    if (value < mantissas && value > -mantissas) return true;
    return significant_digits(text, length) <= JSON_DIGITS;
}

static size_t put_json_number(const struct sw_printer *printer, const struct sw_print_field *field,
                              const struct sw_vector *vector, size_t row, char *to)
{
    size_t length = format_value(printer, field, vector, row, to + 1);
    if (field->quoting == QUOTED_WHEN_INEXACT &&
        is_exact(field, sw_value(vector, row), to + 1, length)) {
        memmove(to, to + 1, length);
        return length;
    }
    to[0] = '"';
    to[length + 1] = '"';
    return length + 2;
}

static size_t put_number(const struct sw_printer *printer, const struct sw_print_field *field,
                         const struct sw_vector *vector, size_t row, char *to)
{
    return field->quoting == QUOTED_NEVER ? format_value(printer, field, vector, row, to)
                                          : put_json_number(printer, field, vector, row, to);
}

/* The field's text from `start` is its lead and the number in this row. */
static void remember(struct sw_print_field *field, size_t row, size_t start, size_t end)
{
    field->remembered = field->narrow != NULL;
    if (!field->narrow) return;
    field->last_value = field->narrow[row];
    field->last_offset = start;
    field->last_length = end - start;
}

/* ---- rows ---- */

/* At most eight bytes, of which all are written. */
static unsigned char *put_null(const struct sw_printer *printer, unsigned char *to)
{
    memcpy(to, printer->null, sizeof printer->null);
    return to + printer->null_length;
}

static unsigned char *put_lead(const struct sw_print_field *field, unsigned char *to)
{
    if (field->lead.length > 1) return copy(to, field->lead.bytes, field->lead.length);
    *to = *field->lead.bytes;
    return to + field->lead.length;
}

/* Most ids and times begin like those above them: the last eight digits are then all that is new. */
static unsigned char *put_digits(const struct sw_printer *printer, struct sw_print_field *field,
                                 uint64_t value, unsigned char *to)
{
    const uint64_t eight = 100000000;
    const unsigned char *above = printer->text.bytes + field->last_offset;
    uint64_t front = value / eight, last = field->remembered ? field->last_front : 0;
    field->last_front = front;
    if (front && front == last) {
        to = copy(to, above, field->last_length - 8);
        sw_format_eight((char *)to, (uint32_t)(value % eight));
        return to + 8;
    }
    to = put_lead(field, to);
    return to + sw_format_unsigned((char *)to, value);
}

/* What is no number like the one above it. */
static unsigned char *put_new(struct sw_printer *printer, struct sw_print_field *field,
                              const struct sw_vector *vector, size_t row, unsigned char *to)
{
    unsigned char *text = printer->text.bytes, *start = to;
    bool null = sw_is_null(vector, row);
    if (field->plain && field->narrow && !null && field->narrow[row] >= 0) {
        to = put_digits(printer, field, (uint64_t)field->narrow[row], to);
    } else {
        to = put_lead(field, to);
        if (null) return put_null(printer, to);
        if (field->style == STYLE_TEXT) return put_text(printer, field, vector->codes[row], to);
        to += put_number(printer, field, vector, row, (char *)to);
        field->last_front = 0;
    }
    remember(field, row, (size_t)(start - text), (size_t)(to - text));
    return to;
}

static bool repeats(const struct sw_print_field *field, const struct sw_vector *vector, size_t row)
{
    return field->remembered && field->narrow && field->narrow[row] == field->last_value &&
           !sw_is_null(vector, row);
}

/* There is room for the longest row, and COPY_SLACK after it. */
static void put_row(struct sw_printer *printer, const struct sw_vector *const *vectors, size_t row)
{
    struct sw_print_field *field = printer->fields, *end = field + printer->schema->column_count;
    bool json = printer->options.format == SW_PRINT_JSONL;
    const unsigned char *text = printer->text.bytes;
    unsigned char *to = printer->text.bytes + printer->text.length;
    for (; field < end; field++, vectors++)
        to = repeats(field, *vectors, row) ? copy(to, text + field->last_offset, field->last_length)
                                           : put_new(printer, field, *vectors, row, to);
    if (json && printer->fields == end) *to++ = '{';
    if (json) *to++ = '}';
    *to++ = '\n';
    printer->text.length = (size_t)(to - text);
}

bool sw_printer_rows(struct sw_printer *printer, const struct sw_vector *const *vectors,
                     const uint32_t *selected, size_t count, struct sw_error *error)
{
    size_t row_room;
    if (count == 0) return true;
    if (!render_dictionaries(printer, vectors, &row_room, error)) return false;
    if (!sw_buffer_reserve(&printer->text, FLUSH_AT + row_room, error)) return false;
    size_t printed = 0;
    for (; printed < count; printed++) {
        put_row(printer, vectors, selected ? selected[printed] : printed);
        if (printer->text.length >= FLUSH_AT && !flush(printer, error)) return false;
    }
    printer->rows += printed;
    return true;
}
