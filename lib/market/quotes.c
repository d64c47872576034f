/* SPDX-License-Identifier: ISC */
#include "market/quotes.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/civil.h"
#include "base/memory.h"
#include "base/number.h"
#include "record/bounds.h"
#include "market/roles.h"

/* What the columns are called in quotes, in orders and in trades. */
static const char *const all_names[][SW_QUOTE_COLUMNS] = {
    {"security_code", "timestamp", "bid", "offer", "sequence"},
    {"security_code", "timestamp", "national_bid", "national_offer", "sequence"},
    {"security_code", "timestamp", "nationalbidpricesnapshot", "nationalofferpricesnapshot",
     "sequence"},
};

enum { OF_QUOTES, OF_ORDERS, OF_TRADES, OF_NONE };

/* ---- opening ---- */

static bool fits(enum sw_quote_column column, enum sw_type type)
{
    if (column == SW_QUOTE_SECURITY) return true;
    if (column == SW_QUOTE_TIME) return type == SW_TIME;
    return type == SW_INT || type == SW_UINT || type == SW_DECIMAL;
}

static bool has_prices(const struct sw_schema *schema, int rows)
{
    return sw_schema_find(schema, all_names[rows][SW_QUOTE_BID]) >= 0 &&
           sw_schema_find(schema, all_names[rows][SW_QUOTE_OFFER]) >= 0;
}

/* What the rows are. Orders may have a bid and an offer of their exchange's beside the national ones. */
static int kind_of_rows(const struct sw_schema *schema)
{
    if (strcmp(schema->table, "nbbo") == 0) return OF_QUOTES;
    if (has_prices(schema, OF_ORDERS)) return OF_ORDERS;
    if (has_prices(schema, OF_TRADES)) return OF_TRADES;
    return sw_role_quotes(schema) ? OF_QUOTES : OF_NONE;
}

static bool find_columns(struct sw_quotes *quotes, const char *file, const char *const *names,
                         struct sw_error *error)
{
    const struct sw_schema *schema = &quotes->reader.schema;
    for (int i = 0; i < SW_QUOTE_COLUMNS; i++) {
        int column = sw_schema_find(schema, names[i]);
        quotes->columns[i] = column;
        if (column < 0 && i == SW_QUOTE_SEQUENCE) continue;
        if (column < 0) return sw_fail(error, SW_DATA, "%s: no such column: '%s'", file, names[i]);
        if (!fits(i, schema->columns[column].type))
            return sw_fail(error, SW_DATA, "%s: %s: a column of %s, which it must not be", file,
                           names[i], sw_type_name(schema->columns[column].type));
    }
    return true;
}

/* The finer of the two prices' scales. */
static int common_scale(const struct sw_quotes *quotes)
{
    const struct sw_column *columns = quotes->reader.schema.columns;
    int bid = columns[quotes->columns[SW_QUOTE_BID]].scale;
    int offer = columns[quotes->columns[SW_QUOTE_OFFER]].scale;
    return bid > offer ? bid : offer;
}

static bool prepare(struct sw_quotes *quotes, struct sw_error *error)
{
    const struct sw_schema *schema = &quotes->reader.schema;
    const char *file = quotes->reader.first_name;
    const int kind = kind_of_rows(schema);
    size_t key_count = 2;
    if (kind == OF_NONE)
        return sw_fail(error, SW_DATA, "%s: not quotes (nbbo): table '%s'", file, schema->table);
    quotes->of_rows = kind != OF_QUOTES;
    if (!find_columns(quotes, file, all_names[kind], error) ||
        !sw_sort_keys_need(schema, all_names[kind], key_count, file, quotes->keys, error))
        return false;
    if (quotes->of_rows && quotes->columns[SW_QUOTE_SEQUENCE] >= 0)
        quotes->keys[key_count++].column = quotes->columns[SW_QUOTE_SEQUENCE];
    const struct sw_column *security = &schema->columns[sw_quotes_security(quotes)];
    if (!sw_builder_init(&quotes->moment_security, security->type, security->scale, 1, error))
        return false;
    quotes->scale = common_scale(quotes);
    quotes->by_column = sw_alloc(schema->column_count, sizeof *quotes->by_column, error);
    return quotes->by_column &&
           sw_sorted_open(&quotes->sorted, schema, quotes->keys, key_count, file, error);
}

bool sw_quotes_open(struct sw_quotes *quotes, const char *path, struct sw_error *error)
{
    quotes->path = path;
    return sw_reader_open(&quotes->reader, &quotes->path, 1, error) && prepare(quotes, error);
}

bool sw_quotes_open_input(struct sw_quotes *quotes, const struct sw_input *input,
                          struct sw_error *error)
{
    return sw_reader_open_input(&quotes->reader, input, error) && prepare(quotes, error);
}

int sw_quotes_security(const struct sw_quotes *quotes)
{
    return quotes->columns[SW_QUOTE_SECURITY];
}

