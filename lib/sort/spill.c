/* SPDX-License-Identifier: ISC */
#include "sort/spill.h"

#include "base/memory.h"
#include "sort/sorter.h"

enum {
    ROWS_AT_LEAST = 64, /* of a run's block */
    ROWS_AT_MOST = 4096,
    CELL_BYTES = 16, /* of a block that is read, about */
    BLOCKS = 16,     /* that memory holds at least, but for ROWS_AT_LEAST */
    MERGED_CELLS = 1 << 20,
    TEXT_SHARE = 64,         /* of the memory, that a run's block has at most in texts */
    TEXT_AT_MOST = 16 << 20, /* however much memory there is: a block is to be read again */
};

/* A run while it is merged. */
struct sw_spilled {
    struct sw_reader reader;
    const struct sw_vector **vectors;
};

bool sw_spill_open(struct sw_spill *spill, const struct sw_schema *schema,
                   const struct sw_sort_key *keys, size_t key_count, uint64_t memory_bytes,
                   const char *folder, struct sw_error *error)
{
    uint64_t rows = memory_bytes / BLOCKS / CELL_BYTES / (schema->column_count + 1);
    if (rows < ROWS_AT_LEAST) rows = ROWS_AT_LEAST;
    *spill = (struct sw_spill){
        .schema = schema,
        .keys = keys,
        .key_count = key_count,
        .folder = folder,
        .memory_bytes = memory_bytes,
        .block_rows = rows < ROWS_AT_MOST ? (size_t)rows : ROWS_AT_MOST,
    };
    spill->text_bytes = (size_t)(memory_bytes / TEXT_SHARE);
    if (spill->text_bytes > TEXT_AT_MOST) spill->text_bytes = TEXT_AT_MOST;
    spill->spilled = sw_alloc(SW_MERGE_FILES, sizeof *spill->spilled, error);
    return spill->spilled != NULL;
}

/* ---- writing a run ---- */

bool sw_spill_begin(struct sw_spill *spill, struct sw_error *error)
{
    if (!spill->scratch_open) {
        if (!sw_scratch_open(&spill->scratch, spill->folder, error) ||
            !sw_writer_prepare(&spill->writer, &spill->scratch.output, spill->schema,
                               spill->block_rows, error))
            return false;
        spill->writer.text_limit_bytes = spill->text_bytes;
        spill->scratch_open = true;
    }
    spill->began = spill->scratch.output.written;
    return sw_writer_begin(&spill->writer, error);
}

/* What a reader of this block will hold of it. */
static size_t decoded_bytes(const struct sw_schema *schema, const struct sw_vector *const *vectors,
                            size_t rows)
{
    size_t bytes = 0;
    for (size_t i = 0; i < schema->column_count; i++) {
        size_t width = vectors[i]->type == SW_TEXT ? sizeof(uint32_t) : vectors[i]->wide ? 16 : 8;
        bytes += sizeof(struct sw_stored_column) + rows * width +
                 vectors[i]->dictionary_size * sizeof(struct sw_text);
    }
    return bytes;
}

bool sw_spill_put(struct sw_spill *spill, const struct sw_vector *const *vectors, size_t rows,
                  struct sw_error *error)
{
    if (!sw_writer_gather(&spill->writer, vectors, NULL, rows, error)) return false;
    if (rows > spill->block_rows) rows = spill->block_rows;
    size_t bytes = spill->writer.block.length + decoded_bytes(spill->schema, vectors, rows);
    if (bytes > spill->block_bytes) spill->block_bytes = bytes;
    return true;
}

static bool finish_part(struct sw_spill *spill, struct sw_part *part, struct sw_error *error)
{
    if (!sw_writer_close(&spill->writer, error) || !sw_output_flush(&spill->scratch.output, error))
        return false;
    *part = (struct sw_part){spill->began, spill->scratch.output.written - spill->began};
    return true;
}

bool sw_spill_end(struct sw_spill *spill, struct sw_error *error)
{
    if (!sw_grow(&spill->parts, &spill->part_capacity, spill->part_count + 1, sizeof *spill->parts,
                 error) ||
        !finish_part(spill, &spill->parts[spill->part_count], error))
        return false;
    spill->part_count++;
    return true;
}

/* ---- merging ---- */

