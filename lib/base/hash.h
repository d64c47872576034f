/* SPDX-License-Identifier: ISC
 *
 * Where a value goes in a hash table. The places depend on a key that each process draws anew, so that nobody who writes a file can
 * choose values that all go to one place. For tables in memory alone: what a program puts out must not depend on where anything
 * stands in one, and what has to be the same tomorrow (digests, identities) has other functions.
 *
 * A step multiplies by the key to 128 bits and folds the halves together: without the key no two values are known to meet.
 */
#ifndef SW_BASE_HASH_H
#define SW_BASE_HASH_H

#include "base/bytes.h"

struct sw_hash_key {
    uint64_t start, factor; /* factor is odd */
};

/* The process's, drawn before main from the system's random numbers. A test that wants another one sets it before it makes a table. */
extern struct sw_hash_key sw_hash_key;

static inline uint64_t sw_hash_step(uint64_t hash, uint64_t word)
{
    sw_uint128 product = (sw_uint128)(hash ^ word) * sw_hash_key.factor;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* All bits of these depend on all of the value. */
static inline uint64_t sw_hash_number(uint64_t number)
{
    return sw_hash_step(sw_hash_key.start, number);
}

static inline uint64_t sw_hash_wide(sw_int128 number)
{
    uint64_t low = (uint64_t)number, high = (uint64_t)((sw_uint128)number >> 64);
    uint64_t hash = sw_hash_number(low);
    return high + (low >> 63) ? sw_hash_step(hash, high)
                              : hash; /* as for 64 bits where it has no more */
}

static inline uint64_t sw_hash_text(const char *bytes, size_t length)
{
    uint64_t hash = sw_hash_key.start + length, last = 0;
    for (; length >= 8; bytes += 8, length -= 8) hash = sw_hash_step(hash, sw_load64(bytes));
    if (length) memcpy(&last, bytes, length);
    hash = sw_hash_step(hash, last);
    return hash * sw_hash_key.factor ^ hash >> 29;
}

/* The upper `bits` (1 to 63) of the least that will do: for numbers whose table has room to spare. */
static inline size_t sw_hash_quickly(uint64_t number, unsigned bits)
{
    return (size_t)((number * sw_hash_key.factor) >> (64 - bits));
}

#endif
