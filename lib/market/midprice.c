/* SPDX-License-Identifier: ISC */
#include "market/midprice.h"

#include "record/bounds.h"

/* ---- probes ---- */

enum probe_column {
    PROBE_SECURITY,
    PROBE_TIME,
    PROBE_KIND,
    PROBE_ORDER,
    PROBE_COLUMNS,
};

enum probe_kind {
    JUST_BEFORE, /* sees the quotes before its time */
    UP_TO,       /* and those at its time */
};

enum sum_column {
    SUM_ORDER,
    SUM_KIND,
    SUM_QUOTES, /* how many were seen */
    SUM_PRICES, /* of bid + offer over them, the sum's lower part */
    SUM_HIGH,   /* and its upper one */
    SUM_LAST,   /* bid + offer of the last one; null: there is none */
    SUM_AGE,    /* of that one, at the probe */
    SUM_COLUMNS,
};

bool sw_midprices_open(struct sw_midprices *midprices, const struct sw_column *security,
                       int64_t oldest_ns, uint64_t memory_bytes, const char *folder,
                       struct sw_error *error)
{
    const struct sw_row_column probes[PROBE_COLUMNS] = {
        [PROBE_SECURITY] = {"security", security->type, security->scale},
        [PROBE_TIME] = {"time", SW_TIME, 0},
        [PROBE_KIND] = {"kind", SW_INT, 0},
        [PROBE_ORDER] = {"order", SW_UINT, 0},
    };
    static const struct sw_row_column sums[SUM_COLUMNS] = {
        [SUM_ORDER] = {"order", SW_UINT, 0},   [SUM_KIND] = {"kind", SW_INT, 0},
        [SUM_QUOTES] = {"quotes", SW_UINT, 0}, [SUM_PRICES] = {"prices", SW_DECIMAL, 0},
        [SUM_HIGH] = {"high", SW_INT, 0},      [SUM_LAST] = {"last", SW_DECIMAL, 0},
        [SUM_AGE] = {"age", SW_DECIMAL, 0},
    };
    midprices->oldest_ns = oldest_ns;
    return sw_row_sorter_open(&midprices->probes, probes, PROBE_COLUMNS, PROBE_KIND + 1,
                              memory_bytes, folder, error) &&
           sw_row_sorter_open(&midprices->sums, sums, SUM_COLUMNS, SUM_KIND + 1, memory_bytes,
                              folder, error);
}

void sw_midprices_free(struct sw_midprices *midprices)
{
    sw_row_sorter_free(&midprices->probes);
    sw_row_sorter_free(&midprices->sums);
}

static bool add_probe(struct sw_midprices *midprices, const struct sw_vector *security, size_t row,
                      enum probe_kind kind, int64_t time_ns, struct sw_error *error)
{
    struct sw_builder *builders = midprices->probes.builders;
    const uint32_t rows[1] = {(uint32_t)row};
    return sw_builder_gather(&builders[PROBE_SECURITY], security, rows, 1, error) &&
           sw_builder_add_value(&builders[PROBE_TIME], time_ns, error) &&
           sw_builder_add_value(&builders[PROBE_KIND], kind, error) &&
           sw_builder_add_value(&builders[PROBE_ORDER], midprices->added, error) &&
           sw_row_sorter_added(&midprices->probes, error);
}

bool sw_midprices_add(struct sw_midprices *midprices, const struct sw_vector *security, size_t row,
                      int64_t from_ns, int64_t to_ns, struct sw_error *error)
{
    if (!add_probe(midprices, security, row, JUST_BEFORE, from_ns, error) ||
        !add_probe(midprices, security, row, UP_TO, to_ns, error))
        return false;
    sw_security_range_widen(&midprices->securities, security, row);
    midprices->added++;
    return true;
}

void sw_midprices_skip(struct sw_midprices *midprices)
{
    midprices->added++;
}

/* ---- probes meet quotes ---- */

/* What has been seen of the quotes of one security. */
struct match {
    struct sw_quotes *quotes;
    enum sw_step step; /* whether there is a quote at hand */
    struct sw_builder security;
    uint64_t seen;
    struct sw_sum prices;
    struct sw_quote last;
};

