/* SPDX-License-Identifier: ISC */
#include "darkbook/results.h"
#include "darkbook/result_values.h"

#include <stdlib.h>

#include "base/memory.h"

enum { FIGURE_SCALE = SW_RESULT_FIGURE_SCALE, ROWS_AT_ONCE = 1024 };

static int side_of(const struct sw_open_order *order)
{
    return order->buys ? 1 : 2;
}

/* ---- matches ---- */

enum match_column {
    MATCH_SWEEP,
    MATCH_CONTRA,
    MATCH_TIME,
    MATCH_QUANTITY,
    MATCH_PRICE,
    MATCH_SECURITY,
    MATCH_DATE,
    MATCH_SIDE,
    MATCH_SWEEP_PARTICIPANT,
    MATCH_CONTRA_PARTICIPANT,
    MATCH_SWEEP_TIME,
    MATCH_BID,
    MATCH_OFFER,
    MATCH_BOOKED,
    MATCH_COLUMNS,
};

static const struct sw_result_column match_columns[MATCH_COLUMNS] = {
    [MATCH_SWEEP] = {"sweep_order_id", SW_AN_ID},
    [MATCH_CONTRA] = {"contra_order_id", SW_AN_ID},
    [MATCH_TIME] = {"timestamp", SW_A_TIME},
    [MATCH_QUANTITY] = {"quantity", SW_A_QUANTITY},
    [MATCH_PRICE] = {"price", SW_A_PRICE},
    [MATCH_SECURITY] = {"security_code", SW_A_SECURITY},
    [MATCH_DATE] = {"date", SW_A_DATE},
    [MATCH_SIDE] = {"side", SW_A_WHOLE_NUMBER},
    [MATCH_SWEEP_PARTICIPANT] = {"participantid", SW_A_PARTICIPANT},
    [MATCH_CONTRA_PARTICIPANT] = {"contra_participantid", SW_A_PARTICIPANT},
    [MATCH_SWEEP_TIME] = {"first_timestamp", SW_A_TIME},
    [MATCH_BID] = {"bid", SW_A_PRICE},
    [MATCH_OFFER] = {"offer", SW_A_PRICE},
    [MATCH_BOOKED] = {"booked", SW_A_WHOLE_NUMBER},
};

bool sw_match_rows_open(struct sw_match_rows *rows, struct sw_matching *matching,
                        const char *made_by, size_t length, struct sw_output *output,
                        struct sw_error *error)
{
    static const struct sw_sort_key keys[] = {{.column = MATCH_SECURITY}, {.column = MATCH_TIME}};
    rows->matching = matching;
    if (!sw_result_schema(&rows->schema, "matches", match_columns, MATCH_COLUMNS, matching, made_by,
                          length, error))
        return false;
    rows->schema.time_column = MATCH_TIME;
    return sw_schema_sorted_by(&rows->schema, keys, 2, error) &&
           sw_writer_open(&rows->writer, output, &rows->schema, 0, error);
}

bool sw_match_rows_put(struct sw_match_rows *rows, const struct sw_dark_match *match,
                       struct sw_error *error)
{
    const struct sw_matching *matching = rows->matching;
    const struct sw_open_order *sweep = match->sweep, *contra = match->contra;
    struct sw_builder *to = rows->writer.builders;
    const sw_int128 values[MATCH_COLUMNS] = {
        [MATCH_TIME] = match->time_ns, [MATCH_QUANTITY] = match->quantity,
        [MATCH_PRICE] = match->price,  [MATCH_DATE] = sweep->date,
        [MATCH_SIDE] = side_of(sweep), [MATCH_SWEEP_TIME] = sweep->from_ns,
        [MATCH_BID] = match->bid,      [MATCH_OFFER] = match->offer,
        [MATCH_BOOKED] = match->booked};
    for (int i = 0; i < MATCH_COLUMNS; i++) {
        enum sw_result_value value = match_columns[i].value;
        if (value == SW_AN_ID || value == SW_A_SECURITY || value == SW_A_PARTICIPANT) continue;
        if (!sw_builder_add_value(&to[i], values[i], error)) return false;
    }
    return sw_result_put_id(matching, &to[MATCH_SWEEP], sweep->order, error) &&
           sw_result_put_id(matching, &to[MATCH_CONTRA], contra->order, error) &&
           sw_result_put_security(matching, &to[MATCH_SECURITY], error) &&
           sw_result_put_participant(matching, &to[MATCH_SWEEP_PARTICIPANT], sweep->participant,
                                     error) &&
           sw_result_put_participant(matching, &to[MATCH_CONTRA_PARTICIPANT], contra->participant,
                                     error) &&
           sw_writer_added(&rows->writer, 1, error);
}

bool sw_match_rows_close(struct sw_match_rows *rows, struct sw_error *error)
{
    return sw_writer_close(&rows->writer, error);
}

