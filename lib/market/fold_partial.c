/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "market/fold_orders.h"
#include "market/fold_part.h"
#include "market/fold_read.h"
#include "sort/sort_run.h"
#include "stream/writer.h"

/* What is left of each block when it was folded is kept, compactly, until the memory is used up. Then
 * it is divided by hash into buckets, which fit into caches; each is folded again, and written.
 *
 *     block ─▶ fold ─▶ kept ─▶ buckets ─▶ fold ─▶ blocks of the part
 */

enum {
    BUCKET_BITS_MOST = 8,
    BUCKET_ROWS = 1024, /* a block of fewer rows costs more than it saves */
    BLOCK_ROWS = 4096,
    KEPT_BYTES = 2, /* what a kept row takes, as a multiple of its own: it is moved once */
};

/* Columns after those of the events. */
enum extra { EVENTS, BUCKET, ROW, EXTRAS };

struct partial {
    struct sw_fold_read read;
    struct sw_event_block block;  /* of events */
    struct sw_event_block bucket; /* of a bucket's rows */
    struct sw_schema kept, part;  /* of what is kept: with the rows' numbers; of what is written */
    struct sw_sort_run run;
    struct sw_builder extra[EXTRAS]; /* by row of the block */
    const struct sw_vector **vectors;
    struct sw_sort_run_block taken; /* some of a bucket's rows */
    struct sw_writer writer;
    uint32_t *places;
    size_t place_capacity, columns; /* of the events */
    uint64_t memory_bytes, folded;  /* events */
};

/* ---- keeping ---- */

/* Of every row that is kept: how many events went into it, its bucket, its number in the stream. */
static void add_extras(struct partial *partial)
{
    const struct sw_event_block *block = &partial->block;
    const uint64_t before = partial->read.reader.total_rows - block->rows;
    int64_t *events = partial->extra[EVENTS].vector.narrow;
    int64_t *buckets = partial->extra[BUCKET].vector.narrow;
    int64_t *numbers = partial->extra[ROW].vector.narrow;
    for (size_t i = 0; i < block->selected_count; i++) {
        const uint32_t row = block->selected[i];
        events[row] = (int64_t)block->events[i];
        buckets[row] = (int64_t)(block->hashes[row] >> SW_PART_BUCKET_SHIFT);
        numbers[row] = (int64_t)(before + row);
    }
    for (size_t i = 0; i < EXTRAS; i++) {
        partial->extra[i].vector.rows = block->rows;
        partial->vectors[partial->columns + i] = &partial->extra[i].vector;
    }
}

static bool put_kept(struct partial *partial, struct sw_error *error);

/* Keeps the selected rows of the block; where they do not fit any more, the others go first. A block
 * fits, however large it is, where there is nothing else. */
static bool keep_block(struct partial *partial, struct sw_error *error)
{
    const struct sw_event_block *block = &partial->block;
    for (bool taken = false; !taken;) {
        uint64_t limit = partial->run.rows ? partial->memory_bytes / KEPT_BYTES : UINT64_MAX;
        if (!sw_sort_run_offer(&partial->run, partial->vectors, block->selected, 0,
                               block->selected_count, limit, sizeof *partial->places, &taken,
                               error))
            return false;
        if (!taken && !put_kept(partial, error)) return false;
    }
    return true;
}

static bool take_block(struct partial *partial, struct sw_error *error)
{
    size_t place = 0;
    for (size_t i = 0; i < partial->columns; i++) partial->vectors[i] = partial->read.vectors[i];
    if (!sw_event_block_fold(&partial->block, NULL, &place, error))
        return sw_fold_read_fail(&partial->read, place, error);
    add_extras(partial);
    return keep_block(partial, error);
}

/* ---- dividing ---- */

static unsigned bucket_bits(size_t rows)
{
    unsigned bits = 0;
    while (bits < BUCKET_BITS_MOST && (rows >> (bits + 1)) >= BUCKET_ROWS) bits++;
    return bits;
}

