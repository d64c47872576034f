/* SPDX-License-Identifier: ISC */
#include "kernels/first_seen_codes.h"
#include "kernels/bitpack.h"
#include "encode/sequence.h"
#include "kernels/scatter.h"

/* What is left of the bytes and of the scratch, and how deep a node stands. */
struct reading {
    const unsigned char *at, *end;
    uint64_t *scratch;
    size_t scratch_left;
    unsigned depth, lookups;
};

static bool read_node(struct reading *reading, uint64_t *to, size_t count, uint64_t add);

size_t sw_sequence_scratch(size_t count)
{
    return SW_SEQUENCE_LOOKUPS * (count + 1);
}

static bool take(struct reading *reading, size_t length, const unsigned char **at)
{
    if (length > (size_t)(reading->end - reading->at)) return false;
    *at = reading->at;
    reading->at += length;
    return true;
}

static bool read_packed(struct reading *reading, uint64_t *to, size_t count, uint64_t add)
{
    const unsigned char *about;
    size_t used;
    if (!take(reading, 16, &about)) return false;
    uint64_t reference = sw_load64(about) + add, factor = sw_load64(about + 8);
    uint64_t first = factor == 1 ? reference : 0;
    if (!sw_packing_read(reading->at, (size_t)(reading->end - reading->at), to, count, first,
                         &used))
        return false;
    reading->at += used;
    if (factor == 1) return true;
    for (size_t i = 0; i < count; i++) to[i] = reference + factor * to[i];
    return true;
}

static bool read_delta(struct reading *reading, uint64_t *to, size_t count, uint64_t add)
{
    const unsigned char *first;
    if (count < 2 || !take(reading, 8, &first) || !read_node(reading, to + 1, count - 1, 0))
        return false;
    to[0] = sw_load64(first) + add;
    sw_packing_sums(to + 1, count - 1, to[0]);
    return true;
}

/* Numbers that another node's numbers refer to. They lie in the scratch until `give_back`. */
static bool read_aside(struct reading *reading, size_t count, uint64_t add, uint64_t **numbers)
{
    *numbers = reading->scratch;
    if (reading->lookups == SW_SEQUENCE_LOOKUPS || count + 1 > reading->scratch_left) return false;
    reading->lookups++;
    reading->scratch += count + 1;
    reading->scratch_left -= count + 1;
    return read_node(reading, *numbers, count, add);
}

static void give_back(struct reading *reading, size_t count)
{
    reading->lookups--;
    reading->scratch -= count + 1;
    reading->scratch_left += count + 1;
}

static bool read_lookup(struct reading *reading, uint64_t *to, size_t count, uint64_t add,
                        size_t distinct)
{
    uint64_t *numbers;
    if (distinct < 1 || distinct > count || !read_aside(reading, distinct, add, &numbers) ||
        !read_node(reading, to, count, 0))
        return false;
    give_back(reading, distinct);
    return sw_codes_replace(to, count, numbers, distinct);
}

/* The numbers stand at the end of `to`; a run of at least one never overtakes those that are still
 * to be read. */
static bool expand_runs(uint64_t *to, size_t count, const uint64_t *more, size_t runs)
{
    const uint64_t *numbers = to + count - runs;
    size_t row = 0;
    for (size_t run = 0; run < runs; run++) {
        uint64_t number = numbers[run];
        if (more[run] > count - row - (runs - run)) return false;
        for (size_t end = row + more[run]; row <= end; row++) to[row] = number;
    }
    return row == count;
}

static bool read_runs(struct reading *reading, uint64_t *to, size_t count, uint64_t add,
                      size_t runs)
{
    uint64_t *more;
    if (runs < 1 || runs > count) return false;
    if (reading->lookups == SW_SEQUENCE_LOOKUPS) return false;
    if (!read_node(reading, to + count - runs, runs, add) || !read_aside(reading, runs, 0, &more))
        return false;
    give_back(reading, runs);
    return expand_runs(to, count, more, runs);
}

static bool read_common(struct reading *reading, uint64_t *to, size_t count, uint64_t add,
                        size_t others)
{
    const unsigned char *about;
    if (others < 1 || others > count || !take(reading, 8 + (count + 63) / 64 * 8, &about) ||
        sw_bits_set(about + 8, count) != others ||
        !read_node(reading, to + count - others, others, add))
        return false;
    sw_scatter(to, count, about + 8, others, sw_load64(about) + add);
    return true;
}

