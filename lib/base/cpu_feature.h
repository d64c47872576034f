/* SPDX-License-Identifier: ISC
 *
 * What an x86 processor has, one instruction set at a time (kernels/cpu.h has levels of them). The C library has asked it already when it chose
 * its own ways: where it tells (glibc since 2.33), nobody asks again. A virtual machine takes some 8 µs to answer a question, and the compiler's
 * own support asks a dozen at each start.
 *
 *     SW_CPU_FEATURE(AVX2, "avx2")    whether it is there, and the system keeps its registers: the C library's name and the compiler's
 */
#ifndef SW_BASE_CPU_FEATURE_H
#define SW_BASE_CPU_FEATURE_H

#if defined(__x86_64__)
#if __has_include(<sys/platform/x86.h>)
#include <stdbool.h>
#include <sys/platform/x86.h>
#define SW_CPU_FEATURE(library_name, compiler_name) sw_cpu_active(x86_cpu_##library_name)

/* As CPU_FEATURE_ACTIVE, which shifts a signed 1 to the sign for what stands in the last bit of a register, as AVX512VL does. */
static inline bool sw_cpu_active(unsigned feature)
{
    const unsigned bit = feature % 128;
    return __x86_get_cpuid_feature_leaf(feature / 128)->active_array[bit / 32] >> bit % 32 & 1;
}
#else
#define SW_CPU_FEATURE(library_name, compiler_name) (__builtin_cpu_supports(compiler_name) != 0)
#define SW_CPU_FEATURES_OF_COMPILER 1
#endif
#endif

#endif
