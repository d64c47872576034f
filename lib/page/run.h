/* SPDX-License-Identifier: ISC
 *
 * What the folder of a run tells of it: its kind, whether it came to its end, what was asked, what
 * there is to show.
 */
#ifndef SW_PAGE_RUN_H
#define SW_PAGE_RUN_H

#include "base/bytes.h"
#include "base/json_read.h"

enum sw_page_end {
    SW_PAGE_UNKNOWN, /* nothing tells of it */
    SW_PAGE_OPEN,    /* begun and not ended: it goes on, or was killed */
    SW_PAGE_FAILED,
    SW_PAGE_CHANGED, /* it ended well, and its results are marked as complete no more */
    SW_PAGE_DONE,
};

enum sw_page_kind { SW_PAGE_REPORT, SW_PAGE_ANALYSIS, SW_PAGE_MATCH, SW_PAGE_KINDS };

struct sw_page_run {
    const char *folder; /* not owned */
    enum sw_page_kind kind;
    enum sw_page_end end;
    long status; /* of SW_PAGE_FAILED */
    struct sw_buffer summary_text, metrics_text;
    struct sw_buffer asked_text; /* run/asked of a match: lines NAME<tab>VALUE; ended by a NUL */
    struct sw_json summary, metrics; /* aggregation_summary.json and metrics.json, the beginning of
                                        it; empty: not there */
    char **files; /* the names in aggregated/, in the order of sw_page_known, then by bytes */
    size_t file_count, file_capacity;
};

/* Reads what there is. SW_SYSTEM: no folder, or it cannot be read; SW_USAGE: it is not the folder
 * of a report, an analysis or a match, and the message says what it is. Free it in any case. */
bool sw_page_run_read(struct sw_page_run *run, const char *folder,
                      struct sw_error *error) SW_CHECKED;
void sw_page_run_free(struct sw_page_run *run);

/* Whether a name of aggregated/ is a CSV, plain or gzip. */
bool sw_page_is_csv(const char *name);

/* A file's path in the folder, allocated; NULL with SW_SYSTEM: no memory. */
char *sw_page_path(const struct sw_page_run *run, const char *below, const char *name,
                   struct sw_error *error) SW_CHECKED;

/* Whether there is a file in aggregated/ called STEM.csv or STEM.csv.gz; NULL: no. */
const char *sw_page_file_of(const struct sw_page_run *run, const char *stem);

#endif
