/* SPDX-License-Identifier: ISC */
#include "tca/orders.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "record/bounds.h"

/* ---- opening ---- */

enum need { ANYTHING, A_NUMBER, A_TIME, A_TEXT, A_DATE };

static const struct {
    const char *name;
    enum need need;
} own[SW_KEPT_OWN] = {
    [SW_KEPT_SECURITY] = {"security_code", ANYTHING},
    [SW_KEPT_ORDER] = {"order_id", ANYTHING},
    [SW_KEPT_SIDE] = {"side", A_NUMBER},
    [SW_KEPT_PARTICIPANT] = {"participantid", ANYTHING},
    [SW_KEPT_TYPE] = {"exchangeordertype", ANYTHING},
    [SW_KEPT_DATE] = {"date", A_DATE},
    [SW_KEPT_GROUP] = {"group", A_TEXT},
    [SW_KEPT_FIRST] = {"first_timestamp", A_TIME},
    [SW_KEPT_LAST] = {"last_timestamp", A_TIME},
    [SW_KEPT_QUANTITY] = {"order_quantity", A_NUMBER},
    [SW_KEPT_MATCHED] = {"totalmatchedquantity", A_NUMBER},
    [SW_KEPT_BOOKED] = {"booked_quantity", A_NUMBER},
};

static bool satisfies(enum sw_type type, enum need need)
{
    if (need == A_TIME) return type == SW_TIME;
    if (need == A_TEXT) return type == SW_TEXT;
    if (need == A_DATE) return type == SW_DATE;
    return need == ANYTHING || type == SW_INT || type == SW_UINT || type == SW_DECIMAL;
}

static bool find_columns(struct sw_tca_orders *orders, struct sw_error *error)
{
    static const char *const price_names[2] = {"initial_price", "price"};
    const struct sw_schema *schema = &orders->reader.schema;
    for (int i = 0; i < SW_KEPT_OWN; i++) {
        int column = orders->columns[i] = sw_schema_find(schema, own[i].name);
        if (column < 0)
            return sw_fail(error, SW_DATA, "%s: no such column: '%s' (classified orders have it)",
                           orders->file, own[i].name);
        if (!satisfies(schema->columns[column].type, own[i].need))
            return sw_fail(error, SW_DATA, "%s: %s: a column of type %s, which it must not be",
                           orders->file, own[i].name, sw_type_name(schema->columns[column].type));
    }
    for (int i = 0; i < 2; i++) {
        orders->prices[i] = sw_schema_find(schema, price_names[i]);
        if (orders->prices[i] >= 0 && schema->columns[orders->prices[i]].type == SW_TEXT)
            return sw_fail(error, SW_DATA, "%s: %s: a column of type text", orders->file,
                           price_names[i]);
    }
    for (int i = 0; i < 2; i++) orders->keys[i].column = orders->columns[i];
    return true;
}

/* Values of the two can be compared: both are texts, or both are numbers of one scale. */
static bool check_types(const struct sw_tca_orders *orders, const struct sw_schema *schema,
                        const char *file, struct sw_error *error)
{
    for (int i = 0; i <= SW_KEPT_ORDER; i++) {
        const struct sw_column *ours = &orders->reader.schema.columns[orders->columns[i]];
        const struct sw_column *theirs = &schema->columns[sw_schema_find(schema, own[i].name)];
        if ((ours->type == SW_TEXT) != (theirs->type == SW_TEXT) || ours->scale != theirs->scale)
            return sw_fail(error, SW_DATA,
                           "%s: column '%s' is of type %s, but of type %s in the orders", file,
                           own[i].name, sw_type_name(theirs->type), sw_type_name(ours->type));
    }
    return true;
}

static bool open_orders(struct sw_tca_orders *orders, const struct sw_tca_inputs *inputs,
                        struct sw_error *error)
{
    if (inputs->orders_input
            ? !sw_reader_open_input(&orders->reader, inputs->orders_input, error)
            : !sw_reader_open(&orders->reader, inputs->orders, inputs->order_count, error))
        return false;
    orders->open = true;
    orders->file = orders->reader.first_name;
    const struct sw_schema *schema = &orders->reader.schema;
    orders->vectors = sw_alloc(schema->column_count, sizeof *orders->vectors, error);
    orders->numbers = sw_alloc_unset(SW_BLOCK_ROWS_MAXIMUM, sizeof *orders->numbers, error);
    if (!orders->vectors || !orders->numbers || !find_columns(orders, error)) return false;
    for (int i = 0; i < 2; i++) {
        const struct sw_column *column = &schema->columns[orders->columns[i]];
        if (!sw_builder_init(&orders->last[i], column->type, column->scale, 1, error)) return false;
    }
    const char *zone = inputs->zone ? inputs->zone : sw_schema_zone(schema);
    orders->days.zone = &orders->zone;
    return sw_zone_open(&orders->zone, zone, error) &&
           sw_sorted_open(&orders->sorted, schema, orders->keys, 2, orders->file, error);
}

