/* SPDX-License-Identifier: ISC */
#include "darkbook/replay_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"

/* ---- the trades ---- */

enum side_column {
    SIDE_SECURITY,
    SIDE_GROUP,
    SIDE_TIME,
    SIDE_ORDER,
    SIDE_PARTICIPANT,
    SIDE_CAME,
    SIDE_BUYS,
    SIDE_QUANTITY,
    SIDE_PRICE,
    SIDE_BOOKED,
    SIDE_MID, /* of the quote that stands in the row; null: none does */
    SIDE_COLUMNS,
};

enum trade_column {
    TRADE_SECURITY,
    TRADE_ORDER,
    TRADE_TIME,
    TRADE_GROUP,
    TRADE_CAME,
    TRADE_SIDE,
    TRADE_QUANTITY,
    TRADE_PRICE,
    TRADE_PARTICIPANT,
    TRADE_BID, /* this one and the next may be missing */
    TRADE_OFFER,
    TRADE_COLUMNS,
};

static const char *const trade_names[TRADE_COLUMNS] = {
    "security_code",
    "order_id",
    "timestamp",
    "matchgroupid",
    "passiveaggressive",
    "side",
    "quantity",
    "price",
    "participantid",
    "nationalbidpricesnapshot",
    "nationalofferpricesnapshot",
};

struct reading {
    struct sw_replay *replay;
    int columns[TRADE_COLUMNS];
    const struct sw_vector *vectors[TRADE_COLUMNS];
    struct sw_view view;
    struct sw_condition *dark, *booked;
    bool *is_booked;
};

static bool find_columns(struct reading *reading, struct sw_error *error)
{
    const struct sw_reader *reader = &reading->replay->trades;
    const struct sw_matching *matching = reading->replay->matching;
    const struct sw_order_events *events = &matching->arrivals.events;
    for (int i = 0; i < TRADE_COLUMNS; i++) {
        reading->columns[i] = sw_schema_find(&reader->schema, trade_names[i]);
        if (reading->columns[i] < 0 && i < TRADE_BID)
            return sw_fail(error, SW_DATA, "%s: no column '%s'", reader->first_name,
                           trade_names[i]);
    }
    const struct sw_column *columns = reader->schema.columns;
    const struct sw_column *security = &columns[reading->columns[TRADE_SECURITY]];
    const struct sw_column *order = &columns[reading->columns[TRADE_ORDER]];
    const struct sw_vector *own = &events->security.vector;
    if (security->type != own->type || security->scale != own->scale ||
        (order->type == SW_TEXT) != (events->id.vector.type == SW_TEXT) ||
        columns[reading->columns[TRADE_TIME]].type != SW_TIME ||
        columns[reading->columns[TRADE_QUANTITY]].scale != events->quantity_scale ||
        columns[reading->columns[TRADE_PRICE]].scale > matching->price_scale)
        return sw_fail(error, SW_DATA, "%s: its columns are not of the orders' types and scales",
                       reader->first_name);
    return true;
}

static bool open_conditions(struct reading *reading, const char *share, struct sw_error *error)
{
    static const struct sw_view_settings settings = {0};
    if (!sw_view_open(&reading->view, sw_supplier_of_reader(&reading->replay->trades), &settings,
                      error))
        return false;
    reading->dark = sw_condition_new(error);
    reading->booked = sw_condition_new(error);
    reading->is_booked = sw_alloc(SW_BLOCK_ROWS_MAXIMUM, sizeof *reading->is_booked, error);
    return reading->dark && reading->booked && reading->is_booked &&
           sw_condition_compile(reading->dark, &reading->view, "dealsource in dark_book", share,
                                error) &&
           sw_condition_compile(reading->booked, &reading->view, "dealsource in booked", share,
                                error);
}

static sw_int128 number_at(const struct reading *reading, enum trade_column column, size_t row)
{
    const struct sw_vector *vector = reading->vectors[column];
    return sw_is_null(vector, row) ? 0 : sw_value(vector, row);
}

/* A price in the book's unit; false: there is none. */
static bool units_at(const struct reading *reading, enum trade_column column, size_t row,
                     sw_int128 *units)
{
    const struct sw_vector *vector = reading->columns[column] < 0 ? NULL : reading->vectors[column];
    const int scale = reading->replay->matching->price_scale;
    if (!vector || sw_is_null(vector, row) || vector->scale > scale) return false;
    *units = sw_value(vector, row);
    return *units > 0 &&
           !__builtin_mul_overflow(*units, sw_power_of_ten(scale - vector->scale), units);
}

/* The mid of the quote that stands in a row. */
static bool put_mid(const struct reading *reading, size_t row, struct sw_builder *to,
                    struct sw_error *error)
{
    sw_int128 bid, offer;
    if (units_at(reading, TRADE_BID, row, &bid) && units_at(reading, TRADE_OFFER, row, &offer))
        return sw_builder_add_value(to, bid / 2 + offer / 2, error);
    sw_builder_add_null(to);
    return true;
}

