/* SPDX-License-Identifier: ISC */
#include "tca/tca.h"

#include <string.h>

#include "base/civil.h"
#include "program/tally.h"

/* ---- opening ---- */

static bool is_word(const struct sw_tca *tca, const char *word)
{
    return !tca->settings->nbbo_input && strcmp(tca->settings->nbbo, word) == 0;
}

static bool has_columns(const struct sw_schema *schema, const char *bid, const char *offer)
{
    return sw_schema_find(schema, bid) >= 0 && sw_schema_find(schema, offer) >= 0;
}

/* Whether a file of quotes is one of orders, so that each has its own quote in its first row. */
static bool quotes_are_orders(const struct sw_tca *tca)
{
    const struct sw_schema *schema = &tca->quotes.reader.schema;
    return strcmp(schema->table, "nbbo") != 0 &&
           has_columns(schema, "national_bid", "national_offer");
}

static bool open_quotes(struct sw_tca *tca, int *scale, struct sw_error *error)
{
    const struct sw_trade_rows *trades = &tca->orders.trades;
    const struct sw_event_rows *events = &tca->orders.events;
    bool of_orders = is_word(tca, "orders");
    if (of_orders || is_word(tca, "trades")) {
        if (of_orders && !tca->orders.with_events)
            return sw_fail(error, SW_USAGE, "--nbbo orders: needs --events");
        const struct sw_schema *schema =
            of_orders ? &events->reader.schema : &trades->reader.schema;
        const char *names[2][2] = {{"nationalbidpricesnapshot", "nationalofferpricesnapshot"},
                                   {"national_bid", "national_offer"}};
        if (!has_columns(schema, names[of_orders][0], names[of_orders][1]))
            return sw_fail(error, SW_DATA, "%s: no columns '%s' and '%s'",
                           of_orders ? events->reader.first_name : trades->reader.first_name,
                           names[of_orders][0], names[of_orders][1]);
        for (int i = 0; i < 2; i++) {
            int own = schema->columns[sw_schema_find(schema, names[of_orders][i])].scale;
            if (own > *scale) *scale = own;
        }
        tca->orders.own_quotes = of_orders;
        return true;
    }
    tca->quotes_open = true;
    const struct sw_input *input = tca->settings->nbbo_input;
    if (input ? !sw_quotes_open_input(&tca->quotes, input, error)
              : !sw_quotes_open(&tca->quotes, tca->settings->nbbo, error))
        return false;
    *scale = tca->quotes.scale;
    tca->orders.own_quotes = tca->orders.with_events && quotes_are_orders(tca);
    return true;
}

static bool check_securities(const struct sw_tca *tca, struct sw_error *error)
{
    const struct sw_tca_orders *orders = &tca->orders;
    const struct sw_column *ours =
        &orders->reader.schema.columns[orders->columns[SW_KEPT_SECURITY]];
    if (!tca->quotes_open) return true;
    const struct sw_column *theirs =
        &tca->quotes.reader.schema.columns[sw_quotes_security(&tca->quotes)];
    if ((ours->type == SW_TEXT) == (theirs->type == SW_TEXT) && ours->scale == theirs->scale)
        return true;
    return sw_fail(error, SW_DATA, "security_code is %s in %s and %s in %s",
                   sw_type_name(ours->type), orders->file, sw_type_name(theirs->type),
                   tca->quotes.reader.first_name);
}

static bool open_moments(struct sw_tca *tca, int scale, struct sw_error *error)
{
    struct sw_tca_orders *orders = &tca->orders;
    const struct sw_column *security =
        &orders->reader.schema.columns[orders->columns[SW_KEPT_SECURITY]];
    if (tca->quotes_open) return sw_moments_of_stream(&tca->moments, &tca->quotes, error);
    if (!sw_moments_of_rows(&tca->moments, security, scale, tca->settings->memory_bytes,
                            tca->settings->folder, error))
        return false;
    *(is_word(tca, "orders") ? &orders->events.quotes : &orders->trades.quotes) = &tca->moments;
    return true;
}

