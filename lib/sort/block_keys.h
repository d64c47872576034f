/* SPDX-License-Identifier: ISC
 *
 * Ends a stream's blocks where a key changes, so that a block holds rows of one security, say, and
 * a reader who wants another skips it.
 */
#ifndef SW_SORT_BLOCK_KEYS_H
#define SW_SORT_BLOCK_KEYS_H

#include "stream/writer.h"

struct sw_block_keys {
    int *columns; /* of the schema */
    size_t count;
    struct sw_builder *last; /* per key: its value in the row written last */
    bool any;                /* a row was written */
    /* Scratch: numbers of rows, and vectors from a row on. */
    uint32_t *numbers;
    struct sw_vector *behind;
    const struct sw_vector **vectors;
    size_t number_capacity, behind_capacity, vector_capacity;
};

/* list: "COL,…" of stored columns, or NULL: no block is ended. SW_USAGE as sw_schema_pick.
 * Zero-initialize before; free in any case. */
bool sw_block_keys_open(struct sw_block_keys *keys, const struct sw_schema *schema,
                        const char *list, struct sw_error *error) SW_CHECKED;

/* Appends the first `rows` rows of vectors, one per column of the writer's schema, and cuts the
 * writer's block before every row that differs in a key from the one before it. */
bool sw_block_keys_write(struct sw_block_keys *keys, struct sw_writer *writer,
                         const struct sw_vector *const *vectors, size_t rows,
                         struct sw_error *error) SW_CHECKED;

void sw_block_keys_free(struct sw_block_keys *keys);

#endif
