/* SPDX-License-Identifier: ISC */
#include "page/glance.h"

#include <stdlib.h>
#include <string.h>

#include "output/text_table.h"
#include "page/rows.h"

enum { COLUMNS = 16 };

/* A file of aggregated/ and the columns that say most; of those only the ones that are there. */
struct glance {
    enum sw_page_kind kind;
    const char *stem;
    const char *columns[COLUMNS];
};

static const struct glance glances[] = {
    {SW_PAGE_REPORT,
     "by_security",
     {"security_code", "orders", "events", "trades", "trade_sides", "quotes", "rows", "filled",
      "fill_ratio", "matched_sum", "value_sum", "quantity_sum"}},
    {SW_PAGE_REPORT, "groups", {NULL}},
    {SW_PAGE_ANALYSIS,
     "metrics",
     {"group", "orders", "quantity_traded", "asked_quantity", "order_fill_ratio",
      "avg_execution_cost"}},
    {SW_PAGE_ANALYSIS,
     "simulation_summary",
     {"scenario", "orders", "savings", "savings_bps", "actual_cost", "simulated_cost",
      "without_quote", "old_quotes"}},
    {SW_PAGE_MATCH,
     "match_summary",
     {"rule", "sweeps", "matched_sweeps", "matches", "matched_quantity", "vwap", "mean_wait_s"}},
    {SW_PAGE_MATCH, "replay_summary", {NULL}},
};

struct showing {
    const struct glance *glance;
    struct sw_text_table table;
    struct sw_schema schema;
    struct sw_buffer line;
    size_t places[256], count;
};

static bool looks_like_number(const char *text, size_t length)
{
    size_t i = length > 0 && *text == '-';
    if (i == length) return false;
    while (i < length && ((text[i] >= '0' && text[i] <= '9') || text[i] == '.')) i++;
    return i == length;
}

static bool choose_columns(struct showing *showing, const struct sw_page_row *header)
{
    const size_t room = sizeof showing->places / sizeof *showing->places;
    bool all = !showing->glance->columns[0];
    for (size_t i = 0; all && i < header->columns && i < room; i++)
        showing->places[showing->count++] = i;
    for (size_t i = 0; !all && i < COLUMNS && showing->glance->columns[i]; i++) {
        size_t place = sw_page_find(header, showing->glance->columns[i]);
        if (place != SIZE_MAX) showing->places[showing->count++] = place;
    }
    return showing->count > 0;
}

/* A row as TSV; a tab or a newline in a text would be another cell. */
static bool add_line(struct showing *showing, const struct sw_page_row *row, struct sw_error *error)
{
    showing->line.length = 0;
    for (size_t i = 0; i < showing->count; i++) {
        size_t length;
        const char *cell = sw_page_cell(row, showing->places[i], &length);
        if (i && !sw_buffer_text(&showing->line, "\t", error)) return false;
        size_t from = showing->line.length;
        if (!sw_buffer_add(&showing->line, cell, length, error)) return false;
        for (size_t at = from; at < showing->line.length; at++)
            if (showing->line.bytes[at] == '\t' || showing->line.bytes[at] == '\n')
                showing->line.bytes[at] = ' ';
    }
    return sw_buffer_text(&showing->line, "\n", error) &&
           sw_text_table_take(&showing->table, showing->line.bytes, showing->line.length, error);
}

/* The header names the columns; they are numbers until a cell is none. */
static bool take(void *owner, const struct sw_page_row *row, struct sw_error *error)
{
    struct showing *showing = owner;
    char name[SW_NAME_MAXIMUM + 1];
    if (row->number == 0 && !choose_columns(showing, row)) return true;
    for (size_t i = 0; i < showing->count; i++) {
        size_t length;
        const char *cell = sw_page_cell(row, showing->places[i], &length);
        if (row->number > 0) {
            if (length && !looks_like_number(cell, length))
                showing->schema.columns[i].type = SW_TEXT;
            continue;
        }
        if (length > SW_NAME_MAXIMUM) length = SW_NAME_MAXIMUM;
        memcpy(name, cell, length);
        name[length] = 0;
        if (!sw_schema_add(&showing->schema, name, SW_INT, 0, error)) return false;
    }
    return showing->count == 0 || add_line(showing, row, error);
}

static bool show(const struct glance *glance, const char *path, bool first,
                 struct sw_output *output, struct sw_error *error)
{
    struct showing showing = {.glance = glance};
    if (!sw_schema_init(&showing.schema, glance->stem, error)) return false;
    sw_text_table_open(&showing.table, &showing.schema, output);
    bool good = sw_page_rows(path, take, &showing, error) &&
                (first || showing.count == 0 || sw_output_write(output, "\n", 1, error)) &&
                (showing.count == 0 || sw_text_table_write(&showing.table, output, error));
    sw_text_table_free(&showing.table);
    sw_schema_free(&showing.schema);
    sw_buffer_free(&showing.line);
    return good;
}

bool sw_glance_write(const struct sw_page_run *run, struct sw_output *output,
                     struct sw_error *error)
{
    bool good = true, first = true;
    for (size_t i = 0; good && i < sizeof glances / sizeof *glances; i++) {
        const char *file = sw_page_file_of(run, glances[i].stem);
        if (!file || glances[i].kind != run->kind) continue;
        char *path = sw_page_path(run, "aggregated", file, error);
        good = path && show(&glances[i], path, first, output, error);
        first = false;
        free(path);
    }
    return good;
}
