/* SPDX-License-Identifier: ISC */
#include "tca/observe.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/number.h"

/* A trade that waits for the mids behind it. */
struct waiting {
    uint64_t order;
    int fill;
    size_t day;
    int64_t time_ns;
    sw_int128 price, quantity;
    struct sw_tca_value mid;
    sw_int128 spread;
    bool crossed;
    struct sw_tca_value after[SW_HORIZONS];
};

/* Σ quantity and Σ price × quantity of trades of the market. */
struct sums {
    sw_int128 quantity, value;
};

struct observer {
    struct sw_row_sorter *probes, *sights;
    struct sw_moments *moments;
    struct sw_days *days;
    sw_int128 unit; /* what makes multiples of 10^-price_scale of a moment's prices */
    /* The security at hand. */
    struct sw_builder security;
    uint64_t number;
    size_t first_day;
    enum sw_step step; /* whether there is a moment at hand */
    bool quoted;       /* there was a quote; the last of them: */
    int64_t quote_ns;
    sw_int128 mid, spread;
    bool crossed; /* the last moment was crossed */
    bool begun;   /* there was a probe, the last at */
    int64_t now_ns;
    struct sums market, before_now;
    /* The rows of one trade of the market: of buyers, of sellers, of neither. */
    bool matching;
    sw_int128 match;
    struct sums of_match[3];
    /* Trades in the order of their times, a ring: of those ever put in, head is the first that is still
     * there, and to_see[H] the first that has not seen the mid H behind it. */
    struct waiting *ring;
    size_t capacity; /* a power of two */
    uint64_t head, tail, to_see[SW_HORIZONS];
};

static bool fail_range(const struct observer *observer, const char *what, struct sw_error *error)
{
    char security[SW_DESCRIBED_LENGTH];
    sw_value_describe(&observer->security.vector, 0, security);
    return sw_fail(error, SW_DATA, "security %s: %s: out of range", security, what);
}

/* ---- sights ---- */

static bool add_measure(struct sw_builder *builder, const struct sw_tca_value *measure,
                        struct sw_error *error)
{
    if (measure->known) return sw_builder_add_value(builder, measure->value, error);
    sw_builder_add_null(builder);
    return true;
}

struct sight {
    uint64_t order;
    enum sw_probe_kind kind;
    const struct waiting
        *trade; /* what is told of a trade; of others the day, time, mid and crossing alone */
    struct sums market;
};

static bool add_sight(struct observer *observer, const struct sight *sight, struct sw_error *error)
{
    const struct waiting *trade = sight->trade;
    const struct {
        enum sw_sight_column column;
        sw_int128 value;
    } cells[] = {{SW_SIGHT_ORDER, sight->order},
                 {SW_SIGHT_KIND, sight->kind},
                 {SW_SIGHT_DAY, (sw_int128)trade->day},
                 {SW_SIGHT_TIME, trade->time_ns},
                 {SW_SIGHT_FILL, trade->fill},
                 {SW_SIGHT_PRICE, trade->price},
                 {SW_SIGHT_QUANTITY, trade->quantity},
                 {SW_SIGHT_SPREAD, trade->spread},
                 {SW_SIGHT_CROSSED, trade->crossed},
                 {SW_SIGHT_MARKET_QUANTITY, sight->market.quantity},
                 {SW_SIGHT_MARKET_VALUE, sight->market.value}};
    struct sw_builder *builders = observer->sights->builders;
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++)
        if (!sw_builder_add_value(&builders[cells[i].column], cells[i].value, error)) return false;
    if (!add_measure(&builders[SW_SIGHT_MID], &trade->mid, error)) return false;
    for (int i = 0; i < SW_HORIZONS; i++)
        if (!add_measure(&builders[SW_SIGHT_AFTER + i], &trade->after[i], error)) return false;
    return sw_row_sorter_added(observer->sights, error);
}

static struct sw_tca_value current_mid(const struct observer *observer)
{
    return (struct sw_tca_value){observer->quoted, observer->mid};
}

