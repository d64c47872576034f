/* SPDX-License-Identifier: ISC */
#include "tca/probes.h"

#include "base/memory.h"

enum { SECURITIES_AT_ONCE = 64 };

/* ---- numbers in 64 bits ---- */

/* Nearly all numbers fit 64 bits: an item holds the lower ones, and where one of its numbers has more, another item, right behind it,
 * the upper ones. */

static bool is_wide(sw_int128 number)
{
    return number != (int64_t)number;
}

static int64_t upper(sw_int128 number)
{
    return (int64_t)(number >> 64);
}

static sw_int128 join(int64_t high, int64_t low)
{
    return (sw_int128)((sw_uint128)(uint64_t)high << 64 | (uint64_t)low);
}

/* ---- probes ---- */

struct probe_item {
    struct sw_item item; /* by security, time, kind */
    uint64_t order;      /* of a market's trade: the match's upper bits */
    int64_t match, price, quantity;
    uint8_t fill, matched, wide;
};

/* Rows of the market of one time: those without a match, then by it. */
static int compare_probes(const struct sw_item *a, const struct sw_item *b)
{
    const struct probe_item *one = (const struct probe_item *)a,
                            *other = (const struct probe_item *)b;
    if (a->rank != SW_PROBE_MARKET) return 0;
    if (one->matched != other->matched) return one->matched - other->matched;
    sw_int128 ours = join((int64_t)one->order, one->match),
              theirs = join((int64_t)other->order, other->match);
    return (ours > theirs) - (ours < theirs);
}

void sw_probes_open(struct sw_probes *probes, const struct sw_column *security,
                    uint64_t memory_bytes, const char *folder)
{
    probes->column = *security;
    sw_item_sorter_open(&probes->sorter, sizeof(struct probe_item), compare_probes, memory_bytes,
                        folder);
}

void sw_probes_free(struct sw_probes *probes)
{
    for (size_t i = 0; i < probes->builder_count; i++) sw_builder_free(&probes->securities[i]);
    free(probes->securities);
    sw_item_sorter_free(&probes->sorter);
    *probes = (struct sw_probes){0};
}

void sw_probes_release(struct sw_probes *probes)
{
    sw_item_sorter_free(&probes->sorter);
}

bool sw_probes_begin_security(struct sw_probes *probes, const struct sw_vector *security,
                              size_t row, struct sw_error *error)
{
    const uint32_t rows[1] = {(uint32_t)row};
    if (probes->security_count == probes->builder_count * SECURITIES_AT_ONCE) {
        if (!sw_grow(&probes->securities, &probes->builder_capacity, probes->builder_count + 1,
                     sizeof *probes->securities, error) ||
            !sw_builder_init(&probes->securities[probes->builder_count], probes->column.type,
                             probes->column.scale, SECURITIES_AT_ONCE, error))
            return false;
        probes->builder_count++;
    }
    probes->security_count++;
    return sw_builder_gather(&probes->securities[probes->builder_count - 1], security, rows, 1,
                             error);
}

const struct sw_vector *sw_probes_security(const struct sw_probes *probes, uint32_t number,
                                           size_t *row)
{
    *row = number % SECURITIES_AT_ONCE;
    return &probes->securities[number / SECURITIES_AT_ONCE].vector;
}

bool sw_probes_add(struct sw_probes *probes, uint32_t security, const struct sw_tca_probe *probe,
                   struct sw_error *error)
{
    const bool market = probe->kind == SW_PROBE_MARKET;
    struct probe_item *item = sw_item_sorter_add(&probes->sorter, error);
    if (!item) return false;
    *item = (struct probe_item){.item = {probe->time_ns, security, probe->kind},
                                .order = market ? (uint64_t)upper(probe->match) : probe->order,
                                .match = (int64_t)probe->match,
                                .price = (int64_t)probe->price,
                                .quantity = (int64_t)probe->quantity,
                                .fill = (uint8_t)probe->fill,
                                .matched = probe->matched,
                                .wide = is_wide(probe->price) || is_wide(probe->quantity)};
    if (!item->wide) return true;
    const struct probe_item low = *item;
    item = sw_item_sorter_add(&probes->sorter, error);
    if (!item) return false;
    *item = low;
    item->price = upper(probe->price);
    item->quantity = upper(probe->quantity);
    return true;
}

bool sw_probes_finish(struct sw_probes *probes, struct sw_error *error)
{
    return sw_item_sorter_finish(&probes->sorter, error);
}

enum sw_step sw_probes_next(struct sw_probes *probes, struct sw_error *error)
{
    enum sw_step step = sw_item_sorter_next(&probes->sorter, error);
    if (step != SW_ROWS) return step;
    const struct probe_item *item = probes->sorter.item;
    const bool market = item->item.rank == SW_PROBE_MARKET, wide = item->wide;
    struct sw_tca_probe *probe = &probes->current;
    probes->security = item->item.group;
    probe->kind = item->item.rank;
    probe->time_ns = item->item.at;
    probe->order = market ? 0 : item->order;
    probe->fill = item->fill;
    probe->matched = item->matched;
    probe->match = market ? join((int64_t)item->order, item->match) : 0;
    probe->price = item->price;
    probe->quantity = item->quantity;
    if (!wide) return SW_ROWS;
    step = sw_item_sorter_next(&probes->sorter, error);
    if (step != SW_ROWS) return step;
    item = probes->sorter.item;
    probe->price = join(item->price, (int64_t)probe->price);
    probe->quantity = join(item->quantity, (int64_t)probe->quantity);
    return SW_ROWS;
}

