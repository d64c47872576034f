/* SPDX-License-Identifier: ISC
 *
 * Many small files, which are taken together, some hundred as one chunk: a job of its own for each would cost more than its rows. A run of
 * files that follow one another, have the same columns and are small is cut into groups at files that their names choose, so that
 * another file among them, or one that has changed, makes another group of its own alone; not at sizes, nor by what workers there are.
 *
 *     small, small, large, small … small (20)          the first two are no run, and chunks of their own
 *                         └─ group ─┴─ group ─┘
 *
 * Nothing is read here but names, sizes and headers.
 */
#ifndef SW_INPUT_SMALL_FILES_H
#define SW_INPUT_SMALL_FILES_H

#include "files/identity.h"
#include "input/probe.h"

enum {
    SW_SMALL_FILES_LEAST = 16, /* fewer are no run */
    SW_SMALL_FILES_MOST = 512, /* in a group */
};

/* A file of the run. */
struct sw_small_file {
    size_t number;    /* among the inputs */
    const char *path; /* not owned */
    uint64_t size_bytes;
    char identity[SW_IDENTITY_LENGTH + 1];
    unsigned char
        layout[SW_SHA256_BYTES]; /* of its columns, and of the schema that it is read by */
};

/* Zero-initialize; free with sw_small_files_free. */
struct sw_small_files {
    struct sw_small_file *items;
    size_t count, capacity;
};

/* Whether a file that was probed is to be taken with others: not a record stream, nor one that an index beside it may leave rows of out,
 * nor one that is larger than a chunk (chunk_bytes; 0: not said). SW_SYSTEM: no memory. */
bool sw_small_file_is(const struct sw_probe *probe, uint64_t chunk_bytes, bool *small,
                      struct sw_error *error) SW_CHECKED;

/* Adds it to the run. SW_SYSTEM: no memory. */
bool sw_small_files_add(struct sw_small_files *files, size_t number, const struct sw_probe *probe,
                        const char *identity, struct sw_error *error) SW_CHECKED;

/* How many of the files from `first` on are a group: at least one. chunk_bytes: as above; a group is no larger, unless it is one file. */
size_t sw_small_files_group(const struct sw_small_files *files, size_t first, uint64_t chunk_bytes);

/* By what a group is known: by its files, in their order. */
void sw_small_files_identify(const struct sw_small_files *files, size_t first, size_t count,
                             char text[SW_IDENTITY_LENGTH + 1]);

void sw_small_files_free(struct sw_small_files *files);

#endif