/* Of a kept row, by the uppermost bits of its hash. */
static size_t bucket_of(const struct partial *partial, size_t row, unsigned bits)
{
    const struct sw_sort_run_column *column = &partial->run.columns[partial->columns + BUCKET];
    size_t upper = (size_t)column->low + (size_t)sw_sort_run_distance(column, row);
    return upper >> (64 - SW_PART_BUCKET_SHIFT - bits);
}

/* Moves the rows to their buckets, each in its order there; starts has a place more than there are
 * buckets. */
static bool divide(struct partial *partial, unsigned bits, uint32_t *starts, struct sw_error *error)
{
    const size_t rows = partial->run.rows, buckets = (size_t)1 << bits;
    uint32_t ends[1 << BUCKET_BITS_MOST];
    if (!sw_grow(&partial->places, &partial->place_capacity, rows, sizeof *partial->places, error))
        return false;
    memset(starts, 0, (buckets + 1) * sizeof *starts);
    for (size_t i = 0; i < rows; i++) starts[bucket_of(partial, i, bits) + 1]++;
    for (size_t i = 0; i < buckets; i++) {
        ends[i] = starts[i];
        starts[i + 1] += starts[i];
    }
    for (size_t i = 0; i < rows; i++) partial->places[i] = ends[bucket_of(partial, i, bits)]++;
    return sw_sort_run_move(&partial->run, partial->places, error);
}

/* ---- writing ---- */

/* What is wrong with a row that was kept is said of where it was read. */
static bool fail_kept(struct partial *partial, uint32_t row, struct sw_error *error)
{
    const struct sw_sort_run_column *numbers = &partial->run.columns[partial->columns + ROW];
    uint64_t number = (uint64_t)numbers->low + (uint64_t)sw_sort_run_distance(numbers, row);
    return sw_fold_read_fail_row(&partial->read, number, error);
}

/* Folds and writes kept rows from..from+count, of one bucket. */
static bool write_rows(struct partial *partial, size_t from, size_t count, struct sw_error *error)
{
    uint32_t rows[BLOCK_ROWS];
    struct sw_event_block *bucket = &partial->bucket;
    struct sw_sort_run_block *taken = &partial->taken;
    int64_t *events;
    size_t place = 0;
    for (size_t i = 0; i < count; i++) rows[i] = (uint32_t)(from + i);
    if (!sw_sort_run_gather(taken, &partial->run, rows, count, error)) return false;
    events = taken->columns[partial->columns + EVENTS].narrow;
    if (!sw_event_block_begin(bucket, taken->vectors, count, &place, error) ||
        !sw_event_block_fold(bucket, events, &place, error))
        return fail_kept(partial, (uint32_t)(from + place), error);
    for (size_t i = 0; i < bucket->selected_count; i++) {
        events[bucket->selected[i]] = (int64_t)bucket->events[i];
        partial->folded += bucket->events[i];
    }
    const uint32_t *selected = bucket->selected_count < count ? bucket->selected : NULL;
    return sw_writer_gather(&partial->writer, taken->vectors, selected, bucket->selected_count,
                            error);
}

/* Puts all that is kept into the part. */
static bool put_kept(struct partial *partial, struct sw_error *error)
{
    uint32_t starts[(1 << BUCKET_BITS_MOST) + 1];
    unsigned bits = bucket_bits(partial->run.rows);
    if (!divide(partial, bits, starts, error)) return false;
    for (size_t bucket = 0; bucket < (size_t)1 << bits; bucket++) {
        size_t count;
        for (size_t at = starts[bucket]; at < starts[bucket + 1]; at += count) {
            count = starts[bucket + 1] - at;
            if (count > BLOCK_ROWS) count = BLOCK_ROWS;
            if (!write_rows(partial, at, count, error)) return false;
        }
        if (!sw_writer_cut(&partial->writer, error)) return false;
    }
    return sw_sort_run_reset(&partial->run, error);
}

/* ---- opening ---- */

