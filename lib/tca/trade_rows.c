/* SPDX-License-Identifier: ISC */
#include "tca/trade_rows.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "market/roles.h"

enum { IN_DARK = 1, IN_AUCTION = 2, IN_CONTINUOUS = 4 };

static const char *const set_tests[] = {"dealsource in dark", "dealsource in auction",
                                        "dealsource in lit"};

enum { SETS = sizeof set_tests / sizeof *set_tests };

/* ---- opening ---- */

static bool find_extras(struct sw_trade_rows *trades, struct sw_error *error)
{
    static const char *const names[SW_TRADE_EXTRAS] = {
        "passiveaggressive",         "side", "matchgroupid", "sequence", "nationalbidpricesnapshot",
        "nationalofferpricesnapshot"};
    const struct sw_schema *schema = &trades->reader.schema;
    for (int i = 0; i < SW_TRADE_EXTRAS; i++) {
        int column = trades->extras[i] = sw_schema_find(schema, names[i]);
        if (column >= 0 && schema->columns[column].type == SW_TEXT)
            return sw_fail(error, SW_DATA, "%s: column '%s' is of type text",
                           trades->reader.first_name, names[i]);
    }
    return true;
}

static bool open_sets(struct sw_trade_rows *trades, const char *share_directory,
                      struct sw_error *error)
{
    trades->in_sets = sw_alloc(SW_BLOCK_ROWS_MAXIMUM, sizeof *trades->in_sets, error);
    if (!trades->in_sets) return false;
    for (int i = 0; trades->kinds.told && i < SETS; i++) {
        trades->sets[i] = sw_condition_new(error);
        if (!trades->sets[i] || !sw_condition_compile(trades->sets[i], &trades->kinds.view,
                                                      set_tests[i], share_directory, error))
            return false;
    }
    return true;
}

bool sw_trade_rows_open(struct sw_trade_rows *trades, const char *path,
                        const struct sw_input *input, const char *trades_in,
                        const char *share_directory, struct sw_error *error)
{
    trades->path[0] = path;
    if (input ? !sw_reader_open_input(&trades->reader, input, error)
              : !sw_reader_open(&trades->reader, trades->path, 1, error))
        return false;
    trades->open = true;
    const struct sw_schema *schema = &trades->reader.schema;
    const char *file = trades->reader.first_name;
    if (!sw_role_trades(schema, file, error)) return false;
    trades->vectors = sw_alloc(schema->column_count, sizeof *trades->vectors, error);
    if (!trades->vectors || !sw_trade_columns_find(schema, file, trades->columns, error) ||
        !find_extras(trades, error))
        return false;
    for (size_t i = 0; i <= SW_TRADE_TIMESTAMP; i++) trades->keys[i].column = trades->columns[i];
    return sw_sorted_open(&trades->sorted, schema, trades->keys, SW_TRADE_TIMESTAMP + 1, file,
                          error) &&
           sw_trade_kinds_open(&trades->kinds, &trades->reader, trades->columns[SW_TRADE_SOURCE],
                               trades_in, share_directory, error) &&
           open_sets(trades, share_directory, error);
}

void sw_trade_rows_close(struct sw_trade_rows *trades)
{
    for (int i = 0; i < SETS; i++) sw_condition_free(trades->sets[i]);
    sw_trade_kinds_free(&trades->kinds);
    sw_sorted_free(&trades->sorted);
    free(trades->in_sets);
    free(trades->vectors);
    if (trades->open) sw_reader_close(&trades->reader);
    *trades = (struct sw_trade_rows){0};
}

int sw_trade_rows_scale(const struct sw_trade_rows *trades, enum sw_trade_column column)
{
    return trades->reader.schema.columns[trades->columns[column]].scale;
}

/* ---- blocks ---- */

static bool fetch(struct sw_trade_rows *trades, int column, struct sw_error *error)
{
    if (column < 0) return true;
    trades->vectors[column] = sw_reader_vector(&trades->reader, column, error);
    return trades->vectors[column] != NULL;
}

static bool find_sets(struct sw_trade_rows *trades, struct sw_error *error)
{
    memset(trades->in_sets, trades->kinds.told ? 0 : IN_CONTINUOUS, trades->rows);
    for (int i = 0; trades->kinds.told && i < SETS; i++) {
        struct sw_condition *set = trades->sets[i];
        if (!sw_condition_take(set, &trades->kinds.view, error)) return false;
        for (size_t j = 0; j < set->count; j++) trades->in_sets[set->selected[j]] |= 1u << i;
    }
    return true;
}