static bool put_side(struct reading *reading, size_t row, struct sw_error *error)
{
    struct sw_replay *replay = reading->replay;
    struct sw_order_events *events = &replay->matching->arrivals.events;
    struct sw_builder *to = replay->sides.builders;
    const uint32_t rows[1] = {(uint32_t)row};
    const struct sw_vector *orders = reading->vectors[TRADE_ORDER];
    const struct sw_vector *price = reading->vectors[TRADE_PRICE];
    uint32_t participant, id;
    sw_int128 units = number_at(reading, TRADE_PRICE, row);
    if (!sw_intern_at(&events->participants, reading->vectors[TRADE_PARTICIPANT], row, &participant,
                      error))
        return false;
    sw_int128 order = orders->type == SW_TEXT ? 0 : number_at(reading, TRADE_ORDER, row);
    if (orders->type == SW_TEXT) {
        if (!sw_intern_at(&events->ids, orders, row, &id, error)) return false;
        order = id;
    }
    if (__builtin_mul_overflow(units, sw_power_of_ten(replay->matching->price_scale - price->scale),
                               &units))
        return sw_fail(error, SW_DATA, "%s: a price is out of range", replay->trades.first_name);
    const sw_int128 values[SIDE_COLUMNS] = {[SIDE_GROUP] = number_at(reading, TRADE_GROUP, row),
                                            [SIDE_TIME] = number_at(reading, TRADE_TIME, row),
                                            [SIDE_ORDER] = order,
                                            [SIDE_PARTICIPANT] = participant,
                                            [SIDE_CAME] = number_at(reading, TRADE_CAME, row) == 1,
                                            [SIDE_BUYS] = number_at(reading, TRADE_SIDE, row) == 1,
                                            [SIDE_QUANTITY] =
                                                number_at(reading, TRADE_QUANTITY, row),
                                            [SIDE_PRICE] = units,
                                            [SIDE_BOOKED] = reading->is_booked[row]};
    if (!sw_builder_gather(&to[SIDE_SECURITY], reading->vectors[TRADE_SECURITY], rows, 1, error))
        return false;
    for (int i = SIDE_GROUP; i < SIDE_MID; i++)
        if (!sw_builder_add_value(&to[i], values[i], error)) return false;
    return put_mid(reading, row, &to[SIDE_MID], error) &&
           sw_row_sorter_added(&replay->sides, error);
}

static bool read_block(struct reading *reading, struct sw_error *error)
{
    struct sw_reader *reader = &reading->replay->trades;
    for (int i = 0; i < TRADE_COLUMNS; i++) {
        if (reading->columns[i] < 0) continue;
        reading->vectors[i] = sw_reader_vector(reader, reading->columns[i], error);
        if (!reading->vectors[i]) return false;
    }
    sw_view_begin(&reading->view, reader->rows);
    memset(reading->is_booked, 0, reader->rows * sizeof *reading->is_booked);
    if (!sw_condition_take(reading->booked, &reading->view, error)) return false;
    for (size_t i = 0; i < reading->booked->count; i++)
        reading->is_booked[reading->booked->selected[i]] = true;
    if (!sw_condition_take(reading->dark, &reading->view, error)) return false;
    for (size_t i = 0; i < reading->dark->count; i++)
        if (!put_side(reading, reading->dark->selected[i], error)) return false;
    return true;
}

static bool read_trades(struct sw_replay *replay, struct sw_error *error)
{
    struct reading reading = {.replay = replay};
    enum sw_step step = SW_FAILED;
    const char *share = replay->matching->settings.arrivals.share_directory;
    bool good = find_columns(&reading, error) && open_conditions(&reading, share, error);
    while (good && (step = sw_reader_next(&replay->trades, error)) == SW_ROWS)
        good = read_block(&reading, error);
    sw_condition_free(reading.dark);
    sw_condition_free(reading.booked);
    free(reading.is_booked);
    sw_view_free(&reading.view);
    return good && step == SW_END && sw_row_sorter_finish(&replay->sides, error);
}

/* ---- fills ---- */

struct side {
    sw_int128 values[SIDE_COLUMNS];
};

static void take_side(const struct sw_row_sorter *sides, struct side *side)
{
    for (int i = SIDE_GROUP; i < SIDE_COLUMNS; i++)
        side->values[i] = sw_row_sorter_number(sides, i);
}

