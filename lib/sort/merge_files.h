/* SPDX-License-Identifier: ISC
 *
 * Merges files that are sorted each: any number of them, in bounded memory and with a bounded
 * number open. Where they are too many, groups of neighbours are merged into runs on disk first.
 * Rows that are equal come in the order of the files.
 */
#ifndef SW_SORT_MERGE_FILES_H
#define SW_SORT_MERGE_FILES_H

#include "sort/sort_input.h"
#include "sort/spill.h"

struct sw_merge_files {
    size_t rows;                            /* of the current block, after sw_merge_files_next */
    const struct sw_vector *const *vectors; /* one per column of schema, until the next call */
    struct sw_tally tally;                  /* at the end: rows read, and those not wanted */
    struct sw_schema schema;                /* of the first file, derived keys after its columns */
    struct sw_schema output; /* of what is written: without them; sorted by the stored ones */
    struct sw_sort_key *keys;
    size_t key_count;
    const struct sw_sort_input_settings *settings; /* not owned, as the paths */
    const char *const *paths;
    size_t path_count, path_next;
    struct sw_merge_file **files; /* those open */
    size_t file_count, file_most;
    uint64_t memory_bytes;
    struct sw_spill spill;
    bool spilled;
    struct sw_merge merge; /* of the open files */
};

/* Opens the files, merges groups of them where need be. folder: of temporary files. Settings and
 * paths stay while this is used. Outcomes as sw_sort_input_open and sw_sort_input_next; SW_DATA for
 * a file with other columns than the first. Zero-initialize before; free in any case. */
bool sw_merge_files_open(struct sw_merge_files *files, const char *const *paths, size_t count,
                         const struct sw_sort_input_settings *settings, uint64_t memory_bytes,
                         const char *folder, struct sw_error *error) SW_CHECKED;

/* The next block of merged rows. */
enum sw_step sw_merge_files_next(struct sw_merge_files *files, struct sw_error *error) SW_CHECKED;

void sw_merge_files_free(struct sw_merge_files *files);

#endif
