/* SPDX-License-Identifier: ISC
 *
 * A way through a sequence's bytes, node by node, of which some are stepped over unread. What is not there, or contradicts itself, is false.
 */
#ifndef SW_ENCODE_SEQUENCE_CURSOR_H
#define SW_ENCODE_SEQUENCE_CURSOR_H

#include <string.h>

#include "encode/sequence.h"

struct sw_sequence_cursor {
    const unsigned char *at, *end;
    uint64_t *scratch;
    size_t scratch_left;
    unsigned depth;
};

/* The next bytes, so many of them. */
static inline bool sw_sequence_take(struct sw_sequence_cursor *cursor, size_t length,
                                    const unsigned char **at)
{
    if (length > (size_t)(cursor->end - cursor->at)) return false;
    *at = cursor->at;
    cursor->at += length;
    return true;
}

/* Scratch for so many words; a node gives back what it took by restoring `scratch` and
 * `scratch_left`. */
static inline bool sw_sequence_borrow(struct sw_sequence_cursor *cursor, size_t words, void *to)
{
    if (words > cursor->scratch_left) return false;
    memcpy(to, &cursor->scratch, sizeof cursor->scratch);
    cursor->scratch += words;
    cursor->scratch_left -= words;
    return true;
}

/* The lead of the next node. Its end lowers `depth` again. */
static inline bool sw_sequence_enter(struct sw_sequence_cursor *cursor, const unsigned char **lead)
{
    cursor->depth++;
    return cursor->depth <= SW_SEQUENCE_DEPTH && sw_sequence_take(cursor, SW_SEQUENCE_LEAD, lead) &&
           !(*lead)[1] && !(*lead)[2] && !(*lead)[3];
}

/* Steps over a node of so many numbers. */
bool sw_sequence_skip(struct sw_sequence_cursor *cursor, size_t count) SW_CHECKED;

/* Steps over the rest of such a node, whose lead was taken. */
bool sw_sequence_skip_kind(struct sw_sequence_cursor *cursor, const unsigned char *lead,
                           size_t count) SW_CHECKED;

#endif
