/* SPDX-License-Identifier: ISC
 *
 * A node's kind is chosen by what its children would take if they were packed; what they then
 * become can only be smaller. Most kinds are judged by a sample of the numbers, so that trying them
 * costs little beside writing; only a lookup needs to see them all, and is tried last, up to where
 * it cannot win any more.
 */
#include "encode/sequence_plan.h"

#include "kernels/exceptions.h"
#include "kernels/narrow.h"
#include "kernels/bitpack.h"

enum {
    LEAD = SW_SEQUENCE_LEAD,
    WORTH = 16,         /* a kind that reads slower must save one part in this many */
    SAMPLE_GROUPS = 32, /* groups of a sample, scatter evenly */
    SAMPLE_MOST = SAMPLE_GROUPS * SW_PACKING_GROUP,
    COMMON_SLOTS = 1024,
    COMMON_ONE_IN = 10,  /* how often a number must be met to be set apart */
    REPEATS_ONE_IN = 32, /* of a sample, for a lookup to be tried on all */
    RUN_AT_LEAST = 4,    /* rows in a run, on average: what expands faster than it packs */
    WORDS_A_LEVEL = 3,
    RISING_AT_LEAST = 128, /* numbers, for a look at how they rise */
    FALLS_ONE_IN = 4,      /* of a sample; where more numbers fall, few are the highest so far */
};

#define SIGNED_BIAS (UINT64_C(1) << 63)

uint64_t *sw_take_words(struct sw_writing *writing, size_t count)
{
    uint64_t *words = writing->sequencer->words + writing->sequencer->taken;
    writing->sequencer->taken += count;
    return words;
}

size_t sw_plan_words(size_t count)
{
    return SW_SEQUENCE_DEPTH * WORDS_A_LEVEL * (count + 1) + 5 * SAMPLE_MOST;
}

/* Compared as signed, numbers are in their order unless some have the highest bit, others not, and
 * no bias has it. */
static uint64_t least_of(struct sw_sequence_numbers from)
{
    int64_t low, high;
    sw_narrow_bounds((const int64_t *)from.values, from.count, &low, &high);
    if (from.bias == SIGNED_BIAS || low >= 0 || high < 0) return (uint64_t)low;
    uint64_t least = (uint64_t)high;
    for (size_t i = 0; i < from.count; i++) least = from.values[i] < least ? from.values[i] : least;
    return least;
}

