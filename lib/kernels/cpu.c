/* SPDX-License-Identifier: ISC */
#include "kernels/cpu.h"

#include "base/cpu_feature.h"

enum sw_cpu_level sw_cpu_ceiling = SW_CPU_AVX512;
enum sw_cpu_level sw_cpu_best = SW_CPU_PORTABLE;

#if defined(__x86_64__)

static bool has_avx2(void)
{
    return SW_CPU_FEATURE(AVX2, "avx2") && SW_CPU_FEATURE(BMI1, "bmi") &&
           SW_CPU_FEATURE(BMI2, "bmi2") && SW_CPU_FEATURE(POPCNT, "popcnt");
}

static bool has_avx512(void)
{
    return SW_CPU_FEATURE(AVX512F, "avx512f") && SW_CPU_FEATURE(AVX512BW, "avx512bw") &&
           SW_CPU_FEATURE(AVX512VL, "avx512vl") && SW_CPU_FEATURE(AVX512_VBMI2, "avx512vbmi2");
}

__attribute__((constructor)) static void find_best(void)
{
#ifdef SW_CPU_FEATURES_OF_COMPILER
    __builtin_cpu_init();
#endif
    if (has_avx2()) sw_cpu_best = has_avx512() ? SW_CPU_AVX512 : SW_CPU_AVX2;
}

#elif defined(__aarch64__)

__attribute__((constructor)) static void find_best(void)
{
    sw_cpu_best = SW_CPU_NEON;
}

#endif
