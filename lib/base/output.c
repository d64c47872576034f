/* SPDX-License-Identifier: ISC */
#include "base/output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ZLIB_CONST
#include <zlib.h>

#include "base/memory.h"
#include "base/temporary.h"

enum {
    BUFFER_SIZE = 64 * 1024,
    PIPE_SIZE = 256 * 1024,
    GZIP_LEVEL = 1, /* of order events 121 MB/s to 29% of the size; level 6: 28 MB/s to 23% */
    GZIP_WINDOW = 15 + 16, /* the largest one, with a gzip header */
    GZIP_MEMORY = 9,
    GZIP_SYSTEM = 255, /* unknown: the same byte wherever it was written */
    GZIP_PIECE = 1 << 30,
};

struct sw_gzip {
    z_stream stream;
    gz_header header;
};

/* The path behind symbolic links, so that the rename replaces the file and not the link. */
static char *resolve(const char *path, struct sw_error *error)
{
    char *real = realpath(path, NULL);
    return real ? real : sw_copy_text(path, strlen(path), error);
}

static bool open_beside(struct sw_output *output, const char *path, struct sw_error *error)
{
    output->final_path = resolve(path, error);
    if (!output->final_path) return false;
    output->temporary_path = sw_alloc(strlen(output->final_path) + 16, 1, error);
    if (!output->temporary_path) return false;
    sprintf(output->temporary_path, "%s.XXXXXX.tmp", output->final_path);
    output->fd = mkostemps(output->temporary_path, 4, O_CLOEXEC);
    if (output->fd < 0) return sw_fail_errno(error, "%s", path);
    if (!sw_temporary_register(output->temporary_path, error)) {
        (void)unlink(output->temporary_path);
        return false;
    }
    mode_t mask = umask(0);
    umask(mask);
    if (fchmod(output->fd, 0666 & ~mask) != 0) return sw_fail_errno(error, "%s", path);
    return true;
}

static bool open_path(struct sw_output *output, const char *path, struct sw_error *error)
{
    struct stat about;
    bool there = stat(path, &about) == 0;
    if (there && S_ISDIR(about.st_mode))
        return sw_fail(error, SW_SYSTEM, "%s: is a directory", path);
    if (!there || S_ISREG(about.st_mode)) return open_beside(output, path, error);
    output->fd = open(path, O_WRONLY | O_CLOEXEC);
    return output->fd >= 0 || sw_fail_errno(error, "%s", path);
}

bool sw_output_open(struct sw_output *output, const char *path, struct sw_error *error)
{
    bool standard = !path || strcmp(path, "-") == 0;
    *output = (struct sw_output){.name = standard ? "standard output" : path,
                                 .fd = standard ? STDOUT_FILENO : -1};
    output->buffer = sw_alloc(BUFFER_SIZE, 1, error);
    if (!output->buffer || (!standard && !open_path(output, path, error))) {
        sw_output_abandon(output);
        return false;
    }
#ifdef F_SETPIPE_SZ
    (void)fcntl(output->fd, F_SETPIPE_SZ, PIPE_SIZE); /* no pipe, or past the user's limit: no loss */
#endif
    return true;
}

bool sw_output_named_gzip(const char *path)
{
    size_t length = path ? strlen(path) : 0;
    return length > 3 && strcmp(path + length - 3, ".gz") == 0;
}

bool sw_output_compress(struct sw_output *output, struct sw_error *error)
{
    struct sw_gzip *gzip = sw_alloc(1, sizeof *gzip, error);
    if (!gzip) return false;
    gzip->header.os = GZIP_SYSTEM;
    if (deflateInit2(&gzip->stream, GZIP_LEVEL, Z_DEFLATED, GZIP_WINDOW, GZIP_MEMORY,
                     Z_DEFAULT_STRATEGY) != Z_OK ||
        deflateSetHeader(&gzip->stream, &gzip->header) != Z_OK) {
        (void)deflateEnd(&gzip->stream);
        free(gzip);
        return sw_fail(error, SW_SYSTEM, "%s: no memory to compress", output->name);
    }
    output->gzip = gzip;
    return true;
}

bool sw_output_open_text(struct sw_output *output, const char *path, struct sw_error *error)
{
    if (!sw_output_open(output, path, error)) return false;
    if (!sw_output_named_gzip(path) || sw_output_compress(output, error)) return true;
    sw_output_abandon(output);
    return false;
}

bool sw_output_adopt(struct sw_output *output, int fd, const char *name, struct sw_error *error)
{
    *output = (struct sw_output){.name = name, .fd = fd};
    output->buffer = sw_alloc(BUFFER_SIZE, 1, error);
    if (output->buffer) return true;
    sw_output_abandon(output);
    return false;
}

bool sw_output_append(struct sw_output *output, const char *path, struct sw_error *error)
{
    int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
    if (fd < 0) {
        *output = (struct sw_output){.name = path, .fd = -1};
        return sw_fail_errno(error, "%s", path);
    }
    return sw_output_adopt(output, fd, path, error);
}

static bool write_all(struct sw_output *output, const unsigned char *bytes, size_t length,
                      struct sw_error *error)
{
    while (length) {
        ssize_t count = write(output->fd, bytes, length);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return sw_fail_errno(error, "%s", output->name);
        bytes += count;
        length -= (size_t)count;
    }
    return true;
}

bool sw_output_flush(struct sw_output *output, struct sw_error *error)
{
    size_t length = output->buffered;
    output->buffered = 0;
    return write_all(output, output->buffer, length, error);
}

