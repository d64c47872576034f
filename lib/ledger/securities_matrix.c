/* SPDX-License-Identifier: ISC
 * The job matrix of an analysis, securities by dates (ledger/securities.h). */
#include <inttypes.h>
#include <string.h>

#include "base/memory.h"
#include "ledger/securities.h"

struct cell {
    const char *code, *date;
    uint64_t events;
};

struct cells {
    struct cell *items;
    size_t count;
};

static bool is_number(const char *text)
{
    return *text && (*text != '0' || !text[1]) && !text[strspn(text, "0123456789")];
}

int sw_security_compare(const char *a, const char *b)
{
    bool numbers[2] = {is_number(a) && *a != '0', is_number(b) && *b != '0'};
    size_t lengths[2] = {strlen(a), strlen(b)};
    if (numbers[0] != numbers[1]) return numbers[0] - numbers[1];
    if (numbers[0] && lengths[0] != lengths[1]) return lengths[0] < lengths[1] ? -1 : 1;
    return strcmp(a, b);
}

static int compare(const void *left, const void *right)
{
    const struct cell *a = left, *b = right;
    int order = sw_security_compare(a->code, b->code);
    return order ? order : strcmp(a->date, b->date);
}

/* In order, each pair once. */
static bool make_cells(const struct sw_securities *securities, struct cells *cells,
                       struct sw_error *error)
{
    size_t count = 0, kept = 0;
    cells->items = sw_alloc(securities->count + 1, sizeof *cells->items, error);
    if (!cells->items) return false;
    for (size_t i = 0; i < securities->count; i++) {
        const struct sw_list_line *line = &securities->lines[i];
        if (line->table == SW_TABLE_ORDERS)
            cells->items[count++] = (struct cell){line->code, line->date, line->counts[0]};
    }
    if (count > 1) qsort(cells->items, count, sizeof *cells->items, compare);
    for (size_t i = 0; i < count; i++) {
        if (kept > 0 && compare(&cells->items[kept - 1], &cells->items[i]) == 0)
            cells->items[kept - 1].events += cells->items[i].events;
        else
            cells->items[kept++] = cells->items[i];
    }
    cells->count = kept;
    return true;
}

bool sw_securities_matrix(const struct sw_securities *securities, struct sw_buffer *out,
                          struct sw_error *error)
{
    struct cells cells;
    bool good = make_cells(securities, &cells, error) &&
                sw_buffer_text(out, "security_code,date,events\n", error);
    for (size_t i = 0; good && i < cells.count; i++)
        good = sw_buffer_format(out, error, "%s,%s,%" PRIu64 "\n", cells.items[i].code,
                                cells.items[i].date, cells.items[i].events);
    free(cells.items);
    return good;
}

/* ---- for people ---- */

static int by_bytes(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static const char **dates_of(const struct cells *cells, size_t *count, struct sw_error *error)
{
    const char **dates = sw_alloc(cells->count + 1, sizeof *dates, error);
    *count = 0;
    if (!dates) return NULL;
    for (size_t i = 0; i < cells->count; i++) dates[i] = cells->items[i].date;
    qsort(dates, cells->count, sizeof *dates, by_bytes);
    for (size_t i = 0; i < cells->count; i++)
        if (*count == 0 || strcmp(dates[*count - 1], dates[i]) != 0) dates[(*count)++] = dates[i];
    return dates;
}

/* A row of the picture; returns the cell after it. */
static bool put_row(const struct cells *cells, size_t *at, const char **dates, size_t count,
                    struct sw_buffer *out, struct sw_error *error)
{
    const char *code = cells->items[*at].code;
    bool good = sw_buffer_format(out, error, "%-14s", code);
    for (size_t i = 0; good && i < count; i++) {
        const struct cell *cell = *at < cells->count ? &cells->items[*at] : NULL;
        bool here = cell && strcmp(cell->code, code) == 0 && strcmp(cell->date, dates[i]) == 0;
        good = here ? sw_buffer_format(out, error, " %12" PRIu64, cell->events)
                    : sw_buffer_format(out, error, " %12s", "-");
        *at += here;
    }
    return good && sw_buffer_text(out, "\n", error);
}

static bool put_picture(const struct cells *cells, const char **dates, size_t count,
                        struct sw_buffer *out, struct sw_error *error)
{
    uint64_t events = 0, securities = 0;
    bool good = sw_buffer_format(out, error, "%-14s", "security");
    for (size_t i = 0; good && i < count; i++)
        good = sw_buffer_format(out, error, " %12s", dates[i]);
    good = good && sw_buffer_text(out, "\n", error);
    for (size_t at = 0; good && at < cells->count; securities++)
        good = put_row(cells, &at, dates, count, out, error);
    for (size_t i = 0; i < cells->count; i++) events += cells->items[i].events;
    return good &&
           sw_buffer_format(out, error,
                            "%" PRIu64 " securities, %zu dates, %zu jobs of (security, date), "
                            "%" PRIu64 " events\n",
                            securities, count, cells->count, events);
}

bool sw_securities_picture(const struct sw_securities *securities, struct sw_buffer *out,
                           struct sw_error *error)
{
    struct cells cells;
    size_t count;
    const char **dates = NULL;
    bool good = make_cells(securities, &cells, error) &&
                (dates = dates_of(&cells, &count, error)) &&
                put_picture(&cells, dates, count, out, error);
    free(dates);
    free(cells.items);
    return good;
}
