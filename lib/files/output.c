/* SPDX-License-Identifier: ISC */
#include "files/output.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "files/gzip_block.h"
#include "files/rename.h"
#include "files/target.h"
#include "files/temporary.h"

enum {
    BUFFER_SIZE = 64 * 1024,
    PIPE_SIZE = 256 * 1024,
};

/* The text of the next block; the blocks go through the buffer, which has room for one more than is handed on at a time. */
struct sw_gzip {
    struct sw_packer *packer;
    size_t filled;
    unsigned char text[SW_GZIP_BLOCK_TEXT];
};

static bool set_access(int fd, const struct sw_target *target)
{
    if (target->there) return sw_target_hand_on(target, fd);
    mode_t mask = umask(0);
    umask(mask);
    return fchmod(fd, 0666 & ~mask) == 0;
}

static bool open_beside(struct sw_output *output, const struct sw_target *target,
                        struct sw_error *error)
{
    output->final_path = sw_copy_text(target->path, strlen(target->path), error);
    if (!output->final_path) return false;
    output->temporary_path = sw_alloc(strlen(output->final_path) + 16, 1, error);
    if (!output->temporary_path) return false;
    sprintf(output->temporary_path, "%s.XXXXXX.tmp", output->final_path);
    output->fd = mkostemps(output->temporary_path, 4, O_CLOEXEC);
    if (output->fd < 0) return sw_fail_errno(error, "%s", output->name);
    if (!sw_temporary_register(output->temporary_path, error)) {
        (void)unlink(output->temporary_path);
        return false;
    }
    return set_access(output->fd, target) || sw_fail_errno(error, "%s", output->name);
}

/* A file that has come into the place of a device meanwhile is not written over. */
static bool open_direct(struct sw_output *output, struct sw_error *error)
{
    struct stat about;
    output->fd = open(output->name, O_WRONLY | O_NOCTTY | O_CLOEXEC);
    if (output->fd < 0 || fstat(output->fd, &about) != 0)
        return sw_fail_errno(error, "%s", output->name);
    return !S_ISREG(about.st_mode) ||
           sw_fail(error, SW_SYSTEM, "%s: has become a file while it was opened", output->name);
}