static bool see_quote(struct match *match, struct sw_error *error)
{
    const struct sw_quote *quote = &match->quotes->current;
    sw_int128 both;
    if (__builtin_add_overflow(quote->bid, quote->offer, &both))
        return sw_fail(error, SW_DATA, "%s: the sum of a bid and its offer is out of range",
                       match->quotes->reader.first_name);
    sw_sum_add(&match->prices, both);
    if (match->seen++ == 0 || sw_quote_compare(quote, &match->last) > 0) match->last = *quote;
    return true;
}

/* Whether the quote at hand, of the probe's security, lies after it. */
static bool is_behind(const struct sw_quote *quote, int64_t time_ns, enum probe_kind kind)
{
    return kind == UP_TO ? quote->time_ns > time_ns : quote->time_ns >= time_ns;
}

/* Takes up all quotes that the probe sees. */
static bool advance(struct match *match, int64_t time_ns, enum probe_kind kind,
                    struct sw_error *error)
{
    struct sw_quotes *quotes = match->quotes;
    while (match->step == SW_ROWS) {
        int order = sw_value_compare(quotes->security, quotes->row, &match->security.vector, 0);
        if (order > 0 || (order == 0 && is_behind(&quotes->current, time_ns, kind))) return true;
        if (order == 0 && !see_quote(match, error)) return false;
        match->step = sw_quotes_next(quotes, error);
    }
    return match->step == SW_END;
}

/* Starts over where the probe is of another security than the last one. */
static bool turn_to(struct match *match, const struct sw_vector *security, size_t row,
                    struct sw_error *error)
{
    const uint32_t rows[1] = {(uint32_t)row};
    if (match->security.vector.rows > 0 &&
        sw_value_compare(security, row, &match->security.vector, 0) == 0)
        return true;
    match->seen = 0;
    match->prices = (struct sw_sum){0};
    sw_builder_reset(&match->security);
    return sw_builder_gather(&match->security, security, rows, 1, error);
}

static bool put_last(struct sw_builder *builders, const struct match *match, int64_t time_ns,
                     struct sw_error *error)
{
    if (match->seen > 0)
        return sw_builder_add_value(&builders[SUM_LAST], match->last.bid + match->last.offer,
                                    error) &&
               sw_builder_add_value(&builders[SUM_AGE], (sw_int128)time_ns - match->last.time_ns,
                                    error);
    sw_builder_add_null(&builders[SUM_LAST]);
    sw_builder_add_null(&builders[SUM_AGE]);
    return true;
}

static bool put_sums(struct sw_midprices *midprices, const struct match *match, sw_int128 order,
                     enum probe_kind kind, int64_t time_ns, struct sw_error *error)
{
    struct sw_builder *builders = midprices->sums.builders;
    return put_last(builders, match, time_ns, error) &&
           sw_builder_add_value(&builders[SUM_ORDER], order, error) &&
           sw_builder_add_value(&builders[SUM_KIND], kind, error) &&
           sw_builder_add_value(&builders[SUM_QUOTES], match->seen, error) &&
           sw_builder_add_value(&builders[SUM_PRICES], match->prices.low, error) &&
           sw_builder_add_value(&builders[SUM_HIGH], match->prices.high, error) &&
           sw_row_sorter_added(&midprices->sums, error);
}

static bool match_probes(struct sw_midprices *midprices, struct match *match,
                         struct sw_error *error)
{
    struct sw_row_sorter *probes = &midprices->probes;
    enum sw_step step;
    if (!sw_quotes_restrict(match->quotes, &midprices->securities, error)) return false;
    match->step = sw_quotes_next(match->quotes, error);
    while ((step = sw_row_sorter_next(probes, error)) == SW_ROWS) {
        enum probe_kind kind =
            sw_row_sorter_number(probes, PROBE_KIND) == UP_TO ? UP_TO : JUST_BEFORE;
        int64_t time_ns = (int64_t)sw_row_sorter_number(probes, PROBE_TIME);
        if (!turn_to(match, probes->sorter.vectors[PROBE_SECURITY], probes->row, error) ||
            !advance(match, time_ns, kind, error) ||
            !put_sums(midprices, match, sw_row_sorter_number(probes, PROBE_ORDER), kind, time_ns,
                      error))
            return false;
    }
    /* What is left is read too: a quote out of order or a stream cut short may stand there. */
    while (step == SW_END && match->step == SW_ROWS)
        match->step = sw_quotes_next(match->quotes, error);
    return step == SW_END && match->step == SW_END;
}