bool sw_tca_open(struct sw_tca *tca, const struct sw_tca_settings *settings, struct sw_error *error)
{
    int scale = 0;
    tca->settings = settings;
    tca->orders.days.hours = &tca->hours;
    sw_sights_open(&tca->sights, settings->memory_bytes, settings->folder);
    return sw_tca_orders_open(&tca->orders, &settings->inputs, error) &&
           (!settings->sessions ||
            sw_trading_hours_open(&tca->hours, settings->sessions, settings->open,
                                  &tca->orders.zone, error)) &&
           open_quotes(tca, &scale, error) && check_securities(tca, error) &&
           sw_tca_orders_begin(&tca->orders, scale, settings->memory_bytes, settings->folder,
                               error) &&
           open_moments(tca, scale, error);
}

void sw_tca_close(struct sw_tca *tca)
{
    sw_sights_free(&tca->sights);
    sw_moments_free(&tca->moments);
    if (tca->quotes_open) sw_quotes_close(&tca->quotes);
    sw_tca_orders_close(&tca->orders);
    sw_trading_hours_free(&tca->hours);
}

bool sw_tca_read(struct sw_tca *tca, struct sw_error *error)
{
    struct sw_tca_orders *orders = &tca->orders;
    if (!sw_tca_orders_read(orders, error)) return false;
    if (tca->quotes_open && !sw_quotes_restrict(&tca->quotes, &orders->securities, error))
        return false;
    if (!sw_observe(&orders->probes, &tca->moments, orders->price_scale, &orders->days,
                    &tca->sights, error))
        return false;
    tca->counts.trades = orders->own_trades;
    tca->counts.incomplete_trades = orders->incomplete_trades;
    tca->step = sw_sights_next(&tca->sights, error);
    return tca->step != SW_FAILED;
}

/* ---- one order ---- */

static int64_t kept_number(const struct sw_tca *tca, enum sw_kept_column column)
{
    return (int64_t)sw_row_sorter_number(&tca->orders.kept, column);
}

static struct sw_amount kept_quantity(const struct sw_tca *tca, enum sw_kept_column column)
{
    const struct sw_row_sorter *kept = &tca->orders.kept;
    struct sw_amount quantity = {0};
    quantity.known = sw_scaled_value(kept->sorter.vectors[column], kept->row,
                                     tca->orders.quantity_scale, &quantity.value);
    return quantity;
}

/* What an order brings along. */
static void begin_order(struct sw_tca *tca)
{
    const struct sw_row_sorter *kept = &tca->orders.kept;
    const struct sw_trade_rows *trades = &tca->orders.trades;
    struct sw_amount booked = kept_quantity(tca, SW_KEPT_BOOKED);
    struct sw_amount side = {!sw_row_sorter_is_null(kept, SW_KEPT_SIDE),
                             sw_row_sorter_number(kept, SW_KEPT_SIDE)};
    tca->crossed = 0;
    tca->fills = (struct sw_order_fills){.reported_only = tca->orders.reported_only,
                                         .price_scale = tca->orders.price_scale,
                                         .sign = !side.known       ? 0
                                                 : side.value == 1 ? 1
                                                 : side.value == 2 ? -1
                                                                   : 0,
                                         .kinds_told = trades->kinds.told,
                                         .takers_told = trades->extras[SW_EXTRA_TAKER] >= 0,
                                         .asked = kept_quantity(tca, SW_KEPT_QUANTITY),
                                         .matched = kept_quantity(tca, SW_KEPT_MATCHED),
                                         .booked = booked.known ? booked.value : 0,
                                         .limit = {!sw_row_sorter_is_null(kept, SW_KEPT_LIMIT),
                                                   sw_row_sorter_number(kept, SW_KEPT_LIMIT)}};
}

/* ---- arrival ---- */

/* The session's day: that of T, where quotes of it are still to come, else that of the first trade or the
 * last event. NULL: no quote. */