void sw_match_rows_free(struct sw_match_rows *rows)
{
    if (rows->matching) sw_writer_free(&rows->writer);
    sw_schema_free(&rows->schema);
}

/* ---- sweeps ---- */

enum sweep_column {
    SWEEP_ORDER,
    SWEEP_SECURITY,
    SWEEP_DATE,
    SWEEP_SIDE,
    SWEEP_PARTICIPANT,
    SWEEP_FIRST,
    SWEEP_LAST,
    SWEEP_QUANTITY,
    SWEEP_MATCHED,
    SWEEP_BOOKED,
    SWEEP_GIVEN,
    SWEEP_REMAINING,
    SWEEP_FILL_RATIO,
    SWEEP_MATCHES,
    SWEEP_VWAP,
    SWEEP_FIRST_MATCH,
    SWEEP_WAITED,
    SWEEP_REASON,
    SWEEP_COLUMNS,
};

static const struct sw_result_column sweep_columns[SWEEP_COLUMNS] = {
    [SWEEP_ORDER] = {"order_id", SW_AN_ID},
    [SWEEP_SECURITY] = {"security_code", SW_A_SECURITY},
    [SWEEP_DATE] = {"date", SW_A_DATE},
    [SWEEP_SIDE] = {"side", SW_A_WHOLE_NUMBER},
    [SWEEP_PARTICIPANT] = {"participantid", SW_A_PARTICIPANT},
    [SWEEP_FIRST] = {"first_timestamp", SW_A_TIME},
    [SWEEP_LAST] = {"last_timestamp", SW_A_TIME},
    [SWEEP_QUANTITY] = {"quantity", SW_A_QUANTITY},
    [SWEEP_MATCHED] = {"matched_quantity", SW_A_QUANTITY},
    [SWEEP_BOOKED] = {"booked_quantity", SW_A_QUANTITY},
    [SWEEP_GIVEN] = {"given_quantity", SW_A_QUANTITY},
    [SWEEP_REMAINING] = {"remaining_quantity", SW_A_QUANTITY},
    [SWEEP_FILL_RATIO] = {"matched_ratio", SW_A_FIGURE},
    [SWEEP_MATCHES] = {"matches", SW_A_WHOLE_NUMBER},
    [SWEEP_VWAP] = {"vwap", SW_A_FIGURE},
    [SWEEP_FIRST_MATCH] = {"first_match_timestamp", SW_A_TIME},
    [SWEEP_WAITED] = {"time_to_first_match", SW_A_WHOLE_NUMBER},
    [SWEEP_REASON] = {"reason", SW_A_TEXT},
};

static bool open_sorter(struct sw_sweep_rows *rows, struct sw_error *error)
{
    static const struct sw_sort_key keys[] = {
        {.column = SWEEP_SECURITY}, {.column = SWEEP_FIRST}, {.column = SWEEP_COLUMNS}};
    const struct sw_arrivals_settings *settings = &rows->matching->arrivals.settings;
    const struct sw_sort_settings how = {.keys = keys,
                                         .key_count = 3,
                                         .memory_bytes = settings->memory_bytes,
                                         .folder = settings->folder};
    struct sw_schema *schema = &rows->sorted_schema;
    if (!sw_schema_copy(schema, &rows->schema, NULL, 0, error) ||
        !sw_schema_add(schema, "#place", SW_UINT, 0, error))
        return false;
    rows->builders = sw_alloc(schema->column_count, sizeof *rows->builders, error);
    rows->vectors = sw_alloc(schema->column_count, sizeof *rows->vectors, error);
    if (!rows->builders || !rows->vectors) return false;
    for (size_t i = 0; i < schema->column_count; i++) {
        rows->vectors[i] = &rows->builders[i].vector;
        if (!sw_builder_init(&rows->builders[i], schema->columns[i].type, schema->columns[i].scale,
                             ROWS_AT_ONCE, error))
            return false;
    }
    return sw_sorter_open(&rows->sorter, schema, &how, error);
}

bool sw_sweep_rows_open(struct sw_sweep_rows *rows, struct sw_matching *matching,
                        const char *made_by, size_t length, struct sw_output *output,
                        struct sw_error *error)
{
    static const struct sw_sort_key keys[] = {{.column = SWEEP_SECURITY}, {.column = SWEEP_FIRST}};
    rows->matching = matching;
    if (!sw_result_schema(&rows->schema, "sweeps", sweep_columns, SWEEP_COLUMNS, matching, made_by,
                          length, error))
        return false;
    rows->schema.time_column = SWEEP_LAST;
    return sw_schema_sorted_by(&rows->schema, keys, 2, error) && open_sorter(rows, error) &&
           sw_writer_open(&rows->writer, output, &rows->schema, 0, error);
}