bool sw_tca_orders_open(struct sw_tca_orders *orders, const struct sw_tca_inputs *inputs,
                        struct sw_error *error)
{
    orders->with_events = inputs->events || inputs->events_input;
    orders->reported_only = inputs->reported_only;
    if (!open_orders(orders, inputs, error) ||
        !sw_trade_rows_open(&orders->trades, inputs->trades, inputs->trades_input,
                            inputs->trades_in, inputs->share_directory, error) ||
        !check_types(orders, &orders->trades.reader.schema, orders->trades.reader.first_name,
                     error))
        return false;
    return !orders->with_events ||
           (sw_event_rows_open(&orders->events, inputs->events, inputs->event_count,
                               inputs->events_input, error) &&
            check_types(orders, &orders->events.reader.schema, orders->events.reader.first_name,
                        error));
}

static void finer(int *scale, int other)
{
    if (other > *scale) *scale = other;
}

static bool open_kept(struct sw_tca_orders *orders, uint64_t memory_bytes, const char *folder,
                      struct sw_error *error)
{
    struct sw_row_column columns[SW_KEPT_COLUMNS] = {
        [SW_KEPT_SESSION_DATE] = {"~session_date", SW_INT, 0},
        [SW_KEPT_RELOAD] = {"~reload", SW_INT, 0},
        [SW_KEPT_OWN_QUOTE] = {"~own_quote", SW_INT, 0},
        [SW_KEPT_OWN_MID] = {"~own_mid", SW_DECIMAL, 0},
        [SW_KEPT_OWN_SPREAD] = {"~own_spread", SW_DECIMAL, 0},
        [SW_KEPT_LIMIT] = {"~limit", SW_DECIMAL, 0},
    };
    for (int i = 0; i < SW_KEPT_OWN; i++) {
        const struct sw_column *column = &orders->reader.schema.columns[orders->columns[i]];
        columns[i] = (struct sw_row_column){own[i].name, column->type, column->scale};
    }
    return sw_row_sorter_open(&orders->kept, columns, SW_KEPT_COLUMNS, 0, memory_bytes, folder,
                              error);
}

bool sw_tca_orders_begin(struct sw_tca_orders *orders, int quote_scale, uint64_t memory_bytes,
                         const char *folder, struct sw_error *error)
{
    const struct sw_schema *schema = &orders->reader.schema;
    finer(&orders->price_scale, quote_scale);
    finer(&orders->price_scale, sw_trade_rows_scale(&orders->trades, SW_TRADE_PRICE));
    if (orders->with_events) finer(&orders->price_scale, sw_event_rows_scale(&orders->events));
    for (int i = 0; i < 2; i++)
        if (orders->prices[i] >= 0)
            finer(&orders->price_scale, schema->columns[orders->prices[i]].scale);
    finer(&orders->quantity_scale, sw_trade_rows_scale(&orders->trades, SW_TRADE_QUANTITY));
    for (int i = SW_KEPT_QUANTITY; i <= SW_KEPT_BOOKED; i++)
        finer(&orders->quantity_scale, schema->columns[orders->columns[i]].scale);
    orders->events.price_scale = orders->price_scale;
    sw_probes_open(&orders->probes, &schema->columns[orders->columns[SW_KEPT_SECURITY]],
                   memory_bytes, folder);
    return open_kept(orders, memory_bytes, folder, error);
}

void sw_tca_orders_close(struct sw_tca_orders *orders)
{
    sw_row_sorter_free(&orders->kept);
    sw_probes_free(&orders->probes);
    sw_event_rows_close(&orders->events);
    sw_trade_rows_close(&orders->trades);
    sw_days_free(&orders->days);
    sw_sorted_free(&orders->sorted);
    sw_builder_free(&orders->last[0]);
    sw_builder_free(&orders->last[1]);
    free(orders->vectors);
    free(orders->numbers);
    if (orders->open) sw_reader_close(&orders->reader);
    *orders = (struct sw_tca_orders){0};
}

