/* SPDX-License-Identifier: ISC */
#include "output/text_table.h"

#include <inttypes.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/shown.h"
#include "base/shown_text.h"

enum { GAP = 2, NARROWEST = 20 };

void sw_text_table_open(struct sw_text_table *table, const struct sw_schema *schema,
                        const struct sw_output *output)
{
    struct winsize size = {0};
    *table = (struct sw_text_table){.schema = schema};
    if (isatty(output->fd) && ioctl(output->fd, TIOCGWINSZ, &size) == 0 && size.ws_col >= NARROWEST)
        table->width = size.ws_col;
}

void sw_text_table_free(struct sw_text_table *table)
{
    sw_buffer_free(&table->top.cells);
    for (size_t i = 0; i < 2 * SW_TEXT_TABLE_ENDS; i++) sw_buffer_free(&table->rows[i].cells);
}

/* ---- rows in ---- */

/* The place of the next row: after the others, then over the oldest of the last ones. */
static struct sw_table_row *next_row(struct sw_text_table *table)
{
    uint64_t at = table->count++;
    if (at < 2 * SW_TEXT_TABLE_ENDS) return &table->rows[at];
    return &table->rows[SW_TEXT_TABLE_ENDS + at % SW_TEXT_TABLE_ENDS];
}

bool sw_text_table_take(struct sw_text_table *table, const void *lines, size_t length,
                        struct sw_error *error)
{
    const char *line = lines, *end = line + length;
    while (line < end) {
        const char *newline = memchr(line, '\n', (size_t)(end - line));
        if (!newline) newline = end;
        struct sw_table_row *row = table->header ? next_row(table) : &table->top;
        table->header = true;
        row->cells.length = 0;
        if (!sw_buffer_add(&row->cells, line, (size_t)(newline - line), error)) return false;
        line = newline + 1;
    }
    return true;
}

/* ---- the table out ---- */

/* How many columns of a terminal a text takes: one a character, which combining and wide ones are
 * rarely enough not. */
static size_t width_of(const char *text, size_t length)
{
    size_t width = 0, here;
    char shown[SW_SHOWN_MAXIMUM];
    for (size_t at = 0; at < length; at += here) {
        size_t bytes = sw_shown_character(shown, text + at, length - at, &here);
        width += bytes == here && sw_is_showable(text + at, length - at, &here) ? 1 : bytes;
    }
    return width;
}

/* The cell that begins there; its end is a tab's place or the row's end. */
static size_t cell_length(const struct sw_table_row *row, size_t at)
{
    const unsigned char *tab =
        row->cells.length > at ? memchr(row->cells.bytes + at, '\t', row->cells.length - at) : NULL;
    return tab ? (size_t)(tab - row->cells.bytes) - at : row->cells.length - at;
}

static void widen(const struct sw_table_row *row, size_t columns, size_t *widths)
{
    size_t at = 0;
    for (size_t i = 0; i < columns; i++) {
        size_t length = cell_length(row, at),
               width = width_of((const char *)row->cells.bytes + at, length);
        if (width > widths[i]) widths[i] = width;
        at += length + 1;
    }
}

/* The columns that fit, one at least. */
static size_t columns_that_fit(const struct sw_text_table *table, const size_t *widths)
{
    size_t used = 0, columns = table->schema->column_count;
    for (size_t i = 0; i < columns; i++) {
        used += widths[i] + (i ? GAP : 0);
        if (table->width && used > table->width) return i ? i : 1;
    }
    return columns;
}

static bool is_number(enum sw_type type)
{
    return type == SW_INT || type == SW_UINT || type == SW_DECIMAL;
}

static bool blanks(struct sw_buffer *out, size_t count, struct sw_error *error)
{
    if (count == 0) return true; /* there may be no bytes at all yet */
    if (!sw_buffer_reserve(out, count, error)) return false;
    memset(out->bytes + out->length, ' ', count);
    out->length += count;
    return true;
}

static bool put_cells(const struct sw_text_table *table, const struct sw_table_row *row,
                      const size_t *widths, size_t shown, struct sw_buffer *out,
                      struct sw_error *error)
{
    size_t at = 0;
    for (size_t i = 0; i < shown; i++) {
        size_t length = cell_length(row, at);
        const char *text = (const char *)row->cells.bytes + at;
        size_t pad = widths[i] - width_of(text, length);
        bool right = is_number(table->schema->columns[i].type), last = i + 1 == shown;
        if (!(i == 0 || blanks(out, GAP, error)) || !(!right || blanks(out, pad, error)) ||
            !sw_shown_add(out, text, length, false, error) ||
            !(right || last || blanks(out, pad, error)))
            return false;
        at += length + 1;
    }
    return sw_buffer_text(out, "\n", error);
}

