/* SPDX-License-Identifier: ISC */
#include "encode/sequence_cursor.h"

#include "kernels/bitpack.h"

static bool skip_packed(struct sw_sequence_cursor *cursor, size_t count)
{
    const unsigned char *about;
    size_t used;
    if (!sw_sequence_take(cursor, 16, &about) ||
        !sw_packing_groups(cursor->at, (size_t)(cursor->end - cursor->at), count, NULL, &used))
        return false;
    cursor->at += used;
    return true;
}

/* A bitmap, another sequence for some of the numbers, and one for the rest. */
static bool skip_parted(struct sw_sequence_cursor *cursor, size_t lead, size_t first, size_t count)
{
    const unsigned char *about;
    return first < count && sw_sequence_take(cursor, lead + (count + 63) / 64 * 8, &about) &&
           sw_sequence_skip(cursor, count - first) && sw_sequence_skip(cursor, first);
}

bool sw_sequence_skip_kind(struct sw_sequence_cursor *cursor, const unsigned char *lead,
                           size_t count)
{
    const unsigned char *about;
    size_t number = sw_load32(lead + 4);
    bool other = lead[0] != SW_PACKED && lead[0] != SW_DELTA;
    if (other ? number < 1 || number > count : number != 0) return false;
    switch (lead[0]) {
    case SW_PACKED:
        return skip_packed(cursor, count);
    case SW_DELTA:
        return count >= 2 && sw_sequence_take(cursor, 8, &about) &&
               sw_sequence_skip(cursor, count - 1);
    case SW_LOOKUP:
        return sw_sequence_skip(cursor, number) && sw_sequence_skip(cursor, count);
    case SW_RUNS:
        return sw_sequence_skip(cursor, number) && sw_sequence_skip(cursor, number);
    case SW_COMMON:
        return sw_sequence_take(cursor, 8 + (count + 63) / 64 * 8, &about) &&
               sw_sequence_skip(cursor, number);
    case SW_AGAIN:
        return skip_parted(cursor, 0, number, count);
    case SW_RISING:
        return skip_parted(cursor, 8, number, count);
    default:
        return false;
    }
}

bool sw_sequence_skip(struct sw_sequence_cursor *cursor, size_t count)
{
    const unsigned char *lead;
    bool good = sw_sequence_enter(cursor, &lead) && sw_sequence_skip_kind(cursor, lead, count);
    cursor->depth--;
    return good;
}
