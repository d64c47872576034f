/* SPDX-License-Identifier: ISC
 *
 * A node's kind is chosen by what its children would take if they were packed; what they then
 * become can only be smaller. Most kinds are judged by a sample of the numbers, so that trying them
 * costs little beside writing; only a lookup needs to see them all, and is tried last, up to where
 * it cannot win any more.
 */
#include "base/memory.h"
#include "record/packing.h"
#include "record/sequence.h"

enum {
    LEAD = 8,
    WORTH = 16,         /* a kind that reads slower must save one part in this many */
    SAMPLE_GROUPS = 32, /* groups of a sample, spread evenly */
    SAMPLE_MOST = SAMPLE_GROUPS * SW_PACKING_GROUP,
    COMMON_SLOTS = 1024,
    COMMON_ONE_IN = 10,  /* how often a number must be met to be set apart */
    REPEATS_ONE_IN = 32, /* of a sample, for a lookup to be tried on all */
    RUN_AT_LEAST = 4,    /* rows in a run, on average: what expands faster than it packs */
    WORDS_A_LEVEL = 3,
    TRUST_MOST = 15,  /* sequences that are built like one before they are planned anew */
    HABIT_GROWTH = 8, /* one that comes out larger by one part in this is planned anew at once */
};

#define SIGNED_BIAS (UINT64_C(1) << 63)

/* The numbers a node is made of. They are ordered as (number ^ bias): differences are signed. */
struct numbers {
    const uint64_t *values;
    size_t count;
    uint64_t bias;
    bool dense; /* all different, or codes already: no lookup makes them smaller */
};

