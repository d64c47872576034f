/* SPDX-License-Identifier: ISC */
#include "files/seen.h"

#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

/* More than a tick of any file system's clock: FAT counts in two seconds. */
enum { RECENT_SECONDS = 2 };

void sw_seen_begin(struct sw_seen *seen, const struct timespec *now)
{
    *seen = (struct sw_seen){.known = true};
    if (now) seen->latest = *now, seen->latest.tv_sec -= RECENT_SECONDS;
    sw_identity_begin(&seen->identity);
}

static bool is_after(const struct timespec *one, const struct timespec *other)
{
    return one->tv_sec > other->tv_sec ||
           (one->tv_sec == other->tv_sec && one->tv_nsec > other->tv_nsec);
}

void sw_seen_add(struct sw_seen *seen, const char *path)
{
    struct stat about;
    if (!seen->known || stat(path, &about) != 0) {
        seen->known = false;
        return;
    }
    const int64_t state[] = {
        (int64_t)about.st_dev,         (int64_t)about.st_ino, (int64_t)about.st_size,
        (int64_t)about.st_mtim.tv_sec, about.st_mtim.tv_nsec, (int64_t)about.st_ctim.tv_sec,
        about.st_ctim.tv_nsec,
    };
    sw_identity_bytes(&seen->identity, "seen", state, sizeof state);
    seen->known = seen->latest.tv_sec == 0 || (!is_after(&about.st_mtim, &seen->latest) &&
                                               !is_after(&about.st_ctim, &seen->latest));
}

void sw_seen_end(struct sw_seen *seen, char text[SW_IDENTITY_LENGTH + 1])
{
    if (seen->known)
        sw_identity_end(&seen->identity, text);
    else
        strcpy(text, "-");
}
