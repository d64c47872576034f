/* SPDX-License-Identifier: ISC
 *
 * A small record stream, cut at every byte and with flipped bits:
 *
 *     damage_test library STREAM
 *         read by the library, from a file and from a pipe, every bit flipped: all of it is found
 *     damage_test flip|use STEP STREAM COMMAND…
 *         read by a program through a pipe, one bit flipped of every STEP-th byte: a cut is status
 *         1 with a message; so is a flip, or else (use: the program need not use every byte)
 *         status 0 and the output of the whole stream
 *     damage_test file STEP STREAM COMMAND…
 *         the same of cuts, where the command's last word names a file
 *
 * What is not so is printed, and the status is 1. STEP 1 leaves no byte out.
 */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "records.h"

extern char **environ;

struct stream {
    uint8_t bytes[48 << 10]; /* a pipe holds that much without a reader */
    size_t size;
};

static unsigned failures;

__attribute__((format(printf, 1, 2))) static void failed(const char *format, ...)
{
    va_list values;
    va_start(values, format);
    vprintf(format, values);
    va_end(values);
    putchar('\n');
    failures++;
}

_Noreturn static void give_up(const char *what)
{
    fprintf(stderr, "damage_test: %s: %s\n", what, strerror(errno));
    exit(3);
}

static void load(const char *path, struct stream *stream)
{
    FILE *file = fopen(path, "rb");
    if (!file) give_up(path);
    stream->size = fread(stream->bytes, 1, sizeof stream->bytes, file);
    if (ferror(file) || fgetc(file) != EOF) give_up("not a small file");
    fclose(file);
}

/* ---- the library ---- */

static void must_be_found(const uint8_t *bytes, size_t size, const char *what, size_t at, int bit)
{
    for (int through_pipe = 0; through_pipe <= 1; through_pipe++) {
        struct fuzz_rows rows =
            fuzz_read(through_pipe ? fuzz_pipe(bytes, size) : fuzz_file(0, bytes, size));
        if (through_pipe) fuzz_pipe_end();
        if (rows.good || rows.error.status != SW_DATA)
            failed("%s at byte %zu, bit %d, %s: %s", what, at, bit,
                   through_pipe ? "from a pipe" : "from a file",
                   rows.good ? "not found" : rows.error.message);
    }
}

static void damage_library(struct stream *stream)
{
    struct fuzz_rows whole = fuzz_read(fuzz_file(0, stream->bytes, stream->size));
    if (!whole.good || whole.rows == 0) failed("whole: %s", whole.error.message);
    for (size_t at = 0; at < stream->size; at++) {
        must_be_found(stream->bytes, at, "cut", at, 0);
        for (int bit = 0; bit < 8; bit++) {
            stream->bytes[at] ^= (uint8_t)(1 << bit);
            must_be_found(stream->bytes, stream->size, "flip", at, bit);
            stream->bytes[at] ^= (uint8_t)(1 << bit);
        }
    }
}

/* ---- a program ---- */

struct outcome {
    int status, output, message; /* the latter two are files in memory */
};

static int memory_file(const char *name)
{
    int file = memfd_create(name, MFD_CLOEXEC);
    if (file < 0) give_up("memfd_create");
    return file;
}

static void begin_anew(int file)
{
    if (ftruncate(file, 0) != 0 || lseek(file, 0, SEEK_SET) != 0) give_up("a file in memory");
}

static off_t length_of(int file)
{
    return lseek(file, 0, SEEK_END);
}

/* Runs it, with the bytes in a pipe as its standard input; with no bytes without. */
static void run(char **command, const uint8_t *bytes, size_t size, struct outcome *outcome)
{
    int ends[2], status;
    pid_t process;
    posix_spawn_file_actions_t actions;
    if (pipe2(ends, O_CLOEXEC) != 0) give_up("pipe");
    if (size && write(ends[1], bytes, size) != (ssize_t)size) give_up("write");
    close(ends[1]);
    begin_anew(outcome->output);
    begin_anew(outcome->message);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[0], 0);
    posix_spawn_file_actions_adddup2(&actions, outcome->output, 1);
    posix_spawn_file_actions_adddup2(&actions, outcome->message, 2);
    errno = posix_spawnp(&process, command[0], &actions, NULL, command, environ);
    if (errno) give_up(command[0]);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[0]);
    if (waitpid(process, &status, 0) != process) give_up("waitpid");
    outcome->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static bool is_found(const struct outcome *outcome)
{
    return outcome->status == 1 && length_of(outcome->message) > 0;
}

static bool same_output(const struct outcome *a, const struct outcome *b)
{
    static char one[1 << 20], other[1 << 20];
    off_t length = length_of(a->output);
    if (length != length_of(b->output)) return false;
    if (length > (off_t)sizeof one) give_up("more output than from a small stream");
    return pread(a->output, one, (size_t)length, 0) == length &&
           pread(b->output, other, (size_t)length, 0) == length &&
           memcmp(one, other, (size_t)length) == 0;
}

static void damage_pipe(struct stream *stream, size_t step, bool need_not_use, char **command)
{
    struct outcome whole = {0, memory_file("whole"), memory_file("whole")};
    struct outcome now = {0, memory_file("output"), memory_file("message")};
    run(command, stream->bytes, stream->size, &whole);
    if (whole.status != 0) failed("whole: status %d", whole.status);
    for (size_t at = 0; at < stream->size; at += step) {
        run(command, stream->bytes, at, &now);
        if (!is_found(&now)) failed("cut at %zu: status %d", at, now.status);
        stream->bytes[at] ^= (uint8_t)(1 << at % 8);
        run(command, stream->bytes, stream->size, &now);
        stream->bytes[at] ^= (uint8_t)(1 << at % 8);
        if (is_found(&now)) continue;
        if (!need_not_use || now.status != 0 || !same_output(&whole, &now))
            failed("flip at %zu: status %d", at, now.status);
    }
}

static void damage_file(const struct stream *stream, size_t step, char **command)
{
    struct outcome now = {0, memory_file("output"), memory_file("message")};
    char **last = command;
    while (last[1]) last++;
    int file = open(*last, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (file < 0) give_up(*last);
    if (write(file, stream->bytes, stream->size) != (ssize_t)stream->size) give_up(*last);
    run(command, NULL, 0, &now);
    if (now.status != 0) failed("whole: status %d", now.status);
    for (size_t at = stream->size - 1; at < stream->size; at -= step) {
        if (ftruncate(file, (off_t)at) != 0) give_up(*last);
        run(command, NULL, 0, &now);
        if (!is_found(&now)) failed("cut at %zu: status %d", at, now.status);
    }
    close(file);
}

int main(int count, char **words)
{
    static struct stream stream;
    if (count == 3 && strcmp(words[1], "library") == 0) {
        load(words[2], &stream);
        damage_library(&stream);
        return failures > 0;
    }
    size_t step = count > 4 ? strtoul(words[2], NULL, 10) : 0;
    if (step == 0) {
        fprintf(stderr, "usage: damage_test library STREAM\n"
                        "       damage_test flip|use|file STEP STREAM COMMAND…\n");
        return 2;
    }
    load(words[3], &stream);
    if (strcmp(words[1], "file") == 0)
        damage_file(&stream, step, words + 4);
    else
        damage_pipe(&stream, step, strcmp(words[1], "use") == 0, words + 4);
    return failures > 0;
}
