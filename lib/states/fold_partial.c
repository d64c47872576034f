/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "states/fold_orders.h"
#include "states/fold_part.h"
#include "states/fold_read.h"
#include "states/kept_states.h"
#include "stream/writer.h"

/* What is left of each block when it was folded is kept until the memory is used up. Then that is
 * folded, and written bucket by bucket.
 *
 *     block ─▶ fold ─▶ kept ─▶ fold ─▶ blocks of the part
 */

enum { BLOCK_ROWS = 4096 };

struct partial {
    struct sw_fold_read read;
    struct sw_event_block block; /* of events */
    struct sw_kept_states kept;
    struct sw_schema schema;    /* of the part */
    struct sw_builder extra[2]; /* events and bucket of a block's rows */
    const struct sw_vector **vectors;
    int64_t *events; /* by row of the block */
    struct sw_writer writer;
    uint64_t folded; /* events */
    bool apart;
    uint64_t parts; /* that were ended */
};

/* ---- writing ---- */

/* Writes states from..from+count of those that were kept. */
static bool write_states(struct partial *partial, size_t from, size_t count, struct sw_error *error)
{
    struct sw_kept_states *kept = &partial->kept;
    const uint32_t *states = kept->states + from;
    if (!sw_sort_run_gather(&kept->all, &kept->run, states, count, error)) return false;
    for (size_t i = 0; i < count; i++) {
        const uint32_t tag = kept->tags[states[i]];
        partial->extra[0].vector.narrow[i] = (int64_t)kept->events[from + i];
        partial->extra[1].vector.narrow[i] =
            (int64_t)(tag >> (SW_PART_BUCKET_SHIFT - SW_KEPT_TAG_SHIFT));
        partial->folded += kept->events[from + i];
    }
    for (size_t i = 0; i < kept->columns; i++) partial->vectors[i] = kept->all.vectors[i];
    for (size_t i = 0; i < 2; i++) {
        partial->extra[i].vector.rows = count;
        partial->vectors[kept->columns + i] = &partial->extra[i].vector;
    }
    return sw_writer_gather(&partial->writer, partial->vectors, NULL, count, error);
}

/* Puts all that is kept into the part. */
static bool put_kept(struct partial *partial, struct sw_error *error)
{
    struct sw_kept_states *kept = &partial->kept;
    size_t at = 0, count;
    if (!sw_kept_fold(kept, 0, SW_KEPT_TAG_MAXIMUM, error))
        return sw_fold_read_fail_row(&partial->read,
                                     sw_kept_extra_of(kept, SW_KEPT_ROW, kept->failed), error);
    for (size_t bucket = 0; bucket < kept->bucket_count; bucket++) {
        for (; at < kept->ends[bucket]; at += count) {
            count = kept->ends[bucket] - at;
            if (count > BLOCK_ROWS) count = BLOCK_ROWS;
            if (!write_states(partial, at, count, error)) return false;
        }
        if (!sw_writer_cut(&partial->writer, error)) return false;
    }
    return sw_kept_reset(kept, error);
}

/* ---- keeping ---- */

/* Keeps what is left of the block; where it does not fit any more, what is there goes first. */
static bool take_block(struct partial *partial, struct sw_error *error)
{
    struct sw_event_block *block = &partial->block;
    const uint64_t before = partial->read.reader.total_rows - block->rows;
    size_t place = 0;
    if (!sw_event_block_fold(block, NULL, &place, error))
        return sw_fold_read_fail(&partial->read, place, error);
    sw_event_block_hash_selected(block);
    for (size_t i = 0; i < block->selected_count; i++)
        partial->events[block->selected[i]] = (int64_t)block->events[i];
    for (bool taken = false; !taken;) {
        if (!sw_kept_add(&partial->kept, block, block->selected, block->selected_count,
                         partial->events, before, &taken, error) ||
            (!taken && !put_kept(partial, error)))
            return false;
    }
    return true;
}

/* Where streams are kept apart, ends the parts of those ahead of this one, which may have had no rows. */
static bool begin_part(struct partial *partial, uint64_t stream, struct sw_error *error)
{
    if (!partial->apart || partial->parts == stream) return true;
    if (!put_kept(partial, error)) return false;
    for (; partial->parts < stream; partial->parts++)
        if (!sw_writer_next(&partial->writer, error)) return false;
    return true;
}

/* ---- opening ---- */

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
    partial->writer.index = !partial->apart; /* of few blocks each */
    return sw_writer_begin(&partial->writer, error);
}

static bool open_all(struct partial *partial, const struct sw_fold_settings *settings,
                     struct sw_output *output, struct sw_error *error)
{
    struct sw_fold_read *read = &partial->read;
    const struct sw_schema *events = &read->reader.schema;
    uint64_t memory_bytes =
        settings->memory_bytes ? settings->memory_bytes : SW_FOLD_PART_MEMORY_DEFAULT;
    partial->events = sw_alloc(SW_BLOCK_ROWS_MAXIMUM, sizeof *partial->events, error);
    return partial->events &&
           sw_event_block_open(&partial->block, events, read->reader.first_name, error) &&
           sw_kept_open(&partial->kept, events, read->reader.first_name, memory_bytes, error) &&
           sw_fold_read_begin(read, &partial->block, events->column_count, error) &&
           open_writer(partial, settings->made_by, output, error);
}

static bool fold(struct partial *partial, struct sw_tally *tally, struct sw_error *error)
{
    struct sw_fold_read *read = &partial->read;
    enum sw_step step;
    while ((step = sw_fold_read_block(read, error)) == SW_ROWS)
        if (!begin_part(partial, read->reader.streams, error) || !take_block(partial, error))
            return false;
    if (step != SW_END || !begin_part(partial, read->reader.streams - 1, error) ||
        !put_kept(partial, error))
        return false;
    *tally = (struct sw_tally){.read = read->reader.total_rows, .kept = partial->folded};
    return sw_tally_check(tally, read->reader.first_name, error) &&
           sw_writer_close(&partial->writer, error);
}

bool sw_fold_partial(const struct sw_fold_settings *settings, struct sw_output *output,
                     struct sw_tally *tally, struct sw_error *error)
{
    struct partial partial = {.apart = settings->apart};
    if (!sw_reader_open(&partial.read.reader, settings->paths, settings->path_count, error))
        return false;
    bool good = open_all(&partial, settings, output, error) && fold(&partial, tally, error);
    sw_writer_free(&partial.writer);
    for (size_t i = 0; i < 2; i++) sw_builder_free(&partial.extra[i]);
    sw_schema_free(&partial.schema);
    sw_kept_free(&partial.kept);
    sw_event_block_free(&partial.block);
    sw_fold_read_free(&partial.read);
    free(partial.vectors);
    free(partial.events);
    return good;
}
