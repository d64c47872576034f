/* SPDX-License-Identifier: ISC
 *
 * The steps of ledger/parts.h, for its files alone.
 */
#ifndef SW_LEDGER_PARTS_STEPS_H
#define SW_LEDGER_PARTS_STEPS_H

#include "ledger/parts.h"

struct sw_part_input {
    const char *table, *kind, *identity, *begin, *rows; /* rows: - where it does not say */
    const char *group; /* the identity of a group that begins here; NULL: none does */
    const char
        *seen; /* as what it was, or the files of the group together; - where that is not known */
    uint64_t size_bytes, files; /* of the group */
    size_t first_chunk, chunks; /* of the survey */
    char left_out[128];         /* by an index, as in a plan; "" where nothing is */
};

struct sw_part_chunk {
    const char *offset, *length; /* length: as in a plan, without the r of records */
    const char *unit;            /* "r" or "" */
};

/* Zero-initialize; free with sw_part_survey_free. Texts point into its buffer. */
struct sw_part_survey {
    struct sw_buffer text;
    struct sw_part_input *inputs;
    struct sw_part_chunk *chunks;
    size_t count, capacity, chunk_count, chunk_capacity;
};

bool sw_part_survey_read(struct sw_part_survey *survey, const char *path, bool elsewhere,
                         struct sw_error *error) SW_CHECKED;
void sw_part_survey_free(struct sw_part_survey *survey);

/* Replaces plan by the lines of the input's plan, a NUL after them, and sets what is left out of it: those of an earlier run where they are
 * whole, else those of the survey, which are kept. */
bool sw_part_plan(const char *work, const struct sw_part_survey *survey,
                  struct sw_part_input *input, struct sw_buffer *plan,
                  struct sw_error *error) SW_CHECKED;

/* Whether the part, below work, is there and whole; false in *whole, and its tally is gone, where its text is not what it was. */
bool sw_part_look(const struct sw_parts *parts, const char *part, bool *whole,
                  struct sw_buffer *damaged, struct sw_error *error) SW_CHECKED;

/* Whether cksum says of a file what stands in check, "CRC SIZE"; false, too, where it cannot be read. */
bool sw_part_is_same(const char *path, uint64_t crc, uint64_t size_bytes);

#endif
