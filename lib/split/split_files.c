/* SPDX-License-Identifier: ISC */
#include "split/split_files.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/resource.h>
#include <unistd.h>

#include "files/folders.h"
#include "base/list.h"
#include "base/memory.h"
#include "files/rename.h"
#include "program/tally.h"
#include "files/target.h"
#include "files/temporary.h"
#include "split/split_print.h"

enum {
    SLOT_BYTES = (16 << 20) / SW_SPLIT_OPEN, /* for the rows of a slot, and again for their texts */
    NUMBER_BYTES = 8,                        /* of a row in a builder of numbers */
    CODE_BYTES = 64,                         /* in one of text: code, dictionary, hash table */
    ROWS_AT_LEAST = 16,
    NO_ROW = -1,
    NUMBER_LENGTH = 24,
};

/* ---- opening ---- */

static bool parse_keys(struct sw_file_split *split, const char *keys, struct sw_error *error)
{
    for (;;) {
        size_t length = sw_list_item(keys), before = split->dimensions.count;
        int index = length ? sw_dimension_add(&split->dimensions, keys, length, error) : -1;
        if (length && index < 0) return false;
        if (length == 0 || split->dimensions.count == before)
            return sw_fail(error, SW_USAGE, "--keys: %s",
                           length ? "a key is named twice" : "an empty name");
        if (!keys[length]) return true;
        keys += length + 1;
    }
}

static bool bind_keys(struct sw_file_split *split, struct sw_error *error)
{
    for (size_t i = 0; i < split->dimensions.count; i++)
        if (!sw_dimension_bind(&split->dimensions.items[i], split->view, SW_USAGE, error))
            return false;
    return true;
}

static bool parse_template(struct sw_file_split *split, const char *path, struct sw_error *error)
{
    size_t count = split->dimensions.count;
    const char **names = sw_alloc(count, sizeof *names, error);
    if (!names) return false;
    for (size_t i = 0; i < count; i++) names[i] = split->dimensions.items[i].name;
    bool good = sw_template_parse(&split->template, path, names, count, error);
    free(names);
    return good;
}

/* The folder of the numbered files stands where the named ones will, so that giving names is a rename. */
static bool make_folder(struct sw_file_split *split, struct sw_error *error)
{
    const char *base = split->template.folder;
    if (!sw_make_folders(base, error)) return false;
    split->folder = sw_alloc(strlen(base) + 32, 1, error);
    if (!split->folder) return false;
    sprintf(split->folder, "%s/.sw-split.XXXXXX", base);
    if (!mkdtemp(split->folder)) {
        sw_fail_errno(error, "%s", base);
        free(split->folder);
        split->folder = NULL;
        return false;
    }
    sw_temporary_folder(split->folder, &split->numbered);
    return true;
}

/* As many as may be open at a time, and some left for everything else the program opens. */
static size_t slots_allowed(void)
{
    const rlim_t others = 16;
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur >= SW_SPLIT_OPEN + others)
        return SW_SPLIT_OPEN;
    return files.rlim_cur > others ? (size_t)(files.rlim_cur - others) : 1;
}

bool sw_split_open(struct sw_file_split *split, struct sw_view *view,
                   const struct sw_schema *schema, const char *keys, const char *path,
                   const struct sw_print_options *print, struct sw_error *error)
{
    *split = (struct sw_file_split){
        .view = view, .schema = schema, .print = print, .slot_count = slots_allowed()};
    if (!parse_keys(split, keys, error) || !bind_keys(split, error) ||
        !parse_template(split, path, error))
        return false;
    size_t count = split->dimensions.count;
    split->pairs = sw_alloc(count, sizeof *split->pairs, error);
    split->parts = sw_alloc(count, sizeof *split->parts, error);
    return split->pairs && split->parts && make_folder(split, error);
}

/* ---- slots ---- */

static size_t slot_rows(const struct sw_schema *schema)
{
    size_t row_bytes = 1;
    for (size_t i = 0; i < schema->column_count; i++)
        row_bytes += schema->columns[i].type == SW_TEXT ? CODE_BYTES : NUMBER_BYTES;
    size_t rows = SLOT_BYTES / row_bytes;
    if (rows < ROWS_AT_LEAST) return ROWS_AT_LEAST;
    return rows < SW_BLOCK_ROWS_DEFAULT ? rows : SW_BLOCK_ROWS_DEFAULT;
}

