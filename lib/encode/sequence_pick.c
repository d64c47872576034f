/* SPDX-License-Identifier: ISC
 *
 * Some numbers of a sequence, without the others being worked out. Packed numbers have their place;
 * a lookup is two picks; of a common number the bitmap tells which of the others is meant; of runs
 * the lengths alone are read. After differences, and steps that rise, a number is a sum: of packed
 * ones group by group, of common ones by counting. What else stands inside of something is read
 * whole. Sums and runs want the places in order: where they come in none, each is brought once.
 */
#include "kernels/bitpack.h"
#include "kernels/first_seen_codes.h"
#include "encode/sequence_cursor.h"
#include "kernels/scatter.h"

/* What is left of the bytes and of the scratch, and how deep a node stands. */
/* Of the numbers of a node those at these places are wanted; or the sums of as many as each place
 * says, which are ascending then. */
struct picks {
    const uint32_t *places;
    size_t count;
    uint64_t *to;
    bool ascending;
};

static bool pick_node(struct sw_sequence_cursor *cursor, size_t count, struct picks picks,
                      uint64_t add);
static bool sum_node(struct sw_sequence_cursor *cursor, size_t count, struct picks picks);

size_t sw_sequence_pick_scratch(size_t count, size_t picks)
{
    size_t level = 2 * ((count + 63) / 64) + count / 2 + 5 * picks + 24;
    return SW_SEQUENCE_DEPTH * level + count + 1 + sw_sequence_scratch(count);
}

/* ---- kinds ---- */

/* All numbers of the node, whose lead was taken, in the scratch. */
static bool read_all(struct sw_sequence_cursor *cursor, const unsigned char *lead, size_t count,
                     uint64_t add, const uint64_t **numbers)
{
    uint64_t *all, *rest;
    bool good = sw_sequence_skip_kind(cursor, lead, count) &&
                sw_sequence_borrow(cursor, count + 1, &all) &&
                sw_sequence_borrow(cursor, sw_sequence_scratch(count), &rest) &&
                sw_sequence_read(lead, (size_t)(cursor->at - lead), (enum sw_sequence_kind)lead[0],
                                 all, count, add, rest);
    *numbers = good ? all : NULL;
    return good;
}

static bool open_packed(struct sw_sequence_cursor *cursor, size_t count,
                        const unsigned char **about, const unsigned char **bytes,
                        uint32_t **offsets)
{
    size_t used, words = count / SW_PACKING_GROUP / 2 + 1;
    if (!sw_sequence_take(cursor, 16, about) || !sw_sequence_borrow(cursor, words, offsets) ||
        !sw_packing_groups(cursor->at, (size_t)(cursor->end - cursor->at), count, *offsets, &used))
        return false;
    *bytes = cursor->at;
    cursor->at += used;
    return true;
}

static bool pick_packed(struct sw_sequence_cursor *cursor, size_t count, struct picks picks,
                        uint64_t add)
{
    const unsigned char *about, *bytes;
    uint32_t *offsets;
    if (!open_packed(cursor, count, &about, &bytes, &offsets)) return false;
    uint64_t reference = sw_load64(about) + add, factor = sw_load64(about + 8);
    sw_packing_pick(bytes, offsets, picks.places, picks.count, 0, picks.to);
    for (size_t i = 0; i < picks.count; i++) picks.to[i] = reference + factor * picks.to[i];
    return true;
}

/* What is added up: packed units, or the numbers that they are codes of. */
struct addends {
    const unsigned char *bytes;
    const uint32_t *offsets;
    size_t count;
    uint64_t reference, factor; /* of codes */
    const uint64_t *numbers;    /* NULL: the units themselves */
    size_t distinct;
    uint64_t units[SW_PACKING_GROUP];
};

