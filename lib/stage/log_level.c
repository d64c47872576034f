/* SPDX-License-Identifier: ISC */
#include "stage/log_level.h"

#include <string.h>

bool sw_log_level_find(const char *name, enum sw_log_level *level)
{
    static const char *const names[] = {"error", "warning", "info", "debug"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(name, names[i]) == 0) {
            *level = (enum sw_log_level)i;
            return true;
        }
    return false;
}
