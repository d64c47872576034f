/* SPDX-License-Identifier: ISC */
#include "files/file_sum.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum { PIECE = 64 << 10 };

bool sw_file_sum(const char *path, struct sw_posix_checksum *sum, struct sw_error *error)
{
    unsigned char piece[PIECE];
    ssize_t got;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return sw_fail_errno(error, "%s", path);
    while ((got = read(file, piece, sizeof piece)) > 0 || (got < 0 && errno == EINTR))
        if (got > 0) sw_posix_checksum_add(sum, piece, (size_t)got);
    bool good = got == 0 || sw_fail_errno(error, "%s", path);
    close(file);
    return good;
}
