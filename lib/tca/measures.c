/* SPDX-License-Identifier: ISC */
#include "tca/measures.h"

#include "base/exact.h"
#include "base/number.h"

const int64_t sw_horizons_ns[SW_HORIZONS] = {50000000, 1000000000, INT64_C(15000000000),
                                             INT64_C(60000000000), INT64_C(300000000000)};

bool sw_tca_is_reported(int measure)
{
    switch (measure) {
    case SW_TCA_FILL_RATIO:
    case SW_TCA_ARRIVAL_MIDPRICE:
    case SW_TCA_ARRIVAL_COST_BPS:
    case SW_TCA_COST_BPS:
    case SW_TCA_COST_BPS_OF_KIND + SW_FILL_PASSIVE:
    case SW_TCA_COST_BPS_OF_KIND + SW_FILL_AGGRESSIVE:
    case SW_TCA_COST_BPS_OF_KIND + SW_FILL_DARK:
    case SW_TCA_SHARE_OF_KIND + SW_FILL_PASSIVE:
    case SW_TCA_SHARE_OF_KIND + SW_FILL_AGGRESSIVE:
    case SW_TCA_SHARE_OF_KIND + SW_FILL_DARK:
    case SW_TCA_EFFECTIVE_SPREAD_BPS:
    case SW_TCA_REALIZED_SPREAD_BPS + SW_REPORTED_HORIZON:
    case SW_TCA_IMPACT_BPS + SW_REPORTED_HORIZON:
    case SW_TCA_SHORTFALL_BPS:
        return true;
    default:
        return false;
    }
}

/* ---- sums ---- */

/* *sum += a × b; false where it does not fit, with room for a few times as much. */
static bool add_product(sw_int128 *sum, sw_int128 a, sw_int128 b)
{
    const sw_int128 most = SW_INT128_MAX / 64;
    sw_int128 product;
    return !__builtin_mul_overflow(a, b, &product) && !__builtin_add_overflow(*sum, product, sum) &&
           *sum <= most && *sum >= -most;
}

static bool add_cost(struct sw_cost_sum *sum, const struct sw_fill *fill)
{
    sum->missing |= !fill->mid.known;
    return !fill->mid.known ||
           (add_product(&sum->cost, fill->quantity, 2 * fill->price - fill->mid.value) &&
            add_product(&sum->base, fill->quantity, fill->mid.value));
}

static bool add_afters(struct sw_order_fills *fills, const struct sw_fill *fill)
{
    bool good = true;
    for (int i = 0; good && i < SW_HORIZONS; i++) {
        const struct sw_amount *after = &fill->after[i];
        fills->no_after[i] |= !after->known || !fill->mid.known;
        if (after->known)
            good =
                add_product(&fills->realized[i], fill->quantity, 2 * fill->price - after->value) &&
                add_product(&fills->impact[i], fill->quantity, after->value - fill->mid.value);
    }
    return good;
}

static bool add_quantities(struct sw_order_fills *fills, const struct sw_fill *fill)
{
    if (fills->trades == 0 || fill->time_ns < fills->first_ns) fills->first_ns = fill->time_ns;
    if (fills->trades == 0 || fill->time_ns > fills->last_ns) fills->last_ns = fill->time_ns;
    fills->trades++;
    if (!add_product(&fills->quantity, fill->quantity, 1) ||
        !add_product(&fills->value, fill->quantity, fill->price) ||
        !add_product(&fills->of_kind[fill->kind], fill->quantity, 1) ||
        !add_product(&fills->weighted_ns, fill->quantity,
                     (sw_int128)fill->time_ns - fills->arrival_ns))
        return false;
    return fill->time_ns < fills->arrival_ns ||
           (add_product(&fills->own_quantity, fill->quantity, 1) &&
            add_product(&fills->own_value, fill->quantity, fill->price));
}

bool sw_fills_add(struct sw_order_fills *fills, const struct sw_fill *fill, struct sw_error *error)
{
    return (add_quantities(fills, fill) && add_cost(&fills->all, fill) &&
            add_cost(&fills->by_kind[fill->kind], fill) &&
            (!fill->mid.known || add_product(&fills->spread, fill->quantity, fill->spread)) &&
            add_afters(fills, fill)) ||
           sw_fail(error, SW_DATA, "prices times quantities of its trades do not fit 128 bits");
}