/* ---- sights ---- */

enum {
    MID,
    PRICE,
    QUANTITY,
    SPREAD,
    AFTER,
    NUMBERS = AFTER + SW_HORIZONS,
    MARKET_QUANTITY = PRICE, /* of what is no trade */
    MARKET_VALUE = QUANTITY,
};

struct sight_item {
    struct sw_item item; /* by order and kind */
    int64_t time_ns;
    uint64_t day;
    uint8_t fill, crossed, wide;
    uint8_t known; /* a bit for the mid and each of those after it */
    int64_t numbers[NUMBERS];
};

void sw_sights_open(struct sw_sights *sights, uint64_t memory_bytes, const char *folder)
{
    sw_item_sorter_open(&sights->sorter, sizeof(struct sight_item), NULL, memory_bytes, folder);
}

void sw_sights_free(struct sw_sights *sights)
{
    sw_item_sorter_free(&sights->sorter);
    *sights = (struct sw_sights){0};
}

/* The numbers of a sight, and which of those that may be missing are there. */
static unsigned numbers_of(const struct sw_sight *sight, sw_int128 numbers[NUMBERS])
{
    const bool trade = sight->kind == SW_PROBE_TRADE;
    unsigned known = sight->mid.known;
    numbers[MID] = sight->mid.value;
    numbers[PRICE] = trade ? sight->price : sight->market_quantity;
    numbers[QUANTITY] = trade ? sight->quantity : sight->market_value;
    numbers[SPREAD] = trade ? sight->spread : 0;
    for (int i = 0; i < SW_HORIZONS; i++) {
        numbers[AFTER + i] = trade ? sight->after[i].value : 0;
        known |= (unsigned)(trade && sight->after[i].known) << (1 + i);
    }
    return known;
}

bool sw_sights_add(struct sw_sights *sights, const struct sw_sight *sight, struct sw_error *error)
{
    sw_int128 numbers[NUMBERS];
    struct sight_item *item = sw_item_sorter_add(&sights->sorter, error);
    if (!item) return false;
    item->item = (struct sw_item){(int64_t)sight->order, 0, sight->kind};
    item->time_ns = sight->time_ns;
    item->day = sight->day;
    item->fill = (uint8_t)sight->fill;
    item->crossed = sight->crossed;
    item->known = (uint8_t)numbers_of(sight, numbers);
    item->wide = false;
    for (int i = 0; i < NUMBERS; i++) {
        item->numbers[i] = (int64_t)numbers[i];
        item->wide |= is_wide(numbers[i]);
    }
    if (!item->wide) return true;
    const struct sight_item low = *item;
    item = sw_item_sorter_add(&sights->sorter, error);
    if (!item) return false;
    *item = low;
    for (int i = 0; i < NUMBERS; i++) item->numbers[i] = upper(numbers[i]);
    return true;
}

bool sw_sights_finish(struct sw_sights *sights, struct sw_error *error)
{
    return sw_item_sorter_finish(&sights->sorter, error);
}

static void take_numbers(struct sw_sight *sight, const sw_int128 numbers[NUMBERS], unsigned known)
{
    sight->mid = (struct sw_amount){known & 1, numbers[MID]};
    sight->price = sight->market_quantity = numbers[PRICE];
    sight->quantity = sight->market_value = numbers[QUANTITY];
    sight->spread = numbers[SPREAD];
    for (int i = 0; i < SW_HORIZONS; i++)
        sight->after[i] = (struct sw_amount){known >> (1 + i) & 1, numbers[AFTER + i]};
}

enum sw_step sw_sights_next(struct sw_sights *sights, struct sw_error *error)
{
    enum sw_step step = sw_item_sorter_next(&sights->sorter, error);
    if (step != SW_ROWS) return step;
    const struct sight_item *item = sights->sorter.item;
    struct sw_sight *sight = &sights->current;
    sw_int128 numbers[NUMBERS];
    const unsigned known = item->known;
    sight->order = (uint64_t)item->item.at;
    sight->kind = item->item.rank;
    sight->time_ns = item->time_ns;
    sight->day = item->day;
    sight->fill = item->fill;
    sight->crossed = item->crossed;
    for (int i = 0; i < NUMBERS; i++) numbers[i] = item->numbers[i];
    if (item->wide) {
        step = sw_item_sorter_next(&sights->sorter, error);
        if (step != SW_ROWS) return step;
        item = sights->sorter.item;
        for (int i = 0; i < NUMBERS; i++) numbers[i] = join(item->numbers[i], (int64_t)numbers[i]);
    }
    take_numbers(sight, numbers, known);
    return SW_ROWS;
}
