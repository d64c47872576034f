/* SPDX-License-Identifier: ISC */
#include "darkbook/replay.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "darkbook/book_try.h"
#include "darkbook/replay_parts.h"
#include "darkbook/result_values.h"

/* ---- transactions ---- */

static bool next_fill(struct sw_replay *replay, struct sw_error *error)
{
    enum sw_step step = sw_row_sorter_next(&replay->fills, error);
    replay->has_fill = step == SW_ROWS;
    return step != SW_FAILED;
}

/* One that came, or two that rested, at a time. */
struct transaction {
    int64_t time_ns;
    bool came, buys;
    sw_int128 order, quantity;
    uint32_t participant;
    uint64_t trades, at_mid;
    size_t same, replayed;
    sw_int128 replayed_quantity;
};

static sw_int128 fill_number(const struct sw_replay *replay, enum sw_fill_column column)
{
    return sw_row_sorter_number(&replay->fills, column);
}

static bool is_fill_of(const struct sw_replay *replay, const struct transaction *of)
{
    return replay->has_fill && fill_number(replay, SW_FILL_TIME) == of->time_ns &&
           !sw_row_sorter_is_null(&replay->fills, SW_FILL_ORDER) &&
           fill_number(replay, SW_FILL_ORDER) == of->order &&
           sw_value_compare(replay->fills.sorter.vectors[SW_FILL_SECURITY], replay->fills.row,
                            replay->security, 0) == 0;
}

/* Prices are printed cut to the file's whole unit. The mid is that of the row, else the quote's. */
static bool is_mid(const struct sw_replay *replay)
{
    const struct sw_book_quote *quote = &replay->matching->quote;
    const sw_int128 price = fill_number(replay, SW_FILL_PRICE);
    const sw_int128 unit = sw_power_of_ten(replay->matching->price_scale);
    const bool told = !sw_row_sorter_is_null(&replay->fills, SW_FILL_MID);
    const sw_int128 mid = told ? fill_number(replay, SW_FILL_MID) : (quote->bid + quote->offer) / 2;
    return (told || quote->known) && (price == mid || price == mid / unit * unit);
}

static bool take_fill(struct sw_replay *replay, struct transaction *of, struct sw_error *error)
{
    const bool booked = fill_number(replay, SW_FILL_BOOKED) != 0;
    if (!sw_grow(&replay->list, &replay->capacity, replay->count + 1, sizeof *replay->list, error))
        return false;
    replay->list[replay->count++] =
        (struct sw_replay_fill){.resting = fill_number(replay, SW_FILL_RESTING),
                                .quantity = fill_number(replay, SW_FILL_QUANTITY)};
    of->quantity += fill_number(replay, SW_FILL_QUANTITY);
    of->trades += !booked;
    of->at_mid += !booked && is_mid(replay);
    return next_fill(replay, error);
}

static bool take_transaction(struct sw_replay *replay, struct transaction *of,
                             struct sw_error *error)
{
    *of = (struct transaction){.time_ns = (int64_t)fill_number(replay, SW_FILL_TIME),
                               .came = !sw_row_sorter_is_null(&replay->fills, SW_FILL_ORDER),
                               .buys = fill_number(replay, SW_FILL_BUYS) != 0,
                               .order = fill_number(replay, SW_FILL_ORDER),
                               .participant = (uint32_t)fill_number(replay, SW_FILL_PARTICIPANT)};
    replay->count = 0;
    do {
        if (!take_fill(replay, of, error)) return false;
    } while (of->came && is_fill_of(replay, of));
    return true;
}

/* ---- what the rules give ---- */

/* The first of its events at this time; NULL: none. */
static const struct sw_arrival *find_arrival(const struct sw_matching *matching,
                                             const struct transaction *of)
{
    for (size_t i = 0; i < matching->moment_count; i++)
        if (matching->moment[i].order == of->order) return &matching->moment[i];
    return NULL;
}

static void compare_plan(struct sw_replay *replay, struct transaction *of)
{
    const struct sw_book *book = sw_matching_book(replay->matching);
    of->replayed = book->plan_count;
    for (size_t i = 0; i < book->plan_count; i++) {
        const struct sw_plan_step *step = &book->plan[i];
        of->replayed_quantity += step->quantity;
        for (size_t k = 0; k < replay->count; k++) {
            struct sw_replay_fill *fill = &replay->list[k];
            if (fill->same || fill->resting != book->orders[step->other].order ||
                fill->quantity != step->quantity)
                continue;
            fill->same = true;
            of->same++;
            break;
        }
    }
}

