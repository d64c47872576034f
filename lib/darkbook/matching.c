/* SPDX-License-Identifier: ISC */
#include "darkbook/matching.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/number.h"

/* ---- rules ---- */

static void lack(struct sw_matching *match, enum sw_rule rule, bool there, const char *why)
{
    if (there || !match->rules.on[rule]) return;
    match->rules.on[rule] = false;
    match->lacks.why[rule] = why;
}

/* A rule whose columns the file lacks is off. */
static void find_lacks(struct sw_matching *match)
{
    const int *columns = match->arrivals.events.columns;
    const bool midtick = columns[SW_ORDER_MIDTICK] >= 0;
    const bool participant = columns[SW_ORDER_PARTICIPANT] >= 0;
    match->rules = match->settings.rules;
    lack(match, SW_RULE_MIDTICK, midtick, "no column 'midtick'");
    lack(match, SW_RULE_INSIDE, midtick, "no column 'midtick'");
    lack(match, SW_RULE_PREFERENCING, participant, "no column 'participantid'");
    lack(match, SW_RULE_CROSSING, participant && columns[SW_ORDER_KEY] >= 0,
         participant ? "no column 'crossingkey'" : "no column 'participantid'");
    lack(match, SW_RULE_MINIMUM,
         columns[SW_ORDER_MINIMUM] >= 0 || columns[SW_ORDER_SINGLE_MINIMUM] >= 0,
         "no column 'minimumquantity' or 'singlefillminimumquantity'");
    lack(match, SW_RULE_SESSION, match->settings.sessions != NULL, "no file of sessions");
}

static void set_up_book(struct sw_matching *match, struct sw_book *book, int rules)
{
    for (int rule = 0; rule < rules; rule++) book->rules.on[rule] = match->rules.on[rule];
    book->concede = match->settings.concede;
    if (match->settings.own_midtick && match->rules.on[SW_RULE_MIDTICK])
        book->concede = (struct sw_concede){.what = SW_CONCEDE_NOTHING};
    book->midtick_told = match->arrivals.events.columns[SW_ORDER_MIDTICK] >= 0;
    book->status_told = match->arrivals.events.columns[SW_ORDER_STATUS] >= 0;
    book->arrivals = &match->arrivals;
}

static bool open_books(struct sw_matching *match, struct sw_error *error)
{
    match->books = sw_alloc(SW_RULES + 1, sizeof *match->books, error);
    match->added = sw_alloc(SW_RULES + 1, sizeof *match->added, error);
    if (!match->books || !match->added) return false;
    if (match->settings.each_rule)
        for (int rule = 0; rule < SW_RULES; rule++) {
            if (!match->rules.on[rule]) continue;
            set_up_book(match, &match->books[match->book_count++], rule);
            match->added[match->book_count] = rule;
        }
    set_up_book(match, &match->books[match->book_count++], SW_RULES);
    return true;
}

/* ---- opening ---- */

/* The amount that a sweep concedes, in the book's unit. */
static bool scale_concession(struct sw_matching *match, struct sw_error *error)
{
    struct sw_concede *concede = &match->settings.concede;
    sw_int128 divisor = 1;
    if (match->price_scale > SW_CONCEDE_SCALE)
        return !__builtin_mul_overflow(concede->amount,
                                       sw_power_of_ten(match->price_scale - SW_CONCEDE_SCALE),
                                       &concede->amount) ||
               sw_fail(error, SW_USAGE, "--sweep: limit: out of range");
    divisor = sw_power_of_ten(SW_CONCEDE_SCALE - match->price_scale);
    bool whole = concede->amount % divisor == 0;
    concede->amount /= divisor;
    return whole || sw_fail(error, SW_USAGE, "--sweep: limit: finer than the prices are");
}

static bool choose_unit(struct sw_matching *match, struct sw_error *error)
{
    int orders = match->arrivals.events.price_scale, quotes = match->quotes.scale;
    match->price_scale = (orders > quotes ? orders : quotes) + 1;
    if (match->price_scale > SW_MAXIMUM_SCALE)
        return sw_fail(error, SW_DATA,
                       "prices of %d decimals: the mid of two needs one more than %d",
                       match->price_scale - 1, SW_MAXIMUM_SCALE);
    return scale_concession(match, error);
}

