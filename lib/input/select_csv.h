/* SPDX-License-Identifier: ISC
 *
 * Selectors on a CSV: the filter that csv/table.h asks while it converts rows, and which segments
 * of an indexed file can hold selected rows at all.
 *
 *     if (!sw_csv_select_open(&select, &csv, &selectors, &view_settings, share, error) ||
 *         !sw_csv_select_by_index(&select, NULL, 0, &unused, error)) …
 *     settings.filter = &select.filter; … sw_table_open(&table, &csv, &settings, error) …
 *     while ((step = sw_csv_select_next(&select, &table, error)) == SW_ROWS) … table.vectors …
 *     sw_csv_select_free(&select);
 */
#ifndef SW_INPUT_SELECT_CSV_H
#define SW_INPUT_SELECT_CSV_H

#include "csv/segments.h"
#include "csv/table.h"
#include "expr/implied_literals.h"
#include "expr/selectors.h"

struct sw_csv_select {
    struct sw_table_filter filter;
    struct sw_expression expression;
    bool indexed; /* the segments are those of the csv's index, and only wanted ones are read */
    struct sw_segments segments;
    /* the rest is the module's own */
    size_t segment_next;
    bool in_segments; /* the csv stands in a run of them */
    const struct sw_table *table;
    struct sw_csv *csv;
    struct sw_view view;
    struct sw_literals literals;
    bool *needed;
};

/* Compiles the selectors for the csv; both stay while it is used. It is not moved from here on.
 * As sw_selectors_compile and sw_view_open; to be freed in any case. */
bool sw_csv_select_open(struct sw_csv_select *select, struct sw_csv *csv,
                        const struct sw_selectors *selectors,
                        const struct sw_view_settings *settings, const char *share_directory,
                        struct sw_error *error) SW_CHECKED;

/* Goes by the index beside the csv, where there is one that holds: wanted are segments with a bad
 * row and those that may hold a selected one. Else nothing changes, and where there is one, *unused
 * says why. SW_USAGE: one of the outputs (NULL: none) is the index; SW_SYSTEM: no memory. */
bool sw_csv_select_by_index(struct sw_csv_select *select, const char *const *outputs,
                            size_t output_count, struct sw_error *unused,
                            struct sw_error *error) SW_CHECKED;

/* As sw_table_next, for a table that was opened with the filter. */
enum sw_step sw_csv_select_next(struct sw_csv_select *select, struct sw_table *table,
                                struct sw_error *error) SW_CHECKED;

/* Harmless on a zero-initialized one. */
void sw_csv_select_free(struct sw_csv_select *select);

#endif
