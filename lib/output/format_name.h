/* SPDX-License-Identifier: ISC
 *
 * What an output is written as, where -f does not say it: what its name ends in says it, and a person at a terminal gets a table.
 */
#ifndef SW_OUTPUT_FORMAT_NAME_H
#define SW_OUTPUT_FORMAT_NAME_H

/* The name of a format as -f takes it: `said`, where that is not NULL; else the one that the ending of `path` stands for: .csv .tsv
 * .jsonl, also with .gz after it, .parquet .arrow .arrows .swr; else "table" where path is standard output (NULL, "-") and that is a
 * terminal; else `otherwise`. */
const char *sw_format_name(const char *said, const char *path, const char *otherwise);

#endif
