/* SPDX-License-Identifier: ISC */
#include "base/tally.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/output.h"

bool sw_tally_write(const struct sw_tally *tally, const char *path, struct sw_error *error)
{
    char line[100];
    int length = snprintf(line, sizeof line,
                          "%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\n", tally->read,
                          tally->kept, tally->rejected, tally->bad);
    return sw_output_file(path, line, (size_t)length, error);
}
