/* SPDX-License-Identifier: ISC */
#include "darkbook/day_trades.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/civil.h"
#include "base/memory.h"
#include "market/roles.h"

static const char *const names[SW_DAY_TRADE_COLUMNS] = {"security_code", "order_id", "timestamp"};

static bool check_type(const struct sw_column *trade, const struct sw_column *order,
                       const char *file, struct sw_error *error)
{
    if ((trade->type == SW_TEXT) == (order->type == SW_TEXT) && trade->scale == order->scale)
        return true;
    return sw_fail(error, SW_DATA, "%s: column '%s' is of type %s, but of type %s in the orders",
                   file, trade->name, sw_type_name(trade->type), sw_type_name(order->type));
}

static bool open_condition(struct sw_day_trades *trades, const char *share_directory,
                           struct sw_error *error)
{
    static const struct sw_view_settings settings = {0};
    trades->told = sw_schema_find(&trades->reader.schema, "dealsource") >= 0;
    if (!trades->told) return true;
    if (!sw_view_open(&trades->view, sw_supplier_of_reader(&trades->reader), &settings, error))
        return false;
    trades->viewed = true;
    trades->lit = sw_condition_new(error);
    return trades->lit && sw_condition_compile(trades->lit, &trades->view, "dealsource in lit",
                                               share_directory, error);
}

bool sw_day_trades_open(struct sw_day_trades *trades, const char *path,
                        const struct sw_column *security, const struct sw_column *order,
                        struct sw_zone *zone, const char *share_directory, struct sw_error *error)
{
    trades->path = path;
    trades->zone = zone;
    if (!sw_reader_open(&trades->reader, &trades->path, 1, error)) return false;
    const struct sw_schema *schema = &trades->reader.schema;
    const char *file = trades->reader.first_name;
    if (!sw_role_trades(schema, file, error)) return false;
    if (!sw_sort_keys_need(schema, names, SW_DAY_TRADE_COLUMNS, file, trades->keys, error))
        return false;
    for (int i = 0; i < SW_DAY_TRADE_COLUMNS; i++) trades->columns[i] = trades->keys[i].column;
    if (schema->columns[trades->columns[SW_DAY_TRADE_TIME]].type != SW_TIME)
        return sw_fail(error, SW_DATA, "%s: timestamp: not a column of times", file);
    trades->by_column = sw_alloc(schema->column_count, sizeof *trades->by_column, error);
    trades->is_lit = sw_alloc(SW_BLOCK_ROWS_MAXIMUM, sizeof *trades->is_lit, error);
    return trades->by_column && trades->is_lit &&
           check_type(&schema->columns[trades->columns[SW_DAY_TRADE_SECURITY]], security, file,
                      error) &&
           check_type(&schema->columns[trades->columns[SW_DAY_TRADE_ORDER]], order, file, error) &&
           sw_sorted_open(&trades->sorted, schema, trades->keys, SW_DAY_TRADE_COLUMNS, file,
                          error) &&
           open_condition(trades, share_directory, error);
}

void sw_day_trades_free(struct sw_day_trades *trades)
{
    sw_condition_free(trades->lit);
    if (trades->viewed) sw_view_free(&trades->view);
    sw_sorted_free(&trades->sorted);
    free(trades->by_column);
    free(trades->is_lit);
    free(trades->days);
    sw_reader_close(&trades->reader);
}

/* ---- rows ---- */

static bool find_lit(struct sw_day_trades *trades, struct sw_error *error)
{
    memset(trades->is_lit, !trades->told, trades->rows * sizeof *trades->is_lit);
    if (!trades->told) return true;
    sw_view_begin(&trades->view, trades->rows);
    if (!sw_condition_take(trades->lit, &trades->view, error)) return false;
    for (size_t i = 0; i < trades->lit->count; i++) trades->is_lit[trades->lit->selected[i]] = true;
    return true;
}

/* Makes `at` a row. SW_END: there is none left. */
static enum sw_step reach_row(struct sw_day_trades *trades, struct sw_error *error)
{
    if (trades->at < trades->rows) return SW_ROWS;
    trades->rows = trades->at = 0;
    enum sw_step step = sw_reader_next(&trades->reader, error);
    if (step != SW_ROWS) return step;
    trades->rows = trades->reader.rows;
    for (int i = 0; i < SW_DAY_TRADE_COLUMNS; i++) {
        trades->vectors[i] = sw_reader_vector(&trades->reader, trades->columns[i], error);
        if (!trades->vectors[i]) return SW_FAILED;
        trades->by_column[trades->columns[i]] = trades->vectors[i];
    }
    return sw_sorted_check(&trades->sorted, trades->by_column, trades->rows, error) &&
                   find_lit(trades, error)
               ? SW_ROWS
               : SW_FAILED;
}

static bool add_row(struct sw_day_trades *trades, struct sw_error *error)
{
    const struct sw_vector *times = trades->vectors[SW_DAY_TRADE_TIME];
    if (sw_is_null(times, trades->at))
        return sw_fail(error, SW_DATA, "%s: row %" PRIu64 ": timestamp: null",
                       trades->reader.first_name,
                       trades->reader.total_rows - trades->rows + trades->at + 1);
    int64_t time_ns = (int64_t)sw_value(times, trades->at);
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
    day->lit += trades->is_lit[trades->at];
    day->last_ns = time_ns;
    trades->matched++;
    return true;
}

/* Below 0, 0, above 0: the row's order stands before the order, is it, stands behind it. */
static int compare(const struct sw_day_trades *trades, const struct sw_vector *security,
                   const struct sw_vector *order)
{
    int by_security =
        sw_value_compare(trades->vectors[SW_DAY_TRADE_SECURITY], trades->at, security, 0);
    return by_security
               ? by_security
               : sw_value_compare(trades->vectors[SW_DAY_TRADE_ORDER], trades->at, order, 0);
}

bool sw_day_trades_take(struct sw_day_trades *trades, const struct sw_vector *security,
                        const struct sw_vector *order, struct sw_error *error)
{
    enum sw_step step;
    trades->count = 0;
    for (; (step = reach_row(trades, error)) == SW_ROWS; trades->at++) {
        int side = compare(trades, security, order);
        if (side > 0) break;
        if (side == 0 && !add_row(trades, error)) return false;
    }
    return step != SW_FAILED;
}

bool sw_day_trades_drain(struct sw_day_trades *trades, struct sw_error *error)
{
    enum sw_step step;
    while ((step = reach_row(trades, error)) == SW_ROWS) trades->at = trades->rows;
    return step == SW_END;
}
