/* SPDX-License-Identifier: ISC */
#include "tca/moments.h"

#include "base/number.h"

enum { SECURITY, TIME, SEQUENCE, BID, OFFER, COLUMNS };

/* ---- opening ---- */

static bool open_security(struct sw_moments *moments, const struct sw_column *column,
                          struct sw_error *error)
{
    return sw_builder_init(&moments->security, column->type, column->scale, 1, error);
}

bool sw_moments_of_stream(struct sw_moments *moments, struct sw_quotes *quotes,
                          struct sw_error *error)
{
    moments->quotes = quotes;
    moments->scale = quotes->scale;
    return open_security(moments, &quotes->reader.schema.columns[sw_quotes_security(quotes)],
                         error);
}

bool sw_moments_of_rows(struct sw_moments *moments, const struct sw_column *security, int scale,
                        uint64_t memory_bytes, const char *folder, struct sw_error *error)
{
    const struct sw_row_column columns[COLUMNS] = {
        [SECURITY] = {"security", security->type, security->scale},
        [TIME] = {"time", SW_TIME, 0},
        [SEQUENCE] = {"sequence", SW_DECIMAL, 0},
        [BID] = {"bid", SW_DECIMAL, scale},
        [OFFER] = {"offer", SW_DECIMAL, scale}};
    moments->scale = scale;
    return open_security(moments, security, error) &&
           sw_row_sorter_open(&moments->rows, columns, COLUMNS, COLUMNS, memory_bytes, folder,
                              error);
}

void sw_moments_free(struct sw_moments *moments)
{
    sw_row_sorter_free(&moments->rows);
    sw_builder_free(&moments->security);
    *moments = (struct sw_moments){0};
}

/* ---- rows ---- */

bool sw_moment_price(const struct sw_vector *vector, size_t row, int scale, sw_int128 *price)
{
    if (!vector || sw_is_null(vector, row)) return false;
    sw_int128 value = sw_value(vector, row);
    if (value == 0 || value == (sw_int128)INT64_MIN * sw_power_of_ten(vector->scale)) return false;
    return !__builtin_mul_overflow(value, sw_power_of_ten(scale - vector->scale), price);
}

static bool add_number(struct sw_builder *builder, bool known, sw_int128 value,
                       struct sw_error *error)
{
    if (known) return sw_builder_add_value(builder, value, error);
    sw_builder_add_null(builder);
    return true;
}

bool sw_moments_add(struct sw_moments *moments, const struct sw_vector *security,
                    const struct sw_vector *time, const struct sw_vector *sequence,
                    const struct sw_vector *bid, const struct sw_vector *offer, size_t row,
                    struct sw_error *error)
{
    struct sw_builder *builders = moments->rows.builders;
    const uint32_t rows[1] = {(uint32_t)row};
    sw_int128 prices[2] = {0};
    if (sw_is_null(security, row) || sw_is_null(time, row)) return true;
    bool bids = sw_moment_price(bid, row, moments->scale, &prices[0]);
    bool offers = sw_moment_price(offer, row, moments->scale, &prices[1]);
    bool sequenced = sequence && !sw_is_null(sequence, row);
    return sw_builder_gather(&builders[SECURITY], security, rows, 1, error) &&
           sw_builder_add_value(&builders[TIME], sw_value(time, row), error) &&
           add_number(&builders[SEQUENCE], sequenced, sequenced ? sw_value(sequence, row) : 0,
                      error) &&
           add_number(&builders[BID], bids, prices[0], error) &&
           add_number(&builders[OFFER], offers, prices[1], error) &&
           sw_row_sorter_added(&moments->rows, error);
}

/* ---- one quote at a time ---- */

static enum sw_step next_of_rows(struct sw_moments *moments, struct sw_error *error)
{
    struct sw_row_sorter *rows = &moments->rows;
    struct sw_quote *next = &moments->next;
    if (!moments->finished && !sw_row_sorter_finish(rows, error)) return SW_FAILED;
    moments->finished = true;
    enum sw_step step = sw_row_sorter_next(rows, error);
    if (step != SW_ROWS) return step;
    *next = (struct sw_quote){.time_ns = (int64_t)sw_row_sorter_number(rows, TIME),
                              .bid = sw_row_sorter_number(rows, BID),
                              .offer = sw_row_sorter_number(rows, OFFER),
                              .sequenced = !sw_row_sorter_is_null(rows, SEQUENCE),
                              .sequence = sw_row_sorter_number(rows, SEQUENCE)};
    bool sided = !sw_row_sorter_is_null(rows, BID) && !sw_row_sorter_is_null(rows, OFFER);
    moments->next_state = !sided                    ? SW_QUOTE_ONE_SIDED
                          : next->bid > next->offer ? SW_QUOTE_CROSSED
                                                    : SW_QUOTE_VALID;
    moments->next_security = rows->sorter.vectors[SECURITY];
    moments->next_row = rows->row;
    return SW_ROWS;
}

static bool next_quote(struct sw_moments *moments, struct sw_error *error)
{
    struct sw_quotes *quotes = moments->quotes;
    if (!quotes) {
        moments->step = next_of_rows(moments, error);
    } else {
        moments->step = sw_quotes_next_row(quotes, &moments->next_state, error);
        moments->next = quotes->current;
        moments->next_security = quotes->security;
        moments->next_row = quotes->row;
    }
    moments->quotes_read += moments->step == SW_ROWS;
    return moments->step != SW_FAILED;
}

/* Whether the first stands before the second, by sequence; none is the first. */
static bool is_earlier(const struct sw_quote *a, const struct sw_quote *b)
{
    if (a->sequenced != b->sequenced) return !a->sequenced;
    return a->sequence < b->sequence;
}

static bool is_same_security(const struct sw_moments *moments)
{
    return moments->security.vector.rows > 0 &&
           sw_value_compare(&moments->security.vector, 0, moments->next_security,
                            moments->next_row) == 0;
}

static void take_next(struct sw_moments *moments)
{
    moments->current = moments->next;
    moments->state = moments->next_state;
}

enum sw_step sw_moments_next(struct sw_moments *moments, struct sw_error *error)
{
    if (!moments->begun && !next_quote(moments, error)) return SW_FAILED;
    moments->begun = true;
    if (moments->step != SW_ROWS) return moments->step;
    if (!is_same_security(moments)) {
        const uint32_t rows[1] = {(uint32_t)moments->next_row};
        sw_builder_reset(&moments->security);
        moments->securities++;
        if (!sw_builder_gather(&moments->security, moments->next_security, rows, 1, error))
            return SW_FAILED;
    }
    take_next(moments);
    for (;;) {
        if (!next_quote(moments, error)) return SW_FAILED;
        if (moments->step != SW_ROWS || moments->next.time_ns != moments->current.time_ns ||
            !is_same_security(moments))
            return SW_ROWS;
        if (is_earlier(&moments->next, &moments->current)) take_next(moments);
    }
}