/* Where a file is until it has its name; `to` has room for it. */
static void put_number(const struct sw_file_split *split, size_t number, char *to)
{
    sprintf(to, "%s/%zu", split->folder, number);
}

static bool prepare_slot(struct sw_file_split *split, struct sw_split_slot *slot,
                         struct sw_error *error)
{
    if (slot->prepared) return true;
    slot->path = sw_alloc(strlen(split->folder) + NUMBER_LENGTH, 1, error);
    if (!slot->path || !sw_writer_prepare(&slot->writer, &slot->output, split->schema,
                                          slot_rows(split->schema), error))
        return false;
    slot->writer.text_limit_bytes = SLOT_BYTES;
    slot->prepared = true;
    return true;
}

/* Puts what a slot holds into its file and leaves it. */
static bool release(struct sw_file_split *split, struct sw_split_slot *slot, struct sw_error *error)
{
    struct sw_split_file *file = &split->files[slot->file];
    bool good = sw_writer_cut(&slot->writer, error) && sw_output_close(&slot->output, error);
    file->rows = slot->writer.total_rows;
    file->blocks = slot->writer.total_blocks;
    file->slot = -1;
    slot->used = false;
    return good;
}

/* A free slot, or the one that was not used for the longest time. */
static struct sw_split_slot *pick_slot(struct sw_file_split *split)
{
    struct sw_split_slot *oldest = &split->slots[0];
    for (size_t i = 0; i < split->slot_count; i++) {
        struct sw_split_slot *slot = &split->slots[i];
        if (!slot->used) return slot;
        if (slot->last_used < oldest->last_used) oldest = slot;
    }
    return oldest;
}

static void free_slots(struct sw_file_split *split)
{
    for (size_t i = 0; i < SW_SPLIT_OPEN; i++) {
        struct sw_split_slot *slot = &split->slots[i];
        if (slot->used) sw_output_abandon(&slot->output);
        if (slot->prepared) sw_writer_free(&slot->writer);
        free(slot->path);
        *slot = (struct sw_split_slot){0};
    }
}

static struct sw_split_slot *slot_of(struct sw_file_split *split, size_t number,
                                     struct sw_error *error)
{
    struct sw_split_file *file = &split->files[number];
    if (file->slot >= 0) return &split->slots[file->slot];
    struct sw_split_slot *slot = pick_slot(split);
    if (slot->used && !release(split, slot, error)) return NULL;
    if (!prepare_slot(split, slot, error)) return NULL;
    put_number(split, number, slot->path);
    if (number >= split->numbered) split->numbered = number + 1;
    if (!sw_output_append(&slot->output, slot->path, error)) return NULL;
    slot->used = true;
    slot->file = number;
    file->slot = (int)(slot - split->slots);
    if (file->blocks == 0 && !sw_writer_begin(&slot->writer, error)) return NULL;
    slot->writer.total_rows = file->rows;
    slot->writer.total_blocks = file->blocks;
    slot->writer.input_stream = file->stream;
    return slot;
}

/* ---- rows ---- */

/* The final name of the file that a row belongs to. */
static char *name_of(struct sw_file_split *split, size_t row, struct sw_error *error)
{
    struct sw_buffer path = {0};
    bool good = true;
    for (size_t i = 0; good && i < split->dimensions.count; i++) {
        const struct sw_dimension *key = &split->dimensions.items[i];
        const struct sw_vector *vector = sw_view_vector(split->view, key->handle, error);
        split->parts[i].length = 0;
        good = vector && sw_template_part(vector, row, key->name, &split->parts[i], error);
    }
    if (good && sw_template_path(&split->template, split->parts, &path, error))
        return (char *)path.bytes;
    sw_buffer_free(&path);
    return NULL;
}