/* ---- one order ---- */

/* What is found out about an order while its trades and events go by. */
struct order {
    size_t row;
    uint32_t security; /* its number */
    bool traded;
    int64_t first_fill_ns, last_fill_ns;
    struct sw_first_event first;
    struct sw_amount limit;
};

static const struct sw_vector *column(const struct sw_tca_orders *orders, enum sw_kept_column which)
{
    return orders->vectors[orders->columns[which]];
}

static bool fail_order(const struct sw_tca_orders *orders, size_t row, const char *what,
                       struct sw_error *error)
{
    char id[SW_DESCRIBED_LENGTH];
    sw_value_describe(column(orders, SW_KEPT_ORDER), row, id);
    sw_fail(error, SW_DATA, "%s: order %s: %s", orders->file, id, what);
    return sw_fail_about(error, id);
}

static bool put_probe(struct sw_tca_orders *orders, const struct order *order,
                      enum sw_tca_probe_kind kind, int64_t time_ns, struct sw_error *error)
{
    const struct sw_tca_probe probe = {.kind = kind, .time_ns = time_ns, .order = orders->orders};
    return sw_probes_add(&orders->probes, order->security, &probe, error);
}

/* A row of the trades file of a security that has orders: it moves the market's volume. */
static bool see_market(struct sw_tca_orders *orders, uint32_t security,
                       const struct sw_trade_row *trade, struct sw_error *error)
{
    if (trade->kind != SW_TRADE_MARKET || !trade->complete) return true;
    const struct sw_tca_probe probe = {.kind = SW_PROBE_MARKET,
                                       .time_ns = trade->time_ns,
                                       .fill = sw_market_fill(trade->side, trade->continuous),
                                       .matched = trade->matched,
                                       .match = trade->match,
                                       .price = trade->price,
                                       .quantity = trade->quantity};
    return sw_probes_add(&orders->probes, security, &probe, error);
}

/* The limit without events: the order's price, where it was the same at both ends. */
static void limit_of_order(const struct sw_tca_orders *orders, size_t row, struct sw_amount *limit)
{
    sw_int128 both[2];
    *limit = (struct sw_amount){0};
    for (int i = 0; i < 2; i++)
        if (orders->prices[i] < 0 || !sw_scaled_value(orders->vectors[orders->prices[i]], row,
                                                      orders->price_scale, &both[i]))
            return;
    *limit = (struct sw_amount){both[0] == both[1], both[0]};
}

static bool add_limit(struct sw_tca_orders *orders, struct order *order,
                      const struct sw_trade_row *trade, struct sw_error *error)
{
    struct sw_amount limit;
    sw_int128 better;
    if (!orders->with_events) {
        limit_of_order(orders, order->row, &limit);
    } else {
        if (!sw_event_rows_limit(&orders->events, trade->time_ns, error)) return false;
        limit = orders->events.limit;
    }
    order->limit.known = order->limit.known && limit.known;
    if (!order->limit.known) return true;
    if (!__builtin_mul_overflow(trade->quantity, limit.value - trade->price, &better) &&
        !__builtin_add_overflow(order->limit.value, better, &order->limit.value))
        return true;
    return fail_order(orders, order->row,
                      "its limit times the quantity of its trades: out of range", error);
}

static bool take_own(struct sw_tca_orders *orders, struct order *order,
                     const struct sw_trade_row *trade, struct sw_error *error)
{
    if (trade->kind != SW_TRADE_MARKET) return true;
    orders->own_trades++;
    if (!trade->complete) {
        orders->incomplete_trades++;
        return true;
    }
    if (!order->traded) order->first_fill_ns = trade->time_ns;
    order->last_fill_ns = trade->time_ns;
    order->traded = true;
    const struct sw_tca_probe probe = {.kind = SW_PROBE_TRADE,
                                       .time_ns = trade->time_ns,
                                       .order = orders->orders,
                                       .fill = trade->fill,
                                       .price = trade->price,
                                       .quantity = trade->quantity};
    return (orders->reported_only || add_limit(orders, order, trade, error)) &&
           sw_probes_add(&orders->probes, order->security, &probe, error);
}

