/* SPDX-License-Identifier: ISC
 *
 * Record streams: whatever the bytes are, they are read in the same way from a file and from a
 * pipe, in ranges, and by rows that were picked; and what could be read can be written anew in
 * every way, read again as the same rows, and searched by its index.
 */
#include <inttypes.h>

#include "records.h"
#include "stream/stream_ranges.h"
#include "stream/verify.h"
#include "stream/writer.h"

enum { IN, OUT, RANGES };

/* Blocks of many columns and rows are slow, and are tested by size elsewhere. */
static bool is_large(const char *path)
{
    struct sw_reader reader;
    struct sw_error error = {0};
    uint64_t cells = 0;
    if (!sw_reader_open(&reader, &path, 1, &error)) return false;
    while (sw_reader_next(&reader, &error) == SW_ROWS)
        cells += reader.rows * (reader.schema.column_count + 1);
    sw_reader_close(&reader);
    return cells > 1 << 20;
}

static void check_same(const struct fuzz_rows *a, const struct fuzz_rows *b, const char *way)
{
    fuzz_require(a->good == b->good, "%s: %s | %s", way, a->error.message, b->error.message);
    fuzz_require(a->rows == b->rows && a->sum == b->sum, "%s: %" PRIu64 " rows, not %" PRIu64, way,
                 b->rows, a->rows);
}

/* ---- picked rows ---- */

static size_t choose_rows(uint32_t *chosen, size_t rows, uint64_t *state)
{
    size_t count = 0;
    uint64_t share = fuzz_next(state) % 8 + 1;
    for (size_t row = 0; row < rows; row++)
        if (fuzz_next(state) % 8 < share) chosen[count++] = (uint32_t)row;
    if (count == 0) chosen[count++] = (uint32_t)(fuzz_next(state) % rows);
    return count;
}

/* A column that can be decoded whole has the same values where rows of it were picked. */
static bool compare_column(struct sw_reader *whole, struct sw_reader *picking, int column,
                           const uint32_t *chosen, size_t count)
{
    struct sw_error error = {0}, other = {0};
    const struct sw_vector *all = sw_reader_vector(whole, column, &error);
    if (!all) return false;
    const struct sw_vector *some = sw_reader_vector(picking, column, &other);
    fuzz_require(some, "column %d can be decoded, but not picked of: %s", column, other.message);
    fuzz_check_vector(some, count, &whole->schema.columns[column]);
    for (size_t i = 0; i < count; i++)
        fuzz_require(fuzz_same_value(all, chosen[i], some, i), "column %d, row %" PRIu32, column,
                     chosen[i]);
    return true;
}

static bool compare_block(struct sw_reader *whole, struct sw_reader *picking, uint64_t *state)
{
    static uint32_t chosen[SW_BLOCK_ROWS_MAXIMUM], fewer[SW_BLOCK_ROWS_MAXIMUM];
    struct sw_error error = {0};
    size_t columns = whole->schema.column_count, count = choose_rows(chosen, whole->rows, state);
    fuzz_require(whole->rows == picking->rows, "rows of a block");
    for (size_t i = 0; i < columns; i++)
        if (fuzz_next(state) % 4 == 0 && !sw_reader_vector(picking, (int)i, &error)) return false;
    fuzz_require(sw_reader_pick(picking, chosen, count, &error), "%s", error.message);
    for (size_t i = columns; i-- > 0;)
        if (!compare_column(whole, picking, (int)i, chosen, count)) return false;
    if (fuzz_next(state) % 2) return true;
    size_t left = choose_rows(fewer, count, state);
    for (size_t i = 0; i < left; i++) fewer[i] = chosen[fewer[i]];
    fuzz_require(sw_reader_pick(picking, fewer, left, &error), "%s", error.message);
    for (size_t i = 0; i < columns; i++)
        if (!compare_column(whole, picking, (int)i, fewer, left)) return false;
    return true;
}

static void compare_picks(const char *path, uint64_t state)
{
    struct sw_reader whole, picking;
    struct sw_error error = {0};
    enum sw_step step, other;
    if (!sw_reader_open(&whole, &path, 1, &error)) return;
    if (!sw_reader_open(&picking, &path, 1, &error)) abort();
    do {
        step = sw_reader_next(&whole, &error);
        other = sw_reader_next(&picking, &error);
        fuzz_require(step == other, "steps");
    } while (step == SW_ROWS && compare_block(&whole, &picking, &state));
    sw_reader_close(&whole);
    sw_reader_close(&picking);
}

/* ---- ranges ---- */

