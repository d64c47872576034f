/* SPDX-License-Identifier: ISC */
#include "base/memory.h"
#include "kernels/exceptions.h"
#include "kernels/bitpack.h"
#include "encode/sequence_plan.h"

enum {
    LEAD = SW_SEQUENCE_LEAD,
    TRUST_MOST = 15, /* sequences that are built like one before they are planned anew */
    CACHED_PLAN_GROWTH =
        8, /* one that comes out larger by one part in this is planned anew at once */
};

static bool write_node(struct sw_writing *writing, struct sw_sequence_numbers from,
                       enum sw_sequence_kind *kind);

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

static bool put(struct sw_writing *writing, const void *bytes, size_t length)
{
    return sw_buffer_add(writing->out, bytes, length, writing->error);
}

static bool put_lead(struct sw_writing *writing, enum sw_sequence_kind kind, size_t number)
{
    unsigned char lead[LEAD] = {(unsigned char)kind};
    sw_store32(lead + 4, (uint32_t)number);
    return put(writing, lead, sizeof lead);
}

static bool put_word(struct sw_writing *writing, uint64_t word)
{
    unsigned char bytes[8];
    sw_store64(bytes, word);
    return put(writing, bytes, sizeof bytes);
}

static bool write_packed(struct sw_writing *writing, struct sw_sequence_numbers from,
                         const struct sw_sequence_plan *plan)
{
    struct sw_buffer *out = writing->out;
    size_t length = plan->size - LEAD - 16;
    uint64_t reference = plan->least;
    const uint64_t *values = from.values;
    if (plan->factor != 1) {
        values = sw_units_of(writing, from, plan->least, plan->factor);
        reference = 0;
    }
    if (!put_lead(writing, SW_PACKED, 0) || !put_word(writing, plan->least) ||
        !put_word(writing, plan->factor) ||
        !sw_buffer_reserve(out, length + SW_PACKING_SLACK, writing->error))
        return false;
    sw_packing_write(out->bytes + out->length, values, from.count, reference, writing->granularity);
    out->length += length;
    return true;
}

static bool write_delta(struct sw_writing *writing, struct sw_sequence_numbers from)
{
    return put_lead(writing, SW_DELTA, 0) && put_word(writing, from.values[0]) &&
           write_node(writing, sw_differences(writing, from), NULL);
}

static bool write_lookup(struct sw_writing *writing, struct sw_sequence_numbers from,
                         const struct sw_sequence_plan *plan)
{
    struct sw_sequence_numbers distinct = {plan->distinct, plan->number, from.bias, true};
    struct sw_sequence_numbers codes = {plan->codes, from.count, 0, true};
    writing->lookups++;
    bool good = put_lead(writing, SW_LOOKUP, plan->number) && write_node(writing, distinct, NULL) &&
                write_node(writing, codes, NULL);
    writing->lookups--;
    return good;
}

/* The numbers of the runs, and how often each stands again; how many runs. */
static size_t find_runs(struct sw_sequence_numbers from, uint64_t *numbers, uint64_t *again)
{
    size_t run = 0;
    numbers[0] = from.values[0];
    again[0] = 0;
    for (size_t i = 1; i < from.count; i++) {
        if (from.values[i] == numbers[run]) {
            again[run]++;
        } else {
            numbers[++run] = from.values[i];
            again[run] = 0;
        }
    }
    return run + 1;
}

static bool write_runs(struct sw_writing *writing, struct sw_sequence_numbers from)
{
    uint64_t *numbers = sw_take_words(writing, from.count),
             *again = sw_take_words(writing, from.count);
    size_t runs = find_runs(from, numbers, again);
    writing->lookups++;
    bool good =
        put_lead(writing, SW_RUNS, runs) &&
        write_node(writing, (struct sw_sequence_numbers){numbers, runs, from.bias, false}, NULL) &&
        write_node(writing, (struct sw_sequence_numbers){again, runs, 0, false}, NULL);
    writing->lookups--;
    return good;
}

static bool put_bitmap(struct sw_writing *writing, struct sw_sequence_numbers from, uint64_t common)
{
    struct sw_buffer *out = writing->out;
    size_t length = (from.count + 63) / 64 * 8;
    if (!sw_buffer_reserve(out, length, writing->error)) return false;
    sw_exception_marks(out->bytes + out->length, from.values, from.count, common);
    out->length += length;
    return true;
}