/* ---- trades that wait ---- */

static struct waiting *at(const struct observer *observer, uint64_t number)
{
    return &observer->ring[number & (observer->capacity - 1)];
}

static bool widen_ring(struct observer *observer, struct sw_error *error)
{
    size_t capacity = observer->capacity ? 2 * observer->capacity : 256;
    struct waiting *wider = sw_alloc(capacity, sizeof *wider, error);
    if (!wider) return false;
    for (uint64_t i = observer->head; i < observer->tail; i++)
        wider[i & (capacity - 1)] = *at(observer, i);
    free(observer->ring);
    observer->ring = wider;
    observer->capacity = capacity;
    return true;
}

static bool give_out(struct observer *observer, struct sw_error *error)
{
    for (; observer->head < observer->to_see[SW_HORIZONS - 1]; observer->head++) {
        const struct waiting *trade = at(observer, observer->head);
        const struct sight sight = {trade->order, SW_PROBE_TRADE, trade, {0}};
        if (!add_sight(observer, &sight, error)) return false;
    }
    return true;
}

/* Trades whose time plus H is this time or before it see the current mid there. */
static bool see_up_to(struct observer *observer, int64_t time_ns, struct sw_error *error)
{
    for (int i = 0; i < SW_HORIZONS; i++) {
        uint64_t *next = &observer->to_see[i];
        for (; *next < observer->tail; ++*next) {
            struct waiting *trade = at(observer, *next);
            if ((sw_int128)trade->time_ns + sw_horizons_ns[i] > time_ns) break;
            trade->after[i] = current_mid(observer);
        }
    }
    return give_out(observer, error);
}

static bool see_all(struct observer *observer, struct sw_error *error)
{
    for (int i = 0; i < SW_HORIZONS; i++)
        for (uint64_t *next = &observer->to_see[i]; *next < observer->tail; ++*next)
            at(observer, *next)->after[i] = current_mid(observer);
    return give_out(observer, error);
}

/* ---- the market's trades ---- */

static bool add_sums(struct sums *to, const struct sums *more)
{
    return !__builtin_add_overflow(to->quantity, more->quantity, &to->quantity) &&
           !__builtin_add_overflow(to->value, more->value, &to->value);
}

/* The rows of one trade are over: what is of it is what its buyers, or, where there are more of them,
 * its sellers have. */
static bool end_match(struct observer *observer, struct sw_error *error)
{
    const struct sums *of = observer->of_match, *most = &of[0];
    if (!observer->matching) return true;
    if (of[1].quantity > most->quantity) most = &of[1];
    if (of[2].quantity > most->quantity) most = &of[2];
    observer->matching = false;
    return add_sums(&observer->market, most) ||
           fail_range(observer, "the value of the market's trades", error);
}

static bool is_same_match(const struct observer *observer)
{
    const struct sw_row_sorter *probes = observer->probes;
    return observer->matching && sw_row_sorter_number(probes, SW_PROBE_KIND) == SW_PROBE_MARKET &&
           sw_row_sorter_number(probes, SW_PROBE_TIME) == observer->now_ns &&
           !sw_row_sorter_is_null(probes, SW_PROBE_MATCH) &&
           sw_row_sorter_number(probes, SW_PROBE_MATCH) == observer->match;
}

static struct sw_day *day_at(struct observer *observer, int64_t time_ns, struct sw_error *error)
{
    return sw_days_reach(observer->days, observer->number, &observer->security.vector, 0,
                         sw_days_date(observer->days, time_ns), error);
}

