/* SPDX-License-Identifier: ISC
 *
 * How a sequence is going to be written: the kind of each node (encode/sequence_write.c writes
 * them).
 */
#ifndef SW_ENCODE_SEQUENCE_PLAN_H
#define SW_ENCODE_SEQUENCE_PLAN_H

#include "encode/sequence.h"

/* The numbers a node is made of. They are ordered as (number ^ bias): differences are signed. */
struct sw_sequence_numbers {
    const uint64_t *values;
    size_t count;
    uint64_t bias;
    bool dense; /* all different, or codes already: no lookup makes them smaller */
};

/* A sequence being written, and where its words are taken from. */
struct sw_writing {
    struct sw_sequencer *sequencer;
    struct sw_buffer *out;
    unsigned granularity, depth, lookups;
    struct sw_error *error;
    struct sw_cached_plan *cached_plan; /* NULL: none */
    bool follows;                       /* the cached plan, as long as it suits the numbers */
    size_t node;                        /* number of the next node to be planned */
    unsigned char kinds[SW_CACHED_PLAN_NODES];
};

/* How a node is going to be written. */
struct sw_sequence_plan {
    enum sw_sequence_kind kind;
    size_t size;                      /* bytes, as estimated; of a packed one exactly */
    uint64_t least, factor;           /* packed: number = least + factor × unit */
    uint64_t common;                  /* common */
    size_t number;                    /* of others, runs or distinct numbers */
    const uint64_t *distinct, *codes; /* lookup */
};

/* Steps of the highest number so far, and how far below it the others are; bitmap bits of 1 mark
 * the latter. The first number is the highest at first. */
struct sw_rise {
    struct sw_sequence_numbers steps, falls;
};

/* In words that are taken. */
struct sw_rise sw_rise_of(struct sw_writing *writing, struct sw_sequence_numbers from);

/* Plans the next node: as the cached plan has it while that suits, else by estimates. What a lookup
 * found stays taken from the words. */
bool sw_plan_node(struct sw_writing *writing, struct sw_sequence_numbers from,
                  struct sw_sequence_plan *plan) SW_CHECKED;

/* Words of the sequencer that planning and writing `count` numbers take at most. */
size_t sw_plan_words(size_t count);

/* Words from the front of what is left; the caller sets `taken` back. */
uint64_t *sw_take_words(struct sw_writing *writing, size_t count);

/* Numbers in words that are taken: (number - least) / factor, which divides them all; each less the
 * one before it, for at least 2; all that are not `common`. */
const uint64_t *sw_units_of(struct sw_writing *writing, struct sw_sequence_numbers from,
                            uint64_t least, uint64_t factor);
struct sw_sequence_numbers sw_differences(struct sw_writing *writing,
                                          struct sw_sequence_numbers from);
struct sw_sequence_numbers sw_all_but(struct sw_writing *writing, struct sw_sequence_numbers from,
                                      uint64_t common);

#endif
