/* SPDX-License-Identifier: ISC
 *
 * A node's kind is chosen by what its children would take if they were packed; what they then
 * become can only be smaller. Each estimate is a pass or two over the numbers and nothing is
 * written twice.
 */
#include "base/memory.h"
#include "record/packing.h"
#include "record/sequence.h"

enum {
    LEAD = 8,
    WORTH = 16,    /* a kind that reads slower must save one part in this many */
    SAMPLES = 256, /* looked at for a common number */
    SAMPLE_SLOTS = 512,
    COMMON_AT_LEAST = SAMPLES / 10,
    RUN_AT_LEAST = 4, /* rows in a run, on average: what expands faster than it packs */
    WORDS_A_LEVEL = 3,
};

#define SIGNED_BIAS (UINT64_C(1) << 63)

/* The numbers a node is made of. They are ordered as (number ^ bias): differences are signed. */
struct numbers {
    const uint64_t *values;
    size_t count;
    uint64_t bias;
};

struct writing {
    struct sw_sequencer *sequencer;
    struct sw_buffer *out;
    unsigned grain, depth, lookups;
    struct sw_error *error;
};

/* How a node is going to be written. */
struct plan {
    enum sw_sequence_kind kind;
    size_t size;                      /* bytes, as estimated; of a packed one exactly */
    uint64_t least, factor;           /* packed: number = least + factor × unit */
    uint64_t common;                  /* common */
    size_t number;                    /* of others, runs or distinct numbers */
    const uint64_t *distinct, *codes; /* lookup */
};

static bool write_node(struct writing *writing, struct numbers from, enum sw_sequence_kind *kind);

/* Words from the front of what is left; the caller sets `taken` back. There are always enough: see
 * sw_sequence_write. */
static uint64_t *take_words(struct writing *writing, size_t count)
{
    uint64_t *words = writing->sequencer->words + writing->sequencer->taken;
    writing->sequencer->taken += count;
    return words;
}

/* ---- estimates ---- */

static uint64_t least_of(struct numbers from)
{
    uint64_t least = from.values[0] ^ from.bias;
    for (size_t i = 1; i < from.count; i++) {
        uint64_t value = from.values[i] ^ from.bias;
        least = value < least ? value : least;
    }
    return least ^ from.bias;
}

/* The greatest common divisor of all numbers less the least; 1 when they are all the same. */
static uint64_t factor_of(struct numbers from, uint64_t least)
{
    uint64_t factor = 0;
    for (size_t i = 0; i < from.count && factor != 1; i++) {
        uint64_t a = from.values[i] - least, b = factor;
        if (b && (a < b ? a == 0 : a % b == 0)) continue;
        while (b) {
            uint64_t rest = a % b;
            a = b;
            b = rest;
        }
        factor = a;
    }
    return factor ? factor : 1;
}

static const uint64_t *units_of(struct writing *writing, struct numbers from, uint64_t least,
                                uint64_t factor)
{
    uint64_t *units = take_words(writing, from.count);
    for (size_t i = 0; i < from.count; i++) units[i] = (from.values[i] - least) / factor;
    return units;
}

static struct plan plan_packed(struct writing *writing, struct numbers from)
{
    size_t taken = writing->sequencer->taken;
    uint64_t least = least_of(from);
    struct plan plan = {SW_PACKED, LEAD + 16, least, factor_of(from, least), 0, 0, NULL, NULL};
    if (plan.factor == 1) {
        plan.size += sw_packing_size(from.values, from.count, least, writing->grain);
    } else {
        const uint64_t *units = units_of(writing, from, least, plan.factor);
        plan.size += sw_packing_size(units, from.count, 0, writing->grain);
    }
    writing->sequencer->taken = taken;
    return plan;
}

/* Takes the kind when its bytes are worth the longer reading. */
static void consider(struct plan *best, enum sw_sequence_kind kind, size_t size, size_t number)
{
    if (size + size / WORTH >= best->size) return;
    best->kind = kind;
    best->size = size;
    best->number = number;
}

static struct numbers differences(struct writing *writing, struct numbers from)
{
    uint64_t *words = take_words(writing, from.count - 1);
    for (size_t i = 1; i < from.count; i++) words[i - 1] = from.values[i] - from.values[i - 1];
    return (struct numbers){words, from.count - 1, SIGNED_BIAS};
}