void sw_security_range_widen(struct sw_security_range *range, const struct sw_vector *security,
                             size_t row)
{
    sw_int128 bound;
    if (security->type == SW_TEXT) {
        const struct sw_text *text = &security->dictionary[security->codes[row]];
        bound = sw_text_bound(text->bytes, text->length);
    } else {
        bound = sw_value(security, row);
    }
    if (!range->any || bound < range->low) range->low = bound;
    if (!range->any || bound > range->high) range->high = bound;
    range->any = true;
}

bool sw_quotes_restrict(struct sw_quotes *quotes, const struct sw_security_range *range,
                        struct sw_error *error)
{
    /* Whoever wants to see what is left out sees all of it. */
    if (!range->any || quotes->left_out) return true;
    quotes->limited = true;
    quotes->low = range->low;
    quotes->high = range->high;
    return sw_reader_restrict(&quotes->reader, sw_quotes_security(quotes), range->low, range->high,
                              error);
}

void sw_quotes_close(struct sw_quotes *quotes)
{
    sw_builder_free(&quotes->moment_security);
    sw_sorted_free(&quotes->sorted);
    free(quotes->by_column);
    sw_reader_close(&quotes->reader);
}

/* ---- reading ---- */

/* The number of a row of the current block, from 1. */
static uint64_t row_number(const struct sw_quotes *quotes, size_t row)
{
    return quotes->reader.total_rows - quotes->reader.rows + row + 1;
}

static bool refuse_null_times(const struct sw_quotes *quotes, struct sw_error *error)
{
    const struct sw_vector *times = quotes->vectors[SW_QUOTE_TIME];
    size_t row = 0;
    if (times->nulls == 0) return true;
    while (!sw_is_null(times, row)) row++;
    return sw_fail(error, SW_DATA, "%s: row %" PRIu64 ": timestamp: null",
                   quotes->reader.first_name, row_number(quotes, row));
}

static bool take_block(struct sw_quotes *quotes, struct sw_error *error)
{
    struct sw_reader *reader = &quotes->reader;
    for (int i = 0; i < SW_QUOTE_COLUMNS; i++) {
        if (quotes->columns[i] < 0) continue;
        quotes->vectors[i] = sw_reader_vector(reader, quotes->columns[i], error);
        if (!quotes->vectors[i]) return false;
        quotes->by_column[quotes->columns[i]] = quotes->vectors[i];
    }
    quotes->security = quotes->vectors[SW_QUOTE_SECURITY];
    quotes->next_row = 0;
    quotes->sorted.skipped = reader->total_rows - reader->rows - quotes->sorted.rows;
    return refuse_null_times(quotes, error) &&
           sw_sorted_check(&quotes->sorted, quotes->by_column, reader->rows, error);
}

static bool price_at(const struct sw_quotes *quotes, enum sw_quote_column column, size_t row,
                     sw_int128 *price)
{
    const struct sw_vector *vector = quotes->vectors[column];
    sw_int128 value = sw_value(vector, row);
    *price = value;
    return vector->scale == quotes->scale ||
           !__builtin_mul_overflow(value, sw_power_of_ten(quotes->scale - vector->scale), price);
}

static void take_time(struct sw_quotes *quotes, size_t row)
{
    struct sw_quote *quote = &quotes->current;
    const struct sw_vector *sequence = quotes->vectors[SW_QUOTE_SEQUENCE];
    quotes->row = row;
    quote->time_ns = (int64_t)sw_value(quotes->vectors[SW_QUOTE_TIME], row);
    quote->sequenced = sequence && !sw_is_null(sequence, row);
    quote->sequence = quote->sequenced ? sw_value(sequence, row) : 0;
}

static bool take_prices(struct sw_quotes *quotes, size_t row, struct sw_error *error)
{
    struct sw_quote *quote = &quotes->current;
    if (price_at(quotes, SW_QUOTE_BID, row, &quote->bid) &&
        price_at(quotes, SW_QUOTE_OFFER, row, &quote->offer))
        return true;
    return sw_fail(error, SW_DATA, "%s: row %" PRIu64 ": bid or offer: out of range",
                   quotes->reader.first_name, row_number(quotes, row));
}

static bool is_price(const struct sw_quotes *quotes, enum sw_quote_column column, size_t row)
{
    const struct sw_vector *vector = quotes->vectors[column];
    if (sw_is_null(vector, row)) return false;
    sw_int128 value = sw_value(vector, row);
    return !quotes->of_rows ||
           (value != 0 && value != (sw_int128)INT64_MIN * sw_power_of_ten(vector->scale));
}

/* What is stepped over is counted where it is of a security that is wanted: whether quotes of others
 * come by at all depends on the blocks. */
static bool is_wanted(const struct sw_quotes *quotes, size_t row)
{
    const struct sw_vector *security = quotes->security;
    if (!quotes->limited) return true;
    if (security->type != SW_TEXT)
        return sw_value(security, row) >= quotes->low && sw_value(security, row) <= quotes->high;
    const struct sw_text *text = &security->dictionary[security->codes[row]];
    sw_int128 bound = sw_text_bound(text->bytes, text->length);
    return bound >= quotes->low && bound <= quotes->high;
}