static bool write_common(struct sw_writing *writing, struct sw_sequence_numbers from,
                         const struct sw_sequence_plan *plan)
{
    struct sw_sequence_numbers others = sw_all_but(writing, from, plan->common);
    return put_lead(writing, SW_COMMON, others.count) && put_word(writing, plan->common) &&
           put_bitmap(writing, from, plan->common) && write_node(writing, others, NULL);
}

/* Bits of 1 where a number is below the highest before it. */
static bool put_falls(struct sw_writing *writing, struct sw_sequence_numbers from)
{
    struct sw_buffer *out = writing->out;
    uint64_t highest = from.values[0];
    if (!sw_buffer_reserve(out, (from.count + 63) / 64 * 8, writing->error)) return false;
    for (size_t first = 0; first < from.count; first += 64, out->length += 8) {
        size_t part = smaller(from.count - first, 64);
        uint64_t bits = 0;
        for (size_t i = 0; i < part; i++) {
            uint64_t value = from.values[first + i];
            bool falls = (value ^ from.bias) < (highest ^ from.bias);
            bits |= (uint64_t)falls << i;
            highest = falls ? highest : value;
        }
        sw_store64(out->bytes + out->length, bits);
    }
    return true;
}

static bool write_rising(struct sw_writing *writing, struct sw_sequence_numbers from)
{
    struct sw_rise rise = sw_rise_of(writing, from);
    writing->lookups++;
    bool good = put_lead(writing, SW_RISING, rise.falls.count) &&
                put_word(writing, from.values[0]) && put_falls(writing, from) &&
                write_node(writing, rise.steps, NULL) && write_node(writing, rise.falls, NULL);
    writing->lookups--;
    return good;
}

/* Bits of 1 where a code is not the next new one; how many others were met since, for those. */
static bool put_again(struct sw_writing *writing, const struct sw_appearance *of, uint64_t *since)
{
    struct sw_buffer *out = writing->out;
    uint64_t met = 0;
    size_t count = 0;
    if (!sw_buffer_reserve(out, (of->count + 63) / 64 * 8, writing->error)) return false;
    for (size_t first = 0; first < of->count; first += 64, out->length += 8) {
        size_t part = smaller(of->count - first, 64);
        uint64_t bits = 0;
        for (size_t i = 0; i < part; i++) {
            uint64_t code = of->codes[first + i], again = code != met;
            since[count] = met - 1 - code;
            count += again;
            met += !again;
            bits |= again << i;
        }
        sw_store64(out->bytes + out->length, bits);
    }
    return true;
}

static bool write_again(struct sw_writing *writing, const struct sw_appearance *of)
{
    size_t taken = writing->sequencer->taken;
    uint64_t *since = sw_take_words(writing, of->count + 1);
    struct sw_sequence_numbers distances = {since, of->count - of->distinct, 0, false},
                               numbers = {of->numbers, of->distinct, 0, true};
    writing->depth++;
    bool good = put_lead(writing, SW_AGAIN, of->distinct) && put_again(writing, of, since) &&
                write_node(writing, distances, NULL);
    writing->lookups++;
    good = good && write_node(writing, numbers, NULL);
    writing->lookups--;
    writing->depth--;
    writing->sequencer->taken = taken;
    return good;
}

static bool write_kind(struct sw_writing *writing, struct sw_sequence_numbers from,
                       const struct sw_sequence_plan *plan)
{
    switch (plan->kind) {
    case SW_DELTA:
        return write_delta(writing, from);
    case SW_LOOKUP:
        return write_lookup(writing, from, plan);
    case SW_RUNS:
        return write_runs(writing, from);
    case SW_COMMON:
        return write_common(writing, from, plan);
    case SW_RISING:
        return write_rising(writing, from);
    default:
        return write_packed(writing, from, plan);
    }
}

static bool write_node(struct sw_writing *writing, struct sw_sequence_numbers from,
                       enum sw_sequence_kind *kind)
{
    size_t taken = writing->sequencer->taken;
    struct sw_sequence_plan plan;
    if (!sw_plan_node(writing, from, &plan)) return false;
    writing->depth++;
    bool good = write_kind(writing, from, &plan);
    writing->depth--;
    writing->sequencer->taken = taken;
    if (kind) *kind = plan.kind;
    return good;
}