static bool check_security(const struct sw_matching *match, struct sw_error *error)
{
    const struct sw_vector *orders = &match->arrivals.events.security.vector;
    const struct sw_column *quotes =
        &match->quotes.reader.schema.columns[sw_quotes_security(&match->quotes)];
    if (orders->type == quotes->type && orders->scale == quotes->scale) return true;
    return sw_fail(
        error, SW_DATA, "%s: column 'security_code' is of type %s, but of type %s in the orders",
        match->quotes.reader.first_name, sw_type_name(quotes->type), sw_type_name(orders->type));
}

bool sw_matching_open(struct sw_matching *match, const struct sw_matching_settings *settings,
                      struct sw_error *error)
{
    struct sw_arrivals_settings arrivals = settings->arrivals;
    match->settings = *settings;
    arrivals.all_events = settings->rules.on[SW_RULE_BOOK];
    if (!sw_arrivals_open(&match->arrivals, &arrivals, error) ||
        !sw_quotes_open(&match->quotes, settings->nbbo, error))
        return false;
    const struct sw_vector *security = &match->arrivals.events.security.vector;
    const struct sw_column column = {.type = security->type, .scale = security->scale};
    match->arrivals.ticks = &match->ticks;
    if (settings->tally) {
        match->arrivals.tally = &match->tally;
        match->quotes.left_out = sw_match_tally_quote;
        match->quotes.owner = &match->tally;
    }
    find_lacks(match);
    return check_security(match, error) && choose_unit(match, error) &&
           sw_tick_sizes_open(&match->ticks, settings->ticks, &column,
                              match->arrivals.events.price_scale, error) &&
           sw_sessions_open(&match->sessions, settings->sessions, settings->open, &column, error) &&
           sw_builder_init(&match->security, security->type, security->scale, 1, error) &&
           open_books(match, error);
}

void sw_matching_free(struct sw_matching *match)
{
    for (size_t i = 0; i < match->book_count; i++) sw_book_free(&match->books[i]);
    free(match->books);
    free(match->added);
    free(match->moment);
    sw_builder_free(&match->security);
    sw_match_tally_free(&match->tally);
    sw_sessions_free(&match->sessions);
    sw_tick_sizes_free(&match->ticks);
    sw_quotes_close(&match->quotes);
    sw_arrivals_free(&match->arrivals);
}

/* ---- units ---- */

/* Far below what the book could not add up any more. */
#define BOUND ((sw_int128)1 << 116)

static bool to_unit(const struct sw_matching *match, sw_int128 value, int scale, sw_int128 *units)
{
    return !__builtin_mul_overflow(value, sw_power_of_ten(match->price_scale - scale), units) &&
           *units<BOUND && * units> - BOUND;
}

static bool is_small(sw_int128 quantity)
{
    return quantity < BOUND && quantity > -BOUND;
}

static bool take_arrival(struct sw_matching *match, struct sw_error *error)
{
    struct sw_arrival *arrival = &match->next;
    const int scale = match->arrivals.events.price_scale;
    const sw_int128 tick = sw_tick_at(&match->ticks, arrival->price);
    if (!to_unit(match, arrival->price, scale, &arrival->price) ||
        !to_unit(match, tick, scale, &arrival->tick) || !is_small(arrival->quantity) ||
        !is_small(arrival->leaves) || !is_small(arrival->minimum) || !is_small(arrival->single))
        return sw_fail(error, SW_DATA, "%s: a price or a quantity is out of range",
                       match->arrivals.events.reader.first_name);
    if (!sw_grow(&match->moment, &match->moment_capacity, match->moment_count + 1,
                 sizeof *match->moment, error))
        return false;
    match->moment[match->moment_count++] = *arrival;
    return true;
}

/* ---- what holds ---- */

static int compare_security(const struct sw_matching *match)
{
    return sw_value_compare(match->quotes.security, match->quotes.row, &match->security.vector, 0);
}

/* Whether the quote at hand is of the security, and before or, where `at` is set, at that time; those
 * of securities before it are passed over. */
static bool has_quote(struct sw_matching *match, int64_t time_ns, bool at, bool *has,
                      struct sw_error *error)
{
    *has = false;
    while (match->quote_step == SW_ROWS) {
        int side = compare_security(match);
        if (side > 0) return true;
        int64_t quote_ns = match->quotes.current.time_ns;
        *has = side == 0 && (at ? quote_ns <= time_ns : quote_ns < time_ns);
        if (side == 0) return true;
        match->quote_step = sw_quotes_next_row(&match->quotes, &match->quote_state, error);
    }
    return match->quote_step == SW_END;
}

