/* SPDX-License-Identifier: ISC
 *
 * The machine as this process may use it, as figures: cores, memory, free disk, and what follows
 * from them for a run. Asks the kernel and its files (host/cores.h, host/cgroup.h); prints nothing
 * (host/figures.h does).
 *
 *     affinity, cgroup quota ─▶ cores ──┐
 *     meminfo, cgroup limits ─▶ memory ─┴▶ workers ─▶ chunk size, sort memory
 */
#ifndef SW_HOST_HARDWARE_H
#define SW_HOST_HARDWARE_H

#include "host/figures.h"

struct sw_places {
    const char *root;      /* /proc and /sys are read below it; "" is the machine's own */
    const char *temporary; /* the directory whose free disk is SW_TEMPORARY_FREE */
    const char *probe;     /* the directory whose disk is measured; NULL: none is */
};

/* Fills the figures found on the machine: all but what sw_hardware_plan fills. What is not known is
 * 0 or no word, its reason says so. SW_SYSTEM: there is no memory, or the disk to be measured
 * cannot be written. */
bool sw_hardware_read(const struct sw_places *places,
                      struct sw_machine_figure figures[SW_MACHINE_FIGURES],
                      struct sw_error *error) SW_CHECKED;

/* Fills of them only the cores, of which sockets and physical ones are not known then, and the memories: what a plan without an input goes by, with
 * a tenth of the questions. SW_SYSTEM: no memory. */
bool sw_hardware_read_limits(const char *root, struct sw_machine_figure figures[SW_MACHINE_FIGURES],
                             struct sw_error *error) SW_CHECKED;

/* Fills what follows for a run from the others: workers, chunk size, sort memory, and the temporary
 * space for an input of this many bytes (0: not asked). Chunks follow from the memory there is, not
 * from what happens to be free, so that a run that is resumed has the chunks it had. */
void sw_hardware_plan(struct sw_machine_figure figures[SW_MACHINE_FIGURES], uint64_t input_bytes);

#endif
