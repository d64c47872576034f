/* SPDX-License-Identifier: ISC
 *
 * The index of a stream's blocks, which stands in its end mark (man 5 sw-record, INDEX): for some
 * columns the bounds of each block, or of a few neighbouring ones together, and where they begin. A
 * reader of a file goes by it straight to the blocks that it wants.
 *
 *     end mark   rows:u64 blocks:u64 columns:u32 entries:u32 { column:u32 } padding { entry } stream:u64 end-mark:u64
 *     entry      offset:u64 rows:u64 blocks:u64 { nulls:u64 minimum:i128 maximum:i128 } per column
 */
#ifndef SW_STREAM_INDEX_H
#define SW_STREAM_INDEX_H

#include "record/format.h"
#include "record/bounds.h"

enum { SW_END_LENGTH = 16 }; /* the body of an end mark without an index */

/* An index under construction. */
struct sw_index_writer {
    const struct sw_schema *schema; /* not owned */
    uint32_t *columns;
    size_t column_count, entry_count;
    struct sw_buffer entries;
};

/* A column by which rows that belong together are told, where a program needs one (the parts of
 * states/fold_orders.h). */
#define SW_INDEX_BUCKET "#bucket"

/* Of the sort keys, security_code, the time column and #bucket, as far as they are there. SW_SYSTEM: memory.
 * Zero-initialize before; may be begun again; free in any case. */
bool sw_index_begin(struct sw_index_writer *index, const struct sw_schema *schema,
                    struct sw_error *error) SW_CHECKED;
void sw_index_free(struct sw_index_writer *index);

/* Adds a block that begins offset bytes after the stream's header, with its directory. Where the
 * index grows past 4 MiB, neighbouring entries become one. */
bool sw_index_add(struct sw_index_writer *index, uint64_t offset, uint64_t rows,
                  const struct sw_entry *directory, struct sw_error *error) SW_CHECKED;

/* Appends what follows an end mark's rows and blocks. stream_bytes: from the header to the end
 * mark. */
bool sw_index_format(const struct sw_index_writer *index, uint64_t stream_bytes,
                     struct sw_buffer *body, struct sw_error *error) SW_CHECKED;

/* An index as it stands in the body of an end mark, which it points into. */
struct sw_index {
    size_t column_count, entry_count;
    const unsigned char *columns, *entries;
    uint64_t stream_bytes;
};

/* Reads the body of an end mark of a stream with this schema: false where it does not make sense,
 * in itself or with the rows and blocks it names. No index: 0 columns and entries. */
bool sw_index_parse(const unsigned char *body, size_t length, const struct sw_schema *schema,
                    struct sw_index *index) SW_CHECKED;

/* The column of the schema that is the index's number i. */
int sw_index_column(const struct sw_index *index, size_t i);

/* An index held against the directories of its stream's blocks, which it has as many of. */
struct sw_index_check {
    const struct sw_index *index; /* not owned, as its schema */
    struct sw_index_writer like;  /* what the current entry ought to be, so far */
    size_t number;                /* of the entry */
    uint64_t blocks;              /* of it that were seen */
};

/* SW_SYSTEM: no memory. Call sw_index_check_end in any case. */
bool sw_index_check_begin(struct sw_index_check *check, const struct sw_index *index,
                          const struct sw_schema *schema, struct sw_error *error) SW_CHECKED;

/* The next block, which begins offset bytes after the stream's header: false where the entry that
 * it completes (number - 1 then) does not tell what the directories of its blocks do. */
bool sw_index_check_block(struct sw_index_check *check, uint64_t offset, uint64_t rows,
                          const struct sw_entry *directory) SW_CHECKED;
void sw_index_check_end(struct sw_index_check *check);

/* Where a reader has to go: blocks after one another, and what lies between them and the last
 * extent. */
struct sw_extent {
    uint64_t offset; /* after the stream's header */
    uint64_t rows, blocks;
    uint64_t skipped_rows, skipped_blocks; /* ahead of it */
};

/* The extents that can meet all range predicates, ended by one without rows at the end mark:
 * *extents is allocated, the caller frees it. SW_SYSTEM: memory. */
bool sw_index_route(const struct sw_index *index, const struct sw_schema *schema,
                    const struct sw_range_predicate *range_predicates, size_t range_predicate_count,
                    struct sw_extent **extents, struct sw_error *error) SW_CHECKED;

#endif
