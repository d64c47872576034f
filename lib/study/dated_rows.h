/* SPDX-License-Identifier: ISC
 *
 * Rows that come by security, given out by security and date. Those of a few securities at a time are held and put in order by their
 * dates in memory; a security whose rows take more than that goes through sort/sorter.h, and to the disk where it must.
 *
 *     rows by security ─▶ held ─┬──────────▶ pieces, each of one security and date
 *                               └▶ sorter ─▶
 *
 *     if (!sw_dated_rows_open(&dated, &schema, &settings, error)) …
 *     for every block: good = good && sw_dated_rows_add(&dated, vectors, rows, error);
 *     good = good && sw_dated_rows_finish(&dated, error);
 *     sw_dated_rows_free(&dated);
 */
#ifndef SW_STUDY_DATED_ROWS_H
#define SW_STUDY_DATED_ROWS_H

#include "sort/sort_run_order.h"
#include "sort/sorter.h"

/* Rows of one security and date. */
struct sw_dated_piece {
    /* One per column that is kept, then the security and the date, unless they are. */
    const struct sw_vector *const *vectors;
    size_t from, end; /* rows of them */
    bool begins;      /* the first piece of its security and date */
    /* It is the only one: from is 0 and end all rows, and each text of a dictionary is some row's, in the order in which rows have them first. */
    bool whole;
};

struct sw_dated_settings {
    const int *columns; /* of the rows, to be kept */
    size_t column_count;
    uint64_t memory_bytes;
    const char *folder; /* of temporary files */
    /* Takes the pieces, in order. */
    bool (*take)(void *owner, const struct sw_dated_piece *piece, struct sw_error *error);
    void *owner;
};

struct sw_dated_rows {
    struct sw_dated_settings settings;
    struct sw_schema schema; /* of what is held */
    int *columns;            /* of the rows, one per column of the schema */
    size_t security, date;   /* columns of the schema */
    struct sw_sort_key keys[2];
    const struct sw_vector **vectors; /* scratch */
    struct sw_sort_run run;
    struct sw_sort_run_order order;
    struct sw_sort_run_block block;
    struct sw_sorter sorter; /* of the last security, where `sorting` */
    bool sorting;
    struct sw_builder last[2]; /* security and date of the last piece out of the sorter */
    struct sw_builder newest;  /* the security of the last row that came */
    uint32_t *numbers;         /* 0, 1, 2, … */
};

/* The schema stays while this is used. SW_DATA: it has no security_code or no date. SW_SYSTEM: memory. Zero-initialize before; free in
 * any case. */
bool sw_dated_rows_open(struct sw_dated_rows *dated, const struct sw_schema *schema,
                        const struct sw_dated_settings *settings,
                        struct sw_error *error) SW_CHECKED;

/* Adds the first `count` rows of vectors, one per column of the schema; those of columns that are not kept may be NULL. SW_DATA: a
 * security comes after a later one. SW_SYSTEM: memory, the temporary file. And what `take` says. */
bool sw_dated_rows_add(struct sw_dated_rows *dated, const struct sw_vector *const *vectors,
                       size_t count, struct sw_error *error) SW_CHECKED;

/* No more rows are coming: gives out what is left. */
bool sw_dated_rows_finish(struct sw_dated_rows *dated, struct sw_error *error) SW_CHECKED;

void sw_dated_rows_free(struct sw_dated_rows *dated);

#endif