/* ---- ratios ---- */

static bool fail_range(struct sw_error *error)
{
    return sw_fail(error, SW_DATA, "a measure of its costs does not fit 128 bits");
}

/* The same of what fits 64 bits, below not 0, neither of them the least number, whose other sign does not. */
static int64_t divide_narrow(int64_t above, int64_t below)
{
    int64_t quotient = above / below, rest = above % below;
    uint64_t far = rest < 0 ? 0 - (uint64_t)rest : (uint64_t)rest;
    uint64_t whole = below < 0 ? 0 - (uint64_t)below : (uint64_t)below;
    if (far < whole - far) return quotient;
    return quotient + ((above < 0) == (below < 0) ? 1 : -1);
}

static bool is_narrow(sw_int128 value)
{
    return value == (int64_t)value && value != INT64_MIN;
}

/* Half away from zero, of what fits 128 bits when it is scaled up. */
static sw_int128 divide_rounded(sw_int128 above, sw_int128 below)
{
    if (is_narrow(above) && is_narrow(below)) return divide_narrow((int64_t)above, (int64_t)below);
    sw_int128 quotient = above / below, rest = above % below;
    sw_uint128 far = rest < 0 ? 0 - (sw_uint128)rest : (sw_uint128)rest;
    sw_uint128 whole = below < 0 ? 0 - (sw_uint128)below : (sw_uint128)below;
    if (far < whole - far) return quotient;
    return quotient + ((above < 0) == (below < 0) ? 1 : -1);
}

/* *scaled = value × 10^shift; false where it does not fit, or the shift goes down. */
static bool scale_up(sw_int128 value, int shift, sw_int128 *scaled)
{
    if (shift < 0) return false;
    if (shift <= SW_TCA_FILL_RATIO_SCALE && value >= INT64_MIN && value <= INT64_MAX) {
        *scaled = (sw_int128)(int64_t)value * (int64_t)sw_power_of_ten(shift);
        return true;
    }
    return !__builtin_mul_overflow(value, sw_power_of_ten(shift), scaled);
}

/* above × 10^shift ÷ below; none where below is 0. */
static bool ratio(struct sw_amount *measure, sw_int128 above, sw_int128 below, int shift,
                  struct sw_error *error)
{
    sw_int128 scaled;
    measure->known = below != 0;
    measure->value = 0;
    if (below == 0 || above == 0) return true;
    if (scale_up(above, shift, &scaled)) {
        measure->value = divide_rounded(scaled, below);
        return true;
    }
    return sw_ratio(above, below, shift, &measure->value) || fail_range(error);
}

enum {
    PLACES = SW_TCA_SCALE,
    BPS = SW_TCA_SCALE + 4,     /* what makes basis points of a ratio */
    PERCENT = SW_TCA_SCALE + 2, /* and percent */
};

/* ---- costs ---- */

static bool cost_bps(const struct sw_order_fills *fills, const struct sw_cost_sum *sum, int factor,
                     struct sw_amount *measure, struct sw_error *error)
{
    if (sum->missing || fills->sign == 0) return true;
    return ratio(measure, fills->sign * factor * sum->cost, sum->base, BPS, error);
}

static bool spreads(const struct sw_order_fills *fills, struct sw_amount measures[SW_TCA_MEASURES],
                    struct sw_error *error)
{
    const struct sw_cost_sum *all = &fills->all;
    if (all->missing || fills->sign == 0) return true;
    bool good =
        cost_bps(fills, all, 2, &measures[SW_TCA_EFFECTIVE_SPREAD_BPS], error) &&
        (fills->reported_only || ratio(&measures[SW_TCA_EFFECTIVE_OVER_QUOTED_PCT],
                                       fills->sign * all->cost, fills->spread, PERCENT, error));
    for (int i = 0; good && i < SW_HORIZONS; i++)
        good = fills->no_after[i] || (fills->reported_only && i != SW_REPORTED_HORIZON) ||
               (ratio(&measures[SW_TCA_REALIZED_SPREAD_BPS + i],
                      2 * fills->sign * fills->realized[i], all->base, BPS, error) &&
                ratio(&measures[SW_TCA_IMPACT_BPS + i], 2 * fills->sign * fills->impact[i],
                      all->base, BPS, error));
    return good;
}