static bool take_market(struct observer *observer, struct sw_error *error)
{
    const struct sw_row_sorter *probes = observer->probes;
    int fill = (int)sw_row_sorter_number(probes, SW_PROBE_FILL), side = sw_market_fill_side(fill);
    struct sums row = {.quantity = sw_row_sorter_number(probes, SW_PROBE_QUANTITY)};
    if (!observer->matching)
        for (int i = 0; i < 3; i++) observer->of_match[i] = (struct sums){0};
    if (__builtin_mul_overflow(row.quantity, sw_row_sorter_number(probes, SW_PROBE_PRICE),
                               &row.value) ||
        !add_sums(&observer->of_match[side > 0   ? 0
                                      : side < 0 ? 1
                                                 : 2],
                  &row))
        return fail_range(observer, "the value of the market's trades", error);
    observer->matching = true;
    observer->match = sw_row_sorter_number(probes, SW_PROBE_MATCH);
    if (sw_row_sorter_is_null(probes, SW_PROBE_MATCH) && !end_match(observer, error)) return false;
    if (!sw_market_fill_continuous(fill)) return true;
    struct sw_day *day = day_at(observer, observer->now_ns, error);
    if (!day) return false;
    day->ended = true;
    day->ended_ns = observer->now_ns;
    return true;
}

/* ---- moments ---- */

static bool note_first(struct observer *observer, int64_t time_ns, struct sw_error *error)
{
    struct sw_day *day = day_at(observer, time_ns, error);
    if (!day) return false;
    if (day->quoted || (day->bounded && (time_ns < day->opens_ns || time_ns > day->closes_ns)))
        return true;
    const struct sums *before =
        observer->begun && observer->now_ns == time_ns ? &observer->before_now : &observer->market;
    day->quoted = true;
    day->quoted_ns = time_ns;
    day->mid = observer->mid;
    day->market_quantity = before->quantity;
    day->market_value = before->value;
    return true;
}

static bool apply(struct observer *observer, struct sw_error *error)
{
    const struct sw_moments *moments = observer->moments;
    const struct sw_quote *quote = &moments->current;
    const sw_int128 most = ((sw_int128)1 << 96) / observer->unit;
    if (!see_up_to(observer, quote->time_ns, error)) return false;
    observer->crossed = moments->state == SW_QUOTE_CROSSED;
    if (moments->state != SW_QUOTE_VALID) return true;
    if (quote->bid < -most || quote->offer > most || quote->bid > most || quote->offer < -most)
        return fail_range(observer, "a bid or an offer", error);
    observer->quoted = true;
    observer->quote_ns = quote->time_ns;
    observer->mid = (quote->bid + quote->offer) * observer->unit;
    observer->spread = (quote->offer - quote->bid) * observer->unit;
    return note_first(observer, quote->time_ns, error);
}

/* Lets the moments of the security before a time go by; all of them where there is no time. */
static bool advance(struct observer *observer, const int64_t *before_ns, struct sw_error *error)
{
    const struct sw_moments *moments = observer->moments;
    while (observer->step == SW_ROWS) {
        int order = sw_value_compare(&moments->security.vector, 0, &observer->security.vector, 0);
        if (order > 0 || (order == 0 && before_ns && moments->current.time_ns >= *before_ns))
            return true;
        if (order == 0 && !apply(observer, error)) return false;
        observer->step = sw_moments_next(observer->moments, error);
    }
    return observer->step == SW_END;
}

/* ---- probes ---- */

static bool wait_for_mids(struct observer *observer, struct sw_error *error)
{
    const struct sw_row_sorter *probes = observer->probes;
    struct sw_day *day = day_at(observer, observer->now_ns, error);
    if (!day ||
        (observer->tail - observer->head == observer->capacity && !widen_ring(observer, error)))
        return false;
    *at(observer, observer->tail++) =
        (struct waiting){.order = (uint64_t)sw_row_sorter_number(probes, SW_PROBE_ORDER),
                         .fill = (int)sw_row_sorter_number(probes, SW_PROBE_FILL),
                         .day = (size_t)(day - observer->days->days),
                         .time_ns = observer->now_ns,
                         .price = sw_row_sorter_number(probes, SW_PROBE_PRICE),
                         .quantity = sw_row_sorter_number(probes, SW_PROBE_QUANTITY),
                         .mid = current_mid(observer),
                         .spread = observer->spread,
                         .crossed = observer->crossed};
    return true;
}