static uint64_t common_divisor(uint64_t a, uint64_t b)
{
    while (b) {
        uint64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* Multiplying by the inverse of an odd number modulo 2^64 divides what it divides; each round of
 * Newton's doubles the bits that are right. */
static uint64_t inverse_of(uint64_t odd)
{
    uint64_t inverse = odd;
    for (int round = 0; round < 5; round++) inverse *= 2 - odd * inverse;
    return inverse;
}

static uint64_t rotated_right(uint64_t value, unsigned bits)
{
    return value >> bits | value << (-bits & 63);
}

/* The greatest common divisor of all numbers less the least; 1 when they are all the same. A
 * divisor is tried without a division: only its multiples, times its inverse, come out as small as
 * their quotients. */
static uint64_t factor_of(struct sw_sequence_numbers from, uint64_t least)
{
    uint64_t factor = 0, inverse = 0, most = 0;
    unsigned twos = 0;
    for (size_t i = 0; i < from.count && factor != 1; i++) {
        uint64_t offset = from.values[i] - least;
        if (!offset || (factor && rotated_right(offset * inverse, twos) <= most)) continue;
        factor = common_divisor(offset, factor);
        twos = (unsigned)__builtin_ctzll(factor);
        inverse = inverse_of(factor >> twos);
        most = UINT64_MAX / factor;
    }
    return factor ? factor : 1;
}

const uint64_t *sw_units_of(struct sw_writing *writing, struct sw_sequence_numbers from,
                            uint64_t least, uint64_t factor)
{
    uint64_t *units = sw_take_words(writing, from.count);
    unsigned twos = (unsigned)__builtin_ctzll(factor);
    uint64_t inverse = inverse_of(factor >> twos);
    for (size_t i = 0; i < from.count; i++) units[i] = ((from.values[i] - least) >> twos) * inverse;
    return units;
}

static struct sw_sequence_plan plan_packed(struct sw_writing *writing,
                                           struct sw_sequence_numbers from)
{
    size_t taken = writing->sequencer->taken;
    uint64_t least = least_of(from);
    struct sw_sequence_plan plan = {SW_PACKED, LEAD + 16, least, factor_of(from, least),
                                    0,         0,         NULL,  NULL};
    if (plan.factor == 1) {
        plan.size += sw_packing_size(from.values, from.count, least, writing->granularity);
    } else {
        const uint64_t *units = sw_units_of(writing, from, least, plan.factor);
        plan.size += sw_packing_size(units, from.count, 0, writing->granularity);
    }
    writing->sequencer->taken = taken;
    return plan;
}

/* Takes the kind when its bytes are worth the longer reading. */
static void consider(struct sw_sequence_plan *best, enum sw_sequence_kind kind, size_t size,
                     size_t number)
{
    if (size + size / WORTH >= best->size) return;
    best->kind = kind;
    best->size = size;
    best->number = number;
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

struct sw_sequence_numbers sw_differences(struct sw_writing *writing,
                                          struct sw_sequence_numbers from)
{
    uint64_t *words = sw_take_words(writing, from.count - 1);
    for (size_t i = 1; i < from.count; i++) words[i - 1] = from.values[i] - from.values[i - 1];
    return (struct sw_sequence_numbers){words, from.count - 1, SIGNED_BIAS, false};
}

/* Whole groups of the numbers, all of them where there are few, and how each differs from the one
 * before it. */
struct sample {
    struct sw_sequence_numbers values, steps;
};

static struct sample take_sample(struct sw_writing *writing, struct sw_sequence_numbers from)
{
    uint64_t *values = sw_take_words(writing, SAMPLE_MOST),
             *steps = sw_take_words(writing, SAMPLE_MOST);
    size_t count = smaller(from.count - 1, SAMPLE_MOST), group = smaller(count, SW_PACKING_GROUP);
    for (size_t done = 0; done < count; done += group) {
        size_t between = (from.count - 1 - count) * done / count;
        const uint64_t *before = from.values + between + done, *some = before + 1;
        if (group > count - done) group = count - done;
        for (size_t i = 0; i < group; i++) {
            values[done + i] = some[i];
            steps[done + i] = some[i] - before[i];
        }
    }
    return (struct sample){{values, count, from.bias, false}, {steps, count, SIGNED_BIAS, false}};
}

/* What `part` bytes for `count` numbers come to for `whole` numbers. */
static size_t scaled(size_t part, size_t whole, size_t count)
{
    return (size_t)((sw_uint128)part * whole / count);
}

struct sw_sequence_numbers sw_all_but(struct sw_writing *writing, struct sw_sequence_numbers from,
                                      uint64_t common)
{
    uint64_t *words = sw_take_words(writing, from.count + 1);
    size_t count = sw_exception_values(words, from.values, from.count, common);
    return (struct sw_sequence_numbers){words, count, from.bias, from.dense};
}

/* Bytes with `common` set apart, for `count` numbers of which these are a sample; SIZE_MAX when
 * there is no other. */
static size_t size_exceptions(struct sw_writing *writing, struct sw_sequence_numbers sample,
                              uint64_t common, size_t count, size_t *others)
{
    size_t taken = writing->sequencer->taken, size = SIZE_MAX;
    struct sw_sequence_numbers rest = sw_all_but(writing, sample, common);
    *others = rest.count;
    if (rest.count) {
        size_t packed = plan_packed(writing, rest).size - LEAD - 16;
        size = 2 * LEAD + 24 + (count + 63) / 64 * 8 + scaled(packed, count, sample.count);
    }
    writing->sequencer->taken = taken;
    return size;
}

/* Delta, alone or with the rows that repeat the one before set apart, and runs: all three are told
 * from the differences. */
static void consider_steps(struct sw_writing *writing, struct sample sample, size_t count,
                           struct sw_sequence_plan *best)
{
    size_t changes, packed = best->size;
    size_t steps = scaled(plan_packed(writing, sample.steps).size, count, sample.steps.count);
    size_t exceptions = size_exceptions(writing, sample.steps, 0, count, &changes);
    consider(best, SW_DELTA, LEAD + 8 + smaller(steps, exceptions), 0);
    if (changes >= sample.steps.count / RUN_AT_LEAST || writing->lookups == SW_SEQUENCE_LOOKUPS)
        return;
    size_t runs = scaled(changes, count, sample.steps.count) + 1;
    size_t lengths = runs * (sw_packing_width(count / runs, 1) + 2) / 8;
    consider(best, SW_RUNS, 3 * LEAD + 32 + scaled(smaller(packed, steps), runs, count) + lengths,
             0);
}

/* The number met most often, or one as good; *times is how often, or, where that is more than half
 * of them, as often as that. */
static uint64_t most_frequent(struct sw_sequence_numbers from, size_t *times)
{
    struct {
        uint64_t number;
        size_t times;
    } slots[COMMON_SLOTS] = {0}, *most = slots;
    for (size_t i = 0; i < from.count && most->times <= from.count / 2; i++) {
        uint64_t number = from.values[i];
        size_t slot = (size_t)((number * UINT64_C(0x9E3779B97F4A7C15)) >> 32) % COMMON_SLOTS;
        if (slots[slot].times && slots[slot].number != number) continue;
        slots[slot].number = number;
        if (++slots[slot].times > most->times) most = &slots[slot];
    }
    *times = most->times;
    return most->number;
}

static void consider_common(struct sw_writing *writing, struct sample sample, size_t count,
                            struct sw_sequence_plan *best)
{
    size_t times, others;
    if (count / 8 >= best->size) return;
    uint64_t common = most_frequent(sample.values, &times);
    if (times < sample.values.count / COMMON_ONE_IN) return;
    size_t size = size_exceptions(writing, sample.values, common, count, &others);
    if (others) consider(best, SW_COMMON, size, 0);
    if (best->kind == SW_COMMON) best->common = common;
}

struct sw_rise sw_rise_of(struct sw_writing *writing, struct sw_sequence_numbers from)
{
    uint64_t *steps = sw_take_words(writing, from.count + 1),
             *falls = sw_take_words(writing, from.count + 1);
    uint64_t highest = from.values[0];
    size_t step = 0, fall = 0;
    for (size_t i = 0; i < from.count; i++) {
        uint64_t value = from.values[i];
        bool falls_here = (value ^ from.bias) < (highest ^ from.bias);
        steps[step] = value - highest;
        falls[fall] = highest - value;
        highest = falls_here ? highest : value;
        step += !falls_here;
        fall += falls_here;
    }
    return (struct sw_rise){{steps, step, 0, false}, {falls, fall, 0, false}};
}

/* Numbers that rise but for some: a fall costs a delta two large differences, here one. */
static void consider_rising(struct sw_writing *writing, struct sw_sequence_numbers from,
                            struct sw_sequence_numbers steps, struct sw_sequence_plan *best)
{
    size_t taken = writing->sequencer->taken, falls = 0;
    for (size_t i = 0; i < steps.count; i++) falls += steps.values[i] >> 63;
    if (from.count < RISING_AT_LEAST || writing->lookups == SW_SEQUENCE_LOOKUPS || falls == 0 ||
        falls > steps.count / FALLS_ONE_IN)
        return;
    struct sw_rise rise = sw_rise_of(writing, from);
    if (rise.falls.count && rise.falls.count <= from.count / FALLS_ONE_IN) {
        size_t size =
            3 * LEAD + 40 + (from.count + 63) / 64 * 8 +
            sw_packing_size(rise.steps.values, rise.steps.count, 0, writing->granularity) +
            sw_packing_size(rise.falls.values, rise.falls.count, 0, writing->granularity);
        consider(best, SW_RISING, size, rise.falls.count);
    }
    writing->sequencer->taken = taken;
}

/* The most distinct numbers with which a lookup could be smaller than `size`: each takes a byte at
 * least. */
static size_t most_distinct(size_t count, size_t size)
{
    size_t most = 0;
    for (size_t bits = 1; bits <= 32 && count * bits / 8 < size; bits++) {
        size_t left = size - count * bits / 8, codes = (size_t)1 << bits;
        size_t can = left < codes ? left : codes;
        most = can > most ? can : most;
    }
    return most;
}

static size_t sorted_size(struct sw_writing *writing, struct sw_sequence_numbers from)
{
    size_t taken = writing->sequencer->taken, size = LEAD + 16;
    if (from.count > 1) {
        struct sw_sequence_numbers steps = sw_differences(writing, from);
        size += LEAD + 8 + sw_packing_size(steps.values, steps.count, 0, writing->granularity);
    }
    writing->sequencer->taken = taken;
    return size;
}

/* Whether numbers repeat so often in a sample that a look at all of them is worth it: *most is how
 * many distinct ones would pay, 0 when they are too many already. */
static bool expect_repeats(struct sw_writing *writing, struct sw_sequence_numbers sample,
                           size_t *most)
{
    size_t taken = writing->sequencer->taken, count;
    size_t limit = smaller(*most, sample.count - sample.count / REPEATS_ONE_IN);
    uint64_t *codes = sw_take_words(writing, sample.count);
    writing->sequencer->taken = taken;
    if (!sw_distinct_number(&writing->sequencer->distinct, sample.values, sample.count, limit,
                            codes, &count, writing->error))
        return false;
    if (count > limit) *most = 0;
    return true;
}

/* Last, since it takes longest, and the less so the less there is left to gain. What it found stays
 * taken if it is best. */
static bool consider_lookup(struct sw_writing *writing, struct sw_sequence_numbers from,
                            size_t most, struct sw_sequence_plan *best)
{
    struct sw_distinct *distinct = &writing->sequencer->distinct;
    size_t taken = writing->sequencer->taken, count;
    uint64_t *codes = sw_take_words(writing, from.count);
    if (!sw_distinct_find(distinct, from.values, from.count, most, from.bias, codes, &count,
                          writing->error))
        return false;
    if (count) {
        struct sw_sequence_numbers numbers = {distinct->numbers, count, from.bias, false};
        size_t width = sw_packing_width(count - 1, writing->granularity);
        size_t size = 2 * LEAD + 16 + from.count / SW_PACKING_GROUP + from.count * width / 8;
        consider(best, SW_LOOKUP, size + sorted_size(writing, numbers), count);
    }
    if (best->kind != SW_LOOKUP) {
        writing->sequencer->taken = taken;
        return true;
    }
    uint64_t *copy = sw_take_words(writing, count);
    memcpy(copy, distinct->numbers, count * sizeof *copy);
    best->distinct = copy;
    best->codes = codes;
    return true;
}

static bool plan_anew(struct sw_writing *writing, struct sw_sequence_numbers from,
                      struct sw_sequence_plan *plan)
{
    size_t most = 0, taken = writing->sequencer->taken;
    *plan = plan_packed(writing, from);
    if (from.count < 2 || writing->depth + 1 >= SW_SEQUENCE_DEPTH) return true;
    struct sample sample = take_sample(writing, from);
    consider_steps(writing, sample, from.count, plan);
    consider_common(writing, sample, from.count, plan);
    consider_rising(writing, from, sample.steps, plan);
    if (!from.dense && writing->lookups < SW_SEQUENCE_LOOKUPS)
        most = most_distinct(from.count, plan->size);
    if (most > 1 && !expect_repeats(writing, sample.values, &most)) return false;
    writing->sequencer->taken = taken;
    return most < 2 || consider_lookup(writing, from, most, plan);
}

static bool all_same(struct sw_sequence_numbers from)
{
    for (size_t i = 1; i < from.count; i++)
        if (from.values[i] != from.values[0]) return false;
    return true;
}

/* Whether any number is below one before it. */
static bool falls_within(struct sw_sequence_numbers from)
{
    for (size_t i = 1; i < from.count; i++)
        if ((from.values[i] ^ from.bias) < (from.values[i - 1] ^ from.bias)) return true;
    return false;
}

/* Plans a node to be what the cached plan says, without a look at what else it could be. Where that
 * does not suit the numbers plan->kind is another. */
static bool plan_by_cached_plan(struct sw_writing *writing, struct sw_sequence_numbers from,
                                enum sw_sequence_kind kind, struct sw_sequence_plan *plan)
{
    size_t times, taken = writing->sequencer->taken;
    if (kind == SW_LOOKUP) {
        plan->size = SIZE_MAX / 2;
        return consider_lookup(writing, from, from.count - from.count / REPEATS_ONE_IN, plan);
    }
    if (kind == SW_PACKED)
        *plan = plan_packed(writing, from);
    else if (kind == SW_RISING && !falls_within(from))
        plan->kind = SW_PACKED;
    else if (kind != SW_COMMON)
        plan->kind = kind;
    else if (!all_same(from)) {
        plan->kind = kind;
        plan->common = most_frequent(take_sample(writing, from).values, &times);
    }
    writing->sequencer->taken = taken;
    return true;
}

bool sw_plan_node(struct sw_writing *writing, struct sw_sequence_numbers from,
                  struct sw_sequence_plan *plan)
{
    size_t node = writing->node++;
    bool good = true;
    *plan = (struct sw_sequence_plan){.kind = SW_PACKED};
    if (writing->follows) {
        unsigned char kind =
            node < writing->cached_plan->nodes ? writing->cached_plan->kinds[node] : 0;
        if (kind && (kind == SW_PACKED || from.count > 1))
            good = plan_by_cached_plan(writing, from, (enum sw_sequence_kind)kind, plan);
        writing->follows = good && plan->kind == kind;
    }
    if (good && !writing->follows) good = plan_anew(writing, from, plan);
    if (node < SW_CACHED_PLAN_NODES) writing->kinds[node] = (unsigned char)plan->kind;
    return good;
}
