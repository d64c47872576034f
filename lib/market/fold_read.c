/* SPDX-License-Identifier: ISC */
#include "market/fold_read.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"

bool sw_fold_read_begin(struct sw_fold_read *read, struct sw_error *error)
{
    read->vectors = sw_alloc(read->reader.schema.column_count, sizeof *read->vectors, error);
    read->hashes = sw_alloc(SW_BLOCK_ROWS_MAXIMUM, sizeof *read->hashes, error);
    return read->vectors && read->hashes;
}

void sw_fold_read_free(struct sw_fold_read *read)
{
    free(read->vectors);
    free(read->hashes);
    sw_reader_close(&read->reader);
}

enum sw_step sw_fold_read_block(struct sw_fold_read *read, struct sw_error *error)
{
    struct sw_reader *reader = &read->reader;
    enum sw_step step = sw_reader_next(reader, error);
    if (step != SW_ROWS) return step;
    if (read->name != reader->input.name) {
        read->name = reader->input.name;
        read->rows_before = reader->total_rows - reader->rows;
    }
    for (size_t i = 0; i < read->column_count; i++) {
        read->vectors[i] = sw_reader_vector(reader, (int)i, error);
        if (!read->vectors[i]) return SW_FAILED;
    }
    sw_state_hashes(&read->states->columns, read->vectors, reader->rows, read->hashes);
    return SW_ROWS;
}

static bool fail_at(const struct sw_fold_read *read, size_t place, struct sw_error *error)
{
    const struct sw_reader *reader = &read->reader;
    uint64_t row = reader->total_rows - reader->rows - read->rows_before + place + 1;
    char prefix[sizeof error->message];
    if (error->status != SW_DATA) return false;
    snprintf(prefix, sizeof prefix, "%s: row %" PRIu64, read->name, row);
    return sw_fail_at(error, prefix);
}

/* Adds some rows, or fewer where the memory has no room for so many; *count says how many. */
static bool add_some(struct sw_fold_read *read, const uint32_t *selected, size_t from,
                     size_t *count, struct sw_error *error)
{
    struct sw_order_states *states = read->states;
    const uint64_t memory_bytes = states->memory_bytes;
    size_t place = 0;
    for (bool taken = false; !taken;) {
        bool last_row = *count == 1 && states->run.rows == 0;
        states->memory_bytes = last_row ? UINT64_MAX : memory_bytes;
        bool good = sw_order_states_add(states, read->vectors, read->hashes, selected, from, *count,
                                        &taken, &place, error);
        states->memory_bytes = memory_bytes;
        if (!good) return fail_at(read, place, error);
        if (taken) return true;
        if (states->run.rows == 0)
            *count = *count / 2;
        else if (!read->full(read->owner, error) || !sw_order_states_reset(states, error))
            return false;
    }
    return true;
}

bool sw_fold_read_add(struct sw_fold_read *read, const uint32_t *selected, size_t count,
                      struct sw_error *error)
{
    size_t part;
    for (size_t from = 0; from < count; from += part) {
        part = count - from < SW_STATE_PIECE_ROWS ? count - from : SW_STATE_PIECE_ROWS;
        if (!add_some(read, selected ? selected + from : NULL, from, &part, error)) return false;
    }
    return true;
}