struct writing {
    struct sw_sequencer *sequencer;
    struct sw_buffer *out;
    unsigned grain, depth, lookups;
    struct sw_error *error;
    struct sw_habit *habit; /* NULL: none */
    bool follows;           /* the habit, as long as it suits the numbers */
    size_t node;            /* number of the next node to be planned */
    unsigned char kinds[SW_HABIT_NODES];
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
static uint64_t factor_of(struct numbers from, uint64_t least)
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

static const uint64_t *units_of(struct writing *writing, struct numbers from, uint64_t least,
                                uint64_t factor)
{
    uint64_t *units = take_words(writing, from.count);
    unsigned twos = (unsigned)__builtin_ctzll(factor);
    uint64_t inverse = inverse_of(factor >> twos);
    for (size_t i = 0; i < from.count; i++) units[i] = ((from.values[i] - least) >> twos) * inverse;
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

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

static struct numbers differences(struct writing *writing, struct numbers from)
{
    uint64_t *words = take_words(writing, from.count - 1);
    for (size_t i = 1; i < from.count; i++) words[i - 1] = from.values[i] - from.values[i - 1];
    return (struct numbers){words, from.count - 1, SIGNED_BIAS, false};
}

/* Whole groups of the numbers, all of them where there are few, and how each differs from the one
 * before it. */
struct sample {
    struct numbers values, steps;
};

static struct sample take_sample(struct writing *writing, struct numbers from)
{
    uint64_t *values = take_words(writing, SAMPLE_MOST), *steps = take_words(writing, SAMPLE_MOST);
    size_t count = smaller(from.count - 1, SAMPLE_MOST), group = smaller(count, SW_PACKING_GROUP);
    for (size_t done = 0; done < count; done += group) {
        size_t between = (from.count - 1 - count) * done / count;
        const uint64_t *some = from.values + 1 + between + done;
        if (group > count - done) group = count - done;
        for (size_t i = 0; i < group; i++) {
            values[done + i] = some[i];
            steps[done + i] = some[i] - some[i - 1];
        }
    }
    return (struct sample){{values, count, from.bias, false}, {steps, count, SIGNED_BIAS, false}};
}

/* What `part` bytes for `count` numbers come to for `whole` numbers. */
static size_t scaled(size_t part, size_t whole, size_t count)
{
    return (size_t)((sw_uint128)part * whole / count);
}

static struct numbers all_but(struct writing *writing, struct numbers from, uint64_t common)
{
    uint64_t *words = take_words(writing, from.count + 1);
    size_t count = 0;
    for (size_t i = 0; i < from.count; i++) {
        words[count] = from.values[i];
        count += from.values[i] != common;
    }
    return (struct numbers){words, count, from.bias, from.dense};
}

/* Bytes with `common` set apart, for `count` numbers of which these are a sample; SIZE_MAX when
 * there is no other. */
static size_t size_apart(struct writing *writing, struct numbers sample, uint64_t common,
                         size_t count, size_t *others)
{
    size_t taken = writing->sequencer->taken, size = SIZE_MAX;
    struct numbers rest = all_but(writing, sample, common);
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
static void consider_steps(struct writing *writing, struct sample sample, size_t count,
                           struct plan *best)
{
    size_t changes, packed = best->size;
    size_t steps = scaled(plan_packed(writing, sample.steps).size, count, sample.steps.count);
    size_t apart = size_apart(writing, sample.steps, 0, count, &changes);
    consider(best, SW_DELTA, LEAD + 8 + smaller(steps, apart), 0);
    if (changes >= sample.steps.count / RUN_AT_LEAST || writing->lookups == SW_SEQUENCE_LOOKUPS)
        return;
    size_t runs = scaled(changes, count, sample.steps.count) + 1;
    size_t lengths = runs * (sw_packing_width(count / runs, 1) + 2) / 8;
    consider(best, SW_RUNS, 3 * LEAD + 32 + scaled(smaller(packed, steps), runs, count) + lengths,
             0);
}

/* The number met most often, or one as good; *times is how often. */
static uint64_t most_frequent(struct numbers from, size_t *times)
{
    struct {
        uint64_t number;
        size_t times;
    } slots[COMMON_SLOTS] = {0}, *most = slots;
    for (size_t i = 0; i < from.count; i++) {
        uint64_t number = from.values[i];
        size_t slot = (size_t)((number * UINT64_C(0x9E3779B97F4A7C15)) >> 32) % COMMON_SLOTS;
        if (slots[slot].times && slots[slot].number != number) continue;
        slots[slot].number = number;
        if (++slots[slot].times > most->times) most = &slots[slot];
    }
    *times = most->times;
    return most->number;
}

static void consider_common(struct writing *writing, struct sample sample, size_t count,
                            struct plan *best)
{
    size_t times, others;
    if (count / 8 >= best->size) return;
    uint64_t common = most_frequent(sample.values, &times);
    if (times < sample.values.count / COMMON_ONE_IN) return;
    size_t size = size_apart(writing, sample.values, common, count, &others);
    if (others) consider(best, SW_COMMON, size, 0);
    if (best->kind == SW_COMMON) best->common = common;
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

/* Whether numbers repeat so often in a sample that a look at all of them is worth it: *most is how
 * many distinct ones would pay, 0 when they are too many already. */
static bool expect_repeats(struct writing *writing, struct numbers sample, size_t *most)
{
    size_t taken = writing->sequencer->taken, count;
    size_t limit = smaller(*most, sample.count - sample.count / REPEATS_ONE_IN);
    uint64_t *codes = take_words(writing, sample.count);
    writing->sequencer->taken = taken;
    if (!sw_distinct_count(&writing->sequencer->distinct, sample.values, sample.count, limit, codes,
                           &count, writing->error))
        return false;
    if (count > limit) *most = 0;
    return true;
}

/* Last, since it takes longest, and the less so the less there is left to gain. What it found stays
 * taken if it is best. */
static bool consider_lookup(struct writing *writing, struct numbers from, size_t most,
                            struct plan *best)
{
    struct sw_distinct *distinct = &writing->sequencer->distinct;
    size_t taken = writing->sequencer->taken, count;
    uint64_t *codes = take_words(writing, from.count);
    if (!sw_distinct_find(distinct, from.values, from.count, most, from.bias, codes, &count,
                          writing->error))
        return false;
    if (count) {
        struct numbers numbers = {distinct->numbers, count, from.bias, false};
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

static bool plan_anew(struct writing *writing, struct numbers from, struct plan *plan)
{
    size_t most = 0, taken = writing->sequencer->taken;
    *plan = plan_packed(writing, from);
    if (from.count < 2 || writing->depth + 1 >= SW_SEQUENCE_DEPTH) return true;
    struct sample sample = take_sample(writing, from);
    consider_steps(writing, sample, from.count, plan);
    consider_common(writing, sample, from.count, plan);
    if (!from.dense && writing->lookups < SW_SEQUENCE_LOOKUPS)
        most = most_distinct(from.count, plan->size);
    if (most > 1 && !expect_repeats(writing, sample.values, &most)) return false;
    writing->sequencer->taken = taken;
    return most < 2 || consider_lookup(writing, from, most, plan);
}

static bool all_same(struct numbers from)
{
    for (size_t i = 1; i < from.count; i++)
        if (from.values[i] != from.values[0]) return false;
    return true;
}

/* Plans a node to be what the habit says, without a look at what else it could be. Where that does
 * not suit the numbers plan->kind is another. */
static bool plan_by_habit(struct writing *writing, struct numbers from, enum sw_sequence_kind kind,
                          struct plan *plan)
{
    size_t times, taken = writing->sequencer->taken;
    if (kind == SW_LOOKUP) {
        plan->size = SIZE_MAX / 2;
        return consider_lookup(writing, from, from.count - from.count / REPEATS_ONE_IN, plan);
    }
    if (kind == SW_PACKED)
        *plan = plan_packed(writing, from);
    else if (kind != SW_COMMON)
        plan->kind = kind;
    else if (!all_same(from)) {
        plan->kind = kind;
        plan->common = most_frequent(take_sample(writing, from).values, &times);
    }
    writing->sequencer->taken = taken;
    return true;
}

static bool plan_node(struct writing *writing, struct numbers from, struct plan *plan)
{
    size_t node = writing->node++;
    bool good = true;
    *plan = (struct plan){.kind = SW_PACKED};
    if (writing->follows) {
        unsigned char kind = node < writing->habit->nodes ? writing->habit->kinds[node] : 0;
        if (kind && (kind == SW_PACKED || from.count > 1))
            good = plan_by_habit(writing, from, (enum sw_sequence_kind)kind, plan);
        writing->follows = good && plan->kind == kind;
    }
    if (good && !writing->follows) good = plan_anew(writing, from, plan);
    if (node < SW_HABIT_NODES) writing->kinds[node] = (unsigned char)plan->kind;
    return good;
}

/* ---- writing ---- */

static bool put(struct writing *writing, const void *bytes, size_t length)
{
    return sw_buffer_add(writing->out, bytes, length, writing->error);
}

static bool put_lead(struct writing *writing, enum sw_sequence_kind kind, size_t number)
{
    unsigned char lead[LEAD] = {(unsigned char)kind};
    sw_store32(lead + 4, (uint32_t)number);
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
    if (!put_lead(writing, SW_PACKED, 0) || !put_word(writing, plan->least) ||
        !put_word(writing, plan->factor) ||
        !sw_buffer_reserve(out, length + SW_PACKING_SLACK, writing->error))
        return false;
    sw_packing_write(out->bytes + out->length, values, from.count, reference, writing->grain);
    out->length += length;
    return true;
}

static bool write_delta(struct writing *writing, struct numbers from)
{
    return put_lead(writing, SW_DELTA, 0) && put_word(writing, from.values[0]) &&
           write_node(writing, differences(writing, from), NULL);
}

static bool write_lookup(struct writing *writing, struct numbers from, const struct plan *plan)
{
    struct numbers distinct = {plan->distinct, plan->number, from.bias, true};
    struct numbers codes = {plan->codes, from.count, 0, true};
    writing->lookups++;
    bool good = put_lead(writing, SW_LOOKUP, plan->number) && write_node(writing, distinct, NULL) &&
                write_node(writing, codes, NULL);
    writing->lookups--;
    return good;
}

/* The numbers of the runs, and how often each stands again; how many runs. */
static size_t find_runs(struct numbers from, uint64_t *numbers, uint64_t *again)
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

static bool write_runs(struct writing *writing, struct numbers from)
{
    uint64_t *numbers = take_words(writing, from.count), *again = take_words(writing, from.count);
    size_t runs = find_runs(from, numbers, again);
    writing->lookups++;
    bool good = put_lead(writing, SW_RUNS, runs) &&
                write_node(writing, (struct numbers){numbers, runs, from.bias, false}, NULL) &&
                write_node(writing, (struct numbers){again, runs, 0, false}, NULL);
    writing->lookups--;
    return good;
}

static bool put_bitmap(struct writing *writing, struct numbers from, uint64_t common)
{
    struct sw_buffer *out = writing->out;
    if (!sw_buffer_reserve(out, (from.count + 63) / 64 * 8, writing->error)) return false;
    for (size_t first = 0; first < from.count; first += 64, out->length += 8) {
        size_t part = smaller(from.count - first, 64);
        uint64_t bits = 0;
        for (size_t i = 0; i < part; i++) bits |= (uint64_t)(from.values[first + i] != common) << i;
        sw_store64(out->bytes + out->length, bits);
    }
    return true;
}

static bool write_common(struct writing *writing, struct numbers from, const struct plan *plan)
{
    struct numbers others = all_but(writing, from, plan->common);
    return put_lead(writing, SW_COMMON, others.count) && put_word(writing, plan->common) &&
           put_bitmap(writing, from, plan->common) && write_node(writing, others, NULL);
}

static bool write_kind(struct writing *writing, struct numbers from, const struct plan *plan)
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
    default:
        return write_packed(writing, from, plan);
    }
}

static bool write_node(struct writing *writing, struct numbers from, enum sw_sequence_kind *kind)
{
    size_t taken = writing->sequencer->taken;
    struct plan plan;
    if (!plan_node(writing, from, &plan)) return false;
    writing->depth++;
    bool good = write_kind(writing, from, &plan);
    writing->depth--;
    writing->sequencer->taken = taken;
    if (kind) *kind = plan.kind;
    return good;
}

/* What was planned anew and came out the same is trusted for twice as long as before, anything else
 * is planned anew the next time too. */
static void keep_habit(const struct writing *writing, size_t bytes, size_t count)
{
    struct sw_habit *habit = writing->habit;
    if (!habit) return;
    bool same = habit->nodes && habit->nodes == writing->node &&
                memcmp(habit->kinds, writing->kinds, habit->nodes) == 0;
    habit->trust = same ? smaller(2 * habit->trust + 1, TRUST_MOST) : 0;
    habit->uses = 0;
    memcpy(habit->kinds, writing->kinds, sizeof habit->kinds);
    habit->nodes = writing->node <= SW_HABIT_NODES ? writing->node : 0;
    habit->bytes = bytes;
    habit->count = count;
}

/* Whether numbers written like the last ones take about as many bytes each. */
static bool habit_does(const struct sw_habit *habit, size_t bytes, size_t count)
{
    sw_uint128 expected = (sw_uint128)habit->bytes * count;
    return (sw_uint128)bytes * habit->count <= expected + expected / HABIT_GROWTH;
}

bool sw_sequence_write(struct sw_sequencer *sequencer, struct sw_habit *habit,
                       struct sw_buffer *out, const uint64_t *values, size_t count, unsigned grain,
                       enum sw_sequence_kind *kind, struct sw_error *error)
{
    struct writing writing = {
        .sequencer = sequencer, .out = out, .grain = grain, .error = error, .habit = habit};
    struct numbers from = {values, count, 0, false};
    size_t start = out->length;
    size_t words = SW_SEQUENCE_DEPTH * WORDS_A_LEVEL * (count + 1) + 5 * SAMPLE_MOST;
    sequencer->taken = 0;
    if (!sw_grow(&sequencer->words, &sequencer->word_capacity, words, sizeof(uint64_t), error))
        return false;
    writing.follows = habit && habit->nodes && habit->uses < habit->trust;
    if (writing.follows) {
        if (!write_node(&writing, from, kind)) return false;
        if (writing.follows && habit_does(habit, out->length - start, count)) {
            habit->uses++;
            return true;
        }
        out->length = start;
        writing.follows = false;
        writing.node = 0;
    }
    if (!write_node(&writing, from, kind)) return false;
    keep_habit(&writing, out->length - start, count);
    return true;
}

void sw_sequencer_free(struct sw_sequencer *sequencer)
{
    free(sequencer->words);
    sw_distinct_free(&sequencer->distinct);
    *sequencer = (struct sw_sequencer){0};
}
