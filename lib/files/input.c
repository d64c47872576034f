/* SPDX-License-Identifier: ISC */
#include "files/input.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { READ_AHEAD_BYTES = 128 << 10 }; /* that a system reads ahead without being told */

static bool cannot_open(struct sw_input *input, struct sw_error *error)
{
    sw_fail_errno(error, "%s", input->name);
    sw_input_close(input);
    return false;
}

bool sw_input_open(struct sw_input *input, const char *path, struct sw_error *error)
{
    bool standard = !path || strcmp(path, "-") == 0;
    *input = (struct sw_input){.name = standard ? "standard input" : path, .fd = STDIN_FILENO};
    if (!standard) input->fd = open(path, O_RDONLY | O_CLOEXEC);
    if (input->fd < 0) return sw_fail_errno(error, "%s", path);
    struct stat about;
    if (fstat(input->fd, &about) != 0) return cannot_open(input, error);
    if (S_ISDIR(about.st_mode)) {
        sw_input_close(input);
        return sw_fail(error, SW_SYSTEM, "%s: is a directory", input->name);
    }
    off_t here = S_ISREG(about.st_mode) ? lseek(input->fd, 0, SEEK_CUR) : -1;
    if (here < 0 && S_ISREG(about.st_mode)) return cannot_open(input, error);
    input->seekable = here >= 0;
    input->piped = S_ISFIFO(about.st_mode) || S_ISSOCK(about.st_mode);
    if (input->seekable) {
        input->size = (uint64_t)about.st_size;
        input->position = (uint64_t)here;
#ifdef POSIX_FADV_SEQUENTIAL
        if (input->size > READ_AHEAD_BYTES) /* advice; refusal is no loss */
            (void)posix_fadvise(input->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
#endif
    } else {
#ifdef F_SETPIPE_SZ
        (void)fcntl(input->fd, F_SETPIPE_SZ,
                    256 * 1024); /* refused past the user's limit: no loss */
#endif
    }
    return true;
}

/* Where the file stands: after what was peeked at. */
static ssize_t read_part(const struct sw_input *input, void *to, size_t length)
{
    uint64_t here = input->position + input->peeked_length - input->peeked_used;
    uint64_t left = input->size > here ? input->size - here : 0;
    return pread(input->fd, to, length < left ? length : (size_t)left, (off_t)here);
}

static bool read_once(struct sw_input *input, void *to, size_t length, size_t *got,
                      struct sw_error *error)
{
    ssize_t count;
    do count = input->shared ? read_part(input, to, length) : read(input->fd, to, length);
    while (count < 0 && errno == EINTR);
    if (count < 0)
        return sw_fail_errno(error, "%s: byte %llu", input->name,
                             (unsigned long long)input->position);
    *got = (size_t)count;
    return true;
}

static size_t take_peeked(struct sw_input *input, void *to, size_t length)
{
    size_t here = input->peeked_length - input->peeked_used;
    if (here > length) here = length;
    if (here) memcpy(to, input->peeked + input->peeked_used, here);
    input->peeked_used += here;
    input->position += here;
    return here;
}

bool sw_input_read_some(struct sw_input *input, void *to, size_t length, size_t *got,
                        struct sw_error *error)
{
    *got = take_peeked(input, to, length);
    if (*got || length == 0) return true;
    if (!read_once(input, to, length, got, error)) return false;
    input->position += *got;
    return true;
}

bool sw_input_read(struct sw_input *input, void *to, size_t length, size_t *got,
                   struct sw_error *error)
{
    for (*got = 0; *got < length;) {
        size_t part;
        if (!sw_input_read_some(input, (char *)to + *got, length - *got, &part, error))
            return false;
        if (part == 0) return true;
        *got += part;
    }
    return true;
}

bool sw_input_peek(struct sw_input *input, void *to, size_t length, size_t *got,
                   struct sw_error *error)
{
    size_t left = input->peeked_length - input->peeked_used;
    memmove(input->peeked, input->peeked + input->peeked_used, left);
    input->peeked_used = 0;
    input->peeked_length = left;
    while (input->peeked_length < length) {
        size_t part = 0;
        if (!read_once(input, input->peeked + input->peeked_length, length - input->peeked_length,
                       &part, error))
            return false;
        if (part == 0) break;
        input->peeked_length += part;
    }
    *got = input->peeked_length < length ? input->peeked_length : length;
    memcpy(to, input->peeked, *got);
    return true;
}

bool sw_input_seek(struct sw_input *input, uint64_t offset, struct sw_error *error)
{
    if (!input->shared && lseek(input->fd, (off_t)offset, SEEK_SET) < 0)
        return sw_fail_errno(error, "%s: cannot seek to byte %llu", input->name,
                             (unsigned long long)offset);
    input->position = offset;
    input->peeked_length = input->peeked_used = 0;
    return true;
}

bool sw_input_skip(struct sw_input *input, uint64_t length, uint64_t *skipped,
                   struct sw_error *error)
{
    char scratch[65536];
    *skipped = 0;
    if (input->seekable && length > sizeof scratch) {
        uint64_t left = input->size > input->position ? input->size - input->position : 0;
        *skipped = length < left ? length : left;
        return sw_input_seek(input, input->position + *skipped, error);
    }
    while (*skipped < length) {
        uint64_t left = length - *skipped;
        size_t part;
        if (!sw_input_read_some(input, scratch, left < sizeof scratch ? left : sizeof scratch,
                                &part, error))
            return false;
        if (part == 0) return true;
        *skipped += part;
    }
    return true;
}

bool sw_input_read_at(struct sw_input *input, uint64_t offset, void *to, size_t length, size_t *got,
                      struct sw_error *error)
{
    if (input->source) return input->source->read_at(input, offset, to, length, got, error);
    for (*got = 0; *got < length;) {
        ssize_t count = pread(input->fd, (char *)to + *got, length - *got, (off_t)(offset + *got));
        if (count < 0 && errno == EINTR) continue;
        if (count < 0)
            return sw_fail_errno(error, "%s: byte %llu", input->name,
                                 (unsigned long long)(offset + *got));
        if (count == 0) return true;
        *got += (size_t)count;
    }
    return true;
}

const char *sw_input_annotate(const struct sw_input *input)
{
    return input->piped ? " (see the program before it)" : "";
}

void sw_input_close(struct sw_input *input)
{
    if (input->fd > STDERR_FILENO && !input->shared) close(input->fd);
    input->fd = -1;
}

static bool is_standard(const char *name)
{
    return name && strcmp(name, "-") == 0;
}

bool sw_input_refuse_sharing(const char *const *inputs, size_t count, const char *const *more,
                             size_t more_count, struct sw_error *error)
{
    size_t taken = count == 0;
    for (size_t i = 0; i < count; i++) taken += is_standard(inputs[i]);
    for (size_t i = 0; i < more_count; i++) taken += is_standard(more[i]);
    return taken <= 1 || sw_fail(error, SW_USAGE, "two inputs cannot both be standard input");
}
