/* SPDX-License-Identifier: ISC */
#include "job/part.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "job/settings.h"

bool sw_job_remove_part(const char *part, struct sw_error *error)
{
    char path[SW_JOB_PATH];
    const char *name = strrchr(part, '/') + 1;
    size_t length = strlen(name), before = (size_t)(name - part);
    snprintf(path, sizeof path, "%.*s", (int)before, part);
    DIR *folder = opendir(path);
    if (!folder) return sw_fail_errno(error, "%s", path);
    bool good = true;
    for (const struct dirent *entry; good && (entry = readdir(folder));) {
        if (strncmp(entry->d_name, name, length) != 0 || entry->d_name[length] != '.') continue;
        snprintf(path + before, sizeof path - before, "%s", entry->d_name);
        good = unlink(path) == 0 || errno == ENOENT || sw_fail_errno(error, "%s", path);
    }
    closedir(folder);
    return good;
}