/* What an again begins with; of the numbers met before, how many others were met since stands at
 * the end of `to`, which holds count + 1. */
static bool meet(struct reading *reading, uint64_t *to, size_t count, size_t distinct,
                 struct sw_first_seen *first_seen)
{
    const unsigned char *bitmap;
    if (distinct < 1 || distinct >= count || !take(reading, (count + 63) / 64 * 8, &bitmap) ||
        sw_bits_set(bitmap, count) != count - distinct ||
        !read_node(reading, to + distinct, count - distinct, 0))
        return false;
    to[count] = 0;
    *first_seen =
        (struct sw_first_seen){.bitmap = bitmap, .since = to + distinct, .end = to + count};
    return true;
}

/* In place, since what is still to be looked at never stands before the row that is written. */
static bool replace_first_seen(struct sw_first_seen *first_seen, uint64_t *to, size_t count,
                               const uint64_t *numbers, size_t distinct)
{
    enum { EXTENT = 512 };
    uint32_t codes[EXTENT];
    for (size_t row = 0; row < count; row += EXTENT) {
        size_t part = count - row < EXTENT ? count - row : EXTENT;
        sw_first_seen_next(first_seen, codes, part);
        if (!sw_first_seen_good(first_seen, distinct)) return false;
        sw_codes_fetch(codes, part, numbers, to + row);
    }
    return true;
}

static bool read_again(struct reading *reading, uint64_t *to, size_t count, uint64_t add,
                       size_t distinct)
{
    struct sw_first_seen first_seen;
    uint64_t *numbers;
    if (!meet(reading, to, count, distinct, &first_seen) ||
        !read_aside(reading, distinct, add, &numbers))
        return false;
    give_back(reading, distinct);
    return replace_first_seen(&first_seen, to, count, numbers, distinct);
}

static bool read_rising(struct reading *reading, uint64_t *to, size_t count, uint64_t add,
                        size_t falls)
{
    const unsigned char *about;
    uint64_t *below;
    if (falls < 1 || falls >= count || !take(reading, 8 + (count + 63) / 64 * 8, &about) ||
        sw_bits_set(about + 8, count) != falls ||
        !read_node(reading, to + falls, count - falls, 0) || !read_aside(reading, falls, 0, &below))
        return false;
    give_back(reading, falls);
    sw_rise(to, count, about + 8, below, falls, sw_load64(about) + add);
    return true;
}

static bool read_kind(struct reading *reading, const unsigned char *lead, uint64_t *to,
                      size_t count, uint64_t add)
{
    size_t number = sw_load32(lead + 4);
    switch (lead[0]) {
    case SW_PACKED:
        return number == 0 && read_packed(reading, to, count, add);
    case SW_DELTA:
        return number == 0 && read_delta(reading, to, count, add);
    case SW_LOOKUP:
        return read_lookup(reading, to, count, add, number);
    case SW_RUNS:
        return read_runs(reading, to, count, add, number);
    case SW_COMMON:
        return read_common(reading, to, count, add, number);
    case SW_AGAIN:
        return read_again(reading, to, count, add, number);
    case SW_RISING:
        return read_rising(reading, to, count, add, number);
    default:
        return false;
    }
}

static bool read_node(struct reading *reading, uint64_t *to, size_t count, uint64_t add)
{
    const unsigned char *lead;
    if (reading->depth == SW_SEQUENCE_DEPTH || !take(reading, SW_SEQUENCE_LEAD, &lead))
        return false;
    if (lead[1] || lead[2] || lead[3]) return false;
    reading->depth++;
    bool good = read_kind(reading, lead, to, count, add);
    reading->depth--;
    return good;
}

bool sw_sequence_read(const unsigned char *bytes, size_t length, enum sw_sequence_kind kind,
                      uint64_t *to, size_t count, uint64_t add, uint64_t *scratch)
{
    struct reading reading = {.at = bytes,
                              .end = bytes + length,
                              .scratch = scratch,
                              .scratch_left = sw_sequence_scratch(count)};
    return length >= SW_SEQUENCE_LEAD && bytes[0] == kind && read_node(&reading, to, count, add) &&
           reading.at == reading.end;
}