static bool is_planned(const struct sw_book *book, sw_int128 order)
{
    for (size_t i = 0; i < book->plan_count; i++)
        if (book->orders[book->plan[i].other].order == order) return true;
    return false;
}

static enum sw_replay_reason why_missed(const struct sw_replay *replay,
                                        const struct transaction *of, bool known)
{
    const struct sw_book *book = sw_matching_book(replay->matching);
    bool all_planned = true;
    if (of->same == replay->count && of->replayed == replay->count) return SW_REPLAY_EXACT;
    if (!known) return SW_REPLAY_INCOMING_UNKNOWN;
    for (size_t i = 0; i < replay->count; i++) {
        enum sw_book_rests rests = sw_book_rests(book, !of->buys, replay->list[i].resting);
        if (rests == SW_RESTS_NOT) return SW_REPLAY_RESTING_UNKNOWN;
        if (!book->quote.known) return SW_REPLAY_QUOTE;
        if (rests == SW_RESTS_BEYOND) return SW_REPLAY_LIMIT;
        all_planned = all_planned && is_planned(book, replay->list[i].resting);
    }
    return all_planned && of->replayed == replay->count ? SW_REPLAY_QUANTITY
                                                        : SW_REPLAY_ANOTHER_FIRST;
}

static bool try_rules(struct sw_replay *replay, struct transaction *of,
                      enum sw_replay_reason *reason, struct sw_error *error)
{
    struct sw_book *book = sw_matching_book(replay->matching);
    const struct sw_arrival *arrival = find_arrival(replay->matching, of);
    const struct sw_arrival unknown = {
        .order = of->order, .participant = of->participant, .buys = of->buys};
    sw_book_quote(book, &replay->matching->quote);
    if (!sw_book_try(book, arrival ? arrival : &unknown, arrival ? arrival->leaves : of->quantity,
                     error))
        return false;
    compare_plan(replay, of);
    *reason = why_missed(replay, of, arrival != NULL);
    return true;
}

/* ---- rows ---- */

enum row_column {
    ROW_ORDER,
    ROW_SECURITY,
    ROW_TIME,
    ROW_SIDE,
    ROW_PARTICIPANT,
    ROW_FILLS,
    ROW_QUANTITY,
    ROW_SAME,
    ROW_REPLAYED,
    ROW_REPLAYED_QUANTITY,
    ROW_EXACT,
    ROW_TRADES,
    ROW_AT_MID,
    ROW_REASON,
    ROW_COLUMNS,
};

static const struct sw_result_column row_columns[ROW_COLUMNS] = {
    [ROW_ORDER] = {"order_id", SW_AN_ID},
    [ROW_SECURITY] = {"security_code", SW_A_SECURITY},
    [ROW_TIME] = {"timestamp", SW_A_TIME},
    [ROW_SIDE] = {"side", SW_A_WHOLE_NUMBER},
    [ROW_PARTICIPANT] = {"participantid", SW_A_PARTICIPANT},
    [ROW_FILLS] = {"fills", SW_A_WHOLE_NUMBER},
    [ROW_QUANTITY] = {"quantity", SW_A_QUANTITY},
    [ROW_SAME] = {"same_fills", SW_A_WHOLE_NUMBER},
    [ROW_REPLAYED] = {"replayed_fills", SW_A_WHOLE_NUMBER},
    [ROW_REPLAYED_QUANTITY] = {"replayed_quantity", SW_A_QUANTITY},
    [ROW_EXACT] = {"exact", SW_A_WHOLE_NUMBER},
    [ROW_TRADES] = {"trades", SW_A_WHOLE_NUMBER},
    [ROW_AT_MID] = {"at_mid", SW_A_WHOLE_NUMBER},
    [ROW_REASON] = {"reason", SW_A_TEXT},
};

static const char *const reason_names[SW_REPLAY_REASONS] = {
    [SW_REPLAY_EXACT] = "",
    [SW_REPLAY_BOTH_RESTING] = "both_resting",
    [SW_REPLAY_INCOMING_UNKNOWN] = "incoming_unknown",
    [SW_REPLAY_RESTING_UNKNOWN] = "resting_unknown",
    [SW_REPLAY_QUOTE] = "quote",
    [SW_REPLAY_LIMIT] = "limit",
    [SW_REPLAY_ANOTHER_FIRST] = "another_first",
    [SW_REPLAY_QUANTITY] = "quantity",
};

