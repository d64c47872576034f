/* SPDX-License-Identifier: ISC
 *
 * What a run takes of this machine where the user does not say: of all its figures (host/hardware.h) those that sw-hwinfo plans by.
 */
#ifndef SW_HOST_RESOURCES_H
#define SW_HOST_RESOURCES_H

#include <stdint.h>

#include "base/error.h"

struct sw_resources {
    uint64_t workers, chunk_bytes,
        memory_bytes; /* jobs at a time; of a chunk; that one sort holds */
};

/* Asks the machine. SW_SYSTEM: no memory. */
bool sw_resources_read(struct sw_resources *resources, struct sw_error *error) SW_CHECKED;

#endif
