/* SPDX-License-Identifier: ISC */
#include "files/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/memory.h"
#include "files/rename.h"
#include "files/target.h"

static bool hand_on(const struct sw_target *target, const char *from, struct sw_error *error)
{
    int fd = open(from, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    bool good = fd >= 0 && sw_target_hand_on(target, fd);
    if (!good) (void)sw_fail_errno(error, "%s", from);
    if (fd >= 0) close(fd);
    return good;
}

/* Nothing is followed: whoever found the name after all links means that, whatever has been put
 * there since. */
static bool prepare(const char *from, const char *to, struct sw_rename *item,
                    struct sw_error *error)
{
    struct sw_target target = {.fd = -1};
    target.there = lstat(to, &target.about) == 0;
    if (!target.there && errno != ENOENT) return sw_fail_errno(error, "%s", to);
    if (target.there && S_ISDIR(target.about.st_mode))
        return sw_fail(error, SW_SYSTEM, "%s: is a directory", to);
    target.there = target.there && S_ISREG(target.about.st_mode);
    *item = (struct sw_rename){from, to, to};
    return hand_on(&target, from, error);
}

bool sw_output_put(const char *const *names, size_t count, struct sw_error *error)
{
    if (count % 2 != 0) return sw_fail(error, SW_USAGE, "%s: has no new name", names[count - 1]);
    struct sw_rename *items = sw_alloc(count / 2, sizeof *items, error);
    bool good = items != NULL;
    for (size_t i = 0; good && i < count / 2; i++)
        good = prepare(names[2 * i], names[2 * i + 1], &items[i], error);
    good = good && sw_rename_all(items, count / 2, error);
    free(items);
    return good;
}
