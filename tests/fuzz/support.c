/* SPDX-License-Identifier: ISC */
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/memory.h"
#include "records.h"

_Noreturn void fuzz_give_up(const char *file, int line, const char *what, const char *format, ...)
{
    va_list arguments;
    fprintf(stderr, "%s:%d: does not hold: %s: ", file, line, what);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    abort();
}

void fuzz_check_error(bool good, const struct sw_error *error)
{
    if (good) {
        fuzz_require(error->status == SW_DONE, "%s", error->message);
        return;
    }
    fuzz_require(error->status == SW_DATA || error->status == SW_USAGE ||
                     error->status == SW_SYSTEM,
                 "a failure of status %d", error->status);
    fuzz_require(error->message[0] != '\0', "a failure without a reason");
    for (const char *at = error->message; *at; at++)
        fuzz_require((unsigned char)*at >= ' ' && *at != 0x7f, "a control character: %s",
                     error->message);
}

/* ---- files ---- */

static struct {
    int fd; /* + 1 */
    char path[32];
} files[FUZZ_FILES];

static void write_all(int fd, const void *bytes, size_t size)
{
    for (size_t done = 0; done < size;) {
        ssize_t count = write(fd, (const char *)bytes + done, size - done);
        if (count <= 0) abort();
        done += (size_t)count;
    }
}

static int file_of(unsigned slot)
{
    if (!files[slot].fd) {
        int fd = memfd_create("fuzz", MFD_CLOEXEC);
        if (fd < 0) abort();
        files[slot].fd = fd + 1;
        snprintf(files[slot].path, sizeof files[slot].path, "/proc/self/fd/%d", fd);
    }
    int fd = files[slot].fd - 1;
    if (ftruncate(fd, 0) != 0 || lseek(fd, 0, SEEK_SET) != 0) abort();
    return fd;
}

const char *fuzz_file(unsigned slot, const void *bytes, size_t size)
{
    write_all(file_of(slot), bytes, size);
    return files[slot].path;
}

static int pipe_end = -1;

const char *fuzz_pipe(const void *bytes, size_t size)
{
    static char path[32];
    int ends[2];
    fuzz_pipe_end();
    if (pipe2(ends, O_CLOEXEC) != 0) abort();
    if (size > 65536 && fcntl(ends[1], F_SETPIPE_SZ, FUZZ_PIPE_MAXIMUM) < 0) abort();
    write_all(ends[1], bytes, size);
    pipe_end = ends[0];
    snprintf(path, sizeof path, "/proc/self/fd/%d", pipe_end);
    /* An end that is open for writing keeps the other from being opened only while there is none.
     */
    close(ends[1]);
    return path;
}

void fuzz_pipe_end(void)
{
    if (pipe_end >= 0) close(pipe_end);
    pipe_end = -1;
}

void fuzz_output(struct sw_output *output, unsigned slot)
{
    struct sw_error error = {0};
    int fd = dup(file_of(slot));
    if (fd < 0 || !sw_output_adopt(output, fd, "made up", &error)) abort();
}

char *fuzz_written(unsigned slot, size_t *length)
{
    int fd = files[slot].fd - 1;
    off_t end = lseek(fd, 0, SEEK_END);
    char *text = malloc((size_t)end + 1);
    if (!text || pread(fd, text, (size_t)end, 0) != end) abort();
    text[end] = '\0';
    *length = (size_t)end;
    return text;
}

/* ---- a folder ---- */

static char folder[64];

static void remove_folder(void)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    if (system(command) != 0) fputs("the folder stays\n", stderr);
}

const char *fuzz_folder(void)
{
    if (*folder) return folder;
    const char *where = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
    snprintf(folder, sizeof folder, "%s/fuzz.XXXXXX", where);
    if (!mkdtemp(folder)) abort();
    atexit(remove_folder);
    return folder;
}

const char *fuzz_named_file(const char *name, const void *bytes, size_t size)
{
    static char paths[4][256];
    static unsigned turn;
    char *path = paths[turn++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", fuzz_folder(), name);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0) abort();
    write_all(fd, bytes, size);
    close(fd);
    return path;
}

/* ---- numbers ---- */

uint64_t fuzz_hash(const void *bytes, size_t size)
{
    uint64_t hash = UINT64_C(0xCBF29CE484222325);
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ ((const unsigned char *)bytes)[i]) * UINT64_C(0x100000001B3);
    return hash;
}

