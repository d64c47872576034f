/* SPDX-License-Identifier: ISC */
#include "market/classify_trades.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "base/sum.h"
#include "market/roles.h"

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

/* Values have the decimals of prices and of quantities. */
static bool check_scales(const struct sw_trades *trades, const char *file, struct sw_error *error)
{
    int price = trades->schema->columns[trades->columns[SW_TRADE_PRICE]].scale,
        quantity = trades->schema->columns[trades->columns[SW_TRADE_QUANTITY]].scale;
    return price + quantity <= SW_MAXIMUM_SCALE ||
           sw_fail(error, SW_DATA,
                   "%s: price has %d decimals and quantity %d: their product would have more "
                   "than %d",
                   file, price, quantity, SW_MAXIMUM_SCALE);
}

bool sw_trades_open(struct sw_trades *trades, const struct sw_trades_settings *settings,
                    const struct sw_schema *orders, const int order_columns[SW_EVENT_COLUMNS],
                    struct sw_error *error)
{
    *trades = (struct sw_trades){.path = {settings->path},
                                 .order_security = order_columns[SW_EVENT_SECURITY],
                                 .order_id = order_columns[SW_EVENT_ORDER]};
    if (!(settings->input ? sw_reader_open_input(&trades->reader, settings->input, error)
                          : sw_reader_open(&trades->reader, trades->path, 1, error)))
        return false;
    const struct sw_schema *schema = trades->schema = &trades->reader.schema;
    const char *file = trades->reader.first_name;
    if (!sw_role_trades(schema, file, error)) return false;
    trades->vectors = sw_alloc(schema->column_count, sizeof *trades->vectors, error);
    if (!trades->vectors || !sw_trade_columns_find(schema, file, trades->columns, error))
        return false;
    for (size_t i = 0; i <= SW_TRADE_TIMESTAMP; i++) trades->keys[i].column = trades->columns[i];
    trades->quantity_scale = sw_quantity_scale(orders, order_columns, schema, trades->columns);
    return check_scales(trades, file, error) &&
           check_type(&schema->columns[trades->columns[SW_TRADE_SECURITY]],
                      &orders->columns[trades->order_security], file, error) &&
           check_type(&schema->columns[trades->columns[SW_TRADE_ORDER]],
                      &orders->columns[trades->order_id], file, error) &&
           sw_sorted_open(&trades->sorted, schema, trades->keys, SW_TRADE_TIMESTAMP + 1, file,
                          error) &&
           sw_trade_kinds_open(&trades->kinds, &trades->reader, trades->columns[SW_TRADE_SOURCE],
                               settings->trades_in, settings->share_directory, error);
}

void sw_trades_free(struct sw_trades *trades)
{
    sw_trade_kinds_free(&trades->kinds);
    sw_sorted_free(&trades->sorted);
    free(trades->vectors);
    if (trades->schema) sw_reader_close(&trades->reader);
    *trades = (struct sw_trades){0};
}

/* ---- trades in their order ---- */

static const struct sw_vector *column_of(const struct sw_trades *trades,
                                         enum sw_trade_column column)
{
    return trades->vectors[trades->columns[column]];
}

/* Makes `at` a trade. SW_END: there is none left. */
static enum sw_step reach_trade(struct sw_trades *trades, struct sw_error *error)
{
    if (trades->at < trades->rows) return SW_ROWS;
    trades->rows = trades->at = 0;
    enum sw_step step = sw_reader_next(&trades->reader, error);
    if (step != SW_ROWS) return step;
    trades->rows = trades->reader.rows;
    for (size_t i = 0; i < SW_TRADE_SOURCE; i++) {
        int column = trades->columns[i];
        trades->vectors[column] = sw_reader_vector(&trades->reader, column, error);
        if (!trades->vectors[column]) return SW_FAILED;
    }
    if (!sw_sorted_check(&trades->sorted, trades->vectors, trades->rows, error) ||
        !sw_trade_kinds_take(&trades->kinds, trades->rows, error))
        return SW_FAILED;
    for (size_t row = 0; row < trades->rows; row++) trades->counts.rows[trades->kinds.of[row]]++;
    if (trades->watch)
        trades->watch->trades(trades->watcher, column_of(trades, SW_TRADE_SECURITY),
                              trades->kinds.of, trades->rows);
    return SW_ROWS;
}

/* Below 0, 0, above 0: the trade's order stands before the order, is it, stands after it. */
static int compare(const struct sw_trades *trades, struct sw_row order)
{
    int security = sw_value_compare(column_of(trades, SW_TRADE_SECURITY), trades->at,
                                    order.vectors[trades->order_security], order.row);
    if (security) return security;
    return sw_value_compare(column_of(trades, SW_TRADE_ORDER), trades->at,
                            order.vectors[trades->order_id], order.row);
}

