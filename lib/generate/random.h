/* SPDX-License-Identifier: ISC
 *
 * The chance in made-up data: splitmix64, so that a seed gives the same numbers on every machine.
 * Integers only.
 */
#ifndef SW_GENERATE_RANDOM_H
#define SW_GENERATE_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

struct sw_gen_random {
    uint64_t state;
};

/* The next 64 random bits. */
static inline uint64_t sw_gen_bits(struct sw_gen_random *random)
{
    uint64_t bits = (random->state += UINT64_C(0x9e3779b97f4a7c15));
    bits = (bits ^ (bits >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    bits = (bits ^ (bits >> 27)) * UINT64_C(0x94d049bb133111eb);
    return bits ^ (bits >> 31);
}

/* A number from 0 to bound - 1; bound is 1 to 2^32. */
static inline uint32_t sw_gen_below(struct sw_gen_random *random, uint64_t bound)
{
    return (uint32_t)(((sw_gen_bits(random) >> 32) * bound) >> 32);
}

/* True in percent of 100 cases. */
static inline bool sw_gen_chance(struct sw_gen_random *random, unsigned percent)
{
    return sw_gen_below(random, 100) < percent;
}

#endif
