/* SPDX-License-Identifier: ISC */
#include "darkbook/day_trades.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/civil.h"
#include "base/memory.h"

static bool open_condition(struct sw_day_trades *trades, const char *share_directory,
                           struct sw_error *error)
{
    static const struct sw_view_settings settings = {0};
    trades->told = sw_schema_find(&trades->rows.reader.schema, "dealsource") >= 0;
    if (!trades->told) return true;
    if (!sw_view_open(&trades->view, sw_supplier_of_reader(&trades->rows.reader), &settings, error))
        return false;
    trades->viewed = true;
    trades->lit = sw_condition_new(error);
    return trades->lit && sw_condition_compile(trades->lit, &trades->view, "dealsource in lit",
                                               share_directory, error);
}

/* Which rows of a block are trades on the lit book. */
static bool take_block(void *owner, struct sw_error *error)
{
    struct sw_day_trades *trades = owner;
    const size_t rows = trades->rows.rows;
    const struct sw_vector *security =
        trades->rows.vectors[trades->rows.keys[SW_ORDER_TRADE_SECURITY].column];
    if (trades->tally && !sw_match_tally_trades(trades->tally, security, rows, error)) return false;
    memset(trades->is_lit, !trades->told, rows * sizeof *trades->is_lit);
    if (!trades->told) return true;
    sw_view_begin(&trades->view, rows);
    if (!sw_condition_take(trades->lit, &trades->view, error)) return false;
    for (size_t i = 0; i < trades->lit->count; i++) trades->is_lit[trades->lit->selected[i]] = true;
    return true;
}

bool sw_day_trades_open(struct sw_day_trades *trades, const char *path,
                        const struct sw_column *security, const struct sw_column *order,
                        struct sw_zone *zone, const char *share_directory, struct sw_error *error)
{
    const struct sw_order_trades_settings rows = {path, NULL, take_block, trades};
    trades->zone = zone;
    trades->is_lit = sw_alloc(SW_BLOCK_ROWS_MAXIMUM, sizeof *trades->is_lit, error);
    return trades->is_lit && sw_order_trades_open(&trades->rows, &rows, security, order, error) &&
           open_condition(trades, share_directory, error);
}

void sw_day_trades_free(struct sw_day_trades *trades)
{
    sw_condition_free(trades->lit);
    if (trades->viewed) sw_view_free(&trades->view);
    sw_order_trades_free(&trades->rows);
    free(trades->is_lit);
    free(trades->days);
}

/* ---- rows ---- */

static bool add_row(struct sw_day_trades *trades, struct sw_error *error)
{
    const struct sw_vector *times =
        trades->rows.vectors[trades->rows.keys[SW_ORDER_TRADE_TIME].column];
    const size_t at = trades->rows.at;
    if (sw_is_null(times, at))
        return sw_fail(error, SW_DATA, "%s: row %" PRIu64 ": timestamp: null",
                       trades->rows.reader.first_name,
                       trades->rows.reader.total_rows - trades->rows.rows + at + 1);
    int64_t time_ns = (int64_t)sw_value(times, at);
    int64_t local_ns, offset_ns = sw_zone_offset(trades->zone, time_ns) * SW_NS_PER_SECOND;
    if (__builtin_add_overflow(time_ns, offset_ns, &local_ns)) local_ns = time_ns;
    int64_t date = sw_floor_divide(local_ns, SW_NS_PER_DAY);
    if (trades->count == 0 || trades->days[trades->count - 1].date != date) {
        if (!sw_grow(&trades->days, &trades->capacity, trades->count + 1, sizeof *trades->days,
                     error))
            return false;
        trades->days[trades->count++] = (struct sw_day_trade){.date = date};
    }
    struct sw_day_trade *day = &trades->days[trades->count - 1];
    day->rows++;
    day->lit += trades->is_lit[at];
    day->last_ns = time_ns;
    trades->matched++;
    return true;
}

bool sw_day_trades_take(struct sw_day_trades *trades, const struct sw_vector *security,
                        const struct sw_vector *order, struct sw_error *error)
{
    enum sw_step step;
    trades->count = 0;
    while ((step = sw_order_trades_next(&trades->rows, security, order, 0, error)) == SW_ROWS)
        if (!add_row(trades, error)) return false;
    return step != SW_FAILED;
}

bool sw_day_trades_drain(struct sw_day_trades *trades, struct sw_error *error)
{
    return sw_order_trades_drain(&trades->rows, error);
}