static bool costs(const struct sw_order_fills *fills, struct sw_amount measures[SW_TCA_MEASURES],
                  struct sw_error *error)
{
    bool good = cost_bps(fills, &fills->all, 1, &measures[SW_TCA_COST_BPS], error);
    for (int kind = 0; good && kind < SW_FILL_OTHER; kind++)
        good = cost_bps(fills, &fills->by_kind[kind], 1, &measures[SW_TCA_COST_BPS_OF_KIND + kind],
                        error);
    return good && spreads(fills, measures, error);
}

/* ---- against the arrival ---- */

/* 2 × Σ q·(p − m(T)); false where it does not fit. */
static bool cost_at_arrival(const struct sw_order_fills *fills, sw_int128 *cost)
{
    *cost = 2 * fills->value;
    return add_product(cost, -fills->quantity, fills->arrival.value);
}

static bool arrival_cost(const struct sw_order_fills *fills, struct sw_amount *measure,
                         struct sw_error *error)
{
    sw_int128 cost, base = 0;
    if (!fills->arrival.known || fills->sign == 0) return true;
    if (!cost_at_arrival(fills, &cost) ||
        !add_product(&base, fills->quantity, fills->arrival.value))
        return fail_range(error);
    return ratio(measure, fills->sign * cost, base, BPS, error);
}

/* What was asked and not filled costs nothing where there is none of it, whatever the price was. */
static bool shortfall(const struct sw_order_fills *fills,
                      struct sw_amount measures[SW_TCA_MEASURES], struct sw_error *error)
{
    sw_int128 execution, opportunity = 0, base = 0;
    if (!fills->arrival.known || fills->sign == 0 || !fills->asked.known || !fills->matched.known)
        return true;
    sw_int128 rest = fills->asked.value - fills->matched.value;
    if (!cost_at_arrival(fills, &execution) ||
        !add_product(&base, fills->asked.value, fills->arrival.value) ||
        (fills->end.known &&
         !add_product(&opportunity, rest, fills->end.value - fills->arrival.value)))
        return fail_range(error);
    if (!fills->reported_only && !ratio(&measures[SW_TCA_SHORTFALL_EXECUTION_BPS],
                                        fills->sign * execution, base, BPS, error))
        return false;
    if (rest != 0 && !fills->end.known) return true;
    return (fills->reported_only || ratio(&measures[SW_TCA_SHORTFALL_OPPORTUNITY_BPS],
                                          fills->sign * opportunity, base, BPS, error)) &&
           ratio(&measures[SW_TCA_SHORTFALL_BPS], fills->sign * (execution + opportunity), base,
                 BPS, error);
}

/* ---- against the market ---- */

/* For whole numbers that leave 128 bits on the way. */
static bool against_large_market(const struct sw_order_fills *fills, sw_int128 value,
                                 sw_int128 quantity, struct sw_amount *measure,
                                 struct sw_error *error)
{
    struct sw_exact market = sw_exact_divide(sw_exact_of(value, 0), sw_exact_of(quantity, 0));
    struct sw_exact own =
        sw_exact_divide(sw_exact_of(fills->value, 0), sw_exact_of(fills->quantity, 0));
    struct sw_exact cost = sw_exact_divide(sw_exact_subtract(own, market), market);
    cost = sw_exact_multiply(cost, sw_exact_of(fills->sign * 10000, 0));
    enum sw_exact_state state = sw_exact_round(&cost, PLACES, &measure->value);
    measure->known = state == SW_EXACT_KNOWN;
    return state != SW_EXACT_TOO_LARGE || fail_range(error);
}

/* (v ÷ q − V ÷ Q) ÷ (V ÷ Q) is (v·Q − V·q) ÷ (q·V). */
static bool vwap_cost(const struct sw_order_fills *fills, sw_int128 value, sw_int128 quantity,
                      struct sw_amount *measure, struct sw_error *error)
{
    sw_int128 own, market, base = 0;
    if (__builtin_mul_overflow(fills->value, quantity, &own) ||
        __builtin_mul_overflow(value, fills->quantity, &market) ||
        __builtin_sub_overflow(own, market, &own) || own == SW_INT128_MIN ||
        __builtin_mul_overflow(fills->quantity, value, &base))
        return against_large_market(fills, value, quantity, measure, error);
    return ratio(measure, fills->sign * own, base, BPS, error);
}