static const struct sw_day *session_of(const struct sw_tca *tca, size_t first_day, bool reload)
{
    const struct sw_days *days = &tca->orders.days;
    const struct sw_day *day = NULL;
    if (!reload)
        day = sw_days_find(days, first_day, sw_days_date(days, kept_number(tca, SW_KEPT_FIRST)));
    if (!day || !day->quoted)
        day = sw_days_find(days, first_day, kept_number(tca, SW_KEPT_SESSION_DATE));
    return day && day->quoted ? day : NULL;
}

static void arrive(struct sw_tca *tca, enum sw_arrival_from from, int64_t time_ns, sw_int128 mid,
                   int64_t quote_age_ns)
{
    tca->arrival = from;
    tca->quote_age_ns = quote_age_ns;
    tca->fills.arrival_ns = time_ns;
    tca->fills.arrival = (struct sw_amount){from != SW_ARRIVAL_NONE, mid};
}

static void set_market_before(struct sw_tca *tca, sw_int128 quantity, sw_int128 value)
{
    tca->fills.market_quantity = -quantity;
    tca->fills.market_value = -value;
}

/* From the sight of T. */
static void find_arrival(struct sw_tca *tca)
{
    const struct sw_sight *sight = &tca->sights.current;
    const struct sw_days *days = &tca->orders.days;
    const int64_t first_ns = kept_number(tca, SW_KEPT_FIRST);
    const int64_t quote_ns = sight->time_ns;
    const size_t first_day = sight->day;
    const struct sw_amount mid = sight->mid;
    const bool reload = kept_number(tca, SW_KEPT_RELOAD) == 1;
    const int own = (int)kept_number(tca, SW_KEPT_OWN_QUOTE);
    const struct sw_day *today = sw_days_find(days, first_day, sw_days_date(days, first_ns));
    bool begun = mid.known && today && today->quoted && today->quoted_ns < first_ns;
    bool crossed = own == 2 || (own == 0 && sight->crossed);
    set_market_before(tca, sight->market_quantity, sight->market_value);
    if (!reload && own == 1) {
        arrive(tca, SW_ARRIVAL_ENTRY, first_ns,
               sw_row_sorter_number(&tca->orders.kept, SW_KEPT_OWN_MID), 0);
    } else if (!reload && begun) {
        arrive(tca, SW_ARRIVAL_ENTRY, first_ns, mid.value, first_ns - quote_ns);
        tca->counts.crossed_arrivals += crossed;
    } else {
        const struct sw_day *session = session_of(tca, first_day, reload);
        arrive(tca, session ? SW_ARRIVAL_SESSION : SW_ARRIVAL_NONE,
               session ? session->quoted_ns : first_ns, session ? session->mid : 0, 0);
        if (session) set_market_before(tca, session->market_quantity, session->market_value);
    }
}

/* ---- sights ---- */

/* The mids behind a trade are of no use past the end of its day's continuous trading. */
static void look_behind(const struct sw_tca *tca, struct sw_fill *fill, bool past_end[SW_HORIZONS])
{
    const struct sw_day *day = &tca->orders.days.days[tca->sights.current.day];
    int64_t end_ns;
    bool ends = sw_day_end(day, &end_ns);
    for (int i = 0; i < SW_HORIZONS; i++) {
        bool within = ends && (sw_int128)fill->time_ns + sw_horizons_ns[i] <= end_ns;
        if (within) fill->after[i] = tca->sights.current.after[i];
        past_end[i] |= !within;
    }
}

static bool take_fill(struct sw_tca *tca, bool past_end[SW_HORIZONS], struct sw_error *error)
{
    const struct sw_sight *sight = &tca->sights.current;
    struct sw_fill fill = {.kind = (enum sw_fill_kind)sight->fill,
                           .time_ns = sight->time_ns,
                           .quantity = sight->quantity,
                           .price = sight->price,
                           .mid = sight->mid,
                           .spread = sight->spread};
    const bool crossed = sight->crossed;
    look_behind(tca, &fill, past_end);
    tca->crossed += crossed;
    tca->counts.crossed_trades += crossed;
    tca->counts.unquoted_trades += !fill.mid.known;
    return sw_fills_add(&tca->fills, &fill, error);
}