static size_t runs_of(struct numbers steps)
{
    size_t runs = 1;
    for (size_t i = 0; i < steps.count; i++) runs += steps.values[i] != 0;
    return runs;
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Delta, alone or with the rows that repeat the one before set apart, and runs: all three are told
 * from the differences. */
static void consider_steps(struct writing *writing, struct numbers from, struct plan *best)
{
    size_t taken = writing->sequencer->taken, packed = best->size;
    struct numbers steps = differences(writing, from);
    size_t runs = runs_of(steps), steps_size = plan_packed(writing, steps).size;
    size_t apart = LEAD + 8 + from.count / 8 + steps_size * (runs - 1) / steps.count;
    writing->sequencer->taken = taken;
    consider(best, SW_DELTA, LEAD + 8 + smaller(steps_size, apart), 0);
    if (runs > from.count / RUN_AT_LEAST || writing->lookups == SW_SEQUENCE_LOOKUPS) return;
    size_t numbers = smaller(packed, steps_size) * runs / from.count;
    size_t lengths = runs * (sw_packing_width(from.count / runs, 1) + 2) / 8;
    consider(best, SW_RUNS, 3 * LEAD + 32 + numbers + lengths, runs);
}

/* The number met most often among some; false when it is not often enough to be set apart. */
static bool frequent(struct numbers from, uint64_t *common)
{
    struct {
        uint64_t number;
        unsigned seen;
    } slots[SAMPLE_SLOTS] = {0}, *most = slots;
    for (size_t sample = 0; sample < SAMPLES; sample++) {
        uint64_t number = from.values[sample * from.count / SAMPLES];
        size_t slot = (size_t)((number * UINT64_C(0x9E3779B97F4A7C15)) >> 32) % SAMPLE_SLOTS;
        if (slots[slot].seen && slots[slot].number != number) continue;
        slots[slot].number = number;
        if (++slots[slot].seen > most->seen) most = &slots[slot];
    }
    *common = most->number;
    return most->seen >= COMMON_AT_LEAST;
}

static struct numbers all_but(struct writing *writing, struct numbers from, uint64_t common)
{
    uint64_t *words = take_words(writing, from.count + 1);
    size_t count = 0;
    for (size_t i = 0; i < from.count; i++) {
        words[count] = from.values[i];
        count += from.values[i] != common;
    }
    return (struct numbers){words, count, from.bias};
}

static void consider_common(struct writing *writing, struct numbers from, struct plan *best)
{
    size_t taken = writing->sequencer->taken, bitmap = (from.count + 63) / 64 * 8;
    uint64_t common;
    if (LEAD + 8 + bitmap >= best->size || !frequent(from, &common)) return;
    struct numbers others = all_but(writing, from, common);
    if (others.count)
        consider(best, SW_COMMON, LEAD + 8 + bitmap + plan_packed(writing, others).size,
                 others.count);
    if (best->kind == SW_COMMON) best->common = common;
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

static size_t sorted_size(struct writing *writing, struct numbers from)
{
    size_t taken = writing->sequencer->taken, size = LEAD + 16;
    if (from.count > 1) {
        struct numbers steps = differences(writing, from);
        size += LEAD + 8 + sw_packing_size(steps.values, steps.count, 0, writing->grain);
    }
    writing->sequencer->taken = taken;
    return size;
}

/* Last, since it takes longest, and the less so the less there is left to gain. What it found stays
 * taken if it is best. */
static bool consider_lookup(struct writing *writing, struct numbers from, struct plan *best)
{
    struct sw_distinct *distinct = &writing->sequencer->distinct;
    size_t taken = writing->sequencer->taken, count;
    size_t most = most_distinct(from.count, best->size);
    if (most < 2) return true;
    uint64_t *codes = take_words(writing, from.count);
    if (!sw_distinct_find(distinct, from.values, from.count, most, from.bias, codes, &count,
                          writing->error))
        return false;
    if (count) {
        struct numbers numbers = {distinct->numbers, count, from.bias};
        size_t width = sw_packing_width(count - 1, writing->grain);
        size_t size = 2 * LEAD + 16 + from.count / SW_PACKING_GROUP + from.count * width / 8;
        consider(best, SW_LOOKUP, size + sorted_size(writing, numbers), count);
    }
    if (best->kind != SW_LOOKUP) {
        writing->sequencer->taken = taken;
        return true;
    }
    uint64_t *copy = take_words(writing, count);
    memcpy(copy, distinct->numbers, count * sizeof *copy);
    best->distinct = copy;
    best->codes = codes;
    return true;
}

static bool plan_node(struct writing *writing, struct numbers from, struct plan *plan)
{
    *plan = plan_packed(writing, from);
    if (from.count < 2 || writing->depth + 1 >= SW_SEQUENCE_DEPTH) return true;
    consider_steps(writing, from, plan);
    consider_common(writing, from, plan);
    if (writing->lookups == SW_SEQUENCE_LOOKUPS) return true;
    return consider_lookup(writing, from, plan);
}

/* ---- writing ---- */

static bool put(struct writing *writing, const void *bytes, size_t length)
{
    return sw_buffer_add(writing->out, bytes, length, writing->error);
}

static bool put_lead(struct writing *writing, const struct plan *plan)
{
    unsigned char lead[LEAD] = {(unsigned char)plan->kind};
    sw_store32(lead + 4, (uint32_t)plan->number);
    return put(writing, lead, sizeof lead);
}

static bool put_word(struct writing *writing, uint64_t word)
{
    unsigned char bytes[8];
    sw_store64(bytes, word);
    return put(writing, bytes, sizeof bytes);
}

static bool write_packed(struct writing *writing, struct numbers from, const struct plan *plan)
{
    struct sw_buffer *out = writing->out;
    size_t length = plan->size - LEAD - 16;
    uint64_t reference = plan->least;
    const uint64_t *values = from.values;
    if (plan->factor != 1) {
        values = units_of(writing, from, plan->least, plan->factor);
        reference = 0;
    }
    if (!put_word(writing, plan->least) || !put_word(writing, plan->factor) ||
        !sw_buffer_reserve(out, length + SW_PACKING_SLACK, writing->error))
        return false;
    sw_packing_write(out->bytes + out->length, values, from.count, reference, writing->grain);
    out->length += length;
    return true;
}

static bool write_delta(struct writing *writing, struct numbers from)
{
    return put_word(writing, from.values[0]) &&
           write_node(writing, differences(writing, from), NULL);
}

static bool write_lookup(struct writing *writing, struct numbers from, const struct plan *plan)
{
    struct numbers distinct = {plan->distinct, plan->number, from.bias};
    struct numbers codes = {plan->codes, from.count, 0};
    writing->lookups++;
    bool good = write_node(writing, distinct, NULL) && write_node(writing, codes, NULL);
    writing->lookups--;
    return good;
}

static bool write_runs(struct writing *writing, struct numbers from, const struct plan *plan)
{
    uint64_t *numbers = take_words(writing, plan->number);
    uint64_t *more = take_words(writing, plan->number);
    size_t run = 0;
    numbers[0] = from.values[0];
    more[0] = 0;
    for (size_t i = 1; i < from.count; i++) {
        if (from.values[i] == numbers[run]) {
            more[run]++;
        } else {
            numbers[++run] = from.values[i];
            more[run] = 0;
        }
    }
    writing->lookups++;
    bool good = write_node(writing, (struct numbers){numbers, plan->number, from.bias}, NULL) &&
                write_node(writing, (struct numbers){more, plan->number, 0}, NULL);
    writing->lookups--;
    return good;
}

static bool write_common(struct writing *writing, struct numbers from, const struct plan *plan)
{
    struct sw_buffer *out = writing->out;
    size_t length = (from.count + 63) / 64 * 8;
    if (!put_word(writing, plan->common) || !sw_buffer_reserve(out, length, writing->error))
        return false;
    for (size_t first = 0; first < from.count; first += 64, out->length += 8) {
        size_t end = first + 64 < from.count ? first + 64 : from.count;
        uint64_t bits = 0;
        for (size_t i = first; i < end; i++)
            bits |= (uint64_t)(from.values[i] != plan->common) << (i - first);
        sw_store64(out->bytes + out->length, bits);
    }
    return write_node(writing, all_but(writing, from, plan->common), NULL);
}

static bool write_kind(struct writing *writing, struct numbers from, const struct plan *plan)
{
    switch (plan->kind) {
    case SW_DELTA:
        return write_delta(writing, from);
    case SW_LOOKUP:
        return write_lookup(writing, from, plan);
    case SW_RUNS:
        return write_runs(writing, from, plan);
    case SW_COMMON:
        return write_common(writing, from, plan);
    default:
        return write_packed(writing, from, plan);
    }
}

static bool write_node(struct writing *writing, struct numbers from, enum sw_sequence_kind *kind)
{
    size_t taken = writing->sequencer->taken;
    struct plan plan;
    if (!plan_node(writing, from, &plan) || !put_lead(writing, &plan)) return false;
    writing->depth++;
    bool good = write_kind(writing, from, &plan);
    writing->depth--;
    writing->sequencer->taken = taken;
    if (kind) *kind = plan.kind;
    return good;
}

bool sw_sequence_write(struct sw_sequencer *sequencer, struct sw_buffer *out,
                       const uint64_t *values, size_t count, unsigned grain,
                       enum sw_sequence_kind *kind, struct sw_error *error)
{
    struct writing writing = {sequencer, out, grain, 0, 0, error};
    size_t words = SW_SEQUENCE_DEPTH * WORDS_A_LEVEL * (count + 1);
    sequencer->taken = 0;
    return sw_grow(&sequencer->words, &sequencer->word_capacity, words, sizeof(uint64_t), error) &&
           write_node(&writing, (struct numbers){values, count, 0}, kind);
}

void sw_sequencer_free(struct sw_sequencer *sequencer)
{
    free(sequencer->words);
    sw_distinct_free(&sequencer->distinct);
    *sequencer = (struct sw_sequencer){0};
}
