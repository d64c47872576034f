/* SPDX-License-Identifier: ISC */
#include "csv/split_row.h"

#include "base/memory.h"
#include "record/schema.h"

/* Rows come to libcsv one by one and without their ends, and blanks are bytes like others: it is to
 * strip nothing and to end nothing. */
static int no_byte(unsigned char byte)
{
    (void)byte;
    return 0;
}

static bool open_parser(struct sw_splitter *splitter, struct sw_error *error)
{
    if (csv_init(&splitter->parser, CSV_STRICT | CSV_STRICT_FINI) != 0)
        return sw_fail(error, SW_SYSTEM, "no memory for libcsv");
    csv_set_delim(&splitter->parser, (unsigned char)splitter->separator);
    csv_set_space_func(&splitter->parser, no_byte);
    csv_set_term_func(&splitter->parser, no_byte);
    return true;
}

bool sw_splitter_open(struct sw_splitter *splitter, char separator, size_t field_maximum,
                      struct sw_error *error)
{
    *splitter = (struct sw_splitter){.separator = separator, .field_maximum = field_maximum};
    return open_parser(splitter, error);
}

static void end_field(struct sw_splitter *splitter)
{
    if (splitter->fields < splitter->field_maximum)
        splitter->cells[splitter->cell_count + splitter->fields + 1] =
            (uint32_t)(splitter->text.length - 1);
    splitter->fields++;
}

/* Appends a field and a separator. There is room: together they are no longer than what the row has
 * for them, its end counted as a separator. */
static void put_field(struct sw_splitter *splitter, const void *bytes, size_t length)
{
    struct sw_buffer *text = &splitter->text;
    if (length > SW_TEXT_MAXIMUM) splitter->large = true;
    if (splitter->fields < splitter->field_maximum) {
        if (length) memcpy(text->bytes + text->length, bytes, length);
        text->length += length;
        text->bytes[text->length++] = (unsigned char)splitter->separator;
    }
    end_field(splitter);
}

/* What libcsv calls. */
static void take_field(void *bytes, size_t length, void *owner)
{
    put_field(owner, bytes, length);
}

/* The text goes through libcsv, which hands its fields to take_field. */
static enum sw_split parse(struct sw_splitter *splitter, const char *text, size_t length,
                           struct sw_error *error)
{
    struct csv_parser *parser = &splitter->parser;
    bool good = csv_parse(parser, text, length, take_field, NULL, splitter) == length &&
                csv_fini(parser, take_field, NULL, splitter) == 0;
    if (good) return SW_SPLIT_GOOD;
    int reason = csv_error(parser);
    csv_free(parser);
    if (!open_parser(splitter, error)) return SW_SPLIT_FAILED;
    if (reason != CSV_ENOMEM && reason != CSV_ETOOBIG) return SW_SPLIT_BROKEN;
    sw_fail(error, SW_SYSTEM, "no memory for a row of %zu bytes", length);
    return SW_SPLIT_FAILED;
}

/* Where the field that begins at row[at] ends: at the first separator outside of quotes. */
static size_t field_end(char separator, const char *row, size_t at, size_t length)
{
    bool quoted = at < length && row[at] == '"';
    for (at += quoted; quoted && at < length; at++) {
        const char *quote = memchr(row + at, '"', length - at);
        if (!quote) return length;
        at = (size_t)(quote - row) + 1;
        quoted = at < length && row[at] == '"'; /* the first of two */
        if (!quoted) break;
    }
    const char *found = memchr(row + at, separator, length - at);
    return found ? (size_t)(found - row) : length;
}

/* libcsv looks at every byte, so it is given only the fields that have quotes. */
static enum sw_split by_fields(struct sw_splitter *splitter, const char *row, size_t length,
                               struct sw_error *error)
{
    for (size_t at = 0, end; at <= length; at = end + 1) {
        end = field_end(splitter->separator, row, at, length);
        enum sw_split outcome = SW_SPLIT_GOOD;
        if (memchr(row + at, '"', end - at))
            outcome = parse(splitter, row + at, end - at, error);
        else
            put_field(splitter, row + at, end - at);
        if (outcome != SW_SPLIT_GOOD) return outcome;
    }
    return SW_SPLIT_GOOD;
}

static enum sw_split by_libcsv(struct sw_splitter *splitter, const char *row, size_t length,
                               struct sw_error *error)
{
    splitter->large = false;
    if (!sw_buffer_reserve(&splitter->text, length + 1, error)) return SW_SPLIT_FAILED;
    enum sw_split outcome = splitter->always_libcsv ? parse(splitter, row, length, error)
                                                    : by_fields(splitter, row, length, error);
    return outcome != SW_SPLIT_FAILED && splitter->large ? SW_SPLIT_LARGE : outcome;
}

static enum sw_split by_separators(struct sw_splitter *splitter, const char *row, size_t length,
                                   struct sw_error *error)
{
    struct sw_buffer *text = &splitter->text;
    size_t at = text->length;
    if (!sw_buffer_add(text, row, length, error) ||
        !sw_buffer_add(text, &splitter->separator, 1, error))
        return SW_SPLIT_FAILED;
    uint32_t *cells = splitter->cells + splitter->cell_count + 1;
    while (at < text->length) {
        const unsigned char *found =
            memchr(text->bytes + at, splitter->separator, text->length - at);
        at = (size_t)(found - text->bytes) + 1;
        if (splitter->fields < splitter->field_maximum)
            cells[splitter->fields] = (uint32_t)(at - 1);
        splitter->fields++;
    }
    return SW_SPLIT_GOOD;
}

/* The text begins with spare bytes, which readers of numbers look at. */
static bool prepare(struct sw_splitter *splitter, struct sw_error *error)
{
    static const char spare[] = "                                ";
    struct sw_buffer *text = &splitter->text;
    if (text->length == 0 && !sw_buffer_add(text, spare, sizeof spare - 1, error)) return false;
    return sw_grow(&splitter->cells, &splitter->cell_capacity,
                   splitter->cell_count + splitter->field_maximum + 1, sizeof *splitter->cells,
                   error);
}

enum sw_split sw_split_row(struct sw_splitter *splitter, const char *row, size_t length,
                           size_t *fields, struct sw_error *error)
{
    if (!prepare(splitter, error)) return SW_SPLIT_FAILED;
    size_t before = splitter->text.length;
    bool plain = !splitter->always_libcsv && !memchr(row, '"', length);
    splitter->cells[splitter->cell_count] = (uint32_t)(before - 1);
    splitter->fields = 0;
    enum sw_split outcome = plain ? by_separators(splitter, row, length, error)
                                  : by_libcsv(splitter, row, length, error);
    *fields = splitter->fields;
    if (outcome == SW_SPLIT_GOOD && splitter->fields == splitter->field_maximum)
        splitter->cell_count += splitter->field_maximum + 1;
    else
        splitter->text.length = before;
    return outcome;
}

void sw_splitter_reset(struct sw_splitter *splitter)
{
    splitter->text.length = 0;
    splitter->cell_count = 0;
}

void sw_splitter_free(struct sw_splitter *splitter)
{
    csv_free(&splitter->parser);
    free(splitter->cells);
    sw_buffer_free(&splitter->text);
    splitter->cells = NULL;
}