static bool open_group(struct addends *addends, size_t group, size_t part)
{
    uint64_t *units = addends->units;
    sw_packing_group(addends->bytes, addends->offsets, addends->count, group, units);
    if (!addends->numbers) return true;
    if (addends->reference || addends->factor != 1)
        for (size_t i = 0; i < part; i++)
            units[i] = addends->reference + addends->factor * units[i];
    return sw_codes_below(units, part, addends->distinct);
}

static uint64_t sum_part(const struct addends *addends, size_t from, size_t to)
{
    const uint64_t *units = addends->units + from;
    return addends->numbers ? sw_codes_sum(units, to - from, addends->numbers)
                            : sw_packing_sum(units, to - from);
}

/* The sums before places, which ascend. A group at a time, so that none is written further away than the first cache. */
static bool sum_addends(struct addends *addends, struct picks picks)
{
    size_t next = 0, first = 0;
    for (uint64_t sum = 0; next < picks.count; first += SW_PACKING_GROUP) {
        size_t left = addends->count - first, at = 0;
        size_t part = left < SW_PACKING_GROUP ? left : SW_PACKING_GROUP;
        if (!open_group(addends, first / SW_PACKING_GROUP, part)) return false;
        for (; next < picks.count && picks.places[next] <= first + part; next++) {
            size_t to = picks.places[next] - first;
            sum += sum_part(addends, at, to);
            picks.to[next] = sum;
            at = to;
        }
        sum += sum_part(addends, at, part);
    }
    return true;
}

static bool open_addends(struct sw_sequence_cursor *cursor, size_t count, struct addends *addends)
{
    const unsigned char *about;
    uint32_t *offsets;
    if (!open_packed(cursor, count, &about, &addends->bytes, &offsets)) return false;
    addends->offsets = offsets;
    addends->count = count;
    addends->reference = sw_load64(about);
    addends->factor = sw_load64(about + 8);
    return true;
}

static bool sum_packed(struct sw_sequence_cursor *cursor, size_t count, struct picks picks)
{
    struct addends addends = {.numbers = NULL};
    if (!open_addends(cursor, count, &addends) || !sum_addends(&addends, picks)) return false;
    for (size_t i = 0; i < picks.count; i++)
        picks.to[i] = addends.reference * picks.places[i] + addends.factor * picks.to[i];
    return true;
}

static bool pick_delta(struct sw_sequence_cursor *cursor, size_t count, struct picks picks,
                       uint64_t add)
{
    const unsigned char *first;
    if (count < 2 || !sw_sequence_take(cursor, 8, &first) || !sum_node(cursor, count - 1, picks))
        return false;
    for (size_t i = 0; i < picks.count; i++) picks.to[i] += sw_load64(first) + add;
    return true;
}

static bool pick_lookup(struct sw_sequence_cursor *cursor, size_t count, struct picks picks,
                        uint64_t add, size_t distinct)
{
    uint32_t *codes;
    struct sw_sequence_cursor aside = *cursor;
    if (!sw_sequence_skip(cursor, distinct) || !pick_node(cursor, count, picks, 0) ||
        !sw_sequence_borrow(cursor, picks.count, &codes))
        return false;
    for (size_t i = 0; i < picks.count; i++) {
        if (picks.to[i] >= distinct) return false;
        codes[i] = (uint32_t)picks.to[i];
    }
    aside.scratch = cursor->scratch;
    aside.scratch_left = cursor->scratch_left;
    return pick_node(&aside, distinct, (struct picks){codes, picks.count, picks.to, false}, add);
}

/* A bitmap, and how many bits are set before each of its words. */
struct ranked {
    const unsigned char *bitmap;
    uint32_t *ranks;
};

/* 0 or 1, to reckon with: no branch can foresee it. */
static unsigned bit_of(const struct ranked *ranked, size_t place)
{
    return ranked->bitmap[place / 8] >> place % 8 & 1;
}

/* Picks of the numbers that have a bit, one more of which may be fetched than there are. */
static bool pick_rest(struct sw_sequence_cursor *cursor, size_t count, struct picks rest,
                      uint64_t add)
{
    rest.to[rest.count] = 0;
    return pick_node(cursor, count, rest, add);
}

