/* SPDX-License-Identifier: ISC */
#include "ledger/rows.h"

#include <inttypes.h>
#include <string.h>

#include "base/memory.h"
#include "output/quote_text.h"

void sw_ledger_sum(struct sw_ledger_counts *sum, const struct sw_ledger_counts *counts)
{
    sum->text = sum->text && counts->text;
    for (size_t i = 0; i < SW_LEDGER_COUNTS; i++) sum->of[i] += counts->of[i];
}

static bool put(const struct sw_ledger_counts *counts, size_t first, struct sw_buffer *out,
                struct sw_error *error)
{
    const uint64_t *of = counts->of + first;
    return sw_buffer_format(out, error, "%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64, of[0],
                            of[1], of[2], of[3]);
}

uint64_t sw_ledger_rows_read(const struct sw_ledger *ledger, const char *table)
{
    uint64_t rows = 0;
    for (size_t i = 0; i < ledger->count; i++)
        if (strcmp(ledger->inputs[i].table, table) == 0)
            rows += ledger->inputs[i].counts.of[SW_READ];
    return rows;
}

bool sw_ledger_put_rows(const struct sw_ledger_counts *counts, struct sw_buffer *out,
                        struct sw_error *error)
{
    return put(counts, SW_READ, out, error);
}

bool sw_ledger_put_lines(const struct sw_ledger_counts *counts, struct sw_buffer *out,
                         struct sw_error *error)
{
    return counts->text ? put(counts, SW_LINES, out, error) : sw_buffer_text(out, ",,,", error);
}

/* ---- whether it adds up ---- */

static bool check_lines(const struct sw_ledger_input *input, struct sw_error *error)
{
    const uint64_t *of = input->counts.of;
    if (!input->counts.text ||
        (of[SW_LINES] == of[SW_HEADER] + of[SW_EMPTY] + of[SW_IGNORED] + of[SW_READ] &&
         of[SW_HEADER] <= 1))
        return true;
    return sw_fail(error, SW_SYSTEM,
                   "the ledger does not add up: %s: %" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64
                   " lines, those of the header, empty and ignored, but %" PRIu64 " rows",
                   input->name, of[SW_LINES], of[SW_HEADER], of[SW_EMPTY], of[SW_IGNORED],
                   of[SW_READ]);
}

static bool check_input(const struct sw_ledger_input *input, struct sw_error *error)
{
    const uint64_t *of = input->counts.of;
    if (of[SW_READ] != of[SW_KEPT] + of[SW_REJECTED] + of[SW_BAD])
        return sw_fail(error, SW_SYSTEM,
                       "the ledger does not add up: %s: %" PRIu64 " rows read, but %" PRIu64
                       " kept, %" PRIu64 " rejected, %" PRIu64 " bad",
                       input->name, of[SW_READ], of[SW_KEPT], of[SW_REJECTED], of[SW_BAD]);
    if (input->rows_known && input->rows != of[SW_READ])
        return sw_fail(error, SW_SYSTEM,
                       "the ledger does not add up: %s: %" PRIu64
                       " rows were read, but it has %" PRIu64,
                       input->name, of[SW_READ], input->rows);
    return check_lines(input, error);
}

bool sw_ledger_check(const struct sw_ledger *ledger, struct sw_error *error)
{
    for (size_t i = 0; i < ledger->count; i++)
        if (!check_input(&ledger->inputs[i], error)) return false;
    return true;
}

/* ---- as CSV ---- */

static bool put_line(const char *name, const struct sw_ledger_counts *counts, struct sw_buffer *out,
                     struct sw_error *error)
{
    return sw_render_csv(out, name, strlen(name), error) && sw_buffer_text(out, ",", error) &&
           sw_ledger_put_rows(counts, out, error) && sw_buffer_text(out, ",", error) &&
           sw_ledger_put_lines(counts, out, error) && sw_buffer_text(out, "\n", error);
}

bool sw_ledger_print(const struct sw_ledger *ledger, struct sw_buffer *out,
                     struct sw_ledger_counts *all, struct sw_error *error)
{
    *all = (struct sw_ledger_counts){.text = true};
    bool good =
        sw_buffer_text(out, "file,read,kept,rejected,bad,lines,header,empty,ignored\n", error);
    for (size_t i = 0; good && i < ledger->count; i++) {
        good = put_line(ledger->inputs[i].name, &ledger->inputs[i].counts, out, error);
        sw_ledger_sum(all, &ledger->inputs[i].counts);
    }
    return good && put_line("all", all, out, error);
}

/* ---- by table ---- */

static int by_bytes(const void *left, const void *right)
{
    const struct sw_buffer *a = left, *b = right;
    return strcmp((const char *)a->bytes, (const char *)b->bytes);
}

static bool put_table_line(const struct sw_ledger_input *input, struct sw_buffer *line,
                           struct sw_error *error)
{
    return sw_buffer_format(line, error, "%s,", input->table) &&
           sw_render_csv(line, input->name, strlen(input->name), error) &&
           sw_buffer_text(line, ",", error) && sw_ledger_put_rows(&input->counts, line, error) &&
           sw_buffer_add(line, "\n", 2, error);
}

bool sw_ledger_print_tables(const struct sw_ledger *ledger, struct sw_buffer *out,
                            struct sw_error *error)
{
    struct sw_buffer *lines = sw_alloc(ledger->count + 1, sizeof *lines, error);
    bool good = lines && sw_buffer_text(out, "table,file,read,kept,rejected,bad\n", error);
    for (size_t i = 0; lines && i < ledger->count; i++) {
        lines[i] = (struct sw_buffer){0};
        good = good && put_table_line(&ledger->inputs[i], &lines[i], error);
    }
    if (good) qsort(lines, ledger->count, sizeof *lines, by_bytes);
    for (size_t i = 0; lines && i < ledger->count; i++) {
        good = good && sw_buffer_text(out, (const char *)lines[i].bytes, error);
        sw_buffer_free(&lines[i]);
    }
    free(lines);
    return good;
}
