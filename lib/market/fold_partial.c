/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "market/fold_orders.h"
#include "market/fold_part.h"
#include "market/fold_read.h"
#include "stream/writer.h"

enum {
    BUCKET_BITS_MOST = 8,
    BUCKET_ROWS = 1024, /* a block of fewer rows costs more than it saves */
    BLOCK_ROWS = 4096,
};

struct partial {
    struct sw_fold_read read;
    struct sw_order_states states;
    struct sw_schema schema; /* of the part */
    struct sw_writer writer;
    struct sw_builder extra[2]; /* events and bucket of a block's rows */
    const struct sw_vector **vectors;
    struct placed { /* the states, bucket by bucket */
        uint32_t row, events;
        uint16_t bucket;
    } * placed;
    uint32_t *rows; /* theirs, and then their numbers */
    size_t placed_capacity, row_capacity;
    uint64_t folded; /* events */
};

static unsigned bucket_bits(size_t orders)
{
    unsigned bits = 0;
    while (bits < BUCKET_BITS_MOST && (orders >> (bits + 1)) >= BUCKET_ROWS) bits++;
    return bits;
}

static size_t bucket_of(const struct sw_order_state *order, unsigned bits)
{
    return bits ? (size_t)(order->hash >> (64 - bits)) : 0;
}

/* The states in the order of their buckets; starts has a place more than there are buckets. */
static void sort_by_bucket(struct partial *partial, unsigned bits, uint32_t *starts)
{
    const struct sw_order_states *states = &partial->states;
    size_t buckets = (size_t)1 << bits;
    memset(starts, 0, (buckets + 1) * sizeof *starts);
    for (size_t i = 0; i < states->order_count; i++)
        starts[bucket_of(&states->orders[i], bits) + 1]++;
    for (size_t i = 0; i < buckets; i++) starts[i + 1] += starts[i];
    for (size_t i = 0; i < states->order_count; i++) {
        const struct sw_order_state *order = &states->orders[i];
        partial->placed[starts[bucket_of(order, bits)]++] = (struct placed){
            order->row, order->rows, (uint16_t)(order->hash >> SW_PART_BUCKET_SHIFT)};
    }
    memmove(starts + 1, starts, buckets * sizeof *starts);
    starts[0] = 0;
}

static bool write_block(struct partial *partial, struct sw_sort_run_block *block, size_t at,
                        size_t count, struct sw_error *error)
{
    size_t columns = partial->states.schema->column_count;
    const struct placed *placed = partial->placed + at;
    for (size_t i = 0; i < 2; i++) sw_builder_reset(&partial->extra[i]);
    for (size_t i = 0; i < count; i++) {
        partial->extra[0].vector.narrow[i] = placed[i].events;
        partial->extra[1].vector.narrow[i] = placed[i].bucket;
        partial->folded += placed[i].events;
        partial->rows[i] = (uint32_t)(at + i);
    }
    if (!sw_sort_run_gather(block, &partial->states.run, partial->rows, count, error)) return false;
    for (size_t i = 0; i < columns; i++) partial->vectors[i] = block->vectors[i];
    for (size_t i = 0; i < 2; i++) {
        partial->extra[i].vector.rows = count;
        partial->vectors[columns + i] = &partial->extra[i].vector;
    }
    return sw_writer_gather(&partial->writer, partial->vectors, NULL, count, error);
}

static bool write_buckets(struct partial *partial, struct sw_sort_run_block *block,
                          const uint32_t *starts, unsigned bits, struct sw_error *error)
{
    for (size_t bucket = 0; bucket < (size_t)1 << bits; bucket++) {
        size_t count;
        for (size_t at = starts[bucket]; at < starts[bucket + 1]; at += count) {
            count = starts[bucket + 1] - at;
            if (count > BLOCK_ROWS) count = BLOCK_ROWS;
            if (!write_block(partial, block, at, count, error)) return false;
        }
        if (!sw_writer_cut(&partial->writer, error)) return false;
    }
    return true;
}