/* The quote at hand; its prices mean nothing where it is not valid. */
static struct sw_quote quote_at_hand(const struct sw_matching *match)
{
    struct sw_quote quote = match->quotes.current;
    if (match->quote_state != SW_QUOTE_VALID) quote.bid = quote.offer = 0;
    return quote;
}

/* Takes up the quotes of the time of the one at hand: the last of them holds. */
static bool take_quotes(struct sw_matching *match, struct sw_error *error)
{
    struct sw_quotes *quotes = &match->quotes;
    struct sw_quote last = quote_at_hand(match), valid = {0};
    bool any = false, last_valid = false;
    do {
        const struct sw_quote now = quote_at_hand(match);
        const bool is_valid = match->quote_state == SW_QUOTE_VALID;
        if (sw_quote_compare(&now, &last) >= 0) {
            last = now;
            last_valid = is_valid;
        }
        if (is_valid && (!any || sw_quote_compare(&now, &valid) > 0)) valid = now;
        any = any || is_valid;
        match->quote_step = sw_quotes_next_row(quotes, &match->quote_state, error);
    } while (match->quote_step == SW_ROWS && compare_security(match) == 0 &&
             quotes->current.time_ns == last.time_ns);
    if (match->quote_step == SW_FAILED) return false;
    struct sw_book_quote *quote = &match->quote;
    quote->proper = last_valid && last.bid < last.offer;
    if (!any) return true;
    quote->known = true;
    return (to_unit(match, valid.bid, quotes->scale, &quote->bid) &&
            to_unit(match, valid.offer, quotes->scale, &quote->offer)) ||
           sw_fail(error, SW_DATA, "%s: a price is out of range", quotes->reader.first_name);
}

static bool into_books(struct sw_matching *match, int64_t time_ns, struct sw_error *error)
{
    for (size_t i = 0; i < match->book_count; i++) {
        struct sw_book *book = &match->books[i];
        sw_book_quote(book, &match->quote);
        if (match->moment_count == 0 && !book->rules.on[SW_RULE_BOOK]) continue;
        if (!sw_book_moment(book, time_ns, match->moment, match->moment_count, error)) return false;
    }
    match->moment_count = 0;
    return true;
}

static void open_session(struct sw_matching *match)
{
    bool open = sw_sessions_take(&match->sessions);
    for (size_t i = 0; i < match->book_count; i++) sw_book_session(&match->books[i], open);
}

/* Goes on to a time: what changed before it is a moment of its own, what changes then holds. */
static bool advance(struct sw_matching *match, int64_t time_ns, bool last, struct sw_error *error)
{
    for (;;) {
        bool quote;
        int64_t session_ns = 0;
        enum sw_step step =
            sw_sessions_peek(&match->sessions, &match->security.vector, 0, &session_ns, error);
        if (step == SW_FAILED || !has_quote(match, time_ns, true, &quote, error)) return false;
        bool session = step == SW_ROWS && session_ns <= time_ns;
        if (!quote && !session) return true;
        int64_t now = quote ? match->quotes.current.time_ns : session_ns;
        if (session && session_ns < now) now = session_ns;
        if (session && session_ns == now) open_session(match);
        if (quote && match->quotes.current.time_ns == now && !take_quotes(match, error))
            return false;
        if ((now < time_ns || last) && !into_books(match, now, error)) return false;
    }
}

/* ---- securities ---- */

/* Who watches may want to see a time before, or at, the next. */
static bool watch_until(struct sw_matching *match, int64_t *time_ns, bool *watched,
                        struct sw_error *error)
{
    int64_t watched_ns = 0;
    bool has = false;
    *watched = false;
    if (!match->watch.peek) return true;
    if (!match->watch.peek(match->watch.owner, &watched_ns, &has, error)) return false;
    *watched = has && watched_ns <= *time_ns;
    if (*watched) *time_ns = watched_ns;
    return true;
}

