/* SPDX-License-Identifier: ISC */
#include "sort/merge_files.h"

#include <string.h>
#include <sys/resource.h>

#include "base/memory.h"
#include "sort/sorter.h"

enum {
    OTHER_FILES = 16, /* that the program may have open besides */
    BLOCK_CELLS = 1 << 20,
};

/* An open file; its first block is read at once, to see how much memory its blocks take. */
struct sw_merge_file {
    struct sw_sort_input input;
    enum sw_step first;
    bool first_given;
};

/* ---- one file ---- */

static enum sw_step next_block(void *owner, const struct sw_vector *const **vectors, size_t *rows,
                               struct sw_error *error)
{
    struct sw_merge_file *file = owner;
    enum sw_step step = file->first_given ? sw_sort_input_next(&file->input, error) : file->first;
    file->first_given = true;
    *vectors = file->input.vectors;
    *rows = file->input.rows;
    return step;
}

static void free_file(struct sw_merge_file *file)
{
    sw_sort_input_free(&file->input);
    free(file);
}

static size_t default_rows(const struct sw_schema *schema)
{
    size_t most = BLOCK_CELLS / (schema->column_count + 1);
    return most < SW_BLOCK_ROWS_DEFAULT ? most : SW_BLOCK_ROWS_DEFAULT;
}

/* Bytes that the largest of the file's blocks will take, going by the first: where it is smaller
 * than blocks are by default and the file is larger, another one may be that large. The blocks of
 * one security are as large as its first one, or smaller. */
static uint64_t expected_bytes(const struct sw_merge_file *file)
{
    const struct sw_reader *reader = &file->input.reader;
    uint64_t held = 0, stored = 1;
    bool selected = file->input.expression.root != NULL;
    for (size_t i = 0; i < reader->schema.column_count; i++) {
        const struct sw_stored_column *column = &reader->columns[i];
        held += column->values_capacity + column->space_capacity + column->raw_capacity +
                column->dictionary_capacity * sizeof(struct sw_text) + sizeof *column;
        stored += column->entry.stored_length;
    }
    uint64_t rows = reader->rows ? reader->rows : 1, most = default_rows(&reader->schema);
    uint64_t all_rows = reader->input.size * rows / stored;
    if (all_rows < most) most = all_rows;
    return rows < most && !selected ? held * most / rows : held;
}

/* ---- the first file's schema is everyone's ---- */

static bool adopt_schema(struct sw_merge_files *files, const struct sw_sort_columns *columns,
                         struct sw_error *error)
{
    files->key_count = columns->key_count;
    files->keys = sw_alloc(columns->key_count, sizeof *files->keys, error);
    if (!files->keys) return false;
    memcpy(files->keys, columns->keys, columns->key_count * sizeof *files->keys);
    return sw_schema_copy(&files->schema, &columns->schema, NULL, 0, error) &&
           sw_sort_columns_output(columns, &files->output, error);
}

static bool check_schema(struct sw_merge_files *files, const struct sw_merge_file *file,
                         struct sw_error *error)
{
    if (!files->keys) return adopt_schema(files, &file->input.columns, error);
    return sw_schema_check_same(&files->output, files->paths[0], &file->input.reader.schema,
                                file->input.reader.first_name, error);
}

/* ---- groups ---- */

static bool open_file(struct sw_merge_files *files, struct sw_error *error)
{
    struct sw_merge_file *file = sw_alloc(1, sizeof *file, error);
    if (!file) return false;
    files->files[files->file_count++] = file;
    const char *const *path = files->path_count ? &files->paths[files->path_next] : NULL;
    files->path_next++;
    if (!sw_sort_input_open(&file->input, path, path ? 1 : 0, files->settings, error) ||
        !check_schema(files, file, error))
        return false;
    file->first = sw_sort_input_next(&file->input, error);
    return file->first != SW_FAILED;
}

static bool all_opened(const struct sw_merge_files *files)
{
    return files->path_next > 0 && files->path_next >= files->path_count;
}

/* Opens as many files as may be; *count of them are the group, one more may be open for the next.
 */