/* What was planned anew and came out the same is trusted for twice as long as before, anything else
 * is planned anew the next time too. */
static void keep_cached_plan(const struct sw_writing *writing, size_t bytes, size_t count)
{
    struct sw_cached_plan *cached_plan = writing->cached_plan;
    if (!cached_plan) return;
    bool same = cached_plan->nodes && cached_plan->nodes == writing->node &&
                memcmp(cached_plan->kinds, writing->kinds, cached_plan->nodes) == 0;
    cached_plan->trust = same ? smaller(2 * cached_plan->trust + 1, TRUST_MOST) : 0;
    cached_plan->uses = 0;
    memcpy(cached_plan->kinds, writing->kinds, sizeof cached_plan->kinds);
    cached_plan->nodes = writing->node <= SW_CACHED_PLAN_NODES ? writing->node : 0;
    cached_plan->bytes = bytes;
    cached_plan->count = count;
}

/* Whether numbers written like the last ones take about as many bytes each. */
static bool cached_plan_does(const struct sw_cached_plan *cached_plan, size_t bytes, size_t count)
{
    sw_uint128 expected = (sw_uint128)cached_plan->bytes * count;
    return (sw_uint128)bytes * cached_plan->count <= expected + expected / CACHED_PLAN_GROWTH;
}

/* What is written: numbers, or, where there are codes, those as they first appear. */
struct subject {
    struct sw_sequence_numbers numbers;
    const struct sw_appearance *appearance;
    enum sw_sequence_kind *kind;
};

static bool write_once(struct sw_writing *writing, const struct subject *subject)
{
    writing->node = 0;
    return subject->appearance ? write_again(writing, subject->appearance)
                               : write_node(writing, subject->numbers, subject->kind);
}

/* As the cached plan has it, where that does, else planned anew. */
static bool write_subject(struct sw_writing *writing, const struct subject *subject)
{
    struct sw_sequencer *sequencer = writing->sequencer;
    struct sw_cached_plan *cached_plan = writing->cached_plan;
    size_t start = writing->out->length, count = subject->numbers.count;
    sequencer->taken = 0;
    if (!sw_grow(&sequencer->words, &sequencer->word_capacity, sw_plan_words(count),
                 sizeof(uint64_t), writing->error))
        return false;
    writing->follows = cached_plan && cached_plan->nodes && cached_plan->uses < cached_plan->trust;
    if (writing->follows) {
        if (!write_once(writing, subject)) return false;
        if (writing->follows &&
            cached_plan_does(cached_plan, writing->out->length - start, count)) {
            cached_plan->uses++;
            return true;
        }
        writing->out->length = start;
        writing->follows = false;
    }
    if (!write_once(writing, subject)) return false;
    keep_cached_plan(writing, writing->out->length - start, count);
    return true;
}

bool sw_sequence_write(struct sw_sequencer *sequencer, struct sw_cached_plan *cached_plan,
                       struct sw_buffer *out, const uint64_t *values, size_t count,
                       unsigned granularity, enum sw_sequence_kind *kind, struct sw_error *error)
{
    struct sw_writing writing = {.sequencer = sequencer,
                                 .out = out,
                                 .granularity = granularity,
                                 .error = error,
                                 .cached_plan = cached_plan};
    struct subject subject = {{values, count, 0, false}, NULL, kind};
    return write_subject(&writing, &subject);
}

bool sw_sequence_write_again(struct sw_sequencer *sequencer, struct sw_cached_plan *cached_plan,
                             struct sw_buffer *out, const struct sw_appearance *of,
                             unsigned granularity, struct sw_error *error)
{
    struct sw_writing writing = {.sequencer = sequencer,
                                 .out = out,
                                 .granularity = granularity,
                                 .error = error,
                                 .cached_plan = cached_plan};
    struct subject subject = {{of->numbers, of->count, 0, false}, of, NULL};
    return write_subject(&writing, &subject);
}

void sw_sequencer_free(struct sw_sequencer *sequencer)
{
    free(sequencer->words);
    sw_distinct_free(&sequencer->distinct);
    *sequencer = (struct sw_sequencer){0};
}
