/* SPDX-License-Identifier: ISC
 *
 * How columns of a block go together, so that what one says need not be stored for another:
 *
 *     key         most of its numbers were met before in the block: an order's events, say
 *     shared      rows with the same number in the key have, but for a few, the same number here
 *     difference  it is, but for a few rows, the difference of two other columns
 *
 * Found by looking at the numbers alone; names mean nothing in here. Only numbers of 64 bits, in
 * columns without nulls, are related. What depends on another column refers to it by its index; a
 * key stands for itself, what is shared depends on a key, and a difference on anything but another
 * difference. Layouts are in man 5 sw-record.
 */
#ifndef SW_ENCODE_COLUMN_PREDICTION_H
#define SW_ENCODE_COLUMN_PREDICTION_H

#include "encode/dictionary.h"
#include "record/format.h"
#include "encode/sequence.h"
#include "record/vector.h"

enum sw_relation_kind {
    SW_ALONE,
    SW_KEY,
    SW_AS_KEY,
    SW_AS_DIFFERENCE,
};

/* Of one column. */
struct sw_relation {
    enum sw_relation_kind kind;
    uint16_t first, second; /* the key; or minuend and subtrahend */
};

/* What a writer knows of its columns. Zero-initialize; free with sw_relations_free. */
struct sw_relations {
    struct sw_relation *of, *found; /* per column: as used; as they were found */
    bool *dropped;                  /* per column: it did not pay */
    size_t column_capacity, found_capacity, dropped_capacity, column_count;
    int key;                         /* -1: none */
    size_t uses, trust;              /* blocks since they were looked for; how many there may be */
    bool known, anew;                /* ever looked for; found to be others in this block */
    bool keyed;                      /* the next four are there for this block */
    struct sw_appearance appearance; /* of the key's numbers */
    uint32_t *first_rows;            /* of each distinct one: the row where it is met first */
    uint64_t *codes;
    struct sw_distinct distinct;
    size_t first_capacity, code_capacity;
};

/* Before the columns of a block are encoded: how they go together, which is looked for now and then
 * and kept in between, and the key's codes. SW_SYSTEM: no memory. */
bool sw_relations_begin(struct sw_relations *relations, const struct sw_vector *const *vectors,
                        size_t column_count, size_t rows, struct sw_error *error) SW_CHECKED;

/* The relation that a column of this block can be written by: as it was found, unless this block
 * has nulls or wide numbers where that one had none. The vectors are those it was begun with. */
struct sw_relation sw_relations_of(const struct sw_relations *relations,
                                   const struct sw_vector *const *vectors, size_t column);

/* It does not pay: the column stands alone until other relations are found. */
void sw_relations_drop(struct sw_relations *relations, size_t column);

/* What remains of a shared column's numbers: `values`, one for each of the key's distinct numbers,
 * and `corrections`, to be added, one for each row. Returns how many of the corrections are not 0;
 * where none is they are not written. The numbers of the first *told rows are all among the values.
 */
size_t sw_relations_share(const struct sw_relations *relations, const struct sw_vector *vector,
                          uint64_t *values, uint64_t *corrections, size_t *told);

/* What remains of a difference of two: `corrections` as above, all of them written. */
size_t sw_relations_subtract(const struct sw_vector *vector, const struct sw_vector *minuend,
                             const struct sw_vector *subtrahend, size_t rows,
                             uint64_t *corrections);

void sw_relations_free(struct sw_relations *relations);

/* ---- as stored: SW_RELATION_LEAD bytes, then sequences ---- */

void sw_relation_format(unsigned char *to, const struct sw_relation *relation);

/* Back; false when it is none of an entry with that encoding and raw length. */
bool sw_relation_parse(const unsigned char *raw, const struct sw_entry *entry,
                       struct sw_relation *relation) SW_CHECKED;

/* Words of scratch for the next five functions, `picks` numbers out of `rows`. */
size_t sw_relation_scratch(size_t rows, size_t picks);

/* Numbers of a shared column, from its raw bytes: each row's code in the key is below `distinct`.
 */
bool sw_shared_read(const unsigned char *raw, const struct sw_entry *entry, const uint32_t *codes,
                    size_t distinct, size_t rows, int64_t *to, uint64_t *scratch) SW_CHECKED;

/* Its numbers by code: to[] has room for distinct + 1. *alone: a row's number is that of its code, which nothing corrects. */
bool sw_shared_numbers(const unsigned char *raw, const struct sw_entry *entry, size_t distinct,
                       int64_t *to, bool *alone, uint64_t *scratch) SW_CHECKED;

/* The same for rows at places (ascending); codes are theirs. */
bool sw_shared_pick(const unsigned char *raw, const struct sw_entry *entry, const uint32_t *codes,
                    size_t distinct, size_t rows, const uint32_t *places, size_t picks, int64_t *to,
                    uint64_t *scratch) SW_CHECKED;

/* Numbers of a difference, from its raw bytes and the numbers it is of. */
bool sw_difference_read(const unsigned char *raw, const struct sw_entry *entry,
                        const int64_t *minuend, const int64_t *subtrahend, size_t rows, int64_t *to,
                        uint64_t *scratch) SW_CHECKED;

/* The same for rows at places (ascending); minuend and subtrahend are theirs. */
bool sw_difference_pick(const unsigned char *raw, const struct sw_entry *entry,
                        const int64_t *minuend, const int64_t *subtrahend, size_t rows,
                        const uint32_t *places, size_t picks, int64_t *to,
                        uint64_t *scratch) SW_CHECKED;

#endif
