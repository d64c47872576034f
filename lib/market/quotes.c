/* SPDX-License-Identifier: ISC */
#include "market/quotes.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"

static const char *const names[SW_QUOTE_COLUMNS] = {"security_code", "timestamp", "bid", "offer",
                                                    "sequence"};

/* ---- opening ---- */

static bool fits(enum sw_quote_column column, enum sw_type type)
{
    if (column == SW_QUOTE_SECURITY) return true;
    if (column == SW_QUOTE_TIME) return type == SW_TIME;
    return type == SW_INT || type == SW_UINT || type == SW_DECIMAL;
}

static bool find_columns(struct sw_quotes *quotes, const char *file, struct sw_error *error)
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
    if (strcmp(schema->table, "nbbo") != 0)
        return sw_fail(error, SW_DATA, "%s: not quotes (nbbo): table '%s'", file, schema->table);
    if (!find_columns(quotes, file, error) ||
        !sw_sort_keys_need(schema, names, 2, file, quotes->keys, error))
        return false;
    quotes->scale = common_scale(quotes);
    quotes->by_column = sw_alloc(schema->column_count, sizeof *quotes->by_column, error);
    return quotes->by_column &&
           sw_sorted_open(&quotes->sorted, schema, quotes->keys, 2, file, error);
}

bool sw_quotes_open(struct sw_quotes *quotes, const char *path, struct sw_error *error)
{
    quotes->path = path;
    return sw_reader_open(&quotes->reader, &quotes->path, 1, error) && prepare(quotes, error);
}

int sw_quotes_security(const struct sw_quotes *quotes)
{
    return quotes->columns[SW_QUOTE_SECURITY];
}

bool sw_quotes_restrict(struct sw_quotes *quotes, sw_int128 low, sw_int128 high,
                        struct sw_error *error)
{
    return sw_reader_restrict(&quotes->reader, sw_quotes_security(quotes), low, high, error);
}

void sw_quotes_close(struct sw_quotes *quotes)
{
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

static bool take_quote(struct sw_quotes *quotes, size_t row, struct sw_error *error)
{
    struct sw_quote *quote = &quotes->current;
    const struct sw_vector *sequence = quotes->vectors[SW_QUOTE_SEQUENCE];
    quotes->row = row;
    quote->time_ns = (int64_t)sw_value(quotes->vectors[SW_QUOTE_TIME], row);
    quote->sequenced = sequence && !sw_is_null(sequence, row);
    quote->sequence = quote->sequenced ? sw_value(sequence, row) : 0;
    if (price_at(quotes, SW_QUOTE_BID, row, &quote->bid) &&
        price_at(quotes, SW_QUOTE_OFFER, row, &quote->offer))
        return true;
    return sw_fail(error, SW_DATA, "%s: row %" PRIu64 ": bid or offer: out of range",
                   quotes->reader.first_name, row_number(quotes, row));
}

static bool valid_at(const struct sw_quotes *quotes, size_t row)
{
    return !sw_is_null(quotes->vectors[SW_QUOTE_BID], row) &&
           !sw_is_null(quotes->vectors[SW_QUOTE_OFFER], row) && !sw_is_null(quotes->security, row);
}

enum sw_step sw_quotes_next(struct sw_quotes *quotes, struct sw_error *error)
{
    for (;;) {
        while (quotes->security && quotes->next_row < quotes->reader.rows) {
            size_t row = quotes->next_row++;
            if (!valid_at(quotes, row)) continue;
            return take_quote(quotes, row, error) ? SW_ROWS : SW_FAILED;
        }
        enum sw_step step = sw_reader_next(&quotes->reader, error);
        if (step != SW_ROWS) return step;
        if (!take_block(quotes, error)) return SW_FAILED;
    }
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
