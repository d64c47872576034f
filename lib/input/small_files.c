/* SPDX-License-Identifier: ISC */
#include "input/small_files.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "csv/index.h"

/* What a program reads in less time than it takes to start; packed text is some four times as much. */
enum { SMALL_BYTES = 256 << 10, SMALL_PACKED_BYTES = 64 << 10 };

/* One name in so many ends a group. */
enum { MEAN_COUNT = 128 };

/* Of the names of a group, which are words of one command. */
enum { NAMES_BYTES = 64 << 10 };

bool sw_small_file_is(const struct sw_probe *probe, uint64_t chunk_bytes, bool *small,
                      struct sw_error *error)
{
    uint64_t most = probe->kind == SW_PROBE_CSV ? SMALL_BYTES : SMALL_PACKED_BYTES;
    if (chunk_bytes > 0 && chunk_bytes < most) most = chunk_bytes;
    *small = probe->kind != SW_PROBE_STREAM && probe->size_bytes <= most;
    if (!*small || !probe->settings->selective) return true;
    struct sw_buffer name = {0};
    bool good = sw_csv_index_path(probe->path, &name, error);
    if (good) *small = !sw_csv_index_is_there((const char *)name.bytes);
    sw_buffer_free(&name);
    return good;
}

/* ---- the run ---- */

static void digest_layout(const struct sw_probe *probe, unsigned char layout[SW_SHA256_BYTES])
{
    const struct sw_csv_schema *csv_schema = probe->csv.csv_schema;
    struct sw_sha256 hash;
    sw_sha256_begin(&hash);
    sw_sha256_add(&hash, csv_schema->digest, sizeof csv_schema->digest);
    for (size_t i = 0; i < probe->schema->column_count; i++) {
        const char *name = probe->schema->columns[i].name;
        sw_sha256_add(&hash, name, strlen(name) + 1);
    }
    sw_sha256_end(&hash, layout);
}

bool sw_small_files_add(struct sw_small_files *files, size_t number, const struct sw_probe *probe,
                        const char *identity, struct sw_error *error)
{
    if (!sw_grow(&files->items, &files->capacity, files->count + 1, sizeof *files->items, error))
        return false;
    struct sw_small_file *file = &files->items[files->count++];
    *file = (struct sw_small_file){
        .number = number, .path = probe->path, .size_bytes = probe->size_bytes};
    memcpy(file->identity, identity, sizeof file->identity);
    digest_layout(probe, file->layout);
    return true;
}

/* ---- groups ---- */

/* Whether a group ends with a file of this name: some do, wherever they stand. */
static bool ends_group(const char *path)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (const char *at = path; *at; at++)
        hash = (hash ^ (unsigned char)*at) * UINT64_C(0x100000001b3);
    return (hash >> 32) % MEAN_COUNT == 0;
}

size_t sw_small_files_group(const struct sw_small_files *files, size_t first, uint64_t chunk_bytes)
{
    const struct sw_small_file *begin = &files->items[first];
    size_t count = 0, most = files->count - first, names = 0;
    uint64_t bytes = 0;
    if (most > SW_SMALL_FILES_MOST) most = SW_SMALL_FILES_MOST;
    for (; count < most; count++) {
        const struct sw_small_file *file = &begin[count];
        bytes += file->size_bytes;
        names += strlen(file->path) + 1;
        if (count > 0 && (ends_group(file[-1].path) || names > NAMES_BYTES ||
                          (chunk_bytes > 0 && bytes > chunk_bytes) ||
                          memcmp(file->layout, begin->layout, sizeof file->layout) != 0))
            break;
    }
    return count;
}

void sw_small_files_identify(const struct sw_small_files *files, size_t first, size_t count,
                             char text[SW_IDENTITY_LENGTH + 1])
{
    struct sw_identity identity;
    sw_identity_begin(&identity);
    for (size_t i = first; i < first + count; i++)
        sw_identity_text(&identity, "file of a group", files->items[i].identity);
    sw_identity_end(&identity, text);
}

void sw_small_files_free(struct sw_small_files *files)
{
    free(files->items);
    *files = (struct sw_small_files){0};
}