static bool add_files(struct sw_file_split *split, size_t rows, struct sw_error *error)
{
    for (size_t row = 0; row < rows; row++) {
        size_t number = split->ids[row];
        if (number < split->file_count) continue;
        if (!sw_grow(&split->files, &split->file_capacity, number + 1, sizeof *split->files,
                     error) ||
            !sw_grow(&split->heads, &split->head_capacity, number + 1, sizeof *split->heads, error))
            return false;
        for (size_t i = split->file_count; i <= number; i++) {
            split->files[i] = (struct sw_split_file){.slot = -1};
            split->heads[i] = (uint32_t)NO_ROW;
        }
        split->file_count = number + 1;
        split->files[number].path = name_of(split, row, error);
        if (!split->files[number].path) return false;
    }
    return true;
}

/* ids[row]: the number of the row's combination of keys. */
static bool find_ids(struct sw_file_split *split, size_t rows, struct sw_error *error)
{
    size_t limit = 1;
    memset(split->ids, 0, rows * sizeof *split->ids);
    for (size_t i = 0; i < split->dimensions.count; i++) {
        struct sw_dimension *key = &split->dimensions.items[i];
        const struct sw_vector *vector = sw_view_vector(split->view, key->handle, error);
        if (!vector || !sw_dimension_load(key, vector, rows, error) ||
            !sw_pairs_find(&split->pairs[i], split->ids, limit, key->ids, key->intern.count,
                           split->ids, rows, error))
            return false;
        limit = split->pairs[i].count;
    }
    return true;
}

/* Writes the rows of one file: those chained from its head. */
static bool write_chain(struct sw_file_split *split, size_t number,
                        const struct sw_vector *const *vectors, struct sw_error *error)
{
    size_t count = 0;
    for (uint32_t row = split->heads[number]; row != (uint32_t)NO_ROW; row = split->next[row])
        split->rows[count++] = row;
    split->heads[number] = (uint32_t)NO_ROW;
    struct sw_split_slot *slot = slot_of(split, number, error);
    if (!slot) return false;
    slot->last_used = ++split->clock;
    split->files[number].stream = split->stream;
    bool good = sw_writer_follow(&slot->writer, split->stream, error) &&
                sw_writer_gather(&slot->writer, vectors, split->rows, count, error);
    sw_writer_trim(&slot->writer, 2 * SLOT_BYTES);
    return good;
}

bool sw_split_add(struct sw_file_split *split, const struct sw_vector *const *vectors,
                  struct sw_error *error)
{
    size_t rows = split->view->rows;
    split->taken += rows;
    if (!sw_grow(&split->ids, &split->row_capacity, rows, sizeof *split->ids, error) ||
        !sw_grow(&split->next, &split->next_capacity, rows, sizeof *split->next, error) ||
        !sw_grow(&split->rows, &split->rows_capacity, rows, sizeof *split->rows, error) ||
        !find_ids(split, rows, error) || !add_files(split, rows, error))
        return false;
    for (size_t row = rows; row-- > 0;) { /* backwards, so that each chain is in order */
        split->next[row] = split->heads[split->ids[row]];
        split->heads[split->ids[row]] = (uint32_t)row;
    }
    for (size_t row = 0; row < rows; row++)
        if (split->heads[split->ids[row]] == row &&
            !write_chain(split, split->ids[row], vectors, error))
            return false;
    return true;
}

/* ---- the end ---- */