/* What is not a trade's. The security has a day from its first probe on. */
static bool answer(struct observer *observer, enum sw_probe_kind kind, struct sw_error *error)
{
    const struct waiting seen = {.day = observer->first_day,
                                 .time_ns = observer->quote_ns,
                                 .mid = current_mid(observer),
                                 .crossed = observer->crossed};
    const struct sight sight = {(uint64_t)sw_row_sorter_number(observer->probes, SW_PROBE_ORDER),
                                kind, &seen, observer->market};
    return day_at(observer, observer->now_ns, error) && add_sight(observer, &sight, error);
}

static bool take_probe(struct observer *observer, struct sw_error *error)
{
    const int64_t time_ns = (int64_t)sw_row_sorter_number(observer->probes, SW_PROBE_TIME);
    enum sw_probe_kind kind =
        (enum sw_probe_kind)sw_row_sorter_number(observer->probes, SW_PROBE_KIND);
    if (!is_same_match(observer) && !end_match(observer, error)) return false;
    if (!advance(observer, &time_ns, error)) return false;
    if (!observer->begun || time_ns != observer->now_ns) observer->before_now = observer->market;
    observer->begun = true;
    observer->now_ns = time_ns;
    if (kind == SW_PROBE_MARKET) return take_market(observer, error);
    if (kind == SW_PROBE_TRADE) return wait_for_mids(observer, error);
    return answer(observer, kind, error);
}

/* ---- securities ---- */

static bool end_security(struct observer *observer, struct sw_error *error)
{
    return observer->security.vector.rows == 0 ||
           (end_match(observer, error) && advance(observer, NULL, error) &&
            see_all(observer, error));
}

static bool turn_to_security(struct observer *observer, struct sw_error *error)
{
    const struct sw_vector *security = observer->probes->sorter.vectors[SW_PROBE_SECURITY];
    const uint32_t rows[1] = {(uint32_t)observer->probes->row};
    struct sw_builder *known = &observer->security;
    if (known->vector.rows > 0 && sw_value_compare(security, rows[0], &known->vector, 0) == 0)
        return true;
    if (!end_security(observer, error)) return false;
    observer->number++;
    observer->first_day = observer->days->count;
    observer->quoted = observer->crossed = observer->begun = false;
    observer->mid = observer->spread = observer->quote_ns = 0;
    observer->market = observer->before_now = (struct sums){0};
    sw_builder_reset(known);
    return sw_builder_gather(known, security, rows, 1, error);
}

static bool observe_all(struct observer *observer, struct sw_error *error)
{
    enum sw_step step;
    observer->step = sw_moments_next(observer->moments, error);
    if (observer->step == SW_FAILED) return false;
    while ((step = sw_row_sorter_next(observer->probes, error)) == SW_ROWS)
        if (!turn_to_security(observer, error) || !take_probe(observer, error)) return false;
    if (step != SW_END || !end_security(observer, error)) return false;
    /* A stream of quotes is read to its end, so that all of it is checked. */
    while (observer->step == SW_ROWS) observer->step = sw_moments_next(observer->moments, error);
    return observer->step == SW_END && sw_row_sorter_finish(observer->sights, error);
}

bool sw_observe(struct sw_row_sorter *probes, struct sw_moments *moments, int price_scale,
                struct sw_days *days, struct sw_row_sorter *sights, struct sw_error *error)
{
    const struct sw_column *security = &probes->schema.columns[SW_PROBE_SECURITY];
    struct observer observer = {.probes = probes,
                                .sights = sights,
                                .moments = moments,
                                .days = days,
                                .unit = sw_power_of_ten(price_scale - moments->scale)};
    bool good = sw_builder_init(&observer.security, security->type, security->scale, 1, error) &&
                observe_all(&observer, error);
    sw_builder_free(&observer.security);
    free(observer.ring);
    return good;
}