/* Of two that rested there is nobody who came, and nothing to be reproduced. */
static bool put_numbers(struct sw_replay *replay, const struct transaction *of,
                        enum sw_replay_reason reason, struct sw_error *error)
{
    const struct {
        enum row_column column;
        sw_int128 value;
        bool of_both; /* where both rested, too */
    } values[] = {{ROW_TIME, of->time_ns, true},
                  {ROW_SIDE, of->buys ? 1 : 2, false},
                  {ROW_FILLS, (sw_int128)replay->count, false},
                  {ROW_QUANTITY, of->quantity, true},
                  {ROW_SAME, (sw_int128)of->same, false},
                  {ROW_REPLAYED, (sw_int128)of->replayed, false},
                  {ROW_REPLAYED_QUANTITY, of->replayed_quantity, false},
                  {ROW_EXACT, reason == SW_REPLAY_EXACT, false},
                  {ROW_TRADES, of->trades, true},
                  {ROW_AT_MID, of->at_mid, true}};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        if (!sw_result_put_known(&replay->writer.builders[values[i].column],
                                 of->came || values[i].of_both, values[i].value, error))
            return false;
    return true;
}

static bool put_row(struct sw_replay *replay, const struct transaction *of,
                    enum sw_replay_reason reason, const struct sw_vector *security, size_t row,
                    struct sw_error *error)
{
    struct sw_builder *to = replay->writer.builders;
    const uint32_t rows[1] = {(uint32_t)row};
    const char *name = reason_names[reason];
    replay->rows[reason]++;
    replay->all_fills += of->came ? replay->count : 0;
    replay->same_fills += of->same;
    replay->trades_count += of->trades;
    replay->at_mid += of->at_mid;
    if (of->came ? !sw_result_put_id(replay->matching, &to[ROW_ORDER], of->order, error) : false)
        return false;
    if (!of->came) sw_builder_add_null(&to[ROW_ORDER]);
    return sw_result_put_participant(replay->matching, &to[ROW_PARTICIPANT],
                                     of->came ? of->participant : SW_NULL_ID, error) &&
           sw_builder_gather(&to[ROW_SECURITY], security, rows, 1, error) &&
           put_numbers(replay, of, reason, error) &&
           sw_result_put_text(&to[ROW_REASON], name, error) &&
           sw_writer_added(&replay->writer, 1, error);
}

/* ---- in order of time ---- */

/* Transactions of securities that have no orders. */
static bool pass_by(struct sw_replay *replay, struct sw_error *error)
{
    const struct sw_matching *matching = replay->matching;
    struct sw_builder security = {0};
    const struct sw_vector *own = &matching->security.vector;
    bool good = sw_builder_init(&security, own->type, own->scale, 1, error);
    while (good && replay->has_fill) {
        const struct sw_vector *of = replay->fills.sorter.vectors[SW_FILL_SECURITY];
        const uint32_t row[1] = {(uint32_t)replay->fills.row};
        struct transaction transaction;
        if (matching->any_security && sw_value_compare(of, row[0], own, 0) >= 0 &&
            !replay->fills_read)
            break;
        sw_builder_reset(&security);
        replay->security = &security.vector;
        good = sw_builder_gather(&security, of, row, 1, error) &&
               take_transaction(replay, &transaction, error) &&
               put_row(replay, &transaction,
                       transaction.came ? SW_REPLAY_INCOMING_UNKNOWN : SW_REPLAY_BOTH_RESTING,
                       &security.vector, 0, error);
    }
    sw_builder_free(&security);
    return good;
}

/* When the next transaction of the current security is. */
static bool peek(void *owner, int64_t *time_ns, bool *has, struct sw_error *error)
{
    struct sw_replay *replay = owner;
    const struct sw_vector *security = &replay->matching->security.vector;
    if (!pass_by(replay, error)) return false;
    *has = replay->has_fill && sw_value_compare(replay->fills.sorter.vectors[SW_FILL_SECURITY],
                                                replay->fills.row, security, 0) == 0;
    if (*has) *time_ns = (int64_t)fill_number(replay, SW_FILL_TIME);
    return true;
}

