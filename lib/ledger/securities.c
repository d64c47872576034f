/* SPDX-License-Identifier: ISC */
#include "ledger/securities.h"

#include <inttypes.h>
#include <string.h>

#include "base/memory.h"

enum { CODE_MOST = 80 };

/* The lines of one security: [first, end). */
struct span {
    const struct sw_list_line *first, *end;
    uint64_t events;
};

static const struct sw_list_line *end_of(const struct sw_securities *securities,
                                         const struct sw_list_line *first)
{
    const struct sw_list_line *end = first, *last = securities->lines + securities->count;
    while (end < last && strcmp(end->code, first->code) == 0) end++;
    return end;
}

static struct span span_at(const struct sw_securities *securities, const struct sw_list_line *first)
{
    struct span span = {.first = first, .end = end_of(securities, first)};
    for (const struct sw_list_line *line = first; line < span.end; line++)
        if (line->table == SW_TABLE_ORDERS) span.events += line->counts[0];
    return span;
}

static bool has_orders(const struct span *span)
{
    return span->first->table == SW_TABLE_ORDERS;
}

/* ---- found ---- */

static int by_events(const void *left, const void *right)
{
    const struct span *a = left, *b = right;
    if (a->events != b->events) return a->events > b->events ? -1 : 1;
    return strcmp(a->first->code, b->first->code);
}

static bool check_code(const struct span *span, struct sw_error *error)
{
    const char *code = span->first->code;
    size_t length = strlen(code);
    if (length == 0)
        return sw_fail(error, SW_DATA, "%" PRIu64 " events without a security_code", span->events);
    if (length <= CODE_MOST && !strpbrk(code, ",\\") && *code != '@' && *code != ' ' &&
        code[length - 1] != ' ')
        return true;
    return sw_fail(error, SW_DATA,
                   "security_code '%s': cannot be analysed: it has a comma, a backslash, a control "
                   "character, @ or a blank at its border, or is longer than %d bytes",
                   code, CODE_MOST);
}

static bool put_parts(const struct span *span, int table, struct sw_buffer *out,
                      struct sw_error *error)
{
    const struct sw_list_line *before = NULL;
    for (const struct sw_list_line *line = span->first; line < span->end; line++) {
        if (line->table != table || (before && before->part == line->part)) continue;
        if (!sw_buffer_format(out, error, "%s%" PRIu32, before ? "," : "", line->part))
            return false;
        before = line;
    }
    return true;
}

static bool put_found(const struct span *span, struct sw_buffer *out, struct sw_error *error)
{
    bool good = check_code(span, error) &&
                sw_buffer_format(out, error, "%s\t%" PRIu64, span->first->code, span->events);
    for (int table = 0; good && table < SW_TABLES; table++)
        good = sw_buffer_text(out, "\t", error) && put_parts(span, table, out, error);
    return good && sw_buffer_text(out, "\n", error);
}

bool sw_securities_found(const struct sw_securities *securities, struct sw_buffer *out,
                         struct sw_error *error)
{
    struct span *spans = NULL;
    size_t count = 0, capacity = 0;
    const struct sw_list_line *last = securities->lines + securities->count;
    bool good = true;
    for (const struct sw_list_line *line = securities->lines; good && line < last;) {
        struct span span = span_at(securities, line);
        line = span.end;
        if (!has_orders(&span)) continue;
        good = sw_grow(&spans, &capacity, count + 1, sizeof *spans, error);
        if (good) spans[count++] = span;
    }
    if (good && count > 1) qsort(spans, count, sizeof *spans, by_events);
    for (size_t i = 0; good && i < count; i++) good = put_found(&spans[i], out, error);
    free(spans);
    return good;
}

bool sw_securities_other_trades(const struct sw_securities *securities, struct sw_buffer *out,
                                struct sw_error *error)
{
    uint64_t sums[SW_LIST_COUNTS] = {0};
    const struct sw_list_line *last = securities->lines + securities->count;
    for (const struct sw_list_line *first = securities->lines; first < last;) {
        struct span span = span_at(securities, first);
        for (const struct sw_list_line *line = first; line < span.end; line++)
            for (size_t i = 0; i < SW_LIST_COUNTS; i++)
                if (!has_orders(&span) && line->table == SW_TABLE_TRADES)
                    sums[i] += line->counts[i];
        first = span.end;
    }
    return sw_buffer_format(out, error, "%" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n",
                            sums[0], sums[1], sums[2], sums[3]);
}