/* What the book of all rules did since the security before. */
static void tell_tally(struct sw_matching *match)
{
    struct sw_match_tally *tally = &match->tally;
    struct sw_match_line *line =
        sw_match_lines_find(&tally->securities, &tally->book_at, &match->security.vector, 0);
    const struct sw_book_totals *now = &sw_matching_book(match)->totals, *before = &match->before;
    if (!line) return;
    line->counts[SW_COUNT_SWEEPS] = now->sweeps - before->sweeps;
    line->counts[SW_COUNT_MATCHED_SWEEPS] = now->matched_sweeps - before->matched_sweeps;
    line->counts[SW_COUNT_MATCHES] = now->matches - before->matches;
    line->counts[SW_COUNT_BOOKINGS] = now->bookings - before->bookings;
    line->counts[SW_COUNT_ORDERS_MATCHED] = now->orders - before->orders;
    for (int i = 1; i < SW_UNMATCHED_REASONS; i++)
        line->counts[SW_COUNT_REASONS + i - 1] = now->reasons[i] - before->reasons[i];
    match->before = *now;
}

static bool end_security(struct sw_matching *match, struct sw_error *error)
{
    if (!match->any_security) return true;
    for (;;) {
        int64_t time_ns = INT64_MAX;
        bool watched = false;
        if (!watch_until(match, &time_ns, &watched, error)) return false;
        if (!watched) break;
        if (!advance(match, time_ns, false, error) ||
            !match->watch.at(match->watch.owner, time_ns, error))
            return false;
    }
    if (match->settings.rules.on[SW_RULE_BOOK] && !advance(match, INT64_MAX, true, error))
        return false;
    for (size_t i = 0; i < match->book_count; i++)
        if (!sw_book_close(&match->books[i], error)) return false;
    if (match->settings.tally) tell_tally(match);
    return true;
}

static bool turn_to(struct sw_matching *match, struct sw_error *error)
{
    const uint32_t rows[1] = {(uint32_t)match->next.row};
    if (match->any_security &&
        sw_value_compare(match->next.security, match->next.row, &match->security.vector, 0) == 0)
        return true;
    if (!end_security(match, error)) return false;
    sw_builder_reset(&match->security);
    if (!sw_builder_gather(&match->security, match->next.security, rows, 1, error)) return false;
    match->security_number += match->any_security;
    match->any_security = true;
    match->quote = (struct sw_book_quote){0};
    for (size_t i = 0; i < match->book_count; i++)
        sw_book_turn(&match->books[i], match->security_number);
    return sw_tick_sizes_turn(&match->ticks, &match->security.vector, 0, error);
}

static bool next_arrival(struct sw_matching *match, struct sw_error *error)
{
    enum sw_step step = sw_arrivals_next(&match->arrivals, &match->next, error);
    match->has_next = step == SW_ROWS;
    return step != SW_FAILED;
}

static bool is_of_moment(const struct sw_matching *match, int64_t time_ns)
{
    return match->has_next && match->next.time_ns == time_ns &&
           sw_value_compare(match->next.security, match->next.row, &match->security.vector, 0) == 0;
}

static bool run_moments(struct sw_matching *match, struct sw_error *error)
{
    if (!next_arrival(match, error)) return false;
    while (match->has_next) {
        bool watched = false;
        if (!turn_to(match, error)) return false;
        int64_t time_ns = match->next.time_ns;
        if (!watch_until(match, &time_ns, &watched, error) ||
            !advance(match, time_ns, false, error))
            return false;
        while (is_of_moment(match, time_ns))
            if (!take_arrival(match, error) || !next_arrival(match, error)) return false;
        if (watched && !match->watch.at(match->watch.owner, time_ns, error)) return false;
        if (!into_books(match, time_ns, error)) return false;
    }
    return end_security(match, error);
}

bool sw_matching_moments(struct sw_matching *match, struct sw_error *error)
{
    match->quote_step = sw_quotes_next_row(&match->quotes, &match->quote_state, error);
    if (match->quote_step == SW_FAILED || !run_moments(match, error)) return false;
    /* What is left is read too: a quote out of order or a stream cut short may stand there. */
    while (match->quote_step == SW_ROWS)
        match->quote_step = sw_quotes_next_row(&match->quotes, &match->quote_state, error);
    return match->quote_step == SW_END;
}

bool sw_matching_run(struct sw_matching *match, struct sw_error *error)
{
    return sw_arrivals_read(&match->arrivals, error) && sw_matching_moments(match, error);
}