static bool put_rule(const size_t *widths, size_t shown, struct sw_buffer *out,
                     struct sw_error *error)
{
    for (size_t i = 0; i < shown; i++) {
        if (i && !blanks(out, GAP, error)) return false;
        for (size_t j = 0; j < widths[i]; j++)
            if (!sw_buffer_text(out, "─", error)) return false;
    }
    return sw_buffer_text(out, "\n", error);
}

/* Row i of those that are kept, in their order. */
static const struct sw_table_row *kept_row(const struct sw_text_table *table, size_t i)
{
    if (i < SW_TEXT_TABLE_ENDS || table->count <= 2 * SW_TEXT_TABLE_ENDS) return &table->rows[i];
    return &table->rows[SW_TEXT_TABLE_ENDS + (table->count + i) % SW_TEXT_TABLE_ENDS];
}

static bool put_rows(const struct sw_text_table *table, size_t kept, const size_t *widths,
                     size_t shown, struct sw_buffer *out, struct sw_error *error)
{
    for (size_t i = 0; i < kept; i++) {
        if (i == SW_TEXT_TABLE_ENDS && table->count > kept &&
            !sw_buffer_format(out, error, "… %" PRIu64 " rows …\n", table->count - kept))
            return false;
        if (!put_cells(table, kept_row(table, i), widths, shown, out, error)) return false;
    }
    return true;
}

static bool put_notes(const struct sw_text_table *table, size_t kept, size_t shown,
                      struct sw_buffer *out, struct sw_error *error)
{
    size_t columns = table->schema->column_count;
    if (table->count > kept &&
        !sw_buffer_format(out, error, "%" PRIu64 " rows, of which %zu are shown\n", table->count,
                          kept))
        return false;
    return shown == columns ||
           sw_buffer_format(out, error, "%zu of %zu columns fit; left out:", shown, columns);
}

/* A word of a sentence, on the next line where this one has no room for it and a comma. */
static bool put_word(const struct sw_text_table *table, const char *name, size_t *used,
                     struct sw_buffer *out, struct sw_error *error)
{
    size_t length = strlen(name), width = width_of(name, length) + 1;
    bool wraps = table->width && *used + 1 + width > table->width;
    *used = wraps ? width : *used + 1 + width;
    return sw_buffer_text(out, wraps ? "\n" : " ", error) &&
           sw_shown_add(out, name, length, false, error);
}

/* Their names, as far as a few lines have them. */
static bool put_left_out(const struct sw_text_table *table, size_t shown, struct sw_buffer *out,
                         struct sw_error *error)
{
    enum { NAMED = 16 };
    size_t columns = table->schema->column_count,
           end = columns - shown > NAMED ? shown + NAMED : columns;
    size_t begun = out->length, used;
    if (shown == columns) return true;
    while (begun > 0 && out->bytes[begun - 1] != '\n') begun--;
    used = out->length - begun;
    for (size_t i = shown; i < end; i++)
        if (!put_word(table, table->schema->columns[i].name, &used, out, error) ||
            !(i + 1 == columns || sw_buffer_text(out, ",", error)))
            return false;
    return sw_buffer_text(out, end < columns ? " …\n" : "\n", error);
}

bool sw_text_table_write(struct sw_text_table *table, struct sw_output *output,
                         struct sw_error *error)
{
    struct sw_buffer out = {0};
    size_t columns = table->schema->column_count;
    size_t kept =
        table->count < 2 * SW_TEXT_TABLE_ENDS ? (size_t)table->count : 2 * SW_TEXT_TABLE_ENDS;
    size_t *widths = sw_alloc(columns, sizeof *widths, error);
    if (!widths) return false;
    widen(&table->top, columns, widths);
    for (size_t i = 0; i < kept; i++) widen(kept_row(table, i), columns, widths);
    size_t shown = columns_that_fit(table, widths);
    bool good =
        put_cells(table, &table->top, widths, shown, &out, error) &&
        put_rule(widths, shown, &out, error) && put_rows(table, kept, widths, shown, &out, error) &&
        put_notes(table, kept, shown, &out, error) && put_left_out(table, shown, &out, error) &&
        sw_output_write(output, out.bytes, out.length, error);
    sw_buffer_free(&out);
    free(widths);
    return good;
}
