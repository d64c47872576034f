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
};

/* Fills the figures found on the machine: all but the last three. What is not known is 0, its
 * reason says so. SW_SYSTEM only when there is no memory. */
bool sw_hardware_read(const struct sw_places *places, struct sw_figure figures[SW_FIGURES],
                      struct sw_error *error) SW_CHECKED;

/* Fills SW_WORKERS, SW_CHUNK_SIZE and SW_SORT_MEMORY from the others. Chunks follow from the memory
 * there is, not from what happens to be free, so that a run that is resumed has the chunks it had.
 */
void sw_hardware_plan(struct sw_figure figures[SW_FIGURES]);

#endif