static bool add_quotes(struct sw_trade_rows *trades, struct sw_error *error)
{
    for (size_t row = 0; trades->quotes && row < trades->rows; row++)
        if (!sw_moments_add(trades->quotes, sw_trade_rows_column(trades, SW_TRADE_SECURITY),
                            sw_trade_rows_column(trades, SW_TRADE_TIMESTAMP),
                            sw_trade_rows_extra(trades, SW_EXTRA_SEQUENCE),
                            sw_trade_rows_extra(trades, SW_EXTRA_BID),
                            sw_trade_rows_extra(trades, SW_EXTRA_OFFER), row, error))
            return false;
    return true;
}

static bool take_block(struct sw_trade_rows *trades, struct sw_error *error)
{
    trades->rows = trades->reader.rows;
    for (int i = 0; i < SW_TRADE_SOURCE; i++)
        if (!fetch(trades, trades->columns[i], error)) return false;
    for (int i = 0; i < SW_TRADE_EXTRAS; i++)
        if (!fetch(trades, trades->extras[i], error)) return false;
    return sw_sorted_check(&trades->sorted, trades->vectors, trades->rows, error) &&
           sw_trade_kinds_take(&trades->kinds, trades->rows, error) && find_sets(trades, error) &&
           add_quotes(trades, error);
}

enum sw_step sw_trade_rows_reach(struct sw_trade_rows *trades, struct sw_error *error)
{
    if (trades->at < trades->rows) return SW_ROWS;
    trades->rows = trades->at = 0;
    enum sw_step step = sw_reader_next(&trades->reader, error);
    if (step != SW_ROWS) return step;
    return take_block(trades, error) ? SW_ROWS : SW_FAILED;
}

/* ---- a row ---- */

static bool is_small(sw_int128 value)
{
    const sw_int128 most = (sw_int128)1 << 96;
    return value < most && value > -most;
}

bool sw_scaled_value(const struct sw_vector *vector, size_t row, int scale, sw_int128 *value)
{
    if (!vector || sw_is_null(vector, row) || !is_small(sw_value(vector, row))) return false;
    return !__builtin_mul_overflow(sw_value(vector, row), sw_power_of_ten(scale - vector->scale),
                                   value) &&
           is_small(*value);
}

static bool number_of(const struct sw_trade_rows *trades, enum sw_trade_extra extra,
                      sw_int128 *number)
{
    const struct sw_vector *vector = sw_trade_rows_extra(trades, extra);
    if (!vector || sw_is_null(vector, trades->at)) return false;
    *number = sw_value(vector, trades->at);
    return true;
}

static enum sw_fill_kind fill_of(const struct sw_trade_rows *trades)
{
    sw_int128 taker;
    if (trades->in_sets[trades->at] & IN_AUCTION) return SW_FILL_AUCTION;
    if (trades->in_sets[trades->at] & IN_DARK) return SW_FILL_DARK;
    if (!number_of(trades, SW_EXTRA_TAKER, &taker)) return SW_FILL_OTHER;
    return taker == 0 ? SW_FILL_PASSIVE : taker == 1 ? SW_FILL_AGGRESSIVE : SW_FILL_OTHER;
}

static bool fail_value(const struct sw_trade_rows *trades, const char *what, struct sw_error *error)
{
    return sw_fail(error, SW_DATA, "%s: row %" PRIu64 ": %s: out of range",
                   trades->reader.first_name,
                   trades->reader.total_rows - trades->rows + trades->at + 1, what);
}

bool sw_trade_row(const struct sw_trade_rows *trades, int price_scale, int quantity_scale,
                  struct sw_trade_row *row, struct sw_error *error)
{
    const size_t at = trades->at;
    const struct sw_vector *price = sw_trade_rows_column(trades, SW_TRADE_PRICE),
                           *quantity = sw_trade_rows_column(trades, SW_TRADE_QUANTITY),
                           *time = sw_trade_rows_column(trades, SW_TRADE_TIMESTAMP);
    sw_int128 side = 0;
    *row = (struct sw_trade_row){.kind = trades->kinds.of[at], .fill = fill_of(trades)};
    row->continuous = trades->in_sets[at] & IN_CONTINUOUS;
    row->complete = !sw_is_null(price, at) && !sw_is_null(quantity, at) && !sw_is_null(time, at);
    row->time_ns = sw_is_null(time, at) ? 0 : (int64_t)sw_value(time, at);
    if (number_of(trades, SW_EXTRA_SIDE, &side)) row->side = side == 1 ? 1 : side == 2 ? -1 : 0;
    row->matched = number_of(trades, SW_EXTRA_MATCH, &row->match) && row->match != 0;
    if (!row->complete) return true;
    if (!sw_scaled_value(price, at, price_scale, &row->price))
        return fail_value(trades, "price", error);
    return sw_scaled_value(quantity, at, quantity_scale, &row->quantity) ||
           fail_value(trades, "quantity", error);
}
