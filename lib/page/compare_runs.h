/* SPDX-License-Identifier: ISC
 *
 * Two results of one kind beside each other: of every row that stands in both, by its keys, and of those in one alone, what each
 * measure was, is, and the difference; exact, and in percent of what was.
 *
 *     sw_comparison_file(&comparison, "by_date", "old/aggregated/by_date.csv", "new/…", error)  for each pair
 *     … comparison.rows: the texts, for sw_comparison_write
 */
#ifndef SW_PAGE_COMPARE_RUNS_H
#define SW_PAGE_COMPARE_RUNS_H

#include "output/text_writer.h"
#include "record/vector.h"

struct sw_comparison {
    const char *keys; /* "COL,…"; NULL: the columns before the one that says what was counted */
    bool all;         /* also values that are equal */
    struct sw_output *output;
    struct sw_printer printer;
    struct sw_schema schema;
    struct sw_builder columns[7];
    const struct sw_vector *vectors[7];
    uint64_t compared, different;     /* values */
    uint64_t only_before, only_after; /* rows */
};

/* Opens it: the columns table, key, measure, before, after, difference, percent. SW_SYSTEM: memory, writing. Zero-initialize before
 * but for keys and all; free also after a failure. */
bool sw_comparison_open(struct sw_comparison *comparison, struct sw_output *output,
                        const struct sw_print_options *how, struct sw_error *error) SW_CHECKED;

/* Compares two CSV files, plain or gzip, of which `before` is held in memory, and all of `after`: they are tables of groups. Rows come
 * in the order of `before`, those in `after` alone after them; measures in the order of `after`, those of
 * `before` alone after them. Keys of several columns stand with a
 * slash between them. `difference` is after - before, empty where one is absent or no number; `percent` is 100 × difference ÷ before,
 * two decimals, half away from zero, empty where before is 0. SW_DATA: a file that is no such table, a key that stands twice in one;
 * SW_USAGE: a named key that is not there, other keys in the two, or no column that says where keys end; SW_SYSTEM: it cannot be read, memory, writing. */
bool sw_comparison_file(struct sw_comparison *comparison, const char *table, const char *before,
                        const char *after, struct sw_error *error) SW_CHECKED;

/* Hands the last rows to the output. */
bool sw_comparison_end(struct sw_comparison *comparison, struct sw_error *error) SW_CHECKED;

void sw_comparison_free(struct sw_comparison *comparison);

#endif