static bool open_common(struct sw_sequence_cursor *cursor, size_t count, size_t others,
                        uint64_t *common, struct ranked *ranked)
{
    const unsigned char *about;
    size_t words = (count + 63) / 64;
    if (!sw_sequence_take(cursor, 8 + words * 8, &about) ||
        !sw_sequence_borrow(cursor, words / 2 + 1, &ranked->ranks))
        return false;
    *common = sw_load64(about);
    ranked->bitmap = about + 8;
    return sw_bits_rank(ranked->bitmap, count, ranked->ranks) == others;
}

static bool pick_common(struct sw_sequence_cursor *cursor, size_t count, struct picks picks,
                        uint64_t add, size_t others)
{
    struct ranked ranked;
    struct picks rest = {.ascending = picks.ascending};
    uint64_t common;
    uint32_t *places;
    if (!open_common(cursor, count, others, &common, &ranked) ||
        !sw_sequence_borrow(cursor, picks.count, &places) ||
        !sw_sequence_borrow(cursor, picks.count + 1, &rest.to))
        return false;
    sw_bits_before(ranked.bitmap, ranked.ranks, picks.places, picks.count, places);
    for (size_t i = 0; i < picks.count; i++) {
        places[rest.count] = places[i];
        rest.count += bit_of(&ranked, picks.places[i]);
    }
    rest.places = places;
    if (!pick_rest(cursor, others, rest, add)) return false;
    for (size_t i = 0, next = 0; i < picks.count; i++) {
        unsigned bit = bit_of(&ranked, picks.places[i]);
        uint64_t mask = -(uint64_t)bit;
        picks.to[i] = (rest.to[next] & mask) | ((common + add) & ~mask);
        next += bit;
    }
    return true;
}

/* Among the first numbers of a place, as many are others as the place's rank says. */
static bool sum_common(struct sw_sequence_cursor *cursor, size_t count, struct picks picks,
                       size_t others)
{
    struct ranked ranked;
    uint64_t common;
    uint32_t *places;
    if (!open_common(cursor, count, others, &common, &ranked) ||
        !sw_sequence_borrow(cursor, picks.count, &places))
        return false;
    size_t within = picks.count;
    while (within && picks.places[within - 1] == count) places[--within] = (uint32_t)others;
    sw_bits_before(ranked.bitmap, ranked.ranks, picks.places, within, places);
    if (!sum_node(cursor, others, (struct picks){places, picks.count, picks.to, true}))
        return false;
    for (size_t i = 0; i < picks.count; i++) picks.to[i] += common * (picks.places[i] - places[i]);
    return true;
}

/* How many had been met before the one at each place first was. Where it had been met already that
 * is told from how many others were met since. */
static bool pick_codes(struct sw_sequence_cursor *cursor, size_t count, struct picks picks,
                       size_t distinct, uint32_t *codes)
{
    struct ranked ranked;
    struct picks again = {.ascending = picks.ascending};
    uint32_t *places;
    size_t words = (count + 63) / 64;
    if (distinct >= count || !sw_sequence_take(cursor, words * 8, &ranked.bitmap) ||
        !sw_sequence_borrow(cursor, words / 2 + 1, &ranked.ranks) ||
        !sw_sequence_borrow(cursor, picks.count + 1, &again.to) ||
        !sw_sequence_borrow(cursor, picks.count, &places) ||
        sw_bits_rank(ranked.bitmap, count, ranked.ranks) != count - distinct)
        return false;
    sw_bits_before(ranked.bitmap, ranked.ranks, picks.places, picks.count, codes);
    for (size_t i = 0; i < picks.count; i++) {
        places[again.count] = codes[i];
        again.count += bit_of(&ranked, picks.places[i]);
    }
    again.places = places;
    if (!pick_rest(cursor, count - distinct, again, 0)) return false;
    bool good = true;
    for (size_t i = 0, next = 0; i < picks.count; i++) {
        unsigned bit = bit_of(&ranked, picks.places[i]);
        uint64_t met = picks.places[i] - codes[i], since = again.to[next];
        good &= !bit | (since < met);
        codes[i] = (uint32_t)(met - ((since + 1) & -(uint64_t)bit));
        next += bit;
    }
    return good;
}