/* Standard output itself is closed at the end; of what has a name there may be several users. */
static bool open_target(struct sw_output *output, const struct sw_target *target, bool standard,
                        struct sw_error *error)
{
    switch (target->kind) {
    case SW_TARGET_FILE:
        return open_beside(output, target, error);
    case SW_TARGET_DIRECT:
        return open_direct(output, error);
    case SW_TARGET_DESCRIPTOR:
        break;
    }
    output->fd = standard ? target->fd : fcntl(target->fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    return output->fd >= 0 || sw_fail_errno(error, "%s", output->name);
}

bool sw_output_open(struct sw_output *output, const char *path, struct sw_error *error)
{
    bool standard = !path || strcmp(path, "-") == 0;
    struct sw_target target;
    *output = (struct sw_output){.name = standard ? "standard output" : path, .fd = -1};
    bool good = sw_target_find(&target, path, error);
    if (good) {
        output->buffer = sw_alloc_unset(BUFFER_SIZE, 1, error);
        good = output->buffer && open_target(output, &target, standard, error);
        sw_target_free(&target);
    }
    if (!good) {
        sw_output_abandon(output);
        return false;
    }
#ifdef F_SETPIPE_SZ
    (void)fcntl(output->fd, F_SETPIPE_SZ,
                PIPE_SIZE); /* no pipe, or past the user's limit: no loss */
#endif
    return true;
}

bool sw_output_named_gzip(const char *path)
{
    size_t length = path ? strlen(path) : 0;
    return length > 3 && strcmp(path + length - 3, ".gz") == 0;
}

void sw_gzip_free(struct sw_gzip *gzip)
{
    if (gzip) sw_packer_free(gzip->packer);
    free(gzip);
}

static struct sw_gzip *open_gzip(struct sw_error *error)
{
    struct sw_gzip *gzip = sw_alloc_unset(1, sizeof *gzip, error);
    if (!gzip) return NULL;
    gzip->packer = sw_packer_open(error);
    if (gzip->packer) return gzip;
    free(gzip);
    return NULL;
}

bool sw_output_compress_again(struct sw_output *output, struct sw_gzip **kept,
                              struct sw_error *error)
{
    unsigned char *larger = sw_alloc_unset(BUFFER_SIZE + SW_GZIP_BLOCK_MAXIMUM, 1, error);
    if (!larger) return false;
    free(output->buffer); /* nothing is in it */
    output->buffer = larger;
    output->kept = kept;
    output->gzip = kept && *kept ? *kept : open_gzip(error);
    if (!output->gzip) return false;
    if (kept) *kept = NULL;
    output->gzip->filled = 0;
    return true;
}

bool sw_output_compress(struct sw_output *output, struct sw_error *error)
{
    return sw_output_compress_again(output, NULL, error);
}

bool sw_output_refuse_zstd(const char *path, struct sw_error *error)
{
    size_t length = path ? strlen(path) : 0;
    return length <= 4 || strcmp(path + length - 4, ".zst") != 0 ||
           sw_fail(error, SW_USAGE,
                   "%s: zstd is read, but not written: name it .gz, or pipe it into zstd", path);
}

bool sw_output_open_text(struct sw_output *output, const char *path, struct sw_error *error)
{
    *output = (struct sw_output){.name = path, .fd = -1};
    if (!sw_output_refuse_zstd(path, error)) return false;
    if (!sw_output_open(output, path, error)) return false;
    if (!sw_output_named_gzip(path) || sw_output_compress(output, error)) return true;
    sw_output_abandon(output);
    return false;
}

bool sw_output_adopt(struct sw_output *output, int fd, const char *name, struct sw_error *error)
{
    *output = (struct sw_output){.name = name, .fd = fd};
    output->buffer = sw_alloc_unset(BUFFER_SIZE, 1, error);
    if (output->buffer) return true;
    sw_output_abandon(output);
    return false;
}

bool sw_output_append(struct sw_output *output, const char *path, struct sw_error *error)
{
    int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (fd < 0) {
        *output = (struct sw_output){.name = path, .fd = -1};
        return sw_fail_errno(error, "%s", path);
    }
    return sw_output_adopt(output, fd, path, error);
}

bool sw_write_all(int file, const char *name, const void *bytes, size_t length,
                  struct sw_error *error)
{
    for (const unsigned char *at = bytes; length;) {
        ssize_t count = write(file, at, length);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return sw_fail_errno(error, "%s", name);
        at += count;
        length -= (size_t)count;
    }
    return true;
}

static bool write_all(const struct sw_output *output, const unsigned char *bytes, size_t length,
                      struct sw_error *error)
{
    return sw_write_all(output->fd, output->name, bytes, length, error);
}

bool sw_output_flush(struct sw_output *output, struct sw_error *error)
{
    size_t length = output->buffered;
    output->buffered = 0;
    return write_all(output, output->buffer, length, error);
}

/* Makes a block of the text that is there, even of none. */
static bool write_block(struct sw_output *output, struct sw_error *error)
{
    struct sw_gzip *gzip = output->gzip;
    output->buffered +=
        sw_packer_block(gzip->packer, gzip->text, gzip->filled, output->buffer + output->buffered);
    gzip->filled = 0;
    return output->buffered < BUFFER_SIZE || sw_output_flush(output, error);
}

/* A block has as much text as it may, so that where it ends does not depend on how the text came. */
static bool write_compressed(struct sw_output *output, const unsigned char *bytes, size_t length,
                             struct sw_error *error)
{
    struct sw_gzip *gzip = output->gzip;
    while (length) {
        size_t room = SW_GZIP_BLOCK_TEXT - gzip->filled, piece = length < room ? length : room;
        memcpy(gzip->text + gzip->filled, bytes, piece);
        gzip->filled += piece;
        bytes += piece;
        length -= piece;
        if (gzip->filled == SW_GZIP_BLOCK_TEXT && !write_block(output, error)) return false;
    }
    return true;
}

/* What is left, and the empty block that ends a file. */
static bool end_compressed(struct sw_output *output, struct sw_error *error)
{
    return (output->gzip->filled == 0 || write_block(output, error)) && write_block(output, error);
}

bool sw_output_write(struct sw_output *output, const void *bytes, size_t length,
                     struct sw_error *error)
{
    output->written += length;
    if (output->gzip) return write_compressed(output, bytes, length, error);
    if (length > BUFFER_SIZE - output->buffered) {
        if (!sw_output_flush(output, error)) return false;
        if (length >= BUFFER_SIZE) return write_all(output, bytes, length, error);
    }
    if (length) memcpy(output->buffer + output->buffered, bytes, length);
    output->buffered += length;
    return true;
}

static void free_buffers(struct sw_output *output)
{
    if (output->gzip && output->kept)
        *output->kept = output->gzip;
    else
        sw_gzip_free(output->gzip);
    free(output->buffer);
    output->gzip = NULL;
    output->buffer = NULL;
}

static void forget(struct sw_output *output)
{
    free_buffers(output);
    free(output->final_path);
    if (output->temporary_path) sw_temporary_forget(output->temporary_path);
    free(output->temporary_path);
    output->final_path = output->temporary_path = NULL;
    output->fd = -1;
}

bool sw_output_finish(struct sw_output *output, struct sw_error *error)
{
    bool good = !output->gzip || end_compressed(output, error);
    good = good && sw_output_flush(output, error);
    if (close(output->fd) != 0 && good) good = sw_fail_errno(error, "%s", output->name);
    output->fd = -1;
    free_buffers(output);
    if (!good) sw_output_abandon(output);
    return good;
}

bool sw_output_publish(struct sw_output *const *outputs, size_t count, struct sw_error *error)
{
    struct sw_rename *items = sw_alloc(count, sizeof *items, error);
    size_t files = 0;
    for (size_t i = 0; items && i < count; i++)
        if (outputs[i]->temporary_path)
            items[files++] = (struct sw_rename){outputs[i]->temporary_path, outputs[i]->final_path,
                                                outputs[i]->name};
    bool good = items && sw_rename_all(items, files, error);
    for (size_t i = 0; i < count; i++) {
        if (good)
            forget(outputs[i]);
        else
            sw_output_abandon(outputs[i]);
    }
    free(items);
    return good;
}

bool sw_output_close(struct sw_output *output, struct sw_error *error)
{
    if (!sw_output_finish(output, error)) return false;
    if (output->temporary_path) return sw_output_publish(&output, 1, error);
    forget(output);
    return true;
}

void sw_output_abandon(struct sw_output *output)
{
    if (output->fd > STDERR_FILENO) close(output->fd);
    if (output->temporary_path) (void)unlink(output->temporary_path);
    forget(output);
}

bool sw_output_end(struct sw_output *output, bool good, struct sw_error *error)
{
    if (good) return sw_output_close(output, error);
    sw_output_abandon(output);
    return false;
}

bool sw_output_file(const char *path, const void *bytes, size_t length, struct sw_error *error)
{
    struct sw_output output;
    if (!sw_output_open(&output, path, error)) return false;
    return sw_output_end(&output, sw_output_write(&output, bytes, length, error), error);
}

bool sw_output_refuse_terminal(const struct sw_output *output, struct sw_error *error)
{
    if (!isatty(output->fd)) return true;
    return sw_fail(error, SW_USAGE,
                   "%s is a terminal, and records are not for reading: pipe them into sw-cut or "
                   "give -o FILE",
                   output->name);
}
