/* SPDX-License-Identifier: ISC
 *
 * The measures of orders as rows: the table `tca`, a row an order (share/schemas/tca.schema), as a
 * record stream or as text.
 *
 *     if (!sw_tca_table_open(&table, &tca, &form, made_by, length, &output, error)) …
 *     for every order: sw_tca_table_put(&table, &tca, error)
 *     if (!sw_tca_table_close(&table, error)) …
 *     sw_tca_table_free(&table);
 */
#ifndef SW_TCA_TABLE_H
#define SW_TCA_TABLE_H

#include "output/text_writer.h"
#include "stream/writer.h"
#include "tca/tca.h"

struct sw_tca_table {
    struct sw_schema schema;
    int *columns; /* of all columns of the table those that are written, in their order */
    size_t column_count;
    bool records; /* the writer writes, else the printer */
    struct sw_writer writer;
    struct sw_printer printer;
    struct sw_builder *builders; /* one per column: the writer's, or the next two */
    struct sw_builder *own_builders;
    const struct sw_vector **vectors;
    struct sw_amount *waiting; /* numbers of orders that are in no builder yet, a row each … */
    size_t waiting_count;      /* … the last of which is the current order */
    uint64_t rows;
    uint64_t *nulls; /* per column */
};

/* How it is written. */
struct sw_tca_form {
    bool records; /* as a record stream … */
    const struct sw_block_taker
        *taker; /* … or, where it is not NULL, handed over to it; else as text: */
    enum sw_print_format format;
    bool iso_time; /* times as ISO 8601 in the orders' zone, not as nanoseconds */
};

/* "swr", "csv", "tsv", "jsonl" or "table"; *records: it is swr. SW_USAGE for another. */
bool sw_tca_table_format(const char *name, bool *records, enum sw_print_format *format,
                         struct sw_error *error) SW_CHECKED;

/* Writes what stands ahead of the rows: of all columns, or, where only what is reported is wanted of the orders, of those that the reports
 * over costs of an analysis read, sorted by security alone. made_by (length bytes) is added to the orders' provenance. The
 * output and the zone stay while the table is used. SW_SYSTEM: memory, the output. Zero-initialize
 * before, free in any case. */
bool sw_tca_table_open(struct sw_tca_table *table, const struct sw_tca *tca,
                       const struct sw_tca_form *form, const char *made_by, size_t length,
                       struct sw_output *output, struct sw_error *error) SW_CHECKED;

/* Whether the reports over costs of an analysis read this one of all columns. */
bool sw_tca_column_is_reported(size_t column);

/* Adds the current order. */
bool sw_tca_table_put(struct sw_tca_table *table, const struct sw_tca *tca,
                      struct sw_error *error) SW_CHECKED;

/* Writes what is left; the output stays open. */
bool sw_tca_table_close(struct sw_tca_table *table, struct sw_error *error) SW_CHECKED;

/* Appends "NAME<tab>COUNT" lines: what the measures rest on, then how many values of each column are
 * null. SW_SYSTEM: memory. */
bool sw_tca_table_tally(const struct sw_tca_table *table, const struct sw_tca_counts *counts,
                        struct sw_buffer *to, struct sw_error *error) SW_CHECKED;

/* Appends, for people, the counts that are not 0; nothing where all are. */
bool sw_tca_doubts(const struct sw_tca_counts *counts, struct sw_buffer *to,
                   struct sw_error *error) SW_CHECKED;

void sw_tca_table_free(struct sw_tca_table *table);

#endif