/* Puts all states into the part. */
static bool put_states(void *owner, struct sw_error *error)
{
    struct partial *partial = owner;
    struct sw_sort_run_block block = {0};
    uint32_t starts[(1 << BUCKET_BITS_MOST) + 1];
    size_t count = partial->states.order_count;
    unsigned bits = bucket_bits(count);
    if (!sw_grow(&partial->placed, &partial->placed_capacity, count, sizeof *partial->placed,
                 error) ||
        !sw_grow(&partial->rows, &partial->row_capacity, count + BLOCK_ROWS, sizeof *partial->rows,
                 error))
        return false;
    sort_by_bucket(partial, bits, starts);
    for (size_t i = 0; i < count; i++) partial->rows[i] = partial->placed[i].row;
    bool good = sw_sort_run_keep(&partial->states.run, partial->rows, count, error) &&
                sw_sort_run_block_init(&block, &partial->states.run, BLOCK_ROWS, error) &&
                write_buckets(partial, &block, starts, bits, error);
    sw_sort_run_block_free(&block);
    return good;
}

static bool open_writer(struct partial *partial, const char *made_by, struct sw_output *output,
                        struct sw_error *error)
{
    struct sw_schema *schema = &partial->schema;
    const struct sw_schema *events = &partial->read.reader.schema;
    bool good = sw_schema_copy(schema, events, NULL, 0, error) &&
                sw_schema_sorted_by(schema, NULL, 0, error) &&
                sw_schema_add(schema, SW_PART_EVENTS, SW_INT, 0, error) &&
                sw_schema_add(schema, SW_PART_BUCKET, SW_INT, 0, error) &&
                sw_schema_made_by(schema, made_by, strlen(made_by), error);
    for (size_t i = 0; good && i < 2; i++)
        good = sw_builder_init(&partial->extra[i], SW_INT, 0, BLOCK_ROWS, error);
    partial->vectors = sw_alloc(schema->column_count, sizeof *partial->vectors, error);
    if (!good || !partial->vectors ||
        !sw_writer_prepare(&partial->writer, output, schema, BLOCK_ROWS, error))
        return false;
    partial->writer.index = true;
    return sw_writer_begin(&partial->writer, error);
}

static bool take_all(struct partial *partial, struct sw_error *error)
{
    struct sw_fold_read *read = &partial->read;
    enum sw_step step;
    while ((step = sw_fold_read_block(read, error)) == SW_ROWS)
        if (!sw_fold_read_add(read, NULL, read->reader.rows, error)) return false;
    return step == SW_END && put_states(partial, error);
}

static bool fold(struct partial *partial, const struct sw_fold_settings *settings,
                 struct sw_output *output, struct sw_tally *tally, struct sw_error *error)
{
    struct sw_fold_read *read = &partial->read;
    uint64_t memory_bytes =
        settings->memory_bytes ? settings->memory_bytes : SW_FOLD_PART_MEMORY_DEFAULT;
    read->states = &partial->states;
    read->full = put_states;
    read->owner = partial;
    read->column_count = read->reader.schema.column_count;
    if (!sw_order_states_open(&partial->states, &read->reader.schema, read->reader.first_name,
                              memory_bytes, error) ||
        !sw_fold_read_begin(read, error) ||
        !open_writer(partial, settings->made_by, output, error) || !take_all(partial, error))
        return false;
    *tally = (struct sw_tally){.read = read->reader.total_rows, .kept = partial->folded};
    return sw_tally_check(tally, read->reader.first_name, error) &&
           sw_writer_close(&partial->writer, error);
}

bool sw_fold_partial(const struct sw_fold_settings *settings, struct sw_output *output,
                     struct sw_tally *tally, struct sw_error *error)
{
    struct partial partial = {0};
    if (!sw_reader_open(&partial.read.reader, settings->paths, settings->path_count, error))
        return false;
    bool good = fold(&partial, settings, output, tally, error);
    sw_writer_free(&partial.writer);
    for (size_t i = 0; i < 2; i++) sw_builder_free(&partial.extra[i]);
    sw_schema_free(&partial.schema);
    sw_order_states_free(&partial.states);
    sw_fold_read_free(&partial.read);
    free(partial.vectors);
    free(partial.rows);
    free(partial.placed);
    return good;
}