static bool take_sight(struct sw_tca *tca, bool past_end[SW_HORIZONS], struct sw_error *error)
{
    const struct sw_sight *sight = &tca->sights.current;
    struct sw_order_fills *fills = &tca->fills;
    switch (sight->kind) {
    case SW_PROBE_FROM:
        find_arrival(tca);
        break;
    case SW_PROBE_UP_TO:
        fills->market_known = true;
        fills->market_quantity += sight->market_quantity;
        fills->market_value += sight->market_value;
        break;
    case SW_PROBE_TRADE:
        return take_fill(tca, past_end, error);
    case SW_PROBE_END:
        fills->end = sight->mid;
        fills->end.known = fills->end.known && kept_number(tca, SW_KEPT_LAST) >= fills->arrival_ns;
        break;
    case SW_PROBE_MARKET:
        break;
    }
    return true;
}

static bool take_sights(struct sw_tca *tca, struct sw_error *error)
{
    bool past_end[SW_HORIZONS] = {false};
    for (; tca->step == SW_ROWS && tca->sights.current.order == tca->next;
         tca->step = sw_sights_next(&tca->sights, error))
        if (!take_sight(tca, past_end, error)) return false;
    for (int i = 0; i < SW_HORIZONS; i++) tca->counts.past_end[i] += past_end[i];
    return tca->step != SW_FAILED;
}

/* ---- the orders again ---- */

static void count_order(struct sw_tca *tca)
{
    const struct sw_order_fills *fills = &tca->fills;
    struct sw_tca_counts *counts = &tca->counts;
    bool traded = fills->trades > 0;
    counts->orders++;
    counts->traded += traded;
    counts->session_arrivals += tca->arrival == SW_ARRIVAL_SESSION;
    counts->no_arrival += tca->arrival == SW_ARRIVAL_NONE;
    counts->old_arrivals += tca->arrival == SW_ARRIVAL_ENTRY &&
                            tca->quote_age_ns > SW_OLD_ARRIVAL_S * (int64_t)SW_NS_PER_SECOND;
    counts->no_limit += traded && !fills->limit.known;
    counts->fewer_sides += fills->market_known && fills->market_quantity < fills->own_quantity;
    counts->no_side += fills->sign == 0;
}

/* Puts "order 7904794000132347948" before a failure. */
static bool blame_order(const struct sw_tca *tca, struct sw_error *error)
{
    const struct sw_row_sorter *kept = &tca->orders.kept;
    char id[SW_DESCRIBED_LENGTH], place[SW_DESCRIBED_LENGTH + 8] = "order ";
    sw_value_describe(kept->sorter.vectors[SW_KEPT_ORDER], kept->row, id);
    strcat(place, id);
    sw_fail_about(error, id);
    return sw_fail_at(error, place);
}

enum sw_step sw_tca_next(struct sw_tca *tca, struct sw_error *error)
{
    enum sw_step step = sw_row_sorter_next(&tca->orders.kept, error);
    if (step != SW_ROWS) return step;
    begin_order(tca);
    bool read = take_sights(tca, error);
    if (read && tca->fills.trades > 0 && tca->fills.last_ns < tca->fills.arrival_ns)
        tca->fills.market_known = false;
    if (!read || !sw_tca_measures_of(&tca->fills, tca->measures, error)) {
        if (error->status == SW_DATA) blame_order(tca, error);
        return SW_FAILED;
    }
    tca->next++;
    count_order(tca);
    return SW_ROWS;
}

bool sw_tca_check(const struct sw_tca *tca, struct sw_error *error)
{
    const struct sw_tally tally = {.read = tca->orders.reader.total_rows,
                                   .kept = tca->counts.orders};
    return sw_tally_check(&tally, tca->orders.file, error);
}