static bool open_group(struct sw_merge_files *files, size_t *count, struct sw_error *error)
{
    uint64_t bytes = files->file_count ? expected_bytes(files->files[0]) : 0;
    while (!all_opened(files) && files->file_count < files->file_most) {
        if (!open_file(files, error)) return false;
        bytes += expected_bytes(files->files[files->file_count - 1]);
        if (bytes > files->memory_bytes && files->file_count > 2) {
            *count = files->file_count - 1;
            return true;
        }
    }
    *count = files->file_count;
    return true;
}

static bool begin_merge(struct sw_merge_files *files, size_t count, struct sw_error *error)
{
    struct sw_merge_source sources[SW_MERGE_FILES];
    for (size_t i = 0; i < count; i++)
        sources[i] = (struct sw_merge_source){files->files[i], next_block};
    return sw_merge_open(&files->merge, &files->schema, files->keys, files->key_count, sources,
                         count, default_rows(&files->schema), error);
}

static void close_group(struct sw_merge_files *files, size_t count)
{
    sw_merge_free(&files->merge);
    for (size_t i = 0; i < count; i++) {
        sw_sort_input_count(&files->files[i]->input, &files->tally);
        free_file(files->files[i]);
    }
    files->file_count -= count;
    memmove(files->files, files->files + count, files->file_count * sizeof *files->files);
}

static bool spill_merged(struct sw_merge_files *files, struct sw_error *error)
{
    enum sw_step step;
    files->merge.text_limit_bytes = files->spill.text_bytes;
    if (!sw_spill_begin(&files->spill, error)) return false;
    while ((step = sw_merge_next(&files->merge, error)) == SW_ROWS)
        if (!sw_spill_put(&files->spill, files->merge.vectors, files->merge.rows, error))
            return false;
    return step == SW_END && sw_spill_end(&files->spill, error);
}

static bool spill_group(struct sw_merge_files *files, size_t count, const char *folder,
                        struct sw_error *error)
{
    if (!files->spilled && !sw_spill_open(&files->spill, &files->schema, files->keys,
                                          files->key_count, files->memory_bytes, folder, error))
        return false;
    files->spilled = true;
    bool good = begin_merge(files, count, error) && spill_merged(files, error);
    close_group(files, count);
    return good;
}

/* ---- all of them ---- */

static size_t files_at_once(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= SW_MERGE_FILES + OTHER_FILES)
        return SW_MERGE_FILES;
    return limit.rlim_cur > OTHER_FILES + 3 ? (size_t)limit.rlim_cur - OTHER_FILES : 3;
}

bool sw_merge_files_open(struct sw_merge_files *files, const char *const *paths, size_t count,
                         const struct sw_sort_input_settings *settings, uint64_t memory_bytes,
                         const char *folder, struct sw_error *error)
{
    *files = (struct sw_merge_files){.settings = settings,
                                     .paths = paths,
                                     .path_count = count,
                                     .file_most = files_at_once(),
                                     .memory_bytes = memory_bytes};
    files->files = sw_alloc(files->file_most, sizeof *files->files, error);
    if (!files->files) return false;
    for (;;) {
        size_t group;
        if (!open_group(files, &group, error)) return false;
        bool last = all_opened(files) && group == files->file_count;
        if (last && !files->spilled) return begin_merge(files, group, error);
        if (!spill_group(files, group, folder, error)) return false;
        if (last) return sw_spill_merge(&files->spill, error);
    }
}

enum sw_step sw_merge_files_next(struct sw_merge_files *files, struct sw_error *error)
{
    struct sw_merge *merge = files->spilled ? &files->spill.merge : &files->merge;
    enum sw_step step = sw_merge_next(merge, error);
    files->rows = merge->rows;
    files->vectors = merge->vectors;
    if (step == SW_END) close_group(files, files->file_count);
    return step;
}

void sw_merge_files_free(struct sw_merge_files *files)
{
    if (files->files) close_group(files, files->file_count);
    sw_spill_free(&files->spill);
    sw_schema_free(&files->schema);
    sw_schema_free(&files->output);
    free(files->keys);
    free(files->files);
    *files = (struct sw_merge_files){0};
}