static bool pick_again(struct sw_sequence_cursor *cursor, size_t count, struct picks picks,
                       uint64_t add, size_t distinct)
{
    uint32_t *codes;
    return sw_sequence_borrow(cursor, picks.count, &codes) &&
           pick_codes(cursor, count, picks, distinct, codes) &&
           pick_node(cursor, distinct, (struct picks){codes, picks.count, picks.to, false}, add);
}

/* What rises to a place are the steps before it and its own; a fall has none. */
static bool pick_rising(struct sw_sequence_cursor *cursor, size_t count, struct picks picks,
                        uint64_t add, size_t falls)
{
    struct ranked ranked;
    struct picks fallen = {.ascending = true};
    uint64_t start;
    uint32_t *steps, *places;
    if (falls >= count || !open_common(cursor, count, falls, &start, &ranked) ||
        !sw_sequence_borrow(cursor, picks.count, &steps) ||
        !sw_sequence_borrow(cursor, picks.count, &places) ||
        !sw_sequence_borrow(cursor, picks.count + 1, &fallen.to))
        return false;
    fallen.places = places;
    sw_bits_before(ranked.bitmap, ranked.ranks, picks.places, picks.count, steps);
    for (size_t i = 0; i < picks.count; i++) {
        unsigned fall = bit_of(&ranked, picks.places[i]);
        places[fallen.count] = steps[i];
        fallen.count += fall;
        steps[i] = picks.places[i] - steps[i] + (1 - fall);
    }
    if (!sum_node(cursor, count - falls, (struct picks){steps, picks.count, picks.to, true}) ||
        !pick_rest(cursor, falls, fallen, 0))
        return false;
    for (size_t i = 0, next = 0; i < picks.count; i++) {
        unsigned fall = bit_of(&ranked, picks.places[i]);
        picks.to[i] += start + add - (fallen.to[next] & -(uint64_t)fall);
        next += fall;
    }
    return true;
}

/* Which run each place, ascending, lies in: a run is of one row and so many more. */
static bool find_runs(const uint64_t *more, size_t runs, size_t count, struct picks picks,
                      uint32_t *run_of)
{
    size_t row = 0, next = 0;
    for (size_t run = 0; run < runs; run++) {
        if (more[run] > count - row - (runs - run)) return false;
        row += more[run] + 1;
        for (; next < picks.count && picks.places[next] < row; next++) run_of[next] = (uint32_t)run;
    }
    return row == count;
}

static bool pick_runs(struct sw_sequence_cursor *cursor, size_t count, struct picks picks,
                      uint64_t add, size_t runs)
{
    struct sw_sequence_cursor aside = *cursor;
    const unsigned char *lead;
    const uint64_t *more;
    uint32_t *run_of;
    if (!sw_sequence_skip(cursor, runs) || !sw_sequence_borrow(cursor, picks.count, &run_of) ||
        !sw_sequence_enter(cursor, &lead) || !read_all(cursor, lead, runs, 0, &more) ||
        !find_runs(more, runs, count, picks, run_of))
        return false;
    cursor->depth--;
    aside.scratch = cursor->scratch;
    aside.scratch_left = cursor->scratch_left;
    return pick_node(&aside, runs, (struct picks){run_of, picks.count, picks.to, true}, add);
}

