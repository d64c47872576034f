/* SPDX-License-Identifier: ISC */
#include "output/format_name.h"

#include <stddef.h>
#include <string.h>
#include <unistd.h>

static const char *const endings[] = {"csv", "tsv", "jsonl", "parquet", "arrow", "arrows", "swr"};

static const char *ending_of(const char *path)
{
    size_t length = strlen(path);
    if (length > 3 && strcmp(path + length - 3, ".gz") == 0) length -= 3;
    if (length > 4 && strcmp(path + length - 4, ".zst") == 0) length -= 4;
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t own = strlen(endings[i]);
        if (length > own && path[length - own - 1] == '.' &&
            memcmp(path + length - own, endings[i], own) == 0)
            return endings[i];
    }
    return NULL;
}

const char *sw_format_name(const char *said, const char *path, const char *otherwise)
{
    if (said) return said;
    if (!path || strcmp(path, "-") == 0) return isatty(STDOUT_FILENO) ? "table" : otherwise;
    const char *ending = ending_of(path);
    return ending ? ending : otherwise;
}
