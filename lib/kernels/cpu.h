/* SPDX-License-Identifier: ISC
 *
 * Which instructions this CPU has: the one place that asks, in levels. What a kernel has no way of its own for at a level it does as
 * at the level below, and each has a portable way, which its test compares the others with. A CPU with only some of a level's
 * instructions is of the level below: a Skylake server, which lacks VBMI2, works as AVX2.
 *
 *     SW_TARGET_AVX2 static void sum_avx2(…) …
 *     if (sw_cpu_has(SW_CPU_AVX2)) sum_avx2(…); else sum_portable(…);
 */
#ifndef SW_KERNELS_CPU_H
#define SW_KERNELS_CPU_H

#include <stdbool.h>

enum sw_cpu_level {
    SW_CPU_PORTABLE, /* C; eight bytes at a time in a 64-bit word */
    SW_CPU_NEON,     /* every 64-bit ARM */
    SW_CPU_AVX2,     /* with BMI, BMI2 and POPCNT: x86 since 2013 */
    SW_CPU_AVX512,   /* F, BW, VL and VBMI2, and AVX2: since 2019 */
    SW_CPU_LEVELS,
};

#if defined(__x86_64__)
#define SW_TARGET_AVX2 __attribute__((target("avx2,bmi,bmi2,popcnt")))
#define SW_TARGET_AVX512                                                                           \
    __attribute__((target("avx512vbmi2,avx512vl,avx512bw,avx512f,avx2,bmi,bmi2,popcnt")))
#endif

/* No level above it is used: for tests, which lower it to see what a lesser CPU does. */
extern enum sw_cpu_level sw_cpu_ceiling;

/* The highest level of this CPU, and this build; set before main. */
extern enum sw_cpu_level sw_cpu_best;

/* Whether it has all of a level. */
static inline bool sw_cpu_has(enum sw_cpu_level level)
{
#if defined(__x86_64__)
    if (level == SW_CPU_NEON) return false;
#endif
    return level == SW_CPU_PORTABLE || (level <= sw_cpu_ceiling && level <= sw_cpu_best);
}

/* "portable", "neon", "avx2", "avx512". */
static inline const char *sw_cpu_level_name(enum sw_cpu_level level)
{
    static const char *const names[SW_CPU_LEVELS] = {"portable", "neon", "avx2", "avx512"};
    return names[level];
}

#endif
