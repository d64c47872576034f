/* SPDX-License-Identifier: ISC
 *
 * What a sort reads: record streams, the columns and keys of sort/sort_columns.h, only the rows
 * that a selection wants, and, where they are said to be sorted already, the check that they are.
 */
#ifndef SW_SORT_SORT_INPUT_H
#define SW_SORT_SORT_INPUT_H

#include "program/tally.h"
#include "expr/selectors.h"
#include "sort/sort_columns.h"

struct sw_sort_input_settings {
    const char *keys;  /* as in sw_sort_columns_open */
    bool last_resort;  /* after them all the other columns are keys */
    bool sorted;       /* the rows have to come in the order of the keys */
    const char *range; /* as in sw_reader_open_part */
    struct sw_view_settings view;
    struct sw_selectors selectors;
};

struct sw_sort_input {
    size_t rows;       /* of the current block, after sw_sort_input_next */
    uint64_t rejected; /* rows so far that the selection does not want, in blocks that were read */
    const struct sw_vector *const
        *vectors; /* one per column of columns.schema, until the next call */
    struct sw_reader reader;
    struct sw_view view;
    struct sw_sort_columns columns;
    struct sw_expression expression;
    struct sw_sorted sorted;
    bool check;
    uint32_t *selected;          /* rows of the block, where not all are wanted */
    struct sw_builder *gathered; /* they alone, one per column */
    const struct sw_vector **gathered_vectors;
    size_t gathered_rows; /* room */
};

/* Opens files as sw_reader_open_part does. settings stay while the input is used. SW_USAGE: keys, a
 * selector, a zone, sizes. Zero-initialize before; free in any case. */
bool sw_sort_input_open(struct sw_sort_input *input, const char *const *paths, size_t count,
                        const struct sw_sort_input_settings *settings,
                        struct sw_error *error) SW_CHECKED;

/* The next block with selected rows. SW_DATA, beside the reader's: rows that are not in order
 * ("FILE: row N: …"). */
enum sw_step sw_sort_input_next(struct sw_sort_input *input, struct sw_error *error) SW_CHECKED;

/* Adds how many rows were read so far, and how many of them were not wanted. */
void sw_sort_input_count(const struct sw_sort_input *input, struct sw_tally *tally);

void sw_sort_input_free(struct sw_sort_input *input);

#endif