static bool make_schemas(struct partial *partial, const char *made_by, struct sw_error *error)
{
    const struct sw_schema *events = &partial->read.reader.schema;
    struct sw_schema *part = &partial->part;
    return sw_schema_copy(part, events, NULL, 0, error) &&
           sw_schema_sorted_by(part, NULL, 0, error) &&
           sw_schema_add(part, SW_PART_EVENTS, SW_INT, 0, error) &&
           sw_schema_add(part, SW_PART_BUCKET, SW_INT, 0, error) &&
           sw_schema_copy(&partial->kept, part, NULL, 0, error) &&
           sw_schema_add(&partial->kept, "#row", SW_INT, 0, error) &&
           sw_schema_made_by(part, made_by, strlen(made_by), error);
}

static bool open_kept(struct partial *partial, struct sw_error *error)
{
    bool good = sw_sort_run_init(&partial->run, &partial->kept, error) &&
                sw_sort_run_block_init(&partial->taken, &partial->run, BLOCK_ROWS, error);
    for (size_t i = 0; good && i < EXTRAS; i++)
        good = sw_builder_init(&partial->extra[i], SW_INT, 0, SW_BLOCK_ROWS_MAXIMUM, error);
    if (!good) return false;
    for (size_t i = 0; i < EXTRAS; i++)
        memset(partial->extra[i].vector.narrow, 0,
               SW_BLOCK_ROWS_MAXIMUM * sizeof *partial->extra[i].vector.narrow);
    for (size_t i = 0; i < partial->run.column_count; i++)
        partial->run.columns[i].values.large = partial->run.columns[i].spare.large = true;
    partial->taken.left_out[partial->columns + ROW] = true;
    partial->vectors = sw_alloc(partial->kept.column_count, sizeof *partial->vectors, error);
    return partial->vectors != NULL;
}

static bool open_all(struct partial *partial, const struct sw_fold_settings *settings,
                     struct sw_output *output, struct sw_error *error)
{
    struct sw_fold_read *read = &partial->read;
    const struct sw_schema *events = &read->reader.schema;
    partial->memory_bytes =
        settings->memory_bytes ? settings->memory_bytes : SW_FOLD_PART_MEMORY_DEFAULT;
    partial->columns = read->column_count = events->column_count;
    read->block = &partial->block;
    if (!sw_event_block_open(&partial->block, events, read->reader.first_name, error) ||
        !sw_event_block_open(&partial->bucket, events, read->reader.first_name, error) ||
        !sw_fold_read_begin(read, error) || !make_schemas(partial, settings->made_by, error) ||
        !open_kept(partial, error) ||
        !sw_writer_prepare(&partial->writer, output, &partial->part, BLOCK_ROWS, error))
        return false;
    partial->writer.index = true;
    return sw_writer_begin(&partial->writer, error);
}

static bool fold(struct partial *partial, struct sw_tally *tally, struct sw_error *error)
{
    struct sw_fold_read *read = &partial->read;
    enum sw_step step;
    while ((step = sw_fold_read_block(read, error)) == SW_ROWS)
        if (!take_block(partial, error)) return false;
    if (step != SW_END || !put_kept(partial, error)) return false;
    *tally = (struct sw_tally){.read = read->reader.total_rows, .kept = partial->folded};
    return sw_tally_check(tally, read->reader.first_name, error) &&
           sw_writer_close(&partial->writer, error);
}

static void free_partial(struct partial *partial)
{
    sw_writer_free(&partial->writer);
    for (size_t i = 0; i < EXTRAS; i++) sw_builder_free(&partial->extra[i]);
    sw_sort_run_block_free(&partial->taken);
    sw_sort_run_free(&partial->run);
    sw_schema_free(&partial->kept);
    sw_schema_free(&partial->part);
    sw_event_block_free(&partial->block);
    sw_event_block_free(&partial->bucket);
    sw_fold_read_free(&partial->read);
    free(partial->vectors);
    free(partial->places);
}

bool sw_fold_partial(const struct sw_fold_settings *settings, struct sw_output *output,
                     struct sw_tally *tally, struct sw_error *error)
{
    struct partial partial = {0};
    if (!sw_reader_open(&partial.read.reader, settings->paths, settings->path_count, error))
        return false;
    bool good = open_all(&partial, settings, output, error) && fold(&partial, tally, error);
    free_partial(&partial);
    return good;
}