static bool sum_whole(struct sw_sequence_cursor *cursor, const unsigned char *lead, size_t count,
                      struct picks picks)
{
    const uint64_t *numbers;
    uint64_t sum = 0;
    size_t place = 0;
    if (!read_all(cursor, lead, count, 0, &numbers)) return false;
    for (size_t i = 0; i < picks.count; i++) {
        for (; place < picks.places[i]; place++) sum += numbers[place];
        picks.to[i] = sum;
    }
    return true;
}

/* Codes are packed as a rule: then what they stand for is added up as they are unpacked. */
static bool sum_lookup(struct sw_sequence_cursor *cursor, const unsigned char *lead, size_t count,
                       struct picks picks, size_t distinct)
{
    struct sw_sequence_cursor start = *cursor;
    struct addends addends = {.distinct = distinct};
    const unsigned char *inner;
    if (!sw_sequence_enter(cursor, &inner) ||
        !read_all(cursor, inner, distinct, 0, &addends.numbers))
        return false;
    cursor->depth--;
    if (!sw_sequence_enter(cursor, &inner)) return false;
    if (inner[0] != SW_PACKED) {
        *cursor = start;
        return sum_whole(cursor, lead, count, picks);
    }
    cursor->depth--;
    return sw_load32(inner + 4) == 0 && open_addends(cursor, count, &addends) &&
           sum_addends(&addends, picks);
}

/* ---- nodes ---- */

static bool pick_kind(struct sw_sequence_cursor *cursor, const unsigned char *lead, size_t count,
                      struct picks picks, uint64_t add)
{
    size_t number = sw_load32(lead + 4);
    bool possible = number >= 1 && number <= count;
    switch (lead[0]) {
    case SW_PACKED:
        return number == 0 && pick_packed(cursor, count, picks, add);
    case SW_DELTA:
        return number == 0 && pick_delta(cursor, count, picks, add);
    case SW_LOOKUP:
        return possible && pick_lookup(cursor, count, picks, add, number);
    case SW_COMMON:
        return possible && pick_common(cursor, count, picks, add, number);
    case SW_AGAIN:
        return possible && pick_again(cursor, count, picks, add, number);
    case SW_RISING:
        return possible && pick_rising(cursor, count, picks, add, number);
    case SW_RUNS:
        return possible && pick_runs(cursor, count, picks, add, number);
    default:
        return false;
    }
}

/* Each place once, ascending; index_of is set for them alone. Returns how many they are. */
static size_t put_in_order(struct picks picks, unsigned char *bitmap, size_t words,
                           uint32_t *ordered, uint32_t *index_of)
{
    size_t found = 0;
    memset(bitmap, 0, words * 8);
    for (size_t i = 0; i < picks.count; i++)
        bitmap[picks.places[i] / 8] |= (unsigned char)(1 << picks.places[i] % 8);
    for (size_t word = 0; word < words; word++)
        for (uint64_t bits = sw_load64(bitmap + 8 * word); bits; bits &= bits - 1) {
            uint32_t place = (uint32_t)(64 * word + (size_t)__builtin_ctzll(bits));
            index_of[place] = (uint32_t)found;
            ordered[found++] = place;
        }
    return found;
}

static bool pick_in_order(struct sw_sequence_cursor *cursor, const unsigned char *lead,
                          size_t count, struct picks picks, uint64_t add)
{
    struct picks once = {.ascending = true};
    size_t words = (count + 63) / 64;
    unsigned char *bitmap;
    uint32_t *ordered, *index_of;
    if (!sw_sequence_borrow(cursor, words, &bitmap) ||
        !sw_sequence_borrow(cursor, picks.count, &ordered) ||
        !sw_sequence_borrow(cursor, count / 2 + 1, &index_of) ||
        !sw_sequence_borrow(cursor, picks.count, &once.to))
        return false;
    once.places = ordered;
    once.count = put_in_order(picks, bitmap, words, ordered, index_of);
    if (!pick_kind(cursor, lead, count, once, add)) return false;
    for (size_t i = 0; i < picks.count; i++) picks.to[i] = once.to[index_of[picks.places[i]]];
    return true;
}

