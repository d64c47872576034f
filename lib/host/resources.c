/* SPDX-License-Identifier: ISC */
#include "host/resources.h"

#include "base/memory.h"
#include "host/hardware.h"

bool sw_resources_read(struct sw_resources *resources, struct sw_error *error)
{
    struct sw_machine_figure *figures = sw_alloc(SW_MACHINE_FIGURES, sizeof *figures, error);
    bool good = figures && sw_hardware_read_limits("", figures, error);
    if (good) {
        sw_hardware_plan(figures, 0);
        *resources = (struct sw_resources){figures[SW_WORKERS].value, figures[SW_CHUNK_SIZE].value,
                                           figures[SW_SORT_MEMORY].value};
    }
    free(figures);
    return good;
}
