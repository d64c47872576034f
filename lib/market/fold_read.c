/* SPDX-License-Identifier: ISC */
#include "market/fold_read.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"

bool sw_fold_read_begin(struct sw_fold_read *read, struct sw_error *error)
{
    const struct sw_reader *reader = &read->reader;
    read->vectors = sw_alloc(reader->schema.column_count, sizeof *read->vectors, error);
    read->files = sw_alloc(reader->path_count + 1, sizeof *read->files, error);
    return read->vectors && read->files;
}

void sw_fold_read_free(struct sw_fold_read *read)
{
    free(read->vectors);
    free(read->files);
    sw_reader_close(&read->reader);
}

bool sw_fold_read_fail_row(const struct sw_fold_read *read, uint64_t number, struct sw_error *error)
{
    char prefix[sizeof error->message];
    size_t file = read->file_count - 1;
    if (error->status != SW_DATA) return false;
    while (file > 0 && read->files[file].rows_before > number) file--;
    snprintf(prefix, sizeof prefix, "%s: row %" PRIu64, read->files[file].name,
             number - read->files[file].rows_before + 1);
    return sw_fail_at(error, prefix);
}

bool sw_fold_read_fail(const struct sw_fold_read *read, size_t place, struct sw_error *error)
{
    const struct sw_reader *reader = &read->reader;
    return sw_fold_read_fail_row(read, reader->total_rows - reader->rows + place, error);
}

static void note_file(struct sw_fold_read *read)
{
    const struct sw_reader *reader = &read->reader;
    const char *name = reader->input.name;
    if (read->file_count && read->files[read->file_count - 1].name == name) return;
    read->files[read->file_count++] =
        (struct sw_fold_file){name, reader->total_rows - reader->rows};
}

enum sw_step sw_fold_read_block(struct sw_fold_read *read, struct sw_error *error)
{
    struct sw_reader *reader = &read->reader;
    enum sw_step step = sw_reader_next(reader, error);
    size_t place = 0;
    if (step != SW_ROWS) return step;
    note_file(read);
    for (size_t i = 0; i < read->column_count; i++) {
        read->vectors[i] = sw_reader_vector(reader, (int)i, error);
        if (!read->vectors[i]) return SW_FAILED;
    }
    if (sw_event_block_begin(read->block, read->vectors, reader->rows, &place, error))
        return SW_ROWS;
    return sw_fold_read_fail(read, place, error) ? SW_ROWS : SW_FAILED;
}

/* Adds some rows, or fewer where the memory has no room for so many; *count says how many. */
static bool add_some(struct sw_fold_read *read, const uint32_t *selected, const uint64_t *events,
                     size_t from, size_t *count, struct sw_error *error)
{
    struct sw_order_states *states = read->states;
    const uint64_t memory_bytes = states->memory_bytes;
    size_t place = 0;
    for (bool taken = false; !taken;) {
        bool last_row = *count == 1 && states->run.rows == 0;
        states->memory_bytes = last_row ? UINT64_MAX : memory_bytes;
        bool good =
            sw_order_states_add(states, selected, events, from, *count, &taken, &place, error);
        states->memory_bytes = memory_bytes;
        if (!good) return sw_fold_read_fail(read, place, error);
        if (taken) return true;
        if (states->run.rows == 0)
            *count = *count / 2;
        else if (!read->full(read->owner, error) || !sw_order_states_reset(states, error))
            return false;
    }
    return true;
}

bool sw_fold_read_add(struct sw_fold_read *read, const uint32_t *selected, const uint64_t *events,
                      size_t count, struct sw_error *error)
{
    size_t part;
    for (size_t from = 0; from < count; from += part) {
        part = count - from < SW_STATE_PIECE_ROWS ? count - from : SW_STATE_PIECE_ROWS;
        if (!add_some(read, selected ? selected + from : NULL, events ? events + from : NULL, from,
                      &part, error))
            return false;
    }
    return true;
}

bool sw_fold_read_fold(struct sw_fold_read *read, struct sw_error *error)
{
    struct sw_event_block *block = read->block;
    size_t place = 0;
    if (!sw_event_block_fold(block, NULL, &place, error))
        return sw_fold_read_fail(read, place, error);
    return sw_fold_read_add(read, block->selected, block->events, block->selected_count, error);
}
