/* SPDX-License-Identifier: ISC
 *
 * Selectors on a CSV: the filter that csv/table.h asks while it converts rows, and which segments
 * of an indexed file can hold selected rows at all.
 *
 *     if (!sw_csv_select_open(&select, &csv, &selectors, &view_settings, share, error)) …
 *     … settings.filter = &select.filter; sw_table_open(&table, &csv, &settings, error);
 *     select.table = &table; …
 *     sw_csv_select_free(&select);
 */
#ifndef SW_QUERY_SELECT_CSV_H
#define SW_QUERY_SELECT_CSV_H

#include "csv/segments.h"
#include "csv/table.h"
#include "query/implied.h"
#include "query/select.h"

struct sw_csv_select {
    struct sw_table_filter filter;
    struct sw_expression expression;
    const struct sw_table *table; /* set by the owner before the first row; not owned */
    /* the rest is the module's own */
    struct sw_csv *csv;
    struct sw_view view;
    struct sw_needles needles;
    bool *needed;
};

/* Compiles the selectors for the csv; both stay while it is used. It is not moved from here on.
 * As sw_selectors_compile and sw_view_open; to be freed in any case. */
bool sw_csv_select_open(struct sw_csv_select *select, struct sw_csv *csv,
                        const struct sw_selectors *selectors,
                        const struct sw_view_settings *settings, const char *share_directory,
                        struct sw_error *error) SW_CHECKED;

/* Adds all segments that the index of this path has of the csv; wanted are those with a bad row and
 * those that may hold a selected one. False: the index is not to be used, *error says why. */
bool sw_csv_select_segments(struct sw_csv_select *select, const char *index_path,
                            struct sw_segments *segments, struct sw_error *error) SW_CHECKED;

/* Harmless on a zero-initialized one. */
void sw_csv_select_free(struct sw_csv_select *select);

#endif
