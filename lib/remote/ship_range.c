/* SPDX-License-Identifier: ISC
 * A range of a file of text, for a host that does not see the file (remote/ship.h). */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files/output.h"
#include "remote/ship.h"

enum { PIECE = 1 << 20 };

/* Copies them to the same place of another file, as far as there are as many. */
static bool copy_bytes(int from, int to, uint64_t offset, uint64_t length, const char *file,
                       const char *name, struct sw_error *error)
{
    unsigned char *piece = malloc(PIECE);
    bool good = (piece || sw_fail(error, SW_SYSTEM, "out of memory")) &&
                (lseek(to, (off_t)offset, SEEK_SET) >= 0 || sw_fail_errno(error, "%s", name));
    while (good && length > 0) {
        ssize_t got = pread(from, piece, length < PIECE ? length : PIECE, (off_t)offset);
        if (got < 0 && errno == EINTR) continue;
        if (got == 0) break;
        good = got > 0 ? sw_write_all(to, name, piece, (size_t)got, error)
                       : sw_fail_errno(error, "%s", file);
        if (!good) break;
        offset += (uint64_t)got;
        length -= (uint64_t)got;
    }
    free(piece);
    return good;
}

/* Between the header, which ends where data begins, and the range there is nothing, but for the end of the row before. */
static bool copy_file(struct sw_shipping *shipping, const char *file, const char *to, uint64_t data,
                      uint64_t offset, uint64_t length)
{
    struct sw_error *error = shipping->error;
    int from = open(file, O_RDONLY | O_CLOEXEC);
    if (from < 0) return sw_fail_errno(error, "%s", file);
    int copy = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    bool good = copy >= 0 || sw_fail_errno(error, "%s", to);
    good = good && copy_bytes(from, copy, 0, data, file, to, error);
    if (good && offset > data)
        good = pwrite(copy, "\n", 1, (off_t)offset - 1) == 1 || sw_fail_errno(error, "%s", to);
    good = good && copy_bytes(from, copy, offset, length, file, to, error);
    close(from);
    if (copy >= 0 && close(copy) != 0 && good) good = sw_fail_errno(error, "%s", to);
    return good;
}

static bool call_chunk(struct sw_shipping *shipping, struct sw_call *command,
                       const struct sw_job_texts *layout)
{
    bool good = sw_call_add(command, "sw-chunk", shipping->error);
    for (size_t i = 0; good && i < layout->count; i++)
        good = sw_call_add(command, layout->items[i], shipping->error);
    return good;
}

/* Nothing is read from there on, but that a row begins there is looked at. */
static bool prove_border(struct sw_shipping *shipping, const char *file,
                         const struct sw_job_texts *layout, uint64_t offset)
{
    struct sw_call command = {0};
    char range[32];
    snprintf(range, sizeof range, "%" PRIu64 ":0", offset);
    return call_chunk(shipping, &command, layout) &&
           sw_call_words(&command, shipping->error, "--range", range, "--", file, NULL) &&
           sw_ship_call(shipping, &command, NULL);
}

/* Where the rows begin. */
static bool find_data(struct sw_shipping *shipping, const char *file,
                      const struct sw_job_texts *layout, uint64_t *data)
{
    struct sw_call command = {0};
    struct sw_buffer *line = &shipping->text;
    bool good = call_chunk(shipping, &command, layout) &&
                sw_call_words(&command, shipping->error, "--plan", "-n", "1", "--", file, NULL) &&
                sw_ship_call(shipping, &command, line);
    const char *tab = good ? strchr((char *)line->bytes, '\t') : NULL;
    *data = tab ? strtoull(tab + 1, NULL, 10) : 0;
    return good;
}

bool sw_ship_range(struct sw_shipping *shipping, const char *file, const char *to,
                   const struct sw_job_texts *layout, uint64_t offset, uint64_t length)
{
    struct stat about;
    uint64_t data;
    if (!find_data(shipping, file, layout, &data)) return false;
    if (stat(file, &about) != 0) return sw_fail_errno(shipping->error, "%s", file);
    return prove_border(shipping, file, layout, offset) &&
           (offset + length >= (uint64_t)about.st_size ||
            prove_border(shipping, file, layout, offset + length)) &&
           copy_file(shipping, file, to, data, offset, length);
}
