/* SPDX-License-Identifier: ISC */
#include "darkbook/match_tally.h"

#include <stdlib.h>

#include "base/memory.h"

struct sw_match_line *sw_match_lines_add(struct sw_match_lines *lines,
                                         const struct sw_vector *security, size_t row,
                                         struct sw_error *error)
{
    if (lines->count > 0 &&
        sw_kept_value_compare(&lines->items[lines->count - 1].security, security, row) == 0)
        return &lines->items[lines->count - 1];
    if (!sw_grow(&lines->items, &lines->capacity, lines->count + 1, sizeof *lines->items, error))
        return NULL;
    struct sw_match_line *line = &lines->items[lines->count];
    *line = (struct sw_match_line){0};
    if (!sw_kept_value_set(&line->security, security, row, error)) return NULL;
    lines->count++;
    return line;
}

struct sw_match_line *sw_match_lines_find(struct sw_match_lines *lines, size_t *at,
                                          const struct sw_vector *security, size_t row)
{
    if (sw_is_null(security, row)) return NULL;
    for (; *at < lines->count; ++*at) {
        int order = sw_kept_value_compare(&lines->items[*at].security, security, row);
        if (order >= 0) return order == 0 ? &lines->items[*at] : NULL;
    }
    return NULL;
}

bool sw_match_tally_trades(struct sw_match_tally *tally, const struct sw_vector *security,
                           size_t rows, struct sw_error *error)
{
    for (size_t row = 0; row < rows; row++) {
        if (sw_is_null(security, row)) continue;
        struct sw_match_line *line = sw_match_lines_add(&tally->trades, security, row, error);
        if (!line) return false;
        line->counts[SW_COUNT_TRADES]++;
    }
    return true;
}

void sw_match_tally_quote(void *owner, const struct sw_vector *security, size_t row, bool crossed)
{
    struct sw_match_tally *tally = owner;
    struct sw_match_line *line =
        sw_match_lines_find(&tally->securities, &tally->quote_at, security, row);
    if (line) line->counts[crossed ? SW_COUNT_CROSSED : SW_COUNT_ONE_SIDED]++;
}

void sw_match_tally_close(struct sw_match_tally *tally)
{
    const struct sw_match_lines *trades = &tally->trades;
    size_t at = 0;
    for (size_t i = 0; i < tally->securities.count; i++) {
        struct sw_match_line *line = &tally->securities.items[i];
        int order = -1;
        while (at < trades->count &&
               (order = sw_kept_values_compare(&trades->items[at].security, &line->security)) < 0)
            at++;
        if (order == 0) line->counts[SW_COUNT_TRADES] = trades->items[at].counts[SW_COUNT_TRADES];
    }
}

static void free_lines(struct sw_match_lines *lines)
{
    for (size_t i = 0; i < lines->count; i++) sw_kept_value_free(&lines->items[i].security);
    free(lines->items);
}

void sw_match_tally_free(struct sw_match_tally *tally)
{
    free_lines(&tally->securities);
    free_lines(&tally->trades);
}
