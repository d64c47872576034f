/* SPDX-License-Identifier: ISC
 *
 * One stream into many files, by key. At most SW_SPLIT_OPEN files are open at a time; one that had to be closed is continued
 * later. All are written under numbers in a folder of their own and get their names at the end, so that they appear whole or
 * not at all. Memory: the builders of the open files, and some 300 bytes a key. Files of text are record streams until the end too,
 * and printed then one after the other.
 *
 *     rows ─▶ key ids (distinct/dimension.h, distinct/pair_table.h) ─▶ file number ─▶ one of SW_SPLIT_OPEN writers ─▶ FOLDER/.sw-split.X/N
 */
#ifndef SW_SPLIT_SPLIT_FILES_H
#define SW_SPLIT_SPLIT_FILES_H

#include "output/text_writer.h"
#include "distinct/dimension.h"
#include "distinct/pair_table.h"
#include "split/template.h"
#include "stream/writer.h"

enum { SW_SPLIT_OPEN = 64 };

struct sw_split_file {
    char *path, *target;   /* its final name, and in the end that behind links */
    uint64_t rows, blocks; /* written while it was not open */
    uint64_t stream;       /* of the input, that its last rows came from */
    int slot;              /* where it is open; -1: nowhere */
};

struct sw_split_slot {
    struct sw_writer writer;
    struct sw_output output;
    char *path;  /* under its number */
    size_t file; /* which one it has */
    uint64_t last_used;
    bool prepared, used;
};

struct sw_file_split {
    struct sw_view *view;           /* not owned */
    const struct sw_schema *schema; /* of the files; not owned */
    /* How the files become text; NULL: they are record streams; not owned. */
    const struct sw_print_options *print;
    struct sw_template template;
    struct sw_dimensions dimensions; /* the keys */
    struct sw_pairs *pairs;          /* keys one to one, two, three… */
    struct sw_buffer *parts;         /* scratch: a name's parts */
    struct sw_split_file *files;
    size_t file_count, file_capacity;
    volatile size_t numbered; /* files that may be there under their number */
    char *folder;             /* where they are meanwhile */
    struct sw_split_slot slots[SW_SPLIT_OPEN];
    size_t slot_count; /* how many of them the limit on open files allows */
    uint64_t clock;
    /* Of the input, that the rows come from; the caller sets it before sw_split_add. */
    uint64_t stream;
    uint64_t taken;                      /* rows that were added */
    uint32_t *ids, *next, *rows, *heads; /* scratch: per row; per file the first row of the block */
    size_t row_capacity, next_capacity, rows_capacity, head_capacity;
};

/* keys: "a,b", stored or derived columns; path: the template; print: how the files become text, compressed where the template ends in
 * ".gz", or NULL. SW_USAGE where keys and template do not fit or a key is unknown. Free it in any case. */
bool sw_split_open(struct sw_file_split *split, struct sw_view *view,
                   const struct sw_schema *schema, const char *keys, const char *path,
                   const struct sw_print_options *print, struct sw_error *error) SW_CHECKED;

/* Adds the view's current block; vectors: one per column of the schema. */
bool sw_split_add(struct sw_file_split *split, const struct sw_vector *const *vectors,
                  struct sw_error *error) SW_CHECKED;

/* Ends all files and gives them their names. SW_USAGE when one of them is an input. */
bool sw_split_close(struct sw_file_split *split, const char *const *inputs, size_t input_count,
                    struct sw_error *error) SW_CHECKED;

/* Removes what is not under its name yet, and frees. */
void sw_split_free(struct sw_file_split *split);

#endif