/* Whether the row is of the moment of the one before it, which has told the quote. */
static bool is_same_moment(struct sw_quotes *quotes, size_t row, bool *same, struct sw_error *error)
{
    struct sw_builder *before = &quotes->moment_security;
    const uint32_t rows[1] = {(uint32_t)row};
    int64_t time_ns = (int64_t)sw_value(quotes->vectors[SW_QUOTE_TIME], row);
    *same = before->vector.rows > 0 && time_ns == quotes->moment_ns &&
            sw_value_compare(&before->vector, 0, quotes->security, row) == 0;
    if (*same) return true;
    quotes->moment_ns = time_ns;
    sw_builder_reset(before);
    return sw_builder_gather(before, quotes->security, rows, 1, error);
}

static void leave_out(struct sw_quotes *quotes, size_t row, bool crossed)
{
    if (!is_wanted(quotes, row)) return;
    ++*(crossed ? &quotes->crossed : &quotes->one_sided);
    if (quotes->left_out) quotes->left_out(quotes->owner, quotes->security, row, crossed);
}

/* The row's quote. SW_END: it tells none of its own. */
static enum sw_step look_at(struct sw_quotes *quotes, size_t row, enum sw_quote_state *state,
                            struct sw_error *error)
{
    bool same = false;
    if (sw_is_null(quotes->security, row)) return SW_END;
    if (quotes->of_rows && !is_same_moment(quotes, row, &same, error)) return SW_FAILED;
    if (same) return SW_END;
    take_time(quotes, row);
    *state = SW_QUOTE_ONE_SIDED;
    if (!is_price(quotes, SW_QUOTE_BID, row) || !is_price(quotes, SW_QUOTE_OFFER, row)) {
        leave_out(quotes, row, false);
        return SW_ROWS;
    }
    if (!take_prices(quotes, row, error)) return SW_FAILED;
    bool crossed = quotes->current.bid > quotes->current.offer;
    *state = crossed ? SW_QUOTE_CROSSED : SW_QUOTE_VALID;
    if (crossed) leave_out(quotes, row, true);
    return SW_ROWS;
}

enum sw_step sw_quotes_next_row(struct sw_quotes *quotes, enum sw_quote_state *state,
                                struct sw_error *error)
{
    for (;;) {
        while (quotes->security && quotes->next_row < quotes->reader.rows) {
            enum sw_step seen = look_at(quotes, quotes->next_row++, state, error);
            if (seen != SW_END) return seen;
        }
        enum sw_step step = sw_reader_next(&quotes->reader, error);
        if (step != SW_ROWS) return step;
        if (!take_block(quotes, error)) return SW_FAILED;
    }
}

enum sw_step sw_quotes_next(struct sw_quotes *quotes, struct sw_error *error)
{
    enum sw_quote_state state;
    enum sw_step step;
    do step = sw_quotes_next_row(quotes, &state, error);
    while (step == SW_ROWS && state != SW_QUOTE_VALID);
    return step;
}

static int compare_numbers(sw_int128 a, sw_int128 b)
{
    return (a > b) - (a < b);
}

int sw_quote_compare(const struct sw_quote *a, const struct sw_quote *b)
{
    int order = compare_numbers(a->time_ns, b->time_ns);
    if (order == 0) order = a->sequenced - b->sequenced;
    if (order == 0) order = compare_numbers(a->sequence, b->sequence);
    if (order == 0) order = compare_numbers(a->bid, b->bid);
    return order ? order : compare_numbers(a->offer, b->offer);
}

/* ---- ages ---- */

/* Nanoseconds of the unit at the end of a number; its length is taken off. */
static sw_int128 unit_at_end(const char *text, size_t *length)
{
    static const struct {
        const char *name;
        sw_int128 ns;
    } units[] = {{"ns", 1},
                 {"us", 1000},
                 {"ms", 1000 * 1000},
                 {"s", SW_NS_PER_SECOND},
                 {"m", 60 * SW_NS_PER_SECOND},
                 {"h", SW_NS_PER_HOUR},
                 {"d", 24 * SW_NS_PER_HOUR}};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        size_t size = strlen(units[i].name);
        if (*length < size || memcmp(text + *length - size, units[i].name, size) != 0) continue;
        *length -= size;
        return units[i].ns;
    }
    return SW_NS_PER_SECOND;
}

bool sw_quote_age_parse(const char *text, int64_t *age_ns, struct sw_error *error)
{
    *age_ns = -1;
    if (!text) return true;
    size_t length = strlen(text);
    sw_int128 value, unit = unit_at_end(text, &length), one = sw_power_of_ten(SW_MAXIMUM_SCALE);
    bool good = sw_parse_decimal(text, length, SW_MAXIMUM_SCALE, &value) == SW_NUMBER_GOOD &&
                value >= 0 && !__builtin_mul_overflow(value, unit, &value) && value % one == 0 &&
                value / one <= INT64_MAX;
    if (!good)
        return sw_fail(error, SW_USAGE, "--quote-age: no age such as 60s, 5m, 1h or 500ms: '%s'",
                       text);
    *age_ns = (int64_t)(value / one);
    return true;
}
