/* SPDX-License-Identifier: ISC
 *
 * What a run has to know of an input before it begins: whether it is CSV, a gzip or zstd of it, Parquet or a record
 * stream, its table and columns, whether the selectors and the columns that the user named are
 * right for it, and the chunks it can be read in. No row is read.
 *
 *     if (!sw_probe_open(&probe, path, &settings, error)) … probe.caret …
 *     good = sw_probe_header(&probe, &text, error) &&
 *            sw_probe_plan(&probe, &division, &ranges, &left_out, error);
 *     sw_probe_close(&probe);
 */
#ifndef SW_INPUT_PROBE_H
#define SW_INPUT_PROBE_H

#include "program/ranges.h"
#include "view/projection.h"
#include "input/select_csv.h"

struct sw_probe_settings {
    const struct sw_csv_schemas *csv_schemas;
    struct sw_selectors selectors; /* without @FILE */
    bool selective;                /* there are any */
    struct sw_view_settings view;
    bool local_time;     /* the run needs it: its zone is opened, and said where it was not */
    const char *columns; /* as -c has them; NULL: all */
    const char *share_directory;
};

enum sw_probe_kind {
    SW_PROBE_CSV,
    SW_PROBE_GZIP,
    SW_PROBE_ZSTD,
    SW_PROBE_PARQUET,
    SW_PROBE_STREAM,
};

struct sw_probe {
    const char *path; /* not owned */
    enum sw_probe_kind kind;
    uint64_t size_bytes;
    const struct sw_schema *schema; /* all columns */
    struct sw_columns columns;      /* those asked for */
    struct sw_error unused; /* after a plan: why the index beside it was not gone by; SW_DONE: there
                             * is nothing to say */
    bool pointed;           /* after a failure: it lies in the expression, where caret shows */
    struct sw_caret caret;
    /* the rest is the module's own */
    const struct sw_probe_settings *settings;
    struct sw_csv csv;
    struct sw_reader reader;
    struct sw_view view;
};

/* Opens a regular file. The settings and the path stay while the probe is used. SW_USAGE: it is no
 * regular file; a selector or a column that its columns do not allow; else as sw_csv_open and
 * sw_reader_open. To be closed in any case. */
bool sw_probe_open(struct sw_probe *probe, const char *path,
                   const struct sw_probe_settings *settings, struct sw_error *error) SW_CHECKED;

/* Appends the header that the columns asked for have as CSV, without its newline. */
bool sw_probe_header(const struct sw_probe *probe, struct sw_buffer *out,
                     struct sw_error *error) SW_CHECKED;

/* The schema that a CSV is read by, as -t would name it; NULL of a stream. */
const char *sw_probe_csv_schema(const struct sw_probe *probe);

struct sw_probe_division {
    uint64_t size_bytes; /* of a chunk; 0: by the workers */
    uint64_t workers;    /* that will read the chunks at a time */
    uint64_t files;      /* inputs there are, this one among them; 0 is as 1 */
    uint64_t most_bytes; /* of a chunk of CSV, where its size goes by the workers */
    bool exact;          /* the plan of a CSV reads it whole (csv/plan.h) */
};

/* What the input says of its rows without reading them. */
struct sw_probe_rows {
    uint64_t offset;   /* where they begin: in a stream, its blocks; in what is packed, 0 */
    bool known;        /* how many there are is known, */
    uint64_t count;    /* by a stream's end marks or a CSV's index */
    uint64_t left_out; /* by the index, since none of them can be selected: no chunk has them */
    struct sw_line_counts lines_left_out; /* their lines, as sw_csv_plan has them */
};

/* Writes the chunks of the input. Once only. */
bool sw_probe_plan(struct sw_probe *probe, const struct sw_probe_division *division,
                   struct sw_ranges *ranges, struct sw_probe_rows *rows,
                   struct sw_error *error) SW_CHECKED;

void sw_probe_close(struct sw_probe *probe);

#endif
