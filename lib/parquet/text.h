/* SPDX-License-Identifier: ISC
 *
 * A Parquet file as the text of a CSV: a header with the names of its columns, then a line a row,
 * those of some row groups or of all, with the fields of some columns or of all: the others are
 * empty, and never read. So whatever reads CSV reads it, with the same schemas, selectors and
 * messages.
 *
 *     row group ─▶ a chunk a column ─▶ cells ─▶ lines
 *
 *     text = sw_parquet_text_open(&input, error);
 *     … sw_parquet_text_read(text, to, room, &got, error) …        the header alone
 *     if (!sw_parquet_text_begin(text, from, to, wanted, error)) …  then, rows
 *     sw_parquet_text_close(text);
 */
#ifndef SW_PARQUET_TEXT_H
#define SW_PARQUET_TEXT_H

#include "parquet/description.h"

struct sw_parquet_reader;

/* Of a seekable input, which stays the caller's. NULL: as sw_parquet_describe. */
struct sw_parquet_reader *sw_parquet_text_open(struct sw_input *input,
                                               struct sw_error *error) SW_CHECKED;

/* What the file says of itself; the reader's. */
const struct sw_parquet_description *
sw_parquet_text_description(const struct sw_parquet_reader *reader);

/* From here on the rows of the groups from number `from` to before `to` come, without a header.
 * wanted, one a column, may be NULL: all of them; copied. SW_DATA: a wanted one cannot be read,
 * "FILE: Parquet: column 'NAME': reason". SW_SYSTEM: no memory. */
bool sw_parquet_text_begin(struct sw_parquet_reader *reader, size_t from, size_t to,
                           const bool *wanted, struct sw_error *error) SW_CHECKED;

/* The next bytes of the text, `length` at most, 1 at least unless it has ended: then 0. The header
 * comes alone; if rows are read on after it without sw_parquet_text_begin, they are all.
 * SW_DATA, with its place: what is there is damaged. */
bool sw_parquet_text_read(struct sw_parquet_reader *reader, void *to, size_t length, size_t *got,
                          struct sw_error *error) SW_CHECKED;

void sw_parquet_text_close(struct sw_parquet_reader *reader);

#endif