static enum sw_step next_block(void *owner, const struct sw_vector *const **vectors, size_t *rows,
                               struct sw_error *error)
{
    struct sw_spilled *spilled = owner;
    enum sw_step step = sw_reader_next(&spilled->reader, error);
    for (size_t i = 0; step == SW_ROWS && i < spilled->reader.schema.column_count; i++) {
        spilled->vectors[i] = sw_reader_vector(&spilled->reader, (int)i, error);
        if (!spilled->vectors[i]) return SW_FAILED;
    }
    *vectors = spilled->vectors;
    *rows = spilled->reader.rows;
    return step;
}

static void close_group(struct sw_spill *spill)
{
    sw_merge_free(&spill->merge);
    for (size_t i = 0; i < spill->spilled_count; i++) {
        sw_reader_close(&spill->spilled[i].reader);
        free(spill->spilled[i].vectors);
        spill->spilled[i] = (struct sw_spilled){0};
    }
    spill->spilled_count = 0;
}

static size_t merged_rows(const struct sw_schema *schema)
{
    size_t most = MERGED_CELLS / (schema->column_count + 1);
    return most < SW_BLOCK_ROWS_DEFAULT ? most : SW_BLOCK_ROWS_DEFAULT;
}

static bool open_group(struct sw_spill *spill, const struct sw_part *parts, size_t count,
                       struct sw_error *error)
{
    struct sw_merge_source sources[SW_MERGE_FILES];
    for (size_t i = 0; i < count; i++) {
        struct sw_spilled *spilled = &spill->spilled[i];
        struct sw_input input;
        sw_scratch_input(&spill->scratch, parts[i], &input);
        if (!sw_reader_open_input(&spilled->reader, &input, error)) return false;
        spill->spilled_count = i + 1;
        spilled->vectors = sw_alloc(spill->schema->column_count, sizeof *spilled->vectors, error);
        if (!spilled->vectors) return false;
        sources[i] = (struct sw_merge_source){spilled, next_block};
    }
    return sw_merge_open(&spill->merge, spill->schema, spill->keys, spill->key_count, sources,
                         count, merged_rows(spill->schema), error);
}

static bool copy_merged(struct sw_spill *spill, struct sw_error *error)
{
    enum sw_step step;
    spill->merge.text_limit_bytes = spill->text_bytes;
    while ((step = sw_merge_next(&spill->merge, error)) == SW_ROWS)
        if (!sw_spill_put(spill, spill->merge.vectors, spill->merge.rows, error)) return false;
    return step == SW_END;
}

/* Merges parts[0..count) into one, *merged. */
static bool merge_group(struct sw_spill *spill, const struct sw_part *parts, size_t count,
                        struct sw_part *merged, struct sw_error *error)
{
    bool good = open_group(spill, parts, count, error) && sw_spill_begin(spill, error) &&
                copy_merged(spill, error) && finish_part(spill, merged, error);
    close_group(spill);
    for (size_t i = 0; good && i < count; i++) sw_scratch_drop(&spill->scratch, parts[i]);
    return good;
}

static size_t merged_at_once(const struct sw_spill *spill)
{
    uint64_t most = spill->block_bytes ? spill->memory_bytes / spill->block_bytes : SW_MERGE_FILES;
    if (most < 2) return 2;
    return most < SW_MERGE_FILES ? (size_t)most : SW_MERGE_FILES;
}

/* One pass over the parts: merges neighbours, and no more of them than needed to come down to
 * `most`. */
static bool make_pass(struct sw_spill *spill, size_t most, struct sw_error *error)
{
    size_t excess = spill->part_count - most, kept = 0;
    for (size_t at = 0; at < spill->part_count;) {
        size_t left = spill->part_count - at, count = excess < most ? excess + 1 : most;
        if (count > left) count = left;
        struct sw_part merged = spill->parts[at];
        if (count > 1 && !merge_group(spill, &spill->parts[at], count, &merged, error))
            return false;
        spill->parts[kept++] = merged;
        at += count;
        excess -= count - 1;
    }
    spill->part_count = kept;
    return true;
}

bool sw_spill_merge(struct sw_spill *spill, struct sw_error *error)
{
    for (size_t most; (most = merged_at_once(spill)) < spill->part_count;)
        if (!make_pass(spill, most, error)) return false;
    return open_group(spill, spill->parts, spill->part_count, error);
}

void sw_spill_free(struct sw_spill *spill)
{
    if (spill->spilled) close_group(spill);
    if (spill->scratch_open) {
        sw_writer_free(&spill->writer);
        sw_scratch_close(&spill->scratch);
    }
    free(spill->spilled);
    free(spill->parts);
    *spill = (struct sw_spill){0};
}