uint64_t fuzz_next(uint64_t *state)
{
    uint64_t x = *state += UINT64_C(0x9E3779B97F4A7C15);
    x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
    return x ^ x >> 31;
}

/* ---- records ---- */

void fuzz_check_vector(const struct sw_vector *vector, size_t rows, const struct sw_column *column)
{
    size_t nulls = 0;
    fuzz_require(vector->rows == rows, "%zu rows, not %zu", vector->rows, rows);
    fuzz_require(vector->type == column->type && vector->scale == column->scale, "%s",
                 column->name);
    for (size_t row = 0; row < rows; row++) {
        bool null = sw_is_null(vector, row);
        nulls += null;
        if (vector->type == SW_TEXT && null)
            fuzz_require(vector->codes[row] == 0, "row %zu: a null with a code", row);
        else if (vector->type == SW_TEXT)
            fuzz_require(vector->codes[row] < vector->dictionary_size &&
                             vector->dictionary[vector->codes[row]].length <= SW_TEXT_MAXIMUM,
                         "row %zu: a code without a text", row);
        else if (null)
            fuzz_require(sw_value(vector, row) == 0, "row %zu: a null with a value", row);
    }
    fuzz_require(nulls == vector->nulls, "%zu nulls, not %zu", nulls, vector->nulls);
}

bool fuzz_same_value(const struct sw_vector *a, size_t row_a, const struct sw_vector *b,
                     size_t row_b)
{
    bool null = sw_is_null(a, row_a);
    if (null || sw_is_null(b, row_b)) return null && sw_is_null(b, row_b);
    if (a->type != SW_TEXT) return sw_value(a, row_a) == sw_value(b, row_b);
    const struct sw_text *one = &a->dictionary[a->codes[row_a]];
    const struct sw_text *other = &b->dictionary[b->codes[row_b]];
    return one->length == other->length && memcmp(one->bytes, other->bytes, one->length) == 0;
}

static bool honest(const struct sw_reader *reader, int column, const struct sw_vector *vector)
{
    sw_int128 minimum, maximum;
    size_t nulls;
    if (!sw_reader_bounds(reader, column, &minimum, &maximum, &nulls)) return true;
    if (nulls != vector->nulls) return false;
    for (size_t row = 0; row < vector->rows; row++)
        if (!sw_is_null(vector, row) &&
            (sw_value(vector, row) < minimum || sw_value(vector, row) > maximum))
            return false;
    return true;
}

static bool read_block(struct sw_reader *reader, const struct sw_vector **vectors,
                       struct sw_digest *digest, struct fuzz_rows *all)
{
    for (size_t i = 0; i < reader->schema.column_count; i++) {
        vectors[i] = sw_reader_vector(reader, (int)i, &all->error);
        if (!vectors[i]) return false;
        fuzz_check_vector(vectors[i], reader->rows, &reader->schema.columns[i]);
        all->honest = all->honest && honest(reader, (int)i, vectors[i]);
    }
    return sw_digest_add(digest, &reader->schema, vectors, reader->rows, &all->error);
}

struct fuzz_rows fuzz_read(const char *path)
{
    struct fuzz_rows all = {.honest = true};
    struct sw_reader reader;
    struct sw_digest digest = {0};
    enum sw_step step;
    if (!sw_reader_open(&reader, &path, 1, &all.error)) {
        fuzz_check_error(false, &all.error);
        return all;
    }
    const struct sw_vector **vectors = calloc(reader.schema.column_count + 1, sizeof *vectors);
    while ((step = sw_reader_next(&reader, &all.error)) == SW_ROWS)
        if (!read_block(&reader, vectors, &digest, &all)) break;
    all.good = step == SW_END;
    all.rows = digest.rows;
    all.sum = digest.sum;
    all.blocks = reader.total_blocks;
    fuzz_require(!all.good || all.rows == reader.total_rows, "rows are %" PRIu64 " and %" PRIu64,
                 all.rows, reader.total_rows);
    fuzz_check_error(all.good, &all.error);
    free(vectors);
    sw_digest_free(&digest);
    sw_reader_close(&reader);
    return all;
}