/* Takes the trades before the order, of its security and of the last order's, and its own. */
static bool take_trades(struct sw_tca_orders *orders, struct order *order, struct sw_error *error)
{
    struct sw_trade_rows *trades = &orders->trades;
    struct sw_trade_row trade;
    enum sw_step step;
    for (; (step = sw_trade_rows_reach(trades, error)) == SW_ROWS; trades->at++) {
        const struct sw_vector *security = sw_trade_rows_column(trades, SW_TRADE_SECURITY);
        int side =
            sw_value_compare(security, trades->at, column(orders, SW_KEPT_SECURITY), order->row);
        bool last = side != 0 && orders->orders > 0 &&
                    sw_value_compare(security, trades->at, &orders->last[0].vector, 0) == 0;
        bool wanted = side == 0 || last;
        uint32_t number = order->security - last;
        if (side == 0)
            side = sw_value_compare(sw_trade_rows_column(trades, SW_TRADE_ORDER), trades->at,
                                    column(orders, SW_KEPT_ORDER), order->row);
        if (side > 0) return true;
        if (!wanted) {
            orders->foreign_trades++;
            continue;
        }
        if (!sw_trade_row(trades, orders->price_scale, orders->quantity_scale, &trade, error) ||
            !see_market(orders, number, &trade, error) ||
            (side == 0 && !take_own(orders, order, &trade, error)))
            return false;
    }
    return step == SW_END;
}

/* ---- what is kept ---- */

static int64_t time_at(const struct sw_tca_orders *orders, enum sw_kept_column which, size_t row)
{
    return (int64_t)sw_value(column(orders, which), row);
}

static bool add_measure(struct sw_builder *builder, bool known, sw_int128 value,
                        struct sw_error *error)
{
    if (known) return sw_builder_add_value(builder, value, error);
    sw_builder_add_null(builder);
    return true;
}

/* The orders' own columns of some rows, a column after the other; what is found out of each follows. */
static bool keep_own(struct sw_tca_orders *orders, size_t from, size_t count,
                     struct sw_error *error)
{
    for (size_t i = 0; i < count; i++) orders->numbers[i] = (uint32_t)(from + i);
    for (int i = 0; i < SW_KEPT_OWN; i++)
        if (!sw_builder_gather(&orders->kept.builders[i], column(orders, i), orders->numbers, count,
                               error))
            return false;
    return true;
}

static bool keep(struct sw_tca_orders *orders, const struct order *order, struct sw_error *error)
{
    struct sw_builder *builders = orders->kept.builders;
    const struct sw_first_event *first = &order->first;
    int64_t first_date = sw_days_date(&orders->days, time_at(orders, SW_KEPT_FIRST, order->row));
    int64_t session_date =
        sw_days_date(&orders->days, order->traded ? order->first_fill_ns
                                                  : time_at(orders, SW_KEPT_LAST, order->row));
    bool reload = first->reload_told ? first->reload : first_date < session_date;
    int own_quote = !orders->own_quotes ? 0 : first->valid ? 1 : first->crossed ? 2 : 0;
    return sw_builder_add_value(&builders[SW_KEPT_SESSION_DATE], session_date, error) &&
           sw_builder_add_value(&builders[SW_KEPT_RELOAD], reload, error) &&
           sw_builder_add_value(&builders[SW_KEPT_OWN_QUOTE], own_quote, error) &&
           sw_builder_add_value(&builders[SW_KEPT_OWN_MID], first->bid + first->offer, error) &&
           sw_builder_add_value(&builders[SW_KEPT_OWN_SPREAD], first->offer - first->bid, error) &&
           add_measure(&builders[SW_KEPT_LIMIT], order->limit.known, order->limit.value, error);
}

static bool put_probes(struct sw_tca_orders *orders, const struct order *order,
                       struct sw_error *error)
{
    return put_probe(orders, order, SW_PROBE_FROM, time_at(orders, SW_KEPT_FIRST, order->row),
                     error) &&
           put_probe(orders, order, SW_PROBE_END, time_at(orders, SW_KEPT_LAST, order->row),
                     error) &&
           (!order->traded || orders->reported_only ||
            put_probe(orders, order, SW_PROBE_UP_TO, order->last_fill_ns, error));
}

static bool remember(struct sw_tca_orders *orders, size_t row, struct sw_error *error)
{
    const uint32_t rows[1] = {(uint32_t)row};
    for (int i = 0; i < 2; i++) {
        sw_builder_reset(&orders->last[i]);
        if (!sw_builder_gather(&orders->last[i], column(orders, i), rows, 1, error)) return false;
    }
    sw_security_range_widen(&orders->securities, column(orders, SW_KEPT_SECURITY), row);
    orders->orders++;
    return true;
}

