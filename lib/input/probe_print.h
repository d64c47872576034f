/* SPDX-License-Identifier: ISC
 *
 * The lines of a probe, as sw-plan prints them: words and fields between tabs. N is the number of
 * an input, from 0.
 *
 *     workers    WORKERS
 *     identity   N  IDENTITY
 *     input      N  KIND  SIZE_BYTES  TABLE  IDENTITY  HOLDS  HEADER
 *     chunk      N  INDEX  OFFSET  LENGTH
 *     left-out   N  ROWS
 *     rows       N  OFFSET  ROWS or -  SEEN or -
 *     group      N  COUNT  IDENTITY  SEEN or -
 *     columns    COL,…
 *     found      SCHEMA
 *     bytes      SIZE_BYTES
 */
#ifndef SW_INPUT_PROBE_PRINT_H
#define SW_INPUT_PROBE_PRINT_H

#include "input/probe.h"

/* All of them: SW_SYSTEM where the line cannot be written. */

bool sw_probe_print_workers(uint64_t workers, struct sw_output *output,
                            struct sw_error *error) SW_CHECKED;

bool sw_probe_print_identity(size_t number, const char *identity, struct sw_output *output,
                             struct sw_error *error) SW_CHECKED;

/* Appends: of what kind the input is, its table, what its rows are (events, orders, trades, trade_sides, quotes, or rows) and the header of
 * the columns asked for. Where that is as in `last` it is left out, and comes to be there else; NULL: it is there always. */
bool sw_probe_print_input(const struct sw_probe *probe, size_t number, const char *identity,
                          struct sw_buffer *last, struct sw_buffer *to,
                          struct sw_error *error) SW_CHECKED;

/* So many inputs, from this one on, are one chunk, each of them whole. seen_as: of all of them (files/seen.h). */
bool sw_probe_print_group(size_t number, size_t count, const char *identity, const char *seen_as,
                          struct sw_output *output, struct sw_error *error) SW_CHECKED;

/* Its chunks, as sw_probe_plan; the rows left out, where there are any; and where its rows begin
 * and, where it says that itself, how many there are, and what it was seen as (files/seen.h). */
bool sw_probe_print_chunks(struct sw_probe *probe, size_t number,
                           const struct sw_probe_division *division, const char *seen_as,
                           struct sw_output *output, struct sw_error *error) SW_CHECKED;

/* Of all inputs. */
bool sw_probe_print_bytes(uint64_t bytes, struct sw_output *output,
                          struct sw_error *error) SW_CHECKED;

/* A word, such as "columns", and behind a tab a text, such as "COL,…". */
bool sw_probe_print_text(const char *word, const char *text, struct sw_output *output,
                         struct sw_error *error) SW_CHECKED;

#endif