bool sw_midprices_match(struct sw_midprices *midprices, struct sw_quotes *quotes,
                        struct sw_error *error)
{
    const struct sw_column *security = &midprices->probes.schema.columns[PROBE_SECURITY];
    struct match match = {.quotes = quotes};
    bool good = sw_builder_init(&match.security, security->type, security->scale, 1, error) &&
                sw_row_sorter_finish(&midprices->probes, error) &&
                match_probes(midprices, &match, error) &&
                sw_row_sorter_finish(&midprices->sums, error);
    sw_builder_free(&match.security);
    sw_row_sorter_free(&midprices->probes);
    midprices->scale = quotes->scale;
    return good;
}

/* ---- midprices ---- */

/* The sums at one probe. */
struct sums {
    sw_int128 quotes;
    struct sw_sum prices;
    bool quoted;    /* there was a quote … */
    sw_int128 last; /* … bid + offer of the last one */
    sw_int128 age_ns;
};

static bool next_sums(struct sw_midprices *midprices, struct sums *to, struct sw_error *error)
{
    struct sw_row_sorter *rows = &midprices->sums;
    enum sw_step step = sw_row_sorter_next(rows, error);
    if (step != SW_ROWS) return step == SW_END && sw_fail(error, SW_SYSTEM, "a probe is missing");
    to->quotes = sw_row_sorter_number(rows, SUM_QUOTES);
    to->prices = (struct sw_sum){.low = sw_row_sorter_number(rows, SUM_PRICES),
                                 .high = (int64_t)sw_row_sorter_number(rows, SUM_HIGH)};
    to->quoted = !sw_row_sorter_is_null(rows, SUM_LAST);
    if (!to->quoted) return true;
    to->last = sw_row_sorter_number(rows, SUM_LAST);
    to->age_ns = sw_row_sorter_number(rows, SUM_AGE);
    return true;
}

/* Which order the next row of sums is of. */
static bool peek_order(struct sw_midprices *midprices, struct sw_error *error)
{
    struct sw_row_sorter *rows = &midprices->sums;
    enum sw_step step = sw_row_sorter_next(rows, error);
    midprices->have_sums = step == SW_ROWS;
    if (step != SW_ROWS) return step == SW_END;
    rows->next_row--;
    midprices->sums_order = (uint64_t)sw_row_sorter_number(rows, SUM_ORDER);
    return true;
}

/* Of the quotes of the window, and else of the last one before it. */
static struct sw_midprice midprice_of(const struct sw_midprices *midprices,
                                      const struct sums *before, const struct sums *after)
{
    struct sw_midprice midprice = {0};
    sw_int128 quotes = after->quotes - before->quotes;
    if (quotes > 0) {
        midprice.quotes = (uint64_t)quotes;
        midprice.price = (struct sw_mean_price){true, midprices->scale, midprice.quotes,
                                                sw_sum_less(after->prices, before->prices)};
    } else if (after->quoted &&
               (midprices->oldest_ns < 0 || after->age_ns <= midprices->oldest_ns)) {
        midprice.price = (struct sw_mean_price){true, midprices->scale, 1, sw_sum_of(after->last)};
        midprice.is_older = true;
        midprice.age_ns = after->age_ns;
    }
    return midprice;
}

bool sw_midprices_next(struct sw_midprices *midprices, struct sw_midprice *midprice,
                       struct sw_error *error)
{
    uint64_t order = midprices->taken++;
    struct sums before = {0}, after = {0};
    *midprice = (struct sw_midprice){0};
    if (!midprices->have_sums && !peek_order(midprices, error)) return false;
    if (!midprices->have_sums || midprices->sums_order != order) return true;
    if (!next_sums(midprices, &before, error) || !next_sums(midprices, &after, error)) return false;
    midprices->have_sums = false;
    *midprice = midprice_of(midprices, &before, &after);
    return true;
}
