/* SPDX-License-Identifier: ISC */
#include "base/tally.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/output.h"

bool sw_tally_write(const struct sw_tally *tally, const char *path, struct sw_error *error)
{
    char line[100];
    struct sw_output output;
    int length = snprintf(line, sizeof line,
                          "%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\n", tally->read,
                          tally->kept, tally->rejected, tally->bad);
    if (!sw_output_open(&output, path, error)) return false;
    bool good = sw_output_write(&output, line, (size_t)length, error) &&
                sw_output_close(&output, error);
    if (!good) sw_output_abandon(&output);
    return good;
}
