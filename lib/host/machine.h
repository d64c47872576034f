/* SPDX-License-Identifier: ISC
 *
 * What kind of machine it is: its memories (NUMA), what its cores can do at once (SIMD), and
 * whether it is a laptop, a workstation or a server.
 */
#ifndef SW_HOST_MACHINE_H
#define SW_HOST_MACHINE_H

#include "host/figures.h"

/* Fills SW_NUMA_NODES, SW_SIMD and SW_MACHINE; the latter follows from the numbers of cores,
 * sockets and bytes of memory that are there already. SW_SYSTEM only when there is no memory. */
bool sw_machine_read(const char *root, struct sw_machine_figure figures[SW_MACHINE_FIGURES],
                     struct sw_error *error) SW_CHECKED;

#endif