/* Orders come security by security. */
static bool number_security(struct sw_tca_orders *orders, struct order *order,
                            struct sw_error *error)
{
    const struct sw_vector *security = column(orders, SW_KEPT_SECURITY);
    bool known = orders->orders > 0 &&
                 sw_value_compare(&orders->last[0].vector, 0, security, order->row) == 0;
    if (!known && !sw_probes_begin_security(&orders->probes, security, order->row, error))
        return false;
    order->security = orders->probes.security_count - 1;
    return true;
}

static bool check_order(const struct sw_tca_orders *orders, size_t row, struct sw_error *error)
{
    static const enum sw_kept_column needed[] = {SW_KEPT_SECURITY, SW_KEPT_ORDER, SW_KEPT_FIRST,
                                                 SW_KEPT_LAST};
    char what[64] = "no ";
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
        if (!sw_is_null(column(orders, needed[i]), row)) continue;
        strncat(what, own[needed[i]].name, sizeof what - 4);
        return fail_order(orders, row, what, error);
    }
    for (int i = 0; orders->orders > 0 && i < 2; i++)
        if (sw_value_compare(&orders->last[i].vector, 0, column(orders, i), row) != 0) return true;
    return orders->orders == 0 || fail_order(orders, row, "is there twice", error);
}

static bool take_order(struct sw_tca_orders *orders, size_t row, struct sw_error *error)
{
    struct order order = {.row = row, .limit.known = true};
    if (!check_order(orders, row, error) || !number_security(orders, &order, error) ||
        (orders->with_events &&
         !sw_event_rows_begin(&orders->events, column(orders, SW_KEPT_SECURITY),
                              column(orders, SW_KEPT_ORDER), row, &order.first, error)) ||
        !take_trades(orders, &order, error))
        return false;
    return put_probes(orders, &order, error) && keep(orders, &order, error) &&
           remember(orders, row, error);
}

/* ---- all of them ---- */

static bool take_orders(struct sw_tca_orders *orders, size_t from, size_t count,
                        struct sw_error *error)
{
    if (!keep_own(orders, from, count, error)) return false;
    for (size_t row = from; row < from + count; row++)
        if (!take_order(orders, row, error)) return false;
    return sw_row_sorter_added(&orders->kept, error);
}

static bool take_block(struct sw_tca_orders *orders, struct sw_error *error)
{
    for (int i = 0; i < SW_KEPT_OWN + 2; i++) {
        int index = i < SW_KEPT_OWN ? orders->columns[i] : orders->prices[i - SW_KEPT_OWN];
        if (index < 0) continue;
        orders->vectors[index] = sw_reader_vector(&orders->reader, index, error);
        if (!orders->vectors[index]) return false;
    }
    if (!sw_sorted_check(&orders->sorted, orders->vectors, orders->reader.rows, error))
        return false;
    for (size_t row = 0, count; row < orders->reader.rows; row += count) {
        count = sw_row_sorter_room(&orders->kept);
        if (count > orders->reader.rows - row) count = orders->reader.rows - row;
        if (!take_orders(orders, row, count, error)) return false;
    }
    return true;
}

/* What is left of the trades file: the market of the last security goes on. */
static bool drain_trades(struct sw_tca_orders *orders, struct sw_error *error)
{
    struct sw_trade_rows *trades = &orders->trades;
    struct sw_trade_row trade;
    enum sw_step step;
    for (; (step = sw_trade_rows_reach(trades, error)) == SW_ROWS; trades->at++) {
        const struct sw_vector *security = sw_trade_rows_column(trades, SW_TRADE_SECURITY);
        bool wanted = orders->orders > 0 &&
                      sw_value_compare(security, trades->at, &orders->last[0].vector, 0) == 0;
        orders->foreign_trades += !wanted;
        if (wanted &&
            (!sw_trade_row(trades, orders->price_scale, orders->quantity_scale, &trade, error) ||
             !see_market(orders, orders->probes.security_count - 1, &trade, error)))
            return false;
    }
    return step == SW_END;
}

bool sw_tca_orders_read(struct sw_tca_orders *orders, struct sw_error *error)
{
    enum sw_step step;
    while ((step = sw_reader_next(&orders->reader, error)) == SW_ROWS)
        if (!take_block(orders, error)) return false;
    return step == SW_END && drain_trades(orders, error) &&
           (!orders->with_events || sw_event_rows_drain(&orders->events, error)) &&
           sw_row_sorter_finish(&orders->kept, error) && sw_probes_finish(&orders->probes, error);
}
