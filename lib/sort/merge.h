/* SPDX-License-Identifier: ISC
 *
 * Merges any number of sorted sources of rows into one: equal rows come in the order of the
 * sources. Of a source whose next rows all stand before every other source's, the whole stretch is
 * taken at once. Opens no files and checks no order; the sources do.
 *
 *     heap of sources ─▶ pieces (source, from, count) ─▶ columns, gathered one by one ─▶ block
 */
#ifndef SW_SORT_MERGE_H
#define SW_SORT_MERGE_H

#include "sort/sort_keys.h"
#include "stream/reader.h"

/* Where sorted rows come from. */
struct sw_merge_source {
    void *owner;
    /* The next block: *vectors, one per column, valid until the next call for this owner. */
    enum sw_step (*next)(void *owner, const struct sw_vector *const **vectors, size_t *rows,
                         struct sw_error *error);
};

struct sw_merge {
    size_t rows;                      /* of the current block, after sw_merge_next */
    const struct sw_vector **vectors; /* one per column, until the next call */
    const struct sw_schema *schema;   /* not owned, as the next two */
    const struct sw_sort_key *keys;
    size_t key_count;
    struct sw_cursor *cursors; /* one per source */
    size_t cursor_count;
    uint32_t *heap; /* of the cursors that have rows, the one whose row comes first on top */
    size_t heap_count;
    struct sw_builder *builders; /* the block under construction, one per column */
    size_t block_rows, text_bytes;
    size_t text_limit_bytes;       /* a block ends early about there; set by open, may be lowered */
    struct sw_merge_piece *pieces; /* taken, and not yet in the builders */
    size_t piece_count, piece_rows;
    uint32_t *numbers; /* scratch: numbers of rows */
};

/* block_rows: rows of a block at most. Schema, keys and owners stay while the merge is used.
 * SW_SYSTEM: memory; or what a source's first block came to. Zero-initialize before; free in any
 * case. */
bool sw_merge_open(struct sw_merge *merge, const struct sw_schema *schema,
                   const struct sw_sort_key *keys, size_t key_count,
                   const struct sw_merge_source *sources, size_t source_count, size_t block_rows,
                   struct sw_error *error) SW_CHECKED;

/* The next block of merged rows. */
enum sw_step sw_merge_next(struct sw_merge *merge, struct sw_error *error) SW_CHECKED;

void sw_merge_free(struct sw_merge *merge);

#endif
