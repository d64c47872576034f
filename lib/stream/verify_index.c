/* SPDX-License-Identifier: ISC */
#include "base/memory.h"
#include "stream/verify_parts.h"

enum { LATEST_AT_MOST = 4 << 20 };

/* What is kept of a block; its directory follows. */
struct kept {
    uint64_t offset, rows; /* after the stream's header */
};

static bool spill(struct sw_directories *directories, struct sw_error *error)
{
    struct sw_buffer *latest = &directories->latest;
    if (!directories->spilled &&
        !sw_scratch_open(&directories->scratch, directories->folder, error))
        return false;
    directories->spilled = true;
    bool good = sw_output_write(&directories->scratch.output, latest->bytes, latest->length, error);
    latest->length = 0;
    return good;
}

bool sw_directories_add(struct sw_directories *directories, const struct sw_reader *reader,
                        struct sw_error *error)
{
    struct kept kept = {reader->block_offset - reader->stream_offset, reader->rows};
    struct sw_buffer *to = &directories->latest;
    if (!sw_buffer_add(to, &kept, sizeof kept, error)) return false;
    for (size_t i = 0; i < reader->schema.column_count; i++)
        if (!sw_buffer_add(to, &reader->columns[i].entry, sizeof reader->columns[i].entry, error))
            return false;
    directories->blocks++;
    return to->length < LATEST_AT_MOST || spill(directories, error);
}

void sw_directories_forget(struct sw_directories *directories)
{
    if (directories->spilled) sw_scratch_close(&directories->scratch);
    directories->spilled = false;
    directories->latest.length = 0;
    directories->blocks = 0;
}

void sw_directories_free(struct sw_directories *directories)
{
    sw_directories_forget(directories);
    sw_buffer_free(&directories->latest);
}

/* They come back in their order: from the file, then from memory. */
struct walk {
    struct sw_directories *directories;
    struct sw_input input;
    size_t used;
};

static bool begin_walk(struct walk *walk, struct sw_directories *directories,
                       struct sw_error *error)
{
    *walk = (struct walk){.directories = directories};
    if (!directories->spilled) return true;
    if (!spill(directories, error) || !sw_output_flush(&directories->scratch.output, error))
        return false;
    struct sw_part all = {0, directories->scratch.output.written};
    sw_scratch_input(&directories->scratch, all, &walk->input);
    return true;
}

static bool take(struct walk *walk, void *to, size_t length, struct sw_error *error)
{
    size_t got;
    if (walk->directories->spilled)
        return sw_input_read(&walk->input, to, length, &got, error) &&
               (got == length || sw_fail(error, SW_SYSTEM, "%s: a temporary file ended early",
                                         walk->directories->folder));
    memcpy(to, walk->directories->latest.bytes + walk->used, length);
    walk->used += length;
    return true;
}

static bool contradicts(const struct sw_reader *reader, size_t entry, struct sw_error *error)
{
    return sw_fail(error, SW_DATA,
                   "%s: byte %llu: entry %zu of the index contradicts the blocks that it is of",
                   reader->input.name, (unsigned long long)reader->block_offset, entry);
}

static bool check_blocks(struct sw_verifier *verifier, struct sw_index_check *check,
                         struct sw_entry *directory, struct sw_error *error)
{
    struct walk walk;
    size_t columns = verifier->reader->schema.column_count;
    if (!begin_walk(&walk, &verifier->directories, error)) return false;
    for (uint64_t i = 0; i < verifier->directories.blocks; i++) {
        struct kept kept;
        if (!take(&walk, &kept, sizeof kept, error) ||
            !take(&walk, directory, columns * sizeof *directory, error))
            return false;
        if (!sw_index_check_block(check, kept.offset, kept.rows, directory))
            return contradicts(verifier->reader, check->number, error);
    }
    return true;
}

bool sw_verify_index(struct sw_verifier *verifier, const struct sw_index *index,
                     struct sw_error *error)
{
    const struct sw_schema *schema = &verifier->reader->schema;
    struct sw_index_check check;
    if (!index->columns) return true;
    struct sw_entry *directory = sw_alloc(schema->column_count, sizeof *directory, error);
    bool good = directory && sw_index_check_begin(&check, index, schema, error) &&
                check_blocks(verifier, &check, directory, error);
    if (directory) sw_index_check_end(&check);
    free(directory);
    return good;
}
