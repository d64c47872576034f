/* SPDX-License-Identifier: ISC
 *
 * The index of a CSV file, which stands beside it as FILE.index (csv/index_format.h says what is in
 * it): segment after segment, with bounds and values of some columns. An index that is damaged, of
 * another state of the file or of other columns is told as a failure, which means that the file is
 * to be read without it; what was learned of it before is not to be used then.
 *
 *     if (!sw_csv_index_open(&index, path, &csv, error)) …
 *     while ((step = sw_csv_index_next(&index, error)) == SW_ROWS)
 *         … index.segment, sw_csv_index_bounds(&index, column, …) …
 *     sw_csv_index_close(&index);
 */
#ifndef SW_CSV_INDEX_H
#define SW_CSV_INDEX_H

#include "csv/file.h"
#include "csv/index_format.h"
#include "csv/segments.h"
#include "stream/reader.h"

struct sw_csv_index {
    struct sw_segment segment; /* the current one; `wanted` is false */
    /* the rest is the module's own */
    const char *path;
    struct sw_index_form form;
    struct sw_file_mark mark;
    struct sw_reader reader;
    const struct sw_vector **vectors; /* of the reader's block, one per column of the index */
    size_t row;                       /* of the block, of the current segment */
    uint64_t end;                     /* of the segments so far */
    int64_t values[SW_INDEX_VALUES];
};

/* Where the index of a file is looked for: appends "PATH.index" and a NUL. SW_SYSTEM: no memory. */
bool sw_csv_index_path(const char *path, struct sw_buffer *to, struct sw_error *error) SW_CHECKED;

/* Whether something is there under that name. */
bool sw_csv_index_is_there(const char *index_path);

/* Opens the index of a csv, a plain file, which it leaves where it stands; path stays the caller's.
 * Nothing to close after a failure. */
bool sw_csv_index_open(struct sw_csv_index *index, const char *path, struct sw_csv *csv,
                       struct sw_error *error) SW_CHECKED;

/* The next segment. SW_END: the last one ended where the file does. */
enum sw_step sw_csv_index_next(struct sw_csv_index *index, struct sw_error *error) SW_CHECKED;

/* Of a column of the csv, in the segment's rows without fault: the least and the greatest value,
 * which are there unless all are null, and the number of nulls; false: not known. */
bool sw_csv_index_bounds(const struct sw_csv_index *index, int column, sw_int128 *minimum,
                         sw_int128 *maximum, uint64_t *nulls);

/* All the values of a column of the csv there, ascending, each once; NULL: not known. Valid until
 * the next call. */
const int64_t *sw_csv_index_values(struct sw_csv_index *index, int column, size_t *count);

void sw_csv_index_close(struct sw_csv_index *index);

#endif