/* Deflates into the buffer, which is handed on whenever it is full. */
static bool deflate_piece(struct sw_output *output, const unsigned char *bytes, size_t length,
                          int flush, struct sw_error *error)
{
    z_stream *stream = &output->gzip->stream;
    stream->next_in = bytes;
    stream->avail_in = (uInt)length;
    do {
        if (output->buffered == BUFFER_SIZE && !sw_output_flush(output, error)) return false;
        stream->next_out = output->buffer + output->buffered;
        stream->avail_out = (uInt)(BUFFER_SIZE - output->buffered);
        int outcome = deflate(stream, flush);
        output->buffered = BUFFER_SIZE - stream->avail_out;
        if (outcome == Z_STREAM_END) return true;
        if (outcome != Z_OK)
            return sw_fail(error, SW_SYSTEM, "%s: zlib failed: %d", output->name, outcome);
    } while (stream->avail_in > 0 || flush == Z_FINISH);
    return true;
}

static bool write_compressed(struct sw_output *output, const unsigned char *bytes, size_t length,
                             struct sw_error *error)
{
    while (length) {
        size_t piece = length < GZIP_PIECE ? length : GZIP_PIECE;
        if (!deflate_piece(output, bytes, piece, Z_NO_FLUSH, error)) return false;
        bytes += piece;
        length -= piece;
    }
    return true;
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

static void forget(struct sw_output *output)
{
    if (output->gzip) (void)deflateEnd(&output->gzip->stream); /* it fails where data is left */
    free(output->gzip);
    output->gzip = NULL;
    free(output->buffer);
    free(output->final_path);
    if (output->temporary_path) sw_temporary_forget(output->temporary_path);
    free(output->temporary_path);
    output->buffer = NULL;
    output->final_path = output->temporary_path = NULL;
    output->fd = -1;
}

bool sw_output_close(struct sw_output *output, struct sw_error *error)
{
    bool good = (!output->gzip || deflate_piece(output, NULL, 0, Z_FINISH, error)) &&
                sw_output_flush(output, error);
    if (close(output->fd) != 0 && good) good = sw_fail_errno(error, "%s", output->name);
    output->fd = -1;
    if (good && output->temporary_path &&
        rename(output->temporary_path, output->final_path) != 0)
        good = sw_fail_errno(error, "%s", output->name);
    if (!good && output->temporary_path) (void)unlink(output->temporary_path);
    forget(output);
    return good;
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

static bool about_input(const char *path, struct stat *about)
{
    if (!path || strcmp(path, "-") == 0) return fstat(STDIN_FILENO, about) == 0;
    return stat(path, about) == 0;
}

bool sw_output_refuse_inputs(const char *path, const char *const *inputs, size_t count,
                             struct sw_error *error)
{
    static const char *const standard[] = {"-"};
    struct stat out, in;
    bool to_standard = !path || strcmp(path, "-") == 0;
    if ((to_standard ? fstat(STDOUT_FILENO, &out) : stat(path, &out)) != 0) return true;
    if (!S_ISREG(out.st_mode)) return true;
    if (count == 0) {
        inputs = standard;
        count = 1;
    }
    for (size_t i = 0; i < count; i++)
        if (about_input(inputs[i], &in) && in.st_dev == out.st_dev && in.st_ino == out.st_ino)
            return sw_fail(error, SW_USAGE, "%s: is an input and the output",
                           to_standard ? "standard output" : path);
    return true;
}

/* The directory of a path, and behind the last slash the name in it. */
static bool about_directory(const char *path, const char **name, struct stat *about)
{
    char directory[PATH_MAX];
    const char *slash = strrchr(path, '/');
    *name = slash ? slash + 1 : path;
    int length = snprintf(directory, sizeof directory, "%.*s.", (int)(*name - path), path);
    return length > 0 && (size_t)length < sizeof directory && stat(directory, about) == 0;
}

static bool same_name(const char *path, const char *other_path)
{
    struct stat about, other;
    const char *name, *other_name;
    return about_directory(path, &name, &about) && about_directory(other_path, &other_name, &other) &&
           about.st_dev == other.st_dev && about.st_ino == other.st_ino &&
           strcmp(name, other_name) == 0;
}

bool sw_output_refuse_same(const struct sw_output *one, const struct sw_output *other,
                           struct sw_error *error)
{
    bool standard = one->fd == STDOUT_FILENO && other->fd == STDOUT_FILENO;
    bool same = one->final_path && other->final_path && same_name(one->final_path, other->final_path);
    return !(standard || same) ||
           sw_fail(error, SW_USAGE, "%s: two outputs into one file", other->name);
}

static bool is_special(const char *path)
{
    struct stat about;
    return strcmp(path, "-") == 0 || (stat(path, &about) == 0 && !S_ISREG(about.st_mode));
}

static bool refuse_twins(const char *const *outputs, size_t count, struct sw_error *error)
{
    for (size_t i = 0; i < count; i++)
        for (size_t j = i + 1; j < count; j++)
            if (outputs[i] && outputs[j] && !is_special(outputs[i]) && !is_special(outputs[j]) &&
                same_name(outputs[i], outputs[j]))
                return sw_fail(error, SW_USAGE, "%s: two outputs into one file", outputs[j]);
    return true;
}

bool sw_output_refuse_clash(const char *const *outputs, size_t output_count,
                            const char *const *inputs, size_t input_count, const char *const *more,
                            struct sw_error *error)
{
    for (size_t i = 0; i < output_count; i++) {
        if (i > 0 && !outputs[i]) continue; /* the first one is the main output: none is standard output */
        if (!sw_output_refuse_inputs(outputs[i], inputs, input_count, error)) return false;
        for (size_t j = 0; more && more[j]; j++)
            if (!sw_output_refuse_inputs(outputs[i], &more[j], 1, error)) return false;
    }
    return refuse_twins(outputs, output_count, error);
}
