/* SPDX-License-Identifier: ISC */
#include "files/scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "files/temporary.h"

/* Where the file system knows no file without a name, it has one for a moment. */
static int open_and_unlink(const char *folder, struct sw_error *error)
{
    char path[PATH_MAX];
    int length = snprintf(path, sizeof path, "%s/.sw-XXXXXX", folder);
    if (length < 0 || (size_t)length >= sizeof path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    if (!sw_temporary_register(path, error)) return -1;
    int fd = mkostemp(path, O_CLOEXEC);
    if (fd >= 0) (void)unlink(path);
    sw_temporary_forget(path);
    return fd;
}

bool sw_scratch_open(struct sw_scratch *scratch, const char *folder, struct sw_error *error)
{
    *scratch = (struct sw_scratch){.output = {.fd = -1}};
    int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0) fd = open_and_unlink(folder, error);
    if (fd < 0) return sw_fail_errno(error, "%s", folder);
    return sw_output_adopt(&scratch->output, fd, folder, error);
}

void sw_scratch_input(const struct sw_scratch *scratch, struct sw_part part, struct sw_input *input)
{
    *input = (struct sw_input){.name = scratch->output.name,
                               .fd = scratch->output.fd,
                               .seekable = true,
                               .shared = true,
                               .position = part.offset,
                               .size = part.offset + part.length};
}

void sw_scratch_drop(const struct sw_scratch *scratch, struct sw_part part)
{
#ifdef FALLOC_FL_PUNCH_HOLE
    (void)fallocate(scratch->output.fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
                    (off_t)part.offset, (off_t)part.length);
#else
    (void)scratch, (void)part;
#endif
}

void sw_scratch_close(struct sw_scratch *scratch)
{
    sw_output_abandon(&scratch->output);
}