/* Of the two sides of a trade, the one that came first. */
static bool put_fill(struct sw_replay *replay, const struct sw_vector *security,
                     const struct side *came, const struct side *rested, struct sw_error *error)
{
    struct sw_builder *to = replay->fills.builders;
    const bool any = came->values[SIDE_CAME] != 0;
    const sw_int128 values[SW_FILL_COLUMNS] = {[SW_FILL_TIME] = came->values[SIDE_TIME],
                                               [SW_FILL_ORDER] = came->values[SIDE_ORDER],
                                               [SW_FILL_RESTING] = rested->values[SIDE_ORDER],
                                               [SW_FILL_PARTICIPANT] =
                                                   came->values[SIDE_PARTICIPANT],
                                               [SW_FILL_BUYS] = came->values[SIDE_BUYS],
                                               [SW_FILL_QUANTITY] = came->values[SIDE_QUANTITY],
                                               [SW_FILL_PRICE] = came->values[SIDE_PRICE],
                                               [SW_FILL_BOOKED] = came->values[SIDE_BOOKED],
                                               [SW_FILL_MID] = came->values[SIDE_MID]};
    if (!sw_builder_gather(&to[SW_FILL_SECURITY], security, NULL, 1, error)) return false;
    for (int i = SW_FILL_TIME; i < SW_FILL_COLUMNS; i++) {
        if ((i == SW_FILL_ORDER && !any) || (i == SW_FILL_MID && values[i] == 0))
            sw_builder_add_null(&to[i]);
        else if (!sw_builder_add_value(&to[i], values[i], error))
            return false;
    }
    return sw_row_sorter_added(&replay->fills, error);
}

/* A trade has ended: count sides of it were there, of which the first two are at hand. */
static bool end_trade(struct sw_replay *replay, const struct sw_vector *security,
                      const struct side sides[2], size_t count, struct sw_error *error)
{
    const bool second = count == 2 && sides[1].values[SIDE_CAME];
    if (count == 0) return true;
    replay->odd += count != 2;
    return count != 2 || put_fill(replay, security, &sides[second], &sides[!second], error);
}

static bool pair_sides(struct sw_replay *replay, struct sw_builder *security,
                       struct sw_error *error)
{
    struct sw_row_sorter *rows = &replay->sides;
    const struct sw_vector *before = &security->vector;
    struct side sides[2] = {{{0}}};
    size_t count = 0;
    enum sw_step step;
    while ((step = sw_row_sorter_next(rows, error)) == SW_ROWS) {
        const struct sw_vector *of = rows->sorter.vectors[SIDE_SECURITY];
        const uint32_t row[1] = {(uint32_t)rows->row};
        struct side side = {{0}};
        take_side(rows, &side);
        if (count > 0 && (side.values[SIDE_GROUP] != sides[0].values[SIDE_GROUP] ||
                          sw_value_compare(of, rows->row, before, 0) != 0)) {
            if (!end_trade(replay, before, sides, count, error)) return false;
            count = 0;
        }
        if (count < 2) sides[count] = side;
        if (count++ > 0) continue;
        sw_builder_reset(security);
        if (!sw_builder_gather(security, of, row, 1, error)) return false;
    }
    return step == SW_END && end_trade(replay, before, sides, count, error) &&
           sw_row_sorter_finish(&replay->fills, error);
}

static bool open_sorters(struct sw_replay *replay, struct sw_error *error)
{
    const struct sw_vector *own = &replay->matching->security.vector;
    const struct sw_arrivals_settings *settings = &replay->matching->settings.arrivals;
    const struct sw_row_column security = {"security", own->type, own->scale};
    const struct sw_row_column sides[SIDE_COLUMNS] = {
        security,
        {"group", SW_DECIMAL, 0},
        {"time", SW_TIME, 0},
        {"order", SW_DECIMAL, 0},
        {"participant", SW_UINT, 0},
        {"came", SW_INT, 0},
        {"buys", SW_INT, 0},
        {"quantity", SW_DECIMAL, 0},
        {"price", SW_DECIMAL, 0},
        {"booked", SW_INT, 0},
        {"mid", SW_DECIMAL, 0},
    };
    const struct sw_row_column fills[SW_FILL_COLUMNS] = {
        security,
        {"time", SW_TIME, 0},
        {"order", SW_DECIMAL, 0},
        {"resting", SW_DECIMAL, 0},
        {"participant", SW_UINT, 0},
        {"buys", SW_INT, 0},
        {"quantity", SW_DECIMAL, 0},
        {"price", SW_DECIMAL, 0},
        {"booked", SW_INT, 0},
        {"mid", SW_DECIMAL, 0},
    };
    return sw_row_sorter_open(&replay->sides, sides, SIDE_COLUMNS, SIDE_ORDER + 1,
                              settings->memory_bytes, settings->folder, error) &&
           sw_row_sorter_open(&replay->fills, fills, SW_FILL_COLUMNS, SW_FILL_QUANTITY + 1,
                              settings->memory_bytes, settings->folder, error);
}

bool sw_replay_fills(struct sw_replay *replay, struct sw_error *error)
{
    const struct sw_vector *own = &replay->matching->security.vector;
    struct sw_builder security = {0};
    bool good = sw_builder_init(&security, own->type, own->scale, 1, error) &&
                open_sorters(replay, error) && read_trades(replay, error) &&
                pair_sides(replay, &security, error);
    sw_builder_free(&security);
    return good;
}
