/* SPDX-License-Identifier: ISC */
#include "page/table.h"

#include "base/memory.h"
#include "page/decimal.h"
#include "page/html.h"

enum { WIDE = 14 }; /* more columns than that are printed small */

/* The file is read twice: to see which columns are numbers throughout and how many rows there are,
 * and to show them. */
struct table {
    const struct sw_page_table *asked;
    struct sw_page_seen *seen;
    size_t columns;        /* of the file */
    bool *wanted, *number; /* per column */
    struct sw_buffer *out;
};

static bool is_shown(const struct table *table, const struct sw_page_row *row)
{
    return !table->asked->totals || row->number == 0 || sw_page_cell_is(row, 0, "all");
}

static bool is_wanted(const struct sw_page_table *asked, const struct sw_page_row *header,
                      size_t column)
{
    if (!asked->only) return true;
    for (const char *const *name = asked->only; *name; name++)
        if (sw_page_cell_is(header, column, *name)) return true;
    return false;
}

static bool look_at_header(struct table *table, const struct sw_page_row *header,
                           struct sw_error *error)
{
    table->columns = header->columns;
    table->wanted = sw_alloc(header->columns, sizeof *table->wanted, error);
    table->number = sw_alloc(header->columns, sizeof *table->number, error);
    if (!table->wanted || !table->number) return false;
    for (size_t i = 0; i < header->columns; i++) {
        table->wanted[i] = is_wanted(table->asked, header, i);
        table->number[i] = true;
        if (!table->wanted[i]) continue;
        size_t length;
        const char *name = sw_page_cell(header, i, &length);
        table->seen->columns++;
        if (!sw_buffer_add(&table->seen->names, name, length, error) ||
            !sw_buffer_add(&table->seen->names, "", 1, error))
            return false;
    }
    return true;
}

static bool look(void *owner, const struct sw_page_row *row, struct sw_error *error)
{
    struct table *table = owner;
    if (row->number == 0) return look_at_header(table, row, error);
    table->seen->rows++;
    if (!is_shown(table, row)) return true;
    table->seen->shown += table->seen->shown < SW_PAGE_ROWS_SHOWN;
    for (size_t i = 0; i < row->columns; i++) {
        size_t length;
        const char *cell = sw_page_cell(row, i, &length);
        if (length > 0 && !sw_page_is_decimal(cell, length)) table->number[i] = false;
    }
    return true;
}

/* ---- showing ---- */

static bool put_cell(const struct table *table, const struct sw_page_row *row, size_t column,
                     struct sw_error *error)
{
    size_t length;
    const char *cell = sw_page_cell(row, column, &length);
    bool header = row->number == 0;
    const char *open = header && table->number[column] ? "<th scope=\"col\" class=\"n\">"
                       : header                        ? "<th scope=\"col\">"
                       : table->number[column]         ? "<td class=\"n\">"
                                                       : "<td>";
    return sw_buffer_text(table->out, open, error) &&
           sw_html_text(table->out, cell, length, error) &&
           sw_buffer_text(table->out, header ? "</th>" : "</td>", error);
}

static bool show(void *owner, const struct sw_page_row *row, struct sw_error *error)
{
    struct table *table = owner;
    if (row->columns != table->columns)
        return sw_fail(error, SW_DATA, "%s: became another file while it was read",
                       table->asked->path);
    if (!is_shown(table, row)) return true;
    if (row->number > 0 && table->seen->shown == SW_PAGE_ROWS_SHOWN) return true;
    table->seen->shown += row->number > 0;
    if (!sw_buffer_text(table->out, row->number == 0 ? "<thead><tr>" : "<tr>", error)) return false;
    for (size_t i = 0; i < row->columns; i++)
        if (table->wanted[i] && !put_cell(table, row, i, error)) return false;
    return sw_buffer_text(table->out, row->number == 0 ? "</tr></thead>\n<tbody>\n" : "</tr>\n",
                          error);
}

static bool put_table(struct table *table, struct sw_error *error)
{
    const struct sw_page_table *asked = table->asked;
    bool wide = table->seen->columns > WIDE;
    table->seen->shown = 0;
    return sw_html_between(table->out,
                           "<div class=\"box\" tabindex=\"0\" role=\"region\" aria-label=\"",
                           asked->name, "\"><table data-file=\"", error) &&
           sw_html_between(table->out, "", asked->name, wide ? "\" class=\"wide\">\n" : "\">\n",
                           error) &&
           sw_page_rows(asked->path, show, table, error) &&
           sw_buffer_text(table->out, "</tbody></table></div>\n", error);
}

/* How much of the file is here. */
static bool put_count(const struct table *table, struct sw_error *error)
{
    unsigned long long rows = table->seen->rows, shown = table->seen->shown;
    if (table->asked->totals || (rows == shown && rows > 0)) return true;
    if (rows == 0) return sw_buffer_text(table->out, "<p>It has no rows.</p>\n", error);
    return sw_buffer_format(
               table->out, error,
               "<p class=\"more\">The first %llu of %llu rows are shown; all of them are in ",
               shown, rows) &&
           sw_html_between(table->out, "<code>", table->asked->name, "</code>.</p>\n", error);
}

bool sw_page_table(const struct sw_page_table *asked, struct sw_page_seen *seen,
                   struct sw_buffer *out, struct sw_error *error)
{
    struct table table = {.asked = asked, .seen = seen, .out = out};
    *seen = (struct sw_page_seen){0};
    bool good = sw_page_rows(asked->path, look, &table, error) &&
                (seen->columns == 0 || (put_table(&table, error) && put_count(&table, error)));
    free(table.wanted);
    free(table.number);
    return good;
}
