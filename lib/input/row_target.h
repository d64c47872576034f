/* SPDX-License-Identifier: ISC
 *
 * Where rows go that were read: into a record stream, as they are; into groups, of which partial aggregates are written in the end; or into
 * lines of CSV. The last two are what sw-agg --partial and sw-cut make of that stream, without the stream: no number is packed for it and
 * unpacked again.
 *
 *     vectors of a block ─▶ sw_row_target_take ─▶ blocks of a stream, groups, or text ─▶ sw_row_target_close ─▶ output
 *
 *     struct sw_row_target target = {.settings = …};
 *     if (sw_row_target_open(&target, &output, &schema, error)) …
 *     sw_row_target_free(&target);
 */
#ifndef SW_INPUT_ROW_TARGET_H
#define SW_INPUT_ROW_TARGET_H

#include "group/aggregate.h"
#include "input/row_text.h"

struct sw_row_target_settings {
    size_t block_rows; /* of a stream; 0: a default */
    bool small;        /* a stream to be kept: small encodings, full blocks, an index */
    int level;         /* zlib's, of a small one */
    /* How rows are grouped and measured; what it says of rows is not looked at. NULL: they are written themselves. */
    const struct sw_request *request;
    /* They are written as text. NULL: as records, or as the request says. */
    const struct sw_row_text_settings *text;
};

struct sw_row_target {
    struct sw_row_target_settings settings;
    size_t block_rows; /* that are best taken at once */
    /* the rest is the module's own */
    struct sw_output *output;
    const struct sw_schema *schema;
    struct sw_writer writer;
    struct sw_aggregate aggregate;
    struct sw_buffer measures; /* that the request's stand for */
    const struct sw_vector *const *vectors;
    uint64_t grouped_rows;
    struct sw_row_text text;
};

/* The output and the schema of the rows stay while it is used, and so does what its settings point to; it is not moved. What the schema says of its
 * making, records will, too. SW_USAGE: the output is a terminal, and not for text; as sw_aggregate_plan and sw_aggregate_rows before the first row, and
 * sw_row_text_open. SW_SYSTEM: it cannot be written; no memory. To be freed in any case. */
bool sw_row_target_open(struct sw_row_target *target, struct sw_output *output,
                        const struct sw_schema *schema, struct sw_error *error) SW_CHECKED;

/* Of a stream: ends it, and begins another one behind it. */
bool sw_row_target_next(struct sw_row_target *target, struct sw_error *error) SW_CHECKED;

/* Takes so many rows, a vector a column. As sw_writer_gather, sw_aggregate_take and sw_row_text_take. */
bool sw_row_target_take(struct sw_row_target *target, const struct sw_vector *const *vectors,
                        size_t rows, struct sw_error *error) SW_CHECKED;

/* How many it has taken. */
uint64_t sw_row_target_rows(const struct sw_row_target *target);

/* Writes what is not written yet. SW_SYSTEM: that fails; a row that it took is not in it. */
bool sw_row_target_close(struct sw_row_target *target, struct sw_error *error) SW_CHECKED;

void sw_row_target_free(struct sw_row_target *target);

#endif