static bool against_market(const struct sw_order_fills *fills,
                           struct sw_amount measures[SW_TCA_MEASURES], struct sw_error *error)
{
    sw_int128 others = fills->market_quantity - fills->own_quantity;
    sw_int128 value = fills->market_value - fills->own_value;
    if (!fills->market_known || others < 0) return true;
    if (!ratio(&measures[SW_TCA_PARTICIPATION], fills->own_quantity, fills->own_quantity + others,
               PLACES, error))
        return false;
    if (fills->sign == 0 || others == 0) return true;
    return vwap_cost(fills, value, others, &measures[SW_TCA_VWAP_COST_BPS], error);
}

/* ---- what needs no quote ---- */

static bool shares(const struct sw_order_fills *fills, struct sw_amount measures[SW_TCA_MEASURES],
                   struct sw_error *error)
{
    const bool told[SW_FILL_OTHER] = {fills->takers_told, fills->takers_told, fills->kinds_told,
                                      fills->kinds_told};
    bool good = true;
    for (int kind = 0; good && kind < SW_FILL_OTHER; kind++)
        good = !told[kind] || ratio(&measures[SW_TCA_SHARE_OF_KIND + kind], fills->of_kind[kind],
                                    fills->quantity, PLACES, error);
    return good && (fills->reported_only || ratio(&measures[SW_TCA_BOOKED_SHARE], fills->booked,
                                                  fills->booked + fills->quantity, PLACES, error));
}

static bool times(const struct sw_order_fills *fills, struct sw_amount measures[SW_TCA_MEASURES],
                  struct sw_error *error)
{
    if (fills->trades == 0) return true;
    measures[SW_TCA_TIME_TO_FIRST_FILL] =
        (struct sw_amount){true, (sw_int128)fills->first_ns - fills->arrival_ns};
    measures[SW_TCA_TIME_FIRST_TO_LAST] =
        (struct sw_amount){true, (sw_int128)fills->last_ns - fills->first_ns};
    return ratio(&measures[SW_TCA_TIME_VOLUME_WEIGHTED], fills->weighted_ns, fills->quantity, 0,
                 error);
}

static bool prices(const struct sw_order_fills *fills, struct sw_amount measures[SW_TCA_MEASURES],
                   struct sw_error *error)
{
    const int shift = PLACES - fills->price_scale;
    if (!fills->reported_only &&
        (!ratio(&measures[SW_TCA_VWAP], fills->value, fills->quantity, shift, error) ||
         (fills->limit.known && fills->sign != 0 &&
          !ratio(&measures[SW_TCA_LIMIT_IMPROVEMENT], fills->sign * fills->limit.value,
                 fills->quantity, shift, error))))
        return false;
    return !fills->arrival.known ||
           ratio(&measures[SW_TCA_ARRIVAL_MIDPRICE], fills->arrival.value, 2, shift, error);
}

static bool fill_ratio(const struct sw_order_fills *fills, struct sw_amount *measure,
                       struct sw_error *error)
{
    return !fills->asked.known || !fills->matched.known ||
           ratio(measure, fills->matched.value, fills->asked.value, SW_TCA_FILL_RATIO_SCALE, error);
}

bool sw_tca_measures_of(const struct sw_order_fills *fills,
                        struct sw_amount measures[SW_TCA_MEASURES], struct sw_error *error)
{
    const bool all = !fills->reported_only;
    for (int i = 0; i < SW_TCA_MEASURES; i++) measures[i] = (struct sw_amount){0};
    return fill_ratio(fills, &measures[SW_TCA_FILL_RATIO], error) &&
           prices(fills, measures, error) &&
           arrival_cost(fills, &measures[SW_TCA_ARRIVAL_COST_BPS], error) &&
           costs(fills, measures, error) && shortfall(fills, measures, error) &&
           (!all || against_market(fills, measures, error)) && shares(fills, measures, error) &&
           (!all || times(fills, measures, error));
}