/* Whether places must be ascending. */
static bool wants_order(const unsigned char *lead)
{
    return lead[0] == SW_DELTA || lead[0] == SW_RISING || lead[0] == SW_RUNS;
}

static bool pick_node(struct sw_sequence_cursor *cursor, size_t count, struct picks picks,
                      uint64_t add)
{
    const unsigned char *lead;
    uint64_t *scratch = cursor->scratch;
    size_t left = cursor->scratch_left;
    bool good =
        sw_sequence_enter(cursor, &lead) &&
        (picks.ascending || !wants_order(lead) ? pick_kind(cursor, lead, count, picks, add)
                                               : pick_in_order(cursor, lead, count, picks, add));
    cursor->depth--;
    cursor->scratch = scratch;
    cursor->scratch_left = left;
    return good;
}

static bool sum_kind(struct sw_sequence_cursor *cursor, const unsigned char *lead, size_t count,
                     struct picks picks)
{
    size_t number = sw_load32(lead + 4);
    if (lead[0] == SW_PACKED) return number == 0 && sum_packed(cursor, count, picks);
    if (lead[0] == SW_COMMON)
        return number >= 1 && number <= count && sum_common(cursor, count, picks, number);
    if (lead[0] == SW_LOOKUP)
        return number >= 1 && number <= count && sum_lookup(cursor, lead, count, picks, number);
    return sum_whole(cursor, lead, count, picks);
}

static bool sum_node(struct sw_sequence_cursor *cursor, size_t count, struct picks picks)
{
    const unsigned char *lead;
    uint64_t *scratch = cursor->scratch;
    size_t left = cursor->scratch_left;
    bool good = sw_sequence_enter(cursor, &lead) && sum_kind(cursor, lead, count, picks);
    cursor->depth--;
    cursor->scratch = scratch;
    cursor->scratch_left = left;
    return good;
}

bool sw_sequence_pick(const unsigned char *bytes, size_t length, enum sw_sequence_kind kind,
                      size_t count, uint64_t add, const uint32_t *places, size_t picks,
                      uint64_t *to, uint64_t *scratch)
{
    struct sw_sequence_cursor cursor = {.at = bytes,
                                        .end = bytes + length,
                                        .scratch = scratch,
                                        .scratch_left = sw_sequence_pick_scratch(count, picks)};
    return length >= SW_SEQUENCE_LEAD && bytes[0] == kind &&
           pick_node(&cursor, count, (struct picks){places, picks, to, true}, add) &&
           cursor.at == cursor.end;
}

bool sw_sequence_pick_first(const unsigned char *bytes, size_t length, size_t count, uint64_t add,
                            const uint32_t *places, size_t picks, uint64_t *to, uint64_t *scratch,
                            size_t *used)
{
    struct sw_sequence_cursor cursor = {.at = bytes,
                                        .end = bytes + length,
                                        .scratch = scratch,
                                        .scratch_left = sw_sequence_pick_scratch(count, picks)};
    bool good = pick_node(&cursor, count, (struct picks){places, picks, to, false}, add);
    *used = (size_t)(cursor.at - bytes);
    return good;
}

bool sw_sequence_pick_codes(const unsigned char *bytes, size_t length, size_t count,
                            const uint32_t *places, size_t picks, uint32_t *codes, size_t *distinct,
                            uint64_t *scratch)
{
    struct sw_sequence_cursor cursor = {.at = bytes + SW_SEQUENCE_LEAD,
                                        .end = bytes + length,
                                        .scratch = scratch,
                                        .scratch_left = sw_sequence_pick_scratch(count, picks),
                                        .depth = 1};
    if (length < SW_SEQUENCE_LEAD || sw_load32(bytes) != SW_AGAIN) return false;
    *distinct = sw_load32(bytes + 4);
    return *distinct >= 1 &&
           pick_codes(&cursor, count, (struct picks){places, picks, NULL, true}, *distinct, codes);
}