/* The ranges of a file, read one by one, hold its rows. */
static void compare_ranges(const char *path, const struct fuzz_rows *all, uint64_t count)
{
    struct sw_output output;
    struct sw_ranges ranges = {.output = &output};
    struct sw_division division = {.count = count};
    struct sw_reader reader;
    struct sw_error error = {0};
    struct sw_digest digest = {0};
    unsigned long long offset, bytes;
    size_t length;
    int taken;
    fuzz_output(&output, RANGES);
    if (!sw_reader_open(&reader, &path, 1, &error)) abort();
    bool good = sw_division_write(&division, &reader, &ranges, &error);
    sw_reader_close(&reader);
    fuzz_require(good && sw_output_close(&output, &error), "%s", error.message);
    char *lines = fuzz_written(RANGES, &length);
    for (char *at = lines; sscanf(at, "%*u\t%llu\t%llu\n%n", &offset, &bytes, &taken) == 2;
         at += taken) {
        const struct sw_vector *vectors[64];
        if (!sw_reader_open_range(&reader, path, offset, bytes, &error))
            fuzz_require(false, "%s", error.message);
        while (sw_reader_next(&reader, &error) == SW_ROWS) {
            for (size_t i = 0; i < reader.schema.column_count; i++)
                vectors[i] = sw_reader_vector(&reader, (int)i, &error);
            if (!sw_digest_add(&digest, &reader.schema, vectors, reader.rows, &error)) abort();
        }
        fuzz_require(error.status == SW_DONE, "range %llu:%llu: %s", offset, bytes, error.message);
        sw_reader_close(&reader);
    }
    fuzz_require(digest.rows == all->rows && digest.sum == all->sum,
                 "ranges hold %" PRIu64 " rows, the file %" PRIu64, digest.rows, all->rows);
    sw_digest_free(&digest);
    free(lines);
}

/* ---- written anew ---- */

static bool copy_rows(struct sw_reader *reader, struct sw_writer *writer, struct sw_error *error)
{
    const struct sw_vector *vectors[64];
    enum sw_step step;
    while ((step = sw_reader_next(reader, error)) == SW_ROWS) {
        for (size_t i = 0; i < reader->schema.column_count; i++)
            vectors[i] = sw_reader_vector(reader, (int)i, error);
        if (!sw_writer_gather(writer, vectors, NULL, reader->rows, error)) return false;
    }
    return step == SW_END && sw_writer_close(writer, error);
}

/* Of a stream whose directories do not tell the truth, values may be none of their types. */
static bool write_anew(const char *path, bool honest, uint64_t *state)
{
    static const size_t block_rows[] = {0, 1, 7, 100, SW_BLOCK_ROWS_MAXIMUM};
    struct sw_reader reader;
    struct sw_output output;
    struct sw_writer writer;
    struct sw_error error = {0};
    if (!sw_reader_open(&reader, &path, 1, &error)) abort();
    fuzz_output(&output, OUT);
    bool good = sw_writer_prepare(&writer, &output, &reader.schema,
                                  block_rows[fuzz_next(state) % 5], &error);
    writer.index = fuzz_next(state) % 4;
    writer.encoder.small = fuzz_next(state) % 4;
    writer.encoder.level = (int)(fuzz_next(state) % 3) * 3;
    good = good && sw_writer_begin(&writer, &error) && copy_rows(&reader, &writer, &error);
    if (!good) sw_output_abandon(&output);
    good = good && sw_output_close(&output, &error);
    fuzz_require(good || (!honest && error.status == SW_DATA), "%s", error.message);
    sw_writer_free(&writer);
    sw_reader_close(&reader);
    return good;
}

/* ---- verified ---- */

/* What sw-info --verify says of it: then no bound is wrong, and searches find all. */
static bool verify(const char *path)
{
    const struct sw_vector *vectors[64];
    struct sw_reader reader;
    struct sw_verifier verifier = {0};
    struct sw_error error = {0};
    enum sw_step step = SW_FAILED;
    if (!sw_reader_open(&reader, &path, 1, &error)) abort();
    bool good = sw_verifier_open(&verifier, &reader, fuzz_folder(), &error);
    while (good && (step = sw_reader_next(&reader, &error)) == SW_ROWS) {
        for (size_t i = 0; i < reader.schema.column_count; i++)
            vectors[i] = sw_reader_vector(&reader, (int)i, &error);
        good = sw_verifier_block(&verifier, vectors, &error);
    }
    sw_verifier_close(&verifier);
    sw_reader_close(&reader);
    good = good && step == SW_END;
    fuzz_check_error(good, &error);
    return good;
}

/* ---- by the index ---- */

struct bounds {
    int column;
    sw_int128 low, high;
    uint64_t rows, sum;
};

