/* SPDX-License-Identifier: ISC */
#include "program/tally.h"

#include <inttypes.h>
#include <stdio.h>

#include "files/output.h"

bool sw_tally_check(const struct sw_tally *tally, const char *what, struct sw_error *error)
{
    if (tally->read == tally->kept + tally->rejected + tally->bad) return true;
    return sw_fail(error, SW_SYSTEM,
                   "%s: the rows do not add up: %" PRIu64 " read, but %" PRIu64 " kept, %" PRIu64
                   " rejected, %" PRIu64 " bad",
                   what, tally->read, tally->kept, tally->rejected, tally->bad);
}

bool sw_tally_write(const struct sw_tally *tally, const char *path, struct sw_error *error)
{
    char line[100];
    int length = snprintf(line, sizeof line, "%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\n",
                          tally->read, tally->kept, tally->rejected, tally->bad);
    return sw_output_file(path, line, (size_t)length, error);
}
