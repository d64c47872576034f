/* SPDX-License-Identifier: ISC
 *
 * The tally of a part, out of what the programs of its job have counted.
 *
 *     PART.chunk, PART.filter …, by each program of the pipe ─▶ sw_part_seal ─▶ PART.tally
 *
 *     READ KEPT REJECTED BAD LINES HEADER EMPTY IGNORED CHECKS, the last four of the numbers - where it was no text; CHECKS is
 *     ENDING:CRC:SIZE (cksum) of the part's files of text, blanks between them: a record stream says itself whether it is whole, text does not
 */
#ifndef SW_LEDGER_PART_SEAL_H
#define SW_LEDGER_PART_SEAL_H

#include "ledger/rows.h"

struct sw_sealed_part {
    const char *path;           /* PART, its folder in front */
    const char *const *tallies; /* of its programs: these must be there */
    size_t tally_count;
    const char *const *endings; /* of its files whose checksums are taken, as far as there */
    size_t ending_count;
};

/* Writes the tally. What a program wrote the next one must have read. *counts: in all. SW_SYSTEM: it does not add up; a tally that is not
 * there, or is none; a file that cannot be read or written. */
bool sw_part_seal(const struct sw_sealed_part *part, struct sw_ledger_counts *counts,
                  struct sw_error *error) SW_CHECKED;

#endif