/* Rows within the bounds, and the sum of the other columns' hashes there. */
static void count_rows(const char *path, struct bounds *bounds, bool restricted)
{
    static uint32_t rows[SW_BLOCK_ROWS_MAXIMUM];
    const struct sw_vector *vectors[64];
    struct sw_reader reader;
    struct sw_error error = {0};
    struct sw_digest digest = {0};
    enum sw_step step;
    if (!sw_reader_open(&reader, &path, 1, &error)) abort();
    if (restricted &&
        !sw_reader_restrict(&reader, bounds->column, bounds->low, bounds->high, &error))
        abort();
    while ((step = sw_reader_next(&reader, &error)) == SW_ROWS) {
        const struct sw_vector *key = sw_reader_vector(&reader, bounds->column, &error);
        size_t count = 0;
        fuzz_require(key, "%s", error.message);
        for (size_t row = 0; row < reader.rows; row++)
            if (!sw_is_null(key, row) && sw_value(key, row) >= bounds->low &&
                sw_value(key, row) <= bounds->high)
                rows[count++] = (uint32_t)row;
        if (count == 0) continue;
        if (!sw_reader_pick(&reader, rows, count, &error)) abort();
        for (size_t i = 0; i < reader.schema.column_count; i++)
            vectors[i] = sw_reader_vector(&reader, (int)i, &error);
        if (!sw_digest_add(&digest, &reader.schema, vectors, count, &error)) abort();
    }
    fuzz_require(step == SW_END, "%s", error.message);
    bounds->rows = digest.rows;
    bounds->sum = digest.sum;
    sw_digest_free(&digest);
    sw_reader_close(&reader);
}

/* Bounds around a value that the column has somewhere. */
static bool choose_bounds(const char *path, struct bounds *bounds, uint64_t *state)
{
    struct sw_reader reader;
    struct sw_error error = {0};
    bool found = false;
    if (!sw_reader_open(&reader, &path, 1, &error)) abort();
    if (reader.schema.column_count > 0)
        bounds->column = (int)(fuzz_next(state) % reader.schema.column_count);
    while (reader.schema.column_count > 0 &&
           reader.schema.columns[bounds->column].type != SW_TEXT &&
           sw_reader_next(&reader, &error) == SW_ROWS) {
        const struct sw_vector *key = sw_reader_vector(&reader, bounds->column, &error);
        size_t row = fuzz_next(state) % reader.rows;
        if (sw_is_null(key, row) || (found && fuzz_next(state) % 2)) continue;
        sw_int128 value = sw_value(key, row);
        bounds->low = !found || value < bounds->low ? value : bounds->low;
        bounds->high = !found || value > bounds->high ? value : bounds->high;
        found = true;
    }
    sw_reader_close(&reader);
    return found;
}

static void search(const char *path, uint64_t *state)
{
    struct bounds all = {0}, restricted;
    if (!choose_bounds(path, &all, state)) return;
    restricted = all;
    count_rows(path, &all, false);
    count_rows(path, &restricted, true);
    fuzz_require(all.rows == restricted.rows && all.sum == restricted.sum,
                 "column %d: %" PRIu64 " rows, %" PRIu64 " when restricted", all.column, all.rows,
                 restricted.rows);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    uint64_t state = fuzz_hash(bytes, size);
    const char *path = fuzz_file(IN, bytes, size);
    if (size > 64 << 10 || is_large(path)) return 0;
    struct fuzz_rows all = fuzz_read(path), piped = fuzz_read(fuzz_pipe(bytes, size));
    fuzz_pipe_end();
    check_same(&all, &piped, "pipe");
    compare_picks(path, state);
    struct sw_reader reader;
    struct sw_error error = {0};
    if (!all.good || !sw_reader_open(&reader, &path, 1, &error)) return 0;
    size_t columns = reader.schema.column_count;
    sw_reader_close(&reader);
    if (columns > 64) return 0;
    compare_ranges(path, &all, fuzz_next(&state) % 5 + 1);
    bool verified = verify(path);
    fuzz_require(!verified || all.honest, "verified, and a bound is wrong");
    if (verified) search(path, &state);
    if (!write_anew(path, all.honest, &state)) return 0;
    char *written = fuzz_written(OUT, &size);
    path = fuzz_file(IN, written, size);
    free(written);
    struct fuzz_rows anew = fuzz_read(path);
    check_same(&all, &anew, "written anew");
    fuzz_require(anew.honest && verify(path), "bounds that are none were written");
    compare_picks(path, state);
    compare_ranges(path, &anew, fuzz_next(&state) % 5 + 1);
    search(path, &state);
    return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t size, size_t maximum, unsigned int seed)
{
    return fuzz_mutate_stream(bytes, size, maximum, seed);
}
