/* SPDX-License-Identifier: ISC */
#include "stage/why_not.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MEGABYTES = 4, PIECE = 1 << 20 };

static bool fill(int file)
{
    static const char zeros[PIECE];
    for (int i = 0; i < MEGABYTES; i++)
        for (size_t at = 0; at < PIECE;) {
            ssize_t wrote = write(file, zeros + at, PIECE - at);
            if (wrote < 0 && errno != EINTR) return false;
            if (wrote > 0) at += (size_t)wrote;
        }
    return true;
}

const char *sw_why_not(const char *path)
{
    char probe[PATH_MAX];
    if (snprintf(probe, sizeof probe, "%s.XXXXXX", path) >= PATH_MAX) return strerror(ENAMETOOLONG);
    int file = mkstemp(probe), reason = 0;
    if (file < 0) return errno == ENOENT ? NULL : strerror(errno);
    (void)unlink(probe); /* whatever ends this, nothing of it stays */
    if (!fill(file)) reason = errno;
    if (close(file) != 0 && !reason) reason = errno;
    return reason ? strerror(reason) : NULL;
}
