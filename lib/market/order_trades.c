/* SPDX-License-Identifier: ISC */
#include "market/order_trades.h"

#include <stdlib.h>

#include "base/memory.h"
#include "market/roles.h"

static const char *const names[SW_ORDER_TRADE_KEYS] = {"security_code", "order_id", "timestamp"};

/* ---- opening ---- */

/* Values of the two can be compared: both are texts, or both are numbers of one scale. */
static bool check_type(const struct sw_column *trade, const struct sw_column *order,
                       const char *file, struct sw_error *error)
{
    if ((trade->type == SW_TEXT) == (order->type == SW_TEXT) && trade->scale == order->scale)
        return true;
    return sw_fail(error, SW_DATA, "%s: column '%s' is of type %s, but of type %s in the orders",
                   file, trade->name, sw_type_name(trade->type), sw_type_name(order->type));
}

static const struct sw_column *column_of(const struct sw_order_trades *trades, int key)
{
    return &trades->schema->columns[trades->keys[key].column];
}

static bool check_types(const struct sw_order_trades *trades, const struct sw_column *security,
                        const struct sw_column *order, const char *file, struct sw_error *error)
{
    const struct sw_column *time = column_of(trades, SW_ORDER_TRADE_TIME);
    if (time->type != SW_TIME)
        return sw_fail(error, SW_DATA, "%s: column '%s' is of type %s", file, time->name,
                       sw_type_name(time->type));
    return check_type(column_of(trades, SW_ORDER_TRADE_SECURITY), security, file, error) &&
           check_type(column_of(trades, SW_ORDER_TRADE_ORDER), order, file, error);
}

bool sw_order_trades_open(struct sw_order_trades *trades,
                          const struct sw_order_trades_settings *settings,
                          const struct sw_column *security, const struct sw_column *order,
                          struct sw_error *error)
{
    *trades = (struct sw_order_trades){.path = {settings->path}, .settings = *settings};
    if (!(settings->input ? sw_reader_open_input(&trades->reader, settings->input, error)
                          : sw_reader_open(&trades->reader, trades->path, 1, error)))
        return false;
    const struct sw_schema *schema = trades->schema = &trades->reader.schema;
    const char *file = trades->reader.first_name;
    if (!sw_role_trades(schema, file, error) ||
        !sw_sort_keys_need(schema, names, SW_ORDER_TRADE_KEYS, file, trades->keys, error))
        return false;
    trades->vectors = sw_alloc(schema->column_count, sizeof *trades->vectors, error);
    return trades->vectors && check_types(trades, security, order, file, error) &&
           sw_sorted_open(&trades->sorted, schema, trades->keys, SW_ORDER_TRADE_KEYS, file, error);
}

void sw_order_trades_free(struct sw_order_trades *trades)
{
    sw_sorted_free(&trades->sorted);
    free(trades->vectors);
    if (trades->schema) sw_reader_close(&trades->reader);
    *trades = (struct sw_order_trades){0};
}

/* ---- rows ---- */

/* SW_END: there is no block left. */
static enum sw_step read_block(struct sw_order_trades *trades, struct sw_error *error)
{
    trades->rows = trades->at = 0;
    enum sw_step step = sw_reader_next(&trades->reader, error);
    if (step != SW_ROWS) return step;
    trades->rows = trades->reader.rows;
    for (int i = 0; i < SW_ORDER_TRADE_KEYS; i++) {
        int column = trades->keys[i].column;
        trades->vectors[column] = sw_reader_vector(&trades->reader, column, error);
        if (!trades->vectors[column]) return SW_FAILED;
    }
    if (!sw_sorted_check(&trades->sorted, trades->vectors, trades->rows, error) ||
        (trades->settings.block && !trades->settings.block(trades->settings.owner, error)))
        return SW_FAILED;
    return SW_ROWS;
}

/* Below 0, 0, above 0: the row's order stands before the order, is it, stands after it. */
static int compare(const struct sw_order_trades *trades, const struct sw_vector *security,
                   const struct sw_vector *order, size_t row)
{
    int by_security = sw_value_compare(
        trades->vectors[trades->keys[SW_ORDER_TRADE_SECURITY].column], trades->at, security, row);
    if (by_security) return by_security;
    return sw_value_compare(trades->vectors[trades->keys[SW_ORDER_TRADE_ORDER].column], trades->at,
                            order, row);
}

enum sw_step sw_order_trades_next(struct sw_order_trades *trades, const struct sw_vector *security,
                                  const struct sw_vector *order, size_t row, struct sw_error *error)
{
    if (trades->given) trades->at++;
    trades->given = false;
    for (;; trades->at++) {
        enum sw_step step = SW_ROWS;
        while (trades->at == trades->rows && step == SW_ROWS) step = read_block(trades, error);
        if (step != SW_ROWS) return step;
        int side = compare(trades, security, order, row);
        if (side > 0) return SW_END;
        if (side < 0) continue;
        trades->given = true;
        return SW_ROWS;
    }
}

bool sw_order_trades_drain(struct sw_order_trades *trades, struct sw_error *error)
{
    enum sw_step step;
    while ((step = read_block(trades, error)) == SW_ROWS) continue;
    return step == SW_END;
}