static bool fail_sum(const struct sw_trades *trades, const char *what, struct sw_row order,
                     struct sw_error *error)
{
    char id[SW_DESCRIBED_LENGTH];
    sw_value_describe(order.vectors[trades->order_id], order.row, id);
    return sw_fail(error, SW_DATA, "%s: order %s: %s", trades->reader.input.name, id, what);
}

/* What an order's trades come to, while they are added up: in whichever order that is. */
struct trade_sums {
    struct sw_sum quantity;
    struct sw_products value;
};

static void add(struct trade_sums *sums, sw_int128 quantity, sw_int128 price)
{
    sw_sum_add(&sums->quantity, quantity);
    sw_products_add(&sums->value, quantity, price);
}

/* Of all of an order's rows. */
struct order_sums {
    struct trade_sums all, actual, booked; /* of the bookings the quantity only */
    uint64_t rows[SW_TRADE_KINDS];
};

static void add_row(const struct sw_trades *trades, int64_t from_ns, int64_t to_ns,
                    struct order_sums *sums)
{
    const size_t row = trades->at;
    const struct sw_vector *price = column_of(trades, SW_TRADE_PRICE),
                           *quantity = column_of(trades, SW_TRADE_QUANTITY),
                           *time = column_of(trades, SW_TRADE_TIMESTAMP);
    const enum sw_trade_kind kind = trades->kinds.of[row];
    sw_int128 more = sw_is_null(quantity, row) ? 0 : sw_value(quantity, row);
    sw_int128 each = sw_is_null(price, row) ? 0 : sw_value(price, row);
    bool between =
        !sw_is_null(time, row) && sw_value(time, row) >= from_ns && sw_value(time, row) <= to_ns;
    sums->rows[kind]++;
    if (kind == SW_TRADE_BOOKED) add(&sums->booked, more, 0);
    if (kind != SW_TRADE_MARKET) return;
    add(&sums->all, more, each);
    if (between) add(&sums->actual, more, each);
}

/* Takes the sums over, where a value fits 128 bits and a sum of quantities can stand in a column of
 * the quantities' type. */
static bool finish_sums(const struct sw_trades *trades, struct trade_sums *sums,
                        struct sw_row order, sw_int128 *quantity, sw_int128 *value,
                        struct sw_error *error)
{
    const struct sw_column *column = &trades->schema->columns[trades->columns[SW_TRADE_QUANTITY]];
    bool is_signed = column->type == SW_INT, decimal = trades->quantity_scale > 0;
    sw_int128 unit = sw_power_of_ten(trades->quantity_scale - column->scale);
    if (!sw_products_narrow(&sums->value, value))
        return fail_sum(trades, "price times quantity of its trades does not fit 128 bits", order,
                        error);
    if (decimal)
        return (sw_sum_narrow(&sums->quantity, quantity) &&
                !__builtin_mul_overflow(*quantity, unit, quantity)) ||
               fail_sum(trades, "the quantity of its trades does not fit 128 bits", order, error);
    return (sw_sum_narrow(&sums->quantity, quantity) &&
            (is_signed ? *quantity >= INT64_MIN && *quantity <= INT64_MAX
                       : *quantity >= 0 && *quantity <= UINT64_MAX)) ||
           fail_sum(trades, "the quantity of its trades does not fit 64 bits", order, error);
}

bool sw_trades_take(struct sw_trades *trades, struct sw_row order, int64_t from_ns, int64_t to_ns,
                    struct sw_traded *traded, struct sw_error *error)
{
    enum sw_step step;
    struct order_sums sums = {0};
    sw_int128 nothing;
    *traded = (struct sw_traded){0};
    for (; (step = reach_trade(trades, error)) == SW_ROWS; trades->at++) {
        int side = compare(trades, order);
        if (side > 0) break;
        if (side == 0) add_row(trades, from_ns, to_ns, &sums);
    }
    if (step == SW_FAILED) return false;
    for (size_t i = 0; i < SW_TRADE_KINDS; i++) trades->counts.matched[i] += sums.rows[i];
    memcpy(traded->rows, sums.rows, sizeof traded->rows);
    traded->trades = sums.rows[SW_TRADE_MARKET];
    traded->bookings = sums.rows[SW_TRADE_BOOKED];
    return finish_sums(trades, &sums.all, order, &traded->quantity, &traded->value, error) &&
           finish_sums(trades, &sums.actual, order, &traded->actual_quantity, &traded->actual_value,
                       error) &&
           finish_sums(trades, &sums.booked, order, &traded->booked_quantity, &nothing, error);
}

bool sw_trades_drain(struct sw_trades *trades, struct sw_error *error)
{
    enum sw_step step;
    while ((step = reach_trade(trades, error)) == SW_ROWS) trades->at = trades->rows;
    return step == SW_END;
}