/* All transactions of this time: the book is as it was just before. */
static bool at_time(void *owner, int64_t time_ns, struct sw_error *error)
{
    struct sw_replay *replay = owner;
    int64_t next_ns = time_ns;
    bool has;
    for (;;) {
        struct transaction of;
        enum sw_replay_reason reason = SW_REPLAY_BOTH_RESTING;
        if (!peek(replay, &next_ns, &has, error)) return false;
        if (!has || next_ns != time_ns) return true;
        replay->security = &replay->matching->security.vector;
        if (!take_transaction(replay, &of, error) ||
            (of.came && !try_rules(replay, &of, &reason, error)) ||
            !put_row(replay, &of, reason, &replay->matching->security.vector, 0, error))
            return false;
    }
}

/* ---- opening, running ---- */

bool sw_replay_open(struct sw_replay *replay, struct sw_matching *matching, const char *trades,
                    const char *made_by, size_t length, struct sw_output *output,
                    struct sw_error *error)
{
    replay->matching = matching;
    replay->path = trades;
    if (!sw_reader_open(&replay->trades, &replay->path, 1, error) ||
        !sw_result_schema(&replay->schema, "replay", row_columns, ROW_COLUMNS, matching, made_by,
                          length, error))
        return false;
    replay->schema.time_column = ROW_TIME;
    replay->opened = sw_writer_open(&replay->writer, output, &replay->schema, 0, error);
    return replay->opened;
}

bool sw_replay_run(struct sw_replay *replay, struct sw_error *error)
{
    struct sw_matching *matching = replay->matching;
    matching->watch = (struct sw_matching_watch){replay, peek, at_time};
    if (!sw_arrivals_read(&matching->arrivals, error) || !sw_replay_fills(replay, error) ||
        !next_fill(replay, error) || !sw_matching_moments(matching, error))
        return false;
    replay->fills_read = true;
    return pass_by(replay, error) && sw_writer_close(&replay->writer, error);
}

void sw_replay_free(struct sw_replay *replay)
{
    if (!replay->matching) return;
    if (replay->opened) sw_writer_free(&replay->writer);
    sw_schema_free(&replay->schema);
    sw_row_sorter_free(&replay->sides);
    sw_row_sorter_free(&replay->fills);
    sw_reader_close(&replay->trades);
    free(replay->list);
}

/* ---- the summary ---- */

static bool put_share(struct sw_buffer *text, const char *name, uint64_t part, uint64_t whole,
                      struct sw_error *error)
{
    const struct sw_sum above = sw_sum_of(part), below = sw_sum_of(whole);
    sw_int128 millionths = 0;
    if (whole == 0) return sw_buffer_format(text, error, "%s,\n", name);
    return sw_sum_ratio(&above, &below, 6, &millionths) &&
           sw_buffer_format(text, error, "%s,%" PRId64 ".%06" PRId64 "\n", name,
                            (int64_t)(millionths / 1000000), (int64_t)(millionths % 1000000));
}

bool sw_replay_summary(const struct sw_replay *replay, struct sw_output *output,
                       struct sw_error *error)
{
    struct sw_buffer text = {0};
    uint64_t transactions = 0, exact = replay->rows[SW_REPLAY_EXACT];
    for (int i = 0; i < SW_REPLAY_REASONS; i++)
        transactions += i == SW_REPLAY_BOTH_RESTING ? 0 : replay->rows[i];
    bool good = sw_buffer_format(&text, error,
                                 "metric,value\ntransactions,%" PRIu64 "\nexact,%" PRIu64 "\n",
                                 transactions, exact) &&
                put_share(&text, "exact_ratio", exact, transactions, error) &&
                sw_buffer_format(&text, error, "fills,%" PRIu64 "\nsame_fills,%" PRIu64 "\n",
                                 replay->all_fills, replay->same_fills) &&
                put_share(&text, "same_ratio", replay->same_fills, replay->all_fills, error) &&
                sw_buffer_format(&text, error,
                                 "trades,%" PRIu64 "\nat_mid,%" PRIu64 "\nboth_resting,%" PRIu64
                                 "\nodd_trades,%" PRIu64 "\n",
                                 replay->trades_count, replay->at_mid,
                                 replay->rows[SW_REPLAY_BOTH_RESTING], replay->odd);
    for (int i = SW_REPLAY_INCOMING_UNKNOWN; good && i < SW_REPLAY_REASONS; i++)
        good = sw_buffer_format(&text, error, "missed_%s,%" PRIu64 "\n", reason_names[i],
                                replay->rows[i]);
    good = good && sw_output_write(output, text.bytes, text.length, error);
    sw_buffer_free(&text);
    return good;
}
