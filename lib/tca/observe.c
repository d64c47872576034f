/* SPDX-License-Identifier: ISC */
#include "tca/observe.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"

/* A trade that waits for the mids behind it. */
struct waiting {
    uint64_t order;
    int fill;
    size_t day;
    int64_t time_ns;
    sw_int128 price, quantity;
    struct sw_amount mid;
    sw_int128 spread;
    bool crossed;
    struct sw_amount after[SW_HORIZONS];
};

/* Σ quantity and Σ price × quantity of trades of the market. */
struct sums {
    sw_int128 quantity, value;
};

struct observer {
    struct sw_probes *probes;
    struct sw_sights *sights;
    struct sw_moments *moments;
    struct sw_days *days;
    sw_int128 unit; /* what makes multiples of 10^-price_scale of a moment's prices */
    /* The security at hand: the vector that it stands in, where, and its number; NULL: none yet. */
    const struct sw_vector *security;
    size_t security_row;
    uint32_t number;
    uint64_t moments_of; /* the moments' security whose order beside it is known: */
    int moments_order;
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
    sw_value_describe(observer->security, observer->security_row, security);
    return sw_fail(error, SW_DATA, "security %s: %s: out of range", security, what);
}

static struct sw_amount current_mid(const struct observer *observer)
{
    return (struct sw_amount){observer->quoted, observer->mid};
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
        struct sw_sight sight = {.order = trade->order,
                                 .kind = SW_PROBE_TRADE,
                                 .day = trade->day,
                                 .time_ns = trade->time_ns,
                                 .fill = trade->fill,
                                 .crossed = trade->crossed,
                                 .mid = trade->mid,
                                 .price = trade->price,
                                 .quantity = trade->quantity,
                                 .spread = trade->spread};
        memcpy(sight.after, trade->after, sizeof sight.after);
        if (!sw_sights_add(observer->sights, &sight, error)) return false;
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
    const struct sw_tca_probe *probe = &observer->probes->current;
    return observer->matching && probe->kind == SW_PROBE_MARKET &&
           probe->time_ns == observer->now_ns && probe->matched && probe->match == observer->match;
}

static struct sw_day *day_at(struct observer *observer, int64_t time_ns, struct sw_error *error)
{
    return sw_days_reach(observer->days, observer->number, observer->security,
                         observer->security_row, sw_days_date(observer->days, time_ns), error);
}

static bool take_market(struct observer *observer, struct sw_error *error)
{
    const struct sw_tca_probe *probe = &observer->probes->current;
    const int side = sw_market_fill_side(probe->fill);
    struct sums row = {.quantity = probe->quantity};
    if (!observer->matching)
        for (int i = 0; i < 3; i++) observer->of_match[i] = (struct sums){0};
    if (__builtin_mul_overflow(row.quantity, probe->price, &row.value) ||
        !add_sums(&observer->of_match[side > 0   ? 0
                                      : side < 0 ? 1
                                                 : 2],
                  &row))
        return fail_range(observer, "the value of the market's trades", error);
    observer->matching = true;
    observer->match = probe->match;
    if (!probe->matched && !end_match(observer, error)) return false;
    if (!sw_market_fill_continuous(probe->fill)) return true;
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

/* Below 0, 0 or above 0 as the moment at hand is of a security before the one at hand, of it, or of one behind it. */
static int order_of_moment(struct observer *observer)
{
    const struct sw_moments *moments = observer->moments;
    if (observer->moments_of != moments->securities) {
        observer->moments_of = moments->securities;
        observer->moments_order = sw_value_compare(&moments->security.vector, 0, observer->security,
                                                   observer->security_row);
    }
    return observer->moments_order;
}

/* Lets the moments of the security before a time go by; all of them where there is no time. */
static bool advance(struct observer *observer, const int64_t *before_ns, struct sw_error *error)
{
    const struct sw_moments *moments = observer->moments;
    while (observer->step == SW_ROWS) {
        int order = order_of_moment(observer);
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
    const struct sw_tca_probe *probe = &observer->probes->current;
    struct sw_day *day = day_at(observer, observer->now_ns, error);
    if (!day ||
        (observer->tail - observer->head == observer->capacity && !widen_ring(observer, error)))
        return false;
    *at(observer, observer->tail++) = (struct waiting){.order = probe->order,
                                                       .fill = probe->fill,
                                                       .day = (size_t)(day - observer->days->days),
                                                       .time_ns = observer->now_ns,
                                                       .price = probe->price,
                                                       .quantity = probe->quantity,
                                                       .mid = current_mid(observer),
                                                       .spread = observer->spread,
                                                       .crossed = observer->crossed};
    return true;
}

/* What is not a trade's. The security has a day from its first probe on. */
static bool answer(struct observer *observer, enum sw_tca_probe_kind kind, struct sw_error *error)
{
    const struct sw_sight sight = {.order = observer->probes->current.order,
                                   .kind = kind,
                                   .day = observer->first_day,
                                   .time_ns = observer->quote_ns,
                                   .crossed = observer->crossed,
                                   .mid = current_mid(observer),
                                   .market_quantity = observer->market.quantity,
                                   .market_value = observer->market.value};
    return day_at(observer, observer->now_ns, error) &&
           sw_sights_add(observer->sights, &sight, error);
}

static bool take_probe(struct observer *observer, struct sw_error *error)
{
    const int64_t time_ns = observer->probes->current.time_ns;
    const enum sw_tca_probe_kind kind = observer->probes->current.kind;
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
    return !observer->security || (end_match(observer, error) && advance(observer, NULL, error) &&
                                   see_all(observer, error));
}

static bool turn_to_security(struct observer *observer, struct sw_error *error)
{
    const struct sw_probes *probes = observer->probes;
    if (observer->security && probes->security == observer->number) return true;
    if (!end_security(observer, error)) return false;
    observer->number = probes->security;
    observer->security = sw_probes_security(probes, probes->security, &observer->security_row);
    observer->moments_of = 0;
    observer->first_day = observer->days->count;
    observer->quoted = observer->crossed = observer->begun = false;
    observer->mid = observer->spread = observer->quote_ns = 0;
    observer->market = observer->before_now = (struct sums){0};
    return true;
}

static bool observe_all(struct observer *observer, struct sw_error *error)
{
    enum sw_step step;
    observer->step = sw_moments_next(observer->moments, error);
    if (observer->step == SW_FAILED) return false;
    while ((step = sw_probes_next(observer->probes, error)) == SW_ROWS)
        if (!turn_to_security(observer, error) || !take_probe(observer, error)) return false;
    if (step != SW_END || !end_security(observer, error)) return false;
    sw_probes_release(observer->probes);
    /* A stream of quotes is read to its end, so that all of it is checked. */
    while (observer->step == SW_ROWS) observer->step = sw_moments_next(observer->moments, error);
    return observer->step == SW_END && sw_sights_finish(observer->sights, error);
}

bool sw_observe(struct sw_probes *probes, struct sw_moments *moments, int price_scale,
                struct sw_days *days, struct sw_sights *sights, struct sw_error *error)
{
    struct observer observer = {.probes = probes,
                                .sights = sights,
                                .moments = moments,
                                .days = days,
                                .unit = sw_power_of_ten(price_scale - moments->scale)};
    bool good = observe_all(&observer, error);
    free(observer.ring);
    return good;
}
