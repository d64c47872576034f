/* SPDX-License-Identifier: ISC */
#include "kernels/cpu.h"

enum sw_cpu_level sw_cpu_ceiling = SW_CPU_AVX512;
