/* SPDX-License-Identifier: ISC */
#include "program/ranges.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

bool sw_ranges_add(struct sw_ranges *ranges, uint64_t offset, uint64_t length,
                   struct sw_error *error)
{
    char line[80];
    const char *before = ranges->before ? ranges->before : "";
    int written = snprintf(line, sizeof line, "%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\n",
                           ++ranges->count, offset, length);
    return sw_output_write(ranges->output, before, strlen(before), error) &&
           sw_output_write(ranges->output, line, (size_t)written, error);
}
