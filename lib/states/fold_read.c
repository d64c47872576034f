/* SPDX-License-Identifier: ISC */
#include "states/fold_read.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"

bool sw_fold_read_begin(struct sw_fold_read *read, struct sw_event_block *block,
                        size_t column_count, struct sw_error *error)
{
    const struct sw_reader *reader = &read->reader;
    read->block = block;
    read->column_count = column_count;
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
