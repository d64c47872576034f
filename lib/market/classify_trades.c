/* SPDX-License-Identifier: ISC */
#include "market/classify_trades.h"

#include <string.h>

#include "base/number.h"
#include "base/sum.h"

/* ---- opening ---- */

static const struct sw_vector *column_of(const struct sw_trades *trades,
                                         enum sw_trade_column column)
{
    return trades->rows.vectors[trades->columns[column]];
}

/* Takes up a block of trades: what else of their columns is needed, and what they are. */
static bool take_block(void *owner, struct sw_error *error)
{
    struct sw_trades *trades = owner;
    const size_t rows = trades->rows.rows;
    for (size_t i = SW_ORDER_TRADE_KEYS; i < SW_TRADE_SOURCE; i++) {
        int column = trades->columns[i];
        trades->rows.vectors[column] = sw_reader_vector(&trades->rows.reader, column, error);
        if (!trades->rows.vectors[column]) return false;
    }
    if (!sw_trade_kinds_take(&trades->kinds, rows, error)) return false;
    for (size_t row = 0; row < rows; row++) trades->counts.rows[trades->kinds.of[row]]++;
    if (trades->watch)
        trades->watch->trades(trades->watcher, column_of(trades, SW_TRADE_SECURITY),
                              trades->kinds.of, rows);
    return true;
}
_Static_assert((int)SW_TRADE_PRICE == (int)SW_ORDER_TRADE_KEYS, "the keys come first");

/* Values have the decimals of prices and of quantities. */
static bool check_scales(const struct sw_trades *trades, const char *file, struct sw_error *error)
{
    int price = trades->rows.schema->columns[trades->columns[SW_TRADE_PRICE]].scale,
        quantity = trades->rows.schema->columns[trades->columns[SW_TRADE_QUANTITY]].scale;
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
    *trades = (struct sw_trades){.order_security = order_columns[SW_EVENT_SECURITY],
                                 .order_id = order_columns[SW_EVENT_ORDER]};
    const struct sw_order_trades_settings rows = {settings->path, settings->input, take_block,
                                                  trades};
    struct sw_reader *reader = &trades->rows.reader;
    if (!sw_order_trades_open(&trades->rows, &rows, &orders->columns[trades->order_security],
                              &orders->columns[trades->order_id], error) ||
        !sw_trade_columns_find(&reader->schema, reader->first_name, trades->columns, error))
        return false;
    trades->quantity_scale =
        sw_quantity_scale(orders, order_columns, &reader->schema, trades->columns);
    return check_scales(trades, reader->first_name, error) &&
           sw_trade_kinds_open(&trades->kinds, reader, trades->columns[SW_TRADE_SOURCE],
                               settings->trades_in, settings->share_directory, error);
}

void sw_trades_free(struct sw_trades *trades)
{
    sw_trade_kinds_free(&trades->kinds);
    sw_order_trades_free(&trades->rows);
    *trades = (struct sw_trades){0};
}

/* ---- what an order's trades come to ---- */

static bool fail_sum(const struct sw_trades *trades, const char *what, struct sw_row order,
                     struct sw_error *error)
{
    char id[SW_DESCRIBED_LENGTH];
    sw_value_describe(order.vectors[trades->order_id], order.row, id);
    sw_fail(error, SW_DATA, "%s: order %s: %s", trades->rows.reader.input.name, id, what);
    return sw_fail_about(error, id);
}

/* While they are added up: in whichever order that is. */
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
    const size_t row = trades->rows.at;
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
    const struct sw_column *column =
        &trades->rows.schema->columns[trades->columns[SW_TRADE_QUANTITY]];
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
    const struct sw_vector *security = order.vectors[trades->order_security],
                           *id = order.vectors[trades->order_id];
    while ((step = sw_order_trades_next(&trades->rows, security, id, order.row, error)) == SW_ROWS)
        add_row(trades, from_ns, to_ns, &sums);
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
    return sw_order_trades_drain(&trades->rows, error);
}