static bool hand_over(struct sw_sweep_rows *rows, struct sw_error *error)
{
    size_t count = rows->vectors[0]->rows;
    bool good = count == 0 || sw_sorter_add(&rows->sorter, rows->vectors, NULL, count, error);
    for (size_t i = 0; i < rows->sorted_schema.column_count; i++)
        sw_builder_reset(&rows->builders[i]);
    return good;
}

/* What has no value is none: the ratio of nothing, the price and the time of no match. */
static bool put_figures(struct sw_builder *to, const struct sw_matching *matching,
                        const struct sw_open_order *sweep, struct sw_error *error)
{
    const struct sw_sum got = sw_sum_of(sweep->got), swept = sw_sum_of(sweep->swept);
    const bool matched = sweep->matches > 0;
    sw_int128 ratio = 0, vwap = 0;
    if (sweep->swept != 0 && !sw_sum_ratio(&got, &swept, FIGURE_SCALE, &ratio))
        return sw_fail(error, SW_DATA, "matched_ratio: out of range");
    if (matched &&
        !sw_products_ratio(&sweep->value, &got, FIGURE_SCALE - matching->price_scale, &vwap))
        return sw_fail(error, SW_DATA, "vwap: out of range");
    return sw_result_put_known(&to[SWEEP_FILL_RATIO], sweep->swept != 0, ratio, error) &&
           sw_result_put_known(&to[SWEEP_VWAP], matched, vwap, error) &&
           sw_result_put_known(&to[SWEEP_FIRST_MATCH], matched, sweep->first_match_ns, error) &&
           sw_result_put_known(&to[SWEEP_WAITED], matched,
                               (sw_int128)sweep->first_match_ns - sweep->from_ns, error);
}

static bool put_plain(struct sw_builder *to, const struct sw_matching *matching,
                      const struct sw_open_order *sweep, struct sw_error *error)
{
    const bool one = matching->rules.on[SW_RULE_INVENTORY];
    const sw_int128 left = sweep->swept - sweep->got - sweep->booked;
    /* What it gave beyond that it had before the fills of its first moment. */
    const sw_int128 given = !one ? 0 : sweep->given < left ? sweep->given : left;
    const struct {
        enum sweep_column column;
        sw_int128 value;
    } values[] = {
        {SWEEP_DATE, sweep->date},           {SWEEP_SIDE, side_of(sweep)},
        {SWEEP_FIRST, sweep->from_ns},       {SWEEP_LAST, sweep->until_ns},
        {SWEEP_QUANTITY, sweep->swept},      {SWEEP_MATCHED, sweep->got},
        {SWEEP_BOOKED, sweep->booked},       {SWEEP_GIVEN, given},
        {SWEEP_REMAINING, left - given},     {SWEEP_MATCHES, sweep->matches},
        {SWEEP_COLUMNS, sweep->sweep_stamp},
    };
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        if (!sw_builder_add_value(&to[values[i].column], values[i].value, error)) return false;
    return true;
}

bool sw_sweep_rows_put(struct sw_sweep_rows *rows, const struct sw_open_order *sweep,
                       enum sw_unmatched reason, struct sw_error *error)
{
    const struct sw_matching *matching = rows->matching;
    struct sw_builder *to = rows->builders;
    const char *name = sw_unmatched_name(reason);
    if (!sw_result_put_id(matching, &to[SWEEP_ORDER], sweep->order, error) ||
        !sw_result_put_security(matching, &to[SWEEP_SECURITY], error) ||
        !sw_result_put_participant(matching, &to[SWEEP_PARTICIPANT], sweep->participant, error) ||
        !put_plain(to, matching, sweep, error) || !put_figures(to, matching, sweep, error))
        return false;
    if (!sw_result_put_text(&to[SWEEP_REASON], name, error)) return false;
    return rows->vectors[0]->rows < ROWS_AT_ONCE || hand_over(rows, error);
}

bool sw_sweep_rows_close(struct sw_sweep_rows *rows, struct sw_error *error)
{
    enum sw_step step;
    if (!hand_over(rows, error) || !sw_sorter_finish(&rows->sorter, error)) return false;
    while ((step = sw_sorter_next(&rows->sorter, error)) == SW_ROWS)
        if (!sw_writer_gather(&rows->writer, rows->sorter.vectors, NULL, rows->sorter.rows, error))
            return false;
    return step == SW_END && sw_writer_close(&rows->writer, error);
}

void sw_sweep_rows_free(struct sw_sweep_rows *rows)
{
    for (size_t i = 0; rows->builders && i < rows->sorted_schema.column_count; i++)
        sw_builder_free(&rows->builders[i]);
    free(rows->builders);
    free(rows->vectors);
    sw_sorter_free(&rows->sorter);
    if (rows->matching) sw_writer_free(&rows->writer);
    sw_schema_free(&rows->sorted_schema);
    sw_schema_free(&rows->schema);
}