bool sw_sequence_read_first(const unsigned char *bytes, size_t length, uint64_t *to, size_t count,
                            uint64_t add, uint64_t *scratch, size_t *used)
{
    struct reading reading = {.at = bytes,
                              .end = bytes + length,
                              .scratch = scratch,
                              .scratch_left = sw_sequence_scratch(count)};
    bool good = read_node(&reading, to, count, add);
    *used = (size_t)(reading.at - bytes);
    return good;
}

bool sw_sequence_read_codes(const unsigned char *bytes, size_t length, uint32_t *codes,
                            size_t count, size_t *distinct, uint64_t *scratch)
{
    struct reading reading = {.at = bytes + SW_SEQUENCE_LEAD,
                              .end = bytes + length,
                              .scratch = scratch + count + 1,
                              .scratch_left = sw_sequence_scratch(count),
                              .depth = 1};
    struct sw_first_seen first_seen;
    if (length < SW_SEQUENCE_LEAD || sw_load32(bytes) != SW_AGAIN) return false;
    *distinct = sw_load32(bytes + 4);
    if (!meet(&reading, scratch, count, *distinct, &first_seen)) return false;
    sw_first_seen_next(&first_seen, codes, count);
    return sw_first_seen_good(&first_seen, *distinct);
}

/* Adds a number wherever a bit is set. */
static void add_scatter(uint64_t *to, size_t count, const unsigned char *bitmap,
                        const uint64_t *numbers)
{
    for (size_t first = 0; first < count; first += 64)
        for (uint64_t bits = sw_load64(bitmap + first / 8); bits; bits &= bits - 1)
            to[first + (size_t)__builtin_ctzll(bits)] += *numbers++;
}

/* Runs are added where they are, those of 0 not at all. They are at most half as many as the numbers. */
static bool add_runs(const unsigned char *bytes, size_t length, uint64_t *to, size_t count,
                     uint64_t *scratch)
{
    size_t runs = sw_load32(bytes + 4), row = 0, numbers, lengths;
    uint64_t *more = scratch + runs + 1, *rest = more + runs + 1;
    bytes += SW_SEQUENCE_LEAD;
    length -= SW_SEQUENCE_LEAD;
    if (!sw_sequence_read_first(bytes, length, scratch, runs, 0, rest, &numbers) ||
        !sw_sequence_read_first(bytes + numbers, length - numbers, more, runs, 0, rest, &lengths))
        return false;
    for (size_t run = 0; run < runs; run++) {
        if (more[run] > count - row - (runs - run)) return false;
        size_t end = row + more[run] + 1;
        for (size_t i = row; scratch[run] && i < end; i++) to[i] += scratch[run];
        row = end;
    }
    return row == count && numbers + lengths == length;
}

bool sw_sequence_add(const unsigned char *bytes, size_t length, uint64_t *to, size_t count,
                     uint64_t *scratch)
{
    size_t bitmap = (count + 63) / 64 * 8, used, lead = SW_SEQUENCE_LEAD + 8 + bitmap;
    uint64_t *rest = scratch + count + 1;
    bool few = length > lead && sw_load32(bytes) == SW_COMMON && sw_load64(bytes + 8) == 0;
    if (length > SW_SEQUENCE_LEAD && sw_load32(bytes) == SW_RUNS && sw_load32(bytes + 4) > 0 &&
        sw_load32(bytes + 4) <= count / 2)
        return add_runs(bytes, length, to, count, scratch);
    if (!few) {
        if (!sw_sequence_read_first(bytes, length, scratch, count, 0, rest, &used)) return false;
        for (size_t i = 0; i < count; i++) to[i] += scratch[i];
        return used == length;
    }
    const unsigned char *bits = bytes + SW_SEQUENCE_LEAD + 8;
    size_t others = sw_load32(bytes + 4);
    if (others < 1 || others > count || sw_bits_set(bits, count) != others ||
        !sw_sequence_read_first(bytes + lead, length - lead, scratch, others, 0, rest, &used))
        return false;
    add_scatter(to, count, bits, scratch);
    return used == length - lead;
}
