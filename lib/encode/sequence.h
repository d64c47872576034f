/* SPDX-License-Identifier: ISC
 *
 * A run of unsigned 64-bit numbers as few bytes: the small encodings that sw-optimize chooses from.
 * A sequence is a tree of at most SW_SEQUENCE_DEPTH levels, each node eight bytes of kind and
 * number, then what the kind needs (man 5 sw-record, "Sequences"):
 *
 *     packed   reference, factor, bits              number = reference + factor × what is packed
 *     delta    first, sequence                      number = the one before + the sequence's
 *     lookup   sequence, sequence                   distinct numbers, then the index of each
 *     runs     sequence, sequence                   numbers, then how often each is repeated, less one
 *     common   number, bitmap, sequence             one number wherever the bit is 0, the sequence's where it is 1
 *     again    bitmap, sequence, sequence           a bit for what was met before; how many other numbers were met since; the
 *                                                   numbers as they are first met
 *     rising   start, bitmap, sequence, sequence    steps of the running maximum; how far those with a bit of 1 are below it
 *
 * Nothing in here knows of nulls, types or blocks. The bytes depend on the numbers and the
 * granularity alone.
 */
#ifndef SW_ENCODE_SEQUENCE_H
#define SW_ENCODE_SEQUENCE_H

#include <stdint.h>

#include "base/bytes.h"
#include "encode/dictionary.h"
#include "record/format.h"

enum {
    SW_SEQUENCE_LEAD = 8, /* bytes of a node: the kind, three zeros, a number */
    SW_SEQUENCE_DEPTH = 5,
    SW_CACHED_PLAN_NODES = 16,
    SW_SEQUENCE_LOOKUPS = 2, /* kinds that need a second array, on one path from the top */
};

/* What writing needs in between, kept from one column to the next. Zero-initialize; free with
 * sw_sequencer_free. */
struct sw_sequencer {
    uint64_t *words; /* handed out from the front, given back when a node is done */
    size_t word_capacity, taken;
    struct sw_distinct distinct;
};

/* How a column's last sequence was built, which is likely to do for its next one. Zero-initialize.
 */
struct sw_cached_plan {
    unsigned char kinds[SW_CACHED_PLAN_NODES]; /* of its nodes, in the order they are written */
    size_t nodes;                              /* 0: none yet, or too many to keep */
    size_t uses, trust;                        /* since it was planned; how many there may be */
    size_t bytes, count;                       /* what it came to, for how many numbers */
};

/* Appends the smallest sequence it finds for `count` ≥ 1 values, a multiple of 8 bytes, after a
 * multiple of 8. granularity: 8 packs in whole bytes, for a compressor after it, 1 in bits. *kind:
 * of the top node. SW_SYSTEM: no memory. */
bool sw_sequence_write(struct sw_sequencer *sequencer, struct sw_cached_plan *cached_plan,
                       struct sw_buffer *out, const uint64_t *values, size_t count,
                       unsigned granularity, enum sw_sequence_kind *kind,
                       struct sw_error *error) SW_CHECKED;

/* Numbers told by their first appearance: count ≥ 2 of them, of which `distinct` < count differ. */
struct sw_appearance {
    const uint64_t *codes;   /* of each: how many others had been met before it first was */
    const uint64_t *numbers; /* the distinct ones, in that order */
    size_t count, distinct;
};

/* The same for a sequence of kind SW_AGAIN, whatever else would be smaller, so that its codes can
 * be read by others (sw_sequence_codes). */
bool sw_sequence_write_again(struct sw_sequencer *sequencer, struct sw_cached_plan *cached_plan,
                             struct sw_buffer *out, const struct sw_appearance *of,
                             unsigned granularity, struct sw_error *error) SW_CHECKED;

void sw_sequencer_free(struct sw_sequencer *sequencer);

/* Words of scratch that reading `count` numbers may need. */
size_t sw_sequence_scratch(size_t count);

/* Reads `count` ≥ 1 numbers, each plus `add` (modulo 2^64), from exactly `length` bytes, after
 * which eight can be read. `to` holds count + 1 numbers, scratch sw_sequence_scratch(count). False
 * when the bytes are no sequence of that length and count with a top node of that kind. */
bool sw_sequence_read(const unsigned char *bytes, size_t length, enum sw_sequence_kind kind,
                      uint64_t *to, size_t count, uint64_t add, uint64_t *scratch) SW_CHECKED;

/* The same, but adds the numbers (modulo 2^64) to those in `to`, of which there are `count`; where
 * most are 0 only the others are touched. Scratch holds count + 1 + sw_sequence_scratch(count). */
bool sw_sequence_add(const unsigned char *bytes, size_t length, uint64_t *to, size_t count,
                     uint64_t *scratch) SW_CHECKED;

/* The same as sw_sequence_read for a sequence that others may stand after; *used is its length. */
bool sw_sequence_read_first(const unsigned char *bytes, size_t length, uint64_t *to, size_t count,
                            uint64_t add, uint64_t *scratch, size_t *used) SW_CHECKED;

/* Of a sequence of kind SW_AGAIN, which others may stand after, the codes alone; all are below
 * *distinct. Scratch holds count + 1 + sw_sequence_scratch(count). False when the bytes are no such
 * sequence. */
bool sw_sequence_read_codes(const unsigned char *bytes, size_t length, uint32_t *codes,
                            size_t count, size_t *distinct, uint64_t *scratch) SW_CHECKED;

/* The codes of some, at places ascending and below count; all are below *distinct. Scratch holds
 * sw_sequence_pick_scratch(count, picks) words. */
bool sw_sequence_pick_codes(const unsigned char *bytes, size_t length, size_t count,
                            const uint32_t *places, size_t picks, uint32_t *codes, size_t *distinct,
                            uint64_t *scratch) SW_CHECKED;

/* Reads some of the `count` numbers: to[i] is the one at places[i], ascending and below count, plus
 * `add`. The others are passed over where their kinds allow it, and so not checked. The rest is as
 * above; scratch holds sw_sequence_pick_scratch(count, picks) words. */
bool sw_sequence_pick(const unsigned char *bytes, size_t length, enum sw_sequence_kind kind,
                      size_t count, uint64_t add, const uint32_t *places, size_t picks,
                      uint64_t *to, uint64_t *scratch) SW_CHECKED;
size_t sw_sequence_pick_scratch(size_t count, size_t picks);

/* The same of a sequence of any kind that others may stand after, with places in any order. */
bool sw_sequence_pick_first(const unsigned char *bytes, size_t length, size_t count, uint64_t add,
                            const uint32_t *places, size_t picks, uint64_t *to, uint64_t *scratch,
                            size_t *used) SW_CHECKED;

#endif
