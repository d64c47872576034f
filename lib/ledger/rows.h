/* SPDX-License-Identifier: ISC
 *
 * The ledger of a run: what became of every row of its inputs, by what the jobs counted. It can fail, since the counts come from where
 * rows are read and written, the chunks from the plan, and the size and the rows of an input from the input.
 *
 *     read = kept + rejected + bad          lines = header + empty + ignored + read, of text
 *
 *     WORK/STAGE/{inputs,all}, what is known of the inputs ─▶ sw_ledger_open ─▶ WORK/PART.tally … ─▶ sw_ledger_add ─▶ sw_ledger_check
 */
#ifndef SW_LEDGER_ROWS_H
#define SW_LEDGER_ROWS_H

#include "base/bytes.h"

enum sw_ledger_count {
    SW_READ,
    SW_KEPT,
    SW_REJECTED,
    SW_BAD,
    SW_LINES, /* this and those after it: of text alone */
    SW_HEADER,
    SW_EMPTY,
    SW_IGNORED,
    SW_LEDGER_COUNTS,
};

struct sw_ledger_counts {
    uint64_t of[SW_LEDGER_COUNTS];
    bool text; /* has lines */
};

struct sw_ledger_input {
    const char *name, *table, *kind, *identity;
    uint64_t size_bytes, begin; /* of the file; the byte that its rows begin at */
    bool rows_known;            /* it says itself how many it has: */
    uint64_t rows;
    bool indexed;                     /* an index left rows out: */
    struct sw_ledger_counts left_out; /* these */
    struct sw_ledger_counts counts;
    size_t chunks;
    uint64_t end; /* of the chunk before */
};

/* Reads the numbers of a line, which is cut; returns what follows the line. NULL: it is none of this form. */
char *sw_ledger_read_counts(char *line, struct sw_ledger_counts *counts);

/* Zero-initialize; free with sw_ledger_free. Texts point into its buffers. */
struct sw_ledger {
    const char *work;
    struct sw_ledger_input *inputs;
    size_t count, capacity;
    struct sw_buffer names, about, all, events;
    char *next_event;
};

/* What is known of the inputs is read from `about`, a line each, in the order of STAGE/inputs: TABLE KIND BYTES BEGIN ROWS LEFT-OUT IDENTITY,
 * ROWS and LEFT-OUT (ROWS:LINES:HEADER:EMPTY:IGNORED) being - where there is nothing to say. events: NULL, or a file of what was read and kept of each
 * part where rows were folded. SW_SYSTEM: a file that cannot be read, or is none of this form. */
bool sw_ledger_open(struct sw_ledger *ledger, const char *work, const char *stage,
                    const char *about, const char *events, struct sw_error *error) SW_CHECKED;

/* Adds up what the jobs counted. SW_SYSTEM: a tally that is none, that does not agree with what was folded, chunks that
 * are not all of an input: its plan is removed then. */
bool sw_ledger_add(struct sw_ledger *ledger, struct sw_error *error) SW_CHECKED;

/* Whether all of it adds up. SW_SYSTEM: it does not, and where. */
bool sw_ledger_check(const struct sw_ledger *ledger, struct sw_error *error) SW_CHECKED;

/* Adds counts to a sum, which stays of text while all of them are. */
void sw_ledger_sum(struct sw_ledger_counts *sum, const struct sw_ledger_counts *counts);

/* The rows that were read of all inputs of a table. */
uint64_t sw_ledger_rows_read(const struct sw_ledger *ledger, const char *table);

/* Append "READ,KEPT,REJECTED,BAD", and "LINES,HEADER,EMPTY,IGNORED" or as many empty fields. */
bool sw_ledger_put_rows(const struct sw_ledger_counts *counts, struct sw_buffer *out,
                        struct sw_error *error) SW_CHECKED;
bool sw_ledger_put_lines(const struct sw_ledger_counts *counts, struct sw_buffer *out,
                         struct sw_error *error) SW_CHECKED;

/* Appends the ledger as CSV: a line each input, and "all", which *all is set to. */
bool sw_ledger_print(const struct sw_ledger *ledger, struct sw_buffer *out,
                     struct sw_ledger_counts *all, struct sw_error *error) SW_CHECKED;

/* The same with the table of each input in front, without lines and without "all", in the order of the lines' bytes. */
bool sw_ledger_print_tables(const struct sw_ledger *ledger, struct sw_buffer *out,
                            struct sw_error *error) SW_CHECKED;

void sw_ledger_free(struct sw_ledger *ledger);

#endif
