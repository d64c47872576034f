/* SPDX-License-Identifier: ISC
 *
 * The join of two files of any kind, CSV with a header or record streams: by merging where both are streams whose headers say that
 * they are sorted by the keys (sort/merge_join.h), else with the partners' file in memory (sort/lookup_join.h). A header that fits no
 * schema will do: its columns are text, but for a key, which is of the type that the key has on the other side.
 *
 *     struct sw_join_tables tables = {.settings = …};
 *     if (!sw_join_tables_open(&tables, paths, count, "names.csv", error)) …
 *     if (!sw_writer_open(&writer, &output, tables.schema, 0, error)) …
 *     good = sw_join_tables_rows(&tables, &writer, error) && sw_writer_close(&writer, error);
 *     sw_join_tables_close(&tables);
 */
#ifndef SW_INPUT_JOIN_TABLES_H
#define SW_INPUT_JOIN_TABLES_H

#include "input/any_table.h"
#include "sort/lookup_join.h"

struct sw_join_tables_settings {
    struct sw_join_settings join;
    struct sw_view_settings view;
    const char *choice; /* of the left's schema, as -t has it; NULL: by the header */
    const char *share_directory;
};

struct sw_join_tables {
    struct sw_join_tables_settings settings; /* what it points to is the caller's */
    struct sw_schema *schema;                /* of the result, once open; the module's */
    /* the rest is the module's own */
    struct sw_csv_schema fallback;
    struct sw_csv_schemas left_schemas, right_schemas;
    struct sw_rows left, right;
    bool left_open, right_open, merges;
    struct sw_view left_view, right_view;
    struct sw_join merge;
    struct sw_lookup lookup;
};

/* Opens the rows (no paths: standard input) and the file of partners, and reads their headers. Outcomes as sw_csv_open, sw_reader_open
 * and sw_join_open. Zero-initialize before, but for the settings; close in any case. */
bool sw_join_tables_open(struct sw_join_tables *tables, const char *const *paths, size_t count,
                         const char *with, struct sw_error *error) SW_CHECKED;

/* As sw_join_rows and sw_lookup_rows. */
bool sw_join_tables_rows(struct sw_join_tables *tables, struct sw_writer *writer,
                         struct sw_error *error) SW_CHECKED;

struct sw_tally sw_join_tables_tally(const struct sw_join_tables *tables);

void sw_join_tables_close(struct sw_join_tables *tables);

#endif
