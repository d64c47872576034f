/* SPDX-License-Identifier: ISC
 *
 * The parts of a run: what its jobs make of the chunks of its inputs, each known by what it was made from, so that a run goes on where an earlier
 * one was ended, and makes again only what other inputs or options change. STAGE is the folder of the jobs that make them, WORK or one below.
 *
 *     what sw-plan says of the inputs, what is there ─▶ sw_parts_plan ─▶ STAGE/{all,jobs,weights,about,seen,others}, WORK/parts/IDENTITY/plan
 *
 *     WORK/parts/FILE/plan             the chunks of an input, FILE being its identity: OFFSET LENGTH (whole: all of a packed file; with an r
 *                                      after: of records), "left-out ROWS:LINES:HEADER:EMPTY:IGNORED" by an index, and "end SUM", without
 *                                      which it is no plan. It stays while the identity does, whatever the workers
 *     WORK/parts/FILE/OFFSET-LENGTH.*  what is made of a chunk; .tally is written last: with it the part is whole
 *     WORK/parts/GROUP/files.*         of a group of small files, which are one chunk together; .files has what .tally has of each file
 *
 *     .tally   READ KEPT REJECTED BAD LINES HEADER EMPTY IGNORED CHECKS, the four before CHECKS being - of records; CHECKS, ENDING:CRC:SIZE
 *              between blanks, are cksum's of the part's files of text, and of those that are joined without being read. A record stream
 *              tells by itself, when it is read, whether it is still what was written
 */
#ifndef SW_LEDGER_PARTS_H
#define SW_LEDGER_PARTS_H

#include "base/bytes.h"

struct sw_parts {
    const char *work, *stage;
    const char *ending; /* of the file that a part must have */
    bool elsewhere;     /* other machines make them: a packed file is one chunk */
};

/* Reads from `survey` (NULL, "-": standard input) what sw-plan says of the inputs of each table (input/probe_print.h), "table NAME FIRST" in front of
 * it, FIRST being the number of its first input. Makes the stage's folders and those of the parts, and writes, each file whole:
 *
 *     all      TABLE INPUT OFFSET LENGTH PART of each chunk, in the order of the inputs; of a group the first INPUT, 0, and for LENGTH how
 *              many files with an f after
 *     jobs     NAME and the same of those whose part is not there, NAME being a number from 1 on
 *     weights  NAME BYTES of them
 *     about    what sw_ledger_open reads of the inputs
 *     seen     COUNT SEEN of each input, or of a group: of how many files, and what they were seen as (files/seen.h)
 *     others   the folders below WORK/parts that are not of this run, WORK/parts/NAME, each ended by a NUL
 *
 * A part whose text is not what it was is forgotten: the file's name, below WORK, is a line in `damaged`. SW_SYSTEM: a file that cannot be read,
 * written or removed; a survey that is none. */
bool sw_parts_plan(const struct sw_parts *parts, const char *survey, struct sw_buffer *damaged,
                   struct sw_error *error) SW_CHECKED;

#endif