static int compare_paths(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Two combinations of keys with one name ("{a}{b}": 1, 23 and 12, 3) would overwrite each other, as would two links to one file. */
static bool names_differ(const struct sw_file_split *split, bool targets, struct sw_error *error)
{
    bool good = true;
    char **paths = sw_alloc(split->file_count, sizeof *paths, error);
    if (!paths) return false;
    for (size_t i = 0; i < split->file_count; i++)
        paths[i] = targets ? split->files[i].target : split->files[i].path;
    qsort(paths, split->file_count, sizeof *paths, compare_paths);
    for (size_t i = 1; good && i < split->file_count; i++)
        if (strcmp(paths[i - 1], paths[i]) == 0)
            good = sw_fail(error, SW_USAGE, "--output: two keys have the name '%s'", paths[i]);
    free(paths);
    return good;
}

static bool end_file(struct sw_file_split *split, size_t number, struct sw_error *error)
{
    struct sw_split_slot *slot = slot_of(split, number, error);
    if (!slot || !sw_writer_close(&slot->writer, error) || !sw_output_close(&slot->output, error))
        return false;
    split->files[number].slot = -1;
    slot->used = false;
    return true;
}

static bool adds_up(const struct sw_file_split *split, struct sw_error *error)
{
    struct sw_tally tally = {.read = split->taken};
    for (size_t i = 0; i < SW_SPLIT_OPEN; i++)
        tally.kept += sw_writer_rows(&split->slots[i].writer);
    return sw_tally_check(&tally, "the files", error);
}

/* Whatever can be known to stand in the way of a name is found before the first one is given. */
static bool prepare_name(struct sw_split_file *file, const char *const *inputs, size_t input_count,
                         struct sw_error *error)
{
    struct sw_target target;
    if (!sw_output_refuse_inputs(file->path, inputs, input_count, error) ||
        !sw_make_folders_of(file->path, error) || !sw_target_find(&target, file->path, error))
        return false;
    if (target.kind == SW_TARGET_FILE) {
        file->target = target.path;
        return true;
    }
    sw_target_free(&target);
    return sw_fail(error, SW_SYSTEM, "%s: is no regular file", file->path);
}

static bool print_file(struct sw_file_split *split, size_t number, char *from, char *to,
                       struct sw_error *error)
{
    put_number(split, number, from);
    put_number(split, split->file_count + number, to);
    split->numbered = split->file_count + number + 1;
    if (!sw_split_print(from, to, split->files[number].path, split->print, error)) return false;
    return unlink(from) == 0 || sw_fail_errno(error, "%s", from);
}

/* The texts get the numbers after those of the streams. */
static bool print_files(struct sw_file_split *split, struct sw_error *error)
{
    size_t room = strlen(split->folder) + NUMBER_LENGTH;
    char *paths = sw_alloc(2, room, error);
    bool good = paths != NULL;
    free_slots(split);
    for (size_t i = 0; good && i < split->file_count; i++)
        good = print_file(split, i, paths, paths + room, error);
    free(paths);
    return good;
}

/* All or none: half of the files would look like all of them. */
static bool give_names(struct sw_file_split *split, struct sw_error *error)
{
    size_t room = strlen(split->folder) + NUMBER_LENGTH, count = split->file_count;
    struct sw_rename *items = sw_alloc(count, sizeof *items, error);
    char *from = sw_alloc(count, room, error);
    for (size_t i = 0; items && from && i < count; i++) {
        items[i] =
            (struct sw_rename){from + i * room, split->files[i].target, split->files[i].path};
        put_number(split, split->print ? count + i : i, from + i * room);
    }
    bool good = items && from && sw_rename_all(items, count, error);
    free(items);
    free(from);
    return good;
}

bool sw_split_close(struct sw_file_split *split, const char *const *inputs, size_t input_count,
                    struct sw_error *error)
{
    if (!names_differ(split, false, error)) return false;
    for (size_t i = 0; i < split->file_count; i++)
        if (!prepare_name(&split->files[i], inputs, input_count, error) ||
            !end_file(split, i, error))
            return false;
    return names_differ(split, true, error) && adds_up(split, error) &&
           (!split->print || print_files(split, error)) && give_names(split, error);
}

/* What was not renamed is still there under its number. */
static void remove_folder(struct sw_file_split *split)
{
    sw_temporary_folder(NULL, NULL);
    int folder = open(split->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    for (size_t i = 0; folder >= 0 && i < split->numbered; i++) {
        char name[NUMBER_LENGTH];
        snprintf(name, sizeof name, "%zu", i);
        (void)unlinkat(folder, name, 0);
    }
    if (folder >= 0) close(folder);
    (void)rmdir(split->folder);
}

void sw_split_free(struct sw_file_split *split)
{
    free_slots(split);
    if (split->folder) remove_folder(split);
    free(split->folder);
    for (size_t i = 0; i < split->file_count; i++) {
        free(split->files[i].path);
        free(split->files[i].target);
    }
    for (size_t i = 0; i < split->dimensions.count; i++) {
        if (split->pairs) sw_pairs_free(&split->pairs[i]);
        if (split->parts) sw_buffer_free(&split->parts[i]);
    }
    free(split->files);
    free(split->pairs);
    free(split->parts);
    free(split->ids);
    free(split->next);
    free(split->rows);
    free(split->heads);
    sw_dimensions_free(&split->dimensions);
    sw_template_free(&split->template);
}
